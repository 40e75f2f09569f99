//! Caddy: each header twice, set at once and again when the response is written.
//!
//! A plain `header` survives Caddy's own errors, but a proxied application's lines come after it; a deferred one
//! replaces those, but is lost with Caddy's own errors. Together they give one line in every case. Directives are
//! sorted, those without a matcher last, so each has one. What is set at once runs in the order written; what is
//! deferred runs outside in, the first line last.

mod guard;
mod nonce;
mod quote;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;

use super::check::finding;
use super::lines::{Change, HeaderChanges, Paths, Place, Scope, Site};
use super::{EmitError, File, GENERATED_BY, Server, https_origin, regex};
use crate::diagnostic::Finding;
use crate::header::Origin;
use crate::plan::{CookieAttribute, Op, Plan, Scheme, ServerTokens};
use quote::{expression, value, variables};

pub(super) fn emit(
    plan: &Plan,
    site: &Site<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<File>, EmitError> {
    let mut writer = Writer {
        site,
        nonces: plan.nonce.is_some(),
        matchers: String::new(),
        named: BTreeMap::new(),
        plain: String::new(),
        late: Vec::new(),
    };
    for header in &site.headers {
        writer.header(header)?;
    }
    let guard = guard::lines(plan, &mut writer)?;
    writer.late.extend(late_rest(plan));
    let (plain, late) = (writer.plain, writer.late.iter().rev().cloned().collect::<String>());
    let mut text = format!(
        "{GENERATED_BY}: the response headers.\n\
         # In the site's block:  import cspc/Caddyfile\n"
    );
    text.push_str(&variables(&[plain.as_str(), &late].concat()));
    text.push_str(&redirect(plan)?);
    text.push_str(&nonce::templates(plan)?);
    section(&mut text, "Which requests.", &writer.matchers);
    text.push_str(&guard);
    section(&mut text, "What clients get, Caddy's own errors included.", &plain);
    section(
        &mut text,
        "Once more, in place of what applications send; the last rule stands first.",
        &late,
    );
    let defaults = |h: &HeaderChanges<'_>| h.changes.iter().any(|c| c.op == Op::Default);
    if site.headers.iter().any(defaults) {
        findings.push(finding(
            Server::Caddy,
            "sends no `default` header with the errors that it makes itself",
            "use `set` where errors need the header",
        ));
    }
    Ok(vec![File::new("Caddyfile", text)])
}

fn section(text: &mut String, comment: &str, lines: &str) {
    if !lines.is_empty() {
        let _ = write!(text, "\n# {comment}\n{lines}");
    }
}

struct Writer<'s, 'a> {
    site: &'s Site<'a>,
    /// Whether requests have nonces.
    nonces: bool,
    /// The definitions of matchers, and their names by what they hold.
    matchers: String,
    named: BTreeMap<String, String>,
    plain: String,
    /// In the order of the plan.
    late: Vec<String>,
}

impl Writer<'_, '_> {
    fn header(&mut self, header: &HeaderChanges<'_>) -> Result<(), EmitError> {
        let HeaderChanges { name, changes, .. } = header;
        let adds_only = changes.iter().all(|change| change.op == Op::Add);
        check_adds(header, adds_only)?;
        let undoes =
            |(_, change): &(usize, &Change<'_>)| matches!(change.op, Op::Remove | Op::Default);
        let undoing: Vec<(usize, &Change<'_>)> =
            changes.iter().enumerate().filter(undoes).collect();
        for (index, change) in changes.iter().enumerate() {
            let later = undoing.iter().filter(|(at, _)| *at > index).map(|(_, change)| *change);
            let matcher = self.matcher(change.scope, later.map(|change| change.scope), "");
            let sign = if change.op == Op::Add { "+" } else { "" };
            if matches!(change.op, Op::Set | Op::Add) {
                let _ = writeln!(
                    self.plain,
                    "header {matcher} {sign}{name} {}",
                    value(change.value, self.nonces)
                );
            }
            self.late.extend(match change.op {
                _ if adds_only => None,
                Op::Remove => Some(format!("header {matcher} -{name}\n")),
                Op::Default => {
                    Some(format!("header {matcher} ?{name} {}\n", value(change.value, self.nonces)))
                }
                Op::Set | Op::Add => Some(format!(
                    "header {matcher} {{\n\t{sign}{name} {}\n\tdefer\n}}\n",
                    value(change.value, self.nonces)
                )),
            });
        }
        Ok(())
    }

    /// The name of a matcher for where a rule holds and no later one undoes it; `more` are lines that have to hold as well.
    fn matcher<'c>(
        &mut self,
        scope: Scope<'_>,
        undoing: impl Iterator<Item = Scope<'c>>,
        more: &str,
    ) -> String {
        let mut lines = conditions(self.site, scope, "\t");
        lines.push(more.to_owned());
        for other in undoing {
            let inner: String = conditions(self.site, other, "\t\t").concat();
            lines.push(format!("\tnot {{\n{inner}\t}}\n"));
        }
        let mut body = lines.concat();
        if body.is_empty() {
            body.push_str("\texpression true\n");
        }
        let name = format!("@cspc_{}", self.named.len() + 1);
        match self.named.entry(body) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => {
                if let Some(place) = self.site.place(scope) {
                    let _ = writeln!(self.matchers, "# {}", place.describe());
                }
                let _ = writeln!(self.matchers, "{name} {{\n{}}}", new.key());
                new.insert(name).clone()
            }
        }
    }
}

/// A line that is added to an application's own and one that replaces them need each other's order.
fn check_adds(header: &HeaderChanges<'_>, adds_only: bool) -> Result<(), EmitError> {
    let replaces = |c: &Change<'_>| matches!(c.op, Op::Set | Op::Remove) && c.scope.is_always();
    let of = |op: Op| move |change: &Change<'_>| change.op == op;
    let adds = header.changes.iter().any(of(Op::Add));
    let default = header.changes.iter().position(of(Op::Default));
    // What is added at once is there before a default asks.
    if default.is_some() && default < header.changes.iter().rposition(of(Op::Add)) {
        return Err(EmitError::Unwritable {
            server: Server::Caddy,
            name: header.name.to_owned(),
            what: "lines that are added to a default",
            help: "use `set` in place of `default`",
        });
    }
    if !adds || adds_only || header.changes.first().is_some_and(replaces) {
        return Ok(());
    }
    Err(EmitError::Unwritable {
        server: Server::Caddy,
        name: header.name.to_owned(),
        what: "lines of one name that are added in some places and set in others",
        help: "set the header for everything first, in a rule without conditions",
    })
}

/// The lines of a matcher for a change; all of them have to hold.
fn conditions(site: &Site<'_>, scope: Scope<'_>, tab: &str) -> Vec<String> {
    let mut lines = site.place(scope).map_or_else(Vec::new, |place| paths(place, tab));
    lines.extend(scope.scheme.map(|scheme| match scheme {
        Scheme::Https => format!("{tab}protocol https\n"),
        Scheme::Http => format!("{tab}protocol http\n"),
    }));
    if !scope.origins.is_empty() {
        let origins: Vec<&str> = scope.origins.iter().map(Origin::as_str).collect();
        lines.push(format!("{tab}{}\n", from(&origins)));
    }
    lines
}

/// The condition that the request's `Origin` is one of these.
fn from(origins: &[&str]) -> String {
    let origins: Vec<String> = origins.iter().map(|origin| regex::escape(origin)).collect();
    format!("header_regexp Origin {}", expression(&format!("^(?:{})\\z", origins.join("|"))))
}

/// Go's expressions look neither ahead nor back, and a matcher takes one for the path: that for the other end of
/// the path stands in a double negation.
fn paths(place: &Place<'_>, tab: &str) -> Vec<String> {
    let any = |parts: &[String]| expression(&parts.join("|"));
    match &place.paths {
        Paths::Any => Vec::new(),
        Paths::Exact(paths) => {
            let paths: Vec<&str> = paths.iter().copied().collect();
            let whole: Vec<String> = regex::alternations(&paths, usize::MAX)
                .iter()
                .map(|expression| format!("^{expression}\\z"))
                .collect();
            vec![format!("{tab}path_regexp {}\n", any(&whole))]
        }
        Paths::Ends { prefix, suffix } => {
            let heads = regex::ends(prefix, &[], usize::MAX);
            let tails = regex::ends(&[], suffix, usize::MAX);
            let mut lines = Vec::new();
            if !prefix.is_empty() {
                lines.push(format!("{tab}path_regexp {}\n", any(&heads)));
            }
            if !suffix.is_empty() && prefix.is_empty() {
                lines.push(format!("{tab}path_regexp {}\n", any(&tails)));
            } else if !suffix.is_empty() {
                lines.push(format!(
                    "{tab}not {{\n{tab}\tnot path_regexp {}\n{tab}}}\n",
                    any(&tails)
                ));
            }
            lines
        }
    }
}

/// What is done to responses as they are written, beside the rules.
fn late_rest(plan: &Plan) -> Vec<String> {
    let mut late = Vec::new();
    if plan.server_tokens == Some(ServerTokens::Off) {
        late.push("# No name and version of the server.\nheader -Server\n".to_owned());
    }
    if !plan.cookies.is_empty() {
        late.push(cookies(&plan.cookies));
    }
    late
}

fn cookies(attributes: &[CookieAttribute]) -> String {
    let mut text =
        "# Each cookie: an attribute is cut off where it stands already, then appended.\n\
                    header {\n"
            .to_owned();
    for attribute in attributes {
        let (name, written) = attribute.as_written();
        let _ = writeln!(
            text,
            "\tSet-Cookie `(?i);\\s*{name}\\s*(?:=[^;]*)?(;|\\z)` `$1`\n\tSet-Cookie `\\z` `; {written}`"
        );
    }
    text + "\tdefer\n}\n"
}

fn redirect(plan: &Plan) -> Result<String, EmitError> {
    let Some(status) = plan.https_redirect else { return Ok(String::new()) };
    let origin = https_origin(plan)?.unwrap_or_else(|| "https://{host}".to_owned());
    Ok(format!(
        "\n# Plain HTTP goes to HTTPS.\n@cspc_plain protocol http\nredir @cspc_plain {origin}{{uri}} {}\n",
        u16::from(status)
    ))
}
