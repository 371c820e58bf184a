//! Every failure has one code, and every code is explained.

use auto_core::{ErrorCode, Slot};
use auto_proof_of_time::{ERRORS, TimeError};

#[test]
fn every_error_is_explained_under_its_own_code() {
    let slot = Slot(1);
    let errors = [
        TimeError::Iterations(1),
        TimeError::SlotOrder { slot, future: slot, parent: slot },
        TimeError::CheckpointCount { expected: 1, actual: 2 },
        TimeError::Seed(slot),
        TimeError::FutureOutput(slot),
        TimeError::Output(slot),
        TimeError::EarlierOutputUnknown(slot),
        TimeError::IterationsLowered { from: 2, to: 1 },
        TimeError::IterationsOutsideInjection { expected: 1, actual: 2 },
        TimeError::Checkpoints(slot),
        TimeError::TooOld(slot),
        TimeError::TooFarAhead { slot, tip: slot },
        TimeError::IterationsOverBound { actual: 2, limit: 1 },
        TimeError::OtherChain(slot),
        TimeError::TooManyVariants(slot),
        TimeError::BufferFull(slot),
        TimeError::SourceExhausted(1),
    ];
    let codes: Vec<_> = errors.iter().map(ErrorCode::code).collect();
    let explained: Vec<_> = ERRORS.iter().map(|entry| entry.code).collect();
    assert_eq!(codes, explained);
    let numbered: Vec<_> = (1..=errors.len()).map(|number| format!("POT-{number:04}")).collect();
    assert_eq!(codes, numbered);
}
