//! What stands on a sheet, taken from the chart as it is now.

use super::{
    against, allergies,
    content::{
        Allergies, AuthorLines, Body, ClinicLines, Despite, ItemBody, Medicines, PersonLines,
        PrescriptionBody, ReferralBody, SheetContent, SickNoteBody, SummaryBody, Weighed,
    },
    entries, lines,
};
use crate::{
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
};
use api::{Against, ApiError};
use clinical::{
    Chart, EncounterId, Letterhead, MedicationRequest, NoteDraft, PartialDate, PatientContact,
    PatientId, PrescriptionDraft, ReferralDraft, SheetDraft, SickNoteDraft, display,
};
use print::Language;
use store::{ChartSummary, Newest};

/// Who is younger has a guardian, in years.
const MINOR_YEARS: i16 = 18;
/// Who is younger goes to no work, in years (ILO Minimum Age Convention, C138).
const WORK_YEARS: i16 = 15;

/// Takes what a sheet says from the chart, and what of the chart speaks against it.
///
/// # Errors
/// `disputed` where two people disagree on who it is, or on a medicine that would be prescribed;
/// `newer-version` where something of it cannot be read; `invalid`; `not-found`.
pub(super) fn content<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    draft: &SheetDraft,
    (letterhead, language): (&Letterhead, Language),
) -> Result<(SheetContent, Vec<Against>), ApiError> {
    let sources = Sources::read(session, patient, draft)?;
    let person = person(&sources.summary.chart, &session.today_or_told()?)?;
    let body = match draft {
        SheetDraft::Prescription(draft) => {
            Body::Prescription(sources.prescription(draft, language)?)
        }
        SheetDraft::Summary(encounter) => Body::Summary(sources.visit(*encounter, language)?),
        SheetDraft::SickNote(draft) => Body::SickNote(sources.sick_note(draft)?),
        SheetDraft::Referral(draft) => Body::Referral(sources.referral(draft, language)?),
    };
    let against = sources.against(draft, session.today().as_ref())?;
    let content = SheetContent {
        clinic: clinic(session, letterhead)?,
        person,
        author: author(session)?,
        written: session.today_or_told()?,
        body,
    };
    Ok((content, against))
}

/// Who the patient is, as paper says it.
///
/// # Errors
/// `disputed`, `newer-version`, `not-found`.
pub(super) fn person(chart: &Chart, today: &PartialDate) -> Result<PersonLines, ApiError> {
    entries::agreed_identity(chart)?;
    let patient = chart.patient.as_ref().ok_or_else(|| not_found("patient"))?;
    let (identity, today) = (patient.identity.clone(), today.date());
    let age = identity.birth_date.as_ref().zip(today);
    let address = patient.address.first().map(clinical::Address::one_line);
    let is_minor = years(chart, today.as_ref()).is_some_and(|years| years < MINOR_YEARS);
    let guardian = patient.contact.first().filter(|_| is_minor).map(PatientContact::one_line);
    Ok(PersonLines {
        guardian: guardian.filter(|guardian| !guardian.is_empty()),
        age: age.and_then(|(born, today)| display::age(born, today)),
        address: address.filter(|address| !address.is_empty()),
        identity,
    })
}

/// The clinic as its paper names it.
///
/// # Errors
/// The store's.
pub(super) fn clinic<H: Host>(
    session: &Session<'_, H>,
    letterhead: &Letterhead,
) -> Result<ClinicLines, ApiError> {
    let Letterhead { name, address, telephone, registration, footer, template, .. } =
        letterhead.clone();
    // Nobody takes what an invented patient was prescribed to a pharmacy.
    let demonstration = session.open.demonstration;
    let name = match name.is_empty() {
        true => session.open.store.clinic_name().told()?.unwrap_or_default(),
        false => name,
    };
    Ok(ClinicLines { name, address, telephone, registration, footer, template, demonstration })
}

/// Whoever is signed in, as paper names them.
///
/// # Errors
/// The store's.
pub(super) fn author<H: Host>(session: &Session<'_, H>) -> Result<AuthorLines, ApiError> {
    let people = session.open.store.people().told()?;
    let me = people.into_iter().find(|person| person.id == session.open.person.id);
    let me = me.unwrap_or_else(|| session.open.person.clone());
    let name = match me.credentials.qualification.as_str() {
        "" => me.name,
        qualification => format!("{}, {qualification}", me.name),
    };
    Ok(AuthorLines { name, registration: me.credentials.registration })
}

/// How old the patient is, in whole years.
fn years(chart: &Chart, today: Option<&jiff::civil::Date>) -> Option<i16> {
    let born = chart.patient.as_ref()?.identity.birth_date.as_ref()?;
    born.age_years(*today?)
}

/// What is read of a chart for a sheet.
struct Sources {
    summary: ChartSummary,
    weights: Chart,
    /// The notes that are not signed, of a visit.
    drafts: Vec<NoteDraft>,
    now: PartialDate,
}

impl Sources {
    /// A visit is read whole; of anything else the lists that matter are enough.
    fn read<H: Host>(
        session: &Session<'_, H>,
        patient: PatientId,
        draft: &SheetDraft,
    ) -> Result<Self, ApiError> {
        session.refuse_partly_absent(patient)?;
        let (newest, drafts) = match draft {
            SheetDraft::Summary(_) => (Newest::ALL, session.drafts(patient)?),
            SheetDraft::Prescription(_) | SheetDraft::SickNote(_) | SheetDraft::Referral(_) => {
                (Newest::of_each(0), Vec::new())
            }
        };
        let drafts = drafts.into_iter().map(|draft| draft.typed).collect();
        let read = session.open.store.chart_and_weights(patient, newest).told()?;
        let (mut summary, weights) = read.ok_or_else(|| not_found("patient"))?;
        care::in_small_letters(&mut summary.chart);
        Ok(Self { summary, weights, drafts, now: session.moment()? })
    }

    fn sick_note(&self, draft: &SickNoteDraft) -> Result<SickNoteBody, ApiError> {
        let (from, until) = draft.days().map_err(ApiError::invalid)?;
        let age = years(&self.summary.chart, self.now.date().as_ref());
        let school = age.is_some_and(|years| years < WORK_YEARS);
        Ok(SickNoteBody { from, until, remark: draft.remark.trim().to_owned(), school })
    }

    fn prescription(
        &self,
        draft: &PrescriptionDraft,
        language: Language,
    ) -> Result<PrescriptionBody, ApiError> {
        let ordered = entries::prescribed(&self.summary.chart, draft)?;
        let items = ordered.into_iter().map(|MedicationRequest { id, order, .. }| ItemBody {
            controlled: care::is_controlled(order.medication.label()),
            instruction: None,
            against: allergies::against(&self.summary.chart, order, language),
            reason: allergies::reason(&self.summary.chart, *id),
            order: order.clone(),
        });
        Ok(PrescriptionBody {
            weighed: lines::weight(&self.weights),
            allergies: self.allergies(language),
            items: items.collect(),
        })
    }

    /// What speaks against a prescription; on other sheets no medicine is chosen.
    fn against(
        &self,
        draft: &SheetDraft,
        today: Option<&PartialDate>,
    ) -> Result<Vec<Against>, ApiError> {
        let chart = &self.summary.chart;
        match draft {
            SheetDraft::Prescription(draft) => {
                Ok(against::find(chart, &entries::prescribed(chart, draft)?, today))
            }
            SheetDraft::Summary(_) | SheetDraft::SickNote(_) | SheetDraft::Referral(_) => {
                Ok(Vec::new())
            }
        }
    }

    fn visit(&self, id: EncounterId, language: Language) -> Result<SummaryBody, ApiError> {
        let chart = &self.summary.chart;
        let visit = chart.encounters.iter().find(|visit| visit.id == id);
        let visit = visit.ok_or_else(|| not_found("visit"))?;
        entries::agreed_visit(chart, id)?;
        let span = lines::Span::of(visit, &self.now);
        let note = lines::note(chart, &span);
        let reasons: Vec<&str> = visit.reason.iter().map(|reason| reason.label()).collect();
        Ok(SummaryBody {
            reason: reasons.join("; "),
            vitals: lines::vitals(chart, &span, language),
            assessment: note.assessment,
            plan: note.plan,
            medicines: self.medicines(language)?,
            allergies: self.allergies(language),
            follow_up: visit.follow_up.clone(),
            unsigned: lines::is_unsigned(&self.drafts, &span),
        })
    }

    fn referral(
        &self,
        draft: &ReferralDraft,
        language: Language,
    ) -> Result<ReferralBody, ApiError> {
        let letter = draft.complete().map_err(ApiError::invalid)?;
        let medicines = self.medicines(language)?;
        let by_weight = medicines.go_by_weight();
        Ok(ReferralBody {
            weighed: if by_weight { lines::weight(&self.weights) } else { Weighed::default() },
            to: letter.to,
            urgent: letter.urgent,
            situation: letter.situation,
            background: letter.background,
            assessment: letter.assessment,
            recommendation: letter.recommendation,
            medicines,
            allergies: self.allergies(language),
        })
    }

    fn medicines(&self, language: Language) -> Result<Medicines, ApiError> {
        let chart = &self.summary.chart;
        let entries::Listed { agreed, disputed } = entries::taken(chart)?;
        let of_dispute = disputed.iter().flat_map(|(id, all)| all.iter().map(|one| (*id, *one)));
        let all = agreed.iter().map(|one| (one.id, &one.order)).chain(of_dispute);
        let told = all.enumerate().map(|(place, (id, order))| Despite {
            place,
            against: allergies::against(chart, order, language),
            reason: allergies::reason(chart, id),
        });
        Ok(Medicines {
            despite: told.filter(|one| !one.against.is_empty()).collect(),
            versions: disputed.iter().map(|(_, all)| all.len()).collect(),
            agreed: agreed.into_iter().map(|one| one.order.clone()).collect(),
            disputed: disputed.into_iter().flat_map(|(_, all)| all).cloned().collect(),
        })
    }

    /// The union of all sides of a dispute; "unavailable" while one may be on its way.
    fn allergies(&self, language: Language) -> Allergies {
        let ChartSummary { chart, waiting, .. } = &self.summary;
        Allergies {
            state: chart.allergy_state_while(waiting),
            known: allergies::known(chart, language),
        }
    }
}
