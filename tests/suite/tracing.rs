//! Tests of walking through the formulas behind a figure.

use whichbox::model::answer::FIGURES;
use whichbox::model::answer::From;
use whichbox::ui::overlay::{Overlay, Trace};
use whichbox::ui::state::Focus;

use super::screen::Explorer;

fn trace(explorer: &Explorer) -> Option<&Trace> {
    match &explorer.state.overlay {
        Some(Overlay::Trace(trace)) => Some(trace),
        _ => None,
    }
}

#[test]
fn every_number_is_reached_by_keys_and_every_figure_by_brackets() {
    let mut explorer = Explorer::built_in("gpt-oss-120b");
    explorer.press("t");
    let count = trace(&explorer).expect("a tree").tree.branches.len();
    for at in 1..count {
        explorer.press("Down");
        assert_eq!(trace(&explorer).map(|trace| trace.tree.chosen), Some(at));
    }
    let estimate = explorer.state.answers.machines[0].estimate.expect("an estimate");
    let mut left: Vec<&str> = FIGURES.iter().filter(|figure| figure.of(&estimate).is_some()).map(|f| f.id).collect();
    for _ in 0..FIGURES.len() {
        let now = trace(&explorer).expect("a tree").figure.id;
        left.retain(|id| *id != now);
        explorer.press("]");
    }
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_tree_says_what_the_screen_says_and_tab_goes_on_to_the_next_machine() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("Tab Tab Enter");
    let first = trace(&explorer).expect("a tree of the panel's row").clone();
    assert_eq!(first.figure.id, "decode.expected");
    let shown = explorer.state.answers.machines[first.machine].estimate.and_then(|e| e.decode.speeds).expect("a speed");
    assert!(
        first.tree.branches[0].value.starts_with(&format!("{:.0}", shown.each.expected)),
        "{:?}",
        first.tree.branches[0]
    );
    explorer.press("Tab");
    assert_eq!(trace(&explorer).map(|trace| trace.machine), Some((first.machine + 1) % 3));
}

#[test]
fn folding_hides_and_a_leaf_leads_to_its_knob_or_entry() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("t");
    let all = trace(&explorer).expect("a tree").tree.visible().len();
    explorer.press("Left");
    assert_eq!(trace(&explorer).map(|trace| trace.tree.visible().len()), Some(1));
    explorer.press("Right");
    assert_eq!(trace(&explorer).map(|trace| trace.tree.visible().len()), Some(all));
    let find = |explorer: &Explorer, wanted: &dyn Fn(&From) -> bool| {
        trace(explorer)
            .and_then(|trace| trace.tree.branches.iter().position(|branch| branch.from.as_ref().is_some_and(wanted)))
    };
    let knob = find(&explorer, &|from| *from == From::Knob("context")).expect("the context enters");
    explorer.press(&"Down ".repeat(knob)).press("Enter");
    assert_eq!((trace(&explorer), explorer.state.focus), (None, Focus::Slider(4)));
    explorer.press("t");
    let entry = find(&explorer, &|from| matches!(from, From::Entry { .. })).expect("a fact enters");
    explorer.press(&"Down ".repeat(entry)).press("Enter");
    assert!(matches!(&explorer.state.overlay, Some(Overlay::Page(page)) if page.lines.len() > 3));
}

#[test]
fn what_does_not_apply_is_said() {
    let mut explorer = Explorer::of("model: Catalog(\"llama-3.1-405b\")");
    explorer.press("t");
    assert!(trace(&explorer).is_none());
    assert!(explorer.state.notice.as_ref().is_some_and(|notice| notice.bad && notice.text.contains("not known")));
}
