//! What readers of JSON and TOML expect, in words that people write files by.

/// The message of such a reader, with what it expected in the file's terms, not in those of the program's types.
///
/// ```
/// use cspc_core::text::in_words;
/// let message = "invalid type: string \"3\", expected usize";
/// assert_eq!(in_words(message), "invalid type: string \"3\", expected a whole number, 0 or more");
/// ```
pub fn in_words(message: &str) -> String {
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return message.to_owned();
    };
    let words = match expected {
        "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "a map" => "keys with values",
        _ if expected.starts_with("struct ") => "keys with values",
        _ => expected,
    };
    format!("{found}, expected {words}")
}
