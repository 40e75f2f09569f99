//! What holds of every policy, whatever is in it.

use cspc_tests::laws;
use proptest::prelude::*;

/// Words that policies are made of, sound and unsound.
const WORDS: &[&str] = &[
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "img-src",
    "connect-src",
    "object-src",
    "worker-src",
    "child-src",
    "frame-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
    "sandbox",
    "require-trusted-types-for",
    "trusted-types",
    "plugin-types",
    "upgrade-insecure-requests",
    "defaut-src",
    "'self'",
    "'SELF'",
    "self",
    "'none'",
    "none",
    "'unsafe-inline'",
    "unsafe-inline",
    "'unsafe-eval'",
    "'strict-dynamic'",
    "'unsafe-hashes'",
    "'wasm-unsafe-eval'",
    "'trusted-types-eval'",
    "'nonce-abc'",
    "nonce-abc",
    "'NONCE-abc'",
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
    "'sha256-abc'",
    "'script'",
    "*",
    "https:",
    "http:",
    "data:",
    "blob:",
    "https://a.example",
    "HTTPS://A.example",
    "http://a.example",
    "a.example",
    "*.a.example",
    "x.a.example",
    "https://a.example/x/",
    "https://a.example/x/y",
    "https://a.example/x",
    "a.example:*",
    "https://a.example:8443",
    "https://*:*",
    "*:8443",
    "wss://a.example",
    "https://a.example/?q",
    "//a.example",
    "allow-scripts",
    "'allow-duplicates'",
    "p",
    "‘self’",
    ";",
    ";",
    ";",
    ";",
    ",",
];

fn policies() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 0..24).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_safe_fix_never_widens(text in policies()) {
        laws::a_safe_fix_never_widens(&text);
    }

    #[test]
    fn no_form_changes_a_verdict(text in policies()) {
        laws::no_form_changes_a_verdict(&text);
    }

    #[test]
    fn whatever_is_judged_has_a_place(text in prop_oneof![policies(), "\\PC{0,80}", "[\\x00-\\x7f]{0,80}"], other in policies()) {
        laws::whatever_is_judged_has_a_place(&text, &other);
    }

    #[test]
    fn whatever_is_read_has_a_place(text in prop_oneof![policies(), "\\PC{0,80}", "[\\x00-\\x7f]{0,80}"]) {
        laws::whatever_is_read_has_a_place(&text);
    }
}
