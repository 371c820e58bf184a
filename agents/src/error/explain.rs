//! Every code of the module, explained.

use auto_core::ErrorEntry;

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the module.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "AGT-0001",
        "The record of the agent is malformed.",
        "Records are searched and shown everywhere, so their texts are held to one form.",
        "Correct what the message names.",
    ),
    entry("AGT-0002", "The amount is zero.", "A payment moves at least one base unit.", "Give an amount."),
    entry(
        "AGT-0003",
        "The identity does not exist.",
        "No inception made an identity with this id on this chain.",
        "Check the DID and its network.",
    ),
    entry(
        "AGT-0004",
        "The identity is no agent.",
        "Only agents, models and services have a record as agents; people, organisations and DAOs act through them.",
        "Make an identity of one of these kinds under the owner.",
    ),
    entry(
        "AGT-0005",
        "The owner does not answer for the agent.",
        "An agent may name as owner only itself or an identity above it in the tree.",
        "Name an identity on the path to the top.",
    ),
    entry(
        "AGT-0006",
        "The agent is not registered.",
        "There is no record of this identity, or it was retired.",
        "Register the agent first.",
    ),
    entry(
        "AGT-0007",
        "The agent cannot be live until that block.",
        "A record is renewed from time to time, so that searches find only agents whose owners look after them.",
        "Choose a block in the range that the message names.",
    ),
    entry(
        "AGT-0008",
        "The order is not the next one of the identity.",
        "Orders count up from zero, so that none takes effect twice.",
        "Read the number of orders and sign again.",
    ),
    entry(
        "AGT-0009",
        "The order came too late.",
        "Whoever signed it named the last block in which it may take effect.",
        "Sign again with a later block.",
    ),
    entry(
        "AGT-0010",
        "The vault is not open to this identity.",
        "A vault opens to its identity; when that can never act again, to the nearest active identity above it.",
        "Let the identity itself order the withdrawal.",
    ),
    entry(
        "AGT-0011",
        "The grant is not registered.",
        "What is spent on chain is spent under grants that the chain knows.",
        "Register every grant of the chain, the root first.",
    ),
    entry(
        "AGT-0012",
        "The call was used before.",
        "Every call counts once under its grant, however often it is sent.",
        "Sign a new call with a fresh number.",
    ),
    entry(
        "AGT-0013",
        "The intent is not the one that the call names.",
        "A call names the digest of what its agent intends, before anything happens.",
        "Send the intent that the agent signed.",
    ),
    entry(
        "AGT-0014",
        "The terms are not those that the call is bound to.",
        "A call that opens an escrow is bound to its terms; one that pays at once is bound to none.",
        "Send the terms that the agent signed, or sign a call for these.",
    ),
    entry(
        "AGT-0015",
        "There is nothing to reserve.",
        "The call that opens an escrow spends nothing.",
        "Sign a call with an amount and a payee.",
    ),
    entry(
        "AGT-0016",
        "The asset does not live on this chain.",
        "Vaults hold the chain's own money only.",
        "Pay in AI3, or pay elsewhere and state the cost with the outcome.",
    ),
    entry(
        "AGT-0017",
        "A grant has no budget for this.",
        "A chain of grants pays only in assets that every one of them has a meter for.",
        "Use a grant with a meter for the asset.",
    ),
    entry(
        "AGT-0018",
        "A budget is used up.",
        "Every payment is debited from the whole chain of grants, and one of them has less left than is wanted.",
        "Spend less, or ask the issuer of that grant for another.",
    ),
    entry(
        "AGT-0019",
        "A budget is used up for now.",
        "A grant of the chain limits what is spent in a window of blocks.",
        "Wait for the next window, or spend less.",
    ),
    entry(
        "AGT-0020",
        "A grant has no calls left.",
        "A grant of the chain limits how many calls are made under it and under all grants below it.",
        "Ask the issuer of that grant for another.",
    ),
    entry(
        "AGT-0021",
        "A reserve was not taken yet.",
        "A carved budget is spent from a reserve, which is taken from the budget above it first.",
        "Fund the grant, then spend.",
    ),
    entry(
        "AGT-0022",
        "The reserve was taken already.",
        "A carved budget is funded once.",
        "Nothing is to be done.",
    ),
    entry(
        "AGT-0023",
        "The budget is not carved.",
        "Only a budget below another one, in mode carved, has a reserve of its own.",
        "Name a carved meter.",
    ),
    entry(
        "AGT-0024",
        "The grant is still in force.",
        "A reserve goes back only when its grant can never be used again.",
        "Revoke the grant, or wait until it expires.",
    ),
    entry(
        "AGT-0025",
        "Too many acts wait for their outcome.",
        "An identity states what came of its acts; only so many may be open.",
        "State outcomes, or wait until the oldest are overdue.",
    ),
    entry(
        "AGT-0026",
        "The act does not wait for an outcome.",
        "It has one, was noted as missed, or never happened.",
        "Look the act up in the log.",
    ),
    entry(
        "AGT-0027",
        "The outcome is of another call.",
        "The act of that number was made by another call.",
        "Name the call of the act.",
    ),
    entry(
        "AGT-0028",
        "The outcome came too late.",
        "The act counts as missed once its outcome is overdue, for everyone to see.",
        "State outcomes in time.",
    ),
    entry(
        "AGT-0029",
        "The counterparty confirms another outcome.",
        "Both signatures are over the same statement.",
        "Let the counterparty sign the very outcome that the agent signed.",
    ),
    entry(
        "AGT-0030",
        "The agent confirms itself.",
        "A confirmation is worth something only from somebody else.",
        "Leave it out, or let the counterparty sign.",
    ),
    entry(
        "AGT-0031",
        "The escrow does not exist.",
        "It was never opened, or it was settled or given back.",
        "Look it up by the digest of the call that opened it.",
    ),
    entry(
        "AGT-0032",
        "The deadline of the escrow is out of range.",
        "Money may wait only so long.",
        "Choose a block in the range that the message names.",
    ),
    entry(
        "AGT-0033",
        "The deadline has passed.",
        "The payee settles until the deadline; afterwards the money goes back.",
        "Agree on a new escrow.",
    ),
    entry(
        "AGT-0034",
        "The deadline is still ahead.",
        "Until then the payee may settle, unless a grant was revoked or expired.",
        "Wait, or ask the payee to settle for nothing.",
    ),
    entry(
        "AGT-0035",
        "More is wanted than was reserved.",
        "The payer agreed to the reserved amount at most.",
        "Settle for less, or agree on another escrow.",
    ),
    entry(
        "AGT-0036",
        "Somebody else is to be paid.",
        "Only the payee says how much of an escrow it takes.",
        "Let the payee sign.",
    ),
    entry(
        "AGT-0037",
        "The agent can still act.",
        "A record is cleared by others only when its identity can never act again.",
        "Let the agent retire the record.",
    ),
    entry(
        "AGT-0038",
        "The genesis of agents is invalid.",
        "Its parameters make no working module.",
        "Correct the genesis file.",
    ),
    entry(
        "AGT-0039",
        "A number overflows.",
        "An amount or counter leaves its range.",
        "Use smaller amounts.",
    ),
    entry(
        "AGT-0040",
        "The amount to be reserved is too small.",
        "An escrow holds at least the existential deposit, so that it can always be given back.",
        "Reserve more, or pay at once.",
    ),
    entry(
        "AGT-0041",
        "The grants hold no longer.",
        "A grant under which this was begun was revoked or ran out, or an identity it takes has ended.",
        "Nothing is paid any more; anyone may give the money back.",
    ),
    entry(
        "AGT-0042",
        "One key alone does not spend what several control together.",
        "A call carries one signature; the vault of this identity takes as many as control it.",
        "Withdraw by an order, or grant a budget to whoever acts.",
    ),
    entry(
        "AGT-0101",
        "An entry of the log is missing or out of place.",
        "Entries count up without a gap.",
        "Ask another source for the entries.",
    ),
    entry(
        "AGT-0102",
        "The entries are not those of the log.",
        "An entry was changed, dropped, added or moved: they do not lead to the root that the state proves.",
        "Ask another source for the entries.",
    ),
    entry(
        "AGT-0103",
        "An outcome belongs to no act.",
        "Every outcome ends one act that waits for it.",
        "Do not rely on this log.",
    ),
    entry(
        "AGT-0104",
        "The counters do not fit the entries.",
        "The state counts acts, outcomes and payments as the log grows.",
        "Do not rely on this log.",
    ),
    entry(
        "AGT-0105",
        "What was spent is not what the meter counts.",
        "The payments in the log under a grant add up to what its meter counts as its own.",
        "Do not rely on this log.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_in_order_and_explained() {
        let numbers = (1..=42).chain(101..=105);
        let wanted: Vec<String> = numbers.map(|number: u32| format!("AGT-{number:04}")).collect();
        let codes: Vec<&str> = ERRORS.iter().map(|entry| entry.code).collect();
        assert_eq!(codes, wanted);
        for entry in ERRORS {
            assert!(!entry.what.is_empty() && !entry.why.is_empty() && !entry.hint.is_empty());
        }
    }
}
