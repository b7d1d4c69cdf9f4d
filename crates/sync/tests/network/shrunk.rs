//! Histories drawn act by act, of which one that fails is shrunk to what it takes to fail, and kept in
//! `proptest-regressions`. Those that are drawn from one seed cannot be: whatever is left out of one
//! changes all that comes after it.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::acts::{Act, COMPUTERS_MAX};
use super::random::Random;
use super::world::{Drawn, Faults, World};
use super::{EVERYTHING, HARSH, seeds, settled};

/// So many histories, of so many acts at most, and so many attempts to shrink one.
const CASES: u64 = 64;
const STEPS_MAX: usize = 120;
const SHRINK_ITERS_MAX: u32 = 4000;

/// An act, with all that chance has to say in it: it is the same whatever happened before.
#[derive(Clone, Copy, Debug)]
struct Step {
    act: Act,
    computer: usize,
    is_line_bad: bool,
    chance: u64,
}

#[derive(Clone, Debug)]
struct History {
    faults: Faults,
    steps: Vec<Step>,
    devices: u8,
    chance: u64,
}

fn history() -> impl Strategy<Value = History> {
    let steps = prop::collection::vec(step(), 1..=STEPS_MAX);
    let all = (faults(), steps, 2..=7_u8, any::<u64>().no_shrink());
    all.prop_map(|(faults, steps, devices, chance)| History { faults, steps, devices, chance })
}

/// Any of those that may all be at once.
fn faults() -> impl Strategy<Value = Faults> {
    any::<([bool; 4], [bool; 5])>().prop_map(|(first, second)| {
        let [restore_device, restore_server, clones, floors] = first;
        let [carry, lan, clocks, partitions, members] = second;
        let faults = Faults { restore_device, restore_server, clones, floors, ..HARSH };
        Faults { carry, lan, clocks, partitions, members, ..faults }
    })
}

/// It shrinks towards nothing, then an edit, of the first device, on a line that is good.
fn step() -> impl Strategy<Value = Step> {
    let acts = [vec![Act::Nothing], EVERYTHING.acts()].concat();
    let all = (select(acts), 0..COMPUTERS_MAX, any::<bool>(), any::<u64>().no_shrink());
    all.prop_map(|(act, computer, is_line_bad, chance)| Step { act, computer, is_line_bad, chance })
}

impl History {
    fn run(&self) -> Drawn {
        let random = Random::new(self.chance);
        let mut world = World::with_clocks(self.devices, random, self.faults);
        self.steps.iter().for_each(|step| world.take(*step));
        settled(world)
    }
}

impl World {
    /// Does what a step says, where it may happen and there is such a computer: without one that is
    /// copied the others are who they were.
    fn take(&mut self, step: Step) {
        self.random = Random::new(step.chance);
        let faults = if step.is_line_bad { self.faults } else { self.without_line_faults() };
        self.pass_an_hour();
        if faults.acts().contains(&step.act) && step.computer < self.devices.len() {
            self.happen(step.act, step.computer);
        }
        self.faults = faults;
    }
}

#[test]
fn whatever_happens_in_whatever_order_nothing_is_lost_soak() {
    let seeds = seeds(CASES);
    let cases = u32::try_from(seeds.end - seeds.start).unwrap();
    println!("soak: {cases} histories that can be shrunk");
    let max_shrink_iters = SHRINK_ITERS_MAX;
    let config = ProptestConfig::with_source_file(file!());
    let mut runner = TestRunner::new(ProptestConfig { cases, max_shrink_iters, ..config });
    let drawn = RefCell::new(Drawn::default());
    let ran = runner.run(&history(), |history| {
        drawn.borrow_mut().add(history.run());
        Ok(())
    });
    println!("soak: {:?}", drawn.borrow().0);
    if let Err(failed) = ran {
        panic!("{failed}\n{runner}");
    }
    // What so many draw for certain: the rest is asked of the histories that are drawn from seeds.
    let often = Faults { carry: true, lan: true, clones: true, clocks: false, ..HARSH };
    let lacking: Vec<_> =
        often.names().into_iter().filter(|it| drawn.borrow().of(it) == 0).collect();
    assert!(u64::from(cases) < CASES || lacking.is_empty(), "never drawn: {lacking:?}");
}
