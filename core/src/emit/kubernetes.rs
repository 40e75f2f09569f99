//! Kubernetes: an HTTPRoute of the Gateway API, and ConfigMaps for ingress-nginx.

use std::fmt::Write;

use super::hosted::{Block, Effect, Outcome, Pattern, complete, encoded};
use super::lines::Site;
use super::yaml::text as quoted;
use super::{EmitError, File, GENERATED_BY, Server};

/// The Gateway API takes this many headers in each of `set`, `add` and `remove`.
const HEADERS: usize = 16;

/// And this many rules in a route.
const RULES: usize = 16;

pub(super) fn emit(site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let blocks = complete(site, Server::Kubernetes)?;
    // ingress-nginx puts values into an nginx configuration, where a dollar begins a variable.
    let dollar = |effect: &&Effect<'_>| effect.value().contains('$');
    if let Some(effect) = blocks.iter().flat_map(|block| &block.effects).find(dollar) {
        return Err(EmitError::Unwritable {
            server: Server::Kubernetes,
            name: effect.name.to_owned(),
            what: "a value with a dollar",
            help: "write the value without it",
        });
    }
    Ok(vec![
        File::new("gateway.yaml", gateway(&blocks)?),
        File::new("ingress-nginx.yaml", ingress(&blocks)),
    ])
}

fn gateway(blocks: &[Block<'_>]) -> Result<String, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: routes with the response headers.\n\
         # Put your gateway in place of `gateway`, and your service in place of `site`.\n"
    );
    for (number, rules) in blocks.chunks(RULES).enumerate() {
        let _ = writeln!(
            text,
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: cspc-{}\nspec:\n  \
             parentRefs:\n  - name: gateway\n  rules:",
            number + 1
        );
        for block in rules {
            rule(block, &mut text)?;
        }
    }
    Ok(text)
}

fn rule(block: &Block<'_>, text: &mut String) -> Result<(), EmitError> {
    let (kind, path) = match block.pattern {
        Pattern::Exact(path) => ("Exact", encoded(path)),
        Pattern::Below(prefix) if !prefix.is_empty() => ("PathPrefix", encoded(prefix)),
        _ => ("PathPrefix", "/".to_owned()),
    };
    let _ = writeln!(
        text,
        "  - matches:\n    - path: {{ type: {kind}, value: {} }}\n    backendRefs:\n    - {{ name: site, port: 80 }}\n    \
         filters:\n    - type: ResponseHeaderModifier\n      responseHeaderModifier:",
        quoted(&path)
    );
    let removed: Vec<&Effect<'_>> =
        block.effects.iter().filter(|e| e.outcome == Outcome::Remove).collect();
    let added: Vec<&Effect<'_>> =
        block.effects.iter().filter(|e| matches!(e.outcome, Outcome::Add(_))).collect();
    let set: Vec<&Effect<'_>> =
        block.effects.iter().filter(|e| matches!(e.outcome, Outcome::Set(_))).collect();
    for (name, effects) in [("set", set), ("add", added)] {
        check(&effects)?;
        if !effects.is_empty() {
            let _ = writeln!(text, "        {name}:");
        }
        for effect in effects {
            let _ = writeln!(
                text,
                "        - {{ name: {}, value: {} }}",
                effect.name,
                quoted(effect.value())
            );
        }
    }
    check(&removed)?;
    if !removed.is_empty() {
        let names: Vec<&str> = removed.iter().map(|effect| effect.name).collect();
        let _ = writeln!(text, "        remove: [{}]", names.join(", "));
    }
    Ok(())
}

fn check(effects: &[&Effect<'_>]) -> Result<(), EmitError> {
    if effects.len() <= HEADERS {
        return Ok(());
    }
    Err(EmitError::TooManyRules {
        server: Server::Kubernetes,
        count: effects.len(),
        limit: HEADERS,
        help: "the Gateway API takes so many headers a rule: send fewer",
    })
}

fn ingress(blocks: &[Block<'_>]) -> String {
    let mut text = format!(
        "{GENERATED_BY}: headers for ingress-nginx.\n\
         # Each ConfigMap is for the paths in its comment, by an annotation of their Ingress:\n\
         #   nginx.ingress.kubernetes.io/custom-headers: NAMESPACE/NAME\n\
         # The controller's ConfigMap must allow the names: global-allowed-response-headers: \"{}\"\n",
        names(blocks).join(",")
    );
    for (number, block) in blocks.iter().enumerate() {
        let name = match block.pattern {
            Pattern::Everything => "cspc".to_owned(),
            _ => format!("cspc-{}", number + 1),
        };
        let _ = writeln!(
            text,
            "---\n# {}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:",
            block.pattern.describe()
        );
        for effect in &block.effects {
            let _ = writeln!(text, "  {}: {}", effect.name, quoted(effect.value()));
        }
    }
    text
}

fn names(blocks: &[Block<'_>]) -> Vec<String> {
    let all = blocks.iter().flat_map(|block| &block.effects).map(|effect| effect.name.to_owned());
    let names: std::collections::BTreeSet<String> = all.collect();
    names.into_iter().collect()
}
