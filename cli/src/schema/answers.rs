//! Answers of the engine that programs read, the playground among them.

use cspc_core::configuration::Loss;
use cspc_core::csp::Keyword;
use cspc_core::diagnostic::Severity;
use cspc_core::grade::Test;
use serde_json::{Value, json};

use super::{
    count, directive, finding, flag, list, location, object, one_of, severity, text, texts,
};

fn delivery() -> Value {
    one_of(["header", "meta", "report-only"])
}

/// A signed number of points.
fn points() -> Value {
    json!({"type": "integer"})
}

pub(super) fn grade() -> Value {
    let test = || one_of(Test::ALL.map(Test::name));
    let tested = [
        ("name", test()),
        ("result", text()),
        ("pass", flag()),
        ("modifier", points()),
        ("why", text()),
    ];
    let reading = [("test", test()), ("slant", one_of(["blind", "unfair"])), ("message", text())];
    let step = [("change", text()), ("gain", points()), ("lines", texts())];
    object(
        7,
        [
            ("schema", json!({"const": "cspc.grade/1"})),
            ("url", text()),
            ("score", count()),
            ("grade", text()),
            ("tests", list(object(5, tested))),
            ("readings", list(object(3, reading))),
            ("to_top", list(object(2, step))),
            ("policy", json!({"type": "object", "additionalProperties": flag()})),
            ("input", text()),
        ],
    )
}

pub(super) fn grades() -> Value {
    let of_grade = [("grade", text()), ("sites", count())];
    let lost =
        [("test", one_of(Test::ALL.map(Test::name))), ("sites", count()), ("points", count())];
    object(
        5,
        [
            ("schema", json!({"const": "cspc.grades/1"})),
            ("sites", count()),
            ("failed", json!({"type": "object", "additionalProperties": text()})),
            ("grades", list(object(2, of_grade))),
            ("lost", list(object(3, lost))),
            ("mean_score", count()),
        ],
    )
}

pub(super) fn counts() -> Value {
    let [high, medium, low, info] = Severity::ALL.map(|it| (it.as_str(), count()));
    let input = [("input", text()), high.clone(), medium.clone(), low.clone(), info.clone()];
    let rule =
        [("rule", text()), ("severity", severity()), ("findings", count()), ("inputs", count())];
    object(
        4,
        [
            ("schema", json!({"const": "cspc.counts/1"})),
            ("inputs", list(object(5, input))),
            ("rules", list(object(4, rule))),
            ("summary", object(4, [high, medium, low, info])),
        ],
    )
}

pub(super) fn effective() -> Value {
    let status = json!({"type": "integer", "minimum": 100, "maximum": 599});
    let sent = [
        ("name", text()),
        ("value", text()),
        ("certain", flag()),
        ("variables", texts()),
        ("at", location()),
    ];
    let why = one_of(Loss::ALL.map(Loss::as_str));
    let lost = [("name", text()), ("at", location()), ("why", why), ("by", location())];
    let unknown = [("what", text()), ("at", location())];
    let place = [
        ("site", text()),
        ("place", text()),
        ("status", list(status)),
        ("headers", list(object(3, sent))),
        ("lost", list(object(3, lost))),
        ("unknown", list(object(2, unknown))),
    ];
    let schema = json!({"const": "cspc.effective/1"});
    object(2, [("schema", schema), ("places", list(object(6, place)))])
}

pub(super) fn tree() -> Value {
    let part = [("policy", count()), ("name", text()), ("values", texts())];
    object(3, [("policies", count()), ("directives", list(object(3, part))), ("issues", texts())])
}

pub(super) fn responses() -> Value {
    let field =
        [("name", text()), ("value", text()), ("delivery", delivery()), ("offset", count())];
    let response = [("fields", list(object(2, field))), ("name", text())];
    object(2, [("form", text()), ("responses", list(object(1, response)))])
}

/// The first versions of the browsers; `-` for none.
fn since() -> Value {
    object(4, [("chrome", text()), ("edge", text()), ("firefox", text()), ("safari", text())])
}

pub(super) fn language() -> Value {
    let described = [
        ("name", directive()),
        ("status", text()),
        ("governs", text()),
        ("specification", text()),
        ("takes_sources", flag()),
        ("since", since()),
        ("instead", text()),
    ];
    let keyword = [
        ("name", one_of(Keyword::all().map(Keyword::as_str))),
        ("allows", text()),
        ("counts_in", list(directive())),
        ("since", since()),
    ];
    object(2, [("directives", list(object(6, described))), ("keywords", list(object(4, keyword)))])
}

pub(super) fn services() -> Value {
    let sources = || json!({"type": "object", "additionalProperties": texts()});
    let service = [
        ("name", text()),
        ("title", text()),
        ("docs", text()),
        ("confidence", text()),
        ("date", text()),
        ("parameters", texts()),
        ("caveat", text()),
        ("sources", sources()),
        ("refused", sources()),
    ];
    list(object(6, service))
}

pub(super) fn configuration() -> Value {
    let file = [("name", text()), ("content", text())];
    object(2, [("files", list(object(2, file))), ("findings", list(finding()))])
}
