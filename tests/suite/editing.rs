//! Tests of the explorer without a terminal: the effects of messages on its state.

use proptest::prelude::*;
use whichbox::model::catalog::Catalog;
use whichbox::model::scenario::{ModelChoice, Scenario, find};
use whichbox::ui::input::{Action, Chord};
use whichbox::ui::overlay::{Machines, Overlay, SaveAs, Value};
use whichbox::ui::state::{Document, Effect, Focus, Message, State, VIEWS, update};

use super::invariants::cases;
use super::screen::Explorer;

fn catalog() -> Catalog {
    Catalog::load(None).expect("the built-in catalog")
}

fn explorer(catalog: &Catalog) -> State<'_> {
    let scenario = Scenario::default();
    let document = Document { name: "default".to_owned(), path: None, saved: scenario.clone() };
    State::new(catalog, scenario, document).expect("answered")
}

/// Presses keys, `gap` milliseconds apart.
fn press(state: &mut State<'_>, keys: &str, gap: u64) -> Option<Effect> {
    let mut last = None;
    for (at, key) in keys.split(' ').enumerate() {
        let chord: Chord = key.parse().unwrap_or_else(|error| panic!("{error}"));
        last = update(state, Message::Key { chord, at: at as u64 * gap });
    }
    last
}

fn open(state: &mut State<'_>, name: &str) {
    let opened = find(name).expect("built in");
    let document = Document { name: name.to_owned(), path: None, saved: opened.scenario.clone() };
    update(state, Message::Loaded(Box::new((opened.scenario, document))));
}

#[test]
fn a_held_key_is_undone_as_one_step_and_presses_with_pauses_one_by_one() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    press(&mut state, "Down Down Down Right Right Right Right", 30);
    assert_eq!(state.scenario.concurrency, 6);
    press(&mut state, "u", 0);
    assert_eq!(state.scenario.concurrency, 1);
    press(&mut state, "U", 0);
    assert_eq!(state.scenario.concurrency, 6);
    press(&mut state, "Left Left u", 5000);
    assert_eq!(state.scenario.concurrency, 4);
}

#[test]
fn opening_is_undone_together_with_where_it_came_from() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    open(&mut state, "gpt-oss-120b");
    open(&mut state, "long-context");
    press(&mut state, "Right u u", 5000);
    assert_eq!((state.document.name.as_str(), state.is_changed()), ("gpt-oss-120b", false));
    press(&mut state, "u", 0);
    assert_eq!((state.document.name.as_str(), state.is_changed()), ("default", false));
    press(&mut state, "U U", 0);
    assert_eq!((state.document.name.as_str(), state.is_changed()), ("long-context", false));
}

#[test]
fn machines_are_put_on_and_taken_off_step_by_step_and_one_stays() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    press(&mut state, "m Space Down Space Down Space", 10);
    assert_eq!(*state.scenario.machines, ["rtx-pro-6000"]);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.bad));
    press(&mut state, "Esc u", 10);
    assert_eq!(*state.scenario.machines, ["macbook-pro-m5-max-40", "rtx-pro-6000"]);
    press(&mut state, "m 5 0 9 0 Space Enter", 10);
    assert_eq!(state.scenario.machines.last().map(String::as_str), Some("rtx-5090"));
    assert_eq!(state.overlay, None);
}

#[test]
fn the_list_of_machines_says_where_the_model_fits() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    press(&mut state, "m", 0);
    let Some(Overlay::Machines(Machines { list })) = &state.overlay else { panic!("{:?}", state.overlay) };
    let cells = |id: &str| list.rows.iter().find(|row| row.id == id).map(|row| row.cells.join("|")).unwrap_or_default();
    assert!(cells("dgx-spark").starts_with("128|273|$6,950|"), "{}", cells("dgx-spark"));
    assert!(cells("dgx-spark").contains("|fits: "), "{}", cells("dgx-spark"));
    assert!(cells("rtx-5090").contains("|does not fit: "), "{}", cells("rtx-5090"));
}

#[test]
fn a_bad_value_stays_in_its_line_with_the_reason_and_esc_leaves() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    press(&mut state, "= 9 9 x Enter", 0);
    assert_eq!(state.overlay, Some(Overlay::Value(Value { knob: "model", text: "99x".to_owned(), from: None })));
    assert!(state.notice.as_ref().is_some_and(|notice| notice.bad && notice.text.contains("99x")));
    press(&mut state, "Esc", 0);
    assert_eq!((&state.overlay, &state.notice, state.is_changed()), (&None, &None, false));
    press(&mut state, "Enter 4 0 b Enter", 0);
    assert_eq!(state.scenario.model, ModelChoice::Custom { params: 40e9, active: 40e9 });
}

#[test]
fn arrows_go_on_turning_the_last_slider_while_a_panel_has_the_focus() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    press(&mut state, "Down Down Down Tab Tab Down Right Right", 10);
    assert!(matches!(state.focus, Focus::Panel { panel: 1, .. }));
    assert_eq!(state.scenario.concurrency, 3);
    press(&mut state, "Tab ".repeat(VIEWS[0].panels.len() - 1).trim_end(), 10);
    assert_eq!(state.focus, Focus::Slider(3));
}

#[test]
fn a_refused_save_asks_for_another_name_and_offers_one() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    let sentence = "mine.ron: this file was written by hand".to_owned();
    update(&mut state, Message::NotSaved { instead: "mine-2.ron".to_owned(), sentence });
    assert_eq!(state.overlay, Some(Overlay::SaveAs(SaveAs { name: "mine-2.ron".to_owned() })));
    assert_eq!(press(&mut state, "Enter", 0), Some(Effect::Save { to: Some("mine-2.ron".into()) }));
    press(&mut state, "S C-u Enter", 0);
    assert!(state.overlay.is_some() && state.notice.as_ref().is_some_and(|notice| notice.bad), "no name, no save");
}

#[test]
fn opening_swapping_and_machines_are_one_step_each_among_hundreds() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    press(&mut state, "c Down Right", 5000);
    let start = state.history.depth().0;
    open(&mut state, "gpt-oss-120b");
    assert_eq!(state.history.depth().0, start + 1, "opening");
    press(&mut state, "x", 5000);
    assert_eq!(state.history.depth().0, start + 2, "swapping");
    press(&mut state, "m Space Esc", 5000);
    assert_eq!(state.history.depth().0, start + 3, "a machine");
    open(&mut state, "gpt-oss-120b");
    assert_eq!(state.history.depth().0, start + 4, "reading anew");
    press(&mut state, "R c", 5000);
    assert_eq!(state.history.depth().0, start + 4, "going back to what is there and clearing change nothing");
    for _ in 0..300 {
        press(&mut state, "m Space Esc", 5000);
        press(&mut state, "c x", 5000);
    }
    assert!(state.history.depth().0 <= 500);
    let (steps, now) = (state.history.depth().0, state.scenario.clone());
    for _ in 0..steps {
        press(&mut state, "u", 0);
    }
    assert_eq!(state.history.depth(), (0, steps));
    for _ in 0..steps {
        press(&mut state, "U", 0);
    }
    assert_eq!((state.history.depth(), &state.scenario), ((steps, 0), &now));
}

#[test]
fn a_notice_leaves_the_answer_where_it_stands() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut explorer = Explorer::built_in("default");
        // The line of the answer, with the winner's name.
        let answer = |explorer: &Explorer| {
            let picture = explorer.picture(columns, rows);
            picture.lines().find(|line| line.contains("cheapest of these 3")).map(str::to_owned)
        };
        let before = answer(&explorer).expect("the answer");
        explorer.press("u");
        assert!(explorer.picture(columns, rows).contains("nothing to undo"), "{columns}x{rows}");
        assert_eq!(answer(&explorer), Some(before), "{columns}x{rows}");
    }
}

#[test]
fn a_part_is_turned_typed_and_given_back() {
    let mut explorer = Explorer::built_in("default");
    let start = explorer.state.scenario.clone();
    let of = |explorer: &Explorer| explorer.state.scenario.what_if.values().next().and_then(|w| w.bandwidth_gbs);
    explorer.press("Tab e Right");
    let turned = of(&explorer).expect("an assumption");
    assert!(turned > 0.0 && explorer.picture(120, 40).contains("* assumed"));
    explorer.press("Enter").type_in("300").press("Enter");
    assert_eq!(of(&explorer), Some(300.0));
    assert!(matches!(explorer.state.overlay, Some(Overlay::WhatIf(_))), "the parts come back");
    explorer.press("Del");
    assert_eq!(explorer.state.scenario, start);
    explorer.press("Esc u");
    assert_eq!(of(&explorer), Some(300.0));
    explorer.press("u u");
    assert_eq!(explorer.state.scenario, start);
}

#[test]
fn a_machine_that_does_not_exist_is_put_on_the_screen() {
    let mut explorer = Explorer::built_in("default");
    let count = explorer.state.scenario.machines.len();
    explorer.press("E");
    assert_eq!(explorer.state.scenario.machines.len(), count + 1);
    assert!(explorer.picture(120, 40).contains("boxes linked"));
    explorer.press("Right Esc");
    assert_eq!(explorer.state.scenario.what_if.values().next().and_then(|what_if| what_if.count), Some(3.0));
    assert!(explorer.state.answers.machines[count].machine.short.starts_with("3x "));
    explorer.press("u u");
    assert!(explorer.state.scenario.what_if.is_empty());
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn any_steps_are_undone_and_redone_and_the_same_steps_look_the_same(
        keys in prop::collection::vec(
            prop::sample::select(&["Left", "Right", "Up", "Down", "Home", "End", "Tab", "1", "2", "3"][..]), 1..12),
    ) {
        let keys = keys.join(" ");
        let (mut first, mut second) = (Explorer::built_in("default"), Explorer::built_in("default"));
        let start = first.state.scenario.clone();
        let end = first.press(&keys).state.scenario.clone();
        second.press(&keys);
        prop_assert_eq!(first.picture(80, 24), second.picture(80, 24));

        let steps = first.state.history.depth().0;
        let travel = |state: &mut State<'_>, action| {
            for at in 0..steps as u64 {
                update(state, Message::Act { action, at });
            }
        };
        travel(&mut first.state, Action::Undo);
        prop_assert_eq!((&first.state.scenario, first.state.history.depth()), (&start, (0, steps)));
        travel(&mut first.state, Action::Redo);
        prop_assert_eq!((&first.state.scenario, first.state.history.depth()), (&end, (steps, 0)));
        prop_assert_eq!(Scenario::clone(&end), whichbox::model::scenario::from_str("end", &end.to_ron().expect("a form")).expect("read"));
    }
}

#[test]
fn keys_make_a_set_up_of_a_machine_and_change_its_split_and_link() {
    let catalog = catalog();
    let mut state = explorer(&catalog);
    let machines = |state: &State<'_>| state.scenario.machines.join(" ");
    press(&mut state, "m :", 10);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.bad), "one device has no split");
    press(&mut state, "+", 10);
    assert_eq!(machines(&state), "dgx-spark 2xdgx-spark macbook-pro-m5-max-40 rtx-pro-6000");
    press(&mut state, "+ :", 10);
    assert_eq!(machines(&state), "dgx-spark 3xdgx-spark:layer macbook-pro-m5-max-40 rtx-pro-6000");
    press(&mut state, ": @", 10);
    let link = &catalog.links[0].id;
    let wanted = format!("dgx-spark 3xdgx-spark:tensor@{link} macbook-pro-m5-max-40 rtx-pro-6000");
    assert_eq!(machines(&state), wanted);
    // The set-up is a selected row of the list; each step can be undone separately.
    press(&mut state, "Space Esc", 10);
    assert_eq!(machines(&state), "dgx-spark macbook-pro-m5-max-40 rtx-pro-6000");
    press(&mut state, "u", 10);
    assert_eq!(machines(&state), wanted);
}
