//! What each task may cost: the table `effort-budgets.tsv`.

use tests::window::Spent;

const TABLE: &str = include_str!("../effort-budgets.tsv");

/// A task, what it may cost, and what it costs elsewhere.
#[derive(Debug)]
pub(super) struct Task {
    pub name: &'static str,
    /// Keys that are no data, by keys alone.
    pub keys_max: u64,
    /// Presses, by the mouse alone.
    pub presses_max: u64,
    /// Screens to take in and choices to make.
    pub decisions_max: u64,
    /// Presses, keys that are no data, and seconds of OpenMRS 3 and of OpenEMR.
    pub others: [(u64, u64, f64); 2],
}

/// A task and what it has cost, by keys and by the mouse.
pub(super) type Done = (Task, Spent, Spent);

/// Every task of the table, in its order.
pub(super) fn tasks() -> Vec<Task> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(task).collect()
}

fn task(line: &'static str) -> Task {
    let mut columns = line.split('\t');
    let name = columns.next().expect("a task has a name");
    let figures: Vec<f64> =
        columns.map(|figure| figure.parse().expect("a figure of the table")).collect();
    let [keys, presses, decisions, o_presses, o_keys, o_s, e_presses, e_keys, e_s] = figures[..]
    else {
        panic!("nine figures of {name:?}: {figures:?}")
    };
    let whole = |figure: f64| format!("{figure:.0}").parse().expect("a whole number");
    Task {
        name,
        keys_max: whole(keys),
        presses_max: whole(presses),
        decisions_max: whole(decisions),
        others: [(whole(o_presses), whole(o_keys), o_s), (whole(e_presses), whole(e_keys), e_s)],
    }
}

/// What of a task is over its budget, in words.
pub(super) fn over((task, by_keys, by_mouse): &Done) -> Vec<String> {
    let name = task.name;
    let ways = [
        ("keys", by_keys.keys, task.keys_max),
        ("presses by keys", by_keys.clicks, 0),
        ("presses", by_mouse.clicks, task.presses_max),
        ("decisions by keys", by_keys.decisions, task.decisions_max),
        ("decisions by mouse", by_mouse.decisions, task.decisions_max),
    ];
    let over = ways.into_iter().filter(|(_, spent, most)| spent > most);
    over.map(|(what, spent, most)| format!("{name}: {spent} {what}, at most {most}")).collect()
}

#[test]
fn what_costs_more_than_its_budget_is_told() {
    let spent = |keys, clicks, decisions| Spent {
        keys,
        data: 900,
        clicks,
        decisions,
        homings: 9,
        trace: String::new(),
    };
    let check = |by_keys: Spent, by_mouse: Spent, want: &[&str]| {
        let task = tasks().into_iter().next().expect("a task");
        assert_eq!(over(&(task, by_keys, by_mouse)), want);
    };
    check(spent(10, 0, 3), spent(99, 6, 3), &[]);
    check(spent(11, 0, 0), spent(0, 0, 0), &["register a patient: 11 keys, at most 10"]);
    check(
        spent(0, 1, 4),
        spent(0, 7, 4),
        &[
            "register a patient: 1 presses by keys, at most 0",
            "register a patient: 7 presses, at most 6",
            "register a patient: 4 decisions by keys, at most 3",
            "register a patient: 4 decisions by mouse, at most 3",
        ],
    );
}
