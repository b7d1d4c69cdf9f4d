//! What is asked of each kind of sheet.

use super::draft::{PrintDraft, alert, prescribable};
use crate::backend::Remote;
use crate::components::{Choice, Press, button, check_input, choice_input, group};
use crate::forms::{Form, shown};
use crate::i18n::{LANGUAGES, t};
use crate::markup::prelude::*;
use crate::sections::{alert_line, disputed_names, undecided_medicines};
use crate::words;
use api::{ChartView, LetterheadView};
use clinical::{DetectedIssue, EncounterId, EntryKind, MedicationId, SheetKind, SheetPaper};
use std::sync::Arc;

const WITHOUT_VISIT: &[SheetKind] =
    &[SheetKind::Prescription, SheetKind::SickNote, SheetKind::Referral, SheetKind::Label];

/// The fields: what comes first, and what it needs below it.
pub(super) fn fields(
    form: Form<PrintDraft>,
    paper: Remote<LetterheadView>,
    chart: Option<Arc<ChartView>>,
    visit: Option<EncounterId>,
    show: impl Fn() + Clone + Send + Sync + 'static,
) -> AnyView {
    let kinds = if visit.is_some() { SheetKind::ALL } else { WITHOUT_VISIT };
    let kind = form.choice(
        form.label("kind", t("paper.kind"), None),
        kinds,
        |kind| (kind.code(), words::sheet_kind(kind)),
        |draft| draft.kind,
        |draft, kind| draft.kind = kind,
    );
    let now = Memo::new(move |_| form.draft.with(|draft| draft.kind));
    let below = move || match now.get()? {
        SheetKind::Prescription => Some(medicines(form, chart.as_deref())),
        SheetKind::SickNote => Some(typed(sick_note(form), &show)),
        SheetKind::Referral => Some(typed(letter(form), &show)),
        SheetKind::Label => Some(copies(form)),
        SheetKind::Summary => None,
    };
    view! {
        {kind}
        {below}
        {on_what(form, paper)}
    }
    .into_any()
}

/// What is typed, with the way to see it on paper.
fn typed(fields: AnyView, show: &(impl Fn() + Clone + 'static)) -> AnyView {
    let show = button(Press::Plain, t("paper.show"), show.clone());
    view! { {fields} <div class="actions">{show}</div> }.into_any()
}

/// What is asked of a label.
pub(super) fn label_fields(form: Form<PrintDraft>, paper: Remote<LetterheadView>) -> AnyView {
    view! { {copies(form)} {on_what(form, paper)} }.into_any()
}

fn copies(form: Form<PrintDraft>) -> AnyView {
    form.line(form.label("copies", t("label.copies"), None), |draft| &mut draft.copies)
}

/// The paper, and the language on it: the clinic's own unless another is chosen.
fn on_what(form: Form<PrintDraft>, paper: Remote<LetterheadView>) -> AnyView {
    let languages = shown(paper, move |paper| language(form, &paper));
    view! { <div class="pair">{papers(form)} {languages}</div> }.into_any()
}

fn papers(form: Form<PrintDraft>) -> AnyView {
    let listed = SheetPaper::ALL
        .iter()
        .map(|paper| Choice { value: paper.code(), label: words::sheet_paper(*paper) });
    let choices = usual().chain(listed).collect();
    let now = form.draft.with_untracked(|draft| draft.paper.map_or("", SheetPaper::code));
    choice_input(form.label("paper", t("paper.on"), None), choices, now, move |code| {
        form.draft.update(|draft| draft.paper = SheetPaper::from_code(&code));
    })
}

fn language(form: Form<PrintDraft>, paper: &LetterheadView) -> AnyView {
    let is_known = |tag: &str| paper.languages.iter().any(|known| known == tag);
    let known = LANGUAGES.iter().filter(|language| is_known(language.tag));
    let known = known.map(|language| Choice { value: language.tag, label: language.name });
    let choices = usual().chain(known).collect();
    let label = form.label("language", t("paper.language"), None);
    let now = form.draft.get_untracked().language.unwrap_or_default();
    choice_input(label, choices, &now, move |tag| {
        form.draft.update(|draft| draft.language = Some(tag).filter(|tag| !tag.is_empty()));
    })
}

/// What the clinic does where nothing is chosen.
fn usual() -> impl Iterator<Item = Choice> {
    [Choice { value: "", label: t("paper.usual") }].into_iter()
}

fn medicines(form: Form<PrintDraft>, chart: Option<&ChartView>) -> AnyView {
    let one = |(id, label): (MedicationId, String), alert: Option<&DetectedIssue>| {
        let now = form.draft.with_untracked(|draft| draft.medications.contains(&id));
        let choose = move |chosen: bool| {
            form.draft.update(|draft| {
                draft.medications.retain(|other| *other != id);
                draft.medications.extend(chosen.then_some(id));
            });
        };
        let box_of = check_input(format!("print-{id}"), label, now, choose);
        let alert = alert.map(|issue| view! { <p class="fault">{alert_line(issue)}</p> });
        view! { {box_of} {alert} }.into_any()
    };
    // Neither side of a dispute is shown as what holds.
    let undecided = chart.and_then(|chart| {
        undecided_medicines(&disputed_names(chart, |kind| kind == EntryKind::Medication))
    });
    let all = chart.into_iter().flat_map(|chart| prescribable(chart).map(move |it| (chart, it)));
    let all = all.map(|(chart, it)| one((it.id, words::medicine(&it.order)), alert(chart, it)));
    let all: Vec<AnyView> = all.collect();
    group(
        Some(form.id_of("medications")),
        t("paper.medicines"),
        view! { {undecided} {all} }.into_any(),
    )
}

fn sick_note(form: Form<PrintDraft>) -> AnyView {
    let line = |path, label, member| form.line(form.label(path, label, None), member);
    view! {
        <div class="pair">
            {line("from", t("paper.from"), |d: &mut PrintDraft| &mut d.sick.from)}
            {line("until", t("paper.until"), |d: &mut PrintDraft| &mut d.sick.until)}
        </div>
        {form.area(form.label("remark", t("paper.remark"), None), 2, |d| &mut d.sick.remark)}
    }
    .into_any()
}

fn letter(form: Form<PrintDraft>) -> AnyView {
    let area = |path, label, member| form.area(form.label(path, label, None), 3, member);
    view! {
        {form.line(form.label("to", t("paper.to"), None), |d| &mut d.letter.to)}
        {form.check("urgent", t("paper.urgent"), |d| &mut d.letter.urgent)}
        {area("situation", t("paper.situation"), |d: &mut PrintDraft| &mut d.letter.situation)}
        {area("background", t("paper.background"), |d: &mut PrintDraft| &mut d.letter.background)}
        {area("assessment", t("note.assessment"), |d: &mut PrintDraft| &mut d.letter.assessment)}
        {area("recommendation", t("paper.recommendation"), |d: &mut PrintDraft| {
            &mut d.letter.recommendation
        })}
    }
    .into_any()
}
