//! Erasing the chart, for who runs the clinic: a dialog that asks on what ground, and for the number.

use super::{ChartPart, who_line};
use crate::components::{Modal, Press, Tone, button, notice};
use crate::forms::{Form, blank};
use crate::frame::{Frame, Route, Subject};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::EraseChart;
use clinical::{Finding, chart_number};

/// The way to it, at the end of the chart; nothing for anybody else.
pub(crate) fn erasing(part: ChartPart) -> AnyView {
    if !part.frame.is_admin() {
        return ().into_any();
    }
    let modal = Modal::new();
    let open = move || match part.subject() {
        Some(_) => modal.toggle(),
        None => part.frame.say(t("chart.nobodys")),
    };
    let dialog = modal.view("erasing", t("erasing.title"), move || {
        part.subject().map(|subject| asked(part.frame, modal, &subject)).into_any()
    });
    view! {
        <p class="erasing">{button(Press::Plain, t("erasing.open"), open)}</p>
        {dialog}
    }
    .into_any()
}

#[derive(Debug, Clone, Default)]
struct ErasingDraft {
    ground: String,
    number: String,
}

fn asked(frame: Frame, modal: Modal, subject: &Subject) -> AnyView {
    let (patient, number) = (subject.patient, chart_number(&subject.identity, subject.patient));
    let form = Form::new("erasing", ErasingDraft::default());
    let wanted = number.clone();
    let submit = move || {
        let draft = form.draft.get_untracked();
        let findings = missing(&draft, &wanted);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let ErasingDraft { ground, number } = draft;
        form.send(EraseChart { patient, number, ground }, move |()| {
            modal.close();
            frame.go(Route::Find);
            frame.say(t("erasing.done"));
        });
    };
    let ground = form.label("ground", t("erasing.ground"), Some(t("erasing.ground.hint")));
    let typed = form.label("number", t("erasing.number"), None);
    let fields = view! {
        <h2>{t("erasing.title")}</h2>
        <p class="quoted known-hit">{who_line(&subject.identity)}</p>
        {notice(Tone::Warning, t("erasing.what"), t("erasing.help"), None)}
        {form.area(ground, 2, |d: &mut ErasingDraft| &mut d.ground)}
        <p class="hint">{tf("erasing.which", &[("number", &number)])}</p>
        {form.line(typed, |d: &mut ErasingDraft| &mut d.number)}
    };
    let save = t("erasing.title").to_owned().into();
    form.shell_with_cancel(fields.into_any(), save, submit, move || modal.close())
}

/// What is left out, and a number that is another chart's.
fn missing(draft: &ErasingDraft, number: &str) -> Vec<Finding> {
    let mut findings = blank(&[("ground", &draft.ground), ("number", &draft.number)]);
    let typed = draft.number.trim();
    if !typed.is_empty() && typed != number {
        findings.push(Finding::error("number", "number-of-another", t("erasing.another")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_erased_on_a_ground_and_by_its_own_number_alone() {
        let check = |ground: &str, number: &str, want: &[&str]| {
            let draft = ErasingDraft { ground: ground.into(), number: number.into() };
            let codes: Vec<String> =
                missing(&draft, "MRN-1").into_iter().map(|finding| finding.path).collect();
            assert_eq!(codes, want);
        };
        check("asked for", " MRN-1 ", &[]);
        check("asked for", "MRN-2", &["number"]);
        check(" ", "MRN-1", &["ground"]);
        check("", "", &["ground", "number"]);
    }
}
