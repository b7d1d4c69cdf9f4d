//! What the rules say, and the way from it to the medicines it is about.

use super::{
    ChartPart, lines,
    settled::{answer_to, is_answered},
};
use crate::components::{Tone, chip, notice, quiet_button, unbroken};
use crate::frame::Sheet;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words::{self, People, Written};
use api::ChartView;
use clinical::{AlertTier, DetectedIssue, EntryKind, EntryRef, MedicationRequest};

/// The findings, the loudest first. The one that must be answered carries the `answer`; of several
/// it is given once to all, below them.
pub(crate) fn advice_list(issues: &[DetectedIssue], answer: impl Fn() -> AnyView) -> AnyView {
    let mut issues: Vec<&DetectedIssue> = issues.iter().collect();
    issues.sort_by_key(|issue| issue.tier);
    let loud = issues.iter().filter(|issue| words::is_loud(issue.tier)).count();
    let one = |issue: &DetectedIssue| {
        let answer = (loud == 1 && words::is_loud(issue.tier)).then(&answer);
        notice(tone(issue.tier), words::tier(issue.tier), words::advice(issue), answer)
    };
    let list = issues.into_iter().map(one).collect_view();
    let to_all = (loud > 1).then(|| view! { <div class="answer">{answer()}</div> });
    view! { {list} {to_all} }.into_any()
}

/// An issue in one line: how loud it is, and what it says.
pub(crate) fn alert_line(issue: &DetectedIssue) -> AnyView {
    let said = words::advice(issue);
    view! { {chip(tone(issue.tier), words::tier(issue.tier))} " " {unbroken(&said)} }.into_any()
}

/// What the rules say of the chart, each with its medicines. What somebody has answered alarms no
/// more: it stands behind what waits, with the answer.
pub(crate) fn chart_advice(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let one = move |found: Found| {
        let (tone, title) = match found.looked {
            Some(_) => (Tone::Plain, t("advice.answered")),
            None => (tone(found.issue.tier), words::tier(found.issue.tier)),
        };
        let medicines = found.medicines.into_iter().map(|it| medicine(part, it)).collect_view();
        let text = words::advice(&found.issue);
        let looked = found.looked.map(|said| {
            view! { <p class="advice-about"><b>{unbroken(&said)}</b></p> }
        });
        let about = view! { {looked} {medicines} };
        notice(tone, title, text, Some(about.into_any()))
    };
    let list = move || model.get().map(|found| found.into_iter().map(one).collect_view());
    view! { <div class="advice">{list}</div> }.into_any()
}

/// An issue with the medicines it is about.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    issue: DetectedIssue,
    /// What was asked when its task was closed, the answer, and who gave it when.
    looked: Option<String>,
    medicines: Vec<About>,
}

/// A medicine an issue is about.
#[derive(Debug, Clone, PartialEq)]
struct About {
    medicine: MedicationRequest,
    written: Option<Written>,
    /// Two people disagree on it: it is decided on before it is stopped.
    disputed: bool,
}

fn read(view: &ChartView, people: &People<'_>) -> Vec<Found> {
    let chart = &view.chart;
    let about = |entry: &EntryRef| {
        let found = chart.medications.iter().find(|it| it.id.uuid() == entry.id)?;
        Some(About {
            medicine: found.clone(),
            written: chart.stamp_of(*entry).map(|stamp| people.written(stamp)),
            disputed: chart.conflicts_of(*entry).next().is_some(),
        })
    };
    let found = |issue: &DetectedIssue| {
        let medicines = issue.subject.iter().filter(|entry| entry.kind == EntryKind::Medication);
        let medicines: Vec<About> = medicines.filter_map(about).collect();
        let looked = answer_to(view, people, issue).map(|(reason, by)| {
            // What was asked when it was closed: of a medicine that is taken, why it goes on.
            let goes_on = !medicines.is_empty();
            let asked = if goes_on { t("tasks.why") } else { t("tasks.outcome") };
            let who = [("who", by.who.as_str()), ("when", &by.when)];
            tf("advice.looked", &[("asked", asked), who[0], who[1], ("reason", &reason)])
        });
        Found { issue: issue.clone(), looked, medicines }
    };
    let mut all: Vec<Found> = view.advice.iter().map(found).collect();
    all.sort_by_key(|found| (found.looked.is_some(), found.issue.tier));
    all
}

/// How the rules speak of an entry; what waits for an answer comes first, then the loudest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flag {
    /// Somebody has said why it may stand.
    pub is_answered: bool,
    /// How loudly.
    pub tier: AlertTier,
}

impl Flag {
    /// Its chip, beside the entry.
    pub(super) fn chip(self) -> AnyView {
        if self.is_answered {
            return chip(Tone::Plain, t("advice.answered"));
        }
        chip(tone(self.tier), t("advice.flag"))
    }
}

/// What speaks so loudly against an entry that it wants a reason; the loudest.
pub(crate) fn loud_of(view: &ChartView, entry: EntryRef) -> Option<&DetectedIssue> {
    let of_it = view.advice.iter().filter(|issue| issue.subject.contains(&entry));
    of_it.filter(|issue| words::is_loud(issue.tier)).min_by_key(|issue| issue.tier)
}

/// How the rules speak of an entry, when they do.
pub(super) fn flag_of(view: &ChartView, entry: EntryRef) -> Option<Flag> {
    let of_it = view.advice.iter().filter(|issue| issue.subject.contains(&entry));
    of_it.map(|issue| Flag { is_answered: is_answered(view, issue), tier: issue.tier }).min()
}

fn medicine(part: ChartPart, about: About) -> AnyView {
    let About { medicine, written, disputed } = about;
    let (label, mut details) = words::medication_line(&medicine.order);
    // Why it was recorded in the face of the alert stands in its note.
    details
        .extend(medicine.about.note.as_ref().map(|note| tf("medication.note", &[("note", note)])));
    let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    let name = |key| tf(key, &[("what", &label)]);
    let show = quiet_button(t("advice.show"), name("advice.show-of"), move || {
        lines::lead_to(entry);
    });
    let may_stop = part.frame.is_clinical() && !disputed;
    let text = lines::text(&label, &details);
    let stop = may_stop.then(|| {
        quiet_button(t("advice.stop"), name("medication.stop-of"), move || {
            part.open(|subject| Sheet::Stop(subject, medicine.clone()));
        })
    });
    view! {
        <div class="advice-about">
            {text} {lines::written(written)} <span class="line-actions">{show} {stop}</span>
        </div>
    }
    .into_any()
}

/// The colour of a tier: red is kept for danger.
pub(crate) fn tone(tier: AlertTier) -> Tone {
    match tier {
        AlertTier::Block => Tone::Critical,
        AlertTier::Interrupt => Tone::Warning,
        AlertTier::Inline => Tone::Info,
        AlertTier::Info => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{MedicationDraft, MedicationId, Task, TaskId, TaskStatus};

    #[test]
    fn an_alert_leads_to_its_medicine_and_says_who_wrote_it() {
        let mut view = chart_view();
        let draft = MedicationDraft { medication: "amoxicillin".into(), ..Default::default() };
        let today = "2026-11-24".parse().unwrap();
        let medicine = draft.complete(MedicationId::from_uuid(uuid(4)), today).unwrap();
        let entry = EntryRef::new(EntryKind::Medication, uuid(4));
        let allergy = EntryRef::new(EntryKind::Allergy, uuid(5));
        let issue = |tier, subject: Vec<EntryRef>| DetectedIssue {
            rule: "drug-allergy".into(),
            tier,
            subject,
            detail: String::new(),
            source: String::new(),
            said: None,
        };
        view.chart.medications = vec![medicine.clone()];
        view.chart.stamps = vec![(entry, stamp())];
        view.advice = vec![
            issue(AlertTier::Inline, vec![allergy]),
            issue(AlertTier::Interrupt, vec![allergy, entry]),
        ];
        let found = read(&view, &people(&view));
        let tiers: Vec<_> = found.iter().map(|it| it.issue.tier).collect();
        assert_eq!(tiers, [AlertTier::Interrupt, AlertTier::Inline]);
        let [about] = &found[0].medicines[..] else { panic!("one medicine") };
        assert_eq!((&about.medicine, about.disputed), (&medicine, false));
        let written = about.written.clone().unwrap();
        assert_eq!(
            (written.who.as_str(), written.when.as_str()),
            ("Dr Amina", "20-Nov-2026 09:00")
        );
        assert!(found[1].medicines.is_empty(), "an allergy is no medicine");
        let flag = |is_answered| Some(Flag { is_answered, tier: AlertTier::Interrupt });
        assert_eq!(flag_of(&view, entry), flag(false));
        assert_eq!(flag_of(&view, EntryRef::new(EntryKind::Medication, uuid(9))), None);

        // Once it is answered it stands behind what waits, and its medicine is marked as quietly.
        let task = Task {
            id: TaskId::from_uuid(uuid(6)),
            rule: "drug-allergy".into(),
            tier: AlertTier::Interrupt,
            subject: vec![allergy, entry],
            detail: String::new(),
            status: TaskStatus::Completed,
            outcome: Some("tolerated in 2024".into()),
            settled_tier: None,
            said: None,
        };
        view.chart.stamps.push((EntryRef::new(EntryKind::Task, uuid(6)), stamp()));
        view.chart.tasks = vec![task];
        let found = read(&view, &people(&view));
        let told: Vec<_> = found.iter().map(|it| (it.issue.tier, it.looked.is_some())).collect();
        assert_eq!(told, [(AlertTier::Inline, false), (AlertTier::Interrupt, true)]);
        assert_eq!(flag_of(&view, entry), flag(true));
        assert!(flag(false) < flag(true));
    }
}
