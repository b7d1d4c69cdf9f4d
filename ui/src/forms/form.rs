//! What all forms share: the draft, what is wrong with it, and sending it once.

use super::{send::on_send_or, step::Then};
use crate::backend::{ask_for, question, reply_of};
use crate::components::{
    Choice, Fault, FieldLabel, Press, Tone, area_input, button, check_input, choice_input,
    error_summary, notice, text_input,
};
use crate::frame::Frame;
use crate::host::{clock, focus};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::{ApiError, Command, ErrorCode};
use clinical::Finding;
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt::Display, rc::Rc, time::Duration};

/// A form over a draft `D`. Its fields' elements are called `NAME-PATH`, by the paths `clinical`
/// uses in its findings.
pub(crate) struct Form<D: Send + Sync + 'static> {
    name: &'static str,
    /// What was typed so far.
    pub draft: RwSignal<D>,
    faults: RwSignal<Vec<Fault>>,
    failure: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    labels: StoredValue<BTreeMap<&'static str, &'static str>>,
    /// What waits until it is recorded.
    then: StoredValue<Option<Then>, LocalStorage>,
    home: Option<Home>,
}

/// Where a draft waits while its form is closed or covered by another.
#[derive(Clone, Copy)]
struct Home {
    frame: Frame,
    /// The draft was waiting when the form was opened.
    restored: bool,
    /// The draft was recorded, or given up.
    over: StoredValue<bool>,
    /// What its draft is kept under.
    key: StoredValue<String>,
}

impl<D: Send + Sync + 'static> Clone for Form<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Send + Sync + 'static> Copy for Form<D> {}

impl<D: Clone + Send + Sync + 'static> Form<D> {
    /// A form that begins with a draft.
    pub(crate) fn new(name: &'static str, draft: D) -> Self {
        Self {
            name,
            draft: RwSignal::new(draft),
            faults: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            labels: StoredValue::new(BTreeMap::new()),
            then: StoredValue::new_local(None),
            home: None,
        }
    }

    /// A form that begins with what was typed into it before it was closed or covered unrecorded,
    /// else with `blank`. `of` tells it from forms of the same name: whose chart, which entry.
    pub(crate) fn kept(frame: Frame, name: &'static str, of: impl Display, blank: D) -> Self
    where
        D: PartialEq + Serialize + DeserializeOwned,
    {
        Self::kept_beside(frame, name, of, move || blank.clone())
    }

    /// The same, beside what the chart says whenever it is asked: that is nothing to keep.
    pub(crate) fn kept_beside(
        frame: Frame,
        name: &'static str,
        of: impl Display,
        stands: impl Fn() -> D + 'static,
    ) -> Self
    where
        D: PartialEq + Serialize + DeserializeOwned,
    {
        let key = format!("{name} {of}");
        let begun = stands();
        let waiting: Option<D> = frame.kept.with_value(|kept| kept.get(&key));
        let waiting = waiting.filter(|waiting| *waiting != begun);
        let over = StoredValue::new(false);
        let home =
            Home { frame, restored: waiting.is_some(), over, key: StoredValue::new(key.clone()) };
        let form = Self { home: Some(home), ..Self::new(name, waiting.unwrap_or(begun)) };
        let keep = move || {
            let is_over = over.try_get_value().unwrap_or(true);
            let typed = form.draft.try_get_untracked();
            let typed = typed.filter(|typed| !is_over && *typed != stands());
            frame.kept.try_update_value(|kept| kept.put(&key, typed.as_ref()));
        };
        let keep: Rc<dyn Fn()> = Rc::new(keep);
        keep_on_pause(form.draft, Rc::clone(&keep));
        frame.keepers.join(Rc::new(move || {
            keep();
            Box::pin(async {})
        }));
        form
    }

    /// The name, hint and fault of the field at a path.
    pub(crate) fn label(
        self,
        path: &'static str,
        label: &'static str,
        hint: Option<&'static str>,
    ) -> FieldLabel {
        self.labels.update_value(|labels| {
            labels.insert(path, label);
        });
        let id = self.id_of(path);
        let wanted = id.clone();
        let fault = Signal::derive(move || {
            self.faults.with(|faults| {
                faults.iter().find(|fault| fault.field_id == wanted).map(|fault| fault.text.clone())
            })
        });
        FieldLabel { id, label, hint, fault }
    }

    /// A line of text for one member of the draft.
    pub(crate) fn line(self, label: FieldLabel, member: fn(&mut D) -> &mut String) -> AnyView {
        self.typed(label, "text", member)
    }

    /// A date as people type it, with what was understood of it below; of a birth also an age.
    pub(crate) fn date_line(
        self,
        label: FieldLabel,
        is_birth: bool,
        member: fn(&mut D) -> &mut String,
    ) -> AnyView {
        let understood = move || {
            let text = std::mem::take(member(&mut self.draft.get()));
            let said = words::understood(&text, clock::today(), is_birth)?;
            Some(view! { <p class="understood" role="status">{said}</p> })
        };
        view! { <div class="dated">{self.line(label, member)} {understood}</div> }.into_any()
    }

    /// A line that is not shown.
    pub(crate) fn secret(self, label: FieldLabel, member: fn(&mut D) -> &mut String) -> AnyView {
        self.typed(label, "password", member)
    }

    /// Several lines of text.
    pub(crate) fn area(
        self,
        label: FieldLabel,
        rows: u32,
        member: fn(&mut D) -> &mut String,
    ) -> AnyView {
        let id = label.id.clone();
        area_input(label, rows, self.text_now(member), move |text| {
            self.mended(&id);
            self.put(member, text);
        })
    }

    /// One of several codes, or none.
    pub(crate) fn choice<V: Copy + 'static>(
        self,
        label: FieldLabel,
        choices: &'static [V],
        words: fn(V) -> (&'static str, &'static str),
        now: fn(&D) -> Option<V>,
        put: fn(&mut D, Option<V>),
    ) -> AnyView {
        let none = Choice { value: "", label: t("choice.none") };
        let listed = choices.iter().map(|choice| {
            let (value, label) = words(*choice);
            Choice { value, label }
        });
        let all = Some(none).into_iter().chain(listed).collect();
        let value = self.draft.with_untracked(now).map_or("", |now| words(now).0);
        let id = label.id.clone();
        choice_input(label, all, value, move |text| {
            self.mended(&id);
            let chosen = choices.iter().copied().find(|choice| words(*choice).0 == text);
            self.draft.update(|draft| put(draft, chosen));
        })
    }

    /// Yes or no.
    pub(crate) fn check(
        self,
        path: &'static str,
        label: &'static str,
        member: fn(&mut D) -> &mut bool,
    ) -> AnyView {
        let now = *member(&mut self.draft.get_untracked());
        check_input(self.id_of(path), label, now, move |value| {
            // Which fields there are may hang on it.
            self.faults.update(Vec::clear);
            self.draft.update(|draft| *member(draft) = value);
        })
    }

    /// The form element: faults and failure first, then the fields, then the button. Enter in a
    /// line and Ctrl+Enter anywhere submit.
    pub(crate) fn shell(
        self,
        fields: AnyView,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
    ) -> AnyView {
        self.drawn((fields, ().into_any()), None, None, save, submit)
    }

    /// The same, with what must stay in sight beside the button.
    pub(crate) fn shell_with_foot(
        self,
        fields: AnyView,
        foot: AnyView,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
    ) -> AnyView {
        self.drawn((fields, foot), None, None, save, submit)
    }

    /// The same, with another way to end it: a button beside the first, and Ctrl+Shift+Enter.
    pub(crate) fn shell_with_other(
        self,
        (fields, foot): (AnyView, AnyView),
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
        (label, other): (&'static str, Rc<dyn Fn()>),
    ) -> AnyView {
        let by_key = Rc::clone(&other);
        let beside = button(Press::Plain, label, move || other());
        self.drawn((fields, foot), Some(beside), Some(by_key), save, submit)
    }

    /// The same as [`Self::shell`], for a form that opens within a page: with the way out of it.
    pub(crate) fn shell_with_cancel(
        self,
        fields: AnyView,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
        cancel: impl Fn() + 'static,
    ) -> AnyView {
        let cancel = button(Press::Plain, t("form.cancel"), cancel);
        self.drawn((fields, ().into_any()), Some(cancel), None, save, submit)
    }

    fn drawn(
        self,
        (fields, foot): (AnyView, AnyView),
        beside: Option<AnyView>,
        other: Option<Rc<dyn Fn()>>,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
    ) -> AnyView {
        let by_key = submit.clone();
        let heed = on_send_or(move |with_shift| match &other {
            Some(other) if with_shift => other(),
            Some(_) | None => by_key(),
        });
        let by_button = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            submit();
        };
        view! {
            <form class="form" novalidate=true on:submit=by_button on:keydown=heed>
                <div class="form-fields">
                    {error_summary(self.summary_id(), t("form.mend"), self.faults.into())}
                    {move || self.failure.get().map(|error| failure_notice(&error, None))}
                    {self.restored()}
                    {fields}
                </div>
                <div class="form-foot">
                    {foot}
                    <div class="actions">
                        <button
                            type="submit"
                            class="button main"
                            aria-disabled=move || self.busy.get().then_some("true")
                        >
                            {move || save.get()}
                        </button>
                        {beside}
                    </div>
                </div>
            </form>
        }
        .into_any()
    }

    /// Sends a command unless one is under way; refusals are shown, and `done` hears of success.
    pub(crate) fn send<C: Command + 'static>(
        self,
        command: C,
        done: impl FnOnce(C::Reply) + 'static,
    ) {
        self.send_or(command, done, Some);
    }

    /// The same; `refused` hears of a refusal before it is shown, and gives on what is to be shown.
    #[allow(clippy::needless_pass_by_value, reason = "what was sent, a password, is gone with it")]
    pub(crate) fn send_or<C: Command + 'static>(
        self,
        command: C,
        done: impl FnOnce(C::Reply) + 'static,
        refused: impl FnOnce(ApiError) -> Option<ApiError> + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.accept();
        let kept = self.home.map(|home| (home.frame, home.key.get_value()));
        let heed = move |answer| {
            let is_gone = self.busy.try_set(false).is_some();
            match reply_of(answer) {
                Ok(reply) => {
                    self.give_up();
                    // A form that was put aside meanwhile left its draft to be recorded again.
                    if let Some((frame, key)) = kept.filter(|_| is_gone) {
                        frame.kept.try_update_value(|kept| kept.forget(&key));
                    }
                    // Asked for first: the end of a form may take it off the screen.
                    let then = self.then.try_update_value(Option::take).flatten();
                    done(reply);
                    if let Some(then) = then {
                        then();
                    }
                }
                Err(error) => {
                    if let Some(error) = refused(error) {
                        self.refuse(error);
                    }
                }
            }
        };
        ask_for(question(&command), Box::new(heed));
    }

    /// Whether a command is under way.
    pub(crate) fn is_busy(self) -> bool {
        self.busy.get_untracked()
    }

    /// Shows what is wrong; the keyboard goes to the summary.
    pub(crate) fn mend(self, findings: &[Finding]) {
        self.mark(findings);
        focus::to_id(&self.summary_id());
    }

    /// Says beside the fields what is wrong; the keyboard stays where it is.
    pub(crate) fn mark(self, findings: &[Finding]) {
        self.nothing_follows();
        self.failure.try_set(None);
        self.faults.try_set(findings.iter().map(|finding| self.fault(finding)).collect());
    }

    /// What a refusal says, where the form is drawn without a shell.
    pub(crate) fn failure(self) -> AnyView {
        (move || self.failure.get().map(|error| failure_notice(&error, None))).into_any()
    }

    fn fault(self, finding: &Finding) -> Fault {
        Fault {
            field_id: self.id_of(&finding.path),
            text: words::finding(finding),
            label: self.labels.with_value(|labels| labels.get(finding.path.as_str()).copied()),
        }
    }

    /// Takes back what was said to be wrong.
    pub(crate) fn accept(self) {
        self.faults.try_set(Vec::new());
        self.failure.try_set(None);
    }

    /// Takes back what was said of one field: it is being mended.
    pub(super) fn mended(self, field_id: &str) {
        let faulty = |faults: &Vec<Fault>| faults.iter().any(|fault| fault.field_id == field_id);
        if self.faults.with_untracked(faulty) {
            self.faults.update(|faults| faults.retain(|fault| fault.field_id != field_id));
        }
    }

    /// Shows a refusal.
    pub(crate) fn refuse(self, error: ApiError) {
        self.nothing_follows();
        if error.code == ErrorCode::Invalid && !error.findings.is_empty() {
            return self.mend(&error.findings);
        }
        self.faults.try_set(Vec::new());
        self.failure.try_set(Some(error));
    }

    /// Whether something is wrong with the field at a path.
    pub(crate) fn is_faulty(self, path: &str) -> bool {
        let id = self.id_of(path);
        self.faults.with(|faults| faults.iter().any(|fault| fault.field_id == id))
    }

    /// The id of the element of the field at a path.
    pub(crate) fn id_of(self, path: &str) -> String {
        format!("{}-{path}", self.name)
    }

    fn typed(
        self,
        label: FieldLabel,
        kind: &'static str,
        member: fn(&mut D) -> &mut String,
    ) -> AnyView {
        let id = label.id.clone();
        text_input(label, kind, self.text_now(member), move |text| {
            self.mended(&id);
            self.put(member, text);
        })
    }

    fn text_now(self, member: fn(&mut D) -> &mut String) -> String {
        std::mem::take(member(&mut self.draft.get_untracked()))
    }

    fn put(self, member: fn(&mut D) -> &mut String, text: String) {
        self.draft.update(|draft| *member(draft) = text);
    }

    /// That the form begins with what was typed before, and the way to begin anew.
    fn restored(self) -> Option<AnyView> {
        let home = self.home.filter(|home| home.restored)?;
        let discard = move || {
            self.give_up();
            home.frame.close();
        };
        let actions = button(Press::Plain, t("form.discard"), discard);
        Some(notice(Tone::Info, t("form.restored"), t("form.restored.help"), Some(actions)))
    }

    /// What was typed is given up: nothing of it is kept.
    pub(crate) fn give_up(self) {
        if let Some(home) = self.home {
            home.over.try_set_value(true);
        }
    }

    /// What was recorded is over, and the form stays: what is typed from now on is new.
    pub(crate) fn go_on(self) {
        if let Some(home) = self.home {
            home.over.try_set_value(false);
        }
    }

    /// Whether the form began with what was typed before and not recorded.
    pub(crate) fn is_restored(self) -> bool {
        self.home.is_some_and(|home| home.restored)
    }

    /// What goes on once the form is recorded, by what is under way or is sent next; nothing does
    /// where it is refused.
    pub(crate) fn once_recorded(self, then: Then) {
        self.then.set_value(Some(then));
    }

    fn nothing_follows(self) {
        drop(self.then.try_update_value(Option::take));
    }

    fn summary_id(self) -> String {
        format!("{}-errors", self.name)
    }
}

/// Calls `keep` when typing pauses and when the form goes: the same for every draft, so that it is in
/// the module once.
fn keep_on_pause<D: Send + Sync + 'static>(draft: RwSignal<D>, keep: Rc<dyn Fn()>) {
    let typed = Box::new(move || draft.track());
    keep_when(typed, keep);
}

/// After such a pause what was typed survives a crash.
const KEEP_AFTER: Duration = Duration::from_millis(400);

fn keep_when(typed: Box<dyn Fn()>, keep: Rc<dyn Fn()>) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_get_value().flatten() {
            timer.clear();
        }
    };
    let (later, last) = (StoredValue::new_local(keep.clone()), StoredValue::new_local(keep));
    Effect::new(move |drawn: Option<()>| {
        typed();
        if drawn.is_some() {
            stop();
            let keep = move || later.try_with_value(|keep| keep()).unwrap_or_default();
            timer.set_value(set_timeout_with_handle(keep, KEEP_AFTER).ok());
        }
    });
    on_cleanup(move || {
        stop();
        last.try_with_value(|keep| keep());
    });
}

/// What failed, what is safe, what to do.
pub(crate) fn failure_notice(error: &ApiError, actions: Option<AnyView>) -> AnyView {
    let said = words::error(error.code);
    let tone = match error.code {
        ErrorCode::Damaged | ErrorCode::MissingCommits => Tone::Critical,
        ErrorCode::SignedOut
        | ErrorCode::NotPermitted
        | ErrorCode::Invalid
        | ErrorCode::NotFound
        | ErrorCode::Disputed
        | ErrorCode::Changed
        | ErrorCode::WrongPassword
        | ErrorCode::WrongRecoveryCode
        | ErrorCode::UnknownUser
        | ErrorCode::KeyringAbsent
        | ErrorCode::KeyringLocked
        | ErrorCode::KeyringTimedOut
        | ErrorCode::KeyringEmpty
        | ErrorCode::NewerVersion
        | ErrorCode::StoreInUse
        | ErrorCode::AlreadyExists
        | ErrorCode::NoClinic
        | ErrorCode::JoiningUnfinished
        | ErrorCode::DiskFull
        | ErrorCode::ReadOnlyDisk
        | ErrorCode::BadCode
        | ErrorCode::Unreachable
        | ErrorCode::ServerSilent
        | ErrorCode::ServerFull
        | ErrorCode::ServerNotTrusted
        | ErrorCode::DeviceRefused
        | ErrorCode::ServerMisbehaves
        | ErrorCode::UnreadableFile
        | ErrorCode::TooLarge
        | ErrorCode::Internal => Tone::Warning,
    };
    notice(tone, said.what, said.help, actions)
}
