//! Whether a manifest is by whom it says, as of a state.

use crate::{Content, Manifest, ProvenanceError, Sealed, Unverified};
use autoid_core::policy::Value;
use autoid_core::verify::{Answer, NoMemo, can};
use autoid_core::{
    Answerer, AutoId, Call, Command, Failure, Genesis, Grant, GrantId, Key, Point, Refusal, Relations,
    Reversibility, Sign1, Status, Time, Trust, View, who_answers,
};

/// Seconds that a manifest may be ahead of the state: clocks differ, and chain time moves in slots.
pub const AHEAD_SECONDS_MAX: u64 = 300;

/// A manifest that is by whom it says, as of the block of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The block, and chain time at it.
    pub at: Point,
    /// Who answers for the content: its author, and all above, up to the top of the tree.
    pub answers: Vec<Answerer>,
    /// Who signed: the author, or an agent in its name.
    pub signer: AutoId,
    /// The key that signed, which the signer had in that block.
    pub key: Key,
    /// The grants under which an agent signed, the author's first.
    pub chain: Vec<GrantId>,
}

/// The command that lets an agent sign content in somebody's name.
///
/// # Errors
/// Never, in fact: the command is a sound one.
pub fn command() -> Result<Command, Refusal> {
    Command::new(&["content", "sign"])
}

/// Judges a manifest of a content, with the grants that it rests on, by a state of the author's domain.
///
/// The answer is true of the block of that state. For content that was stored on the consensus chain it is the
/// state when that happened; then keys and grants of that time count, whatever became of them. For content that
/// was not stored nothing shows when it was signed, so it is the newest state.
///
/// # Errors
/// The first rule that refuses, or that the state cannot be read.
pub fn verify<V: View + ?Sized>(
    sealed: &Sealed,
    content: &Content,
    grants: &[Sign1<Grant>],
    view: &V,
    genesis: &Genesis,
) -> Result<Verified, Unverified<V::Error>> {
    let (manifest, at) = (sealed.manifest(), view.point());
    if manifest.network != *genesis {
        return Err(ProvenanceError::OtherNetwork.into());
    }
    if manifest.content != content.hash || manifest.size != content.size {
        return Err(ProvenanceError::OtherContent.into());
    }
    if manifest.made_at.0 > at.time.0.saturating_add(AHEAD_SECONDS_MAX) {
        return Err(ProvenanceError::FromFuture { made_at: manifest.made_at, now: at.time }.into());
    }
    let answers = active(view, &manifest.author)?;
    let signer = manifest.signer();
    if signer != manifest.author {
        active(view, &signer)?;
    }
    let key = key(sealed, view, at)?;
    sealed.statement().verify(genesis, &key.key).map_err(|refusal| match refusal {
        Refusal::Algorithm | Refusal::Signature => ProvenanceError::Signature,
        other => ProvenanceError::Malformed(other),
    })?;
    let chain = granted(sealed, grants, view, genesis)?;
    Ok(Verified { at, answers, signer, key, chain })
}

/// The way up from an identity that is active, as are all above it.
fn active<V: View + ?Sized>(view: &V, id: &AutoId) -> Result<Vec<Answerer>, Unverified<V::Error>> {
    let path = who_answers(view, id).map_err(|failure| match failure {
        Failure::View(error) => Unverified::View(error),
        Failure::Refused(Refusal::UnknownIdentity { id }) => ProvenanceError::UnknownIdentity { id }.into(),
        Failure::Refused(other) => ProvenanceError::Malformed(other).into(),
    })?;
    match path.iter().find(|one| one.status != Status::Active) {
        Some(one) => Err(ProvenanceError::Inactive { id: one.id, status: one.status }.into()),
        None => Ok(path),
    }
}

/// The key that signed, if it may speak for its identity at that time.
fn key<V: View + ?Sized>(sealed: &Sealed, view: &V, at: Point) -> Result<Key, Unverified<V::Error>> {
    let (id, kid) = (sealed.manifest().signer(), sealed.statement().kid());
    let record = view.identity(&id).map_err(Unverified::View)?;
    let record = record.ok_or(ProvenanceError::UnknownIdentity { id })?;
    let key = record.keys.key(kid).ok_or(ProvenanceError::UnknownKey { id, kid, block: at.block })?;
    key.admit(Relations::ASSERT, at.time).map_err(|refusal| match refusal {
        Refusal::KeyExpired { .. } => ProvenanceError::KeyExpired { id, kid },
        _ => ProvenanceError::NotToAssert { id, kid },
    })?;
    Ok(key.clone())
}

/// The chain of grants under which an agent signed; empty when the author signed.
fn granted<V: View + ?Sized>(
    sealed: &Sealed,
    grants: &[Sign1<Grant>],
    view: &V,
    genesis: &Genesis,
) -> Result<Vec<GrantId>, Unverified<V::Error>> {
    let manifest = sealed.manifest();
    let Some(acting) = manifest.acting else { return Ok(Vec::new()) };
    let (Some(first), Some(last)) = (grants.first(), grants.last()) else {
        return Err(ProvenanceError::GrantMissing { grant: acting.grant }.into());
    };
    if last.id(genesis) != acting.grant {
        return Err(ProvenanceError::GrantMissing { grant: acting.grant }.into());
    }
    if first.body().sub != manifest.author {
        return Err(
            ProvenanceError::NotTheAuthors { owner: first.body().sub, author: manifest.author }.into()
        );
    }
    let call = call(sealed, grants, view.point().time, genesis).map_err(ProvenanceError::Malformed)?;
    let Point { block, time } = view.point();
    let trust = Trust { now: time, head: block, audience: manifest.author, binding: None, genesis: *genesis };
    match can(&call, grants, view, &trust, &mut NoMemo).map_err(Unverified::View)? {
        Answer::Yes { .. } => Ok(call.chain),
        Answer::No { refusal, .. } => Err(ProvenanceError::NotGranted(refusal).into()),
    }
}

/// What an agent does that signs content: grants and their policies are held against it.
fn call(sealed: &Sealed, grants: &[Sign1<Grant>], now: Time, genesis: &Genesis) -> Result<Call, Refusal> {
    let manifest = sealed.manifest();
    let args = arguments(manifest)?;
    let mut call_id = [0; 16];
    call_id.iter_mut().zip(sealed.id().0).for_each(|(to, byte)| *to = byte);
    Ok(Call {
        iss: manifest.signer(),
        aud: manifest.author,
        chain: grants.iter().map(|grant| grant.id(genesis)).collect(),
        cmd: command()?,
        res: format!("content:{}", manifest.media_type).parse()?,
        class: Reversibility::Irreversible,
        args_hash: args.hash(),
        args: Some(args),
        spend: None,
        call_id,
        exp: Time(now.0.saturating_add(1)),
        binding: None,
        intent: [0; 32],
    })
}

/// What policies of grants see of a manifest.
fn arguments(manifest: &Manifest) -> Result<Value, Refusal> {
    let licence = manifest.licence.as_ref();
    Value::map(vec![
        ("hash".to_owned(), Value::Bytes(manifest.content.to_vec())),
        ("size".to_owned(), Value::Int(i128::from(manifest.size))),
        ("type".to_owned(), Value::Text(manifest.media_type.to_string())),
        ("licence".to_owned(), licence.map_or(Value::Null, |licence| Value::Text(licence.to_string()))),
    ])
}
