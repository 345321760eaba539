//! The timed loops: reading every word of a slice, and copying one slice to another.

/// The number of parallel sums, so that an addition does not wait for the previous one. More would not fit into the
/// registers that all processors of an architecture have.
const LANES: usize = 8;

/// Returns the wrapping sum of all words; each word is read once.
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

/// Copies `from` to `to` up to the shorter length, and returns the number of words copied.
pub fn copy(from: &[u64], to: &mut [u64]) -> usize {
    let words = from.len().min(to.len());
    if let (Some(from), Some(to)) = (from.get(..words), to.get_mut(..words)) {
        to.copy_from_slice(from);
    }
    words
}

/// Fills a slice with words such that no two pages are equal, so that the system cannot merge pages.
pub fn fill(words: &mut [u64], first: u64) {
    for (at, word) in words.iter_mut().enumerate() {
        *word = first.wrapping_add(at as u64);
    }
}
