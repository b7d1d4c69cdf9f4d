//! A window of the clinic lets a computer in.

use crate::{App, host::Host, permit::Permit};
use api::{AdmissionView, AnswerAdmission, ApiError, EndAdmission, GetAdmission, OpenRoom};
use sync::limits::ROOM_LIFE_S_MAX;

use super::{
    Waited,
    admit::{Admission, Admitted, MetJoiner},
    course::{Next, tell},
};

/// How far letting a computer in has come.
pub(crate) enum LettingIn {
    /// Nobody came yet.
    Open(Admission),
    /// Somebody came, and the number is compared here.
    Met(MetJoiner),
    /// It is the same here; with what the other calls itself.
    Answered(Admitted, Option<String>),
    /// The other has its invitation.
    Done,
}

/// Opens a room.
///
/// # Errors
/// As [`App::open_room`].
pub(crate) fn open_room<H: Host>(
    app: &App<H>,
    _permit: &Permit<OpenRoom>,
    _command: &OpenRoom,
) -> Result<AdmissionView, ApiError> {
    app.letting_in.begin(app.host(), || {
        let admission = app.open_room(ROOM_LIFE_S_MAX)?;
        let (room, server) = (admission.code.clone(), admission.server.clone());
        let view = AdmissionView::Waiting { room, server, ends_at: admission.ends_at };
        Ok((LettingIn::Open(admission), view))
    })
}

/// Tells how letting a computer in stands.
///
/// # Errors
/// None.
pub(crate) fn get_admission<H: Host>(
    app: &App<H>,
    _permit: &Permit<GetAdmission>,
    _command: &GetAdmission,
) -> Result<AdmissionView, ApiError> {
    Ok(app.letting_in.view())
}

/// Takes the answer of whoever compared here. What came of it is in the view.
///
/// # Errors
/// None.
pub(crate) fn answer_admission<H: Host>(
    app: &App<H>,
    _permit: &Permit<AnswerAdmission>,
    command: &AnswerAdmission,
) -> Result<AdmissionView, ApiError> {
    app.letting_in.go_on(app.host(), |step| match step {
        LettingIn::Met(met) => {
            let (number, name) = (met.number().to_string(), met.name().map(str::to_owned));
            let admitted = app.compared_here(met, command.same)?;
            Ok(Next::On(LettingIn::Answered(admitted, name), AdmissionView::Answered { number }))
        }
        LettingIn::Open(_) | LettingIn::Answered(..) | LettingIn::Done => Ok(Next::Still(step)),
    });
    Ok(app.letting_in.view())
}

/// Ends what is under way here. Whoever waits at the other computer finds that the room ends; one that
/// lies on this computer ends at once.
///
/// # Errors
/// None.
pub(crate) fn end_admission<H: Host>(
    app: &App<H>,
    _permit: &Permit<EndAdmission>,
    _command: &EndAdmission,
) -> Result<(), ApiError> {
    // What lies in a room for the other side stays there: its invitation, or that the numbers differ.
    let is_under_way = match app.letting_in.view() {
        AdmissionView::Waiting { .. }
        | AdmissionView::Comparing { .. }
        | AdmissionView::Answered { .. } => true,
        AdmissionView::None | AdmissionView::Admitted { .. } | AdmissionView::Failed(_) => false,
    };
    app.letting_in.end();
    if let Some(open) = app.opened().filter(|_| is_under_way) {
        open.store.turns().door(app.host().now()).close_rooms();
    }
    tell(app.host());
    Ok(())
}

impl<H: Host> App<H> {
    /// Looks once into the room in which this computer admits another or wants in itself, and tells
    /// every window what is new. Whether there is something to look for still: whoever runs this
    /// decides how often.
    pub fn look_into_rooms(&self) -> bool {
        let lets_in = self.letting_in.go_on(self.host(), |step| self.look_for_joiner(step));
        let comes_in = self.coming_in.go_on(self.host(), |step| self.look_for_admitter(step));
        lets_in || comes_in
    }

    fn look_for_joiner(&self, step: LettingIn) -> Result<Next<LettingIn>, ApiError> {
        match step {
            LettingIn::Open(admission) => match self.meet_joiner(admission)? {
                Waited::Still(admission) => Ok(Next::Still(LettingIn::Open(admission))),
                Waited::Came(met) => Ok(compared(met)),
            },
            LettingIn::Met(met) => self.watch_joiner(met).map(compared),
            LettingIn::Answered(admitted, name) => match self.hand_over(admitted)? {
                Waited::Still(admitted) => Ok(Next::Still(LettingIn::Answered(admitted, name))),
                Waited::Came(()) => {
                    Ok(Next::Last(LettingIn::Done, AdmissionView::Admitted { name }))
                }
            },
            LettingIn::Done => Ok(Next::Still(step)),
        }
    }
}

fn compared(met: MetJoiner) -> Next<LettingIn> {
    let (number, name) = (met.number().to_string(), met.name().map(str::to_owned));
    Next::On(LettingIn::Met(met), AdmissionView::Comparing { number, name })
}
