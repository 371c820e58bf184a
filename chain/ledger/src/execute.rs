//! Executing a block.

use crate::apply::{Event, apply};
use crate::call::BODY_OVERHEAD;
use crate::state::{earnings_key, put_account, put_byte_fees, put_earnings, put_issuance, put_usage, usage};
use crate::{
    ByteFees, CheckedTransaction, Earnings, Issuance, LedgerError, account, block_reward, byte_fee,
    byte_fees, earnings, fee::charge, is_equivocator, issuance,
};
use auto_core::{
    Address, Amount, BODY_TRANSACTIONS_MAX, BlockNumber, Hash, HistorySize, ProtocolParams, PublicKey,
    SolutionRange,
};
use auto_state::{Changes, Overlay, StateRead, StateWrite};

/// What execution takes from the block's header and consensus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockContext {
    /// Height of the block.
    pub number: BlockNumber,
    /// The key that seals the block.
    pub farmer: PublicKey,
    /// Who is paid for the block: the solution's reward address.
    pub reward_address: Address,
    /// The range that the block's solution had to meet.
    pub solution_range: SolutionRange,
    /// Length of the archived history once the block's segment headers are part of it.
    pub history_size: HistorySize,
}

/// How a transaction ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All calls took effect.
    Applied,
    /// No call took effect; fee and nonce stay.
    Failed {
        /// Position of the call that failed.
        call: usize,
        /// Why; its code is `ErrorCode::code`.
        error: LedgerError,
    },
}

/// What one transaction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutedTransaction {
    /// Hash of the transaction.
    pub hash: Hash,
    /// What its signer paid beside the calls.
    pub fee: Amount,
    /// How it ended.
    pub outcome: Outcome,
    /// What its calls did; empty unless applied.
    pub events: Vec<Event>,
}

/// Earnings of an earlier block that mature in this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payout {
    /// The block that earned them.
    pub number: BlockNumber,
    /// Who is paid.
    pub reward_address: Address,
    /// Fees and reward together.
    pub amount: Amount,
    /// Whether they were burned instead: the farmer equivocated, or the account would stay below the
    /// existential deposit.
    pub burned: bool,
}

/// What a block did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutedBlock {
    /// All changes of the state.
    pub changes: Changes,
    /// One entry per transaction, in order.
    pub transactions: Vec<ExecutedTransaction>,
    /// What the block earned; held until it matures.
    pub earnings: Earnings,
    /// The earlier earnings that matured.
    pub payout: Option<Payout>,
    /// The price in this block and in the next.
    pub byte_fees: ByteFees,
    /// The money that exists after the block.
    pub issuance: Issuance,
}

/// A block while it is executed, or built: transactions go in one by one.
///
/// An author offers transactions with [`BlockExecution::push`] and keeps those that are taken; the result
/// is the same as that of [`execute_block`] on what was taken.
pub struct BlockExecution<'a> {
    params: &'a ProtocolParams,
    cx: BlockContext,
    overlay: Overlay<'a, dyn StateRead + 'a>,
    price: Amount,
    bytes: u64,
    fees: Amount,
    executed: Vec<ExecutedTransaction>,
}

impl std::fmt::Debug for BlockExecution<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockExecution")
            .field("cx", &self.cx)
            .field("bytes", &self.bytes)
            .field("executed", &self.executed)
            .finish_non_exhaustive()
    }
}

impl<'a> BlockExecution<'a> {
    /// An empty block over the state of its parent.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn new(
        params: &'a ProtocolParams,
        state: &'a (dyn StateRead + 'a),
        cx: BlockContext,
    ) -> Result<Self, LedgerError> {
        let price = byte_fees(state)?.next;
        let overlay = Overlay::new(state);
        Ok(Self { params, cx, overlay, price, bytes: 0, fees: Amount::ZERO, executed: Vec::new() })
    }

    /// Bytes of the encoded body so far.
    #[must_use]
    pub fn body_bytes(&self) -> u64 {
        self.bytes.saturating_add(u64::try_from(BODY_OVERHEAD).unwrap_or(u64::MAX))
    }

    /// Executes the next transaction, or changes nothing.
    ///
    /// # Errors
    /// Why the block cannot hold the transaction ([`LedgerError::BodyTooLong`] when there is no room), or
    /// that the state cannot be read.
    pub fn push(&mut self, transaction: &CheckedTransaction) -> Result<&ExecutedTransaction, LedgerError> {
        let (actual, limit) =
            (self.body_bytes().saturating_add(transaction.bytes()), u64::from(self.params.block_bytes_max));
        if actual > limit || self.executed.len() >= BODY_TRANSACTIONS_MAX {
            return Err(LedgerError::BodyTooLong { actual, limit });
        }
        self.overlay.checkpoint();
        let result = execute(self.params, &mut self.overlay, self.cx.number, transaction, self.price)
            .and_then(|done| Ok((self.fees.checked_add(done.fee).ok_or(LedgerError::Overflow)?, done)));
        match result {
            Ok((fees, done)) => {
                self.overlay.accept();
                self.fees = fees;
                self.bytes = self.bytes.saturating_add(transaction.bytes());
                self.executed.push(done);
                self.executed.last().ok_or(LedgerError::Overflow)
            }
            Err(error) => {
                self.overlay.revert();
                Err(error)
            }
        }
    }

    /// Pays what matured, holds what the block earned, and sets the next price.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn finish(self) -> Result<ExecutedBlock, LedgerError> {
        let Self { params, cx, mut overlay, price, bytes, fees, executed } = self;
        let mut supply = issuance(&overlay)?;
        let payout = mature(params, &mut overlay, cx.number, &mut supply)?;
        let bytes = u32::try_from(bytes).map_err(|_| LedgerError::Overflow)?;
        let usage = usage(&overlay)?.after(cx.number, bytes);
        put_usage(&mut overlay, &usage);
        let remaining = params.reward_issuance.saturating_sub(supply.rewards);
        let reward = block_reward(params, cx.number, usage, price, remaining);
        let earnings = Earnings { farmer: cx.farmer, reward_address: cx.reward_address, fees, reward };
        earn(&mut overlay, cx.number, &earnings, &mut supply)?;
        put_issuance(&mut overlay, &supply);
        let next = byte_fee(params, supply.total, cx.solution_range, cx.history_size);
        let byte_fees = ByteFees { current: price, next };
        put_byte_fees(&mut overlay, &byte_fees);
        let changes = overlay.into_changes();
        Ok(ExecutedBlock { changes, transactions: executed, earnings, payout, byte_fees, issuance: supply })
    }
}

/// Executes a block's transactions, in order, over the state of its parent.
///
/// # Errors
/// [`LedgerError::InvalidTransaction`] with the first transaction that the block must not hold, or that
/// the state cannot be read.
pub fn execute_block(
    params: &ProtocolParams,
    state: &dyn StateRead,
    cx: &BlockContext,
    transactions: &[CheckedTransaction],
) -> Result<ExecutedBlock, LedgerError> {
    let mut execution = BlockExecution::new(params, state, *cx)?;
    for (index, transaction) in transactions.iter().enumerate() {
        execution
            .push(transaction)
            .map_err(|reason| LedgerError::InvalidTransaction { index, reason: Box::new(reason) })?;
    }
    execution.finish()
}

/// Charges a transaction and runs its calls together or not at all.
pub(crate) fn execute<R: StateRead + ?Sized>(
    params: &ProtocolParams,
    overlay: &mut Overlay<'_, R>,
    number: BlockNumber,
    transaction: &CheckedTransaction,
    byte_fee: Amount,
) -> Result<ExecutedTransaction, LedgerError> {
    let signer = transaction.signed().transaction.signer.address();
    let mut payer = account(overlay, &signer)?;
    let fee = charge(params, &payer, transaction, number, byte_fee)?;
    payer.balance = payer.balance.checked_sub(fee).ok_or(LedgerError::Overflow)?;
    payer.nonce = payer.nonce.checked_add(1).ok_or(LedgerError::Overflow)?;
    put_account(overlay, &signer, &payer);
    overlay.checkpoint();
    let mut events = Vec::with_capacity(transaction.calls().len());
    for (at, call) in transaction.calls().iter().enumerate() {
        match apply(params, overlay, number, &signer, call) {
            Ok(event) => events.push(event),
            // The node's own trouble is no outcome that other nodes would agree on.
            Err(error @ (LedgerError::State(_) | LedgerError::StateDamaged(_))) => return Err(error),
            Err(error) => {
                overlay.revert();
                let outcome = Outcome::Failed { call: at, error };
                return Ok(ExecutedTransaction { hash: transaction.hash(), fee, outcome, events: vec![] });
            }
        }
    }
    overlay.accept();
    Ok(ExecutedTransaction { hash: transaction.hash(), fee, outcome: Outcome::Applied, events })
}

/// Holds what a block earned. The fees leave the signers' balances, the reward is new money.
fn earn(
    state: &mut impl StateWrite,
    number: BlockNumber,
    earnings: &Earnings,
    supply: &mut Issuance,
) -> Result<(), LedgerError> {
    let sum = |a: Amount, b: Amount| a.checked_add(b).ok_or(LedgerError::Overflow);
    supply.rewards = sum(supply.rewards, earnings.reward)?;
    supply.total = sum(supply.total, earnings.reward)?;
    supply.held = sum(supply.held, sum(earnings.fees, earnings.reward)?)?;
    put_earnings(state, number, earnings);
    Ok(())
}

/// Pays or burns the earnings of the block at the confirmation depth.
fn mature(
    params: &ProtocolParams,
    state: &mut impl StateWrite,
    number: BlockNumber,
    supply: &mut Issuance,
) -> Result<Option<Payout>, LedgerError> {
    let Some(earned_at) = number.checked_sub(params.confirmation_depth) else { return Ok(None) };
    let Some(earned) = earnings(state, earned_at)? else { return Ok(None) };
    state.delete(&earnings_key(earned_at));
    let amount = earned.fees.checked_add(earned.reward).ok_or(LedgerError::Overflow)?;
    supply.held = supply.held.checked_sub(amount).ok_or(LedgerError::Overflow)?;
    let mut payee = account(state, &earned.reward_address)?;
    payee.balance = payee.balance.checked_add(amount).ok_or(LedgerError::Overflow)?;
    let burned = is_equivocator(state, &earned.farmer)? || payee.balance < params.existential_deposit;
    if burned {
        supply.total = supply.total.checked_sub(amount).ok_or(LedgerError::Overflow)?;
    } else if !amount.is_zero() {
        put_account(state, &earned.reward_address, &payee);
    }
    Ok(Some(Payout { number: earned_at, reward_address: earned.reward_address, amount, burned }))
}
