//! Any text as a policy: what is read has a place, and every form of it is its own.
#![no_main]

use cspc_tests::laws;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    laws::whatever_is_read_has_a_place(text);
    laws::a_form_is_its_own_form(text);
});
