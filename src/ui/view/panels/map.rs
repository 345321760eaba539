//! The map of winners, "which box where": the colour of the winner at each pair of values of two inputs.
//!
//! ```text
//! ── Which box where streams × model size ──
//! 256 ▀▀▀▀▀▀▀▀·   ·   ·
//!  64 ▀▀▀▀▀▀▀▀▀▀▀▀▀▀  ·
//!   1 ▀▀▀▀▀▀▀▀▀▀◆▀▀▀▀▀▀▀
//!     1B  5B 10B 50B 100B
//! ```
//! A cell of the screen shows two cells of the map. Their colour is half the machine's colour if the whole band agrees
//! and fainter if not; dots mean that no machine passes. Without colours, and with seven-bit glyphs, each cell is the
//! winner's sign, only in every second column where the win is unsure.

use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::{Panel, PanelInput};
use crate::model::answer::{MapAxis, MapCell, WinnerMap};
use crate::model::units::Unit;
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::{Canvas, line, longest_of, skip, width};
use crate::ui::view::hit::{Hits, Target};
use crate::ui::view::theme::Shade;
use crate::ui::view::words::first_words;

/// The panel.
pub static PANEL: Panel = Panel::picture("map", "Which box where", "decode.expected", (remarks, draw));

/// Width of the labels left of the map, in columns.
const LABELS: u16 = 5;
/// Columns and lines between two dots where no machine passes.
const DOTS: (u16, u16) = (6, 2);
/// Columns and lines between two signs of a machine in its area. The signs distinguish areas whose colours look alike.
const SIGNS: (u16, u16) = (8, 3);

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let [x, y] = input.map.axes();
    let short = |label: &'static str| label.rsplit(' ').next().unwrap_or(label);
    vec![
        format!("{} × {}, all else as above", x.label, y.label),
        format!("{} × {}", x.label, y.label),
        format!("{} × {}", short(x.label), short(y.label)),
        String::new(),
    ]
}

/// Returns the axis with the labels of charts.
fn axis(of: &MapAxis) -> Axis {
    Axis { from: of.ends.0, to: of.ends.1, log: true, unit: of.unit }
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, (at, hits): (usize, &mut Hits)) {
    let lines = area.height;
    let below = 1 + u16::from(lines >= 8);
    let plot = Rect { height: lines.saturating_sub(below), ..skip(area, LABELS) };
    let Some(cells) = input.map.cells().filter(|_| !plot.is_empty()) else { return };
    hits.add(plot, Target::Map(at));
    let grid = Grid::of(cells, plot);
    let tints = tints(canvas, input.answers.machines.len());
    let tints = tints.as_deref();
    for row in 0..plot.height {
        for column in 0..plot.width {
            place(canvas, plot, (column, row), grid.at(column, row), tints);
        }
    }
    let [x, y] = input.map.axes();
    let now = [x, y].map(|axis| axis.place_of(input.catalog, input.scenario));
    let here = now.map(|place| place.map(|place| place.clamp(0.0, 1.0)));
    names(canvas, plot, (input, here[1].map(|y| row_of(plot, y))), &grid, tints.is_some());
    if let [Some(x), Some(y)] = here {
        mark(canvas, plot, (x, y), (canvas.glyphs.knob, canvas.theme.chosen()));
    }
    if let Some(cursor) = input.map.cursor_place().filter(|_| input.chosen.is_some()) {
        mark(canvas, plot, cursor, (canvas.glyphs.cursor, canvas.theme.chosen()));
    }
    upright(canvas, (area, plot), y, now[1]);
    level(canvas, Rect { y: plot.bottom(), height: 1, ..plot }, x, now[0]);
    if below > 1 {
        foot(canvas, Rect { y: plot.bottom() + 1, height: 1, ..area }, input);
    }
}

fn foot(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let knob = canvas.glyphs.knob;
    let told = if input.chosen.is_some() {
        let go = if input.map.cursor.is_some() { "Enter goes there" } else { "arrows choose a place" };
        vec![format!("{go}   [ ] other inputs"), go.to_owned()]
    } else {
        vec![
            format!("{knob} you   faint: the band reaches over the border   dots: no box"),
            format!("{knob} you   faint: perhaps   dots: no box"),
            format!("{knob} you  faint: perhaps  dots: none"),
            format!("{knob} you   faint: perhaps"),
            format!("{knob} you"),
        ]
    };
    if let Some(text) = longest_of(&told, area.width) {
        canvas.text(area, text, canvas.theme.muted());
    }
}

/// Returns two colours per machine, for a sure and for an unsure win; `None` if the map is drawn with signs.
fn tints(canvas: &Canvas<'_>, machines: usize) -> Option<Vec<[Color; 2]>> {
    let tint = |at: usize, shade| canvas.theme.tint(canvas.machine(at), shade);
    let both = |at: usize| Some([tint(at, Shade::Half)?, tint(at, Shade::Faint)?]);
    if canvas.glyphs.seven_bit { None } else { (0..machines).map(both).collect() }
}

/// Draws a mark at a position, 0..=1 on both axes.
fn mark(canvas: &mut Canvas<'_>, plot: Rect, (x, y): (f64, f64), (glyph, style): (&str, Style)) {
    let column = ((x * f64::from(plot.width)) as u16).min(plot.width - 1);
    canvas.put(line(plot, row_of(plot, y)), column, glyph, style);
}

/// Returns the row of a position on the vertical axis, 0..=1.
fn row_of(plot: Rect, y: f64) -> u16 {
    (((1.0 - y) * f64::from(plot.height)) as u16).min(plot.height - 1)
}

/// The cells of the map, by their position on the screen.
struct Grid {
    columns: u16,
    /// The upper and the lower map cell of each screen cell, row by row from the top.
    places: Vec<[MapCell; 2]>,
}

impl Grid {
    fn of(cells: &WinnerMap, plot: Rect) -> Self {
        let both = |row: u16, column: u16| {
            let x = (f64::from(column) + 0.5) / f64::from(plot.width);
            [0.25, 0.75].map(|part| cells.at(x, 1.0 - (f64::from(row) + part) / f64::from(plot.height)))
        };
        let places = (0..plot.height).flat_map(|row| (0..plot.width).map(move |column| both(row, column)));
        Self { columns: plot.width, places: places.collect() }
    }

    fn at(&self, column: u16, row: u16) -> [MapCell; 2] {
        self.places[usize::from(row) * usize::from(self.columns) + usize::from(column)]
    }
}

fn place(
    canvas: &mut Canvas<'_>,
    plot: Rect,
    (column, row): (u16, u16),
    both: [MapCell; 2],
    tints: Option<&[[Color; 2]]>,
) {
    let area = line(plot, row);
    let colour = |cell: MapCell| {
        let tints = tints?;
        match cell.winner {
            Some(winner) => tints.get(winner).map(|[sure, unsure]| if cell.sure { *sure } else { *unsure }),
            None => Some(canvas.theme.background),
        }
    };
    let dotted = (column % DOTS.0, row % DOTS.1) == (DOTS.0 / 2, 0);
    let colours = both.map(colour);
    match (colours, both.map(|cell| cell.winner)) {
        (_, [None, None]) => {
            if dotted {
                canvas.put(area, column, canvas.glyphs.none, canvas.theme.rule());
            }
        }
        ([Some(upper), Some(lower)], winners) if upper == lower && winners[0].is_some() => {
            canvas.put(area, column, " ", Style::reset().fg(upper).bg(upper));
            if let Some(winner) = winners[0].filter(|_| (column % SIGNS.0, row % SIGNS.1) == (SIGNS.0 / 2, 1)) {
                canvas.put(area, column, canvas.sign(winner), canvas.machine(winner).bg(upper));
            }
        }
        ([Some(upper), Some(lower)], _) => {
            canvas.put(area, column, canvas.glyphs.halves[1], Style::reset().fg(upper).bg(lower));
        }
        _ => {
            let cell = if both[0].winner.is_some() { both[0] } else { both[1] };
            let shown = cell.sure || column % 2 == 0;
            if let Some(winner) = cell.winner.filter(|_| shown) {
                canvas.put(area, column, canvas.sign(winner), canvas.machine(winner));
            }
        }
    }
}

/// Draws the first words of each machine's name in the longest row of its area. The row `taken` is used only if the
/// area has no other.
fn names(
    canvas: &mut Canvas<'_>,
    plot: Rect,
    (input, taken): (&PanelInput<'_>, Option<u16>),
    grid: &Grid,
    tinted: bool,
) {
    for (at, answer) in input.answers.machines.iter().enumerate() {
        let (mut best, mut found) = (0, None);
        for row in 0..plot.height {
            let mut run = 0;
            for column in 0..plot.width {
                let own = grid.at(column, row).iter().all(|cell| cell.winner == Some(at));
                run = if own { run + 1 } else { 0 };
                // Of equally long rows, those in the middle of the map are preferred to those at its edges.
                let middle = plot.height / 2 - (plot.height / 2).abs_diff(row);
                // In the row of the current scenario, its mark could cover the name.
                let score = if taken == Some(row) { run } else { 8 * run + middle };
                if run > 0 && score > best {
                    (best, found) = (score, Some((column + 1 - run, row, run)));
                }
            }
        }
        let Some((start, row, run)) = found else { continue };
        let label = match first_words(&answer.machine.short, input.answers, usize::from(run.saturating_sub(2))) {
            Some(name) => format!("{} {name}", canvas.sign(at)),
            None => canvas.sign(at).to_owned(),
        };
        // In a map of signs, a blank on both sides separates the name from them if the row is long enough.
        let apart = !tinted && width(&label) + 2 <= run;
        let label = if apart { format!(" {label} ") } else { label };
        let columns = width(&label);
        let place = Rect { width: columns, ..skip(line(plot, row), start + (run - columns) / 2) };
        for (column, letter) in label.chars().enumerate() {
            canvas.over(place, column as u16, letter.encode_utf8(&mut [0; 4]), canvas.theme.title());
        }
    }
}

/// Returns the values to label along an axis, with room for labels of `columns` columns on `room` columns.
fn labelled(of: &MapAxis, (columns, room): (u16, u16)) -> Vec<f64> {
    let axis = axis(of);
    match of.unit {
        Unit::Count | Unit::Tokens => axis.doublings(columns, room),
        _ => axis.marks(),
    }
}

/// Returns the label of a position: its value, or the value at the end of the axis that it lies beyond, as `>256`.
fn labelled_at(of: &MapAxis, place: f64) -> String {
    let value = axis(of).short(of.value(place));
    match place {
        _ if place > 1.0 + 1e-9 => format!(">{value}"),
        _ if place < -1e-9 => format!("<{value}"),
        _ => value,
    }
}

/// Draws the labels left of the map; the current value takes precedence.
fn upright(canvas: &mut Canvas<'_>, (area, plot): (Rect, Rect), of: &MapAxis, here: Option<f64>) {
    let mut taken: Vec<u16> = Vec::new();
    let values = labelled(of, (2, plot.height)).into_iter().map(|value| (of.place(value), canvas.theme.muted()));
    let now = here.map(|place| (place, canvas.theme.focus()));
    for (place, style) in now.into_iter().chain(values.collect::<Vec<_>>()) {
        let row = row_of(plot, place.clamp(0.0, 1.0));
        if taken.iter().all(|other| other.abs_diff(row) >= 2) {
            taken.push(row);
            canvas.right(Rect { width: LABELS - 1, ..line(area, row) }, &labelled_at(of, place), style);
        }
    }
}

/// Draws the labels below the map; the current value takes precedence.
fn level(canvas: &mut Canvas<'_>, area: Rect, of: &MapAxis, here: Option<f64>) {
    let mut taken: Vec<(u16, u16)> = Vec::new();
    let muted = canvas.theme.muted();
    let values = labelled(of, (7, area.width)).into_iter().map(|value| (of.place(value), muted));
    let now = here.map(|place| (place, canvas.theme.focus()));
    for (place, style) in now.into_iter().chain(values) {
        let label = labelled_at(of, place);
        let columns = width(&label);
        let Some(last) = area.width.checked_sub(columns) else { continue };
        let middle = (place.clamp(0.0, 1.0) * f64::from(area.width)) as u16;
        let start = middle.saturating_sub(columns / 2).min(last);
        if taken.iter().all(|(from, to)| start > *to || start + columns < *from) {
            taken.push((start, start + columns));
            canvas.text(Rect { width: columns, ..skip(area, start) }, &label, style);
        }
    }
}
