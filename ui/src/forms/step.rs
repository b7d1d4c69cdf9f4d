//! What must be recorded before something ends, one after the other.

use std::rc::Rc;

/// What goes on once a step is done.
pub(crate) type Then = Box<dyn FnOnce()>;

/// Records what is typed and goes on; where it cannot, it says why there and goes no further.
pub(crate) type Step = Rc<dyn Fn(Then)>;

/// Takes the steps in their order, then goes on.
pub(crate) fn in_turn(steps: &[Step], then: Then) {
    let all = steps.iter().rev().cloned().fold(then, |then, step| Box::new(move || step(then)));
    all();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn each_step_waits_for_the_one_before_and_none_is_passed_by() {
        let check = |refused: Option<&'static str>, want: &[&str]| {
            let done = Rc::new(RefCell::new(Vec::new()));
            let step = |name: &'static str| -> Step {
                let done = Rc::clone(&done);
                Rc::new(move |then| {
                    done.borrow_mut().push(name);
                    if refused != Some(name) {
                        then();
                    }
                })
            };
            let steps = [step("reason"), step("signs")];
            let end = Rc::clone(&done);
            in_turn(&steps, Box::new(move || end.borrow_mut().push("end")));
            assert_eq!(*done.borrow(), want, "{refused:?}");
        };
        check(None, &["reason", "signs", "end"]);
        check(Some("reason"), &["reason"]);
        check(Some("signs"), &["reason", "signs"]);
    }
}
