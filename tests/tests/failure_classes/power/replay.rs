//! The power goes, and not the program alone: what was written and not synced is lost, in part or
//! whole. Real programs are looked on as they work, and their disks are made again as they may be when
//! the power comes back after a cut between any two of their calls (`tests::power`): each must open and
//! be whole, with everything that was acknowledged, and the next sync ends with everything everywhere.
//!
//! Of all the cuts and of all that may be left of each some are drawn; `FIELDCHART_SOAK=N` draws N times
//! as many, and `FIELDCHART_SEED=S` others.

use clinical::PatientId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tests::computer::{Answer, Computer, text};
use tests::power::{Asked, Contents, Dice, Left, Platter, Step, asked_in, contents, lay};
use tests::power::{looking_on, whole};
use tests::scene::Scene;
use tests::server::{Stopped, SyncServer};

use super::{may_look_on, run};
use crate::station::Station;

/// What is left of each cut that is drawn.
const LEFT: [Left; 4] = [Left::Nothing, Left::All, Left::Some, Left::Some];

/// What somebody does at the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// Records an allergy.
    Record,
    /// Records one, and the program is killed before so manieth of its syncings of the disk.
    Killed(usize),
    /// Looks into the chart.
    Look,
    /// Puts a file into the chart.
    File,
    /// Syncs with the server.
    Sync,
}

/// Whose power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Computer,
    Server,
}

/// What is being done when the power goes.
struct Case {
    what: &'static str,
    deeds: &'static [Deed],
    whose: Whose,
    /// Cuts that are drawn of each time that it is done.
    cuts: usize,
}

const OF_COMPUTER: [Case; 4] = [
    Case {
        what: "recording",
        deeds: &[Deed::Record, Deed::Record],
        whose: Whose::Computer,
        cuts: 12,
    },
    Case {
        what: "going on after a program that was killed as it recorded",
        deeds: &[
            Deed::Killed(1),
            Deed::Look,
            Deed::Killed(2),
            Deed::Look,
            Deed::Killed(3),
            Deed::Record,
            Deed::Killed(4),
            Deed::Record,
        ],
        whose: Whose::Computer,
        cuts: 12,
    },
    Case { what: "syncing", deeds: &[Deed::Record, Deed::Sync], whose: Whose::Computer, cuts: 8 },
    Case {
        what: "putting in a file and syncing it",
        deeds: &[Deed::File, Deed::Sync],
        whose: Whose::Computer,
        cuts: 6,
    },
];

const OF_SERVER: [Case; 1] = [Case {
    what: "syncing with the server",
    deeds: &[Deed::Record, Deed::File, Deed::Sync, Deed::Record, Deed::Sync],
    whose: Whose::Server,
    cuts: 10,
}];

#[test]
fn a_computer_whose_power_goes_loses_nothing_acknowledged_soak() {
    check("power-computer", &OF_COMPUTER);
}

#[test]
fn a_server_whose_power_goes_loses_nothing_acknowledged_soak() {
    check("power-server", &OF_SERVER);
}

fn check(name: &str, cases: &[Case]) {
    if !may_look_on() {
        return;
    }
    let begun = Instant::now();
    let seed = number("FIELDCHART_SEED");
    let seed = seed.unwrap_or_else(|| 6 + number("FIELDCHART_SOAK_AFTER").unwrap_or(0));
    println!("FIELDCHART_SEED={seed}");
    let mut dice = Dice::of(seed);
    let mut stage = Stage::new(name);
    for case in cases {
        let what = case.what;
        let (mut cuts, mut disks) = (0, 0);
        for _ in 0..number("FIELDCHART_SOAK").unwrap_or(1).min(20) {
            let history = stage.history(case.deeds);
            let (cut, left) = stage.cut(case, &history, &mut dice);
            assert_eq!(cut, case.cuts, "{what}: where were the writes?");
            (cuts, disks) = (cuts + cut, disks + left);
        }
        println!("soak: {cuts} power cuts while {what}, and {disks} disks that they may leave");
    }
    println!("{} ms", begun.elapsed().as_millis());
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Two computers of a clinic and their server, as they were before anything was looked on.
struct Stage {
    scene: Scene,
    server: Option<Stopped>,
    a: Computer,
    b: Computer,
    patient: PatientId,
    /// The folders of the three, nothing of which is at stake.
    of_a: Contents,
    of_b: Contents,
    of_server: Contents,
    recorded: usize,
}

/// What was asked of the disks of the computer and of the server, as the clock has it.
struct History {
    of_a: Vec<Asked>,
    of_server: Vec<Asked>,
}

/// The three folders after a cut, and what had been acknowledged by then.
struct Cut {
    of_a: Contents,
    of_server: Contents,
    acknowledged: BTreeSet<String>,
}

impl Stage {
    fn new(name: &str) -> Self {
        let scene = Scene::new(name);
        let server = scene.server();
        let a = Computer::of(&scene, "Front desk");
        a.found_clinic(Some(server.address()));
        let b = Computer::of(&scene, "Ward");
        b.join(&text(&a.json(&["device", "code"]), "/code"));
        let patient = a.register(&json!({ "family": "Okello" }));
        a.json(&["sync"]);
        b.json(&["sync"]);
        // Something waits for the computer at the server.
        b.record("allergy", Some(&patient), &json!({ "substance": "substance of the other" }));
        b.json(&["sync"]);
        let server = Some(server.stop());
        let of_server = contents(&scene.folder().join("server"));
        let (of_a, of_b) = (contents(a.store()), contents(b.store()));
        let patient = patient.parse().unwrap();
        Self { scene, server, a, b, patient, of_a, of_b, of_server, recorded: 0 }
    }

    /// Does the deeds with everything at work, and records what was asked of the disks.
    fn history(&mut self, deeds: &[Deed]) -> History {
        self.lay(&self.of_a, &self.of_server);
        let record = self.next_record();
        let server = self.server.take().unwrap().try_start_through(&looking_on(&record));
        let server = server.unwrap_or_else(|_| panic!("the server does not start"));
        let mut of_a = Vec::new();
        for deed in deeds {
            of_a.extend(self.deed(*deed));
        }
        self.server = Some(server.stop());
        let folder = self.folder_of_server();
        let of_server = asked_in(&whole(&record), &folder);
        let must_be = |before: &Contents, asked: &[Asked], folder: &Path| {
            let mut platter = Platter::of(before);
            asked.iter().for_each(|asked| platter.take(asked));
            platter.must_be(folder);
        };
        must_be(&self.of_a, &of_a, self.a.store());
        must_be(&self.of_server, &of_server, &folder);
        History { of_a, of_server }
    }

    fn deed(&mut self, deed: Deed) -> Vec<Asked> {
        let record = self.next_record();
        let mut words = looking_on(&record);
        if let Deed::Killed(nth) = deed {
            let kill = format!("inject=fsync,fdatasync:signal=KILL:when={nth}");
            words.extend(["-e".to_owned(), kill]);
        }
        let (patient, letter) = (self.patient.to_string(), self.scene.folder().join("letter.txt"));
        let (letter, n) = (letter.to_str().unwrap().to_owned(), self.recorded);
        let draft = json!({ "substance": format!("substance {n}") }).to_string();
        let (command, input): (&[&str], _) = match deed {
            Deed::Record | Deed::Killed(_) => {
                (&["--json", "record", "allergy", "--patient", &patient], draft.as_str())
            }
            Deed::Look => (&["--json", "chart", &patient], ""),
            Deed::File => {
                std::fs::write(&letter, format!("Letter {n}\n")).unwrap();
                (&["--json", "document", "add", &letter, "--patient", &patient], "")
            }
            Deed::Sync => (&["--json", "sync"], ""),
        };
        let answer = Answer::of(run(&self.a, &words, command, input));
        let asked = asked_in(&whole(&record), self.a.store());
        match deed {
            Deed::Killed(_) => assert_eq!(answer.code, None, "{deed:?}: {answer:?}"),
            Deed::Record | Deed::File => {
                let told = asked.iter().find_map(acknowledged);
                assert!(answer.code == Some(0) && told.is_some(), "{deed:?}: {answer:?}");
            }
            Deed::Look | Deed::Sync => assert_eq!(answer.code, Some(0), "{deed:?}: {answer:?}"),
        }
        asked
    }

    /// Cuts the power as often as the case says, and looks at what may be left; answers how many cuts
    /// there were and how many disks that differ.
    fn cut(&mut self, case: &Case, history: &History, dice: &mut Dice) -> (usize, usize) {
        let (before, asked) = match case.whose {
            Whose::Computer => (&self.of_a, &history.of_a),
            Whose::Server => (&self.of_server, &history.of_server),
        };
        let mut platter = Platter::of(before);
        let drawn = drawn(&platter, asked, case.cuts, dice);
        let mut images = Vec::new();
        let mut seen = BTreeSet::new();
        for (nth, next) in asked.iter().enumerate() {
            if drawn.contains(&nth) {
                for left in LEFT {
                    let disk = platter.after_a_cut(left, dice);
                    let cut = self.at(case.whose, history, next.at_us, disk);
                    if seen.insert((hash_of(&cut.of_a), hash_of(&cut.of_server))) {
                        let what = case.what;
                        let of = asked.len();
                        images.push((format!("{what}, before call {nth} of {of}, {left:?}"), cut));
                    }
                }
            }
            platter.take(next);
        }
        let needs_server = case.deeds.contains(&Deed::Sync);
        for (what, cut) in &images {
            let _named = Named(format!("{what}, acknowledged: {:?}", cut.acknowledged));
            self.must_hold(cut, needs_server);
        }
        (drawn.len(), images.len())
    }

    /// Everything at a moment at which the power of one goes, whose disk is then this one. The other
    /// goes on, and loses nothing.
    fn at(&self, whose: Whose, history: &History, at_us: u64, disk: Contents) -> Cut {
        let by_then = |asked: &[Asked], before: &Contents| {
            let mut platter = Platter::of(before);
            let by_then = asked.iter().take_while(|asked| asked.at_us < at_us);
            by_then.for_each(|asked| platter.take(asked));
            platter.after_a_cut(Left::All, &mut Dice::of(0))
        };
        let of_a = history.of_a.iter().take_while(|asked| asked.at_us < at_us);
        let acknowledged = of_a.filter_map(acknowledged).collect();
        let (of_a, of_server) = match whose {
            Whose::Computer => (disk, by_then(&history.of_server, &self.of_server)),
            Whose::Server => (by_then(&history.of_a, &self.of_a), disk),
        };
        Cut { of_a, of_server, acknowledged }
    }

    /// The power is back: everything is there and whole.
    fn must_hold(&mut self, cut: &Cut, needs_server: bool) {
        self.lay(&cut.of_a, &cut.of_server);
        let server: Option<SyncServer> =
            needs_server.then(|| self.server.take().unwrap().start_again());
        let a = self.opened("Front desk", &self.a);
        let report = a.app().check().unwrap();
        assert!(report.sound, "{report:?}");
        self.must_have(&a, &cut.acknowledged);
        if let Some(server) = server {
            lay(&self.of_b, self.b.store());
            assert!(a.synced().alarms.is_empty(), "nobody went back on what they had said");
            a.app().carry_files().unwrap();
            let b = self.opened("Ward", &self.b);
            assert!(b.synced().alarms.is_empty(), "nobody went back on what they had said");
            assert_eq!(b.chart(self.patient), a.chart(self.patient));
            self.must_have(&b, &cut.acknowledged);
            b.must_be_sound();
            self.server = Some(server.stop());
        }
    }

    /// What was acknowledged is in the chart, and the files of the chart can be read.
    fn must_have(&self, on: &Station, acknowledged: &BTreeSet<String>) {
        let patient = self.patient;
        let chart = serde_json::to_string(&on.chart(patient)).unwrap();
        let lost: Vec<_> = acknowledged.iter().filter(|id| !chart.contains(*id)).collect();
        assert!(lost.is_empty(), "{lost:?} lost of {acknowledged:?}");
        for item in on.call(api::ListDocuments { patient }).documents {
            on.call(api::ShowDocument { patient, document: item.document });
        }
    }

    fn opened(&self, name: &str, computer: &Computer) -> Station {
        let mut station = Station::new(name, computer.store().to_owned());
        station.open();
        station
    }

    fn lay(&self, of_a: &Contents, of_server: &Contents) {
        lay(of_a, self.a.store());
        lay(of_server, &self.folder_of_server());
    }

    fn folder_of_server(&self) -> PathBuf {
        self.scene.folder().join("server")
    }

    fn next_record(&mut self) -> PathBuf {
        self.recorded += 1;
        self.scene.folder().join(format!("record-{}", self.recorded))
    }
}

/// Draws the cuts, all over the history, of those at which something is at stake.
fn drawn(platter: &Platter, asked: &[Asked], cuts: usize, dice: &mut Dice) -> BTreeSet<usize> {
    let mut platter = platter.clone();
    let mut at_stake = Vec::new();
    for (nth, next) in asked.iter().enumerate() {
        if platter.at_stake() > 0 {
            at_stake.push(nth);
        }
        platter.take(next);
    }
    let (all, from) = (at_stake.len(), dice.below(at_stake.len()));
    let drawn = (0..cuts).map(|nth| at_stake[(from + nth * all / cuts) % all]);
    drawn.collect()
}

/// The id of what was recorded, where somebody was told so.
fn acknowledged(asked: &Asked) -> Option<String> {
    let Step::Told(told) = &asked.step else { return None };
    let told: Value = serde_json::from_slice(told).ok()?;
    told.pointer("/entries/0/id").and_then(Value::as_str).map(str::to_owned)
}

fn hash_of(contents: &Contents) -> u64 {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    hasher.finish()
}

/// Says which one it was that failed.
struct Named(String);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", self.0);
        }
    }
}
