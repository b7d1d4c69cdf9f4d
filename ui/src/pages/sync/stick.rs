//! The record carried on a stick: written for other computers, and taken in.

use super::words::{came, origin, put_beside, taken, taken_beside};
use crate::backend::{Remote, remote};
use crate::components::{
    Press, Tone, button, check_input, empty, notice, plain_card, quiet_button, status,
};
use crate::forms::Form;
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::pages::shown::shown;
use crate::sections::carrying;
use crate::words::{file_size, moment};
use api::{
    BundleEnded, BundleFile, BundleTaken, BundleWritten, DriveView, ErrorCode, FileAct, ListDrives,
    ReadBundle, Topic, WriteBundle,
};

/// What goes on here, one after the other.
const ON_STICK: [FileAct; 4] =
    [FileAct::WriteBundle, FileAct::WriteDocuments, FileAct::ReadBundle, FileAct::ReadDocuments];

/// What was done last.
#[derive(Clone, PartialEq)]
enum Done {
    Written(BundleWritten),
    Taken(BundleTaken),
}

/// The card.
pub(super) fn stick(frame: Frame) -> AnyView {
    let drives = remote(|| Some(ListDrives {}), |topic| topic == Topic::Sync);
    let done = RwSignal::new(None::<Done>);
    let documents = RwSignal::new(false);
    // What is drawn alone: a name for a new chart goes with the clock, and whoever presses a button
    // while an exchange ends would press one that is gone.
    let lying = Memo::new(move |_| drives.ready().map(bundles_of));
    let list = move || match lying.get() {
        None => shown(drives, |_| ().into_any()),
        Some(all) if all.is_empty() => empty(t("stick.none")),
        Some(all) => {
            let section = |drive| section(drives, (done, documents), drive);
            all.iter().map(section).collect_view().into_any()
        }
    };
    let again =
        quiet_button(t("stick.look-again"), t("stick.look-again"), move || drives.refetch());
    let told = move || done.get().map(|done| told(&done));
    let body = view! {
        <p class="hint">{t("stick.help")}</p>
        {carrying(frame, &ON_STICK)}
        {check_input("stick-documents".into(), t("stick.documents"), false, move |on| documents.set(on))}
        {status(told.into_any())}
        {list}
        <div class="line-actions">{again}</div>
    };
    plain_card(t("stick.title"), body.into_any())
}

/// The drives with the files that carry the record, and nothing else.
fn bundles_of(drives: Vec<DriveView>) -> Vec<DriveView> {
    let bare = |drive| DriveView { charts: Vec::new(), new_chart: None, ..drive };
    drives.into_iter().map(bare).collect()
}

fn section(
    drives: Remote<Vec<DriveView>>,
    (done, documents): (RwSignal<Option<Done>>, RwSignal<bool>),
    drive: &DriveView,
) -> AnyView {
    let form = Form::new("stick-write", ());
    let (name, shown) = (drive.name.clone(), drive.name.clone());
    let submit = move || {
        let write = WriteBundle { drive: name.clone(), documents: documents.get_untracked() };
        form.send(write, move |written| {
            done.set(Some(Done::Written(written)));
            drives.refetch();
        });
    };
    let files =
        drive.files.iter().map(|file| row((done, documents), &drive.name, file)).collect_view();
    let head = view! { <h3><bdi>{shown}</bdi></h3> };
    let form = form.shell_aside(head.into_any(), t("stick.write").to_owned().into(), submit);
    view! { <div class="stack" data-testid="drive">{form} <ul class="lines">{files}</ul></div> }
        .into_any()
}

fn row(
    (done, documents): (RwSignal<Option<Done>>, RwSignal<bool>),
    drive: &str,
    file: &BundleFile,
) -> AnyView {
    let form = Form::new("stick-read", ());
    let (drive, name) = (drive.to_owned(), file.name.clone());
    let submit = move || {
        let documents = documents.get_untracked();
        let read = ReadBundle { drive: drive.clone(), file: name.clone(), documents };
        form.send(read, move |taken| done.set(Some(Done::Taken(taken))));
    };
    let moment = |at| moment(clock::local(at), clock::today());
    let origin = file.written.as_ref().map(|written| origin(written, &moment));
    let line = view! {
        <p class="line-text"><code dir="ltr">{file.name.clone()}</code> " · " {file_size(file.bytes)}</p>
        {origin.map(|said| view! { <p class="hint"><bdi>{said}</bdi></p> })}
    };
    // What this computer wrote is for others: it is taken in by who means to.
    let is_own = file.written.as_ref().is_some_and(|written| written.here);
    let body = if is_own {
        let anyway = button(Press::Plain, t("stick.read-own"), submit);
        view! {
            <div class="form">{form.failure()} {line} <div class="actions">{anyway}</div></div>
        }
        .into_any()
    } else {
        form.shell_aside(line.into_any(), t("stick.read").to_owned().into(), submit)
    };
    view! { <li class="line">{body}</li> }.into_any()
}

fn told(done: &Done) -> AnyView {
    match done {
        Done::Written(written) => {
            let what = tf("stick.written", &[("file", &written.file)]);
            let beside = written.documents.as_ref().map(put_beside);
            let help = [beside, Some(t("stick.written.help").to_owned())].into_iter().flatten();
            let stopped = written.documents.and_then(|beside| beside.stopped);
            let stopped = stopped.is_some_and(|code| code != ErrorCode::FileStopped);
            let tone = if stopped { Tone::Warning } else { Tone::Info };
            notice(tone, what, help.collect::<Vec<_>>().join(" "), None)
        }
        Done::Taken(took) => {
            let tone = match took.ended {
                BundleEnded::Whole | BundleEnded::Stopped => Tone::Info,
                BundleEnded::CutOff
                | BundleEnded::Damaged
                | BundleEnded::Altered
                | BundleEnded::MembersContradict
                | BundleEnded::Unreadable => Tone::Warning,
            };
            let (what, aside) = came(took);
            let tone = if aside.is_some() { Tone::Warning } else { tone };
            let beside = took.documents.as_ref().map(taken_beside);
            let help = [aside, Some(taken(took.ended).to_owned()), beside].into_iter().flatten();
            notice(tone, what, help.collect::<Vec<_>>().join(" "), None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_clock_changes_draws_nothing_anew() {
        let file = BundleFile { name: "a.fcbundle".into(), bytes: 1, written: None };
        let drive = |new_chart: &str, files: Vec<BundleFile>| {
            let (name, new_chart) = ("STICK".to_owned(), Some(new_chart.to_owned()));
            bundles_of(vec![DriveView { name, files, charts: Vec::new(), new_chart }])
        };
        assert_eq!(drive("chart-1", Vec::new()), drive("chart-2", Vec::new()));
        assert_ne!(drive("chart-1", vec![file]), drive("chart-1", Vec::new()));
    }
}
