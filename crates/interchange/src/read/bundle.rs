//! A document taken apart into resources, each scanned on its own.

use super::outline::outline;
use crate::{
    Limits,
    json::{Document, Json, Kind, ScanError, Walk, scan},
    resolve::is_type,
};
use clinical::Finding;

/// A resource before it is read.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its place: the entry of the Bundle, from 0; `None` for a document that is the resource.
    pub(super) place: Option<u64>,
    /// `fullUrl`, when there is one.
    pub(super) full_url: Option<String>,
    /// Its text.
    pub(super) document: Document,
    /// Its type.
    pub(super) resource_type: String,
    /// What was odd about its text.
    pub(super) findings: Vec<Finding>,
}

/// What a document holds.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Its resources.
    pub(super) entries: Vec<Entry>,
    /// Remarks on what is no resource, with the entry.
    pub(super) findings: Vec<(Option<u64>, Finding)>,
    /// Whether it is a Bundle.
    pub(super) bundle: bool,
}

/// Takes one document apart.
pub(super) fn split(text: &str, limits: &Limits) -> Parts {
    let mut parts = Parts::default();
    let start = Walk::new(text, 0);
    let Some(outline) = outline(text, start.at()) else {
        let detail = "This is not a FHIR resource: no JSON object. Nothing was taken in.";
        parts.remark(None, Finding::error("", "json-not-object", detail));
        return parts;
    };
    if outline.resource_type == Some("Bundle") {
        parts.bundle = true;
        if outline.entry.len() > 1 {
            let detail = "The list of entries is there twice. Both were read.";
            let finding = Finding::warning("Bundle.entry", "json-duplicate-key", detail);
            parts.remark(None, finding);
        }
        let mut index = 0;
        for at in &outline.entry {
            parts.entries(text, *at, &mut index, limits);
        }
        if outline.complete && parts.entries.is_empty() && parts.findings.is_empty() {
            let detail = "There is no entry in this Bundle. Nothing was taken in.";
            parts.remark(None, Finding::warning("Bundle.entry", "empty", detail));
        }
        if !outline.complete {
            parts.broken(None, ScanError::Truncated(text.len()), "What came before was taken in.");
        }
    } else {
        parts.alone(text, limits);
    }
    let rest = text.get(outline.end..).unwrap_or_default().trim();
    if outline.complete && !rest.is_empty() {
        let detail = "There is more after the end of the document. It was not read.";
        parts.remark(None, Finding::warning("", "json-trailing", detail));
    }
    parts
}

impl Parts {
    fn remark(&mut self, place: Option<u64>, finding: Finding) {
        self.findings.push((place, finding));
    }

    fn broken(&mut self, place: Option<u64>, error: ScanError, rest: &str) {
        let code = match error {
            ScanError::Truncated(_) => "json-truncated",
            ScanError::Syntax(_) => "json-syntax",
            ScanError::Depth => "json-depth",
            ScanError::Values => "json-values",
        };
        let message = error.to_string();
        let mut letters = message.chars();
        let message = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
        let message: String = message.unwrap_or_default();
        self.remark(place, Finding::error("", code, format!("{message}. {rest}")));
    }

    fn alone(&mut self, text: &str, limits: &Limits) {
        match scan(text, 0, limits) {
            Ok(scanned) => self.resource(None, None, scanned.document, scanned.findings),
            Err(error) => self.broken(None, error, "Nothing of this document was taken in."),
        }
    }

    fn entries(&mut self, text: &str, at: usize, index: &mut usize, limits: &Limits) {
        let mut walk = Walk::new(text, at);
        if !walk.eat(b'[') {
            let detail = "A list was expected here. No entry was taken in.";
            self.remark(None, Finding::error("Bundle.entry", "wrong-type", detail));
            return;
        }
        while walk.peek().is_some_and(|next| next != b']') {
            if *index >= limits.entries {
                let detail = format!("More than {index} entries. The others were not read.");
                self.remark(None, Finding::error("Bundle.entry", "bundle-entries", detail));
                return;
            }
            let place = u64::try_from(*index).unwrap_or(u64::MAX);
            if let Err(error) = self.entry(&mut walk, text, place, limits) {
                self.broken(Some(place), error, "This entry and those after it were not read.");
                return;
            }
            *index += 1;
            if !walk.eat(b',') {
                break;
            }
        }
        if walk.peek().is_some_and(|next| next != b']') {
            let rest = "This place and what comes after it were not read.";
            self.broken(None, ScanError::Syntax(walk.at()), rest);
        }
    }

    /// Reads one entry; an error means that nothing after it can be found.
    fn entry(
        &mut self,
        walk: &mut Walk<'_>,
        text: &str,
        place: u64,
        limits: &Limits,
    ) -> Result<(), ScanError> {
        let torn = |walk: &Walk<'_>| {
            let at_end = text.get(walk.at()..).is_none_or(|rest| rest.trim().is_empty());
            if at_end { ScanError::Truncated(text.len()) } else { ScanError::Syntax(walk.at()) }
        };
        let (mut full_url, mut resource) = (None, None);
        let (mut urls, mut resources) = (0, 0);
        if !walk.eat(b'{') {
            walk.skip().ok_or_else(|| torn(walk))?;
            let detail = "An entry must be an object. It was left out.";
            self.remark(Some(place), Finding::error("Bundle.entry", "wrong-type", detail));
            return Ok(());
        }
        while !walk.eat(b'}') {
            let name = walk.key().ok_or_else(|| torn(walk))?;
            walk.peek();
            let start = walk.at();
            match &*name {
                "resource" => {
                    resources += 1;
                    resource = Some(self.scanned(walk, text, place, limits)?);
                }
                "fullUrl" => {
                    urls += 1;
                    walk.skip().ok_or_else(|| torn(walk))?;
                    full_url =
                        text.get(start..walk.at()).and_then(|raw| serde_json::from_str(raw).ok());
                }
                _ => walk.skip().ok_or_else(|| torn(walk))?,
            }
            if !walk.eat(b',') && walk.peek() != Some(b'}') {
                return Err(torn(walk));
            }
        }
        if resources > 1 {
            let detail = "This entry has two resources, and nobody knows which one holds. Neither \
                          was taken in.";
            let finding = Finding::error("Bundle.entry.resource", "json-duplicate-key", detail);
            self.remark(Some(place), finding);
            return Ok(());
        }
        if urls > 1 {
            let detail = "This entry has two names. It was taken in under neither.";
            let finding = Finding::warning("Bundle.entry.fullUrl", "json-duplicate-key", detail);
            self.remark(Some(place), finding);
            full_url = None;
        }
        match resource {
            Some(Some((document, findings))) => {
                self.resource(Some(place), full_url, document, findings);
            }
            Some(None) => {}
            None => {
                let detail = "This entry has no resource (a deletion, or an answer).";
                let finding = Finding::information("Bundle.entry.resource", "no-resource", detail);
                self.remark(Some(place), finding);
            }
        }
        Ok(())
    }

    /// Scans a resource where the walk stands. One that is only too deep or too big is told and
    /// passed over.
    fn scanned(
        &mut self,
        walk: &mut Walk<'_>,
        text: &str,
        place: u64,
        limits: &Limits,
    ) -> Result<Option<(Document, Vec<Finding>)>, ScanError> {
        match scan(text, walk.at(), limits) {
            Ok(scanned) => {
                walk.go(scanned.end);
                Ok(Some((scanned.document, scanned.findings)))
            }
            Err(error @ (ScanError::Depth | ScanError::Values)) => {
                walk.skip().ok_or(ScanError::Truncated(text.len()))?;
                self.broken(Some(place), error, "This resource was not taken in.");
                Ok(None)
            }
            Err(error @ (ScanError::Truncated(_) | ScanError::Syntax(_))) => Err(error),
        }
    }

    fn resource(
        &mut self,
        place: Option<u64>,
        full_url: Option<String>,
        document: Document,
        findings: Vec<Finding>,
    ) {
        let root = document.root();
        let resource_type = root.resource_type().unwrap_or_default().into_owned();
        if root.kind() == Kind::Object && is_type(&resource_type) {
            let full_url = full_url.filter(|url| !url.is_empty());
            let mut findings = findings;
            for finding in &mut findings {
                finding.path = format!("{resource_type}.{}", finding.path);
            }
            self.entries.push(Entry { place, full_url, document, resource_type, findings });
            return;
        }
        let told = root.get("resourceType").map(Json::kind);
        let detail = match told {
            _ if root.is_twice("resourceType") => {
                "Its resourceType is there twice, and nobody knows which one holds. It was not \
                 taken in."
            }
            Some(_) => "Its resourceType is not the name of one. It was not taken in.",
            None => "This is not a FHIR resource: it has no resourceType. It was not taken in.",
        };
        self.remark(place, Finding::error("resourceType", "no-resource-type", detail));
    }
}
