//! The speaker's view: a large clock, the answer, the notes, and the next step with its changes and its answer.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::digits::{self, sizes};
use super::headline::number_of;
use super::plate::Winner;
use crate::model::answer::{Answers, Figure, answer_scenario};
use crate::model::catalog::Catalog;
use crate::model::scenario::Difference;
use crate::ui::input::Keymap;
use crate::ui::present::deck::Deck;
use crate::ui::present::{Clock, Present, SlidePosition};
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::words::wrap;

/// Fewest rows of a screen with a large clock.
const LARGE: u16 = 20;
/// Most changes of the next step that are listed.
const CHANGES: usize = 5;

/// The content of the speaker's view.
pub struct Speaker<'p> {
    /// The deck.
    pub deck: &'p Deck,
    /// Index of the step.
    pub at: usize,
    /// The differences of a detour from the script.
    pub detour: Vec<Difference>,
    /// True while the audience's screen is blank.
    pub blank: bool,
    /// The clock of the presentation.
    pub clock: Clock,
    /// The current time on the clock's scale, milliseconds.
    pub now: u64,
    /// The problem with the connection to the audience's screen; empty if there is none.
    pub link: String,
    /// The line of hints.
    pub hints: String,
    /// The key bindings, for the keys that warnings name.
    pub keymap: &'p Keymap,
    /// The winner on the audience's screen.
    pub answer: String,
    /// The headline figure of each machine on the audience's screen.
    pub figures: String,
    /// The winner of the next step.
    pub next_answer: String,
}

impl<'p> Speaker<'p> {
    /// Returns the view for the screen that presents.
    pub(super) fn of(state: &'p State<'_>, present: &'p Present) -> Self {
        let knobs = state.pinned.as_ref().filter(|_| present.off_script);
        Self {
            deck: &present.deck,
            at: present.at,
            detour: knobs.map(|pinned| pinned.knobs.clone()).unwrap_or_default(),
            blank: present.blank,
            clock: present.clock,
            now: state.now,
            link: String::new(),
            keymap: &state.keymap,
            hints: state.keymap.told(
                "{speaker} audience's view  {next-step} next  {previous-step} back  {blank} blank  {pause} clock  {outline} steps  \
                 {end-talk} end",
            ),
            answer: Winner::of(&state.answers).words,
            figures: figures(&state.answers, present.step().headline),
            next_answer: next_answer(state.catalog, &present.deck, present.at),
        }
    }

    /// Returns the view for a position in a deck, with the connection's problem and the line of hints; `None` if the
    /// deck has no such step.
    pub(in crate::ui::present) fn of_position(
        (catalog, deck): (&Catalog, &'p Deck),
        position: &SlidePosition,
        now: u64,
        (link, hints): (String, String),
        keymap: &'p Keymap,
    ) -> Option<Self> {
        let step = deck.steps.get(position.at)?;
        let detour = position.detour.as_ref().map(|now| step.scenario.diff(now, catalog)).unwrap_or_default();
        let shown = position.detour.as_ref().unwrap_or(&step.scenario);
        let answers = answer_scenario(catalog, shown).ok();
        Some(Self {
            deck,
            at: position.at,
            detour,
            blank: position.blank,
            clock: position.clock,
            now,
            link,
            hints,
            keymap,
            answer: answers.as_ref().map_or_else(String::new, |answers| Winner::of(answers).words),
            figures: answers.as_ref().map_or_else(String::new, |answers| figures(answers, step.headline)),
            next_answer: next_answer(catalog, deck, position.at),
        })
    }
}

/// Returns the headline figure of all machines in a line.
fn figures(answers: &Answers<'_>, figure: &Figure) -> String {
    let one = |answer| number_of(answer, figure).unwrap_or_else(|| "none".to_owned());
    let all: Vec<String> =
        answers.machines.iter().map(|answer| format!("{} {}", answer.machine.short, one(answer))).collect();
    format!("{}: {}", figure.label, all.join("  "))
}

/// Returns the winner of the step after the one at index `at`; empty for the last one.
fn next_answer(catalog: &Catalog, deck: &Deck, at: usize) -> String {
    let answers = deck.steps.get(at + 1).and_then(|step| answer_scenario(catalog, &step.scenario).ok());
    answers.map_or_else(String::new, |answers| Winner::of(&answers).words)
}

/// Returns milliseconds as minutes and seconds, `7:05`; negative after the planned time.
fn minutes(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let seconds = ms.unsigned_abs() / 1000;
    format!("{sign}{}:{:02}", seconds / 60, seconds % 60)
}

/// Draws the view.
pub fn speaker(canvas: &mut Canvas<'_>, speaker: &Speaker<'_>, area: Rect) {
    let Some(step) = speaker.deck.steps.get(speaker.at) else { return };
    let (title, text, muted) = (canvas.theme.title(), canvas.theme.text(), canvas.theme.muted());
    let used = draw_head(canvas, speaker, area);
    let mut rest = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    for state in warnings(speaker) {
        row(canvas, &mut rest, &state, canvas.theme.chosen());
    }
    row(canvas, &mut rest, "", text);
    row(canvas, &mut rest, &step.title, title);
    row(canvas, &mut rest, &format!("answer: {}", speaker.answer), canvas.theme.focus());
    row(canvas, &mut rest, &speaker.figures, text);
    let notes = step.notes.lines().flat_map(|line| wrap(line, area.width)).collect::<Vec<_>>();
    let next = next(speaker);
    // The next step and the hints keep their lines, and the notes get the rest.
    let room = usize::from(rest.height.saturating_sub(next.len() as u16 + 3));
    row(canvas, &mut rest, "", text);
    for (at, words) in notes.iter().take(room).enumerate() {
        let more = at + 1 == room && notes.len() > room;
        row(canvas, &mut rest, if more { "…" } else { words }, text);
    }
    row(canvas, &mut rest, "", text);
    for words in next {
        row(canvas, &mut rest, &words, muted);
    }
    let last = Rect { y: area.bottom().saturating_sub(1), height: 1.min(area.height), ..area };
    canvas.text(last, &speaker.hints, muted);
}

/// Draws a line at the top of `rest` and removes it from `rest`.
fn row(canvas: &mut Canvas<'_>, rest: &mut Rect, words: &str, style: Style) {
    canvas.text(line(*rest, 0), &canvas.glyphs.spelled(words), style);
    *rest = Rect { y: rest.y + 1.min(rest.height), height: rest.height.saturating_sub(1), ..*rest };
}

/// Draws the time spent in large digits, with the step and the pace beside it, or all in a line if they do not fit;
/// returns the number of rows.
fn draw_head(canvas: &mut Canvas<'_>, speaker: &Speaker<'_>, area: Rect) -> u16 {
    let spent = minutes(speaker.clock.elapsed(speaker.now).cast_signed());
    let style = canvas.theme.focus();
    let size = sizes().find(|size| size.rows() == digits::ROWS && size.width(&spent).is_some());
    let Some((size, columns)) =
        size.and_then(|size| Some((size, size.width(&spent)?))).filter(|_| area.height >= LARGE)
    else {
        let words = format!("{}  {spent} spent{}  {}", step_words(speaker), pace(speaker), speaker.deck.title);
        canvas.text(line(area, 0), &canvas.glyphs.spelled(&words), style);
        return 1;
    };
    digits::draw(canvas, area, &spent, (size, style));
    let beside = skip(area, columns + 3);
    let lines = [step_words(speaker), format!("{spent} spent{}", pace(speaker)), speaker.deck.title.clone()];
    for (at, words) in lines.iter().enumerate().filter(|(_, words)| width(words) > 0) {
        canvas.text(line(beside, at as u16), &canvas.glyphs.spelled(words), canvas.theme.text());
    }
    size.rows()
}

fn step_words(speaker: &Speaker<'_>) -> String {
    format!("step {} of {}", speaker.at + 1, speaker.deck.steps.len())
}

/// Returns the time left, and a remark if the speaker is behind the plan.
fn pace(speaker: &Speaker<'_>) -> String {
    let spent = speaker.clock.elapsed(speaker.now);
    let left = speaker.deck.minutes().map(|minutes| (minutes * 60_000.0) as i64 - spent.cast_signed());
    let left = left.map_or(String::new(), |left| format!(", {} left", minutes(left)));
    let due = speaker.deck.steps.get(..=speaker.at).unwrap_or_default().iter().filter_map(|step| step.minutes);
    let due = due.sum::<f64>() * 60_000.0;
    format!("{left}{}", if due > 0.0 && spent as f64 > due { "  behind" } else { "" })
}

/// Returns the sentences that the speaker must not miss.
fn warnings(speaker: &Speaker<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    if !speaker.link.is_empty() {
        warnings.push(speaker.link.clone());
    }
    if speaker.blank {
        warnings.push(speaker.keymap.told("the audience's screen is empty: {blank} shows it"));
    }
    if speaker.clock.since.is_none() {
        warnings.push(speaker.keymap.told("the clock is stopped: {pause} lets it run"));
    }
    if !speaker.detour.is_empty() {
        let told = speaker.detour.iter().map(|change| format!("{} {} → {}", change.what, change.from, change.to));
        let does = speaker.keymap.told("{to-script} goes back");
        warnings.push(format!("off script: {}; {does}", told.collect::<Vec<_>>().join(", ")));
    }
    warnings
}

/// Returns lines about the next step: its title, its answer and its changes.
fn next(speaker: &Speaker<'_>) -> Vec<String> {
    let Some(next) = speaker.deck.steps.get(speaker.at + 1) else { return vec!["next: the end".to_owned()] };
    let mut lines = vec![format!("next: {}", next.title)];
    if !speaker.next_answer.is_empty() {
        lines.push(format!("  answer: {}", speaker.next_answer));
    }
    let changes = next.changes.iter().take(CHANGES);
    lines.extend(changes.map(|change| format!("  {}: {} → {}", change.what, change.from, change.to)));
    let hidden = next.changes.len().saturating_sub(CHANGES);
    if hidden > 0 {
        lines.push(format!("  and {hidden} more"));
    }
    lines
}
