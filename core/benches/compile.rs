//! How quick a large inventory is compiled, with its proof; with few policies, and with as many as it takes.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use cspc_core::compile::{Options, compile};
use cspc_core::inventory::{Inventory, SiteOrigin, read_page};

const PAGES: usize = 50_000;

/// Pages of twenty kinds; each has an inline script of its own, as generated documentation does.
fn inventory() -> Inventory {
    let origin = SiteOrigin::unknown();
    let page = |number: usize| {
        let kind = number % 20;
        let text = format!(
            "<link rel=stylesheet href=/s{kind}.css><style>{kind}</style><script>{number}</script>\
             <script src=https://cdn{kind}.example/a.js></script><img src=https://img.example/{number}.png>"
        );
        read_page(&format!("/{number}.html"), text.as_bytes(), &origin)
    };
    Inventory::new(None, (0..PAGES).map(page).collect(), Vec::new())
}

fn compiled(criterion: &mut Criterion) {
    let inventory = inventory();
    for most in [None, Some(2000), Some(500)] {
        let limits =
            Options { max_policies: most, max_header_bytes: Some(8190), ..Options::default() };
        let name = most.map_or_else(|| "any number".to_owned(), |most| most.to_string());
        criterion.bench_function(&format!("compile {PAGES} pages, policies: {name}"), |bencher| {
            bencher.iter(|| compile(black_box(&inventory), &limits));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = compiled
}
criterion_main!(benches);
