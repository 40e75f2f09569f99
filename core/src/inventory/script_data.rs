//! What a `<script>` that is no code says of other addresses: import maps and speculation rules.

use serde_json::Value;

use super::address::Base;
use super::model::{Kind, Mistake};
use super::role;

/// An address in a data block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// What is loaded from there.
    pub(super) kind: Kind,
    /// The address, as written, if there is one.
    pub(super) url: Option<String>,
    /// The name by which modules import it, if they do.
    pub(super) name: Option<Name>,
    /// The integrity that it must have, if that is said.
    pub(super) integrity: Option<String>,
}

/// A name of modules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) specifier: String,
    /// The address, as written, of the modules that know it; none if all of the page do.
    pub(super) scope: Option<String>,
}

/// The addresses in a data block of this kind.
///
/// # Errors
/// If it is no JSON object, as which browsers refuse it.
pub(super) fn read(kind: Kind, text: &str) -> Result<Vec<Named>, Mistake> {
    match kind {
        Kind::ImportMap => parse(text).map(|map| import_map(&map)),
        Kind::SpeculationRules => parse(text).map(|rules| speculation_rules(&rules)),
        _ => Ok(Vec::new()),
    }
}

/// Parses a JSON object.
pub(super) fn parse(text: &str) -> Result<Value, Mistake> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let offset = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        Mistake { offset, message: error.to_string() }
    })?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err(Mistake { offset: 0, message: "it is no JSON object".to_owned() }),
    }
}

/// HTML, "parse an import map string": an address that is no URL stands for nothing, and an empty name is none.
fn import_map(map: &Value) -> Vec<Named> {
    let entries = |map: Option<&Value>| map.and_then(Value::as_object).cloned().unwrap_or_default();
    let named = |(name, address): (Name, Value)| {
        let url = address.as_str().filter(|url| Base::is_url_like(url));
        let integrity = url.and_then(|url| map.get("integrity")?.get(url)?.as_str());
        let [url, integrity] = [url, integrity].map(|text| text.map(str::to_owned));
        let kind = url.as_deref().map_or(Kind::Script, kind);
        Named { kind, url, name: Some(name), integrity }
    };
    let of_scope = |scope: Option<String>, map: Option<&Value>| {
        let name = move |specifier| Name { specifier, scope: scope.clone() };
        entries(map).into_iter().map(move |(specifier, url)| (name(specifier), url))
    };
    let scopes = entries(map.get("scopes"));
    let scoped = scopes.iter().flat_map(|(scope, map)| of_scope(Some(scope.clone()), Some(map)));
    let all = of_scope(None, map.get("imports")).chain(scoped);
    all.filter(|(name, _)| !name.specifier.is_empty()).map(named).collect()
}

/// What a module at this address is to a policy, as far as its name tells: browsers take JSON and style sheets for no scripts.
fn kind(url: &str) -> Kind {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    if role::has_extension(path, &["json"]) {
        Kind::Connect
    } else if role::has_extension(path, &["css"]) {
        Kind::Style
    } else {
        Kind::Script
    }
}

/// HTML, "parse a speculation rule set string": pages that may be shown next. No policy governs these requests: Chromium
/// makes them under `default-src 'none'`, too.
fn speculation_rules(rules: &Value) -> Vec<Named> {
    let actions = ["prefetch", "prerender"].iter().filter_map(|action| rules.get(action));
    let rules = actions.filter_map(Value::as_array).flatten();
    let urls = rules.filter_map(|rule| rule.get("urls")?.as_array()).flatten();
    let named = |url: &Value| {
        let url = Some(url.as_str()?.to_owned());
        Some(Named { kind: Kind::Navigation, url, name: None, integrity: None })
    };
    urls.filter_map(named).collect()
}
