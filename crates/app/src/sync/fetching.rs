//! Fetching one chart that was left at the server, because somebody opens it: from a computer on the
//! local network that holds it, or from the server.

use crate::{error::ToldResult, error::not_found, host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, FetchChart, Topic};
use clinical::PatientId;

mod nearby;

use super::{
    coming, exchange::fetch_one, failure::told_failure, server::server_of, state::keep_alarms,
    turn::SyncTurn,
};

/// Fetches a chart that is not here, with what was left beside it in the same envelope, and the others of
/// the same person. They stay.
///
/// # Errors
/// `not-found` of somebody nobody listed; `chart-not-here` where it cannot be fetched now, with the
/// reason; the store's.
pub(crate) fn fetch_chart<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<FetchChart>,
    command: &FetchChart,
) -> Result<(), ApiError> {
    fetch_one_chart(session, permit, command.patient)?;
    // That there is another chart of the same person may have come with it.
    loop {
        let group = session.group(command.patient)?;
        let is_absent = |member| -> Result<bool, ApiError> {
            let listed = session.open.store.elsewhere(member).told()?.is_some();
            Ok(listed && !is_here(session, member)?)
        };
        let mut absent = None;
        for member in group.members() {
            absent = absent.or(is_absent(member)?.then_some(member));
        }
        let Some(absent) = absent else { return Ok(()) };
        fetch_one_chart(session, permit, absent)?;
    }
}

fn fetch_one_chart<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<FetchChart>,
    patient: PatientId,
) -> Result<(), ApiError> {
    if is_here(session, patient)? {
        return Ok(());
    }
    if session.open.store.elsewhere(patient).told()?.is_none() {
        return Err(not_found("patient"));
    }
    session.audit(permit, Some(patient))?;
    let on_behalf = &Session { host: session.host, open: session.open, origin: api::Origin::Sync };
    // Nearby an exchange that goes on is not waited for.
    if nearby::fetch(on_behalf, patient)? {
        session.tell([&api::chart_topics(patient)[..], &[Topic::Sync]].concat());
        return Ok(());
    }
    let Some(server) = server_of(session)? else {
        return Err(not_now("no server is set on this computer"));
    };
    let _turn = SyncTurn::wait(session);
    // It may have come while this waited for its turn.
    let fetching = match coming::fetching_one(on_behalf, patient)? {
        Some(fetching) => fetching,
        None if is_here(session, patient)? => return Ok(()),
        None => return Err(not_now("it is not known where it is: exchange with the server first")),
    };
    let carrier = session.host.connect(&server.url, server.pin);
    let mut carrier = carrier.map_err(|failure| not_now(&told_failure(&failure).detail))?;
    let exchanged = fetch_one(on_behalf, &server, carrier.as_mut(), fetching)?;
    keep_alarms(session, &exchanged.alarms)?;
    session.tell([&api::chart_topics(patient)[..], &[Topic::Sync]].concat());
    if is_here(session, patient)? {
        return Ok(());
    }
    let why = exchanged.summary.failure.as_ref().map(told_failure);
    Err(not_now(why.as_ref().map_or("the server did not give all of it", |why| &why.detail)))
}

/// Whether all of it is: a large chart may lie in several envelopes, of which some came.
fn is_here<H: Host>(session: &Session<'_, H>, patient: PatientId) -> Result<bool, ApiError> {
    let store = &session.open.store;
    Ok(store.patient(patient).told()?.is_some() && store.elsewhere(patient).told()?.is_none())
}

fn not_now(why: &str) -> ApiError {
    let why = why.trim_end_matches('.');
    let detail = format!(
        "This chart is not on this computer, which holds a part of the clinic, and cannot be opened \
         here now: {why}. Open it again once the clinic's server can be reached, or a computer on \
         the local network that holds it, or open it there."
    );
    ApiError::new(ErrorCode::ChartNotHere, detail)
}
