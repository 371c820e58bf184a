//! Texts that are read, and others that are not.

use super::*;
use crate::json::canonical;
use proptest::prelude::*;
use serde_json::json;

#[test]
fn json_is_read() {
    let text = br#" { "a" : [ 1 , -2.5e3 , true , false , null , "x\u00e9\ud83d\ude00\n" ] , "b":{} } "#;
    let expected = json!({"a": [1, -2500, true, false, null, "x\u{e9}\u{1f600}\n"], "b": {}});
    assert_eq!(parse(text).unwrap(), expected);
    assert_eq!(parse(b"1.0").unwrap(), json!(1));
    assert_eq!(parse(b"0.25").unwrap(), json!(0.25));
}

#[test]
fn what_is_no_json_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "[",
        "[1",
        "[1,]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "nul",
        "truex",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u+123\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"a\nb\"",
        "1 2",
        "'a'",
        "NaN",
        "[1 2]",
        "\u{feff}{}",
        "// x\n1",
    ] {
        assert!(matches!(parse(text.as_bytes()), Err(JsonError::Syntax { .. })), "{text}");
    }
    assert!(matches!(parse(b"\"\xff\""), Err(JsonError::Syntax { .. })));
}

/// A signature over one reading must not hold for another.
#[test]
fn threat_52_json_with_two_readings() {
    let code = |text: &str| parse(text.as_bytes()).unwrap_err().code();
    assert_eq!(code(r#"{"a":1,"a":1}"#), "VC-0002");
    assert_eq!(code(r#"{"a":1,"\u0061":2}"#), "VC-0002");
    assert_eq!(code(r#"{"x":{"b":1,"b":2}}"#), "VC-0002");
    for number in ["9007199254740993", "333333333.33333329", "1e400", "1e-400", "0.1000000000000000000001"] {
        assert_eq!(code(number), "VC-0003", "{number}");
    }
    assert_eq!(code(&"[".repeat(100_000)), "VC-0004");
    assert_eq!(code(&"{\"a\":".repeat(100_000)), "VC-0004");
    assert_eq!(members(&[b' '; 65], 64).unwrap_err().code(), "VC-0005");
    assert_eq!(code(&format!("[{}1]", "1,".repeat(MEMBERS_MAX))), "VC-0005");
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_filter_map("finite", |x| Number::from_f64(x).map(Value::Number)),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}|[\\x00-\\x20\"\\\\]{0,4}".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("\\PC{0,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_canonical_form_is_read_back_and_stays(value in value()) {
        let text = canonical(&value).unwrap();
        let read = parse(text.as_bytes()).unwrap();
        prop_assert_eq!(canonical(&read).unwrap(), text);
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = parse(&bytes);
    }

    /// What is read here means the same to a lax reader.
    #[test]
    fn a_lax_reader_agrees(text in "[\\[\\]{}\",:0-9a-c.eE+\\- ntrufals\\\\]{0,40}") {
        if let Ok(read) = parse(text.as_bytes()) {
            let lax: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(canonical(&read).unwrap(), canonical(&lax).unwrap());
        }
    }
}
