//! Taking in files of other systems: which, how far it is, what was remarkable.

mod model;

use super::shown::shown;
use crate::backend::{on_dropped_files, remote};
use crate::components::{
    Tone, fact, facts, notice, page_head, plain_card, progress, scroller, status, table,
};
use crate::forms::{Form, failure_notice};
use crate::i18n::{fill, t, tf, tn};
use crate::markup::prelude::*;
use crate::words;
use api::{FileFinding, GetImport, ImportFiles, ImportView, Topic};
use clinical::{Finding, Severity};
use model::{WHOLE, done, gave_nothing, left, paths, unseen, with_dropped};

#[derive(Debug, Clone, Default)]
struct ImportDraft {
    paths: String,
}

/// The page.
pub(crate) fn import() -> AnyView {
    let state = remote(|| Some(GetImport {}), |topic| topic == Topic::Import);
    let form = Form::new("import", ImportDraft::default());
    let drawn = RwSignal::new(0_u32);
    on_dropped_files(move |dropped| {
        form.draft.try_update(|draft| draft.paths = with_dropped(&draft.paths, &dropped));
        drawn.try_update(|drawn| *drawn += 1);
    });
    let submit = move || {
        let paths = form.draft.with_untracked(|draft| paths(&draft.paths));
        if paths.is_empty() {
            let finding = Finding::error("paths", "required", t("form.required"));
            return form.mend(&[finding]);
        }
        form.send(ImportFiles { paths }, move |_| state.refetch());
    };
    let field = move || {
        drawn.track();
        form.area(form.label("paths", t("import.paths"), Some(t("import.paths.hint"))), 4, |d| {
            &mut d.paths
        })
    };
    view! {
        {page_head(t("import.title"), t("import.text"), None)}
        <div class="stack" data-testid="import-page">
            {form.shell(field.into_any(), t("import.act").to_owned().into(), submit)}
            {shown(state, |view| report(&view))}
        </div>
    }
    .into_any()
}

fn report(view: &ImportView) -> AnyView {
    if *view == ImportView::default() {
        return ().into_any();
    }
    let (read, all) = view.files;
    let files = fill(&tn("import.files", all), &[("done", &read.to_string())]);
    let heading = if view.running { t("import.running") } else { t("import.done") };
    let (unseen_count, unseen_kinds) = unseen(view);
    let resources =
        view.resources.iter().map(|(kind, count)| fact(kind.clone(), count.to_string())).collect();
    let counts = view! { {files} " · " {tn("import.patients", view.patients)} };
    let (far, counts) = (done(view).map(|done| (done, WHOLE)), counts.into_any());
    let body = view! {
        {status(progress(t("import.progress"), far, counts))}
            {view.failed.as_ref().map(|error| failure_notice(error, None))}
            {(view.files_empty > 0).then(|| {
                notice(Tone::Warning, tn("import.empty", view.files_empty), gave_nothing(view), None)
            })}
            {(view.left_out > 0).then(|| {
                notice(
                    Tone::Warning,
                    tn("import.left", view.left_out),
                    tf("import.left.help", &[("what", &left(view))]),
                    None,
                )
            })}
            {(unseen_count > 0).then(|| {
                notice(
                    Tone::Info,
                    tn("import.unseen", unseen_count),
                    tf("import.unseen.help", &[("what", &unseen_kinds)]),
                    None,
                )
            })}
            {facts(resources)}
            {findings(view)}
    };
    plain_card(heading, body.into_any())
}

fn findings(view: &ImportView) -> AnyView {
    if view.findings.is_empty() {
        let clean = !view.running && view.failed.is_none();
        return clean
            .then(|| notice(Tone::Ok, t("import.clean"), t("import.clean.help"), None))
            .into_any();
    }
    let rows = view.findings.iter().map(row).collect();
    let heads = [t("import.weight"), t("import.file"), t("import.place"), t("import.remark")];
    let title = t("import.findings");
    let more =
        (view.findings_more > 0).then(|| view! { <p>{tn("import.more", view.findings_more)}</p> });
    view! {
        <h3>{title}</h3>
        {scroller("scroll", title, table("findings", title, &heads, rows))}
        {more}
    }
    .into_any()
}

fn row(found: &FileFinding) -> AnyView {
    let weight = match found.finding.severity {
        Severity::Information => t("import.information"),
        Severity::Warning => t("import.warning"),
        Severity::Error => t("import.error"),
    };
    let entry = found.entry.map(|entry| format!("{} ", entry + 1)).unwrap_or_default();
    view! {
        <tr>
            <td>{weight}</td>
            <td><bdi>{found.file.clone()}</bdi></td>
            <td><bdi>{entry} {found.finding.path.clone()}</bdi></td>
            <td>{words::finding(&found.finding)}</td>
        </tr>
    }
    .into_any()
}
