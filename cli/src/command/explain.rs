//! `cspc explain`: would a browser load this, and which clause decides?

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use cspc_core::csp::Delivery;
use cspc_core::enforce::Engine;
use cspc_core::plan::AssetUse;
use cspc_core::text::Units;
use cspc_core::wire::{
    Ask, Asked, Code, Consent, DispositionName, Explain, Explained, InlineText, Objection,
    PolicyText, RequestText,
};
use serde::Serialize;

use super::batch::answer_lines;
use crate::exit::{Exit, Failure, visible};
use crate::source::deployment::Deployment;
use crate::source::site_file::{Config, SelfOrigin};

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
    /// Which response of that file, where it tells of several; a page's path for a plan
    #[arg(long, value_name = "NAME", requires = "from")]
    response: Option<String>,
    /// The policies only report
    #[arg(long)]
    report_only: bool,
    /// Whose behavior: the specification's text, or a browser engine's
    #[arg(long, value_enum, default_value_t = EngineName::Spec)]
    engine: EngineName,
    #[command(flatten)]
    self_origin: SelfOrigin,
    /// May this be fetched? One that starts with a slash is relative to the page
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
    /// The request outlives the page: a beacon, a ping, a fetch() with keepalive
    #[arg(long)]
    keepalive: bool,
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
    /// A hash of the inline code, such as sha256-…, if that is all that is known of it
    #[arg(long, requires = "inline", conflicts_with = "content")]
    hash: Option<String>,
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
    /// Is this sandboxing keyword, such as allow-scripts, allowed to the page?
    #[arg(long, value_name = "FLAG", group = "question")]
    sandbox: Option<String>,
    /// May a string go where scripts can be injected, such as innerHTML?
    #[arg(long, group = "question")]
    trusted_types_sink: bool,
    /// Read one question a line from standard input, as JSON, and print one answer a line
    #[arg(long, group = "question", conflicts_with = "policies")]
    batch: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum EngineName {
    /// The text of Content Security Policy Level 3
    Spec,
    /// Chrome, Edge, Opera
    Chromium,
    Firefox,
    /// Safari, and every browser on iOS
    Webkit,
}

impl EngineName {
    pub(super) const fn as_str(self) -> &'static str {
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

/// The answer, and what the clauses that allow it are there for.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    explained: Explained,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needed_by: Vec<Need>,
}

/// The assets for which a plan has an expression.
#[derive(Serialize)]
struct Need {
    /// Which policy allows the question by it.
    policy: usize,
    directive: &'static str,
    expression: String,
    /// The first few of them.
    assets: Vec<AssetUse>,
    /// How many there are in all.
    count: usize,
}

/// Answers one question, or one a line.
pub(crate) fn run(arguments: &Arguments, config: &Config) -> Result<Exit, Failure> {
    if arguments.batch {
        return batch();
    }
    let deployment = arguments.from.as_deref().map(Deployment::read).transpose()?;
    let question = arguments.question(config, deployment.as_ref())?;
    let explained = question.answer().map_err(|error| Failure::new(error.to_string()))?;
    let needed_by = deployment.map_or_else(Vec::new, |deployment| {
        arguments.needs(&deployment, &question, &explained.matches)
    });
    let answer = Answer { explained, needed_by };
    let mut output = anstream::stdout();
    match arguments.format {
        Format::Json => {
            let json = serde_json::to_string(&answer).map_err(io::Error::from)?;
            writeln!(output, "{json}")?;
        }
        Format::Text => write!(output, "{}", sentences(&question, &answer))?,
    }
    Ok(if answer.explained.allowed { Exit::Success } else { Exit::Findings })
}

fn batch() -> Result<Exit, Failure> {
    answer_lines("question", answer)?;
    Ok(Exit::Success)
}

fn answer(line: &str) -> Result<Explained, String> {
    let question: Explain = serde_json::from_str(line).map_err(|error| error.to_string())?;
    question.answer().map_err(|error| error.to_string())
}

impl Arguments {
    fn question(
        &self,
        config: &Config,
        deployment: Option<&Deployment>,
    ) -> Result<Explain, Failure> {
        Ok(Explain {
            self_origin: self.self_origin.read(config)?,
            policies: self.policies(deployment)?,
            engine: Some(self.engine.as_str().to_owned()),
            units: Units::Utf8,
            asked: Asked {
                ask: self.ask()?,
                redirect_count: u32::from(self.redirected),
                exists: false,
            },
        })
    }

    fn policies(&self, deployment: Option<&Deployment>) -> Result<Vec<PolicyText>, Failure> {
        let mut policies: Vec<_> =
            self.policy.iter().map(|text| PolicyText::delivered(text, Delivery::Header)).collect();
        if let Some(deployment) = deployment {
            policies.extend(deployment.policies(self.response.as_deref())?);
        }
        if self.report_only {
            for policy in &mut policies {
                policy.disposition = DispositionName::Report;
            }
        }
        Ok(policies)
    }

    /// The assets that a plan names beside the expressions that allow it.
    fn needs(
        &self,
        deployment: &Deployment,
        question: &Explain,
        consents: &[Consent],
    ) -> Vec<Need> {
        let page = self.response.as_deref().unwrap_or_default();
        let needs = consents.iter().filter(|consent| consent.policy >= self.policy.len());
        let needs = needs.filter_map(|consent| {
            let value = &question.policies.get(consent.policy)?.value;
            let [start, end] = consent.expression?;
            let expression = value.get(start..end)?;
            let (assets, count) = deployment.needed_by(page, consent.directive, expression)?;
            Some(Need {
                policy: consent.policy,
                directive: consent.directive,
                expression: expression.to_owned(),
                assets: assets.to_vec(),
                count,
            })
        });
        needs.collect()
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
                keepalive: self.keepalive,
                ..RequestText::default()
            })
        } else if let Some(kind) = self.inline {
            Ask::Inline(InlineText {
                kind: kind.as_str().to_owned(),
                content: self.content()?,
                hash: self.hash.clone(),
                nonce: self.nonce.clone(),
                ..InlineText::default()
            })
        } else if let Some(action) = &self.form_action {
            Ask::FormAction(action.clone())
        } else if let Some(base) = &self.base {
            Ask::Base(base.clone())
        } else if let Some(name) = &self.trusted_types_policy {
            Ask::TrustedTypesPolicy(name.clone())
        } else if let Some(flag) = &self.sandbox {
            Ask::Sandbox(flag.clone())
        } else if self.trusted_types_sink {
            Ask::TrustedTypesSink(true)
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
fn sentences(question: &Explain, answer: &Answer) -> String {
    let Answer { explained: answer, needed_by } = answer;
    let mut text = String::from(if answer.allowed { "allowed\n" } else { "blocked\n" });
    for objection in &answer.violations {
        text.push_str(&objected(question, objection));
    }
    for consent in &answer.matches {
        text.push_str(&consented(question, consent));
        for need in needed_by.iter().filter(|need| need.policy == consent.policy) {
            text.push_str(&needed(need));
        }
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

/// How many assets a sentence names.
const MOST_NAMED: usize = 3;

fn needed(need: &Need) -> String {
    let named: Vec<_> = need.assets.iter().take(MOST_NAMED).map(AssetUse::to_string).collect();
    let more = need.count.saturating_sub(named.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("    needed by: {}{more}\n", visible(&named.join(", ")))
}

fn quoted(question: &Explain, policy: usize, [start, end]: [usize; 2]) -> String {
    let text = question.policies.get(policy).and_then(|policy| policy.value.get(start..end));
    visible(text.unwrap_or_default().trim())
}
