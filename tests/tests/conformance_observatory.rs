//! The MDN HTTP Observatory's own results, test by test, and its table of points.
//!
//! `tests/conformance/observatory_vectors.json` holds what version 1.6.3 says of responses; where a vector says nothing
//! of a URL, it was asked about `https://example.com/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cspc_core::grade::{Letter, PreloadList, Test};
use cspc_core::wire::{Captured, Graded};
use serde_json::{Value, json};

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The vectors' names of tests.
const SHORT: [(&str, Test); 12] = [
    ("csp", Test::ContentSecurityPolicy),
    ("cookies", Test::Cookies),
    ("coep", Test::EmbedderPolicy),
    ("coop", Test::OpenerPolicy),
    ("cors", Test::Cors),
    ("redirection", Test::Redirection),
    ("referrer-policy", Test::ReferrerPolicy),
    ("hsts", Test::StrictTransportSecurity),
    ("sri", Test::SubresourceIntegrity),
    ("x-content-type-options", Test::ContentTypeOptions),
    ("x-frame-options", Test::FrameOptions),
    ("corp", Test::ResourcePolicy),
];

/// The hosts of the vectors that were on the list of preloaded hosts; the list itself is not in the project.
const PRELOADED: &str = "bugzilla.mozilla.org\n.cloudflare.com\n";

/// A vector as a captured response.
fn captured(vector: &Value) -> Value {
    let text = |key: &str| vector.get(key).and_then(Value::as_str);
    let mut headers = vector["headers"].as_object().unwrap().clone();
    for key in ["content_type", "contentType"] {
        headers.extend(vector.get(key).map(|value| ("content-type".to_owned(), value.clone())));
    }
    let hsts = vector
        .get("hsts_header")
        .map(|value| ("strict-transport-security".to_owned(), value.clone()));
    headers.extend(hsts);
    let mut html = text("html").unwrap_or_default().to_owned();
    for (name, contents) in vector.get("meta").and_then(Value::as_object).into_iter().flatten() {
        for content in contents.as_array().unwrap() {
            let content = content.as_str().unwrap().replace('"', "&quot;");
            html += &match name.as_str() {
                "referrer-policy" => format!("<meta name=referrer content=\"{content}\">"),
                _ => format!("<meta http-equiv=\"{name}\" content=\"{content}\">"),
            };
        }
    }
    let url = text("site").map(|site| format!("https://{site}/"));
    let url =
        url.or_else(|| text("url").map(str::to_owned)).unwrap_or("https://example.com/".to_owned());
    let no_https = vector.get("https") == Some(&json!(false))
        || vector.get("noHttps") == Some(&json!(true))
        || text("scheme") == Some("http");
    json!({
        "url": url, "headers": headers, "html": html, "hops": vector.get("chain"), "https": !no_https,
        "verified": vector.get("verified"), "origin": vector.get("origin"),
    })
}

fn graded(vector: &Value) -> Graded {
    let captured: Captured = serde_json::from_value(captured(vector)).unwrap();
    captured.graded(&PreloadList::parse(PRELOADED).unwrap()).unwrap()
}

/// What differs between a test's result and what is expected.
fn differs(graded: &Graded, name: &str, expect: &Value) -> Option<String> {
    let tested = graded.tests.iter().find(|tested| tested.name == name).unwrap();
    let found = json!({"result": tested.result, "score": tested.modifier, "pass": tested.pass});
    let differs = |key: &str| expect.get(key).is_some_and(|expected| *expected != found[key]);
    let any = ["result", "score", "pass"].into_iter().any(differs);
    any.then(|| format!("{found}, not {expect}"))
}

#[test]
fn every_test_finds_what_the_observatory_finds() {
    let vectors = read("observatory_vectors.json");
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for vector in vectors.as_array().unwrap() {
        let Some((_, test)) = SHORT.iter().find(|(short, _)| vector["test"] == **short) else {
            continue;
        };
        checked += 1;
        let graded = graded(vector);
        let policy = vector["expect"].get("policy");
        let facts = policy.filter(|policy| **policy != json!(graded.policy));
        let facts = facts.map(|_| format!("{}", json!(graded.policy)));
        wrong.extend(
            differs(&graded, test.name(), &vector["expect"])
                .or(facts)
                .map(|it| format!("{vector}\n  {it}")),
        );
    }
    assert_eq!(checked, 308);
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn whole_scans_get_the_same_score_and_grade() {
    let vectors = read("observatory_vectors.json");
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for vector in vectors.as_array().unwrap().iter().filter(|vector| vector["test"] == "scan") {
        checked += 1;
        let (graded, expect) = (graded(vector), &vector["expect"]);
        let passed = graded.tests.iter().filter(|tested| tested.pass).count();
        let found = json!([graded.score, graded.grade, passed]);
        if found != json!([expect["score"], expect["grade"], expect["testsPassed"]]) {
            wrong.push(format!("{}: {found}", vector["why"]));
        }
        for (name, expected) in expect["results"].as_object().unwrap() {
            wrong.extend(
                differs(&graded, name, expected)
                    .map(|it| format!("{}: {name}: {it}", vector["why"])),
            );
        }
    }
    assert_eq!(checked, 11);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Mutations of vectors and what became of them, a result a test, in the order of [`Test::ALL`].
#[test]
fn neighbours_of_the_vectors_get_the_same_results() {
    let preloaded = PreloadList::parse(PRELOADED).unwrap();
    let neighbours = read("observatory_neighbours.json");
    let wrong = neighbours.as_array().unwrap().iter().filter_map(|neighbour| {
        let captured: Captured = serde_json::from_value(neighbour.clone()).unwrap();
        let graded = captured.graded(&preloaded).unwrap();
        let results: Vec<&str> = graded.tests.iter().map(|tested| tested.result).collect();
        let found = json!({"score": graded.score, "grade": graded.grade, "results": results});
        (found != neighbour["expect"]).then(|| format!("{neighbour}\n  {found}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn scores_get_the_same_letters() {
    let vectors = read("observatory_vectors.json");
    for vector in vectors.as_array().unwrap().iter().filter(|vector| vector["test"] == "grade") {
        let score = i32::try_from(vector["score_in"].as_i64().unwrap()).unwrap().max(0);
        assert_eq!(json!(score), vector["expect"]["score"]);
        assert_eq!(Letter::of(score).as_str(), vector["expect"]["grade"], "{vector}");
    }
}

#[test]
fn the_table_is_the_observatorys() {
    let scoring = read("observatory_scoring.json");
    let row = |row: &Value| {
        let modifier = i32::try_from(row["modifier"].as_i64().unwrap()).unwrap();
        (row["result"].as_str().unwrap().to_owned(), modifier)
    };
    for test in Test::ALL {
        let rows = scoring["tests"][test.name()].as_array().unwrap();
        let expected: BTreeMap<String, i32> = rows.iter().map(row).collect();
        let own =
            test.outcomes().iter().map(|outcome| (outcome.name().to_owned(), outcome.modifier()));
        assert_eq!(own.collect::<BTreeMap<_, _>>(), expected, "{}", test.name());
    }
    for (score, letter) in scoring["grade_chart"].as_object().unwrap() {
        assert_eq!(Letter::of(score.parse().unwrap()).as_str(), letter, "{score}");
    }
    // The thirteenth is for pages that its parser gives up on; ours reads all of them.
    let outcomes: usize = Test::ALL.iter().map(|test| test.outcomes().len()).sum();
    assert_eq!(outcomes + 1, scoring["all_results"].as_array().unwrap().len());
}
