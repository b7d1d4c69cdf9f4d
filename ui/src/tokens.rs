//! The style sheets are held to their rules: contrast of every pair of colours, colours in one
//! file, no physical sides.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    fn styles() -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/styles");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
    }

    fn tokens() -> BTreeMap<String, (String, String)> {
        let all = styles();
        let (_, css) = all.iter().find(|(name, _)| name == "tokens.css").unwrap();
        let pair = |line: &str| {
            let (name, rest) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = rest.strip_suffix(");")?.split_once(", ")?;
            Some((name.to_owned(), (light.to_owned(), dark.to_owned())))
        };
        css.lines().filter_map(pair).collect()
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value =
                f64::from(u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_pair_of_colours_can_be_read() {
        let tokens = tokens();
        let check = |ink: &str, paper: &str, least: f64| {
            let (ink_pair, paper_pair) = (&tokens[ink], &tokens[paper]);
            let light = contrast(&ink_pair.0, &paper_pair.0);
            let dark = contrast(&ink_pair.1, &paper_pair.1);
            assert!(light >= least && dark >= least, "{ink} on {paper}: {light:.2}, {dark:.2}");
        };
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
        for paper in ["background", "surface", "sunken"] {
            check("text", paper, 4.5);
            check("text-soft", paper, 4.5);
            check("edge-control", paper, 3.0);
            for ink in ["primary", "critical", "warning", "ok", "info", "conflict"] {
                check(ink, paper, 4.5);
            }
        }
        for ink in ["primary", "critical", "warning", "ok", "info", "conflict"] {
            check(ink, &format!("{ink}-tint"), 4.5);
            check("text", &format!("{ink}-tint"), 4.5);
            check("text-soft", &format!("{ink}-tint"), 4.5);
        }
        check("on-primary", "primary", 4.5);
        check("background", "text", 4.5);
    }

    #[test]
    fn colours_stand_in_one_file_and_sides_are_logical() {
        const PHYSICAL: [&str; 8] = [
            "margin-left",
            "margin-right",
            "padding-left",
            "padding-right",
            "border-left",
            "border-right",
            "text-align: left",
            "text-align: right",
        ];
        for (name, css) in styles() {
            for line in css.lines() {
                let is_colour = |part: &str| {
                    let hex = part.chars().take_while(char::is_ascii_hexdigit).count();
                    matches!(hex, 3 | 4 | 6 | 8)
                        && !part.chars().skip(hex).collect::<String>().starts_with('-')
                };
                let coloured = line.split('#').skip(1).any(is_colour);
                assert!(!coloured || name == "tokens.css", "{name}: {line}");
                assert!(!PHYSICAL.iter().any(|side| line.contains(side)), "{name}: {line}");
                let first = line.trim_start();
                let sided = ["left:", "right:", "top:", "bottom:", "width:", "height:"];
                assert!(!sided.iter().any(|side| first.starts_with(side)), "{name}: {line}");
            }
        }
    }

    #[test]
    fn no_view_carries_style_or_markup_of_its_own() {
        fn walk(folder: &Path, seen: &mut usize) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, seen);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                *seen += 1;
                for forbidden in [concat!("inner", "_html"), concat!(" style", "=\"")] {
                    assert!(!text.contains(forbidden), "{}: {forbidden}", path.display());
                }
            }
        }
        let mut seen = 0;
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut seen);
        assert!(seen > 50);
    }
}
