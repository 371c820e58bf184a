use thiserror::Error;

/// Which rule of the encoding was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CborError {
    /// The input ends inside an item.
    #[error("the input ends inside an item")]
    Truncated,
    /// Bytes follow the value.
    #[error("bytes follow the value")]
    Trailing,
    /// An integer or length is not written in the shortest form.
    #[error("an integer or length is not in its shortest form")]
    NotShortest,
    /// A length that is not given in advance.
    #[error("a length is indefinite")]
    Indefinite,
    /// An item of another type was expected; floats and tags are never expected.
    #[error("an item has the wrong type")]
    Type,
    /// A field is missing, unknown, repeated or out of order.
    #[error("a field is missing, unknown, repeated or out of order")]
    Field,
    /// A text, byte string, list or map is longer than its bound, or not of its only length.
    #[error("an item has a length that is not allowed")]
    Length,
    /// Members of a set are not in rising order.
    #[error("the members of a set are not in rising order")]
    Order,
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    Utf8,
    /// A number is outside the range of its field.
    #[error("a number is out of range")]
    Range,
    /// Values are nested too deeply.
    #[error("values are nested too deeply")]
    Depth,
    /// The value has another, canonical encoding.
    #[error("the encoding is not the canonical one")]
    NotCanonical,
}
