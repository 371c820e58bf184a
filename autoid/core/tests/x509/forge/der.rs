//! The pieces of DER that certificates and lists are made of.

/// One element.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=0x7f => out.push(u8::try_from(short).unwrap()),
        long => {
            let digits: Vec<u8> = long.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
            out.push(0x80 | u8::try_from(digits.len()).unwrap());
            out.extend(digits);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(crate) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    tlv(6, content)
}

pub(crate) fn int(content: &[u8]) -> Vec<u8> {
    tlv(2, content)
}

pub(crate) fn boolean(value: bool) -> Vec<u8> {
    if value { vec![1, 1, 0xff] } else { Vec::new() }
}

pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], content].concat())
}

/// A named bit list in DER; bit 0 is the highest.
pub(crate) fn named(tag: u8, value: u16) -> Vec<u8> {
    let mut octets = value.to_be_bytes().to_vec();
    while octets.last() == Some(&0) {
        octets.pop();
    }
    let unused = octets.last().map_or(0, |last| u8::try_from(last.trailing_zeros()).unwrap());
    tlv(tag, &[&[unused], octets.as_slice()].concat())
}

pub(crate) fn utc(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

pub(crate) fn generalized(text: &str) -> Vec<u8> {
    tlv(0x18, text.as_bytes())
}

/// A time in whichever form its year asks for, from `YYYYMMDDHHMMSS`.
pub(crate) fn time(text: &str) -> Vec<u8> {
    if (1950..2050).contains(&text[..4].parse::<u32>().unwrap()) {
        utc(&format!("{}Z", &text[2..]))
    } else {
        generalized(&format!("{text}Z"))
    }
}

/// A relative name with one attribute.
pub(crate) fn rdn(kind: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x31, &seq(&[oid(kind), tlv(tag, value)]))
}

/// A name with one common name as UTF8String.
pub(crate) fn cn(text: &str) -> Vec<u8> {
    seq(&[rdn(&[0x55, 4, 3], 0x0c, text.as_bytes())])
}

pub(crate) fn dns(name: &str) -> Vec<u8> {
    tlv(0x82, name.as_bytes())
}

pub(crate) fn mail(name: &str) -> Vec<u8> {
    tlv(0x81, name.as_bytes())
}

pub(crate) fn uri(name: &str) -> Vec<u8> {
    tlv(0x86, name.as_bytes())
}

pub(crate) fn ip(octets: &[u8]) -> Vec<u8> {
    tlv(0x87, octets)
}

pub(crate) fn directory(name: &[u8]) -> Vec<u8> {
    tlv(0xa4, name)
}

/// Name constraints from permitted and excluded bases.
pub(crate) fn subtrees(permitted: Option<&[Vec<u8>]>, excluded: Option<&[Vec<u8>]>) -> Vec<u8> {
    let list =
        |tag, bases: &[Vec<u8>]| tlv(tag, &bases.iter().flat_map(|base| tlv(0x30, base)).collect::<Vec<_>>());
    let permitted = permitted.map(|bases| list(0xa0, bases)).unwrap_or_default();
    let excluded = excluded.map(|bases| list(0xa1, bases)).unwrap_or_default();
    seq(&[permitted, excluded])
}
