//! Writes what the fuzzer begins with: `fuzz_seeds FOLDER` fills `FOLDER/<target>/` from the conformance vectors, and
//! `FOLDER/dictionary` from the tables of directives and keywords.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cspc_core::csp::{Directive, Keyword};
use serde_json::Value;

const CONFORMANCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/conformance");
/// What policies are made of beside directives and keywords, and what other formats are made of.
const WORDS: &[&str] = &[
    "'nonce-abc'",
    "'sha256-",
    "'sha384-",
    "'sha512-",
    "https:",
    "http:",
    "data:",
    "blob:",
    "wss://",
    "https://a.example",
    "*.a.example",
    ":*",
    ":8443",
    "/x/",
    "%2F",
    "?q",
    "#f",
    "; ",
    ", ",
    "'none'",
    "allow-scripts",
    "'allow-duplicates'",
    "\"self\":",
    "\"policies\":[",
    "\"request\":{",
    "\"url\":",
    "\"destination\":",
    "\"inline\":{",
    "\"kind\":",
    "\"old\":[",
    "\"new\":[",
    "\"rules\":[",
    "\"match\":{",
    "\"headers\":[",
    "\"name\":",
    "\"value\":",
    "<script>",
    "</script>",
    "<meta ",
    "http-equiv=",
    "content=",
    "onclick=",
    "style=",
    "srcset=",
    "javascript:",
    "url(",
    "@import ",
    "handle_path /a/* {\\n",
    "@a path ",
    "header @a ",
    "import ",
    "defer\\n",
    "<Location /a>\\n",
    "Header always set ",
    "RewriteRule ",
    "[sources]",
    "[headers]",
    "[lint]",
];

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("expected: fuzz_seeds FOLDER"));
    let policies = policies();
    for target in ["parse", "check"] {
        write(&folder.join(target), policies.iter());
    }
    write(&folder.join("read"), questions().iter());
    fs::write(folder.join("dictionary"), dictionary()).expect("the folder can be written to");
}

fn vectors(name: &str) -> Vec<Value> {
    let path = Path::new(CONFORMANCE).join(name);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every policy of the vectors, each once.
fn policies() -> BTreeSet<String> {
    let of = |name, key: &'static str| {
        vectors(name).into_iter().filter_map(move |vector| vector[key].as_str().map(str::to_owned))
    };
    let parsed = of("parse_vectors.json", "input");
    let matched = of("match_vectors.json", "policy").chain(of("inline_vectors.json", "policy"));
    parsed.chain(matched).chain(of("csp_evaluator_vectors.json", "csp")).collect()
}

/// A few of each format that is read.
fn questions() -> BTreeSet<String> {
    let mut questions: BTreeSet<String> = SAMPLES.iter().map(|text| (*text).to_owned()).collect();
    for vector in vectors("match_vectors.json").into_iter().step_by(8) {
        let question = serde_json::json!({
            "self": vector["self_origin"], "policies": [{"value": vector["policy"]}], "request": vector["request"]});
        questions.insert(question.to_string());
    }
    for vector in vectors("subsume_vectors.json").into_iter().step_by(8) {
        let question = serde_json::json!({"self": vector["self_origin"], "old": [vector["a"]], "new": vector["b"]});
        questions.insert(question.to_string());
    }
    questions
}

const SAMPLES: &[&str] = &[
    r#"{"schema":"cspc.plan/1","rules":[{"match":{"prefix":"/a","type":["text/html"],"status":"error"},"headers":[{"name":"A","value":"$b\"","op":"add","scheme":"https"}]},{"match":{"exact":["/","/i.html"],"suffix":[".x"]},"headers":[{"name":"A","op":"remove"}]}],"hide":["X"],"cookies":["Secure"],"https_redirect":301,"server_tokens":"off"}"#,
    "origin = \"https://a.example\"\n[sources]\nimg-src = [\"'self'\"]\n[headers]\nX-Frame-Options = false\n[lint]\nignore = [{ rule = \"csp/x\", reason = \"y\" }]\n",
    "<!doctype html><base href=/x/><meta http-equiv=content-security-policy content='img-src *'><script nonce=a integrity=sha256-a>a()</script><img srcset='a 1x, b 2x' onerror=b()><a href='javascript:c()'><style>@import url(a);b{background:url(c)}</style><svg><script>d</script><p style='e:f'>",
    "map $uri $a { default x; ~^/b(.) \"$1${a}\"; }\nserver { listen 443 ssl; add_header A $a always; error_page 404 =200 /b; if ($arg_x ~ y) { return 301 $uri; } location ~ \\.c$ { try_files $uri @d; add_header B \"e\\n\"; } location @d { proxy_pass http://f; more_set_headers 'G: h'; } }\n",
    "{\n\torder respond before header\n}\n(a) {\n\theader X-A {args[0]}\n}\nb.example, :80 {\n\t@c {\n\t\tpath /d/* *.e\n\t\tnot path_regexp f$\n\t}\n\timport a \"g \\\" h\"\n\theader @c {\n\t\t?I j\n\t\t-K\n\t\tL m n$1\n\t\tdefer\n\t}\n\tmap {path} {o} {\n\t\t~^/(.) ${1}\n\t}\n\thandle_path /p/* {\n\t\trewrite {o}\n\t\treverse_proxy q {\n\t\t\theader_down -R\n\t\t}\n\t}\n\thandle_errors {\n\t\t@s expression {err.status_code} == 404\n\t\trespond @s <<T\n\t\t\tu\n\t\t\tT 410\n\t}\n}\n",
    "Define A b\n<VirtualHost *:443>\nSSLEngine on\nHeader always set C \"${A} %{D}e\" env=E\nHeader edit* C (.) $1 expr=%{REQUEST_STATUS}>=400\n<Directory /f>\n<FilesMatch \\.g$>\nHeader merge H i\n</FilesMatch>\n<If \"%{REQUEST_URI} =~ m#j#\">\nHeader unset H\n</If>\n</Directory>\nRewriteEngine on\nRewriteCond %{HTTPS} =on [OR]\nRewriteRule ^/k/(.*) /l/$1 [R=302,E=E:$1,L]\nErrorDocument 404 /m\n</VirtualHost>\n",
    "@import 'a' layer(b); @font-face { src: url(\"c\") format(d), url(e) } f { background: image-set('g' 1x) } @charset \"h\";",
];

fn write<'s>(folder: &Path, seeds: impl Iterator<Item = &'s String>) {
    fs::create_dir_all(folder).expect("the folder can be made");
    for (number, seed) in seeds.enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed)
            .expect("the folder can be written to");
    }
}

/// In libFuzzer's form: a quoted string a line.
fn dictionary() -> String {
    let directives = Directive::all().map(Directive::as_str);
    let keywords = Keyword::all().map(Keyword::as_str);
    let words = directives.chain(keywords).chain(WORDS.iter().copied());
    words.map(|word| format!("\"{}\"\n", word.replace('\\', "\\\\").replace('"', "\\\""))).collect()
}
