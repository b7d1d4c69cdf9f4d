//! Who did what on this computer, the newest first.

use super::shown::shown;
use crate::backend::remote;
use crate::components::{Press, button, page_head, quiet_button, table};
use crate::frame::{Frame, Route};
use crate::host::clock;
use crate::i18n::{find, t};
use crate::markup::prelude::*;
use crate::words;
use api::{AuditFrom, AuditItem, AuditPage, ReadAudit};

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
    let rows = page.rows.into_iter().rev().map(|item| row(frame, item)).collect();
    let heads = [t("audit.when"), t("audit.who"), t("audit.what"), t("audit.whose")];
    view! {
        {table("", t("audit.title"), &heads, rows)}
        <div class="actions">{newest}{older}</div>
    }
    .into_any()
}

fn row(frame: Frame, row: AuditItem) -> AnyView {
    let at = words::moment(clock::local(row.at), clock::today());
    let whose = row.patient.map(|patient| {
        let id = patient.to_string();
        let name = format!("{} {id}", t("audit.open"));
        let open = move || frame.go(Route::Chart(patient));
        let open = frame.is_clinical().then(|| quiet_button(t("audit.open"), name, open));
        view! { {open} " " <code dir="ltr">{id}</code> }
    });
    // A deed of a newer version has no word here.
    let did = find(&format!("audit.did.{}", row.action)).map_or(row.action, str::to_owned);
    let undone = match row.outcome.as_str() {
        "refused" => Some(t("audit.refused")),
        "failure" => Some(t("audit.failed")),
        _ => None,
    };
    view! {
        <tr>
            <th scope="row">{at}</th>
            <td><bdi>{row.name}</bdi> " · " <bdi>{row.device}</bdi></td>
            <td>
                {did}
                " "
                <code dir="ltr">{row.resource}</code>
                {undone.map(|word| view! { " " <strong>{word}</strong> })}
            </td>
            <td>{whose}</td>
        </tr>
    }
    .into_any()
}
