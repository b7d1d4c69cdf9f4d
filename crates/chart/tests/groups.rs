//! The charts of one person: the same group for every reader, however the links came.

use clinical::*;
use proptest::prelude::*;

fn chart(n: u8) -> PatientId {
    PatientId::from_uuid(uuid_v7(i64::from(n), [n; 10]))
}

fn stamp() -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(uuid_v7(1, [1; 10])),
        device: DeviceId::from_uuid(uuid_v7(1, [2; 10])),
        at: Instant::from_unix_ms(0),
    }
}

fn link(n: u8, (replaced, shown): (u8, u8)) -> PatientLink {
    let id = PatientLinkId::from_uuid(uuid_v7(i64::from(n), [n; 10]));
    PatientLink { id, shown: chart(shown), replaced: chart(replaced), made: stamp(), ended: None }
}

fn ended(link: &PatientLink) -> PatientLink {
    PatientLink { ended: Some(stamp()), ..link.clone() }
}

fn links() -> impl Strategy<Value = Vec<PatientLink>> {
    let one = (1u8..8, 1u8..8, any::<bool>());
    proptest::collection::vec(one, 0..10).prop_map(|all| {
        let one = |(n, (from, to, ends)): (u8, (u8, u8, bool))| {
            let link = link(n, (from, to));
            if ends { ended(&link) } else { link }
        };
        (1..).zip(all).map(one).collect()
    })
}

proptest! {
    #[test]
    fn every_chart_of_a_group_names_the_same_group_in_any_order(
        (links, mixed) in links().prop_flat_map(|all| {
            (Just(all.clone()), Just([all.clone(), all].concat()).prop_shuffle())
        }),
    ) {
        for of in 1..8 {
            let group = PatientGroup::of(chart(of), &links);
            prop_assert!(group.has(chart(of)));
            prop_assert_eq!(&PatientGroup::of(chart(of), &mixed), &group);
            for member in group.members() {
                prop_assert_eq!(&PatientGroup::of(member, &links), &group);
            }
        }
    }

    #[test]
    fn ending_a_link_undoes_exactly_it(links in links(), from in 1u8..8, to in 1u8..8) {
        let more = link(99, (from, to));
        let with = [links.clone(), vec![more.clone(), ended(&more)]].concat();
        for of in 1..8 {
            prop_assert_eq!(
                PatientGroup::of(chart(of), &with),
                PatientGroup::of(chart(of), &links)
            );
        }
    }
}
