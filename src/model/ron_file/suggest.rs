//! "Did you mean": the known word that is most similar to a mistyped one.

/// Returns the most similar of the `known` words: equal except for case, begun by `word`, or a few letters different.
///
/// `None` if no word is similar enough.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let score = likeness(&word, &candidate.to_lowercase());
        if score > best.map_or(0.6, |(score, _)| score) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns the similarity of two lower-case words, 0..=1.
#[must_use]
pub fn likeness(word: &str, candidate: &str) -> f64 {
    // The edit distance covers transposed and doubled letters; a common prefix covers abbreviations.
    let typed = strsim::normalized_damerau_levenshtein(word, candidate);
    let begins = word.len() >= 3 && (candidate.starts_with(word) || word.starts_with(candidate));
    if begins { typed.max(0.8) } else { typed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["dgx-spark", "macbook-pro-m5-max-40", "rtx-pro-6000", "rtx-5090"];
        assert_eq!(nearest("dgx-sparc", known), Some("dgx-spark"));
        assert_eq!(nearest("DGX-Spark", known), Some("dgx-spark"));
        assert_eq!(nearest("macbook", known), Some("macbook-pro-m5-max-40"));
        assert_eq!(nearest("rtx-5909", known), Some("rtx-5090"));
        assert_eq!(nearest("q4_k", ["q6_k", "q4_k_m"]), Some("q4_k_m"));
        assert_eq!(nearest("toaster", known), None);
        assert_eq!(nearest("", known), None);
    }
}
