//! A domain with the module, and short ways to say what people do there.

use crate::people::{Person, inception, ordered};
use auto_core::Amount;
use auto_module::bank::Bank;
use auto_module::module;
use auto_testkit::{DomainBuilder, DomainHarness, Done, Tx};
use autoid::{Autoid, AutoidGenesis, Call, Event, Incept, Operate, Params};
use autoid_core::{Action, Genesis, IdentityRecord, Inception, Kind, Operation, Status, Time, View};
use autoid_interface::{IDENTITIES, StateView, network_of};

/// Unix seconds of slot zero in tests: a day in 2026.
pub(crate) const CLOCK: u64 = 1_780_000_000;
/// Rates and windows of tests.
pub(crate) const PARAMS: Params = Params {
    entry_deposit: Amount::from_base_units(20_000_000_000_000_000),
    byte_deposit: Amount::from_base_units(50_000_000_000_000),
    alias_deposit: Amount::ai3(1),
    recovery_delay: 3,
    endorsement_window: 6,
    alias_age_min: 2,
    alias_age_max: 5,
};

pub(crate) struct World {
    pub(crate) domain: DomainHarness,
    pub(crate) network: Genesis,
}

impl World {
    /// A domain in which every lie about every block is told.
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(change: impl FnOnce(DomainBuilder) -> DomainBuilder) -> Self {
        let builder = DomainHarness::builder(vec![module::<Bank>(), module::<Autoid>()]);
        let builder = ["alice", "bob", "carol"]
            .iter()
            .fold(builder, |builder, name| builder.account(name, Amount::ai3(1_000)));
        let genesis = AutoidGenesis { clock: CLOCK, params: PARAMS };
        let domain = change(builder.genesis::<Autoid>(&genesis)).start();
        let environment = domain.environment();
        let network = network_of(&environment.genesis, environment.domain);
        Self { domain, network }
    }

    /// Sends a call in a block of its own.
    pub(crate) fn send_from(&mut self, from: &str, call: Call) -> (Tx, Done) {
        let tx = self.domain.sign::<Autoid>(from, [call]);
        let done = self.domain.run(&tx);
        (tx, done)
    }

    /// Sends a call that takes effect, and tells what happened.
    pub(crate) fn apply(&mut self, call: Call) -> Vec<Event> {
        self.apply_from("alice", call)
    }

    pub(crate) fn apply_from(&mut self, from: &str, call: Call) -> Vec<Event> {
        let (tx, done) = self.send_from(from, call);
        assert!(done.applied(&tx), "{:?} {:?}", done.outcome(&tx), done.refusal(&tx));
        done.events_of::<Autoid>(&tx)
    }

    /// Sends a call that is refused, and tells the code: of the check, or of the block.
    pub(crate) fn refuse(&mut self, call: Call) -> &'static str {
        let before = self.domain.balance("carol");
        let (tx, done) = self.send_from("carol", call);
        let code = done.refusal(&tx).or_else(|| done.code(&tx)).expect("refused");
        let paid = before.saturating_sub(self.domain.balance("carol"));
        assert_eq!(paid, done.fee(&tx), "a refused call holds no deposit");
        code
    }

    /// Begins an identity on its own.
    pub(crate) fn person(&mut self, name: &str) -> Person {
        self.begin(name, inception(name, Kind::Human), &[])
    }

    /// Begins an identity under another.
    pub(crate) fn child(&mut self, name: &str, kind: Kind, parent: &Person) -> Person {
        let body = Inception { parent: Some(parent.id), ..inception(name, kind) };
        self.begin(name, body, &[parent])
    }

    /// Begins an identity that others sign too.
    pub(crate) fn begin(&mut self, name: &str, body: Inception, others: &[&Person]) -> Person {
        let person = Person::of(name, body, &self.network);
        let call = self.incept(&person, others);
        self.apply(call);
        person
    }

    pub(crate) fn incept(&self, person: &Person, others: &[&Person]) -> Call {
        Call::Incept(Incept { inception: person.incepted(&self.network, others).into() })
    }

    /// The next operation on an identity, signed by some people.
    pub(crate) fn operation(&self, of: &Person, action: Action, by: &[&Person]) -> Call {
        let operation = self.next(of, action, by);
        Call::Operate(Operate { operation: ordered(operation, &self.network, by).into() })
    }

    /// The body of that operation.
    pub(crate) fn next(&self, of: &Person, action: Action, by: &[&Person]) -> Operation {
        let record = self.record(of);
        let counter = if by.iter().all(|one| one.id == of.id) { record.seq } else { record.oversight };
        let seq = if action == Action::Endorse { 0 } else { counter + 1 };
        Operation { id: of.id, seq, valid_until: u64::MAX, action }
    }

    pub(crate) fn operate(&mut self, of: &Person, action: Action, by: &[&Person]) -> Vec<Event> {
        let call = self.operation(of, action, by);
        self.apply(call)
    }

    pub(crate) fn refuse_operation(&mut self, of: &Person, action: Action, by: &[&Person]) -> &'static str {
        let call = self.operation(of, action, by);
        self.refuse(call)
    }

    pub(crate) fn record(&self, of: &Person) -> IdentityRecord {
        IDENTITIES.get(self.domain.state(), &of.id).expect("sound").expect("exists")
    }

    pub(crate) fn status(&self, of: &Person) -> Status {
        self.record(of).status
    }

    /// Chain time of the newest block.
    pub(crate) fn now(&self) -> Time {
        StateView::new(self.domain.state()).expect("sound").point().time
    }
}
