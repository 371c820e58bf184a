use super::*;
use auto_module::bank::Bank;
use auto_module::messages::Messages;
use auto_module::{Module, module};
use std::collections::BTreeSet;

const BANK: ModuleId = Bank::ID;
const MESSAGES: ModuleId = Messages::ID;

#[test]
fn ids_and_names_belong_to_one_module_each() {
    let modules = Registry::new().modules();
    let ids: BTreeSet<_> = modules.iter().map(|info| info.id).collect();
    let names: BTreeSet<_> = modules.iter().map(|info| info.name).collect();
    assert_eq!((ids.len(), names.len()), (modules.len(), modules.len()));
    for info in modules {
        assert_eq!((id(info.name), name(info.id)), (Some(info.id), Some(info.name)));
    }
    assert_eq!((id("nothing"), name(ModuleId(u16::MAX))), (None, None));
    assert_eq!(ids_of(&["bank", "messages"]), Some(vec![BANK, MESSAGES]));
    assert_eq!(ids_of(&["bank", "nothing"]), None);
}

fn ids_of(names: &[&str]) -> Option<Vec<ModuleId>> {
    ids(names.iter().copied())
}

#[test]
fn the_first_line_of_every_module_says_one_and_later_lines_say_more() {
    for info in Registry::new().modules() {
        let lines = MODULES.iter().filter(|line| line.make().info().id == info.id);
        let since: Vec<u32> = lines.map(Line::since).collect();
        assert_eq!(since.first(), Some(&1), "{}", info.name);
        assert!(since.windows(2).all(|pair| pair[0] < pair[1]), "{}", info.name);
    }
}

#[test]
fn a_runtime_has_the_modules_asked_for_in_their_order() {
    let registry = registry();
    let domain = registry.domain(&[BANK, MESSAGES], 1).expect("known");
    let modules: Vec<_> = domain.modules().into_iter().map(|info| info.id).collect();
    assert_eq!((domain.version(), modules), (1, vec![BANK, MESSAGES]));
    assert!(registry.domain(&[BANK], 1).is_some());
}

#[test]
fn what_is_not_known_makes_no_runtime() {
    let registry = Registry::new();
    let unknown = ModuleId(u16::MAX);
    assert_eq!(registry.newest(&[BANK, unknown]), None);
    for (modules, version) in [
        (vec![BANK, unknown], 1),
        (vec![BANK, MESSAGES], 0),
        (vec![BANK, MESSAGES], 2),
        (vec![], 1),
        (vec![MESSAGES, BANK], 1),
        (vec![BANK, BANK], 1),
    ] {
        assert!(registry.domain(&modules, version).is_none(), "{modules:?} {version}");
    }
}

#[test]
fn a_version_runs_the_newest_code_that_is_not_newer_than_it() {
    const LINES: &[Line] =
        &[Line::new(1, module::<Bank>), Line::new(1, module::<Messages>), Line::new(3, module::<Messages>)];
    let registry = Registry { lines: LINES };
    assert_eq!(registry.newest(&[BANK]), Some(1));
    assert_eq!(registry.newest(&[BANK, MESSAGES]), Some(3));
    for version in 1..=3 {
        let domain = registry.domain(&[BANK, MESSAGES], version).expect("known");
        assert_eq!(domain.version(), version);
    }
    assert!(registry.domain(&[BANK, MESSAGES], 4).is_none());
    assert!(registry.domain(&[BANK], 2).is_none());
}
