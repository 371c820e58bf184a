//! Running one extrinsic.

use super::Runtime;
use super::deliver::Modules;
use crate::bank;
use crate::messages::{self, BankTill, Delivery, Messages, Post, Relay};
use crate::watch::{Watched, write};
use crate::{
    BlockContext, CallContext, CheckedExtrinsic, DomainError, Events, Executed, Extrinsic, Failure, Outcome,
};
use auto_core::{Amount, ErrorCode, SignedTransaction};
use auto_state::{Overlay, StateWrite};

impl Runtime {
    pub(super) fn apply_extrinsic(
        &self,
        cx: &BlockContext<'_>,
        extrinsic: &CheckedExtrinsic,
        state: &mut dyn StateWrite,
    ) -> Result<Executed, DomainError> {
        match extrinsic.extrinsic() {
            Extrinsic::Signed(signed) => Self::apply_signed(cx, extrinsic, signed, state),
            Extrinsic::Message(relay) => self.apply_message(cx, extrinsic, relay, state),
            // No inherent passes the check.
            Extrinsic::Inherent(_) => Ok(skipped(extrinsic, DomainError::Inherent.code())),
        }
    }

    fn apply_signed(
        cx: &BlockContext<'_>,
        extrinsic: &CheckedExtrinsic,
        signed: &SignedTransaction,
        state: &mut dyn StateWrite,
    ) -> Result<Executed, DomainError> {
        let params = &cx.environment.params;
        let mut overlay = Overlay::new(&*state);
        let charged = Self::charge_of(cx.environment, cx.inherent, extrinsic).and_then(|fee| {
            bank::charge(&mut overlay, params, cx.inherent, &signed.transaction, &fee).map(|()| fee.total)
        });
        let fee = match charged.map_err(DomainError::from) {
            Ok(fee) => fee,
            Err(DomainError::Stored(error)) => return Err(error.into()),
            Err(error) => return Ok(skipped(extrinsic, error.code())),
        };
        let mut events = Events::new();
        overlay.checkpoint();
        let outcome = match run_calls(cx, extrinsic, &mut overlay, &mut events)? {
            Ok(()) => {
                overlay.accept();
                Outcome::Applied
            }
            Err((call, Failure { code, message })) => {
                overlay.revert();
                events.truncate(0);
                Outcome::Failed { call, code, message }
            }
        };
        let changes = overlay.into_changes();
        write(changes, state);
        Ok(Executed { hash: extrinsic.hash(), outcome, fee, events: events.into_inner() })
    }

    /// Receives a message; its proof is verified here too, so that nothing but a proven message ever moves
    /// money, whoever calls.
    fn apply_message(
        &self,
        cx: &BlockContext<'_>,
        extrinsic: &CheckedExtrinsic,
        relay: &Relay,
        state: &mut dyn StateWrite,
    ) -> Result<Executed, DomainError> {
        let environment = cx.environment;
        let mut overlay = Overlay::new(&*state);
        let mut events = Events::new();
        let mut watched = Watched::new(&mut overlay);
        let mut till = BankTill { params: &environment.params };
        let mut receivers = Modules { runtime: self, cx, events: &mut events };
        let mut post = Post::new(environment.domain, &environment.params, &mut till);
        post.receivers = Some(&mut receivers);
        let result = messages::due(&watched, environment.domain, &relay.message)
            .and_then(|_| messages::verify(&watched, relay))
            .and_then(|()| post.receive(&mut watched, &relay.message));
        let posted = post.events;
        let oversized = watched.finish()?.err();
        let outcome = match result.map_err(DomainError::from) {
            Err(DomainError::Stored(error)) => return Err(error.into()),
            Err(error) => return Ok(skipped(extrinsic, error.code())),
            Ok(_) if oversized.is_some() => {
                let code = oversized.as_ref().map_or("", ErrorCode::code);
                return Ok(skipped(extrinsic, code));
            }
            Ok(Delivery::Done) => Outcome::Applied,
            Ok(Delivery::Refused(Failure { code, message })) => Outcome::Failed { call: 0, code, message },
        };
        posted.iter().for_each(|event| events.emit::<Messages>(event));
        let changes = overlay.into_changes();
        write(changes, state);
        Ok(Executed { hash: extrinsic.hash(), outcome, fee: Amount::ZERO, events: events.into_inner() })
    }
}

fn skipped(extrinsic: &CheckedExtrinsic, code: &'static str) -> Executed {
    let outcome = Outcome::Skipped { code };
    Executed { hash: extrinsic.hash(), outcome, fee: Amount::ZERO, events: Vec::new() }
}

/// Runs the calls of a transaction in order; the inner error is the first that fails.
fn run_calls(
    cx: &BlockContext<'_>,
    extrinsic: &CheckedExtrinsic,
    state: &mut dyn StateWrite,
    events: &mut Events,
) -> Result<Result<(), (u32, Failure)>, DomainError> {
    let (signer, hash) = (extrinsic.sender(), extrinsic.hash());
    let mut watched = Watched::new(state);
    let mut at = 0;
    let mut result = Ok(());
    for (index, call) in (0u32..).zip(&extrinsic.calls) {
        at = index;
        let cx = CallContext { block: *cx, signer, extrinsic: hash, call: index };
        result = call.apply(&cx, &mut watched, events);
        if result.is_err() || watched.failed() {
            break;
        }
    }
    let result = watched.finish()?.map_err(|error| Failure::of(&error)).and(result);
    Ok(result.map_err(|failure| (at, failure)))
}
