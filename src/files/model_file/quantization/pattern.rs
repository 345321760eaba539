//! Patterns of module names in quantization blocks: plain names, wildcards, or regular expressions after `re:`.

use regex_lite::Regex;

/// A pattern of module names.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// A plain name: matches the module and all modules within it, by whole parts between dots.
    Plain(String),
    /// A name with `*` for any text and `?` for any character.
    Glob(Vec<char>),
    /// A regular expression that matches from the beginning of the name.
    Regex(Regex),
}

impl Pattern {
    /// Parses a pattern; with `as_regex` every name is a regular expression.
    ///
    /// # Errors
    /// A sentence if the regular expression is invalid.
    pub fn new(text: &str, as_regex: bool) -> Result<Self, String> {
        let expression = text.strip_prefix("re:").or_else(|| as_regex.then_some(text));
        if let Some(expression) = expression {
            let whole = format!("^(?:{expression})");
            let regex = Regex::new(&whole);
            return regex.map(Self::Regex).map_err(|_| format!("the expression \"{text}\" cannot be read"));
        }
        let name = text.trim_end_matches(".weight");
        if name.contains(['*', '?']) {
            return Ok(Self::Glob(name.chars().collect()));
        }
        Ok(Self::Plain(name.trim_matches('.').to_owned()))
    }

    /// Returns true if the pattern matches the module with this full name.
    pub fn is(&self, name: &str) -> bool {
        match self {
            Self::Plain(own) => has_parts(name, own),
            Self::Glob(own) => {
                // A pattern that matches a module also matches all modules within it.
                let name: Vec<char> = name.chars().collect();
                let ends = name.iter().enumerate().filter(|(_, c)| **c == '.').map(|(at, _)| at);
                ends.chain([name.len()]).any(|end| name.get(..end).is_some_and(|part| glob(own, part)))
            }
            Self::Regex(own) => own.is_match(name),
        }
    }
}

/// Returns true if `name` contains the parts of `few` in sequence.
fn has_parts(name: &str, few: &str) -> bool {
    let whole = |at: usize, end: usize| {
        (at == 0 || name.as_bytes().get(at - 1) == Some(&b'.')) && matches!(name.as_bytes().get(end), None | Some(b'.'))
    };
    !few.is_empty() && name.match_indices(few).any(|(at, found)| whole(at, at + found.len()))
}

/// Returns true if the text matches a pattern with `*` and `?`.
fn glob(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || text.get(t) == Some(c) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_modules_and_all_that_is_in_them() {
        let of = |pattern: &str, name: &str| Pattern::new(pattern, false).is_ok_and(|pattern| pattern.is(name));
        let gate = "model.layers.3.mlp.gate";
        assert!(of("mlp.gate", gate) && of("model.layers.3", gate) && of("re:.*mlp.gate$", gate) && of("*gate", gate));
        assert!(!of("mlp.gate", "model.layers.3.mlp.gate_proj") && !of("model.layers.3", "model.layers.31.mlp.gate"));
        assert!(of("model.layers.*.self_attn", "model.layers.11.self_attn.q_proj"));
        assert!(of("model.language_model.layers.1.self_attn*", "model.language_model.layers.1.self_attn.q_proj"));
        assert!(!of("model.layers.1.self_attn*", "model.layers.11.self_attn.q_proj"));
        assert!(Pattern::new("re:(", false).is_err());
    }
}
