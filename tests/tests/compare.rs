//! What holds of comparisons, whatever is compared. `PROPTEST_CASES=10000` makes a long run of it;
//! `CSPC_SUBSUMPTION_PAIRS=10000` is how many pairs of policies are asked everything.

use std::env;
use std::sync::LazyLock;

use cspc_core::compare::{Direction, Relation, diff, intersection, subsumes};
use cspc_core::csp::{Delivery, Policy, Style, format, parse_list};
use cspc_core::enforce::{
    Destination, EnforcedPolicy, Engine, Inline, InlineKind, Matcher, Question, Request,
    SelfOrigin, decide,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use url::Url;

const PAGE: &str = "https://self.example";

/// The directives that subsumption compares.
const DIRECTIVES: [&str; 14] = [
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "style-src-elem",
    "img-src",
    "connect-src",
    "object-src",
    "child-src",
    "frame-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
];

const EXPRESSIONS: [&str; 30] = [
    "'self'",
    "'none'",
    "*",
    "https:",
    "http:",
    "data:",
    "wss:",
    "https://a.example",
    "http://a.example",
    "a.example",
    "*.a.example",
    "x.a.example",
    "*.x.a.example",
    "https://*.a.example:8443",
    "a.example:80",
    "a.example:*",
    "https://a.example/x/",
    "https://a.example/x/y",
    "a.example/x",
    "http://*",
    "*:8443",
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'wasm-unsafe-eval'",
    "'unsafe-hashes'",
    "'strict-dynamic'",
    "'nonce-abc'",
    // Of `alert(1)`.
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'report-sample'",
];

/// One of the hashes, as an element carries it.
const INTEGRITY: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

type Directives = Vec<(&'static str, Vec<&'static str>)>;

fn directives() -> impl Strategy<Value = Directives> {
    let values = prop::collection::vec(select(&EXPRESSIONS[..]), 0..6);
    prop::collection::vec((select(&DIRECTIVES[..]), values), 0..6)
}

fn written(directives: &Directives) -> String {
    let directives = directives.iter().map(|(name, values)| format!("{name} {}", values.join(" ")));
    directives.collect::<Vec<_>>().join("; ")
}

/// A policy, and one that is likely to allow less: the same with fewer expressions, and perhaps with another beside it.
fn pair() -> impl Strategy<Value = (String, String)> {
    directives().prop_flat_map(|wide| {
        let fewer: Vec<_> = wide
            .iter()
            .map(|(name, values)| {
                let len = values.len();
                (Just(*name), subsequence(values.clone(), 0..=len))
            })
            .collect();
        let more = prop::option::of(directives());
        (Just(written(&wide)), fewer, more).prop_map(|(wide, fewer, more)| {
            let more = more.map_or(String::new(), |more| format!(", {}", written(&more)));
            (wide, written(&fewer) + &more)
        })
    })
}

fn questions() -> impl Strategy<Value = Vec<Question>> {
    let schemes = select(&["https", "http", "wss", "ws"][..]);
    let hosts =
        select(&["a.example", "x.a.example", "y.x.a.example", "self.example", "b.example"][..]);
    let ports = select(&["", "", ":8443", ":80", ":443"][..]);
    let paths = select(&["/", "/x", "/x/", "/x/y", "/x/y/z"][..]);
    let hosted = (schemes, hosts, ports, paths)
        .prop_map(|(scheme, host, port, path)| format!("{scheme}://{host}{port}{path}"));
    let url = prop_oneof![
        12 => hosted,
        1 => select(&["data:,x", "blob:https://self.example/1", "custom:x"][..]).prop_map(str::to_owned),
    ];
    let url = url.prop_map(|text| text.parse::<Url>().unwrap());
    let destinations =
        ["script", "style", "image", "", "object", "iframe", "font", "manifest", "worker"];
    let integrity = select(&["", INTEGRITY][..]);
    let parts = (
        url.clone(),
        select(destinations.to_vec()),
        any::<bool>(),
        0_u32..2,
        any::<bool>(),
        integrity,
    );
    let request =
        parts.prop_map(|(url, destination, nonce, redirect_count, inserted, integrity)| {
            let destination = Destination::from_name(destination).unwrap();
            Question::Request(Request {
                nonce: if nonce { "abc".to_owned() } else { String::new() },
                integrity: integrity.to_owned(),
                parser_inserted: inserted,
                redirect_count,
                ..Request::new(url, destination)
            })
        });
    let kinds: Vec<&str> = InlineKind::names().collect();
    let content = select(&["alert(1)", "", "other"][..]);
    let inline = (select(kinds), content, any::<bool>(), any::<bool>()).prop_map(
        |(kind, content, nonce, parser_inserted)| {
            let nonce = if nonce { "abc".to_owned() } else { String::new() };
            let item = Inline::new(InlineKind::from_name(kind).unwrap(), content);
            Question::Inline(Inline { nonce, parser_inserted, ..item })
        },
    );
    let question = prop_oneof![
        8 => request,
        4 => inline,
        1 => Just(Question::Eval(String::new())),
        1 => Just(Question::Wasm),
        1 => url.clone().prop_map(Question::Base),
        1 => url.clone().prop_map(|url| Question::FormAction { url, redirect_count: 0 }),
        1 => url.prop_map(|url| Question::Ancestors(vec![Some(url)])),
        1 => select(&["allow-scripts", "allow-forms"][..]).prop_map(|flag| Question::Sandbox(flag.to_owned())),
        1 => (select(&["a", "b"][..]), any::<bool>())
            .prop_map(|(name, exists)| Question::TrustedTypesPolicy { name: name.to_owned(), exists }),
        1 => select(&[Question::TrustedTypesSink, Question::Webrtc, Question::RunWorker][..]),
    ];
    prop::collection::vec(question, 100)
}

/// How many pairs of policies are asked everything.
fn exhaustive_pairs() -> u32 {
    env::var("CSPC_SUBSUMPTION_PAIRS").map_or(2, |pairs| pairs.parse().expect("a number"))
}

/// Every request with one of these URLs, and whatever else may decide about it.
static REQUESTS: LazyLock<Vec<Question>> = LazyLock::new(|| {
    let destinations = ["script", "style", "image", "", "object", "iframe", "worker", "manifest"]
        .map(|name| Destination::from_name(name).unwrap());
    let mut requests = Vec::new();
    for url in urls() {
        for destination in destinations {
            for of in 0_u32..16 {
                let nonce = if of & 1 == 0 { "" } else { "abc" };
                let integrity = if of & 2 == 0 { "" } else { INTEGRITY };
                requests.push(Question::Request(Request {
                    nonce: nonce.to_owned(),
                    integrity: integrity.to_owned(),
                    parser_inserted: of & 4 == 0,
                    redirect_count: of >> 3,
                    ..Request::new(url.clone(), destination)
                }));
            }
        }
    }
    requests
});

fn urls() -> impl Iterator<Item = Url> {
    let hosts = [
        "a.example",
        "x.a.example",
        "y.x.a.example",
        "z.y.x.a.example",
        "self.example",
        "b.example",
        "127.0.0.1",
    ];
    let paths = ["/", "/x", "/x/", "/x/y", "/x/y/z", "/%78/y"];
    let texts = ["https", "http", "wss", "ws"].into_iter().flat_map(move |scheme| {
        hosts.into_iter().flat_map(move |host| {
            ["", ":8443", ":80", ":443", ":1"].into_iter().flat_map(move |port| {
                paths.into_iter().map(move |path| format!("{scheme}://{host}{port}{path}"))
            })
        })
    });
    let local = ["data:,x", "blob:https://self.example/1", "custom:x"].map(str::to_owned);
    texts.chain(local).map(|text| text.parse().unwrap())
}

fn enforced<'a>(policies: &'a [Policy<'a>]) -> Vec<EnforcedPolicy<'a>> {
    policies.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Header)).collect()
}

fn subsumes_text(a: &str, b: &str) -> bool {
    let [a, b] = [a, b].map(|text| parse_list(text, Delivery::Header));
    subsumes(&enforced(&a), &enforced(&b), &PAGE.parse().unwrap())
}

/// What `b` allows, `a` does not, and is among the questions, of those that subsumption is about.
fn counterexample<'q>(
    a: &str,
    b: &str,
    questions: &'q [Question],
    engine: Engine,
) -> Option<&'q Question> {
    let page: SelfOrigin = PAGE.parse().unwrap();
    let parsed = [a, b].map(|text| parse_list(text, Delivery::Header));
    let [wide, narrow] =
        parsed.each_ref().map(|policies| Matcher::new(&enforced(policies), &page, engine));
    // In Chromium `'strict-dynamic'` takes the force of `'unsafe-inline'` for styles, which its own subsumption overlooks.
    let styles = engine != Engine::Chromium || !a.contains("'strict-dynamic'");
    let mut questions = questions
        .iter()
        .filter(|question| is_compared(question) && (styles || !is_style(question)));
    questions.find(|question| narrow.allows(question) && !wide.allows(question))
}

fn is_style(question: &Question) -> bool {
    let of_style = |kind| matches!(kind, InlineKind::Style | InlineKind::StyleAttribute);
    matches!(question, Question::Inline(item) if of_style(item.kind))
}

fn is_compared(question: &Question) -> bool {
    match question {
        Question::Request(request) => !request.destination.as_str().ends_with("worker"),
        Question::Sandbox(_) | Question::RunWorker | Question::Webrtc => false,
        Question::TrustedTypesSink | Question::TrustedTypesPolicy { .. } => false,
        _ => true,
    }
}

/// Directives that the other properties do without, as subsumption does not compare them.
const OTHERS: [&str; 9] = [
    "sandbox",
    "sandbox allow-scripts",
    "sandbox allow-forms allow-scripts",
    "trusted-types",
    "trusted-types a 'allow-duplicates'",
    "trusted-types *",
    "require-trusted-types-for 'script'",
    "webrtc 'block'",
    "worker-src 'strict-dynamic' https:",
];

/// Policies that a page has together.
fn several() -> impl Strategy<Value = String> {
    let others = prop::collection::vec(select(&OTHERS[..]), 0..3);
    let policy = (directives(), others)
        .prop_map(|(directives, others)| written(&directives) + "; " + &others.join("; "));
    prop::collection::vec(policy, 1..4).prop_map(|policies| policies.join(", "))
}

/// Policies of hosts and schemes alone, of which one policy can say what they allow together.
fn several_of_urls() -> impl Strategy<Value = String> {
    let urls: Vec<&str> = EXPRESSIONS
        .iter()
        .copied()
        // `wss:` matches HTTPS by the specification alone, port 80 an upgrade in browsers alone, and paths do not count after a redirect.
        .filter(|it| {
            (!it.starts_with('\'') || *it == "'self'")
                && !["wss:", "a.example:80"].contains(it)
                && !it.contains("/x")
        })
        .collect();
    let values = prop::collection::vec(select(urls), 0..6);
    let directives = prop::collection::vec((select(&DIRECTIVES[..]), values), 0..6);
    let policy = directives.prop_map(|directives| written(&directives));
    prop::collection::vec(policy, 1..4).prop_map(|policies| policies.join(", "))
}

/// Whether a browser may ask it: the URLs of WebSockets are for connections alone. The specification asks for them as HTTP
/// (Fetch, "obtain a WebSocket connection"), so that whether `*` covers them is no question there.
fn is_asked(question: &Question, engine: Engine) -> bool {
    let url = match question {
        Question::Request(request)
            if request.destination == Destination::Empty && engine != Engine::Spec =>
        {
            return true;
        }
        Question::Request(request) => &request.url,
        Question::Base(url) | Question::FormAction { url, .. } => url,
        Question::Ancestors(urls) => return urls.iter().flatten().all(|url| !is_websocket(url)),
        _ => return true,
    };
    !is_websocket(url)
}

fn is_websocket(url: &Url) -> bool {
    url.scheme().starts_with("ws")
}

fn intersection_text(policies: &[Policy<'_>]) -> String {
    intersection(&enforced(policies), &PAGE.parse().unwrap())
}

fn engine() -> impl Strategy<Value = Engine> {
    select(&Engine::ALL[..])
}

/// Where `script-src` stands in for `worker-src`, workers are held against nonces and `'strict-dynamic'`; where another
/// directive does, they are not.
#[test]
fn workers_are_not_allowed_more_by_an_intersection() {
    let of = |text| intersection_text(&parse_list(text, Delivery::Header));
    assert_eq!(
        of("default-src 'nonce-a' https:, script-src 'nonce-a'"),
        "default-src 'nonce-a' https:; script-src 'nonce-a'; worker-src 'nonce-a'"
    );
    assert_eq!(
        of("script-src 'strict-dynamic' *, worker-src 'strict-dynamic' https:"),
        "script-src 'strict-dynamic' *; worker-src 'strict-dynamic'"
    );
    assert_eq!(
        of("default-src 'self' 'nonce-a'; script-src 'self' 'nonce-a'"),
        "default-src 'self' 'nonce-a'; script-src 'self' 'nonce-a'"
    );
    assert_eq!(of("default-src 'self'; script-src 'self'"), "default-src 'self'");
}

proptest! {
    #[test]
    fn what_is_subsumed_allows_nothing_more((a, b) in pair(), questions in questions()) {
        prop_assume!(subsumes_text(&a, &b));
        let found = counterexample(&a, &b, &questions, Engine::Chromium);
        prop_assert!(found.is_none(), "{a:?} is said to subsume {b:?}, which allows {found:?}");
    }

    #[test]
    fn every_policy_subsumes_itself(policy in directives()) {
        let text = written(&policy);
        prop_assert!(subsumes_text(&text, &text), "{text:?}");
    }

    #[test]
    fn subsumption_is_transitive((a, b) in pair(), (c, d) in pair()) {
        let all = [&a, &b, &c, &d];
        for [x, y, z] in [[0, 1, 2], [0, 1, 3], [2, 3, 1], [2, 0, 1], [0, 2, 3]].map(|of| of.map(|it| all[it])) {
            if subsumes_text(x, y) && subsumes_text(y, z) {
                prop_assert!(subsumes_text(x, z), "{x:?} {y:?} {z:?}");
            }
        }
    }

    #[test]
    fn equal_policies_do_not_differ(policy in directives(), engine in engine()) {
        let parsed = parse_list(&written(&policy), Delivery::Header).len();
        prop_assert_eq!(parsed, 1);
        let text = written(&policy);
        let policies = parse_list(&text, Delivery::Header);
        let page = PAGE.parse().unwrap();
        let difference = diff(&enforced(&policies), &enforced(&policies), &page, engine);
        prop_assert!(difference.changes.is_empty() && difference.not_shown.is_empty());
    }

    #[test]
    fn a_normalized_policy_answers_alike(policy in directives(), questions in questions(), engine in engine()) {
        let text = written(&policy);
        let normalized = format(&parse_list(&text, Delivery::Header), Style::Normalized);
        let parsed = [&text, &normalized].map(|text| parse_list(text, Delivery::Header));
        let page = PAGE.parse().unwrap();
        let [before, after] =
            parsed.each_ref().map(|policies| Matcher::new(&enforced(policies), &page, engine));
        for question in &questions {
            prop_assert_eq!(before.allows(question), after.allows(question), "{:?} to {:?}: {:?}", text, normalized, question);
        }
    }

    #[test]
    fn an_intersection_allows_nothing_that_one_of_them_blocks(text in several(), questions in questions(), engine in engine()) {
        let policies = parse_list(&text, Delivery::Header);
        let one = intersection_text(&policies);
        let intersection = parse_list(&one, Delivery::Header);
        let page: SelfOrigin = PAGE.parse().unwrap();
        let [all, together] = [&policies, &intersection]
            .map(|policies| Matcher::new(&enforced(policies), &page, engine));
        // What browsers agree on, and the specification has otherwise.
        prop_assume!(engine != Engine::Spec || !text.contains(":80"));
        let asked = questions.iter().filter(|it| is_asked(it, engine));
        for question in asked {
            prop_assert!(all.allows(question) || !together.allows(question), "{text:?} is not {one:?}: {question:?}");
        }
        prop_assert_eq!(intersection_text(&intersection), one.as_str());
    }

    #[test]
    fn an_intersection_of_urls_is_exact(text in several_of_urls(), questions in questions()) {
        let policies = parse_list(&text, Delivery::Header);
        let one = intersection_text(&policies);
        let intersection = parse_list(&one, Delivery::Header);
        let page: SelfOrigin = PAGE.parse().unwrap();
        let [all, together] = [&policies, &intersection]
            .map(|policies| Matcher::new(&enforced(policies), &page, Engine::Spec));
        for question in questions.iter().filter(|it| is_asked(it, Engine::Spec)) {
            prop_assert_eq!(all.allows(question), together.allows(question), "{:?} is not {:?}: {:?}", text, one, question);
        }
    }

    #[test]
    fn the_intersection_of_one_policy_is_that_policy(policy in directives(), questions in questions(), engine in engine()) {
        let text = written(&policy);
        let policies = parse_list(&text, Delivery::Header);
        let one = intersection_text(&policies);
        let intersection = parse_list(&one, Delivery::Header);
        let page: SelfOrigin = PAGE.parse().unwrap();
        let [before, after] = [&policies, &intersection]
            .map(|policies| Matcher::new(&enforced(policies), &page, engine));
        for question in &questions {
            prop_assert_eq!(before.allows(question), after.allows(question), "{:?} is not {:?}: {:?}", text, one, question);
        }
    }

    #[test]
    fn every_witness_is_answered_differently((a, b) in pair(), swapped in any::<bool>(), engine in engine()) {
        let (old, new) = if swapped { (b, a) } else { (a, b) };
        let [old, new] = [&old, &new].map(|text| parse_list(text, Delivery::Header));
        let (old, new) = (enforced(&old), enforced(&new));
        let page: SelfOrigin = PAGE.parse().unwrap();
        for change in diff(&old, &new, &page, engine).changes {
            prop_assert!(!change.shown.is_empty());
            for shown in change.shown {
                let allowed = |side: &[_]| decide(side, &page, &shown.witness, engine).allowed;
                let widened = change.direction == Direction::Widened;
                prop_assert_eq!((allowed(&old), allowed(&new)), (!widened, widened));
            }
        }
    }

    #[test]
    fn a_difference_that_a_question_shows_is_found((old, new) in pair(), questions in questions(), engine in engine()) {
        let [old, new] = [&old, &new].map(|text| parse_list(text, Delivery::Header));
        let (old, new) = (enforced(&old), enforced(&new));
        let page: SelfOrigin = PAGE.parse().unwrap();
        let relation = diff(&old, &new, &page, engine).relation;
        let [before, after] = [&old, &new].map(|side| Matcher::new(side, &page, engine));
        for question in &questions {
            let widened = !before.allows(question) && after.allows(question);
            prop_assert!(relation.is_widened() || !widened, "{question:?} is not found");
        }
    }
}

/// `a`, `b`, … with a number.
fn numbered(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect::<Vec<_>>().join(" ")
}

#[test]
fn long_lists_are_compared_one_pattern_at_a_time() {
    let hosts = numbered(20_000, |n| format!("https://h{n}.example"));
    let paths = numbered(20_000, |n| format!("https://a.example/p{n}/"));
    let ports = numbered(20_000, |n| format!("https://a.example:{n}"));
    let schemes = numbered(20_000, |n| format!("s{n}:"));
    for list in [&hosts, &paths, &ports, &schemes] {
        let policy = format!("font-src {list}");
        assert!(subsumes_text(&policy, &format!("{policy}, {policy}")));
        assert!(!subsumes_text("font-src https://other.example", &policy));
    }
    // Too many pairs of which neither covers the other.
    let (one, other) = (format!("font-src {hosts}"), format!("font-src {paths}"));
    assert!(!subsumes_text("font-src https:", &format!("{one}, {other}")));
}

#[test]
fn a_policy_that_names_every_port_and_word_differs_where_it_does() {
    let ports = (8443..=65_535).map(|port| format!("a.example:{port}")).collect::<Vec<_>>();
    let words = numbered(20_000, |n| format!("any{n}.example anything.example"));
    let old = format!("font-src {}; base-uri {words}", ports.join(" "));
    let new = format!("font-src a.example:*; base-uri {words}");
    let [old, new] = [&old, &new].map(|text| parse_list(text, Delivery::Header));
    let page: SelfOrigin = PAGE.parse().unwrap();
    let relation = diff(&enforced(&old), &enforced(&new), &page, Engine::Spec).relation;
    assert_eq!(relation, Relation::Wider);
}

/// As many cases as are asked for, of pairs of which the first subsumes the second.
fn subsumed_pairs() -> ProptestConfig {
    ProptestConfig {
        max_global_rejects: u32::MAX,
        ..ProptestConfig::with_cases(exhaustive_pairs())
    }
}

proptest! {
    #![proptest_config(subsumed_pairs())]

    #[test]
    fn no_request_shows_what_is_subsumed_to_allow_more((a, b) in pair(), questions in questions(), engine in engine()) {
        prop_assume!(subsumes_text(&a, &b));
        assert!(REQUESTS.len() > 100_000);
        for asked in [&questions, &*REQUESTS] {
            let found = counterexample(&a, &b, asked, engine);
            prop_assert!(found.is_none(), "{a:?} is said to subsume {b:?}, which allows {found:?} in {engine:?}");
        }
    }
}
