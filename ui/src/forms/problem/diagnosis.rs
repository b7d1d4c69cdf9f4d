//! The line of a problem: what is typed stays as words, and a diagnosis may be chosen for it.

use crate::backend::{Answer, ask_for, question, reply_of};
use crate::components::{Combobox, Offer, Offered, combobox, understood};
use crate::forms::Form;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::{DiagnosisHit, FindDiagnoses};
use clinical::{Coding, ConditionDraft, ICD_10_CM};

/// So many diagnoses are offered.
const HITS_MAX: u32 = 10;

/// The line, and below it the code of what was chosen.
pub(super) fn diagnosis(form: Form<ConditionDraft>, path: &'static str) -> AnyView {
    let offered = RwSignal::new(Offered::default());
    let ask = move |query: String| {
        let sought = question(&FindDiagnoses { query: query.clone(), limit: HITS_MAX });
        // Where nothing can be looked up that is said, and the words are recorded.
        let heed = move |answer| {
            offered.try_set(answered(query, answer));
        };
        ask_for(sought, Box::new(heed));
    };
    // Makes what is looked in, so that the first key does not wait for it.
    ask(String::new());
    let line = combobox(Combobox {
        field: form.label(path, t("problem.what"), Some(t("problem.what.hint"))),
        text: form.draft.with_untracked(|draft| draft.problem.clone()),
        offered: offered.into(),
        nothing: |_| t("problem.no-diagnosis"),
        waiting: t("state.loading"),
        failed: t("state.not-looked-up"),
        typed: Box::new(move |text| {
            form.mended(&form.id_of(path));
            form.draft.update(|draft| draft.put_problem(text));
        }),
        ask: Box::new(ask),
        chosen: Box::new(move |offer| {
            form.mended(&form.id_of(path));
            form.draft.update(|draft| choose(draft, &offer));
            offer.label
        }),
    });
    let coded = move || {
        let code = form.draft.with(|draft| draft.code.as_ref().map(|code| code.code.clone()))?;
        Some(tf("problem.coded", &[("code", &code)]))
    };
    view! { <div class="dated">{line} {understood(coded)}</div> }.into_any()
}

/// What the program answered, as it is offered.
pub(crate) fn answered(to: String, answer: Answer) -> Offered {
    match reply_of(answer) {
        Ok(hits) => offers(to, hits),
        Err(_) => Offered::failed(to),
    }
}

/// What was found, as it is offered. What answers some of the words alone is shown, and taken by
/// the arrows only: whoever goes on typing means other words.
fn offers(to: String, hits: Vec<DiagnosisHit>) -> Offered {
    let leads = hits.first().is_some_and(|hit| hit.matched != "partly");
    let offer =
        |hit: DiagnosisHit| Offer { detail: hit.code.clone(), id: hit.code, label: hit.display };
    Offered { to, offers: hits.into_iter().map(offer).collect(), leads, failed: false }
}

/// The words become the name that was chosen, and the code stands beside them.
fn choose(draft: &mut ConditionDraft, offer: &Offer) {
    draft.problem = offer.label.clone();
    draft.code = Some(Coding::new(ICD_10_CM, &offer.id, &offer.label));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(code: &str, matched: &str) -> DiagnosisHit {
        DiagnosisHit { code: code.into(), display: format!("the {code}"), matched: matched.into() }
    }

    #[test]
    fn enter_takes_what_answers_all_that_was_typed() {
        let check = |matched: &[&str], leads: bool| {
            let hits = matched.iter().map(|matched| hit("I10", matched)).collect();
            let offered = offers("htn".into(), hits);
            assert_eq!((offered.to.as_str(), offered.leads), ("htn", leads), "{matched:?}");
        };
        check(&["words", "partly"], true);
        check(&["code"], true);
        check(&["spelling"], true);
        check(&["partly", "words"], false);
        check(&[], false);
    }

    #[test]
    fn a_choice_is_name_and_code_until_other_words_are_typed() {
        let offered = offers("htn".into(), vec![hit("I10", "words")]);
        let mut draft = ConditionDraft { problem: "htn".into(), ..ConditionDraft::default() };
        choose(&mut draft, &offered.offers[0]);
        assert_eq!(draft.problem, "the I10");
        assert_eq!(draft.code, Some(Coding::new(ICD_10_CM, "I10", "the I10")));
        draft.put_problem("the I10, since Kitgum".into());
        assert!(draft.code.is_some());
        draft.put_problem("malaria".into());
        assert_eq!(draft.code, None);
    }
}
