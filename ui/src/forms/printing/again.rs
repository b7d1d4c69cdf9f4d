//! Printing a sheet once more, and looking at it.

use super::said;
use crate::backend::{ask_for, question, remote, reply_of, touch};
use crate::components::{Press, button, scroller};
use crate::forms::{failure_notice, shown};
use crate::frame::{Done, Frame, Subject};
use crate::host::picture::pictures;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::{ApiError, ReprintSheet, SheetPrinted, ShowSheet, Topic};

/// Prints a sheet once more: it says what it said, and which copy it is. Why that failed is put
/// into `failure`.
pub(crate) fn print_again(
    frame: Frame,
    whom: &Subject,
    serial: &str,
    failure: RwSignal<Option<ApiError>>,
) {
    let whom = whom.clone();
    let heed = move |answer| match reply_of::<SheetPrinted>(answer) {
        Ok(printed) => {
            failure.try_set(None);
            let values = [("n", &*printed.copy.to_string()), ("serial", &printed.serial)];
            let what = tf("documents.copy", &values);
            frame.tell(Done::to(said(printed.outcome), &what, &whom));
            touch(&[Topic::Sheets(whom.patient)]);
        }
        Err(error) => drop(failure.try_set(Some(error))),
    };
    ask_for(question(&ReprintSheet { serial: serial.to_owned() }), Box::new(heed));
}

/// A sheet as it was printed, with the way to print it once more.
pub(crate) fn document(frame: Frame, subject: &Subject, serial: String) -> AnyView {
    let number = serial.clone();
    let picture = remote(move || Some(ShowSheet { serial: number.clone() }), |_| false);
    let failure = RwSignal::new(None::<ApiError>);
    let pages = shown(picture, |picture| pictures(&picture.pages));
    let (whom, number) = (subject.clone(), serial.clone());
    let again = move || print_again(frame, &whom, &number, failure);
    let again = button(Press::Main, t("paper.again"), again);
    let sheet = view! {
        <p class="quoted"><bdi>{serial}</bdi></p>
        {move || failure.get().map(|error| failure_notice(&error, None))}
        {pages}
    };
    view! {
        <div class="form" data-testid="document">
            {scroller("form-fields", t("documents.one"), sheet.into_any())}
            <div class="form-foot">
                <p class="hint">{t("documents.copy.hint")}</p>
                <div class="actions">{again}</div>
            </div>
        </div>
    }
    .into_any()
}
