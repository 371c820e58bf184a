//! Calls on the domains of the consensus chain, as names and fields.

use crate::described::Described;
use auto_core::{Call, DomainId, OperatorAllowList, OperatorId, decode_strict};
use auto_domains::fraud::FraudKind;
use auto_domains::{DomainsCall, Withdraw};

/// A call of a module of the consensus chain; `None` when it is none that this build knows.
pub(crate) fn decoded(module: u16, payload: &[u8]) -> Option<Described> {
    if module != auto_domains::MODULE.0 {
        return None;
    }
    let call = decode_strict(payload, Call::PAYLOAD_MAX);
    Some(call.map_or_else(|_| Described::undecoded(payload), |call| named(&call)))
}

fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

fn about(name: &'static str, domain: DomainId) -> Described {
    Described::new(name).with("domain", domain)
}

fn of(name: &'static str, operator: OperatorId) -> Described {
    Described::new(name).with("operator", operator)
}

fn operators(list: &OperatorAllowList) -> String {
    match list {
        OperatorAllowList::Anyone => "anyone".to_owned(),
        OperatorAllowList::Owners(owners) => {
            owners.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What a fraud proof shows to be wrong.
fn fraud(kind: &FraudKind) -> &'static str {
    match kind {
        FraudKind::StateTransition { .. } => "state transition",
        FraudKind::TraceLength { .. } => "trace length",
        FraudKind::ValidBundle { .. } => "valid bundle",
        FraudKind::ExtrinsicsRoot { .. } => "extrinsics root",
        FraudKind::InvalidBundle { is_true: true, .. } => "invalid bundle taken for valid",
        FraudKind::InvalidBundle { is_true: false, .. } => "valid bundle taken for invalid",
        FraudKind::BlockHash => "block hash",
        FraudKind::Fees { .. } => "fees",
        FraudKind::Transfers { .. } => "transfers",
    }
}

fn named(call: &DomainsCall) -> Described {
    use DomainsCall as C;
    match call {
        C::RegisterRuntime { name, version, .. } => {
            Described::new("RegisterRuntime").with("name", text(name)).with("version", version)
        }
        C::UpgradeRuntime { runtime, name, version, at } => Described::new("UpgradeRuntime")
            .with("runtime", runtime)
            .with("name", text(name))
            .with("version", version)
            .with("at", at),
        C::InstantiateDomain { runtime, config, accounts, .. } => Described::new("InstantiateDomain")
            .with("runtime", runtime)
            .with("name", text(&config.name))
            .with("accounts", accounts.len()),
        C::UpdateAllowList { domain, operators: list } => {
            about("UpdateAllowList", *domain).with("operators", operators(list))
        }
        C::SubmitFraudProof(proof) => about("SubmitFraudProof", proof.domain)
            .with("receipt", proof.bad_receipt)
            .with("kind", fraud(&proof.kind)),
        C::TransferToDomain { domain, channel, to, amount } => about("TransferToDomain", *domain)
            .with("channel", channel)
            .with("to", to)
            .with("amount", amount.base_units()),
        C::OpenChannel { domain } => about("OpenChannel", *domain),
        C::CloseChannel { domain, channel } => about("CloseChannel", *domain).with("channel", channel),
        C::RelayMessage(relay) => crate::happening::says(
            about("RelayMessage", relay.message.src)
                .with("channel", relay.message.channel)
                .with("nonce", relay.message.nonce),
            &relay.message.payload,
        ),
        C::FreezeDomain { domain } => about("FreezeDomain", *domain),
        C::UnfreezeDomain { domain } => about("UnfreezeDomain", *domain),
        other => staking(other),
    }
}

/// Calls of operators and nominators.
fn staking(call: &DomainsCall) -> Described {
    use DomainsCall as C;
    match call {
        C::RegisterOperator { domain, key, stake, nomination_min, tax_percent, .. } => {
            about("RegisterOperator", *domain)
                .with("key", key)
                .with("stake", stake.base_units())
                .with("nominationMin", nomination_min.base_units())
                .with("taxPercent", tax_percent)
        }
        C::Nominate { operator, amount } => of("Nominate", *operator).with("amount", amount.base_units()),
        C::Withdraw { operator, amount } => {
            let told = of("Withdraw", *operator);
            match amount {
                Withdraw::All => told.with("amount", "all"),
                Withdraw::Shares(shares) => told.with("shares", shares),
            }
        }
        C::Unlock { operator } => of("Unlock", *operator),
        C::DeregisterOperator { operator } => of("DeregisterOperator", *operator),
        C::UnlockNominator { operator } => of("UnlockNominator", *operator),
        C::DeactivateOperator { operator } => of("DeactivateOperator", *operator),
        C::ReactivateOperator { operator } => of("ReactivateOperator", *operator),
        _ => Described::new("Unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{Address, Amount, ChannelId, Hash};
    use auto_domains::FraudProof;
    use parity_scale_codec::Encode;

    fn told(call: &DomainsCall) -> Described {
        decoded(auto_domains::MODULE.0, &call.encode()).expect("of the domains")
    }

    #[test]
    fn calls_have_names_and_fields() {
        let sent = told(&DomainsCall::TransferToDomain {
            domain: DomainId(2),
            channel: ChannelId(0),
            to: Address([1; 32]),
            amount: Amount::ai3(2),
        });
        assert_eq!((sent.name, sent.domain()), ("TransferToDomain", Some(2)));
        assert_eq!(sent.field("amount"), Some("2000000000000000000"));
        let nominated = told(&DomainsCall::Nominate { operator: OperatorId(3), amount: Amount::ai3(1) });
        assert_eq!((nominated.name, nominated.domain()), ("Nominate", None));
        assert_eq!(nominated.field("operator"), Some("3"));
        let all = told(&DomainsCall::Withdraw { operator: OperatorId(3), amount: Withdraw::All });
        assert_eq!(all.field("amount"), Some("all"));
        let proof =
            FraudProof { domain: DomainId(1), bad_receipt: Hash([4; 32]), kind: FraudKind::BlockHash };
        let proof = told(&DomainsCall::SubmitFraudProof(Box::new(proof)));
        assert_eq!((proof.field("kind"), proof.domain()), (Some("block hash"), Some(1)));
    }

    #[test]
    fn staking_calls_have_names_of_their_own() {
        let operator = OperatorId(1);
        let calls = [
            DomainsCall::Unlock { operator },
            DomainsCall::DeregisterOperator { operator },
            DomainsCall::UnlockNominator { operator },
            DomainsCall::DeactivateOperator { operator },
            DomainsCall::ReactivateOperator { operator },
        ];
        let names: Vec<_> = calls.iter().map(|call| told(call).name).collect();
        let expected =
            ["Unlock", "DeregisterOperator", "UnlockNominator", "DeactivateOperator", "ReactivateOperator"];
        assert_eq!(names, expected);
    }

    #[test]
    fn other_modules_are_left_alone_and_junk_keeps_its_bytes() {
        assert_eq!(decoded(77, &[1, 2]), None);
        for junk in [
            vec![0xff, 1],
            Vec::new(),
            [DomainsCall::Unlock { operator: OperatorId(1) }.encode(), vec![0]].concat(),
        ] {
            let told = decoded(auto_domains::MODULE.0, &junk).expect("of the domains");
            assert_eq!(told.name, "Undecoded");
            assert_eq!(told.field("bytes"), Some(format!("0x{}", hex::encode(&junk)).as_str()));
        }
    }
}
