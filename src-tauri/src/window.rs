//! The clinic's window.

use crate::drawing;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Url, WebviewUrl, WebviewWindowBuilder};

/// The label the capabilities are given to.
const LABEL: &str = "main";

/// Opens it, in the language that was chosen on this computer, else in that of the system.
pub(crate) fn open(app: &AppHandle, language: Option<String>) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App(page(language).into()))
        .title("Fieldchart")
        // The small laptop of many clinics, whole; a larger screen is filled as well.
        .inner_size(1366.0, 768.0)
        .maximized(true)
        .min_inner_size(640.0, 480.0)
        // Nothing of a page is to be kept outside the encrypted store. A driver cannot reach a
        // window of this kind, so under one it is an ordinary window.
        .incognito(!driven())
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    drawing::suit(&window)
}

/// `boot.js` reads the language of the page's address.
fn page(language: Option<String>) -> String {
    language.map_or_else(|| "index.html".to_owned(), |tag| format!("index.html?language={tag}"))
}

/// Whether a WebDriver started the program; Tauri reads the same variable.
fn driven() -> bool {
    std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true")
}

/// The window shows the program's own pages only.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        "about" => url.path() == "blank",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_the_language_that_was_chosen() {
        assert_eq!(page(None), "index.html");
        assert_eq!(page(Some("sw".to_owned())), "index.html?language=sw");
        // The page reads it by that name.
        assert!(include_str!("../../ui/boot.js").contains("get(\"language\")"));
    }

    #[test]
    fn only_our_own_pages_are_shown() {
        let check = |url: &str, expected: bool| {
            assert_eq!(is_ours(&Url::parse(url).unwrap()), expected, "{url}");
        };
        check("tauri://localhost/index.html", true);
        check("http://tauri.localhost/", true);
        check("https://tauri.localhost/", true);
        check("about:blank", true);
        check("https://tauri.localhost.example.org/", false);
        check("https://example.org/", false);
        check("file:///etc/passwd", false);
        check("data:text/html,hello", false);
        check("javascript:alert(1)", false);
    }
}
