//! What no compiler checks: that the tree stays in order.
//!
//! Each check is a function from text to faults, tried here on a fault of its own before it is
//! turned on the tree; so a check whose subject is not there yet still fails when it comes.
#![allow(
    clippy::string_slice,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The largest file that may be kept, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Lines of `docs/ARCHITECTURE.md`.
const ARCHITECTURE_LINES_MAX: usize = 300;
/// Lines of a decision record: one printed page.
const DECISION_LINES_MAX: usize = 80;

// --- the tree -----------------------------------------------------------------------------

/// One text file, by its path from the root with `/`.
struct File {
    path: String,
    text: String,
}

impl File {
    fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// Whether it is built only for tests, whatever it says itself.
    fn is_test(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        let folders = parts.split_last().map_or(&[][..], |(_, folders)| folders);
        folders.contains(&"tests")
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 5] = [".git", "target", "node_modules", "dist", "gen"];

/// Every path under the root.
fn paths() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().filter_map(Result::ok) {
            let kind = entry.file_type().unwrap();
            let skipped = SKIPPED.iter().any(|name| entry.file_name() == **name);
            if kind.is_dir() && !skipped {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

/// Every text file under the root.
fn files() -> Vec<File> {
    let texts = paths().into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        Some(File { path: name(&path), text })
    });
    let files: Vec<File> = texts.collect();
    assert!(files.len() > 100, "only {} files were found", files.len());
    files
}

fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

/// Checks each file that a test is about, and tells every fault at once.
fn check_all(files: &[File], about: impl Fn(&File) -> bool, check: impl Fn(&File) -> Vec<String>) {
    let faults: Vec<String> = files
        .iter()
        .filter(|file| about(file))
        .flat_map(|file| check(file).into_iter().map(|fault| format!("{}: {fault}", file.path)))
        .collect();
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

/// The lines that are built into the product, with their numbers: without test modules and what
/// is only for tests.
fn production(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    // The depth of the item that is for tests alone, while it lasts.
    let mut skipping: Option<usize> = None;
    for (at, line) in text.lines().enumerate() {
        let depth = line.len() - line.trim_start().len();
        match skipping {
            None if is_for_tests(line) => skipping = Some(depth),
            None => lines.push((at + 1, line)),
            Some(of_item) => {
                let code = line.trim();
                let attribute = code.starts_with("#[") || code.is_empty();
                let ends = code.ends_with(['}', ';', ',']) || code.ends_with("})");
                if depth == of_item && ends && !attribute {
                    skipping = None;
                }
            }
        }
    }
    lines
}

fn is_for_tests(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("#[cfg(") && line.contains("test") && !line.contains("not(test")
}

/// Modules that another file declares for tests alone, as the start of their paths.
fn test_modules(files: &[File]) -> Vec<String> {
    let mut modules = Vec::new();
    for file in files.iter().filter(|file| file.has_extension("rs")) {
        let lines: Vec<&str> = file.text.lines().collect();
        for pair in lines.windows(2) {
            let [attribute, item] = pair else { continue };
            let item = item.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            if let (true, Some(module)) = (is_for_tests(attribute), item.strip_prefix("mod ")) {
                let Some(module) = module.strip_suffix(';') else { continue };
                modules.push(format!("{}{module}", home(&file.path)));
            }
        }
    }
    modules
}

/// The folder the modules of a file are in.
fn home(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file {
        "lib.rs" | "main.rs" | "mod.rs" => format!("{folder}/"),
        other => format!("{folder}/{}/", other.trim_end_matches(".rs")),
    }
}

fn is_in_module(path: &str, modules: &[String]) -> bool {
    modules.iter().any(|module| {
        path.strip_prefix(module.as_str())
            .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    })
}

/// Words of a text, for finding a name whole.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').collect()
}

// --- Rust ---------------------------------------------------------------------------------

/// Text put together here, so that this file does not hold what it looks for.
fn banned(parts: &[&str]) -> String {
    parts.concat()
}

fn module_doc(file: &File) -> Vec<String> {
    let first = file.text.lines().find(|line| !line.is_empty() && !line.starts_with("#!"));
    match first {
        Some(line) if line.starts_with("//! ") => Vec::new(),
        _ => vec!["begins without `//!`".to_owned()],
    }
}

#[test]
fn every_module_says_what_it_is() {
    assert_eq!(module_doc(&file("a.rs", "#![no_std]\n\n//! A module.\n")), Vec::<String>::new());
    assert_eq!(module_doc(&file("a.rs", "use x;\n")).len(), 1);
    assert_eq!(module_doc(&file("a.rs", "")).len(), 1);
    check_all(&files(), |file| file.has_extension("rs"), module_doc);
}

fn unfinished(file: &File) -> Vec<String> {
    let marks = [
        banned(&["to", "do!("]),
        banned(&["unimple", "mented!("]),
        banned(&["FIX", "ME"]),
        banned(&["#[ign", "ore"]),
        banned(&["(skel", "eton)"]),
    ];
    let found = marks.iter().filter(|mark| file.text.contains(mark.as_str()));
    found.map(|mark| format!("holds `{mark}`")).collect()
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    let bad = banned(&["#[ign", "ore]\nfn f() { to", "do!() }"]);
    assert_eq!(unfinished(&file("a.rs", &bad)).len(), 2);
    check_all(&files(), |file| file.has_extension("rs"), unfinished);
}

/// The tests that no program names: a file beside a `main.rs` or a `mod.rs` that does not declare it
/// is compiled by nobody.
fn unnamed_tests(files: &[File]) -> Vec<String> {
    let roots: BTreeMap<&str, &str> = files
        .iter()
        .filter_map(|file| {
            let folder =
                file.path.strip_suffix("/main.rs").or(file.path.strip_suffix("/mod.rs"))?;
            file.is_test().then_some((folder, file.text.as_str()))
        })
        .collect();
    let is_unnamed = |file: &&File| {
        let Some((folder, name)) = file.path.rsplit_once('/') else { return false };
        let Some(name) = name.strip_suffix(".rs") else { return false };
        let declared = format!("mod {name};");
        let is_silent =
            |root: &&str| !root.lines().any(|line| line.trim_end().ends_with(&declared));
        !matches!(name, "main" | "mod") && roots.get(folder).is_some_and(is_silent)
    };
    files.iter().filter(is_unnamed).map(|file| file.path.clone()).collect()
}

#[test]
fn every_test_is_in_a_program() {
    let tree = [
        file("x/tests/main.rs", "mod told;\npub mod shared;\n"),
        file("x/tests/told.rs", ""),
        file("x/tests/shared.rs", ""),
        file("x/tests/lost.rs", ""),
        file("y/tests/alone.rs", ""),
    ];
    assert_eq!(unnamed_tests(&tree), ["x/tests/lost.rs"]);
    assert_eq!(unnamed_tests(&files()), [""; 0]);
}

fn unwraps(file: &File) -> Vec<String> {
    let call = banned(&[".unw", "rap()"]);
    let lines = production(&file.text).into_iter();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.filter(|(_, line)| line.contains(&call))
        .map(|(at, _)| format!("line {at} unwraps"))
        .collect()
}

#[test]
fn production_code_does_not_unwrap() {
    let check = |text: &str, want: &[&str]| {
        assert_eq!(unwraps(&file("a.rs", &text.replace("UN", ".unwrap()"))), want, "{text}");
    };
    check("fn f() {\n    xUN;\n}", &["line 2 unwraps"]);
    check("/// `xUN` panics.\nfn f() {}", &[]);
    check("#[cfg(test)]\nmod tests {\n    fn f() {\n        xUN;\n    }\n}", &[]);
    check("#[cfg(test)]\nmod fixtures;\nfn f() { xUN }", &["line 3 unwraps"]);
    check(
        "#[cfg(any(test, feature = \"test-suite\"))]\nimpl X {\n    fn f() {}\n}\nxUN",
        &["line 5 unwraps"],
    );
    let files = files();
    let modules = test_modules(&files);
    assert!(modules.contains(&"crates/care/src/fixtures".to_owned()), "{modules:?}");
    let about = |file: &File| {
        file.has_extension("rs") && !file.is_test() && !is_in_module(&file.path, &modules)
    };
    check_all(&files, about, unwraps);
}

fn vague_names(file: &File) -> Vec<String> {
    const VAGUE: [&str; 7] = ["Manager", "Service", "Helper", "Util", "Utils", "Processor", "Info"];
    let mut faults = Vec::new();
    for line in file.text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        for pair in words.windows(2) {
            let [keyword, name] = pair else { continue };
            let declares = ["struct", "enum", "trait"].contains(keyword);
            if declares && VAGUE.iter().any(|vague| name.ends_with(vague)) {
                faults.push(format!("`{name}` says nothing of what it is"));
            }
        }
    }
    faults
}

#[test]
fn names_say_what_a_thing_is() {
    assert_eq!(vague_names(&file("a.rs", &banned(&["pub str", "uct ChartManager;"]))).len(), 1);
    assert_eq!(vague_names(&file("a.rs", &banned(&["// a str", "uct Helper"]))).len(), 0);
    check_all(&files(), |file| file.has_extension("rs"), vague_names);
}

#[test]
fn the_window_takes_no_html_as_text() {
    let raw = banned(&["inner_", "html"]);
    let check = |file: &File| match file.text.contains(&raw) {
        true => vec![format!("uses {raw}")],
        false => Vec::new(),
    };
    assert_eq!(check(&file("ui/src/a.rs", &format!("<p {raw}=x>"))).len(), 1);
    check_all(&files(), |file| file.path.starts_with("ui/src/"), check);
}

/// Attributes that are read out.
const READ_OUT: [&str; 5] = ["aria-label", "aria-description", "title", "placeholder", "alt"];

/// The product, and what is printed on a key.
const SAID_ALIKE: [&str; 2] = ["Fieldchart", "Esc"];

/// What a person would read and stands in a `view!` itself, in one language for all: a text between
/// elements, or one of an attribute that is read out.
fn words_in_views(file: &File) -> Vec<String> {
    file.text.split("view! {").skip(1).flat_map(words_in_view).collect()
}

fn words_in_view(view: &str) -> Vec<String> {
    let (mut words, mut depth, mut from) = (Vec::new(), 0_u32, 0);
    while let Some(at) = view[from..].find(['{', '}', '(', ')', '"']).map(|at| from + at) {
        from = at + 1;
        match &view[at..=at] {
            "{" | "(" => depth += 1,
            "}" if depth == 0 => break,
            "}" | ")" => depth = depth.saturating_sub(1),
            _ => {
                let length = view[from..].find('"').unwrap_or(view.len() - from);
                let literal = &view[from..from + length];
                from = (from + length + 1).min(view.len());
                let before = view[..at].trim_end();
                let named = before.strip_suffix('=').map(|tag| {
                    tag.rsplit(|c: char| !c.is_alphanumeric() && c != '-')
                        .next()
                        .unwrap_or_default()
                });
                let is_read = named.is_none_or(|name| READ_OUT.contains(&name));
                let is_name = literal.starts_with("Ctrl+") || SAID_ALIKE.contains(&literal);
                let is_said = literal.chars().any(char::is_alphabetic) && !is_name;
                if depth == 0 && is_read && is_said {
                    words.push(literal.to_owned());
                }
            }
        }
    }
    words
}

#[test]
fn the_window_has_no_words_outside_the_texts() {
    let check = |view: &str, want: &[&str]| {
        let view = format!("fn x() {{ view! {{ {view} }} }}\nconst Y: &str = \"no view\";");
        assert_eq!(words_in_views(&file("ui/src/a.rs", &view)), want, "{view}");
    };
    check("<p class=\"x\" id=\"y\">{t(\"a.b\")} \" · \" {fill(\"{n}\", 1)}</p>", &[]);
    check("<p aria-label=t(\"a.b\")><kbd>\"Ctrl+K\"</kbd></p>", &[]);
    check("<p class=\"x\">\"Hello\"</p>", &["Hello"]);
    check("<p>{a} \"of \" {b}</p>", &["of "]);
    check("<button aria-label=\"Close\" type=\"button\">{icon(X)}</button>", &["Close"]);
    check("{list.map(|it| view! { <li>\"one\"</li> })}", &["one"]);
    // The gallery is for whoever develops, and speaks English alone.
    let is_told =
        |file: &File| file.path.starts_with("ui/src/") && !file.path.starts_with("ui/src/gallery/");
    check_all(&files(), is_told, words_in_views);
}

/// The commands a file of `crates/api` declares, by type and by name:
/// `    RecordAllergy "record-allergy" -> Recorded {`.
fn commands(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter(|line| line.contains("\" -> "));
    let named = lines.filter_map(|line| {
        let mut parts = line.trim().splitn(3, '"');
        let (kind, name) = (parts.next()?.trim(), parts.next()?);
        let plain = kind.chars().all(char::is_alphanumeric) && !kind.is_empty();
        plain.then(|| (kind.to_owned(), name.to_owned()))
    });
    named.collect()
}

#[test]
fn every_command_is_named_in_a_test() {
    let declared = "    /// Opens.\n    SignIn \"sign-in\" -> SessionView {\n        /// X.\n";
    assert_eq!(commands(declared), [("SignIn".to_owned(), "sign-in".to_owned())]);
    let files = files();
    let declared: Vec<(String, String)> = files
        .iter()
        .filter(|file| file.path.starts_with("crates/api/src/commands/"))
        .flat_map(|file| commands(&file.text))
        .collect();
    assert!(declared.len() >= 10, "only {} commands were found", declared.len());
    let modules = test_modules(&files);
    let mut tested = BTreeSet::new();
    for file in files.iter().filter(|file| file.has_extension("rs")) {
        if file.path.starts_with("tests/") || file.is_test() || is_in_module(&file.path, &modules) {
            tested.extend(words(&file.text));
        } else if !file.path.starts_with("crates/api/") {
            let built: BTreeSet<usize> =
                production(&file.text).into_iter().map(|(at, _)| at).collect();
            let rest = file.text.lines().enumerate().filter(|(at, _)| !built.contains(&(at + 1)));
            tested.extend(rest.flat_map(|(_, line)| words(line)));
        }
    }
    let untested: Vec<&String> = declared
        .iter()
        .filter(|(kind, name)| !tested.contains(kind.as_str()) && !tested.contains(name.as_str()))
        .map(|(kind, _)| kind)
        .collect();
    assert!(untested.is_empty(), "no test names {untested:?}");
}

// --- styles -------------------------------------------------------------------------------

/// The text without `/* … */`, the lines kept.
fn without_comments(css: &str) -> String {
    let mut plain = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        let (comment, after) = after.split_once("*/").unwrap_or((after, ""));
        plain.extend(comment.chars().filter(|letter| *letter == '\n'));
        rest = after;
    }
    plain + rest
}

fn physical_sides(file: &File) -> Vec<String> {
    let plain = without_comments(&file.text);
    let lines = plain.lines().enumerate();
    let sided = lines.filter(|(_, line)| {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '-');
        words.any(|word| word.split('-').any(|part| part == "left" || part == "right"))
    });
    sided.map(|(at, line)| format!("line {}: {}", at + 1, line.trim())).collect()
}

#[test]
fn styles_know_no_left_and_right() {
    let check = |css: &str, want: usize| {
        assert_eq!(physical_sides(&file("a.css", css)).len(), want, "{css}");
    };
    check("p { margin-inline-start: 0; inset-inline: 0 }", 0);
    check("p { margin-left: 0 }\nq { text-align: right }", 2);
    check("/* left */ .bright { color: red }", 0);
    check(".x { border-left-width: 0 }", 1);
    check_all(&files(), |file| file.has_extension("css"), physical_sides);
}

fn hex_colours(file: &File) -> Vec<String> {
    let plain = without_comments(&file.text);
    let mut faults = Vec::new();
    for (at, line) in plain.lines().enumerate() {
        let values = line.split(':').skip(1).flat_map(|value| value.split('#').skip(1));
        for value in values {
            let digits = value.chars().take_while(char::is_ascii_hexdigit).count();
            let ends = value.chars().nth(digits).is_none_or(|c| !c.is_alphanumeric() && c != '-');
            if ends && matches!(digits, 3 | 4 | 6 | 8) {
                faults.push(format!("line {}: {}", at + 1, line.trim()));
            }
        }
    }
    faults
}

#[test]
fn colours_stand_in_the_tokens_alone() {
    let check = |css: &str, want: usize| {
        assert_eq!(hex_colours(&file("a.css", css)).len(), want, "{css}");
    };
    check("p { color: #a8121f }", 1);
    check("p { color: #fff; background: #ABC4; }", 2);
    check("#face { color: var(--text) }", 0);
    check("p { fill: url(#gradient) }", 0);
    let about = |file: &File| file.has_extension("css") && file.path != "assets/styles/tokens.css";
    check_all(&files(), about, hex_colours);
}

/// Relative luminance of `#rrggbb` (WCAG 2.2).
fn luminance(hex: &str) -> Option<f64> {
    let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let channel = |at: usize| {
        let byte = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
        let part = f64::from(byte) / 255.0;
        Some(if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

fn contrast(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (luminance(one)?, luminance(other)?);
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

type Theme = BTreeMap<String, String>;

/// The colours of the light and the dark theme by token: `--text: light-dark(#16202a, #e8edf1)`,
/// or one colour for both.
fn themes(css: &str) -> [Theme; 2] {
    let plain = without_comments(css);
    let mut themes = [Theme::new(), Theme::new()];
    for declared in plain.split(['{', '}', ';']) {
        let Some((name, value)) = declared.split_once(':') else { continue };
        let colours = value.split(['(', ',', ')']).map(str::trim);
        let colours: Vec<&str> = colours.filter(|part| part.starts_with('#')).collect();
        let both = match colours.as_slice() {
            [one] => [*one, *one],
            [light, dark] => [*light, *dark],
            _ => continue,
        };
        for (theme, colour) in themes.iter_mut().zip(both) {
            // The first stands: what follows are answers to special wishes.
            theme.entry(name.trim().to_owned()).or_insert_with(|| colour.to_lowercase());
        }
    }
    themes
}

/// Everything in a theme that is hard to read: text on grounds 4.5, edges of controls 3.0.
fn hard_to_read(theme: &Theme) -> Vec<String> {
    const GROUNDS: [&str; 2] = ["--background", "--surface"];
    let mut pairs: Vec<(String, String, f64)> = Vec::new();
    for text in ["--text", "--text-soft"] {
        for ground in GROUNDS.into_iter().chain(["--sunken"]) {
            pairs.push((text.into(), ground.into(), 4.5));
        }
    }
    for role in ["--primary", "--critical", "--warning", "--ok", "--info", "--conflict"] {
        let tint = format!("{role}-tint");
        pairs.push(("--text".into(), tint.clone(), 4.5));
        for ground in GROUNDS.into_iter().map(str::to_owned).chain([tint]) {
            pairs.push((role.into(), ground, 4.5));
        }
    }
    pairs.push(("--on-primary".into(), "--primary".into(), 4.5));
    for ground in GROUNDS {
        pairs.push(("--edge-control".into(), ground.into(), 3.0));
    }
    let mut faults = Vec::new();
    for (text, ground, least) in pairs {
        let colours = theme.get(&text).zip(theme.get(&ground));
        match colours.and_then(|(text, ground)| contrast(text, ground)) {
            Some(ratio) if ratio >= least => {}
            Some(ratio) => faults.push(format!("{text} on {ground} is {ratio:.2} and not {least}")),
            None => faults.push(format!("{text} or {ground} is missing or not #rrggbb")),
        }
    }
    faults
}

#[test]
fn colours_can_be_read() {
    // The worked pair of WCAG 2.2's own technique G18: grey on white is 4.54.
    assert!((contrast("#767676", "#ffffff").unwrap() - 4.54).abs() < 0.01);
    let bad = ":root { --background: light-dark(#ffffff, #000000); --text: #cccccc }";
    let [light, dark] = themes(bad).map(|theme| hard_to_read(&theme));
    assert!(light[0].starts_with("--text on --background is 1.6"), "{light:?}");
    assert!(!dark[0].starts_with("--text on --background"), "{dark:?}");
    assert!(light.iter().any(|fault| fault.starts_with("--conflict or --conflict-tint is")));
    let css = fs::read_to_string(root().join("assets/styles/tokens.css")).unwrap();
    let faults = themes(&css).map(|theme| hard_to_read(&theme)).concat();
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

// --- papers -------------------------------------------------------------------------------

fn foreign_paths(file: &File) -> Vec<String> {
    let marks = [
        banned(&["/wo", "rk/"]),
        banned(&["/ro", "ot/"]),
        banned(&["/tmp", "/w/"]),
        banned(&["arti", "factory"]),
        banned(&["sub", "agent"]),
        banned(&["sub-", "agent"]),
        banned(&["Clau", "de"]),
        banned(&["Anth", "ropic"]),
        banned(&["the", " lead's"]),
    ];
    let text = file.text.to_lowercase();
    let found = marks.iter().filter(|mark| text.contains(&mark.to_lowercase()));
    found.map(|mark| format!("holds `{mark}`")).collect()
}

#[test]
fn the_tree_speaks_of_the_product_alone() {
    assert_eq!(foreign_paths(&file("a.md", &banned(&["see /wo", "rk/x"]))).len(), 1);
    let about = |file: &File| !file.path.contains("/vendor/");
    check_all(&files(), about, foreign_paths);
}

/// The numbers of files `0001_name` or `0001-name`, in order.
fn numbers(names: &[&str]) -> Vec<u32> {
    let parts = names.iter().filter_map(|name| name.split(['_', '-']).next());
    let mut numbers: Vec<u32> =
        parts.filter(|part| part.len() == 4).filter_map(|part| part.parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

fn are_numbered(names: &[&str]) -> bool {
    numbers(names).into_iter().eq((1..).take(names.len()))
}

#[test]
fn migrations_and_decisions_are_numbered_without_gaps() {
    assert!(are_numbered(&["0002_b.sql", "0001_a.sql"]));
    for bad in [&["0001_a.sql", "0003_c.sql"][..], &["1_a.sql"], &["0001_a.sql", "0001_b.sql"]] {
        assert!(!are_numbered(bad), "{bad:?}");
    }
    let files = files();
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in &files {
        let Some((folder, name)) = file.path.rsplit_once('/') else { continue };
        let migration = folder.ends_with("/migrations") && name.ends_with(".sql");
        if migration || (folder == "docs/decisions" && name != "README.md") {
            folders.entry(folder).or_default().push(name);
        }
    }
    assert!(folders.len() >= 2, "{folders:?}");
    for (folder, names) in folders {
        assert!(are_numbered(&names), "{folder}: {names:?}");
    }
}

#[test]
fn papers_are_short() {
    let check = |file: &File, lines_max: usize| {
        let lines = file.text.lines().count();
        assert!(lines <= lines_max, "{} has {lines} lines of {lines_max}", file.path);
    };
    let files = files();
    let page = |path: &str| files.iter().find(|file| file.path == path);
    check(page("docs/ARCHITECTURE.md").unwrap(), ARCHITECTURE_LINES_MAX);
    for file in files.iter().filter(|file| file.path.starts_with("docs/decisions/")) {
        check(file, DECISION_LINES_MAX);
    }
    for path in ["README.md", "LICENSE", "docs/GLOSSARY.md", "docs/SECURITY.md"] {
        assert!(page(path).is_some(), "{path} is missing");
    }
}

/// The links of a page that lead into the tree.
fn links(page: &str) -> Vec<&str> {
    let after = page.split("](").skip(1);
    let targets = after.filter_map(|rest| rest.split([')', '#', ' ']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':')).collect()
}

#[test]
fn links_between_papers_lead_somewhere() {
    assert_eq!(links("[a](b.md#c) [d](https://e) [f](#g)"), ["b.md"]);
    let about = |file: &File| file.has_extension("md") && !file.path.contains("/vendor/");
    check_all(&files(), about, |file| {
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        let broken = links(&file.text).into_iter().filter(|link| !folder.join(link).exists());
        broken.map(|link| format!("{link} is not there")).collect()
    });
}

#[test]
fn no_file_is_large() {
    let large: Vec<String> = paths()
        .iter()
        .filter(|path| fs::metadata(path).is_ok_and(|file| file.len() > FILE_BYTES_MAX))
        .map(|path| name(path))
        .collect();
    assert!(large.is_empty(), "larger than 1 MiB: {large:?}");
}

fn licence(file: &File) -> Vec<String> {
    let Ok(manifest) = file.text.parse::<toml::Table>() else { return vec!["is no TOML".into()] };
    let Some(package) = manifest.get("package") else { return Vec::new() };
    let inherited = |key: &str| {
        let value = package.get(key);
        value.and_then(|value| value.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
    };
    let alone = manifest.contains_key("workspace");
    let keys = ["license", "publish", "rust-version", "edition"];
    let missing = keys.into_iter().filter(|key| !alone && !inherited(key));
    let mut faults: Vec<String> = missing.map(|key| format!("does not inherit `{key}`")).collect();
    if alone && package.get("license").and_then(toml::Value::as_str) != Some("Apache-2.0") {
        faults.push("has no `license = \"Apache-2.0\"`".to_owned());
    }
    let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
    if !alone && lints.and_then(toml::Value::as_bool) != Some(true) {
        faults.push("does not inherit the lints".to_owned());
    }
    faults
}

#[test]
fn every_package_bears_the_licence_and_the_lints() {
    assert_eq!(licence(&file("Cargo.toml", "[package]\nname = \"x\"")).len(), 5);
    let alone = "[package]\nname = \"x\"\nlicense = \"MIT\"\n[workspace]";
    assert_eq!(licence(&file("Cargo.toml", alone)).len(), 1);
    let files = files();
    let workspace = files.iter().find(|file| file.path == "Cargo.toml").unwrap();
    let manifest: toml::Table = workspace.text.parse().unwrap();
    let package = &manifest["workspace"]["package"];
    assert_eq!(package["license"].as_str(), Some("Apache-2.0"));
    assert_eq!(package["publish"].as_bool(), Some(false));
    assert_eq!(manifest["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    check_all(&files, |file| file.path.ends_with("Cargo.toml"), licence);
}
