//! A small extension: a vault that accounts fill, from which submissions pay, and which logs every hook.

use auto_core::{
    Address, Amount, BlockFees, BlockNumber, DomainId, ErrorCode, ExecutionReceipt, Genesis, Hash, List,
    ModuleId, OperatorId, OperatorSignature, PotOutput, ProofOfElection, SealedReceipt, Slot, Submission,
    Transaction, Transfers, VrfSignature, decode_strict,
};
use auto_ledger::{
    BlockContext, EVENT_BYTES_MAX, Extension, ExtensionError, Rules, burn, byte_fees, credit, debit,
    earnings, issue,
};
use auto_state::{StateError, StateRead, StateWrite};
use parity_scale_codec::{Decode, Encode};

pub(crate) const VAULT: ModuleId = ModuleId(1);
/// A domain whose submissions are refused without the state.
pub(crate) const UNKNOWN: DomainId = DomainId(97);
/// A domain whose submissions are refused after they wrote.
pub(crate) const REFUSED: DomainId = DomainId(98);
/// A domain whose submissions find a damaged disk.
pub(crate) const DAMAGED: DomainId = DomainId(99);

const HELD: &[u8] = b"vault/held";
const LOG: &[u8] = b"vault/log";

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum VaultCall {
    Fill(Amount),
    Empty(Amount),
    Burn(Amount),
    Refuse,
    Damage,
    Shout,
    Forbidden,
}

#[derive(Debug, thiserror::Error)]
#[error("the vault refuses: {0}")]
pub(crate) struct Refused(pub(crate) &'static str);

impl ErrorCode for Refused {
    fn code(&self) -> &'static str {
        "VLT-0001"
    }
}

fn refused(what: &'static str) -> ExtensionError {
    ExtensionError::refused(&Refused(what))
}

fn damaged() -> ExtensionError {
    StateError::Source("the disk is gone".into()).into()
}

/// What the vault begins with, out of nothing.
#[derive(Debug, Default)]
pub(crate) struct Vault {
    pub(crate) endowment: Amount,
    /// A hook that refuses in every block.
    pub(crate) broken: Option<&'static str>,
    /// Whether genesis takes money from nowhere.
    pub(crate) cheats: bool,
}

pub(crate) fn log(state: &(impl StateRead + ?Sized)) -> String {
    String::from_utf8(state.get(LOG).expect("sound").unwrap_or_default()).expect("text")
}

fn note(state: &mut dyn StateWrite, entry: &str) -> Result<Vec<Vec<u8>>, ExtensionError> {
    let mut log = state.get(LOG)?.unwrap_or_default();
    log.extend_from_slice(entry.as_bytes());
    log.push(b' ');
    state.put(LOG, log);
    Ok(vec![entry.as_bytes().to_vec()])
}

fn held(state: &(impl StateRead + ?Sized)) -> Result<Amount, ExtensionError> {
    let stored = state.get(HELD)?.unwrap_or_default();
    Ok(Amount::decode(&mut &stored[..]).unwrap_or_default())
}

fn take(state: &mut dyn StateWrite, amount: Amount) -> Result<(), ExtensionError> {
    let left = held(state)?.checked_sub(amount).ok_or_else(|| refused("it is empty"))?;
    state.put(HELD, left.encode());
    Ok(())
}

fn put(state: &mut dyn StateWrite, amount: Amount) -> Result<(), ExtensionError> {
    let more = held(state)?.checked_add(amount).ok_or_else(|| refused("it is full"))?;
    state.put(HELD, more.encode());
    Ok(())
}

/// A submission that pays `fee` base units from the vault.
pub(crate) fn submission(domain: DomainId, number: u64, fee: u64) -> Submission {
    let vrf = VrfSignature { pre_output: [1; 32], proof: [2; 64] };
    let election = ProofOfElection {
        domain,
        operator: OperatorId(3),
        slot: Slot(fee),
        proof_of_time: PotOutput([4; 16]),
        vrf,
    };
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

impl Extension for Vault {
    fn genesis(&self, _: &Genesis, state: &mut dyn StateWrite) -> Result<(), ExtensionError> {
        if !self.cheats {
            issue(state, self.endowment)?;
        }
        put(state, self.endowment)
    }

    fn module(&self) -> ModuleId {
        VAULT
    }

    fn check_call(&self, _: &Rules, _: &Transaction, payload: &[u8]) -> Result<(), ExtensionError> {
        match decode_strict(payload, 64).map_err(|_| refused("it cannot be read"))? {
            VaultCall::Forbidden => Err(refused("it is forbidden")),
            _ => Ok(()),
        }
    }

    fn check_submission(&self, _: &Rules, submission: &Submission) -> Result<(), ExtensionError> {
        if submission.election().domain == UNKNOWN { Err(refused("unknown domain")) } else { Ok(()) }
    }

    fn begin_block(
        &self,
        _: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        if self.broken == Some("begin") {
            return Err(refused("to begin"));
        }
        note(state, &format!("begin{}", cx.number))
    }

    fn apply_submission(
        &self,
        _: &Rules,
        _: &BlockContext,
        submission: &Submission,
        state: &mut dyn StateWrite,
    ) -> Result<(Amount, Vec<Vec<u8>>), ExtensionError> {
        let fee = Amount::from_base_units(u128::from(submission.election().slot.0));
        take(state, fee)?;
        let events = note(state, &format!("submission{}", submission.receipt().number))?;
        match submission.election().domain {
            REFUSED => Err(refused("this domain")),
            DAMAGED => Err(damaged()),
            _ => Ok((fee, events)),
        }
    }

    fn apply_call(
        &self,
        rules: &Rules,
        _: &BlockContext,
        signer: &Address,
        _: &Hash,
        payload: &[u8],
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        match decode_strict(payload, 64).map_err(|_| refused("it cannot be read"))? {
            VaultCall::Fill(amount) => {
                debit(state, &rules.params, signer, amount)?;
                put(state, amount)?;
                note(state, "fill")
            }
            VaultCall::Empty(amount) => {
                take(state, amount)?;
                credit(state, &rules.params, signer, amount)?;
                note(state, "empty")
            }
            VaultCall::Burn(amount) => {
                take(state, amount)?;
                burn(state, amount)?;
                note(state, "burn")
            }
            VaultCall::Refuse => {
                note(state, "refuse")?;
                Err(refused("as asked"))
            }
            VaultCall::Damage => {
                note(state, "damage")?;
                Err(damaged())
            }
            VaultCall::Shout => Ok(vec![vec![b'a'; EVENT_BYTES_MAX + 1]]),
            VaultCall::Forbidden => Err(refused("it is forbidden")),
        }
    }

    fn end_block(
        &self,
        _: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        if self.broken == Some("end") {
            return Err(refused("to end"));
        }
        let earned = earnings(state, cx.number)?.is_some();
        let price = byte_fees(state)?.next;
        note(state, &format!("end{}:earned={earned}:price={}", cx.number, price.base_units()))
    }

    fn held(&self, state: &dyn StateRead) -> Result<Amount, ExtensionError> {
        held(state)
    }
}
