//! Tests that the pages in assets/docs agree with the program.
//!
//! Generated parts are between `<!-- name -->` and `<!-- end -->`. With `WHICHBOX_WRITE_DOCS` set they are written
//! instead of compared.

use std::fmt::Write;
use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use whichbox::model::answer::answer_scenario;
use whichbox::model::catalog::Catalog;
use whichbox::model::estimate::formula::FORMULAS;
use whichbox::model::scenario::{Scenario, from_str};
use whichbox::ui::present::SlidePosition;
use whichbox::ui::present::deck::{Known, find};
use whichbox::ui::state::{Document, State};
use whichbox::ui::view::glyphs::UNICODE;
use whichbox::ui::view::panels::panel_ids;
use whichbox::ui::view::theme::Theme;
use whichbox::ui::view::{Look, render};

use super::screen::lines;

/// Asserts that a generated part of a page equals `text`, or writes it.
pub fn hold(page: &str, name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/docs").join(page);
    let whole = std::fs::read_to_string(&path).expect(page);
    let begin = format!("<!-- {name} -->\n");
    let (before, rest) = whole.split_once(&begin).expect("the part's beginning");
    let (there, after) = rest.split_once("<!-- end -->").expect("the part's end");
    if std::env::var_os("WHICHBOX_WRITE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{text}<!-- end -->{after}")).expect(page);
        return;
    }
    assert_eq!(there, text, "{page}: {name}: run the test with WHICHBOX_WRITE_DOCS=1 and read the change");
}

#[test]
fn every_formula_stands_on_the_page_with_its_example() {
    let mut table = "| figure | formula | why | example |\n|---|---|---|---|\n".to_owned();
    for formula in FORMULAS {
        let (inputs, result) = formula.example();
        let letter = |place: usize| char::from(b'a' + place as u8).to_string();
        let text = (0..inputs.len())
            .fold(formula.text().to_owned(), |text, place| text.replace(&format!("{{{place}}}"), &letter(place)));
        let inputs: Vec<String> = inputs.iter().map(f64::to_string).collect();
        let (label, why) = (formula.label(), formula.source());
        writeln!(table, "| {label} | `{text}` | {why} | {} → {result} |", inputs.join(", ")).expect("a string grows");
    }
    hold("estimates.md", "formulas", &table);
}

#[test]
fn the_worked_examples_of_a_catalog_do_what_they_say() {
    let page = include_str!("../../assets/docs/catalog.md");
    let blocks: Vec<&str> = page.split("```ron\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let directory = tempfile::tempdir().expect("a directory");
    for (at, block) in blocks.iter().enumerate() {
        std::fs::write(directory.path().join(format!("{at}.ron")), block).expect("a file");
    }
    let own = Catalog::load(Some(directory.path())).unwrap_or_else(|faulty| panic!("{faulty}"));
    let built_in = Catalog::builtin().expect("the built-in catalog");
    let cache = |catalog: &Catalog, machine: &str| {
        let fields = format!("(schema: 1, machines: [\"{machine}\"], kv_format: \"kv-q8_0\", context: 8192)");
        let scenario = from_str("test", &fields).expect("a scenario");
        let answers = answer_scenario(catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
        answers.machines[0].estimate.expect("an estimate").memory.kv
    };
    assert!(cache(&own, "small-server") > 0.0, "the machine that was added answers");
    let grown = cache(&own, "dgx-spark") / cache(&built_in, "dgx-spark");
    assert!((grown - 9.0 / 8.5).abs() < 1e-9, "8.5 bits became 9: {grown}");
    assert_eq!(own.own.len(), 4, "{:?}", own.own);
}

#[test]
fn the_tour_shows_the_screens() {
    let catalog = super::ask::catalog();
    let deck = find("bottleneck", Known { catalog, panels: &panel_ids() }).expect("the first deck").deck;
    let document = Document { name: "default".to_owned(), path: None, saved: Scenario::default() };
    let mut state = State::new(catalog, Scenario::default(), document).expect("a state");
    let mut steps = String::new();
    for (at, step) in deck.steps.iter().enumerate() {
        state.present(deck.clone(), 0, Some(SlidePosition { at, ..SlidePosition::default() }));
        write!(steps, "\n## {} {}\n\n{}\n", at + 1, step.title, screen(&state)).expect("a string grows");
        for line in step.notes.lines() {
            writeln!(steps, "> {line}").expect("a string grows");
        }
    }
    hold("tour.md", "deck", &format!("{steps}\n"));

    let fields = "(schema: 1, model: Catalog(\"llama-3.3-70b\"), concurrency: 8)";
    let scenario = from_str("test", fields).expect("a scenario");
    let document = Document { name: "default".to_owned(), path: None, saved: scenario.clone() };
    let mut state = State::new(catalog, scenario, document).expect("a state");
    state.look_around();
    hold("tour.md", "explorer", &screen(&state));
}

/// Returns the state drawn at 80x24, as a block of code.
fn screen(state: &State<'_>) -> String {
    let area = Rect::new(0, 0, 80, 24);
    let mut buffer = Buffer::empty(area);
    let look = Look { theme: Theme::named("dark").expect("a theme"), glyphs: &UNICODE };
    render(state, &look, area, &mut buffer);
    let lines = lines(&buffer);
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    format!("```text\n{}\n```\n", lines.join("\n").trim_end())
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].map(|page| root.join(page));
    let more =
        std::fs::read_dir(root.join("assets/docs")).expect("the pages").map(|entry| entry.expect("a page").path());
    let mut named = 0;
    for page in pages.into_iter().chain(more) {
        let text = std::fs::read_to_string(&page).expect("a page");
        let quoted = text.split('`').skip(1).step_by(2).filter(|word| {
            ["src/", "assets/", "tests/", "scenarios/"].iter().any(|from| word.starts_with(from)) && !word.contains(' ')
        });
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        let linked = linked.filter(|link| !link.is_empty() && !link.contains("://"));
        let beside = page.parent().expect("a directory");
        for path in quoted.map(|word| root.join(word)).chain(linked.map(|link| beside.join(link))) {
            named += 1;
            assert!(path.exists(), "{} names {}", page.display(), path.display());
        }
    }
    assert!(named > 20, "only {named} files were found in the pages");
}
