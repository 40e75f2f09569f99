//! The inventory: pages, and the assets that each loads or runs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::role;
use crate::text::{Position, Positions};

/// The value of [`Inventory::schema`].
pub const SCHEMA: &str = "cspc.inventory/1";

/// All that a site loads, page by page. Its JSON form, `cspc.inventory/1`, is a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The site's origin, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Those who saw the site, if several did: folders, recordings, earlier inventories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<String>,
    /// The pages, by path.
    pub pages: Vec<Page>,
    /// The site's style sheets, by path: a page that loads one also loads what it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub style_sheets: Vec<File>,
    /// The site's scripts, by path: a page that runs one also loads and runs what it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<File>,
    /// The site's web app manifests, by path: a page that names one also loads its images.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifests: Vec<File>,
}

impl Inventory {
    /// Puts pages and style sheets together, in the order of their paths.
    pub fn new(origin: Option<String>, mut pages: Vec<Page>, mut style_sheets: Vec<File>) -> Self {
        pages.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        style_sheets.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Self {
            schema: SCHEMA.to_owned(),
            origin,
            witnesses: Vec::new(),
            pages,
            style_sheets,
            scripts: Vec::new(),
            manifests: Vec::new(),
        }
    }

    /// How many assets there are, each place counted once.
    pub fn asset_count(&self) -> usize {
        self.assets().count()
    }

    /// All assets, each with the path of the page or file that has it, in the order of [`places`](Self::places).
    pub fn assets(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.places().flat_map(|(path, assets)| assets.iter().map(move |asset| (path, asset)))
    }

    /// Pages, then [`files`](Self::files), each with its assets. Those of a worker stand with its script.
    pub fn places(&self) -> impl Iterator<Item = (&str, &[Asset])> {
        let scripts: BTreeSet<&str> =
            self.scripts.iter().map(|script| script.path.as_str()).collect();
        let pages = self.pages.iter().filter(move |page| !scripts.contains(page.path.as_str()));
        let pages = pages.map(|page| (page.path.as_str(), page.assets.as_slice()));
        pages.chain(self.files().map(|file| (file.path.as_str(), file.assets.as_slice())))
    }

    /// The files that pages load: style sheets, then scripts, then manifests.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.style_sheets.iter().chain(&self.scripts).chain(&self.manifests)
    }
}

/// A file of a site that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A page.
    Page(Page),
    /// A style sheet.
    StyleSheet(File),
    /// A script.
    Script(File),
    /// A web app manifest.
    Manifest(File),
}

/// What has a policy of its own, a document or a worker, and what it loads and runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The absolute path under which it is served, decoded.
    pub path: String,
    /// Its assets, in the order of the source text.
    pub assets: Vec<Asset>,
    /// Where modules are that scripts of the page import by a name, as its import map says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<Import>,
    /// Policies that the page itself declares in `<meta http-equiv>`; they hold beside those in headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meta_policies: Vec<MetaPolicy>,
    /// Whether the page has bytes beyond ASCII and does not say in which encoding.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub encoding_guessed: bool,
    /// The mistake up to which it was read, as browsers read it, if it is XML that is not well-formed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Unread>,
}

/// An entry of an import map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Import {
    /// The name of a module, or its address; one that ends in `/` is what those of several begin with.
    pub specifier: String,
    /// The address of the modules that import by this name, or, if it ends in `/`, what their addresses begin with; none
    /// if all of the page do.
    pub scope: Option<Box<str>>,
    /// The address that stands for the name; none if who imports by it gets nothing.
    pub url: Option<Box<str>>,
    /// In which document of the page it holds: 0 is the page itself, the others its frames with `srcdoc`.
    pub frame: usize,
}

/// A policy that a page declares in the `<meta>` that stands here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaPolicy {
    /// The policy.
    pub policy: String,
    /// Line of the element, from 1.
    pub line: usize,
    /// Column of the same, from 1, in Unicode scalar values.
    pub column: usize,
}

impl Page {
    /// A worker, whose script is served at `path`.
    pub(super) const fn worker(path: String, assets: Vec<Asset>) -> Self {
        Self {
            path,
            assets,
            imports: Vec::new(),
            meta_policies: Vec::new(),
            encoding_guessed: false,
            unread: None,
        }
    }

    /// Whether it is XML that asks a browser for nothing, as feeds and site maps are.
    pub(super) fn is_mere_data(&self) -> bool {
        role::has_extension(&self.path, &["xml"])
            && self.unread.is_none()
            && self.assets.is_empty()
            && self.meta_policies.is_empty()
    }

    /// What relative URLs in it are resolved against: the address of its `<base>`, or its own path.
    pub(super) fn base(&self) -> &str {
        let base = self.assets.iter().find(|asset| asset.kind == Kind::Base);
        base.and_then(Asset::url).unwrap_or(&self.path)
    }
}

/// A style sheet or script of the site, and what it loads and runs on behalf of pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The absolute path under which it is served, decoded.
    pub path: String,
    /// Its assets, in the order of the source text.
    pub assets: Vec<Asset>,
    /// Why it could not be read, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Unread>,
    /// The hash of a script's bytes, `sha256-…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

/// Why a file or a piece of code could not be read to its end, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Line of the trouble, from 1.
    pub line: usize,
    /// Column of the same, from 1, in Unicode scalar values.
    pub column: usize,
    /// What the trouble is.
    pub message: String,
}

/// Why a text could not be read to its end, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) offset: usize,
    pub(super) message: String,
}

impl Mistake {
    /// The same in a text of which these are the places.
    pub(super) fn placed(self, positions: &mut Positions<'_>) -> Unread {
        let Position { line, column } = positions.at(self.offset);
        Unread { line, column, message: self.message }
    }
}

/// One thing that a page or style sheet loads or runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// What it is.
    pub kind: Kind,
    /// Where it comes from.
    #[serde(flatten)]
    pub content: Content,
    /// Line of its element, attribute or reference, from 1.
    pub line: usize,
    /// Column of the same, from 1, in Unicode scalar values.
    pub column: usize,
    /// What the element of an external script says of itself, and that of other scripts and styles if it has a nonce.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Box<ScriptAttributes>>,
    /// Why inline code could not be read, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Box<Unread>>,
    /// True for what browsers load although no line of the page names it: `/favicon.ico`, and what only a recording shows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implicit: bool,
    /// Which of the inventory's witnesses saw it, by their numbers from 0, if there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_by: Vec<usize>,
}

/// The icon that browsers ask for where a page names none.
pub(super) const UNNAMED_ICON: &str = "/favicon.ico";

impl Asset {
    /// An asset with nothing but a kind, a content and a place.
    pub const fn at(kind: Kind, content: Content, position: Position) -> Self {
        Self {
            kind,
            content,
            line: position.line,
            column: position.column,
            script: None,
            unread: None,
            implicit: false,
            seen_by: Vec::new(),
        }
    }
}

impl Asset {
    /// Its URL, if it is loaded from one that is known.
    pub fn url(&self) -> Option<&str> {
        match &self.content {
            Content::Url(url) => Some(url),
            _ => None,
        }
    }

    /// Whether it is the icon that browsers ask for where a page names none.
    pub fn is_unnamed_icon(&self) -> bool {
        self.implicit && self.url() == Some(UNNAMED_ICON)
    }

    /// Whether a module imports it: an import map may lead elsewhere.
    pub(super) fn is_import(&self) -> bool {
        self.script.as_ref().is_some_and(|script| script.imported)
    }

    /// In which document of its page a script stands: 0 is the page itself.
    pub(super) fn frame(&self) -> usize {
        self.script.as_ref().map_or(0, |script| script.frame)
    }

    /// The nonce of its element, as it stands in the page; none if a script made the element.
    pub fn nonce(&self) -> Option<&str> {
        let attributes = self.script.as_ref().filter(|attributes| attributes.parser_inserted);
        attributes?.nonce.as_deref()
    }
}

/// Where an asset comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected an asset with `url`, with `hash` and the number of its `bytes`, or with one of `relative`, `code`, `feature` and `policy`"
)]
pub enum Content {
    /// It stands in the page.
    Inline {
        /// The source expression for it, without its quotes: `sha256-…` over the UTF-8 bytes that a browser hashes.
        hash: String,
        /// The number of those bytes.
        bytes: usize,
    },
    /// It is loaded by a page that runs the script in which this stands, from an address relative to that page.
    Relative {
        /// The address, without fragment.
        relative: Box<str>,
    },
    /// It is a module that a script imports by a name: the import map of the page that runs the script says where it is.
    Module {
        /// The name.
        specifier: Box<str>,
    },
    /// Reading does not tell what it is, or there is no more to it than a place in a script.
    Code {
        /// The piece of code, on one line and cut off where it is long.
        code: String,
    },
    /// It is no resource, but a feature of the browser.
    Feature {
        /// The feature's name in `Permissions-Policy`.
        feature: Box<str>,
        /// The origin whose frames the page lets use it, or `*` for all; none where the site itself uses it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delegated_to: Option<Box<str>>,
    },
    /// It is no resource, but a Trusted Types policy that a script creates.
    Policy {
        /// The policy's name.
        policy: Box<str>,
    },
    /// It is loaded. The URL of the site itself is given as an absolute path, any other one in full, without fragment;
    /// `data:` URLs are cut off before their data.
    #[serde(with = "url_field")]
    Url(Box<str>),
}

/// `Url` as `{"url": …}`.
mod url_field {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Field<T> {
        url: T,
    }

    pub(super) fn serialize<S: Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
        Field { url }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Box<str>, D::Error> {
        Ok(Field::<Box<str>>::deserialize(deserializer)?.url)
    }
}

/// What the element of a script or style says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptAttributes {
    /// The `integrity` attribute.
    pub integrity: Option<String>,
    /// The `crossorigin` attribute.
    pub crossorigin: Option<String>,
    /// The `nonce` attribute.
    pub nonce: Option<String>,
    /// Whether it is a module.
    pub module: bool,
    /// Whether the parser put it there, rather than another script.
    pub parser_inserted: bool,
    /// Whether a script imports it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// In which document of its page an external script stands: 0 is the page itself, the others its frames with `srcdoc`.
    #[serde(default, skip_serializing_if = "is_page")]
    pub frame: usize,
}

const fn is_page(frame: &usize) -> bool {
    *frame == 0
}

/// What an asset is, and so which directive governs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An external script, classic or module, or a preload of one.
    Script,
    /// The text of a `<script>`.
    InlineScript,
    /// An event-handler attribute.
    EventHandler,
    /// A `javascript:` URL.
    JavascriptUrl,
    /// An external style sheet.
    Style,
    /// The text of a `<style>`.
    InlineStyle,
    /// A `style` attribute.
    StyleAttribute,
    /// An image, an icon, or an SVG resource.
    Image,
    /// A font.
    Font,
    /// A request made by `fetch`, `ping` and the like.
    Connect,
    /// Audio, video or a text track.
    Media,
    /// An `<object>` or `<embed>`.
    Object,
    /// A frame.
    Frame,
    /// A worker's script.
    Worker,
    /// The web app manifest.
    Manifest,
    /// A prefetch.
    Prefetch,
    /// The target of a form.
    FormAction,
    /// The URL of `<base>`.
    Base,
    /// A navigation that the page starts by itself.
    Navigation,
    /// A `<script>` that is data, such as JSON-LD; no policy applies to it.
    DataBlock,
    /// A use of `eval` or its like.
    Eval,
    /// A compilation of WebAssembly.
    Wasm,
    /// An import map.
    ImportMap,
    /// Speculation rules.
    SpeculationRules,
    /// A place where a string becomes markup or code.
    TrustedTypesSink,
    /// The creation of a Trusted Types policy.
    TrustedTypesPolicy,
    /// A use of a feature that `Permissions-Policy` governs, by the page itself or by a frame that it lets use it.
    Feature,
}

impl Kind {
    /// The kind's name in the machine formats, such as `inline-script`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::InlineScript => "inline-script",
            Self::EventHandler => "event-handler",
            Self::JavascriptUrl => "javascript-url",
            Self::Style => "style",
            Self::InlineStyle => "inline-style",
            Self::StyleAttribute => "style-attribute",
            Self::Image => "image",
            Self::Font => "font",
            Self::Connect => "connect",
            Self::Media => "media",
            Self::Object => "object",
            Self::Frame => "frame",
            Self::Worker => "worker",
            Self::Manifest => "manifest",
            Self::Prefetch => "prefetch",
            Self::FormAction => "form-action",
            Self::Base => "base",
            Self::Navigation => "navigation",
            Self::DataBlock => "data-block",
            Self::Eval => "eval",
            Self::Wasm => "wasm",
            Self::ImportMap => "import-map",
            Self::SpeculationRules => "speculation-rules",
            Self::TrustedTypesSink => "trusted-types-sink",
            Self::TrustedTypesPolicy => "trusted-types-policy",
            Self::Feature => "feature",
        }
    }
}
