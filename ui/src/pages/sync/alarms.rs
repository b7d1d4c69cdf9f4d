//! What a person should know of the sync, until somebody has looked into it.

use super::words;
use crate::components::{Tone, notice};
use crate::forms::Form;
use crate::frame::Frame;
use crate::host::focus;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use api::{AlarmKind, SeeAlarm, SyncAlarm, SyncView};
use clinical::Instant;

/// The alarms: first those that nobody has looked into.
pub(super) fn alarms(frame: Frame, view: &SyncView, moment: &dyn Fn(Instant) -> String) -> AnyView {
    let removed = view.is_removed();
    let shown = |raised: &&SyncAlarm| !removed || raised.alarm == AlarmKind::Revoked;
    let (new, seen): (Vec<_>, Vec<_>) =
        view.alarms.iter().filter(shown).partition(|raised| raised.seen.is_none());
    let unsent = (removed && view.to_send > 0).then(|| tn("alarm.revoked.unsent", view.to_send));
    let shown = new.into_iter().chain(seen).map(|raised| alarm(frame, raised, &unsent, moment));
    shown.collect_view().into_any()
}

fn alarm(
    frame: Frame,
    raised: &SyncAlarm,
    unsent: &Option<String>,
    moment: &dyn Fn(Instant) -> String,
) -> AnyView {
    let (what, help) = words::alarm(&raised.alarm);
    // Who may answer does so on the card below.
    let asked = raised.alarm == AlarmKind::Copied && frame.is_admin();
    let help = if asked { t("alarm.copied.below") } else { help };
    let noticed = tf("alarm.noticed", &[("when", &moment(raised.at))]);
    let seen = raised
        .seen
        .as_ref()
        .map(|seen| tf("alarm.seen", &[("who", &seen.by), ("when", &moment(seen.at))]));
    let tone = if seen.is_some() { Tone::Plain } else { Tone::Warning };
    let help = [Some(help.to_owned()), unsent.clone(), Some(noticed), seen];
    let help = help.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let may = frame.is_admin() && raised.can_be_seen();
    notice(tone, what, help, may.then(|| see(frame, raised)))
}

/// Says that it was looked into.
fn see(frame: Frame, raised: &SyncAlarm) -> AnyView {
    let (alarm, at) = (raised.alarm.clone(), raised.at);
    let form = Form::new("see-alarm", ());
    let submit = move || {
        form.send(SeeAlarm { alarm: alarm.clone(), at }, move |()| {
            frame.sync.refetch();
            frame.say(t("alarm.see.said"));
            // The button goes.
            focus::to_id("main");
        });
    };
    form.shell_aside(().into_any(), t("alarm.see").to_owned().into(), submit)
}
