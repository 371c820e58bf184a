//! One domain with operators and nominators, and books that are compared after every step.

mod cases;
mod loops;
mod slashing;

use super::pool::existing;
use super::*;
use crate::election::{FACTOR_ONE, OperatorPair};
use crate::state::{
    DOMAIN, DomainRecord, EPOCH, Epoch, HELD, Held, NOMINATION, NOMINATOR_AT, OPERATOR, OPERATOR_COUNT,
    OperatorRecord,
};
use crate::{DomainsEvent, Withdraw, transfers, view};
use auto_core::{
    Address, Amount, Blob, BlockNumber, DomainConfig, DomainId, Genesis, GenesisAccount, Hash, HistorySize,
    List, OperatorAllowList, OperatorId, Preset, ProtocolParams, PublicKey, RuntimeId, Slot, SolutionRange,
};
use auto_ledger::{BlockContext, NoExtension, ParentBlock, Rules, account, genesis_state, issuance};
use auto_module::Contents;
use auto_state::{Overlay, StateWrite};

/// The domain of these tests.
const DOMAIN_ID: DomainId = DomainId(1);
/// Accounts of these tests: address `[n; 32]` for every `n` below.
const ACCOUNTS: u8 = 200;
/// What each of them starts with.
const START: u128 = 1_000_000_000_000;

static EMPTY: Contents = Contents::new();

fn units(units: u128) -> Amount {
    Amount::from_base_units(units)
}

fn who(n: u8) -> Address {
    Address([n; 32])
}

/// Parameters with prices of single units, so that every rounding shows.
fn small() -> ProtocolParams {
    ProtocolParams {
        operator_stake_min: units(1000),
        nominator_stake_min: units(1),
        existential_deposit: units(1),
        ..ProtocolParams::preset(Preset::Test)
    }
}

struct World {
    rules: Rules,
    cx: BlockContext,
    state: Overlay<'static, Contents>,
}

impl World {
    fn new(params: ProtocolParams) -> Self {
        let accounts = (0..ACCOUNTS).map(|n| GenesisAccount { address: who(n), balance: units(START) });
        let accounts = List::new(accounts.collect()).expect("few");
        let genesis = Genesis::new(params.clone(), accounts);
        let mut state = Overlay::new(&EMPTY);
        for (key, value) in genesis_state(&genesis, &NoExtension).expect("a genesis") {
            state.put(&key, value.expect("genesis removes nothing"));
        }
        let config = DomainConfig {
            name: Blob::new(b"test".to_vec()).expect("short"),
            bundle_bytes_max: 1000,
            bundle_weight_max: 1000,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        };
        let record = DomainRecord {
            owner: who(99),
            config,
            runtime: RuntimeId(0),
            created: BlockNumber(0),
            deposit: Amount::ZERO,
            frozen: false,
            head: BlockNumber(0),
            head_receipt: BlockNumber(0),
            head_receipt_hash: Hash::ZERO,
            confirmed: BlockNumber(0),
            receipt_at: BlockNumber(0),
            range: u64::MAX,
        };
        DOMAIN.put(&mut state, &DOMAIN_ID, &record);
        EPOCH.put(&mut state, &DOMAIN_ID, &Epoch { availability_factor: FACTOR_ONE, ..Epoch::default() });
        let parent = ParentBlock {
            number: BlockNumber(0),
            hash: Hash::ZERO,
            state_root: Hash::ZERO,
            mmr_root: Hash::ZERO,
        };
        let cx = BlockContext {
            number: BlockNumber(1),
            farmer: PublicKey([7; 32]),
            reward_address: who(7),
            solution_range: SolutionRange(2),
            history_size: HistorySize::ONE,
            parent,
            mmr_root: Hash::ZERO,
            slot: Slot(0),
            future_slot: Slot(4),
            outputs: Vec::new(),
            randomness: Hash::ZERO,
        };
        Self { rules: Rules::plain(params, Hash([3; 32])), cx, state }
    }

    fn registration(n: u8, stake: u128, tax_percent: u8) -> Registration {
        let key = OperatorPair::from_secret(&[n; 32]).key();
        Registration { domain: DOMAIN_ID, key, stake: units(stake), nomination_min: units(1), tax_percent }
    }

    fn try_register(&mut self, n: u8, registration: &Registration) -> Result<OperatorId, StakingError> {
        let possession =
            OperatorPair::from_secret(&[n; 32]).prove_possession(&self.rules.genesis, DOMAIN_ID, &who(n));
        register(&self.rules, &self.cx, &who(n), registration, &possession, &mut self.state)?;
        Ok(OperatorId(OPERATOR_COUNT.get(&self.state)?.expect("one at least").0 - 1))
    }

    fn register(&mut self, n: u8, stake: u128, tax_percent: u8) -> OperatorId {
        let id = self.try_register(n, &Self::registration(n, stake, tax_percent)).expect("registers");
        self.check();
        id
    }

    /// A world with one operator of account 0 that takes part.
    fn with_operator(stake: u128, tax_percent: u8) -> (Self, OperatorId) {
        let mut world = Self::new(small());
        let id = world.register(0, stake, tax_percent);
        (world, id)
    }

    fn nominate(&mut self, n: u8, id: OperatorId, amount: u128) -> Result<(), StakingError> {
        atomic(&mut self.state, |state| nominate(&self.rules, &who(n), id, units(amount), state))?;
        self.check();
        Ok(())
    }

    fn withdraw(&mut self, n: u8, id: OperatorId, amount: Withdraw) -> Result<(), StakingError> {
        atomic(&mut self.state, |state| withdraw(&self.rules, &who(n), id, amount, state))?;
        self.check();
        Ok(())
    }

    fn unlock(&mut self, n: u8, id: OperatorId) -> Result<(), StakingError> {
        atomic(&mut self.state, |state| unlock(&self.rules, &who(n), id, state))?;
        self.check();
        Ok(())
    }

    fn unlock_nominator(&mut self, n: u8, id: OperatorId) -> Result<(), StakingError> {
        atomic(&mut self.state, |state| unlock_nominator(&self.rules, &who(n), id, state))?;
        self.check();
        Ok(())
    }

    /// New money arrives, as if a domain had earned it, and is paid to an operator.
    fn reward(&mut self, id: OperatorId, amount: u128) {
        auto_ledger::issue(&mut self.state, units(amount)).expect("fits");
        reward(&mut self.state, id, units(amount)).expect("known");
        self.check();
    }

    /// The fund pays for a bundle; the money goes to account 99, as the author of the block.
    fn pay(&mut self, id: OperatorId, fee: u128) -> Result<(), StakingError> {
        let (state, slot) = (&mut self.state, self.cx.slot);
        pay_storage(state, id, units(fee))?;
        on_bundle(state, id, slot, units(fee))?;
        auto_ledger::credit(state, &self.rules.params, &who(99), units(fee)).expect("an account");
        self.check();
        Ok(())
    }

    /// A bundle is settled; what comes back is new money.
    fn refund(&mut self, id: OperatorId, paid: u128, amount: u128) {
        auto_ledger::issue(&mut self.state, units(amount)).expect("fits");
        refund_storage(&mut self.state, id, units(paid), units(amount)).expect("known");
        self.check();
    }

    fn domain(&mut self, change: impl FnOnce(&mut DomainRecord)) {
        let mut record = DOMAIN.get(&self.state, &DOMAIN_ID).expect("readable").expect("exists");
        change(&mut record);
        DOMAIN.put(&mut self.state, &DOMAIN_ID, &record);
    }

    /// The domain grows by one block; with `confirm` all blocks up to it are confirmed.
    fn grow(&mut self, confirm: bool) {
        self.domain(|record| {
            record.head.0 += 1;
            if confirm {
                record.confirmed = record.head;
            }
        });
    }

    fn end_epoch(&mut self) -> Vec<DomainsEvent> {
        let events = end_epoch(&self.rules, &self.cx, &mut self.state, DOMAIN_ID).expect("ends");
        self.check();
        events
    }

    fn record(&self, id: OperatorId) -> OperatorRecord {
        OPERATOR.get(&self.state, &id).expect("readable").expect("exists")
    }

    fn epoch(&self) -> Epoch {
        EPOCH.get(&self.state, &DOMAIN_ID).expect("readable").expect("exists")
    }

    fn balance(&self, n: u8) -> u128 {
        account(&self.state, &who(n)).expect("readable").balance.base_units()
    }

    fn position(&self, id: OperatorId, n: u8) -> Option<view::Position> {
        view::position(&self.state, id, &who(n)).expect("readable")
    }

    fn nominators(&self, id: OperatorId) -> Vec<Address> {
        view::nominators(&self.state, id, 0, u32::MAX).expect("readable")
    }

    /// Compares the books: what exists is what accounts and pools hold, and each sum is that of its parts.
    fn check(&self) {
        let held = HELD.get(&self.state).expect("readable").unwrap_or_default();
        let accounts: u128 = (0..ACCOUNTS).map(|n| self.balance(n)).sum();
        let total = issuance(&self.state).expect("readable").total.base_units();
        let all = transfers::held_total(&held).expect("fits").base_units();
        assert_eq!(accounts + all, total, "money was made or lost");
        let mut parts = Held { withdrawals: held.withdrawals, ..Held::default() };
        let count = OPERATOR_COUNT.get(&self.state).expect("readable").unwrap_or_default();
        let mut listed = Amount::ZERO;
        for id in (0..count.0).map(OperatorId) {
            let record = self.record(id);
            parts.stakes = parts.stakes.checked_add(staked(&record).expect("fits")).expect("fits");
            parts.funds = parts.funds.checked_add(record.storage_fund).expect("fits");
            let mut shares = 0;
            for (at, address) in self.nominators(id).into_iter().enumerate() {
                let own = NOMINATION.get(&self.state, &(id, address)).expect("readable").expect("listed");
                assert_eq!(usize::try_from(own.at), Ok(at));
                let seen = view::position(&self.state, id, &address).expect("readable").expect("listed");
                shares += seen.shares;
                if let Some(leaving) = own.leaving
                    && seen.withdrawals.iter().any(|one| one.locked_until.is_none())
                {
                    shares += doubled(leaving.shares, leaving.scale, record.share_scale).expect("fits");
                    listed = listed.checked_add(leaving.fund).expect("fits");
                }
                for one in seen.withdrawals.iter().filter(|one| one.locked_until.is_some()) {
                    listed = listed.checked_add(one.amount).expect("fits");
                }
            }
            assert!(shares <= record.shares, "more shares than the pool has");
            assert!(NOMINATOR_AT.get(&self.state, &(id, record.nominators)).expect("readable").is_none());
            assert!(record.shares >= record.stake.base_units().saturating_sub(1000), "a share is too dear");
        }
        assert_eq!(parts, Held { in_transit: held.in_transit, ..held });
        // What rounding keeps back waits with the prices.
        assert!(listed <= held.withdrawals, "more withdrawals than are held");
    }

    /// Converts what waits for all nominators; then shares and withdrawals add up exactly.
    fn settle_all(&mut self, id: OperatorId) {
        let mut record = self.record(id);
        let (mut shares, mut fund_shares, mut out) = (0, 0, Amount::ZERO);
        for address in self.nominators(id) {
            let own = existing(&mut self.state, id, &mut record, &address).expect("listed");
            NOMINATION.put(&mut self.state, &(id, address), &own);
        }
        for address in self.nominators(id) {
            let own = existing(&mut self.state, id, &mut record, &address).expect("listed");
            shares += own.shares;
            fund_shares += own.fund_shares + own.deposit.map_or(0, |deposit| deposit.fund_shares);
            for one in own.withdrawals.iter() {
                out = out.checked_add(one.amount).expect("fits");
            }
            if let Some(leaving) = own.leaving {
                shares += doubled(leaving.shares, leaving.scale, record.share_scale).expect("fits");
                out = out.checked_add(leaving.fund).expect("fits");
            }
        }
        OPERATOR.put(&mut self.state, &id, &record);
        assert_eq!(shares, record.shares);
        assert!(fund_shares <= record.fund_shares);
        assert_eq!(out, HELD.get(&self.state).expect("readable").unwrap_or_default().withdrawals);
        self.check();
    }
}

/// Runs a call as a block does: an error leaves no trace.
fn atomic<T>(
    state: &mut Overlay<'static, Contents>,
    call: impl FnOnce(&mut dyn StateWrite) -> Result<T, StakingError>,
) -> Result<T, StakingError> {
    state.checkpoint();
    let result = call(state);
    if result.is_ok() {
        state.accept()
    } else {
        state.revert()
    };
    result
}
