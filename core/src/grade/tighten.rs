//! Policies without what costs points.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::csp::{
    Delivery, Directive, HostSource, Keyword, ParsedDirective, Policy, SourceExpression, parse_list,
};

/// How much of a policy is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rigour {
    /// What lets code through, or anything over plain HTTP.
    Code,
    /// What lets styles through as well.
    Styles,
    /// And `default-src` is `'none'`; what it stood for is named.
    Everything,
}

impl Rigour {
    pub(super) const ALL: [Self; 3] = [Self::Code, Self::Styles, Self::Everything];
}

/// What `default-src` is written out as.
const NAMED: [Directive; 9] = [
    Directive::ScriptSrc,
    Directive::StyleSrc,
    Directive::ImgSrc,
    Directive::FontSrc,
    Directive::ConnectSrc,
    Directive::MediaSrc,
    Directive::FrameSrc,
    Directive::WorkerSrc,
    Directive::ManifestSrc,
];

/// The policies of a header, each without what costs points; `None` if there are none.
pub(super) fn tightened(text: &str, rigour: Rigour) -> Option<String> {
    let policies = parse_list(text, Delivery::Header);
    let kept = policies.iter().filter(|policy| !policy.is_empty());
    let tightened: Vec<String> = kept.map(|policy| tightened_policy(policy, rigour)).collect();
    (!tightened.is_empty()).then(|| tightened.join(", "))
}

fn tightened_policy(policy: &Policy<'_>, rigour: Rigour) -> String {
    let mut text = String::new();
    let default = policy.get(Directive::DefaultSrc);
    for directive in policy.counting() {
        match directive.directive {
            Some(Directive::DefaultSrc) if rigour == Rigour::Everything => {
                push(&mut text, "default-src", "'none'")
            }
            _ => push(
                &mut text,
                &directive.name.to_ascii_lowercase(),
                &values(directive, directive.directive, rigour),
            ),
        }
    }
    if rigour == Rigour::Everything {
        if default.is_none() {
            push(&mut text, "default-src", "'none'");
        }
        for named in NAMED.into_iter().filter(|named| policy.get(*named).is_none()) {
            let sources =
                default.map_or("'self'".into(), |default| values(default, Some(named), rigour));
            push(&mut text, named.as_str(), &sources);
        }
    }
    let missing = |directive: &Directive| default.is_none() && policy.get(*directive).is_none();
    if rigour < Rigour::Everything {
        let script = [(Directive::ScriptSrc, "'self'"), (Directive::ObjectSrc, "'none'")];
        let style = (rigour == Rigour::Styles).then_some((Directive::StyleSrc, "'self'"));
        for (directive, source) in script.into_iter().chain(style).filter(|(it, _)| missing(it)) {
            push(&mut text, directive.as_str(), source);
        }
    }
    text
}

fn push(text: &mut String, name: &str, values: &str) {
    let (gap, space) =
        (if text.is_empty() { "" } else { "; " }, if values.is_empty() { "" } else { " " });
    // Writing to a string does not fail.
    let _ = write!(text, "{gap}{name}{space}{values}");
}

/// The values of a directive as they should be where it decides about `about`.
fn values(directive: &ParsedDirective<'_>, about: Option<Directive>, rigour: Rigour) -> String {
    if !directive.directive.is_some_and(Directive::takes_source_list) {
        let values: Vec<&str> = directive.values().map(|value| value.text).collect();
        return values.join(" ");
    }
    let sources: Vec<_> = directive.sources().collect();
    let has_nonce_or_hash = sources.iter().any(|source| {
        matches!(source.expression, SourceExpression::Nonce(_) | SourceExpression::Hash(..))
    });
    let strictness = Strictness::of(about, rigour);
    let kept: Vec<Cow<'_, str>> = sources
        .iter()
        .filter_map(|source| match source.expression {
            SourceExpression::Keyword(Keyword::StrictDynamic) if !has_nonce_or_hash => None,
            expression => kept(source.value.text, expression, strictness),
        })
        .collect();
    match kept.is_empty() {
        false => kept.join(" "),
        true if about == Some(Directive::ObjectSrc) || sources.is_empty() => "'none'".to_owned(),
        true => "'self'".to_owned(),
    }
}

/// What a list must not hold.
#[derive(Clone, Copy)]
struct Strictness {
    /// Whole schemes and wildcards.
    broad: bool,
    /// `'unsafe-inline'`, `'unsafe-eval'` and `data:`.
    inline: bool,
    eval: bool,
}

impl Strictness {
    fn of(about: Option<Directive>, rigour: Rigour) -> Self {
        match about {
            Some(Directive::ScriptSrc | Directive::DefaultSrc) => {
                Self { broad: true, inline: true, eval: true }
            }
            Some(Directive::ObjectSrc) => Self { broad: true, inline: false, eval: false },
            Some(Directive::StyleSrc) => Self {
                broad: rigour >= Rigour::Styles,
                inline: rigour >= Rigour::Styles,
                eval: true,
            },
            _ => Self { broad: false, inline: false, eval: false },
        }
    }
}

fn kept<'t>(
    text: &'t str,
    expression: SourceExpression<'_>,
    strict: Strictness,
) -> Option<Cow<'t, str>> {
    let is_insecure =
        |scheme: &str| ["http", "ftp"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
    match expression {
        SourceExpression::Keyword(Keyword::UnsafeInline) if strict.inline => None,
        SourceExpression::Keyword(Keyword::UnsafeEval) if strict.eval => None,
        SourceExpression::Scheme(scheme)
            if scheme.eq_ignore_ascii_case("data") && strict.inline =>
        {
            None
        }
        SourceExpression::Scheme(scheme) if is_insecure(scheme) => None,
        SourceExpression::Scheme(scheme)
            if scheme.eq_ignore_ascii_case("https") && strict.broad =>
        {
            None
        }
        SourceExpression::Host(host) if matches!(host.host, "*" | "*.*") && strict.broad => None,
        SourceExpression::Host(host) if host.scheme.is_some_and(is_insecure) => {
            let secure = HostSource { scheme: Some("https"), ..host };
            Some(SourceExpression::Host(secure).to_string().into())
        }
        _ => Some(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_costs_points_goes() {
        let policy = "default-src * 'unsafe-inline'; img-src http://i.example https:; style-src 'self' 'unsafe-inline'";
        let tight = |rigour| tightened(policy, rigour).unwrap();
        assert_eq!(
            tight(Rigour::Code),
            "default-src 'self'; img-src https://i.example https:; style-src 'self' 'unsafe-inline'"
        );
        assert_eq!(
            tight(Rigour::Styles),
            "default-src 'self'; img-src https://i.example https:; style-src 'self'"
        );
        assert!(tight(Rigour::Everything).starts_with("default-src 'none'; img-src "));
    }

    #[test]
    fn empty_policies_go() {
        assert_eq!(
            tightened("default-src 'self',", Rigour::Code).as_deref(),
            Some("default-src 'self'")
        );
        assert_eq!(tightened(";", Rigour::Code), None);
    }
}
