//! How a rule is read: each part is checked as it is read, so that an error stands where the part does.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::check::{self, PlanError};
use super::header::Header;
use super::status::StatusMatch;
use crate::header::Origin;

/// Takes `"a"` and `["a", "b"]` alike.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

fn checked<'de, D: Deserializer<'de>>(
    deserializer: D,
    check: fn(&str) -> Result<(), PlanError>,
) -> Result<Vec<String>, D::Error> {
    let texts = one_or_many(deserializer)?;
    texts.iter().try_for_each(|text| check(text)).map_err(Error::custom)?;
    Ok(texts)
}

pub(super) fn paths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    checked(deserializer, check::path)
}

pub(super) fn suffixes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    checked(deserializer, check::suffix)
}

pub(super) fn media_types<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    checked(deserializer, check::media_type)
}

pub(super) fn origins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Origin>, D::Error> {
    let texts = one_or_many(deserializer)?.into_iter();
    texts.map(|text| Origin::try_from(text).map_err(Error::custom)).collect()
}

pub(super) fn statuses<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<StatusMatch>, D::Error> {
    let status = Option::<StatusMatch>::deserialize(deserializer)?;
    status.iter().try_for_each(check::status).map_err(Error::custom)?;
    Ok(status)
}

pub(super) fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Header>, D::Error> {
    let headers = Vec::<Header>::deserialize(deserializer)?;
    headers.iter().try_for_each(check::header).map_err(Error::custom)?;
    Ok(headers)
}
