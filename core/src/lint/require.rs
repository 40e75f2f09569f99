//! An organisation's own demands of a response.

use super::registry;
use super::report::{Judged, check};
use super::rule::{Breach, Rule};
use crate::csp::{Delivery, Directive, ParsedDirective, Policy, policies};
use crate::diagnostic::{Finding, Location};
use crate::header::{Header as _, SetCookie};
use crate::response::{Extent, Field, Response, delivery_of};
use crate::site::{Demand, Part, Requirement};
use crate::text::{Positions, Span};

/// What the rules that `wants` a rule find in a response, and then what is not as it is demanded to be.
pub fn judged(
    response: &Response<'_>,
    requirements: &[Requirement],
    wants: impl Fn(&Rule) -> bool,
) -> Vec<Judged> {
    let mut judged = check(response).findings_of(&wants);
    judged.extend(unmet(response, requirements, wants));
    judged
}

/// What of a response is not as it is demanded to be, by the rules that `wants` a rule.
///
/// ```
/// use cspc_core::lint::{Extent, Field, Response, unmet};
/// use cspc_core::site::SiteFile;
/// let site = SiteFile::parse("cspc.toml", "[require]\nServer = false").unwrap();
/// let response = Response { fields: vec![Field::header("server", "nginx")], extent: Extent::Head };
/// let found = unmet(&response, &site.require, |_| true);
/// assert_eq!(found[0].finding.rule, "require/forbidden");
/// ```
pub fn unmet(
    response: &Response<'_>,
    requirements: &[Requirement],
    wants: impl Fn(&Rule) -> bool,
) -> Vec<Judged> {
    let mut breaches = Vec::new();
    for requirement in requirements {
        breaches.extend(breaches_of(response, requirement).into_iter().filter_map(|found| {
            let rule = registry::demanding(found.breach).filter(|rule| wants(rule))?;
            Some(found.judged(response, requirement, rule))
        }));
    }
    breaches
}

/// A demand that is not kept, and where.
struct Found {
    breach: Breach,
    /// Index of the field.
    field: usize,
    span: Span,
    /// What is wrong, after the header's name.
    message: String,
    help: String,
}

impl Found {
    fn judged(self, response: &Response<'_>, requirement: &Requirement, rule: &Rule) -> Judged {
        let text = response.fields.get(self.field).map_or("", Field::text);
        let position = Positions::new(text.as_bytes()).at(self.span.start);
        let (line, column, span) = (position.line, position.column, self.span);
        let at = &requirement.location;
        let reason = requirement.reason.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
        let Self { message, help, .. } = self;
        let finding = Finding {
            rule: rule.id.into(),
            severity: requirement.severity.unwrap_or(rule.severity),
            confidence: rule.confidence,
            header: Some(requirement.header.to_string().into()),
            directive: None,
            value: None,
            message: format!("{} {message}", requirement.header),
            help: format!("{help} ({}:{}{reason})", at.path, at.line).into(),
            fix: None,
            location: Some(Location { path: String::new(), line, column, span }),
        };
        Judged { field: self.field, finding }
    }
}

fn breaches_of(response: &Response<'_>, requirement: &Requirement) -> Vec<Found> {
    let is_it = |field: &Field<'_>| {
        !field.is_in_page() && field.name().eq_ignore_ascii_case(requirement.header.as_str())
    };
    let fields = response.fields.iter().enumerate().filter(|(_, field)| is_it(field));
    let lines: Vec<(usize, &str)> = fields.map(|(index, field)| (index, field.text())).collect();
    if lines.is_empty() {
        return missing(response.extent, requirement).into_iter().collect();
    }
    match &requirement.demand {
        Demand::Absent => lines.iter().map(forbidden).collect(),
        Demand::OneOf(values) if values.is_empty() => Vec::new(),
        Demand::OneOf(values) => {
            let wanted: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
            lines.iter().filter_map(|line| other_value(line, &wanted)).collect()
        }
        Demand::Parts(with, without) => {
            let read =
                |(index, text)| Line { field: index, text, is_policy: requirement.is_policy() };
            let lines: Vec<Line<'_>> = lines.into_iter().map(read).collect();
            // Each cookie is a thing of its own; the lines of any other header are one list.
            let groups = match requirement.header.as_str().eq_ignore_ascii_case(SetCookie::NAME) {
                true => lines.chunks(1),
                false => lines.chunks(lines.len()),
            };
            groups.flat_map(|group| parts(group, with, without)).collect()
        }
    }
}

fn missing(extent: Extent, requirement: &Requirement) -> Option<Found> {
    if requirement.optional || requirement.demand == Demand::Absent || extent != Extent::Head {
        return None;
    }
    let example = match &requirement.demand {
        Demand::OneOf(values) => values.first().map(|value| value.as_str().to_owned()),
        Demand::Parts(with, _) => Some(with.iter().map(written).collect::<Vec<_>>().join(", ")),
        Demand::Absent => None,
    };
    let help = match example.filter(|example| !example.is_empty()) {
        Some(example) => format!("send `{}` with `{example}`", requirement.header),
        None => format!("send `{}`", requirement.header),
    };
    let message = "is demanded, and the response has none".to_owned();
    Some(Found { breach: Breach::Missing, field: 0, span: Span::default(), message, help })
}

fn forbidden(&(field, text): &(usize, &str)) -> Found {
    let message = "is not to be sent".to_owned();
    let span = Span::new(0, text.len());
    Found { breach: Breach::Forbidden, field, span, message, help: "take it out".to_owned() }
}

fn other_value(&(field, text): &(usize, &str), wanted: &[&str]) -> Option<Found> {
    if wanted.iter().any(|value| value.split_whitespace().eq(text.split_whitespace())) {
        return None;
    }
    let one_of = wanted.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or ");
    let message = format!("is to be {one_of}, and is `{}`", text.trim());
    let span = Span::new(0, text.len());
    Some(Found { breach: Breach::Value, field, span, message, help: format!("send {one_of}") })
}

/// The parts that lines of one header lack, and those that they are not to have.
fn parts(lines: &[Line<'_>], with: &[Part], without: &[Part]) -> Vec<Found> {
    let Some(first) = lines.first() else { return Vec::new() };
    let found = |line: &Line<'_>, span, message, help| {
        let (breach, field) = (Breach::Value, line.field);
        Found { breach, field, span, message, help }
    };
    let lacks = |part: &&Part| lines.iter().all(|line| line.find(part).is_none());
    let lacking = with.iter().filter(lacks).map(|part| {
        let part = written(part);
        let (message, help) = (format!("lacks `{part}`"), format!("add `{part}`"));
        found(first, Span::new(0, first.text.len()), message, help)
    });
    let having = lines.iter().flat_map(|line| {
        without.iter().filter_map(move |part| {
            let (message, help) =
                (format!("is not to have `{}`", written(part)), "take it out".to_owned());
            Some(found(line, line.find(part)?, message, help))
        })
    });
    lacking.chain(having).collect()
}

fn written(part: &Part) -> String {
    match part {
        Part::Text(text) => text.clone(),
        Part::AtLeast(name, least) => format!("{name}>={least}"),
        Part::AtMost(name, most) => format!("{name}<={most}"),
    }
}

/// One line of the header in question.
#[derive(Clone, Copy)]
struct Line<'a> {
    field: usize,
    text: &'a str,
    is_policy: bool,
}

impl Line<'_> {
    /// Where a part stands.
    fn find(&self, part: &Part) -> Option<Span> {
        match part {
            Part::Text(text) if self.is_policy => {
                policies(self.text, Delivery::Header).find_map(|policy| in_policy(&policy, text))
            }
            Part::Text(text) => self.member(|member| same(member, text)),
            Part::AtLeast(name, least) => self.number(name, |number| number >= *least),
            Part::AtMost(name, most) => self.number(name, |number| number <= *most),
        }
    }

    fn number(&self, name: &str, holds: impl Fn(u64) -> bool) -> Option<Span> {
        self.member(|member| {
            let number = member.split_once('=').filter(|(own, _)| same(own, name));
            number.and_then(|(_, number)| number.trim().parse().ok()).is_some_and(&holds)
        })
    }

    /// The first member of the value for which this holds. Commas and semicolons outside of quotes and brackets end one.
    fn member(&self, holds: impl Fn(&str) -> bool) -> Option<Span> {
        let (mut start, mut depth, mut is_quoted) = (0, 0_usize, false);
        let ends = self.text.bytes().enumerate().filter(|(_, byte)| {
            match byte {
                b'"' => is_quoted = !is_quoted,
                b'(' if !is_quoted => depth += 1,
                b')' if !is_quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && !is_quoted && matches!(byte, b',' | b';')
        });
        for end in ends.map(|(at, _)| at).chain([self.text.len()]) {
            let member = self.text.get(start..end).unwrap_or_default();
            if holds(member) {
                let before = member.len() - member.trim_ascii_start().len();
                return Some(Span::new(start + before, start + member.trim_ascii_end().len()));
            }
            start = end + 1;
        }
        None
    }
}

/// Whether texts are the same but for case and white space.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.split_whitespace(), other.split_whitespace());
    one.map(str::to_ascii_lowercase).eq(other.map(str::to_ascii_lowercase))
}

/// Where a policy has a directive, alone or with these values and perhaps others; or a source expression, wherever it is.
/// A list of sources may be that of the directive's fallback.
fn in_policy(policy: &Policy<'_>, part: &str) -> Option<Span> {
    let mut words = part.split_whitespace();
    let first = words.next()?;
    let Some(known) = Directive::from_name(first) else {
        return policy.counting().find_map(|directive| value(directive, first));
    };
    let wanted: Vec<&str> = words.collect();
    if wanted.is_empty() {
        return policy.get(known).map(|directive| directive.span);
    }
    let directive = policy.effective(known).or_else(|| policy.get(known))?;
    let spans = wanted.iter().map(|wanted| value(directive, wanted)).collect::<Option<Vec<_>>>();
    spans.map(|_| directive.span)
}

fn value(directive: &ParsedDirective<'_>, wanted: &str) -> Option<Span> {
    let mut values = directive.values();
    values.find(|value| value.text.eq_ignore_ascii_case(wanted)).map(|value| value.span)
}

impl Requirement {
    /// Whether it is about a header that holds policies.
    fn is_policy(&self) -> bool {
        delivery_of(self.header.as_str()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::SiteFile;

    /// The rules and places of what is not kept.
    fn found(require: &str, head: &[(&'static str, &'static str)]) -> Vec<String> {
        let site = SiteFile::parse("cspc.toml", &format!("[require]\n{require}")).unwrap();
        let fields = head.iter().map(|(name, value)| Field::header(name, value)).collect();
        let response = Response { fields, extent: Extent::Head };
        let judged = unmet(&response, &site.require, |_| true).into_iter();
        let shown = judged.map(|Judged { field, finding }| {
            let span = finding.location.unwrap().span;
            let text = response.fields.get(field).map_or("", Field::text);
            let text = text.get(span.start..span.end).unwrap_or_default();
            format!("{} {}: {text}", finding.rule, finding.message)
        });
        shown.collect()
    }

    #[test]
    fn headers_are_there_or_not() {
        assert_eq!(found("A = true", &[("a", "")]), [""; 0]);
        assert_eq!(
            found("A = true", &[]),
            ["require/missing A is demanded, and the response has none: "]
        );
        assert_eq!(found("A = false", &[]), [""; 0]);
        assert_eq!(
            found("A = false", &[("B", "1"), ("a", "1"), ("A", "2")]),
            [
                "require/forbidden A is not to be sent: 1",
                "require/forbidden A is not to be sent: 2"
            ]
        );
        assert_eq!(found("A = { with = ['b'], optional = true }", &[]), [""; 0]);
    }

    #[test]
    fn values_are_exact() {
        let one = "A = ['x  y', 'z']";
        assert_eq!(found(one, &[("a", " x y ")]), [""; 0]);
        assert_eq!(
            found(one, &[("a", "X y")]),
            ["require/value A is to be `x  y` or `z`, and is `X y`: X y"]
        );
    }

    #[test]
    fn parts_stand_anywhere_in_the_value() {
        let hsts = "A = { with = ['max-age>=60', 'includeSubDomains'], without = ['preload'] }";
        assert_eq!(found(hsts, &[("a", "includesubdomains; max-age=60")]), [""; 0]);
        assert_eq!(
            found(hsts, &[("a", "max-age=59; includeSubDomains; Preload")]),
            [
                "require/value A lacks `max-age>=60`: max-age=59; includeSubDomains; Preload",
                "require/value A is not to have `preload`: Preload"
            ]
        );
        let camera = "A = { with = ['camera=(self \"https://a.example\")'] }";
        assert_eq!(
            found(camera, &[("a", "usb=()"), ("a", "camera=(self \"https://a.example\")")]),
            [""; 0]
        );
        assert_eq!(found(camera, &[("a", "camera=()")]).len(), 1);
    }

    #[test]
    fn each_cookie_is_asked_by_itself() {
        let cookies = [("set-cookie", "a=1; secure"), ("set-cookie", "b=1")];
        let secure = "Set-Cookie = { with = ['Secure'], optional = true }";
        assert_eq!(found(secure, &cookies), ["require/value Set-Cookie lacks `Secure`: b=1"]);
    }

    #[test]
    fn policies_are_read_as_browsers_read_them() {
        let demand = "Content-Security-Policy = { with = [\"frame-ancestors 'none'\", 'base-uri'], without = [\"'unsafe-inline'\", \"script-src https:\"] }";
        let name = "content-security-policy";
        assert_eq!(
            found(
                demand,
                &[(name, "base-uri 'self'"), (name, "img-src *; frame-ancestors 'NONE'")]
            ),
            [""; 0]
        );
        assert_eq!(
            found(
                demand,
                &[(
                    name,
                    "default-src 'unsafe-inline' https:; base-uri 'none'; frame-ancestors 'self'"
                )]
            ),
            [
                "require/value Content-Security-Policy lacks `frame-ancestors 'none'`: default-src 'unsafe-inline' https:; base-uri 'none'; frame-ancestors 'self'",
                "require/value Content-Security-Policy is not to have `'unsafe-inline'`: 'unsafe-inline'",
                "require/value Content-Security-Policy is not to have `script-src https:`: default-src 'unsafe-inline' https:",
            ]
        );
    }
}
