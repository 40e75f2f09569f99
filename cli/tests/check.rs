//! `cspc check` and `cspc rules` as their users meet them.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn check(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command
        .arg("check")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const STRICT: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[test]
fn a_typo_is_underlined_and_mended() {
    let output = check(&["--policy", &format!("{STRICT}; imgsrc a.example; font-src none")], b"");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output), @r"
    medium[csp/unknown-directive]: `imgsrc` is not a directive, and browsers ignore it
     --> --policy:1:82
      |
    1 | default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; imgsrc a.example; font-src none
      |                                                                                  ^^^^^^
      |
    help: did you mean `img-src`?

    medium[csp/unquoted-keyword]: `none` without quotes is read as a host
     --> --policy:1:109
      |
    1 | default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; imgsrc a.example; font-src none
      |                                                                                                             ^^^^
      |
    help: put it in single quotes
    ");
}

#[test]
fn a_strict_policy_is_passed() {
    let output = check(&["--policy", STRICT], b"");
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
}

#[test]
fn policies_are_found_where_they_stand() {
    let head = b"HTTP/2 200\r\nserver: x\r\nContent-Security-Policy: default-src *\r\n\r\n";
    let page = b"<!doctype html>\n<meta http-equiv=Content-Security-Policy content='default-src *; sandbox'>";
    for (input, place) in [(&head[..], "-:3:38"), (&page[..], "-:2:63")] {
        let output = check(&["-"], input);
        assert_eq!(output.status.code(), Some(1));
        assert!(stdout(&output).contains(place), "{place}: {}", stdout(&output));
    }
    assert!(stdout(&check(&["-"], page)).contains("csp/ignored-in-meta"));
}

#[test]
fn findings_are_a_contract() {
    let output =
        check(&["--policy", &STRICT.replace("'none'", "'unsafe-inline'"), "--format", "json"], b"");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema"], "cspc.findings/1");
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|it| it["rule"] == "csp/unsafe-inline").unwrap();
    assert_eq!(
        finding["location"],
        serde_json::json!({"path": "--policy", "line": 1, "column": 13, "span": [12, 27]})
    );
    assert_eq!(report["summary"]["high"], 1);
}

#[test]
fn a_batch_answers_line_by_line() {
    let output = check(
        &["--batch", "--fail-on", "never"],
        format!("default-src *\n{STRICT}\n\n").as_bytes(),
    );
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<Vec<serde_json::Value>> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    let grave = |line: &[serde_json::Value]| {
        line.iter().filter(|finding| finding["severity"] != "info").count()
    };
    assert!(grave(&lines[0]) > 0 && grave(&lines[1]) == 0);
    assert_eq!(lines[2][0]["rule"], "csp/empty-policy");
}

#[test]
fn a_line_that_is_no_text_does_not_end_a_batch() {
    let lines = b"default-src *\nimg-src \xff\r\ndefault-src *\r\n";
    let output = check(&["--batch"], lines);
    assert_eq!(output.status.code(), Some(2));
    let written = stdout(&output);
    let answers: Vec<&str> = written.lines().collect();
    assert_eq!(answers[1], r#"{"error":"line 2 is not UTF-8: byte 9 begins no character"}"#);
    assert_eq!((answers.len(), answers[0]), (3, answers[2]));
}

#[test]
fn rules_can_be_chosen_and_left_out() {
    let policy = "script-src * 'unsafe-inline'";
    let only =
        check(&["--policy", policy, "--select", "csp/unsafe-inline", "--format", "github"], b"");
    assert_eq!(stdout(&only).lines().count(), 1);
    assert!(
        stdout(&only).starts_with("::error file=--policy,line=1,col=14,title=csp/unsafe-inline::"),
        "{}",
        stdout(&only)
    );
    let unknown = check(&["--policy", policy, "--ignore", "csp/nothing"], b"");
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn rubbish_ends_in_a_message() {
    for (input, message) in [
        (&b"a\n\xC3\xBC \xFF\0"[..], "is not text: line 2, column 3 is not UTF-8"),
        (b"\xFF\xFEa\0", "is text in UTF-16"),
        (b"{\"a\":1}", "unknown field `a`"),
        (b"# Notes; and more", "looks like no input that cspc knows"),
    ] {
        let output = check(&["-"], input);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(message), "{error}");
    }
    assert_eq!(check(&[], b"").status.code(), Some(2));
}

#[test]
fn nothing_in_a_policy_steers_the_terminal() {
    let output = check(&["--policy", "default-src \u{1b}]0;x\u{7} \u{202E}"], b"");
    let text = stdout(&output);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202E}']), "{text:?}");
}

#[test]
fn a_megabyte_of_sources_is_judged_in_one_go() {
    let policy = format!("img-src {}", "https://*.a.example/%2e ".repeat(40_000));
    let output = check(&["-", "--format", "json", "--fail-on", "never"], policy.as_bytes());
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_response_without_a_policy_is_told() {
    let output = check(&["-"], b"HTTP/1.1 200 OK\nServer: x\n\n<p>");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("csp/missing-policy"), "{}", stdout(&output));
}

#[test]
fn what_people_paste_is_understood() {
    let console = "Refused to load the script 'https://x.example/a.js' because it violates the following Content Security \
                   Policy directive: \"script-src 'self' htps://a.example\".";
    let yaml = "Content-Security-Policy: >-\n  default-src 'self';\n  img-srk https://a.example\nX-Frame-Options: DENY\n";
    for (input, rule, place) in [
        (console, "csp/self-script-source", "-:1:134"),
        (yaml, "csp/unknown-directive", "-:3:3"),
        ("img-src \u{2018}self\u{2019}", "type `'` in place of `\u{2018}`", "-:1:1"),
        ("Content-Security-Policy: img-src self", "csp/unquoted-keyword", "-:1:34"),
        ("\"img-src self\"", "csp/unquoted-keyword", "-:1:10"),
        (
            "add_header Content-Security-Policy \"img-src self\" always;",
            "csp/unquoted-keyword",
            "-:1:45",
        ),
        (console, "add `https://x.example/a.js` to `script-src`", "-:1:134"),
    ] {
        let output = check(&["-", "--verbose"], input.as_bytes());
        let text = stdout(&output);
        assert!(text.contains(rule) && text.contains(place), "{input}\n{text}");
    }
    for (policy, place) in [
        ("Content-Security-Policy: img-src self", "--policy:1:34"),
        ("add_header Content-Security-Policy 'img-src self';", "--policy:1:45"),
    ] {
        let text = stdout(&check(&["--policy", policy], b""));
        assert!(text.contains("csp/unquoted-keyword") && text.contains(place), "{text}");
    }
}

#[test]
fn a_name_of_a_megabyte_is_not_printed_whole() {
    let output = check(&["-"], "a".repeat(1 << 20).as_bytes());
    let text = stdout(&output);
    assert!(text.contains("aaa…aaa") && text.contains("is not a directive"));
    assert!(text.len() < 20_000, "{} bytes", text.len());
}

#[test]
fn every_command_can_be_quiet_or_say_more() {
    let cspc = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_cspc")).args(arguments).output().unwrap()
    };
    let policy = ["--policy", "img-src a"];
    for command in ["check", "fmt", "grade"] {
        let quiet = cspc(&[&[command, "-q"], &policy[..]].concat());
        assert!(quiet.stderr.is_empty() && !quiet.stdout.is_empty(), "{command}");
        let verbose = cspc(&[&[command, "--verbose"], &policy[..]].concat());
        assert_ne!(verbose.status.code(), Some(2), "{command}");
    }
    for command in [&["rules"][..], &["schema", "findings"], &["completions", "bash"], &["man"]] {
        for flag in ["-q", "-v"] {
            assert!(cspc(&[command, &[flag]].concat()).status.success(), "{command:?} {flag}");
        }
    }
    assert!(!cspc(&["-q", "check", "missing"]).stderr.is_empty(), "errors are said anyway");
}

#[test]
fn files_are_mended_in_place_and_only_where_it_is_safe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy");
    std::fs::write(&path, "img-src 'self' 'self'; img-src *; object-src; style-src self\n")
        .unwrap();
    let name = path.to_str().unwrap();
    let diff = check(&[name, "--diff"], b"");
    assert_eq!(diff.status.code(), Some(1));
    assert!(
        stdout(&diff).contains("+img-src 'self'; object-src 'none'; style-src self"),
        "{}",
        stdout(&diff)
    );
    check(&[name, "--fix"], b"");
    let mended = std::fs::read_to_string(&path).unwrap();
    assert_eq!(mended, "img-src 'self'; object-src 'none'; style-src self\n");
    check(&[name, "--fix", "--unsafe-fixes"], b"");
    let mended = std::fs::read_to_string(&path).unwrap();
    assert!(
        mended.starts_with("img-src 'self'; object-src 'none'; style-src 'self'; "),
        "{mended}"
    );
}

#[test]
fn known_findings_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let (policy, baseline) = (folder.path().join("policy"), folder.path().join("baseline.json"));
    let (policy, baseline) = (policy.to_str().unwrap(), baseline.to_str().unwrap());
    std::fs::write(policy, "default-src *").unwrap();
    assert_eq!(check(&[policy, "--write-baseline", baseline], b"").status.code(), Some(0));
    assert_eq!(check(&[policy, "--baseline", baseline], b"").status.code(), Some(0));
    std::fs::write(policy, "default-src * 'unsafe-inline'").unwrap();
    let worse = check(&[policy, "--baseline", baseline], b"");
    assert_eq!(worse.status.code(), Some(1));
    assert_eq!(stdout(&worse).matches("csp/").count(), 1, "{}", stdout(&worse));
    std::fs::write(policy, "default-src 'none'").unwrap();
    let better = check(&[policy, "--baseline", baseline], b"");
    assert!(String::from_utf8_lossy(&better.stderr).contains("are not there any more"));
}

#[test]
fn pages_of_an_archive_are_responses() {
    let har = br#"{"log":{"entries":[{"request":{"url":"https://a.example/"},"response":{"headers":[
        {"name":"Content-Type","value":"text/html"},{"name":"content-security-policy","value":"default-src *"}]}},
        {"request":{"url":"https://a.example/x.js"},"response":{"headers":[]}}]}}"#;
    let output = check(&["-"], har);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("-#https://a.example/:1:1"), "{}", stdout(&output));
    let file = b"/\n  Content-Security-Policy: default-src *\n/admin/*\n  Content-Security-Policy: default-src 'none'\n";
    let output = check(&["-", "--format", "json"], file);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let broad = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["rule"] == "csp/broad-script-source");
    assert_eq!(broad.map(|it| it["location"]["line"].clone()).collect::<Vec<_>>(), [2]);
}

#[test]
fn the_owner_has_a_say_in_rules() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("cspc.toml");
    let name = config.to_str().unwrap();
    let settings = "[lint]\nignore = [{ rule = \"csp/missing-base-uri\", reason = \"no scripts\" },\n \
                    { rule = \"csp/hash-length\", reason = \"?\" }]\nseverity = { \"csp/missing-form-action\" = \"high\" }\n";
    std::fs::write(&config, settings).unwrap();
    let output = check(&["--policy", "default-src 'none'", "-c", name, "--format", "json"], b"");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rule = |id: &str| {
        report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == id).cloned()
    };
    assert!(rule("csp/missing-base-uri").is_none());
    assert_eq!(rule("csp/missing-form-action").unwrap()["severity"], "high");
    let unused = rule("config/unused-ignore").unwrap();
    assert_eq!(
        (&unused["value"], &unused["location"]["line"]),
        (&"csp/hash-length".into(), &3.into())
    );
    std::fs::write(&config, "[lint]\nignore = [{ rule = \"csp/x\", reason = \"?\" }]\n").unwrap();
    let output = check(&["--policy", "default-src 'none'", "-c", name], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("cspc.toml:2:20: there is no rule `csp/x`")
    );
}

#[test]
fn a_line_of_a_configuration_is_understood() {
    for (input, place) in [
        ("add_header Content-Security-Policy \"img-src self\" always;\n", "-:1:45"),
        ("server {\n  add_header Content-Security-Policy \"img-src self\";\n}\n", "-:2:47"),
        ("Header always set Content-Security-Policy \"img-src self\"\n", "-:1:52"),
        ("headers:\n  Content-Security-Policy: >-\n    img-src self\n  X-A: b\n", "-:3:13"),
        ("res.setHeader(\"Content-Security-Policy\", \"img-src self\");", "-:1:51"),
        ("{\"headers\": {\"Content-Security-Policy\": \"img-src self\"}}", "-:1:50"),
        ("\u{feff}img-src self", "-:1:9"),
        ("img-src self\r\n", "-:1:9"),
    ] {
        let output = check(&["-"], input.as_bytes());
        let text = stdout(&output);
        let marked = format!("--> {place}\n");
        assert!(text.contains("csp/unquoted-keyword") && text.contains(&marked), "{input}\n{text}");
        assert!(!text.contains("\\u{d}"), "{text}");
    }
}

#[test]
fn consoles_of_today_are_understood() {
    let quoting = "Content-Security-Policy: The page’s settings blocked a script (script-src-elem) at https://x.example/a.js from \
                   being executed because it violates the following directive: “script-src self”";
    let report = "[Report Only] Refused to apply inline style because it violates the following Content Security Policy \
                  directive: \"style-src self\".";
    for input in [quoting, report] {
        let output = check(&["-"], input.as_bytes());
        assert!(stdout(&output).contains("`self` without quotes"), "{}", stdout(&output));
    }
    let naming = "Content Security Policy: The page’s settings blocked the loading of a resource at inline (“script-src”).";
    let output = check(&["-"], naming.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not quote the policy"));
}

#[test]
fn what_is_no_policy_says_the_way_out() {
    let helmet = b"app.use(helmet({\n  contentSecurityPolicy: { directives: { defaultSrc: [\"'self'\"] } },\n}));\n";
    let wide = b"\xFF\xFEi\0m\0g\0";
    for (input, way_out) in
        [(&helmet[..], "curl -sI URL | cspc check -"), (wide, "iconv -f utf-16")]
    {
        let output = check(&["-"], input);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(way_out), "{error}");
    }
}

#[test]
fn rules_are_chosen_by_how_their_names_begin() {
    let rules = |select: &str| {
        let output =
            check(&["--policy", "script-src *", "--select", select, "--format", "json"], b"");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        findings.iter().map(|it| it["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let missing = rules("csp/missing-*");
    assert!(missing.len() > 2 && missing.iter().all(|rule| rule.starts_with("csp/missing-")));
    assert!(rules("csp/").len() > missing.len());
    assert_eq!(rules("csp/missing-base-uri,csp/missing-form-action").len(), 2);
    let output = check(&["--policy", "a", "--select", "unsafe-inlin"], b"");
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("did you mean `csp/unsafe-inline`?"), "{error}");
}

#[cfg(unix)]
#[test]
fn mending_keeps_links_and_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("policy"), folder.path().join("link"));
    std::fs::write(&path, "object-src;").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    check(&[link.to_str().unwrap(), "--fix"], b"");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "object-src 'none';");
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn nobody_has_to_listen() {
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
        let command = command.arg("check").args(arguments).stdout(Stdio::null()).stderr(full());
        command.status().unwrap().code()
    };
    assert_eq!(run(&["--policy", "img-src *", "--fail-on", "never"]), Some(0));
    assert_eq!(run(&["there is no such file"]), Some(2));
}

/// A configuration in parts, which README.md shows too.
const CONFIGURATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/nginx");

#[test]
fn effective_headers_name_the_lines_that_set_and_lose_them() {
    let file = |name: &str| format!("{CONFIGURATION}/{name}");
    // The part is read beside the whole: what it includes is looked for above it as well.
    for name in ["nginx.conf", "sites/shop.conf"] {
        let output = check(&[&file(name), "--effective"], b"");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let text = stdout(&output).replace(CONFIGURATION, "…");
        insta::allow_duplicates! { insta::assert_snapshot!(text, @r"
        https://shop.example elsewhere
          200, 301, 304, 404
            X-Frame-Options: DENY  …/snippets/headers.conf:1:28
            Content-Security-Policy: script-src *  …/snippets/headers.conf:2:36
        https://shop.example location /cart
          200, 301, 304, 404
            X-Cart: $arg_c  (not always) …/sites/shop.conf:7:27
            - X-Frame-Options of …/snippets/headers.conf:1:28 is forgotten: …/sites/shop.conf:7:20 has a header of its own
            - Content-Security-Policy of …/snippets/headers.conf:2:36 is forgotten: …/sites/shop.conf:7:20 has a header of its own
        ") }
    }
    let output =
        check(&[&file("nginx.conf"), "--effective", "--path", "/cart/1", "--format", "json"], b"");
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read["places"][0]["lost"][0]["why"], "not-inherited");
    assert_eq!(read["places"][0]["headers"][0]["variables"], serde_json::json!(["arg_c"]));
}

#[test]
fn a_configuration_is_judged_in_the_files_that_it_includes() {
    let path = format!("{CONFIGURATION}/nginx.conf");
    let output =
        check(&[&path, "--select", "server/*,csp/broad-script-source", "--format", "json"], b"");
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = read["findings"].as_array().unwrap().iter().map(|finding| {
        let path = finding["location"]["path"].as_str().unwrap().rsplit('/').next().unwrap();
        format!(
            "{} {path}:{}:{}",
            finding["rule"].as_str().unwrap(),
            finding["location"]["line"],
            finding["location"]["column"]
        )
    });
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            "server/lost-inheritance shop.conf:7:20",
            "server/value-from-client shop.conf:7:27",
            "csp/broad-script-source headers.conf:2:48"
        ]
    );
}

#[test]
fn a_mistake_in_a_configuration_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nginx.conf").display().to_string();
    for (text, message) in [
        ("http { include missing.conf; }", "nginx.conf:1:8: there is no file `missing.conf`"),
        ("http { include nginx.conf; }", "nginx.conf` includes itself"),
        ("http {\n  server {\n }", "nginx.conf:1:1: the block of `http` is not closed"),
    ] {
        std::fs::write(&path, text).unwrap();
        let output = check(&[&path], b"");
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn an_organisation_has_demands() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("cspc.toml");
    let demands = "[require]\nX-A = { value = \"1\", severity = \"high\", reason = \"policy 4.2\" }\nServer = false\n";
    std::fs::write(&config, demands).unwrap();
    let checked = |head: &str| {
        let only =
            ["-", "--select", "require/", "--format", "json", "-c", config.to_str().unwrap()];
        let output = check(&only, head.as_bytes());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), report["findings"].as_array().unwrap().clone())
    };
    let (code, found) = checked("HTTP/1.1 200 OK\nServer: nginx\nX-A: 2\n");
    assert_eq!((code, found.len()), (Some(1), 2));
    assert_eq!(
        (&found[0]["rule"], &found[0]["location"]["line"]),
        (&"require/forbidden".into(), &2.into())
    );
    assert_eq!((&found[1]["severity"], &found[1]["header"]), (&"high".into(), &"X-A".into()));
    assert!(found[1]["help"].as_str().unwrap().ends_with("cspc.toml:2: policy 4.2)"));
    assert_eq!(checked("HTTP/1.1 200 OK\nX-A: 1\n"), (Some(0), Vec::new()));
}

#[test]
fn pages_are_judged_where_they_stand() {
    let page = b"<!doctype html>\n<p>\n  <form action=\"http://a.example/\"></form>";
    let output = check(&["-", "--as", "html", "--format", "json"], page);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!((output.status.code(), &finding["rule"]), (Some(1), &"page/http-form".into()));
    assert_eq!(
        (&finding["location"]["line"], &finding["location"]["column"]),
        (&3.into(), &3.into())
    );
    assert!(finding.get("header").is_none());
}

#[test]
fn header_lines_alone_are_judged() {
    let output = check(&["-"], b"server: nginx/1.18.0\nx-frame-options: ALLOWALL\n");
    assert!(stdout(&output).contains("-:2:18"), "{}", stdout(&output));
    // What is not shown is not known to be missing.
    assert!(!stdout(&output).contains("missing"), "{}", stdout(&output));
}

#[test]
fn the_nonce_of_a_plan_is_the_one_that_servers_make() {
    let policy = "script-src 'nonce-CSPC_NONCE'; object-src 'none'";
    let plan = format!(
        r#"{{"nonce":"CSPC_NONCE","rules":[{{"headers":[{{"name":"Content-Security-Policy","value":"{policy}"}}]}}]}}"#
    );
    let nonces = ["--select", "csp/short-nonce", "--select", "csp/static-nonce"];
    let found = |arguments: &[&str], input: &str| {
        let arguments = [arguments, &nonces].concat();
        stdout(&check(&arguments, input.as_bytes()))
    };
    assert!(!found(&["-", "--as", "plan"], &plan).contains("nonce"));
    assert!(found(&["-", "--as", "policy"], policy).contains("csp/static-nonce"));
}
