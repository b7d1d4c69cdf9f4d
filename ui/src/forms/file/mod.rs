//! Putting a document into a chart, and looking at one.

mod look;

use super::{Form, blank};
use crate::backend::on_dropped_files;
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::AddDocument;
use clinical::{DocumentCategory, DocumentDraft, title_of_file};
use serde::{Deserialize, Serialize};

pub(crate) use look::look_at;

/// What is said of a file so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct FileDraft {
    path: String,
    title: String,
    category: Option<DocumentCategory>,
}

impl FileDraft {
    /// Takes a file that was dropped; what it is called goes before what its name says.
    fn take(&mut self, path: String) {
        if self.title.trim().is_empty() {
            self.title = title_of_file(&path);
        }
        self.path = path;
    }
}

/// The form.
pub(crate) fn add_file(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "file", subject.patient, FileDraft::default());
    let (patient, whom) = (subject.patient, subject.clone());
    let drawn = RwSignal::new(0_u32);
    on_dropped_files(move |dropped| {
        let Some(path) = dropped.into_iter().next() else { return };
        form.draft.try_update(|draft| draft.take(path));
        drawn.try_update(|drawn| *drawn += 1);
    });
    let submit = move || {
        let FileDraft { path, title, category } = form.draft.get_untracked();
        let missing = blank(&[("path", &path), ("title", &title)]);
        if !missing.is_empty() {
            return form.mend(&missing);
        }
        let draft = DocumentDraft { title, category: category.unwrap_or(DocumentCategory::Other) };
        let title = match draft.complete() {
            Ok(title) => title,
            Err(findings) => return form.mend(&findings),
        };
        let end = frame.recording(&whom, t("files.recorded"), &title);
        form.send(AddDocument { patient, path, draft }, end);
    };
    let fields = move || {
        drawn.track();
        fields(form)
    };
    form.shell(fields.into_any(), t("files.record").to_owned().into(), submit)
}

fn fields(form: Form<FileDraft>) -> AnyView {
    view! {
        {form.line(form.label("path", t("files.path"), Some(t("files.path.hint"))), |d| &mut d.path)}
        {form.line(form.label("title", t("files.name"), Some(t("files.name.hint"))), |d| {
            &mut d.title
        })}
        {form.choice(
            form.label("category", t("files.category"), None),
            DocumentCategory::ALL,
            |it| (it.code(), words::document_category(it)),
            |draft| draft.category,
            |draft, value| draft.category = value,
        )}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_dropped_names_itself_where_nobody_did() {
        let check = |typed: &str, want: &str| {
            let mut draft = FileDraft { title: typed.into(), ..FileDraft::default() };
            draft.take("/media/stick/X-ray_wrist.png".into());
            assert_eq!((draft.title.as_str(), draft.path.len()), (want, 28));
        };
        check("", "X-ray wrist");
        check("Left wrist", "Left wrist");
    }
}
