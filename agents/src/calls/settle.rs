//! Taking part of an escrow.

use crate::authority::{self, Now};
use crate::log::Writer;
use crate::money::{account_of, escrow_account, give_back, pay};
use crate::{Agents, AgentsError, Deed, ESCROWS, Escrow, EscrowId, Event, Settlement, budget, escrow};
use auto_core::{Address, Amount};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::verify::signed_by;
use autoid_core::{Payee, Relations, Sign1};
use autoid_interface::{Envelope, StateView};
use parity_scale_codec::{Decode, Encode};

/// What the payee says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Claim {
    /// Signed by a key of the identity that is paid.
    #[codec(index = 0)]
    Signed(Box<Envelope<Sign1<Settlement>>>),
    /// By the account that is paid, which signs the transaction.
    #[codec(index = 1)]
    Direct {
        /// The escrow.
        escrow: EscrowId,
        /// How much it takes.
        amount: Amount,
    },
}

/// Pays the payee what it says, at most what was reserved, and gives the rest back.
///
/// The grants under which it was reserved must still hold: after a revocation nothing is paid.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Settle {
    /// What the payee says.
    pub claim: Claim,
}

impl Settle {
    pub(crate) const WEIGHT: Weight = Weight(450_000);

    pub(crate) fn check(&self) -> Result<(), AgentsError> {
        if let Claim::Signed(signed) = &self.claim {
            signed.open()?;
        }
        Ok(())
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let (id, paid) = match &self.claim {
            Claim::Signed(signed) => {
                let settlement = signed.open()?.body();
                (settlement.escrow, Amount::from_base_units(settlement.amount))
            }
            Claim::Direct { escrow, amount } => (*escrow, *amount),
        };
        let escrow = ESCROWS.get(state, &id)?.ok_or(AgentsError::NoEscrow)?;
        let (number, deadline) = (Now::of(state)?.number, escrow.terms.deadline);
        if number > deadline {
            return Err(AgentsError::DeadlinePassed { deadline, number });
        }
        self.check_payee(&escrow, cx, &*state)?;
        authority::in_force(&*state, (&escrow.subject, &escrow.agent), &escrow.chain)?;
        close(state, cx, events, (&id, &escrow), paid)
    }

    fn check_payee(
        &self,
        escrow: &Escrow,
        cx: &CallContext<'_>,
        state: &dyn StateWrite,
    ) -> Result<(), AgentsError> {
        match (&self.claim, &escrow.payee) {
            (Claim::Signed(signed), Payee::Identity(id)) => {
                let (view, network) = (StateView::new(state)?, authority::genesis(cx.block.environment));
                Ok(signed_by(signed.open()?, id, Relations::INVOKE, &view, &network)?)
            }
            (Claim::Direct { .. }, Payee::Address(bytes)) if cx.signer == Address(*bytes) => Ok(()),
            _ => Err(AgentsError::NotThePayee),
        }
    }
}

/// Ends an escrow: `paid` goes to the payee, the rest back.
pub(super) fn close(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    events: &mut Events,
    (id, escrow): (&EscrowId, &Escrow),
    paid: Amount,
) -> Result<(), AgentsError> {
    budget::settle(state, &escrow.meters, escrow.reserved, paid)?;
    let rest = escrow.reserved.checked_sub(paid).ok_or(AgentsError::Overflow)?;
    let domain = &cx.block.environment.params;
    pay(state, domain, (&escrow_account(), &account_of(&escrow.payee)), paid)?;
    let returned = give_back(state, domain, &escrow_account(), &escrow.subject, rest)?;
    escrow::forget(state, id, escrow)?;

    let mut log = Writer::open(state, escrow.agent, Now::of(state)?, events)?;
    log.append(if paid.is_zero() {
        Deed::Refunded { escrow: *id }
    } else {
        Deed::Settled { escrow: *id, grant: escrow.chain.last().copied(), paid }
    })?;
    log.paid(paid)?;
    log.close(state);
    events.emit::<Agents>(&Event::Closed { escrow: *id, paid, returned });
    Ok(())
}
