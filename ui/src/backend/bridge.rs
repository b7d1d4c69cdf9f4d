//! The shell's JavaScript door. Bound by name at run time, so that a page opened outside the
//! shell says so instead of dying.

use super::touch;
use api::{ApiError, Command, ErrorCode, Topic};
use js_sys::{Function, JSON, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Asks the shell to carry out a command.
///
/// # Errors
/// What the shell answers, or `internal` when it cannot be reached.
pub(crate) async fn call<C: Command>(command: &C) -> Result<C::Reply, ApiError> {
    let payload = serde_json::to_string(command).map_err(|_| broken("the command"))?;
    let arguments = js_sys::Object::new();
    put(&arguments, "name", &JsValue::from_str(C::NAME))?;
    put(&arguments, "payload", &parse(&payload)?)?;
    match invoke("dispatch", &arguments).await {
        Ok(reply) => serde_json::from_str(&text_of(&reply)).map_err(|_| broken("the reply")),
        Err(refusal) => Err(refused(&refusal)),
    }
}

/// The error of a refusal; a window that finds nobody signed in asks where it stands.
fn refused(refusal: &JsValue) -> ApiError {
    let text = text_of(refusal);
    let error: ApiError =
        serde_json::from_str(&text).unwrap_or_else(|_| ApiError::new(ErrorCode::Internal, text));
    if error.code == ErrorCode::SignedOut {
        touch(&[Topic::Session]);
    }
    error
}

/// Calls a command of the shell or of one of its plugins with a JavaScript object.
pub(super) async fn invoke(name: &str, arguments: &JsValue) -> Result<JsValue, JsValue> {
    let internals = internals()?;
    let invoke: Function = Reflect::get(&internals, &"invoke".into())?.dyn_into()?;
    let promise: Promise = invoke.call2(&internals, &name.into(), arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}

/// Hands a function to the shell, which calls it by the number returned.
pub(super) fn register(callback: &JsValue) -> Result<JsValue, JsValue> {
    let internals = internals()?;
    let transform: Function = Reflect::get(&internals, &"transformCallback".into())?.dyn_into()?;
    transform.call1(&internals, callback)
}

/// This window's label; empty outside the shell.
pub(super) fn label() -> String {
    let step = |at: JsValue, name: &str| Reflect::get(&at, &name.into());
    internals()
        .and_then(|at| step(at, "metadata"))
        .and_then(|at| step(at, "currentWindow"))
        .and_then(|at| step(at, "label"))
        .ok()
        .and_then(|label| label.as_string())
        .unwrap_or_default()
}

/// A JavaScript value as JSON.
pub(super) fn text_of(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_else(|| "null".into())
}

/// JSON as a JavaScript value.
pub(super) fn parse(json: &str) -> Result<JsValue, ApiError> {
    JSON::parse(json).map_err(|_| broken("the command"))
}

fn internals() -> Result<JsValue, JsValue> {
    Reflect::get(&js_sys::global(), &"__TAURI_INTERNALS__".into())
}

fn put(object: &js_sys::Object, name: &str, value: &JsValue) -> Result<(), ApiError> {
    Reflect::set(object, &name.into(), value).map(|_| ()).map_err(|_| broken("the command"))
}

fn broken(what: &str) -> ApiError {
    ApiError::new(ErrorCode::Internal, format!("window and program do not agree on {what}"))
}
