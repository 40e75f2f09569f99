//! Random pages in real browsers: every item meets the fate that the library foretells.
//!
//! `CSPC_FATES_PAGES` is how many pages each browser loads, `CSPC_FATES_FIRST` the number of the first one (one page alone
//! is shown), and `CSPC_FATES_SEED` makes other pages.

use std::collections::BTreeMap;
use std::env;
use std::time::Instant;

use cspc_core::enforce::Engine;
use cspc_tests::fates::{Comparison, compare, drive, generate};

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |value| value.parse().expect("a number"))
}

fn run(browser: &str, engine: Engine) {
    let seed = setting("CSPC_FATES_SEED", 1);
    let count = setting("CSPC_FATES_PAGES", 60) as usize;
    let first = setting("CSPC_FATES_FIRST", 0) as usize;
    let pages: Vec<_> = (first..first + count).map(|number| generate(seed, number)).collect();
    if let [page] = pages.as_slice() {
        println!("{page:#?}\n{}", page.html());
    }
    let started = Instant::now();
    let session = drive(browser, &pages).unwrap();
    if let [_] = pages.as_slice() {
        println!("{session:#?}");
    }
    let found = compare(&pages, &session, engine);
    summarize(&session.version, &found, started);
    let shown: Vec<String> = found.disagreements.iter().map(ToString::to_string).collect();
    assert!(shown.is_empty(), "seed {seed}, {browser}:\n{}", shown.join("\n"));
    assert!(found.pages >= count - count / 50, "{browser}: {:#?}", found.unknown);
}

fn summarize(version: &str, found: &Comparison, started: Instant) {
    let items: usize = found.items.values().map(|(all, _)| all).sum();
    let blocked: usize = found.items.values().map(|(_, blocked)| blocked).sum();
    println!(
        "{version}: {} pages, {items} items agree ({blocked} blocked), {} events, {} disagreements, {} unknown, {} s",
        found.pages,
        found.events,
        found.disagreements.len(),
        found.unknown.len(),
        started.elapsed().as_secs()
    );
    let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    for disagreement in &found.disagreements {
        *by_kind.entry(disagreement.kind).or_default() += 1;
    }
    for (kind, (all, blocked)) in &found.items {
        let silent = found.silent.get(kind).copied().unwrap_or_default();
        println!("  {kind}: {all}, {blocked} blocked, {silent} silent");
    }
    println!("disagreements: {by_kind:?}, unknown: {:#?}", found.unknown);
}

#[test]
#[ignore = "needs Chromium; tests/run runs it"]
fn chromium_does_as_foretold() {
    run("chromium", Engine::Chromium);
}

#[test]
#[ignore = "needs Firefox; tests/run runs it"]
fn firefox_does_as_foretold() {
    run("firefox", Engine::Firefox);
}
