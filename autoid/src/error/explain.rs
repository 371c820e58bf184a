//! What `auto explain` says about each code.

use auto_core::ErrorEntry;

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the module itself; those of the verifier are in `autoid-core`.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "AID-0501",
        "The genesis of the module autoid is invalid.",
        "A delay or window is zero, or the age of a commitment is empty.",
        "Correct the genesis file.",
    ),
    entry(
        "AID-0502",
        "The operation belongs into another call.",
        "Certificates and revocations of grants come with more than the operation, so they have their own calls.",
        "Send the operation with the call that the message names.",
    ),
    entry(
        "AID-0503",
        "The certificate is not the one that was signed for.",
        "The operation names the hash of a certificate, and this one has another.",
        "Send the certificate that the operation names, or sign an operation for this one.",
    ),
    entry(
        "AID-0504",
        "An identity above has no certificate.",
        "A certificate chains to those of all identities above, up to the root of the tree.",
        "Have the named identity attach its certificate first.",
    ),
    entry(
        "AID-0505",
        "The serial number was used before.",
        "An issuer gives a serial number to one certificate only, whatever became of it.",
        "Issue the certificate again with a fresh serial number.",
    ),
    entry(
        "AID-0506",
        "The grant is stored already.",
        "A grant is stored once, under its id.",
        "Nothing to do.",
    ),
    entry(
        "AID-0507",
        "The grant is not stored.",
        "It was never registered, or it ended and was forgotten.",
        "Register it, the grants that it rests on first.",
    ),
    entry(
        "AID-0508",
        "The grants shown do not end in the one that is to be revoked.",
        "A grant that is not stored is shown with those that it rests on, the one nearest to the owner first.",
        "Show the grants from the first that is not stored to the one that is revoked.",
    ),
    entry(
        "AID-0509",
        "Another grant has the place in the revocation lists.",
        "Each grant of an issuer has a place of its own, so that revoking one never revokes another.",
        "Sign the grant again with a place that is free.",
    ),
    entry(
        "AID-0510",
        "The grant still runs.",
        "A stored grant is forgotten once its time is over, by the clock of the chain.",
        "Wait, or revoke the grant if it is to end now.",
    ),
    entry(
        "AID-0511",
        "The text is no alias.",
        "An alias has 3 to 32 lower-case letters, digits and single hyphens, begins with a letter and does not \
         end with a hyphen.",
        "Choose another.",
    ),
    entry(
        "AID-0512",
        "The commitment exists already.",
        "The same alias, identity and salt were committed to before.",
        "Reveal it, or commit again with another salt.",
    ),
    entry(
        "AID-0513",
        "There is no such commitment.",
        "An alias is committed to before it is revealed, with the very same identity and salt.",
        "Commit first, and wait as many blocks as the chain asks for.",
    ),
    entry(
        "AID-0514",
        "The commitment is too young or too old.",
        "A commitment has to wait before it is revealed, and does not hold for ever.",
        "Reveal it between the blocks that the message names.",
    ),
    entry(
        "AID-0515",
        "The commitment still holds.",
        "It can be dropped when it can no longer be revealed.",
        "Wait for the block after the one that the message names.",
    ),
    entry(
        "AID-0516",
        "The alias is taken.",
        "It, or one that is easily mistaken for it, points to another identity.",
        "Choose another.",
    ),
    entry(
        "AID-0517",
        "The identity has an alias already.",
        "An identity has one alias, so that the way back from it is clear.",
        "Release the old one first.",
    ),
    entry("AID-0518", "The identity has no alias.", "There is nothing to release.", "Nothing to do."),
    entry(
        "AID-0519",
        "A number overflows.",
        "An amount or a time left its range.",
        "Check the amounts; otherwise report it, for no call should be able to cause this.",
    ),
    entry(
        "AID-0520",
        "Payments in the name of the identity are open.",
        "What an escrow gives back goes to the vault of its owner, which nobody opens once the identity is gone.",
        "Wait until they are settled or their deadlines have passed, have them refunded, and deactivate then.",
    ),
];
