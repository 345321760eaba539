//! Tests of finding by name: the palette, the list of all knobs, and lists that are narrowed by typing.

use whichbox::model::scenario::knob::KNOBS;
use whichbox::model::scenario::{ModelChoice, SCENARIOS};
use whichbox::ui::input::{ACTIONS, Action, Context};
use whichbox::ui::overlay::{Overlay, Value};
use whichbox::ui::state::{Effect, VIEWS};

use super::screen::Explorer;

fn first_row(explorer: &Explorer) -> String {
    let list = explorer.state.overlay.as_ref().and_then(Overlay::list).expect("a list");
    list.current().map(|(_, row)| row.id.clone()).unwrap_or_default()
}

fn ids(explorer: &Explorer) -> Vec<String> {
    let list = explorer.state.overlay.as_ref().and_then(Overlay::list).expect("a list");
    list.rows.iter().map(|row| row.id.clone()).collect()
}

#[test]
fn every_row_of_every_table_is_in_the_palette() {
    let mut explorer = Explorer::built_in("default");
    let shown = ids(explorer.press(":"));
    let catalog = explorer.state.catalog;
    let actions = ACTIONS.iter().filter(|row| row.contexts.contains(&Context::Explore));
    let actions = actions.filter(|row| !matches!(row.action, Action::View(_))).map(|row| row.id);
    let all = actions
        .chain(VIEWS.iter().map(|view| view.id))
        .chain(KNOBS.iter().map(|knob| knob.id))
        .chain(catalog.machines.iter().map(|machine| machine.id.as_str()))
        .chain(catalog.models.iter().map(|model| model.id.as_str()))
        .chain(SCENARIOS.iter().map(|(name, _)| *name));
    for id in all {
        assert!(shown.iter().any(|shown| shown == id), "{id}");
    }
}

#[test]
fn every_row_of_the_palette_is_found_by_its_name() {
    let mut explorer = Explorer::built_in("default");
    explorer.press(":");
    let list = explorer.state.overlay.as_ref().and_then(Overlay::list).expect("a list").clone();
    for row in &list.rows {
        let mut narrowed = list.clone();
        row.id.chars().for_each(|c| narrowed.narrow(c));
        // An action and its object may have the same name in two tables.
        assert!(narrowed.visible().take(3).any(|(_, found)| found == row), "{}", row.id);
    }
}

#[test]
fn the_palette_does_what_it_says() {
    let mut explorer = Explorer::built_in("default");
    explorer.press(":").type_in("rtx5090").press("Enter");
    assert_eq!(explorer.state.scenario.machines.last().map(String::as_str), Some("rtx-5090"));
    explorer.press(":").type_in("ptoss12");
    assert_eq!(explorer.state.overlay.as_ref().and_then(Overlay::list).and_then(|list| list.current()), None);
    explorer.press("C-u").type_in("goss12").press("Enter");
    assert_eq!(explorer.state.scenario.model, ModelChoice::Catalog("gpt-oss-120b".into()));
    explorer.press("C-p").type_in("money").press("Enter");
    assert_eq!(explorer.state.view().id, "money");
    explorer.press("u u");
    assert!(!explorer.state.is_changed(), "a machine and a model, each a step");
    explorer.press(":").type_in("streams").press("Enter 8 Enter");
    assert_eq!((explorer.state.scenario.concurrency, &explorer.state.overlay), (8, &None));
    explorer.press(":").type_in("undo").press("Enter");
    assert_eq!(explorer.state.scenario.concurrency, 1);
    explorer.press(":").type_in("agents-256");
    let at = explorer.state.overlay.clone();
    assert!(at.is_some());
    let loads = whichbox::ui::state::update(
        &mut explorer.state,
        whichbox::ui::state::Message::Key { chord: "Enter".parse().expect("a key"), at: 0 },
    );
    assert_eq!(loads, Some(Effect::Load("agents-256".to_owned())));
}

#[test]
fn a_budget_is_typed_from_the_list_of_knobs_and_the_list_comes_back() {
    let mut explorer = Explorer::built_in("default");
    explorer.press(",").type_in("budg").press("Enter").type_in("$6,000").press("Enter");
    assert_eq!(explorer.state.scenario.limits.budget_usd, Some(6000.0));
    assert!(matches!(explorer.state.overlay, Some(Overlay::Knobs(_))));
    assert_eq!(first_row(&explorer), "budget");
    explorer.press("Enter").type_in("lots").press("Enter");
    assert!(explorer.state.notice.as_ref().is_some_and(|notice| notice.bad));
    assert!(matches!(explorer.state.overlay, Some(Overlay::Value(Value { knob: "budget", .. }))));
    explorer.press("C-u").type_in("none").press("Enter Esc");
    assert_eq!((explorer.state.scenario.limits.budget_usd, &explorer.state.overlay), (None, &None));
    explorer.press("u u");
    assert!(!explorer.state.is_changed());
}

#[test]
fn arrows_turn_the_chosen_knob_of_the_list_and_show_its_value() {
    let mut explorer = Explorer::built_in("default");
    for knob in KNOBS.iter().filter(|knob| !knob.stops(&explorer.state.scenario, explorer.state.catalog).is_empty()) {
        let mut explorer = Explorer::built_in("default");
        let at = KNOBS.iter().position(|other| other.id == knob.id).expect("a row");
        explorer.press(",").press(&"Down ".repeat(at)).press("Right");
        if !explorer.state.is_changed() {
            explorer.press("Left");
        }
        assert!(explorer.state.is_changed(), "{}", knob.id);
        assert_eq!(first_row(&explorer), knob.id);
        let now = knob.read(&explorer.state.scenario, explorer.state.catalog).text;
        let list = explorer.state.overlay.as_ref().and_then(Overlay::list).expect("a list");
        assert!(list.current().is_some_and(|(_, row)| row.cells[0].starts_with(now.as_str())), "{}", knob.id);
        explorer.press("Esc u");
        assert!(!explorer.state.is_changed(), "{}", knob.id);
    }
    explorer.press(",").type_in("years").press("Right");
    assert!(!explorer.state.is_changed(), "typed only");
}

#[test]
fn a_model_is_picked_by_a_part_of_its_name_and_its_fit_is_shown() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("p");
    assert_eq!(first_row(&explorer), "llama-3.3-70b", "the present one is chosen");
    let list = explorer.state.overlay.as_ref().and_then(Overlay::list).expect("a list").clone();
    let speeds = |id: &str| -> Vec<bool> {
        let row = list.rows.iter().find(|row| row.id == id).expect(id);
        let cells = row.cells.iter().zip(&list.columns).filter(|(_, column)| column.machine.is_some());
        cells.map(|(cell, _)| cell.parse::<f64>().is_ok()).collect()
    };
    assert_eq!(speeds("llama-3.3-70b"), [true; 3]);
    assert_eq!(speeds("llama-3.1-405b"), [false; 3], "no speed where it does not fit");
    let screen = super::screen::lines(&explorer.draw(120, 40).0).join("\n");
    let headline = explorer.state.headline().short_lead().replace('\u{a0}', " ");
    assert!(screen.contains(&format!("→ {headline}")), "the effect of the chosen row: {screen}");
    explorer.type_in("goss12").press("Enter");
    assert_eq!(explorer.state.scenario.model, ModelChoice::Catalog("gpt-oss-120b".into()));
    assert_eq!(explorer.press("u").state.scenario.model, ModelChoice::Catalog("llama-3.3-70b".into()));
}

#[test]
fn a_size_typed_into_the_picker_offers_a_model_of_that_size() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("p").type_in("93b/20b");
    let list = explorer.state.overlay.as_ref().and_then(Overlay::list).expect("a list");
    assert!(list.current().is_some_and(|(_, row)| row.label.starts_with("custom: 93.0B, 20.0B active")), "{list:?}");
    assert!(list.current().is_some_and(|(_, row)| row.cells[3..6].iter().all(|cell| !cell.is_empty())));
    explorer.press("Bksp Bksp Bksp Bksp Bksp");
    assert!(ids(&explorer).iter().all(|id| id != "93b/20b"), "no longer typed");
    explorer.type_in("b/20b").press("Enter");
    assert_eq!(explorer.state.scenario.model, ModelChoice::Custom { params: 93e9, active: 20e9 });
}

#[test]
fn tab_completes_the_word_that_is_typed() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("= g o s s 1 2 Tab Enter");
    assert_eq!(explorer.state.scenario.model, ModelChoice::Catalog("gpt-oss-120b".into()));
    explorer.press(",").type_in("machines").press("Enter").type_in("dgx-spark,50").press("Tab Enter");
    assert_eq!(*explorer.state.scenario.machines, ["dgx-spark", "rtx-5090"]);
    explorer.press("C-u").type_in("budget").press("Enter 6 Tab");
    let budget = Overlay::Value(Value { knob: "budget", text: "6".to_owned(), from: None });
    let Some(Overlay::Value(Value { knob, text, .. })) = explorer.state.overlay.clone() else { panic!("no line") };
    assert_eq!(Overlay::Value(Value { knob, text, from: None }), budget, "a number has no words");
}

#[test]
fn help_is_narrowed_by_typing_and_greys_what_cannot_be_done() {
    let mut explorer = Explorer::built_in("default");
    let role = |explorer: &Explorer, words: &str| {
        let (buffer, _) = explorer.draw(120, 60);
        let lines = super::screen::lines(&buffer);
        let row = lines.iter().position(|line| line.contains(words)).expect(words);
        let before = lines[row].split(words).next().expect("a line");
        let column = before.chars().count();
        buffer[(column as u16, row as u16)].fg
    };
    explorer.press("?");
    let (undo, zoom) = (role(&explorer, "undo"), role(&explorer, "one panel large"));
    assert_ne!(undo, zoom, "nothing to undo yet");
    explorer.press("Esc Right ?");
    assert_eq!(role(&explorer, "undo"), role(&explorer, "one panel large"));
    explorer.type_in("und");
    let text = super::screen::lines(&explorer.draw(120, 60).0).join("\n");
    let inside = text.split("Help").nth(1).expect("the box");
    assert!(inside.contains("undo") && !inside.contains("one panel large"), "{text}");
    explorer.press("C-u");
    explorer.type_in("qqq");
    assert!(super::screen::lines(&explorer.draw(80, 24).0).join("").contains("nothing matches"));
    explorer.press("Esc");
    assert_eq!(explorer.state.overlay, None);
}

#[test]
fn the_palette_finds_the_cheaper_machine() {
    let mut explorer = Explorer::built_in("default");
    explorer.press(":").type_in("cheaper");
    assert_eq!(first_row(&explorer), "show-cheaper");
    let other = explorer.state.around.cheaper.clone().expect("a cheaper machine").machine;
    explorer.press("Enter");
    assert_eq!(explorer.state.scenario.machines.last(), Some(&other));
}
