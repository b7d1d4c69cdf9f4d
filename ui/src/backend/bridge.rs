//! The shell's JavaScript door. Bound by name at run time, so that a page opened outside the
//! shell says so instead of dying.

use super::touch;
use crate::host::clock;
use crate::reading::read;
use api::{ApiError, Command, ErrorCode, Topic};
use js_sys::{Function, JSON, Promise, Reflect, Uint8Array};
use leptos::task::spawn_local;
use std::cell::Cell;
use std::pin::Pin;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A command on its way to the shell: its name, and what it says as JSON.
pub(crate) struct Question {
    name: &'static str,
    payload: Option<String>,
}

/// What the shell says to a question: a reply as JSON, or a refusal.
pub(crate) type Answer = Result<String, ApiError>;

/// Asks the shell to carry out a command.
///
/// # Errors
/// What the shell answers, or `internal` when it cannot be reached.
pub(crate) async fn call<C: Command>(command: &C) -> Result<C::Reply, ApiError> {
    reply_of(ask(question(command)).await)
}

/// A command as it travels.
pub(crate) fn question<C: Command>(command: &C) -> Question {
    Question { name: C::NAME, payload: serde_json::to_string(command).ok() }
}

/// The reply an answer brings.
pub(crate) fn reply_of<T: serde::de::DeserializeOwned>(answer: Answer) -> Result<T, ApiError> {
    read(&answer?).ok_or_else(|| broken("the reply"))
}

/// Puts a question to the shell, and hands its answer on.
pub(crate) fn ask_for(question: Question, heed: Box<dyn FnOnce(Answer)>) {
    spawn_local(async move { heed(ask(question).await) });
}

/// Waits until the shell has answered all it was asked, and at most so long.
pub(crate) async fn answered(at_most: Duration) {
    let mut waited = Duration::ZERO;
    while Waiting::any() && waited < at_most {
        waited += clock::pause().await;
    }
}

/// Puts a question to the shell. The same for every command, so that it is in the module once.
pub(super) fn ask(question: Question) -> Pin<Box<dyn Future<Output = Answer>>> {
    let waiting = Waiting::begin();
    Box::pin(async move {
        let _waiting = waiting;
        let payload = question.payload.ok_or_else(|| broken("the command"))?;
        let arguments = js_sys::Object::new();
        put(&arguments, "name", &JsValue::from_str(question.name))?;
        put(&arguments, "payload", &parse(&payload)?)?;
        match invoke("dispatch", &arguments).await {
            Ok(reply) => words_of(&reply),
            Err(refusal) => Err(refused(&refusal)),
        }
    })
}

thread_local! {
    static UNANSWERED: Cell<u32> = const { Cell::new(0) };
}

/// A question that was put and has no answer yet: counted while it lives.
struct Waiting;

impl Waiting {
    fn begin() -> Self {
        UNANSWERED.with(|count| count.set(count.get().saturating_add(1)));
        Self
    }

    fn any() -> bool {
        UNANSWERED.with(|count| count.get() > 0)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        UNANSWERED.with(|count| count.set(count.get().saturating_sub(1)));
    }
}

/// The error of a refusal; a window that finds nobody signed in asks where it stands.
fn refused(refusal: &JsValue) -> ApiError {
    let text = text_of(refusal);
    let error: ApiError = read(&text).unwrap_or_else(|| ApiError::new(ErrorCode::Internal, text));
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

/// The bytes of a reply, which are JSON as it was written.
fn words_of(reply: &JsValue) -> Answer {
    String::from_utf8(Uint8Array::new(reply).to_vec()).map_err(|_| broken("the reply"))
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
