//! What comes before the chart: first run, sign in, or why neither is possible.

use super::workspace::workspace;
use crate::backend::{Load, Remote, listen, remote};
use crate::components::loading;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::pages;
use api::{
    CardView, ClinicOpened, DemonstrationCreated, GetStatus, RecoveryKit, SessionView, Stage,
    StatusView, Topic,
};

/// A recovery code with what is printed beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paper {
    /// The code.
    pub code: String,
    /// Who is signed in, at which clinic.
    pub session: SessionView,
    /// The computer it is of: its name, where the person has just given it.
    pub computer: Option<String>,
    /// The password alone protects the store here, though nobody chose that.
    pub keyring_absent: bool,
}

/// Something shown by itself, before going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Handed {
    /// A recovery code: of a clinic that was made or joined here, or in the place of the old one.
    Code(Paper),
    /// A recovery kit of the clinic.
    Kit(RecoveryKit),
    /// The clinic's own card, for others to give it charts by.
    Card(CardView),
    /// A demonstration was made: how to sign in to it again.
    Demonstration(DemonstrationCreated),
}

/// What the pages before the chart share.
#[derive(Clone, Copy)]
pub(crate) struct Gate {
    /// Where we stand.
    pub status: Remote<StatusView>,
    /// What must be seen before anything else.
    pub handed: RwSignal<Option<Handed>>,
    /// Something that was typed could not be kept before the window locked.
    pub lost: RwSignal<bool>,
}

impl Gate {
    /// The gate of this window.
    pub(crate) fn here() -> Self {
        expect_context::<Self>()
    }

    /// Shows a recovery code, once, before anything else.
    pub(crate) fn hand_code(self, paper: Paper) {
        self.handed.set(Some(Handed::Code(paper)));
    }

    /// Shows a recovery kit, once, before anything else.
    pub(crate) fn hand_kit(self, kit: RecoveryKit) {
        self.handed.set(Some(Handed::Kit(kit)));
    }

    /// Shows the code of a clinic that was made or joined here. `computer` is its name, where the
    /// person has just given it.
    pub(crate) fn hand_opened(self, opened: ClinicOpened, computer: Option<String>) {
        let ClinicOpened { recovery_code: code, session, keyring_absent } = opened;
        self.hand_code(Paper { code, session, computer, keyring_absent });
    }
}

/// The whole window.
pub(crate) fn root() -> AnyView {
    #[cfg(debug_assertions)]
    if let Some(gallery) = crate::gallery::asked() {
        return gallery;
    }
    listen();
    let status = remote(|| Some(GetStatus {}), |topic| topic == Topic::Session);
    let gate = Gate { status, handed: RwSignal::new(None), lost: RwSignal::new(false) };
    provide_context(gate);
    let stage = move || match (gate.handed.get(), status.load()) {
        (Some(handed), _) => pages::handed(handed),
        (None, Load::Loading) => loading(t("state.opening")),
        (None, Load::Failed(error)) => pages::blocked(&error, None),
        (None, Load::Ready(view)) => at(view.stage),
    };
    stage.into_any()
}

fn at(stage: Stage) -> AnyView {
    match stage {
        Stage::FirstRun => pages::first_run(),
        Stage::Joining { user_name } => pages::joining(&user_name),
        Stage::SignedOut { users, clinic_name } => pages::sign_in(users, clinic_name),
        Stage::SignedIn(session) => workspace(session),
        Stage::Blocked(error) => pages::blocked(&error, Some(())),
    }
}
