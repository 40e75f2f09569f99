//! `Integrity-Policy` (Subresource Integrity, section 3.9).

use std::fmt;

use sfv::{BareItem, ListEntry};

use super::field::{Header, Issue, Parsed, Problem, keywords};
use super::structured;

/// What a page loads only with an `integrity` attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrityPolicy {
    /// What is blocked without one.
    pub blocked_destinations: Vec<IntegrityDestination>,
    /// The endpoints that hear of it.
    pub endpoints: Vec<String>,
}

keywords! {
    /// What an integrity policy can ask for.
    IntegrityDestination {
        /// Scripts.
        Script = "script",
        /// Style sheets.
        Style = "style",
    }
}

impl Header<'_> for IntegrityPolicy {
    const NAME: &'static str = "Integrity-Policy";

    /// ```
    /// use cspc_core::header::{Header, IntegrityDestination, IntegrityPolicy};
    /// let parsed = IntegrityPolicy::parse("blocked-destinations=(script), endpoints=(main)");
    /// assert_eq!(parsed.value.unwrap().blocked_destinations, [IntegrityDestination::Script]);
    /// assert!(IntegrityPolicy::parse("blocked-destinations=script").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (mut policy, mut issues) = (Self::default(), Vec::new());
        let mut is_broken = false;
        for (span, member) in structured::members(value) {
            let read = match structured::dictionary_member(member) {
                None if member.is_empty() => Err(Problem::Empty),
                None => Err(Problem::Syntax),
                Some((key, entry)) => policy.read(key.as_str(), &entry),
            };
            if let Err(problem) = read {
                is_broken |= matches!(problem, Problem::Empty | Problem::Syntax);
                issues.push(Issue { problem, span });
            }
        }
        let says_something = !is_broken && !policy.blocked_destinations.is_empty();
        Parsed { value: says_something.then_some(policy), issues }
    }
}

impl IntegrityPolicy {
    fn read(&mut self, key: &str, entry: &ListEntry) -> Result<(), Problem> {
        let check = |holds: bool| holds.then_some(()).ok_or(Problem::InvalidValue);
        match key {
            "blocked-destinations" => {
                let known = |name: &String| {
                    IntegrityDestination::ALL.iter().find(|known| known.as_str() == name).copied()
                };
                let names = tokens(entry).ok_or(Problem::InvalidValue)?;
                self.blocked_destinations = names.iter().filter_map(known).collect();
                check(names.len() == self.blocked_destinations.len())
            }
            "endpoints" => {
                self.endpoints = tokens(entry).ok_or(Problem::InvalidValue)?;
                Ok(())
            }
            "sources" => {
                let names = tokens(entry).ok_or(Problem::InvalidValue)?;
                check(names.iter().all(|name| name == "inline"))
            }
            _ => Err(Problem::UnknownName),
        }
    }
}

/// The tokens of an inner list.
fn tokens(entry: &ListEntry) -> Option<Vec<String>> {
    let ListEntry::InnerList(list) = entry else { return None };
    let token = |item: &BareItem| item.as_token().map(|token| token.as_str().to_owned());
    list.items.iter().map(|item| token(&item.bare_item)).collect()
}

impl fmt::Display for IntegrityPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.blocked_destinations.iter().map(|name| name.as_str()).collect();
        write!(f, "blocked-destinations=({})", names.join(" "))?;
        match self.endpoints.is_empty() {
            true => Ok(()),
            false => write!(f, ", endpoints=({})", self.endpoints.join(" ")),
        }
    }
}
