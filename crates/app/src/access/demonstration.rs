//! A clinic of invented people to try the product with.

use super::create::make;
use crate::{App, error::ToldResult, host::Host, open::Session, sync, upkeep};
use api::{ApiError, CreateClinic, CreateDemonstration, DemonstrationCreated, Origin};
use store::NamedRow;

/// The name the demonstration's person signs in with.
pub(crate) const USER: &str = "demo";
/// It protects nothing, and is shown wherever it is needed.
pub(crate) const PASSWORD: &str = "nobody here is real";
/// More than a window should wait for; the command line makes larger ones.
const PATIENTS_MAX: u32 = 1000;

/// Makes a demonstration clinic where there is none.
///
/// # Errors
/// `already-exists`; a cause of the store's.
pub(crate) fn create_demonstration<H: Host>(
    app: &App<H>,
    command: CreateDemonstration,
) -> Result<DemonstrationCreated, ApiError> {
    begin(app)?;
    let patients = command.patients.min(PATIENTS_MAX);
    let session = app.with_session(Origin::Host, |session| {
        upkeep::invent(session, patients, &mut |_, _| {})?;
        Ok(session.open.view())
    })?;
    Ok(DemonstrationCreated { user_name: USER.to_owned(), password: PASSWORD.to_owned(), session })
}

/// Makes the empty demonstration clinic and signs its person in.
pub(crate) fn begin<H: Host>(app: &App<H>) -> Result<(), ApiError> {
    let command = CreateClinic {
        clinic_name: "Demonstration clinic".to_owned(),
        user_name: USER.to_owned(),
        name: "Dr Demo".to_owned(),
        password: PASSWORD.to_owned(),
        server: None,
    };
    let (_, open) = make(app, &command, true)?;
    let session = Session { host: app.host(), open: &open, origin: Origin::Host };
    sync::found_clinic(&session)?;
    let mark = NamedRow { name: "demonstration".to_owned(), bytes: b"yes".to_vec() };
    open.store.put_named(&[mark]).told()?;
    app.set_open(Some(open));
    Ok(())
}
