//! Messages of browsers' consoles about what a policy blocked.
//!
//! They quote one directive of the policy. What they say beside it is what the owner wants to know: what was blocked,
//! and what would allow it. The wordings are those of Chromium 150 and Firefox 140, and of older versions.

use std::ops::Range;

use super::{Answer, Located};
use crate::configuration::{Caught, Trap};
use crate::csp::{Delivery, Directive, SourceExpression};
use crate::response::Extent;
use crate::text::Span;

/// What stands before the directive, and what ends it.
static QUOTING: [(&str, &[&str]); 5] = [
    ("Content Security Policy directive: \"", &["\""]),
    ("Content Security Policy directive '", &["'."]),
    ("is not an allowed source of script: ", &["\""]),
    // Firefox ends some with an opening quote.
    ("violates the following directive: “", &["”", "“"]),
    ("violates the following directive: \"", &["\""]),
];

/// How messages begin that quote nothing.
static NAMING: [&str; 4] = [
    "Content-Security-Policy: The page’s settings",
    "Content Security Policy: The page’s settings",
    "This document requires 'Trusted",
    "Refused to ",
];

/// A message that quotes a directive.
struct Message<'t> {
    before: &'t str,
    quoted: &'t str,
    /// Offset of what is quoted.
    start: usize,
    after: &'t str,
}

/// Whether a text is of such messages.
pub(super) fn is_one(text: &str) -> bool {
    let start = text.trim_start();
    NAMING.iter().any(|naming| start.starts_with(naming)) || !messages(text).is_empty()
}

/// The excerpts of the policy that they quote, each for itself.
pub(super) fn read(text: &str) -> Vec<Answer> {
    let answer = |message: Message<'_>| {
        let delivery = if message.only_reports() { Delivery::ReportOnly } else { Delivery::Header };
        let excerpt = Located::policy(message.quoted, delivery, Some(message.start));
        Answer { fields: vec![excerpt], extent: Extent::Excerpt, ..Answer::default() }
    };
    messages(text).into_iter().map(answer).collect()
}

/// What was blocked.
pub(super) fn caught(text: &str) -> Vec<Caught> {
    messages(text).iter().map(Message::caught).collect()
}

/// A place that says that a directive follows: where it begins, where the directive does, and what ends that.
type Mark = (usize, usize, &'static [&'static str]);

/// The messages in a text, in time that grows with it. Each begins with its line, and the first one with the text.
fn messages(text: &str) -> Vec<Message<'_>> {
    let marks = QUOTING.iter().flat_map(|(mark, ends)| {
        text.match_indices(mark).map(move |(at, _)| (at, at + mark.len(), *ends))
    });
    let mut marks: Vec<Mark> = marks.collect();
    marks.sort_unstable_by_key(|(at, ..)| *at);
    let line = |from: usize, at: usize| {
        let end = text.get(from..at).and_then(|before| before.rfind('\n'));
        end.map_or(at, |end| from + end + 1)
    };
    let mut messages: Vec<Message<'_>> = Vec::new();
    let mut begin = 0;
    for (index, (at, start, ends)) in marks.iter().enumerate() {
        let next = marks.get(index + 1).map_or(text.len(), |(next, ..)| line(*start, *next));
        messages.extend(message(text, begin..next, *at, *start, ends));
        begin = next;
    }
    messages
}

fn message<'t>(
    text: &'t str,
    range: Range<usize>,
    at: usize,
    start: usize,
    ends: &[&str],
) -> Option<Message<'t>> {
    let rest = text.get(start..range.end)?;
    let length = ends.iter().filter_map(|end| rest.find(end)).min()?;
    let (quoted, after) = rest.split_at_checked(length)?;
    Some(Message { before: text.get(range.start..at)?, quoted, start, after })
}

/// What a browser did not let through.
enum Blocked {
    /// A URL, without what no source has.
    Url(String),
    /// Inline code, by its hash.
    Hash(String),
    /// Inline code of which no hash is told.
    Inline,
    /// A string that was to become code.
    Eval,
    WebAssembly,
}

impl Message<'_> {
    fn only_reports(&self) -> bool {
        let said = |text: &str| {
            ["eport-only", "Report-Only", "Report Only"].iter().any(|it| text.contains(it))
        };
        said(self.before) || said(self.after)
    }

    fn caught(&self) -> Caught {
        let blocked = self.blocked();
        let what = match &blocked {
            Blocked::Url(url) => format!("`{url}`"),
            Blocked::Hash(_) | Blocked::Inline => "inline code".to_owned(),
            Blocked::Eval => "a string that was to become code".to_owned(),
            Blocked::WebAssembly => "WebAssembly".to_owned(),
        };
        let verb = if self.only_reports() { "would block" } else { "blocked" };
        let message = format!("the browser {verb} {what}, as `{}` does not allow it", self.quoted);
        let span = Span::new(self.start, self.start + self.quoted.len());
        let mut caught = Caught::new(Trap::Blocked, span, message).about("Content-Security-Policy");
        caught.help = Some(self.help(&blocked).into());
        caught
    }

    fn help(&self, blocked: &Blocked) -> String {
        let target = self.target();
        match blocked {
            Blocked::Url(_) if target == "`frame-ancestors`" => {
                "if that site may frame the page, add its origin to `frame-ancestors`".to_owned()
            }
            Blocked::Url(url) => format!("if the page needs it, add `{url}` to {target}"),
            Blocked::Hash(hash) if self.is_attribute() => format!(
                "if it is the site's own, move it out of the attribute, or add `{hash}` and `'unsafe-hashes'` to {target}"
            ),
            Blocked::Hash(hash) => format!("if it is the site's own, add `{hash}` to {target}"),
            Blocked::Inline => "if it is the site's own, move it into a file: scripts add handlers by `addEventListener`".to_owned(),
            Blocked::Eval => format!(
                "make no code of strings; `'unsafe-eval'` in {target} would allow it, and an attacker's strings as well"
            ),
            Blocked::WebAssembly => format!("if the page needs it, add `'wasm-unsafe-eval'` to {target}"),
        }
    }

    /// Firefox tells hashes of attributes, too, where they do not count alone.
    fn is_attribute(&self) -> bool {
        ["-attr)", "event handler"].iter().any(|it| self.before.contains(it))
            || self.after.contains("unless the 'unsafe-hashes' keyword is present")
    }

    fn blocked(&self) -> Blocked {
        if let Some(hash) = self.hash() {
            Blocked::Hash(hash.to_owned())
        } else if let Some(url) = self.url() {
            Blocked::Url(url)
        } else if self.before.contains("WebAssembly") {
            Blocked::WebAssembly
        } else if self.before.contains("'unsafe-eval'") || self.after.contains("'unsafe-eval'") {
            Blocked::Eval
        } else {
            Blocked::Inline
        }
    }

    /// The hash that is proposed.
    fn hash(&self) -> Option<&str> {
        let from = self.after.get(self.after.find("'sha256-")?..)?;
        let length = from.get(1..)?.find('\'')? + 2;
        let is_hash =
            |text: &&str| matches!(SourceExpression::parse(text), SourceExpression::Hash(..));
        from.get(..length).filter(is_hash)
    }

    /// The URL, as a source that matches it.
    fn url(&self) -> Option<String> {
        let ends = |c: char| c.is_whitespace() || "'\"“”‘’".contains(c);
        let mut words = self.before.rsplit(ends);
        let url = words.find(|word| word.contains("://"))?;
        let url = url.split(['?', '#']).next()?.replace(';', "%3B").replace(',', "%2C");
        matches!(SourceExpression::parse(&url), SourceExpression::Host(_)).then_some(url)
    }

    /// The directive to mend.
    fn target(&self) -> String {
        let name = self.quoted.split_ascii_whitespace().next().unwrap_or_default();
        let decided = self.decided().filter(|_| name.eq_ignore_ascii_case("default-src"));
        match decided {
            Some(directive) => format!("`{directive}`, beside what `{name}` holds"),
            None => format!("`{}`", name.to_ascii_lowercase()),
        }
    }

    /// The directive in whose place `default-src` decided, without the parts that only elements or attributes have.
    fn decided(&self) -> Option<&str> {
        let chromium = self.after.split_once("' was not explicitly set").map(|(before, _)| before);
        let firefox = self.before.rsplit_once(')').map(|(before, _)| before);
        let named = chromium.and_then(|before| before.rsplit('\'').next());
        let named = named.or_else(|| firefox?.rsplit('(').next())?;
        Directive::from_name(named)?;
        let whole = named.strip_suffix("-elem").or_else(|| named.strip_suffix("-attr"));
        Some(whole.unwrap_or(named))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of each message in a text: what was blocked, what is quoted, and what to do.
    fn said(text: &str) -> Vec<(String, String)> {
        let quoted = |caught: &Caught| text.get(caught.at.start..caught.at.end).map(str::to_owned);
        let said = |caught: Caught| {
            (quoted(&caught).unwrap_or_default(), caught.help.unwrap_or_default().into_owned())
        };
        caught(text).into_iter().map(said).collect()
    }

    const CHROMIUM: &str = "\
Executing inline script violates the following Content Security Policy directive 'script-src 'self''. Either the 'unsafe-inline' keyword, a hash ('sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='), or a nonce ('nonce-...') is required to enable inline execution. The action has been blocked.
Loading the script 'https://cdn.example/a.js?x=1' violates the following Content Security Policy directive: \"script-src 'self'\". Note that 'script-src-elem' was not explicitly set, so 'script-src' is used as a fallback. The action has been blocked.
Connecting to 'wss://ws.example/' violates the following Content Security Policy directive: \"default-src 'none'\". Note that 'connect-src' was not explicitly set, so 'default-src' is used as a fallback. The action has been blocked.
Executing inline event handler violates the following Content Security Policy directive 'script-src 'self''. Either the 'unsafe-inline' keyword, a hash ('sha256-...'), or a nonce ('nonce-...') is required to enable inline execution. Note that hashes do not apply to event handlers, style attributes and javascript: navigations unless the 'unsafe-hashes' keyword is present. The action has been blocked.
EvalError: Evaluating a string as JavaScript violates the following Content Security Policy directive because 'unsafe-eval' is not an allowed source of script: script-src 'nonce-x' 'self'\".
CompileError: WebAssembly.Module(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because 'unsafe-eval' is not an allowed source of script in the following Content Security Policy directive: \"script-src 'self'\".
Framing 'https://a.example/' violates the following Content Security Policy directive: \"frame-ancestors 'none'\". The request has been blocked.";

    const FIREFOX: &str = "\
Content-Security-Policy: The page’s settings blocked an inline style (style-src-attr) from being applied because it violates the following directive: “default-src 'self'”. Consider using a hash ('sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=', requires 'unsafe-hashes' for style attributes) or a nonce.
Content-Security-Policy: (Report-Only policy) The page’s settings would block the loading of a resource (img-src) at https://img.example/p.png because it violates the following directive: “img-src 'self'”
Content-Security-Policy: The page’s settings blocked a JavaScript eval (script-src) from being executed because it violates the following directive: “script-src 'self'” (Missing 'unsafe-eval')";

    #[test]
    fn what_chromium_says_is_turned_into_advice() {
        let said = said(CHROMIUM);
        let quoted: Vec<&str> = said.iter().map(|(quoted, _)| quoted.as_str()).collect();
        let own = "script-src 'self'";
        let with_nonce = "script-src 'nonce-x' 'self'";
        let framed = "frame-ancestors 'none'";
        assert_eq!(quoted, [own, own, "default-src 'none'", own, with_nonce, own, framed]);
        let helps = [
            "add `'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='` to `script-src`",
            "add `https://cdn.example/a.js` to `script-src`",
            "add `wss://ws.example/` to `connect-src`, beside what `default-src` holds",
            "addEventListener",
            "`'unsafe-eval'` in `script-src`",
            "add `'wasm-unsafe-eval'` to `script-src`",
            "add its origin to `frame-ancestors`",
        ];
        for ((_, help), wanted) in said.iter().zip(helps) {
            assert!(help.contains(wanted), "{help} / {wanted}");
        }
    }

    #[test]
    fn what_firefox_says_is_turned_into_advice() {
        let helps = [
            "add `'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='` and `'unsafe-hashes'` to `style-src`, beside what `default-src` holds",
            "add `https://img.example/p.png` to `img-src`",
            "`'unsafe-eval'` in `script-src`",
        ];
        let said = said(FIREFOX);
        assert_eq!(said.len(), helps.len());
        for ((_, help), wanted) in said.iter().zip(helps) {
            assert!(help.contains(wanted), "{help} / {wanted}");
        }
        let deliveries =
            read(FIREFOX).into_iter().filter_map(|answer| answer.fields.first()?.delivery);
        let reported = [Delivery::Header, Delivery::ReportOnly, Delivery::Header];
        assert_eq!(deliveries.collect::<Vec<_>>(), reported);
    }

    #[test]
    fn a_policy_is_no_message() {
        assert!(
            !is_one("script-src 'self'; report-to x")
                && is_one("This document requires 'TrustedHTML' assignment.")
        );
    }

    /// A megabyte of messages that never end.
    #[test]
    fn many_messages_are_read_in_one_go() {
        let (mark, _) = QUOTING[0];
        assert!(messages(&mark.repeat(30_000)).len() <= 30_000);
    }
}
