//! The timed loops: reading every word of a slice, and copying one slice to another.

/// Sums that run beside each other, so that no addition waits for the one before; more would not fit the registers that
/// every processor of an architecture has.
const LANES: usize = 8;

/// The sum of all words, wrapping. Every word is read once.
#[must_use]
pub fn sum(words: &[u64]) -> u64 {
    let mut lanes = [0_u64; LANES];
    let (whole, rest) = words.as_chunks::<LANES>();
    for chunk in whole {
        for (lane, word) in lanes.iter_mut().zip(chunk) {
            *lane = lane.wrapping_add(*word);
        }
    }
    lanes.iter().chain(rest).fold(0, |sum, word| sum.wrapping_add(*word))
}

/// Copies `from` to `to` as far as both go, and gives the words copied.
pub fn copy(from: &[u64], to: &mut [u64]) -> usize {
    let words = from.len().min(to.len());
    if let (Some(from), Some(to)) = (from.get(..words), to.get_mut(..words)) {
        to.copy_from_slice(from);
    }
    words
}

/// Fills a slice with words that no two pages share, so that the system cannot keep one page for all.
pub fn fill(words: &mut [u64], first: u64) {
    for (at, word) in words.iter_mut().enumerate() {
        *word = first.wrapping_add(at as u64);
    }
}
