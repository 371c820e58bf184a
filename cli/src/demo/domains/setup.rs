//! Who takes part in a dispute, and the chain that it is about.

use crate::frauds::make_room_for;
use auto_core::{
    Address, Amount, DomainId, Genesis, GenesisOperator, KeyPair, List, OperatorId, Preset, ProtocolParams,
};
use auto_operator::Lie;
use auto_sdk::{DevAccount, OperatorPair, dev_genesis};

/// The domain that is lied about.
pub(super) const DISPUTED: DomainId = DomainId(1);
/// The other one, in which nobody lies.
pub(super) const UNDISPUTED: DomainId = DomainId(2);
/// The operator that lies.
pub(super) const LIAR: OperatorId = OperatorId(0);
/// The operator that vouches for whatever the newest receipt is.
pub(super) const FOLLOWER: OperatorId = OperatorId(1);
/// The operator that is honest.
pub(super) const HONEST: OperatorId = OperatorId(2);

/// Who owns the liar.
const LIAR_OWNER: &str = "dave";
/// Who owns the follower.
const FOLLOWER_OWNER: &str = "erin";
/// Who owns the honest operator, in both domains.
const HONEST_OWNER: &str = "frank";
/// Who pays for the fraud proof, and has no other business.
const REPORTER: &str = "grace";
/// Who is paid for blocks.
const FARMER: &str = "farmer";
/// Who move money on the domains.
const USERS: [&str; 3] = ["alice", "bob", "carol"];
/// What the liar stakes, storage fund included.
const LIAR_STAKE: Amount = Amount::ai3(6_000);
/// What each of the others stakes.
const STAKE: Amount = Amount::ai3(10_000);
/// What each nominator adds.
pub(super) const NOMINATION: Amount = Amount::ai3(500);

/// An account of the development network, whose secrets are public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Party {
    account: DevAccount,
}

fn party(name: &str) -> Party {
    let account = DevAccount::named(name).expect("holds because the names of this file are those of the SDK");
    Party { account }
}

impl Party {
    pub(super) fn pair(self) -> KeyPair {
        self.account.pair()
    }

    pub(super) fn address(self) -> Address {
        self.pair().public_key().address()
    }

    /// Everyone who has an account.
    pub(super) fn all() -> Vec<Self> {
        DevAccount::all().into_iter().map(|account| Self { account }).collect()
    }

    pub(super) fn users() -> [Self; 3] {
        USERS.map(party)
    }

    pub(super) fn reporter() -> Self {
        party(REPORTER)
    }

    pub(super) fn farmer() -> Self {
        party(FARMER)
    }

    /// Who adds stake to the liar.
    pub(super) fn misled() -> Self {
        party(USERS[0])
    }

    /// Who adds stake to the honest operator.
    pub(super) fn prudent() -> Self {
        party(USERS[1])
    }

    /// The key of its operator in a domain.
    pub(super) fn operator_pair(self, domain: DomainId) -> OperatorPair {
        self.account.operator_pair(domain)
    }

    pub(super) fn liar() -> Self {
        party(LIAR_OWNER)
    }

    pub(super) fn follower() -> Self {
        party(FOLLOWER_OWNER)
    }

    pub(super) fn honest() -> Self {
        party(HONEST_OWNER)
    }
}

/// Those of the preset for tests, at a pace that a slow machine keeps: blocks come about twice a second, and a
/// farm has seconds to answer a slot. One that was always late would never make a block; and an operator only
/// draws in the slots between two blocks.
pub(super) fn params(lie: Lie) -> ProtocolParams {
    let mut params = ProtocolParams::preset(Preset::Test);
    params.slot_duration_ms = 100;
    params.slot_probability = (1, 5);
    params.authoring_delay = 40;
    params.entropy_delay = 44;
    params.entropy_interval = 50;
    // The domains of the development network have bundles of this size.
    let dev = ProtocolParams::preset(Preset::Dev);
    params.block_bytes_max = dev.block_bytes_max;
    params.domain_block_bytes_max = dev.domain_block_bytes_max;
    // The farm stands still, and so does the space that wins.
    params.era_blocks = 1_000_000;
    params.min_sector_lifetime = 1_000_000;
    params.challenge_period = 20;
    make_room_for(lie, &mut params);
    params
}

/// The chain of a dispute, farmed by so many sectors: the accounts and the two domains of the development
/// network, with three operators, of whom the honest one runs both domains.
pub(super) fn genesis(lie: Lie, sectors: u32) -> Genesis {
    let operator = |(owner, domain, stake): (Party, DomainId, Amount)| GenesisOperator {
        domain,
        owner: owner.address(),
        key: owner.operator_pair(domain).key(),
        stake,
        nomination_min: Amount::ai3(1),
        tax_percent: 10,
    };
    let operators = [
        (Party::liar(), DISPUTED, LIAR_STAKE),
        (Party::follower(), DISPUTED, STAKE),
        (Party::honest(), DISPUTED, STAKE),
        (Party::honest(), UNDISPUTED, STAKE),
    ];
    let operators = List::new(operators.map(operator).to_vec()).unwrap_or_default();
    let mut params = params(lie);
    let pieces = u64::from(sectors).saturating_mul(u64::from(params.pieces_in_sector));
    params.initial_solution_range = auto_core::pieces_to_range(&params, pieces);
    Genesis { params, operators, ..dev_genesis() }
}
