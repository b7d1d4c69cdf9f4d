//! What is being written to a file or read from one, in the top bar: it goes on whatever page is open.

use crate::components::{Icon, icon};
use crate::frame::{Frame, Route};
use crate::markup::prelude::*;
use crate::words::{carried_of, carrying_name};
use api::{FileAct, FileProgress};

/// The chip, while there is such a thing; it leads to the page that says more.
pub(crate) fn job_chip(frame: Frame) -> AnyView {
    // How far a chart is that is given stands beside what was pressed.
    let on_page = move || frame.carrying.get().filter(|(act, _)| *act != FileAct::GiveChart);
    let said = Memo::new(move |_| on_page().map(|(act, far)| said(act, &far)));
    let goes_on = Memo::new(move |_| said.get().is_some());
    // The words alone move on: whoever is on it stays there.
    let chip = move || {
        goes_on.get().then(|| {
            view! {
                <button type="button" class="chip sync-chip plain" data-testid="job-chip" on:click=move |_| frame.go(Route::Sync)>
                    {icon(Icon::Import)}
                    <span>{move || said.get()}</span>
                </button>
            }
        })
    };
    chip.into_any()
}

/// What goes on, and how much of it is done where that is known.
fn said(act: FileAct, far: &FileProgress) -> String {
    let share = |(done, all): (u64, u64)| done.saturating_mul(100).checked_div(all);
    match carried_of(far).and_then(share) {
        Some(percent) => format!("{} · {percent} %", carrying_name(act)),
        None => carrying_name(act).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_how_much_is_done_is_said() {
        let far =
            |count, count_of, bytes, bytes_of| FileProgress { count, count_of, bytes, bytes_of };
        let check = |act, far: FileProgress, expected: &str| assert_eq!(said(act, &far), expected);
        check(FileAct::WriteBundle, far(3, Some(9), 700, None), "Writing the file · 33 %");
        check(FileAct::ReadBundle, far(3, None, 700, Some(1000)), "Reading the file · 70 %");
        check(FileAct::ReadDocuments, far(0, Some(0), 0, None), "Taking in the documents");
        check(FileAct::ReadGiven, far(0, None, 0, None), "Reading the file");
    }
}
