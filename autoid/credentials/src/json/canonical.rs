//! The canonical form (RFC 8785).

use super::reader::{DEPTH_MAX, JsonError};
use super::{number, reader};
use serde_json::{Map, Number, Value};

/// The canonical text of a value.
///
/// # Errors
/// When a number has no exact canonical form, or the value is nested too deeply.
pub fn canonical(value: &Value) -> Result<String, JsonError> {
    let mut text = String::new();
    write(value, &mut text, 0)?;
    Ok(text)
}

fn write(value: &Value, out: &mut String, depth: usize) -> Result<(), JsonError> {
    if depth > DEPTH_MAX {
        return Err(JsonError::Depth);
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&numeral(number)?),
        Value::String(text) => string(text, out),
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(value, out, depth + 1)?;
            }
            out.push(']');
        }
        Value::Object(members) => object(members, out, depth)?,
    }
    Ok(())
}

/// Members go by the UTF-16 units of their names.
fn object(members: &Map<String, Value>, out: &mut String, depth: usize) -> Result<(), JsonError> {
    let mut sorted: Vec<_> = members.iter().collect();
    if sorted.iter().all(|(name, _)| name.is_ascii()) {
        sorted.sort_unstable_by_key(|(name, _)| *name);
    } else {
        sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    }
    out.push('{');
    for (at, (name, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        string(name, out);
        out.push(':');
        write(value, out, depth + 1)?;
    }
    out.push('}');
    Ok(())
}

fn numeral(number: &Number) -> Result<String, JsonError> {
    let integer = number.as_i64().filter(|integer| integer.unsigned_abs() <= reader::INTEGER_MAX);
    if let Some(integer) = integer {
        return Ok(integer.to_string());
    }
    let written = number.as_f64().and_then(number::write).ok_or(JsonError::Number { at: None })?;
    let is_exact = number.is_f64() || number::is_same(&written, &number.to_string());
    if is_exact { Ok(written) } else { Err(JsonError::Number { at: None }) }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(text.get(from..at).unwrap_or_default());
        from = at + 1;
        match byte {
            0x08 => out.push_str("\\b"),
            0x09 => out.push_str("\\t"),
            0x0a => out.push_str("\\n"),
            0x0c => out.push_str("\\f"),
            0x0d => out.push_str("\\r"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            other => out.push_str(&format!("\\u{other:04x}")),
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use serde_json::json;

    /// RFC 8785 section 3.2.2. The reader refuses the first number as it is printed there, which has more
    /// digits than a double holds.
    #[test]
    fn the_example_of_the_rfc_is_met() {
        let text = r#"{
            "numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        let expected = "{\"literals\":[null,true,false],\
            \"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
            \"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(canonical(&parse(text.as_bytes()).unwrap()).unwrap(), expected);
        assert_eq!(canonical(&parse(expected.as_bytes()).unwrap()).unwrap(), expected);
    }

    /// RFC 8785 section 3.2.3.
    #[test]
    fn members_sort_by_utf16() {
        let text = r#"{
            "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        let written = canonical(&parse(text.as_bytes()).unwrap()).unwrap();
        let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let places: Vec<_> = order.iter().map(|name| written.find(name).unwrap()).collect();
        assert!(places.is_sorted(), "{written}");
    }

    #[test]
    fn integers_that_doubles_cannot_hold_have_no_form() {
        assert_eq!(canonical(&json!(9_007_199_254_740_991_u64)).unwrap(), "9007199254740991");
        assert_eq!(canonical(&json!(9_007_199_254_740_992_u64)).unwrap(), "9007199254740992");
        assert!(canonical(&json!(9_007_199_254_740_993_u64)).is_err());
        assert!(canonical(&json!(u64::MAX)).is_err());
    }
}
