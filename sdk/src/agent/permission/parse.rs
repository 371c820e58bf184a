//! Reading the sentence of a permission.

use super::{Approve, Budget, Per, Permission, UNITS};
use crate::SdkError;
use crate::agent::words::{Words, amount, count, refuse};
use autoid_core::{Command, ResourcePattern};
use std::str::FromStr;

fn span(text: &str) -> Result<u64, SdkError> {
    let form = || refuse(text, "a stretch of time is a number and `s`, `m`, `h`, `d` or `w`, such as `7d`");
    let unit =
        text.chars().last().and_then(|last| UNITS.iter().find(|(unit, _)| *unit == last)).ok_or_else(form)?;
    let number = text.strip_suffix(unit.0).ok_or_else(form)?;
    let seconds = count::<u64>(number, "a stretch of time").map_err(|_| form())?.checked_mul(unit.1);
    seconds
        .filter(|seconds| *seconds <= 100 * 366 * 86_400)
        .ok_or_else(|| refuse(text, "it is longer than a century"))
}

fn budget(text: &str, words: &mut Words<'_>) -> Result<Budget, SdkError> {
    let (sum, per) = text.split_once('/').map_or((text, None), |(sum, per)| (sum, Some(per)));
    let per = match per {
        None => None,
        Some("day") => Some(Per::Day),
        Some("hour") => Some(Per::Hour),
        Some("block") => {
            Some(Per::Blocks(count(words.behind("/block", "a number of blocks")?, "a number of blocks")?))
        }
        Some(other) => return Err(refuse(other, "a budget is for `/day`, `/hour` or `/block N`")),
    };
    Ok(Budget { amount: amount(sum)?, per })
}

fn set<T>(place: &mut Option<T>, clause: &str, value: T) -> Result<(), SdkError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(refuse(clause, "it is there twice")),
    }
}

fn fill<T>(place: &mut Vec<T>, clause: &str, values: Vec<T>) -> Result<(), SdkError> {
    if place.is_empty() {
        *place = values;
        return Ok(());
    }
    Err(refuse(clause, "it is there twice"))
}

fn command(text: &str) -> Result<Command, SdkError> {
    let slashed = if text.starts_with('/') { text.to_owned() } else { format!("/{text}") };
    let command = slashed.parse::<Command>().ok().filter(|command| !command.is_all());
    command.ok_or_else(|| {
        refuse(text, "a command is a path of lower-case letters, digits and hyphens, such as `calendar/read`")
    })
}

fn pattern(text: &str) -> Result<ResourcePattern, SdkError> {
    text.parse().map_err(|_| refuse(text, "a resource is a scheme and a path, such as `calendar:team/**`"))
}

impl Permission {
    fn clause(&mut self, word: &str, words: &mut Words<'_>) -> Result<(), SdkError> {
        if let Some(text) = word.strip_prefix("spend<=") {
            return set(&mut self.spend, "spend", budget(text, words)?);
        }
        if let Some(text) = word.strip_prefix("per-call<=") {
            return set(&mut self.per_call, "per-call", amount(text)?);
        }
        if let Some(text) = word.strip_prefix("approve>") {
            let over = amount(text)?;
            words.exactly("by", word)?;
            let by = words.list("by", "a name")?.into_iter().map(str::to_owned).collect();
            return set(&mut self.approve, "approve", Approve { over, by });
        }
        match word {
            "to" => {
                let names = words.list(word, "a name")?.into_iter().map(str::to_owned).collect();
                fill(&mut self.to, word, names)
            }
            "do" => {
                let commands =
                    words.list(word, "a command")?.into_iter().map(command).collect::<Result<_, _>>()?;
                fill(&mut self.commands, word, commands)
            }
            "on" => {
                let found =
                    words.list(word, "a resource")?.into_iter().map(pattern).collect::<Result<_, _>>()?;
                fill(&mut self.resources, word, found)
            }
            "irreversible" if self.irreversible => Err(refuse(word, "it is there twice")),
            "irreversible" => {
                self.irreversible = true;
                Ok(())
            }
            "calls" => {
                set(&mut self.calls, word, count(words.behind(word, "a number")?, "a number of calls")?)
            }
            "depth" => set(&mut self.depth, word, count(words.behind(word, "a number")?, "a depth")?),
            "for" => set(&mut self.lasts, word, span(words.behind(word, "a stretch of time such as `7d`")?)?),
            other => Err(refuse(
                other,
                "a clause begins with `spend<=`, `per-call<=`, `approve>`, `to`, `do`, `on`, `irreversible`, `calls`, `depth` or `for`",
            )),
        }
    }
}

impl FromStr for Permission {
    type Err = SdkError;

    fn from_str(text: &str) -> Result<Self, SdkError> {
        let (mut permission, mut words) = (Self::default(), Words::of(text)?);
        while let Some(word) = words.next() {
            permission.clause(word, &mut words)?;
        }
        permission.check()?;
        Ok(permission)
    }
}
