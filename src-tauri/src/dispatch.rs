//! The one command a window can call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use api::{ApiError, ErrorCode, Origin};
use serde_json::{Value, value::RawValue};
use tauri::ipc::Response;
use tauri::{State, WebviewWindow};

use crate::backend::Backend;

/// What the windows share.
#[derive(Clone)]
pub(crate) struct Shell {
    backend: Arc<dyn Backend>,
}

impl Shell {
    /// A shell that hands every command to `backend`.
    pub(crate) fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend }
    }
}

/// Hands a command of a window to the use-cases, off the window's thread. A reply travels as the
/// bytes of its JSON: the window reads them once, and its webview not at all.
#[tauri::command]
pub(crate) async fn dispatch(
    window: WebviewWindow,
    shell: State<'_, Shell>,
    name: String,
    payload: Value,
) -> Result<Response, ApiError> {
    let (backend, origin) = (Arc::clone(&shell.backend), Origin::Window(window.label().to_owned()));
    let answer = move || answer(backend.as_ref(), &name, payload, origin);
    let answer =
        tauri::async_runtime::spawn_blocking(answer).await.unwrap_or_else(|_| Err(failed()));
    answer.map(|reply| Response::new(Box::<str>::from(reply).into_string().into_bytes()))
}

/// Answers under a span, with the time it took, and outlives a panic: one bad chart must not
/// close the clinic's window.
fn answer(
    backend: &dyn Backend,
    name: &str,
    payload: Value,
    origin: Origin,
) -> Result<Box<RawValue>, ApiError> {
    let _span = tracing::info_span!("command", name).entered();
    let started = Instant::now();
    let answer = catch_unwind(AssertUnwindSafe(|| backend.answer(name, payload, origin)))
        .unwrap_or_else(|_| Err(failed()));
    let took_ms = started.elapsed().as_millis();
    match &answer {
        Ok(_) => tracing::debug!(took_ms, "answered"),
        Err(error) => tracing::info!(took_ms, code = ?error.code, "refused"),
    }
    answer
}

fn failed() -> ApiError {
    ApiError::new(
        ErrorCode::Internal,
        "Something went wrong inside the program; nothing that was saved is lost.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Echo;

    impl Backend for Echo {
        fn answer(
            &self,
            name: &str,
            payload: Value,
            origin: Origin,
        ) -> Result<Box<RawValue>, ApiError> {
            let echo = serde_json::json!({ "payload": payload, "origin": origin });
            match name {
                "echo" => Ok(serde_json::value::to_raw_value(&echo).unwrap()),
                "panic" => panic!("{payload}"),
                _ => Err(ApiError::new(ErrorCode::NotFound, "no such command")),
            }
        }
    }

    #[test]
    fn commands_are_handed_over_with_their_window() {
        let origin = Origin::Window("main".to_owned());
        let answer = answer(&Echo, "echo", serde_json::json!({"dose": 1.50}), origin).unwrap();
        assert_eq!(
            answer.get(),
            r#"{"payload":{"dose":1.5},"origin":{"kind":"window","name":"main"}}"#
        );
    }

    #[test]
    fn a_panic_becomes_an_error_that_quotes_nothing() {
        let payload = serde_json::json!("Amina");
        let error = answer(&Echo, "panic", payload, Origin::Host).unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(!error.to_string().contains("Amina"));
    }

    #[test]
    fn an_error_comes_back_as_it_is() {
        let error = answer(&Echo, "other", Value::Null, Origin::Host).unwrap_err();
        assert_eq!(error.code, ErrorCode::NotFound);
    }
}
