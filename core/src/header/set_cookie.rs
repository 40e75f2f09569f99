//! `Set-Cookie` (RFC 6265bis, sections 4.1 and 5.6).

use std::fmt;

use super::field::{Header, Issue, Parsed, Problem, keywords, parts, trimmed};
use crate::text::Span;

/// A cookie as a server sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetCookie<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
    /// Whether it goes over HTTPS only.
    pub secure: bool,
    /// Whether scripts cannot read it.
    pub http_only: bool,
    /// Which requests from other sites carry it; browsers without a word take `Lax`.
    pub same_site: Option<SameSite>,
    /// The host and those below it that get it, without a leading dot; `None` for just the host that set it.
    pub domain: Option<&'a str>,
    /// The path below which it goes; `None` for the folder of the URL that set it.
    pub path: Option<&'a str>,
    /// Its life in seconds.
    pub max_age: Option<i64>,
    /// Its end, as written.
    pub expires: Option<&'a str>,
    /// Whether each site that embeds this one gets a cookie of its own.
    pub partitioned: bool,
}

keywords! {
    /// Which requests from other sites carry a cookie.
    SameSite {
        /// None at all.
        Strict = "Strict",
        /// Navigations only.
        Lax = "Lax",
        /// All of them; needs `Secure`.
        None = "None",
    }
}

/// What a cookie's name promises and its attributes do not keep; browsers refuse such a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrefixFault {
    /// `__Secure-` and `__Host-` need `Secure`.
    NotSecure,
    /// `__Host-` takes no `Domain`.
    Domain,
    /// `__Host-` needs `Path=/`.
    Path,
}

impl<'a> Header<'a> for SetCookie<'a> {
    const NAME: &'static str = "Set-Cookie";

    /// ```
    /// use cspc_core::header::{Header, SameSite, SetCookie};
    /// let cookie = SetCookie::parse("id=1; Secure; SameSite=lax; Path=/").value.unwrap();
    /// assert!(cookie.secure && !cookie.http_only);
    /// assert_eq!(cookie.same_site, Some(SameSite::Lax));
    /// ```
    fn parse(value: &'a str) -> Parsed<Self> {
        let mut attributes = parts(value, ';');
        let (span, pair) = attributes.next().unwrap_or_default();
        let Some((name, content)) =
            pair.split_once('=').filter(|(name, _)| !name.trim_ascii().is_empty())
        else {
            let problem = if pair.is_empty() { Problem::Empty } else { Problem::Syntax };
            return Parsed::nothing(problem, span);
        };
        let mut cookie = Self {
            name: name.trim_ascii_end(),
            value: content.trim_ascii_start(),
            ..Self::default()
        };
        let mut issues = Vec::new();
        for (span, attribute) in attributes.filter(|(_, attribute)| !attribute.is_empty()) {
            if let Some((problem, span)) = cookie.read(attribute, span) {
                issues.push(Issue { problem, span });
            }
        }
        Parsed { value: Some(cookie), issues }
    }
}

impl<'a> SetCookie<'a> {
    /// Takes an attribute, of which the last of a name counts, and tells what is wrong with it.
    fn read(&mut self, attribute: &'a str, span: Span) -> Option<(Problem, Span)> {
        let (name, argument) = match attribute.split_once('=') {
            Some((name, argument)) => (name.trim_ascii_end(), Some((name.len() + 1, argument))),
            None => (attribute, None),
        };
        let (place, argument) = match argument {
            Some((offset, argument)) => trimmed(argument, span.start + offset),
            None => (span, ""),
        };
        let known = self.set(&name.to_ascii_lowercase(), argument);
        known.err().map(|problem| (problem, if argument.is_empty() { span } else { place }))
    }

    fn set(&mut self, name: &str, argument: &'a str) -> Result<(), Problem> {
        let needed = (!argument.is_empty()).then_some(argument);
        match name {
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            "partitioned" => self.partitioned = true,
            "samesite" => {
                let known = SameSite::ALL
                    .iter()
                    .find(|known| known.as_str().eq_ignore_ascii_case(argument));
                self.same_site = known.copied();
                known.ok_or(if needed.is_some() {
                    Problem::InvalidValue
                } else {
                    Problem::MissingValue
                })?;
            }
            "domain" => {
                let domain = needed.ok_or(Problem::MissingValue)?;
                self.domain = Some(domain.strip_prefix('.').unwrap_or(domain));
            }
            "path" => {
                self.path = needed.filter(|path| path.starts_with('/'));
                self.path.ok_or(Problem::InvalidValue)?;
            }
            "max-age" => {
                self.max_age = Some(argument.parse().map_err(|_error| Problem::InvalidValue)?)
            }
            "expires" => self.expires = Some(needed.ok_or(Problem::MissingValue)?),
            "priority" => {}
            _ => return Err(Problem::UnknownName),
        }
        Ok(())
    }

    /// What its name promises and it does not keep (RFC 6265bis, section 4.1.3).
    pub fn prefix_fault(&self) -> Option<PrefixFault> {
        let has = |prefix: &str| {
            self.name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let is_host = has("__Host-");
        if (is_host || has("__Secure-")) && !self.secure {
            Some(PrefixFault::NotSecure)
        } else if is_host && self.domain.is_some() {
            Some(PrefixFault::Domain)
        } else if is_host && self.path != Some("/") {
            Some(PrefixFault::Path)
        } else {
            None
        }
    }
}

impl fmt::Display for SetCookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)?;
        let named = [("Expires", self.expires), ("Domain", self.domain), ("Path", self.path)];
        for (name, argument) in named {
            argument.map_or(Ok(()), |argument| write!(f, "; {name}={argument}"))?;
        }
        self.max_age.map_or(Ok(()), |seconds| write!(f, "; Max-Age={seconds}"))?;
        f.write_str(if self.secure { "; Secure" } else { "" })?;
        f.write_str(if self.http_only { "; HttpOnly" } else { "" })?;
        self.same_site.map_or(Ok(()), |same_site| write!(f, "; SameSite={same_site}"))?;
        f.write_str(if self.partitioned { "; Partitioned" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_attribute_of_a_name_counts() {
        let cookie =
            SetCookie::parse("a=b=c; SameSite=Lax; samesite=x; Domain=.e.example").value.unwrap();
        assert_eq!(
            (cookie.value, cookie.same_site, cookie.domain),
            ("b=c", None, Some("e.example"))
        );
    }

    #[test]
    fn issues_stand_where_the_text_does() {
        let parsed = SetCookie::parse("a=b; SameSite=True; Http-Only; Path=x");
        let found: Vec<_> = parsed.issues.iter().map(|issue| (issue.problem, issue.span)).collect();
        let expected = [
            (Problem::InvalidValue, Span::new(14, 18)),
            (Problem::UnknownName, Span::new(20, 29)),
            (Problem::InvalidValue, Span::new(36, 37)),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn prefixes_are_promises() {
        let fault = |text| SetCookie::parse(text).value.unwrap().prefix_fault();
        assert_eq!(fault("__Host-a=1; Path=/"), Some(PrefixFault::NotSecure));
        assert_eq!(
            fault("__Host-a=1; Secure; Path=/; Domain=e.example"),
            Some(PrefixFault::Domain)
        );
        assert_eq!(fault("__Host-a=1; Secure"), Some(PrefixFault::Path));
        assert_eq!(fault("__secure-a=1"), Some(PrefixFault::NotSecure));
        assert_eq!(fault("__Host-a=1; Secure; Path=/"), None);
    }
}
