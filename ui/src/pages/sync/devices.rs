//! The clinic's computers: a code for a new one, the end of one.

use crate::backend::{Remote, remote};
use crate::components::{Tone, chip, notice, plain_card, quiet_button, status};
use crate::forms::Form;
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::pages::admission::let_in;
use crate::pages::shown::shown;
use crate::pages::square::square;
use crate::words;
use api::{DeviceCode, DeviceView, ListDevices, MakeDeviceCode, RevokeDevice, Topic};
use clinical::{DeviceId, Instant};

/// The card of computers.
pub(super) fn devices(frame: Frame) -> AnyView {
    let devices = remote(|| Some(ListDevices {}), |topic| topic == Topic::Sync);
    let revoking = RwSignal::new(None::<DeviceId>);
    let list = shown(devices, move |all| {
        let rows = all.into_iter().map(|device| row(devices, revoking, device)).collect_view();
        view! { <ul class="lines">{rows}</ul> }.into_any()
    });
    plain_card(t("devices.title"), view! { {list} {let_in(frame)} {code(frame)} }.into_any())
}

fn row(
    devices: Remote<Vec<DeviceView>>,
    revoking: RwSignal<Option<DeviceId>>,
    device: DeviceView,
) -> AnyView {
    let name = if device.kit { t("devices.kit").to_owned() } else { device.name };
    let (id, shown) = (device.id, name.clone());
    let ends = device.revoked || device.leaving;
    let heard = (!device.here && !device.kit && !ends).then(|| heard(device.heard));
    let can_end = !device.here && !device.revoked && !device.leaving;
    let end = can_end.then(|| {
        quiet_button(
            t("devices.revoke-ask"),
            tf("devices.revoke-of", &[("name", &name)]),
            move || {
                revoking.set(Some(id));
            },
        )
    });
    let asked = move || (revoking.get() == Some(id)).then(|| confirm(devices, revoking, id, &name));
    view! {
        <li class="line flow">
            <p class="line-text"><b><bdi>{shown}</bdi></b></p>
            {device.here.then(|| chip(Tone::Info, t("devices.here")))}
            {device.revoked.then(|| chip(Tone::Plain, t("devices.revoked")))}
            {device.leaving.then(|| chip(Tone::Warning, t("devices.leaving")))}
            {heard.map(|heard| view! { <p class="written">{heard}</p> })}
            <div class="line-actions">{end}</div>
            {asked}
        </li>
    }
    .into_any()
}

/// When something of another computer last came here.
fn heard(at: Option<Instant>) -> String {
    let Some(at) = at else { return t("devices.not-heard").to_owned() };
    tf("devices.heard", &[("when", &words::moment(clock::local(at), clock::today()))])
}

/// Ending a membership cannot be undone: it is asked for by name.
fn confirm(
    devices: Remote<Vec<DeviceView>>,
    revoking: RwSignal<Option<DeviceId>>,
    device: DeviceId,
    name: &str,
) -> AnyView {
    let form = Form::new("revoke", ());
    let submit = move || {
        form.send(RevokeDevice { device }, move |()| {
            revoking.set(None);
            devices.refetch();
        });
    };
    let what = tf("devices.confirm", &[("name", name)]);
    let fields = notice(Tone::Warning, what, t("devices.confirm.help"), None);
    let cancel = move || revoking.set(None);
    form.shell_with_cancel(fields, t("devices.revoke").to_owned().into(), submit, cancel)
}

fn code(frame: Frame) -> AnyView {
    let form = Form::new("device-code", ());
    let made = RwSignal::new(None::<DeviceCode>);
    let submit = move || form.send(MakeDeviceCode {}, move |code| made.set(Some(code)));
    // Without a server the newcomer comes to this computer.
    let is_nearby = Memo::new(move |_| frame.sync.ready().is_some_and(|it| it.server.is_none()));
    Effect::new(move |_| {
        if made.with(Option::is_some) && is_nearby.get() {
            frame.stay_awake(true);
        }
    });
    on_cleanup(move || frame.stay_awake(false));
    let shown = move || {
        made.get().map(|code| {
            let until = words::moment(clock::local(code.expires_at), clock::today());
            view! {
                <p class="recovery-code"><code dir="ltr">{code.code}</code></p>
                {code.square.map(|code| square(code.side, code.path, t("devices.square")))}
                <p class="hint">{tf("devices.code-until", &[("when", &until)])}</p>
            }
        })
    };
    let help =
        move || t(if is_nearby.get() { "devices.code.help-nearby" } else { "devices.code.help" });
    let text = view! { <h3>{t("devices.code-title")}</h3> <p class="hint">{help}</p> };
    let form = form.shell_aside(text.into_any(), t("devices.code").to_owned().into(), submit);
    view! { {form} {status(shown.into_any())} }.into_any()
}
