//! Lies about domains: the chain on which one can be told, and what the chain says of it.

use crate::error::{CliError, internal};
use auto_core::{BlockNumber, Call, Hash, InvalidBundle, ProtocolParams, decode_strict};
use auto_domains::fraud::{FraudKind, FraudProof, Phase};
use auto_domains::{DomainsCall, DomainsEvent};
use auto_node::NodeHandle;
use auto_operator::{Fault, Lie};

/// Makes parameters such that a lie can be told: while operators come one after the other, no epoch ends that
/// would put to rest who is away; and a bundle serves half of the signers at most where the lie is about that,
/// since no signer is out of range where one operator at a time is elected.
pub(crate) fn make_room_for(lie: Lie, params: &mut ProtocolParams) {
    params.staking_epoch = 1_000;
    if lie == Lie::AsValid(Fault::OutOfRange) {
        params.signer_range_max = u64::MAX / 2;
    }
}

/// What happened to the domains in a block, in order.
pub(crate) fn events(chain: &NodeHandle, number: u64) -> Result<Vec<DomainsEvent>, CliError> {
    let Some(block) = chain.block(BlockNumber(number))? else { return Ok(Vec::new()) };
    let told = chain.block_events(&block.id.hash)?;
    let transactions = told.transactions.into_iter().flat_map(|(_, events)| events);
    let submissions = told.submissions.into_iter().flatten();
    let all = told.begun.into_iter().chain(submissions).chain(transactions).chain(told.ended);
    all.map(|bytes| decode_strict(&bytes, bytes.len()).map_err(internal)).collect()
}

/// The proof that a block holds against a receipt.
pub(crate) fn proof_against(
    chain: &NodeHandle,
    number: u64,
    bad: Hash,
) -> Result<Option<FraudProof>, CliError> {
    let Some(block) = chain.block(BlockNumber(number))? else { return Ok(None) };
    for hash in block.transactions {
        let Some(signed) = chain.signed_transaction(&hash)? else { continue };
        for call in signed.transaction.calls.iter().filter(|call| call.module == auto_domains::MODULE) {
            match decode_strict::<DomainsCall>(&call.payload, Call::PAYLOAD_MAX) {
                Ok(DomainsCall::SubmitFraudProof(proof)) if proof.bad_receipt == bad => {
                    return Ok(Some(*proof));
                }
                _ => {}
            }
        }
    }
    Ok(None)
}

/// What a proof shows, in a few words.
pub(crate) fn kind_name(kind: &FraudKind) -> String {
    let reason = |reason: &InvalidBundle| match reason {
        InvalidBundle::UndecodableTx(_) => "undecodable",
        InvalidBundle::OutOfRangeTx(_) => "out of range",
        InvalidBundle::InherentExtrinsic(_) => "inherent",
        InvalidBundle::InvalidMessage(_) => "bad message",
        InvalidBundle::IllegalTx(_) => "illegal",
        InvalidBundle::InvalidWeight => "wrong weight",
    };
    match kind {
        FraudKind::StateTransition { phase: Phase::Initialize, .. } => {
            "state transition: initialize".to_owned()
        }
        FraudKind::StateTransition { phase: Phase::Apply { .. }, .. } => {
            "state transition: extrinsic".to_owned()
        }
        FraudKind::StateTransition { phase: Phase::Finalize, .. } => "state transition: finalize".to_owned(),
        FraudKind::TraceLength { .. } => "trace length".to_owned(),
        FraudKind::ValidBundle { .. } => "valid bundle".to_owned(),
        FraudKind::ExtrinsicsRoot { .. } => "extrinsics root".to_owned(),
        FraudKind::InvalidBundle { reason: rule, is_true: true, .. } => {
            format!("invalid bundle: is {}", reason(rule))
        }
        FraudKind::InvalidBundle { reason: rule, is_true: false, .. } => {
            format!("invalid bundle: is not {}", reason(rule))
        }
        FraudKind::BlockHash => "block hash".to_owned(),
        FraudKind::Fees { .. } => "fees".to_owned(),
        FraudKind::Transfers { .. } => "transfers".to_owned(),
    }
}
