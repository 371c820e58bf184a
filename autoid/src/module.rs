//! The module: dispatch only.

use crate::{
    AutoidError, AutoidGenesis, Call, CommitAlias, DropCommitment, Event, FreeAlias, Lapse, PruneGrant,
    RegisterGrant, genesis, invariants,
};
use auto_core::ModuleId;
use auto_module::{CallContext, CheckContext, Events, GenesisContext, Invariant, Module, Weight};
use auto_state::StateWrite;

/// Identities, certificates, grants, revocation and aliases.
#[derive(Debug)]
pub struct Autoid;

impl Module for Autoid {
    const ID: ModuleId = ModuleId(3);
    const NAME: &'static str = "autoid";
    const VERSION: u32 = 1;

    type Call = Call;
    type Event = Event;
    type Error = AutoidError;
    type Genesis = AutoidGenesis;

    fn genesis(
        cx: &GenesisContext<'_>,
        config: AutoidGenesis,
        state: &mut dyn StateWrite,
    ) -> Result<(), AutoidError> {
        genesis::genesis(cx, &config, state)
    }

    fn check(call: &Call, cx: &CheckContext<'_>) -> Result<(), AutoidError> {
        match call {
            Call::Incept(incept) => incept.check(cx),
            Call::Operate(operate) => operate.check(cx),
            Call::AttachCertificate(attach) => attach.check(cx),
            Call::RegisterGrant(register) => register.check(cx),
            Call::RevokeGrant(revoke) => revoke.check(cx),
            Call::Lapse(_)
            | Call::PruneGrant(_)
            | Call::CommitAlias(_)
            | Call::DropCommitment(_)
            | Call::FreeAlias(_) => Ok(()),
        }
    }

    fn weight(call: &Call) -> Weight {
        match call {
            Call::Incept(incept) => incept.weight(),
            Call::Operate(operate) => operate.weight(),
            Call::Lapse(_) => Lapse::WEIGHT,
            Call::AttachCertificate(attach) => attach.weight(),
            Call::RegisterGrant(_) => RegisterGrant::WEIGHT,
            Call::RevokeGrant(revoke) => revoke.weight(),
            Call::PruneGrant(_) => PruneGrant::WEIGHT,
            Call::CommitAlias(_) => CommitAlias::WEIGHT,
            Call::DropCommitment(_) => DropCommitment::WEIGHT,
            Call::FreeAlias(_) => FreeAlias::WEIGHT,
        }
    }

    fn apply(
        call: &Call,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        match call {
            Call::Incept(incept) => incept.apply(cx, state, events),
            Call::Operate(operate) => operate.apply(cx, state, events),
            Call::Lapse(lapse) => lapse.apply(cx, state, events),
            Call::AttachCertificate(attach) => attach.apply(cx, state, events),
            Call::RegisterGrant(register) => register.apply(cx, state, events),
            Call::RevokeGrant(revoke) => revoke.apply(cx, state, events),
            Call::PruneGrant(prune) => prune.apply(cx, state, events),
            Call::CommitAlias(commit) => commit.apply(cx, state, events),
            Call::DropCommitment(drop) => drop.apply(cx, state),
            Call::FreeAlias(free) => free.apply(cx, state, events),
        }
    }

    fn invariants() -> &'static [Invariant] {
        invariants::INVARIANTS
    }
}
