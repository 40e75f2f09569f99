//! Apache httpd: `Header` lines with conditions, and the rules of a path as environment variables.
//!
//! There are two tables of headers: `always` goes out with every answer, `onsuccess` not with errors that the server
//! makes; a CGI's headers are in the first, a proxied application's in the second. So `set` is
//! `onsuccess unset` and `always set`: nothing else gives one line in all cases.

mod guard;
mod paths;
mod quote;

use std::fmt::Write;

use super::lines::{HeaderChanges, Place, Scope, Site};
use super::{EmitError, File, GENERATED_BY, https_origin, regex};
use crate::header::Origin;
use crate::plan::{CookieAttribute, Op, Plan, Scheme, ServerTokens, StatusClass, StatusMatch};
use quote::{DOLLAR, pieces, short_value, value, word};

/// Where the lines stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// In a `<VirtualHost>`.
    Server,
    /// In the `.htaccess` of the folder of pages, where sections and `Define` are not allowed.
    Folder,
}

pub(super) fn emit(plan: &Plan, site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let mut files = Vec::new();
    if plan.server_tokens == Some(ServerTokens::Off) {
        files.push(File::new("main.conf", main_conf()));
    }
    files.push(File::new("server.conf", server(plan, site)?));
    Ok(files)
}

pub(super) fn emit_htaccess(plan: &Plan, site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let body = body(plan, site, Context::Folder)?;
    let text = format!(
        "{GENERATED_BY}: the response headers.\n\
         # In the folder of the pages, where the server says `AllowOverride FileInfo` or `All`.\n\
         # Modules: {}. It says nothing to requests that are proxied.\n{body}",
        modules(plan, &body)
    );
    Ok(vec![File::new(".htaccess", text)])
}

fn main_conf() -> String {
    format!(
        "{GENERATED_BY}: what holds for the whole server.\n\
         # Outside of every <VirtualHost>:  Include cspc/main.conf\n\
         \n# No version in the Server header and on error pages.\nServerTokens Prod\nServerSignature Off\n"
    )
}

fn server(plan: &Plan, site: &Site<'_>) -> Result<String, EmitError> {
    let body = body(plan, site, Context::Server)?;
    let mut text = format!(
        "{GENERATED_BY}: the response headers.\n\
         # In each <VirtualHost> of the site, after its own Header lines:  Include cspc/server.conf\n\
         # Modules: {}. <Location>, <Directory>, <If> sections and .htaccess files run later and can\n\
         # change these headers.\n",
        modules(plan, &body)
    );
    if body.contains(DOLLAR) {
        text.push_str(
            "\n# A dollar before a brace: Apache has no escape for it.\nDefine CSPC_DOLLAR $\n",
        );
    }
    Ok(text + &body)
}

fn body(plan: &Plan, site: &Site<'_>, context: Context) -> Result<String, EmitError> {
    let mut body = paths::variables(site, context);
    for header in &site.headers {
        body.push_str(&header_lines(site, header, context)?);
    }
    body.push_str(&cookies(&plan.cookies));
    body.push_str(&redirect(plan)?);
    body.push_str(&guard::sections(plan, site, context)?);
    Ok(body)
}

fn modules(plan: &Plan, body: &str) -> String {
    let mut modules = vec!["headers"];
    if body.contains("SetEnvIf") {
        modules.push("setenvif");
    }
    if plan.https_redirect.is_some() {
        modules.push("rewrite");
    }
    if body.contains("<If ") {
        modules.push("alias");
    }
    modules.join(", ")
}

fn header_lines(
    site: &Site<'_>,
    header: &HeaderChanges<'_>,
    context: Context,
) -> Result<String, EmitError> {
    let mut text = format!("\n# {}\n", header.name);
    let by_type = header
        .changes
        .iter()
        .any(|c| site.place(c.scope).is_some_and(|place| !place.types.is_empty()));
    for (index, change) in header.changes.iter().enumerate() {
        let mut terms = terms(site, change.scope);
        // A default of a later rule undoes what this one does: so this one does nothing where that one holds.
        for later in header.changes.iter().skip(index + 1).filter(|c| c.op == Op::Default) {
            terms.push(format!("!({})", self::terms(site, later.scope).join(" && ")));
        }
        // An answer without a type would get the wrong policy, and the client would store it.
        if by_type && change.op != Op::Remove {
            terms.push("%{REQUEST_STATUS} -ne 304".to_owned());
        }
        if let Some(place) = site.place(change.scope) {
            let _ = writeln!(text, "# {}:", place.describe());
        }
        let value = match context {
            _ if change.op == Op::Remove => String::new(),
            Context::Server => value(change.value)?,
            Context::Folder => folder_value(header.name, index, change.value, &mut text),
        };
        write_change(&mut text, header.name, change.op, terms, &value);
    }
    Ok(text)
}

/// A value in a folder's file; writes the variables first that it needs.
fn folder_value(name: &str, index: usize, text: &str, lines: &mut String) -> String {
    if let Some(word) = short_value(text) {
        return word;
    }
    let stem = format!("CSPC_{}_{}", name.to_ascii_uppercase().replace('-', "_"), index + 1);
    let mut format = String::new();
    for (number, piece) in pieces(text).iter().enumerate() {
        let variable = format!("{stem}_{}", number + 1);
        let _ =
            writeln!(lines, "SetEnvIf Request_URI \"^\" {}", word(&format!("{variable}={piece}")));
        let _ = write!(format, "%{{{variable}}}e");
    }
    word(&format)
}

fn write_change(text: &mut String, name: &str, op: Op, mut terms: Vec<String>, value: &str) {
    if op == Op::Default {
        terms.push(format!("-z resp('{name}')"));
    }
    let condition = if terms.is_empty() {
        String::new()
    } else {
        format!(" {}", word(&format!("expr={}", terms.join(" && "))))
    };
    if matches!(op, Op::Set | Op::Remove) {
        let _ = writeln!(text, "Header onsuccess unset {name}{condition}");
    }
    let _ = match op {
        Op::Remove => writeln!(text, "Header always unset {name}{condition}"),
        Op::Add => writeln!(text, "Header always add {name} {value}{condition}"),
        Op::Set | Op::Default => writeln!(text, "Header always set {name} {value}{condition}"),
    };
}

/// What has to hold for a change, in Apache's expression language.
fn terms(site: &Site<'_>, scope: Scope<'_>) -> Vec<String> {
    let mut terms = Vec::new();
    if let Some(place) = site.place(scope) {
        terms.extend(paths::term(place));
        terms.extend(types(place));
        terms.extend(place.status.map(status));
    }
    terms.extend(request_terms(scope));
    terms
}

/// What has to hold of the request but for its path.
fn request_terms(scope: Scope<'_>) -> impl Iterator<Item = String> {
    let scheme = scope.scheme.map(|scheme| {
        let is = if scheme == Scheme::Https { "==" } else { "!=" };
        format!("%{{HTTPS}} {is} 'on'")
    });
    let origins: Vec<&str> = scope.origins.iter().map(Origin::as_str).collect();
    scheme.into_iter().chain((!origins.is_empty()).then(|| from(&origins)))
}

/// That the request's `Origin` is one of these; that the response depends on it, the plan's `Vary` says.
fn from(origins: &[&str]) -> String {
    format!("req_novary('Origin') -in {{{}}}", list(origins))
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(",")
}

fn types(place: &Place<'_>) -> Option<String> {
    let types: Vec<String> = place.types.iter().map(|name| regex::escape(name)).collect();
    let one = |types: &str| format!("%{{CONTENT_TYPE}} =~ m#^(?:{types})(?:[ ;]|\\z)#i");
    (!types.is_empty()).then(|| one(&types.join("|")))
}

fn status(status: &StatusMatch) -> String {
    match status {
        StatusMatch::Class(StatusClass::Error) => "%{REQUEST_STATUS} -ge 400".to_owned(),
        StatusMatch::Class(StatusClass::Success) => "%{REQUEST_STATUS} -lt 400".to_owned(),
        StatusMatch::Codes(codes) => {
            let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            if codes.is_empty() {
                return "false".to_owned();
            }
            format!("%{{REQUEST_STATUS}} -in {{{}}}", list(&codes))
        }
    }
}

fn cookies(attributes: &[CookieAttribute]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let mut text =
        "\n# Each cookie: an attribute is cut off where it stands already, then appended.\n"
            .to_owned();
    for attribute in attributes {
        let (name, written) = attribute.as_written();
        for table in ["onsuccess", "always"] {
            let old = word(&format!("(?i);\\s*{name}\\s*(?:=[^;]*)?(?=;|\\z)"));
            let _ = writeln!(text, "Header {table} edit* Set-Cookie {old} \"\"");
            let _ = writeln!(text, "Header {table} edit Set-Cookie \"\\z\" \"; {written}\"");
        }
    }
    text
}

fn redirect(plan: &Plan) -> Result<String, EmitError> {
    let Some(status) = plan.https_redirect else { return Ok(String::new()) };
    let origin = https_origin(plan)?.unwrap_or_else(|| "https://%{SERVER_NAME}".to_owned());
    let target = word(&format!("{origin}%{{REQUEST_URI}}"));
    Ok(format!(
        "\n# Plain HTTP goes to HTTPS.\nRewriteEngine On\nRewriteCond %{{HTTPS}} !=on\n\
         RewriteRule ^ {target} [R={},L]\n",
        u16::from(status)
    ))
}
