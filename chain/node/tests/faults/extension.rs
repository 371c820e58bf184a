//! A small extension of the chain: it takes submissions whose slot and output it knows, each once, and
//! counts calls and blocks.

use auto_core::{
    Address, Amount, BlockFees, BlockNumber, Call, DomainId, ErrorCode, ExecutionReceipt, Genesis, Hash,
    List, ModuleId, OperatorId, OperatorSignature, PotOutput, ProofOfElection, SealedReceipt, Slot,
    Submission, Transaction, Transfers, VrfSignature,
};
use auto_ledger::{BlockContext, Extension, ExtensionError, Rules, issue};
use auto_state::{StateRead, StateWrite};
use parity_scale_codec::{Decode, Encode};
use std::sync::Arc;

/// Module of its calls.
pub(crate) const TALLY: ModuleId = ModuleId(1);
/// A domain whose submissions no block may hold.
pub(crate) const REFUSED: DomainId = DomainId(98);
/// What a submission pays, in base units.
pub(crate) const FEE: u128 = 1000;

const HELD: &[u8] = b"tally/held";

#[derive(Debug, thiserror::Error)]
#[error("refused: {0}")]
struct Refused(&'static str);

impl ErrorCode for Refused {
    fn code(&self) -> &'static str {
        "TLY-0001"
    }
}

fn refused(what: &'static str) -> ExtensionError {
    ExtensionError::refused(&Refused(what))
}

#[derive(Debug)]
struct Tally;

pub(crate) fn extension() -> Arc<dyn Extension> {
    Arc::new(Tally)
}

fn slot_key(slot: Slot) -> Vec<u8> {
    [b"tally/slot/".as_slice(), &slot.0.to_le_bytes()].concat()
}

pub(crate) fn taken_key(submission: &Hash) -> Vec<u8> {
    [b"tally/taken/".as_slice(), submission.as_ref()].concat()
}

fn held(state: &(impl StateRead + ?Sized)) -> Result<Amount, ExtensionError> {
    let stored = state.get(HELD)?.unwrap_or_default();
    Ok(Amount::decode(&mut &stored[..]).unwrap_or_default())
}

/// A receipt of an operator that claims a slot.
pub(crate) fn submission(
    domain: u32,
    operator: u64,
    slot: Slot,
    proof_of_time: PotOutput,
    number: u64,
) -> Submission {
    let domain = DomainId(domain);
    let vrf = VrfSignature { pre_output: [1; 32], proof: [2; 64] };
    let election = ProofOfElection { domain, operator: OperatorId(operator), slot, proof_of_time, vrf };
    let receipt = ExecutionReceipt {
        domain,
        number: BlockNumber(number),
        block_hash: Hash::ZERO,
        extrinsics_root: Hash::ZERO,
        parent_receipt: Hash::ZERO,
        consensus_number: BlockNumber(0),
        consensus_hash: Hash::ZERO,
        bundles: List::default(),
        final_state_root: Hash::ZERO,
        trace: List::default(),
        trace_root: Hash::ZERO,
        fees: BlockFees::default(),
        transfers: Transfers::default(),
    };
    let signature = OperatorSignature([5; 64]);
    Submission::Receipt(Box::new(SealedReceipt { election, receipt, signature }))
}

/// A call of the extension.
pub(crate) fn count_call(text: &[u8]) -> Call {
    Call { module: TALLY, payload: auto_core::Blob::new(text.to_vec()).expect("short") }
}

impl Extension for Tally {
    // Nothing, so that the genesis block, and with it who wins which slot, is that of a plain chain.
    fn genesis(&self, _: &Genesis, _: &mut dyn StateWrite) -> Result<(), ExtensionError> {
        Ok(())
    }

    fn module(&self) -> ModuleId {
        TALLY
    }

    fn check_call(&self, _: &Rules, _: &Transaction, payload: &[u8]) -> Result<(), ExtensionError> {
        if payload.is_empty() { Err(refused("an empty call")) } else { Ok(()) }
    }

    fn check_submission(&self, _: &Rules, submission: &Submission) -> Result<(), ExtensionError> {
        if submission.election().domain == DomainId::CONSENSUS { Err(refused("no domain")) } else { Ok(()) }
    }

    fn begin_block(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        // Nothing is wrong with the seam if slots follow one another and the claimed one is right.
        let outputs: Vec<u64> = cx.outputs.iter().map(|(slot, _)| slot.0).collect();
        if outputs.windows(2).any(|pair| pair[0] + 1 != pair[1])
            || outputs.last().is_some_and(|last| *last != cx.future_slot.0)
            || cx.slot.0 + rules.params.authoring_delay < cx.future_slot.0
        {
            return Err(refused("outputs that do not follow one another"));
        }
        if cx.number.0 == 1 {
            issue(state, Amount::ai3(1))?;
            state.put(HELD, Amount::ai3(1).encode());
        }
        for (slot, output) in &cx.outputs {
            state.put(&slot_key(*slot), output.0.to_vec());
        }
        Ok(vec![format!("begin {}", cx.number).into_bytes()])
    }

    fn apply_submission(
        &self,
        _: &Rules,
        cx: &BlockContext,
        submission: &Submission,
        state: &mut dyn StateWrite,
    ) -> Result<(Amount, Vec<Vec<u8>>), ExtensionError> {
        let election = submission.election();
        if election.domain == REFUSED || election.slot > cx.future_slot {
            return Err(refused("the domain or the slot"));
        }
        if state.get(&slot_key(election.slot))?.as_deref() != Some(&election.proof_of_time.0[..]) {
            return Err(refused("the output"));
        }
        let key = taken_key(&submission.hash());
        if state.get(&key)?.is_some() {
            return Err(refused("taken before"));
        }
        state.put(&key, cx.number.encode());
        let fee = Amount::from_base_units(FEE);
        let left = held(state)?.checked_sub(fee).ok_or_else(|| refused("nothing left"))?;
        state.put(HELD, left.encode());
        Ok((fee, vec![format!("submission {}", submission.receipt().number).into_bytes()]))
    }

    fn apply_call(
        &self,
        _: &Rules,
        _: &BlockContext,
        _: &Address,
        _: &Hash,
        payload: &[u8],
        _: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        if payload == b"fail" { Err(refused("as asked")) } else { Ok(vec![payload.to_vec()]) }
    }

    fn end_block(
        &self,
        _: &Rules,
        cx: &BlockContext,
        _: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        Ok(if cx.number.0.is_multiple_of(2) { vec![b"even".to_vec()] } else { Vec::new() })
    }

    fn held(&self, state: &dyn StateRead) -> Result<Amount, ExtensionError> {
        held(state)
    }
}
