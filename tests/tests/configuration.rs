//! What the readers of servers' configurations say: rules, round trips, and agreement with the servers themselves.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use cspc_core::configuration::{Asked, Place};
use cspc_core::deployment::{Configuration, Form, read, read_configuration, read_responses};
use cspc_core::emit::{Server, emit};
use cspc_core::lint::{self, Example};
use cspc_core::plan::{Answered, Op, Plan, Scheme};
use cspc_core::wire::findings;
use cspc_tests::http::request;
use cspc_tests::reading::{configuration, differences, place};
use cspc_tests::server::{Apache, Caddy, Nginx, Running, ServerConfig};
use proptest::prelude::*;
use serde_json::{Value, json};

fn found(form: Form, text: &str) -> Vec<String> {
    let document = read("example", text, Some(form)).unwrap();
    findings(&document, &[], |_| true)
        .into_iter()
        .map(|finding| finding.rule.into_owned())
        .collect()
}

fn shown(example: Example) -> Option<Vec<String>> {
    match example {
        Example::Apache(text) => Some(found(Form::Apache, text)),
        Example::Nginx(text) => Some(found(Form::Nginx, text)),
        Example::Console(text) => Some(found(Form::Policy, text)),
        _ => None,
    }
}

#[test]
fn every_example_of_a_configuration_shows_its_rule_and_the_good_one_does_not() {
    for rule in lint::rules() {
        let (Some(bad), Some(good)) = (shown(rule.example), shown(rule.good)) else { continue };
        assert!(bad.iter().any(|id| id == rule.id), "{}: {:?} {bad:?}", rule.id, rule.example);
        assert!(!good.iter().any(|id| id == rule.id), "{}: {:?} {good:?}", rule.id, rule.good);
    }
}

/// What a variable holds is not known, and so not judged; a line that many places send is judged once.
#[test]
fn variables_are_no_values() {
    let nginx = "server { add_header Access-Control-Allow-Origin $allowed; add_header X-Frame-Options $frame always; }";
    let caddy = "a.example {\n\theader Access-Control-Allow-Origin {vars.allowed}\n}";
    let apache = r"SetEnvIf Origin ^(https://a\.example)$ ALLOWED=$1
        Header always set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED";
    for (form, text) in [(Form::Nginx, nginx), (Form::Caddy, caddy), (Form::Apache, apache)] {
        assert_eq!(found(form, text), [""; 0], "{text}");
    }
    let twice = "server { add_header Content-Security-Policy \"default-src 'self'\" always;
        location /a { add_header X-A 1; include b; } location /b { add_header_inherit merge; add_header X-B 1; } }";
    let found = found(Form::Nginx, twice);
    assert_eq!(found.iter().filter(|rule| *rule == "csp/missing-base-uri").count(), 1, "{found:?}");
}

fn refused(text: &str, form: Form) -> String {
    read("a.conf", text, Some(form)).unwrap_err().to_string()
}

#[test]
fn what_nginx_refuses_is_refused_with_its_place() {
    for (text, message) in [
        ("http {\n  server {\n", "a.conf:2:3: the block of `server` is not closed"),
        ("http { }\n }", "a.conf:2:2: unexpected `}`"),
        ("server { listen 80 }", "a.conf:1:20: unexpected `}`"),
        ("\n ;", "a.conf:2:2: unexpected `;`"),
        ("add_header A \"b;\n", "a.conf:1:14: the quote is not closed"),
        ("add_header A \"b\"c;", "a.conf:1:17: white space is missing"),
        ("add_header A b", "a.conf:1:1: unexpected end of file"),
        (
            &format!("add_header A {};", "x".repeat(4096)),
            "a.conf:1:14: nginx refuses a word of 4096 bytes",
        ),
        (&"a {".repeat(100_000), "blocks lie too deep"),
    ] {
        let said = refused(text, Form::Nginx);
        assert!(said.contains(message), "{said}");
    }
    assert!(
        read("a.conf", &format!("add_header A \"{}\";", "x".repeat(4094)), Some(Form::Nginx))
            .is_ok()
    );
}

#[test]
fn what_apache_refuses_is_refused_with_its_place() {
    for (text, message) in [
        ("<Location />\n  <Files a>\n", "a.conf:2:3: the section `<files>` is not closed"),
        ("<Location />\n</Files>", "a.conf:2:1: unexpected `</files>`: expected `</location>`"),
        ("\n </If>", "a.conf:2:2: unexpected `</if>`"),
        ("Header set A b\n<Location /x\n", "a.conf:2:1: `<Location` is not closed"),
        ("<IfDefine X>\nHeader set A b\n", "a.conf:1:1: the section `<ifdefine>` is not closed"),
        ("\n  Header always set A", "a.conf:2:3: `Header` is not whole"),
        (&"<Location />\n".repeat(100_000), "sections lie too deep"),
        ("Use None", "a.conf:1:1: there is no macro `None` before this"),
        ("<Macro a $b>\n</Macro>\nUse A", "a.conf:3:1: the macro `a` has 1 parameters, and gets 0"),
        (
            "<Macro a $b>\nUse a $b\n</Macro>\nUse A \"1 2\"",
            "a.conf:2:1: the macro `a` uses itself",
        ),
        (
            "<Macro b $b>\n</Macro>\n<Macro a $b>\nUse b $b\n</Macro>\nUse A \"1 2\"",
            "a.conf:4:1: the macro `b` has 1 parameters, and gets 2",
        ),
        ("<Macro a>\n Use A\n</Macro>\nUse A", "a.conf:2:2: the macro `a` uses itself"),
    ] {
        let said = refused(text, Form::Apache);
        assert!(said.contains(message), "{said}");
    }
    let twice =
        |n: usize| format!("<Macro m{n} $p>\nUse m{} $p$p\nUse m{} $p\n</Macro>\n", n - 1, n - 1);
    let bomb = "<Macro m0 $p>\nDefine x $p\n</Macro>\n".to_owned()
        + &(1..40).map(twice).collect::<String>();
    let said = refused(&(bomb + "Use m39 xy"), Form::Apache);
    assert!(said.contains("more than 64 MB of text"), "{said}");
    let long = format!("Header set A \"{}\"", "x".repeat(9000));
    assert!(read("a.conf", &long, None).is_ok());
    let said = read(".htaccess", &long, None).unwrap_err().to_string();
    assert!(said.contains(".htaccess:1:1: Apache refuses a line of 9015 bytes"), "{said}");
}

#[test]
fn what_caddy_refuses_is_refused_with_its_place() {
    for (text, message) in [
        ("a.example {\n\theader X 1\n", "a.conf:1:11: the block of `a.example` is not closed"),
        ("a.example {\n}\n }", "a.conf:3:2: unexpected `}`: no block is open here"),
        ("a.example {\n\t{\n\t}\n}", "a.conf:2:2: unexpected `{`"),
        ("a.example {\n\theader X \"1\n}", "a.conf:2:11: the quote is not closed"),
        ("respond <<END\ntext\n", "a.conf:1:9: the text is not closed: expected `END`"),
        ("(a) {\n\timport a\n}\na.example {\n\timport a\n}", "a.conf:2:2: `a` imports itself"),
        (&"a {\n".repeat(100_000), "blocks lie too deep"),
    ] {
        let said = refused(text, Form::Caddy);
        assert!(said.contains(message), "{said}");
    }
    let twice = |n: usize| format!("(s{n}) {{\n\timport s{}\n\timport s{}\n}}\n", n - 1, n - 1);
    let bomb = "(s0) {\n\trespond x\n}\n".to_owned() + &(1..40).map(twice).collect::<String>();
    let said = refused(&(bomb + "a.example {\n\timport s39\n}"), Form::Caddy);
    assert!(said.contains("more than 64 MB of text"), "{said}");
}

/// The sites of a Caddyfile, and the value of `X-A` from a path of each.
fn values(text: &str, path: &str, scheme: Scheme) -> Vec<(String, String)> {
    let read = read_configuration("Caddyfile", text, Form::Caddy, None).unwrap();
    let places = read.asked(&Asked { scheme, ..Asked::page(path) });
    let value = |place: &Place| {
        let sent = place.sent.iter().filter(|sent| sent.name == "X-A");
        sent.map(|sent| sent.value.as_str()).collect::<Vec<_>>().join(", ")
    };
    places.iter().map(|place| (place.site.clone(), value(place))).collect()
}

#[test]
fn caddys_sites_are_told_apart() {
    let text = "{\n\temail a@b.example\n\torder respond before header\n}\n(common) {\n\theader X-A {args[0]}\n}
        a.example, http://b.example,\n:8080, localhost:99 {\n\timport common {$NONE:one}\n\tfile_server\n}
        *.c.example:443 {\n\theader X-A {host}\n\trespond x\n}\n\n:81 {\n\ttls a b\n\timport common two\n}";
    let pair = |site: &str, value: &str| (site.to_owned(), value.to_owned());
    assert_eq!(
        values(text, "/", Scheme::Http),
        [pair("http://*", "one"), pair("http://b.example", "one")]
    );
    assert_eq!(
        values(text, "/", Scheme::Https),
        [
            pair("https://a.example", "one"),
            pair("https://localhost", "one"),
            pair("https://*.c.example", ""),
            pair("https://*", "two"),
        ]
    );
    let bare = "d.example\n\n@a path /a/*\nheader @a X-A 1\nheader * X-A {header.X}\nfile_server";
    assert_eq!(values(bare, "/a/b", Scheme::Https), [pair("https://d.example", "{header.X}")]);
}

/// Of a matcher by an expression, no other one's headers are shown.
#[test]
fn caddys_matchers_are_told_apart() {
    let text = "a.example {\n\t@a path_regexp ^/a\n\t@b path_regexp ^/b\n\theader @a X-A 1\n\theader @b X-A 2\n\tfile_server\n}";
    let read = read_configuration("Caddyfile", text, Form::Caddy, None).unwrap();
    let sent = |place: Place| {
        (place.name, place.sent.into_iter().map(|sent| sent.value).collect::<String>())
    };
    let shown: Vec<(String, String)> = read.places().into_iter().map(sent).collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(shown, [pair("elsewhere", ""), pair("@a", "1"), pair("@b", "2")]);
}

/// What one text of nginx's says: the names of what is sent from a path, and of what is lost.
fn names(text: &str, path: &str, status: u16) -> (Vec<String>, Vec<String>) {
    let read = read_configuration("a.conf", text, Form::Nginx, None).unwrap();
    let place = place(&read, path, false, status, "");
    let sent = place.sent.into_iter().map(|sent| sent.name);
    (sent.collect(), place.lost.into_iter().map(|lost| lost.name).collect())
}

/// The longest prefix counts, whatever sorts between it and the path.
#[test]
fn the_longest_prefix_is_found() {
    let text = "server { location / { add_header R 1; } location /a { add_header A 1; }
        location /a/b { add_header B 1; } location /a/b-c/d { } location /a/bc { } location /ab/ { add_header C 1; } }";
    for (path, name) in [
        ("/", "R"),
        ("/z", "R"),
        ("/a", "A"),
        ("/a/a", "A"),
        ("/a/b", "B"),
        ("/a/b-z", "B"),
        ("/a/b/é", "B"),
        ("/ab", "A"),
        ("/ab/z", "C"),
    ] {
        assert_eq!(names(text, path, 200).0, [name], "{path}");
    }
}

/// A part that a file does not have, an application without its slash, names of hosts, and a file that nobody brings: as nginx
/// answers them.
#[test]
fn nginx_answers_what_it_makes_by_itself() {
    let text = "map $server_name $n { hostnames; default d; *.example.com w; .example.org o; www.example.* t; }
        server { server_name SITE; add_header A 1 always; add_header B 1; add_header N $n; include more.conf;
        location /app/ { proxy_pass http://up; add_header P 1 always; } }";
    assert_eq!(names(text, "/a.txt", 416).0, ["A", "B", "N", "A"]);
    assert_eq!(names(text, "/app", 404).0, ["P"]);
    for (site, value) in [
        ("a.example.com", "w"),
        ("example.com", "d"),
        ("example.org", "o"),
        ("a.b.example.org", "o"),
        ("www.example.x", "t"),
    ] {
        let text = text.replace("SITE", site);
        let read = read_configuration("a.conf", &text, Form::Nginx, None).unwrap();
        let place = place(&read, "/", false, 200, "");
        assert_eq!(place.sent[2].value, value, "{site}");
        assert_eq!(place.notes[0].text, "`more.conf` is included, and has not been read");
    }
}

#[test]
fn add_header_inherit_is_understood() {
    let text = "server { add_header A 1; add_header_inherit merge; location /m { add_header B 2; }
        location /o { add_header_inherit off; } location /n { add_header_inherit on; add_header C 3; } }";
    assert_eq!(names(text, "/m", 200).0, ["A", "B"]);
    assert_eq!(names(text, "/o", 200).0, [""; 0]);
    assert_eq!(names(text, "/n", 200), (vec!["C".to_owned()], vec!["A".to_owned()]));
}

fn header() -> impl Strategy<Value = Value> {
    let value = r#"([\\"'$%;{}#=,a-z ]|\PC){1,30}"#.prop_map(|text| format!("v{}", text.trim()));
    let name = prop::sample::select(vec!["X-A", "X-B", "Content-Security-Policy"]);
    let op = prop::sample::select(vec!["set", "default", "add", "remove"]);
    (name, value, op).prop_map(|(name, value, op)| match op {
        "remove" => json!({"name": name, "op": op}),
        _ => json!({"name": name, "value": value, "op": op}),
    })
}

fn matches() -> impl Strategy<Value = Value> {
    let paths =
        prop::sample::select(vec!["/", "/a", "/a/b.html", "/A/b.html", "/c d/e.js", "/$x/{y}"]);
    let ends = prop::sample::select(vec![".html", ".js", "b.html"]);
    prop_oneof![
        Just(json!({})),
        prop::collection::vec(paths.clone(), 1..3).prop_map(|paths| json!({"exact": paths})),
        paths.clone().prop_map(|path| json!({"prefix": path})),
        ends.clone().prop_map(|end| json!({"suffix": [end]})),
        (paths, ends).prop_map(|(path, end)| json!({"prefix": path, "suffix": [end]})),
        Just(json!({"type": ["text/html"]})),
        Just(json!({"status": "error"})),
        Just(json!({"status": [404, 301], "scheme": "https"})),
    ]
}

fn plan() -> impl Strategy<Value = Plan> {
    let rule = (matches(), prop::collection::vec(header(), 1..3));
    let rule = rule.prop_map(|(matches, headers)| json!({"match": matches, "headers": headers}));
    let plan = prop::collection::vec(rule, 1..5).prop_map(|rules| json!({"rules": rules}));
    plan.prop_map(|plan| serde_json::from_value(plan).unwrap())
}

/// The files that are emitted, as one configuration.
fn emitted(plan: &Plan, server: Server) -> Result<Configuration, String> {
    let files = emit(plan, server.into()).map_err(|error| error.to_string())?.files;
    let file = |name: &str| {
        files.iter().find(|file| file.name == name).map_or("", |file| file.content.as_str())
    };
    let site = file("server.conf");
    let (name, form, text) = match server {
        Server::Apache => {
            let hosts = format!(
                "<VirtualHost *:80>\n{site}</VirtualHost>\n<VirtualHost *:443>\nSSLEngine on\n{site}</VirtualHost>\n"
            );
            ("emitted", Form::Apache, file("main.conf").to_owned() + &hosts)
        }
        Server::Caddy => {
            let site = file("Caddyfile");
            let hosts =
                format!("http:// {{\n{site}file_server\n}}\nhttps:// {{\n{site}file_server\n}}\n");
            ("emitted", Form::Caddy, hosts)
        }
        Server::Htaccess => (".htaccess", Form::Apache, file(".htaccess").to_owned()),
        _ => {
            let http = file("http.conf");
            let server = format!("server {{ listen 80; listen 443 ssl;\n{site}\n}}");
            ("emitted", Form::Nginx, format!("http {{\n{http}\n{server} }}"))
        }
    };
    read_configuration(name, &text, form, None).map_err(|error| panic!("{error}\n{text}"))
}

/// Paths of files, as hosts and nginx's `map` tell them.
fn hosted_plan() -> impl Strategy<Value = Plan> {
    let paths = || prop::sample::select(vec!["/", "/a", "/a/b.html", "/c d/e.js", "/ü/x+y.html"]);
    let matches = prop_oneof![
        Just(json!({})),
        paths().prop_map(|path| json!({"exact": path})),
        prop::sample::select(vec!["/a", "/c d", "/ü/"]).prop_map(|path| json!({"prefix": path})),
        prop::sample::select(vec![".html", ".js"]).prop_map(|end| json!({"suffix": [end]})),
    ];
    let value = r#"[a-z0-9"'$%\\;{}#=, ]{1,20}"#.prop_map(|text| format!("v{}x", text.trim()));
    let name = prop::sample::select(vec!["X-A", "X-B"]);
    let header = (name, value).prop_map(|(name, value)| json!({"name": name, "value": value}));
    let rule = (matches, header)
        .prop_map(|(matches, header)| json!({"match": matches, "headers": [header]}));
    let plan = prop::collection::vec(rule, 1..5).prop_map(|rules| json!({"rules": rules}));
    plan.prop_map(|plan| serde_json::from_value(plan).unwrap())
}

fn goes_round_by_host(plan: &Plan, server: Server, form: Form) {
    let Ok(emitted) = emit(plan, server.into()) else { return };
    let text = &emitted.files[0].content;
    let document = read_responses("emitted", text, Some(form)).unwrap();
    let read = document.configuration.unwrap();
    for path in ["/", "/a", "/a/b.html", "/c d/e.js", "/ü/x+y.html", "/z.js"] {
        let (media_type, scheme) = ("text/html", Scheme::Https);
        let planned = plan.headers_of(Answered { media_type, scheme, ..Answered::page(path) });
        let planned = planned
            .into_iter()
            .map(|header| (header.name.as_str().to_owned(), header.value.as_str().to_owned()));
        let sent = read.asked(&Asked::page(path)).into_iter().flat_map(|place| place.sent);
        let sent = sent.map(|sent| (sent.name, sent.value));
        assert_eq!(sorted(sent.collect()), sorted(planned.collect()), "{server} {path}\n{text}");
    }
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

fn goes_round(plan: &Plan, server: Server) {
    let Ok(read) = emitted(plan, server) else { return };
    let mut headers = plan.rules.iter().flat_map(|rule| &rule.headers);
    let has_defaults = headers.any(|header| header.op == Op::Default);
    for path in ["/", "/a", "/a/b.html", "/A/b.html", "/c d/e.js", "/$x/{y}", "/ab"] {
        for (status, scheme) in
            [(200, Scheme::Https), (404, Scheme::Https), (301, Scheme::Http), (500, Scheme::Http)]
        {
            for media_type in ["text/html", "image/png"] {
                // Caddy's own errors have no defaults, as its emitter says.
                if server == Server::Caddy && status >= 400 && has_defaults {
                    continue;
                }
                let planned = plan.headers_of(Answered {
                    media_type,
                    status,
                    scheme,
                    ..Answered::page(path)
                });
                let planned = planned.into_iter().map(|header| {
                    (header.name.as_str().to_ascii_lowercase(), header.value.as_str().to_owned())
                });
                let asked = Asked { path, status, media_type: Some(media_type), scheme };
                let places = read.asked(&asked);
                let sent = places.into_iter().flat_map(|place| place.sent);
                let sent = sent.map(|sent| (sent.name.to_ascii_lowercase(), sent.value));
                assert_eq!(
                    sorted(sent.collect()),
                    sorted(planned.collect()),
                    "{server} {path} {status} {media_type} {plan:?}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_emitted_is_read_back(plan in plan()) {
        for server in [Server::Nginx, Server::NginxHeadersMore, Server::Apache, Server::Htaccess, Server::Caddy] {
            goes_round(&plan, server);
        }
    }

    #[test]
    fn what_is_emitted_for_hosts_is_read_back(plan in hosted_plan()) {
        goes_round_by_host(&plan, Server::Netlify, Form::HeadersFile);
        goes_round_by_host(&plan, Server::Cloudflare, Form::HeadersFile);
        goes_round_by_host(&plan, Server::Vercel, Form::Vercel);
    }
}

/// A folder with pages, and one for what a server includes.
struct Layout {
    folder: tempfile::TempDir,
}

impl Layout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let layout = Self { folder };
        for page in [
            "index.html",
            "docs/index.html",
            "docs/a.html",
            "app.js",
            "404.html",
            "blog/x.html",
            "assets/i.svg",
        ] {
            layout.write(&format!("root/{page}"), "some text");
        }
        layout
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, text).unwrap();
    }

    fn config(&self) -> ServerConfig {
        ServerConfig {
            docroot: self.path("root"),
            emitted: self.path("emitted"),
            ..ServerConfig::default()
        }
    }
}

/// In the manner of h5bp: maps in the `http` block, snippets, nested locations, and what people get wrong.
const NGINX_HTTP: &str = r#"
map $sent_http_content_type $frame { ~*text/html DENY; }
map $sent_http_content_type $policy {
    default "";
    "~*^text/html($|;)" "default-src 'self'; frame-ancestors 'none'";
}
map $uri $cached { default "no-cache"; "~*\.(?:js|svg)$" "max-age=31536000"; /docs/a.html "${frame}x"; }
"#;
const NGINX_SERVER: &str = r#"
add_header X-Frame-Options $frame always;
add_header X-Content-Type-Options nosniff always;
add_header Content-Security-Policy $policy always;
add_header X-Page $uri;
error_page 404 /404.html;
error_page 403 =200 /docs/;
set $kind "plain";
if ($scheme = https) { set $kind "secure"; }
if ($request_uri ~* "^/old/(.*)") { return 301 /new/$1; }
rewrite ^/moved/(.*)$ /docs/$1 last;
rewrite ^/away$ https://elsewhere.example/ permanent;
location = / { add_header X-Home 1; }
location / { try_files $uri $uri/ @app; }
location @app { add_header X-App "$kind" always; add_header X-Only ok; return 404; }
location /docs/ {
    add_header X-Docs "one" always;
    location /docs/inner/ { add_header X-Inner 1; add_header Empty ""; }
    location ~ \.html$ { }
    location ~ \.none$ { add_header X-None 1; }
}
location ^~ /assets/ { add_header Cache-Control $cached; }
location ~ \.svg$ { add_header X-Never 1; }
location ~* \.JS$ { add_header X-Script "a\"b\\c" always; add_header "X-Two" 'it s'; }
location = /404.html { internal; add_header X-Error $status always; }
location /spa/ { try_files $uri /docs/a.html; }
location /code/ { try_files $uri =410; add_header X-Gone 1 always; }
location /denied { return 403; }
location /teapot { add_header X-Tea $host always; return 418; }
location /hop { return 302 /docs/a.html; }
location /conditional/ {
    add_header X-Outer 1;
    if ($kind = plain) { add_header X-If 1; }
    if ($arg_x = "") { set $kind other; }
}
location /deep/ { location /deep/er/ { location ~ x$ { add_header X-Deep 1 always; } } location ~ y$ { add_header X-Y 1 always; } }
"#;

const NAMES: [&str; 24] = [
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Content-Security-Policy",
    "X-Page",
    "X-Home",
    "X-App",
    "X-Only",
    "X-Docs",
    "X-Inner",
    "Empty",
    "X-None",
    "Cache-Control",
    "X-Never",
    "X-Script",
    "X-Two",
    "X-Error",
    "X-Gone",
    "X-Tea",
    "X-Outer",
    "X-If",
    "X-Deep",
    "X-Y",
    "X-A",
    "X-B",
];

/// A path, and what is found for it: 404 is nothing, 301 a folder without its slash.
const NGINX_PATHS: [(&str, u16); 34] = [
    ("/", 200),
    ("/index.html", 200),
    ("/docs/", 200),
    ("/docs", 301),
    ("/docs/a.html", 200),
    ("/docs/a.html?x=1", 200),
    ("/docs//a.html", 200),
    ("/%64ocs/a.html", 200),
    ("/docs/missing", 404),
    ("/docs/missing.html", 404),
    ("/docs/x.none", 404),
    ("/docs/inner/x", 404),
    ("/docs/inner/x.html", 404),
    ("/missing", 404),
    ("/app.js", 200),
    ("/missing.js", 404),
    ("/assets/i.svg", 200),
    ("/assets/none.svg", 404),
    ("/blog/x.html", 200),
    ("/blog", 301),
    ("/spa/x", 404),
    ("/code/x", 404),
    ("/denied", 404),
    ("/teapot", 404),
    ("/hop", 404),
    ("/old/x", 404),
    ("/moved/a.html", 200),
    ("/moved/none", 404),
    ("/away", 404),
    ("/conditional/x", 404),
    ("/deep/er/x", 404),
    ("/deep/er/y", 404),
    ("/deep/y", 404),
    ("/404.html", 404),
];

#[test]
#[ignore = "needs the server; tests/run runs it"]
fn nginx_sends_what_is_read() {
    let layout = Layout::new();
    layout.write("emitted/http.conf", NGINX_HTTP);
    layout.write("emitted/server.conf", NGINX_SERVER);
    let running = Nginx::start(&layout.config()).unwrap();
    let wrong = disagreements(&running, Form::Nginx, &NGINX_PATHS, &NAMES);
    assert!(wrong.is_empty(), "{wrong}");
}

/// Sections of every kind, what is decided when the configuration is loaded, both tables, and what people get wrong.
const APACHE_SERVER: &str = r##"
Define NONE 'none'
ServerName localhost
Header always set X-Frame-Options DENY
Header set X-Success "one two"
Header always set Content-Security-Policy "default-src ${NONE}; \
    base-uri 'self'"
Header always set X-Path "expr=%{REQUEST_URI}|%{REQUEST_STATUS}|%{HTTPS}"
Header set X-Twice a
Header always set X-Twice b
Header append X-List one
Header append X-List two
Header merge X-List two
Header merge X-List three
Header edit X-List one 1
Header edit* X-List "t(.)" "T$1"
Header setifempty X-Success three
Header setifempty X-Other 'it s'
Header set Empty ""
Header set X-Percent "100%% \"q\" back\\\\slash \\t"
SetEnvIf Request_URI "^/docs/(.*)$" DOC=$1
Header set X-Doc "%{DOC}e" env=DOC
Header set X-No-Doc "%{DOC}e" env=!DOC
SetEnv ALWAYS yes
Header always set X-Env "%{ALWAYS}e" env=ALWAYS
Header always set X-Html 1 "expr=%{CONTENT_TYPE} =~ m#^text/html#i"
Header always set X-Error 1 "expr=%{REQUEST_STATUS} -ge 400 && ! (%{REQUEST_STATUS} -in {'410', '403'})"
Header always set X-Default 1 "expr=-z resp('X-Frame-Options')"
ErrorDocument 404 /404.html
ErrorDocument 403 "not for you"
ErrorDocument 410 https://elsewhere.example/
Redirect 302 /moved /docs/a.html
RedirectMatch 451 "^/gone/[a-m]"
RedirectMatch gone "^/gone/"
RewriteEngine On
RewriteRule ^/rewritten/(.*) /docs/$1 [L]
RewriteRule ^/passed/(.*) /docs/$1 [PT,E=PASSED:1]
RewriteRule ^/sent/(.*) https://elsewhere.example/$1 [R=303,L]
RewriteRule ^/Forbidden - [F,NC]
RewriteCond %{QUERY_STRING} ^x=1$ [OR]
RewriteCond %{HTTPS} =on
RewriteRule !^/(?!query) /docs/a.html [R=307]
<IfModule mod_nowhere.c>
Header set X-Never 1
</IfModule>
<IfModule !nowhere_module>
<IfDefine NONE>
<IfVersion >= 2.4>
Header set X-Loaded 1 env=!PASSED
</IfVersion>
</IfDefine>
</IfModule>
<Location /docs>
Header set X-Docs 1
Header always unset X-Frame-Options
</Location>
<Location "/docs/inner/">
Header set X-Docs 2
Header always add Cache-Control no-store
Header always add Cache-Control private
</Location>
<LocationMatch "^/(a|b)log/">
Header always set X-Log 1
</LocationMatch>
<Location "/*/x.html">
Header set X-Wild 1
</Location>
<Files "*.js">
Header set X-Script 1
</Files>
<FilesMatch "\.(svg|js)$">
Header always set X-Asset "%{ALWAYS}e %{NOTHING}e"
</FilesMatch>
<Files 404.html>
Header set X-Page 404
</Files>
<Directory ROOT/docs>
Header set X-Dir 1
Header set X-Docs 0
<Files a.html>
Header set X-File a
</Files>
<If "%{REQUEST_URI} =~ m#a\.html$#">
Header set X-If 1
</If>
<ElseIf "-z %{QUERY_STRING} && %{REQUEST_URI} != '/docs/index.html'">
Header always set X-If 2
</ElseIf>
<Else>
Header set X-If 3
</Else>
</Directory>
<Directory ROOT/blog>
Require all denied
Header always set X-Denied 1
</Directory>
<If "%{HTTPS} == 'on'">
Header always set Strict-Transport-Security "max-age=1"
</If>
"##;

const APACHE_NAMES: [&str; 33] = [
    "X-Frame-Options",
    "X-Success",
    "Content-Security-Policy",
    "X-Path",
    "X-Twice",
    "X-List",
    "X-Other",
    "Empty",
    "X-Percent",
    "X-Doc",
    "X-No-Doc",
    "X-Env",
    "X-Html",
    "X-Error",
    "X-Default",
    "X-Never",
    "X-Loaded",
    "X-Docs",
    "Cache-Control",
    "X-Log",
    "X-Wild",
    "X-Script",
    "X-Asset",
    "X-Page",
    "X-Dir",
    "X-File",
    "X-If",
    "X-Denied",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "Access-Control-Allow-Origin",
    "X-A",
    "X-B",
];

const APACHE_PATHS: [(&str, u16); 29] = [
    ("/", 200),
    ("/index.html", 200),
    ("/docs/", 200),
    ("/docs", 301),
    ("/docs/a.html", 200),
    ("/docs/a.html?x=1", 200),
    ("/docs//a.html", 200),
    ("/%64ocs/a.html", 200),
    ("/docs/missing", 404),
    ("/docs/missing.html?y", 404),
    ("/docs/inner/x", 404),
    ("/docs/inner", 404),
    ("/docsx", 404),
    ("/missing", 404),
    ("/app.js", 200),
    ("/missing.js", 404),
    ("/assets/i.svg", 200),
    ("/blog/x.html", 200),
    ("/assets/x.html", 404),
    ("/moved", 404),
    ("/moved/x", 404),
    ("/movedx", 404),
    ("/gone/x", 404),
    ("/gone/a", 404),
    ("/rewritten/a.html", 200),
    ("/passed/a.html", 200),
    ("/sent/x", 404),
    ("/forbidden", 404),
    ("/404.html", 200),
];

/// Asks the server for each path over both schemes, and for some pages that the client has already.
fn disagreements(running: &Running, form: Form, paths: &[(&str, u16)], names: &[&str]) -> String {
    let read = configuration(&running.configuration, form);
    let mut wrong = String::new();
    for (path, status) in paths {
        for tls in [false, true] {
            let port = if tls { running.tls_port } else { running.port };
            let response = request(port, tls, "GET", path, &[]);
            let place = place(&read, path, tls, *status, "");
            let differences = differences(&place, &response, names);
            differences.iter().for_each(|line| wrong.push_str(&format!("{path} {tls}: {line}\n")));
        }
    }
    for path in ["/docs/a.html", "/app.js", "/assets/i.svg", "/"] {
        let dated = request(running.port, false, "GET", path, &[]).get("Last-Modified").concat();
        let has = [("If-Modified-Since".to_owned(), dated)];
        let response = request(running.port, false, "GET", path, &has);
        let place = place(&read, path, false, 304, "");
        let differences = differences(&place, &response, names);
        differences.iter().for_each(|line| wrong.push_str(&format!("{path} 304: {line}\n")));
    }
    wrong
}

#[test]
#[ignore = "needs the server; tests/run runs it"]
fn apache_sends_what_is_read() {
    let layout = Layout::new();
    let root = layout.path("root").display().to_string();
    layout.write("emitted/server.conf", &APACHE_SERVER.replace("ROOT", &root));
    let running = Apache::start(&layout.config()).unwrap();
    let wrong = disagreements(&running, Form::Apache, &APACHE_PATHS, &APACHE_NAMES);
    assert!(wrong.is_empty(), "{wrong}");
}

/// Macros, rules that are chained or skipped, and what folders may say for themselves.
const APACHE_FOLDERS: &str = r##"
ServerName localhost
<Macro Protect %path $value>
<Location "%path">
Header always set X-Macro "$value of %path"
Use Inner "$value"
</Location>
</Macro>
<Macro inner @what>
Header always set X-Inner @what
</Macro>
Use Protect /docs one
Use protect /blog "two words"
RewriteEngine On
RewriteCond %{HTTPS} =off
RewriteRule ^/app - [C]
RewriteRule ^/app\.js$ - [C,E=CHAINED:1]
RewriteRule . - [E=WHOLE:1]
RewriteRule ^/docs - [S=2]
RewriteRule . - [E=FIRST:1]
RewriteRule . - [E=SECOND:1]
RewriteRule . - [E=THIRD:1]
Header always set X-Chained 1 env=CHAINED
Header always set X-Whole 1 env=WHOLE
Header always set X-First 1 env=FIRST
Header always set X-Second 1 env=SECOND
Header always set X-Third 1 env=THIRD
<Directory ROOT>
AllowOverride All
</Directory>
<Directory ROOT/assets>
AllowOverride None
</Directory>
"##;

const APACHE_FOLDER_NAMES: [&str; 9] = [
    "X-Macro",
    "X-Inner",
    "X-Chained",
    "X-Whole",
    "X-First",
    "X-Second",
    "X-Third",
    "X-Folder",
    "X-Below",
];

#[test]
#[ignore = "needs the server; tests/run runs it"]
fn apache_sends_what_is_read_of_folders() {
    let layout = Layout::new();
    layout
        .write("root/.htaccess", "Header always set X-Folder root\nHeader always set X-Below 0\n");
    layout.write(
        "root/docs/.htaccess",
        "Header always set X-Folder docs\n<Files a.html>\nHeader set X-Below a\n</Files>\n",
    );
    layout.write("root/docs/sub/.htaccess", "Header always unset X-Folder\n");
    layout.write("root/docs/sub/b.html", "some text");
    layout.write("root/assets/.htaccess", "Header always set X-Folder assets\n");
    let root = layout.path("root").display().to_string();
    layout.write("emitted/server.conf", &APACHE_FOLDERS.replace("ROOT", &root));
    let running = Apache::start(&layout.config()).unwrap();
    let more = [("/docs/sub/b.html", 200), ("/docs/sub/none", 404)];
    let paths = [&H5BP_PATHS[..5], &H5BP_PATHS[5..6], &more].concat();
    let wrong = disagreements(&running, Form::Apache, &paths, &APACHE_FOLDER_NAMES);
    assert!(wrong.is_empty(), "{wrong}");
}

/// Matchers of each kind, lines that count at once and lines that are put off, and what people get wrong.
const CADDY_SERVER: &str = r#"
@secure protocol https
@pages {
	path *.html /
	not path /docs/inner/*
}
@numbered path_regexp n ^/n([0-9]+)$
@never {
	path /docs/*
	path_regexp \.none$
	method POST
}
map {path} {kind} {other} {
	~^/docs/(.*)$ "doc ${1}" -
	/app.js script code
	default plain else
}
header X-Kind "{kind} {other} {unknown}"
header X-Path {path}
header X-Quoted "a \" \\ b" # a comment
header X-Back `"c" \`
header {
	X-First 1
	+X-First 2
	X-Colon: colon
	-X-Removed
	?X-Default given
}
header X-Removed 1
header X-Order everywhere
header /docs/* X-Order docs
header /docs/a.html X-Order page
header /docs/A* X-Case 1
header @pages X-Pages yes
header @secure Strict-Transport-Security max-age=1
header @numbered X-Number 1
header @never X-Never 1
header /docs/* X-Late {
	defer
}
header /docs/* {
	X-Late late
	X-Order late
	defer
}
header X-Edit "some text"
header X-Edit some other
redir /moved /docs/a.html
redir /moved-for-good https://elsewhere.example{uri} permanent
rewrite /alias/* /docs/a.html
uri strip_prefix /cut
error /denied "no" 403
respond /teapot "short and stout" 418
abort /hang
handle_path /under/* {
	header /a.html X-Under stripped
	header X-Under-All 1
	file_server {
		root ROOT/docs
	}
}
handle /text/* {
	route {
		header X-Text 1
		respond /text/first "one" 404
		header X-Text 2
		header ?X-Default other
		respond "two"
	}
}
handle /spa/* {
	try_files {path} /docs/a.html
	header /docs/* X-Spa found
	file_server
}
handle_errors {
	header X-Error "{err.status_code}"
	@gone expression {err.status_code} >= 404 && {err.status_code} < 500
	header @gone X-Missing 1
	header -X-Path
	respond "{err.status_code} it is"
}
"#;

const CADDY_NAMES: [&str; 24] = [
    "X-Kind",
    "X-Path",
    "X-Quoted",
    "X-Back",
    "X-First",
    "X-Colon",
    "X-Removed",
    "X-Default",
    "X-Order",
    "X-Case",
    "X-Pages",
    "Strict-Transport-Security",
    "X-Number",
    "X-Never",
    "X-Late",
    "X-Edit",
    "X-Under",
    "X-Under-All",
    "X-Text",
    "X-Spa",
    "X-Error",
    "X-Missing",
    "X-A",
    "X-B",
];

const CADDY_PATHS: [(&str, u16); 28] = [
    ("/", 200),
    ("/index.html", 200),
    ("/docs/", 200),
    ("/docs/a.html", 200),
    ("/docs/a.html?x=1", 200),
    ("/docs//a.html", 200),
    ("/%64ocs/a.html", 200),
    ("/DOCS/a.html", 404),
    ("/docs/missing", 404),
    ("/docs/missing.html", 404),
    ("/docs/x.none", 404),
    ("/docs/inner/x.html", 404),
    ("/missing", 404),
    ("/app.js", 200),
    ("/assets/i.svg", 200),
    ("/blog/x.html", 200),
    ("/n12", 404),
    ("/moved", 404),
    ("/moved-for-good?x", 404),
    ("/alias/x", 200),
    ("/cut/docs/a.html", 200),
    ("/denied", 404),
    ("/teapot", 404),
    ("/under/a.html", 200),
    ("/under/x", 404),
    ("/text/first", 404),
    ("/text/second", 404),
    ("/spa/x", 404),
];

#[test]
#[ignore = "needs the server; tests/run runs it"]
fn caddy_sends_what_is_read() {
    let layout = Layout::new();
    let root = layout.path("root").display().to_string();
    layout.write("emitted/Caddyfile", &CADDY_SERVER.replace("ROOT", &root));
    let running = Caddy::start(&layout.config()).unwrap();
    let wrong = disagreements(&running, Form::Caddy, &CADDY_PATHS, &CADDY_NAMES);
    assert!(wrong.is_empty(), "{wrong}");
}

const H5BP_PATHS: [(&str, u16); 10] = [
    ("/", 200),
    ("/docs", 301),
    ("/docs/a.html", 200),
    ("/missing", 404),
    ("/app.js", 200),
    ("/assets/i.svg", 200),
    ("/.hidden", 200),
    ("/docs/x.bak", 404),
    ("/docs/font.woff2", 404),
    ("/docs/.x/y", 404),
];

#[test]
#[ignore = "needs the server; tests/run runs it"]
fn apache_sends_what_is_read_of_h5bp() {
    let layout = Layout::new();
    let folder = include_str!("../data/apache-server-configs.htaccess");
    layout.write("root/.htaccess", folder);
    layout.write("root/.hidden", "some text");
    let root = layout.path("root").display().to_string();
    let server = format!("<Directory {root}>\nAllowOverride All\n</Directory>\n");
    layout.write("emitted/server.conf", &server);
    let running = Apache::start(&layout.config()).unwrap();
    let wrong = disagreements(&running, Form::Apache, &H5BP_PATHS, &APACHE_NAMES);
    assert!(wrong.is_empty(), "{wrong}");
}
