//! What can be wrong with a database, before and while it is used.

use deadpool_postgres::PoolError;
use sync::codec::DecodeError;
use sync::log::LogError;
use thiserror::Error;
use tokio_postgres::error::SqlState;

/// Why a server does not start on a database, or a migration did not run.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The address is none.
    #[error(
        "the address of the database cannot be read; it has the form postgresql://USER@HOST/NAME"
    )]
    Address(#[source] tokio_postgres::Error),
    /// The certificates for it cannot be read.
    #[error("the certificates of the database cannot be used")]
    Certificates(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// TLS is asked for and nobody is named who vouches for the database.
    #[error("the address asks for TLS: name the certificate of its authority with --database-ca")]
    NoAuthority,
    /// Nobody answers, or not as a database.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It answered, and refused.
    #[error("the database refused: {0}")]
    Refused(String),
    /// The tables are not there, or an older release made them.
    #[error(
        "the tables of the database are of version {found} and this release needs {known}: run \
         fieldchart-sync migrate as their owner"
    )]
    Older {
        /// What is there; 0 for nothing.
        found: i32,
        /// What this release needs.
        known: i32,
    },
    /// A newer release made the tables.
    #[error(
        "the tables of the database were made by a newer release (version {found}); this one knows \
         {known} and leaves them as they are: start a newer one"
    )]
    Newer {
        /// What is there.
        found: i32,
        /// The newest version this release knows.
        known: i32,
    },
    /// The role of the server could read the rows of every clinic.
    #[error(
        "the role {role} owns the tables or passes row-level security by: give the server a role of \
         its own, and name it when you run fieldchart-sync migrate"
    )]
    TooMighty {
        /// The role.
        role: String,
    },
    /// The role is held to one clinic at a time.
    #[error(
        "this role is held to one clinic at a time and sees no list of them: connect as one with \
         BYPASSRLS, as a backup does"
    )]
    SeesNone,
    /// What is kept is not what this release writes.
    #[error("the tables of the database are damaged")]
    Damaged,
    /// There is no such role.
    #[error("the database has no role {role}: make it first, and name it with --app-role")]
    NoRole {
        /// The name.
        role: String,
    },
    /// Devices know the other servers of the database by another key.
    #[error(
        "the other servers of this database have another key: copy identity.pem of one of them into \
         the data folder and start again"
    )]
    OtherKey,
    /// It is another region's.
    #[error(
        "the database named for {asked} is that of {found}: no clinic may come to another region by a \
         mistake in an address"
    )]
    OtherRegion {
        /// What it was started for.
        asked: String,
        /// What it is.
        found: String,
    },
    /// It was served beside a region that is not named now.
    #[error(
        "the region {name} was served beside this one and is not named: its clinics would be founded anew \
         in the default region. Name it, or say --without-region {name}"
    )]
    LeftOut {
        /// Which.
        name: String,
    },
    /// It is older than what the tables need.
    #[error("the database is PostgreSQL {found}; version 15 or newer is needed")]
    OldServer {
        /// Its version, as it tells it.
        found: String,
    },
    /// A table lets its owner pass row-level security by.
    #[error(
        "row-level security is not forced on {table}: run fieldchart-sync migrate as its owner"
    )]
    NotForced {
        /// The table.
        table: String,
    },
}

impl From<tokio_postgres::Error> for DatabaseError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            // What it says names roles and tables, never a row's content.
            Some(said) => Self::Refused(said.message().to_owned()),
            None => Self::Unreachable(Box::new(error)),
        }
    }
}

impl From<PoolError> for DatabaseError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            other @ (PoolError::Timeout(_)
            | PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(_)) => Self::Unreachable(Box::new(other)),
        }
    }
}

/// Why a step on the database failed.
#[derive(Debug, Error)]
pub(super) enum StepError {
    #[error("the database did not do a step")]
    Database(#[from] tokio_postgres::Error),
    #[error("no connection to the database is free")]
    Pool(#[from] PoolError),
    #[error("the log of the server is damaged")]
    Damaged,
    #[error("the clinic has no log here")]
    UnknownClinic,
    #[error("another server was first")]
    Behind,
    #[error("the database did not answer in time")]
    Late,
    #[error("the log's numbers are used up")]
    Overflow,
    #[error("the clinic has all that it may have here")]
    OverQuota,
}

impl From<DecodeError> for StepError {
    fn from(_: DecodeError) -> Self {
        Self::Damaged
    }
}

impl StepError {
    /// As the rest of the server hears it.
    pub(super) fn told(
        self,
        step: impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> LogError,
    ) -> LogError {
        match self.state() {
            _ if matches!(self, Self::UnknownClinic) => LogError::UnknownClinic,
            _ if matches!(self, Self::Behind) => LogError::Busy,
            _ if matches!(self, Self::OverQuota) => LogError::OverQuota,
            _ if matches!(self, Self::Damaged) => LogError::Damaged(Box::new(self)),
            Some(state) if DAMAGE.contains(&state) => LogError::Damaged(Box::new(self)),
            Some(state) if *state == SqlState::DISK_FULL => LogError::Full,
            Some(state) if HELD_UP.contains(&state) => LogError::Busy,
            Some(_) | None => step(Box::new(self)),
        }
    }

    fn state(&self) -> Option<&SqlState> {
        match self {
            Self::Database(error) | Self::Pool(PoolError::Backend(error)) => error.code(),
            Self::Pool(_)
            | Self::Damaged
            | Self::UnknownClinic
            | Self::Behind
            | Self::Late
            | Self::Overflow
            | Self::OverQuota => None,
        }
    }
}

/// What PostgreSQL says of pages, rows or indexes that it cannot read any more.
const DAMAGE: [&SqlState; 2] = [&SqlState::DATA_CORRUPTED, &SqlState::INDEX_CORRUPTED];

/// Another server was there at the same moment: the same again will do. A row that is there twice is
/// not among them: places are given under the clinic's row, and what meets one is damage.
const HELD_UP: [&SqlState; 4] = [
    &SqlState::LOCK_NOT_AVAILABLE,
    &SqlState::T_R_SERIALIZATION_FAILURE,
    &SqlState::T_R_DEADLOCK_DETECTED,
    &SqlState::TOO_MANY_CONNECTIONS,
];
