//! `Strict-Transport-Security` (RFC 6797, section 6.1).

use std::fmt;

use super::field::{Header, Issue, Parsed, Problem, parts};
use crate::diagnostic::{Mistake, Severity};

/// For how long browsers are to come back over HTTPS only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrictTransportSecurity {
    /// In seconds; 0 makes browsers forget the host.
    pub max_age: u64,
    /// Whether the same holds for all hosts below this one.
    pub include_subdomains: bool,
    /// Whether the owner agrees to an entry in browsers' own lists.
    pub preload: bool,
}

impl StrictTransportSecurity {
    /// The least `max-age` of what is preloaded (<https://hstspreload.org/#submission-requirements>): a year.
    const PRELOAD_MAX_AGE: u64 = 31_536_000;

    /// What is told of a value that [asks in vain](Self::asks_in_vain), wherever it stands.
    pub const PRELOAD_INELIGIBLE: Mistake = Mistake {
        rule: "hsts/preload-ineligible",
        severity: Severity::Low,
        message: "`preload` needs `includeSubDomains` and a `max-age` of at least 31536000",
        help: "write `max-age=63072000; includeSubDomains; preload`, or take `preload` out",
    };

    /// Whether it asks for an entry in browsers' own lists, and does not qualify for one.
    ///
    /// ```
    /// use cspc_core::header::{Header, StrictTransportSecurity};
    /// let asks_in_vain =
    ///     |value| StrictTransportSecurity::parse(value).value.is_some_and(|hsts| hsts.asks_in_vain());
    /// assert!(asks_in_vain("max-age=100; includeSubDomains; preload"));
    /// assert!(!asks_in_vain("max-age=31536000; includeSubDomains; preload"));
    /// ```
    pub const fn asks_in_vain(self) -> bool {
        let qualifies = self.include_subdomains && self.max_age >= Self::PRELOAD_MAX_AGE;
        self.preload && !qualifies
    }
}

/// What has been read of a value.
#[derive(Default)]
struct Reading {
    max_age: Option<u64>,
    include_subdomains: bool,
    preload: bool,
    seen: Vec<String>,
    /// Browsers drop the whole header for a directive that is there twice or malformed.
    broken: bool,
}

impl Header<'_> for StrictTransportSecurity {
    const NAME: &'static str = "Strict-Transport-Security";

    /// ```
    /// use cspc_core::header::{Header, StrictTransportSecurity};
    /// let parsed = StrictTransportSecurity::parse("max-age=31536000; includeSubDomains");
    /// assert_eq!(parsed.value.map(|hsts| hsts.max_age), Some(31_536_000));
    /// assert!(StrictTransportSecurity::parse("max-age=1year").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (mut reading, mut issues) = (Reading::default(), Vec::new());
        for (span, directive) in parts(value, ';').filter(|(_, part)| !part.is_empty()) {
            if let Some(problem) = reading.read(directive) {
                reading.broken |= problem != Problem::UnknownName;
                issues.push(Issue { problem, span });
            }
        }
        if reading.max_age.is_none() && !reading.broken {
            let (span, _) = super::field::trimmed(value, 0);
            issues.push(Issue { problem: Problem::Missing("max-age"), span });
        }
        Parsed { value: reading.value(), issues }
    }
}

impl Reading {
    fn read(&mut self, directive: &str) -> Option<Problem> {
        let (name, argument) = match directive.split_once('=') {
            Some((name, argument)) => (name.trim_ascii_end(), Some(argument.trim_ascii_start())),
            None => (directive, None),
        };
        let name = name.to_ascii_lowercase();
        if self.seen.contains(&name) {
            return Some(Problem::DuplicateName);
        }
        let problem = match (name.as_str(), argument) {
            ("max-age", Some(argument)) => {
                self.max_age = seconds(argument);
                self.max_age.is_none().then_some(Problem::InvalidValue)
            }
            ("max-age", None) => Some(Problem::MissingValue),
            ("includesubdomains" | "preload", Some(_)) => Some(Problem::UnexpectedValue),
            ("includesubdomains", None) => {
                self.include_subdomains = true;
                None
            }
            ("preload", None) => {
                self.preload = true;
                None
            }
            _ => Some(Problem::UnknownName),
        };
        self.seen.push(name);
        problem
    }

    fn value(&self) -> Option<StrictTransportSecurity> {
        let max_age = self.max_age.filter(|_| !self.broken)?;
        let Self { include_subdomains, preload, .. } = *self;
        Some(StrictTransportSecurity { max_age, include_subdomains, preload })
    }
}

/// `1*DIGIT`, perhaps in quotes; more than fits counts as the most that does.
fn seconds(argument: &str) -> Option<u64> {
    let unquoted = argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let digits = unquoted.unwrap_or(argument);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

impl fmt::Display for StrictTransportSecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "max-age={}", self.max_age)?;
        f.write_str(if self.include_subdomains { "; includeSubDomains" } else { "" })?;
        f.write_str(if self.preload { "; preload" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(value: &str) -> Vec<Problem> {
        StrictTransportSecurity::parse(value).issues.iter().map(|issue| issue.problem).collect()
    }

    #[test]
    fn what_browsers_refuse_is_no_value() {
        for (value, problem) in [
            ("max-age=", Problem::InvalidValue),
            ("max-age=31536000junk", Problem::InvalidValue),
            ("max-age=31536000, max-age=31536000", Problem::InvalidValue),
            ("max-age=31536000 includeSubDomains", Problem::InvalidValue),
            ("max-age=1; max-age=1", Problem::DuplicateName),
            ("max-age", Problem::MissingValue),
            ("max-age=1; preload=1", Problem::UnexpectedValue),
            ("", Problem::Missing("max-age")),
            ("includeSubDomains", Problem::Missing("max-age")),
        ] {
            assert_eq!(problems(value), [problem], "{value}");
            assert_eq!(StrictTransportSecurity::parse(value).value, None, "{value}");
        }
    }

    #[test]
    fn what_browsers_accept_is_a_value() {
        for value in ["MAX-AGE = 5", "max-age=\"5\";", ";max-age=5; x=y"] {
            let parsed = StrictTransportSecurity::parse(value);
            assert_eq!(parsed.value.map(|hsts| hsts.max_age), Some(5), "{value}");
        }
    }
}
