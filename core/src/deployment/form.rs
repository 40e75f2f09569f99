//! The forms of texts, and how they are told apart.

use std::path::Path;
use std::str::FromStr;

use super::{
    Answer, ReadError, apache, caddy, console, har, head, headers_file, nginx, page, planned,
    policy, setting, vercel,
};
use crate::response::delivery_of;

/// The form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A policy alone.
    Policy,
    /// The head of a response: header lines.
    Headers,
    /// A page with policies in `<meta>`.
    Html,
    /// A `_headers` file: header lines under the paths that they are for.
    HeadersFile,
    /// `vercel.json`.
    Vercel,
    /// An HTTP archive (HAR).
    Har,
    /// A plan in the format `cspc.plan/1`.
    Plan,
    /// A configuration of Apache, a part of one, or `.htaccess`.
    Apache,
    /// A Caddyfile, or a part of one.
    Caddy,
    /// A configuration of nginx, or a part of one.
    Nginx,
    /// Settings of a server or a program, with policies among them.
    Setting,
}

/// One row a form: its name, and what it is in a line.
const FORMS: [(Form, &str, &str); 11] = [
    (Form::Policy, "policy", "A policy alone"),
    (Form::Headers, "headers", "The head of a response: header lines"),
    (Form::Html, "html", "A page with policies in `<meta>`"),
    (
        Form::HeadersFile,
        "headers-file",
        "A `_headers` file: header lines under the paths that they are for",
    ),
    (Form::Vercel, "vercel", "vercel.json: headers by the sources that they are for"),
    (Form::Har, "har", "An HTTP archive (HAR)"),
    (Form::Plan, "plan", "A plan in the format cspc.plan/1"),
    (Form::Apache, "apache", "A configuration of Apache, a part of one, or .htaccess"),
    (Form::Caddy, "caddy", "A Caddyfile, or a part of one"),
    (Form::Nginx, "nginx", "A configuration of nginx, or a part of one"),
    (Form::Setting, "setting", "Settings of a server or a program, with policies among them"),
];

impl Form {
    /// Every form, with its name and what it is in a line.
    pub fn all() -> impl Iterator<Item = (Self, &'static str, &'static str)> {
        FORMS.into_iter()
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        FORMS.iter().find(|(form, ..)| *form == self).map_or("", |(_, name, _)| name)
    }

    /// Whether it is the configuration of a server, which says what is sent from where.
    pub const fn is_configuration(self) -> bool {
        matches!(self, Self::Apache | Self::Caddy | Self::Nginx)
    }

    pub(super) fn read(self, name: &str, text: &str) -> Result<Vec<Answer>, ReadError> {
        match self {
            Self::Policy => policy::read(name, text),
            Self::Headers => Ok(vec![head::read(text)]),
            Self::Html => Ok(vec![page::read(text)]),
            Self::HeadersFile => Ok(headers_file::read(text).answers()),
            Self::Vercel => Ok(vercel::read(name, text)?.answers()),
            Self::Har => har::read(name, text),
            Self::Plan => planned::read(name, text),
            // A configuration that is read as such has been read by now.
            Self::Setting | Self::Apache | Self::Caddy | Self::Nginx => setting::read(name, text),
        }
    }
}

/// A name that no [`Form`] has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no form of input that cspc knows")]
pub struct UnknownForm(String);

impl FromStr for Form {
    type Err = UnknownForm;

    fn from_str(name: &str) -> Result<Self, UnknownForm> {
        let found = FORMS.iter().find(|(_, known, _)| *known == name);
        found.map(|(form, ..)| *form).ok_or_else(|| UnknownForm(name.to_owned()))
    }
}

/// The form that a text seems to have.
pub(super) fn detect(name: &str, text: &str) -> Form {
    let start = text.trim_start();
    let path = Path::new(name);
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_policy_line =
        |line: &str| delivery_of(line.split(':').next().unwrap_or_default().trim_end()).is_some();
    let is_path = |line: &str| line.starts_with('/') || line.starts_with("https://");
    let is_under_path = start.lines().next().is_some_and(is_path);
    if path.file_name().is_some_and(|name| name == "_headers") {
        Form::HeadersFile
    } else if extension != "txt" && caddy::is_one(name, start) {
        Form::Caddy
    } else if console::is_one(text) {
        Form::Policy
    } else if head::is_trace(text) {
        Form::Headers
    } else if start.starts_with('{') {
        detect_object(path, start)
    } else if extension != "txt" && apache::is_one(name, start) {
        Form::Apache
    } else if start.starts_with('<') || matches!(extension, "html" | "htm") {
        Form::Html
    } else if is_under_path && start.lines().any(|line| is_policy_line(line.trim_start())) {
        Form::HeadersFile
    } else if extension != "txt" && nginx::is_one(start) {
        Form::Nginx
    } else if start.starts_with("HTTP/") || start.lines().any(is_policy_line) {
        Form::Headers
    } else if setting::names_policy(text) {
        Form::Setting
    } else if head::is_one(start) {
        Form::Headers
    } else {
        Form::Policy
    }
}

/// The form of what begins with a brace.
fn detect_object(path: &Path, start: &str) -> Form {
    let is_har = path.extension().is_some_and(|extension| extension == "har");
    let is_vercels = path.file_name().is_some_and(|name| name == "vercel.json");
    let begins_with =
        |key: &str| start.get(1..).is_some_and(|rest| rest.trim_start().starts_with(key));
    if is_har || begins_with("\"log\"") {
        Form::Har
    } else if is_vercels || vercel::is_one(start) {
        Form::Vercel
    } else if setting::names_policy(start) && !start.contains("\"rules\"") {
        Form::Setting
    } else {
        Form::Plan
    }
}
