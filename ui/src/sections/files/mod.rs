//! The documents of a chart: letters, photos and scans, with where each of them is.

mod model;

use super::{ChartPart, lines};
use crate::backend::{call, remote, touch};
use crate::components::{
    Press, Tone, button, card, check_input, chip, empty, notice, past, quiet_button,
};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::words;
use api::{DocumentsView, KeepDocuments, ListDocuments, Topic};
use clinical::PatientId;
use leptos::task::spawn_local;
use model::{File, Place, files as read};

/// So many stand unfolded.
const NEWEST: usize = 4;

/// The section.
pub(crate) fn files(part: ChartPart) -> AnyView {
    let patient = part.patient;
    let places = remote(
        move || Some(ListDocuments { patient }),
        move |topic| [Topic::Chart(patient), Topic::Sync].contains(&topic),
    );
    let model = Memo::new(move |_| places.ready());
    let files = part.model(read);
    let add = button(Press::Plain, t("files.add"), move || part.open(Sheet::AddFile));
    let unfolded = RwSignal::new(false);
    let body = move || {
        let files = files.get()?;
        Some(draw(part, unfolded, files, model.get().as_ref()))
    };
    card("files", t("files.title"), add, body.into_any())
}

fn draw(
    part: ChartPart,
    unfolded: RwSignal<bool>,
    files: Vec<File>,
    places: Option<&DocumentsView>,
) -> AnyView {
    let nothing = files.is_empty();
    let files: Vec<(File, Place)> =
        files.into_iter().map(|file| (file.clone(), file.place(places))).collect();
    let has_server = places.is_some_and(|places| places.has_server);
    let stays = has_server && files.iter().any(|(_, place)| *place == Place::HereAlone);
    let waits = places.and_then(|places| places.waits).map(|code| words::error(code).what);
    let mut newest = files;
    let earlier = newest.split_off(newest.len().min(NEWEST));
    let label = tn("documents.earlier", u64::try_from(earlier.len()).unwrap_or_default());
    view! {
        {waits.map(|why| notice(Tone::Warning, t("files.waits"), why, None))}
        {nothing.then(|| empty(t("files.empty")))}
        <ul class="lines">
            {newest.into_iter().map(|(file, place)| line(part, file, place)).collect_view()}
        </ul>
        {past(unfolded, label, earlier, move |(file, place)| line(part, file.clone(), *place))}
        {stays.then(|| view! { <p class="hint">{t("files.stays")}</p> })}
        {places.map(|places| keeping(part.patient, places))}
    }
    .into_any()
}

fn line(part: ChartPart, file: File, place: Place) -> AnyView {
    let whole = tf("files.open-of", &[("what", &file.line.label)]);
    let document = file.document;
    let open = quiet_button(t("files.open"), whole, move || {
        let document = document.clone();
        part.open(|subject| Sheet::File(subject, Box::new(document)));
    });
    let flag = match place {
        Place::Unknown => None,
        Place::HereAlone => Some(chip(Tone::Info, t("files.here-alone"))),
        Place::OnServer => Some(chip(Tone::Ok, t("files.on-server"))),
        Place::NotHere => Some(chip(Tone::Plain, t("files.not-here"))),
    };
    lines::flagged(part, flag, file.line, open)
}

/// The choice to have them here without asking for each.
fn keeping(patient: PatientId, places: &DocumentsView) -> AnyView {
    let keep = |patient: Option<PatientId>| move |on| set(patient, on);
    let one = (!places.keep_all).then(|| {
        check_input("files-keep".into(), t("files.keep"), places.keep, keep(Some(patient)))
    });
    let all =
        check_input("files-keep-all".into(), t("files.keep-all"), places.keep_all, keep(None));
    view! { {one} {all} }.into_any()
}

/// What is refused is asked again as it stands.
fn set(patient: Option<PatientId>, on: bool) {
    spawn_local(async move {
        drop(call(&KeepDocuments { patient, on }).await);
        touch(&[Topic::Sync]);
    });
}
