use crate::client::Site;
use crate::fixture::{alice, bob, transfer};
use auto_api::Backend;
use auto_core::{BlockNumber, Hash};

async fn paths(site: &Site) -> Vec<String> {
    let block = site.node.block(BlockNumber(1)).expect("read").expect("known");
    let text = site.node.state.read().objects[4].0.hash;
    vec![
        "/".into(),
        "/blocks".into(),
        "/block/1".into(),
        format!("/block/{}", block.id.hash),
        format!("/tx/{}", transfer(0, site.node.genesis()).hash()),
        format!("/account/{}", alice().public_key().address()),
        format!("/account/{}", bob()),
        format!("/block/{}", crate::fixture::domains::SUBMITTED_IN),
        format!("/account/{}", crate::fixture::domains::holder("erin")),
        "/domains".into(),
        "/domain/1".into(),
        "/domain/2".into(),
        "/operator/0".into(),
        "/operator/3".into(),
        "/farms".into(),
        "/objects".into(),
        format!("/object/{text}"),
        format!("/object/{}", site.node.file),
        "/segments".into(),
    ]
}

#[tokio::test]
async fn every_page_shows_height_confirmation_and_its_query() {
    let site = Site::start().await;
    for path in paths(&site).await {
        let response = site.get(&path, &[]).await;
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().expect("ASCII").to_owned();
        assert!(policy.starts_with("default-src 'self';"), "{policy}");
        let html = response.text().await.expect("text");
        assert!(html.contains(">30</a>") && html.contains(">26</a>"), "{path}");
        assert!(
            !html.contains("style=") && !html.contains("http://") && !html.contains("https://"),
            "{path}"
        );
        let link = html
            .split("href=\"/graphql?query=")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a link");
        let query = percent_decoded(link);
        let answer = site.ask(&query).await;
        assert!(answer["errors"].is_null(), "{path}: {query}: {answer}");
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(&tail[..2]).expect("ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("hex"));
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test]
async fn content_is_escaped() {
    let site = Site::start().await;
    let text = site.node.state.read().objects[4].0.hash;
    let (_, html) = site.page(&format!("/object/{text}")).await;
    assert!(html.contains("&#60;b&#62;no markup") && !html.contains("<b>no markup"), "{html}");
    let (_, farms) = site.page("/farms").await;
    assert!(farms.contains("farm-&#60;one&#62;"));
    let (status, searched) = site.page("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert_eq!(status, 404);
    assert!(!searched.contains("<script>alert"), "{searched}");
}

#[tokio::test]
async fn search_finds_by_height_hash_and_address() {
    let site = Site::start().await;
    let block = site.node.block(BlockNumber(7)).expect("read").expect("known").id.hash;
    let transaction = transfer(1, site.node.genesis()).hash();
    let object = site.node.file;
    for (text, target) in [
        ("7".to_owned(), "/block/7".to_owned()),
        ("%20%237".to_owned(), "/block/7".to_owned()),
        (block.to_string(), format!("/block/{block}")),
        (format!("0x{transaction}"), format!("/tx/{transaction}")),
        (object.to_string(), format!("/object/{object}")),
        (bob().to_string(), format!("/account/{}", bob())),
    ] {
        let response = site.get(&format!("/search?q={text}"), &[]).await;
        assert_eq!(response.status(), 303, "{text}");
        assert_eq!(response.headers()["location"], target);
    }
    for text in ["31".to_owned(), "nothing".to_owned(), Hash::ZERO.to_string(), String::new()] {
        assert_eq!(site.page(&format!("/search?q={text}")).await.0, 404, "{text}");
    }
}

#[tokio::test]
async fn unknown_things_have_a_page_with_a_code() {
    let site = Site::start().await;
    for path in [
        "/block/31",
        "/block/x",
        "/tx/12",
        "/object/12",
        "/nothing",
        "/domain/9",
        "/domain/x",
        "/operator/999",
    ] {
        let (status, html) = site.page(path).await;
        assert_eq!(status, 404, "{path}");
        assert!(html.contains("API-0301"), "{path}");
    }
    assert_eq!(site.page("/account/nobody").await.0, 400);
    assert_eq!(site.page("/blocks?after=x").await.0, 400);
}

#[tokio::test]
async fn lists_continue_without_a_gap() {
    let site = Site::start().await;
    let (_, first) = site.page("/blocks").await;
    let next =
        first.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let (_, second) = site.page(next).await;
    assert!(first.contains("href=\"/block/6\"") && !first.contains("href=\"/block/5\""));
    assert!(second.contains("href=\"/block/5\"") && second.contains("href=\"/block/0\""));
    assert!(second.contains("rel=\"prev\""));
}

#[tokio::test]
async fn domains_show_heads_receipts_and_operators_with_their_stake() {
    let site = Site::start().await;
    let (_, list) = site.page("/domains").await;
    for part in [
        "href=\"/domain/1\">identity</a>",
        "href=\"/domain/2\">ai</a>",
        "<dt>Newest receipt</dt>",
        "<dt>Confirmed</dt>",
        "value=\"500\">50.00 %</meter>",
        "href=\"/operator/0\"",
        "<span class=\"tag wait\">resting</span>",
        "27 more operators",
    ] {
        assert!(list.contains(part), "{part}");
    }
    let (_, first) = site.page("/domain/2").await;
    let next =
        first.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let (_, second) = site.page(next).await;
    assert!(first.contains("href=\"/operator/2\"") && first.contains("bank, messages, version 1"));
    assert!(second.contains("href=\"/operator/39\"") && !second.contains("href=\"/operator/2\""));
    let (_, operator) = site.page("/operator/0").await;
    assert!(
        operator.contains("<span class=\"tag good\">owner</span>") && operator.contains("Nominators (2)")
    );
    let (_, account) = site.page(&format!("/account/{}", crate::fixture::domains::holder("bob"))).await;
    assert!(account.contains("Nominator of operator 0 of domain identity (1)"), "{account}");
    let (_, block) = site.page(&format!("/block/{}", crate::fixture::domains::SUBMITTED_IN)).await;
    assert!(block.contains("Submissions of operators (1)") && block.contains("BundleIncluded"), "{block}");
    let (_, sent) = site.page(&format!("/tx/{}", transfer(0, site.node.genesis()).hash())).await;
    assert!(sent.contains("Nominated"), "{sent}");
}
