//! The contract between window and shell: every command with its reply, every event, every error
//! code, declared once and used on both sides.
//!
//! Nothing here knows how a command is carried out. Both sides are Rust, so there are no
//! generated bindings: the window calls [`Command::NAME`] with the command as payload and reads
//! [`Command::Reply`].

mod admission;
mod audit;
mod command;
mod commands;
mod diagnosis;
mod document;
mod error;
mod event;
mod kit;
mod paper;
mod prescribing;
mod queue;
mod sharing;
mod sync;
mod views;

pub use admission::{AdmissionView, InvitationView, SquareCode};
pub use audit::{AuditFrom, AuditItem, AuditPage};
pub use command::Command;
pub use commands::*;
pub use diagnosis::DiagnosisHit;
pub use document::{DocumentContent, DocumentItem, DocumentsView};
pub use error::{ApiError, ErrorCode};
pub use event::{Event, Origin, Topic, chart_topics, clinic_topics, draft_topics};
pub use kit::KitText;
pub use paper::{
    Against, KitPrinted, LabelPrinted, LetterheadView, Misread, PrintOutcome, SheetItem,
    SheetPicture, SheetPrinted, SheetStanding, SheetVerdict,
};
pub use prescribing::{MedicationReview, PrescriptionView, ProposedOrder};
pub use queue::{CheckedIn, TodayView, VisitItem};
pub use sharing::{
    CardKnown, CardView, GivenEntry, GivenHere, GivenOverwrites, GivenView, SharedChart,
    SharedFile, TakenIn,
};
pub use sync::{
    AlarmKind, AlarmSeen, AsideOf, BundleEnded, BundleFile, BundleOrigin, BundleTaken,
    BundleWritten, CarriedDocuments, ChartFile, Coming, CopyIs, DriveView, ErasedView, FileAct,
    FileProgress, FloorView, Hold, Holder, HolderView, LanState, Left, MetView, QuarantineAwaits,
    QuarantineItem, QuarantineReason, QuarantineView, SyncAlarm, SyncPhase, SyncProgress, SyncView,
    WhereaboutsView,
};
pub use views::*;
