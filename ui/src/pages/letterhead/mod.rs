//! What the clinic's paper says, with a sheet as it would look; and who signs.

use super::shown::shown;
use crate::backend::{remote, touch};
use crate::components::{Choice, choice_input, page_head, plain_card, quiet_button};
use crate::forms::Form;
use crate::frame::Frame;
use crate::host::picture::pictures;
use crate::i18n::{LANGUAGES, t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{
    GetLetterhead, LetterheadView, ListPeople, PersonView, PreviewLetterhead, SetCredentials,
    SetLetterhead, Topic, clinic_topics,
};
use clinical::{
    Credentials, Letterhead, LetterheadTemplate, PractitionerId, Role, SheetKind, SheetPaper,
};

/// The letterhead as it is typed: the address is one text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PaperDraft {
    address: String,
    said: Letterhead,
}

impl PaperDraft {
    fn of(said: Letterhead) -> Self {
        Self { address: said.address.join("\n"), said }
    }

    fn letterhead(&self) -> Letterhead {
        let address = self.address.lines().map(str::to_owned).collect();
        Letterhead { address, ..self.said.clone() }
    }
}

/// The page.
pub(crate) fn letterhead(frame: Frame) -> AnyView {
    let said = remote(|| Some(GetLetterhead {}), |topic| topic == Topic::People);
    let people = remote(|| Some(ListPeople {}), |topic| topic == Topic::People);
    view! {
        {page_head(t("letterhead.title"), t("letterhead.text"), None)}
        <div class="stack" data-testid="letterhead-page">
            {shown(said, move |view| paper(frame, &view))}
            {shown(people, move |people| signers(frame, people))}
        </div>
    }
    .into_any()
}

fn paper(frame: Frame, view: &LetterheadView) -> AnyView {
    let form = Form::new("letterhead", PaperDraft::of(view.letterhead.clone()));
    let submit = move || {
        let letterhead = form.draft.get_untracked().letterhead();
        form.send(SetLetterhead { letterhead }, move |()| {
            frame.say(t("letterhead.done"));
            touch(&clinic_topics());
        });
    };
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let fields = view! {
        {line("name", t("letterhead.name"), Some(t("letterhead.name.hint")), |d: &mut PaperDraft| {
            &mut d.said.name
        })}
        {form.area(form.label("address", t("letterhead.address"), None), 3, |d| &mut d.address)}
        <div class="pair">
            {line("telephone", t("letterhead.telephone"), None, |d: &mut PaperDraft| {
                &mut d.said.telephone
            })}
            {line("registration", t("letterhead.registration"), None, |d: &mut PaperDraft| {
                &mut d.said.registration
            })}
        </div>
        {line("footer", t("letterhead.footer"), None, |d: &mut PaperDraft| &mut d.said.footer)}
        {choices(form, view)}
        {preview(form)}
    };
    let body = form.shell(fields.into_any(), t("letterhead.save").to_owned().into(), submit);
    view! { <section class="card">{body}</section> }.into_any()
}

/// Languages and papers.
fn choices(form: Form<PaperDraft>, view: &LetterheadView) -> AnyView {
    let is_known = |tag: &str| view.languages.iter().any(|known| known == tag);
    let known = LANGUAGES.iter().filter(|language| is_known(language.tag));
    let known = known.map(|language| Choice { value: language.tag, label: language.name });
    let none = Choice { value: "", label: t("letterhead.language.usual") };
    let choices = [none].into_iter().chain(known).collect();
    let label = form.label("language", t("paper.language"), Some(t("letterhead.language.hint")));
    let language = choice_input(label, choices, &view.letterhead.language, move |tag| {
        form.draft.update(|draft| draft.said.language = tag);
    });
    view! {
        <div class="pair">{template(form)} {language}</div>
        <div class="pair">{on(form, SheetKind::Prescription)} {on(form, SheetKind::Summary)}</div>
        <div class="pair">{on(form, SheetKind::SickNote)} {on(form, SheetKind::Referral)}</div>
        {on(form, SheetKind::Label)}
    }
    .into_any()
}

/// How a sheet begins.
fn template(form: Form<PaperDraft>) -> AnyView {
    let label = form.label("template", t("letterhead.template"), None);
    let now = form.draft.with_untracked(|draft| draft.said.template);
    let all = LetterheadTemplate::ALL
        .iter()
        .map(|it| Choice { value: it.code(), label: words::letterhead_template(*it) });
    let now = now.unwrap_or(LetterheadTemplate::Plain).code();
    choice_input(label, all.collect(), now, move |code| {
        form.draft.update(|draft| draft.said.template = LetterheadTemplate::from_code(&code));
    })
}

/// What a kind of sheet is printed on.
fn on(form: Form<PaperDraft>, kind: SheetKind) -> AnyView {
    let label = form.label(kind.code(), words::sheet_kind(kind), None);
    let now = form.draft.with_untracked(|draft| draft.said.paper(kind));
    let all = SheetPaper::ALL
        .iter()
        .map(|paper| Choice { value: paper.code(), label: words::sheet_paper(*paper) });
    choice_input(label, all.collect(), now.code(), move |code| {
        let paper = SheetPaper::from_code(&code);
        form.draft.update(|draft| {
            draft.said.papers.extend(paper.map(|paper| (kind, paper)));
        });
    })
}

/// A prescription under what is typed. One is drawn at a time: what was typed meanwhile is drawn
/// next, all of it at once.
fn preview(form: Form<PaperDraft>) -> AnyView {
    let asked = RwSignal::new(form.draft.get_untracked().letterhead());
    let kind = SheetKind::Prescription;
    let question = move || Some(PreviewLetterhead { letterhead: asked.get(), kind });
    let drawn = remote(question, |_| false);
    Effect::new(move |_| {
        let typed = form.draft.with(PaperDraft::letterhead);
        if drawn.is_settled() && asked.get_untracked() != typed {
            asked.set(typed);
        }
    });
    let view = shown(drawn, |picture| pictures(&picture.pages));
    view! { <h2>{t("letterhead.preview")}</h2> {view} }.into_any()
}

/// What stands beside the names of those who sign, changed for one at a time.
fn signers(frame: Frame, people: Vec<PersonView>) -> AnyView {
    let changing = RwSignal::new(None::<PractitionerId>);
    let signs = |person: &PersonView| person.active && person.role != Role::Reception;
    let people = people.into_iter().filter(signs);
    let each: Vec<AnyView> = people.map(|person| signer(frame, changing, person)).collect();
    plain_card(t("letterhead.signers"), view! { <ul class="lines">{each}</ul> }.into_any())
}

fn signer(frame: Frame, changing: RwSignal<Option<PractitionerId>>, person: PersonView) -> AnyView {
    let PersonView { id, name, credentials, .. } = person;
    let Credentials { registration, qualification } = credentials.clone();
    let whole = tf("letterhead.change-of", &[("name", &name)]);
    let change = quiet_button(t("letterhead.change"), whole, move || changing.set(Some(id)));
    let form = move || {
        (changing.get() == Some(id)).then(|| signer_form(frame, changing, id, credentials.clone()))
    };
    view! {
        <li>
            <b><bdi>{name}</bdi></b>
            " "
            <bdi>{qualification}</bdi>
            " "
            <bdi>{registration}</bdi>
            " "
            {change}
            {form}
        </li>
    }
    .into_any()
}

fn signer_form(
    frame: Frame,
    changing: RwSignal<Option<PractitionerId>>,
    person: PractitionerId,
    credentials: Credentials,
) -> AnyView {
    let form = Form::new("credentials", credentials);
    let submit = move || {
        let credentials = form.draft.get_untracked();
        form.send(SetCredentials { person, credentials }, move |()| {
            changing.set(None);
            frame.say(t("letterhead.done"));
            touch(&clinic_topics());
        });
    };
    let line = |path, label, member| form.line(form.label(path, label, None), member);
    let fields = view! {
        <div class="pair">
            {line("registration", t("letterhead.number"), |d: &mut Credentials| {
                &mut d.registration
            })}
            {line("qualification", t("letterhead.qualification"), |d: &mut Credentials| {
                &mut d.qualification
            })}
        </div>
    };
    let cancel = move || changing.set(None);
    form.shell_with_cancel(
        fields.into_any(),
        t("letterhead.save-person").to_owned().into(),
        submit,
        cancel,
    )
}
