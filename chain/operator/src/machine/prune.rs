//! Forgetting what can no longer be wanted.

use super::Operator;
use crate::OperatorError;
use crate::records::{Known, Made, Writer};
use auto_core::{BlockNumber, DomainId, Hash};

/// Confirmed blocks of a domain that are kept for readers.
const HISTORY: u64 = 10_000;

impl Operator {
    /// Discards branches that the chain can no longer take, and states that no proof needs any more.
    ///
    /// A state is needed until its child block is confirmed in a final consensus block: the child's receipt
    /// may be wrong until then, and messages are proven under the newest confirmed state.
    pub(super) fn prune(&mut self) -> Result<(), OperatorError> {
        let depth = self.config.rules.params.confirmation_depth;
        let Some(target) = self.last.number.checked_sub(depth) else { return Ok(()) };
        while self.last.finalized < target {
            let Some(height) = self.last.finalized.checked_add(1) else { return Ok(()) };
            let hash = self.ancestor(height)?;
            self.finalize(height, hash)?;
        }
        Ok(())
    }

    /// The block of a height on the branch that is followed.
    pub(super) fn ancestor(&self, height: BlockNumber) -> Result<Hash, OperatorError> {
        let (mut number, mut hash) = (self.last.number, self.last.hash);
        while number > height {
            let known = self.records().known(number, &hash)?;
            hash = known.ok_or_else(|| OperatorError::missing("block", &hash))?.parent;
            number = BlockNumber(number.0.saturating_sub(1));
        }
        Ok(hash)
    }

    fn finalize(&mut self, height: BlockNumber, canonical: Hash) -> Result<(), OperatorError> {
        let mut writer = Writer::default();
        let mut stage = self.nodes().stage();
        let mut last = self.last.clone();
        last.finalized = height;
        let siblings = self.records().of_height(height)?;
        for (hash, known) in siblings.iter().filter(|(hash, _)| *hash != canonical) {
            for tip in known.tips.iter().filter(|tip| tip.made_in == *hash) {
                if let Some(made) = self.records().made(tip.domain, hash)? {
                    stage.stage_release(&made.fresh);
                    self.unplace(tip.domain, hash, &made, &mut writer)?;
                }
                writer.unmake(tip.domain, hash);
            }
            writer.forget(height, hash);
        }
        let known = siblings.iter().find(|(hash, _)| *hash == canonical);
        let (_, known) = known.ok_or_else(|| OperatorError::missing("block", &canonical))?;
        if let Some(before) = height.checked_sub(1) {
            writer.forget(before, if before.0 == 0 { &Hash::ZERO } else { &known.parent });
        }
        for tip in known.tips.iter().filter(|tip| tip.made_in == canonical) {
            writer.at(tip.domain, tip.number, &canonical);
        }
        let mut freed: Vec<Hash> = Vec::new();
        for (domain, from, to) in open_heights(known, &mut last.released) {
            for number in (from.0.saturating_add(1)..=to.0).map(BlockNumber) {
                freed.extend(self.release(domain, number, &mut writer)?);
            }
        }
        stage.stage_release(&freed);
        writer.last(&last);
        stage.finish(&mut writer.0)?;
        self.store.write(writer.0)?;
        self.last = last;
        Ok(())
    }

    /// Strips a confirmed block of what only proofs against it need; gives the nodes that it replaced.
    fn release(
        &self,
        domain: DomainId,
        number: BlockNumber,
        writer: &mut Writer,
    ) -> Result<Vec<Hash>, OperatorError> {
        let missing = || OperatorError::missing("height", &number);
        let hash = self.records().at(domain, number)?.ok_or_else(missing)?;
        let mut made = self.records().must_have(domain, &hash)?;
        let stale = std::mem::take(&mut made.stale);
        made.fresh.clear();
        made.bodies.clear();
        writer.made(domain, &hash, &made);
        let Some(old) = number.checked_sub(HISTORY).filter(|old| old.0 > 0) else { return Ok(stale) };
        if let Some(hash) = self.records().at(domain, old)? {
            if let Some(made) = self.records().made(domain, &hash)? {
                self.unplace(domain, &hash, &made, writer)?;
            }
            writer.unmake(domain, &hash);
            writer.not_at(domain, old);
        }
        Ok(stale)
    }

    /// Forgets the extrinsics of a block, except for those that have their place in another.
    fn unplace(
        &self,
        domain: DomainId,
        made_in: &Hash,
        made: &Made,
        writer: &mut Writer,
    ) -> Result<(), OperatorError> {
        for ran in &made.ran {
            let place = self.records().place(domain, &ran.hash)?;
            if place.is_some_and(|place| place.made_in == *made_in) {
                writer.unplace(domain, &ran.hash);
            }
        }
        Ok(())
    }
}

/// For each domain the heights that became confirmed: those after the first number, up to the second.
fn open_heights(
    known: &Known,
    released: &mut Vec<(DomainId, BlockNumber)>,
) -> Vec<(DomainId, BlockNumber, BlockNumber)> {
    let mut heights = Vec::new();
    for tip in &known.tips {
        // What was confirmed without being derived here cannot be released.
        let confirmed = tip.confirmed.min(tip.number);
        match released.iter_mut().find(|(domain, _)| *domain == tip.domain) {
            Some((_, from)) => {
                heights.push((tip.domain, *from, confirmed));
                *from = confirmed;
            }
            None => {
                heights.push((tip.domain, BlockNumber(0), confirmed));
                released.push((tip.domain, confirmed));
            }
        }
    }
    heights
}
