//! What pages of other origins may do on a route: read answers (CORS), and make requests that change something.

use toml::Spanned;

use super::document::{CorsTable, GuardSetting};
use super::read::{Read, Reader, constant, method, token};
use super::{DeclaredHeader, Headers, RoutePaths};
use crate::diagnostic::Location;
use crate::header::{HeaderName, Origin};
use crate::plan::{Guard, Initiator, SAFE_METHODS, Unmarked};

/// Which origin may read a response.
pub(super) const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";

/// Who of elsewhere may read what is served, and send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cors {
    /// The origins; none if all may read.
    pub origins: Vec<Origin>,
    /// Whether they may make requests that change something, whatever the guard says.
    pub changes: bool,
    /// Where that is said.
    pub location: Location,
}

impl Cors {
    /// Whether responses depend on which origin asks.
    pub const fn varies(&self) -> bool {
        self.origins.len() > 1
    }
}

impl Reader<'_> {
    /// The headers that are the same whoever asks, and for whom they are. Where one of several origins is to be named, no
    /// header of the application's own does.
    pub(super) fn cors(&self, cors: &Spanned<CorsTable>) -> Read<(Headers, Cors)> {
        let table = cors.get_ref();
        let origins = self.origins(table)?;
        let list = |names: &[Spanned<String>], check: fn(&str) -> Result<String, String>| {
            let names = names.iter().map(|name| self.checked(name, check));
            Ok(names.collect::<Read<Vec<String>>>()?.join(", "))
        };
        let (methods, asked) = (list(&table.methods, method)?, list(&table.headers, token)?);
        let given = [
            ("Access-Control-Allow-Methods", methods.as_str()),
            ("Access-Control-Allow-Headers", &asked),
            ("Access-Control-Allow-Credentials", if table.credentials { "true" } else { "" }),
            ("Cross-Origin-Resource-Policy", "cross-origin"),
        ];
        let given = given.into_iter().filter(|(_, value)| !value.is_empty());
        let location = self.locate(cors.span());
        let allowed = match origins.as_slice() {
            [] => constant(ALLOW_ORIGIN, "*", &location),
            [only] => constant(ALLOW_ORIGIN, only.as_str(), &location),
            _ => HeaderName::new(ALLOW_ORIGIN).ok().map(|name| DeclaredHeader {
                name,
                value: None,
                location: location.clone(),
            }),
        };
        let rest = given.filter_map(|(name, value)| constant(name, value, &location));
        let headers = allowed.into_iter().chain(rest).collect();
        let is_change =
            |method: &Spanned<String>| !SAFE_METHODS.contains(&method.get_ref().as_str());
        let changes = table.methods.iter().any(is_change);
        Ok((headers, Cors { origins, changes, location }))
    }

    /// That nothing else on the route says the contrary.
    pub(super) fn check_cors(
        &self,
        cors: Option<&Cors>,
        guard: Option<&(Guard, Location)>,
        own: &Headers,
    ) -> Read<()> {
        let Some(cors) = cors else { return Ok(()) };
        let is_allowed =
            |header: &&DeclaredHeader| header.name.as_str().eq_ignore_ascii_case(ALLOW_ORIGIN);
        if let Some(header) = own.iter().find(is_allowed) {
            let span = header.location.span;
            return self.error(
                span.start..span.end,
                "`cors` says which origins may read: take one of the two out",
            );
        }
        let is_guarded = guard.is_some_and(|(guard, _)| !guard.is_open());
        if cors.origins.is_empty() && cors.changes && is_guarded {
            let span = cors.location.span;
            return self.error(
                span.start..span.end,
                "the guard refuses what `cors` allows pages of everywhere: name the origins, or take methods that change something out",
            );
        }
        Ok(())
    }

    /// The origins, none for `*`.
    fn origins(&self, table: &CorsTable) -> Read<Vec<Origin>> {
        let span = table.origin.span();
        let texts = table.origin.get_ref().texts();
        if let ["*"] = texts.as_slice() {
            return match table.credentials {
                false => Ok(Vec::new()),
                true => self.error(
                    span,
                    "browsers refuse `*` with credentials: name the origin, or take `credentials` out",
                ),
            };
        }
        if texts.is_empty() || texts.contains(&"*") {
            return self
                .error(span, "expected the origins that may read, or `\"*\"` alone for all");
        }
        let read =
            |text: &&str| Origin::of(text).or_else(|message| self.error(span.clone(), message));
        texts.iter().map(read).collect()
    }

    /// A guard stands before there is a page, so that no list of pages can be all that it is for.
    pub(super) fn guard(
        &self,
        setting: Spanned<GuardSetting>,
        paths: &RoutePaths,
    ) -> Read<(Guard, Location)> {
        if matches!(paths, RoutePaths::Glob(_)) {
            return self.error(
                setting.span(),
                "a `glob` stands for the pages that there are, and requests that change something need none: guard a `path` or a `prefix`",
            );
        }
        let (setting, location) = self.placed(setting);
        let (allow, unmarked) = match setting {
            GuardSetting::Guard(guard) => return Ok((guard, location)),
            GuardSetting::Allow(allow) => (allow, Unmarked::Pass),
            GuardSetting::Wanted(true) => (Initiator::SameOrigin, Unmarked::Pass),
            GuardSetting::Wanted(false) => (Initiator::CrossSite, Unmarked::Pass),
        };
        Ok((Guard { allow, unmarked }, location))
    }
}
