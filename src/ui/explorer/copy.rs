//! The texts that can be copied.

use crate::model::facts::Date;
use crate::ui::state::{Copied, State};
use crate::ui::view::glyphs::Glyphs;
use crate::ui::view::panel_markdown;

/// Returns the text to copy, or the reason why there is none.
pub(super) fn text(state: &State<'_>, glyphs: &Glyphs, what: Copied) -> Result<String, String> {
    match what {
        Copied::Verdict => Ok(verdict(state)),
        Copied::Shown => {
            let sheet = state.sheet.as_ref().map(crate::model::answer::Sheet::markdown);
            sheet.or_else(|| panel_markdown(state, glyphs)).ok_or_else(|| "there is no table here".to_owned())
        }
        Copied::Scenario => state.scenario.to_ron().map_err(|error| error.to_string()),
        Copied::Command => state
            .scenario
            .command(state.catalog)
            .map(|line| line + "\n")
            .ok_or_else(|| "no flags say what this scenario asks; copy the scenario instead".to_owned()),
    }
}

fn verdict(state: &State<'_>) -> String {
    let date = |date: Option<Date>| date.map_or("not known".to_owned(), |date| date.to_string());
    let sentences =
        [state.headline().answer_line(), state.headline().reasons()].into_iter().filter(|words| !words.is_empty());
    let words: Vec<String> = sentences.collect();
    format!(
        "{}\n(whichbox on {}, catalog of {})\n",
        words.join("\n"),
        date(Date::today()),
        date(state.catalog.newest())
    )
}
