//! A file that a person chooses: it is read in the window, and goes nowhere by that.

use js_sys::{Function, Promise, Reflect};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlInputElement};

/// Longer files are not read, in bytes.
const BYTES_MAX: f64 = 65_536.0;

/// How a webview begins the value of a control for files, whatever the folder.
const FOLDER: &str = "C:\\fakepath\\";

/// The name of the file that was just chosen in a control; `None` where none is.
pub(crate) fn chosen_name(event: &Event) -> Option<String> {
    let control = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    name_of(&control.value())
}

/// The name in the value of a control for files.
fn name_of(value: &str) -> Option<String> {
    let name = value.strip_prefix(FOLDER).unwrap_or(value);
    (!name.is_empty()).then(|| name.to_owned())
}

/// Reads the text of the file that was just chosen in a control; `heed` hears it, or `None` where it
/// is none that can be read.
pub(crate) fn read_chosen(event: &Event, heed: impl FnOnce(Option<String>) + 'static) {
    let control = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(control) = control else { return };
    spawn_local(async move { heed(text_of(control.as_ref()).await) });
}

async fn text_of(control: &JsValue) -> Option<String> {
    let of = |value: &JsValue, name: &str| Reflect::get(value, &name.into()).ok();
    let file = Reflect::get_u32(&of(control, "files")?, 0).ok()?;
    if of(&file, "size")?.as_f64()? > BYTES_MAX {
        return None;
    }
    let text: Function = of(&file, "text")?.dyn_into().ok()?;
    let promise: Promise = text.call0(&file).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()?.as_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_file_is_called_by_its_name_alone() {
        let check = |value: &str, want: Option<&str>| assert_eq!(name_of(value).as_deref(), want);
        check("", None);
        check(r"C:\fakepath\kit.txt", Some("kit.txt"));
        check("kit.txt", Some("kit.txt"));
    }
}
