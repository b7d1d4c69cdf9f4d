//! The combobox by the keyboard contract of the ARIA Authoring Practices.

use super::*;

const PLAIN: Key<'static> = Key { name: "", alt: false, other: false, composing: false };

fn key(name: &str) -> Key<'_> {
    Key { name, ..PLAIN }
}

fn offer(id: &str) -> Offer {
    Offer { id: id.into(), label: format!("the {id}"), detail: String::new() }
}

fn answer(to: &str, ids: &[&str], leads: bool) -> Offered {
    Offered {
        to: to.into(),
        offers: ids.iter().map(|id| offer(id)).collect(),
        leads,
        failed: false,
    }
}

/// A line in which `as` was typed, with three answers.
fn listed(leads: bool) -> Combo {
    let mut combo = Combo::default();
    assert_eq!(combo.typed("as".into()), Deed::Ask("as".into()));
    assert_eq!(combo.answered(answer("as", &["a", "b", "c"], leads)), Deed::Done);
    combo
}

#[test]
fn what_could_not_be_looked_up_is_not_said_to_be_absent() {
    let mut combo = Combo::of(String::new());
    assert_eq!(combo.typed("oke".into()), Deed::Ask("oke".into()));
    combo.answered(Offered::failed("oke".into()));
    assert_eq!(combo.below(), Below::Failed);
    // The next letter is another question.
    assert_eq!(combo.typed("okel".into()), Deed::Ask("okel".into()));
    combo.answered(answer("okel", &[], true));
    assert_eq!(combo.below(), Below::Nothing);
}

#[test]
fn the_keys_lead_through_the_list() {
    let check = |leads: bool, keys: &[&str], at: Option<usize>, last: Deed| {
        let mut combo = listed(leads);
        let deeds: Vec<_> = keys.iter().map(|name| combo.pressed(key(name))).collect();
        assert_eq!(combo.active(), at, "{leads} {keys:?}");
        assert_eq!(deeds.last(), Some(&last), "{leads} {keys:?}");
    };
    check(true, &["ArrowDown"], Some(1), Deed::Done);
    check(false, &["ArrowDown"], Some(0), Deed::Done);
    check(false, &["ArrowDown", "ArrowUp"], None, Deed::Done);
    check(true, &["ArrowDown", "ArrowDown", "ArrowDown"], Some(2), Deed::Done);
    check(false, &["PageDown", "PageDown"], Some(2), Deed::Done);
    check(false, &["PageDown", "PageDown", "PageUp"], Some(0), Deed::Done);
    check(false, &["ArrowDown", "End"], Some(2), Deed::Done);
    check(false, &["ArrowDown", "End", "Home"], Some(0), Deed::Done);
    // In the text they move the mark of the text, and other keys type.
    check(true, &["Home"], Some(0), Deed::Pass);
    check(false, &["End"], None, Deed::Pass);
    check(false, &["x"], None, Deed::Pass);
    check(true, &["Enter"], Some(0), Deed::Choose(offer("a")));
    check(false, &["Enter"], None, Deed::Pass);
    check(false, &["ArrowDown", "ArrowDown", "Enter"], Some(1), Deed::Choose(offer("b")));
    check(true, &["Escape"], None, Deed::Done);
    check(true, &["Escape", "Escape"], None, Deed::Pass);
    check(true, &["Escape", "Enter"], None, Deed::Pass);
    check(true, &["Escape", "ArrowDown"], Some(0), Deed::Done);
    check(true, &["Tab"], None, Deed::Pass);
    check(true, &["Tab", "Enter"], None, Deed::Pass);
}

#[test]
fn keys_with_others_and_of_an_input_method_are_not_the_lists() {
    let check = |pressed: Key<'_>, want: Deed| {
        assert_eq!(listed(true).pressed(pressed), want, "{pressed:?}");
    };
    check(Key { composing: true, ..key("Enter") }, Deed::Pass);
    check(Key { composing: true, ..key("Escape") }, Deed::Pass);
    check(Key { other: true, ..key("Enter") }, Deed::Pass);
    check(Key { other: true, ..key("Home") }, Deed::Pass);
    check(Key { alt: true, ..key("ArrowUp") }, Deed::Done);
    let mut combo = listed(true);
    combo.pressed(Key { alt: true, ..key("ArrowUp") });
    assert_eq!(combo.below(), Below::Closed);
    combo.pressed(Key { alt: true, ..key("ArrowDown") });
    assert_eq!(combo.below(), Below::Listed);
}

#[test]
fn one_question_is_put_at_a_time_and_the_last_text_is_answered() {
    let mut combo = Combo::default();
    assert_eq!(combo.typed("a".into()), Deed::Ask("a".into()));
    assert_eq!(combo.typed("as".into()), Deed::Done);
    assert_eq!(combo.typed("ast".into()), Deed::Done);
    assert_eq!(combo.answered(answer("a", &["x"], true)), Deed::Ask("ast".into()));
    assert_eq!(combo.below(), Below::Listed, "the older answer is shown until the newer comes");
    assert_eq!(combo.answered(answer("ast", &["y"], true)), Deed::Done);
    assert_eq!(combo.offers(), [offer("y")]);
    // Back to a text that was answered: nothing to ask.
    assert_eq!(combo.typed("ast".into()), Deed::Done);
    // Cleared: asked, answered by nothing, and typed again.
    assert_eq!(combo.typed(String::new()), Deed::Ask(String::new()));
    assert_eq!(combo.answered(answer("", &[], false)), Deed::Done);
    assert_eq!(combo.typed("b".into()), Deed::Ask("b".into()));
}

#[test]
fn nobody_is_asked_for_a_line_that_was_left() {
    let mut combo = Combo::default();
    combo.typed("a".into());
    combo.typed("as".into());
    combo.left();
    assert_eq!(combo.answered(answer("a", &["x"], true)), Deed::Done);
    assert_eq!(combo.pressed(key("ArrowDown")), Deed::Ask("as".into()));
}

#[test]
fn enter_never_takes_what_was_offered_for_other_words() {
    let mut combo = listed(true);
    assert_eq!(combo.typed("asc".into()), Deed::Ask("asc".into()));
    assert_eq!(combo.pressed(key("Enter")), Deed::Done, "it waits");
    assert_eq!(combo.answered(answer("asc", &["d"], true)), Deed::Choose(offer("d")));
    // What was typed on after Enter is what is meant.
    let mut combo = listed(true);
    combo.typed("asc".into());
    combo.pressed(key("Enter"));
    combo.typed("asci".into());
    assert_eq!(combo.answered(answer("asc", &["d"], true)), Deed::Ask("asci".into()));
    assert_eq!(combo.answered(answer("asci", &["e"], true)), Deed::Done);
    // What the arrows chose is meant, whatever comes.
    let mut combo = listed(true);
    combo.typed("asc".into());
    combo.pressed(key("ArrowDown"));
    assert_eq!(combo.pressed(key("Enter")), Deed::Choose(offer("b")));
}

/// A line that means something by itself: the list only helps.
#[test]
fn a_free_line_keeps_its_enter_and_its_arrows_until_there_is_something_to_choose() {
    let mut combo = Combo::free(String::new());
    assert_eq!(combo.pressed(key("ArrowDown")), Deed::Pass);
    assert_eq!(combo.typed("as".into()), Deed::Ask("as".into()));
    assert_eq!(combo.below(), Below::Closed, "nothing is missed");
    assert_eq!(combo.pressed(key("Enter")), Deed::Pass, "before the answer too");
    assert_eq!(combo.answered(answer("as", &[], false)), Deed::Done);
    assert_eq!((combo.below(), combo.pressed(key("ArrowDown"))), (Below::Closed, Deed::Pass));
    assert_eq!(combo.typed("ab".into()), Deed::Ask("ab".into()));
    assert_eq!(combo.answered(answer("ab", &["a", "b"], true)), Deed::Done);
    assert_eq!(combo.below(), Below::Listed);
    assert_eq!(combo.pressed(key("Enter")), Deed::Pass, "no arrow has reached one");
    assert_eq!(combo.pressed(key("ArrowDown")), Deed::Done);
    assert_eq!(combo.pressed(key("Enter")), Deed::Choose(offer("b")));
}

#[test]
fn what_the_arrows_chose_stays_chosen_when_others_come() {
    let check = |ids: &[&str], want: Option<usize>| {
        let mut combo = listed(false);
        combo.pressed(key("ArrowDown"));
        combo.pressed(key("ArrowDown"));
        combo.answered(answer("as", ids, false));
        assert_eq!(combo.active(), want, "{ids:?}");
    };
    check(&["b", "c"], Some(0));
    check(&["x", "y", "b"], Some(2));
    check(&["x", "y"], None);
    check(&[], None);
}

#[test]
fn what_is_below_the_line_tells_how_it_stands() {
    let mut combo = Combo::of("asthma".into());
    assert_eq!(combo.below(), Below::Closed);
    combo.typed("as".into());
    assert_eq!(combo.below(), Below::Waiting);
    combo.answered(answer("as", &[], false));
    assert_eq!(combo.below(), Below::Nothing);
    combo.typed(" ".into());
    combo.answered(answer(" ", &[], false));
    assert_eq!(combo.below(), Below::Closed, "nothing is looked for");
    assert_eq!(combo.pressed(key("Escape")), Deed::Pass);
    let mut combo = listed(true);
    combo.stands("the a".into());
    assert_eq!((combo.below(), combo.active()), (Below::Closed, None));
    assert_eq!(combo.pressed(key("Enter")), Deed::Pass, "the form records");
}
