//! The mutator: changed copies of valid inputs, aware of words and brackets.
//!
//! The result depends only on the seed and the round, so a round can be repeated without the earlier ones.

use std::ops::Range;

use fastrand::Rng;

/// A valid input and the length of the part that is worth changing; the rest is the weights of a model file.
pub struct Original {
    pub bytes: Vec<u8>,
    pub head: usize,
}

impl Original {
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { head: bytes.len(), bytes }
    }
}

/// The longest input. Longer ones test only the length, which other tests do.
const LONGEST: usize = 1 << 18;
/// Lengths, counts and offsets that may cause arithmetic errors.
const EXTREMES: [u64; 12] =
    [0, 1, 31, 255, 1 << 15, 1 << 31, 1 << 32, 1 << 53, 1 << 60, 1 << 63, u64::MAX - 7, u64::MAX];

/// Returns a changed copy of one of `originals`, with pieces of the others and of `tokens`.
pub fn changed(originals: &[Original], tokens: &[&str], seed: u64, round: u64) -> Vec<u8> {
    // This generator gives similar numbers for neighbouring seeds, so the seed is mixed first.
    let mut rng = Rng::with_seed(seed ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let original = &originals[rng.usize(..originals.len())];
    let mut bytes = original.bytes.clone();
    for _ in 0..=rng.usize(..4) {
        let head = original.head.min(bytes.len());
        let donor = &originals[rng.usize(..originals.len())];
        change(&mut bytes, head, donor, tokens, &mut rng);
        bytes.truncate(LONGEST.max(original.bytes.len()));
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, head: usize, donor: &Original, tokens: &[&str], rng: &mut Rng) {
    let at = rng.usize(..=head);
    let piece = at..(at + rng.usize(..40)).min(bytes.len());
    let token = tokens[rng.usize(..tokens.len())].bytes();
    match rng.usize(..13) {
        0 => bytes.truncate(at),
        1 => {
            let width = [1, 2, 4, 8][rng.usize(..4)];
            let extreme = EXTREMES[rng.usize(..EXTREMES.len())].to_le_bytes();
            for (to, from) in bytes.iter_mut().skip(at).zip(&extreme[..width]) {
                *to = *from;
            }
        }
        2 => {
            let copy = bytes[piece].to_vec();
            insert(bytes, at, &copy);
        }
        3 => drop(bytes.drain(piece)),
        4 => change_byte(bytes, at, |byte| byte ^ (1 << rng.u8(..8))),
        5 => change_byte(bytes, at, |_| rng.u8(..)),
        6 => drop(bytes.splice(at..at, token)),
        7 | 8 => {
            let word = word(bytes, at);
            bytes.splice(word, token);
        }
        9 => {
            let other = donor.bytes[word(&donor.bytes, rng.usize(..=donor.head))].to_vec();
            let word = word(bytes, at);
            bytes.splice(word, other);
        }
        10 => {
            let other = donor.bytes[group(&donor.bytes, rng.usize(..=donor.head))].to_vec();
            let group = group(bytes, at);
            bytes.splice(group, other);
        }
        11 => {
            let copy = bytes[group(bytes, at)].to_vec();
            insert(bytes, at, &copy);
        }
        _ => {
            let times = 1 << rng.usize(..12);
            let copy = bytes[at..(at + 1 + rng.usize(..4)).min(bytes.len())].repeat(times);
            insert(bytes, at, &copy);
        }
    }
}

fn change_byte(bytes: &mut [u8], at: usize, new: impl FnOnce(u8) -> u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = new(*byte);
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// Returns the range of the word, number or quoted text at `at`; empty if there is none.
fn word(bytes: &[u8], at: usize) -> Range<usize> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.+-\"".contains(byte);
    let start = at - bytes[..at].iter().rev().take_while(|byte| is_part(byte)).count();
    let end = at + bytes[at..].iter().take_while(|byte| is_part(byte)).count();
    start..end
}

/// Returns the range from the next opening bracket to its closing bracket; empty if there is none.
fn group(bytes: &[u8], at: usize) -> Range<usize> {
    let Some(start) = bytes[at..].iter().position(|byte| b"([{".contains(byte)) else { return at..at };
    let start = at + start;
    let mut depth = 0_usize;
    for (place, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return start..place + 1;
        }
    }
    at..at
}
