//! `cspc explain`: would a browser load this, and which clause decides?

use std::fs;
use std::io::{self, BufRead as _, BufWriter, Write as _};
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use cspc_core::csp::Delivery;
use cspc_core::enforce::Engine;
use cspc_core::wire::{
    Ask, Code, Consent, DispositionName, Explain, Explained, InlineText, Objection, PolicyText,
    RequestText,
};
use serde::Serialize;

use crate::exit::{Exit, Failure, visible};
use crate::source::policies;

/// Arguments of `cspc explain`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("question").required(true)))]
#[command(group(ArgGroup::new("policies").multiple(true)))]
pub(crate) struct Arguments {
    /// A policy in force; repeatable
    #[arg(long, value_name = "TEXT", group = "policies", required_unless_present_any = ["from", "batch"])]
    policy: Vec<String>,
    /// A file whose policies are in force: anything that `cspc check` reads
    #[arg(long, value_name = "INPUT", group = "policies")]
    from: Option<PathBuf>,
    /// Which response of that file, where it tells of several
    #[arg(long, value_name = "NAME", requires = "from")]
    response: Option<String>,
    /// The policies only report
    #[arg(long)]
    report_only: bool,
    /// Whose behavior: the specification's text, or a browser engine's
    #[arg(long, value_enum, default_value_t = EngineName::Spec)]
    engine: EngineName,
    /// The origin of the page, or `null` for an opaque one
    #[arg(long = "self", value_name = "ORIGIN", default_value = "https://example.com")]
    self_origin: String,
    /// May this be fetched?
    #[arg(long, value_name = "URL", group = "question", requires = "destination")]
    url: Option<String>,
    /// What the fetch is for: script, style, image, font, iframe, worker, … as Fetch names them; '' for fetch() and XHR
    #[arg(long = "as", value_name = "DESTINATION")]
    destination: Option<String>,
    /// The element's nonce
    #[arg(long, default_value = "", hide_default_value = true)]
    nonce: String,
    /// The element's integrity metadata
    #[arg(long, default_value = "", hide_default_value = true)]
    integrity: String,
    /// The URL is a redirect's target
    #[arg(long)]
    redirected: bool,
    /// The parser inserted the element, rather than a script
    #[arg(long)]
    parser_inserted: bool,
    /// May inline code of this kind run or apply?
    #[arg(long, value_enum, value_name = "KIND", group = "question")]
    inline: Option<InlineKindName>,
    /// The inline code: a file that holds it, or else the code itself
    #[arg(
        long,
        value_name = "FILE|TEXT",
        requires = "inline",
        default_value = "",
        hide_default_value = true
    )]
    content: String,
    /// May a string be compiled to code?
    #[arg(long, group = "question")]
    eval: bool,
    /// May WebAssembly be compiled?
    #[arg(long, group = "question")]
    wasm: bool,
    /// May WebRTC connect?
    #[arg(long, group = "question")]
    webrtc: bool,
    /// May this origin embed the page? Repeatable, the nearest ancestor first
    #[arg(long, value_name = "ORIGIN", group = "question")]
    frame_ancestor: Vec<String>,
    /// May a form be submitted to here?
    #[arg(long, value_name = "URL", group = "question")]
    form_action: Option<String>,
    /// May this be the document's base URL?
    #[arg(long, value_name = "URL", group = "question")]
    base: Option<String>,
    /// May a Trusted Types policy of this name be created?
    #[arg(long, value_name = "NAME", group = "question")]
    trusted_types_policy: Option<String>,
    /// Read one question a line from standard input, as JSON, and print one answer a line
    #[arg(long, group = "question", conflicts_with = "policies")]
    batch: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EngineName {
    /// The text of Content Security Policy Level 3
    Spec,
    /// Chrome, Edge, Opera
    Chromium,
    Firefox,
    /// Safari, and every browser on iOS
    Webkit,
}

impl EngineName {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Spec => Engine::Spec.as_str(),
            Self::Chromium => Engine::Chromium.as_str(),
            Self::Firefox => Engine::Firefox.as_str(),
            Self::Webkit => Engine::WebKit.as_str(),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum InlineKindName {
    Script,
    Style,
    EventHandler,
    StyleAttribute,
    JavascriptUrl,
}

impl InlineKindName {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Style => "style",
            Self::EventHandler => "event-handler",
            Self::StyleAttribute => "style-attribute",
            Self::JavascriptUrl => "javascript-url",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences
    Text,
    /// One answer in JSON
    Json,
}

/// What a line of `--batch` gets that is no question.
#[derive(Serialize)]
struct Refusal {
    error: String,
}

/// Answers one question, or one a line.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.batch {
        return batch();
    }
    let question = arguments.question()?;
    let answer = question.answer().map_err(|error| Failure::new(error.to_string()))?;
    let mut output = anstream::stdout();
    match arguments.format {
        Format::Json => {
            let json = serde_json::to_string(&answer).map_err(io::Error::from)?;
            writeln!(output, "{json}")?;
        }
        Format::Text => write!(output, "{}", sentences(&question, &answer))?,
    }
    Ok(if answer.allowed { Exit::Success } else { Exit::Findings })
}

/// A line that is no question gets its error as the answer, so that answers stay beside their questions.
fn batch() -> Result<Exit, Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut refused = 0_usize;
    for line in io::stdin().lock().lines() {
        let line =
            line.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        match answer(&line) {
            Ok(answer) => serde_json::to_writer(&mut output, &answer),
            Err(error) => {
                refused += 1;
                serde_json::to_writer(&mut output, &Refusal { error })
            }
        }
        .map_err(io::Error::from)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    match refused {
        0 => Ok(Exit::Success),
        _ => Err(Failure::new(format!("lines that hold no question: {refused}"))),
    }
}

fn answer(line: &str) -> Result<Explained, String> {
    let question: Explain = serde_json::from_str(line).map_err(|error| error.to_string())?;
    question.answer().map_err(|error| error.to_string())
}

impl Arguments {
    fn question(&self) -> Result<Explain, Failure> {
        Ok(Explain {
            self_origin: self.self_origin.clone(),
            policies: self.policies()?,
            engine: Some(self.engine.as_str().to_owned()),
            redirect_count: u32::from(self.redirected),
            ask: self.ask()?,
        })
    }

    fn policies(&self) -> Result<Vec<PolicyText>, Failure> {
        let mut policies: Vec<_> =
            self.policy.iter().map(|text| PolicyText::delivered(text, Delivery::Header)).collect();
        if let Some(path) = &self.from {
            policies.extend(policies::policies_of(path, self.response.as_deref())?);
        }
        if self.report_only {
            for policy in &mut policies {
                policy.disposition = DispositionName::Report;
            }
        }
        Ok(policies)
    }

    fn ask(&self) -> Result<Ask, Failure> {
        Ok(if let Some(url) = &self.url {
            Ask::Request(RequestText {
                url: url.clone(),
                destination: self.destination.clone().unwrap_or_default(),
                nonce: self.nonce.clone(),
                integrity: self.integrity.clone(),
                parser_inserted: self.parser_inserted,
                redirect_count: u32::from(self.redirected),
                ..RequestText::default()
            })
        } else if let Some(kind) = self.inline {
            Ask::Inline(InlineText {
                kind: kind.as_str().to_owned(),
                content: self.content()?,
                nonce: self.nonce.clone(),
                ..InlineText::default()
            })
        } else if let Some(action) = &self.form_action {
            Ask::FormAction(action.clone())
        } else if let Some(base) = &self.base {
            Ask::Base(base.clone())
        } else if let Some(name) = &self.trusted_types_policy {
            Ask::TrustedTypesPolicy(name.clone())
        } else if self.eval {
            Ask::Eval(Code::Any(true))
        } else if self.wasm {
            Ask::Wasm(true)
        } else if self.webrtc {
            Ask::Webrtc(true)
        } else {
            Ask::Ancestors(self.frame_ancestor.clone())
        })
    }

    fn content(&self) -> Result<String, Failure> {
        match fs::read(&self.content) {
            Ok(bytes) => String::from_utf8(bytes)
                .map_err(|_| Failure::new(format!("`{}` is not UTF-8", self.content))),
            Err(_) => Ok(self.content.clone()),
        }
    }
}

/// The answer in words: who decides, by which clause, and what would change it.
fn sentences(question: &Explain, answer: &Explained) -> String {
    let mut text = String::from(if answer.allowed { "allowed\n" } else { "blocked\n" });
    for objection in &answer.violations {
        text.push_str(&objected(question, objection));
    }
    for consent in &answer.matches {
        text.push_str(&consented(question, consent));
    }
    if answer.violations.is_empty() && answer.matches.is_empty() {
        text.push_str("  no policy has a directive for it\n");
    }
    text
}

fn objected(question: &Explain, objection: &Objection) -> String {
    let verb = if objection.disposition == "report" { "reports" } else { "blocks" };
    let clause = quoted(question, objection.policy, objection.span);
    let mut text = format!("  policy {} {verb} it: `{clause}`", objection.policy + 1);
    if objection.effective != objection.directive {
        text += &format!(", which stands in for {}", objection.effective);
    }
    text += &format!("\n    why: {}", objection.reason.replace('-', " "));
    if let Some(span) = objection.expression {
        text += &format!(", because of `{}`", quoted(question, objection.policy, span));
    }
    if let Some(addition) = &objection.would_allow {
        text += &format!("\n    would allow it: {} {}", objection.directive, visible(addition));
    }
    text + "\n"
}

fn consented(question: &Explain, consent: &Consent) -> String {
    let clause = quoted(question, consent.policy, consent.span);
    let by = consent
        .expression
        .map_or(String::new(), |span| format!(" by `{}`", quoted(question, consent.policy, span)));
    format!("  policy {} allows it{by}: `{clause}`\n", consent.policy + 1)
}

fn quoted(question: &Explain, policy: usize, [start, end]: [usize; 2]) -> String {
    let text = question.policies.get(policy).and_then(|policy| policy.value.get(start..end));
    visible(text.unwrap_or_default().trim())
}
