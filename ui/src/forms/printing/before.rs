//! What was printed about the patient on this computer, and the way to print it once more.

use super::said;
use crate::backend::{ask_for, question, remote, reply_of, touch};
use crate::components::quiet_button;
use crate::forms::failure_notice;
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{
    ApiError, ListSheets, PrintOutcome, ReprintSheet, SheetItem, SheetPrinted, Topic, chart_topics,
};
use clinical::PatientId;

/// So many are listed.
const LISTED: u32 = 20;

/// The list; nothing where nothing was printed.
pub(super) fn before(frame: Frame, patient: PatientId) -> AnyView {
    let listed = remote(
        move || Some(ListSheets { patient: Some(patient), limit: LISTED }),
        move |topic| topic == Topic::Chart(patient),
    );
    let failure = RwSignal::new(None::<ApiError>);
    let list = move || {
        let items = listed.ready().filter(|items| !items.is_empty())?;
        let lines: Vec<AnyView> = items.iter().map(|item| line(frame, failure, item)).collect();
        Some(view! {
            <h3>{t("paper.before")}</h3>
            {move || failure.get().map(|error| failure_notice(&error, None))}
            <ul class="lines" data-testid="printed-before">{lines}</ul>
        })
    };
    view! { <div>{list}</div> }.into_any()
}

fn line(frame: Frame, failure: RwSignal<Option<ApiError>>, item: &SheetItem) -> AnyView {
    let (serial, patient) = (item.serial.clone(), item.patient);
    let when = words::moment(clock::local(item.at), clock::today());
    let values = [
        ("kind", words::sheet_kind(item.kind)),
        ("serial", item.serial.as_str()),
        ("when", when.as_str()),
        ("who", item.by.as_str()),
    ];
    let text = tf("paper.printed", &values);
    let copies = (item.copies > 1).then(|| tf("paper.copies", &[("n", &item.copies.to_string())]));
    let again = move || {
        let heed = move |answer| match reply_of::<SheetPrinted>(answer) {
            Ok(printed) => {
                let outcome: PrintOutcome = printed.outcome;
                failure.try_set(None);
                frame.say(said(outcome));
                touch(&chart_topics(patient));
            }
            Err(error) => drop(failure.try_set(Some(error))),
        };
        ask_for(question(&ReprintSheet { serial: serial.clone() }), Box::new(heed));
    };
    let whole = tf("paper.again-of", &[("what", &text)]);
    view! {
        <li>
            <bdi>{text}</bdi>
            " "
            {copies}
            " "
            {quiet_button(t("paper.again"), whole, again)}
        </li>
    }
    .into_any()
}
