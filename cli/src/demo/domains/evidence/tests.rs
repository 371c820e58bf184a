//! Every check fails where the chain does not show what it asks for.

use super::*;
use crate::demo::domains::course;

fn failed(evidence: &Evidence<'_>) -> Vec<&'static str> {
    let checks = evidence.checks().expect("the chain can be read");
    checks.iter().filter(|check| !check.held).map(|check| check.what).collect()
}

/// The checks that fail when something of the evidence is another value, which is then put back.
fn failed_with<T>(
    evidence: &mut Evidence<'_>,
    part: for<'a, 'b> fn(&'a mut Evidence<'b>) -> &'a mut T,
    other: T,
) -> Vec<&'static str> {
    let right = std::mem::replace(part(evidence), other);
    let failed = failed(evidence);
    *part(evidence) = right;
    failed
}

#[test]
fn any_check_can_fail() {
    let dispute = Dispute::start(Lie::Fees).expect("the nodes start");
    let mut evidence = course::settle(Lie::Fees, &dispute, &|_| {}).expect("the lie is mended");
    let evidence = &mut evidence;
    assert!(failed(evidence).is_empty(), "{:?}", failed(evidence));
    let one = Amount::from_base_units(1);
    let more = |amount: Amount| amount.checked_add(one).expect("small");

    // Nothing was proven, or by somebody else, or against another receipt.
    assert_eq!(failed_with(evidence, |all| &mut all.proven.proof, None), [Check::PROVEN]);
    let farmer = Party::farmer().address();
    assert_eq!(failed_with(evidence, |all| &mut all.proven.reporter, farmer), [Check::PROVEN]);
    let right = evidence.corrected;
    assert!(failed_with(evidence, |all| &mut all.bad.hash, right).contains(&Check::PROVEN));

    // Somebody honest was slashed, or the liar lost a unit less than it had.
    let mut slashes = evidence.proven.slashes.clone();
    let none = Amount::ZERO;
    slashes.push(Slash { operator: HONEST, amount: none, rewarded: none, block: evidence.proven.block });
    assert_eq!(failed_with(evidence, |all| &mut all.proven.slashes, slashes), [Check::SLASHED]);
    let mut slashes = evidence.proven.slashes.clone();
    slashes.retain(|slash| slash.operator != LIAR);
    let expected = [Check::SLASHED, Check::PAID];
    assert_eq!(failed_with(evidence, |all| &mut all.proven.slashes, slashes), expected);

    // The reporter got a unit less than its share; an account that sent nothing lost a unit.
    for (who, check) in [(Party::reporter(), Check::PAID), (Party::liar(), Check::BALANCES)] {
        let mut balances = evidence.before.balances.clone();
        let balance = balances.get_mut(&who.address()).expect("an account");
        *balance = more(*balance);
        assert_eq!(failed_with(evidence, |all| &mut all.before.balances, balances), [check]);
    }

    // The wrong receipt still stands.
    let bad = evidence.bad.hash;
    assert_eq!(failed_with(evidence, |all| &mut all.corrected, bad), [Check::HEAD]);

    // A nominator of the honest operator lost stake.
    let had = more(dispute.farmer.read(|state| stake_of(state, HONEST, Party::prudent())).expect("read"));
    assert_eq!(failed_with(evidence, |all| &mut all.before.prudent, had), [Check::STAKES]);

    // A payment never ran, on either domain.
    evidence.payments.round(&dispute);
    assert_eq!(failed(evidence), [Check::BALANCES, Check::ELSEWHERE]);
}
