//! Fuzz targets: they use an input of each kind and assert the outcome. Files are accepted or refused in plain words,
//! accepted ones can be answered, drawn, exported and written back, and nothing panics.
//!
//! The parent module runs the targets on mutated files, and the crate in `tests/fuzz` on inputs that it finds by
//! coverage. The targets are not in that crate, because the published package contains no nested crates and its tests
//! need them.

use std::fmt::Display;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use serde::Serialize;
use whichbox::cmd::exporters::EXPORTERS;
use whichbox::files::bench_file::{self, Asked};
use whichbox::files::fact_table;
use whichbox::files::model_file::{self, Facts, Source};
use whichbox::model::answer::FIGURES;
use whichbox::model::answer::{AnswerError, answer_scenario};
use whichbox::model::catalog::Catalog;
use whichbox::model::ron_file::{self, TextFile, is_hostile, visible};
use whichbox::model::scenario::{self, ModelChoice, SCENARIOS, Scenario};
use whichbox::ui::explorer::{Pointer, chord};
use whichbox::ui::overlay::Chooser;
use whichbox::ui::present::deck::{self, DECKS, Known};
use whichbox::ui::settings::{Settings, commented};
use whichbox::ui::state::{Document, Effect, Message, State, VIEWS, update};
use whichbox::ui::terminal::Event;
use whichbox::ui::terminal::events::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use whichbox::ui::view::glyphs::UNICODE;
use whichbox::ui::view::hit::Hits;
use whichbox::ui::view::panels::panel_ids;
use whichbox::ui::view::theme::{THEMES, Theme};
use whichbox::ui::view::{Look, figure_in_focus, render};

/// The usual size of a terminal.
const USUAL: (u16, u16) = (80, 24);
/// The most events of one input that are used.
const MOST_EVENTS: usize = 300;

/// Uses the file of a scenario. Returns true if it was accepted, as all of these functions do.
#[must_use]
pub fn scenario(data: &[u8]) -> bool {
    let scenario = match scenario::from_str("fuzz.ron", &String::from_utf8_lossy(data)) {
        Ok(scenario) => scenario,
        Err(error) => return refused(&error),
    };
    written_back(&scenario);
    if let Err(error) = scenario.check(catalog()) {
        return refused(&error);
    }
    shown(catalog(), &scenario, data.len())
}

/// Uses the file of a catalog.
#[must_use]
pub fn catalog_file(data: &[u8]) -> bool {
    let catalog = match catalog().clone().under(&[text_file("fuzz.ron", data)]) {
        Ok(catalog) => catalog,
        Err(error) => return refused(&error),
    };
    let own = |list: &str| -> Vec<String> {
        catalog.own.iter().filter(|own| own.list == list).take(3).map(|own| own.id.clone()).collect()
    };
    let mut scenario = Scenario::default();
    let machines = Arc::make_mut(&mut scenario.machines);
    machines.extend(own("machines"));
    machines.dedup();
    if let Some(model) = own("models").first() {
        scenario.model = ModelChoice::Catalog(model.as_str().into());
    }
    if scenario.check(&catalog).is_ok() {
        shown(&catalog, &scenario, data.len());
    }
    true
}

/// Uses the file of a deck.
#[must_use]
pub fn deck(data: &[u8]) -> bool {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("deck.ron");
    std::fs::write(&path, data).expect("a file");
    let known = Known { catalog: catalog(), panels: &panel_ids() };
    let deck = match deck::open(&path.to_string_lossy(), known) {
        Ok(opened) => opened.deck,
        Err(error) => return refused(&error),
    };
    let found = deck::check(catalog(), &deck);
    found.unmet.iter().chain(&found.remarks).for_each(plain);
    let exporter = &EXPORTERS[data.len() % EXPORTERS.len()];
    plain(&exporter.export(catalog(), &deck, true).expect("every step was answered when it was opened"));
    let mut state = state_of(catalog(), Scenario::default()).expect("the default has an answer");
    state.motion = false;
    state.present(deck, 0, None);
    drawn(&state, USUAL);
    true
}

/// Uses the file of a user's settings.
#[must_use]
pub fn settings(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let held = Settings::what_holds("fuzz.ron", &text, &themes());
    held.faults.iter().for_each(plain);
    held.complaint().iter().for_each(plain);
    assert!(held.settings.theme.as_deref().is_none_or(|theme| themes().contains(&theme)));
    let printed = commented(&held.keymap, &themes());
    plain(&printed);
    Settings::from_str("printed", &printed, &themes()).expect("what is printed is read");
    held.faults.is_empty()
}

/// Uses a GGUF or safetensors file, or a configuration if the bytes begin like JSON.
#[must_use]
pub fn model(data: &[u8]) -> bool {
    let unmarked = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let read = if unmarked.trim_ascii_start().first() == Some(&b'{') {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("config.json");
        std::fs::write(&path, data).expect("a file");
        model_file::inspect(&path)
    } else {
        model_file::inspect_source(Source::memory("fuzz.gguf", data.to_vec()))
    };
    match read {
        Ok(facts) => model_facts(&facts),
        Err(error) => refused(&error),
    }
}

fn model_facts(facts: &Facts) -> bool {
    let numbers =
        [facts.layers, facts.params.map(|params| params.total()), facts.tensor_bytes(), facts.bits_per_weight()];
    for number in numbers.into_iter().flatten() {
        assert!(number.is_finite() && number >= 0.0, "{facts:?}");
    }
    plain(&facts.name);
    facts.architecture.iter().chain(&facts.format).chain(&facts.notes).for_each(plain);
    match model_file::entry(facts, catalog()) {
        Ok(entry) => {
            plain(&entry.text);
            // The text of an entry is made for a catalog file, so it must be readable as one, or be refused in plain
            // words.
            if let Err(error) = catalog().clone().under(&[text_file("entry.ron", entry.text.as_bytes())]) {
                plain(&error);
                assert!(
                    error.faults.iter().all(|fault| !fault.sentence().contains("expected")),
                    "{error}\n{}",
                    entry.text
                );
            }
            true
        }
        Err(error) => {
            plain(&error);
            true
        }
    }
}

/// Uses a table of facts: its entries can overlay the catalog, or an error describes the fault.
#[must_use]
pub fn fact_table(data: &[u8]) -> bool {
    let today = "2026-11-29".parse().expect("a date");
    let table = match fact_table::read(&text_file("fuzz.csv", data), catalog(), today) {
        Ok(table) => table,
        Err(error) => return refused(&error),
    };
    plain(&table.text);
    table.left_out.iter().for_each(plain);
    if let Err(error) = catalog().clone().under(&[text_file("table.ron", table.text.as_bytes())]) {
        plain(&error);
        assert!(error.faults.iter().all(|fault| !fault.sentence().contains("expected")), "{error}\n{}", table.text);
    }
    true
}

/// Uses a directory with a configuration and one file, whose name the first byte selects.
#[must_use]
pub fn folder(data: &[u8]) -> bool {
    const NAMES: [&str; 4] =
        ["model.safetensors.index.json", "model.safetensors", "model.gguf", "hf_quant_config.json"];
    let Some((first, rest)) = data.split_first() else { return false };
    let directory = tempfile::tempdir().expect("a directory");
    let config = include_bytes!("../../fixtures/cases/configs/mimo-7b.json");
    std::fs::write(directory.path().join("config.json"), config).expect("a file");
    let name = NAMES.get(usize::from(first.saturating_sub(b'0'))).unwrap_or(&"model.safetensors");
    std::fs::write(directory.path().join(name), rest).expect("a file");
    match model_file::inspect(directory.path()) {
        Ok(facts) => model_facts(&facts),
        Err(error) => refused(&error),
    }
}

/// Imported measurements in the form in which the command saves them.
#[derive(Serialize)]
struct Saved<'a> {
    sources: &'a [&'a whichbox::model::facts::Source],
    measurements: &'a [whichbox::model::facts::Measurement],
}

/// Uses the result file of a benchmark.
#[must_use]
pub fn measurements(data: &[u8]) -> bool {
    let file = text_file("fuzz.json", data);
    let reading = match bench_file::read(&file) {
        Ok(reading) => reading,
        Err(error) => return refused(&error),
    };
    for row in &reading.rows {
        assert!(row.tok_s > 0.0 && row.tok_s.is_finite() && row.concurrency >= 1.0, "{row:?}");
    }
    let kv_format = Scenario::default().kv_format;
    let silent = Asked {
        machine: None,
        model: None,
        format: None,
        runtime: None,
        kv_format: &kv_format,
        today: catalog().newest().expect("a date"),
        file: &file.name,
    };
    let told = Asked {
        machine: Some("dgx-spark"),
        model: Some("llama-3.3-70b"),
        format: Some("q4_k_m"),
        runtime: Some("llama.cpp"),
        ..silent
    };
    for asked in [silent, told] {
        match bench_file::resolve(catalog(), &reading, &asked) {
            Ok(found) => {
                found.notes.iter().for_each(plain);
                let written = Saved { sources: &[&found.source], measurements: &found.rows };
                let text = format!("Catalog{}", ron_file::to_string(&written).expect("a form"));
                plain(&text);
                let read = catalog().clone().under(&[text_file("saved.ron", text.as_bytes())]);
                assert!(read.is_ok(), "{}\n{text}", read.unwrap_err());
            }
            Err(error) => plain(&error),
        }
    }
    true
}

/// Returns the events of an input: a character is its key, an arrow or a sign of [`SIGNS`] a special key.
///
/// `◎`, `◐`, `◌`, `▲` and `▼` are mouse events at the place that the next two characters give; `«` begins a paste and
/// `»` ends it.
fn events(walk: &[u8]) -> Vec<Event> {
    const MOUSE: [(char, MouseEventKind); 5] = [
        ('◎', MouseEventKind::Down(MouseButton::Left)),
        ('◐', MouseEventKind::Drag(MouseButton::Left)),
        ('◌', MouseEventKind::Up(MouseButton::Left)),
        ('▲', MouseEventKind::ScrollUp),
        ('▼', MouseEventKind::ScrollDown),
    ];
    let walk = String::from_utf8_lossy(walk);
    let mut rest = walk.chars();
    let mut events = Vec::new();
    let mut held = KeyModifiers::NONE;
    while let Some(c) = rest.next() {
        let mut place = || u16::try_from(rest.next().map_or(0, u32::from)).unwrap_or(u16::MAX);
        if let Some((_, kind)) = MOUSE.iter().find(|(sign, _)| *sign == c) {
            let (column, row) = (place(), place());
            events.push(Event::Mouse(MouseEvent { kind: *kind, column, row, modifiers: KeyModifiers::NONE }));
            continue;
        }
        let code = match c {
            '⇧' | '⌃' | '⌥' => {
                held |= match c {
                    '⇧' => KeyModifiers::SHIFT,
                    '⌃' => KeyModifiers::CONTROL,
                    _ => KeyModifiers::ALT,
                };
                continue;
            }
            '«' => {
                events.push(Event::Paste(rest.by_ref().take_while(|c| *c != '»').collect()));
                continue;
            }
            // A change of focus is sent here instead of a resize.
            '◫' => {
                events.push(Event::Focus(true));
                continue;
            }
            c => SIGNS.iter().find(|(sign, _)| *sign == c).map_or(KeyCode::Char(c), |(_, code)| *code),
        };
        events.push(Event::Key(KeyEvent::new(code, std::mem::replace(&mut held, KeyModifiers::NONE))));
    }
    events
}

/// Signs for keys without a character.
const SIGNS: [(char, KeyCode); 14] = [
    ('↑', KeyCode::Up),
    ('↓', KeyCode::Down),
    ('←', KeyCode::Left),
    ('→', KeyCode::Right),
    ('↖', KeyCode::Home),
    ('↘', KeyCode::End),
    ('⇞', KeyCode::PageUp),
    ('⇟', KeyCode::PageDown),
    ('\t', KeyCode::Tab),
    ('⇤', KeyCode::BackTab),
    ('\r', KeyCode::Enter),
    ('⎋', KeyCode::Esc),
    ('⌫', KeyCode::Backspace),
    ('⌦', KeyCode::Delete),
];

/// Uses terminal input for the explorer: two bytes for the screen's size, one for the opened scenario, then keys, mouse
/// events and pastes. Returns true if they changed the scenario.
#[must_use]
pub fn keys(data: &[u8]) -> bool {
    let &[columns, rows, opened, ref sent @ ..] = data else { return false };
    let mut size = (u16::from(columns) + 1, u16::from(rows) % 100 + 1);
    let opened = usize::from(opened) % (SCENARIOS.len() + DECKS.len());
    let mut state = match (SCENARIOS.get(opened), DECKS.get(opened.saturating_sub(SCENARIOS.len()))) {
        (Some((name, text)), _) => state_of(catalog(), scenario::from_str(name, text).expect(name)),
        (None, Some((name, _))) => state_of(catalog(), Scenario::default()).map(|mut state| {
            let known = Known { catalog: catalog(), panels: &panel_ids() };
            state.present(deck::find(name, known).expect(name).deck, 0, None);
            state
        }),
        (None, None) => return false,
    }
    .expect("a built-in scenario has an answer");
    let (mut hits, mut pointer) = (Hits::default(), Pointer::default());
    let mut times = 0..;
    let mut time = || times.next().unwrap_or(0) * 50;
    for (count, event) in events(sent).into_iter().take(MOST_EVENTS).enumerate() {
        let at = time();
        // A mouse event needs the drawn picture. Other states are drawn only now and then, since drawing would take
        // most of the time.
        if matches!(event, Event::Mouse(_)) || count % 8 == 0 {
            hits = drawn(&state, size);
        }
        let message = match event {
            Event::Key(key) => chord(&key).map(|chord| Message::Key { chord, at }),
            Event::Mouse(event) => pointer.message(event, &hits, state.focus, at),
            Event::Paste(text) => Some(Message::Pasted(text)),
            Event::Focus(_) => {
                size = (size.1, size.0);
                None
            }
            _ => None,
        };
        let effect = message.and_then(|message| update(&mut state, message));
        if let Some(message) = effect.and_then(|effect| done(&state, effect)) {
            update(&mut state, message);
        }
        while state.is_moving() && times_out(at, state.now) {
            update(&mut state, Message::Frame { at: time() });
        }
        if state.due {
            update(&mut state, Message::Idle);
        }
        state.now = at;
    }
    drawn(&state, size);
    written_back(&state.scenario);
    state.scenario.check(catalog()).expect("no key leads to a name that the catalog does not have");
    state.is_changed()
}

/// Returns true if a transition runs to its end before the next key; otherwise the key cuts it short.
fn times_out(at: u64, now: u64) -> bool {
    at.is_multiple_of(150) && now <= at
}

/// Answers an effect as the file system would: built-in files exist, and every second save fails.
fn done(state: &State<'_>, effect: Effect) -> Option<Message> {
    match effect {
        Effect::Trace => {
            let (figure, machine) = figure_in_focus(state);
            Some(Message::Trace { figure, machine })
        }
        Effect::List => Some(Message::Listed(Chooser::default())),
        Effect::ModelFiles => Some(Message::ModelFiles(vec![("model".to_owned(), "model.gguf".into(), 1)])),
        Effect::ReadModel(path) => Some(Message::Failed(visible(&path.to_string_lossy()))),
        Effect::Load(name) => match SCENARIOS.iter().find(|(known, _)| *known == name) {
            Some((known, text)) => {
                let scenario = scenario::from_str(known, text).expect(known);
                Some(Message::Loaded(Box::new((scenario.clone(), document(scenario)))))
            }
            None => Some(Message::Failed(visible(&name))),
        },
        Effect::Save { to } if state.now.is_multiple_of(100) => {
            let sentence = format!("{:?} is full", to.map(|path| visible(&path.to_string_lossy())));
            Some(Message::NotSaved { instead: "other.ron".to_owned(), sentence })
        }
        Effect::Save { .. } => Some(Message::Saved(Box::new(document(state.scenario.clone())))),
        Effect::Copy(what) => Some(Message::Done(what.name().to_owned())),
        Effect::TakeBack | Effect::DiscardKept => Some(Message::Done("no unsaved work is kept".to_owned())),
        Effect::Quit | Effect::Suspend | Effect::Redraw | Effect::NextTheme | Effect::Mouse(_) => None,
    }
}

/// Returns the catalog that all inputs are used with.
#[must_use]
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::builtin().expect("the built-in catalog"))
}

/// Returns the names of the themes.
#[must_use]
pub fn themes() -> Vec<&'static str> {
    THEMES.iter().map(|(name, _)| *name).collect()
}

/// Returns a text as if it had been read from a file of this name; invalid UTF-8 is replaced, since reading refuses it.
fn text_file(name: &str, data: &[u8]) -> TextFile {
    static FILE: OnceLock<TextFile> = OnceLock::new();
    let any = FILE.get_or_init(|| {
        let file = tempfile::NamedTempFile::new().expect("a file");
        ron_file::read(file.path()).expect("an empty file is a text")
    });
    let text = String::from_utf8_lossy(data).into_owned();
    TextFile { path: Path::new(name).to_owned(), name: name.to_owned(), text, ..any.clone() }
}

/// Asserts that an error is one sentence in plain words, and returns false.
fn refused(error: &impl Display) -> bool {
    plain(error);
    let shown = error.to_string();
    assert!(!shown.is_empty() && shown.len() < 20_000, "{shown}");
    false
}

/// Asserts that a text cannot control a terminal.
fn plain(text: &impl Display) {
    let text = text.to_string();
    assert!(!text.chars().any(is_hostile), "{text:?}");
}

/// Asserts that a scenario's file gives the same scenario again.
fn written_back(scenario: &Scenario) {
    let text = scenario.to_ron().expect("a scenario has a form");
    assert_eq!(scenario::from_str("written", &text).as_ref(), Ok(scenario), "{text}");
}

fn document(saved: Scenario) -> Document {
    Document { name: "fuzz".to_owned(), path: None, saved }
}

fn state_of(catalog: &Catalog, scenario: Scenario) -> Result<State<'_>, AnswerError> {
    State::new(catalog, scenario.clone(), document(scenario))
}

/// Answers, draws and exports a scenario, in a view and a format that the number selects.
fn shown(catalog: &Catalog, scenario: &Scenario, which: usize) -> bool {
    let answers = match answer_scenario(catalog, scenario) {
        Ok(answers) => answers,
        Err(error) => return refused(&error),
    };
    for answer in &answers.machines {
        let Some(estimate) = answer.estimate else { continue };
        for figure in FIGURES {
            let value = figure.of(&estimate);
            let sane = value.is_none_or(|value| value.is_finite() && value >= 0.0);
            assert!(sane, "{} on {}: {value:?}", figure.id, answer.machine.id);
        }
    }
    let mut state = state_of(catalog, scenario.clone()).expect("it has an answer");
    update(&mut state, Message::Idle);
    let action = whichbox::ui::input::Action::View(which % VIEWS.len());
    update(&mut state, Message::Act { action, at: 0 });
    drawn(&state, USUAL);
    let deck = deck::of_scenario(scenario.clone(), "fuzz");
    let exporter = &EXPORTERS[which % EXPORTERS.len()];
    plain(&exporter.export(catalog, &deck, true).expect("it has an answer"));
    true
}

/// Draws a state and asserts that no cell can control a terminal.
fn drawn(state: &State<'_>, (columns, rows): (u16, u16)) -> Hits {
    let look = Look { theme: Theme::named("dark").expect("a theme"), glyphs: &UNICODE };
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    let mut hits = Hits::default();
    let draw = |frame: &mut ratatui::Frame<'_>| hits = render(state, &look, frame.area(), frame.buffer_mut());
    let buffer: &Buffer = terminal.draw(draw).expect("memory can be drawn on").buffer;
    assert_eq!(buffer.area.as_size(), Size::new(columns, rows));
    let steers = buffer.content.iter().find(|cell| cell.symbol().contains(is_hostile));
    assert!(steers.is_none(), "{steers:?}");
    hits
}
