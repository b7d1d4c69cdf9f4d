//! Pages as pictures: what the file shows, and nothing that does anything.

use super::{
    safety::hostile,
    samples::{a_prescription, item, person, printing, text_of},
};
use crate::{Language, Prescription, Sheet, prescription};
use clinical::SheetPaper;

fn sheet(of: &Prescription, paper: SheetPaper) -> Sheet {
    prescription(of, &printing(paper, Language::English)).unwrap()
}

/// A tag: its name, and each attribute with its value.
type Tag<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// The tags of a picture. Nothing may stand between two.
fn tags(picture: &str) -> Vec<Tag<'_>> {
    let tags = picture.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap();
    tags.split("><").map(tag).collect()
}

fn tag(tag: &str) -> Tag<'_> {
    let tag = tag.strip_suffix('/').unwrap_or(tag);
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while let Some((attribute, value)) = rest.split_once("=\"") {
        let (value, after) = value.split_once('"').unwrap();
        attributes.push((attribute.trim(), value));
        rest = after;
    }
    assert_eq!(rest, "", "{tag}");
    (name, attributes)
}

#[test]
fn no_word_stands_in_a_picture() {
    let sheet = sheet(&hostile(), SheetPaper::A5);
    for picture in sheet.pictures() {
        for (name, attributes) in tags(&picture) {
            let name = name.trim_start_matches('/');
            assert!(["svg", "defs", "path", "rect", "g", "use"].contains(&name), "{name}");
            for (attribute, value) in attributes {
                let is_ours = match attribute {
                    "xmlns" => value == "http://www.w3.org/2000/svg",
                    "fill" | "stroke" => ["#fff", "#000"].contains(&value),
                    "id" => is_made_of(value, "t-"),
                    "href" => is_made_of(value, "#t-"),
                    "transform" => value.starts_with("matrix(") && is_made_of(value, "matrix() .-"),
                    "d" => is_made_of(value, "MLQCZhvz ,.-"),
                    "viewBox" | "width" | "height" | "x" | "y" | "stroke-width" => {
                        is_made_of(value, " .-")
                    }
                    _ => false,
                };
                assert!(is_ours, "{attribute}={value}");
            }
        }
    }
}

fn is_made_of(value: &str, signs: &str) -> bool {
    value.chars().all(|one| one.is_ascii_digit() || signs.contains(one))
}

/// Where the glyphs of a picture stand, in points.
fn places(picture: &str) -> Vec<(f32, f32)> {
    let (mut unit, mut origin) = (0.0, (0.0, 0.0));
    let mut all = Vec::new();
    for (name, attributes) in tags(picture) {
        let of = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).unwrap().1;
        if name == "g" && attributes[0].0 == "transform" {
            let numbers = of("transform").trim_start_matches("matrix(").trim_end_matches(')');
            let numbers: Vec<f32> = numbers.split(' ').map(|one| one.parse().unwrap()).collect();
            (unit, origin) = (numbers[0], (numbers[4], numbers[5]));
        } else if name == "use" {
            let [x, y] = ["x", "y"].map(|place| of(place).parse::<f32>().unwrap());
            all.push((origin.0 + x * unit, origin.1 - y * unit));
        }
    }
    all
}

#[test]
fn a_picture_shows_each_word_where_the_file_has_it() {
    let mut of = Prescription { person: person("عثمان", "Tiê\u{301}n"), ..a_prescription() };
    of.items.push(item("अमोक्सिसिलिन", "500", "mg", "3", "7"));
    for paper in [SheetPaper::A4, SheetPaper::Roll80] {
        let sheet = sheet(&of, paper);
        let places = places(&sheet.pictures()[0]);
        let boxes = text_of(&sheet.pdf, &["-bbox"]);
        let words: Vec<Vec<f32>> = boxes
            .lines()
            .filter(|line| line.trim_start().starts_with("<word ") && line.is_ascii())
            // A blank is not drawn.
            .filter(|line| !line.contains("> </word>"))
            .map(|line| {
                line.split('"').skip(1).step_by(2).map(|one| one.parse().unwrap()).collect()
            })
            .collect();
        assert!(words.len() > 40, "{boxes}");
        for word in words {
            let [x, top, _, bottom] = word[..] else { panic!("{word:?}") };
            let is_there =
                |(at, base): &(f32, f32)| (at - x).abs() < 0.1 && (top..bottom).contains(base);
            assert!(places.iter().any(is_there), "{paper:?}: {word:?}");
        }
    }
}

#[test]
fn each_page_has_its_picture_and_no_large_one() {
    let items = (0..40).map(|_| item("amlodipine", "5", "mg", "1", "30")).collect();
    let sheet = sheet(&Prescription { items, ..a_prescription() }, SheetPaper::A4);
    let pictures = sheet.pictures();
    assert_eq!(pictures.len(), sheet.pages);
    for picture in pictures {
        assert!(picture.contains("viewBox=\"0 0 595.28 841.89\""), "its size is that of the paper");
        assert!(picture.len() < 300_000, "{}", picture.len());
    }
}
