//! Generic names in small letters: read faster and mistaken less often than capitals (ISMP 2019).

use super::by_inn;
use clinical::Chart;

/// Makes the generic names among a chart's medicines small, to be shown: where the whole name is a
/// substance of the tables, however it was typed. Brands and whatever else stays as it was written.
pub fn in_small_letters(chart: &mut Chart) {
    let names = chart.medications.iter_mut().filter_map(|one| one.order.medication.text.as_mut());
    for name in names {
        let small = name.to_lowercase();
        if by_inn(small.trim()).is_some() {
            *name = small;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{chart, medication};

    #[test]
    fn a_whole_generic_name_is_small() {
        let check = |typed: &str, want: &str| {
            let mut chart = chart(Vec::new(), vec![medication(1, typed)]);
            in_small_letters(&mut chart);
            assert_eq!(chart.medications[0].order.medication.label(), want);
        };
        check("MORPHINE", "morphine");
        check("Amoxicillin", "amoxicillin");
        check("amoxicillin", "amoxicillin");
        check("Acetylsalicylic Acid", "acetylsalicylic acid");
        check("Amoxicillin 500 mg", "Amoxicillin 500 mg");
        check("Tylenol", "Tylenol");
        check("NSAID", "NSAID");
        check("Warfarin", "Warfarin");
    }
}
