//! The headline figure of each machine in large digits, with its standing below it.

use ratatui::layout::Rect;

use super::digits::{self, Size};
use super::spelled_line;
use super::status::{self, Standing};
use crate::model::answer::{Answer, Figure, written};
use crate::model::units::{Amount, Unit};
use crate::ui::present::Present;
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, longest_of, width};
use crate::ui::view::words::shortened;

/// Number of lines around the digits: the name above, the unit and the standing below.
const AROUND: u16 = 3;
/// Number of machines that must fit with large digits; for fewer, the digits get smaller.
const LEAST: usize = 3;

/// The machines that get a column, and the size of their digits; without a size each number is a line of text.
pub(super) struct Plan {
    machines: Vec<usize>,
    size: Option<Size>,
}

impl Plan {
    /// Plans the columns for `rows` rows in an area. All steps of a deck have the same size of digits, so that it does
    /// not change in a transition.
    pub(super) fn of(state: &State<'_>, present: &Present, area: Rect, rows: u16) -> Self {
        let count = state.answers.machines.len();
        let deck = size_for(present.numbers.iter().map(Vec::as_slice), area.width, rows);
        let own: Vec<String> = (0..count).filter_map(|at| number(state, present.step().headline, at)).collect();
        // A detour may have wider numbers than the deck.
        let size =
            deck.filter(|size| fits(*size, &own, area.width)).or_else(|| size_for([own.as_slice()], area.width, rows));
        match size {
            Some(size) => {
                Self { machines: first(state, present, columns_of(size, &own, area.width)), size: Some(size) }
            }
            None => Self { machines: (0..count).collect(), size: None },
        }
    }

    /// Returns true if the numbers are in large digits.
    pub(super) fn is_large(&self) -> bool {
        self.size.is_some()
    }

    /// Returns the number of machines that are shown, each in a column or in a line.
    pub(super) fn shown(&self) -> usize {
        self.machines.len()
    }

    /// Returns the number of rows of all columns.
    pub(super) fn rows(&self) -> u16 {
        self.size.map_or(self.machines.len() as u16, |size| size.rows() + AROUND)
    }
}

/// Returns the largest size at which the numbers of each step fit side by side.
fn size_for<'n>(steps: impl IntoIterator<Item = &'n [String]>, columns: u16, rows: u16) -> Option<Size> {
    let steps: Vec<&[String]> = steps.into_iter().collect();
    let tall = |size: &Size| size.rows() + AROUND <= rows;
    digits::sizes().filter(tall).find(|size| steps.iter().all(|numbers| fits(*size, numbers, columns)))
}

/// Returns true if the numbers fit side by side, or at least [`LEAST`] of them.
fn fits(size: Size, numbers: &[String], columns: u16) -> bool {
    columns_of(size, numbers, columns) >= LEAST.min(numbers.len())
}

/// Returns how many of the numbers fit side by side.
fn columns_of(size: Size, numbers: &[String], columns: u16) -> usize {
    let widest = numbers.iter().map(|number| size.width(number).unwrap_or(u16::MAX)).max().unwrap_or(0);
    if numbers.is_empty() {
        return usize::from(columns / 10);
    }
    usize::from(columns / widest.saturating_add(2).max(1))
}

/// Returns the machines that get one of `shown` columns: first the highlighted ones and the winner, then the others.
fn first(state: &State<'_>, present: &Present, shown: usize) -> Vec<usize> {
    let count = state.answers.machines.len();
    let wanted = present.step().highlight.iter().copied().chain(present.spotlight).chain(state.answers.verdict.winner);
    let mut machines: Vec<usize> = Vec::new();
    for at in wanted.chain(0..count) {
        if machines.len() < shown && at < count && !machines.contains(&at) {
            machines.push(at);
        }
    }
    machines.sort_unstable();
    machines
}

/// Returns the number of a machine as drawn: with the sign of its currency, without its unit.
fn number(state: &State<'_>, figure: &Figure, at: usize) -> Option<String> {
    state.answers.machines.get(at).and_then(|answer| number_of(answer, figure))
}

/// Returns the number of an answer as drawn: with the sign of its currency, without its unit.
pub(in crate::ui) fn number_of(answer: &Answer<'_>, figure: &Figure) -> Option<String> {
    let amount = written(answer, figure)?;
    let sign = if amount.to_string().starts_with('$') { "$" } else { "" };
    Some(format!("{sign}{}", amount.number()))
}

/// Draws one column per machine, or one line per machine if large digits do not fit.
pub(super) fn draw(canvas: &mut Canvas<'_>, (state, present): (&State<'_>, &Present), area: Rect, plan: &Plan) {
    let columns = area.width / (plan.machines.len().max(1) as u16);
    for (place, at) in plan.machines.iter().enumerate() {
        let Some(answer) = state.answers.machines.get(*at) else { continue };
        let Some(size) = plan.size else {
            in_line(canvas, (state, present), line(area, place as u16), (*at, answer));
            continue;
        };
        let area = Rect { x: area.x + place as u16 * columns, width: columns.saturating_sub(1), ..area };
        column(canvas, (state, present), (area, size), (*at, answer));
    }
}

/// Draws the name and the number of a machine in a line; the number is drawn whole or not at all.
fn in_line(
    canvas: &mut Canvas<'_>,
    (state, present): (&State<'_>, &Present),
    area: Rect,
    (at, answer): (usize, &Answer<'_>),
) {
    let style = canvas.machine(at);
    let amount = written(answer, present.step().headline);
    let words = amount.map_or_else(|| why_not(canvas, answer), |amount| amount.to_string());
    canvas.right(area, &words, style);
    let room = Rect { width: area.width.saturating_sub(width(&words) + 1), ..area };
    let chosen = if Standing::of(state, at) == Standing::Winner { canvas.glyphs.yes } else { "" };
    let name = shortened(&answer.machine.short, room.width.saturating_sub(4));
    canvas.text(room, &format!("{} {name} {chosen}", canvas.sign(at)), style);
}

fn column(
    canvas: &mut Canvas<'_>,
    (state, present): (&State<'_>, &Present),
    (area, size): (Rect, Size),
    (at, answer): (usize, &Answer<'_>),
) {
    let dimmed = present.spotlight.is_some_and(|spot| spot != at);
    let looked_at = present.spotlight == Some(at) || present.step().highlight.contains(&at);
    let standing = Standing::of(state, at);
    let own = if dimmed { canvas.theme.rule() } else { canvas.machine(at) };
    let style = if standing == Standing::Fails && !looked_at { canvas.theme.receding() } else { own };
    let name = format!("{} {}", canvas.sign(at), shortened(&answer.machine.short, area.width.saturating_sub(2)));
    let marked = looked_at || (standing == Standing::Winner && !dimmed);
    let name_style = if marked { canvas.machine_reversed(at) } else { own };
    canvas.text(line(area, 0), &name, name_style);
    let below = |row: u16| Rect { y: area.y + row, height: area.height.saturating_sub(row), ..area };
    let tall = size.rows();
    if let Some(amount) = written(answer, present.step().headline) {
        let number = number(state, present.step().headline, at).unwrap_or_default();
        let ink = Rect { height: tall.min(below(1).height), ..below(1) };
        digits::draw(canvas, ink, &number, (size, style));
        let unit = match change(canvas, (state, present), answer) {
            changed if changed.is_empty() => unit(&amount, (state, present), answer),
            changed => changed,
        };
        let text = if dimmed { canvas.theme.rule() } else { canvas.theme.text() };
        if let Some(words) = longest_of(&unit, area.width) {
            canvas.text(line(below(1 + tall), 0), words, text);
        }
    } else {
        let words = why_not(canvas, answer);
        canvas.text(line(below(1 + tall / 2), 0), &shortened(&words, area.width), style);
    }
    draw_standing(canvas, state, line(below(2 + tall), 0), (at, dimmed));
}

/// Draws the machine's standing: the reason why it fails, or that it passes.
fn draw_standing(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, (at, dimmed): (usize, bool)) {
    let standing = Standing::of(state, at);
    let (mark, style) = match standing {
        Standing::Winner => (canvas.glyphs.yes, canvas.machine(at)),
        Standing::Passes => (canvas.glyphs.yes, canvas.theme.text()),
        Standing::Fails => (canvas.glyphs.no, canvas.theme.bad()),
    };
    let words: Vec<String> =
        status::words(state, at).iter().map(|words| spelled_line(canvas, &format!("{mark} {words}"))).collect();
    if let Some(words) = longest_of(&words, area.width) {
        canvas.text(area, words, if dimmed { canvas.theme.rule() } else { style });
    }
}

/// Returns the unit of the large digits in a long and a short form; that of a speed says if it is per stream or of all.
fn unit_of(amount: &Amount, (state, present): (&State<'_>, &Present)) -> [String; 2] {
    let text = amount.to_string();
    let unit = text.trim_start_matches('$').trim_start_matches(amount.number().as_str()).trim();
    let streams = state.answers.load.concurrency;
    match present.step().headline.id {
        "decode.ceiling" => [format!("{unit} ceiling"), format!("{unit} ceiling")],
        "prefill.ttft" => [format!("{unit} to first token"), unit.to_owned()],
        "memory.total" => [format!("{unit} needed"), unit.to_owned()],
        "cost.usd-per-mtok" => ["per million tokens".to_owned(), unit.to_owned()],
        "decode.expected" if streams > 1.0 => [format!("{unit} per stream"), format!("{unit} each")],
        "decode.aggregate" if streams > 1.0 => {
            [format!("{unit} of {} streams", Amount::exact(streams, Unit::Count)), format!("{unit} together")]
        }
        _ => [unit.to_owned(), unit.to_owned()],
    }
}

/// Returns the unit with price and band, in variants from the longest to the shortest.
fn unit(amount: &Amount, (state, present): (&State<'_>, &Present), answer: &Answer<'_>) -> Vec<String> {
    let figure = present.step().headline;
    let units = unit_of(amount, (state, present));
    let band = answer.estimate.as_ref().and_then(|estimate| figure.own_band(estimate)).filter(|(low, high)| low < high);
    let ends = band.map(|(low, high)| {
        let number = |value: f64| Amount { value, ..*amount };
        if amount.unit == Unit::Seconds {
            format!("{} to {}", number(low), number(high))
        } else {
            format!("{} to {}", number(low).number(), number(high).number())
        }
    });
    let mut texts = Vec::new();
    let price = answer.computer_price().filter(|_| amount.unit != Unit::Usd);
    let price = price.map(|price| Amount::exact(price.usd, Unit::Usd));
    for unit in &units {
        let both = ends.as_ref().map(|ends| format!("{unit}, {ends}").trim_start_matches(", ").to_owned());
        texts.extend(both.iter().zip(price).map(|(both, price)| format!("{both}  {price}")));
        texts.extend(both);
    }
    texts.extend(units);
    texts
}

/// Returns the figure before the detour and the ratio of both, in variants from the longest to the shortest; empty
/// outside a detour.
fn change(canvas: &Canvas<'_>, (state, present): (&State<'_>, &Present), answer: &Answer<'_>) -> Vec<String> {
    let Some(pinned) = state.pinned.as_ref().filter(|_| present.off_script) else { return Vec::new() };
    let change = pinned.comparison.of(&answer.machine.id, present.step().headline.id);
    let Some(change) = change.filter(|change| change.is_visible()) else { return vec!["as before".to_owned()] };
    let number = |amount: Option<Amount>| amount.map_or("none".into(), Amount::number);
    let both = format!("{} → {}", number(change.before), number(change.after));
    let units = change.after.map(|after| unit_of(&after, (state, present))).unwrap_or_default();
    let times = change.times().map_or_else(String::new, |times| format!(", {times}"));
    let told = units.iter().map(|unit| format!("{both} {unit}{times}"));
    let short = [format!("{both}{times}"), both.clone()];
    told.chain(short).map(|words| spelled_line(canvas, &words)).collect()
}

/// Returns the reason why a machine has no headline number.
fn why_not(canvas: &Canvas<'_>, answer: &Answer<'_>) -> String {
    let no = canvas.glyphs.no;
    match (&answer.refused, &answer.estimate) {
        (Some(_), _) => format!("{no} does not run"),
        (None, Some(estimate)) if !estimate.memory.fits => format!("{no} does not fit"),
        _ => "not known".to_owned(),
    }
}
