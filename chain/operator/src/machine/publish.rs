//! Showing others what the machine knows.

use super::Operator;
use crate::OperatorError;
use crate::handle::DomainStatus;
use auto_core::BlockNumber;
use auto_domains::state::{DOMAIN, OPERATOR, OPERATOR_KEY};
use auto_state::{Snapshot, StateRead};

impl Operator {
    /// Shows where the domains stand after the newest block.
    pub(super) fn publish(&self, state: Option<&dyn StateRead>) -> Result<(), OperatorError> {
        let known = self.known()?;
        let stored = Snapshot::new(self.nodes(), known.state_root);
        let state: &dyn StateRead = match state {
            Some(state) => state,
            None if self.last.number.0 > 0 => &stored,
            None => {
                self.shared.live.write().tips = known.tips;
                return Ok(());
            }
        };
        let mut domains = Vec::with_capacity(known.tips.len());
        for tip in &known.tips {
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
        live.head = Some((self.last.number, self.last.hash));
        live.tips = known.tips;
        live.domains = domains;
        live.operators = operators;
        Ok(())
    }
}
