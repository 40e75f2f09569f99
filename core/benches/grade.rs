//! How quick captured responses are graded: those of `tests/conformance/observatory_vectors.json`.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark reads files, and may stop"
)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cspc_core::grade::{PreloadList, Site, grade, to_top};
use cspc_core::wire::Captured;
use serde_json::{Value, json};

/// Responses as lines of JSON, those of whole sites several times over.
fn captured() -> Vec<Captured> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance/observatory_vectors.json");
    let vectors: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let with_headers = vectors.into_iter().filter(|vector| vector["headers"].is_object());
    let line = |vector: Value| json!({"headers": vector.get("headers"), "html": vector.get("html"), "hops": vector.get("chain")});
    with_headers.map(|vector| serde_json::from_value(line(vector)).unwrap()).collect()
}

fn grades(criterion: &mut Criterion) {
    let preloaded = PreloadList::default();
    let captured = captured();
    let sites: Vec<Site<'_>> = captured.iter().map(|it| it.site(&preloaded).unwrap()).collect();
    let mut group = criterion.benchmark_group("responses");
    group.throughput(Throughput::Elements(captured.len() as u64));
    group.bench_function("grade", |bencher| {
        bencher.iter(|| sites.iter().map(|site| grade(site).score()).sum::<i32>());
    });
    group.bench_function("read the page, then grade", |bencher| {
        let graded = |it: &Captured| grade(&it.site(&preloaded).unwrap()).score();
        bencher.iter(|| captured.iter().map(graded).sum::<i32>());
    });
    group.bench_function("grade and find the way to the top", |bencher| {
        bencher.iter(|| sites.iter().map(|site| to_top(site).len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, grades);
criterion_main!(benches);
