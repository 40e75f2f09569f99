//! Broken and hostile input: a result, or a reason with its place; never a panic, an overflow or a hang.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::Command;

use cspc_core::inventory::{
    Asset, HarError, Inventory, Kind, Links, Reader, SiteOrigin, Source, read_har,
};
use cspc_tests::cspc;

fn reader() -> Reader {
    Reader::new(SiteOrigin::unknown())
}

fn read(path: &str, text: impl AsRef<[u8]>) -> Source {
    reader().read(path, text.as_ref()).unwrap()
}

fn assets(source: &Source) -> &[Asset] {
    match source {
        Source::Page(page) => &page.assets,
        Source::StyleSheet(file) | Source::Script(file) | Source::Manifest(file) => &file.assets,
    }
}

const PAGE: &str = "<!doctype html><meta charset=utf-8><base href=/b/><script>f('\u{e9}')</script><style>a{b:url(c)}</style>\
    <p onclick='f(&quot;&#x41;' style=x><svg><script><![CDATA[1]]></script></svg><iframe srcdoc='<img src=a>'></iframe>\
    <noscript><img src=b></noscript><img srcset='c 1x, d 2x'><!-- x --><script type=importmap>{\"imports\":{\"a\":\"/a\"}}</script>";
const SHEET: &str = "@charset \"utf-8\";@import url(\"a.css\") layer(x);@font-face{src:url(b) format('c')}\
    @media (x:1){a{b:image-set('d' 1x);c:url( 'e\\66' )}}/* f */";
const SCRIPT: &str = "import a from './a.js';const b=`c${fetch(`d`)}e`;/[/]\\/f/g.test(b)?new Worker('g'):async()=>{await import('h')};";
const DRAWING: &str = "<?xml version='1.0'?><?xml-stylesheet href='a'?><!DOCTYPE svg [<!ENTITY b 'c'>]>\
    <svg xmlns='http://www.w3.org/2000/svg'><script>&b;<![CDATA[d]]></script><g onclick='&#x41;&amp;'/></svg>";

#[test]
fn files_cut_off_anywhere_are_read_as_far_as_they_go() {
    let files = [
        ("/a.html", PAGE),
        ("/a.css", SHEET),
        ("/a.js", SCRIPT),
        ("/a.svg", DRAWING),
        ("/manifest.json", "{\"icons\":[{\"src\":\"a\"}]}"),
    ];
    for (path, text) in files {
        let whole = assets(&read(path, text)).len();
        assert!(whole > 0, "{path}");
        for end in 0..text.len() {
            // In the middle of a character, too.
            let cut = read(path, text.get(..end).map_or(&text.as_bytes()[..end], str::as_bytes));
            assert!(assets(&cut).len() <= whole + 1, "{path}, {end} bytes");
        }
    }
}

#[test]
fn a_script_that_breaks_off_is_told_with_the_place() {
    let Source::Script(file) = read("/a.js", "f();\n  let a = {\n") else { panic!() };
    let unread = file.unread.unwrap();
    assert_eq!(unread.line, 3, "{unread:?}");
    let Source::Page(page) = read("/a.html", "<p>\n<script>1;\n  let = = 2</script>") else {
        panic!()
    };
    let unread = page.assets.iter().find_map(|asset| asset.unread.as_ref()).unwrap();
    assert_eq!((unread.line, unread.column), (3, 9), "{unread:?}");
}

#[test]
fn markup_nested_a_hundred_thousand_deep_is_read_to_its_end() {
    for open in [
        "<div>",
        "<svg>",
        "<math>",
        "<table><td>",
        "<template>",
        "<select>",
        "<svg><foreignObject>",
        "<b><p>",
        "<ul><li>",
    ] {
        let page = format!("{}<p style=a>", open.repeat(100_000));
        let found = read("/a.html", page);
        assert!(assets(&found).iter().any(|asset| asset.kind == Kind::StyleAttribute), "{open}");
    }
}

#[test]
fn style_sheets_that_import_each_other_are_each_loaded_once() {
    let files = [
        ("/index.html", "<link rel=stylesheet href=a.css>"),
        ("/a.css", "@import 'b.css';@import 'a.css'"),
        ("/b.css", "@import 'a.css';@import 'c.css'"),
        ("/c.css", "@import '/b.css';p{background:url(d.png)}"),
    ];
    let inventory = Inventory::of(None, files.map(|(path, text)| read(path, text)));
    let loaded = Links::new(&inventory).loaded_by(&inventory.pages[0]);
    let paths: Vec<&str> = loaded.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["/a.css", "/b.css", "/c.css"]);
}

#[test]
fn a_script_of_200_megabytes_is_refused_with_the_reason() {
    let Source::Script(file) = read("/a.js", vec![b'a'; 200 << 20]) else { panic!() };
    let unread = file.unread.unwrap();
    assert_eq!((unread.line, unread.column), (1, 1));
    assert!(unread.message.contains("64 MiB"), "{}", unread.message);
}

const ENTRY: &str = r#"{"pageref":"p","_resourceType":"document","request":{"url":"https://a.example/","headers":[{"name":"Sec-Fetch-Dest","value":"document"}]},
    "response":{"headers":[],"content":{"mimeType":"text/html","text":"PHA+","encoding":"base64"}}}"#;

/// An entry without each of its fields in turn, and with each of them `null`, a number or a list.
fn variants(entry: &serde_json::Value) -> Vec<serde_json::Value> {
    let serde_json::Value::Object(fields) = entry else { return Vec::new() };
    let mut all = Vec::new();
    for (name, value) in fields {
        let with = |value: Option<serde_json::Value>| {
            let mut fields = fields.clone();
            fields.remove(name);
            fields.extend(value.map(|value| (name.clone(), value)));
            serde_json::Value::Object(fields)
        };
        let others =
            [None, Some(serde_json::Value::Null), Some(1.into()), Some(Vec::<u8>::new().into())];
        all.extend(others.into_iter().map(with));
        all.extend(variants(value).into_iter().map(|inner| with(Some(inner))));
    }
    all
}

#[test]
fn a_recording_that_lacks_fields_is_read_or_refused() {
    let entry: serde_json::Value = serde_json::from_str(ENTRY).unwrap();
    let read = |entry: &serde_json::Value| {
        let har = serde_json::json!({"log": {"entries": [entry]}}).to_string();
        read_har(har.as_bytes(), &reader())
    };
    assert_eq!(read(&entry).unwrap().pages.len(), 1);
    let all = variants(&entry);
    assert!(all.len() > 40);
    for variant in all {
        match read(&variant) {
            Ok(inventory) => assert_eq!(inventory.pages.len(), 1, "{variant}"),
            Err(HarError::NoPage) => {}
            Err(HarError::Syntax(error)) => assert_eq!(error.line(), 1, "{variant}"),
        }
    }
    let har = format!(r#"{{"log":{{"entries":[{ENTRY}]}}}}"#);
    assert!((0..har.len()).all(|end| read_har(&har.as_bytes()[..end], &reader()).is_err()));
}

/// Nothing of a body that is not read is decoded or copied: the memory that it takes is that of the file.
#[test]
#[ignore = "writes 2 GB to a temporary file; run by hand"]
fn a_recording_with_two_gigabytes_of_base64_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.har");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    write!(file, r#"{{"log":{{"entries":[{ENTRY},{{"pageref":"p","request":{{"url":"https://a.example/b.png"}},"response":{{"content":{{"mimeType":"image/png","encoding":"base64","text":""#).unwrap();
    let block = "A".repeat(1 << 20);
    (0..2048).for_each(|_| file.write_all(block.as_bytes()).unwrap());
    write!(file, r#""}}}}}}]}}}}"#).unwrap();
    drop(file);
    let output = Command::new(cspc()).arg("inventory").arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("/b.png"));
}
