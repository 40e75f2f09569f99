//! The plan itself.

use super::{EmitError, File};
use crate::plan::Plan;

pub(super) fn emit(plan: &Plan) -> Result<Vec<File>, EmitError> {
    let mut content =
        serde_json::to_string_pretty(plan).map_err(|error| EmitError::Json(error.to_string()))?;
    content.push('\n');
    Ok(vec![File::new("plan.json", content)])
}
