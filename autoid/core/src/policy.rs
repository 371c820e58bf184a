//! Policies: conditions on the arguments of a call.
//!
//! The operators are those of UCAN 1.0, without its surprises. A policy is a list of statements that must
//! all hold. What cannot be decided denies: a field that is missing, a comparison of different types and an
//! exhausted budget make the whole statement fail, also under `not` and beside others in `and`; only an
//! alternative in `or` that holds outweighs one that cannot be decided. `or` of nothing is false, `all` and
//! `any` look at lists only, there are no floats, and globs know nothing but `*`.

mod codec;
mod evaluate;
mod selector;
mod text;
mod value;

pub use evaluate::{Gas, Verdict};
pub use selector::{Selector, Step};
pub use value::{Value, args_hash};

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::Refusal;

/// Statements that must all hold; without any, everything is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy(pub Vec<Statement>);

/// How two numbers, texts or byte strings compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// They are the same, deeply.
    Equal,
    /// They differ.
    NotEqual,
    /// The first is lower; integers only, as for the three that follow.
    Less,
    /// The first is lower or the same.
    LessOrEqual,
    /// The first is higher.
    Greater,
    /// The first is higher or the same.
    GreaterOrEqual,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// Compares what is selected with a constant.
    Compare(Comparison, Selector, Value),
    /// The selected text has the form of a glob, in which `*` stands for any characters and `\*` for itself.
    Like(Selector, String),
    /// The statement is false.
    Not(Box<Statement>),
    /// All statements hold.
    And(Vec<Statement>),
    /// One of the statements holds.
    Or(Vec<Statement>),
    /// The statement holds for every member of the selected list.
    All(Selector, Box<Statement>),
    /// The statement holds for a member of the selected list.
    Any(Selector, Box<Statement>),
}

impl Policy {
    /// Whether it says nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Judges arguments. `link` is the place of the grant in its chain, for the refusal.
    ///
    /// # Errors
    /// When a statement fails or cannot be decided, or the budget is used up.
    pub fn allow(&self, args: &Value, link: usize) -> Result<(), Refusal> {
        let mut gas = Gas::default();
        for statement in &self.0 {
            match statement.evaluate(args, &mut gas) {
                Verdict::Holds => {}
                _ if gas.is_empty() => return Err(Refusal::PolicyGas { link }),
                Verdict::Fails | Verdict::Undecided => return Err(Refusal::Policy { link }),
            }
        }
        Ok(())
    }
}
