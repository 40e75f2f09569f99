//! A site file to begin with: what a look at the site tells is set, and every other key stands there to be uncommented.

use std::fmt::Write;

/// A value that a look at the site suggests, and what suggests it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// Why, as in `named in CNAME`.
    pub reason: String,
}

/// What a look at a site tells.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Where it is served.
    pub origin: Option<Choice>,
    /// The folder of its pages.
    pub root: Option<Choice>,
    /// The servers in front of it.
    pub targets: Vec<Choice>,
    /// Third-party services that its pages use.
    pub services: Vec<Choice>,
}

/// What stands under the folder.
const BASE: &str = r#"
# The path under which that folder is served, if it is not the whole site. Routes below name paths as visitors see them.
#base = "/docs"
"#;

/// What stands under the keys that are chosen. A line that begins with `#` alone is a setting to be uncommented.
const REST: &str = r##"
# How code is allowed: "hash" names inline code by its hash and files of other sites by their addresses; "nonce" names
# elements that have the placeholder below as their nonce, in place of which the server puts a new one each time (for
# pages that an application makes); "allowlist" names files by their origins (for sites whose file names change from day to
# day); and "auto" is the strictest of them that is enough for each page and that the targets can do.
strategy = "auto"

# What stands for the nonce in pages, as in <script nonce="CSPC_NONCE">. Caddy fills in '{{placeholder "http.request.uuid"}}'.
#nonce-placeholder = "CSPC_NONCE"

# Let the scripts that are allowed load others ('strict-dynamic'), on the pages where each script that stands in the page
# has a nonce, a hash or an integrity attribute. Older browsers get "https:" and 'unsafe-inline' instead.
#strict-dynamic = true

# Let scripts make markup and code only of what a Trusted Types policy made, on the pages where they do; policies that
# scripts create are found. A list names more of them.
#trusted-types = true

# Block nothing yet: browsers only report what the policies would block. Take it out once there are no reports left.
report-only = true

# Keep the policy that is in force today while the new one only reports.
#enforce = "default-src 'self'"

# Where browsers send their reports: a URL, or a path of the site. With network-errors, failed connections as well.
#reporting = { endpoint = "/reports", network-errors = false }

# Send visitors who come over plain HTTP to HTTPS, with this status: 301, 302, 307 or 308.
#https-redirect = 301

# Let browsers ask over HTTPS for what pages name by http:, once policies do more than report. Their hosts
# have to serve it there.
#upgrade-insecure-requests = true

# Let servers not say which version they are. Take it out if the server's own configuration says so already.
#hide-server-version = true

# Attributes that each cookie is to have, whatever the application says. same-site: "strict" or "lax".
#cookies = { secure = true, http-only = true, same-site = "lax" }

# The most policies, and the longest header in bytes. What the targets take is the limit anyway.
#limits = { max-policies = 200, max-header-bytes = 8190 }
"##;

const TABLES: &str = r##"
# What scripts load while they run and reading them does not tell, for every page.
#[sources]
#connect-src = ["https://api.example"]

# Sources under a name of your own, for `add` in routes.
#[additions.maps]
#img-src = ["https://tiles.example"]

# Headers in place of the standard ones; false leaves one out.
#[headers]
#Referrer-Policy = "no-referrer"
#X-Frame-Options = false

# Headers that other layers send: cspc tells of those with two owners, and which of them should send it.
#[layers]
#cdn = ["Strict-Transport-Security"]
#load-balancer = []
#application = ["Cache-Control", "Set-Cookie"]

# What is different for some paths: `path` is one, `prefix` is a folder, `glob` has `*` for part of a name and `**` for
# any number of folders. Of several that cover a page, the later wins.
#[[routes]]
#prefix = "/account"
## Pages that depend on who asks: no cache may keep them.
#session = true
## Refuse requests that change something (all but GET, HEAD and OPTIONS) if a page of another site makes them, which gets 403.
## true or "same-origin": the site's own pages alone may; "same-site": those of its other hosts, too; false: of a folder that
## is guarded, not this. What says nothing of who made it is no browser and passes: { allow = "same-origin", unmarked =
## "refuse" } refuses it.
#guard = true
#
#[[routes]]
#path = "/logout"
## Browsers forget what they keep of the site.
#logout = true
#
#[[routes]]
#prefix = "/api"
## Another origin may read the answers; or several, of which each is named to itself alone. Under a guard, those whose
## methods change something may make such requests, too.
#cors = { origin = ["https://app.example", "https://admin.example"], methods = ["GET", "POST"], headers = ["Content-Type"], credentials = true }
#
#[[routes]]
#glob = "/shop/**/*.html"
#strategy = "allowlist"
#report-only = true
#add = ["maps"]
#services = { chargebee = { site = "acme" } }
#sources = { frame-src = ["https://widgets.example"] }
#headers = { X-Robots-Tag = "noindex" }

# What `cspc check` is to demand of every response, as the organisation's own rules: `true` for there, `false` for not
# there, a value, or a list of values of which it is to be one. `with` and `without` name parts; `optional` is for headers
# that need not be there at all.
#[require]
#X-Content-Type-Options = "nosniff"
#Referrer-Policy = ["no-referrer", "same-origin"]
#X-Powered-By = false
#Strict-Transport-Security = { with = ["max-age>=31536000", "includeSubDomains"], severity = "high", reason = "policy 4.2" }
#Content-Security-Policy = { with = ["frame-ancestors 'none'"], without = ["'unsafe-inline'"] }
#Set-Cookie = { with = ["Secure", "HttpOnly"], optional = true }

# Rules of `cspc check` that are to find nothing here, and why; and rules that matter more or less than by themselves.
#[lint]
#ignore = [{ rule = "csp/missing-form-action", reason = "there are no forms" }]
#severity = { "csp/http-source" = "high" }
"##;

impl Template {
    /// The text of the file.
    ///
    /// ```
    /// use cspc_core::site::{Choice, SiteFile, Template};
    /// let origin = Choice { value: "https://shop.example".to_owned(), reason: "named in CNAME".to_owned() };
    /// let text = Template { origin: Some(origin), ..Template::default() }.text();
    /// let site = SiteFile::parse("cspc.toml", &text).unwrap();
    /// assert_eq!(site.origin.as_deref(), Some("https://shop.example"));
    /// assert!(site.report_only && text.contains("(named in CNAME)"));
    /// ```
    pub fn text(&self) -> String {
        let mut text =
            "# What cspc cannot see in the pages. Every key may be left out; `cspc schema config` describes them all.\n"
                .to_owned();
        set(
            &mut text,
            "Where the site is served; links in full to it count as the site's own",
            "origin",
            self.origin.as_ref(),
            "https://shop.example",
        );
        set(&mut text, "The folder of built pages, from here", "root", self.root.as_ref(), "dist");
        text.push_str(BASE);
        self.write_targets(&mut text);
        text.push_str(REST);
        self.write_services(&mut text);
        text.push_str(TABLES);
        text
    }

    fn write_targets(&self, text: &mut String) {
        let reasons: Vec<&str> = self.targets.iter().map(|choice| &*choice.reason).collect();
        let about = "The servers to write for, with a version where that matters";
        let (mark, names) = match reasons.as_slice() {
            [] => ("#", vec![quoted("nginx@1.22"), quoted("netlify")]),
            _ => ("", self.targets.iter().map(|choice| quoted(&choice.value)).collect()),
        };
        let _ = writeln!(text, "\n# {about}{}.", because(&reasons.join(", ")));
        let _ = writeln!(text, "{mark}targets = [{}]", names.join(", "));
    }

    fn write_services(&self, text: &mut String) {
        text.push_str("\n# Third-party services that every page may use, with what their vendors say they need.\n");
        let mark = if self.services.is_empty() { "#" } else { "" };
        let _ = writeln!(text, "{mark}[services]");
        for Choice { value, reason } in &self.services {
            let _ = writeln!(text, "{value} = true  #{}", because(reason));
        }
        if self.services.is_empty() {
            text.push_str("#stripe = true\n#chargebee = { site = \"acme\" }\n");
        }
    }
}

/// A key with the value chosen, or commented out with an example.
fn set(text: &mut String, about: &str, key: &str, choice: Option<&Choice>, example: &str) {
    let (mark, value, reason) = match choice {
        Some(Choice { value, reason }) => ("", value.as_str(), reason.as_str()),
        None => ("#", example, ""),
    };
    let _ = writeln!(text, "\n# {about}{}.\n{mark}{key} = {}", because(reason), quoted(value));
}

/// A reason in brackets, on one line.
fn because(reason: &str) -> String {
    if reason.is_empty() {
        return String::new();
    }
    format!(" ({})", reason.replace(char::is_control, " "))
}

/// A basic string (TOML 1.0): JSON's escapes are its own, and a delete character needs one as well.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string().replace('\u{7F}', "\\u007F")
}
