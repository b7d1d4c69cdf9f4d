//! What was printed for the patient on this computer, with the ways to see it and to print it again.

mod model;

use super::{ChartPart, lines};
use crate::backend::{Remote, remote};
use crate::components::{Press, button, card, empty, past, quiet_button, unbroken};
use crate::forms::{failure_notice, print_again, shown};
use crate::frame::{Frame, Sheet, Subject};
use crate::host::clock;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use api::{ListSheets, SheetItem, Topic};
use clinical::PatientId;
use model::{Document, documents as read};

/// So many are listed; older ones are on paper and in the clinic's store.
const LISTED: u32 = 100;
/// So many stand unfolded.
const NEWEST: usize = 3;

/// The section of a chart.
pub(crate) fn documents(part: ChartPart) -> AnyView {
    let print = button(Press::Plain, t("documents.print"), move || {
        part.open(|subject| Sheet::Print(subject, None));
    });
    let (listed, unfolded) = (listed(part.patient), RwSignal::new(false));
    let is_nobodys = part.is_nobodys();
    let body = shown(listed, move |items| {
        if items.is_empty() {
            return empty(t("documents.empty"));
        }
        // Whose it is may come later than what is in it.
        is_nobodys.track();
        let Some(subject) = part.subject() else { return empty(t("chart.nobodys")) };
        part.frame.minute.track();
        list(part.frame, unfolded, &subject, &items)
    });
    card("documents", t("documents.title"), print, body)
}

/// What was printed before, below the form that prints; nothing where nothing was.
pub(crate) fn printed_before(frame: Frame, subject: Subject) -> AnyView {
    let (listed, unfolded) = (listed(subject.patient), RwSignal::new(false));
    let body = shown(listed, move |items| {
        if items.is_empty() {
            return ().into_any();
        }
        let list = list(frame, unfolded, &subject, &items);
        view! { <h3>{t("documents.before")}</h3> {list} }.into_any()
    });
    view! { <div data-testid="printed-before">{body}</div> }.into_any()
}

fn listed(patient: PatientId) -> Remote<Vec<SheetItem>> {
    remote(
        move || Some(ListSheets { patient: Some(patient), limit: LISTED }),
        move |topic| topic == Topic::Sheets(patient),
    )
}

fn list(frame: Frame, unfolded: RwSignal<bool>, subject: &Subject, items: &[SheetItem]) -> AnyView {
    let failure = RwSignal::new(None);
    let mut newest = read(items, clock::today(), clock::local);
    let earlier = newest.split_off(newest.len().min(NEWEST));
    let label = tn("documents.earlier", u64::try_from(earlier.len()).unwrap_or_default());
    let newest = newest.into_iter().map(|one| line(frame, subject, failure, one)).collect_view();
    let whom = subject.clone();
    view! {
        {move || failure.get().map(|error| failure_notice(&error, None))}
        <ul class="lines">{newest}</ul>
        {past(unfolded, label, earlier, move |one| line(frame, &whom, failure, one.clone()))}
    }
    .into_any()
}

fn line(
    frame: Frame,
    subject: &Subject,
    failure: RwSignal<Option<api::ApiError>>,
    document: Document,
) -> AnyView {
    let Document { serial, kind, printed, again, name } = document;
    let (whom, number) = (subject.clone(), serial.clone());
    let whole = tf("documents.open-of", &[("what", &name)]);
    let open = quiet_button(t("documents.open"), whole, move || {
        frame.open(Sheet::Document(whom.clone(), number.clone()));
    });
    let whole = tf("paper.again-of", &[("what", &name)]);
    let (whom, number) = (subject.clone(), serial.clone());
    let copy = quiet_button(t("paper.again"), whole, move || {
        print_again(frame, &whom, &number, failure);
    });
    let again = again.map(|again| view! { <p class="written">{unbroken(&again)}</p> });
    view! {
        <li class="line document">
            {lines::text(kind, &[serial])}
            <div class="document-of"><p class="written">{unbroken(&printed)}</p> {again}</div>
            <div class="line-actions">{open} {copy}</div>
        </li>
    }
    .into_any()
}
