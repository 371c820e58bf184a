//! The encoding of policies: arrays that begin with the operator's sign, as in UCAN.

use alloc::boxed::Box;
use alloc::string::ToString as _;

use super::{Comparison, Policy, Selector, Statement, Value};
use crate::Refusal;
use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::limits::{POLICY_DEPTH_MAX, POLICY_STATEMENTS_MAX};

/// Bytes of a glob.
const GLOB_BYTES_MAX: usize = 128;
/// Bytes of an operator's sign.
const SIGN_BYTES_MAX: usize = 4;

impl Comparison {
    const SIGNS: [(Self, &'static str); 6] = [
        (Self::Equal, "=="),
        (Self::NotEqual, "!="),
        (Self::Less, "<"),
        (Self::LessOrEqual, "<="),
        (Self::Greater, ">"),
        (Self::GreaterOrEqual, ">="),
    ];

    /// The operator's sign.
    #[must_use]
    pub fn sign(self) -> &'static str {
        Self::SIGNS.iter().find(|(comparison, _)| *comparison == self).map_or("", |(_, sign)| *sign)
    }
}

impl Canonical for Policy {
    fn write(&self, to: &mut Writer) {
        to.list(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut left = POLICY_STATEMENTS_MAX;
        Ok(Self(from.list(POLICY_STATEMENTS_MAX, |from| statement(from, 0, &mut left))?))
    }
}

impl Policy {
    /// Refuses a policy that has no encoding.
    ///
    /// # Errors
    /// When it is too deep or too long, or a glob ends in a lone backslash.
    pub fn check(&self) -> Result<(), Refusal> {
        let bytes = self.to_cbor();
        if Self::read(&mut Reader::new(&bytes))? == *self {
            Ok(())
        } else {
            Err(CborError::NotCanonical.into())
        }
    }
}

impl Canonical for Statement {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Compare(comparison, selector, value) => {
                to.array(3);
                to.text(comparison.sign());
                selector.write(to);
                value.write(to);
            }
            Self::Like(selector, glob) => {
                to.array(3);
                to.text("like");
                selector.write(to);
                to.text(glob);
            }
            Self::Not(inner) => {
                to.array(2);
                to.text("not");
                inner.write(to);
            }
            Self::And(inner) => {
                to.array(2);
                to.text("and");
                to.list(inner);
            }
            Self::Or(inner) => {
                to.array(2);
                to.text("or");
                to.list(inner);
            }
            Self::All(selector, inner) => quantified(to, "all", selector, inner),
            Self::Any(selector, inner) => quantified(to, "any", selector, inner),
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        statement(from, 0, &mut POLICY_STATEMENTS_MAX.clone())
    }
}

fn quantified(to: &mut Writer, sign: &str, selector: &Selector, inner: &Statement) {
    to.array(3);
    to.text(sign);
    selector.write(to);
    inner.write(to);
}

fn statement(from: &mut Reader<'_>, depth: usize, left: &mut usize) -> Result<Statement, Refusal> {
    *left = left.checked_sub(1).ok_or(CborError::Length)?;
    if depth > POLICY_DEPTH_MAX {
        return Err(CborError::Depth.into());
    }
    let members = from.array(3)?;
    let sign = from.text(SIGN_BYTES_MAX)?;
    let statement = match sign {
        "not" => Statement::Not(Box::new(statement(from, depth + 1, left)?)),
        "and" => Statement::And(from.list(POLICY_STATEMENTS_MAX, |from| statement(from, depth + 1, left))?),
        "or" => Statement::Or(from.list(POLICY_STATEMENTS_MAX, |from| statement(from, depth + 1, left))?),
        "all" => Statement::All(Selector::read(from)?, Box::new(statement(from, depth + 1, left)?)),
        "any" => Statement::Any(Selector::read(from)?, Box::new(statement(from, depth + 1, left)?)),
        "like" => {
            let selector = Selector::read(from)?;
            Statement::Like(selector, glob(from.text(GLOB_BYTES_MAX)?)?.to_string())
        }
        _ => {
            let found = Comparison::SIGNS.iter().find(|(_, known)| *known == sign);
            let (comparison, _) = found.ok_or(Refusal::PolicyOperator)?;
            Statement::Compare(*comparison, Selector::read(from)?, Value::read(from)?)
        }
    };
    let expected = if matches!(sign, "not" | "and" | "or") { 2 } else { 3 };
    if members == expected { Ok(statement) } else { Err(CborError::Length.into()) }
}

/// A glob whose backslashes stand in front of a star or of a backslash only.
fn glob(text: &str) -> Result<&str, Refusal> {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && !matches!(characters.next(), Some('*' | '\\')) {
            return Err(Refusal::PolicyOperator);
        }
    }
    Ok(text)
}
