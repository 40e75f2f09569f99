//! The engine of `cspc` for the browser: a thin layer over `cspc-core`.

use cspc_core::csp::Delivery;
use cspc_core::diagnostic::Finding;
use cspc_core::lint::{self, Response};
use wasm_bindgen::prelude::wasm_bindgen;

/// The findings about one policy, as the JSON array that `cspc check --batch` prints for its line.
#[wasm_bindgen]
pub fn check(policy: &str) -> String {
    let response = Response::of_policy(policy, Delivery::Header);
    let judged = lint::check(&response).findings();
    let findings: Vec<Finding> = judged.into_iter().map(|judged| judged.finding).collect();
    // Findings are strings and numbers, which always can be written.
    serde_json::to_string(&findings).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_says_what_the_command_line_says() {
        let found = super::check("default-src *");
        assert!(found.contains("\"rule\":\"csp/broad-script-source\""), "{found}");
        assert!(!super::check("default-src 'none'").contains("broad"));
    }
}
