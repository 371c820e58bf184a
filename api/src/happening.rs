//! What happened to the domains in a block, as names and fields.

use crate::described::Described;
use auto_core::{ChannelId, DomainId, InvalidBundle};
use auto_domains::DomainsEvent;
use auto_module::messages::{Event as MessageEvent, Message, Payload};
use parity_scale_codec::DecodeAll;

/// The events of an extension. What this version cannot decode keeps its bytes.
pub(crate) fn decoded(encoded: &[Vec<u8>]) -> Vec<Described> {
    let one = |bytes: &Vec<u8>| match DomainsEvent::decode_all(&mut bytes.as_slice()) {
        Ok(event) => named(&event),
        Err(_) => Described::undecoded(bytes),
    };
    encoded.iter().map(one).collect()
}

/// Why a bundle is invalid.
pub(crate) fn reason(reason: InvalidBundle) -> String {
    let (rule, extrinsic) = match reason {
        InvalidBundle::UndecodableTx(at) => ("undecodable extrinsic", Some(at)),
        InvalidBundle::OutOfRangeTx(at) => ("signer out of range in extrinsic", Some(at)),
        InvalidBundle::InherentExtrinsic(at) => ("inherent as extrinsic", Some(at)),
        InvalidBundle::InvalidMessage(at) => ("message never sent in extrinsic", Some(at)),
        InvalidBundle::IllegalTx(at) => ("illegal extrinsic", Some(at)),
        InvalidBundle::InvalidWeight => ("wrong weight", None),
    };
    extrinsic.map_or_else(|| rule.to_owned(), |at| format!("{rule} {at}"))
}

fn named(event: &DomainsEvent) -> Described {
    use DomainsEvent as E;
    match event {
        E::RuntimeRegistered { runtime, version } => {
            Described::new("RuntimeRegistered").with("runtime", runtime).with("version", version)
        }
        E::UpgradeScheduled { runtime, version, at } => Described::new("UpgradeScheduled")
            .with("runtime", runtime)
            .with("version", version)
            .with("at", at),
        E::RuntimeUpgraded { runtime, version } => {
            Described::new("RuntimeUpgraded").with("runtime", runtime).with("version", version)
        }
        E::DomainInstantiated { domain, owner, runtime } => Described::new("DomainInstantiated")
            .with("domain", domain)
            .with("owner", owner)
            .with("runtime", runtime),
        E::AllowListUpdated { domain } => Described::new("AllowListUpdated").with("domain", domain),
        E::DomainFrozen { domain, until } => {
            Described::new("DomainFrozen").with("domain", domain).with("until", until)
        }
        E::DomainUnfrozen { domain } => Described::new("DomainUnfrozen").with("domain", domain),
        E::EpochBegan { domain, number, total } => Described::new("EpochBegan")
            .with("domain", domain)
            .with("number", number)
            .with("total", total.base_units()),
        E::DomainBlockBegan { domain, number } => {
            Described::new("DomainBlockBegan").with("domain", domain).with("number", number)
        }
        E::Message(event) => messaging(event, about, channel),
        other => staked(other).or_else(|| received(other)).unwrap_or_else(|| Described::new("Unknown")),
    }
}

/// What happened to operators and their stake.
fn staked(event: &DomainsEvent) -> Option<Described> {
    use DomainsEvent as E;
    Some(match event {
        E::OperatorRegistered { operator, domain, owner, stake } => Described::new("OperatorRegistered")
            .with("operator", operator)
            .with("domain", domain)
            .with("owner", owner)
            .with("stake", stake.base_units()),
        E::Nominated { operator, nominator, amount } => Described::new("Nominated")
            .with("operator", operator)
            .with("nominator", nominator)
            .with("amount", amount.base_units()),
        E::WithdrawalRequested { operator, nominator, shares } => Described::new("WithdrawalRequested")
            .with("operator", operator)
            .with("nominator", nominator)
            .with("shares", shares),
        E::Unlocked { operator, nominator, amount } => Described::new("Unlocked")
            .with("operator", operator)
            .with("nominator", nominator)
            .with("amount", amount.base_units()),
        E::OperatorDeregistered { operator } => {
            Described::new("OperatorDeregistered").with("operator", operator)
        }
        E::OperatorDeactivated { operator, offline } => {
            Described::new("OperatorDeactivated").with("operator", operator).with("offline", offline)
        }
        E::OperatorReactivated { operator } => {
            Described::new("OperatorReactivated").with("operator", operator)
        }
        E::OperatorSlashed { operator, amount, rewarded } => Described::new("OperatorSlashed")
            .with("operator", operator)
            .with("amount", amount.base_units())
            .with("rewarded", rewarded.base_units()),
        _ => return None,
    })
}

/// What happened to bundles and receipts.
fn received(event: &DomainsEvent) -> Option<Described> {
    use DomainsEvent as E;
    let about = |name, domain: &DomainId, number: &auto_core::BlockNumber| {
        Described::new(name).with("domain", domain).with("number", number)
    };
    Some(match event {
        E::BundleIncluded { domain, number, bundle, operator, fee } => {
            about("BundleIncluded", domain, number)
                .with("bundle", bundle)
                .with("operator", operator)
                .with("fee", fee.base_units())
        }
        E::ReceiptAdded { domain, number, receipt, operator } => {
            about("ReceiptAdded", domain, number).with("receipt", receipt).with("operator", operator)
        }
        E::ReceiptVouched { domain, number, receipt, operator } => {
            about("ReceiptVouched", domain, number).with("receipt", receipt).with("operator", operator)
        }
        E::BundleMarkedInvalid { domain, number, bundle, operator, reason: why } => {
            about("BundleMarkedInvalid", domain, number)
                .with("bundle", bundle)
                .with("operator", operator)
                .with("reason", reason(*why))
        }
        E::DomainBlockConfirmed { domain, number, receipt, storage, execution, burned } => {
            about("DomainBlockConfirmed", domain, number)
                .with("receipt", receipt)
                .with("storage", storage.base_units())
                .with("execution", execution.base_units())
                .with("burned", burned.base_units())
        }
        E::FraudProven { domain, number, receipt, reporter, removed } => about("FraudProven", domain, number)
            .with("receipt", receipt)
            .with("reporter", reporter)
            .with("removed", removed),
        _ => return None,
    })
}

fn channel(name: &'static str, peer: DomainId, channel: ChannelId) -> Described {
    Described::new(name).with("domain", peer).with("channel", channel)
}

/// A message by what it says; the domain is the other chain, seen from the consensus chain.
fn about(name: &'static str, message: &Message) -> Described {
    let peer = if message.src == DomainId::CONSENSUS { message.dst } else { message.src };
    says(channel(name, peer, message.channel).with("nonce", message.nonce), &message.payload)
}

/// Adds what a message says.
pub(crate) fn says(told: Described, payload: &Payload) -> Described {
    match payload {
        Payload::Open => told.with("kind", "Open"),
        Payload::Close => told.with("kind", "Close"),
        Payload::Transfer { from, to, amount } => told
            .with("kind", "Transfer")
            .with("from", from)
            .with("to", to)
            .with("amount", amount.base_units()),
        Payload::Response { to, result } => {
            told.with("kind", "Response").with("answers", to).with("result", outcome(*result))
        }
        Payload::Notice { module, .. } => told.with("kind", "Notice").with("module", module),
    }
}

/// Done, or the number in the code of the refusal.
pub(crate) fn outcome(result: Result<(), u16>) -> String {
    result.map_or_else(|code| format!("refused with number {code:04}"), |()| "done".to_owned())
}

/// What happened to messages; `about` names the two chains of a message, `channel` the other chain of one.
pub(crate) fn messaging(
    event: &MessageEvent,
    about: impl Fn(&'static str, &Message) -> Described,
    channel: impl Fn(&'static str, DomainId, ChannelId) -> Described,
) -> Described {
    match event {
        MessageEvent::Sent(message) => about("MessageSent", message),
        MessageEvent::Received { message, result } => {
            about("MessageReceived", message).with("outcome", outcome(*result))
        }
        MessageEvent::Answered { request, result } => {
            about("MessageAnswered", request).with("outcome", outcome(*result))
        }
        MessageEvent::Opened { peer, channel: id } => channel("ChannelOpened", *peer, *id),
        MessageEvent::Closed { peer, channel: id } => channel("ChannelClosed", *peer, *id),
        MessageEvent::Unasked { peer, channel: id, nonce } => {
            channel("ResponseUnasked", *peer, *id).with("nonce", nonce)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{Address, Amount, BlockNumber, Hash, Nonce, OperatorId};
    use parity_scale_codec::Encode;

    #[test]
    fn events_have_names_and_fields() {
        let nominated = DomainsEvent::Nominated {
            operator: OperatorId(3),
            nominator: Address([1; 32]),
            amount: Amount::ai3(2),
        };
        let invalid = DomainsEvent::BundleMarkedInvalid {
            domain: DomainId(2),
            number: BlockNumber(9),
            bundle: Hash::ZERO,
            operator: OperatorId(3),
            reason: InvalidBundle::IllegalTx(4),
        };
        let payload =
            Payload::Transfer { from: Address([1; 32]), to: Address([2; 32]), amount: Amount::ai3(1) };
        let sent = Message {
            src: DomainId::CONSENSUS,
            dst: DomainId(1),
            channel: ChannelId(0),
            nonce: Nonce(7),
            received: Nonce(0),
            payload,
        };
        let sent = DomainsEvent::Message(Box::new(MessageEvent::Sent(Box::new(sent))));
        let found = decoded(&[nominated.encode(), invalid.encode(), sent.encode()]);
        let names: Vec<_> = found.iter().map(|happening| happening.name).collect();
        assert_eq!(names, ["Nominated", "BundleMarkedInvalid", "MessageSent"]);
        assert_eq!((found[0].field("amount"), found[0].domain()), (Some("2000000000000000000"), None));
        assert_eq!((found[1].field("reason"), found[1].domain()), (Some("illegal extrinsic 4"), Some(2)));
        assert_eq!((found[2].field("kind"), found[2].domain()), (Some("Transfer"), Some(1)));
    }

    #[test]
    fn what_cannot_be_decoded_keeps_its_bytes() {
        let trailing = [DomainsEvent::AllowListUpdated { domain: DomainId(1) }.encode(), vec![0]].concat();
        for bytes in [vec![0xff], Vec::new(), trailing] {
            let found = decoded(std::slice::from_ref(&bytes));
            assert_eq!((found.len(), found[0].name), (1, "Undecoded"));
            assert_eq!(found[0].field("bytes"), Some(format!("0x{}", hex::encode(&bytes)).as_str()));
        }
    }
}
