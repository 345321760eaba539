//! The audience's screen: no chrome, large digits, one to three panels, the verdict in a line, sources at the foot.
//!
//! ```text
//! Now a sparse model                                               off script
//! gpt-oss 120B in mxfp4-gguf on llama.cpp, 1 stream, 4K context.
//!
//! ● DGX Spark               ▲ M5 Max 40c              ■ RTX PRO 6000
//! ████ ████                 ████ ████                 ████ ████ ████
//!    …                         …                         …
//! tok/s expected, 44 to 71
//! ── Decode ──────────────────────     ── Memory ──────────────────────
//! Cheapest box at ≥ 10 tok/s: DGX Spark, expected 55 tok/s, $4,699.
//! bandwidth vendor · 128, 25, 7 measurements behind the estimates · prices of 2026-09 …
//! ```

mod digits;
mod foot;
mod headline;
mod overflow;
mod speaker;

use ratatui::layout::Rect;

use self::headline::Plan;
use crate::ui::overlay::Overlay;
use crate::ui::present::Present;
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, width};
use crate::ui::view::hit::Hits;
use crate::ui::view::panels::{self, PanelInput};
use crate::ui::view::words::{shortened, wrap};

pub use overflow::overflows;
pub use speaker::{Speaker, speaker};

/// The widest screen that is filled: longer lines are not read across a room.
const WIDEST: u16 = 200;

/// Rows from top to bottom.
struct Rows {
    title: Rect,
    question: Rect,
    headline: Rect,
    panels: Rect,
    verdict: Rect,
    foot: Rect,
}

impl Rows {
    /// What is most important keeps its rows: title, digits, verdict, then the question, the foot and the panels.
    fn of(area: Rect, headline: u16, question: u16, verdict: u16) -> Self {
        let mut left = area.height;
        let mut take = |wanted: u16| {
            let taken = wanted.min(left);
            left -= taken;
            taken
        };
        let title = take(1);
        let verdict = take(verdict);
        let headline = take(headline);
        let question = take(question);
        let foot = take(1);
        // A line to breathe above the digits, above the panels and below them.
        let gap = u16::from(left >= 8);
        let panels = left - 3 * gap;
        let mut top = area.y;
        let mut place = |height: u16, gap: u16| {
            let taken = Rect { y: top, height, ..area };
            top += height + gap;
            taken
        };
        Self {
            title: place(title, 0),
            question: place(question, gap),
            headline: place(headline, gap),
            panels: place(panels, gap),
            verdict: place(verdict, 0),
            foot: place(foot, 0),
        }
    }
}

/// Draws the audience's screen, or the speaker's where this one shows it.
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
    let question = wrap(&state.headline().question(), area.width);
    let answer = state.headline().lead().into_iter().next().unwrap_or_default();
    let verdict = wrap(&answer, area.width);
    let plan = Plan::of(state, present, area);
    let rows = Rows::of(area, plan.rows(), question.len().min(2) as u16, verdict.len().min(2) as u16);
    title(canvas, state, present, rows.title);
    canvas.lines(rows.question, &spelled(canvas, &question), canvas.theme.text());
    if rows.headline.y > rows.question.bottom() {
        let above = Rect { y: rows.headline.y - 1, height: 1, ..rows.headline };
        canvas.text(above, present.step().headline.label, canvas.theme.muted());
    }
    headline::draw(canvas, (state, present), rows.headline, &plan);
    draw_panels(canvas, (state, present), rows.panels, hits);
    canvas.lines(rows.verdict, &spelled(canvas, &verdict), canvas.theme.title());
    crate::ui::view::lead::paint_names(canvas, state, rows.verdict, &verdict);
    let foot = foot::line(state, area.width);
    canvas.text(rows.foot, &canvas.glyphs.spelled(&foot), canvas.theme.muted());
    notice(canvas, state, rows.foot);
}

fn spelled(canvas: &Canvas<'_>, lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| canvas.glyphs.spelled(line).into_owned()).collect()
}

/// The step's title, and at the right what the room should know: that this is off script.
fn title(canvas: &mut Canvas<'_>, state: &State<'_>, present: &Present, area: Rect) {
    let mut marks: Vec<String> = Vec::new();
    if !present.digits.is_empty() {
        marks.push(format!("to step {}", present.digits));
    }
    if present.off_script {
        let knobs = state.pinned.as_ref().map_or(&[][..], |pinned| &pinned.knobs);
        let told = knobs.iter().take(2).map(|change| format!("{} {} → {}", change.what, change.from, change.to));
        let told = told.collect::<Vec<_>>().join(", ");
        let whole = format!("off script: {told}");
        marks.push(if width(&whole) + 12 <= area.width { whole } else { "off script".to_owned() });
    }
    let mark = canvas.glyphs.spelled(&marks.join("  ")).into_owned();
    let room = area.width.saturating_sub(if mark.is_empty() { 0 } else { width(&mark) + 2 });
    canvas.text(line(area, 0), &shortened(&present.step().title, room), canvas.theme.title());
    if !mark.is_empty() {
        canvas.right(line(area, 0), &mark, canvas.theme.chosen());
    }
}

fn draw_panels(canvas: &mut Canvas<'_>, (state, present): (&State<'_>, &Present), area: Rect, hits: &mut Hits) {
    let shown: Vec<_> = present.step().panels.iter().filter_map(|id| panels::named(id)).collect();
    let machines = state.answers.machines.len() as u16;
    if area.height < machines.min(3) + 1 || shown.is_empty() {
        return;
    }
    // Side by side where each has room for names, bars and numbers; what has none is left out, never cut.
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

/// A complaint, or what was done, in place of the sources until the next key.
fn notice(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let typing = state.overlay.as_ref().is_some_and(Overlay::shows_complaints);
    let Some(notice) = state.notice.as_ref().filter(|_| !typing) else { return };
    let style = if notice.bad { canvas.theme.bad() } else { canvas.theme.good() };
    canvas.text(area, &" ".repeat(usize::from(area.width)), canvas.theme.text());
    canvas.text(area, &notice.text, style);
}
