//! Prices, hosts and running costs, each against the same figure worked out here by hand.

use whichbox::answer::{Answer, Answers};
use whichbox::estimate::figures::Figure;
use whichbox::scenario::Scenario;

use super::ask::{ask, scenario};

fn figure(answer: &Answer<'_>, id: &str) -> Option<f64> {
    Figure::named(id).expect(id).of(answer.estimate.as_ref().expect("an estimate"))
}

fn near(ours: Option<f64>, known: f64) {
    let ours = ours.expect("known");
    assert!((ours / known - 1.0).abs() < 1e-9, "{ours} instead of {known}");
}

/// The RTX PRO 6000 at $13,250 with these further fields.
fn card(fields: &str) -> (Scenario, Answers<'static>) {
    let asked = scenario(&format!("machines: [\"rtx-pro-6000\"], price: (own: {{\"rtx-pro-6000\": 13250}}), {fields}"));
    let answers = ask(&asked);
    (asked, answers)
}

/// The sentences of what the first machine misses.
fn misses<'a>(answers: &'a Answers<'_>) -> Vec<&'a str> {
    answers.verdict.failed[0].iter().map(|failed| failed.text.as_str()).collect()
}

#[test]
fn a_bare_card_is_shown_alone_and_judged_with_a_host() {
    let (_, answers) = card("limits: (budget_usd: 14000, max_watts: 600)");
    let answer = &answers.machines[0];
    near(figure(answer, "cost.price"), 13_250.0);
    near(figure(answer, "cost.usd-per-gb"), 13_250.0 / 96.0);
    near(figure(answer, "cost.total"), 15_750.0);
    near(figure(answer, "power.load"), 560.0);
    near(figure(answer, "power.idle"), 40.0);
    near(figure(answer, "power.total-load"), 680.0);
    assert!(answer.card_only());
    assert_eq!(
        misses(&answers),
        [
            "costs $13,250 card + $2,500 host (assumed) = $15,750, the budget is $14,000",
            "draws 560 W card + 120 W host (assumed) = 680 W under load, the limit is 600 W",
        ]
    );
}

#[test]
fn a_host_that_is_stated_counts_in_every_figure() {
    let (_, answers) =
        card("host: (usd: 1000, idle_watts: 50, load_watts: 100), limits: (budget_usd: 14250, max_watts: 660)");
    let answer = &answers.machines[0];
    near(figure(answer, "cost.price"), 14_250.0);
    near(figure(answer, "cost.usd-per-gb"), 14_250.0 / 96.0);
    near(figure(answer, "cost.total"), 14_250.0);
    near(figure(answer, "power.load"), 660.0);
    near(figure(answer, "power.idle"), 90.0);
    let speed = answer.estimate.expect("known").decode.speeds.expect("it fits").aggregate.expected;
    near(figure(answer, "power.joules-per-token"), 660.0 / speed);
    assert!(!answer.card_only());
    assert_eq!(answers.verdict.winner, Some(0), "{:?}", misses(&answers));
    assert_eq!(answers.verdict.passed[0][1], "costs $13,250 card + $1,000 host = $14,250, the budget is $14,250");
}

#[test]
fn a_computer_that_is_there_already_costs_nothing_and_still_draws_power() {
    let (_, answers) = card("host: (usd: 0), limits: (budget_usd: 13250, max_watts: 600)");
    near(figure(&answers.machines[0], "cost.total"), 13_250.0);
    assert_eq!(misses(&answers), ["draws 560 W card + 120 W host (assumed) = 680 W under load, the limit is 600 W"]);
}

#[test]
fn a_complete_computer_has_no_host() {
    let answers = ask(&scenario("machines: [\"dgx-spark\"], host: (usd: 2500, idle_watts: 60, load_watts: 120)"));
    let answer = &answers.machines[0];
    near(figure(answer, "cost.price"), 4699.0);
    near(figure(answer, "cost.total"), 4699.0);
    near(figure(answer, "power.load"), 130.0);
    assert!(!answer.card_only() && answer.host.is_none());
}

#[test]
fn the_cheapest_is_the_cheapest_working_computer() {
    // $3,000 of card beats $4,699 on the label, and not with $2,500 of computer around it.
    let on = |host: &str| {
        let asked = scenario(&format!(
            "machines: [\"dgx-spark\", \"rtx-pro-6000\"], price: (own: {{\"rtx-pro-6000\": 3000}}),
             limits: (min_tok_s: 1), {host}"
        ));
        ask(&asked).verdict.winner
    };
    assert_eq!(on(""), Some(0));
    assert_eq!(on("host: (usd: 0)"), Some(1));
}
