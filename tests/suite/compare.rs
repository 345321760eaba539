//! Tests of comparing with a pinned state: the listed changes, swapping, clearing, and undoing each of them.

use whichbox::model::answer::{answer_scenario, compare};
use whichbox::model::scenario::{Scenario, from_str};
use whichbox::ui::input::Action;
use whichbox::ui::state::{Document, Focus, Message, State, VIEWS, update};

use super::screen::{Explorer, catalog, lines};

fn scenario(fields: &str) -> Scenario {
    from_str("test", &format!("(schema: 1, {fields})")).expect(fields)
}

#[test]
fn machines_are_matched_by_id_and_those_of_one_side_are_named() {
    let catalog = catalog();
    let before = answer_scenario(catalog, &scenario("machines: [\"dgx-spark\", \"rtx-pro-6000\"]")).expect("answered");
    let after = scenario("machines: [\"rtx-5090\", \"rtx-pro-6000\"], price: (own: {\"rtx-pro-6000\": 8000})");
    let found = compare(&before, &answer_scenario(catalog, &after).expect("answered"));
    let ids = |machines: &[whichbox::model::answer::Named]| machines.iter().map(|m| m.id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&found.gone), ids(&found.new)), (vec!["dgx-spark".to_owned()], vec!["rtx-5090".to_owned()]));
    let price = found.of("rtx-pro-6000", "cost.price").expect("its price changed");
    assert_eq!(price.after.map(|usd| usd.value), Some(8000.0));
    assert_eq!(found.of("rtx-pro-6000", "decode.expected"), None, "a price moves no speed");
    assert!(found.of("rtx-5090", "decode.expected").is_none(), "there is nothing to compare it with");
}

#[test]
fn figures_tell_their_change_against_a_by_their_own_ratio() {
    let mut explorer = Explorer::built_in("gpt-oss-120b");
    explorer.press("c");
    let before = explorer.state.answers.machines[0].estimate.and_then(|e| e.decode.speeds).expect("a speed");
    explorer.press("Down Down Down Right Right Right");
    let after = explorer.state.answers.machines[0].estimate.and_then(|e| e.decode.speeds).expect("a speed");
    let pinned = explorer.state.pinned.as_ref().expect("pinned");
    let id = &explorer.state.answers.machines[0].machine.id;
    let change = pinned.comparison.of(id, "decode.expected").expect("fewer per stream");
    let ratio = change.ratio().expect("both are known");
    assert!((ratio - after.each.expected / before.each.expected).abs() < 1e-12);
    let screen = lines(&explorer.draw(120, 40).0).join("\n");
    assert!(screen.contains(change.times().expect("a ratio").as_str()), "{screen}");
    assert!(screen.contains("A: Streams 1"), "{screen}");
    explorer.press("c");
    assert!(explorer.state.pinned.is_none());
    assert!(!lines(&explorer.draw(120, 40).0).join("\n").contains("A: "));
}

#[test]
fn swapping_is_one_step_that_undo_takes_back_whole() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("c Down Down Down Right x");
    let streams = |explorer: &Explorer| {
        let pinned = explorer.state.pinned.as_ref().map(|pinned| pinned.pin.scenario.concurrency);
        (explorer.state.scenario.concurrency, pinned)
    };
    assert_eq!(streams(&explorer), (1, Some(2)));
    explorer.press("u");
    assert_eq!(streams(&explorer), (2, Some(1)));
    explorer.press("U");
    assert_eq!(streams(&explorer), (1, Some(2)));
    explorer.press("u u");
    assert_eq!(streams(&explorer), (1, Some(1)));
    explorer.press("U U c u");
    assert_eq!(streams(&explorer), (2, None), "what was cleared stays cleared");
    explorer.press("x");
    assert_eq!(streams(&explorer), (2, None));
}

#[test]
fn swapping_takes_the_file_along() {
    let catalog = catalog();
    let document = |name: &str, scenario: &Scenario| Document {
        name: name.to_owned(),
        path: Some(format!("{name}.ron").into()),
        saved: scenario.clone(),
    };
    let (a, b) = (scenario("concurrency: 4"), scenario("concurrency: 8"));
    let mut state = State::new(catalog, b.clone(), document("b", &b)).expect("answered");
    state.pin(a.clone(), document("a", &a)).expect("answered");
    let mut press = |key: &str| {
        update(&mut state, Message::Key { chord: key.parse().expect(key), at: 0 });
        (state.document.name.clone(), state.scenario.concurrency, state.is_changed())
    };
    assert_eq!(press("x"), ("a".to_owned(), 4, false));
    assert_eq!(press("u"), ("b".to_owned(), 8, false));
}

#[test]
fn a_compared_screen_cuts_no_number_and_draws_every_view() {
    for (columns, rows) in [(40, 10), (60, 16), (80, 24), (120, 40), (200, 60)] {
        let mut explorer = Explorer::built_in("gpt-oss-120b");
        explorer.press("c Down Down Down Right Right Right End");
        for (at, view) in VIEWS.iter().enumerate() {
            update(&mut explorer.state, Message::Act { action: Action::View(at), at: 0 });
            explorer.draw(columns, rows);
            for panel in 0..view.panels.len() {
                explorer.state.focus = Focus::Panel { panel, machine: 1 };
                let text = lines(&explorer.draw(columns, rows).0).join("\n");
                assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
            }
        }
    }
}
