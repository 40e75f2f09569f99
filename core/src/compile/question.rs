//! What a browser asks its policies about an asset: the inventory in the terms of `enforce`.
//!
//! It shares nothing with `requirement.rs`, so that the proof does not believe the builder. It is also where an inventory
//! that was edited by hand into nonsense is found out.

use std::collections::HashMap;

use super::reach::Reach;
use crate::csp::SourceExpression;
use crate::enforce::{Destination, Inline, InlineKind, Question, Request};
use crate::inventory::{Asset, Content, Inventory, Kind, Page, SiteOrigin};
use crate::plan::{NONCE, NonceText};

/// Why an asset makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// Not what a policy can hold.
    #[error(
        "`{0}` is no hash: expected `sha256-` and the base64 of 32 bytes, `sha384-` and that of 48, or `sha512-` and that of 64"
    )]
    Hash(String),
    /// Neither of the site nor of elsewhere.
    #[error("`{0}` is no address: expected an absolute path of the site, or a URL in full")]
    Address(String),
    /// What stands in the page, by a URL.
    #[error("the kind `{0}` stands in its page: expected `hash` and `bytes`, not `url`")]
    Loaded(&'static str),
    /// What is loaded, by a hash.
    #[error("the kind `{0}` is loaded: expected `url`, not `hash`")]
    Inline(&'static str),
}

/// The question about one asset of a page, if a policy is asked at all; `nonce` is what stands for one in pages.
fn question(
    asset: &Asset,
    origin: &SiteOrigin,
    nonce: Option<&NonceText>,
) -> Result<Option<Question>, AssetError> {
    let question = plain_question(asset, origin)?;
    let has_nonce = nonce.is_some_and(|text| asset.nonce() == Some(text.as_str()));
    Ok(question.map(|question| if has_nonce { with_nonce(question, NONCE) } else { question }))
}

/// The question that a policy in the page itself is asked, which knows the nonces that stand there.
pub(super) fn question_in_page(
    asset: &Asset,
    origin: &SiteOrigin,
) -> Result<Option<Question>, AssetError> {
    let nonce = asset.nonce().unwrap_or_default();
    Ok(plain_question(asset, origin)?.map(|question| with_nonce(question, nonce)))
}

fn with_nonce(question: Question, nonce: &str) -> Question {
    let nonce = nonce.to_owned();
    match question {
        Question::Request(request) => Question::Request(Request { nonce, ..request }),
        Question::Inline(inline) => Question::Inline(Inline { nonce, ..inline }),
        question => question,
    }
}

/// The same without a nonce.
fn plain_question(asset: &Asset, origin: &SiteOrigin) -> Result<Option<Question>, AssetError> {
    // Code that reading does not tell the effect of is not asked about, but that it compiles WebAssembly is one, and that
    // it takes strings. What a name stands for is asked about where the import map gives it.
    if matches!(asset.content, Content::Code { .. } | Content::Module { .. })
        && !matches!(asset.kind, Kind::Wasm | Kind::TrustedTypesSink)
    {
        return Ok(None);
    }
    let request =
        |destination| Ok(Some(Question::Request(Request::new(url(asset, origin)?, destination))));
    match asset.kind {
        Kind::Script => script(asset, origin),
        Kind::InlineScript | Kind::ImportMap | Kind::SpeculationRules => {
            inline(asset, InlineKind::Script)
        }
        Kind::EventHandler => inline(asset, InlineKind::EventHandler),
        Kind::JavascriptUrl => inline(asset, InlineKind::JavascriptUrl),
        Kind::InlineStyle => inline(asset, InlineKind::Style),
        Kind::StyleAttribute => inline(asset, InlineKind::StyleAttribute),
        Kind::Style => request(Destination::Style),
        Kind::Image => request(Destination::Image),
        Kind::Font => request(Destination::Font),
        Kind::Connect => request(Destination::Empty),
        Kind::Media => request(Destination::Video),
        Kind::Object => request(Destination::Object),
        Kind::Frame => request(Destination::Iframe),
        Kind::Worker => request(Destination::Worker),
        Kind::Manifest => request(Destination::Manifest),
        Kind::Prefetch => request(Destination::Prefetch),
        Kind::FormAction => {
            Ok(Some(Question::FormAction { url: url(asset, origin)?, redirect_count: 0 }))
        }
        Kind::Base => Ok(Some(Question::Base(url(asset, origin)?))),
        Kind::Eval => Ok(Some(Question::Eval(String::new()))),
        Kind::Wasm => Ok(Some(Question::Wasm)),
        Kind::TrustedTypesSink => Ok(Some(Question::TrustedTypesSink)),
        Kind::TrustedTypesPolicy => Ok(policy_created(asset)),
        Kind::Navigation | Kind::DataBlock | Kind::Feature => Ok(None),
    }
}

fn policy_created(asset: &Asset) -> Option<Question> {
    let Content::Policy { policy } = &asset.content else { return None };
    Some(Question::TrustedTypesPolicy { name: policy.to_string(), exists: false })
}

fn url(asset: &Asset, origin: &SiteOrigin) -> Result<url::Url, AssetError> {
    match &asset.content {
        Content::Url(address) => {
            origin.url_of(address).map_err(|_| AssetError::Address(address.to_string()))
        }
        // Wherever the page is, what is relative to it is on its host.
        Content::Relative { relative } => {
            origin.url_of("/").map_err(|_| AssetError::Address(relative.to_string()))
        }
        Content::Inline { .. }
        | Content::Module { .. }
        | Content::Code { .. }
        | Content::Feature { .. }
        | Content::Policy { .. } => Err(AssetError::Inline(asset.kind.as_str())),
    }
}

fn script(asset: &Asset, origin: &SiteOrigin) -> Result<Option<Question>, AssetError> {
    let mut request = Request::new(url(asset, origin)?, Destination::Script);
    if let Some(attributes) = &asset.script {
        request.integrity = attributes.integrity.clone().unwrap_or_default();
        request.parser_inserted = attributes.parser_inserted;
    }
    Ok(Some(Question::Request(request)))
}

fn inline(asset: &Asset, kind: InlineKind) -> Result<Option<Question>, AssetError> {
    let Content::Inline { hash, .. } = &asset.content else {
        return Err(AssetError::Loaded(asset.kind.as_str()));
    };
    match SourceExpression::parse(&format!("'{hash}'")) {
        SourceExpression::Hash(algorithm, value) if algorithm.fits(value) => {
            Ok(Some(Question::Inline(Inline {
                hash: Some((algorithm, value.to_owned())),
                ..Inline::new(kind, "")
            })))
        }
        _ => Err(AssetError::Hash(hash.clone())),
    }
}

/// A place in a page or style sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) path: &'a str,
    pub(super) asset: &'a Asset,
}

/// Every question of a site, each once, with the first asset that raises it.
#[derive(Debug)]
pub(super) struct Questions<'a> {
    all: Vec<(Question, Place<'a>)>,
    /// The questions of each page's own assets, in the order of the pages.
    pages: Vec<Vec<usize>>,
    files: HashMap<&'a str, Vec<usize>>,
}

/// What makes two assets raise the same question.
type Key<'a> = (Kind, &'a Content, Option<&'a str>, Option<&'a str>, bool);

impl<'a> Questions<'a> {
    /// Reads all assets.
    ///
    /// # Errors
    /// The first asset that makes no sense, and its place.
    pub(super) fn read(
        inventory: &'a Inventory,
        origin: &SiteOrigin,
        nonce: Option<&NonceText>,
    ) -> Result<Self, (Place<'a>, AssetError)> {
        let mut reader = Reader { origin, nonce, known: HashMap::new(), all: Vec::new() };
        let pages = inventory.pages.iter().map(|page| reader.ids(&page.path, &page.assets));
        let pages = pages.collect::<Result<_, _>>()?;
        let files = inventory.files();
        let files = files
            .map(|file| Ok((file.path.as_str(), reader.ids(&file.path, &file.assets)?)))
            .collect::<Result<_, _>>()?;
        Ok(Self { all: reader.all, pages, files })
    }

    pub(super) fn get(&self, id: usize) -> Option<&(Question, Place<'a>)> {
        self.all.get(id)
    }

    /// What loading the page of this number asks, style sheets and scripts included; not in order, and some twice.
    pub(super) fn of_page(&self, number: usize, page: &'a Page, reach: &Reach<'a>) -> Vec<usize> {
        let mut ids = self.pages.get(number).cloned().unwrap_or_default();
        let files = reach.files_of(page);
        ids.extend(files.iter().filter_map(|file| self.files.get(file.path.as_str())).flatten());
        // The default policy makes what it likes of the strings that sinks are given (Trusted Types, section 4.1.1).
        let question = |id: &usize| self.get(*id).map(|(question, _)| question);
        let is_default = |id| matches!(question(id), Some(Question::TrustedTypesPolicy { name, .. }) if name == "default");
        if ids.iter().any(is_default) {
            ids.retain(|id| !matches!(question(id), Some(Question::TrustedTypesSink)));
        }
        ids
    }
}

struct Reader<'a, 'o> {
    origin: &'o SiteOrigin,
    nonce: Option<&'o NonceText>,
    known: HashMap<Key<'a>, Option<usize>>,
    all: Vec<(Question, Place<'a>)>,
}

impl<'a> Reader<'a, '_> {
    fn ids(
        &mut self,
        path: &'a str,
        assets: &'a [Asset],
    ) -> Result<Vec<usize>, (Place<'a>, AssetError)> {
        let ids = assets.iter().map(|asset| self.id(Place { path, asset }));
        ids.filter_map(Result::transpose).collect()
    }

    fn id(&mut self, place: Place<'a>) -> Result<Option<usize>, (Place<'a>, AssetError)> {
        let asset = place.asset;
        let script = asset.script.as_deref();
        let integrity = script.and_then(|script| script.integrity.as_deref());
        let key = (
            asset.kind,
            &asset.content,
            integrity,
            asset.nonce(),
            script.is_none_or(|script| script.parser_inserted),
        );
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let question = question(asset, self.origin, self.nonce).map_err(|error| (place, error))?;
        let id = question.map(|question| {
            self.all.push((question, place));
            self.all.len() - 1
        });
        self.known.insert(key, id);
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Position;

    fn asset(kind: Kind, content: Content) -> Asset {
        Asset::at(kind, content, Position::default())
    }

    #[test]
    fn nonsense_is_told() {
        let origin = SiteOrigin::unknown();
        let error = |kind, content| question(&asset(kind, content), &origin, None).unwrap_err();
        let inline = |hash: &str| Content::Inline { hash: hash.to_owned(), bytes: 0 };
        assert_eq!(
            error(Kind::InlineScript, inline("x'; script-src *")).to_string(),
            "`x'; script-src *` is no hash: expected `sha256-` and the base64 of 32 bytes, `sha384-` and that of 48, or `sha512-` and that of 64"
        );
        for of_other_length in
            ["sha256-AAAA", "sha384-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
        {
            let error = error(Kind::InlineStyle, inline(of_other_length));
            assert!(matches!(error, AssetError::Hash(_)));
        }
        assert!(matches!(error(Kind::Image, inline("sha256-AAAA")), AssetError::Inline("image")));
        let url = |url: &str| Content::Url(url.into());
        assert!(matches!(error(Kind::Image, url("a.png")), AssetError::Address(_)));
        assert!(matches!(error(Kind::EventHandler, url("/")), AssetError::Loaded(_)));
    }
}
