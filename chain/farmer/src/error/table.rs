//! What `auto explain` says about each code.

use auto_core::ErrorEntry;

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate, for `auto explain`.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "FRM-0001",
        "a farm could not be read or written",
        "the operating system refused: missing rights, a failing disk, or a folder that cannot be made",
        "check the rights of the folder and the health of the disk",
    ),
    entry(
        "FRM-0002",
        "the disk is full",
        "a farm reserves all of its space at once, so that plotting never runs out of it",
        "give the farm a smaller size or free some space",
    ),
    entry(
        "FRM-0003",
        "the farm is in use",
        "another process holds the lock of the folder",
        "stop that process, or let it farm this folder",
    ),
    entry(
        "FRM-0004",
        "the file is not a plot",
        "neither copy of the file's header can be read",
        "give another folder, or wipe this one and plot anew",
    ),
    entry(
        "FRM-0005",
        "the plot has another format",
        "it was written by an older or newer version of the program",
        "use that version, or wipe the farm and plot anew",
    ),
    entry(
        "FRM-0006",
        "the plot belongs to something else",
        "chain, farmer key and parameters are part of every sector, so a plot serves only one of each",
        "farm with the key and chain of the plot, or give another folder",
    ),
    entry(
        "FRM-0007",
        "the farm is larger than its size",
        "making a farm smaller would throw plotted sectors away",
        "give at least the old size, or wipe the farm first",
    ),
    entry(
        "FRM-0008",
        "the size is too small",
        "a farm holds whole sectors and room to stage one more",
        "give at least the size named",
    ),
    entry(
        "FRM-0009",
        "the text does not describe a farm",
        "a farm is given as a folder and a size",
        "write it like path=/disk1/farm,size=100GiB",
    ),
    entry(
        "FRM-0010",
        "there is no such sector",
        "the number is outside of this farm",
        "see the farm's status for its sectors",
    ),
    entry(
        "FRM-0011",
        "the sector is not plotted",
        "it is new, expired and being replaced, or quarantined",
        "wait until it is plotted",
    ),
    entry(
        "FRM-0012",
        "there is no such piece in a sector",
        "the offset is not below the number of pieces of a sector",
        "ask for a smaller offset",
    ),
    entry(
        "FRM-0013",
        "a sector is damaged",
        "a checksum does not match, or a record does not decode: the disk has lost or changed data",
        "nothing: the sector is set aside and plotted anew; if it happens again, replace the disk",
    ),
    entry(
        "FRM-0014",
        "a piece is not available",
        "no peer and no cache could give it in time",
        "check the connection; plotting goes on where it stopped",
    ),
    entry(
        "FRM-0015",
        "a piece is malformed",
        "its source gave bytes that are not a record",
        "check the source; the piece is asked for again",
    ),
    entry(
        "FRM-0016",
        "a proof came too late",
        "the disk or the processor needs longer than the chain allows",
        "use a faster disk, fewer farms per machine, or leave a core free",
    ),
    entry(
        "FRM-0017",
        "the sector was plotted anew",
        "between finding and proving a chunk its sector was replaced",
        "nothing: the new sector farms already",
    ),
    entry(
        "FRM-0018",
        "removing the farm was not confirmed",
        "a plot takes long to make",
        "repeat with the confirmation if the plot may go",
    ),
    entry(
        "FRM-0019",
        "the parameters make no farm",
        "a protocol parameter breaks a rule",
        "use the parameters of the chain",
    ),
    entry(
        "FRM-0020",
        "a proof-of-space table could not be built",
        "the table parameter is out of range or memory is short",
        "check the parameters and the free memory",
    ),
    entry(
        "FRM-0021",
        "the commitment scheme failed",
        "a record holds values that are no scalars",
        "scrub the farm",
    ),
    entry(
        "FRM-0022",
        "worker threads could not be started",
        "the system's limit of threads is reached",
        "raise the limit, or farm with fewer threads",
    ),
];
