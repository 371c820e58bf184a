//! Showing others what the machine knows.

use super::Operator;
use crate::OperatorError;
use crate::handle::DomainStatus;
use crate::records::Tip;
use auto_core::BlockNumber;
use auto_domains::state::{DOMAIN, OPERATOR, OPERATOR_KEY};
use auto_module::StoredError;
use auto_state::{Snapshot, StateError, StateRead};

impl Operator {
    /// Shows where the domains stand after the newest block.
    pub(super) fn publish(&self, state: Option<&dyn StateRead>) -> Result<(), OperatorError> {
        let known = self.known()?;
        let stored = Snapshot::new(self.nodes(), known.state_root);
        match self.show(state.unwrap_or(&stored), &known.tips) {
            // The first state is not there yet, or not any more; the states of the domains are.
            Err(OperatorError::Stored(StoredError::State(StateError::Missing(_))))
                if self.last.number.0 == 0 =>
            {
                self.shared.live.write().tips = known.tips;
                Ok(())
            }
            shown => shown,
        }
    }

    fn show(&self, state: &dyn StateRead, tips: &[Tip]) -> Result<(), OperatorError> {
        let mut domains = Vec::with_capacity(tips.len());
        for tip in tips {
            let Some(record) = DOMAIN.get(state, &tip.domain)? else { continue };
            let all = (tip.domain, BlockNumber(0))..=(tip.domain, BlockNumber(u64::MAX));
            domains.push(DomainStatus {
                domain: tip.domain,
                number: tip.number,
                block_hash: tip.block,
                state_root: tip.state_root,
                receipt: tip.receipt,
                head_receipt: record.head_receipt,
                head_receipt_hash: record.head_receipt_hash,
                confirmed: record.confirmed,
                pool: 0,
                wrong: self.bad.range(all).map(|((_, number), _)| *number).collect(),
            });
        }
        let mut operators = self.shared.live.read().operators.clone();
        for operator in &mut operators {
            operator.registered = match OPERATOR_KEY.get(state, &operator.key)? {
                Some(id) => OPERATOR.get(state, &id)?.map(|record| (id, record.domain)),
                None => None,
            };
        }
        let mut live = self.shared.live.write();
        let hash = if self.last.number.0 == 0 { self.config.rules.genesis } else { self.last.hash };
        live.head = Some((self.last.number, hash));
        live.tips = tips.to_vec();
        live.domains = domains;
        live.operators = operators;
        Ok(())
    }
}
