//! The headline figure of every machine in large digits, and in a detour what it was before.

use ratatui::layout::Rect;

use super::digits::{self, Size};
use crate::model::answer::{Answer, written};
use crate::model::units::{Amount, Unit};
use crate::ui::present::Present;
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, width};
use crate::ui::view::words::shortened;

/// Lines beside the digits: the name above, the unit and the change below.
const AROUND: u16 = 3;
/// Machines that have their number in large digits before the digits get smaller.
const LEAST: usize = 3;

/// Which machines have a column, and how large the digits are; without a size each number is a line of text.
pub(super) struct Plan {
    machines: Vec<usize>,
    size: Option<Size>,
}

impl Plan {
    /// As many machines as fit in large digits, down to three; then text. The digits are as large as all numbers allow on two
    /// fifths of the screen.
    pub(super) fn of(state: &State<'_>, present: &Present, area: Rect) -> Self {
        let count = state.answers.machines.len();
        let least = LEAST.min(count);
        for shown in (least..=count).rev() {
            let machines = first(state, present, shown);
            let columns = area.width / (shown.max(1) as u16);
            let numbers: Vec<String> = machines.iter().filter_map(|at| number(state, present, *at)).collect();
            let fits = |size: &Size| {
                let smallest = size.rows() == digits::ROWS;
                let room = if smallest { area.height.saturating_sub(4) } else { area.height * 2 / 5 };
                let wide = |number: &String| size.width(number).is_some_and(|wide| wide < columns);
                size.rows() + AROUND <= room && numbers.iter().all(wide)
            };
            if let Some(size) = digits::sizes().find(fits) {
                return Self { machines, size: Some(size) };
            }
        }
        Self { machines: (0..count).collect(), size: None }
    }

    /// Whether the numbers are in large digits.
    pub(super) fn is_large(&self) -> bool {
        self.size.is_some()
    }

    /// Rows of the whole.
    pub(super) fn rows(&self) -> u16 {
        self.size.map_or(self.machines.len() as u16, |size| size.rows() + AROUND)
    }
}

/// The machines that have a column where there is room for `shown` of them: those the step points at, the winner, then
/// the others in their order.
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

fn amount(state: &State<'_>, present: &Present, at: usize) -> Option<Amount> {
    let answer = state.answers.machines.get(at)?;
    written(answer, present.step().headline)
}

/// The number as it is drawn: with the sign of its currency, without its unit.
fn number(state: &State<'_>, present: &Present, at: usize) -> Option<String> {
    let amount = amount(state, present, at)?;
    let sign = if amount.to_string().starts_with('$') { "$" } else { "" };
    Some(format!("{sign}{}", amount.number()))
}

/// Draws one column per machine, or a line where there is no room for large digits.
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

/// Name and number of a machine; the number is whole or not there.
fn in_line(
    canvas: &mut Canvas<'_>,
    (state, present): (&State<'_>, &Present),
    area: Rect,
    (at, answer): (usize, &Answer<'_>),
) {
    let style = canvas.machine(at);
    let words = amount(state, present, at).map_or_else(|| why_not(canvas, answer), |amount| amount.to_string());
    canvas.right(area, &words, style);
    let room = Rect { width: area.width.saturating_sub(width(&words) + 1), ..area };
    let name = shortened(&answer.machine.short, room.width.saturating_sub(2));
    canvas.text(room, &format!("{} {name}", canvas.sign(at)), style);
}

fn column(
    canvas: &mut Canvas<'_>,
    (state, present): (&State<'_>, &Present),
    (area, size): (Rect, Size),
    (at, answer): (usize, &Answer<'_>),
) {
    let dimmed = present.spotlight.is_some_and(|spot| spot != at);
    let looked_at = present.spotlight == Some(at) || present.step().highlight.contains(&at);
    let style = if dimmed { canvas.theme.rule() } else { canvas.machine(at) };
    let name = format!("{} {}", canvas.sign(at), shortened(&answer.machine.short, area.width.saturating_sub(2)));
    let name_style = if looked_at { canvas.machine_reversed(at) } else { style };
    canvas.text(line(area, 0), &name, name_style);
    let below = |row: u16| Rect { y: area.y + row, height: area.height.saturating_sub(row), ..area };
    let tall = size.rows();
    let Some(amount) = amount(state, present, at) else {
        let words = why_not(canvas, answer);
        let style = if dimmed { canvas.theme.rule() } else { canvas.theme.bad() };
        canvas.text(line(below(1 + tall / 2), 0), &shortened(&words, area.width), style);
        return;
    };
    let number = number(state, present, at).unwrap_or_default();
    let ink = Rect { height: tall.min(below(1).height), ..below(1) };
    digits::draw(canvas, ink, &number, (size, style));
    let text = if dimmed { canvas.theme.rule() } else { canvas.theme.text() };
    let unit = unit(&amount, present, answer);
    let unit = unit.iter().find(|words| width(words) <= area.width);
    if let Some(words) = unit {
        canvas.text(line(below(1 + tall), 0), words, text);
    }
    change(canvas, (state, present), line(below(2 + tall), 0), answer);
}

/// The unit with the band, longest first.
fn unit(amount: &Amount, present: &Present, answer: &Answer<'_>) -> Vec<String> {
    let figure = present.step().headline;
    let unit =
        amount.to_string().trim_start_matches('$').trim_start_matches(amount.number().as_str()).trim().to_owned();
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
    if let Some(ends) = ends {
        texts.push(format!("{unit}, {ends}").trim_start_matches(", ").to_owned());
    }
    texts.push(unit);
    texts
}

/// What it was before the detour, and how many times as much it is.
fn change(canvas: &mut Canvas<'_>, (state, present): (&State<'_>, &Present), area: Rect, answer: &Answer<'_>) {
    let Some(pinned) = state.pinned.as_ref().filter(|_| present.off_script) else { return };
    let change = pinned.comparison.of(&answer.machine.id, present.step().headline.id);
    let words = match change.filter(|change| change.is_visible()) {
        None => vec!["as before".to_owned()],
        Some(change) => {
            let number = |amount: Option<Amount>| amount.map_or("none".into(), Amount::number);
            let both = format!("{} → {}", number(change.before), number(change.after));
            let times = change.times().map(|times| format!("{both}, {times}"));
            times.into_iter().chain([both]).collect()
        }
    };
    let words = words.iter().map(|words| canvas.glyphs.spelled(words).into_owned()).find(|w| width(w) <= area.width);
    if let Some(words) = words {
        canvas.text(area, &words, canvas.theme.focus());
    }
}

/// Why a machine has no such number.
fn why_not(canvas: &Canvas<'_>, answer: &Answer<'_>) -> String {
    let no = canvas.glyphs.no;
    match (&answer.refused, &answer.estimate) {
        (Some(_), _) => format!("{no} cannot run it"),
        (None, Some(estimate)) if !estimate.memory.fits => format!("{no} does not fit"),
        _ => "not known".to_owned(),
    }
}
