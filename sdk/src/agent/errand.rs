//! What an agent is asked to do.
//!
//! | sentence | meaning |
//! |---|---|
//! | `spend A to NAME`, `pay NAME A` | pays |
//! | `do CMD on RES` | does a command on a resource |
//! | `do CMD on RES spend A to NAME` | does it, and pays for it |

use super::words::{Words, amount, plain, refuse};
use crate::identity::payee;
use crate::{DomainState, Keystore, Prover, SdkError};
use auto_core::Amount;
use autoid_core::policy::{Value, args_hash};
use autoid_core::{
    Asset, AutoId, Call, Command, GrantId, Payee, Resource, ResourcePattern, Reversibility, Spend, Time,
};
use std::fmt;
use std::str::FromStr;

/// The command of a payment that is nothing else.
pub const PAY: &str = "/pay";

/// What stands for an identity that is paid.
///
/// # Errors
/// Never, for an id is sound.
pub fn identity_resource(id: &AutoId) -> Result<Resource, SdkError> {
    Ok(format!("identity:{id}").parse()?)
}

/// What stands for an account that is paid.
///
/// # Errors
/// Never, for an address is sound.
pub fn account_resource(address: &[u8; 32]) -> Result<Resource, SdkError> {
    Ok(format!("account:{}", hex::encode(address)).parse()?)
}

pub(super) fn identity_pattern() -> Result<ResourcePattern, SdkError> {
    Ok("identity:*".parse()?)
}

pub(super) fn account_pattern() -> Result<ResourcePattern, SdkError> {
    Ok("account:*".parse()?)
}

/// What an agent is asked to do, before anybody in it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What, and on what; a payment when there is nothing.
    pub work: Option<(Command, Resource)>,
    /// What it pays, and to whom.
    pub spend: Option<(Amount, String)>,
}

/// What an agent does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// What.
    pub command: Command,
    /// On what.
    pub resource: Resource,
    /// How far it can be undone.
    pub class: Reversibility,
    /// The arguments, which policies look at.
    pub args: Option<Value>,
    /// What it pays, and to whom.
    pub spend: Option<(Amount, Payee)>,
}

impl Errand {
    /// A payment.
    ///
    /// # Errors
    /// Never, for a payee is sound.
    pub fn pay(amount: Amount, payee: Payee) -> Result<Self, SdkError> {
        let resource = match &payee {
            Payee::Identity(id) => identity_resource(id)?,
            Payee::Address(address) => account_resource(address)?,
        };
        let class = Reversibility::Compensable;
        Ok(Self { command: PAY.parse()?, resource, class, args: None, spend: Some((amount, payee)) })
    }

    /// The call that does it under a chain of grants.
    pub(super) fn call(
        &self,
        (iss, aud): (AutoId, AutoId),
        chain: Vec<GrantId>,
        (call_id, exp): ([u8; 16], Time),
        (binding, intent): (Option<[u8; 32]>, [u8; 32]),
    ) -> Call {
        let spend =
            self.spend.map(|(amount, payee)| Spend { asset: Asset::AI3, amount: amount.base_units(), payee });
        Call {
            iss,
            aud,
            chain,
            cmd: self.command.clone(),
            res: self.resource.clone(),
            class: self.class,
            args_hash: self.args.as_ref().map_or_else(|| args_hash(&[]), Value::hash),
            args: self.args.clone(),
            spend,
            call_id,
            exp,
            binding,
            intent,
        }
    }
}

impl Request {
    /// The errand, with whoever is paid looked up.
    ///
    /// # Errors
    /// When nobody of that name is found.
    pub async fn errand<P: Prover>(
        &self,
        state: &mut DomainState<P>,
        keystore: Option<&Keystore>,
    ) -> Result<Errand, SdkError> {
        let spend = match &self.spend {
            Some((amount, name)) => Some((*amount, payee(state, keystore, name).await?)),
            None => None,
        };
        match (&self.work, spend) {
            (Some((command, resource)), spend) => Ok(Errand {
                command: command.clone(),
                resource: resource.clone(),
                class: Reversibility::Compensable,
                args: None,
                spend,
            }),
            (None, Some((amount, payee))) => Errand::pay(amount, payee),
            (None, None) => Err(refuse("", "it asks for nothing")),
        }
    }
}

fn payment(words: &mut Words<'_>) -> Result<(Amount, String), SdkError> {
    let sum = words.behind("spend", "an amount")?;
    words.exactly("to", sum)?;
    Ok((amount(sum)?, words.behind("to", "a name")?.to_owned()))
}

fn work(words: &mut Words<'_>) -> Result<(Command, Resource), SdkError> {
    let text = words.behind("do", "a command")?;
    let slashed = if text.starts_with('/') { text.to_owned() } else { format!("/{text}") };
    let command = slashed.parse().map_err(|_| refuse(text, "it is no command such as `calendar/read`"))?;
    words.exactly("on", text)?;
    let text = words.behind("on", "a resource")?;
    let resource = text.parse().map_err(|_| refuse(text, "it is no resource such as `calendar:team/7`"))?;
    Ok((command, resource))
}

impl FromStr for Request {
    type Err = SdkError;

    fn from_str(text: &str) -> Result<Self, SdkError> {
        let mut words = Words::of(text)?;
        let mut request = Self { work: None, spend: None };
        match words.next() {
            Some("spend") => request.spend = Some(payment(&mut words)?),
            Some("pay") => {
                let name = words.behind("pay", "a name")?;
                request.spend = Some((amount(words.behind(name, "an amount")?)?, name.to_owned()));
            }
            Some("do") => {
                request.work = Some(work(&mut words)?);
                match words.next() {
                    None => {}
                    Some("spend") => request.spend = Some(payment(&mut words)?),
                    Some(other) => return Err(refuse(other, "only `spend A to NAME` may follow")),
                }
            }
            other => {
                let form = "it begins with `spend A to NAME`, `pay NAME A` or `do CMD on RES`";
                return Err(refuse(other.unwrap_or_default(), form));
            }
        }
        match words.next() {
            None => Ok(request),
            Some(other) => Err(refuse(other, "nothing may follow")),
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((command, resource)) = &self.work {
            write!(f, "do {command} on {resource}")?;
        }
        let Some((amount, name)) = &self.spend else { return Ok(()) };
        let gap = if self.work.is_some() { " " } else { "" };
        write!(f, "{gap}spend {} to {name}", plain(*amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::ErrorCode as _;
    use proptest::prelude::*;

    #[test]
    fn requests_are_read_and_written() {
        for (text, written) in [
            ("spend 5 to bob", "spend 5 to bob"),
            ("pay bob 2.5", "spend 2.5 to bob"),
            ("do calendar/read on calendar:team/7", "do /calendar/read on calendar:team/7"),
            ("do /room on room:7 spend 1 to bob", "do /room on room:7 spend 1 to bob"),
        ] {
            let request: Request = text.parse().expect("a request");
            assert_eq!(request.to_string(), written);
            assert_eq!(written.parse::<Request>().expect("a request"), request);
        }
        for text in [
            "",
            "give bob 2",
            "pay bob",
            "pay 2 bob",
            "pay bob 0",
            "spend 5 bob",
            "spend 5 to",
            "spend 5 to bob now",
            "do read",
            "do read on",
            "do read on *:x",
            "do Read on x:y",
            "do read on x:y pay bob 2",
        ] {
            assert_eq!(text.parse::<Request>().expect_err(text).code(), "SDK-0018");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_anybody_asks_panics(text in "(spend|pay|do|on|to| |[0-9a-z:/.]){0,10}|.{0,60}") {
            if let Ok(request) = text.parse::<Request>() {
                prop_assert_eq!(request.to_string().parse::<Request>().expect("its own text"), request);
            }
        }
    }
}
