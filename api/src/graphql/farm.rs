//! Farms of this node.

use super::account::Account;
use super::pin::Pin;
use super::scalar::{AddressText, BytesText, Natural};
use async_graphql::{Enum, Object, SimpleObject};
use auto_node::{FarmView, MissedSolution, SectorState};

/// State of a sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SectorState", remote = "SectorState")]
pub(crate) enum State {
    /// Not written.
    Empty,
    /// Being written.
    Plotting,
    /// Farming.
    Plotted,
    /// Farming, and due to expire with the next growth of the history.
    AboutToExpire,
    /// No longer valid; waiting to be plotted anew.
    Expired,
    /// Damaged; waiting to be plotted anew.
    Quarantined,
}

/// How many sectors are in a state.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct SectorCount {
    /// The state.
    state: State,
    /// The number of sectors.
    count: usize,
}

/// A solution that brought no block.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Missed {
    /// The slot.
    slot: Natural,
    /// Why, in one sentence with its figures.
    reason: String,
}

impl From<&MissedSolution> for Missed {
    fn from(missed: &MissedSolution) -> Self {
        Self { slot: Natural(missed.slot.0), reason: missed.reason.clone() }
    }
}

/// A duration at two percentiles.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Percentiles {
    /// Half take at most so many milliseconds.
    p50_ms: Natural,
    /// All but one in a hundred take at most so many milliseconds.
    p99_ms: Natural,
}

fn percentiles((p50, p99): (u64, u64)) -> Percentiles {
    Percentiles { p50_ms: Natural(p50), p99_ms: Natural(p99) }
}

/// Every state with the character that stands for it on the map.
pub(crate) const STATES: [(SectorState, char); 6] = [
    (SectorState::Empty, '.'),
    (SectorState::Plotting, '+'),
    (SectorState::Plotted, '#'),
    (SectorState::AboutToExpire, '~'),
    (SectorState::Expired, '-'),
    (SectorState::Quarantined, '!'),
];

/// A farm.
#[derive(Debug, Clone)]
pub(crate) struct Farm {
    pub(crate) view: FarmView,
    pub(crate) pin: Pin,
}

/// A plot on a disk of this node, as it is now.
#[Object]
impl Farm {
    /// Folder of the plot.
    async fn path(&self) -> &str {
        &self.view.path
    }

    /// The farm's public key.
    async fn public_key(&self) -> BytesText {
        BytesText(self.view.public_key.0.to_vec())
    }

    /// Who is paid.
    async fn reward_address(&self) -> AddressText {
        AddressText(self.view.reward_address)
    }

    /// The account that is paid.
    async fn reward_account(&self) -> Account {
        Account { address: self.view.reward_address, pin: self.pin }
    }

    /// Space that the plot takes, in bytes.
    async fn size_bytes(&self) -> Natural {
        Natural(self.view.size_bytes)
    }

    /// Number of sectors.
    async fn sector_count(&self) -> usize {
        self.view.sectors.len()
    }

    /// Number of sectors in each state that occurs.
    async fn sectors(&self) -> Vec<SectorCount> {
        let count = |state| self.view.sectors.iter().filter(|other| **other == state).count();
        let counts =
            STATES.iter().map(|(state, _)| SectorCount { state: (*state).into(), count: count(*state) });
        counts.filter(|counted| counted.count > 0).collect()
    }

    /// One character for each sector in order: `.` empty, `+` plotting, `#` plotted, `~` about to expire,
    /// `-` expired, `!` quarantined.
    #[graphql(complexity = 50)]
    async fn sector_map(&self) -> String {
        let letter =
            |state| STATES.iter().find(|(other, _)| *other == state).map_or('?', |(_, letter)| *letter);
        self.view.sectors.iter().map(|state| letter(*state)).collect()
    }

    /// Plotting speed over the last sectors in hundredths of MiB per second; none when idle.
    async fn plot_centi_mib_per_second(&self) -> Option<Natural> {
        self.view.plot_centi_mib_per_s.map(Natural)
    }

    /// Estimated seconds until every sector is plotted; none when unknown or done.
    async fn plot_eta_seconds(&self) -> Option<Natural> {
        self.view.plot_eta_s.map(Natural)
    }

    /// History size in segments at which the next sector expires.
    async fn next_expiry(&self) -> Option<Natural> {
        self.view.next_expiry.map(|size| Natural(size.segments()))
    }

    /// Blocks won and kept on the best chain.
    async fn blocks_won(&self) -> Natural {
        Natural(self.view.blocks_won)
    }

    /// Solutions found by audits.
    async fn solutions_found(&self) -> Natural {
        Natural(self.view.solutions_found)
    }

    /// Solutions that brought no block, with the reason of each.
    async fn missed(&self) -> Vec<Missed> {
        self.view.missed.iter().map(Missed::from).collect()
    }

    /// Time of an audit.
    async fn audit(&self) -> Option<Percentiles> {
        self.view.audit_ms.map(percentiles)
    }

    /// Time of a proof.
    async fn prove(&self) -> Option<Percentiles> {
        self.view.prove_ms.map(percentiles)
    }
}
