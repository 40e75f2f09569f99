//! What is written for hosts and routers that no test can start: read by the grammar of each format, and compared
//! with what the vendors document.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use cspc_core::deployment::parse_plan;
use cspc_core::emit::{EmitError, Server, emit};
use cspc_core::plan::{Answered, Plan, Scheme};
use serde_json::{Value, json};

/// What some format reads as more than text.
const NASTY: &str = r#"a "b" 'c' \d %e %{f} {{g}} <h> & i: #j `k` $l"#;

fn plan(text: &Value) -> Plan {
    serde_json::from_value(text.clone()).unwrap()
}

fn text(server: Server, rules: &Value) -> String {
    let emitted = emit(&plan(&json!({"rules": rules})), server.into()).unwrap();
    emitted.files.into_iter().map(|file| file.content).collect()
}

fn nested() -> Value {
    json!([
        {"headers": [{"name": "X-A", "value": "all"}]},
        {"match": {"prefix": "/docs"}, "headers": [{"name": "X-A", "value": NASTY}]},
        {"match": {"exact": ["/docs/a b.html", "/"]}, "headers": [{"name": "X-A", "value": "page"}]}])
}

/// A plan is its own emission: what reads it back is the same to the last rule.
#[test]
fn a_plan_in_json_goes_round() {
    let plan = plan(
        &json!({"origin": "https://a.example", "hide": ["X-B"], "cookies": ["Secure"], "https_redirect": 308,
        "server_tokens": "off", "nonce": "CSPC_NONCE", "rules": [{"match": {"exact": ["/", "/ü b"], "prefix": "/", "suffix": [".x"],
        "type": ["a/b"], "status": "error", "scheme": "http"}, "headers": [{"name": "X-A", "value": NASTY, "op": "add",
        "scheme": "https"}, {"name": "X-C", "op": "remove"}]}, {"match": {"status": [404]}, "headers": []}]}),
    );
    let emitted = emit(&plan, Server::Json.into()).unwrap();
    assert_eq!(parse_plan("plan.json", &emitted.files[0].content), Ok(plan));
}

#[test]
fn hosts_with_json_get_the_value_as_it_is() {
    for (server, list, key) in
        [(Server::Vercel, "/headers", "source"), (Server::Firebase, "/hosting/headers", "regex")]
    {
        let read: Value = serde_json::from_str(&text(server, &nested())).unwrap();
        let entries = read.pointer(list).unwrap().as_array().unwrap();
        assert_eq!(entries[0]["headers"], json!([{"key": "X-A", "value": "all"}]));
        assert_eq!(entries[1]["headers"][0]["value"], NASTY);
        // Pages come last, so that they win (both vendors: the later entry overrides).
        let last = entries.last().unwrap();
        assert_eq!(last["headers"][0]["value"], "page");
        let named = |entry: &Value| entry[key].as_str().unwrap().contains("a%20b");
        assert!(entries.iter().skip(2).any(named), "{read}");
    }
}

/// The vendors' own parsers, and schemas, find in the files what the plan says.
#[test]
#[ignore = "needs node; tests/run runs it"]
fn the_vendors_parsers_read_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let rules = nested();
    let paths = [("/", "/"), ("/docs/x", "/docs/x"), ("/docs/a%20b.html", "/docs/a b.html")];
    for server in [
        Server::Netlify,
        Server::Vercel,
        Server::Firebase,
        Server::Envoy,
        Server::Kubernetes,
        Server::Cloudfront,
    ] {
        let mut rules = rules.clone();
        if server == Server::Kubernetes {
            // It refuses dollars.
            rules[1]["headers"][0]["value"] = json!(NASTY.replace('$', ""));
        }
        let plan = plan(&json!({ "rules": rules }));
        let emitted = emit(&plan, server.into()).unwrap();
        let path = folder.path().join(&emitted.files[0].name);
        fs::write(&path, &emitted.files[0].content).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/vendors/read.mjs");
        let output = Command::new("node")
            .args([script, server.name()])
            .arg(&path)
            .args(paths.map(|(asked, _)| asked))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_slice(&output.stdout).unwrap();
        for (asked, path) in paths {
            let (media_type, scheme) = ("text/html", Scheme::Https);
            let planned = plan.headers_of(Answered { media_type, scheme, ..Answered::page(path) });
            let planned = planned.into_iter().map(|header| {
                (header.name.as_str().to_ascii_lowercase(), header.value.as_str().to_owned())
            });
            assert_eq!(read[asked], planned.collect(), "{server} {asked}");
        }
    }
}

#[test]
fn headers_files_detach_before_they_override() {
    let rules = json!([
        {"headers": [{"name": "X-A", "value": "all"}]},
        {"match": {"exact": "/docs/a.html"}, "headers": [{"name": "X-A", "value": "page"}]}]);
    let cloudflare = text(Server::Cloudflare, &rules);
    let blocks: Vec<&str> = cloudflare.split("\n\n").skip(1).map(str::trim_end).collect();
    // Cloudflare answers `/docs/a.html` with a redirect to `/docs/a`, and joins what blocks do not detach.
    assert_eq!(
        blocks,
        ["/*\n  X-A: all", "/docs/a.html\n  ! X-A\n  X-A: page", "/docs/a\n  ! X-A\n  X-A: page"]
    );
    let netlify = text(Server::Netlify, &rules);
    assert!(netlify.ends_with("/docs/a.html\n  X-A: page\n\n/docs/a\n  X-A: page\n"), "{netlify}");
}

#[test]
fn every_text_format_quotes_what_it_would_read() {
    let value = r#"a "b" \d %{f} ${g} <h> &"#;
    let rules = json!([{"headers": [{"name": "X-A", "value": value}]}]);
    for (server, written) in [
        (Server::Iis, r#"value="a &quot;b&quot; \d %{f} ${g} &lt;h&gt; &amp;""#),
        (Server::Traefik, r#"X-A: "a \"b\" \\d %{f} ${g} <h> &""#),
        (Server::Envoy, r#"value: "a \"b\" \\d %%{f} ${g} <h> &""#),
        (Server::Cloudfront, r#"= "a \"b\" \\d %%{f} $${g} <h> &""#),
    ] {
        let text = text(server, &rules);
        assert!(text.contains(written), "{server}:\n{text}");
    }
    let template = json!([{"headers": [{"name": "X-A", "value": "{{ env }}"}]}]);
    assert!(text(Server::Traefik, &template).contains(r#""{{`{{`}} env }}""#));
}

/// Where no parser is at hand: the examples of the vendors' documentation, line for line.
#[test]
fn what_the_vendors_document_is_written() {
    let lines = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (server, name, value, parts) in [
        // https://learn.microsoft.com/iis/configuration/system.webserver/httpprotocol/customheaders/
        (
            Server::Iis,
            "X-Custom-Name",
            "MyCustomValue",
            &[
                "<configuration> <system.webServer> <httpProtocol> <customHeaders>",
                r#"<add name="X-Custom-Name" value="MyCustomValue" /> </customHeaders> </httpProtocol> </system.webServer>"#,
            ][..],
        ),
        // https://doc.traefik.io/traefik/middlewares/http/headers/
        (
            Server::Traefik,
            "X-Custom-Response-Header",
            "value",
            &[
                "http: middlewares:",
                r#"headers: customResponseHeaders: X-Custom-Response-Header: "value""#,
            ],
        ),
        // https://kubernetes.github.io/ingress-nginx/examples/customization/custom-headers/
        (
            Server::Kubernetes,
            "X-Using-Nginx-Controller",
            "true",
            &[
                "apiVersion: v1 kind: ConfigMap metadata: name:",
                r#"data: X-Using-Nginx-Controller: "true""#,
            ],
        ),
        // https://developers.cloudflare.com/pages/configuration/headers/
        (Server::Cloudflare, "X-Robots-Tag", "noindex", &["/* X-Robots-Tag: noindex"]),
    ] {
        let rules = json!([{"headers": [{"name": name, "value": value}]}]);
        let text = lines(&text(server, &rules));
        for part in parts {
            assert!(text.contains(part), "{server} lacks {part}:\n{text}");
        }
    }
}

#[test]
fn meta_elements_say_what_they_lose() {
    let rules = json!([{"headers": [
        {"name": "Content-Security-Policy", "value": "img-src 'self'; frame-ancestors 'none'; report-uri /r"},
        {"name": "Referrer-Policy", "value": "no-referrer"}, {"name": "X-Frame-Options", "value": "DENY"}]}]);
    let emitted = emit(&plan(&json!({"rules": rules})), Server::Meta.into()).unwrap();
    let html = &emitted.files[0].content;
    assert!(
        html.contains(r#"<meta http-equiv="Content-Security-Policy" content="img-src 'self'">"#),
        "{html}"
    );
    assert!(html.contains(r#"<meta name="referrer" content="no-referrer">"#));
    let lost = &emitted.findings[0].message;
    assert!(lost.ends_with("X-Frame-Options, `frame-ancestors`, `report-uri`"), "{lost}");
}

#[test]
fn what_a_host_cannot_do_is_an_error_or_a_finding() {
    let status = json!({"rules": [{"match": {"status": "error"}, "headers": [{"name": "X-A", "value": "1"}]}]});
    for server in [Server::Netlify, Server::Vercel, Server::Caddy, Server::Lighttpd, Server::Iis] {
        let error = emit(&plan(&status), server.into()).unwrap_err();
        assert!(matches!(error, EmitError::Unsupported { rule: Some(0), .. }), "{error}");
    }
    let long = json!({"rules": [{"headers": [{"name": "X-A", "value": "a".repeat(1997)}]}]});
    let error = emit(&plan(&long), Server::Cloudflare.into()).unwrap_err().to_string();
    assert!(error.contains("1997 bytes") && error.contains("takes 1993"), "{error}");
    let cookies = json!({"cookies": ["Secure"], "https_redirect": 301, "hide": ["X-Powered-By"]});
    let findings = emit(&plan(&cookies), Server::Vercel.into()).unwrap().findings;
    assert_eq!(findings.len(), 3, "{findings:?}");
}

#[test]
fn versions_are_part_of_a_target() {
    use cspc_core::emit::Target;
    let merging = emit(
        &plan(&json!({"rules": [{"headers": [{"name": "X-A", "value": "1"}]}]})),
        "nginx@1.29.3".parse().unwrap(),
    )
    .unwrap();
    assert!(merging.files[0].content.contains("add_header_inherit merge;"));
    for (text, expected) in
        [("nginx@1.18", "too old"), ("nginx@x", "no version"), ("ngnix", "expected `nginx`")]
    {
        let error = text.parse::<Target>().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
