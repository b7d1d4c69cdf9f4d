//! From a command's name to its use-case.

use crate::{
    App, access, audit, demonstration, files, forms, host::Host, import, notes, open::Session,
    people, permit, print, read, record, sync,
};
use api::{ApiError, Command, ErrorCode, Origin};
use clinical::PatientId;
use serde::Deserialize as _;
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

impl<H: Host> App<H> {
    /// Carries out the command of this name; the reply is JSON, written once. It blocks: a window's
    /// host calls it off its own thread.
    ///
    /// # Errors
    /// [`ApiError`], in the words of the contract.
    pub fn dispatch(
        &self,
        name: &str,
        payload: Value,
        origin: Origin,
    ) -> Result<Box<RawValue>, ApiError> {
        let call = Call { app: self, payload, origin };
        match name {
            api::GetStatus::NAME => call.at_door(access::status),
            api::CreateClinic::NAME => call.at_door(access::create_clinic),
            api::CreateDemonstration::NAME => call.at_door(demonstration::create_demonstration),
            api::JoinClinic::NAME => call.at_door(sync::join_clinic),
            api::RecoverClinic::NAME => call.at_door(sync::recover_clinic),
            api::ResumeJoining::NAME => call.at_door(sync::resume_joining),
            api::EnterRoom::NAME => call.at_door(sync::enter_room),
            api::GetEntrance::NAME => call.at_door(sync::get_entrance),
            api::AnswerEntrance::NAME => call.at_door(sync::answer_entrance),
            api::LeaveRoom::NAME => call.at_door(sync::leave_room),
            api::ReadInvitation::NAME => call.at_door(sync::read_invitation),
            api::JoinAdmitted::NAME => call.at_door(sync::join_admitted),
            api::SignIn::NAME => call.at_door(access::sign_in),
            api::RecoverAccess::NAME => call.at_door(access::recover_access),
            api::Lock::NAME => call.at_door(access::lock),
            api::Speak::NAME => call.at_door(access::speak),
            api::FindPatients::NAME => call.signed_in(record::find_patients),
            api::FindDuplicates::NAME => call.signed_in(record::find_duplicates),
            api::RegisterPatient::NAME => call.signed_in(record::register_patient),
            api::AmendPatient::NAME => call.signed_in(record::amend_patient),
            api::ComparePatients::NAME => call.signed_in(record::compare_patients),
            api::MergePatients::NAME => call.signed_in(record::merge_patients),
            api::SeparatePatients::NAME => call.signed_in(record::separate_patients),
            api::OpenChart::NAME => call.signed_in(read::open_chart),
            api::GetHistory::NAME => call.signed_in(read::get_history),
            api::GetWhereabouts::NAME => call.signed_in(sync::get_whereabouts),
            api::RecordAllergy::NAME => call.signed_in(record::record_allergy),
            api::FindDiagnoses::NAME => call.signed_in(record::find_diagnoses),
            api::RecordCondition::NAME => call.signed_in(record::record_condition),
            api::RecordMedication::NAME => call.signed_in(record::record_medication),
            api::ReviewMedication::NAME => call.signed_in(record::review_medication),
            api::ChangeDosage::NAME => call.signed_in(record::change_dosage),
            api::StopMedication::NAME => call.signed_in(record::stop_medication),
            api::RenewMedication::NAME => call.signed_in(record::renew_medication),
            api::ReadPrescription::NAME => call.signed_in(record::read_prescription),
            api::ReadInstruction::NAME => call.signed_in(record::read_instruction),
            api::EndCondition::NAME => call.signed_in(record::end_condition),
            api::BeginEncounter::NAME => call.signed_in(record::begin_encounter),
            api::EndEncounter::NAME => call.signed_in(record::end_encounter),
            api::CheckIn::NAME => call.signed_in(record::check_in),
            api::GetToday::NAME => call.signed_in(record::get_today),
            api::SeePatient::NAME => call.signed_in(record::see_patient),
            api::AmendEncounter::NAME => call.signed_in(record::amend_encounter),
            api::CancelEncounter::NAME => call.signed_in(record::cancel_encounter),
            api::RecordVitals::NAME => call.signed_in(record::record_vitals),
            api::CorrectVitals::NAME => call.signed_in(record::correct_vitals),
            api::UndoEdit::NAME => call.signed_in(record::undo_edit),
            api::WithdrawEntry::NAME => call.signed_in(record::withdraw_entry),
            api::ListConflicts::NAME => call.signed_in(record::list_conflicts),
            api::Decide::NAME => call.signed_in(record::decide),
            api::ListTasks::NAME => call.signed_in(record::list_tasks),
            api::SettleTask::NAME => call.signed_in(record::settle_task),
            api::KeepForm::NAME => call.signed_in(forms::keep_form),
            api::ListKeptForms::NAME => call.signed_in(forms::list_kept_forms),
            api::AddDocument::NAME => call.signed_in(files::add_document),
            api::ListDocuments::NAME => call.signed_in(files::list_documents),
            api::ShowDocument::NAME => call.signed_in(files::show_document),
            api::SaveDocument::NAME => call.signed_in(files::save_document),
            api::KeepDocuments::NAME => call.signed_in(files::keep_documents),
            api::OpenDraft::NAME => call.signed_in(notes::open_draft),
            api::SaveDraft::NAME => call.signed_in(notes::save_draft),
            api::SignNote::NAME => call.signed_in(notes::sign_note),
            api::GetLetterhead::NAME => call.signed_in(print::get_letterhead),
            api::SetLetterhead::NAME => call.signed_in(print::set_letterhead),
            api::SetCredentials::NAME => call.signed_in(print::set_credentials),
            api::PreviewLetterhead::NAME => call.signed_in(print::preview_letterhead),
            api::PrintSheet::NAME => call.signed_in(print::print_sheet),
            api::PreviewSheet::NAME => call.signed_in(print::preview_sheet),
            api::ReprintSheet::NAME => call.signed_in(print::reprint_sheet),
            api::ShowSheet::NAME => call.signed_in(print::show_sheet),
            api::PreviewLabel::NAME => call.signed_in(print::preview_label),
            api::PrintLabel::NAME => call.signed_in(print::print_label),
            api::ListSheets::NAME => call.signed_in(print::list_sheets),
            api::VerifySheet::NAME => call.signed_in(print::verify_sheet),
            api::ListPeople::NAME => call.signed_in(people::list_people),
            api::AddPerson::NAME => call.signed_in(people::add_person),
            api::RemovePerson::NAME => call.signed_in(people::remove_person),
            api::ReadAudit::NAME => call.signed_in(audit::read_audit),
            api::ChangePassword::NAME => call.signed_in(access::change_password),
            api::ReplaceRecoveryCode::NAME => call.signed_in(access::replace_recovery_code),
            api::MakeDeviceCode::NAME => call.signed_in(sync::make_device_code),
            api::OpenRoom::NAME => call.with_app(sync::open_room),
            api::GetAdmission::NAME => call.with_app(sync::get_admission),
            api::AnswerAdmission::NAME => call.with_app(sync::answer_admission),
            api::EndAdmission::NAME => call.with_app(sync::end_admission),
            api::ListDevices::NAME => call.signed_in(sync::list_devices),
            api::RevokeDevice::NAME => call.signed_in(sync::revoke_device),
            api::RotateKeys::NAME => call.signed_in(sync::rotate_keys),
            api::SettleCopy::NAME => call.signed_in(sync::settle_copy),
            api::MakeRecoveryKit::NAME => call.signed_in(sync::make_recovery_kit),
            api::PrintRecoveryKit::NAME => call.signed_in(print::print_recovery_kit),
            api::EraseChart::NAME => call.signed_in(sync::erase_chart),
            api::ListErased::NAME => call.signed_in(sync::list_erased),
            api::ListQuarantine::NAME => call.signed_in(sync::list_quarantine),
            api::RetrySetAside::NAME => call.signed_in(sync::retry_set_aside),
            api::DecideSetAside::NAME => call.signed_in(sync::decide_set_aside),
            api::GetCard::NAME => call.signed_in(sync::get_card),
            api::ReadCard::NAME => call.signed_in(sync::read_card),
            api::ShareChart::NAME => call.signed_in(sync::share_chart),
            api::LookAtGiven::NAME => call.signed_in(sync::look_at_given),
            api::TakeInGiven::NAME => call.signed_in(sync::take_in_given),
            api::ListShared::NAME => call.signed_in(sync::list_shared),
            api::ListDrives::NAME => call.signed_in(sync::list_drives),
            api::WriteBundle::NAME => call.signed_in(sync::write_to_drive),
            api::ReadBundle::NAME => call.signed_in(sync::read_from_drive),
            api::SetServer::NAME => call.signed_in(sync::set_server),
            api::SetLan::NAME => call.signed_in(sync::set_lan),
            api::FetchChart::NAME => call.signed_in(sync::fetch_chart),
            api::SetHold::NAME => call.signed_in(sync::set_hold),
            api::GetSyncState::NAME => call.signed_in(sync::get_sync_state),
            api::SyncNow::NAME => call.signed_in(sync::sync_now),
            api::SeeAlarm::NAME => call.signed_in(sync::see_alarm),
            api::StopSync::NAME => call.signed_in(sync::stop_sync),
            api::StopFile::NAME => call.signed_in(sync::stop_file),
            api::ImportFiles::NAME => call.with_app(import::import_files),
            api::GetImport::NAME => call.with_app(import::get_import),
            unknown => Err(ApiError::new(
                ErrorCode::Internal,
                format!("There is no command of the name {unknown}."),
            )),
        }
    }
}

/// One command on its way.
struct Call<'a, H> {
    app: &'a App<H>,
    payload: Value,
    origin: Origin,
}

impl<H: Host> Call<'_, H> {
    /// A command of the door: it needs nobody signed in.
    fn at_door<C: Command>(
        self,
        use_case: impl FnOnce(&App<H>, &C) -> Result<C::Reply, ApiError>,
    ) -> Result<Box<RawValue>, ApiError> {
        let command = parse(self.payload)?;
        reply(&use_case(self.app, &command)?)
    }

    /// A command of someone who is signed in and whose role the table allows it.
    fn signed_in<C: Command>(
        self,
        use_case: impl FnOnce(&Session<'_, H>, &permit::Permit<C>, &C) -> Result<C::Reply, ApiError>,
    ) -> Result<Box<RawValue>, ApiError> {
        self.app.with_session(self.origin, |session| {
            let permit = permitted::<C, H>(session, &self.payload)?;
            let command = parse(self.payload)?;
            reply(&use_case(session, &permit, &command)?)
        })
    }

    /// The same, for a command that goes on after its reply.
    fn with_app<C: Command>(
        self,
        use_case: impl FnOnce(&App<H>, &permit::Permit<C>, &C) -> Result<C::Reply, ApiError>,
    ) -> Result<Box<RawValue>, ApiError> {
        let open = self.app.opened().ok_or_else(crate::error::signed_out)?;
        let session = Session { host: self.app.host(), open: &open, origin: self.origin };
        let permit = permitted::<C, H>(&session, &self.payload)?;
        let command = parse(self.payload)?;
        reply(&use_case(self.app, &permit, &command)?)
    }
}

/// Asks the table; who is refused leaves a row, with the patient it was about.
fn permitted<C: Command, H: Host>(
    session: &Session<'_, H>,
    payload: &Value,
) -> Result<permit::Permit<C>, ApiError> {
    let patient = payload.get("patient").and_then(|id| PatientId::deserialize(id).ok());
    session.permit(patient)
}

fn parse<C: Command>(payload: Value) -> Result<C, ApiError> {
    serde_json::from_value(payload).map_err(|error| {
        let detail = format!("The command {} is not understood: {}.", C::NAME, fault(&error));
        ApiError::new(ErrorCode::Invalid, detail)
    })
}

/// What is wrong with a payload, without a word of it: serde quotes what it read, which may be
/// somebody's name.
fn fault(error: &serde_json::Error) -> &'static str {
    const FAULTS: [&str; 7] = [
        "missing field",
        "unknown field",
        "duplicate field",
        "unknown variant",
        "invalid type",
        "invalid value",
        "invalid length",
    ];
    let text = error.to_string();
    FAULTS.into_iter().find(|fault| text.starts_with(fault)).unwrap_or("not what is asked for")
}

fn reply(reply: &impl serde::Serialize) -> Result<Box<RawValue>, ApiError> {
    to_raw_value(reply)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "The reply could not be written."))
}
