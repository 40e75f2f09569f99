//! The configuration of a server, of any kind: read once, and asked what is sent from where.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::apache::{self, Apache};
use super::caddy::{self, Caddy};
use super::hosted::Hosted;
use super::include::{Failed, Loader};
use super::nginx::{self, Nginx};
use super::{Answer, Document, Form, Includes, Located, ReadError, traps};
use super::{headers_file, vercel};
use crate::configuration::{Asked, Caught, Note, Place, Sources};
use crate::response::delivery_of;

/// A configuration that has been read.
#[derive(Debug)]
pub struct Configuration {
    /// Its texts, in which spans count.
    pub sources: Arc<Sources>,
    server: Server,
    /// Files that are included, and that nobody has brought.
    skipped: Vec<Note>,
}

#[derive(Debug)]
enum Server {
    Apache(Apache),
    Caddy(Caddy),
    Hosted(Hosted),
    Nginx(Nginx),
}

/// Reads the configuration of a server, of a form for which [`Form::is_configuration`] holds. Without `includes`,
/// included files count as unknown.
///
/// # Errors
/// [`ReadError::Syntax`] where the server would refuse the configuration as well, or an included file cannot be brought.
///
/// ```
/// use cspc_core::configuration::Asked;
/// use cspc_core::deployment::{Form, read_configuration};
/// let text = "server { add_header X-A 1; location /b { add_header X-B 2; } }";
/// let read = read_configuration("nginx.conf", text, Form::Nginx, None).unwrap();
/// let asked = Asked { scheme: cspc_core::plan::Scheme::Http, ..Asked::page("/b/c") };
/// let place = &read.asked(&asked)[0];
/// assert_eq!((place.sent[0].name.as_str(), place.lost[0].name.as_str()), ("X-B", "X-A"));
/// ```
pub fn read_configuration(
    name: &str,
    text: &str,
    form: Form,
    includes: Option<&mut dyn Includes>,
) -> Result<Configuration, ReadError> {
    let mut loader = Loader::new(name, text, includes);
    let server = match form {
        Form::Apache => apache::read(&mut loader).map(Server::Apache),
        Form::Caddy => caddy::read(&mut loader).map(Server::Caddy),
        _ => nginx::read(&mut loader).map(Server::Nginx),
    };
    let server = server.map_err(|failed| refused(&loader.sources, &failed))?;
    let (sources, skipped) = (Arc::new(loader.sources), loader.skipped);
    Ok(Configuration { sources, server, skipped })
}

/// What a host of files sends by path, where a text is one's configuration.
pub(super) fn of_hosted(name: &str, text: &str, form: Form) -> Option<Configuration> {
    let hosted = match form {
        Form::HeadersFile => headers_file::read(text),
        Form::Vercel => vercel::read(name, text).ok()?,
        _ => return None,
    };
    let sources = Arc::new(Sources::new(name, text));
    Some(Configuration { sources, server: Server::Hosted(hosted), skipped: Vec::new() })
}

fn refused(sources: &Sources, failed: &Failed) -> ReadError {
    let at = sources.location(failed.at);
    ReadError::Syntax {
        name: at.path,
        line: at.line,
        column: at.column,
        message: failed.message.clone(),
    }
}

impl Configuration {
    /// What is sent from each place of each site.
    pub fn places(&self) -> Vec<Place> {
        let mut places = match &self.server {
            Server::Apache(apache) => apache.places(),
            Server::Caddy(caddy) => caddy.places(),
            Server::Hosted(hosted) => hosted.places(),
            Server::Nginx(nginx) => nginx.places(),
        };
        if !self.skipped.is_empty() {
            let notes = self.skipped.clone();
            places.push(Place { name: "…".to_owned(), notes, ..Place::default() });
        }
        places
    }

    /// What each site sends for a request.
    pub fn asked(&self, asked: &Asked<'_>) -> Vec<Place> {
        let mut places = match &self.server {
            Server::Apache(apache) => apache.asked(asked),
            Server::Caddy(caddy) => caddy.asked(asked),
            Server::Hosted(hosted) => hosted.asked(asked),
            Server::Nginx(nginx) => nginx.asked(asked),
        };
        places.iter_mut().for_each(|place| place.notes.extend(self.skipped.iter().cloned()));
        places
    }

    fn caught(&self, places: &[Place]) -> Vec<Caught> {
        let own = match &self.server {
            Server::Apache(apache) => apache.caught(),
            Server::Caddy(caddy) => caddy.caught(),
            Server::Hosted(_) => Vec::new(),
            Server::Nginx(nginx) => nginx.caught(),
        };
        let mut caught = traps::of_places(places);
        caught.extend(own);
        if matches!(self.server, Server::Caddy(_)) {
            let help = |caught: &Caught| {
                caught.help.clone().or(caddy::help(caught.trap).map(Cow::Borrowed))
            };
            caught.iter_mut().for_each(|caught| caught.help = help(caught));
        }
        caught.sort_by_key(|caught| (caught.at, caught.trap));
        caught
    }
}

/// A configuration as rules take it: each set of headers that is sent together is a response.
pub(super) fn read(
    name: &str,
    text: &str,
    form: Form,
    includes: Option<&mut dyn Includes>,
) -> Result<Document, ReadError> {
    let configuration = read_configuration(name, text, form, includes)?;
    let places = configuration.places();
    let mut seen = BTreeSet::new();
    // The same lines are judged once, however many places send them.
    let mut is_new = |place: &&Place| {
        let lines: Vec<usize> = place.sent.iter().map(|sent| sent.at.start).collect();
        !lines.is_empty() && seen.insert(lines)
    };
    let answers = places.iter().filter(|place| is_new(place)).map(answer).collect();
    Ok(Document {
        name: name.to_owned(),
        text: text.to_owned(),
        answers,
        form,
        sources: Arc::clone(&configuration.sources),
        caught: configuration.caught(&places),
        configuration: Some(Arc::new(configuration)),
    })
}

fn answer(place: &Place) -> Answer {
    let fields = place.sent.iter().map(|sent| Located {
        name: sent.name.clone(),
        text: sent.value.clone(),
        delivery: delivery_of(&sent.name),
        offset: sent.offset,
        written: Some(sent.at),
        is_open: !sent.variables.is_empty()
            && (delivery_of(&sent.name).is_none() || !sent.value.contains(' ')),
    });
    let name = Some(format!("{} {}", place.site, place.name));
    Answer { name, fields: fields.collect(), ..Answer::default() }
}
