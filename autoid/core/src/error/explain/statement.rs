use crate::x509::ErrorEntry;

/// Encodings, keys and signatures: `AID-0001` and on.
pub const STATEMENT_ERRORS: &[ErrorEntry] = &[
    ErrorEntry {
        code: "AID-0001",
        what: "a signed statement is not canonical CBOR",
        why: "a length, integer, order or field is not in its only allowed form",
        hint: "encode it with the SDK; do not change the bytes after signing",
    },
    ErrorEntry {
        code: "AID-0002",
        what: "a signed statement is too large",
        why: "its bytes are over the limit of its type",
        hint: "use fewer or shorter entries",
    },
    ErrorEntry {
        code: "AID-0003",
        what: "an envelope is not of the expected type",
        why: "another tag, or a header that must be empty is not",
        hint: "pass the bytes exactly as they were signed, and of the right type",
    },
    ErrorEntry {
        code: "AID-0004",
        what: "a text is no identifier",
        why: "it is not `did:auto:NETWORK:ID`, an id or a hash in its only form",
        hint: "copy the identifier again, without changing the case of a letter",
    },
    ErrorEntry {
        code: "AID-0005",
        what: "an identifier is of another network",
        why: "the network in a DID is the beginning of the genesis hash, and this is another chain",
        hint: "connect to the network that the DID names",
    },
    ErrorEntry {
        code: "AID-0006",
        what: "a signature algorithm is not allowed",
        why: "only Ed25519 and ES256 are accepted, and the signature must be of its key's algorithm",
        hint: "sign with the key that the header names",
    },
    ErrorEntry {
        code: "AID-0007",
        what: "a public key is malformed or weak",
        why: "it is not a point of its curve in its only form, or has a small order",
        hint: "generate a new key",
    },
    ErrorEntry {
        code: "AID-0008",
        what: "a key set is not well formed",
        why: "it needs 1 to 16 different keys with rising numbers, and a threshold that the controlling keys reach",
        hint: "correct the numbers of the keys or the threshold",
    },
    ErrorEntry {
        code: "AID-0009",
        what: "a signature does not verify",
        why: "it was made by another key, over other bytes, for another type or for another network",
        hint: "sign the statement again on this network with the key that the header names",
    },
    ErrorEntry {
        code: "AID-0010",
        what: "a signature names a key that the identity does not have",
        why: "the key was rotated out or never was there",
        hint: "sign again with a key of the identity's current set",
    },
    ErrorEntry {
        code: "AID-0011",
        what: "a key is not for this use",
        why: "controlling, asserting, invoking and delegating need keys marked for it",
        hint: "sign with a key that has the relation, or rotate to a set in which this key has it",
    },
    ErrorEntry {
        code: "AID-0012",
        what: "a key is past the end of its use",
        why: "its set gives it a last second, which is over",
        hint: "sign with another key, or rotate",
    },
    ErrorEntry {
        code: "AID-0013",
        what: "somebody signed who has no part in it",
        why: "an envelope holds the needed signatures and no others",
        hint: "remove the superfluous signature",
    },
    ErrorEntry {
        code: "AID-0014",
        what: "too few keys signed",
        why: "the threshold of the key set is not reached",
        hint: "collect the missing signatures",
    },
];
