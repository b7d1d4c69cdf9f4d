//! Who may be the same person as whoever is being registered: looked up while one types, shown
//! with why, and in nobody's way. Only where it is most likely the same is it asked once more.

use super::Form;
use crate::backend::call;
use crate::components::{Tone, chip, notice};
use crate::frame::Frame;
use crate::host::{clock, focus};
use crate::i18n::{self, t, tn};
use crate::markup::prelude::*;
use crate::pages::open_hit;
use crate::sections::also_words;
use crate::words::identity_line;
use api::{DuplicateHit, FindDuplicates, PatientHit};
use clinical::PatientDraft;
use leptos::task::spawn_local;
use std::{rc::Rc, time::Duration};

/// Typing has paused for so long before it is looked up.
const PAUSE: Duration = Duration::from_millis(250);

/// What goes on once nobody objects.
pub(super) type Go = Rc<dyn Fn()>;

/// Who may be the same, kept up to date.
#[derive(Clone, Copy)]
pub(super) struct Duplicates {
    frame: Frame,
    form: Form<PatientDraft>,
    found: RwSignal<Vec<DuplicateHit>>,
    /// The last look failed: that nobody is shown does not say that nobody is known.
    failed: RwSignal<bool>,
    /// What was held back until it is said once more.
    held: RwSignal<Option<Go>, LocalStorage>,
}

impl Duplicates {
    /// Looks whenever typing pauses.
    pub(super) fn watch(frame: Frame, form: Form<PatientDraft>) -> Self {
        let (found, held) = (RwSignal::new(Vec::new()), RwSignal::new_local(None));
        let failed = RwSignal::new(false);
        let duplicates = Self { frame, form, found, failed, held };
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            let draft = form.draft.get();
            if held.with_untracked(Option::is_some) {
                held.set(None);
            }
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            if !says_enough(&draft) {
                if !found.with_untracked(Vec::is_empty) {
                    found.set(Vec::new());
                }
                failed.set(false);
                return;
            }
            let look = async move {
                duplicates.look(draft).await;
            };
            let ask = move || spawn_local(look);
            timer.set_value(set_timeout_with_handle(ask, PAUSE).ok());
        });
        duplicates
    }

    /// Looks once more and goes on, unless it is most likely somebody who is known: then that is
    /// shown, and what was to be done waits for one more word. A look that fails stops nobody.
    pub(super) fn before_registering(self, draft: PatientDraft, go: Go) {
        spawn_local(async move {
            let is_known = self.look(draft).await;
            if !is_known {
                return go();
            }
            self.held.try_set(Some(go));
            self.frame.say(t("duplicates.strong"));
            let count = self.found.try_with_untracked(Vec::len).unwrap_or_default();
            focus::to_id(&row_id(count));
        });
    }

    /// Whether it is most likely somebody who is known. The answer to what is typed now counts.
    async fn look(self, draft: PatientDraft) -> bool {
        let answer = call(&FindDuplicates { draft: draft.clone() }).await;
        let is_now = self.form.draft.try_with_untracked(|now| *now == draft) == Some(true);
        if is_now {
            self.failed.try_set(answer.is_err());
        }
        let answer = answer.unwrap_or_default();
        let is_known = answer.iter().any(|it| it.strong);
        if is_now && self.found.try_with_untracked(|found| *found != answer) == Some(true) {
            let count = u64::try_from(answer.len()).unwrap_or_default();
            self.frame.say(if count > 0 { tn("duplicates.count", count) } else { String::new() });
            self.found.set(answer);
        }
        is_known
    }

    /// Who was found, and what is held back.
    pub(super) fn view(self) -> AnyView {
        let view = move || {
            let found = self.found.get();
            if found.is_empty() {
                let (what, help) = (t("duplicates.failed"), t("duplicates.failed.help"));
                return self.failed.get().then(|| notice(Tone::Warning, what, help, None));
            }
            let (last, count) = (found.len(), u64::try_from(found.len()).unwrap_or_default());
            let hits = found.into_iter().enumerate().map(|(at, it)| self.row(at, it));
            Some(
                view! {
                    <section class="known" aria-labelledby="known-title" on:keydown=|event| heed(&event)>
                        <p id="known-title" class="label">{tn("duplicates.count", count)}</p>
                        <ul>{hits.collect_view()}</ul>
                        {move || self.held(last)}
                    </section>
                }
                .into_any(),
            )
        };
        view.into_any()
    }

    fn row(self, at: usize, it: DuplicateHit) -> AnyView {
        let DuplicateHit { hit, reasons, strong } = it;
        let line = identity_line(&hit.identity, clock::today());
        let place = [hit.city.clone(), hit.phone.clone()].into_iter().flatten();
        let who = [line.born, line.sex.to_owned(), line.number].into_iter().chain(place);
        let parts = who.map(|part| view! { <bdi class="whole">{part}</bdi> " " }).collect_view();
        let why = words(&reasons).join(" · ");
        let absent = hit.elsewhere.then(|| chip(Tone::Info, t("fetch.not-here")));
        let also = also_words(&hit.also).map(|also| chip(Tone::Plain, also));
        let died = hit.deceased.then(|| chip(Tone::Plain, t("banner.deceased")));
        view! {
            <li>
                <button
                    type="button"
                    id=row_id(at)
                    class="button known-hit"
                    class:strong=strong
                    on:click=move |_| self.open(&hit)
                >
                    <b><bdi>{line.name}</bdi></b>
                    <span>{parts} {also} {absent} {died}</span>
                    <span class="why">{why}</span>
                    <span class="act">{t("duplicates.open")}</span>
                </button>
            </li>
        }
        .into_any()
    }

    /// They are here already: what was typed of them is given up.
    fn open(self, hit: &PatientHit) {
        self.form.give_up();
        self.frame.close();
        open_hit(self.frame, hit);
    }

    /// That it is held back, and the way to go on all the same: the row after the last.
    fn held(self, at: usize) -> Option<AnyView> {
        let go = self.held.get()?;
        let anyway = view! {
            <button type="button" id=row_id(at) class="button" on:click=move |_| go()>
                {t("duplicates.anyway")}
            </button>
        }
        .into_any();
        let (what, help) = (t("duplicates.strong"), t("duplicates.strong.help"));
        Some(notice(Tone::Warning, what, help, Some(anyway)))
    }
}

/// Whether so much was typed that somebody can be meant: one name is that of many.
fn says_enough(draft: &PatientDraft) -> bool {
    let said = |text: &str| !text.trim().is_empty();
    let names = [&draft.family, &draft.given].into_iter().filter(|name| said(name)).count();
    let is_born = said(&draft.birth_date);
    names + usize::from(is_born && names > 0) > 1 || said(&draft.phone) || said(&draft.identifier)
}

/// What is alike, in words.
fn words(reasons: &[String]) -> Vec<&'static str> {
    reasons.iter().filter_map(|code| i18n::find(&format!("duplicate.{code}"))).collect()
}

fn row_id(at: usize) -> String {
    format!("known-{at}")
}

/// Arrows lead from one to the next. A key that is held down says nothing twice.
fn heed(event: &web_sys::KeyboardEvent) {
    if event.key() == "Enter" && event.repeat() {
        return event.prevent_default();
    }
    let at = focus::active().and_then(|row| row.id().strip_prefix("known-")?.parse().ok());
    let to = match (event.key().as_str(), at) {
        ("ArrowDown", Some(at)) => usize::checked_add(at, 1),
        ("ArrowUp", Some(at)) => usize::checked_sub(at, 1),
        _ => None,
    };
    if let Some(to) = to {
        event.prevent_default();
        focus::to_first(&format!("#{}", row_id(to)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;

    #[test]
    fn nobody_is_looked_up_by_a_name_alone() {
        let check = |[family, given, born, phone, number]: [&str; 5], want: bool| {
            let draft = PatientDraft {
                family: family.into(),
                given: given.into(),
                birth_date: born.into(),
                phone: phone.into(),
                identifier: number.into(),
                ..PatientDraft::default()
            };
            assert_eq!(says_enough(&draft), want, "{draft:?}");
        };
        check(["", "", "", "", ""], false);
        check(["Okello", " ", "", "", ""], false);
        check(["", "", "1988", "", ""], false);
        check(["Okello", "Grace", "", "", ""], true);
        check(["Okello", "", "1988", "", ""], true);
        check(["", "Grace", "1988", "", ""], true);
        check(["", "", "", "0712", ""], true);
        check(["", "", "", "", "A-7"], true);
    }

    #[test]
    fn every_reason_has_words() {
        let codes = [
            "identifier",
            "name",
            "swapped-names",
            "phone",
            "birth-date",
            "similar-name",
            "swapped-birth-date",
            "close-birth-date",
            "family-name",
            "city",
        ];
        for tag in ["en", "fr"] {
            let said = speak(tag, || words(&codes.map(str::to_owned)));
            assert_eq!(said.len(), codes.len(), "{tag}");
        }
        let said = speak("en", || words(&["phone".into(), "similar-name".into()]).join(", "));
        assert_eq!(said, "same telephone, similar name");
        assert_eq!(words(&["something-newer".into()]), Vec::<&str>::new());
    }
}
