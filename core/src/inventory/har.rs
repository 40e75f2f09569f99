//! HTTP archives (HAR 1.2), as Chromium, Firefox and Safari write them: what a browser was seen to load.
//!
//! Bodies in the archive are read as files of a folder are; requests that no body explains are listed without a place.
//! Fields that are missing are taken for empty, as recorders leave out many.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

use super::address::SiteOrigin;
use super::encoding::encode;
use super::model::{Asset, Inventory, Kind, Page, Source};
use super::reader::Reader;
use super::role;
use crate::text::Position;

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    /// It is no archive.
    #[error("it is no HTTP archive: {0}")]
    Syntax(#[from] serde_json::Error),
    /// Nothing in it is a page of the site.
    #[error("it has no page of the site: expected a response with the type text/html")]
    NoPage,
}

#[derive(Deserialize)]
struct Har<'a> {
    #[serde(borrow)]
    log: Log<'a>,
}

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(borrow, default)]
    entries: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(default)]
    pageref: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    request: Message<'a>,
    #[serde(borrow, default)]
    response: Message<'a>,
    /// Chromium's own word for what is loaded.
    #[serde(rename = "_resourceType", default)]
    resource_type: Option<Cow<'a, str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    url: Cow<'a, str>,
    headers: Vec<Header<'a>>,
    #[serde(borrow)]
    content: Body<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Header<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body<'a> {
    mime_type: Cow<'a, str>,
    /// Often the greater part of the archive.
    #[serde(borrow)]
    text: Option<Text<'a>>,
    encoding: Option<Cow<'a, str>>,
}

/// A string that is borrowed where nothing in it is escaped, as in base64; serde would copy an `Option<Cow<str>>`.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Message<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.map(|header| &*header.value)
    }
}

impl Body<'_> {
    /// The bytes. What is recorded as text was decoded before.
    fn bytes(&self) -> Option<Vec<u8>> {
        let Text(text) = self.text.as_ref()?;
        match self.encoding.as_deref() {
            Some("base64") => STANDARD.decode(text.as_bytes()).ok(),
            _ => Some(encode(text)),
        }
    }
}

impl Entry<'_> {
    /// What it is to a policy; none for pages that are shown, and for what no policy governs.
    ///
    /// Newer browsers send its destination with the request (Fetch Metadata, section 2.1); else the recorder's word or the
    /// type of the response has to do.
    fn kind(&self) -> Option<Kind> {
        if self.request.header("sec-purpose").is_some_and(|purpose| purpose.contains("prefetch")) {
            return Some(Kind::Prefetch);
        }
        let told = self.request.header("sec-fetch-dest").or(self.resource_type.as_deref());
        Some(match told.unwrap_or_default() {
            "script" | "audioworklet" | "paintworklet" | "xslt" => Kind::Script,
            "style" | "stylesheet" => Kind::Style,
            "image" => Kind::Image,
            "font" => Kind::Font,
            "empty" | "xhr" | "fetch" | "websocket" | "eventsource" | "ping" | "json" => {
                Kind::Connect
            }
            "audio" | "video" | "track" | "media" | "texttrack" => Kind::Media,
            "manifest" => Kind::Manifest,
            "iframe" | "frame" => Kind::Frame,
            "object" | "embed" => Kind::Object,
            "worker" | "sharedworker" | "serviceworker" => Kind::Worker,
            "document" | "preflight" => return None,
            _ => return self.kind_by_type(),
        })
    }

    fn kind_by_type(&self) -> Option<Kind> {
        let media_type = self.media_type();
        let (family, name) = media_type.split_once('/')?;
        Some(match (family, name) {
            ("image", _) => Kind::Image,
            ("font", _) => Kind::Font,
            ("audio" | "video", _) => Kind::Media,
            ("text", "css") => Kind::Style,
            ("text", "html") => Kind::Frame,
            ("application", "manifest+json") => Kind::Manifest,
            _ if name.ends_with("javascript") => Kind::Script,
            _ => Kind::Connect,
        })
    }

    /// Whether what an `<object>` or `<embed>` shows is a frame as well: Chromium navigates to all but images, where Firefox
    /// navigates to these, too.
    fn is_framed(&self, url: &Url) -> bool {
        self.request.header("sec-fetch-mode") != Some("no-cors") && !role::is_image(url.path())
    }

    fn media_type(&self) -> String {
        let media_type = self.response.content.mime_type.split(';').next().unwrap_or_default();
        media_type.trim().to_ascii_lowercase()
    }

    fn is_page(&self) -> bool {
        let told = self.request.header("sec-fetch-dest").or(self.resource_type.as_deref());
        self.media_type() == "text/html" && told.is_none_or(|told| told == "document")
    }
}

/// Reads an archive as a reader does its site: the pages are those of its origin, or of the first page's if that is not
/// known.
///
/// # Errors
/// [`HarError`].
pub fn read_har(bytes: &[u8], reader: &Reader) -> Result<Inventory, HarError> {
    let har: Har<'_> = serde_json::from_slice(bytes)?;
    let entries = har.log.entries;
    let first = entries.iter().find(|entry| entry.is_page()).ok_or(HarError::NoPage)?;
    let origin = match reader.origin().serialize() {
        Some(_) => reader.origin().clone(),
        None => Url::parse(&first.request.url)
            .ok()
            .and_then(|url| SiteOrigin::parse(&url.origin().ascii_serialization()).ok())
            .ok_or(HarError::NoPage)?,
    };
    let mut recording =
        Recording { reader: reader.for_origin(origin), visits: Vec::new(), files: BTreeMap::new() };
    entries.iter().for_each(|entry| recording.entry(entry));
    recording.into_inventory()
}

/// Whether what is loaded so is read in turn. The other bodies, most of an archive, are not even decoded.
const fn is_read(kind: Kind) -> bool {
    matches!(kind, Kind::Style | Kind::Script | Kind::Worker | Kind::Manifest)
}

/// What was read of an archive.
struct Recording {
    reader: Reader,
    /// The pages as they were visited, with the archive's name for each visit.
    visits: Vec<(Option<String>, Page)>,
    files: BTreeMap<String, Source>,
}

impl Recording {
    fn entry(&mut self, entry: &Entry<'_>) {
        let Ok(url) = Url::parse(&entry.request.url) else { return };
        let path = self.own_path(&url);
        let body = || entry.response.content.bytes();
        let visit = entry.pageref.as_deref();
        if entry.is_page() {
            // A page that only leads elsewhere, or one of another site, has no policy here.
            if let Some(path) = path {
                let page = self.reader.page(&path, &body().unwrap_or_default());
                self.visits.push((visit.map(str::to_owned), page));
            }
            return;
        }
        let Some(kind) = entry.kind() else { return };
        if let Some(path) = path.filter(|_| is_read(kind))
            && let Some(body) = body()
        {
            let read = match kind {
                Kind::Style => Source::StyleSheet(self.reader.style_sheet(&path, &body)),
                Kind::Manifest => Source::Manifest(self.reader.manifest(&path, &body)),
                _ => Source::Script(self.reader.script(&path, &body)),
            };
            self.files.insert(path, read);
        }
        self.request(kind, &url, visit);
        if kind == Kind::Object && entry.is_framed(&url) {
            self.request(Kind::Frame, &url, visit);
        }
    }

    /// The decoded path of a URL of the site.
    fn own_path(&self, url: &Url) -> Option<String> {
        let is_own = self.reader.origin().root().origin() == url.origin();
        let path = || percent_decode_str(url.path()).decode_utf8().ok().map(Cow::into_owned);
        is_own.then(path).flatten()
    }

    /// A request of the page of this visit, or else of the one that was opened last.
    fn request(&mut self, kind: Kind, url: &Url, visit: Option<&str>) {
        let named =
            self.visits.iter().rposition(|(name, _)| visit.is_some() && name.as_deref() == visit);
        let last = self.visits.len().checked_sub(1).filter(|_| visit.is_none());
        let Some((_, page)) = named.or(last).and_then(|index| self.visits.get_mut(index)) else {
            return;
        };
        let Some(content) = self.reader.origin().page_url(&page.path).resolve(url.as_str()) else {
            return;
        };
        let is_known = |asset: &Asset| asset.kind == kind && asset.content == content;
        if !page.assets.iter().any(is_known) {
            let asset = Asset::at(kind, content, Position::default());
            page.assets.push(Asset { implicit: true, ..asset });
        }
    }

    fn into_inventory(self) -> Result<Inventory, HarError> {
        if self.visits.is_empty() {
            return Err(HarError::NoPage);
        }
        let mut pages: BTreeMap<String, Page> = BTreeMap::new();
        for (_, page) in self.visits {
            match pages.get_mut(&page.path) {
                Some(known) => known.assets.extend(page.assets),
                None => {
                    pages.insert(page.path.clone(), page);
                }
            }
        }
        let origin = self.reader.origin().serialize();
        let pages = pages.into_values().map(Source::Page);
        Ok(Inventory::of(origin, pages.chain(self.files.into_values())))
    }
}
