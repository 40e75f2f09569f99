//! Broken and hostile sites through the program: it ends with a result, or tells what is wrong and where.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn cspc(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command.args(arguments).env("XDG_CACHE_HOME", folder).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A site, what of it is in the inventory, and what is told of it, by `build` as well.
struct Case {
    name: &'static str,
    files: Vec<(&'static str, String)>,
    listed: &'static [&'static str],
    told: &'static [&'static str],
}

impl Case {
    fn check(&self) {
        let site = TempDir::new().unwrap();
        for (path, content) in &self.files {
            fs::write(site.path().join(path), content).unwrap();
        }
        let inventory = cspc(&["inventory", "."], site.path());
        let build = cspc(&["build", ".", "--emit", "json"], site.path());
        for output in [&inventory, &build] {
            let told = text(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{}: {told}", self.name);
            for expected in self.told {
                assert!(told.contains(expected), "{}: {expected} is not in\n{told}", self.name);
            }
        }
        let quiet = self.told.is_empty();
        assert_eq!(text(&inventory.stderr).is_empty(), quiet, "{}: {inventory:?}", self.name);
        let listed = text(&inventory.stdout);
        for expected in self.listed {
            assert!(listed.contains(expected), "{}: {expected} is not in\n{listed}", self.name);
        }
    }
}

fn case(
    name: &'static str,
    files: &[(&'static str, &str)],
    listed: &'static [&'static str],
    told: &'static [&'static str],
) -> Case {
    let files = files.iter().map(|(path, content)| (*path, (*content).to_owned())).collect();
    Case { name, files, listed, told }
}

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg'>";

/// Files that break off, and files that were never right. Of HTML and CSS, browsers make something, whatever it is.
fn broken() -> Vec<Case> {
    vec![
        case(
            "a page cut off in a tag",
            &[("a.html", "<img src=a><img src=")],
            &["image                /a\n"],
            &[],
        ),
        case(
            "a page cut off in a script, which no browser runs",
            &[("a.html", "<img src=a><script>fetch('/b')")],
            &["image                /a\n"],
            &[],
        ),
        case(
            "a page of wrong tags",
            &[(
                "a.html",
                "</p><<img src=a =x =''></a b=c><![CDATA[<img src=b>]]><!-><img/src=c></html><img src=d>",
            )],
            &["/a\n", "/c\n", "/d\n"],
            &[],
        ),
        case(
            "a page of NUL",
            &[("a.html", "\0\0<img\0src=a\0>\0<img src=b>")],
            &["image                /b\n"],
            &[],
        ),
        case(
            "an inline script with a mistake",
            &[("a.html", "<p>\n<script>\nlet a;\nlet = = 1</script>")],
            &["inline-script"],
            &["/a.html:4:7: the script cannot be read"],
        ),
        case(
            "a handler with a mistake",
            &[("a.html", "<p>\n<p onclick='f('>")],
            &["event-handler"],
            &["/a.html:2:4: the script cannot be read"],
        ),
        case(
            "a script cut off",
            &[("a.html", "<script src=a.js></script>"), ("a.js", "f();\nfunction g() {\n")],
            &["/a.js\n"],
            &["/a.js:3:1: the script cannot be read"],
        ),
        case(
            "an import map that is none",
            &[("a.html", "<script type=importmap>\n{\"imports\": [}</script>")],
            &["import-map"],
            &["/a.html:2:14: the import map cannot be read"],
        ),
        case(
            "a manifest that is none",
            &[
                ("a.html", "<link rel=manifest href=manifest.json>"),
                ("manifest.json", "{\n \"icons\"}"),
            ],
            &["/manifest.json\n"],
            &["/manifest.json:2:9: the manifest cannot be read"],
        ),
        case(
            "a style sheet cut off in an address, and in a block",
            &[
                (
                    "a.html",
                    "<link rel=stylesheet href=a.css><style>@import 'b.css';c{d:url(e</style>",
                ),
                ("a.css", "}}a{b:url(c.png);d:{{[(\"\n"),
            ],
            &["/b.css\n", "/e\n", "/c.png\n"],
            &[],
        ),
        case(
            "a drawing cut off",
            &[
                ("a.html", "<img src=a.svg>"),
                ("a.svg", &format!("{SVG}\n<image href='a.png'/><g>\n<pa")),
            ],
            &["/a.png\n"],
            &["/a.svg:3:1: the document is not well-formed, and is read up to here"],
        ),
        case(
            "a drawing with a tag too many",
            &[
                ("a.html", "<img src=a.svg>"),
                ("a.svg", &format!("{SVG}\n<g></b></g><image href='a.png'/></svg>")),
            ],
            &["/a.svg\n"],
            &["/a.svg:2:4: ", "expected `</g>`, but `</b>` was found"],
        ),
        case(
            "data that is not well-formed",
            &[("a.html", ""), ("feed.xml", "<rss>\n<item></rss>")],
            &["/feed.xml\n"],
            &["/feed.xml:2:7: "],
        ),
    ]
}

/// Nested to a depth that uses up the stack of whoever recurses without care.
fn deep() -> Vec<Case> {
    let deep = |open: &str, rest: &str| open.repeat(100_000) + rest;
    let page = |name, open: &str| Case {
        name,
        files: vec![("a.html", deep(open, "<p style=a>"))],
        listed: &["style-attribute"],
        told: &[],
    };
    let script = |name, open: &str, told| Case {
        name,
        files: vec![("a.html", "<script src=a.js></script>".to_owned()), ("a.js", deep(open, ""))],
        listed: &["/a.js\n"],
        told,
    };
    let too_deep: &[&str] = &["/a.js:1:1: the script cannot be read", "nested too deeply"];
    vec![
        page("elements in elements", "<div>"),
        page("drawings in drawings", "<svg><foreignObject>"),
        page("tables in tables", "<table><td>"),
        page("templates in templates", "<template>"),
        script("brackets in brackets", "(", too_deep),
        script("functions in functions", "function(){", too_deep),
        script("operators after operators", "!", &["/a.js:1:100001: the script cannot be read"]),
        Case {
            name: "a drawing in which no browser draws what is deeper than 65,535 levels",
            files: vec![
                ("a.html", String::new()),
                ("a.svg", SVG.to_owned() + "<image href='a.png'/>\n" + &deep("<g>", "")),
            ],
            listed: &["/a.png\n"],
            told: &["/a.svg:2:"],
        },
        Case {
            name: "blocks in blocks",
            files: vec![
                ("a.html", "<link rel=stylesheet href=a.css>".to_owned()),
                ("a.css", "a{b:url(c.png)}".to_owned() + &deep("@media x{", "")),
            ],
            listed: &["/c.png\n"],
            told: &[],
        },
        Case {
            name: "lists in lists",
            files: vec![("a.html", String::new()), ("manifest.json", deep("[", ""))],
            listed: &["/manifest.json\n"],
            told: &["/manifest.json:1:128: the manifest cannot be read"],
        },
        Case {
            name: "pages in pages, escaped once more each time",
            files: vec![("a.html", nested_pages(12))],
            listed: &["/depth-1\n"],
            told: &[],
        },
        Case {
            name: "scripts that make frames, with scripts that make frames",
            files: vec![("a.html", made_pages(400))],
            listed: &["inline-script"],
            told: &[],
        },
    ]
}

fn nested_pages(levels: usize) -> String {
    (1..=levels).rev().fold(String::new(), |inner, level| {
        let escaped = inner.replace('&', "&amp;").replace('"', "&quot;");
        format!("<img src=/depth-{level}><iframe srcdoc=\"{escaped}\"></iframe>")
    })
}

/// A script that makes a frame, in which a script makes a frame, and so on: each is a string in the one around it.
fn made_pages(levels: usize) -> String {
    let character = |c: char| match c {
        c if c.is_ascii_alphanumeric() => c.to_string(),
        c => format!("\\x{:02x}", u32::from(c)),
    };
    let escaped = |text: &str| text.chars().map(character).collect::<String>();
    let (start, end) = ("<script>let f=document.createElement('iframe');f.srcdoc='", "'</script>");
    // What is escaped holds backslashes, letters and digits: escaped again, only the backslashes differ.
    let inner = (1..levels).fold(String::new(), |inner, _| {
        escaped(start) + &inner.replace('\\', "\\x5c") + &escaped(end)
    });
    format!("{start}{inner}{end}")
}

/// Files that name each other, and themselves.
fn cyclic() -> Vec<Case> {
    vec![
        case(
            "style sheets",
            &[
                ("a.html", "<link rel=stylesheet href=a.css><style>@import 'a.css'</style>"),
                ("a.css", "@import 'a.css';@import 'b.css'"),
                ("b.css", "@import 'a.css';b{c:url(d.png)}"),
            ],
            &["/d.png\n"],
            &[],
        ),
        case(
            "modules and workers",
            &[
                ("a.html", "<script type=module src=a.js></script>"),
                ("a.js", "import './b.js';new Worker('/a.js')"),
                ("b.js", "import './a.js';import './b.js';fetch('/c')"),
            ],
            &["/c\n"],
            &[],
        ),
        case(
            "frames",
            &[
                ("a.html", "<iframe src=b.html></iframe><iframe src=a.html></iframe>"),
                (
                    "b.html",
                    "<iframe srcdoc='<iframe src=a.html></iframe><iframe src=b.html></iframe>'></iframe>",
                ),
            ],
            &["/a.html\n", "/b.html\n"],
            &[],
        ),
        case(
            "drawings and entities",
            &[
                ("a.html", "<svg><use href=a.svg#b /></svg>"),
                (
                    "a.svg",
                    &format!(
                        "<!DOCTYPE svg [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>{SVG}<use href='b.svg#a'/><use href='a.svg#b'/><image href='&a;'/></svg>"
                    ),
                ),
                ("b.svg", &format!("{SVG}<use href='a.svg#b'/></svg>")),
            ],
            &["/a.svg\n", "/b.svg\n"],
            &["not well-formed, and is read up to here: too many nested entities"],
        ),
        case(
            "import maps",
            &[(
                "a.html",
                "<script type=importmap>{\"imports\":{\"a\":\"b\",\"b\":\"a\",\"/c.js\":\"/c.js\"}}</script><script type=module>import 'a'</script>",
            )],
            // Neither name is that of an address, so the import fails.
            &["/c.js\n"],
            &["unresolved"],
        ),
    ]
}

#[test]
fn broken_files_are_read_as_browsers_read_them_or_told_with_their_place() {
    broken().iter().for_each(Case::check);
}

#[test]
fn files_nested_a_hundred_thousand_deep_are_read_or_told_with_their_place() {
    deep().iter().for_each(Case::check);
}

#[test]
fn files_that_name_each_other_are_read_once() {
    cyclic().iter().for_each(Case::check);
}

const PAGE: &str = r#"{"_resourceType":"document","request":{"url":"https://a.example/"},"response":{"content":{"mimeType":"text/html","text":"<img src=b>"}}}"#;

/// Recordings and inventories, and the exit code and what is told, or listed.
#[test]
fn recordings_and_inventories_that_lack_something_are_read_or_refused() {
    let with = |entry: &str| format!("{{\"log\":{{\"entries\":[{PAGE},\n{entry}]}}}}");
    let cases = [
        (with("{}"), 0, "/b\n"),
        (with(r#"{"request":{}}"#), 0, "/b\n"),
        (
            with(
                r#"{"request":{"url":"https://a.example/c.css"},"response":{"content":{"mimeType":"text/css"}}}"#,
            ),
            0,
            "/c.css\n",
        ),
        (
            with(
                r#"{"request":{"url":"https://a.example/c.js"},"response":{"content":{"mimeType":"text/javascript","encoding":"base64","text":"%"}}}"#,
            ),
            0,
            "/c.js\n",
        ),
        (with(r#"{"request":{"url":"https://["},"response":{}}"#), 0, "/b\n"),
        (with(r#"{"request":{"url":7}}"#), 2, "line 2 column 19"),
        (with(r#"{"request":"#), 2, "line 2 column"),
        (
            r#"{"log":{"entries":[{"request":{"url":"https://a.example/b.png"}}]}}"#.to_owned(),
            2,
            "it has no page of the site",
        ),
        (r#"{"log":7}"#.to_owned(), 2, "line 1 column 8"),
        ("[".repeat(100_000), 2, "line 1 column"),
        ("{\"log\":".repeat(100_000), 2, "line 1 column"),
        (r#"{"schema":"cspc.inventory/1"}"#.to_owned(), 2, "missing field `pages`"),
        (
            "{\"schema\":\"cspc.inventory/1\",\n\"pages\":[{\"path\":\"/\"}]}".to_owned(),
            2,
            "a.json:2:21: missing field `assets`",
        ),
        (r#"{"schema":"cspc.inventory/9"}"#.to_owned(), 2, "expected cspc.inventory/1"),
    ];
    let folder = TempDir::new().unwrap();
    for (content, code, said) in cases {
        fs::write(folder.path().join("a.json"), &content).unwrap();
        let output = cspc(&["inventory", "a.json"], folder.path());
        let shown = content.get(..content.len().min(300)).unwrap();
        assert_eq!(output.status.code(), Some(code), "{shown}: {output:?}");
        let stream = if code == 0 { &output.stdout } else { &output.stderr };
        assert!(text(stream).contains(said), "{shown}: {output:?}");
    }
}

#[test]
fn a_script_of_200_megabytes_is_refused_with_the_reason() {
    let site = TempDir::new().unwrap();
    fs::write(site.path().join("a.html"), "<script src=a.js></script>").unwrap();
    // All of it is one hole, which takes no room on the disk.
    fs::File::create(site.path().join("a.js")).unwrap().set_len(200 << 20).unwrap();
    let output = cspc(&["inventory", "."], site.path());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let told = text(&output.stderr);
    assert!(
        told.contains("/a.js:1:1: the script cannot be read") && told.contains("64 MiB"),
        "{told}"
    );
}
