//! Text that is fitted to lines: words wrapped at spaces, and clauses shown whole or left out.

use super::canvas::width;
use crate::model::answer::Answers;

pub(in crate::ui) use crate::model::answer::headline::units_firm;
pub(super) use crate::model::answer::headline::{NBSP as FIRM, firm};

/// Breaks `text` at its spaces into lines of at most `columns` columns.
#[must_use]
pub fn wrap(text: &str, columns: u16) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(last) = lines.last_mut() else { break };
        if last.is_empty() {
            last.push_str(word);
        } else if width(last) + 1 + width(word) <= columns {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Returns a text that is cut between words if it is too long, so that no number loses digits.
pub(in crate::ui) fn shortened(text: &str, columns: u16) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let first = wrap(text, columns.saturating_sub(2)).into_iter().next().unwrap_or_default();
    // A word that is too long on its own may end in digits, so none of it is shown.
    if width(&first) + 2 <= columns { format!("{first} …") } else { "…".to_owned() }
}

/// Returns the name, or as many of its first words as fit into `columns` and begin the name of no other compared
/// machine.
pub(in crate::ui) fn first_words<'n>(name: &'n str, answers: &Answers<'_>, columns: usize) -> Option<&'n str> {
    let alone = |short: &str| {
        let begin_so = answers.machines.iter().filter(|answer| answer.machine.short.starts_with(short));
        begin_so.take(2).count() < 2
    };
    let ends = name.rmatch_indices(' ').map(|(at, _)| at);
    let mut forms = std::iter::once(name.len()).chain(ends).map(|end| &name[..end]);
    forms.find(|short| short.len() <= columns && (*short == name || alone(short)))
}

/// Returns as many clauses as fit whole into `rows` lines, and the number of those left out.
pub(super) fn flow(clauses: &[String], (columns, rows): (u16, u16)) -> Vec<String> {
    let lines = |count: usize| {
        let left = clauses.len() - count;
        let more = if left > 0 { format!(" … {left}{FIRM}more") } else { String::new() };
        wrap(&format!("{}{more}", clauses[..count].join(" ")), columns)
    };
    let fits =
        |lines: &Vec<String>| lines.len() <= usize::from(rows) && lines.iter().all(|line| width(line) <= columns);
    (1..=clauses.len()).rev().map(lines).find(fits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_its_unit() {
        assert_eq!(wrap(&units_firm("expected 11 tok/s"), 12), ["expected", "11\u{a0}tok/s"]);
    }

    #[test]
    fn a_clause_that_does_not_fit_is_left_out_whole_and_counted() {
        let clauses = ["One two.", "Three four.", "Five."].map(str::to_owned);
        assert_eq!(flow(&clauses, (80, 1)), ["One two. Three four. Five."]);
        assert_eq!(flow(&clauses, (19, 1)), ["One two. … 2\u{a0}more"]);
        assert_eq!(flow(&clauses, (12, 2)), ["One two. …", "2\u{a0}more"]);
        assert_eq!(flow(&clauses, (3, 1)), Vec::<String>::new());
    }
}
