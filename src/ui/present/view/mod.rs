//! The stage: a title, large digits, one to three panels and the answer on a plate, without any controls.
//!
//! ```text
//! █▀▀ █▀█   …   the title in large letters
//! gpt-oss 120B in mxfp4-gguf on llama.cpp, 1 stream, 8K context              3 of 8
//! ● DGX Spark               ▲ M5 Max 40c              ■ RTX PRO 6000
//! ████ ████                 ████ ████                 ████ ████ ████
//!    …                         …                         …
//! tok/s, 44 to 71  $4,699   tok/s, 82 to 104  $4,850  tok/s, 195 to 249  $15,000
//! ✗ too slow: 60 asked      ✓ the cheapest            ✓ passes, 3.1x the price
//! ── Decode ──────────────────────     ── Cost ────────────────────────
//! ██ M5 Max 40c ██  Cheapest box at ≥ 60 tok/s: M5 Max 40c, expected 96 tok/s, $4,850.
//!                   was: DGX Spark, $4,699
//! bandwidth: vendor · estimates from 128, 25, 7 measurements · prices of 2026-09 …
//! ```

mod digits;
mod foot;
mod headline;
mod letters;
mod overflow;
mod plate;
mod speaker;
mod status;

use ratatui::layout::Rect;

use self::headline::Plan;
use crate::model::scenario::knob::knob;
use crate::model::scenario::{ModelChoice, Scenario};
use crate::model::units::{counted, short_tokens};
use crate::ui::overlay::Overlay;
use crate::ui::present::Present;
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, longest_of, width};
use crate::ui::view::hit::Hits;
use crate::ui::view::panels::{self, PanelInput};
use crate::ui::view::words::{shortened, wrap};

pub(in crate::ui) use headline::number_of;
pub use overflow::overflows;
pub(in crate::ui) use plate::Winner;
pub use speaker::{Speaker, speaker};

/// Greatest width that is used, in columns: longer lines are hard to read across a room.
const WIDEST: u16 = 200;
/// Fewest rows of a screen on which the title and the answer are in large letters.
const LARGE: u16 = 20;
/// Fewest rows for large letters in a deck with a picture, which needs rows itself.
const PICTURED: u16 = 30;

/// The areas from top to bottom. They depend only on the size of the screen and the deck, so that nothing moves in a
/// transition.
struct Rows {
    title: Rect,
    question: Rect,
    headline: Rect,
    panels: Rect,
    plate: Rect,
    foot: Rect,
}

/// Returns the number of rows of the title and of the plate.
fn letter_rows(canvas: &Canvas<'_>, state: &State<'_>, area: Rect) -> (u16, u16) {
    let least = if state.present.as_ref().is_some_and(|present| has_picture(present)) { PICTURED } else { LARGE };
    if area.height >= least && area.width >= 60 && !canvas.glyphs.seven_bit {
        (letters::ROWS, letters::ROWS)
    } else {
        (1, plate::sentence_columns(state).div_ceil(area.width.max(1)).clamp(1, 2))
    }
}

/// Returns true if any step of the deck has a panel that is a picture, such as the map.
fn has_picture(present: &Present) -> bool {
    let mut shown = present.deck.steps.iter().flat_map(|step| &step.panels);
    shown.any(|id| panels::named(id).is_some_and(|panel| panel.picture.is_some()))
}

impl Rows {
    /// Divides an area into rows. The most important parts get theirs first: title, plate, digits, question, foot,
    /// panels.
    fn of(area: Rect, (title, plate): (u16, u16), headline: u16) -> Self {
        let mut left = area.height;
        let mut take = |wanted: u16| {
            let taken = wanted.min(left);
            left -= taken;
            taken
        };
        let title = take(title);
        let plate = take(plate);
        let headline = take(headline);
        let question = take(1);
        let foot = take(1);
        // Blank lines above the digits, above the panels and below them, unless the panels would get fewer than four
        // rows.
        let gaps = left.saturating_sub(4).min(3);
        let panels = left - gaps;
        let mut top = area.y;
        let mut place = |height: u16, gap: u16| {
            let taken = Rect { y: top, height, ..area };
            top += height + gap;
            taken
        };
        Self {
            title: place(title, 0),
            question: place(question, u16::from(gaps >= 3)),
            headline: place(headline, u16::from(gaps >= 1)),
            panels: place(panels, u16::from(gaps >= 2)),
            plate: place(plate, 0),
            foot: place(foot, 0),
        }
    }
}

/// Draws the stage, or the speaker's view if this screen shows it.
pub(in crate::ui) fn draw(
    canvas: &mut Canvas<'_>,
    (state, present): (&State<'_>, &Present),
    area: Rect,
    hits: &mut Hits,
) {
    if present.speaker {
        let speaker_view = Speaker::of(state, present);
        return speaker(canvas, &speaker_view, area);
    }
    if present.blank {
        return;
    }
    let columns = area.width.min(WIDEST);
    let area = Rect { x: area.x + (area.width - columns) / 2, width: columns, ..area };
    let (title_rows, plate_rows) = letter_rows(canvas, state, area);
    let plan = Plan::of(state, present, area, headline_room(area, (title_rows, plate_rows)));
    let rows = Rows::of(area, (title_rows, plate_rows), plan.rows());
    title(canvas, &present.step().title, rows.title);
    question(canvas, (state, present), rows.question, plan.shown());
    headline::draw(canvas, (state, present), rows.headline, &plan);
    draw_panels(canvas, (state, present), rows.panels, hits);
    plate::draw(canvas, (state, present), rows.plate);
    let foot = foot::line(state, area.width);
    canvas.text(rows.foot, &spelled_line(canvas, &foot), canvas.theme.muted());
    notice(canvas, state, rows.foot);
}

/// Returns the most rows of the digits: two fifths of the screen, but at least the smallest digits if the title, the
/// plate and a line of text leave room for them.
fn headline_room(area: Rect, (title, plate): (u16, u16)) -> u16 {
    let rest = area.height.saturating_sub(title + plate + 1);
    (area.height * 2 / 5).max(digits::ROWS + 3).min(rest)
}

/// Replaces characters that the terminal may lack.
fn spelled_line(canvas: &Canvas<'_>, line: &str) -> String {
    canvas.glyphs.spelled(line).into_owned()
}

fn spelled(canvas: &Canvas<'_>, lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| spelled_line(canvas, line)).collect()
}

/// Draws the step's title, in large letters if all of it fits.
fn title(canvas: &mut Canvas<'_>, title: &str, area: Rect) {
    let style = canvas.theme.title();
    if letters::draw(canvas, area, title, style) > 0 {
        return;
    }
    let lines = wrap(&spelled_line(canvas, title), area.width);
    match area.height {
        0 => {}
        1 => _ = canvas.text(area, &shortened(title, area.width), style),
        rows => canvas.lines(Rect { y: area.y + 1, height: rows - 1, ..area }, &lines, style),
    }
}

/// Draws the question in a line, with the step's number and the marks of a detour at the right.
fn question(canvas: &mut Canvas<'_>, (state, present): (&State<'_>, &Present), area: Rect, shown: usize) {
    let mut marks: Vec<String> = Vec::new();
    if !present.digits.is_empty() {
        marks.push(format!("to step {}", present.digits));
    }
    if present.off_script {
        let knobs = state.pinned.as_ref().map_or(&[][..], |pinned| &pinned.knobs);
        let told = knobs.iter().take(2).map(|change| format!("{} {} → {}", change.what, change.from, change.to));
        let whole = format!("off script: {}", told.collect::<Vec<_>>().join(", "));
        marks.push(if width(&whole) + 30 <= area.width { whole } else { "off script".to_owned() });
    }
    let mark = spelled_line(canvas, &marks.join("  "));
    let machines = state.answers.machines.len();
    let hidden = if shown < machines { format!("{shown} of {machines} machines   ") } else { String::new() };
    let number = format!("{hidden}{} of {}", present.at + 1, present.deck.steps.len());
    let (mark, style) = if mark.is_empty() { (number, canvas.theme.muted()) } else { (mark, canvas.theme.chosen()) };
    canvas.right(line(area, 0), &mark, style);
    let room = area.width.saturating_sub(width(&mark) + 2);
    let question = longest_of(&question_words(state), room).map(|words| spelled_line(canvas, words));
    canvas.text(line(area, 0), &question.unwrap_or_default(), canvas.theme.text());
}

/// Returns the question in words, in variants from the longest to the shortest.
fn question_words(state: &State<'_>) -> Vec<String> {
    let scenario = &state.scenario;
    let model = model_name(state, scenario);
    let load = format!("{}, {} context", counted(scenario.concurrency, "stream"), short_tokens(scenario.context));
    let at = state.answers.verdict.winner.or(state.answers.verdict.nearest).unwrap_or(0);
    let with = state.answers.machines.get(at).map(|it| (it.format.id.clone(), it.runtime.name.clone()));
    let mut words = Vec::new();
    if let Some((format, runtime)) = with {
        words.push(format!("{model} in {format} on {runtime}, {load}"));
        words.push(format!("{model} in {format}, {load}"));
    }
    words.push(format!("{model}, {load}"));
    words.push(model);
    words
}

fn model_name(state: &State<'_>, scenario: &Scenario) -> String {
    match (&scenario.model, state.answers.machines.first()) {
        (ModelChoice::Catalog(_) | ModelChoice::File(_), Some(answer)) => answer.model.name.clone(),
        _ => knob("model").map_or_else(|_| String::new(), |knob| knob.read(scenario, state.catalog).text.clone()),
    }
}

fn draw_panels(canvas: &mut Canvas<'_>, (state, present): (&State<'_>, &Present), area: Rect, hits: &mut Hits) {
    let shown: Vec<_> = present.step().panels.iter().filter_map(|id| panels::named(id)).collect();
    let machines = state.answers.machines.len() as u16;
    if area.height < machines.min(3) + 1 || shown.is_empty() {
        return;
    }
    // Panels are side by side if names, bars and numbers fit; a panel without room is left out, never cut.
    let across = (area.width / 38).clamp(1, shown.len() as u16);
    let below = (shown.len() as u16).div_ceil(across).min((area.height / (machines + 1)).max(1));
    let (gap, height) = (2, area.height / below);
    let columns = (area.width - gap * (across - 1)) / across;
    for (at, panel) in shown.iter().enumerate().take(usize::from(across * below)) {
        let (row, column) = (at as u16 / across, at as u16 % across);
        let last = row + 1 == below;
        let place = Rect {
            x: area.x + column * (columns + gap),
            y: area.y + row * height,
            width: columns,
            height: if last { area.height - row * height } else { height - u16::from(height > machines + 1) },
        };
        let input = PanelInput::of(state, canvas.glyphs, present.spotlight, present.spotlight.unwrap_or(0));
        panel.draw(canvas, place, (at, &input), hits);
    }
}

/// Draws a notice in place of the sources until the next key.
fn notice(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let typing = state.overlay.as_ref().is_some_and(Overlay::shows_complaints);
    let Some(notice) = state.notice.as_ref().filter(|_| !typing) else { return };
    let style = if notice.bad { canvas.theme.bad() } else { canvas.theme.good() };
    canvas.text(area, &" ".repeat(usize::from(area.width)), canvas.theme.text());
    canvas.text(area, &notice.text, style);
}
