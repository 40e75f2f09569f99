//! How quick questions are answered, beside the crate `content-security-policy`: the same policies, the same requests.
#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

use std::hint::black_box;

use content_security_policy::{
    CheckResult, CspList, Destination as PeerDestination, Initiator, Origin, ParserMetadata,
    PolicyDisposition, PolicySource, Request as PeerRequest,
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use cspc_core::csp::HashAlgorithm;
use cspc_core::csp::{Delivery, parse_list};
use cspc_core::enforce::{
    Destination, EnforcedPolicy, Engine, Matcher, Question, Request, SelfOrigin, decide, digest,
};

const PAGE: &str = "https://shop.example/";

/// A policy and what is asked of it, each with whether it is allowed.
struct Case {
    name: String,
    policy: String,
    asked: Vec<(Request, bool)>,
}

fn script(url: &str) -> Request {
    Request::new(url.parse().unwrap(), Destination::Script)
}

fn short() -> Case {
    let policy =
        "default-src 'none'; script-src 'self' https://cdn.example; style-src 'self'; img-src *";
    let asked = vec![
        (script("https://shop.example/app.js"), true),
        (script("https://cdn.example/lib.js"), true),
        (script("https://other.example/x.js"), false),
    ];
    Case { name: "short".to_owned(), policy: policy.to_owned(), asked }
}

fn strict() -> Case {
    let policy = "script-src 'nonce-r4nd0m' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'; base-uri 'none'";
    let nonce =
        |nonce: &str| Request { nonce: nonce.to_owned(), ..script("https://cdn.example/lib.js") };
    let asked = vec![(nonce("r4nd0m"), true), (nonce("other"), false)];
    Case { name: "strict-dynamic".to_owned(), policy: policy.to_owned(), asked }
}

fn allow_list(hosts: usize) -> Case {
    let host = |number: usize| match number % 4 {
        0 => format!("https://a{number}.cdn.example"),
        1 => format!("*.b{number}.example"),
        2 => format!("c{number}.example/js/"),
        _ => format!("https://d{number}.example:8443"),
    };
    let list: Vec<String> = (0..hosts).map(host).collect();
    let last = hosts - 4;
    let asked = vec![
        (script(&format!("https://a{last}.cdn.example/x.js")), true),
        (script(&format!("https://x.b{}.example/x.js", last + 1)), true),
        (script(&format!("https://c{}.example/js/x.js", last + 2)), true),
        (script("https://other.example/x.js"), false),
    ];
    let policy = format!("default-src 'none'; script-src 'self' {}", list.join(" "));
    Case { name: format!("{hosts} sources"), policy, asked }
}

fn hashes(count: usize) -> Case {
    let value = |number: usize| digest(HashAlgorithm::Sha256, &number.to_string());
    let list: Vec<String> =
        (0..count).map(|number| format!("'sha256-{}'", value(number))).collect();
    let with = |number: usize| Request {
        integrity: format!("sha256-{}", value(number)),
        ..script("https://cdn.example/lib.js")
    };
    let policy = format!("script-src 'strict-dynamic' {}", list.join(" "));
    let asked = vec![(with(count / 2), true), (with(count), false)];
    Case { name: format!("{count} hashes"), policy, asked }
}

fn peer_request(request: &Request) -> PeerRequest {
    PeerRequest {
        url: request.url.clone(),
        current_url: request.url.clone(),
        origin: origin(),
        redirect_count: request.redirect_count,
        destination: PeerDestination::Script,
        initiator: Initiator::None,
        nonce: request.nonce.clone(),
        integrity_metadata: request.integrity.clone(),
        parser_metadata: ParserMetadata::ParserInserted,
    }
}

fn origin() -> Origin {
    PAGE.parse::<content_security_policy::Url>().unwrap().origin()
}

fn benchmark(criterion: &mut Criterion) {
    let small = [short(), strict(), allow_list(60), hashes(1_000)];
    for case in &small {
        compare(criterion, case, true);
    }
    compare(criterion, &allow_list(6_000), false);
}

/// Both answer all of a case's questions; what they answer is checked first.
fn compare(criterion: &mut Criterion, case: &Case, with_peer: bool) {
    let parsed = parse_list(&case.policy, Delivery::Header);
    let policies: Vec<_> =
        parsed.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Header)).collect();
    let page: SelfOrigin = PAGE.parse().unwrap();
    let questions: Vec<Question> =
        case.asked.iter().map(|(request, _)| Question::Request(request.clone())).collect();
    let requests: Vec<PeerRequest> =
        case.asked.iter().map(|(request, _)| peer_request(request)).collect();
    let peer = CspList::parse(&case.policy, PolicySource::Header, PolicyDisposition::Enforce);
    let matcher = Matcher::new(&policies, &page, Engine::Spec);
    let peer_allows =
        |request: &PeerRequest| peer.should_request_be_blocked(request).0 == CheckResult::Allowed;
    for ((question, request), (_, allowed)) in questions.iter().zip(&requests).zip(&case.asked) {
        assert_eq!(matcher.allows(question), *allowed, "{question:?}");
        assert_eq!(decide(&policies, &page, question, Engine::Spec).allowed, *allowed);
        assert_eq!(peer_allows(request), *allowed, "{question:?}");
    }
    let mut group = criterion.benchmark_group(&case.name);
    group.throughput(Throughput::Elements(questions.len() as u64));
    group.bench_function("compiled", |bencher| {
        bencher.iter(|| {
            questions.iter().filter(|question| matcher.allows(black_box(question))).count()
        });
    });
    group.bench_function("decide", |bencher| {
        let allowed = |question: &&Question| {
            decide(&policies, &page, black_box(question), Engine::Spec).allowed
        };
        bencher.iter(|| questions.iter().filter(allowed).count());
    });
    group.bench_function("compile", |bencher| {
        bencher.iter_batched(
            || (),
            |()| Matcher::new(black_box(&policies), &page, Engine::Spec),
            BatchSize::SmallInput,
        );
    });
    if with_peer {
        group.bench_function("content-security-policy 0.9", |bencher| {
            bencher
                .iter(|| requests.iter().filter(|request| peer_allows(black_box(request))).count());
        });
    }
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
