//! The list of hosts that browsers know to be HTTPS only.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Hosts that browsers never ask over plain HTTP.
///
/// By itself it knows the top-level domains that are on the list as a whole; [`PreloadList::parse`] reads the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreloadList {
    /// Each host, and whether those below it are meant, too.
    hosts: BTreeMap<String, bool>,
}

/// Chromium's `transport_security_state_static.json`, as far as it matters.
#[derive(Deserialize)]
struct File {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    include_subdomains: bool,
}

/// Top-level domains that are on the list with all that is below them.
const TOP_LEVEL: [&str; 50] = [
    "amazon",
    "android",
    "app",
    "audible",
    "azure",
    "bank",
    "bing",
    "boo",
    "channel",
    "chrome",
    "dad",
    "day",
    "dev",
    "eat",
    "esq",
    "fire",
    "fly",
    "foo",
    "fujitsu",
    "gle",
    "gmail",
    "google",
    "hangout",
    "hotmail",
    "imdb",
    "ing",
    "insurance",
    "kindle",
    "meet",
    "meme",
    "microsoft",
    "mov",
    "new",
    "nexus",
    "office",
    "page",
    "phd",
    "play",
    "prime",
    "prof",
    "rsvp",
    "search",
    "silk",
    "skype",
    "windows",
    "xbox",
    "xn--cckwcxetd",
    "xn--jlq480n2rg",
    "youtube",
    "zip",
];

impl PreloadList {
    /// Reads Chromium's `transport_security_state_static.json`, or names of hosts, one a line, each with all below it if
    /// it begins with a dot.
    ///
    /// # Errors
    /// What is wrong with the JSON.
    ///
    /// ```
    /// use cspc_core::grade::PreloadList;
    /// let list = PreloadList::parse("a.example\n.b.example\n").unwrap();
    /// assert!(list.has("a.example") && list.has("x.b.example") && list.has("any.dev"));
    /// assert!(!list.has("x.a.example"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let is_line_comment = |line: &&str| line.trim_start().starts_with("//");
        let code: Vec<&str> = text.lines().filter(|line| !is_line_comment(line)).collect();
        if code.iter().any(|line| line.trim_start().starts_with('{')) {
            let file: File = serde_json::from_str(&code.join("\n"))?;
            let forced = file.entries.into_iter().filter(|entry| entry.mode == "force-https");
            let hosts = forced.map(|entry| (entry.name, entry.include_subdomains)).collect();
            return Ok(Self { hosts });
        }
        let names = code
            .into_iter()
            .map(str::trim)
            .filter(|name| !name.is_empty() && !name.starts_with('#'));
        let host = |name: &str| match name.strip_prefix('.') {
            Some(parent) => (parent.to_owned(), true),
            None => (name.to_owned(), false),
        };
        Ok(Self { hosts: names.map(host).collect() })
    }

    /// Whether the host is on the list, or one above it with all below.
    pub fn has(&self, host: &str) -> bool {
        let mut parent = host;
        while let Some((_, above)) = parent.split_once('.') {
            if self.hosts.get(above).copied().unwrap_or(false) || TOP_LEVEL.contains(&above) {
                return true;
            }
            parent = above;
        }
        self.hosts.contains_key(host)
    }
}
