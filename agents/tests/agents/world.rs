//! A domain with people, organisations and agents on it, and hands to sign for all of them.

use auto_agents::{
    Act, Action, Agents, Call, Carry, Deposit, Entry, Event, Extract, Intent, Log, Open, Order, Params,
    Report, Terms, audience, view,
};
use auto_core::{Amount, Hash, List};
use auto_module::bank::Bank;
use auto_module::{Module, Outcome as Ended, module};
use auto_state::mmr::Mmr;
use auto_testkit::{DomainHarness, Done, Tx};
use autoid::{Autoid, AutoidGenesis, Incept, RegisterGrant, RevokeGrant};
use autoid_core::keys::next_commitment;
use autoid_core::{
    Action as Change, Approval, Asset, Authority, AutoId, Genesis, Grant, GrantId, Inception, Key, KeyOf,
    KeySet, Kind, KindSet, Meter, Mode, Operation, Payee, Policy, Relations, Reversibility, RevocationPlace,
    Sign, Sign1, Signer, Spend, Time, View, Window,
};
use autoid_interface::{Envelope, IDENTITIES, StateView, network_of};
use ed25519_dalek::SigningKey;

/// Base units of one AI3.
pub(crate) const AI3: u128 = 1_000_000_000_000_000_000;

/// Unix seconds of slot zero.
const CLOCK: u64 = 1_800_000_000;

/// An identity, and the keys that control it.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) id: AutoId,
    pub(crate) keys: Vec<SigningKey>,
}

impl Identity {
    pub(crate) fn key(&self) -> &SigningKey {
        &self.keys[0]
    }
}

/// A grant that is stored, and its id.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) id: GrantId,
    pub(crate) grant: Grant,
}

pub(crate) struct World {
    pub(crate) domain: DomainHarness,
    pub(crate) genesis: Genesis,
    drawn: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(4)
    }

    pub(crate) fn with(lies_per_block: usize) -> Self {
        let modules = vec![module::<Bank>(), module::<Autoid>(), module::<Agents>()];
        let builder = DomainHarness::builder(modules)
            .account("alice", Amount::ai3(100_000))
            .account("bob", Amount::ai3(1_000))
            .genesis::<Autoid>(&AutoidGenesis { clock: CLOCK, ..AutoidGenesis::default() })
            .genesis::<Agents>(&Params { outcome_blocks: 20, pending_max: 12, ..Params::default() })
            .operators(1)
            .lies_per_block(lies_per_block);
        let domain = builder.start();
        let environment = domain.environment();
        let genesis = network_of(&environment.genesis, environment.domain);
        Self { domain, genesis, drawn: 0 }
    }

    /// A number that was not drawn before.
    pub(crate) fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn
    }

    pub(crate) fn draw_bytes(&mut self) -> [u8; 16] {
        u128::from(self.draw()).to_le_bytes()
    }

    pub(crate) fn now(&self) -> Time {
        StateView::new(self.domain.state()).expect("sound").point().time
    }

    pub(crate) fn number(&self) -> u64 {
        self.domain.number().0
    }

    /// Runs calls of one module in a block of their own, paid by alice; the code when they are refused.
    pub(crate) fn try_run<M: Module>(&mut self, calls: Vec<M::Call>) -> Result<(Done, Tx), &'static str> {
        let tx = self.domain.sign::<M>("alice", calls);
        let done = self.domain.run(&tx);
        match done.outcome(&tx) {
            Some(Ended::Applied) => Ok((done, tx)),
            Some(_) => Err(done.code(&tx).expect("refused")),
            None => Err(done.refusal(&tx).expect("offered or refused")),
        }
    }

    pub(crate) fn run<M: Module>(&mut self, call: M::Call) -> (Done, Tx) {
        match self.try_run::<M>(vec![call]) {
            Ok(done) => done,
            Err(code) => panic!("refused: {code}"),
        }
    }

    /// The code for which a call is refused.
    pub(crate) fn refused<M: Module>(&mut self, call: M::Call) -> &'static str {
        match self.try_run::<M>(vec![call]) {
            Ok(_) => panic!("not refused"),
            Err(code) => code,
        }
    }

    fn new_key(&mut self) -> SigningKey {
        let mut secret = [0x5a; 32];
        secret[..8].copy_from_slice(&self.draw().to_le_bytes());
        SigningKey::from_bytes(&secret)
    }

    /// Begins an identity with `keys` keys of which `threshold` control it.
    pub(crate) fn identity_of(
        &mut self,
        kind: Kind,
        parent: Option<&Identity>,
        keys: usize,
        threshold: u8,
    ) -> Identity {
        let keys: Vec<_> = (0..keys).map(|_| self.new_key()).collect();
        let set = (1..).zip(&keys).map(|(kid, key)| Key {
            kid,
            key: key.public_key(),
            relations: Relations::ALL,
            not_after: None,
        });
        let set = KeySet::new(set.collect(), threshold).expect("sound");
        let inception = Inception {
            kind,
            next: next_commitment(&set),
            keys: set,
            recovery: None,
            parent: parent.map(|parent| parent.id),
            issuers: Vec::new(),
            threshold: 0,
            salt: self.draw_bytes(),
            authority: Authority {
                is_ca: true,
                path_len: None,
                kinds: KindSet::of(&Kind::ALL),
                name_subtree: None,
            },
        };
        let id = inception.id(&self.genesis);
        let mut signed = Sign::new(inception).expect("sound");
        for (kid, key) in (1..).zip(&keys).take(usize::from(threshold)) {
            signed = signed.signed(&self.genesis, KeyOf { identity: id, kid }, key).expect("signs");
        }
        if let Some(parent) = parent {
            let by = KeyOf { identity: parent.id, kid: 1 };
            signed = signed.signed(&self.genesis, by, parent.key()).expect("signs");
        }
        self.run::<Autoid>(autoid::Call::Incept(Incept { inception: Envelope::from(signed) }));
        Identity { id, keys }
    }

    pub(crate) fn identity(&mut self, kind: Kind, parent: Option<&Identity>) -> Identity {
        self.identity_of(kind, parent, 1, 1)
    }

    /// A person with an organisation under it and an agent under that, with 1,000 AI3 in the organisation's vault.
    pub(crate) fn office(&mut self) -> (Identity, Identity, Identity) {
        let person = self.identity(Kind::Human, None);
        let office = self.identity(Kind::Org, Some(&person));
        let agent = self.identity(Kind::Agent, Some(&office));
        self.pay_in(&office, 1_000 * AI3);
        (person, office, agent)
    }

    pub(crate) fn pay_in(&mut self, to: &Identity, amount: u128) {
        let amount = Amount::from_base_units(amount);
        self.run::<Agents>(Call::Deposit(Deposit { to: to.id, amount }));
    }

    pub(crate) fn vault(&self, id: &Identity) -> u128 {
        view::balance(self.domain.state(), &id.id).expect("sound").base_units()
    }

    /// A grant to pay anybody, with one meter of 100 AI3; to be changed before it is signed.
    pub(crate) fn draft(&mut self, from: &Identity, to: &Identity, parent: Option<&Held>) -> Grant {
        let issuer = IDENTITIES.get(self.domain.state(), &from.id).expect("sound").expect("exists");
        let nonce = self.draw_bytes();
        let place = RevocationPlace { list: 0, index: u32::try_from(self.draw()).expect("few") };
        let (nbf, exp) = (Time(CLOCK), Time(CLOCK + 1_000_000));
        let meter = Meter {
            asset: Asset::AI3,
            per_call: 100 * AI3,
            window: None,
            total: 100 * AI3,
            mode: Mode::Shared,
        };
        match parent {
            Some(parent) => Grant {
                iss: from.id,
                aud: to.id,
                parent: Some(parent.id),
                max_depth: parent.grant.max_depth.saturating_sub(1),
                rev: place,
                epoch: issuer.grant_epoch,
                iss_seq: issuer.seq,
                nonce,
                ..parent.grant.clone()
            },
            None => Grant {
                iss: from.id,
                aud: to.id,
                sub: from.id,
                cmd: vec!["/meeting".parse().expect("a command"), "/pay".parse().expect("a command")],
                res: vec!["meeting:**".parse().expect("a pattern")],
                pol: Policy::default(),
                payees: None,
                nbf,
                exp,
                max_depth: 6,
                max_staleness: 10,
                rev: place,
                epoch: issuer.grant_epoch,
                iss_seq: issuer.seq,
                parent: None,
                meters: vec![meter],
                calls: None,
                class: Reversibility::Compensable,
                approve_over: None,
                dangerous: false,
                nonce,
            },
        }
    }

    pub(crate) fn register(&mut self, from: &Identity, grant: Grant) -> Held {
        let signed = Sign1::sign(grant.clone(), &self.genesis, 1, from.key()).expect("sound");
        let id = signed.id(&self.genesis);
        self.run::<Autoid>(autoid::Call::RegisterGrant(RegisterGrant { grant: Envelope::from(signed) }));
        Held { id, grant }
    }

    /// A grant as drafted.
    pub(crate) fn grant(&mut self, from: &Identity, to: &Identity, parent: Option<&Held>) -> Held {
        let grant = self.draft(from, to, parent);
        self.register(from, grant)
    }

    /// A grant whose meter was changed.
    pub(crate) fn metered(
        &mut self,
        (from, to): (&Identity, &Identity),
        parent: Option<&Held>,
        change: impl FnOnce(&mut Meter),
    ) -> Held {
        let mut grant = self.draft(from, to, parent);
        change(&mut grant.meters[0]);
        self.register(from, grant)
    }

    /// Revokes a grant by its issuer.
    pub(crate) fn revoke(&mut self, by: &Identity, grant: &Held) {
        let operation = Change::RevokeGrant { grant: grant.id };
        let operation = self.operation(by, by, operation);
        let call = RevokeGrant { operation, unstored: List::default() };
        self.run::<Autoid>(autoid::Call::RevokeGrant(call));
    }

    /// An operation on an identity, signed by itself or by one above.
    pub(crate) fn operation(
        &self,
        on: &Identity,
        by: &Identity,
        action: Change,
    ) -> Envelope<Sign<Operation>> {
        let record = IDENTITIES.get(self.domain.state(), &on.id).expect("sound").expect("exists");
        let seq = if on.id == by.id { record.seq + 1 } else { record.oversight + 1 };
        let operation = Operation { id: on.id, seq, valid_until: u64::MAX, action };
        let signed = Sign::new(operation).expect("sound");
        Envelope::from(
            signed.signed(&self.genesis, KeyOf { identity: by.id, kid: 1 }, by.key()).expect("signs"),
        )
    }

    pub(crate) fn operate(&mut self, on: &Identity, by: &Identity, action: Change) {
        let operation = self.operation(on, by, action);
        self.run::<Autoid>(autoid::Call::Operate(autoid::Operate { operation }));
    }

    /// A call under a chain of grants, to be changed before it is signed.
    pub(crate) fn call(
        &mut self,
        by: &Identity,
        chain: &[&Held],
        spend: Option<(u128, Payee)>,
    ) -> autoid_core::Call {
        autoid_core::Call {
            iss: by.id,
            aud: audience(&self.genesis),
            chain: chain.iter().map(|held| held.id).collect(),
            cmd: "/pay".parse().expect("a command"),
            res: "meeting:room/7".parse().expect("a resource"),
            class: Reversibility::Compensable,
            args_hash: [0; 32],
            args: None,
            spend: spend.map(|(amount, payee)| Spend { asset: Asset::AI3, amount, payee }),
            call_id: self.draw_bytes(),
            exp: Time(self.now().0 + 200),
            binding: None,
            intent: intent().digest(),
        }
    }

    pub(crate) fn signed(
        &self,
        by: &Identity,
        call: autoid_core::Call,
    ) -> Envelope<Sign1<autoid_core::Call>> {
        Envelope::from(Sign1::sign(call, &self.genesis, 1, by.key()).expect("sound"))
    }

    pub(crate) fn act_of(&self, by: &Identity, call: autoid_core::Call) -> Call {
        self.act_with(by, call, &[])
    }

    pub(crate) fn act_with(
        &self,
        by: &Identity,
        call: autoid_core::Call,
        approvals: &[Sign1<Approval>],
    ) -> Call {
        let approvals = approvals.iter().cloned().map(Envelope::from).collect();
        let approvals = List::new(approvals).expect("few");
        Call::Act(Box::new(Act { call: self.signed(by, call), approvals, intent: intent() }))
    }

    /// Spending under a chain of grants.
    pub(crate) fn spend(&mut self, by: &Identity, chain: &[&Held], amount: u128, payee: Payee) -> Call {
        let call = self.call(by, chain, Some((amount, payee)));
        self.act_of(by, call)
    }

    /// A call that opens an escrow, and its digest.
    pub(crate) fn open(
        &mut self,
        by: &Identity,
        chain: &[&Held],
        (amount, payee): (u128, Payee),
        deadline: u64,
    ) -> (Call, auto_agents::EscrowId) {
        let terms = Terms { deadline, agreement: Hash([7; 32]) };
        let mut call = self.call(by, chain, Some((amount, payee)));
        call.binding = Some(terms.binding());
        let call = self.signed(by, call);
        let digest = call.open().expect("sound").digest(&self.genesis);
        let open = Open { call, approvals: List::default(), intent: intent(), terms };
        (Call::Open(Box::new(open)), digest)
    }

    /// An order of an identity, signed by its first `signatures` keys.
    pub(crate) fn order(&self, by: &Identity, action: Action, signatures: usize) -> Call {
        let seq = view::next_order(self.domain.state(), &by.id).expect("sound");
        self.order_of(by, Order { id: by.id, seq, valid_until: u64::MAX, action }, signatures)
    }

    pub(crate) fn order_of(&self, by: &Identity, order: Order, signatures: usize) -> Call {
        let mut signed = Sign::new(order).expect("sound");
        for (kid, key) in (1..).zip(&by.keys).take(signatures) {
            signed = signed.signed(&self.genesis, KeyOf { identity: by.id, kid }, key).expect("signs");
        }
        Call::Order(Box::new(Carry { order: Envelope::from(signed) }))
    }

    pub(crate) fn outcome(&self, by: &Identity, outcome: auto_agents::Outcome) -> Call {
        let outcome = Sign1::sign(outcome, &self.genesis, 1, by.key()).expect("sound");
        Call::Report(Box::new(Report { outcome: Envelope::from(outcome), confirmation: None }))
    }

    pub(crate) fn log(&self, of: &Identity) -> Log {
        view::log(self.domain.state(), &of.id).expect("sound")
    }

    /// What a meter counts as spent and as held by escrows.
    pub(crate) fn used(&self, grant: &Held) -> auto_agents::MeterUsage {
        view::usage(self.domain.state(), &grant.id).expect("sound").meter(0)
    }
}

pub(crate) fn intent() -> Intent {
    Intent { policy: Hash([1; 32]), model: Hash([2; 32]), inputs: Hash([3; 32]) }
}

pub(crate) fn identity_payee(id: &Identity) -> Payee {
    Payee::Identity(id.id)
}

pub(crate) fn address_payee(name: &str) -> Payee {
    Payee::Address(auto_testkit::address(name).0)
}

/// The entries that a transaction added to the log of an identity.
pub(crate) fn entries((done, tx): &(Done, Tx), of: &Identity) -> Vec<Entry> {
    let events = done.events_of::<Agents>(tx).into_iter();
    events
        .filter_map(|event| match event {
            Event::Logged { agent, entry } if agent == of.id => Some(*entry),
            _ => None,
        })
        .collect()
}

pub(crate) fn whole(entries: Vec<Entry>) -> Extract {
    Extract { before: Mmr::default(), entries }
}

pub(crate) fn window(blocks: u32, ai3: u128) -> Option<Window> {
    Some(Window { blocks, cap: ai3 * AI3 })
}

impl World {
    /// Runs empty blocks until the one of this height.
    pub(crate) fn wait_until(&mut self, number: u64) {
        let left = number.saturating_sub(self.number());
        self.domain.advance(left);
    }
}
