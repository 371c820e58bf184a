//! The templates and what they show.

use super::domain::account::Holding;
use super::text;
use crate::ApiError;
use crate::called;
use crate::described::Described;
use crate::server::App;
use askama::Template;
use auto_core::OperatorId;
use auto_node::{
    AccountView, BlockView, CallView, FarmView, NodePhase, NodeStatus, ObjectPlace, ObjectView, SectorState,
    SegmentView, TransactionStage, TransactionView,
};

/// What every page has.
#[derive(Debug)]
pub(crate) struct Top {
    /// Title of the page.
    pub(crate) title: String,
    /// Which entry of the menu is current.
    pub(crate) here: &'static str,
    /// The GraphQL that gives the same.
    pub(crate) query: String,
    /// The node.
    pub(crate) status: NodeStatus,
}

impl Top {
    pub(crate) fn new(
        app: &App,
        here: &'static str,
        title: impl Into<String>,
        query: impl Into<String>,
    ) -> Result<Self, ApiError> {
        Ok(Self { title: title.into(), here, query: query.into(), status: app.node.status()? })
    }

    pub(super) fn link(&self) -> String {
        format!("/graphql?query={}", text::encoded(&self.query))
    }

    pub(super) fn phase(&self) -> String {
        match self.status.phase {
            NodePhase::Starting => "starting".to_owned(),
            NodePhase::Syncing { target } => format!("syncing to {}", text::grouped(target)),
            NodePhase::Running => "running".to_owned(),
        }
    }
}

/// Whether a block is final, in a word.
pub(crate) fn standing(block: &BlockView) -> &'static str {
    match (block.canonical, block.confirmed) {
        (false, _) => "reverted",
        (true, true) => "confirmed",
        (true, false) => "in chain",
    }
}

/// The class of that word.
pub(crate) fn standing_class(block: &BlockView) -> &'static str {
    match (block.canonical, block.confirmed) {
        (false, _) => "bad",
        (true, true) => "good",
        (true, false) => "wait",
    }
}

/// Where a transaction stands, in a word.
pub(crate) fn stage(view: &TransactionView) -> &'static str {
    match view.stage {
        TransactionStage::Accepted => "in pool",
        TransactionStage::InBlock => "in block",
        TransactionStage::Confirmed => "confirmed",
        TransactionStage::Dropped => "dropped",
    }
}

/// The class of that word.
pub(crate) fn stage_class(view: &TransactionView) -> &'static str {
    match view.stage {
        TransactionStage::Accepted | TransactionStage::InBlock => "wait",
        TransactionStage::Confirmed => "good",
        TransactionStage::Dropped => "bad",
    }
}

/// What a transaction does, in few words.
pub(crate) fn action(view: &TransactionView) -> String {
    let first = match view.calls.first() {
        None => return "nothing".to_owned(),
        Some(CallView::Transfer { amount, .. }) => format!("transfer {}", text::money(*amount)),
        Some(CallView::Store { size_bytes, .. }) => format!("store {}", text::bytes(*size_bytes)),
        Some(CallView::Other { module, payload }) => match domains_call(module, payload) {
            Some(told) => text::words(told.name),
            None => format!("call of module {module}"),
        },
    };
    match view.calls.len() {
        1 => first,
        more => format!("{first} and {} more", more.saturating_sub(1)),
    }
}

/// A call on the domains; `None` for one of another module.
pub(crate) fn domains_call(module: &u16, payload: &[u8]) -> Option<Described> {
    called::decoded(*module, payload)
}

/// Length in bytes.
pub(crate) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Where an object is, in words.
pub(crate) fn place(view: &ObjectView) -> String {
    match view.place {
        ObjectPlace::Pending { .. } => "waiting to be archived".to_owned(),
        ObjectPlace::Archived { piece, offset } => {
            format!("archived in piece {}, byte {}", text::grouped(piece), text::grouped(offset))
        }
    }
}

/// A square of the sector map.
pub(crate) fn sector_class(state: SectorState) -> &'static str {
    match state {
        SectorState::Empty => "s-empty",
        SectorState::Plotting => "s-plotting",
        SectorState::Plotted => "s-plotted",
        SectorState::AboutToExpire => "s-about",
        SectorState::Expired => "s-expired",
        SectorState::Quarantined => "s-quarantined",
    }
}

fn sector_name(state: SectorState) -> &'static str {
    match state {
        SectorState::Empty => "empty",
        SectorState::Plotting => "plotting",
        SectorState::Plotted => "plotted",
        SectorState::AboutToExpire => "about to expire",
        SectorState::Expired => "expired",
        SectorState::Quarantined => "quarantined",
    }
}

/// Most squares of a map; larger farms show one square for several sectors.
const SQUARES_MAX: usize = 2000;

/// A farm with its map.
#[derive(Debug)]
pub(crate) struct FarmMap {
    pub(crate) farm: FarmView,
    pub(crate) squares: Vec<&'static str>,
    pub(crate) per_square: usize,
    pub(crate) legend: Vec<(&'static str, &'static str, usize)>,
    pub(crate) plotted: usize,
}

impl FarmMap {
    pub(crate) fn new(farm: FarmView) -> Self {
        use SectorState::{AboutToExpire, Empty, Expired, Plotted, Plotting, Quarantined};
        // The state most in need of attention stands for a square.
        let order = [Quarantined, Expired, AboutToExpire, Plotting, Empty, Plotted];
        let per_square = farm.sectors.len().div_ceil(SQUARES_MAX).max(1);
        let worst = |part: &[SectorState]| {
            order.into_iter().find(|state| part.contains(state)).map_or("s-empty", sector_class)
        };
        let squares = farm.sectors.chunks(per_square).map(worst).collect();
        let count = |state| farm.sectors.iter().filter(|other| **other == state).count();
        let shown = [Plotted, Plotting, AboutToExpire, Expired, Quarantined, Empty];
        let legend = shown.map(|state| (sector_class(state), sector_name(state), count(state))).to_vec();
        let plotted = count(Plotted).saturating_add(count(AboutToExpire));
        Self { farm, squares, per_square, legend, plotted }
    }

    fn speed(&self) -> Option<String> {
        let hundredths = self.farm.plot_centi_mib_per_s?;
        Some(format!("{}.{:02} MiB/s", hundredths / 100, hundredths % 100))
    }
}

/// The start page.
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    pub(crate) top: Top,
    pub(crate) blocks: Vec<BlockView>,
    pub(crate) objects: Vec<ObjectView>,
}

impl Home {
    fn kib_price(&self) -> String {
        let price = self.top.status.byte_fee.checked_mul(1024);
        price.map_or_else(|| "beyond reach".to_owned(), text::money)
    }
}

/// A list of blocks.
#[derive(Debug, Template)]
#[template(path = "blocks.html")]
pub(crate) struct Blocks {
    pub(crate) top: Top,
    pub(crate) blocks: Vec<BlockView>,
    pub(crate) newer: Option<String>,
    pub(crate) older: Option<String>,
}

/// One block.
#[derive(Debug, Template)]
#[template(path = "block.html")]
pub(crate) struct BlockPage {
    pub(crate) top: Top,
    pub(crate) block: BlockView,
    pub(crate) events: Vec<Described>,
    pub(crate) transactions: Vec<TransactionView>,
    pub(crate) older: Option<String>,
}

/// One transaction.
#[derive(Debug, Template)]
#[template(path = "transaction.html")]
pub(crate) struct TransactionPage {
    pub(crate) top: Top,
    pub(crate) view: TransactionView,
    pub(crate) events: Vec<Described>,
}

/// One account.
#[derive(Debug, Template)]
#[template(path = "account.html")]
pub(crate) struct AccountPage {
    pub(crate) top: Top,
    pub(crate) account: AccountView,
    /// What it holds on domains.
    pub(crate) there: Vec<Holding>,
    pub(crate) positions: Vec<(OperatorId, Vec<String>)>,
    pub(crate) transactions: Vec<TransactionView>,
    pub(crate) older: Option<String>,
}

/// The farms.
#[derive(Debug, Template)]
#[template(path = "farms.html")]
pub(crate) struct Farms {
    pub(crate) top: Top,
    pub(crate) farms: Vec<FarmMap>,
}

/// A list of objects.
#[derive(Debug, Template)]
#[template(path = "objects.html")]
pub(crate) struct Objects {
    pub(crate) top: Top,
    pub(crate) objects: Vec<ObjectView>,
    pub(crate) older: Option<String>,
}

/// How an object is previewed.
#[derive(Debug)]
pub(crate) enum Preview {
    /// Text, perhaps cut.
    Text { text: String, cut: bool },
    /// A picture.
    Picture,
    /// A file put together from chunks.
    File { name: String, media_type: String, size: u64, chunks: usize, picture: bool },
    /// Nothing to show.
    None,
}

/// One object.
#[derive(Debug, Template)]
#[template(path = "object.html")]
pub(crate) struct ObjectPage {
    pub(crate) top: Top,
    pub(crate) object: ObjectView,
    pub(crate) preview: Preview,
}

/// A list of segments.
#[derive(Debug, Template)]
#[template(path = "segments.html")]
pub(crate) struct Segments {
    pub(crate) top: Top,
    pub(crate) segments: Vec<SegmentView>,
    pub(crate) older: Option<String>,
}

/// Something that went wrong.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub(crate) struct Problem {
    pub(crate) top: Top,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}
