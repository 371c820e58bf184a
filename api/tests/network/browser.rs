//! Pages of identities, agents and grants in a real Chromium.

#[allow(dead_code, reason = "the test of the other pages uses the rest")]
#[path = "../chromium/devtools.rs"]
mod devtools;

use crate::net::Net;
use crate::people::Cast;
use auto_core::Amount;
use devtools::{Browser, FAINT, PROGRAM};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
async fn pages_of_identities_work_in_a_real_browser() {
    if !std::path::Path::new(PROGRAM).exists() {
        assert!(std::env::var("CI").is_err(), "chromium is missing: apt-get install -y chromium");
        eprintln!("skipped, chromium is missing: apt-get install -y chromium");
        return;
    }
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    cast.pay(&net, Amount::ai3(3)).await;
    let pages = [
        ("identity", format!("/identity/{}", cast.person.id())),
        ("identity-below", format!("/identity/{}", cast.agent.id())),
        ("agent", format!("/agent/{}", cast.agent.id())),
        ("agents", "/agents".to_owned()),
        ("grant", format!("/grant/{}", cast.grant)),
    ];
    let mut browser = Browser::start(PROGRAM).await;
    for dark in [false, true] {
        browser.set_dark(dark).await;
        for (name, path) in &pages {
            let url = format!("{}{path}", net.client.url());
            browser.resize(1280, 900).await;
            browser.open(&url).await;
            assert_eq!(browser.text(FAINT).await, "", "{name}, dark {dark}: text is too faint");
            browser.picture(&format!("{name}-{}", if dark { "dark" } else { "light" })).await;
            browser.resize(360, 740).await;
            let wide = browser.number("document.documentElement.scrollWidth").await;
            assert!(wide <= 360.0, "{name} is {wide} px wide on a screen of 360");
            browser.picture(&format!("{name}-{}-small", if dark { "dark" } else { "light" })).await;
        }
    }
    let (problems, requests) = browser.stop().await;
    assert_eq!(problems, Vec::<String>::new());
    let host = |url: &str| url.split("://").nth(1).and_then(|rest| rest.split('/').next()).map(str::to_owned);
    let foreign: Vec<_> = requests.iter().filter(|url| host(url) != host(net.client.url())).collect();
    assert!(foreign.is_empty(), "requests left this machine: {foreign:?}");
    net.stop().await;
}
