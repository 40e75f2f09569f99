//! Pages that are to be allowed by nonces, and what on them has no place for one.

use super::site::Site;
use super::tally::{Cause, Tallies};
use crate::diagnostic::{Confidence, Finding, Location, Severity};
use crate::inventory::{Content, Kind, Page};
use crate::site::Strategy;

impl<'a> Site<'a> {
    /// Inline code without a nonce on pages of the strategy `nonce`: its hash allows it, as long as it does not change.
    pub(super) fn without_nonce(&self) -> Vec<Finding> {
        self.inventory.pages.iter().filter_map(|page| self.first_without_nonce(page)).collect()
    }

    /// Nonces that nothing is known to fill in, of pages whose owner has not decided against nonces.
    pub(super) fn with_other_nonce(&self) -> Vec<Finding> {
        let placeholder = self.file().nonce_placeholder.as_str();
        let mut tallies = Tallies::default();
        let pages = self.inventory.pages.iter();
        for page in pages
            .filter(|page| matches!(self.naming(page).strategy, Strategy::Auto | Strategy::Nonce))
        {
            for asset in &page.assets {
                if asset.nonce().is_some_and(|nonce| !nonce.is_empty() && nonce != placeholder) {
                    tallies.note(other_nonce(), &page.path, asset.line, asset.column);
                }
            }
        }
        tallies.into_findings()
    }

    fn first_without_nonce(&self, page: &'a Page) -> Option<Finding> {
        let naming = self.naming(page);
        let text = naming.nonce.filter(|_| naming.strategy == Strategy::Nonce)?.as_str();
        let mut bare = page.assets.iter().filter(|asset| {
            matches!(asset.kind, Kind::InlineScript | Kind::InlineStyle)
                && matches!(asset.content, Content::Inline { .. })
                && asset.nonce() != Some(text)
        });
        let first = bare.next()?;
        let more = match bare.count() {
            0 => String::new(),
            more => format!(" (and {more} more on the page)"),
        };
        let kind = first.kind.as_str();
        Some(Finding {
            rule: "build/no-nonce".into(),
            severity: Severity::Low,
            confidence: Confidence::High,
            header: Some("Content-Security-Policy".into()),
            directive: None,
            value: None,
            message: format!(
                "the {kind} has no nonce, so it is allowed by its hash, and only as it is now{more}"
            ),
            help: format!(
                "write nonce=\"{text}\" into its tag, in place of which the server puts one"
            )
            .into(),
            fix: None,
            location: Some(Location::at(&page.path, first.line, first.column)),
        })
    }
}

fn other_nonce() -> Cause {
    Cause {
        rule: "build/other-nonce",
        severity: Severity::Low,
        message: "elements have a nonce that no server is known to fill in, so it allows nothing"
            .to_owned(),
        help: "if it stands for one that your server makes for each response, name its text in cspc.toml: nonce-placeholder; if not, take it out",
    }
}
