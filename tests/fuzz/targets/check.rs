//! Any two texts, split at the first NUL, as the policies of a response: every rule, every report, every safe fix.
#![no_main]

use cspc_tests::laws;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| laws::check_keeps_its_laws(text));
