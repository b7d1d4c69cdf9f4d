//! Reading members of a resource, with a finding for each that is not what FHIR says.

use super::{concept, reason};
use crate::{
    FIELDCHART_FHIR,
    json::{Json, Kind},
    resolve::{Links, reference_text},
};
use clinical::{
    CodeableConcept, Decimal, Finding, PartialDate, PartialDateError, has_hidden, possible,
    without_hidden,
};
use uuid::Uuid;

/// Remarks listed for one resource.
const FINDINGS_MAX: usize = 100;

/// A resource being read.
pub(crate) struct Reader<'a> {
    /// The resource.
    pub(crate) resource: Json<'a>,
    /// What its references mean.
    pub(crate) links: &'a dyn Links,
    /// The day it was received; `None` where nothing can lie ahead.
    pub(crate) today: Option<&'a PartialDate>,
    /// What was odd.
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl<'a> Reader<'a> {
    /// Remarks on an element. A resource in which everything is wrong is told as that: the rest
    /// would be noise, and a path takes time to find.
    pub(crate) fn warn(&mut self, element: Json<'_>, code: &str, detail: &str) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding::warning(&element.path(), code, detail));
        } else if self.findings.len() == FINDINGS_MAX {
            let detail = "There is more wrong in this resource. It is not listed.";
            self.findings.push(Finding::information("", "findings-more", detail));
        }
    }

    /// Remarks on a member that is not there.
    pub(crate) fn missing(&mut self, name: &str, detail: &str) {
        let path = format!("{}.{name}", self.resource.path());
        self.findings.push(Finding::warning(&path, "missing", detail));
    }

    /// A text member, trimmed; `None` when it is absent or blank.
    pub(crate) fn text(&mut self, of: Json<'_>, name: &str) -> Option<String> {
        let element = of.get(name)?;
        let text = self.own_text(element)?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// The text of an element, as it is seen.
    pub(crate) fn own_text(&mut self, element: Json<'_>) -> Option<String> {
        match element.kind() {
            Kind::Plain | Kind::Escaped => {
                let text = element.text()?;
                if has_hidden(&text) {
                    self.hidden(element);
                    return Some(without_hidden(&text).into_owned());
                }
                Some(text.into_owned())
            }
            Kind::Number | Kind::True | Kind::False => {
                self.wrong(element, "a text was expected here; it is read as one");
                Some(element.raw().to_owned())
            }
            Kind::Object | Kind::Array | Kind::Null => {
                self.wrong(element, "a text was expected here");
                None
            }
        }
    }

    /// A truth value.
    pub(crate) fn boolean(&mut self, of: Json<'_>, name: &str) -> Option<bool> {
        let element = of.get(name)?;
        match element.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            Kind::Object
            | Kind::Array
            | Kind::Plain
            | Kind::Escaped
            | Kind::Number
            | Kind::Null => {
                self.wrong(element, "true or false was expected here");
                None
            }
        }
    }

    /// A number, its digits as written.
    pub(crate) fn decimal(&mut self, of: Json<'_>, name: &str) -> Option<Decimal> {
        self.own_decimal(of.get(name)?)
    }

    /// The number an element is.
    pub(crate) fn own_decimal(&mut self, element: Json<'_>) -> Option<Decimal> {
        let text = element.text().unwrap_or(std::borrow::Cow::Borrowed(element.raw()));
        let decimal = text.parse().ok();
        match (&decimal, element.kind()) {
            (Some(_), Kind::Number) => {}
            (Some(_), _) => {
                self.wrong(element, "a number was expected here; the text is read as one");
            }
            (None, _) => self.wrong(element, "a number was expected here"),
        }
        decimal
    }

    /// A date as written.
    pub(crate) fn date(&mut self, of: Json<'_>, name: &str) -> Option<PartialDate> {
        let element = of.get(name)?;
        let text = self.own_text(element)?;
        match text.parse() {
            Ok(date) => Some(date),
            Err(PartialDateError::Shape) => {
                self.warn(element, "date-shape", "Not a date as FHIR writes it. It is left out.");
                None
            }
            Err(PartialDateError::Impossible) => {
                self.warn(element, "date-impossible", "No such day or time. It is left out.");
                None
            }
        }
    }

    /// A date as written that cannot lie ahead.
    pub(crate) fn past_date(&mut self, of: Json<'_>, name: &str) -> Option<PartialDate> {
        let date = self.date(of, name)?;
        if self.today.is_none_or(|today| !possible::is_ahead(&date, today)) {
            return Some(date);
        }
        let detail = "This day lies ahead. It is left out; the original is kept.";
        self.warn(of.get(name)?, "date-ahead", detail);
        None
    }

    /// Remarks on signs that nobody sees: all else of the text is taken in.
    fn hidden(&mut self, element: Json<'_>) {
        if self.findings.len() < FINDINGS_MAX {
            let detail = "There are signs in here that are not seen and can deceive. It is shown \
                          without them; the original is kept.";
            self.findings.push(Finding::information(&element.path(), "hidden-signs", detail));
        }
    }

    /// Remarks that an amount cannot be.
    pub(crate) fn impossible(&mut self, element: Json<'_>) {
        let detail = "This amount is impossible. It is taken in as words that say so, never as a \
                      value; the original is kept.";
        self.warn(element, "amount-impossible", detail);
    }

    /// The first of several members that holds a date; of a Period, its `start` or `end`.
    pub(crate) fn first_date(&mut self, names: &[&str], period: &str) -> Option<PartialDate> {
        names.iter().find_map(|name| {
            let element = self.resource.get(name)?;
            if element.is_object() {
                return self.date(element, period);
            }
            self.date(self.resource, name)
        })
    }

    /// A code of a value set. Unknown ones are told, and `None`.
    pub(crate) fn code<T>(&mut self, name: &str, known: impl Fn(&str) -> Option<T>) -> Option<T> {
        let element = self.resource.get(name)?;
        let text = self.own_text(element)?;
        self.known(element, &text, known)
    }

    /// The code of a concept whose codes are a value set. A bare text is taken as the code, as
    /// FHIR DSTU2 wrote it.
    pub(crate) fn concept_code<T>(
        &mut self,
        name: &str,
        known: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let element = self.resource.get(name)?;
        if !element.is_object() {
            return self.code(name, known);
        }
        let codes: Vec<String> =
            concept(self, element).coding.into_iter().map(|coding| coding.code).collect();
        let found = codes.iter().find_map(|code| known(code));
        if found.is_none() {
            self.unknown(element);
        }
        found
    }

    /// A concept; `None` when it is absent or says nothing.
    pub(crate) fn concept(&mut self, name: &str) -> Option<CodeableConcept> {
        let element = self.resource.get(name)?;
        Some(concept(self, element)).filter(|concept| !concept.is_empty())
    }

    /// A list of concepts, those that say something.
    pub(crate) fn concepts(&mut self, of: Json<'_>, name: &str) -> Vec<CodeableConcept> {
        let elements = of.get(name).into_iter().flat_map(Json::items);
        elements.map(|element| concept(self, element)).filter(|c| !c.is_empty()).collect()
    }

    /// The texts of `note`, one below the other, without that which says why it was a mistake.
    pub(crate) fn note(&mut self) -> Option<String> {
        let notes = self.resource.get("note").into_iter().flat_map(Json::items);
        let texts: Vec<String> = notes
            .filter(|note| self.own_extension(*note, reason::REASON).is_none())
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|note| {
                if note.is_object() { self.text(note, "text") } else { self.own_text(note) }
            })
            .collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// The entry a member refers to.
    pub(crate) fn entry(&mut self, name: &str) -> Option<Uuid> {
        let reference = reference_text(self.resource.get(name)?)?;
        self.links.entry(&reference)
    }

    /// The extension of that URL on an element.
    pub(crate) fn extension(&self, of: Json<'a>, url: &str) -> Option<Json<'a>> {
        let mut extensions = of.get("extension")?.items();
        extensions
            .find(|extension| extension.get("url").and_then(Json::text).as_deref() == Some(url))
    }

    /// The extension of this product of that name on an element.
    pub(crate) fn own_extension(&self, of: Json<'a>, name: &str) -> Option<Json<'a>> {
        self.extension(of, &format!("{FIELDCHART_FHIR}/{name}"))
    }

    /// Remarks that a code is not one of its value set.
    pub(crate) fn unknown(&mut self, element: Json<'_>) {
        let detail =
            "A code outside the value set. The nearest one is shown; the original is kept.";
        self.warn(element, "code-unknown", detail);
    }

    /// Remarks that an element has another type than FHIR says.
    pub(crate) fn wrong(&mut self, element: Json<'_>, detail: &str) {
        self.warn(element, "wrong-type", &format!("Not what FHIR says: {detail}."));
    }

    fn known<T>(
        &mut self,
        element: Json<'_>,
        text: &str,
        known: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = known(text);
        if found.is_none() {
            self.unknown(element);
        }
        found
    }
}
