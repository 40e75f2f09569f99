//! The site file's text, turned into what every part of makes sense.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use url::Url;

use super::document::{
    CookieTable, DemandTable, Document, HeaderSetting, HeaderTable, LayerTable, LintTable,
    OneOrMore, ReportingTable, RequireSetting, RequireTable, RouteTable, SameSite, ServiceSetting,
    ServiceTable, SourceTable, TrustedTypesSetting,
};
use super::error::nearest;
use super::{
    Base, Declared, DeclaredHeader, Demand, EnforcedText, Headers, Layer, LayerHeader,
    LintSettings, Part, Reporting, Requirement, Route, RoutePaths, RuleSetting, SiteError,
    SiteFile, Sources, TrustedTypes, UsedService,
};
use crate::csp::{Directive, SourceExpression, is_trusted_types_name};
use crate::diagnostic::Location;
use crate::header::{HeaderName, HeaderValue, Origin};
use crate::plan::CookieAttribute;
use crate::text::{Position, Positions, Span};

/// Reads a file; `path` is for messages.
pub(super) fn read(path: &str, text: &str) -> Result<SiteFile, SiteError> {
    let document: Document =
        toml::from_str(text).map_err(|found| SiteError::toml(path, text, &found))?;
    Reader { path, text }.site(document)
}

/// The file being read.
pub(super) struct Reader<'t> {
    path: &'t str,
    text: &'t str,
}

pub(super) type Read<T> = Result<T, SiteError>;

impl Reader<'_> {
    pub(super) fn error<T>(&self, span: Range<usize>, message: impl Into<String>) -> Read<T> {
        Err(SiteError::new(self.path, self.text, span.start, message.into()))
    }

    pub(super) fn locate(&self, Range { start, end }: Range<usize>) -> Location {
        let Position { line, column } = Positions::new(self.text.as_bytes()).at(start);
        Location { path: self.path.to_owned(), line, column, span: Span::new(start, end) }
    }

    /// What the check makes of the text, or the error at its place.
    pub(super) fn checked<T>(
        &self,
        written: &Spanned<String>,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> Read<T> {
        check(written.get_ref()).or_else(|message| self.error(written.span(), message))
    }

    fn site(&self, document: Document) -> Read<SiteFile> {
        let additions = self.additions(document.additions)?;
        let routes = document.routes.into_iter();
        let routes = routes.map(|route| self.route(route, &additions)).collect::<Read<_>>()?;
        let origin = |text: &str| Origin::of(text).map(String::from);
        let enforce = self.enforced(document.enforce.as_ref(), document.report_only.as_ref())?;
        Ok(SiteFile {
            path: self.path.to_owned(),
            origin: document.origin.map(|written| self.checked(&written, origin)).transpose()?,
            root: document.root.map(|root| self.placed(root)),
            base: document
                .base
                .map_or_else(|| Ok(Base::default()), |base| self.checked(&base, Base::parse))?,
            targets: document.targets.into_iter().map(|target| self.placed(target)).collect(),
            strategy: document.strategy.map(|strategy| self.placed(strategy)),
            nonce_placeholder: document.nonce_placeholder.unwrap_or_default(),
            strict_dynamic: document.strict_dynamic.and_then(|wanted| {
                let (wanted, location) = self.placed(wanted);
                wanted.then_some(location)
            }),
            trusted_types: document
                .trusted_types
                .map(|setting| self.trusted_types(setting))
                .transpose()?
                .flatten(),
            sources: self.sources(document.sources)?,
            services: self.services(document.services)?,
            report_only: document.report_only.map_or(enforce.is_some(), Spanned::into_inner),
            enforce,
            reporting: document.reporting.map(|table| self.reporting(table)).transpose()?,
            https_redirect: document.https_redirect,
            upgrade_insecure_requests: document.upgrade_insecure_requests,
            hide_server_version: document.hide_server_version,
            cookies: cookies(&document.cookies),
            limits: document.limits,
            headers: self.headers(document.headers)?,
            layers: self.layers(document.layers)?,
            routes,
            require: self.requirements(document.require)?,
            lint: self.lint(document.lint),
        })
    }

    pub(super) fn placed<T>(&self, value: Spanned<T>) -> (T, Location) {
        let location = self.locate(value.span());
        (value.into_inner(), location)
    }

    fn enforced(
        &self,
        policy: Option<&Spanned<String>>,
        report_only: Option<&Spanned<bool>>,
    ) -> Read<Option<EnforcedText>> {
        let Some(policy) = policy else { return Ok(None) };
        if let Some(flag) = report_only.filter(|flag| !*flag.get_ref()) {
            return self.error(
                flag.span(),
                "`enforce` keeps the old policy in force while the new one reports: take `report-only = false` out, or `enforce`",
            );
        }
        let value =
            self.checked(policy, |text| HeaderValue::new(text).map_err(|found| found.to_string()))?;
        Ok(Some(EnforcedText { policy: value, location: self.locate(policy.span()) }))
    }

    fn trusted_types(&self, setting: Spanned<TrustedTypesSetting>) -> Read<Option<TrustedTypes>> {
        let span = setting.span();
        let (setting, location) = self.placed(setting);
        let policies = match setting {
            TrustedTypesSetting::Wanted(false) => return Ok(None),
            TrustedTypesSetting::Wanted(true) => Vec::new(),
            TrustedTypesSetting::Names(names) => names,
        };
        match policies.iter().find(|name| !is_trusted_types_name(name)) {
            Some(name) => self.error(
                span,
                format!("`{name}` cannot name a Trusted Types policy: expected letters, digits and `-#=_/@.%`"),
            ),
            None => Ok(Some(TrustedTypes { policies, location })),
        }
    }

    fn sources(&self, table: SourceTable) -> Read<Sources> {
        let mut sources = Sources::new();
        for (name, expressions) in table {
            let directive = self.checked(&name, directive)?;
            let declared = expressions.into_iter().map(|written| {
                let expression = self.checked(&written, expression)?;
                Ok(Declared { expression, location: self.locate(written.span()) })
            });
            sources.insert(directive, declared.collect::<Read<_>>()?);
        }
        Ok(sources)
    }

    fn additions(
        &self,
        tables: BTreeMap<Spanned<String>, SourceTable>,
    ) -> Read<BTreeMap<String, Sources>> {
        let named =
            tables.into_iter().map(|(name, table)| Ok((name.into_inner(), self.sources(table)?)));
        named.collect()
    }

    fn services(&self, table: ServiceTable) -> Read<Vec<UsedService>> {
        let mut services = Vec::new();
        for (name, setting) in table {
            let location = self.locate(name.span());
            let name = name.into_inner();
            let parameters = match setting.get_ref() {
                ServiceSetting::Used(false) => continue,
                ServiceSetting::Used(true) => String::new(),
                ServiceSetting::Parameters(given) => {
                    let given: Vec<String> =
                        given.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    format!(":{}", given.join(","))
                }
            };
            services.push(UsedService { service: format!("{name}{parameters}"), location });
        }
        Ok(services)
    }

    fn headers(&self, table: HeaderTable) -> Read<Headers> {
        let mut headers = Headers::new();
        for (name, setting) in table {
            let value = header_value(setting.get_ref())
                .or_else(|message| self.error(setting.span(), message))?;
            let location = self.locate(setting.span());
            headers.push(DeclaredHeader {
                name: self.checked(&name, header_name)?,
                value,
                location,
            });
        }
        Ok(headers)
    }

    fn layers(&self, table: LayerTable) -> Read<Vec<LayerHeader>> {
        let layers = [
            (Layer::Cdn, table.cdn),
            (Layer::LoadBalancer, table.load_balancer),
            (Layer::Application, table.application),
        ];
        let named = layers.into_iter().flat_map(|(layer, names)| {
            names.into_iter().map(move |name| {
                let location = self.locate(name.span());
                Ok(LayerHeader { layer, name: self.checked(&name, any_header_name)?, location })
            })
        });
        named.collect()
    }

    fn reporting(&self, table: ReportingTable) -> Read<Reporting> {
        let endpoint = self.checked(&table.endpoint, endpoint)?;
        Ok(Reporting { endpoint, network_errors: table.network_errors })
    }

    fn route(
        &self,
        route: Spanned<RouteTable>,
        additions: &BTreeMap<String, Sources>,
    ) -> Read<Route> {
        let whole = route.span();
        let table = route.into_inner();
        let (paths, location) = self.paths(&table, whole)?;
        let guard = table.guard.map(|setting| self.guard(setting, &paths)).transpose()?;
        let mut sources = self.sources(table.sources)?;
        for name in &table.add {
            for (directive, declared) in self.addition(name, additions)? {
                sources.entry(*directive).or_default().extend(declared.iter().cloned());
            }
        }
        let mut headers = of_session(table.session, table.logout, &location);
        let cors = table.cors.map(|cors| self.cors(&cors)).transpose()?;
        let (given, cors) = cors.map_or_else(Default::default, |(given, cors)| (given, Some(cors)));
        headers.extend(given);
        let own = self.headers(table.headers)?;
        self.check_cors(cors.as_ref(), guard.as_ref(), &own)?;
        headers.retain(|header| own.iter().all(|other| other.name != header.name));
        headers.extend(own);
        Ok(Route {
            paths,
            location,
            strategy: table.strategy,
            report_only: table.report_only,
            sources,
            services: self.services(table.services)?,
            headers,
            cors,
            guard,
        })
    }

    fn paths(&self, table: &RouteTable, whole: Range<usize>) -> Read<(RoutePaths, Location)> {
        let RouteTable { path, prefix, glob, .. } = table;
        let make: (&Spanned<String>, fn(String) -> RoutePaths) = match (path, prefix, glob) {
            (Some(path), None, None) => (path, RoutePaths::Exact),
            (None, Some(prefix), None) => (prefix, RoutePaths::Prefix),
            (None, None, Some(glob)) => (glob, RoutePaths::Glob),
            _ => return self.error(whole, "a route has one of `path`, `prefix` and `glob`"),
        };
        let (written, kind) = make;
        let path = self.checked(written, route_path)?;
        Ok((kind(path), self.locate(written.span())))
    }

    fn addition<'a>(
        &self,
        name: &Spanned<String>,
        additions: &'a BTreeMap<String, Sources>,
    ) -> Read<&'a Sources> {
        if let Some(sources) = additions.get(name.get_ref()) {
            return Ok(sources);
        }
        let hint = nearest(name.get_ref(), additions.keys().map(String::as_str))
            .map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
        self.error(name.span(), format!("there is no [additions.{}]{hint}", name.get_ref()))
    }

    fn requirements(&self, table: RequireTable) -> Read<Vec<Requirement>> {
        let requirement = |(name, setting): (Spanned<String>, Spanned<RequireSetting>)| {
            let header = self.checked(&name, any_header_name)?;
            let span = setting.span();
            let mut table = demand_table(setting.into_inner());
            let (optional, severity) = (table.optional, table.severity);
            let reason = table.reason.take();
            let demand = demand(table).or_else(|message| self.error(span, message))?;
            let location = self.locate(name.span());
            Ok(Requirement { header, demand, optional, severity, reason, location })
        };
        table.into_iter().map(requirement).collect()
    }

    fn lint(&self, table: LintTable) -> LintSettings {
        let ignore = table.ignore.into_iter().map(|entry| RuleSetting {
            location: self.locate(entry.rule.span()),
            rule: entry.rule.into_inner(),
            value: entry.reason,
        });
        let severity = table.severity.into_iter().map(|(rule, value)| RuleSetting {
            location: self.locate(rule.span()),
            rule: rule.into_inner(),
            value,
        });
        LintSettings { ignore: ignore.collect(), severity: severity.collect() }
    }
}

fn demand_table(setting: RequireSetting) -> DemandTable {
    match setting {
        RequireSetting::Wanted(wanted) => DemandTable { forbidden: !wanted, ..Default::default() },
        RequireSetting::Value(value) => {
            DemandTable { value: Some(OneOrMore::One(value)), ..Default::default() }
        }
        RequireSetting::Values(values) => {
            DemandTable { value: Some(OneOrMore::More(values)), ..Default::default() }
        }
        RequireSetting::Table(table) => table,
    }
}

fn demand(table: DemandTable) -> Result<Demand, String> {
    let has_parts = !table.with.is_empty() || !table.without.is_empty();
    match (table.forbidden, table.value) {
        (true, value) if value.is_some() || has_parts || table.optional => {
            Err("`forbidden` says it all: take it out, or what stands beside it".to_owned())
        }
        (true, _) => Ok(Demand::Absent),
        (false, Some(_)) if has_parts => {
            Err("`value` says it all: take it out, or `with` and `without`".to_owned())
        }
        (false, Some(values)) => {
            let values = values.into_vec().into_iter().map(HeaderValue::new);
            let values =
                values.collect::<Result<Vec<_>, _>>().map_err(|found| found.to_string())?;
            match values.is_empty() {
                true => Err("expected at least one value; `true` takes any".to_owned()),
                false => Ok(Demand::OneOf(values)),
            }
        }
        (false, None) if has_parts => {
            let read = |parts: &[String]| parts.iter().map(|part| Part::read(part)).collect();
            Ok(Demand::Parts(read(&table.with), read(&table.without)))
        }
        (false, None) => Ok(Demand::OneOf(Vec::new())),
    }
}

/// What keeps pages that depend on who asks out of caches, and what empties them when the session ends.
fn of_session(session: bool, logout: bool, location: &Location) -> Headers {
    let everything = r#""cache", "cookies", "storage""#;
    let not_kept =
        (session || logout).then(|| constant("Cache-Control", "no-store", location)).flatten();
    let emptied = logout.then(|| constant("Clear-Site-Data", everything, location)).flatten();
    not_kept.into_iter().chain(emptied).collect()
}

/// A header that the file does not spell out itself, and what it follows from.
pub(super) fn constant(name: &str, value: &str, location: &Location) -> Option<DeclaredHeader> {
    let (name, value) = (HeaderName::new(name).ok()?, HeaderValue::new(value).ok()?);
    Some(DeclaredHeader { name, value: Some(value), location: location.clone() })
}

fn cookies(table: &CookieTable) -> Vec<CookieAttribute> {
    let same_site = table.same_site.map(|value| match value {
        SameSite::Strict => CookieAttribute::SameSiteStrict,
        SameSite::Lax => CookieAttribute::SameSiteLax,
    });
    let secure = table.secure.then_some(CookieAttribute::Secure);
    let http_only = table.http_only.then_some(CookieAttribute::HttpOnly);
    secure.into_iter().chain(http_only).chain(same_site).collect()
}

/// Takes where reports go (Reporting API, section 3.1): over HTTPS, or on the site itself.
fn endpoint(text: &str) -> Result<String, String> {
    let is_own = text.starts_with('/') && !text.starts_with("//");
    let url = Url::parse(text).ok().filter(|url| url.scheme() == "https");
    // What is written into a structured field and a policy has to be spelled as a URL is.
    let spelled = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\;,'".contains(&byte));
    if spelled && (is_own || url.is_some()) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` takes no reports: expected a URL such as `https://reports.example/csp`, or a path such as `/reports`"
    ))
}

/// Takes an HTTP method (RFC 9110, section 9.1), of which browsers send the common ones in capitals, however they are written.
pub(super) fn method(text: &str) -> Result<String, String> {
    let capitals = text.to_ascii_uppercase();
    if capitals != text {
        return Err(format!("`{text}` is not how browsers write a method: expected `{capitals}`"));
    }
    token(text)
}

/// Takes an HTTP method or the name of a header (RFC 9110, section 5.6.2).
pub(super) fn token(text: &str) -> Result<String, String> {
    HeaderName::new(text)
        .map(|name| name.to_string())
        .map_err(|_error| format!("`{text}` is no method or header name"))
}

fn route_path(path: &str) -> Result<String, String> {
    let dots = |segment: &str| segment == "." || segment == "..";
    let message = if !path.starts_with('/') {
        "expected one that starts with `/`"
    } else if path.contains("//") || path.split('/').any(dots) {
        "servers take `//`, `.` and `..` out before they look"
    } else if path.contains(['?', '#', '\0']) {
        "a path ends before `?` and `#`"
    } else if is_encoded(path) {
        "expected it percent-decoded, as `/a b` for `/a%20b`"
    } else {
        return Ok(path.to_owned());
    };
    Err(format!("`{path}` is no path that a server sees: {message}"))
}

/// Whether a `%` with two hexadecimal digits stands in it.
fn is_encoded(path: &str) -> bool {
    path.split('%').skip(1).any(|rest| {
        rest.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

fn directive(name: &str) -> Result<Directive, String> {
    let lists = || Directive::all().filter(|directive| directive.takes_source_list());
    let known = Directive::from_name(name).filter(|directive| directive.takes_source_list());
    known.ok_or_else(|| {
        let hint = nearest(name, lists().map(Directive::as_str));
        let hint = hint.map_or_else(
            || ", such as `connect-src`".to_owned(),
            |near| format!(": did you mean `{near}`?"),
        );
        format!("`{name}` is not a directive with a list of sources{hint}")
    })
}

/// Takes one source expression as it is written in a policy.
fn expression(text: &str) -> Result<String, String> {
    match SourceExpression::parse(text) {
        SourceExpression::None => {
            Err("`'none'` adds nothing: what no page needs and nobody declares is closed already"
                .to_owned())
        }
        SourceExpression::Invalid(_) => Err(format!(
            "`{text}` is not a source expression: expected one such as `https://cdn.example`, `'self'` or `data:`"
        )),
        SourceExpression::Hash(algorithm, digest) if !algorithm.fits(digest) => Err(format!(
            "`{text}` is no hash: expected the base64 of {} bytes",
            algorithm.digest_length()
        )),
        _ => Ok(text.to_owned()),
    }
}

fn any_header_name(name: &str) -> Result<HeaderName, String> {
    HeaderName::new(name).map_err(|found| found.to_string())
}

fn header_name(name: &str) -> Result<HeaderName, String> {
    if name.to_ascii_lowercase().starts_with("content-security-policy") {
        return Err("the policy is what cspc builds: add to it under [sources]".to_owned());
    }
    any_header_name(name)
}

fn header_value(setting: &HeaderSetting) -> Result<Option<HeaderValue>, String> {
    match setting {
        HeaderSetting::Value(value) => {
            HeaderValue::new(value).map(Some).map_err(|found| found.to_string())
        }
        HeaderSetting::Wanted(false) => Ok(None),
        HeaderSetting::Wanted(true) => {
            Err("expected a value, or `false` to leave the header out".to_owned())
        }
    }
}
