//! Any text as a question, a plan, a site file, a page and a style sheet.
#![no_main]

use cspc_tests::laws;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| laws::every_reader_ends(text));
