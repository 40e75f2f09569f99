//! Microsoft IIS: custom headers in `web.config`.

use std::fmt::Write;

use super::hosted::{Block, Effect, Outcome, Pattern, overriding};
use super::lines::Site;
use super::{EmitError, File, GENERATED_BY, Server, https_origin};
use crate::plan::{Plan, ServerTokens};

pub(super) fn emit(plan: &Plan, site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- {} -->\n\
         <!-- In the root folder of the site. Headers for HTTPS only and the redirect need the URL Rewrite module. -->\n\
         <configuration>\n",
        GENERATED_BY.trim_start_matches("# ")
    );
    let blocks = overriding(site, Server::Iis)?;
    let everywhere = blocks.iter().find(|block| block.pattern == Pattern::Everything);
    text.push_str("  <system.webServer>\n");
    text.push_str(&custom(everywhere.map_or(&[], |block| &block.effects), "    "));
    text.push_str(&rewrite(plan, everywhere)?);
    if plan.server_tokens == Some(ServerTokens::Off) {
        text.push_str("    <security>\n      <requestFiltering removeServerHeader=\"true\" />\n    </security>\n");
    }
    text.push_str("  </system.webServer>\n");
    for block in &blocks {
        check(block)?;
        let (Pattern::Exact(path) | Pattern::Below(path)) = block.pattern else { continue };
        let _ = writeln!(
            text,
            "  <location path=\"{}\">\n    <system.webServer>\n{}    </system.webServer>\n  </location>",
            escaped(path.trim_start_matches('/')),
            custom(&block.effects, "      ")
        );
    }
    text.push_str("</configuration>\n");
    Ok(vec![File::new("web.config", text)])
}

/// What is for HTTPS only goes through a rewrite rule, whose value is a template.
fn check(block: &Block<'_>) -> Result<(), EmitError> {
    let odd = |effect: &&Effect<'_>| {
        effect.https && (block.pattern != Pattern::Everything || effect.value().contains('{'))
    };
    block.effects.iter().find(odd).map_or(Ok(()), |effect| {
        Err(EmitError::Unwritable {
            server: Server::Iis,
            name: effect.name.to_owned(),
            what: "headers for HTTPS only below a path, or with braces",
            help: "send them everywhere, or over both schemes",
        })
    })
}

/// A name that is inherited must be taken away before it is added, or the whole site answers 500.
fn custom(effects: &[Effect<'_>], tab: &str) -> String {
    let mut lines = String::new();
    for effect in effects.iter().filter(|effect| !effect.https) {
        let name = escaped(effect.name);
        if !matches!(effect.outcome, Outcome::Add(_)) {
            let _ = writeln!(lines, "{tab}    <remove name=\"{name}\" />");
        }
        if effect.outcome != Outcome::Remove {
            let value = escaped(effect.value());
            let _ = writeln!(lines, "{tab}    <add name=\"{name}\" value=\"{value}\" />");
        }
    }
    if lines.is_empty() {
        return lines;
    }
    format!(
        "{tab}<httpProtocol>\n{tab}  <customHeaders>\n{lines}{tab}  </customHeaders>\n{tab}</httpProtocol>\n"
    )
}

fn rewrite(plan: &Plan, everywhere: Option<&Block<'_>>) -> Result<String, EmitError> {
    let secure = everywhere.iter().flat_map(|block| &block.effects).filter(|effect| effect.https);
    let outbound: String = secure.map(over_tls).collect();
    let inbound = redirect(plan)?;
    if outbound.is_empty() && inbound.is_empty() {
        return Ok(String::new());
    }
    let section = |name: &str, rules: &str| {
        if rules.is_empty() {
            String::new()
        } else {
            format!("      <{name}>\n{rules}      </{name}>\n")
        }
    };
    Ok(format!(
        "    <rewrite>\n{}{}    </rewrite>\n",
        section("rules", &inbound),
        section("outboundRules", &outbound)
    ))
}

fn over_tls(effect: &Effect<'_>) -> String {
    let name = escaped(effect.name);
    let value = escaped(effect.value());
    format!(
        "        <rule name=\"cspc {name}\">\n          <match serverVariable=\"RESPONSE_{}\" pattern=\".*\" />\n          \
         <conditions>\n            <add input=\"{{HTTPS}}\" pattern=\"^on$\" />\n          </conditions>\n          \
         <action type=\"Rewrite\" value=\"{value}\" />\n        </rule>\n",
        name.replace('-', "_")
    )
}

fn redirect(plan: &Plan) -> Result<String, EmitError> {
    let Some(status) = plan.https_redirect else { return Ok(String::new()) };
    let origin = https_origin(plan)?.unwrap_or_else(|| "https://{HTTP_HOST}".to_owned());
    let kind = match u16::from(status) {
        301 => "Permanent",
        302 => "Found",
        307 => "Temporary",
        // The module has no name for 308, which keeps the method as 307 does.
        _ => "Temporary",
    };
    Ok(format!(
        "        <rule name=\"cspc https\" stopProcessing=\"true\">\n          <match url=\".*\" />\n          <conditions>\n            \
         <add input=\"{{HTTPS}}\" pattern=\"^off$\" />\n          </conditions>\n          \
         <action type=\"Redirect\" url=\"{}{{REQUEST_URI}}\" appendQueryString=\"false\" redirectType=\"{kind}\" />\n        </rule>\n",
        escaped(&origin)
    ))
}

/// A text in an attribute of XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\t', "&#9;")
        .replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
