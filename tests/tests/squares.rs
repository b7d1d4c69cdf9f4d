//! A computer joins by the square that another shows. It is read by a decoder that is none of ours,
//! as a camera sees it: off a terminal, and off a window.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use api::{Origin, SquareCode};
use rqrr::PreparedImage;
use serde_json::json;
use tests::{
    computer::{Computer, text},
    scene::Scene,
};

use crate::station::Station;

/// Pixels of a module on each side.
const PIXELS: usize = 4;
/// Modules around a square: dark, as a terminal is, so that its blank edge has to be its own.
const AROUND: usize = 6;

/// The modules of a square, row by row; whether each is dark.
struct Square(Vec<Vec<bool>>);

impl Square {
    /// The one that a terminal shows among other lines, two rows of modules a line: what is light is
    /// drawn.
    fn printed(out: &str) -> Self {
        let mut rows = Vec::new();
        for line in out.lines().filter(|line| line.contains(['█', '▀', '▄'])) {
            let halves = line.chars().map(|half| match half {
                '█' => (false, false),
                '▀' => (false, true),
                '▄' => (true, false),
                ' ' => (true, true),
                other => panic!("{other:?} stands in a square:\n{out}"),
            });
            let (above, below): (Vec<_>, Vec<_>) = halves.unzip();
            rows.extend([above, below]);
        }
        // Of an odd number of rows the last has nothing of the square below it.
        rows.truncate(rows.first().map_or(0, Vec::len));
        Self(rows)
    }

    /// The one that a window draws: each part of its path is a run of dark modules.
    fn drawn(square: &SquareCode) -> Self {
        let side = usize::try_from(square.side).unwrap();
        let mut rows = vec![vec![false; side]; side];
        for part in square.path.split_terminator('z') {
            let run = run_of(part).unwrap_or_else(|| panic!("{part}z is no run of modules"));
            let (x, y, length) = run;
            rows[y][x..x + length].fill(true);
        }
        Self(rows)
    }

    /// What a camera reads of it.
    fn read(&self) -> Option<String> {
        let side = self.0.len();
        assert!(self.0.iter().all(|row| row.len() == side), "{side} rows are no square");
        let inside = |at: usize| (at / PIXELS).checked_sub(AROUND).filter(|at| *at < side);
        let is_dark = |x: usize, y: usize| match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.0[y][x],
            (Some(_) | None, None) | (None, Some(_)) => true,
        };
        let width = (side + 2 * AROUND) * PIXELS;
        let grey = |x: usize, y: usize| if is_dark(x, y) { 0 } else { u8::MAX };
        let mut image = PreparedImage::prepare_from_greyscale(width, width, grey);
        let found = image.detect_grids();
        let [square] = found.as_slice() else { return None };
        square.decode().ok().map(|(_, text)| text)
    }
}

/// Where a run `Mx yhNv1h-N` begins, and how many modules it has.
fn run_of(part: &str) -> Option<(usize, usize, usize)> {
    let (x, rest) = part.strip_prefix('M')?.split_once(' ')?;
    let (y, rest) = rest.split_once('h')?;
    let (there, back) = rest.split_once("v1h-")?;
    let number = |text: &str| text.parse().ok();
    (there == back).then_some((number(x)?, number(y)?, number(there)?))
}

#[test]
fn a_square_on_a_terminal_lets_a_second_computer_in() {
    let scene = Scene::new("square-terminal");
    let server = scene.server();
    let a = Computer::of(&scene, "Front desk");
    a.found_clinic(Some(server.address()));
    let patient = a.register(&json!({ "family": "Okello" }));
    a.json(&["sync"]);
    let shown = a.run(&["device", "code", "--qr"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    let code = shown.out.lines().next().unwrap();
    let read = Square::printed(&shown.out).read();
    assert_eq!(read.as_deref(), Some(code), "{}", shown.out);

    let b = Computer::of(&scene, "Room 2");
    assert!(text(&b.join(&read.unwrap()), "/recoveryCode").len() > 30);
    assert_eq!(b.chart(&patient)["chart"], a.chart(&patient)["chart"]);
}

#[test]
fn a_square_in_a_window_lets_a_second_computer_in() {
    let scene = Scene::new("square-window");
    let server = scene.server();
    let a = Station::found(&scene, "Front desk", server.address());
    let patient = a.register("Okello");
    a.synced();
    let window = Origin::Window("main".to_owned());
    let made = a.app().call(api::MakeDeviceCode {}, window).unwrap();
    let square = made.square.unwrap();
    let read = Square::drawn(&square).read();
    assert_eq!(read.as_deref(), Some(made.code.as_str()), "{}", square.path);

    let b = Station::joined_by(&scene, "Room 2", read.unwrap());
    b.synced();
    assert_eq!(b.chart(patient), a.chart(patient));
}

#[test]
fn a_square_that_is_wrong_anywhere_it_matters_is_not_read() {
    let scene = Scene::new("square-wrong");
    let server = scene.server();
    let a = Station::found(&scene, "Front desk", server.address());
    let made = a.call(api::MakeDeviceCode {});
    let square = made.square.unwrap();
    let check = |what: &str, wrong: &dyn Fn(&mut Square)| {
        let mut drawn = Square::drawn(&square);
        wrong(&mut drawn);
        assert_ne!(drawn.read().as_deref(), Some(made.code.as_str()), "{what}");
    };
    check("a negative", &|drawn| drawn.0.iter_mut().flatten().for_each(|dark| *dark = !*dark));
    check("no blank edge", &|drawn| {
        let side = drawn.0.len();
        let of = |row: &[bool]| row[4..side - 4].to_vec();
        drawn.0 = drawn.0[4..side - 4].iter().map(|row| of(row)).collect();
    });
    check("a corner that is not there", &|drawn| {
        drawn.0.iter_mut().take(11).for_each(|row| row[..11].fill(false));
    });
    check("a half that is blank", &|drawn| {
        drawn.0.iter_mut().for_each(|row| row[14..30].fill(false));
    });
}
