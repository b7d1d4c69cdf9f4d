//! The window: what of it was measured.

use crate::{
    outcome::Outcome,
    places::Places,
    row::{self, Row, real},
};

/// Bytes of the window's module at most.
const WASM_MAX: u64 = 1_800_000;
const NOT_MEASURED: &str = "not measured in this run";

/// The size of the module, when it is known; starting and memory are not measured yet.
pub(crate) fn measure(_places: &Places) -> Outcome<Vec<Row>> {
    let bytes = std::env::var("FIELDCHART_WASM_BYTES").ok();
    let bytes = bytes.map(|bytes| bytes.parse::<u64>()).transpose()?;
    let wasm = "the window's wasm, built for release, as it is packed";
    let target = "≤ 1.8 MB";
    let bare = "≤ 1.5 x a bare Tauri + Leptos page";
    Ok(vec![
        match bytes {
            Some(bytes) => {
                let figure = format!("{:.2} MB", real(bytes) / 1e6);
                Row::new(wasm, figure, target, row::holds(bytes <= WASM_MAX))
            }
            None => Row::absent(wasm, NOT_MEASURED, target),
        },
        Row::absent("release app, cold start to painted", NOT_MEASURED, bare),
        Row::absent(
            "release app, memory (PSS of app and web view)",
            NOT_MEASURED,
            "≤ 1.3 x a bare Tauri + Leptos page",
        ),
    ])
}
