//! Calls and events of the modules that domains run, as names and fields.

pub(crate) mod agents;
pub(crate) mod autoid;

use crate::described::Described;
use crate::happening::{messaging, says};
use ::autoid::Autoid;
use auto_agents::Agents;
use auto_core::{Call, DomainId, ModuleId, decode_strict};
use auto_module::bank::{self, Bank};
use auto_module::messages::{self, Message, Messages};
use auto_module::{Module, RuntimeEvent};
use parity_scale_codec::{Decode, DecodeAll};

/// The name of a module for people; none when this build does not know it.
pub(crate) fn name(module: ModuleId) -> Option<&'static str> {
    if module == RuntimeEvent::MODULE { Some("runtime") } else { auto_registry::name(module) }
}

/// A call on a domain. What this build cannot decode keeps its bytes.
pub(crate) fn called(call: &Call) -> Described {
    let named = match call.module {
        Bank::ID => read(&call.payload, bank_call),
        Messages::ID => read(&call.payload, message_call),
        Autoid::ID => read(&call.payload, autoid::called),
        Agents::ID => read(&call.payload, agents::called),
        _ => None,
    };
    named.unwrap_or_else(|| Described::undecoded(&call.payload))
}

/// An event of a domain. What this build cannot decode keeps its bytes.
pub(crate) fn happened(module: ModuleId, payload: &[u8]) -> Described {
    let named = match module {
        Bank::ID => decode_all(payload).map(|event| bank_event(&event)),
        Messages::ID => decode_all(payload).map(|event| messaging(&event, about, channel)),
        Autoid::ID => decode_all(payload).map(|event| autoid::happened(&event)),
        Agents::ID => decode_all(payload).map(|event| agents::happened(&event)),
        RuntimeEvent::MODULE => decode_all(payload).map(|event| runtime_event(&event)),
        _ => None,
    };
    named.unwrap_or_else(|| Described::undecoded(payload))
}

fn decode_all<T: Decode>(payload: &[u8]) -> Option<T> {
    T::decode_all(&mut &payload[..]).ok()
}

fn read<T: Decode>(payload: &[u8], describe: impl Fn(&T) -> Described) -> Option<Described> {
    decode_strict(payload, Call::PAYLOAD_MAX).ok().map(|call| describe(&call))
}

/// A message by the two chains that it is between; 0 is the consensus chain.
pub(crate) fn about(name: &'static str, message: &Message) -> Described {
    let told = Described::new(name)
        .with("source", message.src)
        .with("destination", message.dst)
        .with("channel", message.channel)
        .with("nonce", message.nonce);
    says(told, &message.payload)
}

fn channel(name: &'static str, peer: DomainId, channel: auto_core::ChannelId) -> Described {
    Described::new(name).with("chain", peer).with("channel", channel)
}

fn bank_call(call: &bank::Call) -> Described {
    let bank::Call::Transfer(bank::Transfer { to, amount }) = call;
    Described::new("Transfer").with("to", to).with("amount", amount.base_units())
}

fn message_call(call: &messages::Call) -> Described {
    match call {
        messages::Call::Open(messages::Open { chain }) => Described::new("OpenChannel").with("chain", chain),
        messages::Call::Close(messages::Close { chain, channel: id }) => channel("CloseChannel", *chain, *id),
        messages::Call::Transfer(messages::Transfer { chain, channel: id, to, amount }) => {
            channel("TransferOut", *chain, *id).with("to", to).with("amount", amount.base_units())
        }
    }
}

fn bank_event(event: &bank::Event) -> Described {
    let bank::Event::Transferred { from, to, amount } = event;
    Described::new("Transferred").with("from", from).with("to", to).with("amount", amount.base_units())
}

fn runtime_event(event: &RuntimeEvent) -> Described {
    let RuntimeEvent::EndBlockFailed { module, code } = event;
    Described::new("EndBlockFailed").with("module", module).with("code", String::from_utf8_lossy(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{Address, Amount, Blob, ChannelId, Nonce};
    use auto_module::messages::Payload;
    use parity_scale_codec::Encode;

    fn call(module: ModuleId, payload: Vec<u8>) -> Call {
        Call { module, payload: Blob::new(payload).expect("short") }
    }

    #[test]
    fn calls_of_domains_have_names_and_fields() {
        let (to, amount) = (Address([2; 32]), Amount::ai3(3));
        let paid = called(&call(Bank::ID, bank::Call::Transfer(bank::Transfer { to, amount }).encode()));
        assert_eq!((paid.name, paid.field("amount")), ("Transfer", Some("3000000000000000000")));
        let out = messages::Transfer { chain: DomainId(2), channel: ChannelId(4), to, amount };
        let out = called(&call(Messages::ID, messages::Call::Transfer(out).encode()));
        assert_eq!(
            (out.name, out.field("chain"), out.field("channel")),
            ("TransferOut", Some("2"), Some("4"))
        );
    }

    #[test]
    fn a_message_names_both_of_its_chains() {
        let message = Message {
            src: DomainId(1),
            dst: DomainId(2),
            channel: ChannelId(0),
            nonce: Nonce(5),
            received: Nonce(0),
            payload: Payload::Transfer {
                from: Address([1; 32]),
                to: Address([2; 32]),
                amount: Amount::ai3(1),
            },
        };
        let event = messages::Event::Sent(Box::new(message));
        let told = happened(Messages::ID, &event.encode());
        assert_eq!(told.name, "MessageSent");
        for (name, value) in [("source", "1"), ("destination", "2"), ("nonce", "5"), ("kind", "Transfer")] {
            assert_eq!(told.field(name), Some(value));
        }
    }

    #[test]
    fn what_cannot_be_decoded_keeps_its_bytes() {
        let event =
            bank::Event::Transferred { from: Address([1; 32]), to: Address([2; 32]), amount: Amount::ai3(1) };
        let trailing = [event.encode(), vec![0]].concat();
        for (module, bytes) in
            [(Bank::ID, trailing), (ModuleId(999), vec![1]), (RuntimeEvent::MODULE, Vec::new())]
        {
            assert_eq!(happened(module, &bytes).name, "Undecoded");
            assert_eq!(called(&call(module, bytes.clone())).name, "Undecoded");
        }
        assert_eq!((name(Bank::ID), name(ModuleId(999))), (Some("bank"), None));
    }
}
