//! How quick policies are read, beside the crate `content-security-policy`, and judged: the policies of
//! `tests/conformance/csp_corpus.txt`, each varied.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark reads files, and may stop"
)]

use content_security_policy::{CspList, PolicyDisposition, PolicySource};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cspc_core::csp::{Delivery, parse_list};
use cspc_core::lint::{Response, check};

/// Each policy with other hosts, so that no answer can be remembered.
fn corpus() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance/csp_corpus.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = || text.lines().filter(|line| !line.is_empty());
    (0..10)
        .flat_map(|nth| lines().map(move |line| line.replace(".com", &format!("{nth}.com"))))
        .collect()
}

/// What any parser does at least.
fn split(policy: &str) -> usize {
    policy.split(';').map(|directive| directive.split_ascii_whitespace().count()).sum()
}

/// Without the places of directives and values.
fn parse_as_peer(policy: &str) -> usize {
    let list = CspList::parse(policy, PolicySource::Header, PolicyDisposition::Enforce);
    let directives = list.0.iter().flat_map(|policy| &policy.directive_set);
    directives.map(|directive| directive.value.len()).sum()
}

fn parse(policy: &str) -> usize {
    let policies = parse_list(policy, Delivery::Header);
    let directives = policies.iter().flat_map(|policy| &policy.directives);
    directives.map(|directive| directive.values().count()).sum()
}

fn judge(policy: &str) -> usize {
    check(&Response::of_policy(policy, Delivery::Header)).rules().count()
}

fn word(policy: &str) -> usize {
    check(&Response::of_policy(policy, Delivery::Header)).findings().len()
}

/// What is timed, and its name.
type Stage = (&'static str, fn(&str) -> usize);

fn lint(criterion: &mut Criterion) {
    let corpus = corpus();
    let mut group = criterion.benchmark_group("policies");
    group.throughput(Throughput::Elements(corpus.len() as u64));
    let stages: [Stage; 5] = [
        ("split at semicolons and spaces", split),
        ("parse, content-security-policy 0.9", parse_as_peer),
        ("parse, with values", parse),
        ("parse and judge by every rule", judge),
        ("parse, judge, and put into words", word),
    ];
    for (name, stage) in stages {
        group.bench_function(name, |bencher| {
            bencher.iter(|| corpus.iter().map(|policy| stage(policy)).sum::<usize>());
        });
    }
    group.finish();
}

criterion_group!(benches, lint);
criterion_main!(benches);
