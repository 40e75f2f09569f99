//! Findings for people: the line of the policy, with what is wrong underlined.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use cspc_core::deployment::Document;
use cspc_core::diagnostic::{Finding, Severity};

use crate::exit::visible;

/// Lines longer than this are cut around the place, as a policy is one line.
const MAX_LINE: usize = 240;
/// Sentences and values longer than this lose their middle, as a name may be a megabyte long.
const MAX_TEXT: usize = 600;
/// What stands for what is cut.
const CUT: &str = "…";

/// All findings about one text, and those that it includes.
pub(crate) fn findings(document: &Document, findings: &[&Finding]) -> String {
    let text = |finding: &Finding| {
        let path = finding.location.as_ref().map_or("", |at| at.path.as_str());
        document.sources.text_of(path)
    };
    findings.iter().map(|finding| rendered(text(finding), finding) + "\n\n").collect()
}

fn rendered(text: &str, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::High => Level::ERROR.with_name("high"),
        Severity::Medium => Level::WARNING.with_name("medium"),
        Severity::Low => Level::NOTE.with_name("low"),
        Severity::Info => Level::INFO,
    };
    let message = visible(&abridged(&finding.message));
    let help = visible(&abridged(&finding.help));
    let (path, line, source, span) = excerpt(text, finding);
    let snippet = Snippet::source(&source).line_start(line);
    let snippet = snippet.annotation(AnnotationKind::Primary.span(span));
    let title = level.primary_title(&message).id(finding.rule.as_ref());
    let main = match finding.location.as_ref().filter(|_| source.starts_with(CUT)) {
        // The columns of a line that is cut are not those of the text.
        Some(at) => {
            let origin = Origin::path(&path).line(line).char_column(at.column);
            Group::with_title(title).element(origin).element(snippet)
        }
        None => Group::with_title(title).element(snippet.path(&path)),
    };
    let report = [main, Group::with_title(Level::HELP.secondary_title(&help))];
    Renderer::styled().render(&report)
}

/// The line of the finding, cut where it is long, and the place in it.
fn excerpt(text: &str, finding: &Finding) -> (String, usize, String, std::ops::Range<usize>) {
    let (path, line, span) = finding.location.as_ref().map_or((String::new(), 1, (0, 0)), |at| {
        (visible(&at.path), at.line, (at.span.start, at.span.end))
    });
    // No more is looked at than can be shown: a line may be a megabyte long, and hold a hundred thousand findings.
    let from = boundary(text, span.0.saturating_sub(MAX_LINE / 2));
    let until = boundary(text, span.1.max(span.0).saturating_add(MAX_LINE / 2));
    let before = text.get(from..span.0).unwrap_or_default();
    let start = before.rfind(['\r', '\n']).map_or(from, |at| from + at + 1);
    let end = text
        .get(span.0..until)
        .and_then(|rest| rest.find(['\r', '\n']))
        .map_or(until, |at| span.0 + at);
    let is_cut_before =
        start == from && !text.get(..from).unwrap_or_default().ends_with(['\r', '\n']) && from > 0;
    let is_cut_after = end == until
        && !text.get(until..).unwrap_or_default().starts_with(['\r', '\n'])
        && until < text.len();
    let part = |from: usize, to: usize| one_line(&abridged(text.get(from..to).unwrap_or_default()));
    let lead = if is_cut_before { CUT } else { "" };
    let head = format!("{lead}{}", part(start, span.0));
    let body = part(span.0, span.1.min(end));
    let tail = part(span.1.min(end), end);
    let trail = if is_cut_after { CUT } else { "" };
    let place = head.len()..head.len() + body.len();
    (path, line, format!("{head}{body}{tail}{trail}"), place)
}

/// Tabs stay, as they are white space in a policy; whatever else steers a terminal is escaped.
fn one_line(text: &str) -> String {
    visible(&text.replace('\t', " "))
}

/// The beginning and the end of a long text.
fn abridged(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_TEXT {
        return text.into();
    }
    let start = text.get(..boundary(text, MAX_TEXT / 2));
    let end = text.get(boundary(text, text.len() - MAX_TEXT / 2)..);
    format!("{}{CUT}{}", start.unwrap_or_default(), end.unwrap_or_default()).into()
}

fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
