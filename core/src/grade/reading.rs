//! Our own reading beside the score: what it does not see, and what it holds against a site without a reason.

use std::borrow::Cow;

use url::Url;

use super::chart::{Outcome, Test};
use super::site::Site;
use super::{Grade, grade};
use crate::csp::{Delivery, Directive, Keyword, SourceExpression, parse_list};
use crate::header::{
    AccessControlAllowOrigin, CrossOriginResourcePolicy, Header, SameSite, SetCookie,
    StrictTransportSecurity, XContentTypeOptions, XFrameOptions,
};

/// In which way a score misleads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slant {
    /// Something is weak, and costs nothing.
    Blind,
    /// Something costs points, and is not weak.
    Unfair,
}

/// A place where the score misleads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The test in question.
    pub test: Test,
    /// In which way.
    pub slant: Slant,
    /// What is the matter, in a sentence.
    pub message: Cow<'static, str>,
}

/// Looks for one such place.
struct Check {
    test: Test,
    slant: Slant,
    find: fn(&Site<'_>, &Grade) -> Option<Cow<'static, str>>,
}

const fn blind(test: Test, find: fn(&Site<'_>, &Grade) -> Option<Cow<'static, str>>) -> Check {
    Check { test, slant: Slant::Blind, find }
}

const fn unfair(test: Test, find: fn(&Site<'_>, &Grade) -> Option<Cow<'static, str>>) -> Check {
    Check { test, slant: Slant::Unfair, find }
}

static CHECKS: [Check; 22] = [
    blind(Test::ContentSecurityPolicy, merged_to_something_stricter),
    unfair(Test::ContentSecurityPolicy, merged_to_something_laxer),
    blind(Test::ContentSecurityPolicy, unread_directive),
    blind(Test::ContentSecurityPolicy, wide_script_source),
    blind(Test::ContentSecurityPolicy, invalid_nonce),
    unfair(Test::ContentSecurityPolicy, empty_member),
    unfair(Test::ContentSecurityPolicy, duplicate_directive),
    unfair(Test::ContentSecurityPolicy, insecure_address_of_no_load),
    unfair(Test::ContentSecurityPolicy, strict_policy_without_styles),
    blind(Test::Cookies, same_site_none),
    blind(Test::Cookies, unknown_session),
    blind(Test::Cookies, refused_cookie),
    unfair(Test::Cookies, session_by_name_only),
    blind(Test::Cors, null_origin),
    blind(Test::Cors, origin_over_http),
    blind(Test::StrictTransportSecurity, malformed_hsts),
    unfair(Test::StrictTransportSecurity, unread_hsts),
    blind(Test::SubresourceIntegrity, integrity_without_cors),
    unfair(Test::SubresourceIntegrity, relative_scheme_of_own_host),
    unfair(Test::ContentTypeOptions, repeated_nosniff),
    blind(Test::FrameOptions, frames_for_all),
    blind(Test::ResourcePolicy, resource_policy_in_wrong_case),
];

/// Where the score of a site misleads, by the order of the tests.
///
/// ```
/// use cspc_core::grade::{PreloadList, Site, Slant, grade, readings};
/// let preloaded = PreloadList::default();
/// let headers = vec![("Strict-Transport-Security".into(), "max-age=".into())];
/// let site = Site::new("https://shop.example/".parse().unwrap(), headers, "", &preloaded);
/// let readings = readings(&site, &grade(&site));
/// assert_eq!(readings[0].slant, Slant::Blind); // no browser takes it, and it passes
/// ```
pub fn readings(site: &Site<'_>, grade: &Grade) -> Vec<Reading> {
    let read = |check: &Check| {
        let message = (check.find)(site, grade)?;
        Some(Reading { test: check.test, slant: check.slant, message })
    };
    CHECKS.iter().filter_map(read).collect()
}

type Said = Option<Cow<'static, str>>;

/// A finding without a variable part, if it holds.
fn said(holds: bool, message: &'static str) -> Said {
    holds.then_some(Cow::Borrowed(message))
}

const POLICY: &str = "Content-Security-Policy";

/// The enforced policies, each as a text.
fn policies<'s>(site: &'s Site<'_>) -> Vec<&'s str> {
    let sent = site.all(POLICY).flat_map(|text| text.split(','));
    let declared = site.page.policies.iter().map(String::as_str);
    sent.chain(declared).map(str::trim).filter(|policy| !policy.is_empty()).collect()
}

/// What the Observatory would say of one policy alone.
fn alone(site: &Site<'_>, policy: &str) -> Outcome {
    let mut single = site.clone();
    single.page.policies.clear();
    single.set(POLICY, policy.to_owned());
    grade(&single).outcomes.into_iter().next().unwrap_or(Outcome::CspAbsent)
}

/// More policies than anyone reads one by one.
const MANY: usize = 16;

fn merged_to_something_stricter(site: &Site<'_>, now: &Grade) -> Said {
    let policies = policies(site);
    let passes = now.outcome(Test::ContentSecurityPolicy).is_some_and(Outcome::passes);
    if !passes || !(2..=MANY).contains(&policies.len()) {
        return None;
    }
    let all_fail = policies.iter().all(|policy| !alone(site, policy).passes());
    said(
        all_fail,
        "the score merges the policies to one that no browser enforces: each of them alone lets unsafe code through",
    )
}

fn merged_to_something_laxer(site: &Site<'_>, now: &Grade) -> Said {
    let policies = policies(site);
    let fails = now.outcome(Test::ContentSecurityPolicy).is_some_and(|outcome| !outcome.passes());
    if !fails || !(2..=MANY).contains(&policies.len()) {
        return None;
    }
    let one_passes = policies.iter().any(|policy| alone(site, policy).passes());
    said(
        one_passes,
        "the score merges the policies; a browser enforces each of them, and one of them alone would pass",
    )
}

/// Something that is true of a source in a directive of an enforced policy.
fn any_source(
    site: &Site<'_>,
    test: impl Fn(Directive, &SourceExpression<'_>) -> bool,
) -> Option<(String, String)> {
    policies(site).into_iter().find_map(|text| {
        let policies = parse_list(text, Delivery::Header);
        let mut directives = policies.iter().flat_map(|policy| policy.counting());
        directives.find_map(|directive| {
            let known = directive.directive?;
            let source = directive.sources().find(|source| test(known, &source.expression))?;
            Some((directive.name.to_owned(), source.value.text.to_owned()))
        })
    })
}

fn unread_directive(site: &Site<'_>, _: &Grade) -> Said {
    let is_unsafe = |directive, expression: &SourceExpression<'_>| {
        matches!(
            directive,
            Directive::ScriptSrcElem
                | Directive::ScriptSrcAttr
                | Directive::StyleSrcElem
                | Directive::StyleSrcAttr
        ) && matches!(expression, SourceExpression::Keyword(Keyword::UnsafeInline))
    };
    let (name, source) = any_source(site, is_unsafe)?;
    Some(
        format!(
            "`{source}` in `{name}` counts in browsers; the score does not read this directive"
        )
        .into(),
    )
}

fn wide_script_source(site: &Site<'_>, now: &Grade) -> Said {
    if !now.outcome(Test::ContentSecurityPolicy).is_some_and(Outcome::passes) {
        return None;
    }
    let is_wide = |directive, expression: &SourceExpression<'_>| {
        let decides = matches!(
            directive,
            Directive::ScriptSrc | Directive::ScriptSrcElem | Directive::DefaultSrc
        );
        decides
            && match expression {
                SourceExpression::Scheme(scheme) => !scheme.eq_ignore_ascii_case("https"),
                SourceExpression::Host(host) => host.host == "*",
                _ => false,
            }
    };
    let (name, source) = any_source(site, is_wide)?;
    Some(format!("`{source}` in `{name}` lets scripts of anyone through, in a form that the score does not know").into())
}

fn invalid_nonce(site: &Site<'_>, now: &Grade) -> Said {
    if !now.outcome(Test::ContentSecurityPolicy).is_some_and(Outcome::passes) {
        return None;
    }
    let looks_like_one = |_, expression: &SourceExpression<'_>| {
        matches!(expression, SourceExpression::Invalid(text)
            if text.starts_with("'nonce-") || text.starts_with("'sha"))
    };
    let (name, source) = any_source(site, looks_like_one)?;
    Some(format!("`{source}` in `{name}` is no nonce or hash to browsers; the score takes it for one, and `'unsafe-inline'` beside it for harmless").into())
}

fn empty_member(site: &Site<'_>, now: &Grade) -> Said {
    let is_invalid = now.outcome(Test::ContentSecurityPolicy) == Some(Outcome::CspInvalid);
    let has_empty =
        site.all(POLICY).any(|text| text.split(',').any(|policy| policy.trim().is_empty()));
    said(
        is_invalid && has_empty && !policies(site).is_empty(),
        "an empty policy beside a comma does nothing in a browser; the score calls the whole header invalid",
    )
}

fn duplicate_directive(site: &Site<'_>, now: &Grade) -> Said {
    let is_invalid = now.outcome(Test::ContentSecurityPolicy) == Some(Outcome::CspInvalid);
    let repeats = |text: &str| {
        let policies = parse_list(text, Delivery::Header);
        policies.iter().any(|policy| policy.counting().count() < policy.directives.len())
    };
    said(
        is_invalid && policies(site).into_iter().any(repeats),
        "browsers take the first of two directives of one name; the score calls the policy invalid",
    )
}

fn insecure_address_of_no_load(site: &Site<'_>, now: &Grade) -> Said {
    let is_insecure = now.outcome(Test::ContentSecurityPolicy) == Some(Outcome::CspInsecureScheme);
    let loads_nothing = |text: &&str| {
        let policies = parse_list(text, Delivery::Header);
        let mut directives = policies.iter().flat_map(|policy| policy.counting());
        directives.any(|directive| {
            matches!(directive.directive, Some(Directive::ReportUri | Directive::FrameAncestors))
                && directive
                    .values()
                    .any(|value| value.text.to_ascii_lowercase().starts_with("http:"))
        })
    };
    said(
        is_insecure && policies(site).iter().any(loads_nothing),
        "the score takes an `http:` address in `report-uri` or `frame-ancestors` for code over plain HTTP; neither loads any",
    )
}

fn strict_policy_without_styles(_: &Site<'_>, now: &Grade) -> Said {
    let is_strict =
        now.policy.is_some_and(|policy| policy.strict_dynamic && !policy.unsafe_objects);
    let only_styles = now.outcome(Test::ContentSecurityPolicy) == Some(Outcome::CspUnsafeStyle);
    said(
        is_strict && only_styles,
        "a policy with nonces and `'strict-dynamic'` is the strongest there is against injected scripts; it gets no bonus because it says nothing of styles",
    )
}

fn cookies<'s>(site: &'s Site<'_>) -> impl Iterator<Item = SetCookie<'s>> {
    site.all(SetCookie::NAME).filter_map(|line| SetCookie::parse(line).value)
}

fn same_site_none(site: &Site<'_>, now: &Grade) -> Said {
    let is_best = now.outcome(Test::Cookies) == Some(Outcome::CookiesAllSameSite);
    let cookie = cookies(site).find(|cookie| cookie.same_site == Some(SameSite::None))?;
    is_best.then(|| format!("the cookie `{}` goes with requests from any site; the score takes `SameSite=None` for a protection", cookie.name).into())
}

fn unknown_session(site: &Site<'_>, _: &Grade) -> Said {
    let is_session = |name: &str| {
        let name = name.to_ascii_lowercase();
        !super::change::is_session(&name)
            && (name.ends_with("sid")
                || ["auth", "token", "jwt"].iter().any(|it| name.contains(it)))
            && !name.contains("csrf")
            && !name.contains("xsrf")
    };
    let cookie = cookies(site).find(|cookie| !cookie.http_only && is_session(cookie.name))?;
    Some(format!("the cookie `{}` looks like a session that scripts can read; the score knows sessions by `sess` and `login` only", cookie.name).into())
}

fn refused_cookie(site: &Site<'_>, _: &Grade) -> Said {
    let cookie = cookies(site).find(|cookie| cookie.prefix_fault().is_some())?;
    Some(format!("browsers refuse the cookie `{}`, as it does not keep what its prefix promises; the score says nothing of it", cookie.name).into())
}

fn session_by_name_only(site: &Site<'_>, now: &Grade) -> Said {
    let fails = now.outcome(Test::Cookies) == Some(Outcome::CookiesSessionNotHttpOnly);
    let words = ["assess", "obsess", "possess", "last_login", "login_hint"];
    let is_other = |name: &str| words.iter().any(|word| name.to_ascii_lowercase().contains(word));
    let mut sessions = cookies(site)
        .filter(|cookie| !cookie.http_only && super::change::is_session(cookie.name))
        .peekable();
    let name = sessions.peek()?.name.to_owned();
    (fails && sessions.all(|cookie| is_other(cookie.name)))
        .then(|| format!("the cookie `{name}` is taken for a session by a part of its name").into())
}

fn null_origin(site: &Site<'_>, _: &Grade) -> Said {
    let allowed = site
        .first(AccessControlAllowOrigin::NAME)
        .and_then(|value| AccessControlAllowOrigin::parse(value).value);
    said(
        allowed == Some(AccessControlAllowOrigin::Null),
        "anyone can have the origin `null`, in a sandboxed frame; the score takes it for a restriction",
    )
}

fn origin_over_http(site: &Site<'_>, _: &Grade) -> Said {
    let allowed = site.first(AccessControlAllowOrigin::NAME)?;
    said(
        site.is_https() && allowed.starts_with("http://"),
        "whoever is on the network can speak for an origin over plain HTTP; the score takes it for a restriction",
    )
}

fn malformed_hsts(site: &Site<'_>, now: &Grade) -> Said {
    let passes = now.outcome(Test::StrictTransportSecurity) == Some(Outcome::HstsLong);
    let value = site.first(StrictTransportSecurity::NAME)?;
    (passes && StrictTransportSecurity::parse(value).value.is_none()).then(|| {
        format!("browsers cannot read `{value}`, and so there is no HSTS; the score passes it")
            .into()
    })
}

fn unread_hsts(site: &Site<'_>, now: &Grade) -> Said {
    let fails = now.outcome(Test::StrictTransportSecurity) == Some(Outcome::HstsInvalid);
    let value = site.first(StrictTransportSecurity::NAME)?;
    said(
        fails && StrictTransportSecurity::parse(value).value.is_some(),
        "browsers read this header, white space and quotes included; the score does not",
    )
}

fn integrity_without_cors(site: &Site<'_>, _: &Grade) -> Said {
    let is_blocked = |src: &&str| {
        let url = Url::parse(src).ok();
        url.is_some_and(|url| url.origin() != site.url.origin())
    };
    let scripts =
        site.page.scripts.iter().filter(|script| script.has_integrity && !script.has_crossorigin);
    let src = scripts.filter_map(|script| script.src.as_deref()).find(is_blocked)?;
    Some(format!("browsers block `{src}`: integrity of another origin needs `crossorigin`").into())
}

fn relative_scheme_of_own_host(site: &Site<'_>, now: &Grade) -> Said {
    let fails = now.outcome(Test::SubresourceIntegrity).is_some_and(|outcome| !outcome.passes());
    let mut own =
        site.page.scripts.iter().filter_map(|script| script.src.as_deref()?.strip_prefix("//"));
    let is_own = own.any(|rest| rest.split('/').next() == site.url.host_str());
    said(
        fails && is_own && site.is_https(),
        "`//` and the own host is loaded over HTTPS by a page that is; the score takes it for a script of another site over plain HTTP",
    )
}

fn repeated_nosniff(site: &Site<'_>, now: &Grade) -> Said {
    let fails = now.outcome(Test::ContentTypeOptions) == Some(Outcome::NoSniffInvalid);
    let value = site.first(XContentTypeOptions::NAME)?;
    said(
        fails && XContentTypeOptions::parse(value).value.is_some(),
        "browsers read the first `nosniff` and are content; the score is not",
    )
}

fn frames_for_all(site: &Site<'_>, now: &Grade) -> Said {
    match now.outcome(Test::FrameOptions) {
        Some(Outcome::FrameAncestors) => {
            let counts = now.policy.is_some_and(|policy| policy.anti_clickjacking);
            said(
                !counts,
                "`frame-ancestors` gets the bonus whatever it says; here it lets any site embed the page, or stands in a `<meta>`, where browsers ignore it",
            )
        }
        Some(Outcome::FrameDenied) => {
            let all: Vec<&str> = site.all(XFrameOptions::NAME).collect();
            let is_broken = XFrameOptions::parse(&all.join(", ")).value.is_none();
            said(
                is_broken,
                "browsers take two values that disagree for a mistake; the score reads the first",
            )
        }
        Some(Outcome::FrameAllowFrom) => Some(
            "browsers ignore ALLOW-FROM, so that any site may embed the page; it costs nothing"
                .into(),
        ),
        _ => None,
    }
}

fn resource_policy_in_wrong_case(site: &Site<'_>, now: &Grade) -> Said {
    let outcome = now.outcome(Test::ResourcePolicy);
    let passes = outcome.is_some_and(|outcome| outcome.modifier() > 0);
    let value = site.first(CrossOriginResourcePolicy::NAME)?;
    said(
        passes && CrossOriginResourcePolicy::parse(value).value.is_none(),
        "browsers know the value in lower case only; the score gives its bonus",
    )
}
