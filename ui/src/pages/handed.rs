//! What is shown by itself: a recovery code, a recovery kit, the clinic's card, the password of a
//! demonstration.

use super::square::square;
use crate::backend::remote;
use crate::components::{Press, Tone, button, check_input, fact, facts, notice, status};
use crate::forms::Form;
use crate::frame::{Gate, Handed, Paper};
use crate::host::{clock, page};
use crate::i18n::{t, tag, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{
    CardView, DriveView, KitPrinted, ListDevices, ListDrives, PrintOutcome, PrintRecoveryKit,
    RecoveryKit, Topic,
};
use clinical::{PartialDate, Role};

/// The page; it goes on when the person says so.
pub(crate) fn handed(handed: Handed) -> AnyView {
    match handed {
        Handed::Code(paper) => recovery_code(paper),
        Handed::Kit(kit) => recovery_kit(kit),
        Handed::Card(card) => own_card(card),
        Handed::Demonstration(created) => {
            let user = fact(t("sign-in.user"), created.user_name);
            let password = fact(t("sign-in.password"), created.password);
            shown_once(t("handed.demonstration"), facts(vec![user, password]), None)
        }
    }
}

/// The code; printed are the clinic, the computer, the day, what it is for and the code alone.
fn recovery_code(Paper { code, session, computer, keyring_absent }: Paper) -> AnyView {
    let computer = name_of_computer(session.role, computer);
    let print = button(Press::Plain, t("handed.code.print"), page::print);
    let day = words::date(&PartialDate::from_date(clock::today()));
    let alone = keyring_absent
        .then(|| notice(Tone::Warning, t("handed.alone.what"), t("handed.alone.help"), None));
    let body = view! {
        {alone}
        {notice(Tone::Warning, t("handed.code.what"), t("handed.code.help"), Some(print))}
        {facts(vec![
            fact(t("first-run.clinic"), session.clinic_name),
            computer.into_any(),
            fact(t("handed.code.day"), day),
            fact(t("handed.code.for"), t("handed.code.use")),
        ])}
        {code_box(&code)}
    };
    shown_once(t("handed.code"), body.into_any(), Some(t("handed.code.printed")))
}

/// The clinic's recovery kit: on paper by the printer, or on a stick. What is shown is what stands
/// there, to be copied by hand where there is neither.
fn recovery_kit(kit: RecoveryKit) -> AnyView {
    let form = Form::new("hand-kit", ());
    let came_of = RwSignal::new(None::<KitPrinted>);
    let send = {
        let kit = kit.clone();
        move |drive: Option<String>| {
            let language = Some(tag().to_owned());
            let print = PrintRecoveryKit { kit: kit.clone(), language, drive };
            came_of.set(None);
            form.send(print, move |printed| came_of.set(Some(printed)));
        }
    };
    let print = {
        let send = send.clone();
        button(Press::Plain, t("handed.code.print"), move || send(None))
    };
    let drives = remote(|| Some(ListDrives {}), |topic| topic == Topic::Sync);
    let to_stick = move || {
        let send = send.clone();
        let button = move |drive: DriveView| {
            let (send, label) = (send.clone(), tf("handed.kit.write", &[("name", &drive.name)]));
            button(Press::Plain, label, move || send(Some(drive.name.clone())))
        };
        drives.ready().map(|all| all.into_iter().map(button).collect_view())
    };
    let actions = view! { {print} {to_stick} };
    let told = move || {
        let printed = came_of.get()?;
        let (tone, what, help) = kit_went(&printed);
        Some(notice(tone, what, help, None))
    };
    let body = view! {
        {notice(Tone::Warning, t("handed.kit.what"), t("handed.kit.help"), Some(actions.into_any()))}
        {form.failure()}
        {status(told.into_any())}
        {facts(vec![
            fact(t("first-run.clinic"), kit.clinic_name),
            fact(t("first-run.clinic-id"), kit.clinic.to_string()),
            fact(t("enter.server"), kit.server),
            fact(t("handed.kit.people"), kit.people.join(", ")),
            fact(t("handed.code.for"), t("handed.kit.use")),
        ])}
        {code_box(&kit.code)}
    };
    shown_once(t("handed.kit"), body.into_any(), Some(t("handed.kit.kept")))
}

/// The clinic's card, to be printed and handed to another clinic. It opens nothing.
fn own_card(CardView { name, card, number, square: code, .. }: CardView) -> AnyView {
    let print = button(Press::Plain, t("handed.code.print"), page::print);
    let body = view! {
        {notice(Tone::Info, t("handed.card.what"), t("handed.card.help"), Some(print))}
        {facts(vec![
            fact(t("first-run.clinic"), name),
            fact(t("given.number"), number),
            fact(t("handed.code.for"), t("handed.card.use")),
        ])}
        {code.map(|code| square(code.side, code.path, t("devices.square")))}
        <p class="own-card"><code dir="ltr">{card}</code></p>
    };
    shown_once(t("handed.card"), body.into_any(), None)
}

/// What came of printing a kit, and what to do now.
fn kit_went(printed: &KitPrinted) -> (Tone, String, &'static str) {
    match printed.outcome {
        PrintOutcome::Printer | PrintOutcome::Viewer => {
            (Tone::Ok, t("handed.kit.printed").to_owned(), t("handed.kit.printed.help"))
        }
        PrintOutcome::File => {
            let files = printed.files.join(", ");
            let what = tf("handed.kit.written", &[("file", &files)]);
            (Tone::Ok, what, t("handed.kit.written.help"))
        }
        PrintOutcome::Nowhere => {
            (Tone::Warning, t("handed.kit.nowhere").to_owned(), t("handed.kit.nowhere.help"))
        }
    }
}

/// Which computer the code is of: as it was just named, else as an administrator may ask.
fn name_of_computer(role: Role, named: Option<String>) -> impl Fn() -> Option<AnyView> {
    let may_ask = named.is_none() && role == Role::Admin;
    let devices = remote(move || may_ask.then_some(ListDevices {}), |topic| topic == Topic::Sync);
    move || {
        let listed = || devices.ready()?.into_iter().find(|device| device.here);
        let name = named.clone().or_else(|| Some(listed()?.name))?;
        Some(fact(t("handed.code.computer"), name))
    }
}

/// A code to be copied by hand: its lines end between groups, never within one.
pub(super) fn code_box(code: &str) -> AnyView {
    let groups = code.split_inclusive('-').map(|group| {
        view! { <span>{group.to_owned()}</span> }
    });
    view! { <p class="recovery-code"><code dir="ltr">{groups.collect_view()}</code></p> }.into_any()
}

/// `promise` must be ticked before going on, where there is one.
fn shown_once(title: &'static str, body: AnyView, promise: Option<&'static str>) -> AnyView {
    let gate = Gate::here();
    let promised = RwSignal::new(promise.is_none());
    let tick = promise.map(|promise| {
        check_input("printed".to_owned(), promise, promised.get_untracked(), move |value| {
            promised.set(value);
        })
    });
    let go_on = move |_| {
        gate.status.refetch();
        gate.handed.set(None);
    };
    view! {
        <main class="gate" id="main" tabindex="-1">
            <h1>{title}</h1>
            {body}
            {tick}
            <div class="actions">
                <button
                    type="button"
                    class="button main"
                    disabled=move || !promised.get()
                    on:click=go_on
                >
                    {t("handed.go-on")}
                </button>
            </div>
        </main>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_kit_is_told_and_what_to_do_where_it_went_nowhere() {
        let went = |outcome, files: &[&str]| {
            let files = files.iter().map(|file| (*file).to_owned()).collect();
            kit_went(&KitPrinted { outcome, files })
        };
        assert_eq!(went(PrintOutcome::Printer, &[]).0, Tone::Ok);
        let (tone, what, _) = went(PrintOutcome::File, &["kit.pdf", "kit.txt"]);
        assert_eq!(tone, Tone::Ok);
        assert!(what.contains("kit.pdf") && what.contains("kit.txt"), "{what}");
        let (tone, _, help) = went(PrintOutcome::Nowhere, &[]);
        assert_eq!(tone, Tone::Warning);
        assert!(help.contains("by hand"), "{help}");
    }
}
