//! A window of a computer that wants in, before it is in any clinic.

use crate::{App, host::Host};
use api::{
    AdmissionView, AnswerEntrance, ApiError, ClinicOpened, EnterRoom, ErrorCode, GetEntrance,
    InvitationView, JoinAdmitted, JoinClinic, LeaveRoom, ReadInvitation,
};
use clinical::Instant;
use sync::limits::ROOM_LIFE_S_MAX;
use vault::Sensitive;

use super::{
    super::join::{invitation_of, join_clinic},
    Waited,
    course::{Next, tell},
    enter::{Awaited, Entrance, MetAdmitter},
};

/// How far coming in has come, with the name this computer is to have.
pub(crate) struct ComingIn {
    name: String,
    step: Step,
}

enum Step {
    /// The clinic's computer did not show its key yet.
    Entered(Entrance),
    /// The number is compared here.
    Met(MetAdmitter),
    /// It is the same here.
    Answered(Awaited),
    /// The code of the invitation came.
    Invited(Sensitive<String>),
}

/// Goes into a room.
///
/// # Errors
/// As [`App::enter_room`].
pub(crate) fn enter_room<H: Host>(
    app: &App<H>,
    command: &EnterRoom,
) -> Result<AdmissionView, ApiError> {
    let host = app.host();
    let EnterRoom { room, server, device_name } = command;
    app.coming_in.begin(host, || {
        let entrance = app.enter_room(room, server, device_name)?;
        let ends_at = host.now().unix_ms().saturating_add(i64::from(ROOM_LIFE_S_MAX) * 1000);
        let view = AdmissionView::Waiting {
            room: room.trim().to_uppercase(),
            server: server.trim().to_owned(),
            ends_at: Instant::from_unix_ms(ends_at),
        };
        Ok((ComingIn { name: device_name.clone(), step: Step::Entered(entrance) }, view))
    })
}

/// Tells how coming in stands.
///
/// # Errors
/// None.
pub(crate) fn get_entrance<H: Host>(
    app: &App<H>,
    _command: &GetEntrance,
) -> Result<AdmissionView, ApiError> {
    Ok(app.coming_in.view())
}

/// Takes the answer of whoever compared here. What came of it is in the view.
///
/// # Errors
/// None.
pub(crate) fn answer_entrance<H: Host>(
    app: &App<H>,
    command: &AnswerEntrance,
) -> Result<AdmissionView, ApiError> {
    app.coming_in.go_on(app.host(), |ComingIn { name, step }| match step {
        Step::Met(met) => {
            let number = met.number().to_string();
            let step = Step::Answered(app.compared_there(met, command.same)?);
            Ok(Next::On(ComingIn { name, step }, AdmissionView::Answered { number }))
        }
        Step::Entered(_) | Step::Answered(_) | Step::Invited(_) => {
            Ok(Next::Still(ComingIn { name, step }))
        }
    });
    Ok(app.coming_in.view())
}

/// Ends what is under way here.
///
/// # Errors
/// None.
pub(crate) fn leave_room<H: Host>(app: &App<H>, _command: &LeaveRoom) -> Result<(), ApiError> {
    app.coming_in.end();
    tell(app.host());
    Ok(())
}

/// Joins the clinic by the code that came.
///
/// # Errors
/// `bad-code` where none came; as joining by a code.
pub(crate) fn join_admitted<H: Host>(
    app: &App<H>,
    command: &JoinAdmitted,
) -> Result<ClinicOpened, ApiError> {
    let (code, device_name) = invited(app)?;
    join_clinic(app, &JoinClinic { code, device_name, password: command.password.clone() })
}

/// Tells whose invitation a code is: whoever chooses a password knows whose it will be.
///
/// # Errors
/// `bad-code`, also where none came; `already-exists`; the server's.
pub(crate) fn read_invitation<H: Host>(
    app: &App<H>,
    command: &ReadInvitation,
) -> Result<InvitationView, ApiError> {
    match &command.code {
        Some(code) => invitation_of(app.host(), code),
        None => invitation_of(app.host(), &invited(app)?.0),
    }
}

/// The code that came, and the name this computer is to have.
fn invited<H: Host>(app: &App<H>) -> Result<(String, String), ApiError> {
    let invited = app.coming_in.read(|coming| match &coming.step {
        Step::Invited(code) => Some((code.expose().clone(), coming.name.clone())),
        Step::Entered(_) | Step::Met(_) | Step::Answered(_) => None,
    });
    invited.ok_or_else(nobody_let_it_in)
}

fn nobody_let_it_in() -> ApiError {
    let detail = "No computer of a clinic has let this one in; begin with the code of a room.";
    ApiError::new(ErrorCode::BadCode, detail)
}

impl<H: Host> App<H> {
    pub(super) fn look_for_admitter(&self, coming: ComingIn) -> Result<Next<ComingIn>, ApiError> {
        let ComingIn { name, step } = coming;
        let still = |name, step| Ok(Next::Still(ComingIn { name, step }));
        match step {
            Step::Entered(entrance) => match self.meet_admitter(entrance)? {
                Waited::Still(entrance) => still(name, Step::Entered(entrance)),
                Waited::Came(met) => {
                    let number = met.number().to_string();
                    let view = AdmissionView::Comparing { number, name: None };
                    Ok(Next::On(ComingIn { name, step: Step::Met(met) }, view))
                }
            },
            Step::Met(met) => still(name, Step::Met(self.watch_admitter(met)?)),
            Step::Answered(awaited) => match self.receive_code(awaited)? {
                Waited::Still(awaited) => still(name, Step::Answered(awaited)),
                Waited::Came(code) => {
                    let view = AdmissionView::Admitted { name: Some(name.clone()) };
                    let step = Step::Invited(Sensitive::new(code));
                    Ok(Next::Last(ComingIn { name, step }, view))
                }
            },
            Step::Invited(_) => still(name, step),
        }
    }
}
