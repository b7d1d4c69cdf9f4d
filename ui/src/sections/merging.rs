//! Two charts of one person: that they are shown as one, the way back, and the way to it.

use super::{ChartPart, alike_list, patient_box};
use crate::backend::{ask_for, question, reply_of, touch};
use crate::components::{Modal, Press, Tone, button, notice, table};
use crate::forms::Form;
use crate::frame::{Frame, Route};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words::{self, Known, People, identity_line};
use api::{
    ChartView, ComparePatients, ComparedPatient, DuplicateHit, FindDuplicates, LinkedChart,
    MergePatients, PatientHit, PatientsCompared, SeparatePatients, chart_topics,
};
use clinical::{PatientDraft, PatientId, chart_number};

/// That another chart is shown with this one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    other: PatientId,
    title: String,
    said: String,
}

/// That several charts are shown as one, above all else of the page, and the way back.
pub(crate) fn merged(part: ChartPart) -> AnyView {
    let model = part.model(shown);
    let notices = move || {
        let shown = model.get().unwrap_or_default().into_iter();
        shown.map(|one| merged_with(part, one)).collect_view()
    };
    view! { {notices} }.into_any()
}

fn shown(view: &ChartView, people: &People<'_>) -> Vec<Shown> {
    let identity = view.chart.patient.as_ref().map(|patient| &patient.identity);
    let own = identity.map(|identity| chart_number(identity, view.patient)).unwrap_or_default();
    view.also.iter().map(|also| one_shown(&own, also, people)).collect()
}

fn one_shown(own: &str, also: &LinkedChart, people: &People<'_>) -> Shown {
    let name = also.identity.as_ref().map(|identity| identity_line(identity, people.today).name);
    let is_here = name.is_some();
    let name = name.unwrap_or_else(|| t("merging.not-here").to_owned());
    let other = if is_here { also.number.as_str() } else { "–" };
    let written = people.written(also.made);
    let said = [("who", written.who.as_str()), ("when", &written.when), ("name", &name)];
    Shown {
        other: also.patient,
        title: tf("merging.shown", &[("number", own), ("other", other)]),
        said: tf("merging.shown.by", &said),
    }
}

fn merged_with(part: ChartPart, one: Shown) -> AnyView {
    let modal = Modal::new();
    let other = one.other;
    let dialog = modal
        .view("separating", t("merging.separate.title"), move || separating(part, modal, other));
    let back = button(Press::Plain, t("merging.separate"), move || modal.toggle());
    view! {
        <div class="merged" tabindex="-1" data-testid="merged">{notice(Tone::Info, one.title, one.said, Some(back))}</div>
        {dialog}
    }
    .into_any()
}

fn separating(part: ChartPart, modal: Modal, other: PatientId) -> AnyView {
    let form = Form::new("separating", ());
    let (frame, patient) = (part.frame, part.patient);
    let submit = move || {
        form.send(SeparatePatients { patient, other }, move |()| {
            modal.close();
            touch_both(patient, other);
            frame.say(t("merging.separated"));
        });
    };
    let fields = view! {
        <h2>{t("merging.separate.title")}</h2>
        {notice(Tone::Warning, t("merging.separate.what"), t("merging.separate.help"), None)}
    };
    let save = t("merging.separate").to_owned().into();
    form.shell_with_cancel(fields.into_any(), save, submit, move || modal.close())
}

/// The way to merge the chart with another, at its end.
pub(crate) fn merging(part: ChartPart) -> AnyView {
    let modal = Modal::new();
    let open = move || match part.subject() {
        Some(_) => modal.toggle(),
        None => part.frame.say(t("chart.nobodys")),
    };
    let dialog = modal.view("merging", t("merging.title"), move || asked(part, modal));
    view! {
        <p class="erasing">{button(Press::Plain, t("merging.open"), open)}</p>
        {dialog}
    }
    .into_any()
}

fn asked(part: ChartPart, modal: Modal) -> AnyView {
    let form = Form::new("merging", ());
    let compared = RwSignal::new(None::<PatientsCompared>);
    let alike = RwSignal::new(Vec::<DuplicateHit>::new());
    look(part, alike);
    let body = move || match compared.get() {
        None => which(part, form, compared, alike),
        Some(both) => side_by_side(part.frame, modal, form, &both),
    };
    view! {
        <div class="form">
            <h2>{t("merging.title")}</h2>
            {notice(Tone::Info, t("merging.what"), t("merging.help"), None)}
            {form.failure()}
            {body}
            <div class="actions">
                {button(Press::Plain, t("form.cancel"), move || modal.close())}
            </div>
        </div>
    }
    .into_any()
}

/// Looks for who may be the same person.
fn look(part: ChartPart, alike: RwSignal<Vec<DuplicateHit>>) {
    let chart = part.chart.get_untracked();
    let Some(patient) = chart.and_then(|chart| chart.chart.patient.clone()) else { return };
    let heed = move |answer| {
        // That nobody is offered stops nobody: they are looked for by name.
        let found = reply_of::<Vec<DuplicateHit>>(answer).unwrap_or_default();
        let others = found.into_iter().filter(|it| it.hit.patient != patient.id).collect();
        alike.try_set(others);
    };
    let draft = PatientDraft::of(&patient);
    ask_for(question(&FindDuplicates { draft }), Box::new(heed));
}

/// Which chart is the other: one of those that are alike, or whoever is looked for.
fn which(
    part: ChartPart,
    form: Form<()>,
    compared: RwSignal<Option<PatientsCompared>>,
    alike: RwSignal<Vec<DuplicateHit>>,
) -> AnyView {
    let patient = part.patient;
    let compare = move |other: PatientId| {
        form.send(ComparePatients { patient, other }, move |both| compared.set(Some(both)));
    };
    let rows = move || {
        let choose = move |hit: &PatientHit| compare(hit.patient);
        alike_list("merging-alike", t("merging.alike"), alike.get(), choose)
    };
    let label = t("merging.look-for");
    let looked_for = patient_box("merging-other", label, move |subject| compare(subject.patient));
    view! { {rows} {looked_for} }.into_any()
}

fn side_by_side(frame: Frame, modal: Modal, form: Form<()>, both: &PatientsCompared) -> AnyView {
    let differs = differences(&both.differs);
    let differs = (!differs.is_empty())
        .then(|| notice(Tone::Critical, differs, t("merging.differs.help"), None));
    let heads = [t("merging.who"), t("merging.this"), t("merging.other")];
    let (one, other) = (both.one.patient, both.other.patient);
    let go_on = move |side: &ComparedPatient, patient: PatientId, other: PatientId| {
        let label = tf("merging.go-on", &[("number", &side.number)]);
        button(Press::Main, label, move || {
            form.send(MergePatients { patient, other }, move |()| {
                modal.close();
                touch_both(patient, other);
                frame.go_saying(Route::Chart(patient), t("merging.done").to_owned());
                // It stands above what was in sight, and has the way back.
                focus::to_selector(".merged");
            });
        })
    };
    let rows = rows(both).into_iter().map(|[name, one, other]| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td><bdi>{one}</bdi></td>
                <td><bdi>{other}</bdi></td>
            </tr>
        }
        .into_any()
    });
    view! {
        {differs}
        {table("compared", t("merging.title"), &heads, rows.collect())}
        <div class="actions">
            {go_on(&both.one, one, other)}
            {go_on(&both.other, other, one)}
        </div>
    }
    .into_any()
}

/// What hardly differs of one person, in words.
fn differences(codes: &[String]) -> String {
    let words = codes.iter().filter_map(|code| match code.as_str() {
        "birth-date" => Some(t("merging.differs.birth-date")),
        "sex" => Some(t("merging.differs.sex")),
        "deceased" => Some(t("merging.differs.deceased")),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Each fact of both: what it is, and what it is of the one and of the other.
fn rows(both: &PatientsCompared) -> Vec<[String; 3]> {
    let names =
        ["merging.name", "banner.born", "banner.sex", "banner.number", "merging.last-visit"];
    let sides = [facts_of(&both.one), facts_of(&both.other)];
    let [one, other] = sides;
    let facts = names.into_iter().zip(one.into_iter().zip(other));
    facts.map(|(name, (one, other))| [t(name).to_owned(), one, other]).collect()
}

fn facts_of(side: &ComparedPatient) -> [String; 5] {
    let line = identity_line(&side.identity, clock::today());
    let known = Known::of(&side.identity);
    let numbers: Vec<&str> =
        [side.number.as_str()].into_iter().chain(side.also.iter().map(String::as_str)).collect();
    let last = side.last_visit.as_ref().map(words::date);
    [
        line.name,
        known.born_words(line.born),
        known.sex_words(line.sex).to_owned(),
        numbers.join(" · "),
        last.unwrap_or_else(|| t("merging.no-visit").to_owned()),
    ]
}

/// The numbers of the other charts of somebody who was found.
pub(crate) fn also_words(numbers: &[String]) -> Option<String> {
    (!numbers.is_empty()).then(|| tf("merging.also", &[("number", &numbers.join(" · "))]))
}

fn touch_both(patient: PatientId, other: PatientId) {
    touch(&[chart_topics(patient), chart_topics(other)].concat());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;
    use crate::sections::samples::{chart_view, people, stamp, uuid};

    #[test]
    fn both_numbers_are_told_with_who_said_so_and_when() {
        let mut view = chart_view();
        let other = PatientId::from_uuid(uuid(8));
        let mut identity = view.chart.patient.as_ref().unwrap().identity.clone();
        identity.name[0].family = "Okelo".to_owned();
        let here = LinkedChart {
            patient: other,
            number: "CLN-2".to_owned(),
            identity: Some(identity),
            made: stamp(),
        };
        let absent =
            LinkedChart { patient: other, number: String::new(), identity: None, made: stamp() };
        view.also = vec![here, absent];
        let told = speak("en", || shown(&view, &people(&view)));
        assert_eq!(told[0].other, other);
        let own = chart_number(&view.chart.patient.as_ref().unwrap().identity, view.patient);
        assert!(told[0].title.contains(&own) && told[0].title.contains("CLN-2"), "{told:?}");
        let said = &told[0].said;
        assert!(said.contains("Dr Amina") && said.contains("OKELO"), "{said}");
        assert!(told[1].said.contains("not on this computer yet"), "{told:?}");
        assert_eq!(speak("en", || shown(&chart_view(), &people(&chart_view()))), []);
    }

    #[test]
    fn every_difference_has_words() {
        let codes = ["birth-date", "sex", "deceased"].map(str::to_owned);
        let told = speak("en", || differences(&codes));
        assert_eq!(told.matches('.').count(), 3, "{told}");
        assert_eq!(differences(&["something-newer".to_owned()]), "");
    }
}
