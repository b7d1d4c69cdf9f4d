//! The kit, piece by piece: a page for each component in the states it can be in. It is in builds for
//! development alone, at `#gallery`, and speaks English alone.

mod specimens;

use crate::components::page_head;
use crate::host::page;
use crate::markup::prelude::*;
use leptos::ev;
use specimens::{Specimen, all};

/// All of them below each other.
const ALL: &str = "all";

/// What the address begins with, behind its `#`.
const PLACE: &str = "gallery";

/// The gallery, where the address asks for it.
pub(crate) fn asked() -> Option<AnyView> {
    page::part().starts_with(PLACE).then(gallery)
}

fn gallery() -> AnyView {
    let part = RwSignal::new(page::part());
    let heed = window_event_listener(ev::hashchange, move |_| part.set(page::part()));
    on_cleanup(move || heed.remove());
    let links = all().map(|it| link(it.name)).chain([link(ALL)]).collect_view();
    view! {
        <main id="main" class="page gallery" data-testid="gallery">
            {page_head("Components", "Each in the states it can be in.", None)}
            <nav aria-label="Components"><ul class="gallery-list">{links}</ul></nav>
            {move || part.with(|part| chosen(part)).into_iter().map(shown).collect_view()}
        </main>
    }
    .into_any()
}

fn link(name: &'static str) -> AnyView {
    view! { <li><a href=format!("#{PLACE}/{name}")>{name}</a></li> }.into_any()
}

/// The components that a part of the address names.
fn chosen(part: &str) -> Vec<&'static Specimen> {
    let name = part.strip_prefix(PLACE).and_then(|rest| rest.strip_prefix('/'));
    all().filter(|it| name == Some(ALL) || name == Some(it.name)).collect()
}

fn shown(specimen: &Specimen) -> AnyView {
    let heading = format!("specimen-{}", specimen.name);
    let id = heading.clone();
    let states = (specimen.states)().into_iter().map(|(state, drawn)| {
        view! { <section class="card"><h3>{state}</h3> {drawn}</section> }
    });
    view! {
        <section aria-labelledby=heading data-testid="specimen">
            <h2 id=id>{specimen.name}</h2>
            <p class="hint">{format!("components/{}.rs", specimen.file)}</p>
            {states.collect_view()}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, path::Path};

    #[test]
    fn the_address_names_the_component() {
        let check = |part: &str, want: &[&str]| {
            let names: Vec<&str> = chosen(part).iter().map(|it| it.name).collect();
            assert_eq!(names, want, "{part}");
        };
        check("gallery/button", &["button"]);
        check("gallery", &[]);
        check("gallery/none-such", &[]);
        check("button", &[]);
        assert_eq!(chosen("gallery/all").len(), all().count());
    }

    /// A component of the kit without a page is found here, not by whoever looks for it.
    #[test]
    fn every_component_has_a_page() {
        let kit = include_str!("../components/mod.rs");
        let files: BTreeSet<&str> =
            kit.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect();
        let shown: BTreeSet<&str> = all().map(|it| it.file).collect();
        assert_eq!(shown, files);
        let names: BTreeSet<&str> = all().map(|it| it.name).collect();
        assert_eq!(names.len(), all().count(), "each has a name of its own");
    }

    /// What the kit has, and a page could write by itself without a look at how it must be heard.
    const OF_THE_KIT: [&str; 11] = [
        "<dialog",
        "<details",
        "<summary",
        "<progress",
        "<table",
        "<fieldset",
        "role=\"dialog\"",
        "role=\"region\"",
        "aria-pressed",
        "aria-live",
        "class=\"facts\"",
    ];

    #[test]
    fn no_page_writes_what_the_kit_has() {
        fn walk(folder: &Path, seen: &mut usize) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.ends_with("components") && !path.ends_with("gallery") {
                    walk(&path, seen);
                } else if path.is_file() {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let own = OF_THE_KIT.into_iter().find(|piece| text.contains(piece));
                    assert_eq!(own, None, "{}", path.display());
                    *seen += 1;
                }
            }
        }
        let mut seen = 0;
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut seen);
        assert!(seen > 100);
    }
}
