//! Headers that more than one layer sends, and which of them should.

use std::collections::BTreeMap;

use crate::diagnostic::{Confidence, Finding, Severity};
use crate::header::HeaderName;
use crate::plan::{Op, Plan};
use crate::site::{Layer, LayerHeader, SiteFile};

/// Headers that depend on who asks, which the application knows.
const OF_APPLICATION: [&str; 4] = ["cache-control", "clear-site-data", "set-cookie", "vary"];

/// Headers about the connection, which ends at the outermost layer.
const OF_CONNECTION: [&str; 1] = ["strict-transport-security"];

/// Who sends a header.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// A layer in front of the plan's server.
    InFront(Layer),
    Plan,
    Behind(Layer),
}

impl Owner {
    const fn of(layer: Layer) -> Self {
        match layer {
            Layer::Cdn | Layer::LoadBalancer => Self::InFront(layer),
            Layer::Application => Self::Behind(layer),
        }
    }

    fn told(self) -> String {
        match self {
            Self::InFront(layer) | Self::Behind(layer) => format!("the {layer}"),
            Self::Plan => "this plan".to_owned(),
        }
    }

    /// What has to be done so that the layer does not send the header.
    fn without(self, name: &HeaderName, plan: &Plan) -> String {
        let everywhere = plan.rules.iter().filter(|rule| rule.matches.is_everything());
        match self {
            Self::Plan
                if everywhere.flat_map(|rule| &rule.headers).any(|own| own.name == *name) =>
            {
                format!("write `{name} = false` under [headers]")
            }
            Self::Plan => "take it out of the routes that set it".to_owned(),
            Self::InFront(_) | Self::Behind(_) => format!("turn it off in {}", self.told()),
        }
    }
}

/// The headers of the layers that have a second owner.
pub(super) fn findings(site: &SiteFile, plan: &Plan) -> Vec<Finding> {
    let mut named: BTreeMap<String, Vec<&LayerHeader>> = BTreeMap::new();
    for header in &site.layers {
        named.entry(header.name.as_str().to_ascii_lowercase()).or_default().push(header);
    }
    named.iter().filter_map(|(name, layers)| two_owners(name, layers, plan)).collect()
}

fn two_owners(name: &str, layers: &[&LayerHeader], plan: &Plan) -> Option<Finding> {
    let first = layers.first()?;
    let mut headers = plan.rules.iter().flat_map(|rule| &rule.headers);
    let is_planned = headers.any(|header| header.name == first.name && header.op != Op::Remove);
    let mut owners: Vec<Owner> = layers.iter().map(|header| Owner::of(header.layer)).collect();
    owners.extend(is_planned.then_some(Owner::Plan));
    owners.sort_unstable();
    owners.dedup();
    let (owner, why) = right_owner(name, &owners)?;
    let others: Vec<Owner> = owners.iter().copied().filter(|other| *other != owner).collect();
    if others.is_empty() {
        return None;
    }
    let told: Vec<String> = owners.iter().map(|owner| owner.told()).collect();
    let without: Vec<String> =
        others.iter().map(|other| other.without(&first.name, plan)).collect();
    Some(Finding {
        rule: "build/two-owners".into(),
        severity: Severity::Low,
        confidence: Confidence::High,
        header: Some(first.name.to_string().into()),
        directive: None,
        value: None,
        message: format!("`{}` is sent by {}", first.name, told.join(" and by ")),
        help: format!("let {} alone send it, {why}: {}", owner.told(), without.join(", and "))
            .into(),
        fix: None,
        location: Some(first.location.clone()),
    })
}

/// Who of several should send a header, and why.
fn right_owner(name: &str, owners: &[Owner]) -> Option<(Owner, &'static str)> {
    let is_in = |names: &[&str]| names.contains(&name);
    let (outermost, innermost) = (*owners.first()?, *owners.last()?);
    if is_in(&OF_CONNECTION) {
        return Some((outermost, "where the connection ends"));
    }
    if is_in(&OF_APPLICATION) {
        return Some((innermost, "which is nearest to what the header depends on"));
    }
    match owners.contains(&Owner::Plan) {
        true => Some((Owner::Plan, "which is made from the pages")),
        false => Some((innermost, "which is nearest to the pages")),
    }
}
