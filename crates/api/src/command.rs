//! What a command is, and how a family of them is declared.

use serde::{Serialize, de::DeserializeOwned};

/// A request of the window and the reply it gets.
pub trait Command: Serialize + DeserializeOwned {
    /// The name it travels under, in kebab case.
    const NAME: &'static str;
    /// What comes back when it succeeds.
    type Reply: Serialize + DeserializeOwned;
}

/// Declares a family of commands: the struct, its name and its reply in one place, and `NAMES`, the
/// names of the family.
macro_rules! commands {
    ($(
        $(#[$doc:meta])*
        $name:ident $text:literal -> $reply:ty { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }

            impl crate::Command for $name {
                const NAME: &'static str = $text;
                type Reply = $reply;
            }
        )+

        /// The names of this family's commands.
        pub(crate) const NAMES: &[&str] = &[$($text),+];
    };
}

pub(crate) use commands;
