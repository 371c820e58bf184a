//! The strict reader.

use super::number;
use auto_core::ErrorCode;
use serde_json::{Map, Number, Value};

/// Deepest nesting of arrays and objects.
pub const DEPTH_MAX: usize = 32;
/// Most members of one object, or elements of one array.
const MEMBERS_MAX: usize = 16_384;
/// The greatest integer below which doubles hold every integer.
pub(super) const INTEGER_MAX: u64 = 9_007_199_254_740_991;

/// Why a text is not JSON that may be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The text is no JSON.
    #[error("no JSON: {what} at byte {at}")]
    Syntax {
        /// What was wrong.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// An object has two members of one name.
    #[error("member `{name}` is there twice")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A number is not what its canonical form says.
    #[error("a number{} loses digits when it is written canonically", at.map(|at| format!(" at byte {at}")).unwrap_or_default())]
    Number {
        /// Where in the text, if there is one.
        at: Option<usize>,
    },
    /// Arrays and objects are nested too deeply.
    #[error("nested deeper than {DEPTH_MAX} levels")]
    Depth,
    /// The text, an object or an array is too large.
    #[error("larger than {most}")]
    Size {
        /// What is allowed, in bytes or members.
        most: usize,
    },
}

impl ErrorCode for JsonError {
    fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "VC-0001",
            Self::Duplicate { .. } => "VC-0002",
            Self::Number { .. } => "VC-0003",
            Self::Depth => "VC-0004",
            Self::Size { .. } => "VC-0005",
        }
    }
}

/// Reads a whole text.
///
/// # Errors
/// When it is not JSON, or JSON that two readers could understand differently.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(text)
        .map_err(|error| JsonError::Syntax { what: "no UTF-8", at: error.valid_up_to() })?;
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.wrong("more after the end")) } else { Ok(value) }
}

/// Reads a text of at most so many bytes that must be an object.
pub(crate) fn members(text: &[u8], most: usize) -> Result<Map<String, Value>, JsonError> {
    if text.len() > most {
        return Err(JsonError::Size { most });
    }
    match parse(text)? {
        Value::Object(members) => Ok(members),
        _ => Err(JsonError::Syntax { what: "no object", at: 0 }),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    const fn wrong(&self, what: &'static str) -> JsonError {
        JsonError::Syntax { what, at: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > DEPTH_MAX {
            return Err(JsonError::Depth);
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err(self.wrong("no value")),
            None => Err(self.wrong("early end")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.wrong("no value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut values = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Value::Array(values));
        }
        loop {
            if values.len() >= MEMBERS_MAX {
                return Err(JsonError::Size { most: MEMBERS_MAX });
            }
            values.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Value::Array(values));
            }
            if !self.take(b',') {
                return Err(self.wrong("neither `,` nor `]`"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut members = Map::new();
        self.space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            if members.len() >= MEMBERS_MAX {
                return Err(JsonError::Size { most: MEMBERS_MAX });
            }
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("no member name"));
            }
            let name = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err(self.wrong("no `:`"));
            }
            let value = self.value(depth + 1)?;
            if members.contains_key(&name) {
                return Err(JsonError::Duplicate { name });
            }
            members.insert(name, value);
            self.space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err(self.wrong("neither `,` nor `}`"));
            }
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let from = self.at;
            while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            text.push_str(self.text.get(from..self.at).ok_or_else(|| self.wrong("no text"))?);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.wrong("control character")),
                None => return Err(self.wrong("early end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        self.at += 1;
        let kind = self.peek().ok_or_else(|| self.wrong("early end"))?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.wrong("unknown escape")),
        })
    }

    fn unicode(&mut self) -> Result<char, JsonError> {
        let high = self.hex()?;
        if !(0xd800..=0xdfff).contains(&high) {
            return char::from_u32(high).ok_or_else(|| self.wrong("no character"));
        }
        if high > 0xdbff || !(self.take(b'\\') && self.take(b'u')) {
            return Err(self.wrong("lone surrogate"));
        }
        let low = self.hex()?;
        if !(0xdc00..=0xdfff).contains(&low) {
            return Err(self.wrong("lone surrogate"));
        }
        char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            .ok_or_else(|| self.wrong("no character"))
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.get(self.at..self.at + 4).ok_or_else(|| self.wrong("bad escape"))?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(self.wrong("bad escape"));
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.wrong("bad escape"))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > from { Ok(()) } else { Err(self.wrong("no digit")) }
    }

    fn number(&mut self) -> Result<Number, JsonError> {
        let from = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        } else if matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.wrong("leading zero"));
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'-') {
                self.take(b'+');
            }
            self.digits()?;
        }
        let lossy = JsonError::Number { at: Some(from) };
        let numeral = self.text.get(from..self.at).ok_or_else(|| self.wrong("no number"))?;
        let small = numeral.parse::<i64>().ok().filter(|integer| integer.unsigned_abs() <= INTEGER_MAX);
        if let Some(integer) = small {
            return Ok(integer.into());
        }
        let value = numeral.parse::<f64>().map_err(|_| self.wrong("no number"))?;
        let written = number::write(value).ok_or_else(|| lossy.clone())?;
        if !number::is_same(&written, numeral) {
            return Err(lossy);
        }
        // `1.0` is the same number as `1`.
        let whole = written.parse::<i64>().ok().filter(|integer| integer.unsigned_abs() <= INTEGER_MAX);
        whole.map(Number::from).or_else(|| Number::from_f64(value)).ok_or(lossy)
    }
}

#[cfg(test)]
mod tests;
