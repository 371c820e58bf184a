//! Submissions at the door, and what every new block makes of those that wait.

use super::{Effect, NodeMachine};
use crate::submissions::Full;
use crate::{Imported, Message, NodeError, NodeEvent, PeerId};
use auto_core::{ErrorCode, Hash, PotOutput, Slot, Submission, decode_strict};
use parity_scale_codec::Encode;

/// Slots before the tip whose outputs the door looks at.
const OUTPUTS: u64 = 1024;

impl NodeMachine {
    /// Takes a submission from an operator.
    ///
    /// # Errors
    /// When it is refused; then nothing has changed.
    pub fn submit_submission(&mut self, bytes: &[u8]) -> Result<Hash, NodeError> {
        let limit = usize::try_from(self.chain.params().block_bytes_max).unwrap_or(usize::MAX);
        let submission = decode_strict(bytes, limit).map_err(NodeError::UndecodableSubmission)?;
        self.accept_submission(&submission, None)
    }

    /// Outputs of the slots proven since the head's future slot.
    fn fresh_outputs(&self) -> Vec<(Slot, PotOutput)> {
        let tip = self.time.tip().slot.0;
        let first = self.chain.head().future_slot().0.saturating_add(1).max(tip.saturating_sub(OUTPUTS));
        let slots = (first..=tip).map(Slot);
        slots.filter_map(|slot| self.time.output_at(slot).map(|output| (slot, output))).collect()
    }

    pub(super) fn accept_submission(
        &mut self,
        submission: &Submission,
        from: Option<PeerId>,
    ) -> Result<Hash, NodeError> {
        let hash = submission.hash();
        if self.submissions.get(&hash).is_some() {
            return Err(NodeError::AlreadyInPool { hash });
        }
        self.enter_submission(submission)?;
        self.broadcast(&Message::Submission(Box::new(submission.clone())), from);
        self.effects.push(Effect::Notify(NodeEvent::SubmissionAccepted { hash }));
        Ok(hash)
    }

    /// Cheap rules first; then the submission must be one that the next block could begin with.
    fn enter_submission(&mut self, submission: &Submission) -> Result<(), NodeError> {
        let election = submission.election();
        let (slot, tip) = (election.slot, self.time.tip().slot);
        if slot > tip {
            return Err(NodeError::SlotUnproven { slot, tip });
        }
        if let Some(expired) = self.chain.expired_slot()?.filter(|expired| slot <= *expired) {
            return Err(NodeError::SlotExpired { slot, expired });
        }
        let size = u64::try_from(submission.encoded_size()).unwrap_or(u64::MAX);
        let room = self.submissions.room(election.domain, election.operator, size);
        room.map_err(|full| match full {
            Full::Pool => NodeError::PoolFull,
            Full::Operator(domain, operator) => NodeError::OperatorFull { domain, operator },
        })?;
        let checked = self.chain.check_submission(submission)?;
        self.chain.validate_submission(&checked, self.fresh_outputs())?;
        self.submissions.push(checked);
        Ok(())
    }

    /// Takes out what was included or is too old, and offers anew what was reverted.
    pub(super) fn refill_submissions(&mut self, imported: &Imported) -> Result<(), NodeError> {
        for hash in &imported.included_submissions {
            self.submissions.remove(hash);
        }
        if let Some(expired) = self.chain.expired_slot()? {
            for hash in self.submissions.expire(expired) {
                let code = NodeError::SlotExpired { slot: expired, expired }.code().to_owned();
                self.effects.push(Effect::Notify(NodeEvent::SubmissionDropped { hash, code }));
            }
        }
        for submission in &imported.returned_submissions {
            let hash = submission.hash();
            if imported.included_submissions.contains(&hash) || self.submissions.get(&hash).is_some() {
                continue;
            }
            match self.enter_submission(submission) {
                Ok(()) => {}
                Err(error) if error.is_fatal() => return Err(error),
                Err(error) => {
                    let code = error.code().to_owned();
                    self.effects.push(Effect::Notify(NodeEvent::SubmissionDropped { hash, code }));
                }
            }
        }
        Ok(())
    }
}
