//! The text of `auto explain` for every code.

use auto_core::ErrorEntry;

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "API-0001",
        "The API's port is in use.",
        "Another program, perhaps another node, listens on the same address and port.",
        "Stop it, or start with another port; port 0 takes any free one.",
    ),
    entry(
        "API-0002",
        "The API cannot listen on the address.",
        "The address is not one of this machine, or the port needs more rights.",
        "Use 127.0.0.1 and a port above 1023.",
    ),
    entry(
        "API-0101",
        "A value in the request is malformed.",
        "A hash, height, address, amount or byte string does not have its form.",
        "Hashes are 64 hex digits, bytes are hex after 0x, heights are decimal, addresses are base58.",
    ),
    entry(
        "API-0102",
        "Page arguments contradict one another or are out of range.",
        "`first` and `last` were both given, or a page size is outside 1 to 100.",
        "Give either `first` with `after`, or `last` with `before`.",
    ),
    entry(
        "API-0103",
        "A cursor is malformed.",
        "It was changed, comes from another connection, or from an older version of the API.",
        "Pass a cursor of the same connection unchanged, or start from the first page.",
    ),
    entry(
        "API-0104",
        "The block of a cursor is unknown to this node.",
        "The node was never on that branch, or has removed it.",
        "Start again without a cursor.",
    ),
    entry(
        "API-0105",
        "The height is not available.",
        "It is above the head, or its state was pruned.",
        "Read within the range given in `available`, or ask an archive node.",
    ),
    entry(
        "API-0106",
        "One request asks for two heights.",
        "A response is consistent because all of it is read at one height.",
        "Use `at` once per request.",
    ),
    entry(
        "API-0201",
        "The query nests too deeply.",
        "Depth is bounded so that every query ends soon.",
        "Split the query; limits are in `serviceConfig`.",
    ),
    entry(
        "API-0202",
        "The query costs too much.",
        "Each connection costs its page size times the fields below it.",
        "Ask for smaller pages or fewer fields; limits are in `serviceConfig`.",
    ),
    entry(
        "API-0203",
        "The query has too many fields.",
        "Fields are counted with fragments expanded.",
        "Split the query; limits are in `serviceConfig`.",
    ),
    entry(
        "API-0204",
        "The query has too many aliases.",
        "Aliases repeat work, so they are bounded.",
        "Split the query; limits are in `serviceConfig`.",
    ),
    entry(
        "API-0205",
        "The request is too long.",
        "Queries and transactions have separate byte limits.",
        "Shorten it; limits are in `serviceConfig`.",
    ),
    entry(
        "API-0206",
        "The body is not a GraphQL request.",
        "A JSON object with `query` and content type application/json is expected.",
        "Send {\"query\": \"{ status { head { number } } }\"}.",
    ),
    entry(
        "API-0207",
        "The document is not GraphQL.",
        "It does not parse; the message names the place.",
        "Try it in the editor at /graphql.",
    ),
    entry(
        "API-0208",
        "The document does not fit the schema.",
        "A field, argument or type does not exist or is used wrongly.",
        "Compare with schema.graphql, or use the editor at /graphql.",
    ),
    entry(
        "API-0209",
        "The query took too long.",
        "The time of one query is bounded.",
        "Ask for smaller pages, or try again when the node is less busy.",
    ),
    entry(
        "API-0210",
        "The request comes from a page of another site.",
        "Browsers send the origin; only pages of this server may send requests.",
        "Use a program, or put a proxy with your own rules in front.",
    ),
    entry(
        "API-0301",
        "There is no such thing.",
        "No object, block, transaction or page has that name on this node.",
        "Check the spelling; if it is new, wait for the next block.",
    ),
    entry(
        "API-0302",
        "The range lies outside the object.",
        "The first byte asked for is past the end.",
        "The header Content-Range names the length.",
    ),
    entry(
        "API-0303",
        "The chunks of a file do not match its manifest.",
        "A chunk is missing on this node, or the manifest was written wrongly.",
        "Try again later or on another node; `?raw=1` shows the manifest.",
    ),
    entry(
        "API-0401",
        "The subscriber fell too far behind.",
        "Nothing is buffered without bound for a slow reader.",
        "Subscribe again with `after` set to the cursor in `resume`.",
    ),
    entry(
        "API-0402",
        "Too many subscriptions are open.",
        "Their number is bounded for all clients together.",
        "Close some, or try again later.",
    ),
    entry(
        "API-0501",
        "The head of the chain is too old.",
        "The node is not connected, not farming, or still syncing.",
        "Look at `auto status` and at the node's log.",
    ),
    entry(
        "API-0502",
        "The API failed.",
        "This is a fault of the program or of the machine; the log has the cause.",
        "Report it with the log lines.",
    ),
];
