//! What was set aside, in groups that are decided on together.

use api::{AsideOf, QuarantineAwaits, QuarantineItem, QuarantineReason};
use clinical::{DeviceId, Instant};

/// What one computer sealed that was set aside for one reason, and what was decided of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// The computer it says it is from.
    pub device: DeviceId,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Whose charts it says it is of, each once, where that is known here.
    pub of: Vec<AsideOf>,
    /// Why.
    pub reason: QuarantineReason,
    /// What may bring it in.
    pub awaits: QuarantineAwaits,
    /// Who left it aside for good, and when that was first done.
    pub left: Option<(String, Instant)>,
    /// Since when there is something.
    pub since: Instant,
    /// How long it is together, in bytes.
    pub bytes: u64,
    /// The batches.
    pub envelopes: Vec<String>,
}

/// What can be done about a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choices {
    /// It can be taken in by a decision.
    pub take_in: bool,
    /// It can be left aside for good.
    pub leave: bool,
}

/// The groups, those that wait first, then the one that began last first.
pub(super) fn groups(items: Vec<QuarantineItem>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for item in items {
        let left = item.left.map(|left| (left.by, left.at));
        let is_of = |group: &&mut Group| {
            let by = |left: &Option<(String, Instant)>| left.as_ref().map(|(by, _)| by.clone());
            (group.device, group.reason, by(&group.left)) == (item.device, item.reason, by(&left))
        };
        match groups.iter_mut().find(is_of) {
            Some(group) => {
                group.since = group.since.min(item.at);
                group.bytes = group.bytes.saturating_add(item.bytes);
                group.envelopes.push(item.envelope);
                for of in item.of {
                    if group.of.iter().all(|it| it.patient != of.patient) {
                        group.of.push(of);
                    }
                }
                if let (Some((_, first)), Some((_, at))) = (&mut group.left, left) {
                    *first = at.min(*first);
                }
            }
            None => groups.push(Group {
                device: item.device,
                name: item.name,
                of: item.of,
                reason: item.reason,
                awaits: item.awaits,
                left,
                since: item.at,
                bytes: item.bytes,
                envelopes: vec![item.envelope],
            }),
        }
    }
    groups.sort_by_key(|group| group.left.is_some());
    groups
}

/// What can be done about a group. What comes in by itself is not decided on.
pub(super) fn choices(group: &Group) -> Choices {
    let waits_for_somebody = group.awaits == QuarantineAwaits::Decision;
    let by_itself = group.awaits == QuarantineAwaits::Keys;
    Choices {
        take_in: waits_for_somebody && group.bytes > 0,
        leave: group.left.is_none() && !by_itself,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Left;
    use clinical::PatientId;

    fn item(n: u8, device: u8, reason: QuarantineReason, left: Option<&str>) -> QuarantineItem {
        QuarantineItem {
            envelope: format!("{n:02}").repeat(32),
            device: DeviceId::from_uuid(clinical::uuid_v7(1, [device; 10])),
            name: Some(format!("Room {device}")),
            of: Vec::new(),
            at: Instant::from_unix_ms(i64::from(n)),
            bytes: 100,
            reason,
            awaits: if reason == QuarantineReason::AfterCut {
                QuarantineAwaits::Decision
            } else if reason == QuarantineReason::NoKey {
                QuarantineAwaits::Keys
            } else {
                QuarantineAwaits::Nothing
            },
            left: left.map(|by| Left { by: by.into(), at: Instant::from_unix_ms(i64::from(n)) }),
        }
    }

    #[test]
    fn what_is_of_one_computer_and_one_reason_is_one_group() {
        use QuarantineReason::{AfterCut, NoKey, NotOpened};
        let items = vec![
            item(9, 2, NotOpened, Some("Dr Ana")),
            item(8, 1, AfterCut, None),
            item(7, 2, AfterCut, None),
            item(6, 1, AfterCut, None),
            item(5, 1, NoKey, None),
            item(4, 2, NotOpened, Some("Dr Ana")),
        ];
        let groups = groups(items);
        let told: Vec<_> = groups
            .iter()
            .map(|it| {
                (it.name.as_deref().unwrap(), it.envelopes.len(), it.since.unix_ms(), it.bytes)
            })
            .collect();
        let want = [
            ("Room 1", 2, 6, 200),
            ("Room 2", 1, 7, 100),
            ("Room 1", 1, 5, 100),
            ("Room 2", 2, 4, 200),
        ];
        assert_eq!(told, want);
        let left = groups.last().unwrap().left.clone();
        assert_eq!(left, Some(("Dr Ana".to_owned(), Instant::from_unix_ms(4))));
        let can: Vec<_> = groups.iter().map(choices).map(|it| (it.take_in, it.leave)).collect();
        assert_eq!(can, [(true, true), (true, true), (false, false), (false, false)]);
    }

    #[test]
    fn whose_charts_a_group_is_of_is_told_once_each() {
        let of = |n: u8, patients: &[u8]| {
            let one = |n: &u8| AsideOf {
                patient: PatientId::from_uuid(clinical::uuid_v7(1, [*n; 10])),
                identity: None,
            };
            let of = patients.iter().map(one).collect();
            QuarantineItem { of, ..item(n, 1, QuarantineReason::AfterCut, None) }
        };
        let items = vec![of(4, &[1]), of(3, &[]), of(2, &[2, 1, 3]), of(1, &[1])];
        let groups = groups(items);
        let told: Vec<_> = groups.iter().map(|it| (it.envelopes.len(), it.of.len())).collect();
        assert_eq!(told, [(4, 3)]);
    }

    #[test]
    fn what_only_has_a_name_here_is_not_taken_in() {
        let empty = QuarantineItem { bytes: 0, ..item(1, 1, QuarantineReason::AfterCut, None) };
        let groups = groups(vec![empty]);
        assert_eq!(choices(&groups[0]), Choices { take_in: false, leave: true });
    }
}
