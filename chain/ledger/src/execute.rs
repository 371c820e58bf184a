//! Executing a block.

use crate::apply::{Event, apply, extension_events};
use crate::call::BODY_OVERHEAD;
use crate::state::{earnings_key, put_account, put_byte_fees, put_earnings, put_issuance, put_usage, usage};
use crate::{
    BlockContext, ByteFees, CheckedCall, CheckedSubmission, CheckedTransaction, Earnings, Issuance,
    LedgerError, Rules, account, block_reward, byte_fee, byte_fees, earnings, fee::charge, is_equivocator,
    issuance,
};
use auto_core::{
    Address, Amount, BODY_SUBMISSIONS_MAX, BODY_TRANSACTIONS_MAX, BlockNumber, Hash, ProtocolParams,
};
use auto_state::{Changes, Overlay, StateRead, StateWrite};

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

/// What one submission did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutedSubmission {
    /// Hash of the submission.
    pub hash: Hash,
    /// What its operator paid; part of the block's fees.
    pub fee: Amount,
    /// What the extension reports.
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
    /// What the extension did before the submissions.
    pub begun: Vec<Event>,
    /// One entry per submission, in order.
    pub submissions: Vec<ExecutedSubmission>,
    /// One entry per transaction, in order.
    pub transactions: Vec<ExecutedTransaction>,
    /// What the extension did at the end.
    pub ended: Vec<Event>,
    /// What the block earned; held until it matures.
    pub earnings: Earnings,
    /// The earlier earnings that matured.
    pub payout: Option<Payout>,
    /// The price in this block and in the next.
    pub byte_fees: ByteFees,
    /// The money that exists after the block.
    pub issuance: Issuance,
}

/// A block while it is executed, or built: submissions go in one by one, then transactions.
///
/// An author offers them with [`BlockExecution::push_submission`] and [`BlockExecution::push`] and keeps
/// those that are taken; the result is the same as that of [`execute_block`] on what was taken.
pub struct BlockExecution<'a> {
    rules: &'a Rules,
    cx: BlockContext,
    overlay: Overlay<'a, dyn StateRead + 'a>,
    price: Amount,
    bytes: u64,
    fees: Amount,
    begun: Vec<Event>,
    submissions: Vec<ExecutedSubmission>,
    executed: Vec<ExecutedTransaction>,
}

impl std::fmt::Debug for BlockExecution<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockExecution")
            .field("cx", &self.cx)
            .field("bytes", &self.bytes)
            .field("submissions", &self.submissions)
            .field("executed", &self.executed)
            .finish_non_exhaustive()
    }
}

impl<'a> BlockExecution<'a> {
    /// A block over the state of its parent, begun and without submissions and transactions.
    ///
    /// # Errors
    /// When the extension cannot begin the block, or the state cannot be read.
    pub fn new(
        rules: &'a Rules,
        state: &'a (dyn StateRead + 'a),
        cx: BlockContext,
    ) -> Result<Self, LedgerError> {
        let price = byte_fees(state)?.next;
        let mut overlay = Overlay::new(state);
        let begun = begin(rules, &cx, &mut overlay)?;
        let (submissions, executed) = (Vec::new(), Vec::new());
        Ok(Self { rules, cx, overlay, price, bytes: 0, fees: Amount::ZERO, begun, submissions, executed })
    }

    /// Bytes of the encoded body so far.
    #[must_use]
    pub fn body_bytes(&self) -> u64 {
        self.bytes.saturating_add(u64::try_from(BODY_OVERHEAD).unwrap_or(u64::MAX))
    }

    /// Executes the next submission, or changes nothing. Submissions come before transactions.
    ///
    /// # Errors
    /// Why the block cannot hold the submission ([`LedgerError::BodyTooLong`] when there is no room), or
    /// that the state cannot be read.
    pub fn push_submission(
        &mut self,
        submission: &CheckedSubmission,
    ) -> Result<&ExecutedSubmission, LedgerError> {
        if !self.executed.is_empty() {
            return Err(LedgerError::SubmissionTooLate);
        }
        self.room(submission.bytes(), self.submissions.len(), BODY_SUBMISSIONS_MAX)?;
        self.overlay.checkpoint();
        let result = self
            .rules
            .extension
            .apply_submission(self.rules, &self.cx, submission.submission(), &mut self.overlay)
            .map_err(LedgerError::Extension)
            .and_then(|(fee, events)| {
                let fees = self.fees.checked_add(fee).ok_or(LedgerError::Overflow)?;
                let events = extension_events(events)?;
                Ok((fees, ExecutedSubmission { hash: submission.hash(), fee, events }))
            });
        let (fees, done) = self.settle(result)?;
        self.fees = fees;
        self.bytes = self.bytes.saturating_add(submission.bytes());
        self.submissions.push(done);
        self.submissions.last().ok_or(LedgerError::Overflow)
    }

    /// Executes the next transaction, or changes nothing.
    ///
    /// # Errors
    /// Why the block cannot hold the transaction ([`LedgerError::BodyTooLong`] when there is no room), or
    /// that the state cannot be read.
    pub fn push(&mut self, transaction: &CheckedTransaction) -> Result<&ExecutedTransaction, LedgerError> {
        self.room(transaction.bytes(), self.executed.len(), BODY_TRANSACTIONS_MAX)?;
        self.overlay.checkpoint();
        let result = execute(self.rules, &self.cx, &mut self.overlay, transaction, self.price)
            .and_then(|done| Ok((self.fees.checked_add(done.fee).ok_or(LedgerError::Overflow)?, done)));
        let (fees, done) = self.settle(result)?;
        self.fees = fees;
        self.bytes = self.bytes.saturating_add(transaction.bytes());
        self.executed.push(done);
        self.executed.last().ok_or(LedgerError::Overflow)
    }

    /// Refuses what takes the body over its bytes, or a list of `count` over `most`.
    fn room(&self, bytes: u64, count: usize, most: usize) -> Result<(), LedgerError> {
        let actual = self.body_bytes().saturating_add(bytes);
        let limit = u64::from(self.rules.params.block_bytes_max);
        if actual > limit || count >= most { Err(LedgerError::BodyTooLong { actual, limit }) } else { Ok(()) }
    }

    /// Keeps what changed since the checkpoint, or drops it when it failed.
    fn settle<T>(&mut self, result: Result<T, LedgerError>) -> Result<T, LedgerError> {
        if result.is_ok() {
            self.overlay.accept()
        } else {
            self.overlay.revert()
        };
        result
    }

    /// Pays what matured, holds what the block earned, lets the extension end the block, and sets the next
    /// price.
    ///
    /// # Errors
    /// When the extension cannot end the block, or the state cannot be read.
    pub fn finish(self) -> Result<ExecutedBlock, LedgerError> {
        let Self { rules, cx, mut overlay, price, bytes, fees, begun, submissions, executed } = self;
        let params = &rules.params;
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
        let ended = rules.extension.end_block(rules, &cx, &mut overlay).map_err(LedgerError::Extension)?;
        let ended = extension_events(ended)?;
        let supply = issuance(&overlay)?;
        let next = byte_fee(params, supply.total, cx.solution_range, cx.history_size);
        let byte_fees = ByteFees { current: price, next };
        put_byte_fees(&mut overlay, &byte_fees);
        let changes = overlay.into_changes();
        Ok(ExecutedBlock {
            changes,
            begun,
            submissions,
            transactions: executed,
            ended,
            earnings,
            payout,
            byte_fees,
            issuance: supply,
        })
    }
}

/// Executes a block's submissions and transactions, in order, over the state of its parent.
///
/// # Errors
/// [`LedgerError::InvalidSubmission`] or [`LedgerError::InvalidTransaction`] with the first one that the
/// block must not hold, that the extension cannot begin or end the block, or that the state cannot be read.
pub fn execute_block(
    rules: &Rules,
    state: &dyn StateRead,
    cx: &BlockContext,
    submissions: &[CheckedSubmission],
    transactions: &[CheckedTransaction],
) -> Result<ExecutedBlock, LedgerError> {
    let mut execution = BlockExecution::new(rules, state, cx.clone())?;
    for (index, submission) in submissions.iter().enumerate() {
        execution
            .push_submission(submission)
            .map_err(|reason| LedgerError::InvalidSubmission { index, reason: Box::new(reason) })?;
    }
    for (index, transaction) in transactions.iter().enumerate() {
        execution
            .push(transaction)
            .map_err(|reason| LedgerError::InvalidTransaction { index, reason: Box::new(reason) })?;
    }
    execution.finish()
}

/// Lets the extension begin a block.
pub(crate) fn begin<R: StateRead + ?Sized>(
    rules: &Rules,
    cx: &BlockContext,
    overlay: &mut Overlay<'_, R>,
) -> Result<Vec<Event>, LedgerError> {
    extension_events(rules.extension.begin_block(rules, cx, overlay).map_err(LedgerError::Extension)?)
}

/// Charges a transaction and runs its calls together or not at all.
pub(crate) fn execute<R: StateRead + ?Sized>(
    rules: &Rules,
    cx: &BlockContext,
    overlay: &mut Overlay<'_, R>,
    transaction: &CheckedTransaction,
    byte_fee: Amount,
) -> Result<ExecutedTransaction, LedgerError> {
    let (params, number) = (&rules.params, cx.number);
    let signer = transaction.signed().transaction.signer.address();
    let mut payer = account(overlay, &signer)?;
    let fee = charge(params, &payer, transaction, number, byte_fee)?;
    payer.balance = payer.balance.checked_sub(fee).ok_or(LedgerError::Overflow)?;
    payer.nonce = payer.nonce.checked_add(1).ok_or(LedgerError::Overflow)?;
    put_account(overlay, &signer, &payer);
    overlay.checkpoint();
    let mut events = Vec::with_capacity(transaction.calls().len());
    for (at, call) in transaction.calls().iter().enumerate() {
        let result = match call {
            CheckedCall::Ledger(call) => {
                apply(params, overlay, number, &signer, call).map(|event| vec![event])
            }
            CheckedCall::Extension(payload) => rules
                .extension
                .apply_call(rules, cx, &signer, &transaction.hash(), payload, overlay)
                .map_err(LedgerError::Extension)
                .and_then(extension_events),
        };
        match result {
            Ok(more) => events.extend(more),
            // The node's own trouble is no outcome that other nodes would agree on.
            Err(error) if error.is_fatal() => {
                overlay.revert();
                return Err(error);
            }
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
