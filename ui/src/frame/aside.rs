//! Forms that wait at another patient: a form is never live beside the chart of somebody else.

use super::{Frame, Route, Sheet};
use crate::components::{Tone, quiet_button, toast};
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use clinical::PatientId;

/// Which forms stay open when a patient's chart is gone to, and which wait at their own patient's.
/// What waited at this patient comes back; who is registered anew is nobody's yet, and stays.
pub(super) fn parted(
    open: Vec<Sheet>,
    aside: Vec<Sheet>,
    to: PatientId,
) -> (Vec<Sheet>, Vec<Sheet>) {
    let is_here = |sheet: &Sheet| sheet.subject().is_none_or(|subject| subject.patient == to);
    let (mut here, mut away): (Vec<Sheet>, Vec<Sheet>) = aside.into_iter().partition(is_here);
    let (stay, leave): (Vec<Sheet>, Vec<Sheet>) = open.into_iter().partition(is_here);
    here.retain(|sheet| !stay.contains(sheet));
    here.extend(stay);
    away.retain(|sheet| !leave.contains(sheet));
    away.extend(leave);
    (here, away)
}

/// That forms wait at other patients, and the way to each.
pub(super) fn aside_line(frame: Frame) -> AnyView {
    let one = move |sheet: Sheet| {
        let subject = sheet.subject()?.clone();
        let line = subject.line(clock::today());
        let what = super::sheet_region::title(&sheet);
        let text = tf("aside.waits", &[("what", what), ("name", &line.name), ("born", &line.born)]);
        let go_name = tf("aside.go-to", &[("name", &line.name)]);
        let go =
            quiet_button(t("aside.go"), go_name, move || frame.go(Route::Chart(subject.patient)));
        Some(toast("aside", Tone::Warning, &text, go))
    };
    (move || frame.aside.get().into_iter().filter_map(one).collect_view()).into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Subject;
    use clinical::{AdministrativeGender, Identity, PatientDraft, uuid_v7};

    fn id(n: i64) -> PatientId {
        PatientId::from_uuid(uuid_v7(n, [0; 10]))
    }

    fn subject(n: i64) -> Subject {
        let identity = Identity {
            name: Vec::new(),
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        Subject { patient: id(n), identity, has_allergies: false, heads: None }
    }

    #[test]
    fn no_form_is_live_beside_the_chart_of_somebody_else() {
        let (mine, hers) = (Sheet::Medication(subject(1)), Sheet::Allergy(subject(2)));
        let (keys, new) = (Sheet::Keys, Sheet::Register(PatientDraft::default()));
        let open = vec![keys.clone(), mine.clone(), new.clone(), hers.clone()];
        let (here, away) = parted(open, Vec::new(), id(2));
        assert_eq!((here, &away), (vec![keys.clone(), new, hers.clone()], &vec![mine.clone()]));
        // Back at the first, it is there again, and the other one waits.
        let (here, away) = parted(vec![keys.clone(), hers.clone()], away, id(1));
        assert_eq!((here, away), (vec![mine.clone(), keys], vec![hers.clone()]));
        // What waits already waits once.
        let (here, away) = parted(vec![mine.clone()], vec![mine.clone()], id(2));
        assert_eq!((here, away), (Vec::new(), vec![mine]));
        let (here, away) = parted(vec![hers.clone()], Vec::new(), id(3));
        assert_eq!((here, away), (Vec::new(), vec![hers]));
    }
}
