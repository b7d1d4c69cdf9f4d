//! One import: any number of files, read one after the other.

use super::{
    file::{self, Layout, Piece},
    group::Groups,
    intake::{Report, Taken},
    named::Named,
    pending::Pending,
    people::People,
    unresolved::Unresolved,
};
use crate::{FileFinding, Limits, resolve::Scope};
use clinical::{Finding, PartialDate};
use std::{
    io::{self, BufRead},
    ops::ControlFlow,
};

/// How to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// A name for the sender, where ids such as `Patient/1` are not unique beyond it. Files of
    /// one sender must be read with the same name, or their references do not meet.
    pub namespace: String,
    /// How much of a file is read.
    pub limits: Limits,
    /// The day it is read: nobody was born or has died after it. `None` where that is not asked.
    pub today: Option<PartialDate>,
}

/// Why a file was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Read(#[from] io::Error),
    /// The one who takes the resources asked to stop.
    #[error("the import was stopped")]
    Stopped,
}

/// Where what is read goes. It may ask to stop.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Taken) -> ControlFlow<()>;

/// An import under way. It remembers names and identifiers, never whole files.
#[derive(Debug)]
pub struct Import {
    pub(super) options: Options,
    pub(super) known: Scope,
    pub(super) unresolved: Unresolved,
    pub(super) groups: Groups,
    pub(super) pending: Vec<Pending>,
    pub(super) people: People,
    pub(super) named: Named,
    pub(super) report: Report,
    pub(super) told: usize,
    /// Which file is at hand, in the order they were read.
    pub(super) file: usize,
    /// The file since which not all is remembered.
    pub(super) beyond_since: Option<String>,
}

impl Import {
    /// Begins an import.
    pub fn new(options: Options) -> Self {
        Self {
            known: Scope::new(&options.namespace),
            unresolved: Unresolved::default(),
            groups: Groups::new(options.limits.window_bytes),
            pending: Vec::new(),
            people: People::default(),
            named: Named::default(),
            report: Report::default(),
            told: 0,
            file: 0,
            beyond_since: None,
            options,
        }
    }

    /// Reads one file: a Bundle, a resource, or one of either on each line.
    ///
    /// # Errors
    /// [`ImportError`]; what was handed over before stays so.
    pub fn read(
        &mut self,
        file: &str,
        input: &mut dyn BufRead,
        sink: &mut dyn FnMut(Taken) -> ControlFlow<()>,
    ) -> Result<(), ImportError> {
        // What is left of a file that broke off is that file's.
        stop(self.groups.flush(sink))?;
        self.begin_file();
        let limit = self.options.limits.document_bytes;
        let mut number = 0;
        let first = loop {
            number += 1;
            match file::line(input, limit)? {
                Piece::Bytes(bytes) if is_blank(&bytes) => {}
                piece @ (Piece::Bytes(_) | Piece::TooLong | Piece::End) => break piece,
            }
        };
        let first = match first {
            Piece::Bytes(bytes) => bytes,
            Piece::TooLong if file::is_named_lines(file) => {
                return self.lines(file, number, Piece::TooLong, input, sink);
            }
            Piece::TooLong => return stop(self.too_long(file, None, sink)),
            Piece::End => return stop(self.empty(file, sink)),
        };
        let layout = file::layout(file, &String::from_utf8_lossy(start(&first)));
        let flow = match layout {
            Layout::Empty => self.empty(file, sink),
            Layout::Xml => self.xml(file, sink),
            Layout::Json => match file::rest(input, first, limit)? {
                Piece::Bytes(bytes) => self.document(file, None, bytes, sink),
                Piece::TooLong | Piece::End => self.too_long(file, None, sink),
            },
            Layout::Lines => return self.lines(file, number, Piece::Bytes(first), input, sink),
        };
        stop(flow)?;
        stop(self.end_of_file(file, sink))
    }

    /// Counts a file of which nothing can be read at all.
    pub fn pass_over(&mut self) {
        self.begin_file();
    }

    fn begin_file(&mut self) {
        self.file = self.report.files.len();
        self.report.files.push(0);
        self.told = 0;
    }

    /// Counts a resource of the file at hand.
    pub(super) fn count(&mut self, resource_type: &str) {
        *self.report.counts.entry(resource_type.to_owned()).or_default() += 1;
        if let Some(taken) = self.report.files.get_mut(self.file) {
            *taken += 1;
        }
    }

    /// Ends the import: hands over what was held back and tells which references lead nowhere.
    pub fn finish(mut self, sink: &mut dyn FnMut(Taken) -> ControlFlow<()>) -> Report {
        // A sink that asks to stop at the very end has nothing left to stop.
        let _ = self.settle(sink).is_break();
        self.report
    }

    fn lines(
        &mut self,
        file: &str,
        mut number: u64,
        first: Piece,
        input: &mut dyn BufRead,
        sink: Sink<'_>,
    ) -> Result<(), ImportError> {
        let limit = self.options.limits.document_bytes;
        let mut piece = first;
        // A file of one line is a document, and its entries are told as such.
        let mut alone = true;
        loop {
            let place = Some(number);
            number += 1;
            let next = file::line(input, limit)?;
            alone = alone && next == Piece::End;
            match piece {
                Piece::Bytes(bytes) if is_blank(&bytes) => {}
                Piece::Bytes(bytes) => {
                    stop(self.document(file, place.filter(|_| !alone), bytes, sink))?;
                }
                Piece::TooLong => stop(self.too_long(file, place, sink))?,
                Piece::End => return stop(self.end_of_file(file, sink)),
            }
            if self.groups.is_full() {
                stop(self.groups.flush(sink))?;
            }
            piece = next;
        }
    }

    fn end_of_file(&mut self, file: &str, sink: Sink<'_>) -> ControlFlow<()> {
        let hidden = self.told.saturating_sub(self.options.limits.findings);
        if hidden > 0 {
            let detail = format!("{hidden} more findings in this file are not listed.");
            let finding = Finding::information("", "findings-more", detail);
            let file = file.to_owned();
            sink(Taken::Finding(FileFinding { file, entry: None, finding }))?;
        }
        self.groups.flush(sink)
    }

    /// Tells a finding, up to the limit for one file.
    pub(super) fn tell(
        &mut self,
        file: &str,
        entry: Option<u64>,
        finding: Finding,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
        self.report.findings += 1;
        self.told += 1;
        if self.told > self.options.limits.findings {
            return ControlFlow::Continue(());
        }
        sink(Taken::Finding(FileFinding { file: file.to_owned(), entry, finding }))
    }

    fn empty(&mut self, file: &str, sink: Sink<'_>) -> ControlFlow<()> {
        self.tell(file, None, Finding::error("", "empty", "There is nothing in this file."), sink)
    }

    fn xml(&mut self, file: &str, sink: Sink<'_>) -> ControlFlow<()> {
        let detail = "XML is not read; send JSON. Nothing was taken in.";
        self.tell(file, None, Finding::error("", "xml", detail), sink)
    }

    fn too_long(&mut self, file: &str, entry: Option<u64>, sink: Sink<'_>) -> ControlFlow<()> {
        let megabytes = self.options.limits.document_bytes >> 20;
        let detail = format!(
            "Larger than {megabytes} MiB. It was not taken in; send NDJSON, one resource a line."
        );
        self.tell(file, entry, Finding::error("", "too-large", detail), sink)
    }
}

pub(super) fn stop(flow: ControlFlow<()>) -> Result<(), ImportError> {
    if flow.is_break() { Err(ImportError::Stopped) } else { Ok(()) }
}

fn is_blank(bytes: &[u8]) -> bool {
    start(bytes).iter().all(u8::is_ascii_whitespace)
}

/// The bytes after a byte order mark.
fn start(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes)
}
