//! The seam between the window and the use-cases.

use api::{ApiError, Origin};
use app::App;
use host::Computer;
use serde_json::{Value, value::RawValue};

/// What answers the window's commands: the use-cases, or a test's own.
pub(crate) trait Backend: Send + Sync + 'static {
    /// Answers the command `name`, as JSON; `origin` marks the changes it makes.
    fn answer(&self, name: &str, payload: Value, origin: Origin)
    -> Result<Box<RawValue>, ApiError>;
}

impl Backend for App<Computer> {
    fn answer(
        &self,
        name: &str,
        payload: Value,
        origin: Origin,
    ) -> Result<Box<RawValue>, ApiError> {
        self.dispatch(name, payload, origin)
    }
}
