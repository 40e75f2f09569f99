//! The shortest way to the best grade: changes of the response, each graded for real.

use std::borrow::Cow;

use super::chart::{Letter, Outcome, Test, total};
use super::site::{Script, Site};
use super::tighten::{Rigour, tightened};
use super::{Grade, grade};
use crate::header::{Header as _, HeaderName, HeaderValue, SameSite, SetCookie};
use crate::plan::{CookieAttribute, Header, Match, Op, Plan, RedirectStatus, Rule};

/// Something that the owner of a site can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Send this header, and no other of its name.
    Send(&'static str, String),
    /// Send no header of this name.
    Drop(&'static str),
    /// Take the policies out of the page, and send this one.
    OutOfPage(String),
    /// Give cookies their attributes: sessions, which scripts need not read, one more.
    Cookies {
        /// Whether a session lacks `HttpOnly`.
        http_only: bool,
    },
    /// Redirect HTTP to HTTPS on the same host.
    Redirect,
    /// Serve the site over HTTPS, with a certificate that browsers trust.
    Https,
    /// Load these scripts of other sites over HTTPS, with `integrity`.
    Integrity(Vec<String>),
}

/// A change, and the points that it gains after those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub change: Change,
    /// By how much the score rises. What takes penalties away may gain more than its own points: bonuses count from 90 on.
    pub gain: i32,
}

const POLICY: &str = "Content-Security-Policy";

/// A policy that breaks little on a site that loads its own files only, and where to get a better one.
const FIRST_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

impl Change {
    /// What to do, in a sentence.
    pub fn text(&self) -> String {
        match self {
            Self::Send(name, value) if *value == FIRST_POLICY => format!(
                "send `{name}: {value}` (a first one, for a site that loads its own files only; `cspc build` writes one for your pages)"
            ),
            Self::Send(name, value) => format!("send `{name}: {value}`"),
            Self::Drop(name) => format!("do not send `{name}`"),
            Self::OutOfPage(policy) => format!(
                "take the `<meta>` with a policy, which no header can mend, out of the page, and {}",
                Self::Send(POLICY, policy.clone()).text()
            ),
            Self::Cookies { http_only: true } => {
                "set cookies with `Secure` and `SameSite=Lax`, and sessions with `HttpOnly`"
                    .to_owned()
            }
            Self::Cookies { http_only: false } => {
                "set cookies with `Secure` and `SameSite=Lax`".to_owned()
            }
            Self::Redirect => "redirect HTTP to HTTPS on the same host".to_owned(),
            Self::Https => {
                "serve the site over HTTPS, with a certificate that browsers trust".to_owned()
            }
            Self::Integrity(scripts) => format!(
                "load {} over HTTPS, with `integrity` and `crossorigin`",
                scripts.iter().map(|src| format!("`{src}`")).collect::<Vec<_>>().join(", ")
            ),
        }
    }

    /// The change as a plan, which an emitter writes for a server; `None` if no server does it by its configuration.
    pub fn plan(&self) -> Option<Plan> {
        let mut plan = Plan::new();
        match self {
            Self::Send(name, value) => plan.rules.push(rule(name, Op::Set, value)?),
            Self::OutOfPage(policy) => plan.rules.push(rule(POLICY, Op::Set, policy)?),
            Self::Drop(name) => plan.rules.push(rule(name, Op::Remove, "")?),
            Self::Cookies { http_only } => {
                plan.cookies = vec![CookieAttribute::Secure, CookieAttribute::SameSiteLax];
                plan.cookies.extend(http_only.then_some(CookieAttribute::HttpOnly));
            }
            Self::Redirect => plan.https_redirect = RedirectStatus::try_from(301).ok(),
            Self::Https | Self::Integrity(_) => return None,
        }
        Some(plan)
    }

    /// Makes the change.
    fn apply(&self, site: &mut Site<'_>) {
        match self {
            Self::Send(name, value) => site.set(name, value.clone()),
            Self::Drop(name) => site.headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name)),
            Self::OutOfPage(policy) => {
                site.page.policies.clear();
                site.set(POLICY, policy.clone());
            }
            Self::Cookies { .. } => site
                .headers
                .iter_mut()
                .filter(|(name, _)| name.eq_ignore_ascii_case(SetCookie::NAME))
                .for_each(|(_, line)| *line = mended(line).into()),
            Self::Redirect => site.route = None,
            Self::Https => {
                // Neither fails for a URL of the web.
                let _ = site.url.set_port(None);
                let _ = site.url.set_scheme("https");
                site.certificate_is_valid = true;
            }
            Self::Integrity(_) => site.page.scripts.iter_mut().for_each(secure),
        }
    }
}

fn rule(name: &str, op: Op, value: &str) -> Option<Rule> {
    let (name, value) = (HeaderName::new(name).ok()?, HeaderValue::new(value).ok()?);
    let header = Header { name, value, op, scheme: None };
    Some(Rule::new(Match::default(), vec![header]))
}

/// A cookie's line with the attributes that the tests ask for.
fn mended(line: &str) -> String {
    let Some(mut cookie) = SetCookie::parse(line).value else { return line.to_owned() };
    cookie.secure = true;
    cookie.http_only |= is_session(cookie.name);
    cookie.same_site = cookie.same_site.or(Some(SameSite::Lax));
    cookie.to_string()
}

/// Whether the Observatory takes a cookie of this name for a session.
pub(super) fn is_session(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("login") || name.contains("sess")
}

fn secure(script: &mut Script) {
    let Some(src) = &mut script.src else { return };
    let rest = src.strip_prefix("//").or_else(|| src.strip_prefix("http://"));
    if let Some(rest) = rest {
        *src = format!("https://{rest}");
    }
    script.has_integrity |= src.starts_with("https://");
}

/// A change that may be made, and what it does.
struct Candidate {
    change: Change,
    /// The test that it is for; of several changes for one, only one is made.
    test: Test,
    /// How much of the site has to be looked at before: 0 for nothing, 3 for all that it loads.
    effort: u32,
    /// The modifiers of all tests if this change alone is made.
    modifiers: [i32; 12],
}

/// The fewest changes that lead to the best grade that changes can lead to; of as many, those that take the least
/// effort. What costs the most comes first.
///
/// ```
/// use cspc_core::grade::{PreloadList, Site, to_top};
/// let preloaded = PreloadList::default();
/// let bare = Site::new("https://shop.example/".parse().unwrap(), Vec::new(), "", &preloaded);
/// assert_eq!(to_top(&bare).len(), 2); // a policy, and HSTS: the rest is made up for by bonuses
/// ```
pub fn to_top(site: &Site<'_>) -> Vec<Step> {
    let now = grade(site);
    if now.letter() == Letter::BEST {
        return Vec::new();
    }
    if !site.is_https() || !site.certificate_is_valid {
        // Without it nothing else can help HSTS.
        let mut secured = site.clone();
        Change::Https.apply(&mut secured);
        let gain = grade(&secured).score() - now.score();
        let first = Step { change: Change::Https, gain };
        return std::iter::once(first).chain(to_top(&secured)).collect();
    }
    let candidates: Vec<Candidate> = candidates(site, &now);
    let base = now.outcomes.map(Outcome::modifier);
    let chosen = shortest(site, &base, &candidates);
    steps(site, &now, chosen)
}

/// The steps in order, each with what it gains after those before it.
fn steps(site: &Site<'_>, now: &Grade, mut chosen: Vec<&Candidate>) -> Vec<Step> {
    let lost = |candidate: &&Candidate| now.outcome(candidate.test).map_or(0, Outcome::modifier);
    chosen.sort_by_key(lost);
    let (mut site, mut score) = (site.clone(), now.score());
    let step = |candidate: &Candidate| {
        candidate.change.apply(&mut site);
        let before = std::mem::replace(&mut score, grade(&site).score());
        Step { change: candidate.change.clone(), gain: score - before }
    };
    chosen.into_iter().map(step).collect()
}

/// Looks through all sets of changes, small ones first. What a set does is foretold from what each change does alone, and
/// asked of the tests before it is believed.
fn shortest<'c>(
    site: &Site<'_>,
    base: &[i32; 12],
    candidates: &'c [Candidate],
) -> Vec<&'c Candidate> {
    let mut best: Option<(Letter, Vec<&Candidate>)> = None;
    for size in 1..=candidates.len() {
        let mut sets: Vec<(Letter, u32, i32, Vec<&Candidate>)> = Vec::new();
        for set in sets_of(candidates, size) {
            let score = foretold(base, &set);
            let is_better = best.as_ref().is_none_or(|(letter, _)| Letter::of(score) < *letter);
            if is_better {
                let effort = set.iter().map(|candidate| candidate.effort).sum();
                sets.push((Letter::of(score), effort, -score, set));
            }
        }
        sets.sort_by_key(|(letter, effort, score, _)| (*letter, *effort, *score));
        let holds = |set: &[&Candidate], letter: Letter| {
            let mut changed = site.clone();
            set.iter().for_each(|candidate| candidate.change.apply(&mut changed));
            grade(&changed).letter() <= letter
        };
        if let Some((letter, .., set)) =
            sets.into_iter().find(|(letter, .., set)| holds(set, *letter))
        {
            if letter == Letter::BEST {
                return set;
            }
            best = Some((letter, set));
        }
    }
    best.map(|(_, set)| set).unwrap_or_default()
}

/// All sets of so many changes, no two for one test.
fn sets_of(candidates: &[Candidate], size: usize) -> Vec<Vec<&Candidate>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut sets = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let later = candidates.get(index + 1..).unwrap_or_default();
        for mut set in sets_of(later, size - 1) {
            if set.iter().all(|other| other.test != candidate.test) {
                set.push(candidate);
                sets.push(set);
            }
        }
    }
    sets
}

/// The score if each test finds the best that one of the changes makes it find.
fn foretold(base: &[i32; 12], set: &[&Candidate]) -> i32 {
    let best = |(index, own): (usize, &i32)| {
        let changed = set.iter().filter_map(|candidate| candidate.modifiers.get(index));
        changed.copied().max().map_or(*own, |changed| changed.max(*own))
    };
    total(base.iter().enumerate().map(best))
}

/// The changes that make a test find something better.
fn candidates(site: &Site<'_>, now: &Grade) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (test, effort, change) in proposals(site) {
        let mut changed = site.clone();
        change.apply(&mut changed);
        let modifiers = grade(&changed).outcomes.map(Outcome::modifier);
        let before = now.outcomes.map(Outcome::modifier);
        if modifiers.iter().zip(&before).any(|(after, before)| after > before) {
            candidates.push(Candidate { change, test, effort, modifiers });
        }
    }
    candidates
}

/// What may help, and the effort that it takes.
fn proposals(site: &Site<'_>) -> Vec<(Test, u32, Change)> {
    let send =
        |test, effort, name, value: &str| (test, effort, Change::Send(name, value.to_owned()));
    let hsts = "max-age=63072000";
    let mut proposals = vec![
        send(Test::StrictTransportSecurity, 0, "Strict-Transport-Security", hsts),
        send(Test::ContentTypeOptions, 0, "X-Content-Type-Options", "nosniff"),
        send(Test::FrameOptions, 1, "X-Frame-Options", "SAMEORIGIN"),
        send(Test::ReferrerPolicy, 0, "Referrer-Policy", "strict-origin-when-cross-origin"),
        send(Test::OpenerPolicy, 1, "Cross-Origin-Opener-Policy", "same-origin"),
        send(Test::ResourcePolicy, 1, "Cross-Origin-Resource-Policy", "same-origin"),
        send(Test::EmbedderPolicy, 3, "Cross-Origin-Embedder-Policy", "credentialless"),
        (Test::Redirection, 0, Change::Redirect),
        (Test::Cors, 1, Change::Drop("Access-Control-Allow-Credentials")),
    ];
    let lacks_http_only = |line: &str| {
        let cookie = SetCookie::parse(line).value;
        cookie.is_some_and(|cookie| is_session(cookie.name) && !cookie.http_only)
    };
    let http_only = site.all(SetCookie::NAME).any(lacks_http_only);
    proposals.push((Test::Cookies, 1, Change::Cookies { http_only }));
    let foreign: Vec<String> = foreign_scripts(site).map(str::to_owned).collect();
    if !foreign.is_empty() {
        proposals.push((Test::SubresourceIntegrity, 2, Change::Integrity(foreign)));
    }
    let policies = policies(site).into_iter();
    proposals.extend(policies.map(|(effort, way)| (Test::ContentSecurityPolicy, effort, way)));
    proposals
}

/// Scripts of other sites that lack something.
fn foreign_scripts<'s>(site: &'s Site<'_>) -> impl Iterator<Item = &'s str> {
    let is_absolute =
        |src: &str| ["//", "http://", "https://"].iter().any(|it| src.starts_with(it));
    let lacks = move |script: &&Script| {
        let src = script.src.as_deref().unwrap_or_default();
        is_absolute(src) && (!script.has_integrity || !src.starts_with("https://"))
    };
    site.page.scripts.iter().filter(lacks).filter_map(|script| script.src.as_deref())
}

/// The policy that is there in ever stricter forms; a first one if there is none, or if none of those is one that passes.
/// Where what the page says lets none pass, it has to go.
fn policies(site: &Site<'_>) -> Vec<(u32, Change)> {
    let sent: Vec<&str> = site.all(POLICY).collect();
    let declared = || site.page.policies.iter().map(|policy| Cow::Borrowed(policy.as_str()));
    let texts: Vec<Cow<'_, str>> = match sent.is_empty() {
        true => declared().collect(),
        false => vec![Cow::Owned(sent.join(", "))],
    };
    let mended = Rigour::ALL.into_iter().zip(1..).filter_map(|(rigour, effort)| {
        let policies: Vec<String> =
            texts.iter().filter_map(|text| tightened(text, rigour)).collect();
        (!policies.is_empty()).then(|| (effort, policies.join(", ")))
    });
    let mended: Vec<(u32, String)> = mended.collect();
    let passes = |(_, way): &(u32, Change)| {
        let mut changed = site.clone();
        way.apply(&mut changed);
        grade(&changed).outcome(Test::ContentSecurityPolicy).is_some_and(Outcome::passes)
    };
    let mut ways = Vec::new();
    let forms: [fn(String) -> Change; 2] =
        [|policy| Change::Send(POLICY, policy), Change::OutOfPage];
    for way in forms {
        ways.extend(mended.iter().map(|(effort, policy)| (*effort, way(policy.clone()))));
        if !ways.iter().any(passes) {
            ways.push((4, way(FIRST_POLICY.to_owned())));
        }
        if ways.iter().any(passes) {
            break;
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::PreloadList;

    /// Headers of sites that lack this and that.
    const HEADS: [&[(&str, &str)]; 6] = [
        &[],
        &[("Content-Security-Policy", "default-src * 'unsafe-inline' data:; object-src *")],
        &[
            ("Content-Security-Policy", "default-src 'self',"),
            ("X-Content-Type-Options", "nosniff;"),
        ],
        &[
            ("Set-Cookie", "SESSION=1"),
            ("Set-Cookie", "csrftoken=1; Secure"),
            ("Strict-Transport-Security", "max-age=60"),
        ],
        &[
            ("Access-Control-Allow-Origin", crate::grade::OBSERVATORY_ORIGIN),
            ("Access-Control-Allow-Credentials", "true"),
            ("Referrer-Policy", "unsafe-url"),
            ("X-Frame-Options", "ALLOWALL"),
        ],
        &[
            ("Content-Security-Policy", "script-src 'strict-dynamic'"),
            ("Cross-Origin-Opener-Policy", "whimsy"),
            ("Cross-Origin-Embedder-Policy", "whimsy"),
            ("Cross-Origin-Resource-Policy", "whimsy"),
        ],
    ];

    /// Pages that lack this and that: `integrity`, a policy that can be read.
    const PAGES: [&str; 3] = [
        "<script src=//cdn.other.example/a.js></script>",
        "<meta http-equiv=Content-Security-Policy content=none>",
        "<meta http-equiv=Content-Security-Policy content='img-src a; img-src b'>",
    ];

    #[test]
    fn every_way_leads_to_the_top_and_no_step_is_spare() {
        let preloaded = PreloadList::default();
        let urls = ["https://shop.example/", "http://shop.example/"];
        for (url, html) in urls.into_iter().flat_map(|url| PAGES.map(|html| (url, html))) {
            for head in HEADS {
                let headers = head.iter().map(|(name, value)| ((*name).into(), (*value).into()));
                let site = Site::new(url.parse().unwrap(), headers.collect(), html, &preloaded);
                let steps = to_top(&site);
                let reached = |spared: Option<usize>| {
                    let mut site = site.clone();
                    let kept = steps.iter().enumerate().filter(|(index, _)| Some(*index) != spared);
                    kept.for_each(|(_, step)| step.change.apply(&mut site));
                    grade(&site).score()
                };
                let gained: i32 = steps.iter().map(|step| step.gain).sum();
                assert_eq!(grade(&site).score() + gained, reached(None), "{head:?}");
                assert_eq!(Letter::of(reached(None)), Letter::BEST, "{head:?}: {steps:?}");
                for index in 0..steps.len() {
                    assert!(Letter::of(reached(Some(index))) > Letter::BEST, "{head:?}: {index}");
                }
            }
        }
    }
}
