//! The speaker's view: notes, what comes next as a list of changes, time, and where in the deck this is.

use ratatui::layout::Rect;

use crate::model::scenario::Difference;
use crate::ui::present::deck::Deck;
use crate::ui::present::{Clock, Present};
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line};
use crate::ui::view::words::wrap;

/// What the speaker sees.
pub struct Speaker<'p> {
    /// The deck.
    pub deck: &'p Deck,
    /// The place of the step.
    pub at: usize,
    /// What is turned in a detour.
    pub detour: Vec<Difference>,
    /// Whether the audience's screen is empty.
    pub blank: bool,
    /// Time spent.
    pub clock: Clock,
    /// The time now, on the clock's scale, milliseconds.
    pub now: u64,
    /// What is wrong with the link to the audience's screen; empty where nothing is.
    pub link: String,
    /// What the keys do.
    pub hints: String,
}

impl<'p> Speaker<'p> {
    /// The view on the screen that presents.
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
            hints: state.keymap.told(
                "{speaker} audience's view  {next-step} next  {previous-step} back  {blank} blank  {pause} clock  {outline} steps  \
                 {end-present} end",
            ),
        }
    }
}

/// Minutes and seconds: `7:05`, negative where it is overdrawn.
fn minutes(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let seconds = ms.unsigned_abs() / 1000;
    format!("{sign}{}:{:02}", seconds / 60, seconds % 60)
}

/// Draws it.
pub fn speaker(canvas: &mut Canvas<'_>, speaker: &Speaker<'_>, area: Rect) {
    let Some(step) = speaker.deck.steps.get(speaker.at) else { return };
    let (title, text, muted) = (canvas.theme.title(), canvas.theme.text(), canvas.theme.muted());
    let mut rest = area;
    let mut row = |canvas: &mut Canvas<'_>, words: &str, style| {
        canvas.text(line(rest, 0), &canvas.glyphs.spelled(words), style);
        rest = Rect { y: rest.y + 1.min(rest.height), height: rest.height.saturating_sub(1), ..rest };
    };
    row(canvas, &head(speaker), canvas.theme.focus());
    for state in states(speaker) {
        row(canvas, &state, canvas.theme.chosen());
    }
    row(canvas, "", text);
    row(canvas, &step.title, title);
    let notes = step.notes.lines().flat_map(|line| wrap(line, area.width)).collect::<Vec<_>>();
    let next = next(speaker);
    // The next step and the hints keep their lines; the notes get the rest.
    let below = next.len() as u16 + 2;
    let room = usize::from(rest.height.saturating_sub(below));
    let mut row = |canvas: &mut Canvas<'_>, words: &str, style| {
        canvas.text(line(rest, 0), &canvas.glyphs.spelled(words), style);
        rest = Rect { y: rest.y + 1.min(rest.height), height: rest.height.saturating_sub(1), ..rest };
    };
    for (at, words) in notes.iter().take(room).enumerate() {
        let more = at + 1 == room && notes.len() > room;
        row(canvas, if more { "…" } else { words }, text);
    }
    row(canvas, "", text);
    for words in next {
        row(canvas, &words, muted);
    }
    let last = Rect { y: area.bottom().saturating_sub(1), height: 1.min(area.height), ..area };
    canvas.text(last, &speaker.hints, muted);
}

/// Step, time spent and left, and the deck's name.
fn head(speaker: &Speaker<'_>) -> String {
    let (number, count) = (speaker.at + 1, speaker.deck.steps.len());
    let spent = speaker.clock.elapsed(speaker.now);
    let left = speaker.deck.minutes().map(|minutes| (minutes * 60_000.0) as i64 - spent.cast_signed());
    let left = left.map_or(String::new(), |left| format!(", {} left", minutes(left)));
    let due = speaker.deck.steps.get(..=speaker.at).unwrap_or_default().iter().filter_map(|step| step.minutes);
    let due = due.sum::<f64>() * 60_000.0;
    let pace = if due > 0.0 && spent as f64 > due { "  behind" } else { "" };
    let spent = minutes(spent.cast_signed());
    format!("step {number} of {count}  {spent} spent{left}{pace}  {}", speaker.deck.title)
}

/// What the speaker must not overlook.
fn states(speaker: &Speaker<'_>) -> Vec<String> {
    let mut states = Vec::new();
    if !speaker.link.is_empty() {
        states.push(speaker.link.clone());
    }
    if speaker.blank {
        states.push("the audience's screen is empty: b shows it".to_owned());
    }
    if speaker.clock.since.is_none() {
        states.push("the clock is stopped: p lets it run".to_owned());
    }
    if !speaker.detour.is_empty() {
        let told = speaker.detour.iter().map(|change| format!("{} {} → {}", change.what, change.from, change.to));
        states.push(format!("off script: {}; Backspace goes back", told.collect::<Vec<_>>().join(", ")));
    }
    states
}

/// The next step as what changes.
fn next(speaker: &Speaker<'_>) -> Vec<String> {
    let Some(next) = speaker.deck.steps.get(speaker.at + 1) else { return vec!["next: the end".to_owned()] };
    let mut lines = vec![format!("next: {}", next.title)];
    lines.extend(
        next.changes.iter().take(5).map(|change| format!("  {}: {} → {}", change.what, change.from, change.to)),
    );
    let hidden = next.changes.len().saturating_sub(5);
    if hidden > 0 {
        lines.push(format!("  and {hidden} more"));
    }
    lines
}
