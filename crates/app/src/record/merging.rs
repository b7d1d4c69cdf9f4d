//! Two charts of one person: looked at side by side, merged, and separated again
//! (`docs/decisions/0040-two-charts-of-one-person.md`).

use crate::{
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
    permit::Permit,
    sync,
};
use api::{
    ApiError, ComparePatients, ComparedPatient, ErrorCode, MergePatients, PatientsCompared,
    SeparatePatients,
};
use chart::ChartEdit;
use clinical::{
    AdministrativeGender, PartialDate, Patient, PatientGroup, PatientId, PatientLink,
    PatientLinkId, chart_number,
};
use store::{Commit, Newest};

/// More charts are hardly of one person: somebody makes a mistake.
const CHARTS_MAX: usize = 8;

/// Shows two people side by side who may be one.
///
/// # Errors
/// `invalid` where they are one already; `chart-not-here`; `not-found`; the store's.
pub(crate) fn compare_patients<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ComparePatients>,
    command: &ComparePatients,
) -> Result<PatientsCompared, ApiError> {
    let (one, other) = two(session, command.patient, command.other)?;
    session.audit_listed(permit.deed(), [one.shown, other.shown].into_iter())?;
    let (one, first) = side(session, &one)?;
    let (other, second) = side(session, &other)?;
    Ok(PatientsCompared { one, other, differs: differs(&first, &second) })
}

/// Says that two charts are of one person: in both, as one transaction.
///
/// # Errors
/// As [`compare_patients`]; `invalid` also where too many charts would be of one person.
pub(crate) fn merge_patients<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<MergePatients>,
    command: &MergePatients,
) -> Result<(), ApiError> {
    let shown = {
        let mut writing = session.open.writing();
        let (one, other) = two(session, command.patient, command.other)?;
        if one.members().chain(other.members()).count() > CHARTS_MAX {
            return Err(invalid("so many charts are hardly of one person"));
        }
        let link = PatientLink {
            id: PatientLinkId::from_uuid(session.make_uuid()),
            shown: one.shown,
            replaced: other.shown,
            made: session.stamp(),
            ended: None,
        };
        let edit = [ChartEdit::RecordLink(link)];
        let mut records = Vec::new();
        for patient in [one.shown, other.shown] {
            let mut chart = session.load_chart(patient)?;
            let record = session.chart_record(permit.deed(), patient, &mut chart, &edit);
            records.push(record.told()?);
        }
        *writing = None;
        session.commit(Commit::local(records))?;
        one.shown
    };
    judge(session, [shown]);
    Ok(())
}

/// Says that a chart is of another person after all: in every chart that is here of those it was
/// joined with, as one transaction.
///
/// # Errors
/// `invalid` where the two are not of one person; `chart-not-here`; `not-found`; the store's.
pub(crate) fn separate_patients<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SeparatePatients>,
    command: &SeparatePatients,
) -> Result<(), ApiError> {
    let group = {
        let mut writing = session.open.writing();
        let group = session.group(command.patient)?;
        if command.patient == command.other || !group.has(command.other) {
            return Err(invalid("these two are not merged"));
        }
        session.refuse_partly_absent(command.patient)?;
        let mut records = Vec::new();
        for member in group.members() {
            let ended = group.links.iter().filter(|link| link.is_of(command.other));
            let edits: Vec<ChartEdit> = ended
                .filter(|link| link.is_of(member))
                .map(|link| ChartEdit::EndLink(link.id))
                .collect();
            let known = session.open.store.patient(member).told()?.is_some();
            if edits.is_empty() || !known {
                continue;
            }
            let mut chart = session.load_chart(member)?;
            let record = session.chart_record(permit.deed(), member, &mut chart, &edits);
            records.push(record.told()?);
        }
        *writing = None;
        session.commit(Commit::local(records))?;
        // Who was shown as one is no longer.
        session.tell(group.members().map(api::Topic::Chart).collect());
        group
    };
    judge(session, group.members());
    Ok(())
}

/// Refuses what is not to be done to one of several charts of a person.
///
/// # Errors
/// `invalid`, in words that go on from `what`; the store's.
pub(crate) fn refuse_merged<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    what: &str,
) -> Result<(), ApiError> {
    if session.group(patient)?.is_alone() {
        return Ok(());
    }
    let detail = format!(
        "{what}: this chart is shown as one with another of the same person. Separate the two charts \
         first."
    );
    Err(ApiError::new(ErrorCode::Invalid, detail))
}

impl<H: Host> Session<'_, H> {
    /// The chart of a person that is gone on with; while that one has not arrived, the first that has.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn shown_of(
        &self,
        group: &PatientGroup,
        patient: PatientId,
    ) -> Result<PatientId, ApiError> {
        if group.is_alone() {
            return Ok(patient);
        }
        for member in group.members() {
            if self.open.store.patient(member).told()?.is_some() {
                return Ok(member);
            }
        }
        Ok(group.shown)
    }
}

/// The charts of each of two people, who are not one yet.
fn two<H: Host>(
    session: &Session<'_, H>,
    one: PatientId,
    other: PatientId,
) -> Result<(PatientGroup, PatientGroup), ApiError> {
    let group = |patient| -> Result<PatientGroup, ApiError> {
        session.refuse_partly_absent(patient)?;
        let group = session.group(patient)?;
        let shown = session.shown_of(&group, patient)?;
        session.open.store.patient(shown).told()?.ok_or_else(|| not_found("patient"))?;
        Ok(PatientGroup { shown, ..group })
    };
    let (first, second) = (group(one)?, group(other)?);
    if first.has(other) || one == other {
        return Err(invalid("these two are one already"));
    }
    Ok((first, second))
}

fn side<H: Host>(
    session: &Session<'_, H>,
    group: &PatientGroup,
) -> Result<(ComparedPatient, Patient), ApiError> {
    let newest = Newest { encounters: Some(1), ..Newest::of_each(0) };
    let read = session.open.store.chart(group.shown, newest).told()?;
    let chart = read.ok_or_else(|| not_found("patient"))?.chart;
    let patient = chart.patient.ok_or_else(|| not_found("patient"))?;
    let begun = chart.encounters.into_iter().filter_map(|visit| visit.start);
    let mut also = Vec::new();
    for member in group.members().filter(|member| *member != group.shown) {
        also.extend(session.identity(member)?.map(|one| chart_number(&one, member)));
    }
    let side = ComparedPatient {
        patient: group.shown,
        number: chart_number(&patient.identity, group.shown),
        identity: patient.identity.clone(),
        also,
        last_visit: begun.max_by(|a, b| a.as_str().cmp(b.as_str())),
    };
    Ok((side, patient))
}

/// What differs that hardly does of one person. What is not known of one differs from nothing.
fn differs(one: &Patient, other: &Patient) -> Vec<String> {
    let unknown = AdministrativeGender::Unknown;
    let (sex, other_sex) = (one.identity.gender, other.identity.gender);
    let is_other_sex = sex != other_sex && sex != unknown && other_sex != unknown;
    let born = one.identity.birth_date.as_ref().zip(other.identity.birth_date.as_ref());
    let is_other_day = born.is_some_and(|(one, other)| !may_be_same_day(one, other));
    let is_dead = one.deceased.is_some() != other.deceased.is_some();
    let all = [(is_other_day, "birth-date"), (is_other_sex, "sex"), (is_dead, "deceased")];
    all.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()).collect()
}

/// Whether one of two dates is the other, or tells less of it.
fn may_be_same_day(one: &PartialDate, other: &PartialDate) -> bool {
    one.as_str().starts_with(other.as_str()) || other.as_str().starts_with(one.as_str())
}

/// What the rules find in what is read as one, or no longer is, becomes tasks, as after an exchange.
fn judge<H: Host>(session: &Session<'_, H>, patients: impl IntoIterator<Item = PatientId>) {
    for patient in patients {
        if let Err(error) = sync::judge(session, patient) {
            tracing::warn!(code = ?error.code, "the tasks of a merged chart were not written");
        }
    }
}

fn invalid(why: &str) -> ApiError {
    ApiError::new(ErrorCode::Invalid, format!("Nothing was changed: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_tells_less_differs_from_nothing() {
        let check = |one: &str, other: &str, want| {
            assert_eq!(may_be_same_day(&one.parse().unwrap(), &other.parse().unwrap()), want);
        };
        check("1980-03-14", "1980", true);
        check("1980", "1980-03", true);
        check("1980-03-14", "1980-04", false);
        check("1980-03-14", "1980-03-14", true);
    }
}
