//! How the webview draws. Where the machine has no graphics processor, a webview that composes its
//! layers by one has it imitated by the processor, at several times the cost of drawing the page as it
//! stands.

use std::path::Path;
use tauri::WebviewWindow;

/// Says `on` or `off` where what was found out about the machine is wrong: a window that stays blank has
/// a driver that cannot do what it says.
const VARIABLE: &str = "FIELDCHART_GRAPHICS";
/// Linux shows a graphics processor here, by a node that programs may draw by.
const NODES: &str = "/dev/dri";

/// Lets the webview draw by what the machine has.
pub(crate) fn suit(window: &WebviewWindow) -> tauri::Result<()> {
    let told = std::env::var(VARIABLE).unwrap_or_default();
    if has_graphics(&told, Path::new(NODES)) { Ok(()) } else { compose_nothing(window) }
}

#[cfg(target_os = "linux")]
fn compose_nothing(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Elsewhere the system sees to it.
#[cfg(not(target_os = "linux"))]
fn compose_nothing(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

fn has_graphics(told: &str, nodes: &Path) -> bool {
    let is_node =
        |node: std::fs::DirEntry| node.file_name().to_string_lossy().starts_with("renderD");
    match told {
        "on" => true,
        "off" => false,
        _ => std::fs::read_dir(nodes).into_iter().flatten().flatten().any(is_node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_has_graphics_where_programs_may_draw_by_them() {
        let folder = tempfile::tempdir().unwrap();
        let nodes = folder.path().join("dri");
        assert!(!has_graphics("", &nodes), "no driver at all");
        std::fs::create_dir(&nodes).unwrap();
        std::fs::write(nodes.join("card0"), "").unwrap();
        assert!(!has_graphics("", &nodes), "a screen that shows and does not draw");
        assert!(has_graphics("on", &nodes), "as it was told");
        std::fs::write(nodes.join("renderD128"), "").unwrap();
        assert!(has_graphics("", &nodes));
        assert!(!has_graphics("off", &nodes), "as it was told");
    }
}
