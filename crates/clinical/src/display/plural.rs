//! Which form a noun has for a number.
//!
//! Source: the cardinal plural rules of Unicode's CLDR 46 for English, Spanish, Swahili, French and
//! Arabic. Spanish and French have one more category, `many`, for millions that are written out: here
//! a number is written in digits. Less than one of a thing is one of it (`0.5 tablet`), as ISMP
//! writes it, where CLDR has `other`.

/// The rule of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PluralRule {
    /// English, Spanish, Swahili: one, other.
    OneOrOther,
    /// French: what is less than two is one.
    French,
    /// Arabic: zero, one, two, few (3 to 10), many (11 to 99), other, of the last two digits.
    Arabic,
}

impl PluralRule {
    /// The rule of a language by its tag (BCP 47); that of English for one that is not known.
    pub fn of_tag(tag: &str) -> Self {
        match tag {
            "fr" => Self::French,
            "ar" => Self::Arabic,
            _ => Self::OneOrOther,
        }
    }

    /// Its categories, in the order of CLDR: that of the forms of a noun.
    pub const fn categories(self) -> &'static [&'static str] {
        match self {
            Self::OneOrOther | Self::French => &["one", "other"],
            Self::Arabic => &["zero", "one", "two", "few", "many", "other"],
        }
    }

    /// The place of a number's category among them.
    pub fn place(self, number: f64) -> usize {
        match self {
            Self::OneOrOther => usize::from(number <= 0.0 || number > 1.0),
            Self::French => usize::from(number >= 2.0),
            Self::Arabic => arabic(number),
        }
    }

    /// The category of a whole number; the last digits of more than fit in 32 bits say nothing.
    pub fn category(self, number: u64) -> &'static str {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.categories().get(self.place(f64::from(number))).copied().unwrap_or("other")
    }

    /// The form a noun has for a number, of its forms parted by bars in the order of the categories; a
    /// noun with one form has no other.
    pub fn form(self, forms: &str, number: f64) -> &str {
        let mut all = forms.split('|');
        let first = all.clone().next().unwrap_or_default();
        all.nth(self.place(number)).unwrap_or(first)
    }
}

fn arabic(number: f64) -> usize {
    let is_whole = number.fract().abs() < f64::EPSILON;
    let last = number % 100.0;
    match last {
        _ if !is_whole => 5,
        _ if number < 0.5 => 0,
        _ if number < 1.5 => 1,
        _ if number < 2.5 => 2,
        _ if (2.5..10.5).contains(&last) => 3,
        _ if last > 10.5 => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::PluralRule::{Arabic, French, OneOrOther};

    #[test]
    fn a_number_has_the_category_of_its_language() {
        let check = |number: u64, want: [&str; 3]| {
            let said = [OneOrOther, French, Arabic].map(|rule| rule.category(number));
            assert_eq!(said, want, "{number}");
        };
        check(0, ["other", "one", "zero"]);
        check(1, ["one", "one", "one"]);
        check(2, ["other", "other", "two"]);
        check(3, ["other", "other", "few"]);
        check(10, ["other", "other", "few"]);
        check(11, ["other", "other", "many"]);
        check(99, ["other", "other", "many"]);
        check(100, ["other", "other", "other"]);
        check(102, ["other", "other", "other"]);
        check(103, ["other", "other", "few"]);
        check(111, ["other", "other", "many"]);
    }

    #[test]
    fn a_part_of_one_thing_is_one_of_it() {
        let forms = "tablet|tablets";
        let said = |number| OneOrOther.form(forms, number);
        assert_eq!(
            [0.0, 0.5, 1.0, 1.5, 2.0].map(said),
            ["tablets", "tablet", "tablet", "tablets", "tablets"]
        );
        assert_eq!(French.form("comprimé|comprimés", 1.5), "comprimé");
        assert_eq!(Arabic.form("قرص", 30.0), "قرص");
    }
}
