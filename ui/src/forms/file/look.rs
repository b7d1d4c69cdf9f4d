//! A document as it is: a picture or text in the window, and the way to save a copy.

use crate::backend::Load;
use crate::backend::remote;
use crate::components::loading;
use crate::forms::{Form, blank, refused};
use crate::frame::{Done, Frame, Subject};
use crate::host::picture::picture;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::{DocumentContent, SaveDocument, ShowDocument};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use clinical::{ContentType, DocumentReference};

/// The sheet.
pub(crate) fn look_at(frame: Frame, subject: &Subject, document: &DocumentReference) -> AnyView {
    let (patient, id) = (subject.patient, document.id);
    let is_shown = document.content_type != ContentType::Pdf;
    let content =
        remote(move || is_shown.then_some(ShowDocument { patient, document: id }), |_| false);
    let title = document.title.clone();
    let name = title.clone();
    let body = move || {
        if !is_shown {
            return view! { <p>{t("files.outside")}</p> }.into_any();
        }
        match content.load() {
            Load::Loading => loading(t("files.fetching")),
            Load::Failed(error) => refused(&error, move || content.refetch()),
            Load::Ready(content) => shown(&content, &name),
        }
    };
    let form = Form::new("save-file", String::new());
    let (whom, what) = (subject.clone(), title.clone());
    let submit = move || {
        let path = form.draft.get_untracked();
        let missing = blank(&[("path", &path)]);
        if !missing.is_empty() {
            return form.mend(&missing);
        }
        let told = Done::to(t("files.saved"), &what, &whom);
        form.send(SaveDocument { patient, document: id, path }, move |()| frame.tell(told));
    };
    let about =
        [words::document_category(document.category).to_owned(), words::file_size(document.size)];
    let fields = view! {
        <p class="quoted"><bdi>{title}</bdi></p>
        <p class="hint">{about.join(" · ")}</p>
        {body}
        {form.line(form.label("path", t("files.save.to"), Some(t("files.save.to.hint"))), |it| it)}
    };
    form.shell(fields.into_any(), t("files.save").to_owned().into(), submit)
}

/// A picture, or words as they are.
fn shown(content: &DocumentContent, name: &str) -> AnyView {
    let bytes = BASE64_STANDARD.decode(&content.data).unwrap_or_default();
    match content.content_type {
        ContentType::Jpeg | ContentType::Png => picture(&bytes, content.content_type.code(), name),
        ContentType::Text | ContentType::Pdf => {
            let text = String::from_utf8(bytes).unwrap_or_default();
            view! { <pre class="file-text" tabindex="0" dir="auto">{text}</pre> }.into_any()
        }
    }
}
