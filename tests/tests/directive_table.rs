//! The table of directives against `conformance/directives.json`, which was gathered apart from it.

use cspc_core::csp::Directive;
use serde_json::Value;

#[test]
fn the_table_says_what_the_data_say() {
    let data: Value = serde_json::from_str(include_str!("../conformance/directives.json")).unwrap();
    let mut count = 0;
    for row in data["directives"].as_array().unwrap() {
        for name in row["name"].as_str().unwrap().split(" / ") {
            let directive =
                Directive::from_name(name).unwrap_or_else(|| panic!("`{name}` is not there"));
            count += 1;
            assert_eq!(row["meta"] == true, directive.in_meta(), "{name} in <meta>");
            assert_eq!(
                row["report_only"] == true,
                directive.in_report_only(),
                "{name} in report-only"
            );
            let chain: Vec<&str> = std::iter::once(directive)
                .chain(directive.falls_back_to().iter().copied())
                .map(Directive::as_str)
                .collect();
            let expected = row["fallback_chain"].as_array().into_iter().flatten();
            let expected: Vec<&str> = expected.filter_map(Value::as_str).collect();
            assert!(expected.is_empty() || expected == chain, "{name}: {expected:?} {chain:?}");
            let since = directive.since();
            let versions = [
                ("chrome", since.chrome),
                ("edge", since.edge),
                ("firefox", since.firefox),
                ("safari", since.safari),
            ];
            for (browser, version) in versions {
                let added = row["support"][browser]["added"].as_str().unwrap_or("-");
                assert_eq!(added, version, "{name} in {browser}");
            }
        }
    }
    assert_eq!(count, Directive::all().count());
}
