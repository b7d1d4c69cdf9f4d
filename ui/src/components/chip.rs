//! A word with a colour; the word alone says everything.

use super::{Icon, icon};
use crate::markup::prelude::*;

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing special.
    Plain,
    /// In order.
    Ok,
    /// Worth knowing.
    Info,
    /// Needs care.
    Warning,
    /// Danger to the patient.
    Critical,
    /// Two people wrote different things.
    Conflict,
}

impl Tone {
    /// The class the style sheet knows it by.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Conflict => "conflict",
        }
    }

    /// The icon that goes with it.
    pub(crate) fn icon(self) -> Option<Icon> {
        match self {
            Self::Plain => None,
            Self::Ok => Some(Icon::Check),
            Self::Info => Some(Icon::Info),
            Self::Warning | Self::Critical => Some(Icon::Alert),
            Self::Conflict => Some(Icon::Conflict),
        }
    }
}

/// A chip.
pub(crate) fn chip(tone: Tone, text: impl Into<String>) -> AnyView {
    let text = text.into();
    view! { <span class=format!("chip {}", tone.class())>{tone.icon().map(icon)}{text}</span> }
        .into_any()
}
