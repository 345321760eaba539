//! The check that all steps of a deck are readable at common screen sizes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::headline::Plan;
use super::{headline_room, letter_rows};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;
use crate::ui::present::deck::Deck;
use crate::ui::state::{Document, State};
use crate::ui::view::Look;
use crate::ui::view::canvas::{Canvas, width};
use crate::ui::view::glyphs::UNICODE;
use crate::ui::view::theme::Theme;

/// The screen sizes at which a deck must be readable, columns and rows.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Returns the faults of a deck, a sentence each: a title that is cut, or digits that do not fit.
#[must_use]
pub fn overflows(catalog: &Catalog, deck: &Deck) -> Vec<String> {
    let Ok(mut state) = State::new(catalog, Scenario::default(), Document::default()) else { return Vec::new() };
    let Ok(theme) = Theme::named("mono") else { return Vec::new() };
    let look = Look { theme, glyphs: &UNICODE };
    state.present(deck.clone(), 0, None);
    state.motion = false;
    let mut found = Vec::new();
    for at in 0..deck.steps.len() {
        state.show_step(at);
        let Some(present) = &state.present else { continue };
        let title = width(&present.step().title);
        for (columns, rows) in SIZES {
            let area = Rect::new(0, 0, columns, rows);
            // Drawing each step here finds a step that cannot be drawn before an audience does.
            let mut buffer = Buffer::empty(area);
            crate::ui::view::render(&state, &look, area, &mut buffer);
            let canvas = Canvas { buffer: &mut buffer, theme: &look.theme, glyphs: look.glyphs, identities: &[] };
            let room = headline_room(area, letter_rows(&canvas, &state, area));
            let step = at + 1;
            if title > columns {
                found.push(format!("step {step}: the title has {title} columns, {columns}x{rows} has {columns}"));
            }
            if !Plan::of(&state, present, area, room).is_large() {
                found.push(format!("step {step}: the headline has no room for large digits at {columns}x{rows}"));
            }
        }
    }
    found
}
