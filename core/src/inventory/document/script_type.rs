//! What a `<script>` is.

/// By its type, how a script is run, or as which data it is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ScriptType {
    Classic,
    Module,
    ImportMap,
    SpeculationRules,
    Data,
}

impl ScriptType {
    /// That of a script with these `type` and `language` attributes (HTML, "prepare the script element", step 8).
    pub(super) fn of(kind: Option<&str>, language: Option<&str>) -> Self {
        let declared = match (kind, language) {
            (Some(""), _) | (None, None | Some("")) => return Self::Classic,
            (Some(declared), _) => {
                declared.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase()
            }
            (None, Some(language)) => format!("text/{}", language.to_ascii_lowercase()),
        };
        match declared.as_str() {
            "module" => Self::Module,
            "importmap" => Self::ImportMap,
            "speculationrules" => Self::SpeculationRules,
            media_type if is_javascript(media_type) => Self::Classic,
            _ => Self::Data,
        }
    }

    /// Whether it is run, and is no data.
    pub(super) const fn is_run(self) -> bool {
        matches!(self, Self::Classic | Self::Module)
    }
}

/// A JavaScript MIME type's essence (MIME Sniffing, section 4.6).
fn is_javascript(media_type: &str) -> bool {
    let Some((kind, name)) = media_type.split_once('/') else { return false };
    match kind {
        "application" => {
            matches!(name, "ecmascript" | "javascript" | "x-ecmascript" | "x-javascript")
        }
        "text" => matches!(
            name,
            "ecmascript"
                | "javascript"
                | "javascript1.0"
                | "javascript1.1"
                | "javascript1.2"
                | "javascript1.3"
                | "javascript1.4"
                | "javascript1.5"
                | "jscript"
                | "livescript"
                | "x-ecmascript"
                | "x-javascript"
        ),
        _ => false,
    }
}
