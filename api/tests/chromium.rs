//! The explorer in a real Chromium, over a small client of its DevTools protocol.
//!
//! Fails on a console error, a violation of the content security policy, a failed request, or a request
//! that leaves this machine; checks the live update, the search, and the width of a small screen.

#[allow(dead_code, reason = "the tests over HTTP use the rest")]
#[path = "api/client.rs"]
mod client;
#[path = "chromium/devtools.rs"]
mod devtools;
#[allow(dead_code, reason = "the tests over HTTP use the rest")]
#[path = "api/fixture.rs"]
mod fixture;

use auto_api::Backend;
use client::Site;
use devtools::{Browser, FAINT, PROGRAM};
use fixture::{alice, transfer};
use serde_json::json;

fn pages(site: &Site) -> Vec<(&'static str, String)> {
    let objects: Vec<_> = site.node.state.read().objects.iter().map(|(view, _)| view.hash).collect();
    vec![
        ("home", "/".to_owned()),
        ("blocks", "/blocks".to_owned()),
        ("block", "/block/1".to_owned()),
        ("transaction", format!("/tx/{}", transfer(0, site.node.genesis()).hash())),
        ("account", format!("/account/{}", alice().public_key().address())),
        ("submissions", format!("/block/{}", fixture::domains::SUBMITTED_IN)),
        ("stakes", format!("/account/{}", fixture::domains::holder("erin"))),
        ("domains", "/domains".to_owned()),
        ("domain", "/domain/2".to_owned()),
        ("operator", "/operator/0".to_owned()),
        ("farms", "/farms".to_owned()),
        ("objects", "/objects".to_owned()),
        ("text", format!("/object/{}", objects[4])),
        ("picture", format!("/object/{}", objects[6])),
        ("file", format!("/object/{}", site.node.file)),
        ("segments", "/segments".to_owned()),
        ("editor", "/graphql?query=%7B%20meta%20%7B%20lagSeconds%20%7D%20%7D".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
async fn the_explorer_works_in_a_real_browser() {
    if !std::path::Path::new(PROGRAM).exists() {
        assert!(std::env::var("CI").is_err(), "chromium is missing: apt-get install -y chromium");
        eprintln!("skipped, chromium is missing: apt-get install -y chromium");
        return;
    }
    let site = Site::start().await;
    let mut browser = Browser::start(PROGRAM).await;
    for dark in [false, true] {
        browser.set_dark(dark).await;
        for (name, path) in pages(&site) {
            browser.resize(1280, 900).await;
            browser.open(&site.url(&path)).await;
            assert_eq!(browser.text(FAINT).await, "", "{name}, dark {dark}: text is too faint");
            browser.picture(&format!("{name}-{}", if dark { "dark" } else { "light" })).await;
            browser.resize(360, 740).await;
            let wide = browser.number("document.documentElement.scrollWidth").await;
            assert!(wide <= 360.0, "{name} is {wide} px wide on a screen of 360");
            browser.picture(&format!("{name}-{}-small", if dark { "dark" } else { "light" })).await;
        }
    }
    browser.resize(1280, 900).await;
    live_update(&site, &mut browser).await;
    search(&site, &mut browser).await;
    editor(&site, &mut browser).await;
    without_script(&site, &mut browser).await;
    let (problems, requests) = browser.stop().await;
    assert_eq!(problems, Vec::<String>::new());
    let host = site.server.addr.to_string();
    let foreign: Vec<_> = requests
        .iter()
        .filter(|url| url.split("://").nth(1).and_then(|rest| rest.split('/').next()) != Some(&host))
        .collect();
    assert!(foreign.is_empty(), "requests left this machine: {foreign:?}");
    assert!(requests.len() > 50, "the browser told of {} requests only", requests.len());
}

async fn live_update(site: &Site, browser: &mut Browser) {
    browser.open(&site.url("/")).await;
    browser.until("document.getElementById('link').className === 'dot live'").await;
    // The page is subscribed once it shows a block that was added after it was loaded.
    let shown = "document.getElementById('head').textContent";
    let before = browser.text(shown).await;
    browser.run("window.same = true").await;
    for _ in 0..20 {
        site.node.grow(0);
        if browser.holds(&format!("{shown} !== '{before}'")).await {
            break;
        }
    }
    let head = site.node.status().expect("known").head;
    browser.until(&format!("{shown} === '{}'", head.number)).await;
    browser.until(&format!("document.getElementById('b-{}') !== null", head.hash)).await;
    browser
        .until(&format!("document.getElementById('confirmed').textContent === '{}'", head.number.0 - 4))
        .await;
    let reverted = site.node.revert();
    browser.until(&format!("document.getElementById('b-{}') === null", reverted.hash)).await;
    assert!(browser.holds("window.same === true").await, "the page was loaded anew");
}

async fn search(site: &Site, browser: &mut Browser) {
    browser.open(&site.url("/farms")).await;
    browser.key("/").await;
    browser.until("document.activeElement.id === 'search'").await;
    browser.run("document.activeElement.value = '7'; document.activeElement.form.requestSubmit()").await;
    browser.until("location.pathname === '/block/7' && document.readyState === 'complete'").await;
}

async fn editor(site: &Site, browser: &mut Browser) {
    browser.open(&site.url("/graphql")).await;
    browser.until("document.getElementById('fields').children.length > 20").await;
    let examples = browser.number("document.getElementById('examples').options.length").await;
    assert!(examples >= 10.0);
    let mut index = 0.0;
    while index < examples {
        browser
            .run(&format!(
                "document.getElementById('answer').textContent = ''; const s = document.getElementById('examples'); \
                 s.selectedIndex = {index}; s.dispatchEvent(new Event('change')); document.getElementById('run').click()"
            ))
            .await;
        browser.until("document.getElementById('answer').textContent.includes('\"data\"')").await;
        assert!(
            browser.holds("!document.getElementById('answer').textContent.includes('\"errors\"')").await,
            "example {index}"
        );
        index += 1.0;
    }
}

async fn without_script(site: &Site, browser: &mut Browser) {
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    browser.open(&site.url("/blocks")).await;
    let rows = browser.number("document.querySelectorAll('#blocks tbody tr').length").await;
    assert!(rows >= 25.0, "{rows} rows without scripts");
}
