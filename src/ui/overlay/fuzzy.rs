//! Fuzzy matching of typed words with the rows of a list.
//!
//! A word matches anywhere in a row; in a name it also matches with letters left out (`gpt12` finds `gpt-oss-120b`). No
//! library is used because gaps must be allowed in names only: in cells, whose numbers would match almost anything,
//! they must not. Names that no row shows (aliases, hub names) are found by the catalog.

use super::chooser::Choice;
use crate::model::catalog::names::matching::has_letters;

/// Score of a word that is the whole name. The other scores follow, best match first.
const WHOLE: u32 = 32;
/// Score of a word at the beginning of a name.
const FIRST: u32 = 16;
/// Score of a word at the beginning of a word in a name.
const WORD: u32 = 8;
/// Score of a word inside a name.
const INSIDE: u32 = 4;
/// Score of a word in a cell.
const CELL: u32 = 2;
/// Score of a word that is found in a name with letters left out.
const GAPS: u32 = 1;
/// Score of a row that is found by one of the catalog's names, as for the beginning of a shown name.
pub(super) const MEANT: u32 = FIRST;

/// Returns the words of a filter in lower case.
pub(super) fn words(filter: &str) -> Vec<String> {
    filter.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// Returns the score of a row; `None` if one of the words does not match. An empty filter matches all rows.
pub(super) fn score(words: &[String], row: &Choice) -> Option<u32> {
    let names = [row.id.to_lowercase(), row.label.to_lowercase()];
    let cells = row.cells.join(" ").to_lowercase();
    words.iter().map(|word| one(word, &names, &cells)).sum()
}

/// Returns true if each word of `filter` matches the name or the cells of a row that is not in a list.
pub(super) fn matches(filter: &str, name: &str, cells: &str) -> bool {
    let (names, cells) = ([name.to_lowercase(), String::new()], cells.to_lowercase());
    words(filter).iter().all(|word| one(word, &names, &cells).is_some())
}

/// Returns the score of one word of the filter; `None` if the row does not match it.
fn one(word: &str, names: &[String; 2], cells: &str) -> Option<u32> {
    let in_a_name = names.iter().filter_map(|name| in_name(word, name)).max();
    let in_cells = || cells.contains(word).then_some(CELL);
    let with_gaps = || names.iter().any(|name| has_letters(name, word)).then_some(GAPS);
    in_a_name.or_else(in_cells).or_else(with_gaps)
}

/// Returns the score of a word in a name; `None` if the name does not contain it.
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
