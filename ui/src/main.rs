//! Starts the window in the webview.

fn main() {
    ui::start();
}
