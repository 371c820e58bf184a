//! Verdicts on a call under three grants, resolving a DID, and what a revocation does to the next verdict.

use super::setting::{Chain, Setting, run, write};
use super::{held, micros};
use crate::error::{CliError, internal};
use auto_agents::{Intent, audience};
use auto_core::{Hash, List};
use autoid::RevokeGrant;
use autoid_core::document::{Resolution, document};
use autoid_core::{
    Action, Call, Did, Failure, Genesis, Grant, KeyOf, Memo, NoMemo, Operation, Refusal, Remembered, Sign,
    Sign1, Trust, View as _, verify,
};
use autoid_interface::StateView;

/// The most blocks that a revocation is waited for.
const BLOCKS_MAX: u64 = 20;

/// Medians in microseconds.
pub(super) struct Times {
    pub(super) cold: f64,
    pub(super) warm: f64,
    pub(super) malformed: f64,
    pub(super) late: f64,
    pub(super) resolve: f64,
}

/// What a verifier is given: bytes.
struct Wire {
    call: Vec<u8>,
    grants: Vec<Vec<u8>>,
}

fn wire(setting: &Setting, chain: &Chain) -> Result<Wire, CliError> {
    let intent = Intent { policy: Hash([1; 32]), model: Hash([2; 32]), inputs: Hash([3; 32]) };
    let call = chain.call(&setting.network, &intent, 0)?.to_cose();
    Ok(Wire { call, grants: chain.grants.iter().map(Sign1::to_cose).collect() })
}

fn trust(view: &StateView<'_>, network: &Genesis) -> Trust {
    let point = view.point();
    let audience = audience(network);
    Trust { now: point.time, head: point.block, audience, binding: None, genesis: *network }
}

/// The verdict on bytes; an error is a state that cannot be read.
fn judge(
    wire: &Wire,
    view: &StateView<'_>,
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<Result<(), Refusal>, CliError> {
    let read = || -> Result<_, Refusal> {
        let call = Sign1::<Call>::from_cose(&wire.call)?;
        let grants = wire.grants.iter().map(|one| Sign1::<Grant>::from_cose(one));
        Ok((call, grants.collect::<Result<Vec<_>, _>>()?))
    };
    let (call, grants) = match read() {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match verify(&call, &grants, &[], view, trust, memo) {
        Ok(_) => Ok(Ok(())),
        Err(Failure::Refused(refusal)) => Ok(Err(refusal)),
        Err(Failure::View(error)) => Err(internal(error)),
    }
}

fn first(setting: &Setting) -> Result<&Chain, CliError> {
    setting.chains.first().ok_or_else(|| internal("there is no chain"))
}

pub(super) fn measure(setting: &Setting) -> Result<Times, CliError> {
    let chain = first(setting)?;
    let good = wire(setting, chain)?;
    let view = StateView::new(&setting.contents).map_err(internal)?;
    let now = trust(&view, &setting.network);
    let cold = micros(|| held(judge(&good, &view, &now, &mut NoMemo)?.is_ok(), "the call"))?;
    let mut memo = Remembered::new(64);
    let warm = micros(|| held(judge(&good, &view, &now, &mut memo)?.is_ok(), "the call"))?;
    let mut trailing = wire(setting, chain)?;
    trailing.grants.last_mut().ok_or_else(|| internal("there is no grant"))?.push(0);
    let malformed = micros(|| {
        held(judge(&trailing, &view, &now, &mut NoMemo)?.is_err(), "the refusal of a byte too many")
    })?;
    let mut over = now;
    over.now.0 = over.now.0.saturating_add(3_600);
    let late =
        micros(|| held(judge(&good, &view, &over, &mut NoMemo)?.is_err(), "the refusal of a late call"))?;
    let (id, _) = chain.actors.last().ok_or_else(|| internal("nobody is there"))?;
    let did = id.did(&setting.network).to_string();
    let resolve = micros(|| {
        let did: Did = did.parse().map_err(internal)?;
        let record = view.identity(&did.id).map_err(internal)?.ok_or_else(|| internal("nobody is there"))?;
        let text = document(&record, &setting.network, now.now, &Resolution::default());
        held(text.contains("verificationMethod"), "the document")
    })?;
    Ok(Times { cold, warm, malformed, late, resolve })
}

/// Blocks until a verifier that follows the state refuses a call, from the one that the revocation of the middle
/// grant is in.
pub(super) fn revocation_blocks(setting: &Setting) -> Result<u64, CliError> {
    let chain = first(setting)?;
    let wire = wire(setting, chain)?;
    let (Some((owner, key)), Some(middle)) = (chain.actors.first(), chain.grants.get(1)) else {
        return Err(internal("there is no chain"));
    };
    let view = StateView::new(&setting.contents).map_err(internal)?;
    let mut memo = Remembered::new(64);
    let before = judge(&wire, &view, &trust(&view, &setting.network), &mut memo)?;
    held(before.is_ok(), "the call before the revocation")?;
    let record = view.identity(owner).map_err(internal)?.ok_or_else(|| internal("nobody is there"))?;
    let operation = Operation {
        id: *owner,
        seq: record.seq.saturating_add(1),
        valid_until: view.point().block.saturating_add(BLOCKS_MAX),
        action: Action::RevokeGrant { grant: middle.id(&setting.network) },
    };
    let signed = Sign::new(operation).map_err(internal)?;
    let signed =
        signed.signed(&setting.network, KeyOf { identity: *owner, kid: 1 }, key).map_err(internal)?;
    let call = autoid::Call::RevokeGrant(RevokeGrant { operation: signed.into(), unstored: List::default() });
    let set_up = u64::try_from(setting.chains.len().saturating_mul(8)).map_err(internal)?;
    let mut waiting = vec![setting.identity_call(&call, set_up)?];
    let mut contents = setting.contents.clone();
    for passed in 1..=BLOCKS_MAX {
        let number = passed.saturating_add(1);
        let block = std::mem::take(&mut waiting);
        let changes = run(&*setting.domain, &setting.environment, &contents, number, &block)?;
        write(&mut contents, changes);
        let view = StateView::new(&contents).map_err(internal)?;
        match judge(&wire, &view, &trust(&view, &setting.network), &mut memo)? {
            Ok(()) => {}
            Err(Refusal::GrantRevoked { .. }) => return Ok(passed),
            Err(other) => return Err(internal(other)),
        }
    }
    Err(internal("the revocation has no effect"))
}
