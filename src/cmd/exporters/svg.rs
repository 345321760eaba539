//! The SVG export: for each machine a bar of the headline figure, with its band as a whisker and its ceiling as an
//! outline. The answer's bar is solid, others that pass are lighter, and those that fail are blank; a dashed line is the
//! limit, so that a grey print tells them apart. The axis is the same in all steps that show the same figure.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::cells;
use super::lines::{broken, cut};
use super::page::{HeadlineFigure, Page, PageStep, Standing};
use super::scale::{Scale, limit, rule};
use crate::model::answer::{Identity, PALETTE};
use crate::model::units::{counted, short_tokens};
use crate::ui::view::theme::{Shade, Theme};

/// Width of a picture, pixels.
pub(super) const WIDTH: f64 = 640.0;
/// The left end of the bars, pixels.
pub(super) const LEFT: f64 = 200.0;
/// The space right of the bars for numbers, pixels.
pub(super) const RIGHT: f64 = 170.0;
/// The distance from one machine to the next, pixels.
const ROW: f64 = 58.0;
/// The height of a bar, pixels.
const BAR: f64 = 30.0;
/// The space left and right of all text, pixels.
const MARGIN: f64 = 24.0;
/// The space above the title, pixels.
const TOP: f64 = 14.0;
/// The space below the last line, pixels.
const BOTTOM: f64 = 18.0;
/// The font size of the title, pixels.
const TITLE: f64 = 26.0;
/// The font size of the subtitle and the verdict, pixels.
const PLAIN: f64 = 17.0;
/// The font size of the footer, pixels.
pub(super) const FOOT: f64 = 13.0;
/// The height of a line, in font sizes.
const LINE: f64 = 1.35;
/// The shapes that mark the machines, the same as in a terminal; each is about 20 pixels wide and centred at 0, 0.
const MARKS: [&str; PALETTE] = [
    "<circle r=\"8\"/>",
    "<path d=\"M0-9 9 8H-9z\"/>",
    "<path d=\"M-8-8H8V8H-8z\"/>",
    "<path d=\"M0-10 2.5-2.5 10 0 2.5 2.5 0 10-2.5 2.5-10 0-2.5-2.5z\"/>",
    "<path d=\"M0 9-9-8H9z\"/>",
    "<path d=\"M0-10 3-3 10-3 4 2 6 9 0 5-6 9-4 2-10-3-3-3z\"/>",
    "<path d=\"M0-9A9 9 0 1 0 0 9 9 9 0 1 0 0-9M0-4A4 4 0 1 1 0 4 4 4 0 1 1 0-4\" fill-rule=\"evenodd\"/>",
    "<path d=\"M-3-9H3V-3H9V3H3V9H-3V3H-9V-3H-3z\"/>",
];

pub(super) fn write(page: &Page<'_>) -> String {
    let heights: Vec<f64> = page.steps.iter().map(|step| height(step) + panels_height(step)).collect();
    let total: f64 = heights.iter().sum();
    let mut out = open(WIDTH, total, page.title);
    let _ = write!(out, "<rect width=\"{WIDTH}\" height=\"{total}\" fill=\"#ffffff\"/>");
    let mut y = 0.0;
    for (step, height) in page.steps.iter().zip(heights) {
        let _ = write!(out, "<g transform=\"translate(0 {y})\">{}{}</g>", body(step, page), panels(step));
        y += height;
    }
    out.push_str("</svg>\n");
    out
}

/// Returns the height of a panel as wide as the picture, with the space below it.
fn panel_height(buffer: &Buffer) -> f64 {
    let (wide, high) = cells::size(buffer);
    f64::from(high) * (WIDTH - 2.0 * MARGIN) / f64::from(wide) + BOTTOM
}

fn panels_height(step: &PageStep<'_>) -> f64 {
    step.panels.iter().map(|(_, buffer)| panel_height(buffer)).sum::<f64>().ceil()
}

/// Returns the step's panels, placed below its headline figure.
fn panels(step: &PageStep<'_>) -> String {
    let mut y = height(step);
    let mut out = String::new();
    for (title, buffer) in &step.panels {
        let (wide, high) = cells::size(buffer);
        let width = WIDTH - 2.0 * MARGIN;
        let height = panel_height(buffer);
        let _ = write!(
            out,
            "<svg x=\"{MARGIN}\" y=\"{}\" width=\"{width}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" {MONO}>{}</svg>",
            px(y),
            px(height - BOTTOM),
            cells::shapes(buffer, title)
        );
        y += height;
    }
    out
}

/// The font of the panels.
const MONO: &str = "font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13\"";

/// Returns one panel as a separate picture.
pub(super) fn panel(title: &str, buffer: &Buffer) -> String {
    let (wide, high) = cells::size(buffer);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" role=\"img\" {MONO}>{}</svg>",
        cells::shapes(buffer, title)
    )
}

/// Returns the picture of one step.
pub(super) fn picture(step: &PageStep<'_>, page: &Page<'_>) -> String {
    format!("{}{}</svg>", open(WIDTH, height(step), &step.step.title), body(step, page))
}

fn open(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"system-ui, \
         sans-serif\"><title>{}</title>",
        escaped(title)
    )
}

/// The lines of text above and below the bars.
struct Words {
    title: Vec<String>,
    subtitle: Vec<String>,
    verdict: Vec<String>,
}

impl Words {
    fn of(step: &PageStep<'_>) -> Self {
        let verdict = step.verdict.split_once(". ").map_or(step.verdict.as_str(), |(first, _)| first);
        let lines = |words: &str, size, bold| broken(words, WIDTH - 2.0 * MARGIN, size, bold);
        Self {
            title: lines(&step.step.title, TITLE, true),
            subtitle: lines(&subtitle(step), PLAIN, false),
            verdict: lines(verdict, PLAIN, true),
        }
    }

    /// Returns the top of the first bar, pixels.
    fn bars(&self) -> f64 {
        TOP + LINE * (TITLE * self.title.len() as f64 + PLAIN * self.subtitle.len() as f64 + FOOT) + 14.0
    }
}

fn height(step: &PageStep<'_>) -> f64 {
    let words = Words::of(step);
    let below = LINE * (PLAIN * words.verdict.len() as f64 + FOOT) + BOTTOM;
    (words.bars() + ROW * step.headline.len() as f64 + below).ceil()
}

fn body(step: &PageStep<'_>, page: &Page<'_>) -> String {
    let mut out = String::new();
    let words = Words::of(step);
    let scale = Scale::of(step, page);
    let y = lines(&mut out, TOP, (TITLE, &colour(Theme::text), "bold"), &words.title);
    lines(&mut out, y, (PLAIN, &colour(Theme::muted), "normal"), &words.subtitle);
    let end = words.bars() + ROW * step.headline.len() as f64;
    let limit = limit(step).filter(|limit| *limit > 0.0);
    scale.ticks(&mut out, (words.bars(), end), limit);
    let identities = step.answers.identities();
    for (at, machine) in step.headline.iter().enumerate() {
        let identity = identities.get(at).copied();
        row(&mut out, (identity, words.bars() + ROW * at as f64), machine, &scale);
    }
    for (at, limit) in limit.into_iter().cycle().take(step.headline.len()).enumerate() {
        let y = words.bars() + ROW * at as f64;
        rule(&mut out, scale.x(limit), (y - 4.0, y + BAR + 4.0));
    }
    let y = end;
    let y = lines(&mut out, y, (PLAIN, &colour(Theme::text), "bold"), &words.verdict);
    let date = page.version.split(' ').next().unwrap_or_default();
    let named =
        [format!("whichbox, catalog {}", page.version), format!("whichbox, catalog {date}"), "whichbox".to_owned()];
    let foot = named.map(|named| format!("{}{named}", key(step)));
    // The longest text that fits on the line.
    let whole = |text: &&String| cut(text, WIDTH - 2.0 * MARGIN, FOOT, false) == **text;
    let foot = foot.iter().find(whole).unwrap_or(&foot[2]).clone();
    lines(&mut out, y, (FOOT, &colour(Theme::muted), "normal"), &[foot]);
    out
}

/// Writes lines below each other from `y` on, and returns the top of the next line.
fn lines(out: &mut String, mut y: f64, style: (f64, &str, &str), words: &[String]) -> f64 {
    for line in words {
        y += style.0 * LINE;
        text(out, (MARGIN, y - style.0 * 0.3), style, line);
    }
    y
}

/// Returns the legend of those parts of the bars that the step has.
fn key(step: &PageStep<'_>) -> String {
    let any = |has: fn(&HeadlineFigure) -> bool| step.headline.iter().any(has);
    let mut parts = Vec::new();
    if any(|machine| machine.ceiling.is_some()) {
        parts.extend(["bar: expected", "outline: ceiling"]);
    }
    if any(|machine| machine.band.is_some_and(|(low, high)| low < high)) {
        parts.push("whiskers: its band");
    }
    if parts.is_empty() { String::new() } else { format!("{}. ", parts.join(", ")) }
}

/// Returns the figure's name with the model, format, streams and context.
fn subtitle(step: &PageStep<'_>) -> String {
    let Some(first) = step.answers.machines.first() else { return String::new() };
    let scenario = &step.step.scenario;
    let format = if step.answers.same_format() { first.format.id.as_str() } else { "each its own format" };
    let (name, streams) = (&first.model.name, counted(scenario.concurrency, "stream"));
    let context = short_tokens(scenario.context);
    format!("{}: {name}, {format}, {streams}, {context} context", step.step.headline.label)
}

fn row(out: &mut String, (identity, y): (Option<Identity>, f64), machine: &HeadlineFigure, scale: &Scale) {
    let fill = colour(|theme| theme.identified(identity));
    let inside = match machine.standing {
        Standing::Winner => fill.clone(),
        Standing::Passes => colour(|theme| {
            let own = theme.identified(identity);
            theme.tint(own, Shade::Half).map_or(own, |tint| own.fg(tint))
        }),
        Standing::Fails(_) => "#ffffff".to_owned(),
    };
    let middle = y + BAR / 2.0;
    match identity {
        Some(Identity::Palette(at)) => {
            let mark = MARKS[at % MARKS.len()];
            let _ = write!(out, "<g transform=\"translate(32 {middle})\" fill=\"{fill}\">{mark}</g>");
        }
        Some(Identity::Letter(letter)) => text(out, (24.0, middle + 6.0), (18.0, &fill, "bold"), letter),
        None => {}
    }
    let name = cut(&machine.machine, LEFT - 54.0, 18.0, true);
    text(out, (50.0, middle + 6.0), (18.0, &fill, "bold"), &name);
    let (standing, tone) = match &machine.standing {
        Standing::Winner => ("✓ the answer".to_owned(), (FOOT, fill.clone(), "bold")),
        Standing::Passes => ("✓ passes".to_owned(), (FOOT, colour(Theme::muted), "normal")),
        Standing::Fails(why) => (format!("✗ {why}"), (FOOT, colour(Theme::bad), "normal")),
    };
    let standing = cut(&standing, WIDTH - LEFT - MARGIN, FOOT, true);
    text(out, (LEFT, y + BAR + 14.0), (tone.0, &tone.1, tone.2), &standing);
    let Some(value) = machine.value.filter(|_| scale.is_drawn()) else {
        let why = cut(&machine.text, WIDTH - LEFT - MARGIN, 18.0, false);
        text(out, (LEFT, middle + 6.0), (18.0, &colour(Theme::bad), "normal"), &why);
        return;
    };
    let x = |value: f64| scale.x(value);
    let end = machine.ceiling.or(machine.band.map(|band| band.1)).map_or(x(value), x).max(x(value));
    if let Some(ceiling) = machine.ceiling {
        let _ = write!(
            out,
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\" fill=\"none\" stroke=\"{fill}\" stroke-width=\"1.5\"/>",
            px(x(ceiling) - LEFT)
        );
    }
    let _ = write!(
        out,
        "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\" fill=\"{inside}\" stroke=\"{fill}\" stroke-width=\"2\"/>",
        px(x(value) - LEFT)
    );
    if let Some((low, high)) = machine.band.filter(|(low, high)| low < high) {
        let (low, high) = (px(x(low)), px(x(high)));
        // A white line below the black one makes the whisker visible on any colour.
        for (stroke, width) in [("#ffffff", 5), ("#000000", 2)] {
            let _ = write!(
                out,
                "<path d=\"M{low} {middle}H{high}M{low} {0}V{1}M{high} {0}V{1}\" \
                 stroke=\"{stroke}\" stroke-width=\"{width}\" fill=\"none\"/>",
                middle - 7.0,
                middle + 7.0
            );
        }
    }
    text(out, (end + 12.0, middle + 7.0), (20.0, &colour(Theme::text), "bold"), &machine.text);
}

pub(super) fn text(out: &mut String, (x, y): (f64, f64), (size, fill, weight): (f64, &str, &str), words: &str) {
    let (x, y, words) = (px(x), px(y), escaped(words));
    let _ = write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\" font-weight=\"{weight}\">{words}</text>"
    );
}

/// Returns a colour of the theme for projectors, which is made for a white background.
pub(super) fn colour(pick: impl Fn(&Theme) -> Style) -> String {
    Theme::named("projector").map_or_else(|_| Theme::hex(Style::new()), |theme| Theme::hex(pick(&theme)))
}

/// Returns a length rounded to a tenth of a pixel.
pub(super) fn px(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Returns text with the special characters of XML and HTML escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
