//! A chart that is not on this computer: it is fetched, and opens.

use super::Form;
use crate::backend::touch;
use crate::components::{Tone, notice};
use crate::frame::{Frame, Route, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{FetchChart, chart_topics};

/// The form: what it means, and the one button.
pub(crate) fn fetch(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::new("fetch", ());
    let patient = subject.patient;
    let submit = move || {
        let close = frame.closer();
        form.send(FetchChart { patient }, move |()| {
            touch(&chart_topics(patient));
            frame.sync.refetch();
            close();
            let done = t("fetch.done").to_owned();
            if frame.is_clinical() {
                frame.go_saying(Route::Chart(patient), done);
            } else {
                frame.say(done);
            }
        });
    };
    let what = notice(Tone::Info, t("coming.part.title"), t("fetch.help"), None);
    form.shell(what, t("fetch.act").to_owned().into(), submit)
}
