//! `strict-transport-security`.

use super::beginning;
use crate::grade::chart::Outcome;
use crate::grade::site::Site;

/// Six months, as many sites count them.
const SIX_MONTHS: i64 = 15_552_000;

pub(super) fn test(site: &Site<'_>) -> Outcome {
    if site.preloaded.has(site.host()) {
        return Outcome::HstsPreloaded;
    }
    if !site.is_https() {
        return Outcome::HstsNoHttps;
    }
    if !site.certificate_is_valid {
        return Outcome::HstsInvalidCertificate;
    }
    site.first("strict-transport-security")
        .map_or(Outcome::HstsAbsent, |value| read(beginning(value, 1024)))
}

/// The Observatory's own reading: a number that is none is not less than six months.
fn read(value: &str) -> Outcome {
    if value.contains(',') {
        return Outcome::HstsInvalid;
    }
    let lower = value.to_lowercase();
    let max_age = lower
        .split(';')
        .filter_map(|directive| beginning(directive.trim(), 128).strip_prefix("max-age="))
        .next_back();
    match max_age.map(number) {
        None => Outcome::HstsInvalid,
        Some(Some(seconds)) if seconds < SIX_MONTHS => Outcome::HstsShort,
        Some(_) => Outcome::HstsLong,
    }
}

/// The number with which the text begins, as JavaScript's `parseInt` reads it.
fn number(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let digits = digits.get(..end).filter(|digits| !digits.is_empty())?;
    let value: i64 = digits.parse().unwrap_or(i64::MAX);
    Some(if is_negative { -value } else { value })
}
