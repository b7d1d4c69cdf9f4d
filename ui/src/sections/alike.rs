//! Who may be the same person: a button for each, with who it is on one line.

use crate::components::{Tone, chip};
use crate::host::clock;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words::{Known, identity_line};
use api::{DuplicateHit, PatientHit};
use clinical::Identity;
use jiff::civil::Date;

/// The list under its name; nothing where nobody is alike. `id` is the name's element.
pub(crate) fn alike_list(
    id: &'static str,
    name: &'static str,
    found: Vec<DuplicateHit>,
    choose: impl Fn(&PatientHit) + Copy + 'static,
) -> Option<AnyView> {
    let row = |it: DuplicateHit| {
        let DuplicateHit { hit, strong, .. } = it;
        let absent = hit.elsewhere.then(|| chip(Tone::Info, t("fetch.not-here")));
        let who = who_line(&hit.identity);
        view! {
            <li>
                <button
                    type="button"
                    class="button known-hit"
                    class:strong=strong
                    on:click=move |_| choose(&hit)
                >
                    {who}
                    {absent}
                </button>
            </li>
        }
        .into_any()
    };
    (!found.is_empty()).then(|| {
        let rows = found.into_iter().map(row).collect_view();
        view! {
            <section class="known" aria-labelledby=id>
                <p id=id class="label">{name}</p>
                <ul>{rows}</ul>
            </section>
        }
        .into_any()
    })
}

/// The name, and below it what tells namesakes apart.
pub(crate) fn who_line(identity: &Identity) -> AnyView {
    let [name, parts @ ..] = parts(identity, clock::today());
    let part = |(at, part)| {
        let between = (at > 0).then_some("· ");
        view! { <span class="whole">{between} <bdi>{part}</bdi></span> " " }
    };
    let parts = parts.into_iter().enumerate().map(part).collect_view();
    view! { <b><bdi>{name}</bdi></b> " " <span>{parts}</span> }.into_any()
}

/// Name, birth date, sex and number: what is not known says what it is.
fn parts(identity: &Identity, today: Date) -> [String; 4] {
    let (line, known) = (identity_line(identity, today), Known::of(identity));
    let sex = known.sex_words(line.sex).to_owned();
    [line.name, known.born_words(line.born), sex, known.number_words(line.number)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;
    use clinical::{AdministrativeGender, HumanName, Identifier};

    #[test]
    fn namesakes_are_told_apart_by_more_than_their_name() {
        let number = Identifier { value: "MRN-43".into(), ..Identifier::default() };
        let mut identity = Identity {
            name: vec![HumanName::new("Okello", "Grace")],
            gender: AdministrativeGender::Female,
            birth_date: Some("1980-03-14".parse().unwrap()),
            birth_date_estimated: false,
            identifier: vec![number],
        };
        let today = jiff::civil::date(2026, 11, 24);
        let said = |identity: &Identity| speak("en", || parts(identity, today));
        assert_eq!(said(&identity), ["OKELLO, Grace", "14-Mar-1980 (46y)", "Female", "MRN-43"]);
        identity.birth_date = None;
        identity.gender = AdministrativeGender::Unknown;
        identity.identifier = Vec::new();
        let want = ["OKELLO, Grace", "Born not known", "Sex not known", "No number"];
        assert_eq!(said(&identity), want);
    }
}
