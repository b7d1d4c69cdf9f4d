//! What every section of a chart is given.

use crate::frame::{Frame, Sheet, Subject};
use crate::host::clock;
use crate::i18n::t;
use crate::words::People;
use api::{ChartView, WhereaboutsView};
use clinical::{AllergyState, PatientId};
use leptos::prelude::*;
use std::sync::Arc;

/// The chart on screen.
#[derive(Clone, Copy)]
pub(crate) struct ChartPart {
    /// The frame.
    pub frame: Frame,
    /// Whose chart.
    pub patient: PatientId,
    /// The chart as it was read last.
    pub chart: RwSignal<Option<Arc<ChartView>>>,
    /// Where what it says is, once that is known.
    pub places: RwSignal<Option<WhereaboutsView>>,
}

impl ChartPart {
    /// What a model makes of the chart; it draws anew only when that differs.
    pub(super) fn model<M>(self, model: fn(&ChartView, &People<'_>) -> M) -> Memo<Option<M>>
    where
        M: PartialEq + Send + Sync + 'static,
    {
        self.model_of(model)
    }

    /// The same, of a model that is about something in the chart.
    pub(crate) fn model_of<M>(
        self,
        model: impl Fn(&ChartView, &People<'_>) -> M + Send + Sync + 'static,
    ) -> Memo<Option<M>>
    where
        M: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| {
            let chart = self.chart.get()?;
            // Past midnight what was of today is of yesterday.
            self.frame.minute.track();
            Some(model(&chart, &people(&chart)))
        })
    }

    /// How many changes of the chart were set aside, once that is known: nothing of them is in it.
    pub(super) fn set_aside(self) -> Memo<u64> {
        Memo::new(move |_| {
            self.places.with(|places| places.as_ref().map_or(0, |places| places.set_aside))
        })
    }

    /// The button that opens a form for this chart.
    pub(crate) fn open(self, sheet: impl FnOnce(Subject) -> Sheet) {
        match self.subject() {
            Some(subject) => self.frame.open(sheet(subject)),
            None => self.frame.say(t("chart.nobodys")),
        }
    }

    /// Whether the chart does not say yet whose it is: nothing can be written into it.
    pub(crate) fn is_nobodys(self) -> Memo<bool> {
        Memo::new(move |_| self.chart.with(|chart| chart.as_ref().is_some_and(|it| is_nobodys(it))))
    }

    /// Whose chart it is.
    pub(crate) fn subject(self) -> Option<Subject> {
        let chart = self.chart.get_untracked()?;
        let identity = chart.chart.patient.as_ref()?.identity.clone();
        let has_allergies = chart.allergy_state() == AllergyState::Known;
        let heads = Some(chart.heads.clone());
        Some(Subject { patient: self.patient, identity, has_allergies, heads })
    }
}

/// Whether who it is has not arrived: charts come in parts, from several computers.
pub(crate) fn is_nobodys(chart: &ChartView) -> bool {
    chart.chart.patient.is_none()
}

fn people(chart: &ChartView) -> People<'_> {
    People {
        people: &chart.people,
        devices: &chart.devices,
        today: clock::today(),
        local: clock::local,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::words::LocalTime;
    use clinical::{
        AdministrativeGender, Chart, DeviceId, HumanName, Identity, Patient, PractitionerId, Stamp,
        uuid_v7,
    };
    use std::collections::BTreeMap;

    /// An id made of a number.
    pub(crate) fn uuid(n: u8) -> uuid::Uuid {
        uuid_v7(i64::from(n), [n; 10])
    }

    /// Dr Amina wrote it on the laptop.
    pub(crate) fn stamp() -> Stamp {
        Stamp {
            author: PractitionerId::from_uuid(uuid(1)),
            device: DeviceId::from_uuid(uuid(2)),
            at: clinical::Instant::from_unix_ms(0),
        }
    }

    /// The chart of Grace Okello, with nothing in it.
    pub(crate) fn chart_view() -> ChartView {
        let patient = PatientId::from_uuid(uuid(9));
        let identity = Identity {
            name: vec![HumanName::new("Okello", "Grace")],
            gender: AdministrativeGender::Female,
            birth_date: Some("1980-03-14".parse().unwrap()),
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let person = Patient {
            id: patient,
            identity,
            telecom: Vec::new(),
            address: Vec::new(),
            contact: Vec::new(),
            deceased: None,
            code_status: None,
        };
        ChartView {
            patient,
            chart: Chart { patient: Some(person), ..Chart::default() },
            counts: Vec::new(),
            drafts: Vec::new(),
            advice: Vec::new(),
            people: BTreeMap::from([(stamp().author, "Dr Amina".to_owned())]),
            devices: BTreeMap::from([(stamp().device, "Laptop".to_owned())]),
            waiting: Vec::new(),
            corrections: clinical::Corrections::default(),
            drug_allergies: Vec::new(),
            weight_jumps: Vec::new(),
            expected_weight: None,
            heads: String::new(),
            also: Vec::new(),
        }
    }

    /// The names in a chart, on 24-Nov-2026, with every clock at nine.
    pub(crate) fn people(view: &ChartView) -> People<'_> {
        People {
            people: &view.people,
            devices: &view.devices,
            today: jiff::civil::date(2026, 11, 24),
            local: |_| LocalTime { year: 2026, month: 11, day: 20, hour: 9, minute: 0 },
        }
    }
}
