//! The form in which what was read is kept: that of the machine formats says the names of fields again and again, and is
//! slow to read.

use cspc_core::inventory::{
    Asset, Content, File, Import, Kind, MetaPolicy, Page, ScriptAttributes, Source, Unread,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The bytes to keep.
pub(super) fn encode(source: &Source) -> Option<Vec<u8>> {
    struct Kept<'a>(&'a Source);
    impl Serialize for Kept<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            SourceForm::serialize(self.0, serializer)
        }
    }
    postcard::to_allocvec(&Kept(source)).ok()
}

/// What was kept.
pub(super) fn decode(bytes: &[u8]) -> Option<Source> {
    #[derive(Deserialize)]
    struct Kept(#[serde(with = "SourceForm")] Source);
    postcard::from_bytes(bytes).ok().map(|Kept(source)| source)
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Source")]
enum SourceForm {
    Page(#[serde(with = "PageForm")] Page),
    StyleSheet(#[serde(with = "FileForm")] File),
    Script(#[serde(with = "FileForm")] File),
    Manifest(#[serde(with = "FileForm")] File),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Page")]
struct PageForm {
    path: String,
    #[serde(with = "assets")]
    assets: Vec<Asset>,
    imports: Vec<Import>,
    meta_policies: Vec<MetaPolicy>,
    encoding_guessed: bool,
    unread: Option<Unread>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "File")]
struct FileForm {
    path: String,
    #[serde(with = "assets")]
    assets: Vec<Asset>,
    unread: Option<Unread>,
    hash: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Asset")]
struct AssetForm {
    kind: Kind,
    #[serde(with = "ContentForm")]
    content: Content,
    line: usize,
    column: usize,
    #[serde(with = "script")]
    script: Option<Box<ScriptAttributes>>,
    unread: Option<Box<Unread>>,
    implicit: bool,
    seen_by: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Content")]
enum ContentForm {
    Inline { hash: String, bytes: usize },
    Relative { relative: Box<str> },
    Module { specifier: Box<str> },
    Code { code: String },
    Feature { feature: Box<str>, delegated_to: Option<Box<str>> },
    Policy { policy: Box<str> },
    Url(Box<str>),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ScriptAttributes")]
struct ScriptForm {
    integrity: Option<String>,
    crossorigin: Option<String>,
    nonce: Option<String>,
    module: bool,
    parser_inserted: bool,
    imported: bool,
    frame: usize,
}

/// What the element of a script says, if there is one.
mod script {
    use super::{Deserialize, Deserializer, ScriptAttributes, ScriptForm, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        script: &Option<Box<ScriptAttributes>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Kept<'a>(#[serde(with = "ScriptForm")] &'a ScriptAttributes);
        script.as_deref().map(Kept).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Box<ScriptAttributes>>, D::Error> {
        #[derive(Deserialize)]
        struct Kept(#[serde(with = "ScriptForm")] ScriptAttributes);
        let script: Option<Kept> = Option::deserialize(deserializer)?;
        Ok(script.map(|Kept(script)| Box::new(script)))
    }
}

/// A list of assets.
mod assets {
    use super::{Asset, AssetForm, Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        all: &[Asset],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        struct Kept<'a>(&'a Asset);
        impl Serialize for Kept<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                AssetForm::serialize(self.0, serializer)
            }
        }
        serializer.collect_seq(all.iter().map(Kept))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Asset>, D::Error> {
        #[derive(Deserialize)]
        struct Kept(#[serde(with = "AssetForm")] Asset);
        let all: Vec<Kept> = Vec::deserialize(deserializer)?;
        Ok(all.into_iter().map(|Kept(asset)| asset).collect())
    }
}
