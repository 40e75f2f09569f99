//! Random pages.

use fastrand::Rng;
use serde_json::{Value, json};
use url::Url;

use super::Item;
use super::asked::{Carrier, Delivered};
use super::items::{Draft, KINDS, Kind, Limit};
use super::policies::{Clues, page_policies};
use super::targets::{chance, page_origin};

/// A page and all there is to know of it.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its number in the run.
    pub number: usize,
    /// Where it is.
    pub url: Url,
    /// Its policies.
    pub policies: Vec<Delivered>,
    /// What is in it.
    pub items: Vec<Item>,
}

/// The page of a seed and a number: the same on every machine.
pub fn generate(seed: u64, number: usize) -> Page {
    let mut rng = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
    let mut url = page_origin(&mut rng);
    url.set_path(&format!("/page/{number}"));
    let trusted_types = chance(&mut rng, 15);
    let mut clues = Clues::default();
    let mut items: Vec<Item> = Vec::new();
    let count = rng.usize(10..19);
    while items.len() < count {
        let kind = choose(&mut rng, trusted_types);
        let once =
            matches!(kind.limit, Limit::Once | Limit::OnceNoTrustedTypes | Limit::OnceTrustedTypes);
        if once && items.iter().any(|item| item.kind == kind.name) {
            continue;
        }
        let id = format!("{number}-{}", items.len());
        let mut draft = Draft { rng: &mut rng, page: &url, id, clues: &mut clues, trusted_types };
        items.push(kind.make(&mut draft));
    }
    let policies = page_policies(&mut rng, &clues, trusted_types);
    Page { number, url, policies, items }
}

fn choose(rng: &mut Rng, trusted_types: bool) -> &'static Kind {
    let fits = |kind: &&Kind| match kind.limit {
        Limit::Many | Limit::Once => true,
        Limit::NoTrustedTypes | Limit::OnceNoTrustedTypes => !trusted_types,
        Limit::TrustedTypes | Limit::OnceTrustedTypes => trusted_types,
    };
    let fitting: Vec<&Kind> = KINDS.iter().filter(fits).collect();
    let mut place = rng.usize(..fitting.iter().map(|kind| kind.weight).sum::<usize>());
    for kind in fitting {
        match place.checked_sub(kind.weight) {
            Some(rest) => place = rest,
            None => return kind,
        }
    }
    &KINDS[0]
}

impl Page {
    /// Its markup. `<base>` stands first, as the parser heeds only one.
    pub fn html(&self) -> String {
        let metas = self.policies.iter().filter(|delivered| delivered.by == Carrier::Meta);
        let metas: String = metas
            .map(|delivered| {
                let policy = delivered.policy.replace('&', "&amp;").replace('"', "&quot;");
                format!("<meta http-equiv=Content-Security-Policy content=\"{policy}\">")
            })
            .collect();
        let in_head = |item: &&Item| ["base", "manifest"].contains(&item.kind);
        let head: String = self.items.iter().filter(in_head).map(|item| &*item.markup).collect();
        let in_body = self.items.iter().filter(|item| !in_head(item));
        let body: String = in_body.map(|item| format!("{}\n", item.markup)).collect();
        let operations: Vec<&Value> =
            self.items.iter().filter_map(|item| item.operation.as_ref()).collect();
        let operations = json!(operations).to_string().replace('<', "\\u003c");
        format!(
            "<!DOCTYPE html><head>{metas}{head}<link rel=icon href=\"data:,\"></head><body>\n{body}\
             <script type=\"application/json\" id=cspc-operations>{operations}</script></body>"
        )
    }

    /// What the browser's driver is told of it.
    pub(super) fn job(&self) -> Value {
        let headers: Vec<(&str, &str)> = self
            .policies
            .iter()
            .filter_map(|delivered| match delivered.by {
                Carrier::Header => Some(("Content-Security-Policy", &*delivered.policy)),
                Carrier::ReportOnly => {
                    Some(("Content-Security-Policy-Report-Only", &*delivered.policy))
                }
                Carrier::Meta => None,
            })
            .collect();
        json!({ "number": self.number, "url": self.url, "headers": headers, "html": self.html() })
    }
}
