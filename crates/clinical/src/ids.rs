//! Typed ids: one alphabetical list, each a newtype over a UUID (version 7 when made here).

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            /// The UUID within.
            pub const fn uuid(self) -> Uuid { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )+};
}

ids! {
    /// An allergy or intolerance of a patient.
    AllergyIntoleranceId,
    /// A clinic: one key hierarchy, one log.
    ClinicId,
    /// A note, signed or in draft.
    CompositionId,
    /// A problem or diagnosis of a patient.
    ConditionId,
    /// A computer that holds the record.
    DeviceId,
    /// A file in a chart.
    DocumentReferenceId,
    /// A visit.
    EncounterId,
    /// A medication order or statement.
    MedicationId,
    /// A measured or observed fact.
    ObservationId,
    /// A person whose chart this is.
    PatientId,
    /// That two charts are of one person.
    PatientLinkId,
    /// A person who works at the clinic.
    PractitionerId,
    /// That a chart was given to another clinic.
    SharingId,
    /// A received resource kept as it came.
    SourceId,
    /// Something a person must look at.
    TaskId,
}

/// Makes a version 7 UUID (RFC 9562 §5.7) of `unix_ms` and ten random bytes.
pub fn uuid_v7(unix_ms: i64, random: [u8; 10]) -> Uuid {
    let unix_ms = u64::try_from(unix_ms).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid()
}

/// Makes a version 8 UUID (RFC 9562 §5.8) of the first sixteen bytes of a digest, so that two
/// devices that derive it from the same facts get the same id.
pub fn uuid_v8(digest: [u8; 16]) -> Uuid {
    uuid::Builder::from_custom_bytes(digest).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_marked() {
        assert_eq!(uuid_v7(1_700_000_000_000, [7; 10]).get_version_num(), 7);
        assert_eq!(uuid_v8([0xff; 16]).get_version_num(), 8);
    }

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = PatientId::from_uuid(uuid_v7(1, [1; 10]));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("not an id".parse::<PatientId>().is_err());
    }
}
