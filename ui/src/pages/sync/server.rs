//! The server to exchange with: set, or put in the place of another.

use super::model::address;
use crate::components::{Tone, notice, plain_card};
use crate::forms::Form;
use crate::frame::Frame;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::SetServer;
use clinical::Finding;

#[derive(Debug, Clone, Default)]
struct ServerDraft {
    server: String,
    keeper_lost: bool,
}

/// The card. Where a server is set already, by whomever, it is shown and its place is asked for.
pub(super) fn server(frame: Frame) -> AnyView {
    let form = Form::new("server", ServerDraft::default());
    let set = Memo::new(move |_| frame.sync.ready().and_then(|view| view.server));
    let list_at = Memo::new(move |_| frame.sync.ready().and_then(|view| view.list_at));
    // What was typed, and the server it was asked to take the place of.
    let asked = RwSignal::new(None::<(String, String)>);
    let is_asked = move |typed: &str| {
        asked.get().is_some_and(|(of, instead)| of == typed && Some(instead) == set.get())
    };
    let submit = move || {
        let server = form.draft.with_untracked(|draft| draft.server.trim().to_owned());
        if server.is_empty() {
            return form.mend(&[Finding::error("server", "required", t("form.required"))]);
        }
        // Where it was not brought to the one before, nothing takes its place.
        let before = set.get_untracked().filter(|_| list_at.get_untracked().is_none());
        if let Some(before) = before.filter(|_| !untrack(|| is_asked(&server))) {
            return asked.set(Some((server, before)));
        }
        let is_ticked = form.draft.with_untracked(|draft| draft.keeper_lost);
        let keeper_lost = is_ticked && list_at.get_untracked().is_some();
        form.send(SetServer { server, keeper_lost }, move |()| {
            asked.set(None);
            frame.sync.refetch();
            frame.say(t("sync.server-set"));
        });
    };
    let typed = move || form.draft.with(|draft| draft.server.trim().to_owned());
    let question = move || is_asked(&typed()).then(|| replaces(&set.get().unwrap_or_default()));
    let now = move || set.get().map(|server| view! { <p class="hint">{is_set(&server)}</p> });
    let elsewhere = move || {
        let said = tf("sync.list-at", &[("name", &list_at.get()?)]);
        let lost = form.check("lost", t("sync.keeper-lost"), |d| &mut d.keeper_lost);
        Some(view! { <p class="hint">{said}</p> {lost} })
    };
    let label = form.label("server", t("sync.server"), Some(t("first-run.server.hint")));
    let fields = view! { {now} {form.line(label, |d| &mut d.server)} {elsewhere} {question} };
    let (title, instead) = (t("sync.set-server"), t("sync.replace-server"));
    let act = move || if is_asked(&typed()) { instead } else { title };
    let save = Signal::derive(move || act().to_owned());
    plain_card(title, form.shell(fields.into_any(), save, submit))
}

/// Which server is set.
fn is_set(server: &str) -> String {
    tf("sync.server-is", &[("server", address(server).0)])
}

/// That another server takes its place.
fn replaces(server: &str) -> AnyView {
    let what = tf("sync.server-replaces", &[("server", address(server).0)]);
    notice(Tone::Warning, what, t("sync.server-replaces.help"), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};

    #[test]
    fn the_server_that_is_set_is_shown_without_its_pin() {
        for tag in tags() {
            let said = speak(tag, || is_set("https://clinic.example:8443#sha256:00ff"));
            assert!(
                said.contains("clinic.example:8443") && !said.contains("00ff"),
                "{tag}: {said}"
            );
        }
    }
}
