//! Audits through a node, up to the newest act that it knows.

use super::DomainClient;
use crate::SdkError;
use crate::audit::{AuditFile, export};
use crate::client::follow::ASK_AGAIN;
use crate::proven::At;
use auto_core::BlockNumber;
use autoid_core::AutoId;
use std::time::Duration;

/// How far the consensus chain vouches for what a node knows of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The newest block of the domain that operators vouch for on the consensus chain.
    pub vouched: BlockNumber,
    /// The block of the agent's newest entry that the node knows; none when there is no entry.
    pub newest: Option<BlockNumber>,
    /// Entries in blocks that are not vouched for yet.
    pub entries_ahead: usize,
}

impl Reach {
    /// Whether every entry that the node knows is vouched for.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.entries_ahead == 0
    }
}

impl DomainClient {
    /// The audit of an agent as of the newest block that operators vouch for, since a block when one is named. It
    /// waits at most for `patience` until that is as far as the newest entry that the node knows now; `told` hears how
    /// far it is meanwhile. When that takes longer the audit leaves out what is too new, and [`Reach`] says so.
    ///
    /// The node is trusted for the entries being all there are up to the block, no further: the proof shows it.
    ///
    /// # Errors
    /// When the node cannot be reached or keeps no index, or what it gives does not fit together.
    pub async fn audit(
        &self,
        agent: AutoId,
        since: Option<u64>,
        patience: Duration,
        told: &(dyn Fn(&Reach) + Send + Sync),
    ) -> Result<(AuditFile, Reach), SdkError> {
        let entries = self.entries(&agent).await?;
        let until = tokio::time::Instant::now() + patience;
        loop {
            let mut state = self.state(At::Vouched).await?;
            let vouched = state.number();
            let reach = Reach {
                vouched,
                newest: entries.last().map(|entry| BlockNumber(entry.block)),
                entries_ahead: entries.iter().filter(|entry| entry.block > vouched.0).count(),
            };
            if reach.is_whole() || tokio::time::Instant::now() >= until {
                return Ok((export(&mut state, agent, entries, since).await?, reach));
            }
            told(&reach);
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }
}
