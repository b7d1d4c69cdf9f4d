//! The clinic's own document: its name, what its paper says, its people, and originals that belong
//! to no patient.

mod aside;
mod letterhead;

pub use aside::AsideDecision;

use crate::{
    Actor, DocumentChange, EditError, Heads, LoadError, MergeError, Merged, Stored, Touched,
    document::{Document, Item},
    removals,
    source::{self, SOURCES},
};
use clinical::{
    ClinicId, Credentials, DocumentKind, DocumentRef, Letterhead, Practitioner, PractitionerId,
    Source, Stamp,
};

const SETTINGS: &str = "settings";
const PEOPLE: &str = "people";
/// An address with its pin is shorter; what is longer is none.
const SERVER_BYTES_MAX: usize = 512;

/// What the clinic's document holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clinic {
    /// The clinic's name.
    pub name: String,
    /// What its paper says.
    pub letterhead: Letterhead,
    /// The sync server, as its address was told; none where none was.
    pub server: Option<String>,
    /// Its people, sorted by id.
    pub people: Vec<Practitioner>,
    /// Originals that belong to no patient, sorted by id.
    pub sources: Vec<Source>,
    /// What was decided of envelopes that were set aside, sorted by envelope.
    pub decided: Vec<AsideDecision>,
    /// People this version cannot read: a newer one wrote them. They stay in the document.
    pub unreadable: u64,
}

/// What can be done to the clinic's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClinicEdit {
    /// Names the clinic.
    Name(String),
    /// Adds or changes a person.
    RecordPerson(Practitioner),
    /// Says what stands on paper beside a person's name.
    SayCredentials(PractitionerId, Credentials),
    /// Says what the clinic's paper says.
    SayLetterhead(Box<Letterhead>),
    /// Says which sync server the clinic has: its address, as the host writes it.
    SayServer(String),
    /// Decides on an envelope that was set aside.
    DecideAside {
        /// Its id, 64 hex digits.
        envelope: String,
        /// Whether it is taken in, or left aside for good.
        take_in: bool,
    },
    /// Keeps a received resource as it came.
    KeepSource(Source),
}

/// The clinic's document, open for edits and merges.
#[derive(Debug)]
pub struct ClinicDocument {
    id: ClinicId,
    pub(crate) document: Document,
}

impl ClinicDocument {
    /// Begins the document.
    pub fn new(id: ClinicId, actor: Actor) -> Self {
        Self { id, document: Document::new(name(id), actor) }
    }

    /// Opens the stored document.
    ///
    /// # Errors
    /// [`LoadError`]: the stored bytes are untouched.
    pub fn load(id: ClinicId, stored: Stored<'_>, actor: Actor) -> Result<Self, LoadError> {
        Ok(Self { id, document: Document::load(name(id), stored, actor)? })
    }

    /// Makes edits: all of them or none. They are one change, or several where one would be too
    /// large to travel.
    ///
    /// # Errors
    /// [`EditError`]: nothing was changed.
    pub fn apply(
        &mut self,
        edits: &[ClinicEdit],
        stamp: Stamp,
    ) -> Result<DocumentChange, EditError> {
        if self.document.is_newer() {
            return Err(EditError::NewerSchema);
        }
        let mut make = |edit| {
            self.put(edit, stamp)?;
            self.document.cut(stamp);
            Ok(())
        };
        match edits.iter().try_for_each(&mut make) {
            Ok(()) => Ok(self.document.commit(stamp, Touched::All)),
            Err(error) => {
                self.document.rollback();
                Err(error)
            }
        }
    }

    /// Merges changes of other devices.
    ///
    /// # Errors
    /// [`MergeError`]: the document is gone and must be loaded again.
    pub fn merge(self, changes: Vec<Vec<u8>>) -> Result<(Self, Merged), MergeError> {
        let (document, merged) = self.document.merge(changes, |_, _| Touched::All)?;
        Ok((Self { id: self.id, document }, merged))
    }

    /// Reads the document.
    pub fn read(&mut self) -> Clinic {
        let setting = |name| String::from_utf8(self.document.get(SETTINGS, name)?.bytes).ok();
        let name = setting("name").unwrap_or_default();
        let server = setting("server").filter(|said| (1..=SERVER_BYTES_MAX).contains(&said.len()));
        let items = self.document.items(PEOPLE);
        let mut people: Vec<_> = items.iter().filter_map(|item| self.person(item)).collect();
        removals::judge(&mut self.document, PEOPLE, &mut people);
        let unreadable = u64::try_from(items.len() - people.len()).unwrap_or(u64::MAX);
        for person in &mut people {
            person.credentials = letterhead::credentials(&self.document, person.id);
        }
        let letterhead = letterhead::read(&self.document);
        let sources = source::all(&self.document.items(SOURCES));
        let decided = aside::read(&mut self.document);
        Clinic { name, letterhead, server, people, sources, decided, unreadable }
    }

    /// Whether this very original is kept already.
    pub fn keeps(&self, source: &Source) -> bool {
        source::keeps(&self.document, source)
    }

    /// The document's heads.
    pub fn heads(&mut self) -> Heads {
        self.document.heads()
    }

    /// The whole document as one snapshot.
    pub fn save(&mut self) -> Vec<u8> {
        self.document.save()
    }

    /// A person, with the keys of every side where computers wrote without knowing of each other:
    /// each added the key its person signs with there, and who loses it is shut out. Who was
    /// removed on one side is removed.
    fn person(&mut self, item: &Item) -> Option<Practitioner> {
        let mut person: Practitioner = serde_json::from_slice(&item.written.bytes).ok()?;
        if !item.disputed {
            return Some(person);
        }
        for side in self.document.versions(PEOPLE, &item.key) {
            let side: Option<Practitioner> = serde_json::from_slice(&side.bytes).ok();
            let Some(side) = side else { continue };
            person.active &= side.active;
            person.removed_by.extend(side.removed_by);
            for key in side.public_keys {
                if !person.public_keys.contains(&key) {
                    person.public_keys.push(key);
                }
            }
        }
        person.public_keys.sort_unstable();
        person.removed_by.sort_unstable();
        person.removed_by.dedup();
        Some(person)
    }

    fn put(&mut self, edit: &ClinicEdit, stamp: Stamp) -> Result<(), EditError> {
        let json = |value: serde_json::Result<Vec<u8>>| value.map_err(|_| EditError::Refused);
        match edit {
            ClinicEdit::Name(name) => self.document.put(SETTINGS, "name", name.as_bytes())?,
            ClinicEdit::RecordPerson(person) => {
                let key = person.id.uuid().simple().to_string();
                let person = written(person);
                self.document.put(PEOPLE, &key, &json(serde_json::to_vec(&person))?)?
            }
            ClinicEdit::SayCredentials(person, said) => {
                letterhead::put_credentials(&mut self.document, *person, said)?;
                false
            }
            ClinicEdit::SayLetterhead(said) => {
                letterhead::put(&mut self.document, said)?;
                false
            }
            ClinicEdit::SayServer(said) => {
                self.document.put(SETTINGS, "server", said.as_bytes())?;
                false
            }
            ClinicEdit::DecideAside { envelope, take_in } => {
                aside::put(&mut self.document, envelope, *take_in)?;
                false
            }
            ClinicEdit::KeepSource(source) => source::keep(&mut self.document, source, stamp)?,
        };
        Ok(())
    }
}

/// A person without what is seen in the order of the record and never written into it, and without
/// what is kept beside them.
fn written(person: &Practitioner) -> Practitioner {
    let active = person.active || person.unconfirmed;
    let removed_by = if active { Vec::new() } else { person.removed_by.clone() };
    let credentials = Credentials::default();
    Practitioner { active, removed_by, unconfirmed: false, credentials, ..person.clone() }
}

fn name(id: ClinicId) -> DocumentRef {
    DocumentRef::new(DocumentKind::Clinic, id.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{DeviceId, Instant, SheetKind, SheetPaper};
    use uuid::Uuid;

    #[test]
    fn two_people_say_different_things_of_the_paper_and_both_are_said() {
        let id = |n| Uuid::from_u128(n);
        let stamp = |device| Stamp {
            author: PractitionerId::from_uuid(id(1)),
            device: DeviceId::from_uuid(id(device)),
            at: Instant::from_unix_ms(3),
        };
        let clinic = ClinicId::from_uuid(id(50));
        let mut here = ClinicDocument::new(clinic, Actor::from_random([1; 16]));
        let mut there = ClinicDocument::new(clinic, Actor::from_random([2; 16]));
        let bytes = |change: DocumentChange| -> Vec<Vec<u8>> {
            change.changes.into_iter().map(|raw| raw.bytes).collect()
        };
        let say = |said| ClinicEdit::SayLetterhead(Box::new(said));
        let address = Letterhead { address: vec!["Shore Road 4".into()], ..Letterhead::default() };
        let paper = Letterhead {
            footer: "Open every day".into(),
            papers: [(SheetKind::Label, SheetPaper::A5)].into(),
            ..Letterhead::default()
        };
        let number = Credentials { registration: "10234".into(), ..Credentials::default() };
        let person = PractitionerId::from_uuid(id(9));
        let one = here.apply(&[say(address)], stamp(2)).unwrap();
        let said = ClinicEdit::SayCredentials(person, number.clone());
        let other = there.apply(&[say(paper), said], stamp(3)).unwrap();
        let (mut here, _) = here.merge(bytes(other)).unwrap();
        let (mut there, _) = there.merge(bytes(one)).unwrap();
        let both = here.read().letterhead;
        assert_eq!(both, there.read().letterhead);
        assert_eq!((both.address.len(), both.footer.as_str()), (1, "Open every day"));
        assert_eq!(both.paper(SheetKind::Label), SheetPaper::A5);
        assert_eq!(both.paper(SheetKind::Summary), SheetPaper::A4);
        assert_eq!(letterhead::credentials(&here.document, person), number);
        // What is taken back is said no more; what a newer version chose stays.
        here.document.put(SETTINGS, "letterhead.paper.summary", b"a3").unwrap();
        here.apply(&[say(Letterhead::default())], stamp(2)).unwrap();
        assert_eq!(here.read().letterhead, Letterhead::default());
        let kept = here.document.get(SETTINGS, "letterhead.paper.summary").unwrap().bytes;
        assert_eq!(kept, b"a3");
    }

    #[test]
    fn people_a_newer_version_wrote_are_counted_and_stay() {
        let id = |n| Uuid::from_u128(n);
        let stamp = Stamp {
            author: PractitionerId::from_uuid(id(1)),
            device: DeviceId::from_uuid(id(2)),
            at: Instant::from_unix_ms(3),
        };
        let clinic = ClinicId::from_uuid(id(50));
        let mut document = ClinicDocument::new(clinic, Actor::from_random([1; 16]));
        let key = id(51).simple().to_string();
        let newer = br#"{"id":"a","role":"pharmacist"}"#;
        document.document.put(PEOPLE, &key, newer).unwrap();
        let change = document.document.commit(stamp, Touched::All);
        let read = document.read();
        assert_eq!((read.people.len(), read.unreadable), (0, 1));
        // It travels on as it is.
        let other = ClinicDocument::new(clinic, Actor::from_random([2; 16]));
        let bytes = change.changes.iter().map(|change| change.bytes.clone()).collect();
        let (mut other, _) = other.merge(bytes).unwrap();
        assert_eq!(other.read().unreadable, 1);
        let items = other.document.items(PEOPLE);
        assert_eq!(
            items.iter().map(|item| item.written.bytes.as_slice()).collect::<Vec<_>>(),
            [newer.as_slice()]
        );
    }
}
