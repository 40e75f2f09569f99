//! Compiled policies answer without allocating.

use cspc_core::csp::{Delivery, HashAlgorithm, parse_list};
use cspc_core::enforce::{
    Destination, EnforcedPolicy, Engine, Inline, InlineKind, Matcher, Question, Request, digest,
};
use url::Url;

fn policy() -> String {
    let hosts =
        (0..500).map(|n| format!("https://h{n}.example *.w{n}.example:8443 p{n}.example/a/"));
    let hashes =
        (0..500).map(|n| format!("'sha256-{}'", digest(HashAlgorithm::Sha256, &n.to_string())));
    let list: Vec<String> = hosts.chain(hashes).collect();
    format!(
        "default-src 'self' data: 'nonce-abc' {}; frame-ancestors https://a.example *.b.example; \
         base-uri 'self'; form-action 'self'; require-trusted-types-for 'script'; trusted-types a b; \
         upgrade-insecure-requests; sandbox allow-scripts",
        list.join(" ")
    )
}

fn questions() -> Vec<Question> {
    let urls = [
        "https://h250.example/x.js",
        "http://x.w250.example:8443/",
        "https://p250.example/a/b/c%2Fd.js",
        "https://elsewhere.example/",
        "https://127.0.0.1/",
        "data:,x",
        "custom://H250.example/a/",
    ];
    let urls = urls.map(|url| Url::parse(url).unwrap());
    let mut questions = vec![
        Question::Eval("x".to_owned()),
        Question::Wasm,
        Question::Webrtc,
        Question::RunWorker,
        Question::Sandbox("allow-forms".to_owned()),
        Question::TrustedTypesSink,
        Question::TrustedTypesPolicy { name: "a".to_owned(), exists: true },
        Question::Ancestors(urls.iter().cloned().map(Some).collect()),
    ];
    for url in urls {
        for name in Destination::names() {
            let request = Request {
                nonce: "other".to_owned(),
                integrity: "sha256-abc sha512-def".to_owned(),
                ..Request::new(url.clone(), Destination::from_name(name).unwrap())
            };
            questions.push(Question::Request(request));
        }
        questions.push(Question::Base(url.clone()));
        questions.push(Question::FormAction { url, redirect_count: 0 });
    }
    for kind in InlineKind::names() {
        for content in ["250", "not listed"] {
            let kind = InlineKind::from_name(kind).unwrap();
            questions.push(Question::Inline(Inline::new(kind, content)));
        }
    }
    questions
}

#[test]
fn compiled_policies_answer_without_allocating() {
    let text = policy();
    let parsed = parse_list(&text, Delivery::Header);
    let policies = [EnforcedPolicy::new(&parsed[0], Delivery::Header)];
    let page = "https://self.example".parse().unwrap();
    let questions = questions();
    for engine in Engine::ALL {
        let matcher = Matcher::new(&policies, &page, engine);
        let mut allowed = 0;
        let counted = allocation_counter::measure(|| {
            allowed = questions.iter().filter(|question| matcher.allows(question)).count();
        });
        assert_eq!(counted.count_total, 0, "{engine:?}");
        assert!(allowed > 0 && allowed < questions.len(), "{engine:?} {allowed}");
    }
}
