//! `content-security-policy`.

use std::borrow::Cow;

use serde::Serialize;

use crate::grade::chart::Outcome;
use crate::grade::merge::{Merged, policies};
use crate::grade::site::Site;

/// What the Observatory says of a policy beside its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFacts {
    /// `frame-ancestors` is there and not for everyone.
    pub anti_clickjacking: bool,
    /// `default-src` is `'none'` alone.
    pub default_none: bool,
    /// `base-uri` is absent or broad.
    pub insecure_base_uri: bool,
    /// `form-action` is absent or broad.
    pub insecure_form_action: bool,
    /// Code may come over plain HTTP.
    pub insecure_scheme_active: bool,
    /// Images or media may come over plain HTTP.
    pub insecure_scheme_passive: bool,
    /// `'strict-dynamic'` counts.
    pub strict_dynamic: bool,
    /// Strings may become code.
    pub unsafe_eval: bool,
    /// Any script may run, or any plugin.
    pub unsafe_inline: bool,
    /// Any style may apply.
    pub unsafe_inline_style: bool,
    /// Any plugin may run.
    pub unsafe_objects: bool,
}

/// The result, with what other tests and readers want to know.
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) facts: Option<PolicyFacts>,
    /// Whether a policy has `frame-ancestors`, those in a `<meta>` included.
    pub(super) has_frame_ancestors: bool,
}

impl Judged {
    const fn early(outcome: Outcome) -> Self {
        Self { outcome, facts: None, has_frame_ancestors: false }
    }
}

/// What a `<meta>` cannot hold, by the Observatory's list.
const NOT_IN_META: [&str; 3] = ["frame-ancestors", "report-uri", "sandbox"];

pub(super) fn test(site: &Site<'_>) -> Judged {
    let sent = policies(site.all("content-security-policy"));
    let declared = policies(site.page.policies.iter().map(String::as_str));
    let both: Vec<&str> = sent.iter().chain(&declared).copied().collect();
    let Ok(mut merged) = Merged::of(&both) else { return Judged::early(Outcome::CspInvalid) };
    let headers = Merged::of(&sent).unwrap_or_default();
    let meta = Merged::of(&declared).unwrap_or_default();
    if headers.has_only(&[]) && meta.has_only(&NOT_IN_META) {
        let reports = site.all("content-security-policy-report-only").any(|it| !it.is_empty());
        return Judged::early(if reports { Outcome::CspReportOnly } else { Outcome::CspAbsent });
    }
    let strict_dynamic = drop_ignored(&mut merged);
    let mut facts = PolicyFacts::of(&merged, &headers, site.is_https());
    facts.strict_dynamic = strict_dynamic == StrictDynamic::Counts;
    let outcome = match (strict_dynamic, facts.outcome()) {
        (StrictDynamic::Alone, _) => Outcome::CspInvalid,
        (_, outcome) if outcome.passes() && merged.repeats_reporting => {
            Outcome::CspDuplicateReporting
        }
        (_, outcome) => outcome,
    };
    let has_frame_ancestors = merged.get("frame-ancestors").is_some();
    Judged { outcome, facts: Some(facts), has_frame_ancestors }
}

/// What no list at all lets through.
const EVERYTHING: [Cow<'static, str>; 1] = [Cow::Borrowed("*")];

const BROAD: [&str; 8] =
    ["ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"];

fn is_broad(source: &str) -> bool {
    BROAD.contains(&source)
}

fn is_broad_or_inline(source: &str) -> bool {
    is_broad(source) || matches!(source, "'unsafe-inline'" | "data:")
}

fn is_insecure(source: &str) -> bool {
    source.starts_with("http:") || source.starts_with("ftp:")
}

fn is_nonce_or_hash(source: &str) -> bool {
    ["'sha256-", "'sha384-", "'sha512-", "'nonce-"].iter().any(|start| source.starts_with(start))
}

/// What `'strict-dynamic'` does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StrictDynamic {
    Absent,
    /// It counts, and takes the effect of other sources away.
    Counts,
    /// There is no nonce or hash that it could follow.
    Alone,
}

/// Takes away what browsers with nonces ignore. Where `default-src` stands in for a list, it goes away there, and so for
/// all that it stands in for.
fn drop_ignored(merged: &mut Merged<'_>) -> StrictDynamic {
    for name in ["script-src", "style-src"] {
        if any(merged.list(name), is_nonce_or_hash) {
            merged.retain(name, |source| source != "'unsafe-inline'");
        }
    }
    let script = merged.list("script-src");
    if !any(script, |source| source == "'strict-dynamic'") {
        return StrictDynamic::Absent;
    }
    if !any(script, is_nonce_or_hash) {
        return StrictDynamic::Alone;
    }
    merged.retain("script-src", |source| {
        source != "'self'" && !BROAD.iter().any(|broad| source.starts_with(broad))
    });
    StrictDynamic::Counts
}

/// Whether a source of the list passes the test.
fn any(sources: Option<&[Cow<'_, str>]>, test: fn(&str) -> bool) -> bool {
    sources.is_some_and(|sources| sources.iter().any(|source| test(source)))
}

/// The same, where a list that is not there lets everything through.
fn any_or_everything(sources: Option<&[Cow<'_, str>]>, test: fn(&str) -> bool) -> bool {
    any(Some(sources.unwrap_or(&EVERYTHING)), test)
}

impl PolicyFacts {
    fn of(merged: &Merged<'_>, headers: &Merged<'_>, is_https: bool) -> Self {
        let list = |name| merged.list(name);
        let is_active = |name: &str| !matches!(name, "img-src" | "media-src" | "script-src");
        let mut active = merged.iter().filter(|(name, _)| is_active(name));
        let insecure_active = active.any(|(_, sources)| any(Some(sources), is_insecure))
            || any(list("script-src"), is_insecure);
        let insecure_passive =
            ["img-src", "media-src"].into_iter().any(|name| any(list(name), is_insecure));
        let unsafe_objects = any_or_everything(list("object-src"), is_broad);
        let is_eval = |source: &str| source == "'unsafe-eval'";
        Self {
            anti_clickjacking: !any_or_everything(headers.get("frame-ancestors"), is_broad),
            default_none: merged.get("default-src").is_some_and(|sources| *sources == ["'none'"]),
            insecure_base_uri: any_or_everything(merged.get("base-uri"), is_broad_or_inline),
            insecure_form_action: any_or_everything(merged.get("form-action"), is_broad),
            insecure_scheme_active: is_https && insecure_active,
            insecure_scheme_passive: is_https && insecure_passive,
            strict_dynamic: false,
            unsafe_eval: any(list("script-src"), is_eval) || any(list("style-src"), is_eval),
            unsafe_inline: any_or_everything(list("script-src"), is_broad_or_inline)
                || unsafe_objects,
            unsafe_inline_style: any_or_everything(list("style-src"), is_broad_or_inline),
            unsafe_objects,
        }
    }

    /// The first that holds.
    const fn outcome(&self) -> Outcome {
        if self.unsafe_inline {
            Outcome::CspUnsafeInline
        } else if self.insecure_scheme_active {
            Outcome::CspInsecureScheme
        } else if self.unsafe_eval {
            Outcome::CspUnsafeEval
        } else if self.insecure_scheme_passive {
            Outcome::CspInsecurePassive
        } else if self.unsafe_inline_style {
            Outcome::CspUnsafeStyle
        } else if self.default_none {
            Outcome::CspNoUnsafeDefaultNone
        } else {
            Outcome::CspNoUnsafe
        }
    }
}
