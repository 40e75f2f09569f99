//! AWS CloudFront: response headers policies in Terraform, one for each cache behaviour.

use std::fmt::Write;

use super::hosted::{Block, Effect, Outcome, Pattern, complete};
use super::lines::Site;
use super::{EmitError, File, GENERATED_BY, Server};

/// All values of a policy together, in bytes.
const TOTAL: usize = 10_240;

pub(super) fn emit(site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: response headers policies.\n\
         # Name each as response_headers_policy_id of the cache behaviour of its paths; the most specific first.\n"
    );
    for (number, block) in complete(site, Server::Cloudfront)?.iter().enumerate() {
        let name = match block.pattern {
            Pattern::Everything => "cspc".to_owned(),
            _ => format!("cspc_{}", number + 1),
        };
        policy(&name, block, &mut text)?;
    }
    Ok(vec![File::new("cloudfront.tf", text)])
}

fn policy(name: &str, block: &Block<'_>, text: &mut String) -> Result<(), EmitError> {
    let total: usize =
        block.effects.iter().map(|effect| effect.name.len() + effect.value().len()).sum();
    if total > TOTAL {
        return Err(EmitError::ValueTooLong {
            name: format!("all headers of {}", block.pattern.describe()),
            server: Server::Cloudfront,
            bytes: total,
            limit: TOTAL,
        });
    }
    let _ = writeln!(
        text,
        "\n# {}\nresource \"aws_cloudfront_response_headers_policy\" \"{name}\" {{\n  name = \"{name}\"",
        block.pattern.describe()
    );
    let sent = || block.effects.iter().filter(|effect| effect.outcome != Outcome::Remove);
    let security: String = sent().filter_map(security).collect();
    if !security.is_empty() {
        let _ = writeln!(text, "\n  security_headers_config {{\n{security}  }}");
    }
    let custom: String =
        sent().filter(|effect| self::security(effect).is_none()).map(custom).collect();
    if !custom.is_empty() {
        let _ = writeln!(text, "\n  custom_headers_config {{\n{custom}  }}");
    }
    let removed: String = block
        .effects
        .iter()
        .filter(|effect| effect.outcome == Outcome::Remove)
        .map(|effect| format!("    items {{\n      header = {}\n    }}\n", quoted(effect.name)))
        .collect();
    if !removed.is_empty() {
        let _ = writeln!(text, "\n  remove_headers_config {{\n{removed}  }}");
    }
    text.push_str("}\n");
    Ok(())
}

fn custom(effect: &Effect<'_>) -> String {
    let replaces = matches!(effect.outcome, Outcome::Set(_));
    format!(
        "    items {{\n      header   = {}\n      value    = {}\n      override = {replaces}\n    }}\n",
        quoted(effect.name),
        quoted(effect.value())
    )
}

/// CloudFront has a block of its own for these headers, and takes them nowhere else.
fn security(effect: &Effect<'_>) -> Option<String> {
    let value = effect.value();
    let block = |name: &str, lines: &str| {
        Some(format!("    {name} {{\n{lines}      override = true\n    }}\n"))
    };
    match effect.name.to_ascii_lowercase().as_str() {
        "content-security-policy" => block(
            "content_security_policy",
            &format!("      content_security_policy = {}\n", quoted(value)),
        ),
        "strict-transport-security" => {
            let lower = value.to_ascii_lowercase();
            let parts: Vec<&str> = lower.split(';').map(str::trim).collect();
            let seconds = parts.iter().find_map(|part| part.strip_prefix("max-age="))?;
            let seconds: u64 = seconds.trim_matches('"').parse().ok()?;
            block(
                "strict_transport_security",
                &format!(
                    "      access_control_max_age_sec = {seconds}\n      include_subdomains = {}\n      preload = {}\n",
                    parts.contains(&"includesubdomains"),
                    parts.contains(&"preload")
                ),
            )
        }
        "x-content-type-options" if value.eq_ignore_ascii_case("nosniff") => {
            block("content_type_options", "")
        }
        "x-frame-options" => block(
            "frame_options",
            &format!("      frame_option = {}\n", quoted(&value.to_ascii_uppercase())),
        ),
        "referrer-policy" => {
            block("referrer_policy", &format!("      referrer_policy = {}\n", quoted(value)))
        }
        _ => None,
    }
}

/// A text of HCL, in which `${` and `%{` begin something.
fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\t', "\\t")
        .replace("${", "$${")
        .replace("%{", "%%{");
    format!("\"{escaped}\"")
}
