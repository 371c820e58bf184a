//! What `auto explain` says about each code.

/// What `auto explain CODE` prints about one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorEntry {
    /// The stable code, such as `IDX-0003`.
    pub code: &'static str,
    /// What happened, in one short sentence.
    pub what: &'static str,
    /// Why it happens.
    pub why: &'static str,
    /// What the person can do about it.
    pub hint: &'static str,
}

/// Every code of [`X509Error`](super::X509Error), in order.
pub const ERRORS: &[ErrorEntry] = &[
    ErrorEntry {
        code: "IDX-0001",
        what: "a certificate is not strict DER",
        why: "a length, integer, boolean or string is not in its only allowed form, or bytes follow",
        hint: "re-encode the certificate as DER; a PEM file must hold exactly one certificate per block",
    },
    ErrorEntry {
        code: "IDX-0002",
        what: "a certificate is too large",
        why: "its encoding is longer than the limit",
        hint: "issue a certificate with fewer names or extensions",
    },
    ErrorEntry {
        code: "IDX-0003",
        what: "a certificate is not version 3",
        why: "versions 1 and 2 have no extensions and cannot be checked",
        hint: "reissue it as X.509 version 3",
    },
    ErrorEntry {
        code: "IDX-0004",
        what: "a serial number is not allowed",
        why: "it is zero, negative or longer than 20 octets",
        hint: "reissue with a positive serial number of at most 20 octets",
    },
    ErrorEntry {
        code: "IDX-0005",
        what: "a serial number was used twice",
        why: "two certificates of one issuer in the path share it",
        hint: "reissue one of them with a fresh serial number",
    },
    ErrorEntry {
        code: "IDX-0006",
        what: "the two signature algorithms differ",
        why: "the signed part names another algorithm than the outer field",
        hint: "the certificate was altered or badly issued; get it again from its issuer",
    },
    ErrorEntry {
        code: "IDX-0007",
        what: "the signature algorithm is not supported",
        why: "only ECDSA, Ed25519, ML-DSA and RSA with SHA-256, SHA-384 or SHA-512 are verified",
        hint: "reissue with one of these algorithms",
    },
    ErrorEntry {
        code: "IDX-0008",
        what: "the signature algorithm is not allowed",
        why: "the caller's list of algorithms does not contain it",
        hint: "widen the list, or reissue with a listed algorithm",
    },
    ErrorEntry {
        code: "IDX-0009",
        what: "the public key is not supported",
        why: "it is malformed, of an unknown type or on an unnamed curve",
        hint: "use P-256, P-384, P-521, Ed25519, ML-DSA or RSA",
    },
    ErrorEntry {
        code: "IDX-0010",
        what: "the public key is too weak",
        why: "RSA needs 2048 to 8192 bits in whole octets and an odd exponent; Ed25519 no small-order point",
        hint: "make a new key",
    },
    ErrorEntry {
        code: "IDX-0011",
        what: "a signature does not verify",
        why: "the certificate was altered, or another key signed it",
        hint: "get the certificate and its issuer again",
    },
    ErrorEntry {
        code: "IDX-0012",
        what: "a name is empty",
        why: "every issuer and every CA needs a distinguished name",
        hint: "reissue with a name",
    },
    ErrorEntry {
        code: "IDX-0013",
        what: "a validity is malformed",
        why: "it ends before it begins, or has a date form that the profile forbids",
        hint: "reissue with a proper validity",
    },
    ErrorEntry {
        code: "IDX-0014",
        what: "a certificate is not valid yet",
        why: "the moment of validation is before its first second",
        hint: "check the clock, or wait",
    },
    ErrorEntry {
        code: "IDX-0015",
        what: "a certificate has expired",
        why: "the moment of validation is after its last second",
        hint: "renew it",
    },
    ErrorEntry {
        code: "IDX-0016",
        what: "an extension appears twice",
        why: "a certificate may hold each extension once",
        hint: "reissue without the repetition",
    },
    ErrorEntry {
        code: "IDX-0017",
        what: "a critical extension is not understood",
        why: "its issuer demands that such a certificate be refused",
        hint: "use a verifier that knows the extension",
    },
    ErrorEntry {
        code: "IDX-0018",
        what: "an extension is malformed",
        why: "its content does not follow its definition",
        hint: "reissue with a proper extension",
    },
    ErrorEntry {
        code: "IDX-0019",
        what: "an extension has the wrong criticality",
        why: "RFC 5280 fixes whether it is critical",
        hint: "reissue with the right criticality",
    },
    ErrorEntry {
        code: "IDX-0020",
        what: "a key identifier is missing",
        why: "RFC 5280 demands it in every certificate of a CA and below one",
        hint: "reissue with subject and authority key identifier",
    },
    ErrorEntry {
        code: "IDX-0021",
        what: "an anchor names a foreign authority",
        why: "a self-issued anchor must name its own key and nothing else",
        hint: "use the anchor's original certificate",
    },
    ErrorEntry {
        code: "IDX-0022",
        what: "an issuer is not a CA",
        why: "basic constraints are missing or do not say CA",
        hint: "check the order and kind of the certificates",
    },
    ErrorEntry {
        code: "IDX-0023",
        what: "an issuer may not sign certificates",
        why: "its key usage lacks keyCertSign",
        hint: "reissue the CA certificate with keyCertSign",
    },
    ErrorEntry {
        code: "IDX-0024",
        what: "key usage contradicts the certificate",
        why: "it is empty, or does not fit basic constraints or the key's type",
        hint: "reissue with a consistent key usage",
    },
    ErrorEntry {
        code: "IDX-0025",
        what: "a requested key usage is missing",
        why: "the leaf's key usage does not contain it",
        hint: "use a certificate made for this use",
    },
    ErrorEntry {
        code: "IDX-0026",
        what: "a certificate is for another purpose",
        why: "its extended key usage does not contain the requested purpose",
        hint: "use a certificate made for this purpose",
    },
    ErrorEntry {
        code: "IDX-0027",
        what: "an extended key usage is forbidden",
        why: "a purpose in the list must not appear in a certificate of this use",
        hint: "reissue with only the purposes needed",
    },
    ErrorEntry {
        code: "IDX-0028",
        what: "a path length constraint is exceeded",
        why: "more CA certificates follow than it allows",
        hint: "use a shorter chain",
    },
    ErrorEntry {
        code: "IDX-0029",
        what: "the path is too long",
        why: "it has more intermediates than the caller or the limit allows",
        hint: "raise the depth, or use a shorter chain",
    },
    ErrorEntry {
        code: "IDX-0030",
        what: "no path to a trust anchor",
        why: "no certificate given issued this one, or its issuer was refused",
        hint: "add the missing intermediate or anchor",
    },
    ErrorEntry {
        code: "IDX-0031",
        what: "no trust anchor was given",
        why: "a path needs somewhere to end",
        hint: "give at least one anchor",
    },
    ErrorEntry {
        code: "IDX-0032",
        what: "too many certificates or lists",
        why: "their number is over the limit",
        hint: "give only those that belong to the path",
    },
    ErrorEntry {
        code: "IDX-0033",
        what: "the path search was given up",
        why: "certificates that sign each other made it too long",
        hint: "remove needless cross-certificates",
    },
    ErrorEntry {
        code: "IDX-0034",
        what: "a name is excluded",
        why: "a CA above excludes the subtree it lies in",
        hint: "ask another CA for this name",
    },
    ErrorEntry {
        code: "IDX-0035",
        what: "a name is not permitted",
        why: "it lies outside what a CA above permits",
        hint: "ask another CA for this name",
    },
    ErrorEntry {
        code: "IDX-0036",
        what: "name constraints are malformed",
        why: "a subtree is empty, ill-formed or limited by minimum or maximum",
        hint: "reissue the CA certificate",
    },
    ErrorEntry {
        code: "IDX-0037",
        what: "a constrained name cannot be compared",
        why: "its form is not one of DNS, IP, mail, URI and directory name",
        hint: "remove the name, or use a CA without this constraint",
    },
    ErrorEntry {
        code: "IDX-0038",
        what: "name constraints on a certificate that is no CA",
        why: "they belong in CA certificates only",
        hint: "reissue the certificate without them",
    },
    ErrorEntry {
        code: "IDX-0039",
        what: "an alternative name is malformed",
        why: "it is not a valid DNS name, address, mailbox, URI or name of its form",
        hint: "reissue with a proper name",
    },
    ErrorEntry {
        code: "IDX-0040",
        what: "the leaf has no alternative name",
        why: "names are matched there and never in the common name",
        hint: "reissue with a subject alternative name",
    },
    ErrorEntry {
        code: "IDX-0041",
        what: "the leaf does not carry the expected name",
        why: "another name was expected than those it holds",
        hint: "check the name you connect to",
    },
    ErrorEntry {
        code: "IDX-0042",
        what: "the expected name is malformed",
        why: "it is not a DNS name, address or mailbox",
        hint: "correct the expected name",
    },
    ErrorEntry {
        code: "IDX-0043",
        what: "no certificate policy is valid",
        why: "a policy is required and the path has none in common",
        hint: "use a path under an accepted policy",
    },
    ErrorEntry {
        code: "IDX-0044",
        what: "a policy mapping uses any-policy",
        why: "RFC 5280 forbids mapping from or to it",
        hint: "reissue the CA certificate",
    },
    ErrorEntry {
        code: "IDX-0045",
        what: "too many policies",
        why: "a certificate or path holds more policies than the limit",
        hint: "use certificates with fewer policies",
    },
    ErrorEntry {
        code: "IDX-0046",
        what: "a certificate is revoked",
        why: "its issuer lists it as revoked",
        hint: "get a new certificate",
    },
    ErrorEntry {
        code: "IDX-0047",
        what: "the revocation status is not known",
        why: "no usable list decides it, although lists were given",
        hint: "give current lists for every CA of the path",
    },
    ErrorEntry {
        code: "IDX-0048",
        what: "a revocation list is malformed",
        why: "it is not strict DER, not version 2, lacks its number or repeats an entry",
        hint: "fetch the list again",
    },
    ErrorEntry {
        code: "IDX-0049",
        what: "a revocation list is not understood",
        why: "it or an entry has an unknown critical extension",
        hint: "use a verifier that knows the extension",
    },
    ErrorEntry {
        code: "IDX-0050",
        what: "a revocation list is not current",
        why: "it is from the future, too old, or does not say when the next one comes",
        hint: "fetch the current list",
    },
    ErrorEntry {
        code: "IDX-0051",
        what: "a revocation list does not cover the certificate",
        why: "its issuer, distribution point, kind or reasons do not match",
        hint: "fetch the list named in the certificate",
    },
    ErrorEntry {
        code: "IDX-0052",
        what: "a revocation list has no authorized signer",
        why: "no trusted key with cRLSign verifies it",
        hint: "fetch the list again, or add its signer's certificate",
    },
    ErrorEntry {
        code: "IDX-0053",
        what: "a Web PKI rule is broken",
        why: "the caller asked for the CA/Browser Forum profile",
        hint: "use the RFC 5280 profile, or reissue the certificate",
    },
];
