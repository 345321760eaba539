//! A page of sentences, wrapped to its width.

use ratatui::layout::Rect;

use super::{Component, Outcome, window};
use crate::ui::input::{Action, Context, Keymap};
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::hit::Hits;
use crate::ui::view::words::{units_firm, wrap};

/// A page of sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The title.
    pub title: String,
    /// The sentences.
    pub lines: Vec<String>,
    /// Number of lines above the first one shown.
    pub scroll: usize,
}

impl Component for Page {
    fn context(&self) -> Context {
        Context::Page
    }

    fn handle(&mut self, _: &mut State<'_>, _: Action, _: u64) -> Outcome {
        Outcome::Unhandled
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        draw(canvas, &state.keymap, area, self, hits);
    }

    fn scroll(&mut self, rows: isize) {
        self.scroll = self.scroll.saturating_add_signed(rows);
    }
}

/// Greatest width of the box, in columns.
const COLUMNS: u16 = 90;

/// Draws the page from its first line shown.
fn draw(canvas: &mut Canvas<'_>, keymap: &Keymap, area: Rect, page: &Page, hits: &mut Hits) {
    let columns = COLUMNS.min(area.width);
    let sentences = page.lines.iter().map(|sentence| units_firm(&canvas.glyphs.spelled(sentence)));
    let lines: Vec<String> = sentences.flat_map(|words| wrap(&words, columns.saturating_sub(4))).collect();
    let remark = keymap.told("{close} closes");
    let inside = window(canvas, area, (columns, lines.len() as u16 + 2), (&page.title, &remark), hits);
    let hidden = lines.len().saturating_sub(usize::from(inside.height));
    let style = canvas.theme.text();
    for (at, words) in lines.iter().skip(page.scroll.min(hidden)).take(usize::from(inside.height)).enumerate() {
        let place = line(inside, at as u16);
        canvas.text(place, words, style);
        link(place, words, hits);
    }
}

/// Registers the web addresses in a line as links.
fn link(place: Rect, words: &str, hits: &mut Hits) {
    let starts = words.match_indices("http").map(|(at, _)| at);
    for at in starts.filter(|at| *at == 0 || words[..*at].ends_with(' ')) {
        let url = words[at..].split(' ').next().unwrap_or_default();
        let rest = skip(place, width(&words[..at]));
        if url.contains("://") && !rest.is_empty() {
            hits.links.push((Rect { width: width(url).min(rest.width), ..rest }, url.to_owned()));
        }
    }
}
