//! `cspc build` and `cspc inventory` as their users meet them: odd folders, odd names, odd files.
#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cspc_core::plan::{Answered, Plan};
use tempfile::TempDir;

fn cspc(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cspc")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn plan(folder: &Path) -> serde_json::Value {
    let output = cspc(&["build", "--emit", "json"], folder);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The policy that the page at `path` gets.
fn policy(plan: &serde_json::Value, path: &str) -> String {
    let plan: Plan = serde_json::from_value(plan.clone()).unwrap();
    let headers = plan.headers_of(Answered::page(path));
    let policy =
        headers.iter().find(|header| header.name.as_str().starts_with("Content-Security-Policy"));
    policy.unwrap().value.as_str().to_owned()
}

#[test]
fn a_page_gets_what_it_needs_and_no_more() {
    let page = b"<link rel=icon href=i.svg><link rel=stylesheet href=s.css><script src=a.js></script><p style=color:red>";
    let site = folder(&[
        ("a/index.html", page),
        ("a/s.css", b"@font-face{font-family:x;src:url(x.woff2)}"),
        ("b.html", b""),
    ]);
    let plan = plan(site.path());
    let hash = "'sha256-aoQ6wd6URHsZ4eWG/+AYykPvRiZMcYyP6q2JvKHEHj0='";
    let expected = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'sha256-… 'unsafe-hashes'; \
                    img-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let found = policy(&plan, "/a/");
    let start = found.find("'sha256-").unwrap();
    assert_eq!(found.replace(&found[start..start + hash.len()], "'sha256-…"), expected);
    assert_eq!(policy(&plan, "/a/index.html"), found);
    assert!(
        policy(&plan, "/b.html")
            .starts_with("default-src 'none'; img-src 'self'; object-src 'none'; ")
    );
    // What needs no more than everything else needs no rule.
    assert!(!plan["rules"].to_string().contains("/b.html"), "{plan:#}");
}

#[test]
fn a_verdict_names_the_assets_of_the_page_itself() {
    let site = folder(&[
        ("a.html", b"<img src=a.png>"),
        ("b.html", b"<script src=b.js></script><p><img src=b.png>"),
    ]);
    fs::write(site.path().join("plan.json"), plan(site.path()).to_string()).unwrap();
    let needs = |page: &str| {
        let question = ["explain", "--from", "plan.json", "--url", "/x.png", "--as", "image"];
        let output = cspc(&[&question[..], &["--response", page]].concat(), site.path());
        text(&output.stdout).to_owned()
    };
    assert!(needs("/a.html").contains("/a.html:1:1"), "{}", needs("/a.html"));
    assert!(needs("/b.html").contains("/b.html:1:30"), "{}", needs("/b.html"));
    assert!(!needs("/b.html").contains("/a.html"), "{}", needs("/b.html"));
}

#[test]
fn every_expression_says_who_needs_it() {
    let site = folder(&[(
        "index.html",
        b"<p>\n <script>1</script><script src=https://cdn.example/x.js></script>",
    )]);
    let plan = plan(site.path());
    let sources = plan["sources"].as_array().unwrap();
    let script =
        sources.iter().find(|source| source["expression"] == "https://cdn.example/x.js").unwrap();
    assert_eq!(script["directive"], "script-src");
    assert_eq!(
        script["assets"][0],
        serde_json::json!({"page": "/index.html", "line": 2, "column": 20, "kind": "script"})
    );
}

#[test]
fn an_empty_folder_and_one_without_pages_are_errors() {
    for files in [&[][..], &[("a.txt", &b"x"[..])][..]] {
        let output = cspc(&["build", ".", "--emit", "nginx"], folder(files).path());
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).starts_with("error: there is no page in `.`"),
            "{}",
            text(&output.stderr)
        );
        assert_eq!(output.stdout, b"");
    }
    let output = cspc(&["build", "nowhere", "--emit", "nginx"], Path::new("."));
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot read `nowhere`"), "{}", text(&output.stderr));
}

#[test]
fn odd_names_change_nothing_but_their_own_rule() {
    let names = [
        "a b.html",
        "q'\"q.html",
        "d$uri%2F.html",
        "n\nl;}.html",
        "ü\u{202E}.html",
        "back\\slash.html",
    ];
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (*name, &b"<script>1</script>"[..])).collect();
    let site = folder(&files);
    let plan = plan(site.path());
    for name in names {
        assert!(policy(&plan, &format!("/{name}")).contains("sha256-"), "{name}");
    }
    for target in ["nginx", "apache"] {
        let output = cspc(&["build", "--emit", target], site.path());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
}

#[test]
fn files_that_are_not_text_are_read_as_a_browser_would() {
    let site = folder(&[
        ("index.html", b"\xFF\xFE\0\x01<script>\xE9</script>"),
        ("s.svg", b"\0\0\0"),
        ("c.css", b"\xFF{url("),
    ]);
    assert!(cspc(&["build", "--emit", "nginx"], site.path()).status.success());
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_a_circle_are_left_out_with_a_word() {
    let site = folder(&[("index.html", b"")]);
    std::os::unix::fs::symlink(".", site.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("nothing", site.path().join("gone.html")).unwrap();
    let output = cspc(&["build", "--emit", "json"], site.path());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let warnings =
        text(&output.stderr).lines().filter(|line| line.starts_with("warning: skipped")).count();
    assert_eq!(warnings, 2, "{}", text(&output.stderr));
}

#[test]
fn the_same_site_gives_the_same_bytes() {
    let pages: Vec<(String, String)> = (0..50)
        .map(|i| {
            (format!("{}/{i}.html", i % 7), format!("<script>{}</script><p style=a{i}>", i % 5))
        })
        .collect();
    let files: Vec<(&str, &[u8])> =
        pages.iter().map(|(name, page)| (name.as_str(), page.as_bytes())).collect();
    let (one, two) = (folder(&files), folder(&files.iter().rev().copied().collect::<Vec<_>>()));
    let run = |site: &TempDir, threads| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
        command
            .args(["build", "--emit", "nginx"])
            .current_dir(site.path())
            .env("RAYON_NUM_THREADS", threads);
        command.output().unwrap().stdout
    };
    assert_eq!(run(&one, "1"), run(&two, "4"));
}

#[test]
fn an_inventory_can_be_kept_and_built_from() {
    let site = folder(&[
        ("index.html", b"<script>1</script><img src=data:,x>"),
        ("s.css", b"a{b:url(c)}"),
    ]);
    let inventory = cspc(&["inventory", "--format", "json"], site.path()).stdout;
    fs::write(site.path().join("site.json"), inventory).unwrap();
    let direct = cspc(&["build", ".", "--emit", "nginx"], site.path());
    let kept = cspc(&["build", "site.json", "--emit", "nginx"], site.path());
    assert_eq!(kept.status.code(), Some(0), "{}", text(&kept.stderr));
    assert_eq!(text(&direct.stdout), text(&kept.stdout));
    fs::write(site.path().join("bad.json"), "{\"schema\":1}").unwrap();
    let bad = cspc(&["build", "bad.json", "--emit", "nginx"], site.path());
    assert_eq!(bad.status.code(), Some(2));
    assert!(
        text(&bad.stderr).contains("neither a folder, nor a HAR file, nor an inventory"),
        "{}",
        text(&bad.stderr)
    );
}

#[test]
fn the_site_file_is_obeyed_and_its_mistakes_are_shown() {
    let site = folder(&[
        ("index.html", b""),
        ("cspc.toml", b"[sources]\nconnect-src = [\"'self'\"]\n[headers]\nReferrer-Policy = \"no-referrer\"\nX-Frame-Options = false\n"),
    ]);
    let plan = plan(site.path());
    assert!(policy(&plan, "/").contains("connect-src 'self'"));
    let baseline = plan["rules"][0]["headers"].to_string();
    assert!(
        baseline.contains("no-referrer") && !baseline.contains("X-Frame-Options"),
        "{baseline}"
    );
    fs::write(site.path().join("cspc.toml"), "[source]\n").unwrap();
    let output = cspc(&["build", "--emit", "json"], site.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("cspc.toml:1:2: unknown field `source`"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn the_site_file_sets_limits_and_what_it_gives_up_is_said() {
    let site = folder(&[
        ("a.html", b"<script>1</script>"),
        ("b.html", b"<p style=a:b>"),
        (
            "cspc.toml",
            b"report-only = true\nlimits = { max-policies = 2 }\n[sources]\nscript-src = [\"'unsafe-inline'\"]\n",
        ),
    ]);
    let output = cspc(&["build", "--emit", "json"], site.path());
    assert!(
        text(&output.stderr)
            .contains("cspc.toml:4:15: `'unsafe-inline'` is declared for script-src"),
        "{}",
        text(&output.stderr)
    );
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let header = &plan["rules"][1]["headers"][0];
    assert_eq!(header["name"], "Content-Security-Policy-Report-Only");
    assert_eq!(policy(&plan, "/a.html"), policy(&plan, "/b.html"));
    assert!(policy(&plan, "/a.html").contains("script-src 'unsafe-inline';"));
    let declared = plan["sources"].as_array().unwrap().iter();
    let declared = declared.filter(|source| source["expression"] == "'unsafe-inline'");
    assert!(
        declared.clone().count() > 0 && declared.clone().all(|source| source["spare"].is_string())
    );
}

#[test]
fn limits_are_kept_and_nothing_is_half_written() {
    let site = folder(&[("index.html", b"<script>1</script>")]);
    let output =
        cspc(&["build", "--emit", "nginx", "-o", "out", "--max-header-bytes", "100"], site.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains(
            "error: the policy of `/index.html` has 161 bytes; to be moved into files: 1 inline script (54 bytes)"
        ),
        "{}",
        text(&output.stderr)
    );
    assert!(!site.path().join("out").exists());
}

#[test]
fn what_a_host_takes_is_the_limit() {
    let page: String = (0..40).map(|number| format!("<script>{number}</script>")).collect();
    let site = folder(&[("index.html", page.as_bytes())]);
    let output = cspc(&["build", "--emit", "cloudflare"], site.path());
    let said = text(&output.stderr);
    assert!(said.contains("no policy can have more than 1961 bytes"), "{said}");
    assert!(said.contains("40 inline scripts (2160 bytes)"), "{said}");
    assert!(cspc(&["build", "--emit", "nginx"], site.path()).status.success());
}

#[test]
fn what_was_proven_is_stated() {
    let site = folder(&[
        ("a.html", b"<script>1</script>"),
        ("b.html", b"<script>2</script><img src=https://img.example/x>"),
        ("cspc.toml", b"[sources]\nconnect-src = [\"'self'\"]"),
    ]);
    let output = cspc(&["build", "--emit", "nginx"], site.path());
    assert!(
        text(&output.stderr).starts_with(
            "2 pages, 5 assets, all allowed; 5 expressions, each needed, 3 more by declaration or default\n3 policies"
        ),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn pages_share_policies_where_they_have_to() {
    let site = folder(&[
        ("a.html", b"<script>1</script>"),
        ("b.html", b"<script>2</script>"),
        ("c.html", b"<script>1</script><img src=https://img.example/x>"),
    ]);
    let arguments = ["build", "--emit", "json", "--max-policies", "3", "--verbose"];
    let output = cspc(&arguments, site.path());
    let said = text(&output.stderr);
    assert!(
        said.contains(
            "3 policies instead of 4: 1 page allowed more than it needs, 1 source expression in all"
        ),
        "{said}"
    );
    assert!(
        said.contains("`/a.html`, which shares its policy with 1 page, also may load from 1 origin of `/c.html`"),
        "{said}"
    );
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(policy(&plan, "/a.html"), policy(&plan, "/c.html"));
    assert!(!policy(&plan, "/b.html").contains("img.example"));
    let none = cspc(&["build", "--emit", "json", "--max-policies", "0"], site.path());
    assert_eq!(none.status.code(), Some(2));
    let arguments = ["--max-policies", "2", "--max-header-bytes", "200"];
    let narrow = cspc(&[&["build", "--emit", "json"][..], &arguments].concat(), site.path());
    assert!(
        text(&narrow.stderr).contains(
            "the site needs 3 policies, that of what is no page among them, and the limit is 2"
        ),
        "{}",
        text(&narrow.stderr)
    );
}

#[test]
fn several_targets_get_a_folder_each() {
    let site = folder(&[("index.html", b"<script>1</script>")]);
    let arguments = ["build", "--emit", "nginx", "--emit", "apache", "--emit", "json", "-o", "out"];
    assert!(cspc(&arguments, site.path()).status.success());
    for file in ["nginx/server.conf", "nginx/location.conf", "apache/server.conf", "json/plan.json"]
    {
        assert!(site.path().join("out").join(file).is_file(), "{file}");
    }
}

#[test]
fn pages_shown_in_frames_of_their_own_site_may_be() {
    let site =
        folder(&[("index.html", b"<iframe src=inner/></iframe>"), ("inner/index.html", b"")]);
    let plan = plan(site.path());
    assert!(policy(&plan, "/inner/").ends_with("frame-ancestors 'self'"));
    assert!(policy(&plan, "/").ends_with("frame-ancestors 'none'"));
    let rules = plan["rules"].to_string();
    assert!(rules.contains("SAMEORIGIN") && rules.contains("DENY"));
}

#[test]
fn what_scripts_load_is_allowed_where_they_run() {
    let site = folder(&[
        ("a/index.html", b"<script type=module src=/js/main.js></script>"),
        ("b.html", b"<script>fetch('https://b.example/x'); new Worker('/w.js')</script>"),
        ("c.html", b"<script src=/js/loader.js></script>"),
        ("js/main.js", b"import './part.js'; fetch('/api'); WebAssembly.compile(b)"),
        ("js/part.js", b"new EventSource('https://events.example/stream')"),
        ("js/loader.js", b"const s = document.createElement('script'); s.src = names[0];"),
        ("w.js", b"importScripts('/js/part.js'); fetch('rest')"),
    ]);
    let plan = plan(site.path());
    let script =
        |policy: &str| policy.split("; ").find(|d| d.starts_with("script-src ")).map(str::to_owned);
    let a = policy(&plan, "/a/");
    assert!(a.contains("connect-src 'self' https://events.example"), "{a}");
    assert_eq!(script(&a).as_deref(), Some("script-src 'self' 'wasm-unsafe-eval'"), "{a}");
    let b = policy(&plan, "/b.html");
    assert!(b.contains("connect-src https://b.example;") && b.contains("worker-src 'self'"), "{b}");
    let c = policy(&plan, "/c.html");
    assert!(c.contains("https://events.example"), "scripts beside one that loads others: {c}");
    let worker = policy(&plan, "/w.js");
    assert!(worker.contains("connect-src 'self' https://events.example"), "{worker}");
    assert_eq!(script(&worker).as_deref(), Some("script-src 'self'"), "{worker}");
}

#[test]
fn what_reading_does_not_tell_is_said() {
    let site = folder(&[
        ("a.html", b"<script src=a.js></script><script src=b.js></script><script>let = ;</script>"),
        ("a.js", b"fetch(address);\neval(code)"),
        ("b.js", b"\nfunction ("),
    ]);
    let output = cspc(&["build", "--emit", "json"], site.path());
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings: Vec<String> = plan["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let at = &finding["location"];
            format!(
                "{} {}:{}:{}",
                finding["rule"].as_str().unwrap(),
                at["path"].as_str().unwrap(),
                at["line"],
                at["column"]
            )
        })
        .collect();
    let expected = [
        "build/eval /a.js:2:1",
        "build/unread-script /a.html:1:67",
        "build/unread-script /b.js:2:10",
        "build/unresolved /a.js:1:7",
    ];
    for finding in expected {
        assert!(findings.iter().any(|found| found == finding), "{finding} is not in {findings:#?}");
    }
    assert!(!policy(&plan, "/a.html").contains("unsafe-eval"));
}

#[test]
fn modules_are_found_by_the_names_that_an_import_map_gives_them() {
    let map = r#"{"imports":{"lib/":"/v/","cdn":"https://cdn.example/x.js"},"scopes":{"/v/":{"deep":"/v/deep.js"}}}"#;
    let page =
        format!("<script type=importmap>{map}</script><script type=module src=app.js></script>");
    let site = folder(&[
        ("a.html", page.as_bytes()),
        ("app.js", b"import 'lib/a.js';import 'cdn';import 'deep'"),
        ("v/a.js", b"import 'deep'"),
        ("v/deep.js", b"fetch('https://api.example/')"),
        ("v/unused.js", b"fetch('https://no.example/')"),
    ]);
    let plan = plan(site.path());
    let policy = policy(&plan, "/a.html");
    assert!(policy.contains("connect-src https://api.example;"), "{policy}");
    assert!(policy.contains(" https://cdn.example/x.js"), "{policy}");
    let findings: Vec<&str> = plan["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| {
            let rule = finding["rule"].as_str().unwrap();
            matches!(rule, "build/unresolved" | "build/missing-script")
        })
        .map(|finding| finding["message"].as_str().unwrap())
        .collect();
    assert_eq!(findings, ["no import map says where the module `deep` is"]);
}

#[test]
fn services_are_named_and_declared() {
    let site = folder(&[(
        "a.html",
        b"<script src=https://js.stripe.com/v3/></script><img src=https://x.example/y.png>",
    )]);
    let listed = cspc(&["inventory", "--by", "origin"], site.path());
    let listed = text(&listed.stdout);
    assert!(listed.contains("https://js.stripe.com  stripe (1)\n  script "), "{listed}");
    assert!(listed.contains("https://x.example  unknown third party (1)\n"), "{listed}");
    let built = cspc(&["build", "--emit", "json", "--use", "stripe"], site.path());
    let plan: serde_json::Value = serde_json::from_slice(&built.stdout).unwrap();
    assert!(policy(&plan, "/a.html").contains("connect-src https://api.stripe.com;"), "{plan:#}");
    let unknown = cspc(&["build", "--emit", "json", "--use", "stripes"], site.path());
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean `stripe`?"), "{}", text(&unknown.stderr));
}

#[test]
fn a_first_site_file_says_what_the_folder_tells_and_builds() {
    let page = b"<link rel=canonical href=https://shop.example/a><script src=https://js.stripe.com/v3/></script>";
    let site = folder(&[("public/index.html", page), ("netlify.toml", b"")]);
    let first = cspc(&["init"], site.path());
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    let written = fs::read_to_string(site.path().join("cspc.toml")).unwrap();
    for line in [
        "origin = \"https://shop.example\"\n",
        "root = \"public\"\n",
        "targets = [\"netlify\"]\n",
        "stripe = true  # (/index.html:1 loads https://js.stripe.com/v3/)\n",
    ] {
        assert!(written.contains(line), "{line}{written}");
    }
    // Neither the site nor the target has to be named from now on, and not where the file is.
    let built = cspc(&["build"], &site.path().join("public"));
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    let headers = text(&built.stdout);
    assert!(headers.contains("Content-Security-Policy-Report-Only: "), "{headers}");
    assert!(headers.contains("connect-src https://api.stripe.com;"), "{headers}");
    let again = cspc(&["init"], site.path());
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("--force"), "{}", text(&again.stderr));
}

#[test]
fn a_root_that_is_not_there_is_told_with_its_place() {
    let site = folder(&[("cspc.toml", b"targets = ['nginx']\nroot = 'nowhere'")]);
    let built = cspc(&["build"], site.path());
    assert_eq!(built.status.code(), Some(2));
    let told = text(&built.stderr);
    assert!(told.contains("cspc.toml:2:8: there is no `nowhere`: "), "{told}");
}

#[test]
fn pages_with_a_place_for_a_nonce_get_one_where_the_server_makes_it() {
    let page = b"<meta charset=utf-8><script nonce=CSPC_NONCE>1</script>";
    let site = folder(&[("a.html", page)]);
    let nginx = cspc(&["build", "--emit", "nginx"], site.path());
    let nginx = text(&nginx.stdout);
    assert!(nginx.contains("script-src 'nonce-${request_id}';"), "{nginx}");
    assert!(nginx.contains("sub_filter \"CSPC_NONCE\" $request_id;"), "{nginx}");
    let netlify = cspc(&["build", "--emit", "netlify"], site.path());
    assert!(text(&netlify.stdout).contains("script-src 'sha256-"), "{}", text(&netlify.stdout));
    let apache = cspc(&["build", "--emit", "apache", "--strategy", "nonce"], site.path());
    assert_eq!(apache.status.code(), Some(2));
    assert!(
        text(&apache.stderr)
            .contains("--strategy nonce: apache cannot make nonces: its unique id is a counter")
    );
}

#[test]
fn error_pages_work_on_hosts_that_cannot_tell_errors_apart() {
    let site = folder(&[("404.html", b"<script>1</script>"), ("a.html", b"")]);
    let netlify = cspc(&["build", "--emit", "netlify"], site.path());
    assert_eq!(netlify.status.code(), Some(0), "{}", text(&netlify.stderr));
    let everything =
        text(&netlify.stdout).split("\n\n").find(|rule| rule.contains("/*\n")).unwrap();
    assert!(everything.contains("script-src 'sha256-"), "{everything}");
    let nginx = cspc(&["build", "--emit", "nginx"], site.path());
    assert!(text(&nginx.stdout).contains("404 1;"), "{}", text(&nginx.stdout));
}

#[test]
fn what_a_page_blocks_by_itself_is_in_no_policy_and_in_the_proof() {
    let page = b"<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">\n<script src=a.js></script>";
    let folder = folder(&[("index.html", page)]);
    assert!(!policy(&plan(folder.path()), "/index.html").contains("script-src"));
    let output = cspc(&["build", "--emit", "json"], folder.path());
    let told = text(&output.stderr);
    let proof = "1 page, 1 asset, all allowed, 1 more blocked by pages themselves; ";
    assert!(told.starts_with(proof), "{told}");
    let finding =
        "/index.html:2:1: `script-src 'none'` of the page's own policy blocks the script `/a.js`";
    assert!(told.contains(finding), "{told}");
}
