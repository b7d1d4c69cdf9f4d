//! What the page behind a window asks of the program, asked as the window does.

use serde_json::{Value, json};

use super::Window;

/// A reply is the bytes of its JSON; a refusal is an object.
const DISPATCH: &str = r#"
    const [name, payload, done] = arguments;
    window.__TAURI_INTERNALS__.invoke("dispatch", { name, payload }).then(
      (reply) => done({ Ok: JSON.parse(new TextDecoder().decode(new Uint8Array(reply))) }),
      (refusal) => done({ Err: refusal }));"#;

impl Window {
    /// Has the program carry out a command.
    ///
    /// # Errors
    /// The refusal.
    pub fn dispatch(&self, name: &str, payload: &Value) -> Result<Value, Value> {
        let answer = self.ask_later(DISPATCH, &[json!(name), payload.clone()]);
        serde_json::from_value(answer).expect("a reply or a refusal")
    }
}
