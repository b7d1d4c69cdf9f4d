//! FHIR codes as words.

use crate::i18n::t;
use clinical::{
    AdministrativeGender, AlertTier, AllergyCategory, AllergyCriticality, ConditionClinicalStatus,
    EncounterClass, EncounterStatus, EntryKind, MedicationStatus, ReactionSeverity, Role,
    SharingGround, VerificationStatus,
};

/// The sex.
pub(crate) fn gender(gender: AdministrativeGender) -> &'static str {
    match gender {
        AdministrativeGender::Male => t("sex.male"),
        AdministrativeGender::Female => t("sex.female"),
        AdministrativeGender::Other => t("sex.other"),
        AdministrativeGender::Unknown => t("identity.not-known"),
    }
}

/// What a person may do.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => t("role.admin"),
        Role::Clinician => t("role.clinician"),
        Role::Reception => t("role.reception"),
    }
}

/// What kind of substance.
pub(crate) fn category(category: AllergyCategory) -> &'static str {
    match category {
        AllergyCategory::Food => t("allergy.category.food"),
        AllergyCategory::Medication => t("allergy.category.medication"),
        AllergyCategory::Environment => t("allergy.category.environment"),
        AllergyCategory::Biologic => t("allergy.category.biologic"),
    }
}

/// How dangerous an allergy is.
pub(crate) fn criticality(criticality: AllergyCriticality) -> &'static str {
    match criticality {
        AllergyCriticality::Low => t("allergy.criticality.low"),
        AllergyCriticality::High => t("allergy.criticality.high"),
        AllergyCriticality::UnableToAssess => t("allergy.criticality.unable"),
    }
}

/// How bad a reaction was.
pub(crate) fn severity(severity: ReactionSeverity) -> &'static str {
    match severity {
        ReactionSeverity::Mild => t("allergy.severity.mild"),
        ReactionSeverity::Moderate => t("allergy.severity.moderate"),
        ReactionSeverity::Severe => t("allergy.severity.severe"),
    }
}

/// How sure an allergy is.
pub(crate) fn verification(status: VerificationStatus) -> &'static str {
    match status {
        VerificationStatus::Unconfirmed => t("verification.unconfirmed"),
        VerificationStatus::Provisional => t("verification.provisional"),
        VerificationStatus::Differential => t("verification.differential"),
        VerificationStatus::Confirmed => t("verification.confirmed"),
        VerificationStatus::Refuted => t("verification.refuted"),
        VerificationStatus::EnteredInError => t("medication.status.in-error"),
    }
}

/// Whether a problem is there now.
pub(crate) fn problem_status(status: ConditionClinicalStatus) -> &'static str {
    match status {
        ConditionClinicalStatus::Active => t("problem.status.active"),
        ConditionClinicalStatus::Recurrence => t("problem.status.recurrence"),
        ConditionClinicalStatus::Relapse => t("problem.status.relapse"),
        ConditionClinicalStatus::Inactive => t("problem.status.inactive"),
        ConditionClinicalStatus::Remission => t("problem.status.remission"),
        ConditionClinicalStatus::Resolved => t("problem.status.resolved"),
    }
}

/// Whether a medicine is to be taken.
pub(crate) fn status(status: MedicationStatus) -> &'static str {
    match status {
        MedicationStatus::Active => t("medication.status.active"),
        MedicationStatus::OnHold => t("medication.status.on-hold"),
        MedicationStatus::Cancelled => t("medication.status.cancelled"),
        MedicationStatus::Completed => t("medication.status.completed"),
        MedicationStatus::EnteredInError => t("medication.status.in-error"),
        MedicationStatus::Stopped => t("medication.status.stopped"),
        MedicationStatus::Draft => t("medication.status.draft"),
        MedicationStatus::Unknown => t("medication.status.unknown"),
        MedicationStatus::Intended => t("medication.status.intended"),
        MedicationStatus::NotTaken => t("medication.status.not-taken"),
    }
}

/// The kind of visit.
pub(crate) fn class(class: EncounterClass) -> &'static str {
    match class {
        EncounterClass::Ambulatory => t("visit.class.ambulatory"),
        EncounterClass::Emergency => t("visit.class.emergency"),
        EncounterClass::Field => t("visit.class.field"),
        EncounterClass::Home => t("visit.class.home"),
        EncounterClass::Inpatient => t("visit.class.inpatient"),
        EncounterClass::Virtual => t("visit.class.virtual"),
        EncounterClass::Other => t("visit.class.other"),
    }
}

/// What became of a visit.
pub(crate) fn became(status: EncounterStatus) -> &'static str {
    match status {
        EncounterStatus::Planned => t("visit.became.planned"),
        EncounterStatus::Arrived => t("visit.became.arrived"),
        EncounterStatus::Triaged => t("visit.became.triaged"),
        EncounterStatus::InProgress => t("visit.became.in-progress"),
        EncounterStatus::OnLeave => t("visit.became.on-leave"),
        EncounterStatus::Finished => t("visit.became.finished"),
        EncounterStatus::Cancelled => t("visit.became.cancelled"),
        EncounterStatus::EnteredInError => t("medication.status.in-error"),
        EncounterStatus::Unknown => t("identity.not-known"),
    }
}

/// How loudly a rule speaks.
pub(crate) fn tier(tier: AlertTier) -> &'static str {
    match tier {
        AlertTier::Block => t("advice.tier.block"),
        AlertTier::Interrupt => t("advice.tier.interrupt"),
        AlertTier::Inline => t("advice.tier.inline"),
        AlertTier::Info => t("advice.tier.info"),
    }
}

/// What kind of entry.
pub(crate) fn entry_kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Patient => t("entry.patient"),
        EntryKind::Allergy => t("entry.allergy"),
        EntryKind::Condition => t("entry.condition"),
        EntryKind::Encounter => t("entry.encounter"),
        EntryKind::Medication => t("entry.medication"),
        EntryKind::Observation => t("entry.observation"),
        EntryKind::Composition => t("entry.composition"),
        EntryKind::Task => t("entry.task"),
        EntryKind::Source => t("entry.source"),
        EntryKind::Document => t("entry.document"),
    }
}

/// On what ground a chart is given to another clinic.
pub(crate) fn sharing_ground(ground: SharingGround) -> &'static str {
    match ground {
        SharingGround::Referral => t("sharing.ground.referral"),
        SharingGround::Transfer => t("sharing.ground.transfer"),
        SharingGround::Request => t("sharing.ground.request"),
    }
}
