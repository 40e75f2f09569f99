//! What is deployed: policies and headers, in whatever form they are written down.
//!
//! [`read`] takes a text of any form that it knows, finds out which one it is, and gives the responses that it tells of,
//! each header with its place in the text. One form, one file.

mod apache;
mod caddy;
mod console;
mod directive;
mod form;
mod har;
mod head;
mod headers_file;
mod hosted;
mod include;
mod nginx;
mod page;
mod planned;
mod policy;
mod server;
mod setting;
mod traps;
mod value;
mod vercel;

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;

use crate::configuration::{Caught, Sources};
use crate::csp::{Delivery, Policy, parse_list};
use crate::response::{Extent, Field, Response, delivery_of};
use crate::text::Span;
pub use form::{Form, UnknownForm};
pub use include::Includes;
pub use planned::parse as parse_plan;
pub use server::{Configuration, read_configuration};

/// Why a text cannot be read. Each message names the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It has no form that is known.
    #[error(
        "`{0}` looks like no input that cspc knows: if it is a policy, say so with --as policy; what a program sends is seen by `curl -sI URL | cspc check -`"
    )]
    Unknown(String),
    /// A browser's message that names a directive alone.
    #[error(
        "the message in `{0}` does not quote the policy: give the policy itself, or the response's head"
    )]
    NotQuoted(String),
    /// Nothing in it is a policy.
    #[error("there is no Content-Security-Policy in `{0}`")]
    NoPolicy(String),
    /// A page without a policy of its own.
    #[error(
        "there is no policy in a <meta> of `{0}`; a page's policy may be in its headers: check those, too"
    )]
    NoMeta(String),
    /// A text about responses, or of anything else.
    #[error(
        "`{0}` looks like no response: expected what `curl -si URL` prints, a HAR file, a page, a plan or a server's configuration; if it is one of these, say which with --as"
    )]
    NoResponse(String),
    /// An archive of images and scripts alone.
    #[error("there is no page among the responses in `{0}`")]
    NoPage(String),
    /// Not what the form asks for: no JSON, or nothing that the server would take.
    #[error("{name}:{line}:{column}: {message}")]
    Syntax {
        /// The text.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in bytes.
        column: usize,
        /// What was expected.
        message: String,
    },
}

/// A text with the responses that it tells of.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, or another name of the text.
    pub name: String,
    /// The whole text, in which offsets count.
    pub text: String,
    /// What it tells of each response.
    pub answers: Vec<Answer>,
    /// Its form.
    pub form: Form,
    /// The text, and those that it includes: offsets count on from one to the next.
    pub sources: Arc<Sources>,
    /// What shows without rules: mistakes in a server's configuration, and what a browser says that it blocked.
    pub caught: Vec<Caught>,
    /// The configuration itself, if it is one of a server.
    pub configuration: Option<Arc<Configuration>>,
}

/// What is known of one response.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What tells it apart from the others of the document; in a recording, the address that it is from.
    pub name: Option<String>,
    /// The status, where a recording tells it.
    pub status: Option<u16>,
    /// Its headers and `<meta>` policies, in their order.
    pub fields: Vec<Located>,
    /// The page itself, where it is known.
    pub html: Option<String>,
    /// Where in the document it begins; `None` if it does not stand there as it is.
    html_at: Option<usize>,
    /// The address that the document is from, if that is a response.
    url: Option<String>,
    extent: Extent,
}

/// A header or `<meta>` policy, and where in the document its value begins.
#[derive(Clone, Debug)]
pub struct Located {
    name: String,
    /// Its value.
    pub text: String,
    /// How a policy is delivered; `None` for other headers.
    pub delivery: Option<Delivery>,
    /// Offset in the text, in bytes; `None` if the value is not there as it is, but escaped.
    pub offset: Option<usize>,
    /// What stands there in place of the value, where that is known.
    pub written: Option<Span>,
    /// Whether nothing can be said of the value, as a server puts it together.
    pub(crate) is_open: bool,
}

/// Reads a text. Its `name` and its beginning say what form it has where `form` does not.
///
/// # Errors
/// If it has no form that is known, or holds nothing of what its form promises.
///
/// ```
/// use cspc_core::deployment::{Form, read};
/// let document = read("site.txt", "Content-Security-Policy: img-src *", None).unwrap();
/// assert_eq!(document.form, Form::Headers);
/// assert_eq!(document.answers[0].fields[0].offset, Some(25));
/// ```
pub fn read(name: &str, text: &str, form: Option<Form>) -> Result<Document, ReadError> {
    policies_of(read_any(name, text, form, None)?)
}

/// Reads a text as [`read`] does, with the files that it includes.
///
/// # Errors
/// As [`read`], and if an included file cannot be brought.
pub fn read_with(
    name: &str,
    text: &str,
    form: Option<Form>,
    includes: &mut dyn Includes,
) -> Result<Document, ReadError> {
    policies_of(read_any(name, text, form, Some(includes))?)
}

/// Reads a text for all that rules judge: other headers than policies, and pages, are worth a look as well.
///
/// # Errors
/// If it has no form that is known, or nothing in it can be judged.
///
/// ```
/// use cspc_core::deployment::{Form, read_judged};
/// let document = read_judged("head.txt", "Server: nginx\nX-Frame-Options: DENY", None).unwrap();
/// assert_eq!((document.form, document.answers[0].fields.len()), (Form::Headers, 2));
/// ```
pub fn read_judged(name: &str, text: &str, form: Option<Form>) -> Result<Document, ReadError> {
    judged(read_any(name, text, form, None)?)
}

/// Reads a text as [`read_judged`] does, with the files that it includes.
///
/// # Errors
/// As [`read_judged`], and if an included file cannot be brought.
pub fn read_judged_with(
    name: &str,
    text: &str,
    form: Option<Form>,
    includes: &mut dyn Includes,
) -> Result<Document, ReadError> {
    judged(read_any(name, text, form, Some(includes))?)
}

fn judged(document: Document) -> Result<Document, ReadError> {
    let is_some = |answer: &Answer| {
        answer.extent == Extent::Head || !answer.fields.is_empty() || answer.html.is_some()
    };
    let may_be_empty = document.form.is_configuration() || document.form == Form::Plan;
    match may_be_empty || document.answers.iter().any(is_some) {
        true => Ok(document),
        false => Err(ReadError::NoPolicy(document.name)),
    }
}

fn policies_of(mut document: Document) -> Result<Document, ReadError> {
    // A configuration is worth a look without a policy as well.
    if document.form.is_configuration() {
        return Ok(document);
    }
    document.answers.retain(|answer| answer.extent == Extent::Head || answer.has_policy());
    match (document.answers.is_empty(), document.form) {
        (false, _) => Ok(document),
        (true, Form::Html) => Err(ReadError::NoMeta(document.name)),
        (true, Form::Plan) => Ok(document),
        (true, _) => Err(ReadError::NoPolicy(document.name)),
    }
}

/// Reads a text, responses without a policy included.
///
/// # Errors
/// If it has no form that is known.
///
/// ```
/// use cspc_core::deployment::read_responses;
/// let document = read_responses("site.txt", "HTTP/2 200\nX-Frame-Options: DENY\n\n<p>", None).unwrap();
/// assert_eq!(document.answers[0].fields.len(), 1);
/// assert_eq!(document.answers[0].html.as_deref(), Some("<p>"));
/// ```
pub fn read_responses(name: &str, text: &str, form: Option<Form>) -> Result<Document, ReadError> {
    responses(read_any(name, text, form, None)?, form)
}

/// Reads a text as [`read_responses`] does, with the files that it includes.
///
/// # Errors
/// As [`read_responses`], and if an included file cannot be brought.
pub fn read_responses_with(
    name: &str,
    text: &str,
    form: Option<Form>,
    includes: &mut dyn Includes,
) -> Result<Document, ReadError> {
    responses(read_any(name, text, form, Some(includes))?, form)
}

/// Lets through what tells of responses: a text that quotes headers here and there does not.
fn responses(document: Document, said: Option<Form>) -> Result<Document, ReadError> {
    let is_one = said.is_some()
        || match document.form {
            Form::Headers => head::begins(&document.text),
            Form::Setting => !document.text.lines().any(|line| line.starts_with("```")),
            Form::Policy => document.answers.iter().any(Answer::has_directive),
            _ => true,
        };
    match is_one {
        true => Ok(document),
        false => Err(ReadError::NoResponse(document.name)),
    }
}

fn read_any(
    name: &str,
    text: &str,
    form: Option<Form>,
    includes: Option<&mut dyn Includes>,
) -> Result<Document, ReadError> {
    let known = form.unwrap_or_else(|| form::detect(name, text));
    if form.is_none() && known == Form::Policy && !policy::may_be(text) {
        return Err(ReadError::Unknown(name.to_owned()));
    }
    if known.is_configuration() {
        return server::read(name, text, known, includes);
    }
    let mut answers = known.read(name, text)?;
    if let ([answer], true) = (answers.as_mut_slice(), name.contains("://")) {
        answer.url = Some(name.to_owned());
    }
    Ok(Document {
        name: name.to_owned(),
        text: text.to_owned(),
        answers,
        form: known,
        sources: Arc::new(Sources::new(name, text)),
        caught: if known == Form::Policy { console::caught(text) } else { Vec::new() },
        configuration: server::of_hosted(name, text, known).map(Arc::new),
    })
}

impl Document {
    /// A document of the same name and form with another text.
    ///
    /// # Errors
    /// As [`read_judged`].
    pub fn with_text(&self, text: &str) -> Result<Self, ReadError> {
        read_judged(&self.name, text, Some(self.form))
    }
}

impl Answer {
    /// The response as rules take it.
    pub fn response(&self) -> Response<'_> {
        let mut fields: Vec<Field<'_>> = self.fields.iter().map(Located::field).collect();
        let (html, url) = (self.html.as_deref(), self.name.as_deref().or(self.url.as_deref()));
        fields.extend(html.map(|html| Field::Page { html, url }));
        Response { fields, extent: self.extent }
    }

    /// Where the text of one of the response's fields begins in the document, and what stands there in place of it.
    pub(crate) fn place_of(&self, field: usize) -> (Option<usize>, Option<Span>) {
        match self.fields.get(field) {
            Some(located) => (located.offset, located.written),
            None => (self.html_at, None),
        }
    }

    /// The response as an organisation's demands are made of it: what a configuration is to send, it has to say.
    pub(crate) fn demanded(&self, form: Form) -> Response<'_> {
        let response = self.response();
        let extent = if form.is_configuration() { Extent::Head } else { response.extent };
        Response { extent, ..response }
    }

    fn of_field(field: Located) -> Self {
        Self { fields: vec![field], ..Self::default() }
    }

    /// Whether a directive that is known is in one of its policies.
    fn has_directive(&self) -> bool {
        self.fields.iter().any(|field| {
            let policies = parse_list(&field.text, field.delivery.unwrap_or(Delivery::Header));
            policies.iter().flat_map(Policy::counting).any(|it| it.directive.is_some())
        })
    }

    fn has_policy(&self) -> bool {
        self.fields.iter().any(|field| field.delivery.is_some())
    }
}

impl Located {
    /// The name of the header; for a policy in a `<meta>` that of the header that it stands for.
    pub fn name(&self) -> Cow<'static, str> {
        self.field().name()
    }

    /// Whether it is a policy that a server puts together from what the text does not hold, such as a variable.
    ///
    /// ```
    /// use cspc_core::deployment::{Form, read};
    /// let text = "server { add_header Content-Security-Policy $policy; }";
    /// let document = read("site.conf", text, Some(Form::Nginx)).unwrap();
    /// assert!(document.answers[0].fields[0].is_open_policy());
    /// ```
    pub fn is_open_policy(&self) -> bool {
        let is_known = |policy: &Policy<'_>| {
            policy.directives.iter().any(|directive| directive.directive.is_some())
        };
        let policies = |delivery| parse_list(&self.text, delivery);
        self.is_open
            && self.delivery.is_some_and(|delivery| !policies(delivery).iter().any(is_known))
    }

    fn field(&self) -> Field<'_> {
        match self.delivery {
            Some(delivery) => Field::Policy { text: &self.text, delivery },
            None => Field::Header { name: &self.name, value: &self.text },
        }
    }

    fn policy(text: &str, delivery: Delivery, offset: Option<usize>) -> Self {
        let (name, text) = (String::new(), text.to_owned());
        Self { name, text, delivery: Some(delivery), offset, written: None, is_open: false }
    }

    fn header(name: &str, value: &str, offset: Option<usize>) -> Self {
        let delivery = delivery_of(name);
        let (value, skipped) = match delivery {
            Some(_) => setting::unwrapped(value),
            None => (value.trim(), value.len() - value.trim_start().len()),
        };
        let offset = offset.map(|offset| offset + skipped);
        let (name, text) = (name.to_owned(), value.to_owned());
        Self { name, text, delivery, offset, written: None, is_open: false }
    }
}

/// The lines with their offsets.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

fn from_json<'t, T: Deserialize<'t>>(name: &str, text: &'t str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        // The place is told already.
        let told = format!(" at line {line} column {column}");
        let message = message.strip_suffix(&told).unwrap_or(&message).to_owned();
        ReadError::Syntax { name: name.to_owned(), line, column, message }
    })
}
