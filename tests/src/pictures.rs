//! Numbered pictures of windows, and a look at whether there is anything on them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The album of one test; its copies share the numbering.
#[derive(Debug, Clone)]
pub struct Pictures {
    folder: PathBuf,
    count: Arc<AtomicU32>,
}

impl Pictures {
    /// An empty album: in the folder named by `FIELDCHART_PICTURES`, else `target/e2e/NAME`.
    pub fn of_test(name: &str) -> Self {
        let chosen = std::env::var_os("FIELDCHART_PICTURES").map(PathBuf::from);
        let folder = chosen.unwrap_or_else(|| {
            let folder = crate::programs::repository().join("target").join("e2e").join(name);
            // Pictures of an earlier run would be taken for this one's.
            drop(std::fs::remove_dir_all(&folder));
            folder
        });
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        Self { folder, count: Arc::default() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file beside the pictures for what a program says; it goes on where it stands already.
    pub fn transcript(&self, of: &str) -> std::fs::File {
        let path = self.folder.join(format!("{of}.txt"));
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        file.expect("a file for what a program says")
    }

    /// Keeps a picture under the next number.
    pub fn keep(&self, name: &str, png: &[u8]) {
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let path = self.folder.join(format!("{number:02}-{name}.png"));
        std::fs::write(path, png).expect("the picture is written");
    }
}

/// Puts a picture into the user's guide where `FIELDCHART_GUIDE` is set; fails where the guide has
/// none of that name, or shows none.
pub fn for_guide(name: &str, png: &[u8]) {
    let docs = crate::programs::repository().join("docs");
    let path = docs.join("pictures").join(format!("{name}.png"));
    if std::env::var_os("FIELDCHART_GUIDE").is_some() {
        std::fs::write(&path, png).expect("the guide's picture is written");
    }
    assert!(path.is_file(), "{} is not there: run with FIELDCHART_GUIDE=1", path.display());
    let guide = std::fs::read_to_string(docs.join("USER-GUIDE.md")).expect("the guide");
    assert!(guide.contains(&format!("(pictures/{name}.png)")), "the guide shows no {name}.png");
}

/// The share of a PNG's pixels, from 0 to 1, that differ from its commonest colour.
///
/// A window that painted nothing has none; one with some text has a few hundredths.
pub fn painted_share(png: &[u8]) -> f64 {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a PNG of sensible size")];
    let frame = reader.next_frame(&mut bytes).expect("a PNG with an image");
    let pixels: Vec<&[u8]> = bytes.chunks_exact(frame.color_type.samples()).collect();
    let mut colours: BTreeMap<&[u8], u32> = BTreeMap::new();
    // A run of one colour is looked up once: most of a window is one.
    for run in pixels.chunk_by(PartialEq::eq) {
        let [colour, ..] = run else { continue };
        *colours.entry(colour).or_default() += u32::try_from(run.len()).expect("a small picture");
    }
    let all: u32 = colours.values().sum();
    let commonest = colours.values().max().copied().unwrap_or_default();
    f64::from(all - commonest) / f64::from(all.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(dark: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 10, 10);
        encoder.set_color(png::ColorType::Rgb);
        let pixels: Vec<u8> =
            (0..100).flat_map(|pixel| [if pixel < dark { 0 } else { 255 }; 3]).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        bytes
    }

    #[test]
    fn a_blank_picture_has_nothing_painted() {
        for (dark, share) in [(0, 0.0), (1, 0.01), (40, 0.4), (100, 0.0)] {
            let found = painted_share(&picture(dark));
            assert!((found - share).abs() < 1e-9, "{dark}: {found}");
        }
    }
}
