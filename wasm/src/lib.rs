//! The engine of `cspc` for JavaScript: a thin layer over [`cspc_core::wire`].
//!
//! Every function takes the text of a question and gives the text of its answer, both JSON, byte for byte as the command
//! line has them; what is no question is answered by `{"error":"…"}`. Nothing here panics.

use std::borrow::Cow;

use cspc_core::compile::{Options, compile};
use cspc_core::csp::{Delivery, Style, format, parse_list};
use cspc_core::deployment;
use cspc_core::diagnostic::Finding;
use cspc_core::emit::{self, Server, Target};
use cspc_core::grade::PreloadList;
use cspc_core::inventory::{
    self, Inventory, Reader, Role, SiteOrigin, Source, decode_windows_1252,
};
use cspc_core::lint::{self, Response};
use cspc_core::report;
use cspc_core::site::SiteFile;
use cspc_core::wire::{
    Captured, Compared, Diff, Explain, Language, Parse, Refusal, RuleEntry, ServiceEntry,
    ServiceUse, Text,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// The decoder of the environment (WHATWG Encoding, section 7.2).
    type TextDecoder;
    #[wasm_bindgen(constructor, catch)]
    fn new(label: &str) -> Result<TextDecoder, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn encoding(this: &TextDecoder) -> String;
    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &[u8]) -> Result<String, JsValue>;
}

/// Decodes with what each browser has, which would be a tenth of what is downloaded.
fn decode<'a>(label: &str, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    let decoder = TextDecoder::new(label).ok()?;
    match decoder.encoding().as_str() {
        "utf-8" | "utf-16le" | "utf-16be" => Some(String::from_utf8_lossy(bytes)),
        // Node 20 takes it for ISO-8859-1.
        "windows-1252" => Some(Cow::Owned(decode_windows_1252(bytes))),
        _ => decoder.decode(bytes).ok().map(Cow::Owned),
    }
}

/// A text that is JSON, whatever happens.
fn answer<T: Serialize>(outcome: Result<T, String>) -> String {
    let written = match outcome {
        Ok(value) => serde_json::to_string(&value),
        Err(error) => serde_json::to_string(&Refusal { error }),
    };
    written.unwrap_or_else(|_| r#"{"error":"the answer cannot be written"}"#.to_owned())
}

fn asked<Q: DeserializeOwned>(question: &str) -> Result<Q, String> {
    serde_json::from_str(question).map_err(|error| error.to_string())
}

/// The findings about one policy: what `cspc check --batch` prints for its line.
#[wasm_bindgen(js_name = checkPolicy)]
pub fn check_policy(policy: &str) -> String {
    let response = Response::of_policy(policy, Delivery::Header);
    let judged = lint::check(&response).findings();
    let findings: Vec<Finding> = judged.into_iter().map(|judged| judged.finding).collect();
    answer(Ok(findings))
}

/// The findings about a text of any form, in the format `cspc.findings/1`: `{"text":…,"units":"utf-16"}`.
#[wasm_bindgen]
pub fn check(question: &str) -> String {
    let found =
        asked::<Text>(question).and_then(|text| text.findings().map_err(|error| error.to_string()));
    match found {
        Ok(findings) => report::json(&findings),
        Err(error) => answer::<()>(Err(error)),
    }
}

/// The responses that a text of any form tells of, with their headers and policies: `{"text":…,"units":"utf-16"}`.
#[wasm_bindgen]
pub fn read(question: &str) -> String {
    let read = asked::<Text>(question)
        .and_then(|text| text.responses().map_err(|error| error.to_string()));
    answer(read)
}

/// What a browser would do: what `cspc explain --batch` prints for the line.
#[wasm_bindgen]
pub fn explain(question: &str) -> String {
    answer(
        asked::<Explain>(question)
            .and_then(|question| question.answer().map_err(|error| error.to_string())),
    )
}

/// What two sets of policies answer differently: what `cspc diff --batch` prints for the line.
#[wasm_bindgen]
pub fn diff(question: &str) -> String {
    answer(asked::<Diff>(question).and_then(|question| {
        let difference = question.difference().map_err(|error| error.to_string())?;
        Ok(Compared::new(&[("", difference)]))
    }))
}

/// The Observatory's grade of a response: what `cspc grade --batch` prints for the line.
#[wasm_bindgen]
pub fn grade(question: &str) -> String {
    answer(asked::<Captured>(question).and_then(|captured| {
        captured.graded(&PreloadList::default()).map_err(|error| error.to_string())
    }))
}

/// The syntax tree of a policy: what `cspc fmt --batch` prints for the line.
#[wasm_bindgen]
pub fn parse(question: &str) -> String {
    match asked::<Parse>(question) {
        Ok(question) => answer(Ok(question.tree())),
        Err(error) => answer::<()>(Err(error)),
    }
}

/// A list of policies in one form, `canonical`, `minified`, `lines` or `normalized`: what `cspc fmt` prints.
#[wasm_bindgen]
pub fn fmt(policies: &str, style: &str) -> String {
    let style = match style {
        "minified" => Style::Minified,
        "lines" => Style::Lines,
        "normalized" => Style::Normalized,
        _ => Style::Canonical,
    };
    format(&parse_list(policies, Delivery::Header), style)
}

/// The rules: what `cspc rules --format json` prints.
#[wasm_bindgen]
pub fn rules() -> String {
    answer(Ok(RuleEntry::all()))
}

/// Every directive and keyword, with what it is for and which browsers know it.
#[wasm_bindgen]
pub fn language() -> String {
    answer(Ok(Language::new()))
}

/// The third-party services that are known, with what each has to be told.
#[wasm_bindgen]
pub fn services() -> String {
    answer(Ok(ServiceEntry::all()))
}

/// What a service needs, as `cspc build --use` takes it: `stripe`, or `chargebee:site=acme`.
#[wasm_bindgen(js_name = useService)]
pub fn use_service(service: &str) -> String {
    answer(ServiceUse::of(service).map_err(|error| error.to_string()))
}

/// A file of a configuration.
#[derive(Serialize)]
struct File {
    name: String,
    content: String,
}

/// A configuration, and what the server cannot do.
#[derive(Serialize)]
struct Configuration {
    files: Vec<File>,
    findings: Vec<Finding>,
}

/// A plan, `cspc.plan/1`, as configuration for a server: `{"files":[{"name":…,"content":…}],"findings":[…]}`, as
/// `cspc emit` writes it.
#[wasm_bindgen]
pub fn emit(plan: &str, target: &str) -> String {
    let configuration = || {
        let plan = deployment::parse_plan("plan", plan).map_err(|error| error.to_string())?;
        let target: Target = target.parse().map_err(|error| format!("{error}"))?;
        let emitted = emit::emit(&plan, target).map_err(|error| error.to_string())?;
        let files = emitted.files.into_iter();
        let files = files.map(|file| File { name: file.name, content: file.content });
        Ok(Configuration { files: files.collect(), findings: emitted.findings })
    };
    answer(configuration())
}

/// The names of the servers that [`emit`](fn@emit) writes for.
#[wasm_bindgen]
pub fn targets() -> String {
    answer(Ok(Server::ALL.iter().map(|server| server.name()).collect::<Vec<_>>()))
}

/// Whether [`Site::add`] reads a file of this name: a page, a style sheet, a script, a manifest or a HAR file.
#[wasm_bindgen]
pub fn reads(path: &str) -> bool {
    Role::of(path).is_some() || is_recording(path)
}

fn is_recording(path: &str) -> bool {
    path.ends_with(".har")
}

/// The files of a site, read one by one; then what they load, and the headers for it.
#[wasm_bindgen]
pub struct Site {
    reader: Reader,
    files: Vec<Source>,
    /// What HAR files hold, by name.
    recordings: Vec<(String, Result<Inventory, String>)>,
}

#[wasm_bindgen]
impl Site {
    /// A site at this origin; at an unknown one if it is empty or none.
    #[wasm_bindgen(constructor)]
    pub fn new(origin: &str) -> Self {
        let origin = SiteOrigin::parse(origin).unwrap_or_else(|_| SiteOrigin::unknown());
        let reader = Reader::new(origin).decoding(decode);
        Self { reader, files: Vec::new(), recordings: Vec::new() }
    }

    /// Reads a file that the site serves at a path, or a HAR file; says whether it [is read](reads).
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> bool {
        if !reads(path) {
            return false;
        }
        if is_recording(path) {
            let read = inventory::read_har(bytes, &self.reader);
            let read = read.map_err(|error| format!("{path} is no recording: {error}"));
            self.recordings.push((path.to_owned(), read));
        }
        self.files.extend(self.reader.read(path, bytes));
        true
    }

    fn read(&self) -> Result<Inventory, String> {
        let mut witnesses = Vec::new();
        if !self.files.is_empty() || self.recordings.is_empty() {
            let files = Inventory::of(self.reader.origin().serialize(), self.files.clone());
            witnesses.push(("files".to_owned(), files));
        }
        for (name, recording) in self.recordings.clone() {
            witnesses.push((name, recording?));
        }
        Ok(Inventory::merge(witnesses))
    }

    /// What the pages load and run, `cspc.inventory/1`: what `cspc inventory --format json` prints.
    pub fn inventory(&self) -> String {
        answer(self.read())
    }

    /// The headers for it, `cspc.plan/1`, with what the owner declares in a `cspc.toml`: what `cspc build` makes.
    pub fn build(&self, site_file: &str) -> String {
        let plan = || {
            let site =
                SiteFile::parse("cspc.toml", site_file).map_err(|error| error.to_string())?;
            let options = Options { site, ..Options::default() };
            let compiled = compile(&self.read()?, &options).map_err(|error| error.to_string())?;
            Ok(compiled.plan)
        };
        answer(plan())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_says_what_the_command_line_says() {
        let found = super::check_policy("default-src *");
        assert!(found.contains("\"rule\":\"csp/broad-script-source\""), "{found}");
        assert!(!super::check_policy("default-src 'none'").contains("broad"));
    }

    #[test]
    fn what_is_no_question_is_answered() {
        for answer in
            [super::check("{"), super::explain("[]"), super::diff(""), super::emit("", "x")]
        {
            assert!(answer.starts_with("{\"error\":"), "{answer}");
        }
    }
}
