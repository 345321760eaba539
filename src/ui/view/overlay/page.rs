//! A page of sentences to read, each broken into as many lines as it needs.

use ratatui::layout::Rect;

use super::window;
use crate::ui::input::Keymap;
use crate::ui::state::Page;
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::hit::Hits;
use crate::ui::view::words::{units_firm, wrap};

/// Columns of the box at most.
const COLUMNS: u16 = 90;

/// Draws the page from its scrolled place.
pub(super) fn draw(canvas: &mut Canvas<'_>, keymap: &Keymap, area: Rect, page: &Page, hits: &mut Hits) {
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

/// Lets the addresses of a line be links.
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
