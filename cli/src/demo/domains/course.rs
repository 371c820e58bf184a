//! The course of one lie: it is told, followed, proven and paid for, and the domain goes on right.

use super::evidence::{Bad, Before, Evidence, Proven, Slash};
use super::network::{Dispute, Member};
use super::payments::Payments;
use super::readings::{balances, is_slashed, receipts_from, stake_of};
use super::setup::{DISPUTED, FOLLOWER, HONEST, LIAR, NOMINATION, Party};
use super::verdict::Outcome;
use crate::error::{CliError, internal};
use crate::frauds::{events, kind_name, proof_against};
use auto_core::Hash;
use auto_domains::DomainsEvent;
use auto_operator::Lie;
use auto_sdk::domains;

/// Blocks after which users pay again, so that there is something to lie about.
const PAY_EVERY: u64 = 6;
/// Blocks without one of a domain, after which the domain stands still.
const STILL: u64 = 4;

/// Hears what is going on with a lie.
pub(super) type Told<'a> = &'a (dyn Fn(&'static str) + Send + Sync);

/// Runs a network of its own in which this lie is told.
pub(super) fn run(lie: Lie, told: Told<'_>) -> Result<Outcome, CliError> {
    told("starting four nodes");
    let dispute = Dispute::start(lie)?;
    let outcome = settle(lie, &dispute, told).and_then(|evidence| evidence.outcome(lie));
    dispute.stop();
    outcome
}

/// Lets the lie be told and mended, and gives what there is to judge by.
pub(super) fn settle<'a>(lie: Lie, dispute: &'a Dispute, told: Told<'a>) -> Result<Evidence<'a>, CliError> {
    Course { lie, dispute, told, payments: Payments::default() }.run()
}

struct Course<'a> {
    lie: Lie,
    dispute: &'a Dispute,
    told: Told<'a>,
    payments: Payments,
}

impl<'a> Course<'a> {
    fn run(mut self) -> Result<Evidence<'a>, CliError> {
        let dispute = self.dispute;
        let before = self.nominated()?;
        let bad = self.lied()?;
        self.followed(bad)?;
        (self.told)("the honest operator comes");
        let came_at = dispute.head()?;
        dispute.join(&dispute.honest);
        let proven = self.proven(bad)?;
        let corrected = self.corrected(bad)?;
        self.confirmed(bad)?;
        (self.told)("a newcomer replays the chain");
        let newcomer = self.replayed()?;
        Ok(Evidence { dispute, newcomer, payments: self.payments, before, bad, came_at, corrected, proven })
    }

    /// Two users add stake: one to the liar, one to the honest operator.
    fn nominated(&self) -> Result<Before, CliError> {
        (self.told)("two users nominate");
        let (dispute, chain) = (self.dispute, &self.dispute.farmer);
        for (who, operator) in [(Party::misled(), LIAR), (Party::prudent(), HONEST)] {
            dispute.call(who, domains::nominate(operator, NOMINATION))?;
        }
        dispute.until("two nominations", || {
            chain.read(|state| {
                let before = Before {
                    balances: balances(state)?,
                    misled: stake_of(state, LIAR, Party::misled())?,
                    prudent: stake_of(state, HONEST, Party::prudent())?,
                    honest: stake_of(state, HONEST, Party::honest())?,
                };
                Ok((!before.misled.is_zero() && !before.prudent.is_zero()).then_some(before))
            })
        })
    }

    /// The liar alone is there, until a receipt stands in the chain that the farmer knows to be wrong.
    fn lied(&mut self) -> Result<Bad, CliError> {
        let dispute = self.dispute;
        (self.told)("the liar is alone");
        dispute.join(&dispute.liar);
        let mut paid_at = None;
        let payments = &mut self.payments;
        let bad = dispute.until("a lie", || {
            let head = dispute.head()?;
            if paid_at.is_none_or(|at| head >= at + PAY_EVERY) {
                paid_at = Some(head);
                payments.round(dispute);
                payments.offer(&dispute.farmer.domains, &dispute.liar)?;
            }
            let wrong =
                dispute.farmer.domains.domain(DISPUTED).and_then(|status| status.wrong.first().copied());
            let Some(number) = wrong else { return Ok(None) };
            let stated = dispute.farmer.read(|state| receipts_from(state, DISPUTED, number.0))?;
            Ok(stated.first().map(|stated| Bad {
                number,
                hash: stated.receipt.hash(),
                stated_in: stated.submitted.0,
            }))
        })?;
        dispute.leave(&dispute.liar);
        Ok(bad)
    }

    /// The follower alone is there, until it vouched for the lie or for a receipt on top of it.
    fn followed(&self, bad: Bad) -> Result<(), CliError> {
        (self.told)("the follower vouches for the lie");
        let dispute = self.dispute;
        self.payments.offer(&dispute.farmer.domains, &dispute.follower)?;
        dispute.join(&dispute.follower);
        // A follower is worth a row of its own when it built on the lie.
        let from = if self.lie == Lie::Follow { bad.number.0.saturating_add(1) } else { bad.number.0 };
        dispute.until("a follower", || {
            let receipts = dispute.farmer.read(|state| receipts_from(state, DISPUTED, from))?;
            Ok(receipts.iter().any(|known| known.submitters.contains(&FOLLOWER)).then_some(()))
        })?;
        dispute.leave(&dispute.follower);
        Ok(())
    }

    /// The honest operator is there: waits until the lie is proven and both operators have lost their stakes.
    fn proven(&self, bad: Bad) -> Result<Proven, CliError> {
        let (dispute, chain) = (self.dispute, &self.dispute.farmer.node.handle);
        let mut next = bad.stated_in;
        let (mut found, mut slashes) = (None, Vec::new());
        dispute.until("a fraud proof and two slashes", || {
            let both =
                dispute.farmer.read(|state| Ok(is_slashed(state, LIAR)? && is_slashed(state, FOLLOWER)?))?;
            // Events are those up to that state at least.
            let head = dispute.head()?;
            while next <= head {
                for event in events(chain, next)? {
                    match event {
                        DomainsEvent::FraudProven { receipt, reporter, .. } if receipt == bad.hash => {
                            found = Some((next, reporter));
                        }
                        DomainsEvent::OperatorSlashed { operator, amount, rewarded } => {
                            slashes.push(Slash { operator, amount, rewarded, block: next });
                        }
                        _ => {}
                    }
                }
                next = next.saturating_add(1);
            }
            Ok((found.is_some() && both).then_some(()))
        })?;
        let (block, reporter) = found.ok_or_else(|| internal("no proof was found"))?;
        let proof = proof_against(chain, block, bad.hash)?;
        let proof = proof.map(|proof| kind_name(&proof.kind));
        Ok(Proven { block, reporter, proof, slashes })
    }

    /// Waits until the height of the lie has another receipt, and gives it.
    fn corrected(&self, bad: Bad) -> Result<Hash, CliError> {
        (self.told)("the honest operator mends the line");
        let dispute = self.dispute;
        dispute.until("another receipt", || {
            let first =
                dispute.farmer.read(|state| receipts_from(state, DISPUTED, bad.number.0))?.into_iter().next();
            Ok(first.map(|known| known.receipt.hash()).filter(|hash| *hash != bad.hash))
        })
    }

    /// Waits until nothing that users sent, and no receipt of the time of the lie, can be challenged any more.
    fn confirmed(&self, bad: Bad) -> Result<(), CliError> {
        (self.told)("all payments are confirmed");
        let dispute = self.dispute;
        let chain = &dispute.farmer.domains;
        let mut offered_at = None;
        dispute.until("the confirmation of all payments", || {
            let head = dispute.head()?;
            if offered_at.is_none_or(|at| head >= at + PAY_EVERY) {
                offered_at = Some(head);
                self.payments.offer(chain, &dispute.honest)?;
            }
            let confirmed = chain.domain(DISPUTED).is_some_and(|status| status.confirmed >= bad.number);
            Ok((confirmed && self.payments.are_confirmed(chain)?).then_some(()))
        })
    }

    /// A node that was never there follows the farmer's chain from its genesis to where it stands now.
    fn replayed(&self) -> Result<Member, CliError> {
        let (dispute, newcomer) = (self.dispute, self.dispute.newcomer()?);
        let mut still = (dispute.head()?, dispute.farmer.domains.domains());
        dispute.until("domains that stand still, and a replay up to there", || {
            let (head, now) = (dispute.head()?, dispute.farmer.domains.domains());
            if now.iter().map(|one| one.number).ne(still.1.iter().map(|one| one.number)) {
                still = (head, now);
            }
            let goal = still.0.saturating_add(STILL);
            let reached = newcomer.domains.head().is_some_and(|(number, _)| number.0 >= goal);
            Ok(reached.then_some(()))
        })?;
        Ok(newcomer)
    }
}
