//! JSON Schemas (draft 2020-12) of the machine formats, with the names that they may hold taken from their tables.

mod answers;

use cspc_core::csp::Directive;
use cspc_core::diagnostic::{Confidence, Severity};
use cspc_core::enforce::Destination;
use cspc_core::lint;
use cspc_core::services;
use cspc_core::site::Strategy;
use serde_json::{Value, json};

/// The name of a format, what it is in a line, and its schema.
type Schema = (&'static str, &'static str, fn() -> Value);

/// The formats.
pub(crate) const SCHEMAS: [Schema; 17] = [
    ("baseline", "what `cspc check --write-baseline` writes, cspc.baseline/1", baseline),
    ("config", "the site file, cspc.toml", config),
    ("configuration", "what the engine in the browser answers to `emit`", answers::configuration),
    ("counts", "what `cspc check --summary --format json` prints, cspc.counts/1", answers::counts),
    ("diff", "what `cspc diff --format json` prints, cspc.diff/1", diff),
    (
        "effective",
        "what `cspc check --effective --format json` prints, cspc.effective/1",
        answers::effective,
    ),
    ("explain", "what `cspc explain --format json` prints", explain),
    ("findings", "what `cspc check --format json` prints, cspc.findings/1", findings),
    ("grade", "what `cspc grade --format json` prints, cspc.grade/1", answers::grade),
    ("grades", "what `cspc grade --summary --format json` prints, cspc.grades/1", answers::grades),
    ("inventory", "what `cspc inventory --format json` prints, cspc.inventory/1", inventory),
    ("language", "what the engine in the browser answers to `language`", answers::language),
    ("plan", "what `cspc build --emit json` prints and `cspc emit` reads, cspc.plan/1", plan),
    ("responses", "what the engine in the browser answers to `read`", answers::responses),
    ("rules", "what `cspc rules --format json` prints", rules),
    ("services", "what the engine in the browser answers to `services`", answers::services),
    ("tree", "what `cspc fmt --batch` prints for a line", answers::tree),
];

/// The schema of this name, whole.
pub(crate) fn named(name: &str) -> Option<Value> {
    let (name, title, schema) = SCHEMAS.iter().find(|(known, ..)| *known == name)?;
    let mut schema = schema();
    let head = [
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("$id", json!(format!("urn:cspc:schema:{name}"))),
        ("title", json!(title)),
    ];
    if let Some(keys) = schema.as_object_mut() {
        keys.extend(head.map(|(key, value)| (key.to_owned(), value)));
    }
    Some(schema)
}

/// An object of these properties, of which the first `required` have to be there.
fn object<const N: usize>(required: usize, properties: [(&str, Value); N]) -> Value {
    let names: Vec<&str> = properties.iter().take(required).map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({"type": "object", "properties": properties, "required": names})
}

/// The same where a key that is not known is an error.
fn closed<const N: usize>(required: usize, properties: [(&str, Value); N]) -> Value {
    let mut schema = object(required, properties);
    if let Some(keys) = schema.as_object_mut() {
        keys.insert("additionalProperties".to_owned(), json!(false));
    }
    schema
}

fn text() -> Value {
    json!({"type": "string"})
}

fn texts() -> Value {
    list(text())
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn flag() -> Value {
    json!({"type": "boolean"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

/// A line or a column.
fn place() -> Value {
    json!({"type": "integer", "minimum": 1})
}

/// A half-open range of bytes.
fn span() -> Value {
    json!({"type": "array", "prefixItems": [count(), count()], "minItems": 2, "maxItems": 2})
}

fn one_of(names: impl IntoIterator<Item = &'static str>) -> Value {
    json!({"enum": names.into_iter().collect::<Vec<_>>()})
}

fn severity() -> Value {
    one_of(Severity::ALL.map(Severity::as_str))
}

fn confidence() -> Value {
    one_of([Confidence::High, Confidence::Medium, Confidence::Low].map(Confidence::as_str))
}

fn directive() -> Value {
    one_of(Directive::all().map(Directive::as_str))
}

fn rule() -> Value {
    one_of(lint::rules().iter().map(|rule| rule.id))
}

fn finding() -> Value {
    let fix = object(2, [("replacement", text()), ("span", span()), ("safe", flag())]);
    object(
        5,
        [
            // Site files and plans have findings of their own.
            ("rule", json!({"type": "string", "pattern": "^[a-z]+/[a-z-]+$"})),
            ("severity", severity()),
            ("confidence", confidence()),
            ("message", text()),
            ("help", text()),
            ("header", text()),
            ("directive", text()),
            ("value", text()),
            ("fix", fix),
            ("location", location()),
        ],
    )
}

fn location() -> Value {
    let places = [("path", text()), ("line", place()), ("column", place()), ("span", span())];
    object(4, places)
}

fn findings() -> Value {
    let counts = Severity::ALL.map(|severity| (severity.as_str(), count()));
    object(
        3,
        [
            ("schema", json!({"const": "cspc.findings/1"})),
            ("findings", list(finding())),
            ("summary", object(4, counts)),
        ],
    )
}

fn rules() -> Value {
    let entry = [
        ("rule", rule()),
        ("severity", severity()),
        ("confidence", confidence()),
        ("summary", text()),
        ("rationale", text()),
        ("example", text()),
        ("good", text()),
        ("fix", text()),
        ("references", list(json!({"type": "string", "format": "uri"}))),
        ("equivalents", json!({"type": "object", "additionalProperties": texts()})),
    ];
    list(object(entry.len(), entry))
}

fn baseline() -> Value {
    let known = [
        ("path", text()),
        ("rule", text()),
        ("directive", text()),
        ("value", text()),
        ("count", count()),
    ];
    closed(
        2,
        [("schema", json!({"const": "cspc.baseline/1"})), ("findings", list(closed(2, known)))],
    )
}

/// One, or a list of them.
fn some(item: &Value) -> Value {
    json!({"anyOf": [item, list(item.clone())]})
}

fn plan() -> Value {
    let path = json!({"type": "string", "pattern": "^/"});
    let statuses = json!({"anyOf": [{"enum": ["error", "success"]}, list(json!({"type": "integer", "minimum": 100, "maximum": 599}))]});
    let matches = [
        ("exact", some(&path)),
        ("prefix", some(&path)),
        ("suffix", some(&text())),
        ("type", some(&text())),
        ("status", statuses),
        ("scheme", one_of(["http", "https"])),
        ("origin", some(&text())),
    ];
    let header = [
        ("name", text()),
        ("value", text()),
        ("op", one_of(["set", "default", "add", "remove"])),
        ("scheme", one_of(["http", "https"])),
    ];
    let rule =
        [("headers", list(closed(1, header))), ("match", closed(0, matches)), ("guard", guard())];
    closed(
        0,
        [
            ("schema", json!({"const": "cspc.plan/1"})),
            ("origin", text()),
            ("rules", list(closed(1, rule))),
            ("hide", texts()),
            ("cookies", list(one_of(["Secure", "HttpOnly", "SameSite=Strict", "SameSite=Lax"]))),
            ("https_redirect", json!({"enum": [301, 302, 307, 308]})),
            ("nonce", nonce_text()),
            ("server_tokens", one_of(["on", "off"])),
            ("sources", list(source_use())),
            ("findings", list(finding())),
        ],
    )
}

fn guard() -> Value {
    closed(1, [("allow", initiator()), ("unmarked", one_of(["pass", "refuse"]))])
}

fn initiator() -> Value {
    one_of(["same-origin", "same-site", "cross-site"])
}

/// Which assets need a source expression.
fn source_use() -> Value {
    object(
        4,
        [
            ("rule", count()),
            ("directive", directive()),
            ("expression", text()),
            ("assets", list(asset_use())),
            ("count", count()),
            ("spare", text()),
        ],
    )
}

fn asset_use() -> Value {
    object(4, [("page", text()), ("line", place()), ("column", place()), ("kind", asset_kind())])
}

fn asset_kind() -> Value {
    json!({"type": "string", "pattern": "^[a-z-]+$"})
}

fn inventory() -> Value {
    let optional = json!({"type": ["string", "null"]});
    let unread = object(3, [("line", place()), ("column", place()), ("message", text())]);
    let asset = object(
        3,
        [
            ("kind", asset_kind()),
            ("line", place()),
            ("column", place()),
            ("url", text()),
            ("hash", text()),
            ("bytes", count()),
            ("integrity", optional.clone()),
            ("crossorigin", optional.clone()),
            ("nonce", optional.clone()),
            ("module", flag()),
            ("parser_inserted", flag()),
            ("imported", flag()),
            ("frame", count()),
            ("relative", text()),
            ("specifier", text()),
            ("code", text()),
            ("feature", text()),
            ("delegated_to", text()),
            ("policy", text()),
            ("unread", unread.clone()),
            ("implicit", flag()),
            ("seen_by", list(count())),
        ],
    );
    let import = [
        ("specifier", text()),
        ("url", optional.clone()),
        ("scope", optional.clone()),
        ("frame", count()),
    ];
    let meta = object(3, [("policy", text()), ("line", place()), ("column", place())]);
    let page = [
        ("path", text()),
        ("assets", list(asset.clone())),
        ("imports", list(object(4, import))),
        ("meta_policies", list(meta)),
        ("encoding_guessed", flag()),
        ("unread", unread.clone()),
    ];
    let file = [("path", text()), ("assets", list(asset)), ("unread", unread), ("hash", text())];
    let file = object(2, file);
    object(
        2,
        [
            ("schema", json!({"const": "cspc.inventory/1"})),
            ("pages", list(object(2, page))),
            ("origin", text()),
            ("witnesses", texts()),
            ("style_sheets", list(file.clone())),
            ("scripts", list(file.clone())),
            ("manifests", list(file)),
        ],
    )
}

fn diff() -> Value {
    let witness = [("witness", question()), ("expression", text()), ("effective", texts())];
    let change = [
        ("directive", directive()),
        ("change", one_of(["widened", "narrowed"])),
        ("expressions", texts()),
        ("witness", question()),
        ("shown", list(object(1, witness))),
        ("response", text()),
    ];
    let not_shown =
        [("directive", text()), ("old", texts()), ("new", texts()), ("response", text())];
    object(
        4,
        [
            ("schema", json!({"const": "cspc.diff/1"})),
            ("relation", one_of(["equal", "narrower", "wider", "incomparable"])),
            ("subsumed", flag()),
            ("changes", list(object(4, change))),
            ("not_shown", list(object(3, not_shown))),
        ],
    )
}

/// What a browser is asked: one of these, and what belongs to it.
fn question() -> Value {
    let request = [
        ("url", text()),
        ("destination", one_of(Destination::names())),
        ("initiator", text()),
        ("nonce", text()),
        ("integrity", text()),
        ("parser_inserted", flag()),
        ("redirect_count", count()),
        ("keepalive", flag()),
    ];
    let inline = [
        ("kind", text()),
        ("content", text()),
        ("hash", text()),
        ("nonce", text()),
        ("parser_inserted", flag()),
        ("tag", text()),
        ("attributes", json!({"type": "object", "additionalProperties": text()})),
        ("duplicate_attribute", flag()),
    ];
    object(
        0,
        [
            ("request", object(2, request)),
            ("inline", object(1, inline)),
            ("eval", json!({"type": ["boolean", "string"]})),
            ("wasm", flag()),
            ("webrtc", flag()),
            ("base", text()),
            ("form_action", text()),
            ("redirect_count", count()),
            ("ancestors", texts()),
            ("run_worker", flag()),
            ("sandbox", text()),
            ("trusted_types_sink", flag()),
            ("trusted_types_policy", text()),
            ("exists", flag()),
        ],
    )
}

fn explain() -> Value {
    let violation = [
        ("policy", count()),
        ("disposition", one_of(["enforce", "report"])),
        ("effective", text()),
        ("directive", text()),
        ("reason", text()),
        ("span", span()),
        ("expression", span()),
        ("would_allow", text()),
        ("sample", text()),
    ];
    let consent = [
        ("policy", count()),
        ("effective", text()),
        ("directive", text()),
        ("span", span()),
        ("expression", span()),
    ];
    object(
        3,
        [
            ("allowed", flag()),
            ("violations", list(object(6, violation))),
            ("matches", list(object(4, consent))),
        ],
    )
}

/// The site file, and the tables in it. A test holds their keys against those that the program reads.
fn config() -> Value {
    let ignore = closed(2, [("rule", rule()), ("reason", text())]);
    let severities =
        json!({"type": "object", "propertyNames": rule(), "additionalProperties": severity()});
    let cookies = closed(
        0,
        [("secure", flag()), ("http-only", flag()), ("same-site", one_of(["strict", "lax"]))],
    );
    let layers =
        closed(0, [("cdn", texts()), ("load-balancer", texts()), ("application", texts())]);
    let reporting = closed(1, [("endpoint", text()), ("network-errors", flag())]);
    closed(
        0,
        [
            ("origin", text()),
            ("root", text()),
            ("base", text()),
            ("targets", texts()),
            ("strategy", strategy()),
            ("nonce-placeholder", nonce_text()),
            ("strict-dynamic", flag()),
            ("trusted-types", json!({"anyOf": [flag(), texts()]})),
            ("report-only", flag()),
            ("enforce", text()),
            ("reporting", reporting),
            ("https-redirect", json!({"enum": [301, 302, 307, 308]})),
            ("upgrade-insecure-requests", flag()),
            ("hide-server-version", flag()),
            ("cookies", cookies),
            ("limits", closed(0, [("max-policies", place()), ("max-header-bytes", count())])),
            ("sources", source_lists()),
            ("services", used_services()),
            ("additions", json!({"type": "object", "additionalProperties": source_lists()})),
            ("headers", wanted_headers()),
            ("layers", layers),
            ("routes", list(route())),
            ("require", requirements()),
            ("lint", closed(0, [("ignore", list(ignore)), ("severity", severities)])),
        ],
    )
}

fn requirements() -> Value {
    let value = json!({"anyOf": [text(), texts()]});
    let table = closed(
        0,
        [
            ("value", value),
            ("with", texts()),
            ("without", texts()),
            ("forbidden", flag()),
            ("optional", flag()),
            ("severity", severity()),
            ("reason", text()),
        ],
    );
    let setting = json!({"anyOf": [flag(), text(), texts(), table]});
    json!({"type": "object", "additionalProperties": setting})
}

fn nonce_text() -> Value {
    json!({"type": "string", "minLength": 2, "maxLength": 200})
}

fn strategy() -> Value {
    one_of(Strategy::ALL.map(Strategy::as_str))
}

fn source_lists() -> Value {
    let lists = Directive::all().filter(|directive| directive.takes_source_list());
    let names = one_of(lists.map(Directive::as_str));
    json!({"type": "object", "propertyNames": names, "additionalProperties": texts()})
}

fn used_services() -> Value {
    let names = services::all().iter().map(|service| service.name.as_str());
    let parameters = json!({"type": "object", "additionalProperties": text()});
    let setting = json!({"anyOf": [flag(), parameters]});
    json!({"type": "object", "propertyNames": one_of(names), "additionalProperties": setting})
}

fn wanted_headers() -> Value {
    let header = json!({"anyOf": [text(), {"const": false}]});
    json!({"type": "object", "additionalProperties": header})
}

fn route() -> Value {
    let cors = closed(
        1,
        [
            ("origin", some(&text())),
            ("methods", texts()),
            ("headers", texts()),
            ("credentials", flag()),
        ],
    );
    let mut route = closed(
        0,
        [
            ("path", text()),
            ("prefix", text()),
            ("glob", text()),
            ("strategy", strategy()),
            ("report-only", flag()),
            ("sources", source_lists()),
            ("services", used_services()),
            ("add", texts()),
            ("headers", wanted_headers()),
            ("cors", cors),
            ("guard", json!({"anyOf": [flag(), initiator(), guard()]})),
            ("session", flag()),
            ("logout", flag()),
        ],
    );
    let one = ["path", "prefix", "glob"].map(|key| json!({"required": [key]}));
    if let Some(keys) = route.as_object_mut() {
        keys.insert("oneOf".to_owned(), json!(one));
    }
    route
}
