//! Fuzzy matching of typed words against the rows of a list.
//!
//! A word matches anywhere in a row, and in its name also with letters left out (`gpt12` finds `gpt-oss-120b`). This is
//! own code because letters with gaps must count in names only: numbers in the cells would match almost anything. Names that
//! no row shows (aliases, hub names) are found by the catalog's resolver.

use super::chooser::Choice;
use crate::model::catalog::names::matching::has_letters;

/// The score of a word by its kind of match, best first.
const WHOLE: u32 = 32;
const FIRST: u32 = 16;
const WORD: u32 = 8;
const INSIDE: u32 = 4;
const CELL: u32 = 2;
const GAPS: u32 = 1;
/// The score of a row that the catalog's names mean: as good as the beginning of a shown name.
pub(super) const MEANT: u32 = FIRST;

/// Returns the words of a filter as they are compared.
pub(super) fn words(filter: &str) -> Vec<String> {
    filter.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// Returns the score of a row; `None` where a word is not found. No words match every row.
pub(super) fn score(words: &[String], row: &Choice) -> Option<u32> {
    let names = [row.id.to_lowercase(), row.label.to_lowercase()];
    let cells = row.cells.join(" ").to_lowercase();
    words.iter().map(|word| one(word, &names, &cells)).sum()
}

/// Returns whether each word of `filter` matches the name or the cells of a row outside a list.
pub(super) fn matches(filter: &str, name: &str, cells: &str) -> bool {
    let (names, cells) = ([name.to_lowercase(), String::new()], cells.to_lowercase());
    words(filter).iter().all(|word| one(word, &names, &cells).is_some())
}

fn one(word: &str, names: &[String; 2], cells: &str) -> Option<u32> {
    let in_a_name = names.iter().filter_map(|name| in_name(word, name)).max();
    let in_cells = || cells.contains(word).then_some(CELL);
    let with_gaps = || names.iter().any(|name| has_letters(name, word)).then_some(GAPS);
    in_a_name.or_else(in_cells).or_else(with_gaps)
}

fn in_name(word: &str, name: &str) -> Option<u32> {
    let starts_word = |at: usize| name[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    let mut places = name.match_indices(word).map(|(at, _)| at);
    match name.find(word)? {
        0 if name.len() == word.len() => Some(WHOLE),
        0 => Some(FIRST),
        _ if places.any(starts_word) => Some(WORD),
        _ => Some(INSIDE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, label: &str, cell: &str) -> Choice {
        Choice { id: id.to_owned(), label: label.to_owned(), cells: vec![cell.to_owned()], ..Choice::default() }
    }

    fn score_of(filter: &str, row: &Choice) -> Option<u32> {
        score(&words(filter), row)
    }

    #[test]
    fn letters_may_be_left_out_in_names_but_not_in_cells() {
        let gpt = row("gpt-oss-120b", "GPT-OSS 120B", "117B of 5.1B active");
        assert_eq!(score_of("gpt12", &gpt), Some(GAPS));
        assert_eq!(score_of("pt12", &gpt), None, "the first letter starts a word");
        assert_eq!(score_of("117b", &gpt), Some(CELL));
        assert_eq!(score_of("11b", &gpt), None);
    }

    #[test]
    fn better_matches_score_higher_and_every_word_must_match() {
        let spark = row("dgx-spark", "DGX Spark", "128");
        let scores: Vec<Option<u32>> =
            ["dgx-spark", "dg", "spark", "par", "128", "dspk"].map(|filter| score_of(filter, &spark)).to_vec();
        assert_eq!(scores, [WHOLE, FIRST, WORD, INSIDE, CELL, GAPS].map(Some));
        assert_eq!(score_of("DGX 128", &spark), Some(FIRST + CELL));
        assert_eq!(score_of("dgx 5090", &spark), None);
        assert_eq!(score_of("  ", &spark), Some(0));
    }
}
