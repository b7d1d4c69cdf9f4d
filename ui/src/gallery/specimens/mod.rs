//! What the gallery shows of each component.

mod acting;
mod telling;
mod typing;

use crate::markup::prelude::*;

/// A component of the kit.
pub(super) struct Specimen {
    /// Its name.
    pub name: &'static str,
    /// The file of the kit that it is in.
    pub file: &'static str,
    /// The states it can be in, each with its name.
    pub states: fn() -> Vec<(&'static str, AnyView)>,
}

/// All of the kit: what is pressed, what is typed into, what is read.
pub(super) fn all() -> impl Iterator<Item = &'static Specimen> {
    acting::SPECIMENS.iter().chain(typing::SPECIMENS).chain(telling::SPECIMENS)
}

const fn of(
    name: &'static str,
    file: &'static str,
    states: fn() -> Vec<(&'static str, AnyView)>,
) -> Specimen {
    Specimen { name, file, states }
}

fn ignore() {}
