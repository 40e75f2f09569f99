//! How far a long run has come, on a terminal's standard error and nowhere else.

use indicatif::{ProgressBar, ProgressStyle};

use crate::exit::is_quiet;

/// A bar; `total` is `None` where nobody knows how much there is to come.
pub(crate) fn bar(total: Option<usize>, is_hidden: bool) -> ProgressBar {
    let (bar, template) = match total {
        _ if is_hidden || is_quiet() => return ProgressBar::hidden(),
        Some(total) => (ProgressBar::new(total as u64), "{bar:30} {pos}/{len} {msg}"),
        None => (ProgressBar::no_length(), "{spinner} {pos} {msg}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
