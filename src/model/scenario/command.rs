//! The command line that asks a scenario's question.

use super::knob::KNOBS;
use super::{ModelChoice, Scenario};
use crate::model::catalog::Catalog;

/// Knobs with a flag of the same name; all others are set by `--set`.
const FLAGS: &[&str] = &[
    "format",
    "runtime",
    "kv-format",
    "context",
    "prompt",
    "generate",
    "concurrency",
    "price-as-of",
    "offload",
    "host",
    "task",
];

impl Scenario {
    /// Returns the command that gives the same figures, quoted for a shell; `None` if no flags can express the
    /// scenario, as with a model file. Title, note and expectation are ignored.
    #[must_use]
    pub fn command(&self, catalog: &Catalog) -> Option<String> {
        let mut asked = Self::default();
        let mut words = vec!["whichbox".to_owned(), "estimate".to_owned()];
        if self.machines != asked.machines {
            asked.machines.clone_from(&self.machines);
            words.extend(["--machine".to_owned(), self.machines.join(",")]);
        }
        for knob in KNOBS {
            let wanted = knob.read(self, catalog).typed;
            if wanted == knob.read(&asked, catalog).typed {
                continue;
            }
            knob.write(&mut asked, catalog, &wanted).ok()?;
            if knob.id == "model" && matches!(self.model, ModelChoice::Catalog(_)) {
                words.extend(["--model".to_owned(), wanted]);
            } else if FLAGS.contains(&knob.id) {
                words.extend([format!("--{}", knob.id), wanted]);
            } else {
                words.extend(["--set".to_owned(), format!("{}={wanted}", knob.id)]);
            }
        }
        let figures = |scenario: &Self| Self {
            title: String::new(),
            note: String::new(),
            expect: None,
            saved: None,
            ..scenario.clone()
        };
        let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        (figures(&asked) == figures(self)).then(|| quoted.join(" "))
    }
}

/// Returns a word with quotes, if it needs them for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_a_quote_is_read_back_by_a_shell() {
        assert_eq!(quoted("--set"), "--set");
        assert_eq!(quoted("model=70b/70b"), "model=70b/70b");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's $5; `x`"), "'it'\\''s $5; `x`'");
        assert_eq!(quoted(""), "''");
    }
}
