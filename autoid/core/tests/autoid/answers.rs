//! What people ask: may it, who answers for it, what does the grant say, what is its document.

use autoid_core::document::{Resolution, document, metadata};
use autoid_core::verify::{Answer, can};
use autoid_core::{Action, ApproveOver, Asset, Kind, NoMemo, Payee, Reason, Refusal, Status, who_answers};

use crate::world::{AI3, Cast, GENESIS, NOW, call, pay};

#[test]
fn can_answers_with_the_deciding_grant() {
    let cast = Cast::new();
    let grants = cast.chain(|link, grant| {
        if link == 1 {
            grant.approve_over = Some(ApproveOver {
                asset: Asset::AI3,
                amount: 2 * AI3,
                approvers: vec![cast.person.id],
                threshold: 1,
            });
        }
        if link == 2 {
            let approvers = vec![cast.person.id];
            grant.approve_over = Some(ApproveOver { asset: Asset::AI3, amount: 1, approvers, threshold: 1 });
            grant.meters[0].per_call = 5 * AI3;
        }
    });
    let ids: Vec<_> = grants.iter().map(|grant| grant.id(&GENESIS)).collect();
    let trust = cast.world.trust(cast.service.id);
    let ask = |amount: u128| {
        let mut body = call(&cast.second, &cast.service, &grants);
        pay(&mut body, amount, &cast.bystander);
        can(&body, &grants, &cast.world, &trust, &mut NoMemo).unwrap()
    };
    let Answer::Yes { authorized, approvals } = ask(3 * AI3) else { panic!("three are allowed") };
    assert_eq!((authorized.decided_by, approvals.map(|(_, need)| need)), (ids[2], Some(1)));
    let Answer::Yes { approvals, .. } = ask(1) else { panic!("one unit is allowed") };
    assert_eq!(approvals, None);
    let refusal = Refusal::OverPerCall { link: 2, asset: Asset::AI3, amount: 6 * AI3, limit: 5 * AI3 };
    assert_eq!(refusal.to_string(), "6 AI3 is over the 5 AI3 per call of grant 2");
    assert_eq!(ask(6 * AI3), Answer::No { refusal, decided_by: Some(ids[2]) });
    let refusal = Refusal::OverPerCall { link: 0, asset: Asset::AI3, amount: 11 * AI3, limit: 10 * AI3 };
    assert_eq!(ask(11 * AI3), Answer::No { refusal, decided_by: Some(ids[0]) });
}

#[test]
fn can_knows_that_a_stopped_actor_cannot() {
    let mut cast = Cast::new();
    let (second, person) = (cast.second.clone(), cast.person.clone());
    let suspend = Action::Suspend { reason: Reason::Unspecified };
    cast.world.act_as(&second.id, suspend, &person).unwrap();
    let grants = cast.chain(|_, _| {});
    let body = call(&cast.second, &cast.service, &grants);
    let trust = cast.world.trust(cast.service.id);
    let refusal = Refusal::Inactive { id: second.id, status: Status::Suspended };
    let answer = can(&body, &grants, &cast.world, &trust, &mut NoMemo).unwrap();
    assert_eq!(answer, Answer::No { refusal, decided_by: None });
}

#[test]
fn the_way_to_who_answers_leads_to_a_person() {
    let mut cast = Cast::new();
    let (agent, org, person) = (cast.agent.clone(), cast.org.clone(), cast.person.clone());
    let suspend = Action::Suspend { reason: Reason::Unspecified };
    cast.world.act_as(&org.id, suspend, &person).unwrap();
    let way = who_answers(&cast.world, &agent.id).unwrap();
    let shown: Vec<_> = way.iter().map(|one| (one.id, one.kind, one.status)).collect();
    assert_eq!(
        shown,
        [
            (agent.id, Kind::Agent, Status::Active),
            (org.id, Kind::Org, Status::Suspended),
            (person.id, Kind::Human, Status::Active),
        ]
    );
    assert_eq!(way.iter().find(|one| one.kind.answers()).map(|one| one.id), Some(org.id));
}

#[test]
fn a_grant_reads_as_sentences() {
    let cast = Cast::new();
    let grants = cast.chain(|link, grant| {
        if link == 2 {
            grant.payees = Some(vec![Payee::Address([0xab; 32])]);
            grant.calls = Some(1);
            grant.meters[0].per_call = AI3 / 4;
        }
    });
    let names = |id: &autoid_core::AutoId| {
        [("alice", &cast.person), ("acme", &cast.org), ("planner", &cast.agent), ("booker", &cast.second)]
            .into_iter()
            .find(|(_, actor)| actor.id == *id)
            .map(|(name, _)| name.to_owned())
    };
    let parent = grants[1].id(&GENESIS);
    let account = "ab".repeat(32);
    let expected = [
        "planner lets booker act in the name of alice.".to_owned(),
        "It may do: /calendar, /pay and everything under these.".to_owned(),
        "It may do so on: calendar:team/**, vault:main.".to_owned(),
        "It may do what CANNOT be undone.".to_owned(),
        "It may spend at most 0.25 AI3 at once, 50 AI3 in any 100 blocks and 50 AI3 altogether, which counts \
         against the limits it comes from."
            .to_owned(),
        format!("It may pay only: account {account}."),
        "It may make at most 1 call.".to_owned(),
        "It is valid from 2027-01-15T07:43:20Z and ends at 2027-01-16T08:00:00Z.".to_owned(),
        "It may be passed on, over at most 2 further steps.".to_owned(),
        format!("It rests on grant {parent}, and allows nothing that one does not."),
        "It can be revoked at any time (list 0, place 2; epoch 0, operation 0 of its issuer), and is refused \
         when revocations are known only up to 6 blocks ago or earlier."
            .to_owned(),
        format!("Its nonce is {}.", "02".repeat(16)),
    ];
    assert_eq!(autoid_core::render::render(grants[2].body(), &GENESIS, &names), expected);
}

#[test]
fn a_document_follows_from_the_record() {
    let mut cast = Cast::new();
    let agent = cast.agent.clone();
    let record = cast.world.record(&agent.id).clone();
    let names = ["https://agent.example/".to_owned()];
    let resolution = Resolution { also_known_as: &names, certificate: Some((0, b"der")) };
    let text = document(&record, &GENESIS, NOW, &resolution);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let did = agent.id.did(&GENESIS).to_string();
    assert_eq!(json["id"], did.as_str());
    assert_eq!(json["controller"][1], cast.org.id.did(&GENESIS).to_string().as_str());
    assert_eq!(json["alsoKnownAs"][0], names[0].as_str());
    assert_eq!(json["verificationMethod"][0]["id"], format!("{did}#key-0").as_str());
    assert_eq!(
        json["verificationMethod"][0]["publicKeyMultibase"],
        record.keys.keys[0].key.multikey().as_str()
    );
    assert_eq!(json["verificationMethod"][1]["publicKeyJwk"]["x5c"][0], "ZGVy");
    for relation in ["authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"] {
        assert_eq!(json[relation].as_array().unwrap().len(), 2, "{relation}");
    }
    assert_eq!(json.get("service"), None);
    cast.world.act_as(&agent.id, Action::Deactivate, &agent).unwrap();
    let record = cast.world.record(&agent.id);
    let ended: serde_json::Value =
        serde_json::from_str(&document(record, &GENESIS, NOW, &Resolution::default())).unwrap();
    assert_eq!(ended["verificationMethod"], serde_json::json!([]));
    let metadata: serde_json::Value = serde_json::from_str(&metadata(record)).unwrap();
    assert_eq!(
        metadata,
        serde_json::json!({
            "versionId": "1", "updated": "2027-01-15T08:00:00Z", "deactivated": true,
            "status": "deactivated", "kind": "agent",
        })
    );
}
