use super::{Comparison, Statement, Value};
use crate::limits::POLICY_GAS;

/// What came of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It cannot be decided: something is missing, of the wrong type, or the budget is used up.
    Undecided,
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// The steps that are left.
#[derive(Debug, Clone, Copy)]
pub struct Gas(u32);

impl Default for Gas {
    fn default() -> Self {
        Self(POLICY_GAS)
    }
}

impl Gas {
    /// Whether the budget is used up.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Takes a step, and one more for every so many bytes or pairs of bytes to compare.
    fn spend(&mut self, work: usize) -> bool {
        const WORK_PER_STEP: usize = 256;
        let steps = u32::try_from(work / WORK_PER_STEP).unwrap_or(u32::MAX).saturating_add(1);
        self.0 = self.0.saturating_sub(steps);
        !self.is_empty()
    }
}

impl Statement {
    /// Judges a value.
    #[must_use]
    pub fn evaluate(&self, value: &Value, gas: &mut Gas) -> Verdict {
        if !gas.spend(0) {
            return Verdict::Undecided;
        }
        match self {
            Self::Compare(comparison, selector, constant) => match selector.select(value) {
                Some(found) => compare(*comparison, found, constant, gas),
                None => Verdict::Undecided,
            },
            Self::Like(selector, glob) => match selector.select(value) {
                Some(Value::Text(text)) if gas.spend(glob.len().saturating_mul(text.len())) => {
                    like(glob.as_bytes(), text.as_bytes()).into()
                }
                _ => Verdict::Undecided,
            },
            Self::Not(statement) => match statement.evaluate(value, gas) {
                Verdict::Holds => Verdict::Fails,
                Verdict::Fails => Verdict::Holds,
                Verdict::Undecided => Verdict::Undecided,
            },
            Self::And(statements) => all(statements.iter().map(|one| one.evaluate(value, gas))),
            Self::Or(statements) => any(statements.iter().map(|one| one.evaluate(value, gas))),
            Self::All(selector, statement) => match selector.select(value) {
                Some(Value::List(members)) => all(members.iter().map(|one| statement.evaluate(one, gas))),
                _ => Verdict::Undecided,
            },
            Self::Any(selector, statement) => match selector.select(value) {
                Some(Value::List(members)) => any(members.iter().map(|one| statement.evaluate(one, gas))),
                _ => Verdict::Undecided,
            },
        }
    }
}

/// Every verdict is looked at, so that one that cannot be decided is found wherever it stands.
fn all(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.fold(Verdict::Holds, |all, one| match (all, one) {
        (Verdict::Undecided, _) | (_, Verdict::Undecided) => Verdict::Undecided,
        (Verdict::Fails, _) | (_, Verdict::Fails) => Verdict::Fails,
        (Verdict::Holds, Verdict::Holds) => Verdict::Holds,
    })
}

fn any(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.fold(Verdict::Fails, |any, one| match (any, one) {
        (Verdict::Holds, _) | (_, Verdict::Holds) => Verdict::Holds,
        (Verdict::Undecided, _) | (_, Verdict::Undecided) => Verdict::Undecided,
        (Verdict::Fails, Verdict::Fails) => Verdict::Fails,
    })
}

fn compare(comparison: Comparison, found: &Value, constant: &Value, gas: &mut Gas) -> Verdict {
    if !gas.spend(found.size().min(constant.size())) {
        return Verdict::Undecided;
    }
    let numbers = match (found, constant) {
        (Value::Int(found), Value::Int(constant)) => Some((found, constant)),
        _ => None,
    };
    match (comparison, numbers) {
        (Comparison::Equal, _) => (found == constant).into(),
        (Comparison::NotEqual, _) => (found != constant).into(),
        (_, None) => Verdict::Undecided,
        (Comparison::Less, Some((found, constant))) => (found < constant).into(),
        (Comparison::LessOrEqual, Some((found, constant))) => (found <= constant).into(),
        (Comparison::Greater, Some((found, constant))) => (found > constant).into(),
        (Comparison::GreaterOrEqual, Some((found, constant))) => (found >= constant).into(),
    }
}

/// One element of a glob.
enum Part {
    Any,
    Byte(u8),
}

/// The element at the front of a glob, and its length.
fn part(glob: &[u8]) -> Option<(Part, usize)> {
    match glob {
        [] => None,
        [b'\\', byte, ..] => Some((Part::Byte(*byte), 2)),
        [b'*', ..] => Some((Part::Any, 1)),
        [byte, ..] => Some((Part::Byte(*byte), 1)),
    }
}

/// Matches with one point of return, the last `*`: no more steps than the product of both lengths.
fn like(glob: &[u8], text: &[u8]) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (part(glob.get(at..).unwrap_or_default()), text.get(position)) {
            (None, None) => return true,
            (Some((Part::Any, length)), _) => {
                at += length;
                retry = Some((at, position));
            }
            (Some((Part::Byte(byte), length)), Some(found)) if byte == *found => {
                at += length;
                position += 1;
            }
            _ => match retry {
                Some((after, from)) if from < text.len() => {
                    retry = Some((after, from + 1));
                    (at, position) = (after, from + 1);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_know_nothing_but_the_star() {
        for (glob, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "abcd", false),
            ("a*b*c", "a1b2b3c", true),
            ("a\\*c", "a*c", true),
            ("a\\*c", "abc", false),
            ("a?c", "abc", false),
            ("[a]", "a", false),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(like(glob.as_bytes(), text.as_bytes()), expected, "{glob} {text}");
        }
    }
}
