//! Every script is written right, and comes out as it went in.

use super::samples::{a_prescription, item, person, printing, text, text_of};
use crate::{
    Language, Prescription,
    pdf::{Imprint, Mark, Page, write},
    prescription,
    text::{Words, wrap},
};
use clinical::SheetPaper;

/// Lines on a page of A4, and the file.
fn page(lines: &[&str]) -> Vec<u8> {
    let mut marks = Vec::new();
    let mut y = 40.0;
    for text in lines {
        for line in wrap(&Words::plain(text), 500.0 * 1000.0 / 13.0, false) {
            marks.push(Mark::Text { line, x: 45.0, y, size: 13.0 });
            y += 26.0;
        }
    }
    let imprint = Imprint { title: "Scripts".to_owned(), made_at: 0 };
    write(&[Page { size: (595.0, 842.0), marks }], &imprint).unwrap()
}

#[test]
fn text_comes_out_as_it_went_in() {
    let check = |lines: &[&str]| {
        let read = text_of(&page(lines), &[]);
        let read: Vec<&str> = read.lines().filter(|line| !line.trim().is_empty()).collect();
        let read: Vec<&str> =
            read.into_iter().map(|line| line.trim_matches('\u{c}').trim()).collect();
        assert_eq!(read, lines);
    };
    check(&["Français: œdème à jeun; fi ffi fl ligatures", "Español: María Núñez — 8 mg ≤ 10"]);
    check(&["AVATAR To. We Ty. P. fjord", "Ɓaa ɗan ƙasa; ẹ́ ṣé; ʻokina"]);
    check(&[
        "Tiếng Việt: uống thuốc sau bữa ăn ợ ế",
        "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t uo\u{302}\u{301}ng",
    ]);
    check(&["Ελληνικά: δύο δισκία ημερησίως, πρωί και βράδυ"]);
    check(&["Русский: принимать по одной таблетке после еды й ё", "Українська: їжак ґедзь"]);
    check(&["पैरासिटामोल 500 मि.ग्रा. दिन में तीन बार क्षत्रिय", "खाने के बाद, श्री कृष्ण र्कि हिन्दी द्ध प्रति"]);
    check(&["أموكسيسيلين ثلاث مرات يوميا", "لا تتجاوز الجرعة (الله) في اليوم"]);
    check(&[
        "مرة واحدة يوميًا — لمدة 14 يومًا",
        "كُتِبَ بِعِنَايَةٍ شَدِيدَةٍ، لم تُسجَّل الجرعةُ",
        "كُلُّ حَبَّةٍ بعدَ الأكلِ لا قبلَه",
        "27-نوفمبر-2026",
        "طبعت في 27-نوفمبر-2026 18:49",
        "تاريخ الميلاد 29-فبراير-1968 (58 سنة) · الجنس أنثى",
        "لا، نعم. حتى 10 - 14 يومًا؛ اتصل بـ 0700-123456!",
        "الجرعة 2.5 mL — كل 8 ساعات (عند اللزوم)",
    ]);
    check(&[
        "दवा खाने के बाद लें, हर ८ घंटे — ५ दिन तक; ज़रूरत पड़ने पर फ़ोन करें",
        "ẩm ướt: ngày 27-11-2026, 2 viên/ngày; o\u{302}\u{309}n a\u{302}\u{301}p",
    ]);
    check(&["(/JS alert) /URI (javascript:1) ) >> endobj BT \\ %%EOF"]);
}

/// By the order of the file words come in the order they are read in, each whole.
#[test]
fn words_come_out_in_the_order_of_the_file_too() {
    let check = |line: &str| {
        let read = text_of(&page(&[line]), &["-raw"]);
        let read: Vec<&str> = read.split_whitespace().collect();
        assert_eq!(read.join(" "), line);
    };
    check("Tiếng Việt: uống thuốc sau bữa ăn ợ ế");
    check("पैरासिटामोल दिन में तीन बार क्षत्रिय");
    check("مرة واحدة يوميًا كُتِبَ بِعِنَايَةٍ شَدِيدَةٍ");
}

/// Where they are drawn, not where they are told.
#[test]
fn numbers_that_a_dash_joins_stand_as_they_were_typed_among_arabic_letters() {
    let drawn = |typed: &str| {
        let lines = wrap(&Words::plain(typed), 40_000.0, true);
        let glyphs = lines[0].pieces.iter().flat_map(|piece| &piece.glyphs);
        let texts = glyphs.map(|glyph| glyph.text.as_str());
        texts.collect::<String>()
    };
    for number in ["0700-123456", "27-11-2026", "5-10", "8:00–20:00", "2.5-5"] {
        for typed in [format!("اتصل {number} مرة"), format!("{number} دقائق")] {
            assert!(drawn(&typed).contains(number), "{typed}: {}", drawn(&typed));
            let read = text_of(&page(&[&typed]), &[]);
            assert_eq!(read.trim_matches(['\u{c}', '\n', ' ']), typed);
        }
    }
}

#[test]
fn a_page_is_read_the_way_its_lines_are_whichever_letters_are_more() {
    let latin = "Oral rehydration salts WHO low osmolarity (sodium chloride, trisodium citrate)";
    let lines = ["27-نوفمبر-2026", "مرة واحدة يوميًا", "لمدة 14 يومًا", latin];
    let read = text_of(&page(&lines), &[]);
    let read: Vec<&str> = read
        .lines()
        .map(|line| line.trim_matches('\u{c}').trim())
        .filter(|it| !it.is_empty())
        .collect();
    assert_eq!(read, lines);
}

#[test]
fn a_sheet_holds_every_script_in_blocks_of_one_direction() {
    let medicines = ["αμοξικιλλίνη", "амоксициллин", "अमोक्सिसिलिन", "أموكسيسيلين", "thuốc ho ẩm"];
    let mut of = Prescription { person: person("عثمان", "أمينة"), ..a_prescription() };
    of.items = medicines.map(|name| item(name, "500", "mg", "3", "7")).to_vec();
    let sheet = prescription(&of, &printing(SheetPaper::A4, Language::English)).unwrap();
    let read = text(&sheet);
    for name in medicines.iter().chain(&["عثمان", "أمينة", "DOSE 500 mg", "3 times daily"])
    {
        assert!(read.replace('\u{a0}', " ").contains(name), "{name} is not in {read}");
    }
    assert_eq!(sheet.unwritten, []);
}

#[test]
fn what_no_typeface_has_is_told() {
    let of = Prescription { person: person("李", "小龙"), ..a_prescription() };
    let sheet = prescription(&of, &printing(SheetPaper::A5, Language::French)).unwrap();
    assert_eq!(sheet.unwritten, ['小', '李', '龙']);
    assert!(text(&sheet).contains('李'), "who copies it gets what was meant");
}

#[test]
fn each_character_that_could_not_be_drawn_is_told() {
    let check = |typed: &str, want: &[char]| {
        let mut of = a_prescription();
        of.items[0].instruction = Some(typed.to_owned());
        for paper in [SheetPaper::A4, SheetPaper::Roll80] {
            let sheet = prescription(&of, &printing(paper, Language::English)).unwrap();
            assert_eq!(sheet.unwritten, want, "{typed:?}");
        }
    };
    check("5 mg, 1½ or ≥ 2 – √ ✓ 10 µg ☎", &[]);
    // One that stands on a letter, or after it in one cluster.
    check("a\u{1ac1}b\u{302a}", &['\u{1ac1}', '\u{302a}']);
    check("ا\u{1ac5}ب", &['\u{1ac5}']);
    check("क\u{1133b}", &['\u{1133b}']);
    check("दवा \u{11000}", &['\u{11000}']);
    check("\u{1f469}\u{1f3fe}", &['\u{1f3fe}', '\u{1f469}']);
    check("\u{1f1fa}\u{1f1ec} 5 mg", &['\u{1f1ec}', '\u{1f1fa}']);
    // Private ones, also where a typeface has a glyph; no characters; none that there is yet.
    check(
        "1\u{e000}\u{f400}\u{f6c5}\u{f0000}\u{10fffd}0",
        &['\u{e000}', '\u{f400}', '\u{f6c5}', '\u{f0000}', '\u{10fffd}'],
    );
    check(
        "1\u{fdd0}\u{fffe}\u{ffff}\u{1fffe}\u{10ffff}0",
        &['\u{fdd0}', '\u{fffe}', '\u{ffff}', '\u{1fffe}', '\u{10ffff}'],
    );
    check("1\u{378}\u{2fe0}\u{50000}0", &['\u{378}', '\u{2fe0}', '\u{50000}']);
}

#[test]
fn lines_are_broken_between_words_and_within_what_is_too_long() {
    let check = |text: &str, ems: f32, want: &[&str]| {
        let lines = wrap(&Words::plain(text), ems * 1000.0, false);
        let read = |line: &crate::text::Line| {
            let pieces = line.pieces.iter().map(|piece| piece.text.as_str());
            pieces.collect::<String>()
        };
        assert_eq!(lines.iter().map(read).collect::<Vec<_>>(), want, "{text:?}");
    };
    check("", 5.0, &[""]);
    check("one two three", 4.2, &["one two", "three"]);
    check("one  two   ", 40.0, &["one  two"]);
    check("one\ntwo\n\nthree", 40.0, &["one", "two", "", "three"]);
    // A number and its unit never part.
    check("take 500\u{a0}mg", 4.5, &["take", "500\u{a0}mg"]);
    check("mmmmmmmm", 2.9, &["mmm", "mmm", "mm"]);
    check("a mmmmmm b", 2.9, &["a", "mmm", "mmm", "b"]);
    let endless = "x".repeat(20_000);
    assert!(wrap(&Words::plain(&endless), 40_000.0, false).len() > 200);
}
