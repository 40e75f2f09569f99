//! Mistakes are told with their place and a way out; the template is a site file, as it is and with all of it in force.

use super::*;

fn message(text: &str) -> String {
    SiteFile::parse("cspc.toml", text).unwrap_err().to_string()
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (text, place, told) in [
        ("origin = 1", "1:10", "expected a string"),
        ("a = 1", "1:1", "unknown field `a`"),
        ("orgin = 'https://a.example'", "1:1", "did you mean `origin`?"),
        ("origin = 'https://a.example/shop'", "1:10", "expected `https://a.example`"),
        ("origin = 'a.example'", "1:10", "expected an origin such as"),
        ("origin = 'ftp://a.example'", "1:10", "not of the web"),
        ("strategy = 'hashes'", "1:12", "did you mean `hash`?"),
        ("[sources]\nfrobnicate = []", "2:1", "such as `connect-src`"),
        ("[sources]\nconect-src = []", "2:1", "did you mean `connect-src`?"),
        ("[sources]\nimg-src = [\"a;b\"]", "2:12", "`a;b` is not a source"),
        ("[sources]\nimg-src = [\"data:\", \"'none'\"]", "2:21", "`'none'` adds nothing"),
        ("[headers]\nX-A = \"a\\nb\"", "2:7", "a header value cannot hold"),
        ("[headers]\nX-A = true", "2:7", "or `false`"),
        ("[headers]\nContent-Security-Policy = \"x\"", "2:1", "under [sources]"),
        ("[limits]\nmax-policies = 0", "2:16", "is at least 1: leave it out"),
        ("[limits]\nmax-bytes = 1", "2:1", "expected `max-policies` or"),
        ("[lint]\nignore = [{ rule = \"csp/x\" }]", "2:11", "write one such as `reason = "),
        ("[lint.severity]\n\"csp/x\" = \"grave\"", "2:11", "unknown variant `grave`"),
        ("[layers]\ncdn = ['X-A', 'X A']", "2:15", "is not a header name"),
        ("[layers]\nproxy = []", "2:1", "`load-balancer`"),
        ("[require]\nX-A = 1", "2:7", "expected `true`, `false`, a value"),
        ("[require]\n\"X A\" = true", "2:1", "is not a header name"),
        ("[require]\nX-A = { forbidden = true, value = 'a' }", "2:7", "`forbidden` says it all"),
        ("[require]\nX-A = { with = ['a'], value = 'a' }", "2:7", "`value` says it all"),
        ("[require]\nX-A = []", "2:7", "at least one value"),
        ("[require]\nX-A = { wth = ['a'] }", "2:7", "`with`, `without`"),
        ("[[routes]]\nsession = true", "1:1", "one of `path`, `prefix` and `glob`"),
        ("[[routes]]\npath = '/a'\nprefix = '/b'", "1:1", "one of `path`, `prefix` and `glob`"),
        ("[[routes]]\npath = 'a'", "2:8", "starts with `/`"),
        ("[[routes]]\npath = '/a//b'", "2:8", "take `//`"),
        ("[[routes]]\npath = '/a%20b'", "2:8", "percent-decoded"),
        ("[[routes]]\npath = '/a'\nadd = ['map']\n[additions.maps]", "3:8", "did you mean `maps`?"),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = '*', credentials = true }",
            "3:19",
            "browsers refuse `*` with credentials",
        ),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = 'https://a.example/b' }",
            "3:19",
            "no part of",
        ),
        ("[[routes]]\nglob = '/a/*'\nguard = true", "3:9", "guard a `path` or a `prefix`"),
        ("[[routes]]\npath = '/a'\ncors = { origin = [] }", "3:19", "expected the origins"),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = ['*', 'https://b.example'] }",
            "3:19",
            "`\"*\"` alone",
        ),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = ['https://b.example', 'null'] }",
            "3:19",
            "`null` is no URL",
        ),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = ['https://*.b.example'] }",
            "3:19",
            "the host of no page",
        ),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = '*', methods = ['POST'] }\nguard = true",
            "3:8",
            "name the origins",
        ),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = 'https://b.example' }
headers = { access-control-allow-origin = '*' }",
            "4:43",
            "take one of the two out",
        ),
        (
            "[[routes]]\npath = '/a'\ncors = { origin = '*', methods = ['GET', 'post'] }",
            "3:42",
            "expected `POST`",
        ),
        ("[[routes]]\npath = '/a'\ncors = '*'", "3:8", "expected a table such as `{ origin = "),
        ("[limits]\nmax-header-bytes = -1", "2:20", "expected a whole number"),
        ("https-redirect = '301'", "1:18", "expected a whole number"),
        ("targets = 'nginx'", "1:11", "expected a list"),
        ("cookies = true", "1:11", "expected keys with values"),
        ("[[routes]]\npath = '/a'\nguard = 'same'", "3:9", "\"same-origin\", \"same-site\""),
        ("[reporting]\nendpoint = 'http://a.example'", "2:12", "takes no reports"),
        ("[reporting]\nnetwork-errors = true", "1:1", "such as `endpoint = \"/reports\"`"),
        ("[[routes]]\npath = '/a'\ncors = {}", "3:8", "`origin = \"https://app.example\"`"),
        ("strict-dynamic = 'yes'", "1:18", "expected `true` or `false`"),
        ("trusted-types = 'x'", "1:17", "expected `true`, or a list of names"),
        ("trusted-types = ['a b']", "1:17", "`a b` cannot name a Trusted Types policy"),
        ("https-redirect = 200", "1:18", "not a redirect's status"),
        ("report-only = false\nenforce = \"img-src *\"", "1:15", "take `report-only = false` out"),
    ] {
        let found = message(text);
        assert!(found.starts_with(&format!("cspc.toml:{place}: ")), "{text}: {found}");
        assert!(found.contains(told), "{text}: {found}");
    }
}

#[test]
fn routes_desugar_to_headers_which_their_own_override() {
    let site = SiteFile::parse(
        "cspc.toml",
        "[[routes]]\npath = '/logout'\nlogout = true\nheaders = { Cache-Control = 'private' }",
    );
    let site = site.unwrap();
    let headers: Vec<String> = site.routes[0]
        .headers
        .iter()
        .map(|header| format!("{}: {}", header.name, header.value.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(
        headers,
        [r#"Clear-Site-Data: "cache", "cookies", "storage""#, "Cache-Control: private"]
    );
}

#[test]
fn globs_cover_what_they_say_in_little_time() {
    let covers = |glob: &str, path: &str| RoutePaths::Glob(glob.to_owned()).covers(path);
    assert!(covers("/*", "/a") && !covers("/*", "/a/b") && covers("/**", "/a/b"));
    assert!(covers("/a*b*c", "/axxbxxc") && !covers("/a*b*c", "/axxcxxb"));
    assert!(covers("/**/x/**/y", "/a/x/b/x/y") && !covers("/**/x/**/y", "/a/x/b/y/z"));
    let (glob, path) =
        ("/".to_owned() + &"*a".repeat(500), "/".to_owned() + &"a".repeat(5000) + "b");
    assert!(!covers(&glob, &path));
}

/// The template with every setting in force.
fn uncommented(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with([' ', '#']) => rest.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

#[test]
fn the_template_is_a_site_file_as_it_is_and_with_all_of_it_in_force() {
    let text = Template::default().text();
    let plain = SiteFile::parse("cspc.toml", &text).unwrap();
    assert!(plain.report_only && plain.sources.is_empty() && plain.routes.is_empty());
    let full = SiteFile::parse("cspc.toml", &uncommented(&text)).unwrap();
    assert_eq!((full.routes.len(), full.services.len(), full.targets.len()), (4, 2, 2));
    assert_eq!((full.routes[3].sources.len(), full.require.len(), full.layers.len()), (2, 6, 3));
}

#[test]
fn what_is_found_on_disk_cannot_break_out_of_its_place() {
    let odd =
        |value: &str| Choice { value: value.to_owned(), reason: "a\nreport-only = 1".to_owned() };
    let root = "a\"b\n\\\u{7F}\u{1}=";
    let text = Template { root: Some(odd(root)), ..Template::default() }.text();
    assert_eq!(SiteFile::parse("cspc.toml", &text).unwrap().root.unwrap().0, root);
}
