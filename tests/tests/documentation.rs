//! Pages that are written from the tables and rules, and are not to grow stale.
//!
//! `CSPC_WRITE_DOCS=1 cargo test -p cspc-tests --test documentation` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cspc_core::csp::{Directive, Keyword, Status, Support};
use cspc_core::lint::{self, Example, Rule};

fn pages() -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> =
        lint::rules().iter().map(|rule| (file_name(rule), page(rule))).collect();
    pages.insert("rules/README.md".to_owned(), index());
    pages.insert("directives.md".to_owned(), directives());
    pages
}

fn file_name(rule: &Rule) -> String {
    format!("rules/{}.md", rule.id.replace('/', "-"))
}

fn index() -> String {
    let mut text = "# Rules\n\nWhat `cspc check` finds. `cspc rules RULE` explains one on the command line.\n\n| rule | severity | what it finds |\n|---|---|---|\n".to_owned();
    for rule in lint::rules() {
        let link = file_name(rule).replace("rules/", "");
        let summary = rule.summary.replace('|', "\\|");
        writeln!(text, "| [{}]({link}) | {} | {summary} |", rule.id, rule.severity.as_str())
            .unwrap();
    }
    text
}

fn page(rule: &Rule) -> String {
    let mut text = format!(
        "# {}\n\n{}\n\nSeverity {}, confidence {}.\n\n## Why\n\n{}\n\n## Instead of\n\n{}\n\n## Write\n\n{}\n\n## What to do\n\n{}\n\n## References\n\n",
        rule.id,
        sentence(rule.summary),
        rule.severity.as_str(),
        rule.confidence.as_str(),
        rule.rationale,
        code(rule.example),
        code(rule.good),
        sentence(rule.fix)
    );
    rule.references.iter().for_each(|link| writeln!(text, "- <{link}>").unwrap());
    if !rule.equivalents.is_empty() {
        text.push_str("\n## In other tools\n\n");
        for (tool, names) in rule.equivalents {
            writeln!(text, "- {tool}: {}", names.join(", ")).unwrap();
        }
    }
    text
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn code(example: Example) -> String {
    let text = match example {
        Example::Policy(text) => format!("Content-Security-Policy: {text}"),
        Example::ReportOnly(text) => format!("Content-Security-Policy-Report-Only: {text}"),
        Example::Meta(text) => {
            format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{text}\">")
        }
        Example::Head(text)
        | Example::Page(text)
        | Example::Apache(text)
        | Example::Nginx(text)
        | Example::Console(text)
        | Example::Required(text) => text.to_owned(),
    };
    format!("```text\n{text}\n```")
}

fn directives() -> String {
    let mut text = "# Directives\n\nEvery directive ever defined, and the first versions of browsers that know it (@mdn/browser-compat-data 8.1.9, 12 November 2026).\n\n\
        | directive | status | decides about | falls back to | in `<meta>` | report-only | Chrome | Edge | Firefox | Safari |\n|---|---|---|---|---|---|---|---|---|---|\n".to_owned();
    for directive in Directive::all() {
        let chain: Vec<&str> = directive.falls_back_to().iter().map(|next| next.as_str()).collect();
        let status = match directive.status() {
            Status::Standard => "standard",
            Status::Experimental => "experimental",
            Status::Deprecated => "deprecated",
            Status::Removed => "removed",
            Status::Unshipped => "never shipped",
        };
        let counts = |counts| if counts { "yes" } else { "no" };
        writeln!(
            text,
            "| [`{}`]({}) | {status} | {} | {} | {} | {} | {} |",
            directive.as_str(),
            directive.specification(),
            directive.governs(),
            chain.join(", "),
            counts(directive.in_meta()),
            counts(directive.in_report_only()),
            versions(directive.since())
        )
        .unwrap();
    }
    text.push_str("\n# Keywords\n\n| keyword | allows | Chrome | Edge | Firefox | Safari |\n|---|---|---|---|---|---|\n");
    for keyword in Keyword::all() {
        let versions = versions(keyword.since());
        writeln!(text, "| `{}` | {} | {versions} |", keyword.as_str(), keyword.allows()).unwrap();
    }
    text
}

fn versions(since: Support) -> String {
    [since.chrome, since.edge, since.firefox, since.safari].join(" | ")
}

#[test]
fn pages_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let pages = pages();
    if std::env::var_os("CSPC_WRITE_DOCS").is_some() {
        fs::create_dir_all(root.join("rules")).unwrap();
        for (name, text) in &pages {
            fs::write(root.join(name), text).unwrap();
        }
    }
    for (name, text) in &pages {
        let written = fs::read_to_string(root.join(name)).unwrap_or_default();
        assert!(written == *text, "docs/{name} is stale: write it anew with CSPC_WRITE_DOCS=1");
    }
    for entry in fs::read_dir(root.join("rules")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(pages.contains_key(&format!("rules/{name}")), "docs/rules/{name} has no rule");
    }
}
