//! Why a statement, identity, grant or call was refused.

mod code;
mod explain;

pub use explain::{GRANT_ERRORS, IDENTITY_ERRORS, STATEMENT_ERRORS};

use thiserror::Error;

use crate::cbor::CborError;
use crate::grant::Asset;
use crate::inception::Kind;
use crate::limits::{CALL_SECONDS_MAX, CHAIN_MAX, TREE_DEPTH_MAX};
use crate::record::Status;
use crate::render::amount as in_units;
use crate::{AutoId, Time};

/// A refusal, or trouble with reading the state: the one is an answer, the other is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure<E> {
    /// A rule is broken.
    Refused(Refusal),
    /// The state cannot be read.
    View(E),
}

impl<E> From<Refusal> for Failure<E> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Which rule refuses.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The bytes are not canonical CBOR of the expected form.
    #[error("{0}")]
    Encoding(#[from] CborError),
    /// A statement is larger than its limit.
    #[error("{bytes} bytes are over the limit of {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The envelope is no COSE structure of the expected type.
    #[error("not an envelope of the expected type")]
    Envelope,
    /// A text is no DID, id or hash in its only form.
    #[error("not an identifier in its only form")]
    Identifier,
    /// A DID names another network.
    #[error("the identifier is of another network")]
    Network,
    /// The algorithm is not accepted, or is not that of the key.
    #[error("the signature algorithm is not allowed for this key")]
    Algorithm,
    /// A public key is no point of its curve, or of small order.
    #[error("the public key is malformed or weak")]
    WeakKey,
    /// A key set is empty, too large, ambiguous, or its threshold cannot be reached.
    #[error("the key set is not well formed")]
    KeySet,
    /// A signature is not by the key over this statement on this network.
    #[error("a signature does not verify")]
    Signature,
    /// The identity has no key with this number.
    #[error("{id} has no key {kid}")]
    UnknownKey {
        /// The identity.
        id: AutoId,
        /// The number.
        kid: u32,
    },
    /// The key is not meant for this use.
    #[error("key {kid} is not for this use")]
    KeyRelation {
        /// The key.
        kid: u32,
    },
    /// The key's time is over.
    #[error("key {kid} is past its last day")]
    KeyExpired {
        /// The key.
        kid: u32,
    },
    /// A signature is by an identity that has no part in the statement.
    #[error("{id} has no part in this")]
    UnexpectedSigner {
        /// The identity.
        id: AutoId,
    },
    /// Fewer keys signed than the threshold says.
    #[error("{have} of {need} signatures")]
    TooFewSignatures {
        /// How many there are.
        have: usize,
        /// How many it takes.
        need: usize,
    },
    /// There is no such identity.
    #[error("{id} is not known")]
    UnknownIdentity {
        /// The identity.
        id: AutoId,
    },
    /// The id is taken, perhaps by a tombstone.
    #[error("{id} exists already")]
    IdentityExists {
        /// The identity.
        id: AutoId,
    },
    /// An identity that must be active is not.
    #[error("{id} is {}", status.name())]
    Inactive {
        /// The identity.
        id: AutoId,
        /// Its status.
        status: Status,
    },
    /// An identity above is not active.
    #[error("{ancestor} above {id} is {}", status.name())]
    AncestorInactive {
        /// The identity.
        id: AutoId,
        /// The one above it.
        ancestor: AutoId,
        /// The status of that.
        status: Status,
    },
    /// A parent is too far down.
    #[error("the tree would be deeper than {TREE_DEPTH_MAX}")]
    TreeTooDeep,
    /// Depths do not fall by one on the way up, so the records are not from one state.
    #[error("the tree above {id} is inconsistent")]
    TreeDamaged {
        /// The identity.
        id: AutoId,
    },
    /// An authority has limits without being one, or a malformed name.
    #[error("the authority is not well formed")]
    Authority,
    /// The parent has no authority over others.
    #[error("the parent may not have identities under it")]
    ParentNotAuthority,
    /// The parent's authority does not cover the kind.
    #[error("the parent may not have a {} or its kinds under it", kind.name())]
    ParentKind {
        /// The kind.
        kind: Kind,
    },
    /// The parent's path length does not admit this authority.
    #[error("the parent's path length is used up")]
    ParentPathLength,
    /// The child's subtree of names is not within its parent's.
    #[error("the names are outside of the parent's subtree")]
    ParentSubtree,
    /// The parent has not signed the inception.
    #[error("the parent did not sign")]
    ParentConsent,
    /// The threshold is over the number of issuers.
    #[error("more endorsements than issuers are asked for")]
    IssuerThreshold,
    /// A guardian set has no reachable threshold.
    #[error("the guardians cannot reach their threshold")]
    GuardianSet,
    /// A service has a malformed name, type or address.
    #[error("a service is not well formed")]
    Service,
    /// The operation is not the next one of its side.
    #[error("operation {found}, but {expected} is next")]
    Sequence {
        /// The next number.
        expected: u64,
        /// That of the operation.
        found: u64,
    },
    /// The operation is too late.
    #[error("valid until block {valid_until}, this is {block}")]
    OperationExpired {
        /// Its last block.
        valid_until: u64,
        /// This block.
        block: u64,
    },
    /// The status does not admit the action.
    #[error("cannot {action} while {}", status.name())]
    WrongStatus {
        /// The status.
        status: Status,
        /// The action.
        action: &'static str,
    },
    /// The new keys are not those that were committed to.
    #[error("the new keys are not those committed to")]
    NextMismatch,
    /// An old and a new key share a number.
    #[error("number {kid} stands for two keys")]
    KidReused {
        /// The number.
        kid: u32,
    },
    /// The guardians are not those that the identity committed to.
    #[error("these are not the guardians")]
    NotGuardians,
    /// Too few guardians signed.
    #[error("{have} of {need} guardians")]
    TooFewGuardians {
        /// How many signed.
        have: usize,
        /// How many it takes.
        need: usize,
    },
    /// There is no recovery to finish or veto.
    #[error("no recovery was started")]
    RecoveryNotStarted,
    /// The delay is not over.
    #[error("the recovery can be finished from block {ready}")]
    RecoveryTooEarly {
        /// Its first block.
        ready: u64,
    },
    /// The signers have no right to the action.
    #[error("the signers may not do this to the identity")]
    NoStanding,
    /// Whoever suspended stands higher.
    #[error("a stronger hand suspended the identity")]
    StandingTooLow,
    /// An endorser is not among the issuers.
    #[error("{id} is not among the issuers")]
    NotIssuer {
        /// The identity.
        id: AutoId,
    },
    /// An endorser endorses twice.
    #[error("{id} endorsed already")]
    AlreadyEndorsed {
        /// The identity.
        id: AutoId,
    },
    /// Two endorsers are under one principal.
    #[error("{id} and an earlier endorser belong together")]
    SamePrincipal {
        /// The identity.
        id: AutoId,
    },
    /// An endorser is below the identity it endorses.
    #[error("{id} stands below the identity")]
    EndorserBelow {
        /// The identity.
        id: AutoId,
    },
    /// Endorsements came too late.
    #[error("the time for endorsements is over")]
    EndorsementClosed,
    /// A counter is at its end.
    #[error("a counter is exhausted")]
    Counter,
    /// A command has other characters, or too many segments.
    #[error("not a command in its only form")]
    Command,
    /// A resource or pattern is not in its only form.
    #[error("not a resource in its only form")]
    Resource,
    /// A selector is malformed or too long.
    #[error("not a selector in its only form")]
    Selector,
    /// A policy has an operator or glob that is not known.
    #[error("the policy has an unknown operator or glob")]
    PolicyOperator,
    /// The name of an asset is malformed.
    #[error("not the name of an asset")]
    Asset,
    /// A grant or call names no owner, issuer or holder.
    #[error("an identity is null")]
    NullIdentity,
    /// A grant without a command.
    #[error("the grant has no command")]
    NoCommand,
    /// A grant that ends before it begins.
    #[error("the grant ends before it begins")]
    EmptyWindow,
    /// The bit is outside of its list.
    #[error("the revocation place is outside of its list")]
    RevocationPlace,
    /// An unbounded grant that is not marked dangerous, or may be passed on more than once.
    #[error("the grant is unbounded and not marked, or can be passed on too far")]
    Dangerous,
    /// The first grant is not issued by the owner.
    #[error("the first grant is not by the owner")]
    RootNotOwner,
    /// The chain does not begin at the owner's grant.
    #[error("the first grant rests on another")]
    RootHasParent,
    /// A meter has an empty window, or more per call than altogether.
    #[error("a meter is not well formed")]
    Meter,
    /// Approvers cannot reach their threshold.
    #[error("the approvers cannot reach their threshold")]
    ApprovalThreshold,
    /// A call that spends an amount of zero.
    #[error("the call spends nothing")]
    NothingSpent,
    /// The arguments are not those that the hash binds.
    #[error("the arguments are not those of the hash")]
    ArgumentsDiffer,
    /// The chain is empty or too long.
    #[error("the chain has no grant, or more than {CHAIN_MAX}")]
    ChainLength,
    /// The grants are not those that the call names.
    #[error("grant {link} is not the one that the call names")]
    ChainMismatch {
        /// The place in the chain.
        link: usize,
    },
    /// A grant rests on another than the one before it.
    #[error("grant {link} rests on another grant than the one before it")]
    ParentMismatch {
        /// The place in the chain.
        link: usize,
    },
    /// A grant is not issued by the holder of its parent.
    #[error("grant {link} is not by the holder of the one before it")]
    IssuerNotHolder {
        /// The place in the chain.
        link: usize,
    },
    /// The owner changes along the chain.
    #[error("grant {link} is in another name than the one before it")]
    OwnerSwitched {
        /// The place in the chain.
        link: usize,
    },
    /// A grant is passed on further than allowed.
    #[error("the grant may not be passed on this far")]
    Depth {
        /// The place in the chain.
        link: Option<usize>,
    },
    /// A grant adds a command.
    #[error("grant {link} adds a command")]
    CommandWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant adds a resource.
    #[error("grant {link} adds a resource")]
    ResourceWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant's time is not within its parent's.
    #[error("grant {link} begins earlier or ends later than the one before it")]
    WindowWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant accepts older states than its parent.
    #[error("grant {link} accepts older states than the one before it")]
    StalenessWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant allows what is less reversible.
    #[error("grant {link} allows what is less reversible")]
    ClassWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant raises or drops a spending limit.
    #[error("grant {link} raises or drops a limit, or spends another asset")]
    MeterWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant allows more calls.
    #[error("grant {link} allows more calls")]
    CallsWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant adds a payee.
    #[error("grant {link} adds a payee")]
    PayeesWidened {
        /// The place in the chain.
        link: usize,
    },
    /// A grant drops or weakens an approval.
    #[error("grant {link} drops or weakens an approval")]
    ApprovalDropped {
        /// The place in the chain.
        link: usize,
    },
    /// The signature of a grant does not verify.
    #[error("the signature of grant {link} does not verify")]
    GrantSignature {
        /// The place in the chain.
        link: usize,
    },
    /// A grant is not valid yet.
    #[error("grant {link} begins at {nbf}, it is {now}")]
    GrantNotYetValid {
        /// The place in the chain.
        link: usize,
        /// Its beginning.
        nbf: Time,
        /// The time of the verification.
        now: Time,
    },
    /// A grant has expired.
    #[error("grant {link} ended at {exp}, it is {now}")]
    GrantExpired {
        /// The place in the chain.
        link: usize,
        /// Its end.
        exp: Time,
        /// The time of the verification.
        now: Time,
    },
    /// A grant is revoked.
    #[error("grant {link} is revoked")]
    GrantRevoked {
        /// The place in the chain.
        link: usize,
    },
    /// A grant is of an epoch that its issuer ended.
    #[error("grant {link} is of an ended epoch")]
    EpochStale {
        /// The place in the chain.
        link: usize,
    },
    /// A grant names an epoch or counter that its issuer does not have yet.
    #[error("grant {link} names a state of its issuer that is not there yet")]
    GrantFromFuture {
        /// The place in the chain.
        link: usize,
    },
    /// The state is older than a grant of the chain accepts.
    #[error("the state is {age} blocks old, {limit} are allowed")]
    Stale {
        /// Its age in blocks.
        age: u64,
        /// The limit.
        limit: u32,
    },
    /// A policy does not allow the arguments.
    #[error("the policy of grant {link} does not allow the arguments")]
    Policy {
        /// The place in the chain.
        link: usize,
    },
    /// A policy takes too many steps.
    #[error("the policy of grant {link} takes too many steps")]
    PolicyGas {
        /// The place in the chain.
        link: usize,
    },
    /// A policy needs arguments that the call does not show.
    #[error("grant {link} has conditions on arguments that the call does not show")]
    ArgumentsMissing {
        /// The place in the chain.
        link: usize,
    },
    /// The command is not granted.
    #[error("grant {link} does not allow the command")]
    CommandNotGranted {
        /// The place in the chain.
        link: usize,
    },
    /// The resource is not granted.
    #[error("grant {link} does not cover the resource")]
    ResourceNotGranted {
        /// The place in the chain.
        link: usize,
    },
    /// The call is less reversible than granted.
    #[error("grant {link} does not allow what is so hard to undo")]
    ClassNotGranted {
        /// The place in the chain.
        link: usize,
    },
    /// A spend of an asset that is not metered.
    #[error("grant {link} does not allow to spend this asset")]
    MeterMissing {
        /// The place in the chain.
        link: usize,
    },
    /// A spend over the limit of one call.
    #[error("{} is over the {} per call of grant {link}", in_units(*.amount, *.asset), in_units(*.limit, *.asset))]
    OverPerCall {
        /// The place in the chain.
        link: usize,
        /// What it is spent in.
        asset: Asset,
        /// What is spent.
        amount: u128,
        /// The limit.
        limit: u128,
    },
    /// A payee who is not listed.
    #[error("grant {link} does not allow to pay this payee")]
    PayeeNotGranted {
        /// The place in the chain.
        link: usize,
    },
    /// Approvals are missing.
    #[error("{have} of {need} approvals that grant {link} asks for")]
    ApprovalsMissing {
        /// The place in the chain.
        link: usize,
        /// How many there are.
        have: usize,
        /// How many it takes.
        need: usize,
    },
    /// An approval is of another call.
    #[error("an approval is of another call")]
    ForeignApproval,
    /// An approval has expired.
    #[error("an approval has expired")]
    ApprovalExpired,
    /// An approval by somebody who is not asked, or a second one.
    #[error("{id} is not asked for approval, or approves twice")]
    UnknownApprover {
        /// The identity.
        id: AutoId,
    },
    /// The call has expired.
    #[error("the call ended at {exp}, it is {now}")]
    CallExpired {
        /// Its end.
        exp: Time,
        /// The time of the verification.
        now: Time,
    },
    /// The call would live too long.
    #[error("the call lives for more than {CALL_SECONDS_MAX} seconds")]
    CallTooLong,
    /// The call is for another verifier.
    #[error("the call is for somebody else")]
    Audience,
    /// The call is bound to another channel.
    #[error("the call came through another channel")]
    Binding,
    /// The call is not by the holder of the last grant.
    #[error("the call is not by the holder of the last grant")]
    NotHolder,
    /// The signature of the call does not verify.
    #[error("the signature of the call does not verify")]
    CallSignature,
    /// The signature of an approval does not verify.
    #[error("the signature of the approval by {id} does not verify")]
    ApprovalSignature {
        /// The approver.
        id: AutoId,
    },
    /// The revoker is neither an issuer of the chain, its owner nor the holder.
    #[error("the identity may not revoke this grant")]
    NotRevoker,
    /// A call names grants where the owner's own act is expected.
    #[error("a call without grants is the owner's own act")]
    NotByGrant,
}
