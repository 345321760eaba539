//! The links of a picture (OSC 8), and the cells whose link has changed.

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Position, Rect};

use super::screen::Link;

/// Longest address that is sent to a terminal, in bytes.
const LONGEST: usize = 2048;

/// The links of the picture that is shown.
#[derive(Debug, Default)]
pub(super) struct Links {
    shown: Vec<Link>,
}

impl Links {
    /// Replaces the links and returns the areas whose link has changed.
    pub fn replace(&mut self, links: &[Link]) -> Vec<Rect> {
        let next: Vec<Link> = links.iter().filter(|link| is_plain(&link.url)).cloned().collect();
        let gone = self.shown.iter().filter(|link| !next.contains(link));
        let come = next.iter().filter(|link| !self.shown.contains(link));
        let changed = gone.chain(come).map(|link| link.area).collect();
        self.shown = next;
        changed
    }

    /// Returns the index of the link at a cell.
    pub fn at(&self, at: Position) -> Option<usize> {
        self.shown.iter().position(|link| link.area.contains(at))
    }

    /// Returns the address of a link; empty for `None`, because an empty address ends a link.
    pub fn url(&self, index: Option<usize>) -> &str {
        index.and_then(|index| self.shown.get(index)).map_or("", |link| &link.url)
    }
}

/// Sets how the cells of some areas are compared with the previous picture.
pub(super) fn mark(buffer: &mut Buffer, areas: &[Rect], option: CellDiffOption) {
    for area in areas {
        for at in area.intersection(buffer.area).positions() {
            buffer[at].set_diff_option(option);
        }
    }
}

/// Returns true for an address that may be sent to a terminal: http or https, with no byte that could end the sequence.
fn is_plain(url: &str) -> bool {
    let known = url.starts_with("https://") || url.starts_with("http://");
    known && url.len() <= LONGEST && url.bytes().all(|byte| byte.is_ascii_graphic())
}
