//! Pure drawing: the state of the explorer into a buffer, with the mouse targets.
//!
//! ```text
//! whichbox  question                                          file
//! the winner's name in large letters, the facts beside it, the changes that would flip it below
//! ▸ Model size    ● DGX Spark  ▲◆■  no box   70.6B  Llama 3.3 70B
//!   …                                              five sliders
//! 1 overview  2 speed  3 memory  …
//! ── Which box where ──────────   ── Decode tok/s  1  5 10  50 ──
//!  64 ▀▀▀▀▀▀▀▀▀▀▀▀▀  ·   ·   ·    ● DGX Spark  ───█▏ 4.63       ✗
//!   1 ▀▀▀▀▀▀▀▀▀▀▀▀▀◆▀▀  ·   ·    ── Bandwidth ──────────────────
//! decode ceiling = 273 GB/s ÷ 43.3 GB/token = 6.31 tok/s · derived from vendor spec
//! ←→ slide  ↑↓ choose  Enter type  o open  ? help  q quit
//! ```

mod axis;
pub mod bar;
pub mod big;
pub mod canvas;
mod chart;
mod compare;
mod facts;
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

pub(crate) use axis::Axis;
pub use formula_line::figure_in_focus;
pub use panels::{panel_cells, panel_markdown};

/// The theme and the glyphs of a screen.
pub struct Look {
    /// Colours by role.
    pub theme: Theme,
    /// The glyphs.
    pub glyphs: &'static Glyphs,
}

/// Draws the whole screen and returns the mouse targets.
pub fn render(state: &State<'_>, look: &Look, area: Rect, buffer: &mut Buffer) -> Hits {
    let identities = state.answers.identities();
    let mut canvas = Canvas { buffer, theme: &look.theme, glyphs: look.glyphs, identities: &identities };
    let mut hits = Hits::default();
    canvas.clear(area);
    if let Some(present) = &state.present {
        stage::draw(&mut canvas, (state, present), area, &mut hits);
        overlay::draw(&mut canvas, state, area, &mut hits);
        canvas.shade_patterns(area);
        look.glyphs.purge(canvas.buffer, area);
        return hits;
    }
    let layout = Layout::of(area);
    let above_hints =
        layout.as_ref().map_or(Rect::default(), |layout| Rect { height: layout.hints.y - area.y, ..area });
    match layout {
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
    lead::draw_notice(&mut canvas, state, above_hints);
    canvas.shade_patterns(area);
    look.glyphs.purge(canvas.buffer, area);
    hits
}

/// Draws the first line: the program, the question or the pinned scenario, and the file.
fn header(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let (title, muted, text) = (canvas.theme.title(), canvas.theme.muted(), canvas.theme.text());
    let changed = if state.is_changed() { " (changed)" } else { "" };
    let file = format!("{}{changed}", state.document.name);
    let room = area.width.saturating_sub(width(&file) + 2);
    canvas.right(area, &file, muted);
    let mut rest = Rect { width: room, ..area };
    rest = skip(rest, canvas.text(rest, "whichbox", title));
    rest = skip(rest, 2);
    // While a scenario is pinned, the figures show changes from it, so it takes precedence over the question.
    let compared = compare::lines(state);
    match longest_of(&compared, rest.width) {
        Some(told) => {
            canvas.text(rest, &canvas.glyphs.spelled(told), muted);
            lead::paint_names(canvas, state, Rect { height: 1, ..rest }, &[told.to_owned()]);
        }
        None => {
            canvas.text(rest, &words::shortened(&state.scenario.title, rest.width), text);
        }
    }
}

fn draw_panels(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let panels = panels::of(state.view());
    let areas = grid::areas(area, state, &panels);
    for (at, (panel, area)) in panels.iter().zip(areas).enumerate().filter(|(_, (_, area))| !area.is_empty()) {
        let (chosen, around) = match state.focus {
            Focus::Panel { panel, machine } => (Some(machine).filter(|_| panel == at), machine),
            Focus::Slider(_) | Focus::Cell { .. } => (None, 0),
        };
        let mut input = PanelInput::of(state, canvas.glyphs, chosen, around);
        input.charts_alone = grid::is_overview(state) && !state.zoomed && grid::is_curve(panel);
        panel.draw(canvas, area, (at, &input), hits);
    }
}
