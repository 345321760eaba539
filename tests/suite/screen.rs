//! The explorer on a buffer: driven by messages, read back as text and as styles.

use std::sync::OnceLock;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use whichbox::model::catalog::Catalog;
use whichbox::model::facts::{EfficiencyRow, Parameter};
use whichbox::model::scenario::{SCENARIOS, Scenario, from_str};
use whichbox::ui::overlay::{Choice, Chooser, Column};
use whichbox::ui::state::{Document, Effect, Message, State, update};
use whichbox::ui::view::glyphs::UNICODE;
use whichbox::ui::view::hit::Hits;
use whichbox::ui::view::theme::{Shade, Theme};
use whichbox::ui::view::{Look, figure_in_focus, render};

/// Returns the built-in facts with invented efficiencies, so that a refit changes no screen.
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let mut catalog = super::ask::catalog().clone();
        let rows = Parameter::ALL.iter().map(|parameter| row(*parameter, "")).chain(
            // These families count as measured, so that their screens have no note about missing measurements.
            ["gb10", "apple-m5", "rtx-blackwell"].map(|family| row(Parameter::WeightBandwidth, family)),
        );
        catalog.efficiency.edit(|there| *there = rows.collect());
        catalog
    })
}

fn row(parameter: Parameter, family: &str) -> EfficiencyRow {
    let name = format!("{parameter:?}");
    let (low, typical, high) = match name.as_str() {
        "PrefillStart" => (0.03, 0.03, 0.03),
        "PrefillDenseHalf" => (100.0, 100.0, 100.0),
        "PrefillPath" | "PrefillFormat" | "PrefillAttentionKind" => (1.0, 1.0, 1.0),
        "PrefillExpertHalf" | "StateCopies" => (2.0, 2.0, 2.0),
        name if name.ends_with("Overhead") => (2e-5, 2e-5, 2e-5),
        name if name.ends_with("Band") => (0.85, 1.0, 1.2),
        _ => (0.75, 0.75, 0.75),
    };
    let runtime = if family.is_empty() { "" } else { "llama.cpp" };
    let (family, runtime, [vendor, class]) = (family.to_owned(), runtime.to_owned(), [String::new(), String::new()]);
    EfficiencyRow { parameter, vendor, family, runtime, class, low, typical, high, rows: 20, sources: 2 }
}

/// The explorer with a buffer as its screen.
pub struct Explorer {
    pub state: State<'static>,
    pub look: Look,
    now: u64,
}

impl Explorer {
    /// Returns the explorer with the scenario of these fields and with its measurements.
    pub fn of(fields: &str) -> Self {
        Self::on("test", from_str("test", &format!("(schema: 1, {fields})")).expect(fields))
    }

    /// Returns the explorer with a built-in scenario.
    pub fn built_in(name: &str) -> Self {
        let (_, text) = SCENARIOS.iter().find(|(id, _)| *id == name).expect(name);
        Self::on(name, from_str(name, text).expect(name))
    }

    fn on(name: &str, scenario: Scenario) -> Self {
        let document = Document { name: name.to_owned(), path: None, saved: scenario.clone() };
        let state = State::new(catalog(), scenario, document).expect(name);
        let look = Look { theme: Theme::named("dark").expect("a theme"), glyphs: &UNICODE };
        let mut explorer = Self { state, look, now: 0 };
        explorer.settle();
        explorer
    }

    /// Computes what a frame needs, and what the explorer computes when it is idle.
    fn settle(&mut self) {
        self.state.look_around();
        update(&mut self.state, Message::Idle);
    }

    /// Presses keys, named as in the table of actions and separated by spaces, one second apart.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.now += 1000;
            let chord = key.parse().unwrap_or_else(|error| panic!("{key}: {error}"));
            match update(&mut self.state, Message::Key { chord, at: self.now }) {
                Some(Effect::List) => drop(update(&mut self.state, Message::Listed(list()))),
                Some(Effect::Trace) => {
                    let (figure, machine) = figure_in_focus(&self.state);
                    update(&mut self.state, Message::Trace { figure, machine });
                }
                _ => {}
            }
            if self.state.is_due() {
                update(&mut self.state, Message::Idle);
            }
        }
        self.settle();
        self
    }

    /// Types a text, letter by letter.
    pub fn type_in(&mut self, text: &str) -> &mut Self {
        self.press(&text.chars().map(String::from).collect::<Vec<_>>().join(" "))
    }

    /// Returns the time of the last key, milliseconds.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Draws the explorer.
    pub fn draw(&self, columns: u16, rows: u16) -> (Buffer, Hits) {
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        let hits = render(&self.state, &self.look, area, &mut buffer);
        (buffer, hits)
    }

    /// Returns the text of the drawn explorer.
    pub fn picture(&self, columns: u16, rows: u16) -> String {
        lines(&self.draw(columns, rows).0).join("\n")
    }

    /// Returns the letters of the styles at the first occurrence of `text`, one per column; see [`roles`].
    pub fn styles_of(&self, text: &str, (columns, rows): (u16, u16)) -> String {
        let (buffer, _) = self.draw(columns, rows);
        let written =
            |x: u16, y: u16| text.chars().zip(x..).all(|(c, x)| x < columns && buffer[(x, y)].symbol().chars().eq([c]));
        let mut places = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
        let (x, y) = places.find(|(x, y)| written(*x, *y)).unwrap_or_else(|| panic!("{text} is not on the screen"));
        (x..x + text.chars().count() as u16).map(|x| self.role(&buffer[(x, y)])).collect()
    }

    /// Returns the letter of a cell's style.
    fn role(&self, cell: &Cell) -> char {
        roles(&self.look.theme).find(|(_, style)| is_styled(cell, *style)).map_or('?', |(letter, _)| letter)
    }

    /// Asserts that another theme draws the same, with each cell in the same role.
    pub fn holds_in(&self, theme: &Theme, (columns, rows): (u16, u16)) {
        let (own, _) = self.draw(columns, rows);
        let area = own.area;
        let mut other = Buffer::empty(area);
        render(&self.state, &Look { theme: theme.clone(), glyphs: self.look.glyphs }, area, &mut other);
        for (cell, there) in own.content.iter().zip(&other.content) {
            // A theme without mixed colours draws patterns instead of shades.
            let mixes = |theme: &Theme| theme.tint(theme.machine(0), Shade::Half).is_some();
            if mixes(theme) == mixes(&self.look.theme) {
                assert_eq!(cell.symbol(), there.symbol());
            } else if cell.symbol() != there.symbol() {
                continue;
            }
            // A style without a role is used at one place only.
            let role = roles(&self.look.theme).position(|(_, style)| is_styled(cell, style));
            if let Some((letter, style)) = role.and_then(|role| roles(theme).nth(role)) {
                assert!(is_styled(there, style), "{letter} {:?}: {there:?} instead of {style:?}", cell.symbol());
            }
        }
    }
}

/// Returns the styles of a theme's roles, each with its letter.
fn roles(theme: &Theme) -> impl Iterator<Item = (char, Style)> {
    let plain = [
        ('.', theme.text()),
        ('m', theme.muted()),
        ('r', theme.rule()),
        ('T', theme.title()),
        ('F', theme.focus()),
        ('E', theme.edge()),
        ('C', theme.chosen()),
        ('g', theme.good()),
        ('w', theme.warn()),
        ('b', theme.bad()),
        ('k', theme.track()),
    ];
    let machines = (0..8).zip('0'..).map(|(at, letter)| (letter, theme.machine(at)));
    let marks = (0..8).zip('A'..).map(|(at, letter)| (letter, theme.machine(at).add_modifier(Modifier::REVERSED)));
    plain.into_iter().chain(machines).chain(marks)
}

fn is_styled(cell: &Cell, style: Style) -> bool {
    let mut other = Cell::default();
    other.set_style(style);
    (other.fg, other.bg, other.modifier) == (cell.fg, cell.bg, cell.modifier)
}

/// Returns the files that the explorer lists in an empty directory.
fn list() -> Chooser {
    let row = |(name, text): &(&str, &str)| Choice {
        id: (*name).to_owned(),
        label: (*name).to_owned(),
        cells: vec![from_str(name, text).expect(name).title],
        ..Choice::default()
    };
    Chooser::of(vec![Column::default()], SCENARIOS.iter().map(row).collect())
}

/// Returns the text of a buffer, line by line.
pub fn lines(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    let line = |y| {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            } else {
                skip -= 1;
            }
        }
        line.trim_end().to_owned()
    };
    (0..area.height).map(line).collect()
}
