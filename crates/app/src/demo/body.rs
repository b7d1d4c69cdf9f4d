//! Weight, height and vital signs that fit an age.

use super::random::Random;

/// What a body is like at an age: months, kilograms in tenths, centimetres, heart and breathing
/// rate a minute, systolic pressure. Rounded medians of general paediatric tables, good enough to
/// look right and for nothing else.
struct Stage {
    months: i64,
    weight_hg: i64,
    height_cm: i64,
    heart: i64,
    breath: i64,
    systolic: i64,
}

const fn stage(
    months: i64,
    (weight_hg, height_cm): (i64, i64),
    (heart, breath, systolic): (i64, i64, i64),
) -> Stage {
    Stage { months, weight_hg, height_cm, heart, breath, systolic }
}

const STAGES: &[Stage] = &[
    stage(0, (33, 50), (140, 44, 70)),
    stage(6, (76, 66), (130, 36, 84)),
    stage(12, (94, 75), (120, 32, 88)),
    stage(24, (120, 87), (112, 28, 92)),
    stage(60, (182, 109), (98, 23, 97)),
    stage(120, (318, 138), (86, 19, 104)),
    stage(180, (545, 164), (78, 17, 114)),
    stage(240, (630, 166), (74, 16, 118)),
    stage(600, (690, 165), (74, 16, 124)),
    stage(1_080, (610, 160), (75, 17, 132)),
];

/// One patient's body: how much it differs from the stages, in hundredths.
pub(super) struct Body {
    weight_percent: i64,
    height_percent: i64,
}

/// What ails it at the visit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs {
    pub(super) fever: bool,
    pub(super) breathless: bool,
    pub(super) hypertension: bool,
}

impl Body {
    /// A body of its own.
    pub(super) fn of(random: &mut Random, female: bool) -> Self {
        let height = if female { 98 } else { 102 };
        Self { weight_percent: random.near(100, 25), height_percent: random.near(height, 5) }
    }

    /// Kilograms in tenths at an age.
    pub(super) fn weight_hg(&self, months: i64) -> i64 {
        between(months, |stage| stage.weight_hg) * self.weight_percent / 100
    }

    /// The fields of a line of vital signs, each with its text; the first are always taken.
    pub(super) fn vitals(
        &self,
        random: &mut Random,
        months: i64,
        signs: Signs,
    ) -> Vec<(&'static str, String)> {
        let at = |of: fn(&Stage) -> i64| between(months, of);
        let mut line = Vec::new();
        if months >= 36 {
            let raised = if signs.hypertension { random.within(12, 40) } else { 0 };
            let systolic = random.near(at(|s| s.systolic) + raised, 12);
            line.push(("systolic", systolic.to_string()));
            line.push(("diastolic", (systolic * 62 / 100 + random.within(0, 6)).to_string()));
        }
        let hurried = if signs.fever { 18 } else { 0 };
        line.push(("heartRate", random.near(at(|s| s.heart) + hurried, 10).to_string()));
        let temperature =
            if signs.fever { random.within(379, 397) } else { random.within(362, 372) };
        line.push(("temperature", tenths(temperature)));
        line.push(("weight", tenths(self.weight_hg(months))));
        let breath = at(|s| s.breath) * if signs.breathless { 150 } else { 100 } / 100;
        line.push(("respiratoryRate", random.near(breath, 3).to_string()));
        let saturation = if signs.breathless { (89, 94) } else { (96, 99) };
        line.push(("oxygenSaturation", random.within(saturation.0, saturation.1).to_string()));
        let height = at(|s| s.height_cm) * self.height_percent / 100;
        line.push(("height", height.to_string()));
        line
    }
}

/// A number of tenths with its point: `372` is `37.2`.
pub(super) fn tenths(number: i64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

/// The value at an age, on the line between the stages around it.
fn between(months: i64, of: fn(&Stage) -> i64) -> i64 {
    let after = STAGES.iter().find(|stage| stage.months >= months).or(STAGES.last());
    let before = STAGES.iter().rev().find(|stage| stage.months <= months).or(STAGES.first());
    match (before, after) {
        (Some(before), Some(after)) if after.months > before.months => {
            let part = (of(after) - of(before)) * (months - before.months);
            of(before) + part / (after.months - before.months)
        }
        (Some(stage), _) | (None, Some(stage)) => of(stage),
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_read_between_the_stages() {
        let check = |months, want| assert_eq!(between(months, |s| s.weight_hg), want, "{months}");
        check(0, 33);
        check(12, 94);
        check(18, 107);
        check(5_000, 610);
        assert_eq!(tenths(372), "37.2");
        assert_eq!(tenths(33), "3.3");
    }
}
