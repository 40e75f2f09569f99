//! Trusted Types: on the pages whose scripts make markup and code of nothing but what a policy of theirs made.

use super::policy::{Policy, Uses};
use super::site::Site;
use super::tally::{Cause, Tallies};
use crate::csp::{Directive, is_trusted_types_name};
use crate::diagnostic::{Finding, Severity};
use crate::inventory::{Asset, Content, Kind, Page};

/// The policy that sinks go by which are given strings (Trusted Types, section 4.1.1).
const DEFAULT_POLICY: &str = "default";

/// Why strings are refused.
const ASKED_FOR: &str =
    "asked for, and no script of the page gives a string to what makes markup or code of it";

/// Why there is no policy.
const NO_POLICY: &str = "no script of the page creates a policy";

/// Why a policy may be created twice.
const TWICE: &str = "several scripts of a page create a policy of the same name";

impl<'a> Site<'a> {
    /// Whether the page is to have Trusted Types: they are asked for, and its scripts keep to them, as far as reading tells
    /// or by the owner's word, who names the policies.
    pub(super) fn is_typed(&self, page: &'a Page) -> bool {
        let wanted = self.file().trusted_types.as_ref();
        let wanted = wanted.filter(|_| !self.answers_everywhere(page));
        wanted.is_some_and(|wanted| !wanted.policies.is_empty() || self.stringly(page).is_empty())
    }

    /// What on the page is not of trusted types, each with the path of what has it.
    fn stringly(&self, page: &'a Page) -> Vec<(&'a str, &'a Asset)> {
        let is_default = |asset: &Asset| matches!(&asset.content, Content::Policy { policy } if **policy == *DEFAULT_POLICY);
        let has_default = self.assets_of(page).any(|(_, asset)| is_default(asset));
        let breaks = |asset: &Asset| match asset.kind {
            Kind::TrustedTypesSink | Kind::Eval | Kind::JavascriptUrl => !has_default,
            Kind::TrustedTypesPolicy => !is_nameable(asset),
            // What a name stands for is an asset of its own, of the page's import map.
            Kind::Script => {
                !matches!(asset.content, Content::Module { .. }) && !self.is_read(asset)
            }
            Kind::InlineScript | Kind::EventHandler => asset.unread.is_some(),
            _ => false,
        };
        self.assets_of(page).filter(|(_, asset)| breaks(asset)).collect()
    }

    /// Whether it is known what the script does.
    fn is_read(&self, asset: &Asset) -> bool {
        let path = asset.url().and_then(|url| url.split('?').next());
        path.is_some_and(|path| self.reach.reads_file(path))
    }

    /// What pages have to do without Trusted Types for.
    pub(super) fn without_trusted_types(&self) -> Vec<Finding> {
        let mut tallies = Tallies::default();
        if self.file().trusted_types.as_ref().is_some_and(|wanted| wanted.policies.is_empty()) {
            for page in &self.inventory.pages {
                for (path, asset) in self.stringly(page) {
                    tallies.note(stands_in_the_way(asset), path, asset.line, asset.column);
                }
            }
        }
        tallies.into_findings()
    }

    /// Requires Trusted Types, if the page has scripts.
    pub(super) fn add_trusted_types(&self, policy: &mut Policy<'a>) {
        let Some(wanted) = &self.file().trusted_types else { return };
        let has_scripts = [Directive::ScriptSrc, Directive::ScriptSrcAttr]
            .into_iter()
            .any(|directive| policy.list(directive).is_some());
        if !has_scripts {
            return;
        }
        let reason = match wanted.policies.is_empty() {
            true => Uses::by_default(ASKED_FOR),
            false => Uses::declared(&wanted.location),
        };
        policy.add(Directive::RequireTrustedTypesFor, "'script'".into(), reason);
        let is_double = policy
            .list(Directive::TrustedTypes)
            .is_some_and(|names| names.values().any(|uses| uses.count() > 1));
        if is_double {
            let uses = Uses::by_default(TWICE);
            policy.add(Directive::TrustedTypes, "'allow-duplicates'".into(), uses);
        }
        for name in &wanted.policies {
            let uses = Uses::declared(&wanted.location);
            policy.add(Directive::TrustedTypes, name.as_str().into(), uses);
        }
        policy.add(Directive::TrustedTypes, "'none'".into(), Uses::by_default(NO_POLICY));
        complete_names(policy);
    }
}

/// That there is no policy is said where there is none: `'none'` has to stand alone (Trusted Types, section 4.2.2).
pub(super) fn complete_names(policy: &mut Policy<'_>) {
    let names = policy.list_mut(Directive::TrustedTypes);
    if let Some(names) = names.filter(|names| names.len() > 1) {
        names.remove("'none'");
    }
}

/// Whether a header can name the policy that the asset creates.
fn is_nameable(asset: &Asset) -> bool {
    matches!(&asset.content, Content::Policy { policy } if is_trusted_types_name(policy))
}

fn stands_in_the_way(asset: &Asset) -> Cause {
    let what = match &asset.content {
        Content::Code { code } => format!("`{code}`"),
        Content::Url(url) | Content::Relative { relative: url } => format!("`{url}`"),
        Content::Policy { policy } => format!("the policy `{policy}`"),
        Content::Inline { .. } | Content::Module { .. } | Content::Feature { .. } => {
            format!("this {}", asset.kind.as_str())
        }
    };
    let (why, help) = match asset.kind {
        Kind::TrustedTypesPolicy => (
            "has a name that no header can have",
            "name the policy by letters and digits, in a string that stands in the call",
        ),
        Kind::Script => (
            "is a script of which nothing is known",
            "keep a copy of it on the site; or, if you know that it creates Trusted Types policies and gives no strings to what makes markup, name them: trusted-types = [\"…\"]",
        ),
        Kind::TrustedTypesSink | Kind::Eval | Kind::JavascriptUrl => (
            "makes markup or code of a string",
            "use textContent, or give it what a Trusted Types policy made of the string; if it is given that, name the policies: trusted-types = [\"…\"]",
        ),
        _ => ("cannot be read", "mend the script"),
    };
    Cause {
        rule: "build/no-trusted-types",
        severity: Severity::Low,
        message: format!("pages with it go without Trusted Types: {what} {why}"),
        help,
    }
}
