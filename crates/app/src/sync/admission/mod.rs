//! Admitting a computer by a number that two people compare, where nobody wants to type a long code
//! or has a camera for it.
//!
//! A computer of the clinic opens a room at the server; the one that wants in is told its short
//! code. There they make a meeting of two keys ([`vault::sas`]), and both show its number. Only when
//! the person at each of the two has said that the other shows the same does the code of an
//! invitation pass, sealed: from there on it is joining by a code, like any other.
//!
//! | place | who | what |
//! |---|---|---|
//! | 0 | joiner | what its key will hash to |
//! | 1 | admitter | its key |
//! | 2 | joiner | its key |
//! | 3 | joiner | that the numbers are the same, sealed; or that they differ |
//! | 4 | admitter | the code of an invitation, sealed; or that the numbers differ |
//! | 5 | joiner | what it calls itself, sealed, once it knows both keys |
//!
//! Each step is a look that does not wait: whoever runs it decides how often to look and when to
//! give up. The steps are types, so that nothing can be handed over before both have answered.
//! The command line takes them one by one; for a window they are kept between its commands
//! ([`course`]), and its host looks.

mod admit;
mod coming_in;
mod course;
mod enter;
mod letting_in;
mod room;

pub use admit::{Admission, Admitted, MetJoiner};
pub(crate) use coming_in::{
    ComingIn, answer_entrance, enter_room, get_entrance, join_admitted, leave_room, read_invitation,
};
pub(crate) use course::Course;
pub use enter::{Awaited, Entrance, MetAdmitter};
pub(crate) use letting_in::{LettingIn, answer_admission, end_admission, get_admission, open_room};

/// What a look found.
#[derive(Debug)]
pub enum Waited<W, T> {
    /// Nothing yet: look again.
    Still(W),
    /// What was waited for.
    Came(T),
}

/// What the joiner seals for the admitter once its person has compared.
const SAME: &[u8] = b"same";
