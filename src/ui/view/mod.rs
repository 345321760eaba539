//! Pure drawing: the state of the explorer onto a buffer, and what lies where for the mouse.
//!
//! ```text
//! whichbox  question  from 41 streams: DGX Spark              file
//! the answer in a sentence, and why the others are not
//! ── You run ──────────────────────────────────────────────────
//! ▸ Model size    ────────◆────────────   70.6B  Llama 3.3 70B
//!   …                                              five sliders
//! 1 overview  2 speed  3 memory  …
//! ── Bandwidth ────────────────   ── Decode ───────────────────
//! ● DGX Spark  ██▓░        273   ● DGX Spark  ▒█▒ ┃    5.1
//! ── Memory ───────────────────   ── Cost per GB ──────────────
//! decode ceiling = 273 GB/s ÷ 43.3 GB/token = 6.31 tok/s · derived from vendor spec
//! ←→ slide  ↑↓ choose  Enter type  o open  ? help  q quit
//! ```

mod axis;
pub mod bar;
pub mod canvas;
mod chart;
mod compare;
mod formula_line;
pub mod glyphs;
mod grid;
mod hints;
pub mod hit;
mod layout;
pub(in crate::ui) mod lead;
pub mod panels;
mod scatter;
mod sheet;
mod slider;
mod tabs;
pub mod theme;
pub(crate) mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::overlay;
use crate::ui::present::view as stage;
use crate::ui::state::{Focus, State};
use canvas::{Canvas, longest_of, skip, width};
use glyphs::Glyphs;
use hit::Hits;
use layout::Layout;
use panels::PanelInput;
use theme::Theme;

pub use formula_line::figure_in_focus;
pub use panels::panel_markdown;

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
    if let Some(present) = &state.present {
        stage::draw(&mut canvas, (state, present), area, &mut hits);
        overlay::draw(&mut canvas, state, area, &mut hits);
        look.glyphs.purge(canvas.buffer, area);
        return hits;
    }
    match Layout::of(area) {
        None => lead::card(&mut canvas, state, area),
        Some(layout) => {
            header(&mut canvas, state, layout.header);
            lead::draw(&mut canvas, state, layout.answer);
            slider::draw(&mut canvas, state, layout.sliders, &mut hits);
            tabs::draw(&mut canvas, state, layout.views, &mut hits);
            match &state.sheet {
                Some(page) => sheet::draw(&mut canvas, state, page, layout.body, &mut hits),
                None => draw_panels(&mut canvas, state, layout.body, &mut hits),
            }
            formula_line::draw(&mut canvas, state, layout.formula);
            hints::draw(&mut canvas, state, layout.hints, &mut hits);
        }
    }
    overlay::draw(&mut canvas, state, area, &mut hits);
    look.glyphs.purge(canvas.buffer, area);
    hits
}

/// The first line: what is compared with, or where the answer flips, as much as fits whole beside the file and, where it
/// fits, the question.
fn header(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let (title, muted, text) = (canvas.theme.title(), canvas.theme.muted(), canvas.theme.text());
    let changed = if state.is_changed() { " (changed)" } else { "" };
    let file = format!("{}{changed}", state.document.name);
    let room = area.width.saturating_sub(width(&file) + 2);
    canvas.right(area, &file, muted);
    let mut rest = Rect { width: room, ..area };
    rest = skip(rest, canvas.text(rest, "whichbox", title));
    // What is compared with goes before the flips: the figures tell their changes against it.
    let compared = compare::lines(state);
    let room = rest.width.saturating_sub(2);
    let shown =
        if compared.is_empty() { flip_line(state, room) } else { longest_of(&compared, room).map(str::to_owned) };
    let question = format!("  {}", state.scenario.title);
    let both = shown.as_ref().map_or(0, |flips| width(flips) + 2) + width(&question) <= rest.width;
    if both || shown.is_none() {
        rest = skip(rest, canvas.text(rest, &question, text));
    }
    if let Some(flips) = shown {
        canvas.text(skip(rest, 2), &canvas.glyphs.spelled(&flips), muted);
        let place = skip(rest, 2);
        lead::paint_names(canvas, state, Rect { height: 1, ..place }, &[flips]);
    }
}

/// Flips that are told at most.
const FLIPS: usize = 6;

/// The nearest flips in one line, as many as fit; nothing where none does.
fn flip_line(state: &State<'_>, room: u16) -> Option<String> {
    let mut told = String::new();
    for flip in state.around.flips.iter().take(FLIPS) {
        let before = told.len();
        if before > 0 {
            told.push_str(" · ");
        }
        flip.tell(&mut told, &state.answers);
        if width(&told) > room {
            told.truncate(before);
            break;
        }
    }
    (!told.is_empty()).then_some(told)
}

fn draw_panels(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let panels = panels::of(state.view());
    let areas = grid::areas(area, state, &panels);
    for (at, (panel, area)) in panels.iter().zip(areas).enumerate().filter(|(_, (_, area))| !area.is_empty()) {
        let (chosen, around) = match state.focus {
            Focus::Panel { panel, machine } => (Some(machine).filter(|_| panel == at), machine),
            Focus::Slider(_) | Focus::Cell { .. } => (None, 0),
        };
        let input = PanelInput::of(state, canvas.glyphs, chosen, around);
        panel.draw(canvas, area, (at, &input), hits);
    }
}
