//! Matching a typed name against the names of entries: as a whole, by words, by letters with gaps.

/// The names of one entry.
pub(super) struct Name<'c> {
    /// Id of the entry.
    pub id: &'c str,
    /// Names that are displayed.
    pub shown: Vec<&'c str>,
    /// Further names.
    pub aliases: &'c [String],
    /// Repository on the hub; empty if there is none.
    pub repo: &'c str,
}

impl<'c> Name<'c> {
    /// Returns the id, the aliases and the displayed names.
    pub fn all(&self) -> impl Iterator<Item = &'c str> {
        std::iter::once(self.id).chain(self.aliases.iter().map(String::as_str)).chain(self.shown.clone())
    }
}

/// The shortest typed name that is matched by a part of a name or by letters with gaps.
const LEAST_LETTERS: usize = 4;

/// Returns the ids of the entries that match `typed` by the strictest comparison with any match.
pub(super) fn find<'c>(names: &[Name<'c>], typed: &str) -> Vec<&'c str> {
    let chunks: Vec<Vec<String>> = typed.split_whitespace().map(tokens).filter(|chunk| !chunk.is_empty()).collect();
    if chunks.is_empty() {
        return Vec::new();
    }
    let by_words = |name: &Name<'_>| has_chunks(name, &chunks);
    let letters = squashed(typed);
    // Numbers distinguish sizes (7b, 70b), so they must match without gaps.
    let numbers: Vec<String> =
        tokens(typed).into_iter().filter(|token| token.contains(|c: char| c.is_ascii_digit())).collect();
    let by_letters = |name: &Name<'_>| {
        let own = tokens(name.id);
        letters.len() >= LEAST_LETTERS
            // A few letters with long gaps would match any long name.
            && letters.len() * 2 >= squashed(name.id).len()
            && numbers.iter().all(|number| own.contains(number))
            && has_letters(name.id, &letters)
    };
    let part = typed.to_lowercase();
    let by_part = |name: &Name<'_>| part.len() >= LEAST_LETTERS && name.all().any(|name| has_part(name, &part));
    let tiers: [&dyn Fn(&Name<'c>) -> bool; 3] = [&by_words, &by_part, &by_letters];
    let found = whole(names, typed);
    let strictest = || {
        let tier = |fits: &&dyn Fn(&Name<'c>) -> bool| -> Vec<&'c str> {
            names.iter().filter(|name| fits(name)).map(|name| name.id).collect()
        };
        tiers.iter().map(tier).find(|found| !found.is_empty()).unwrap_or_default()
    };
    if found.is_empty() { strictest() } else { found }
}

/// Returns the ids of the entries with a name that differs from `typed` only in case and separators.
pub(super) fn whole<'c>(names: &[Name<'c>], typed: &str) -> Vec<&'c str> {
    let wanted = squashed(typed);
    let is = |name: &&Name<'_>| !wanted.is_empty() && name.all().any(|name| squashed(name) == wanted);
    names.iter().filter(is).map(|name| name.id).collect()
}

/// Returns the letters and digits of a name in lower case, with the dots between digits.
pub(super) fn squashed(name: &str) -> String {
    tokens(name).concat()
}

/// Returns the words of a name in lower case: runs of letters, and numbers with the letters after them (`qwen`, `3.6`,
/// `27b`).
fn tokens(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.to_lowercase().chars().collect();
    let mut tokens: Vec<String> = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        let part = c.is_alphanumeric() || (*c == '.' && before.is_ascii_digit() && after.is_ascii_digit());
        let begins = c.is_ascii_digit() && before.is_alphabetic();
        if !part || begins {
            tokens.push(String::new());
        }
        if let Some(last) = tokens.last_mut().filter(|_| part) {
            last.push(*c);
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// Returns true if each chunk is a sequence of words in one of the entry's names.
fn has_chunks(name: &Name<'_>, chunks: &[Vec<String>]) -> bool {
    let names: Vec<Vec<String>> = name.all().map(tokens).collect();
    chunks.iter().all(|chunk| names.iter().any(|words| words.windows(chunk.len()).any(|run| run == &chunk[..])))
}

/// Returns true if `part` occurs in a name without splitting a number: `oss-120` is a part of `gpt-oss-120b`, `3.3-7`
/// is not a part of `llama-3.3-70b`.
fn has_part(name: &str, part: &str) -> bool {
    let name = name.to_lowercase();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    name.match_indices(part).any(|(at, _)| {
        let (before, after) = (name[..at].chars().next_back(), name[at + part.len()..].chars().next());
        let cuts_before = is_digit(before) && is_digit(part.chars().next());
        let cuts_after = is_digit(after) && is_digit(part.chars().next_back());
        !cuts_before && !cuts_after
    })
}

/// Returns true if the letters of `word` occur in `name` in this order, the first of them at the start of a word.
#[must_use]
pub fn has_letters(name: &str, word: &str) -> bool {
    let Some(first) = word.chars().next() else { return true };
    let starts = name.char_indices().filter(|(at, c)| {
        *c == first && name[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
    });
    starts.into_iter().any(|(at, _)| {
        let mut rest = name[at..].chars();
        word.chars().all(|wanted| rest.any(|c| c == wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_falls_into_words_and_numbers() {
        assert_eq!(tokens("Qwen3.6-27B"), ["qwen", "3.6", "27b"]);
        assert_eq!(tokens("Mac Studio M3 Ultra (96 GB)"), ["mac", "studio", "m", "3", "ultra", "96", "gb"]);
        assert_eq!(squashed("UD-Q4_K_XL"), "udq4kxl");
    }

    #[test]
    fn a_part_of_a_name_cuts_no_number() {
        assert!(has_part("gpt-oss-120b", "oss-120") && has_part("GPT-OSS 120B", "oss 120"));
        assert!(!has_part("llama-3.3-70b", "3.3-7") && !has_part("rtx-5090", "rtx-509"));
    }

    #[test]
    fn words_of_one_chunk_stand_side_by_side() {
        let card = Name { id: "rtx-3080-10", shown: vec!["GeForce RTX 3080 (10 GB)"], aliases: &[], repo: "" };
        assert!(has_chunks(&card, &[tokens("rtx3080")]) && has_chunks(&card, &[tokens("3080"), tokens("10")]));
        assert!(!has_chunks(&card, &[tokens("gb10")]), "10 GB is no GB10");
    }
}
