use crate::client::Site;
use auto_api::{ERRORS, sdl};
use std::collections::BTreeSet;

#[test]
fn the_committed_schema_is_the_schema() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    if std::env::var_os("AUTO_WRITE_SCHEMA").is_some() {
        std::fs::write(path, sdl()).expect("the folder is writable");
        return;
    }
    let differing = committed.lines().zip(sdl().lines().map(str::to_owned)).find(|(old, new)| old != new);
    assert!(
        committed == sdl(),
        "schema.graphql is not the schema ({differing:?}): if the change is meant, run the test with AUTO_WRITE_SCHEMA=1"
    );
}

#[tokio::test]
async fn every_type_field_argument_and_value_is_described() {
    let site = Site::start().await;
    let answer = site
        .ask(
            "{ __schema { types { name description kind fields { name description args { name description } } \
             inputFields { name description } enumValues { name description } } } }",
        )
        .await;
    let mut bare = Vec::new();
    for kind in answer["data"]["__schema"]["types"].as_array().expect("types") {
        let name = kind["name"].as_str().expect("named");
        if name.starts_with("__") || ["Boolean", "Float", "ID", "Int", "String"].contains(&name) {
            continue;
        }
        let mut check = |path: String, value: &serde_json::Value| {
            if value["description"].as_str().is_none_or(str::is_empty) {
                bare.push(path);
            }
        };
        // Connections are one generic type; their fields are described once.
        if !name.ends_with("Connection") {
            check(name.to_owned(), kind);
        }
        for part in ["fields", "inputFields", "enumValues"] {
            for member in kind[part].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", member["name"].as_str().expect("named"));
                check(path.clone(), member);
                for argument in member["args"].as_array().into_iter().flatten() {
                    check(format!("{path}({})", argument["name"].as_str().expect("named")), argument);
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[test]
fn codes_are_unique_and_ordered() {
    let codes: Vec<&str> = ERRORS.iter().map(|entry| entry.code).collect();
    let sorted: Vec<&str> = codes.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(codes, sorted);
    assert!(ERRORS.iter().all(|entry| entry.code.starts_with("API-") && !entry.hint.is_empty()));
}
