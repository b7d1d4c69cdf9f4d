//! Who did what on this computer, the newest first.

mod model;

use super::shown::shown;
use crate::backend::remote;
use crate::components::{Press, button, page_head, quiet_button, table};
use crate::frame::{Frame, Route};
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{AuditFrom, AuditPage, ReadAudit};
use clinical::{Instant, PatientId};
use model::{Deed, Undone, deeds};

/// Rows of a page.
const PAGE: u32 = 50;

/// The page. It is read when it is opened and when one goes on: each reading is a row itself.
pub(crate) fn audit(frame: Frame) -> AnyView {
    let from = RwSignal::new(AuditFrom::Newest);
    let page =
        remote(move || Some(ReadAudit { patient: None, from: from.get(), limit: PAGE }), |_| false);
    let list = shown(page, move |page| list(frame, from, page));
    view! {
        {page_head(t("audit.title"), t("audit.text"), None)}
        <div class="stack" data-testid="audit">{list}</div>
    }
    .into_any()
}

fn list(frame: Frame, from: RwSignal<AuditFrom>, page: AuditPage) -> AnyView {
    let oldest = page.rows.first().map(|row| row.seq).filter(|_| page.more);
    let older = oldest.map(|seq| {
        button(Press::Plain, t("audit.older"), move || from.set(AuditFrom::Before(seq)))
    });
    let newest = (from.get() != AuditFrom::Newest)
        .then(|| button(Press::Plain, t("audit.newest"), move || from.set(AuditFrom::Newest)));
    let rows = deeds(page.rows).into_iter().map(|deed| row(frame, deed)).collect();
    let heads = [t("audit.when"), t("audit.who"), t("audit.what"), t("audit.whose")];
    view! {
        {table("log", t("audit.title"), &heads, rows)}
        <div class="actions">{newest}{older}</div>
    }
    .into_any()
}

fn row(frame: Frame, deed: Deed) -> AnyView {
    let times = (deed.times > 1).then(|| {
        let values = [("n", &*deed.times.to_string()), ("when", &moment(deed.first))];
        view! { " " <span class="hint">{tf("audit.times", &values)}</span> }
    });
    let undone = deed.undone.map(|undone| match undone {
        Undone::Refused => t("audit.refused"),
        Undone::Failed => t("audit.failed"),
    });
    let whose = deed.patient.map(|patient| whose(frame, patient, deed.patient_name));
    view! {
        <tr>
            <th scope="row">{moment(deed.last)}</th>
            <td><bdi>{deed.name}</bdi> " · " <bdi>{deed.device}</bdi></td>
            <td>
                {deed.did}
                {undone.map(|word| view! { " " <strong>{word}</strong> })}
                {times}
            </td>
            <td>{whose}</td>
        </tr>
    }
    .into_any()
}

fn whose(frame: Frame, patient: PatientId, name: Option<String>) -> AnyView {
    let Some(name) = name else {
        return view! { <code dir="ltr">{patient.to_string()}</code> " " {t("audit.elsewhere")} }
            .into_any();
    };
    let open = frame.is_clinical().then(|| {
        let label = format!("{} {name}", t("audit.open"));
        quiet_button(t("audit.open"), label, move || frame.go(Route::Chart(patient)))
    });
    view! { <bdi>{name}</bdi> " " {open} }.into_any()
}

fn moment(at: Instant) -> String {
    words::moment(clock::local(at), clock::today())
}
