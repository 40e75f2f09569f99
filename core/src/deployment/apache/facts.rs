//! What expressions can ask about a request.

use super::expression::Facts;
use super::request::{Request, SOME_NAME};
use crate::configuration::Captures;
use crate::deployment::value::Value;
use crate::plan::Scheme;

impl Facts for Request<'_> {
    fn variable(&mut self, name: &str) -> Value {
        if let Some((function, argument)) = name.split_once(':') {
            return match function.to_ascii_lowercase().as_str() {
                "env" => self.function("reqenv", argument),
                function => self.function(function, argument),
            };
        }
        let name = name.to_ascii_uppercase();
        self.known(&name).map_or_else(|| unknown(&name), Value::known)
    }

    fn function(&mut self, name: &str, argument: &str) -> Value {
        match name.to_ascii_lowercase().as_str() {
            "reqenv" | "env" => match self.environment.is_set(argument) {
                Some(false) => Value::default(),
                _ => self.environment.get(argument).cloned().unwrap_or_else(|| unknown(argument)),
            },
            "resp" => self.response_header(argument),
            "req" | "http" | "req_novary" => Value {
                text: format!("%{{HTTP:{argument}}}"),
                unknown: vec![format!("header.{argument}")],
            },
            "tolower" => Value::known(argument.to_lowercase()),
            "toupper" => Value::known(argument.to_uppercase()),
            _ => unknown(&format!("{name}:{argument}")),
        }
    }

    fn test(&mut self, test: char, word: &str) -> Option<bool> {
        let is_folder = word.ends_with('/') || self.found == 301;
        match test {
            'v' => self.environment.is_set(word),
            'f' | 's' | 'F' => Some(self.found != 404 && !is_folder),
            'd' => Some(self.found != 404 && is_folder),
            'e' | 'U' => Some(self.found != 404),
            'T' => Some(!matches!(
                word.to_ascii_lowercase().as_str(),
                "" | "0" | "off" | "false" | "no"
            )),
            _ => None,
        }
    }

    fn captures(&mut self) -> &mut Option<Captures> {
        &mut self.captures
    }
}

fn unknown(name: &str) -> Value {
    // Headers have the same names as elsewhere.
    let known_as =
        if name.starts_with("HTTP_") { name.to_ascii_lowercase() } else { name.to_owned() };
    Value { text: format!("%{{{name}}}"), unknown: vec![known_as] }
}

impl Request<'_> {
    fn known(&self, name: &str) -> Option<String> {
        let is_tls = self.scheme == Scheme::Https;
        let some = |path: &str| (!path.contains(SOME_NAME)).then(|| path.to_owned());
        match name {
            "HTTPS" => Some(if is_tls { "on" } else { "off" }.to_owned()),
            "REQUEST_SCHEME" => Some(if is_tls { "https" } else { "http" }.to_owned()),
            "REQUEST_METHOD" => Some("GET".to_owned()),
            "REQUEST_STATUS" => Some(self.status.to_string()),
            "REQUEST_URI" => some(&self.path),
            "REQUEST_FILENAME" | "SCRIPT_FILENAME" => {
                some(self.file.as_deref().unwrap_or(&self.path))
            }
            "CONTENT_TYPE" => self.media_type.clone(),
            "QUERY_STRING" => {
                let asked = self.asked.as_deref()?;
                Some(asked.split_once('?').map_or("", |(_, query)| query).to_owned())
            }
            "DOCUMENT_ROOT" => self.model.root(self.host).map(str::to_owned),
            "SERVER_NAME" => Some(self.host.name.clone()).filter(|name| !name.is_empty()),
            "IS_SUBREQ" => Some("false".to_owned()),
            _ => None,
        }
    }

    /// A header of the answer so far.
    fn response_header(&self, name: &str) -> Value {
        match self.tables.get(name) {
            Some(sent) if sent.is_certain => {
                Value { text: sent.value.clone(), unknown: sent.variables.clone() }
            }
            None if self.application.is_none() => Value::default(),
            _ => unknown(&format!("resp:{name}")),
        }
    }
}
