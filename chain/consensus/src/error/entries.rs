//! What `auto explain` says about each code.

use auto_core::ErrorEntry;

const FORGED: &str = "nothing: the block was refused; update the node if honest peers accept it";

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "CON-0001",
        "a header lacks a consensus item",
        "pre-digest, iterations, solution range and seal are in every block above genesis",
        FORGED,
    ),
    entry(
        "CON-0002",
        "a header's consensus items are out of order, double or unknown",
        "items have one order and none may be skipped, so that a block has one encoding",
        FORGED,
    ),
    entry(
        "CON-0003",
        "a header holds an empty list of segment headers",
        "a block without new segments leaves the item out, so that it has one encoding",
        FORGED,
    ),
    entry(
        "CON-0004",
        "a header names a shard that does not exist",
        "only shard 0 exists in this version",
        FORGED,
    ),
    entry(
        "CON-0005",
        "a header is not a child of the block it was checked against",
        "its parent hash names another block",
        "import the parent first",
    ),
    entry("CON-0006", "a block's height does not follow its parent's", "heights count by one", FORGED),
    entry(
        "CON-0007",
        "a block's slot is not after its parent's",
        "time only moves forward along a chain",
        FORGED,
    ),
    entry(
        "CON-0008",
        "a block's slot lies in the future",
        "the local proof of time has not reached it",
        "wait for proof of time to catch up; if it persists, check that this machine's timekeeper or its peers are running",
    ),
    entry(
        "CON-0009",
        "a number that follows from a block's slot does not fit",
        "the slot is absurdly large",
        FORGED,
    ),
    entry(
        "CON-0010",
        "a header declares wrong proof-of-time iterations",
        "the parent chain fixes the iterations of every slot",
        FORGED,
    ),
    entry(
        "CON-0011",
        "a header declares a wrong solution range",
        "the parent chain fixes the range that a solution must meet",
        FORGED,
    ),
    entry(
        "CON-0012",
        "the next solution range is missing, wrong or out of place",
        "the last block of an era declares the range that follows from the era's pace, and no other block does",
        FORGED,
    ),
    entry(
        "CON-0013",
        "a change of proof of time is missing, wrong or out of place",
        "entropy is injected at fixed blocks, at a fixed delay, from a fixed earlier block, and iterations do not fall",
        FORGED,
    ),
    entry("CON-0014", "a segment header is out of order", "segments are numbered without gaps", FORGED),
    entry(
        "CON-0015",
        "a segment header does not link to the one before",
        "the history of segments is one chain",
        FORGED,
    ),
    entry(
        "CON-0016",
        "a segment was announced too early",
        "only blocks at the confirmation depth are archived",
        FORGED,
    ),
    entry(
        "CON-0017",
        "a block does not carry the segment headers that are due",
        "archiving is deterministic, so every node knows which segments a block must announce",
        "if honest peers accept the block, this node's archive is damaged: run `auto doctor`",
    ),
    entry(
        "CON-0018",
        "a solution names a piece past the end of its sector",
        "sectors have a fixed number of pieces",
        FORGED,
    ),
    entry(
        "CON-0019",
        "a solution uses a piece that was not challenged",
        "one class of pieces answers each slot",
        FORGED,
    ),
    entry(
        "CON-0020",
        "a solution's sector claims a history that does not exist yet",
        "a sector is drawn from the archived history, or from a segment announced in the same block",
        "plot after the segment was announced on chain",
    ),
    entry(
        "CON-0021",
        "a solution's history size is too large to count its pieces",
        "the number is absurd",
        FORGED,
    ),
    entry(
        "CON-0022",
        "a solution's sector has expired",
        "sectors expire as the history grows, so that plots keep holding recent history",
        "let the farmer plot the sector anew",
    ),
    entry(
        "CON-0023",
        "the commitment of an archived segment is not at hand",
        "a segment header below the current history is missing locally",
        "let the node sync segment headers; if it persists, run `auto doctor`",
    ),
    entry(
        "CON-0024",
        "a proof of space is of another size",
        "all plots of a chain use the same table parameter",
        "plot with the parameters of this chain",
    ),
    entry(
        "CON-0025",
        "a solution is not close enough to the challenge",
        "its audit value lies outside the window of this slot",
        "nothing: most chunks do not win; on one's own farm, check that the plot belongs to this chain",
    ),
    entry(
        "CON-0026",
        "a block is not signed by the key of its solution",
        "only the farmer who found a solution may use it",
        FORGED,
    ),
    entry(
        "CON-0027",
        "a proof of space does not hold",
        "its values do not match the sector's challenge",
        FORGED,
    ),
    entry(
        "CON-0028",
        "a solution's data is not in the archived history",
        "an opening of a record or segment commitment does not hold",
        FORGED,
    ),
    entry(
        "CON-0029",
        "the proof of a block's time does not hold",
        "checkpoints, seed or outputs differ from what the parent's time leads to",
        "fetch the proof again from another peer: it is not part of the block hash",
    ),
    entry("CON-0030", "the weight of a chain does not fit", "no real chain is that long", FORGED),
    entry(
        "CON-0031",
        "a protocol parameter is out of bounds",
        "consensus keeps its state small by bounding parameters",
        "correct the named field in the genesis file",
    ),
    entry(
        "CON-0032",
        "a block's parent is not known",
        "blocks arrived out of order",
        "request the missing ancestors",
    ),
    entry(
        "CON-0033",
        "a block is not known",
        "it was never imported, or was discarded with its fork",
        "import it first",
    ),
    entry("CON-0034", "a block is already known", "it arrived twice", "nothing"),
    entry(
        "CON-0035",
        "a block branches off below the confirmed block",
        "archived blocks are never reverted",
        "if the whole network follows that fork, delete the node's data and sync anew",
    ),
    entry(
        "CON-0036",
        "a reorganisation is too deep",
        "it would revert blocks that are already archived",
        "if the whole network follows that fork, delete the node's data and sync anew",
    ),
    entry(
        "CON-0037",
        "a block off the best chain was to be confirmed",
        "only ancestors of the best block are confirmed",
        "confirm an ancestor of the best block",
    ),
];
