//! The recovery kit as text: what its file and its square code hold, and what is read of either.

use crate::RecoveryKit;
use clinical::ClinicId;

/// What the text begins with; the number is of its form.
const TITLE: &str = "Fieldchart recovery kit 1";
/// Longer texts are no kit's, in bytes.
const TEXT_MAX: usize = 8192;

impl RecoveryKit {
    /// The kit in lines of a word and what it names, for a file or a square code. Whoever has it has
    /// the kit.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { code, clinic, server, .. } = self;
        format!("{TITLE}\ncode {code}\nclinic {clinic}\nserver {server}\n")
    }
}

/// What brings a clinic back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitText {
    /// The code.
    pub code: String,
    /// The clinic.
    pub clinic: ClinicId,
    /// The address of its server, with the pin.
    pub server: String,
}

impl KitText {
    /// Reads a kit's file or code; also what the command line wrote of one. `None` where any of the
    /// three is missing, or stands twice and differs.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > TEXT_MAX {
            return None;
        }
        let value = |word: &str| {
            let lines = text.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
            let mut values = lines.filter(|(first, _)| *first == word).map(|(_, rest)| rest.trim());
            let value = values.next()?;
            values.all(|other| other == value).then_some(value)
        };
        Some(Self {
            code: value("code")?.to_owned(),
            clinic: value("clinic")?.parse().ok()?,
            server: value("server")?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kit() -> RecoveryKit {
        RecoveryKit {
            code: "ABCD-EFGH".into(),
            clinic: ClinicId::from_uuid(clinical::uuid_v7(1, [7; 10])),
            clinic_name: "Hill\ncode EVIL".into(),
            server: "https://a.example:8443#sha256:00".into(),
            people: vec!["amina".into()],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let kit = kit();
        let read = KitText::read(&kit.to_text()).unwrap();
        assert_eq!(
            (read.code, read.clinic, read.server),
            (kit.code.clone(), kit.clinic, kit.server.clone())
        );
        assert!(!kit.to_text().contains("EVIL"), "a name is no part of it");
    }

    #[test]
    fn what_is_no_kit_is_none() {
        let text = kit().to_text();
        let check = |text: &str| assert_eq!(KitText::read(text), None, "{text}");
        check("");
        check(&text.replace("code ", "cope "));
        check(&text.replace("clinic ", "clinic x"));
        check(&text.replace("server ", "server\n"));
        check(&format!("{text}code ZZZZ-ZZZZ\n"));
        // As the command line says it, between other lines.
        let told = format!("Recovery kit of Hill\r\n\r\n    {}", text.replace('\n', "\r\n    "));
        assert_eq!(KitText::read(&told).unwrap().code, "ABCD-EFGH");
    }
}
