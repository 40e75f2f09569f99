//! What is sent from where, for people.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use cspc_core::diagnostic::Location;
use cspc_core::wire::{Effective, EffectiveHeader, EffectivePlace, LostHeader};

use crate::exit::visible;

/// Longer values are cut: a policy may have kilobytes.
const LONGEST: usize = 160;

const PLACE: Style = Style::new().bold();
const LOST: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();

/// Each place with its headers, those that it loses, and what cannot be known.
pub(crate) fn effective(effective: &Effective) -> String {
    let mut text = String::new();
    let mut last = (String::new(), String::new());
    for place in &effective.places {
        let this = (place.site.clone(), place.place.clone());
        if this != last {
            let name = format!("{} {}", place.site, place.place);
            let _ = writeln!(text, "{PLACE}{}{PLACE:#}", visible(name.trim()));
            last = this;
        }
        of_place(place, &mut text);
    }
    text
}

fn of_place(place: &EffectivePlace, text: &mut String) {
    let statuses: Vec<String> = place.status.iter().map(u16::to_string).collect();
    let statuses =
        if statuses.is_empty() { "every status".to_owned() } else { statuses.join(", ") };
    let _ = writeln!(text, "  {statuses}");
    for header in &place.headers {
        let _ = writeln!(text, "    {}", sent(header));
    }
    if place.headers.is_empty() {
        let _ = writeln!(text, "    {FAINT}no header of the configuration{FAINT:#}");
    }
    for header in &place.lost {
        let _ = writeln!(text, "    {LOST}- {}{LOST:#}", lost(header));
    }
    for unknown in &place.unknown {
        let what = visible(&unknown.what);
        let _ = writeln!(text, "    {FAINT}? {what}  {}{FAINT:#}", shown(&unknown.at));
    }
}

fn sent(header: &EffectiveHeader) -> String {
    let name = visible(&header.name);
    let value = visible(&cut(&header.value));
    let place = header.at.as_ref().map(shown).unwrap_or_default();
    let maybe = if header.certain { "" } else { "(not always) " };
    format!("{name}: {value}  {FAINT}{maybe}{place}{FAINT:#}")
}

fn lost(header: &LostHeader) -> String {
    let (name, at) = (visible(&header.name), shown(&header.at));
    let by = header.by.as_ref().map(shown).unwrap_or_default();
    match header.why {
        "not-inherited" => format!("{name} of {at} is forgotten: {by} has a header of its own"),
        "not-with-status" => {
            format!("{name} of {at} is not sent with this status: it lacks `always`")
        }
        "put-off" => format!(
            "{name} of {at} is put off until the response is written: Caddy's own errors go without it"
        ),
        "removed" => format!("{name} of {at} is taken away by {by}"),
        _ => format!("{name} of {at} is replaced by {by}"),
    }
}

fn shown(at: &Location) -> String {
    format!("{}:{}:{}", visible(&at.path), at.line, at.column)
}

fn cut(value: &str) -> String {
    if value.chars().count() <= LONGEST {
        return value.to_owned();
    }
    value.chars().take(LONGEST).chain(['…']).collect()
}
