//! Giving the chart to another clinic, and when it passed from one to another.

use super::{ChartPart, carrying, who_line};
use crate::backend::{remote, touch};
use crate::components::{Modal, Press, Tone, button, file_input, notice};
use crate::forms::{Form, blank, chart_topics};
use crate::frame::{Frame, Subject};
use crate::host::clock;
use crate::host::file::read_chosen;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{CardKnown, CardView, DriveView, FileAct, ListDrives, ReadCard, ShareChart, Topic};
use clinical::{Finding, Sharing, SharingDraft, SharingGround};

/// What was given, in quiet lines, and the way to give it.
pub(crate) fn sharing(part: ChartPart) -> AnyView {
    let modal = Modal::new();
    let open = move || match part.subject() {
        Some(_) => modal.toggle(),
        None => part.frame.say(t("chart.nobodys")),
    };
    let dialog = modal.view("sharing", t("sharing.title"), move || {
        part.subject().map(|subject| asked(part.frame, modal, &subject)).into_any()
    });
    let lines = part.model(|view, _| lines_of(&view.chart.shared));
    let lines = move || {
        let lines = lines.get().unwrap_or_default();
        let line = |line| view! { <p class="hint"><bdi>{line}</bdi></p> };
        lines.into_iter().map(line).collect_view()
    };
    view! {
        <div class="erasing" data-testid="shared">
            {lines}
            {button(Press::Plain, t("sharing.open"), open)}
        </div>
        {dialog}
    }
    .into_any()
}

/// A line for each time, the last first.
fn lines_of(shared: &[Sharing]) -> Vec<String> {
    let mut shared: Vec<&Sharing> = shared.iter().collect();
    shared.sort_by_key(|one| std::cmp::Reverse((one.at, one.id)));
    shared.into_iter().map(line).collect()
}

/// That a chart passed from one clinic to another.
pub(crate) fn line(one: &Sharing) -> String {
    let at = words::moment(clock::local(one.at), clock::today());
    let said = [
        ("from", one.from.name.as_str()),
        ("to", one.to.name.as_str()),
        ("ground", words::sharing_ground(one.ground)),
        ("at", at.as_str()),
    ];
    let line = tf("sharing.line", &said);
    match &one.until {
        Some(day) => {
            format!("{line} · {}", tf("sharing.line.until", &[("day", &words::date(day))]))
        }
        None => line,
    }
}

/// What is typed, and whether the number of the card is the same.
#[derive(Debug, Clone, Default)]
struct Giving {
    card: String,
    said: SharingDraft,
    path: String,
    compared: bool,
}

fn asked(frame: Frame, modal: Modal, subject: &Subject) -> AnyView {
    let patient = subject.patient;
    let form = Form::new("sharing", Giving::default());
    let read = RwSignal::new(None::<CardView>);
    let submit = move || {
        let draft = form.draft.get_untracked();
        let known = read.get_untracked().filter(|view| is_of(view, &draft.card));
        let Some(view) = known else {
            let missing = blank(&[("card", &draft.card)]);
            if !missing.is_empty() {
                return form.mend(&missing);
            }
            return form.send(ReadCard { card: draft.card }, move |view| {
                // From here on it is the card as it was read.
                form.draft.update(|draft| draft.card.clone_from(&view.card));
                read.set(Some(view));
            });
        };
        let findings = missing(&draft, &view);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let Giving { card, said, path, compared } = draft;
        form.send(ShareChart { patient, card, compared, draft: said, path }, move |shared| {
            modal.close();
            touch(&chart_topics(patient));
            let values = [("file", shared.file.as_str()), ("to", &shared.sharing.to.name)];
            frame.say(tf("sharing.done", &values));
        });
    };
    // Drawn again with what a file says.
    let drawn = RwSignal::new(0_u32);
    let card = move || {
        drawn.track();
        let card = form.label("card", t("sharing.card"), Some(t("sharing.card.hint")));
        form.area(card, 4, |d: &mut Giving| &mut d.card)
    };
    let read_file = move |text: Option<String>| match text {
        Some(text) => {
            form.accept();
            form.draft.try_update(|draft| text.trim().clone_into(&mut draft.card));
            drawn.try_update(|drawn| *drawn += 1);
        }
        None => form.mark(&[Finding::error("file", "no-card", t("sharing.no-card"))]),
    };
    let file = move || {
        let label = form.label("file", t("sharing.card.file"), None);
        let chosen = move |event: &web_sys::Event| read_chosen(event, read_file);
        let words = [t("file.choose"), t("file.none")];
        read.get().is_none().then(|| file_input(label, ".txt,text/plain", words, chosen))
    };
    let rest = move || read.get().map(|view| said_of(form, &view));
    let fields = view! {
        <h2>{t("sharing.title")}</h2>
        <p class="quoted known-hit">{who_line(&subject.identity)}</p>
        {notice(Tone::Warning, t("sharing.what"), t("sharing.help"), None)}
        {card}
        {file}
        {rest}
        {carrying(frame, &[FileAct::GiveChart])}
    };
    let save = t("sharing.go-on").to_owned().into();
    form.shell_with_cancel(fields.into_any(), save, submit, move || modal.close())
}

/// What is asked once the card was read: whose it is, and what is said of the giving.
fn said_of(form: Form<Giving>, view: &CardView) -> AnyView {
    let ground = form.label("ground", t("sharing.ground"), None);
    let reason = form.label("reason", t("sharing.reason"), Some(t("sharing.reason.hint")));
    let until = form.label("until", t("sharing.until"), Some(t("sharing.until.hint")));
    let drawn = RwSignal::new(0_u32);
    let path = move || {
        drawn.track();
        let path = form.label("path", t("sharing.path"), Some(t("sharing.path.hint")));
        form.line(path, |d: &mut Giving| &mut d.path)
    };
    let choose = move |path: String| {
        form.draft.update(|draft| draft.path = path);
        drawn.update(|drawn| *drawn += 1);
    };
    view! {
        {number(view)}
        {must_compare(view).then(|| {
            form.check("compared", t("sharing.same"), |d: &mut Giving| &mut d.compared)
        })}
        {form.choice(
            ground,
            &SharingGround::ALL,
            |ground| (ground.word(), words::sharing_ground(ground)),
            |d: &Giving| d.said.ground,
            |d, ground| d.said.ground = ground,
        )}
        {form.area(reason, 2, |d: &mut Giving| &mut d.said.reason)}
        {form.date_line(until, false, |d: &mut Giving| &mut d.said.until)}
        {path}
        {to_sticks(choose)}
    }
    .into_any()
}

/// A file on each stick that is plugged in, by a press: nobody types where sticks are.
fn to_sticks(choose: impl Fn(String) + Copy + 'static) -> AnyView {
    let drives = remote(|| Some(ListDrives {}), |topic| topic == Topic::Sync);
    let stick = move |DriveView { name, new_chart, .. }: DriveView| {
        let path = new_chart?;
        let label = tf("handed.kit.write", &[("name", &name)]);
        Some(button(Press::Plain, label, move || choose(path.clone())))
    };
    let sticks = move || {
        let sticks: Vec<_> = drives.ready()?.into_iter().filter_map(stick).collect();
        (!sticks.is_empty())
            .then(|| view! { <div class="actions">{sticks.into_iter().collect_view()}</div> })
    };
    sticks.into_any()
}

/// Whose card it is, and the number two people compare.
pub(crate) fn number(view: &CardView) -> AnyView {
    let (tone, help) = match view.known {
        CardKnown::Known | CardKnown::Own => (Tone::Ok, t("sharing.known")),
        CardKnown::New | CardKnown::Met => (Tone::Warning, t("sharing.compare")),
        CardKnown::Doubtful => (Tone::Critical, t("sharing.doubtful")),
        CardKnown::Differs => (Tone::Critical, t("sharing.differs")),
    };
    let number = view.number.clone();
    let what = tf("sharing.card-of", &[("clinic", &view.name)]);
    let code = view! { <p><code dir="ltr" data-testid="card-number">{number}</code></p> };
    notice(tone, what, help, Some(code.into_any()))
}

/// Whether nobody here compared its number yet.
pub(crate) const fn must_compare(view: &CardView) -> bool {
    matches!(view.known, CardKnown::New | CardKnown::Met | CardKnown::Doubtful)
}

/// Whether a card that was read is the one that stands in the field.
fn is_of(view: &CardView, typed: &str) -> bool {
    let signs = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    signs(&view.card) == signs(typed).to_ascii_uppercase()
}

/// What is left out, or cannot be.
fn missing(draft: &Giving, view: &CardView) -> Vec<Finding> {
    let mut findings = draft.said.complete().err().unwrap_or_default();
    findings.extend(blank(&[("path", &draft.path)]));
    if must_compare(view) && !draft.compared {
        findings.push(Finding::error("compared", "not-compared", t("finding.not-compared")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{ClinicId, uuid_v7};

    fn view(known: CardKnown) -> CardView {
        CardView {
            clinic: ClinicId::from_uuid(uuid_v7(1, [0; 10])),
            name: "Gulu".into(),
            card: "AB12-CD34".into(),
            number: "1".into(),
            known,
            square: None,
        }
    }

    #[test]
    fn a_card_that_was_changed_since_is_read_again() {
        let check = |typed: &str, want| assert_eq!(is_of(&view(CardKnown::New), typed), want);
        check("AB12-CD34", true);
        check(" ab12 cd34\n", true);
        check("AB12-CD35", false);
        check("", false);
    }

    #[test]
    fn nothing_is_given_before_the_number_was_compared_once() {
        let check = |known, compared, ground, path: &str, want: &[&str]| {
            let said = SharingDraft { ground, ..SharingDraft::default() };
            let draft = Giving { said, path: path.into(), compared, ..Giving::default() };
            let found = missing(&draft, &view(known));
            let found: Vec<_> = found.iter().map(|finding| finding.path.as_str()).collect();
            assert_eq!(found, want);
        };
        let ground = Some(SharingGround::Referral);
        check(CardKnown::Known, false, ground, "/x", &[]);
        check(CardKnown::New, true, ground, "/x", &[]);
        check(CardKnown::New, false, ground, "/x", &["compared"]);
        check(CardKnown::Met, false, None, " ", &["ground", "path", "compared"]);
    }
}
