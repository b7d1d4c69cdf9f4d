//! Who holds what.

use crate::ApiError;
use clinical::{DeviceId, EntryRef, Instant};
use serde::{Deserialize, Serialize};

/// Somebody else who holds the record, as far as this computer has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    /// Who.
    pub who: Holder,
    /// What is here and they were not seen to hold: envelopes, and changes that are not sealed yet.
    /// They may have it by another way.
    pub lacks: u64,
    /// How the exchanges with them went.
    #[serde(default)]
    pub met: MetView,
}

/// How the exchanges with somebody went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetView {
    /// The last that went through; nothing where none ever did.
    pub at: Option<Instant>,
    /// Why the last one did not, if so.
    pub failed: Option<ApiError>,
    /// Sealed batches that they were given in the last that went through.
    pub sent: u64,
    /// Sealed batches that they gave in it.
    pub received: u64,
}

/// Who may hold the record beside this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", content = "body")]
pub enum Holder {
    /// The clinic's server.
    Server,
    /// Another computer of the clinic.
    Computer {
        /// Which.
        device: DeviceId,
        /// Its name, where it is known.
        name: Option<String>,
    },
}

/// Where what a chart says was seen to be, beside this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhereaboutsView {
    /// This computer.
    pub here: DeviceId,
    /// Whether there is anywhere else: a server, or another computer of the clinic.
    pub elsewhere: bool,
    /// What was last written here and the server has not acknowledged yet, each with who else was
    /// seen to hold it: the server first, then computers by name. Nobody: it is on this computer
    /// alone, as far as this computer knows.
    pub recent: Vec<(EntryRef, Vec<Holder>)>,
    /// Who was seen to hold all else that was written here.
    pub own: Vec<Holder>,
    /// Who was seen to hold what other computers wrote, by computer.
    pub others: Vec<(DeviceId, Vec<Holder>)>,
    /// Sealed batches of changes to the chart that came here and were set aside.
    #[serde(default)]
    pub set_aside: u64,
}

impl WhereaboutsView {
    /// Who else was seen to hold an entry as it reads now, by the computer that wrote it last.
    pub fn holders_of(&self, entry: EntryRef, writer: Option<DeviceId>) -> &[Holder] {
        let recent = self.recent.iter().find(|(one, _)| *one == entry);
        let of_other = || {
            let writer = writer.filter(|writer| *writer != self.here)?;
            let found = self.others.iter().find(|(one, _)| *one == writer);
            Some(found.map(|(_, holders)| holders.as_slice()).unwrap_or_default())
        };
        recent.map(|(_, at)| at.as_slice()).or_else(of_other).unwrap_or(&self.own)
    }

    /// Whether an entry is on this computer alone, as far as this computer knows, and there is
    /// somewhere else for it to be.
    pub fn is_only_here(&self, entry: EntryRef, writer: Option<DeviceId>) -> bool {
        self.elsewhere && self.is_ours(writer) && self.holders_of(entry, writer).is_empty()
    }

    /// What another computer wrote was there.
    fn is_ours(&self, writer: Option<DeviceId>) -> bool {
        writer.is_none_or(|writer| writer == self.here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_an_entry_is_goes_by_who_wrote_it_last() {
        let device = |n: u8| DeviceId::from_uuid(clinical::uuid_v7(i64::from(n), [n; 10]));
        let entry = |n: u8| {
            let id = clinical::uuid_v7(i64::from(n), [n; 10]);
            EntryRef::new(clinical::EntryKind::Allergy, id)
        };
        let ward = Holder::Computer { device: device(2), name: Some("Ward".into()) };
        let mut view = WhereaboutsView {
            here: device(1),
            elsewhere: true,
            recent: vec![(entry(1), Vec::new()), (entry(2), vec![ward.clone()])],
            own: vec![Holder::Server],
            others: vec![(device(2), vec![ward.clone()])],
            set_aside: 0,
        };
        let check = |view: &WhereaboutsView, n, writer, holders: &[Holder], only_here| {
            assert_eq!(view.holders_of(entry(n), writer), holders, "{n}");
            assert_eq!(view.is_only_here(entry(n), writer), only_here, "{n}");
        };
        check(&view, 1, Some(device(1)), &[], true);
        check(&view, 2, Some(device(1)), std::slice::from_ref(&ward), false);
        check(&view, 3, Some(device(1)), &[Holder::Server], false);
        check(&view, 3, None, &[Holder::Server], false);
        check(&view, 3, Some(device(2)), &[ward], false);
        // Of a computer that nothing is known of it is not said that it is nowhere else.
        check(&view, 3, Some(device(3)), &[], false);
        view.elsewhere = false;
        check(&view, 1, Some(device(1)), &[], false);
    }
}
