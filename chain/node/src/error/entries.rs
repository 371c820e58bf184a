//! What `auto explain` says about each code.

use auto_core::ErrorEntry;

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "NOD-0001",
        "The protocol parameters make no chain.",
        "A parameter breaks the rule that the message names.",
        "Start from a preset and change one value at a time.",
    ),
    entry(
        "NOD-0002",
        "The data folder belongs to a chain with other parameters.",
        "Parameters are part of genesis: nodes that differ in one are on different chains.",
        "Use the parameters the folder was made with, or another folder.",
    ),
    entry(
        "NOD-0003",
        "The data folder belongs to another chain.",
        "Its genesis has other accounts or other entropy.",
        "Use the genesis the folder was made with, or another folder.",
    ),
    entry(
        "NOD-0004",
        "A stored value is damaged.",
        "The disk changed it, or another program wrote to the folder.",
        "Check the disk, remove the node's folder and sync again; plots are not affected.",
    ),
    entry(
        "NOD-0005",
        "The store lacks a value that must be there.",
        "Part of the data folder was deleted.",
        "Remove the node's folder and sync again; plots are not affected.",
    ),
    entry(
        "NOD-0006",
        "The genesis block does not fill one segment.",
        "The parameters leave no room for it.",
        "Use more records per segment.",
    ),
    entry(
        "NOD-0007",
        "A block forks off below the confirmed block.",
        "Confirmed blocks are archived and never reverted.",
        "Nothing to do: the block is ignored.",
    ),
    entry(
        "NOD-0008",
        "A branch is too deep to be followed.",
        "It left the best chain longer ago than the confirmation depth.",
        "Nothing to do, unless this node was cut off for long: then remove its folder and sync again.",
    ),
    entry(
        "NOD-0009",
        "A block's body is too large.",
        "The parameters bound what a block may hold.",
        "Nothing to do: the block is ignored.",
    ),
    entry(
        "NOD-0010",
        "A block's transactions are not those of its header.",
        "The body was changed after the header was sealed.",
        "Nothing to do: the block is ignored.",
    ),
    entry(
        "NOD-0011",
        "A block declares a wrong state.",
        "Its author executed other rules, or lied.",
        "If every block is refused so, update this node.",
    ),
    entry(
        "NOD-0012",
        "A block declares a wrong history.",
        "Its author has other ancestors, or lied.",
        "If every block is refused so, update this node.",
    ),
    entry(
        "NOD-0013",
        "A header has no room for its seal.",
        "It holds more digest items than the format allows.",
        "Report this: it is a fault of the program.",
    ),
    entry(
        "NOD-0014",
        "This node built an invalid block.",
        "A plot is damaged, or the rules for building and for verifying disagree.",
        "Nobody saw the block and the node goes on. Check the farm; if it is whole, report the message.",
    ),
    entry(
        "NOD-0015",
        "The bytes are not a signed transaction.",
        "They are malformed, cut short, too long, or have bytes left over.",
        "Encode the transaction with the SDK or `auto`.",
    ),
    entry(
        "NOD-0016",
        "The transaction is in the pool already.",
        "It was submitted before.",
        "Wait for it to be included.",
    ),
    entry(
        "NOD-0017",
        "The pool is full.",
        "More transactions wait than blocks take.",
        "Try again in a few blocks.",
    ),
    entry(
        "NOD-0018",
        "The signer has too many transactions waiting.",
        "One signer may not fill the pool.",
        "Wait until some are included.",
    ),
    entry(
        "NOD-0019",
        "The state at that height is not available.",
        "It lies above the head, or this node no longer keeps it.",
        "Ask for a height in the range that the message names.",
    ),
    entry(
        "NOD-0020",
        "The object cannot be retrieved.",
        "Too few of its segment's pieces are in the caches and plots at hand.",
        "Wait until its pieces are plotted, or ask another node.",
    ),
    entry(
        "NOD-0021",
        "The node has stopped.",
        "It was asked to, or met an error that it must not go on after.",
        "Read the reason, mend it, and start the node again.",
    ),
    entry(
        "NOD-0022",
        "The bytes are not a submission.",
        "They are malformed, cut short, too long, or have bytes left over.",
        "Use an operator of the same version as the node.",
    ),
    entry(
        "NOD-0023",
        "The submission is ahead of this node's time.",
        "It claims a slot that this node has not seen proven yet.",
        "Submit it again once the node has caught up.",
    ),
    entry(
        "NOD-0024",
        "The submission is too old.",
        "It claims a slot that blocks may no longer take submissions of.",
        "Nothing to do: the operator offers its transactions again when it is elected next.",
    ),
    entry(
        "NOD-0025",
        "The operator has too many submissions waiting.",
        "One operator may not fill the pool.",
        "Wait until some are included.",
    ),
    entry(
        "NOD-0026",
        "The signature of a domain's transaction does not hold.",
        "It was made by another key, over other content, or for a chain with another genesis.",
        "Check which network the signer is set to, then sign again.",
    ),
    entry(
        "NOD-0027",
        "The node passes on no more transactions of domains.",
        "It bounds how many bytes it passes on in one slot for domains that it does not follow.",
        "Try again a moment later, or submit to an operator of the domain.",
    ),
    entry(
        "NOD-0028",
        "The body of a block is no longer kept.",
        "It was archived and dropped.",
        "Retrieve it from the archive, or follow the chain on a node that keeps bodies.",
    ),
    entry(
        "NOD-0029",
        "The domains cannot be followed on this node any more.",
        "Following begins at the first block and needs the state after each, and this node let go of some \
         before it had to follow.",
        "Start with an empty folder, and follow the domains from the start.",
    ),
];
