//! What a virtual display shows, read from the file it keeps its picture in.
//!
//! So a window is watched as a person would, from outside: nothing in the programs or in the
//! webview knows of it, and any program is watched alike.

use crate::outcome::Outcome;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    time::Duration,
};

/// Of so many rows and columns one is looked at.
const EVERY: usize = 2;
/// So many points may differ between two pictures that are the same to a reader: a caret blinks.
const ALIKE_MAX: usize = 64;

/// The picture of a display at one moment, every other point of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture(Vec<u8>);

impl Picture {
    /// Whether a reader would see no difference.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let both = self.0.chunks(4).zip(other.0.chunks(4));
        self.0.len() == other.0.len() && both.filter(|(a, b)| a != b).count() <= ALIKE_MAX
    }

    /// Whether something stands on what has come since the screen was `blank`: an empty window is of
    /// one colour.
    pub(crate) fn shows_something_since(&self, blank: &Self) -> bool {
        let both = self.0.chunks(4).zip(blank.0.chunks(4));
        let mut colours: BTreeMap<&[u8], usize> = BTreeMap::new();
        for (point, _) in both.filter(|(point, blank)| point != blank) {
            *colours.entry(point).or_default() += 1;
        }
        let commonest = colours.values().max().copied().unwrap_or_default();
        colours.values().sum::<usize>() - commonest > ALIKE_MAX
    }
}

/// When something was to be read in the window for the first time.
pub(crate) fn first_seen(blank: &Picture, pictures: &[(Duration, Picture)]) -> Option<Duration> {
    let shows = |(_, picture): &&(Duration, Picture)| picture.shows_something_since(blank);
    pictures.iter().find(shows).map(|(at, _)| *at)
}

/// When a start was over: the first moment from which on the pictures are like the last one.
pub(crate) fn painted(pictures: &[(Duration, Picture)]) -> Option<Duration> {
    let (_, last) = pictures.last()?;
    let ready = pictures.iter().rev().take_while(|(_, picture)| picture.is_like(last));
    ready.last().map(|(at, _)| *at)
}

/// A display whose picture lies in a file, in the form of `xwd`.
#[derive(Debug)]
pub(crate) struct Screen {
    file: File,
    shape: Shape,
    buffer: Vec<u8>,
}

/// Where the points lie in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    begin: u64,
    row_bytes: usize,
    width: usize,
    height: usize,
}

impl Screen {
    /// Reads what the file says of itself.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let mut file = File::open(path)?;
        let mut header = [0; 80];
        file.read_exact(&mut header)?;
        let shape = Shape::read(&header).ok_or("the display keeps its picture in another form")?;
        Ok(Self { file, shape, buffer: vec![0; shape.row_bytes * shape.height] })
    }

    /// What is shown now.
    pub(crate) fn picture(&mut self) -> Outcome<Picture> {
        self.file.seek(SeekFrom::Start(self.shape.begin))?;
        self.file.read_exact(&mut self.buffer)?;
        let rows = self.buffer.chunks(self.shape.row_bytes).step_by(EVERY);
        let points = |row: &[u8]| -> Vec<u8> {
            row.chunks(4).take(self.shape.width).step_by(EVERY).flatten().copied().collect()
        };
        Ok(Picture(rows.flat_map(points).collect()))
    }
}

impl Shape {
    /// The header of an X Window Dump: numbers of 32 bits, the highest byte first.
    fn read(header: &[u8]) -> Option<Self> {
        let number = |at: usize| -> Option<usize> {
            let bytes = header.get(at * 4..at * 4 + 4)?;
            usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
        };
        let (size, width, height) = (number(0)?, number(4)?, number(5)?);
        let (point_bits, row_bytes, colours) = (number(11)?, number(12)?, number(19)?);
        let begin = u64::try_from(size + colours * 12).ok()?;
        let readable = point_bits == 32 && row_bytes >= width * 4 && height > 0;
        readable.then_some(Self { begin, row_bytes, width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A dump of `width` x `height` points of one colour.
    fn dump(width: u32, height: u32, point: u32) -> Vec<u8> {
        let mut numbers = [0_u32; 25];
        for (at, number) in
            [(0, 100), (4, width), (5, height), (11, 32), (12, width * 4 + 8), (19, 2)]
        {
            numbers[at] = number;
        }
        let mut bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        bytes.extend([0; 24]);
        for _ in 0..height {
            (0..width).for_each(|_| bytes.extend(point.to_le_bytes()));
            bytes.extend([0xEE; 8]);
        }
        bytes
    }

    #[test]
    fn the_picture_is_read_without_what_lies_around_it() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&dump(20, 10, 0x00AB_CDEF)).unwrap();
        let mut screen = Screen::open(file.path()).unwrap();
        let points = 10 * 5;
        assert_eq!(screen.picture().unwrap(), Picture([0xEF, 0xCD, 0xAB, 0].repeat(points)));
        assert!(Shape::read(&[0; 80]).is_none());
    }

    #[test]
    fn an_empty_window_is_nothing_to_read() {
        let picture = |window: usize, text: usize| {
            let mut points = vec![0; 4 * 1000];
            points[..window * 4].fill(255);
            points[..text * 4].fill(9);
            Picture(points)
        };
        let blank = picture(0, 0);
        let check = |steps: &[(usize, usize)], want: Option<u64>| {
            let pictures = steps.iter().zip(0_u64..);
            let pictures: Vec<_> = pictures
                .map(|((window, text), at)| (Duration::from_secs(at), picture(*window, *text)))
                .collect();
            let first = first_seen(&blank, &pictures);
            assert_eq!(first, want.map(Duration::from_secs), "{steps:?}");
        };
        check(&[(0, 0), (900, 0), (900, 200), (900, 400)], Some(2));
        check(&[(900, 0), (900, 10)], None);
        check(&[], None);
    }

    #[test]
    fn a_start_is_over_when_the_last_change_a_reader_sees_is_made() {
        let blank = || vec![0; 4 * 1000];
        let with = |points: usize| {
            let mut picture = blank();
            picture[..points * 4].fill(9);
            Picture(picture)
        };
        let check = |points: &[usize], want: Option<u64>| {
            let pictures = points.iter().enumerate();
            let pictures: Vec<_> = pictures
                .map(|(at, points)| (Duration::from_secs(at.try_into().unwrap()), with(*points)))
                .collect();
            assert_eq!(painted(&pictures), want.map(Duration::from_secs), "{points:?}");
        };
        check(&[], None);
        check(&[0, 500, 900], Some(2));
        // A caret blinks on after it.
        check(&[0, 500, 900, 910, 900, 910], Some(2));
        // It went back to blank between.
        check(&[0, 900, 0, 900], Some(3));
    }
}
