//! Whether a server can do what a plan asks of it, and what the files leave out where it cannot.

use std::borrow::Cow;

use super::EmitError;
use super::capability::Feature::{
    self, Adds, Cookies, Defaults, Guards, Nonces, Origins, Redirect, Removes, Replaces, Schemes,
    Statuses, Suffix, Tokens, Types,
};
use super::capability::Server;
use super::lines::{Change, Site};
use crate::diagnostic::{Confidence, Finding, Severity};
use crate::plan::{NONCE_SOURCE, Op, Plan, Scheme, ServerTokens};

/// Checks that the server can do what the plan says of headers, and says what it leaves out beside them.
pub(super) fn check(
    plan: &Plan,
    site: &Site<'_>,
    server: Server,
) -> Result<Vec<Finding>, EmitError> {
    check_nonces(plan, site, server)?;
    for header in &site.headers {
        // What is to be hidden is a finding where it cannot be.
        let hidden = |change: &Change<'_>| {
            change.op == Op::Remove
                && change.scope.is_always()
                && plan.hide.iter().any(|name| name.as_str().eq_ignore_ascii_case(header.name))
        };
        let changes = header.changes.iter().enumerate().filter(|(_, change)| !hidden(change));
        let asked = |(index, change)| {
            let is_first = index == 0;
            Asked { site, server, name: header.name, change, is_first }
        };
        let asked: Vec<Asked<'_>> = changes.map(asked).collect();
        // What a header by origin needs beside that is not what the owner asked for.
        asked.iter().try_for_each(Asked::check_origins)?;
        asked.iter().try_for_each(Asked::check)?;
    }
    Ok(left_out(plan, server))
}

/// A nonce that is the same in each response would protect nothing.
fn check_nonces(plan: &Plan, site: &Site<'_>, server: Server) -> Result<(), EmitError> {
    let mut changes = site.headers.iter().flat_map(|header| &header.changes);
    if !changes.any(|change| change.value.contains(NONCE_SOURCE)) {
        return Ok(());
    }
    let capability = server.capability();
    match (&plan.nonce, capability.has(Nonces)) {
        (Some(_), true) => Ok(()),
        (None, _) => Err(EmitError::NoNonceText),
        (_, false) => Err(EmitError::NoNonce { server, why: capability.no_nonce }),
    }
}

/// The way out where a server sees too little.
const IN_FRONT: &str =
    "put a server that can in front, such as nginx or HAProxy, or take the condition out";

/// A change of a header, asked of a server.
struct Asked<'a> {
    site: &'a Site<'a>,
    server: Server,
    name: &'a str,
    change: &'a Change<'a>,
    is_first: bool,
}

impl Asked<'_> {
    fn check(&self) -> Result<(), EmitError> {
        self.check_place()?;
        let op = self.change.op;
        self.needs(
            op == Op::Default && !self.is_plain_default(),
            Defaults,
            "`default`",
            "use `set`",
        )?;
        self.needs(op == Op::Add, Adds, "`add`", "join the values with commas")?;
        self.needs(
            op == Op::Remove,
            Removes,
            "`remove`",
            "set the header only where it is wanted, or take it out of the application",
        )?;
        let limit = self.server.capability().value_bytes.unwrap_or(usize::MAX);
        if self.change.value.len() > limit {
            let bytes = self.change.value.len();
            return Err(EmitError::ValueTooLong {
                name: self.name.to_owned(),
                server: self.server,
                bytes,
                limit,
            });
        }
        Ok(())
    }

    fn check_origins(&self) -> Result<(), EmitError> {
        let by_origin = !self.change.scope.origins.is_empty();
        self.needs(by_origin, Origins, "the request's `Origin`", IN_FRONT)
    }

    fn check_place(&self) -> Result<(), EmitError> {
        let Some(place) = self.site.place(self.change.scope) else { return Ok(()) };
        self.needs(!place.types.is_empty(), Types, "the media type", IN_FRONT)?;
        self.needs(place.status.is_some(), Statuses, "the status", IN_FRONT)?;
        self.needs(
            place.has_suffix(),
            Suffix,
            "the end of a path",
            "name the paths, or a folder, instead",
        )
    }

    /// A host of files sends no header of its own that a default would have to spare.
    fn is_plain_default(&self) -> bool {
        self.is_first && !self.server.capability().has(Replaces)
    }

    fn needs(
        &self,
        asked: bool,
        feature: Feature,
        what: &'static str,
        help: &'static str,
    ) -> Result<(), EmitError> {
        if !asked || self.server.capability().has(feature) {
            return Ok(());
        }
        let place = self.site.place(self.change.scope).map(|place| place.rule);
        Err(EmitError::Unsupported {
            server: self.server,
            name: self.name.to_owned(),
            rule: place,
            what,
            help,
        })
    }
}

/// What is not about headers of a rule, and does not stop the rest from being right.
fn left_out(plan: &Plan, server: Server) -> Vec<Finding> {
    let has = |feature| server.capability().has(feature);
    let is_over = |wanted: Scheme| {
        let is_it = |scheme: Option<Scheme>| scheme == Some(wanted);
        plan.rules
            .iter()
            .any(|rule| is_it(rule.matches.scheme) || rule.headers.iter().any(|h| is_it(h.scheme)))
    };
    let table: [(bool, Feature, &str, &str); 8] = [
        (
            !plan.cookies.is_empty(),
            Cookies,
            "cannot change cookies: `cookies` is left out",
            "set Secure, HttpOnly and SameSite where the application makes the cookie",
        ),
        (
            plan.rules.iter().any(|rule| rule.guard.is_some()),
            Guards,
            "cannot refuse requests of other sites: `guard` is left out",
            "let the application or a server in front look at Sec-Fetch-Site and Origin",
        ),
        (
            plan.https_redirect.is_some(),
            Redirect,
            "cannot redirect to HTTPS from this file: `https_redirect` is left out",
            "turn the redirect on in the host's settings, or in the server in front",
        ),
        (
            plan.server_tokens == Some(ServerTokens::Off),
            Tokens,
            "cannot hide a version from this file: `server_tokens` is left out",
            "set it in the main configuration; hosts of files do not name a version",
        ),
        (
            !plan.hide.is_empty(),
            Removes,
            "cannot take headers away: `hide` is left out",
            "turn those headers off where the application makes them",
        ),
        (
            is_over(Scheme::Https) && matches!(server, Server::Envoy | Server::Kubernetes),
            Schemes,
            "cannot tell HTTP from HTTPS: what is for HTTPS alone goes out over both",
            "let the plain listener do nothing but redirect",
        ),
        (
            is_over(Scheme::Http),
            Schemes,
            "cannot tell HTTP from HTTPS: what is for HTTP alone is left out",
            "such hosts redirect plain HTTP before they answer",
        ),
        (
            plan.rules.iter().any(|rule| !rule.headers.is_empty()) && server != Server::Meta,
            Replaces,
            "does not replace what functions and applications behind it send",
            "let them send none of these headers, or the client gets two lines",
        ),
    ];
    let missing = table.into_iter().filter(|(asked, feature, ..)| *asked && !has(*feature));
    missing.map(|(_, _, message, help)| finding(server, message, help)).collect()
}

/// What a back end has to say about what it wrote.
pub(super) fn finding(
    server: Server,
    message: &str,
    help: impl Into<Cow<'static, str>>,
) -> Finding {
    Finding {
        rule: Cow::Borrowed("emit/left-out"),
        severity: Severity::Low,
        confidence: Confidence::High,
        header: None,
        directive: None,
        value: None,
        message: format!("{server} {message}"),
        help: help.into(),
        fix: None,
        location: None,
    }
}
