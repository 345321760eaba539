//! Pure drawing: the state of the explorer onto a buffer, and what lies where for the mouse.
//!
//! ```text
//! whichbox  question                                        file
//! the answer in a sentence, and why the others are not
//! ── You run ──────────────────────────────────────────────────
//! ▸ Model size    ────────◆────────────   70.6B  Llama 3.3 70B
//!   …                                              five sliders
//! ── Bandwidth ────────────────   ── Decode ───────────────────
//! ● DGX Spark  ██▓░        273   ● DGX Spark  ▒█▒ ┃    5.1
//! ── Memory ───────────────────   ── Cost per GB ──────────────
//! decode ceiling = 273 GB/s ÷ 43.3 GB/token = 6.31 tok/s · derived from vendor spec
//! ←→ slide  ↑↓ choose  Enter type  o open  ? help  q quit
//! ```

pub mod canvas;
mod formula_line;
pub mod hit;
mod layout;
mod overlay;
pub mod panels;
mod sentence;
mod slider;
pub mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{Focus, State};
use crate::input::{ACTIONS, Context};
use canvas::{Canvas, line, skip, width};
use hit::{Hits, Target};
use layout::Layout;
use panels::{PANELS, PanelInput};
use theme::{Glyphs, Theme};

pub use sentence::{answer_line, reasons};

/// Colours and marks of one screen.
pub struct Look {
    /// Colours by role.
    pub theme: Theme,
    /// Marks.
    pub glyphs: &'static Glyphs,
}

/// Draws the whole screen and says what lies where.
pub fn render(state: &State<'_>, look: &Look, area: Rect, buffer: &mut Buffer) -> Hits {
    let mut canvas = Canvas { buffer, theme: &look.theme, glyphs: look.glyphs };
    let mut hits = Hits::default();
    canvas.clear(area);
    match Layout::of(area, state) {
        None => card(&mut canvas, state, area),
        Some(layout) => {
            header(&mut canvas, state, layout.header);
            answer(&mut canvas, state, layout.answer);
            slider::draw(&mut canvas, state, layout.sliders, &mut hits);
            for (at, panel) in layout.panels.iter().enumerate() {
                draw_panel(&mut canvas, state, *panel, at, &mut hits);
            }
            formula(&mut canvas, state, layout.formula);
            hints(&mut canvas, state, layout.hints);
        }
    }
    overlay::draw(&mut canvas, state, area, &mut hits);
    hits
}

/// A screen too small for the explorer: the answer, as much of it as there is room for.
fn card(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let text = format!("{} {}", answer_line(state), "A larger window shows more.");
    let style = canvas.theme.text();
    for (row, words) in sentence::wrap(&text, area.width).iter().enumerate() {
        canvas.text(line(area, row as u16), words, style);
    }
}

fn header(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let (title, muted, text) = (canvas.theme.title(), canvas.theme.muted(), canvas.theme.text());
    let changed = if state.is_changed() { " (changed)" } else { "" };
    let file = format!("{}{changed}", state.document.name);
    let question = state.scenario.title.clone();
    let room = area.width.saturating_sub(width(&file) + 2);
    canvas.spans(
        Rect { width: room, ..area },
        &[("whichbox", title), ("  which box for which job  ", muted), (&question, text)],
    );
    canvas.right(area, &file, muted);
}

fn answer(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    if let Some(notice) = &state.notice {
        let style = if notice.bad { canvas.theme.bad() } else { canvas.theme.good() };
        for (row, words) in sentence::wrap(&notice.text, area.width).iter().take(usize::from(area.height)).enumerate() {
            canvas.text(line(area, row as u16), words, style);
        }
        return;
    }
    let style = canvas.theme.title();
    let first = sentence::wrap(&answer_line(state), area.width);
    let mut row = 0;
    for words in first.iter().take(usize::from(area.height)) {
        canvas.text(line(area, row), words, style);
        row += 1;
    }
    let why = reasons(state);
    let style = canvas.theme.muted();
    for words in sentence::wrap(&why, area.width) {
        if row >= area.height {
            break;
        }
        canvas.text(line(area, row), &words, style);
        row += 1;
    }
}

fn draw_panel(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, at: usize, hits: &mut Hits) {
    let Some(panel) = PANELS.get(at) else { return };
    let focused = matches!(state.focus, Focus::Panel { panel, .. } if panel == at);
    let chosen = match state.focus {
        Focus::Panel { panel, machine } if panel == at => Some(machine),
        _ => None,
    };
    let input = PanelInput { catalog: state.catalog, answers: &state.answers, chosen };
    canvas.heading(line(area, 0), panel.title, &(panel.remark)(&input), focused);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    (panel.draw)(canvas, body, &input);
    hits.add(area, Target::Panel(at));
    for machine in 0..state.answers.machines.len() {
        let row = panel.machine_line(body, state.answers.machines.len(), machine);
        hits.add(row, Target::Row { panel: at, machine });
    }
}

fn formula(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let (text, muted) = (canvas.theme.text(), canvas.theme.muted());
    let (subject, formula) = formula_line::formula_line(state);
    let used = canvas.text(area, &format!("{subject}  "), muted);
    let whole = sentence::wrap(&formula, area.width.saturating_sub(used).max(20));
    let mut rest = skip(area, used);
    for (row, words) in whole.iter().take(usize::from(area.height)).enumerate() {
        if row > 0 {
            rest = area;
        }
        canvas.text(line(rest, row as u16), words, text);
    }
}

fn hints(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let context = state.context();
    let (key_style, text) = (canvas.theme.focus(), canvas.theme.muted());
    let mut rest = area;
    for row in ACTIONS.iter().filter(|row| !row.hint.is_empty() && row.contexts.contains(&context)) {
        let Some(key) = row.keys.first() else { continue };
        let key = hint_key(key, context);
        let hint = format!(" {}  ", row.hint);
        if width(&key) + width(&hint) > rest.width {
            continue;
        }
        rest = skip(rest, canvas.text(rest, &key, key_style));
        rest = skip(rest, canvas.text(rest, &hint, text));
    }
}

/// The keys of a hint: opposite arrows are shown as a pair.
fn hint_key(key: &str, context: Context) -> String {
    match (key, context) {
        ("Right", Context::Explore) => "←→".to_owned(),
        ("Down", _) => "↑↓".to_owned(),
        ("]", _) => "[ ]".to_owned(),
        _ => key.to_owned(),
    }
}
