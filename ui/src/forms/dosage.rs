//! How a medicine is taken: the fields, and the form that changes it. The dosage is one value:
//! what is saved replaces the whole of it.

use super::{
    Form,
    advice::{Review, recorded_words},
    doseless::Doseless,
    order_line::{line_so_far, misread, order_words},
};
use crate::components::Choice;
use crate::components::choice_input;
use crate::frame::{Frame, Subject};
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::medication_line;
use api::{ChangeDosage, ProposedOrder};
use clinical::{
    DurationUnit, MedicationDraft, MedicationOrder, MedicationRequest, Quantity, Timing,
};

/// The form for another dosage of a medicine.
pub(crate) fn dosage(frame: Frame, subject: &Subject, medicine: &MedicationRequest) -> AnyView {
    // What was typed over another dosage is no change of this one.
    let (_, parts) = clinical::display::medication_line(&medicine.order);
    let over = format!("{} {}", medicine.id, parts.join(" "));
    let form = Form::kept(frame, "dosage", over, draft_of(&medicine.order));
    let (patient, medication) = (subject.patient, medicine.id);
    let (whom, was) = (subject.clone(), medicine.clone());
    let order = move |draft| ProposedOrder::Dosage(medication, draft);
    let review = Review::watch(form, patient, order, |_| true);
    let doseless = Doseless::watch(form);
    let submit = move || {
        let draft = form.draft.get_untracked();
        if let Err(findings) = draft.changed(&was) {
            return form.mend(&findings);
        }
        form.accept();
        if doseless.halts(&draft) {
            frame.say(t("dosage.none"));
            return focus::to_id(&form.id_of("dose"));
        }
        if review.lacks_reason() {
            return frame.say(t("override.missing"));
        }
        let (close, whom, what) = (frame.closer(), whom.clone(), order_words(&draft));
        let (seen, answered) = (whom.seen(), review.answered(draft.clone()));
        let record = move |checked| {
            let said = recorded_words(t("dosage.changed"), checked);
            let end = frame.recording_in(close, &whom, &said, &what);
            form.send(ChangeDosage { patient, medication, seen, draft: answered }, end);
        };
        review.before_recording(order(draft), record, move || review.halt(frame));
    };
    let stays = MedicationDraft::untyped_length(medicine)
        .map(|_| view! { <p class="hint">{t("dosage.length-stays")}</p> });
    let fields = view! {
        <p class="hint">{t("dosage.now")}</p>
        <p class="quoted">{medication_line(&medicine.order)}</p>
        {dosage_fields(form)}
        {stays}
        {review.view()}
    };
    let anyway = submit.clone();
    let foot = view! { <p class="hint">{t("dosage.new")}</p> {move || line_so_far(form)} {misread(form)} {review.brief()} {doseless.view(anyway)} };
    let save = Signal::derive(move || review.save_words(t("dosage.change")).to_owned());
    form.shell_with_foot(fields.into_any(), foot.into_any(), save, submit)
}

/// The fields of a dosage.
pub(super) fn dosage_fields(form: Form<MedicationDraft>) -> AnyView {
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    view! {
        <div class="pair">
            {line("strength", t("dosage.strength"), None, |d| &mut d.strength)}
            {line("form", t("dosage.form"), None, |d| &mut d.form)}
        </div>
        <div class="triple">
            {line("dose", t("dosage.dose"), None, |d| &mut d.dose)}
            {line("unit", t("dosage.unit"), None, |d| &mut d.unit)}
            {line("route", t("dosage.route"), None, |d| &mut d.route)}
        </div>
        <div class="triple">
            {line("frequency", t("dosage.frequency"), None, |d| &mut d.frequency)}
            {line("period", t("dosage.period"), Some(t("dosage.period.hint")), |d| &mut d.period)}
            {period_unit(form)}
        </div>
        <div class="pair">
            {line("durationDays", t("dosage.duration"), None, |d| &mut d.duration_days)}
            {line("instruction", t("dosage.instruction"), None, |d| &mut d.instruction)}
        </div>
        {form.check("asNeeded", t("dosage.as-needed"), |d| &mut d.as_needed)}
        <div class="triple">
            {line("quantity", t("dosage.quantity"), None, |d| &mut d.quantity)}
            {line("quantityUnit", t("dosage.quantity-unit"), None, |d| &mut d.quantity_unit)}
            {line("repeats", t("dosage.repeats"), None, |d| &mut d.repeats)}
        </div>
    }
    .into_any()
}

/// Hours or days: it is chosen, never preset beside a number that is being typed.
fn period_unit(form: Form<MedicationDraft>) -> AnyView {
    let none = Choice { value: "", label: t("dosage.period-unit.choose") };
    let listed = DurationUnit::ALL
        .iter()
        .filter(|(unit, _)| *unit != DurationUnit::Second && *unit != DurationUnit::Minute)
        .map(|(unit, code)| Choice { value: code, label: unit_words(*unit) });
    let choices = Some(none).into_iter().chain(listed).collect();
    let now = form.draft.with_untracked(|draft| draft.period_unit).map_or("", DurationUnit::code);
    let label = form.label("periodUnit", t("dosage.period-unit"), None);
    let id = label.id.clone();
    choice_input(label, choices, now, move |code| {
        form.mended(&id);
        form.draft.update(|draft| draft.period_unit = DurationUnit::from_code(&code));
    })
}

fn unit_words(unit: DurationUnit) -> &'static str {
    let counted = match unit {
        DurationUnit::Second => t("unit.seconds"),
        DurationUnit::Minute => t("unit.minutes"),
        DurationUnit::Hour => t("unit.hours"),
        DurationUnit::Day => t("unit.days"),
        DurationUnit::Week => t("unit.weeks"),
        DurationUnit::Month => t("unit.months"),
        DurationUnit::Year => t("unit.years"),
    };
    // Of several forms (Arabic) the first is the name.
    counted.split('|').next().unwrap_or(counted)
}

/// The form as it would have been typed. Of several dosages the first: the others are replaced
/// with it, as the line above the form shows.
fn draft_of(order: &MedicationOrder) -> MedicationDraft {
    let dosage = order.dosage.first().cloned().unwrap_or_default();
    // A number of times a day is typed without a period: none is preset for another number.
    let timing = dosage.timing.as_ref();
    let period = timing.filter(|timing| !is_one_day(timing));
    let supply = order.dispense.clone().unwrap_or_default();
    let quantity = supply.quantity.as_ref();
    let strengths: Vec<String> = order.strength.iter().map(Quantity::label).collect();
    let days = dosage.duration.as_ref().and_then(clinical::DosageDuration::whole_days);
    MedicationDraft {
        medication: order.medication.label().to_owned(),
        form: order.form.as_ref().map(|form| form.label().to_owned()).unwrap_or_default(),
        strength: strengths.join(" + ").replace('\u{a0}', " "),
        dose: dosage.dose.as_ref().map(|dose| dose.value.to_string()).unwrap_or_default(),
        unit: dosage.dose.as_ref().map(|dose| dose.unit.clone()).unwrap_or_default(),
        route: dosage.route.as_ref().map(|route| route.label().to_owned()).unwrap_or_default(),
        frequency: timing.map(|timing| timing.frequency.to_string()).unwrap_or_default(),
        period: period.map(|timing| timing.period.to_string()).unwrap_or_default(),
        period_unit: period.map(|timing| timing.period_unit),
        duration_days: days.map(|days| days.to_string()).unwrap_or_default(),
        as_needed: dosage.as_needed,
        instruction: dosage.text.unwrap_or_default(),
        quantity: quantity.map(|it| it.value.to_string()).unwrap_or_default(),
        quantity_unit: quantity.map(|it| it.unit.clone()).unwrap_or_default(),
        repeats: supply.repeats.map(|times| times.to_string()).unwrap_or_default(),
        ..MedicationDraft::default()
    }
}

fn is_one_day(timing: &Timing) -> bool {
    timing.period_unit == DurationUnit::Day && timing.period.as_str() == "1"
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{Dosage, DosageDuration};

    #[test]
    fn a_dosage_comes_back_as_it_was_typed() {
        let typed = MedicationDraft {
            medication: "amlodipine".into(),
            dose: "2.50".into(),
            unit: "mg".into(),
            route: "oral".into(),
            frequency: "1".into(),
            period: "12".into(),
            period_unit: Some(DurationUnit::Hour),
            duration_days: "30".into(),
            as_needed: true,
            instruction: "with food".into(),
            form: "tablet".into(),
            strength: "5 mg + 12.5 mg".into(),
            quantity: "30".into(),
            quantity_unit: "tablets".into(),
            repeats: "0".into(),
            ..MedicationDraft::default()
        };
        let order = typed.order(&mut Vec::new());
        assert_eq!(draft_of(&order), typed);
        // What is taken daily presets no unit beside a number that may be typed.
        let of = |times: &str, period: &str, unit| {
            let typed = MedicationDraft {
                frequency: times.into(),
                period: period.into(),
                period_unit: unit,
                ..typed.clone()
            };
            let dosage = typed.dosage(&mut Vec::new()).into_iter().collect();
            let again = draft_of(&MedicationOrder { dosage, ..order.clone() });
            (again.period, again.period_unit)
        };
        // A length in weeks is one in days.
        let duration = Some(DosageDuration { value: 2.into(), unit: DurationUnit::Week });
        let dosage = vec![Dosage { duration, ..Dosage::default() }];
        let again = draft_of(&MedicationOrder { dosage, ..order.clone() });
        assert_eq!(again.duration_days, "14");
        let weeks = Some(DurationUnit::Week);
        assert_eq!(of("3", "", None), (String::new(), None));
        assert_eq!(of("3", "1", Some(DurationUnit::Day)), (String::new(), None));
        assert_eq!(of("3", "", weeks), ("1".into(), weeks));
        assert_eq!(of("1", "2", Some(DurationUnit::Day)), ("2".into(), Some(DurationUnit::Day)));
    }
}
