//! Tests of the three questions that a first start asks.

use whichbox::model::scenario::{Limits, ModelChoice};
use whichbox::ui::overlay::{Overlay, Question};

use super::screen::{Explorer, lines};

fn question(explorer: &Explorer) -> Option<Question> {
    match &explorer.state.overlay {
        Some(Overlay::Ask(ask)) => Some(ask.question),
        _ => None,
    }
}

#[test]
fn a_120b_for_eight_agents_under_6000_in_twelve_keys_and_one_undo() {
    let mut explorer = Explorer::built_in("default");
    let before = explorer.state.scenario.clone();
    let keys = "a 1 2 0 Enter 8 Enter 6 0 0 0 Enter";
    assert!(keys.split(' ').count() <= 12);
    explorer.press(keys);
    let scenario = &explorer.state.scenario;
    assert_eq!(scenario.model, ModelChoice::Catalog("gpt-oss-120b".into()));
    assert_eq!(scenario.concurrency, 8);
    let limits = Limits { budget_usd: Some(6000.0), min_tok_s: Some(10.0), ..Limits::default() };
    assert_eq!(scenario.limits, limits);
    assert!(scenario.machines.len() > 3, "machines that pass are put beside the others");
    let screen = lines(&explorer.draw(80, 24).0).join("\n");
    let winner = explorer.state.answers.verdict.winner.expect("a box passes");
    let name = &explorer.state.answers.machines[winner].machine.short;
    assert!(screen.contains(name.as_str()) && screen.contains("≤ $6,000"), "{screen}");
    assert!(screen.contains("would change: "), "the nearest flip: {screen}");
    assert_eq!(explorer.press("u").state.scenario, before);
}

#[test]
fn arrows_and_enter_alone_answer_it_and_esc_goes_back_a_question() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("a Down Enter");
    assert_eq!(question(&explorer), Some(Question::Streams));
    explorer.press("Esc");
    assert_eq!(question(&explorer), Some(Question::Model));
    explorer.press("Enter Enter Enter");
    assert_eq!(question(&explorer), None);
    assert!(explorer.state.is_changed());
    explorer.press("a Esc");
    assert_eq!(question(&explorer), None);
}

#[test]
fn what_cannot_be_read_is_said_and_asked_again() {
    let mut explorer = Explorer::built_in("default");
    explorer.press("a").type_in("zzz").press("Enter");
    assert_eq!(question(&explorer), Some(Question::Model));
    assert!(explorer.state.notice.as_ref().is_some_and(|notice| notice.bad));
    explorer.press("C-u").type_in("93b/20b").press("Enter").type_in("9999999").press("Enter");
    assert_eq!(question(&explorer), Some(Question::Streams));
    assert!(explorer.state.notice.as_ref().is_some_and(|notice| notice.text.contains("allowed")));
    explorer.press("C-u").type_in("4").press("Enter").type_in("laptop").press("Enter");
    assert_eq!(explorer.state.scenario.model, ModelChoice::Custom { params: 93e9, active: 20e9 });
    assert!(explorer.state.scenario.limits.portable);
}
