//! What a text says of responses.

use serde::{Deserialize, Serialize};

use super::parse::DeliveryName;
use crate::deployment::{Document, Form, Located, ReadError, UnknownForm, read};
use crate::text::{Offsets, Span, Units};

/// A text to read, such as `{"text":"Content-Security-Policy: img-src *"}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// The text, in any form that [`deployment`](crate::deployment) reads.
    pub text: String,
    /// The name of the text, which may say what form it has.
    #[serde(default)]
    pub name: String,
    /// Its form, where it would be guessed otherwise.
    #[serde(default, rename = "as")]
    pub form: Option<String>,
    /// In what the spans of the answer count.
    #[serde(default)]
    pub units: Units,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It has no form that is known.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The form that it is said to have is none.
    #[error(transparent)]
    Form(#[from] UnknownForm),
}

/// The responses that a text tells of.
#[derive(Clone, Debug, Serialize)]
pub struct Responses {
    form: &'static str,
    responses: Vec<ResponseText>,
}

#[derive(Clone, Debug, Serialize)]
struct ResponseText {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    fields: Vec<FieldText>,
}

#[derive(Clone, Debug, Serialize)]
struct FieldText {
    name: String,
    value: String,
    /// How a policy reaches the browser; absent for other headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<DeliveryName>,
    /// Where the value begins in the text; absent if it is not there as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
}

impl Text {
    /// The text, read.
    ///
    /// # Errors
    /// If it has no form that is known.
    pub fn document(&self) -> Result<Document, TextError> {
        Ok(read(&self.name, &self.text, self.known_form()?)?)
    }

    /// The form that it is said to have.
    pub(super) fn known_form(&self) -> Result<Option<Form>, TextError> {
        Ok(self.form.as_deref().map(str::parse::<Form>).transpose()?)
    }

    /// The responses in it.
    ///
    /// # Errors
    /// If it has no form that is known.
    ///
    /// ```
    /// use cspc_core::wire::Text;
    /// let text: Text = serde_json::from_str(r#"{"text":"img-src 'self'"}"#).unwrap();
    /// let read = serde_json::to_value(text.responses().unwrap()).unwrap();
    /// assert_eq!(read["responses"][0]["fields"][0]["delivery"], "header");
    /// ```
    pub fn responses(&self) -> Result<Responses, TextError> {
        let document = self.document()?;
        let offsets = Offsets::new(&document.text, self.units);
        let responses = document.answers.iter().map(|answer| ResponseText {
            name: answer.name.clone(),
            fields: answer.fields.iter().map(|field| FieldText::new(field, &offsets)).collect(),
        });
        Ok(Responses { form: document.form.as_str(), responses: responses.collect() })
    }
}

impl FieldText {
    fn new(field: &Located, offsets: &Offsets<'_>) -> Self {
        Self {
            name: field.name().into_owned(),
            value: field.text.clone(),
            delivery: field.delivery.map(DeliveryName::from),
            offset: field.offset.map(|offset| offsets.span(Span::new(offset, offset)).start),
        }
    }
}
