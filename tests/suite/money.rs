//! Tests of prices, hosts and running costs, each against the same figure computed here.

use whichbox::model::answer::Figure;
use whichbox::model::answer::{Against, Answer, Answers, curves, elsewhere, history, lanes, pays};
use whichbox::model::estimate::verdict::{Candidate, Limits, PriceRange, verdict};
use whichbox::model::scenario::Scenario;
use whichbox::model::units::{Amount, Digits, Unit};

use super::ask::{ask, catalog, scenario};

fn figure(answer: &Answer<'_>, id: &str) -> Option<f64> {
    Figure::named(id).expect(id).of(answer.estimate.as_ref().expect("an estimate"))
}

fn near(ours: Option<f64>, known: f64) {
    let ours = ours.expect("known");
    assert!((ours / known - 1.0).abs() < 1e-9, "{ours} instead of {known}");
}

/// Returns the answers for the RTX PRO 6000 at $13,250, with these further fields.
fn card(fields: &str) -> (Scenario, Answers<'static>) {
    let asked = scenario(&format!("machines: [\"rtx-pro-6000\"], price: (own: {{\"rtx-pro-6000\": 13250}}), {fields}"));
    let answers = ask(&asked);
    (asked, answers)
}

/// The Spark at $4,699.
const SPARK: &str = "machines: [\"dgx-spark\"], price: (own: {\"dgx-spark\": 4699})";

/// Returns the sentences on the limits that the first machine misses.
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
    let answers = ask(&scenario(&format!("{SPARK}, host: (usd: 2500, idle_watts: 60, load_watts: 120)")));
    let answer = &answers.machines[0];
    near(figure(answer, "cost.price"), 4699.0);
    near(figure(answer, "cost.total"), 4699.0);
    near(figure(answer, "power.load"), 130.0);
    assert!(!answer.card_only() && answer.host.is_none());
}

#[test]
fn the_cheapest_is_the_cheapest_working_computer() {
    // A card at $3,000 is cheaper than a Spark at $4,699, but not with a computer of $2,500 around it.
    let on = |host: &str| {
        let asked = scenario(&format!(
            "machines: [\"dgx-spark\", \"rtx-pro-6000\"], price: (own: {{\"dgx-spark\": 4699, \"rtx-pro-6000\": 3000}}),
             limits: (min_tok_s: 1), {host}"
        ));
        ask(&asked).verdict.winner
    };
    assert_eq!(on(""), Some(0));
    assert_eq!(on("host: (usd: 0)"), Some(1));
}

/// The Spark at $4,000, used half of two years at $0.30 per kWh, beside an H100 at its rent, for 4 streams.
const OWNING: &str = "machines: [\"dgx-spark\"], concurrency: 4, price: (own: {\"dgx-spark\": 4000}),
    economics: (years: 2, utilisation: 0.5, tariff_usd_kwh: 0.3, cloud: \"h100-sxm\"),
    what_if: {\"dgx-spark\": (load_w: 150), \"h100-sxm\": (rent_usd_per_hour: 3.6)}";

fn throughput(answer: &Answer<'_>) -> f64 {
    answer.estimate.and_then(|estimate| estimate.decode.speeds).expect("it runs").aggregate.expected
}

#[test]
fn break_even_against_renting_by_hand() {
    let answers = ask(&scenario(OWNING));
    let answer = &answers.machines[0];
    let own = throughput(answer);
    let rented = throughput(&ask(&scenario(&OWNING.replacen("dgx-spark", "h100-sxm", 1))).machines[0]);
    // $3.60 per hour is a tenth of a cent per second.
    let theirs = 0.001 / rented * 1e6;
    let energy = 0.150 * 0.3 / (own * 3600.0) * 1e6;
    near(figure(answer, "break-even.rent-usd-per-mtok"), theirs);
    near(figure(answer, "break-even.energy"), energy);
    let mtok = 4000.0 / (theirs - energy);
    near(figure(answer, "break-even.rent"), mtok);
    let seconds = mtok * 1e6 / own;
    near(figure(answer, "break-even.rent-months"), seconds / (365.0 * 24.0 * 3600.0 / 12.0) / 0.5);
    near(figure(answer, "break-even.rent-hours"), seconds / 3600.0 / (2.0 * 365.0));
}

#[test]
fn the_curves_cross_where_owning_pays() {
    let answers = ask(&scenario(OWNING));
    let curves = curves(&answers.machines[0], 2.0, 0.5).expect("known");
    let (rent, crossing) = curves.rent.expect("rented");
    let crossing = crossing.expect("it pays");
    near(Some(curves.own.at(crossing)), rent.at(crossing));
    near(figure(&answers.machines[0], "break-even.rent"), crossing);
    assert!(curves.own.at(0.0) > rent.at(0.0) && crossing < curves.upto);
    near(Some(curves.lifetime), throughput(&answers.machines[0]) * 2.0 * 365.0 * 24.0 * 3600.0 * 0.5 / 1e6);
}

#[test]
fn where_electricity_costs_more_than_they_take_it_never_pays() {
    // One stream of a dense 70B takes 28 J per token at 130 W, which costs more than the API.
    let api = catalog().api_price("llama-3.3-70b").expect("a price").output_usd_per_mtok.value;
    let answers = ask(&scenario(&format!("{SPARK}, economics: (tariff_usd_kwh: 0.2)")));
    let answer = &answers.machines[0];
    assert_eq!(figure(answer, "break-even.api"), None);
    let energy = 0.130 * 0.2 / (throughput(answer) * 3600.0) * 1e6;
    assert!(energy > api, "{energy}");
    let text = pays(answer, Against::Api);
    let api_takes = Amount::new(api, Unit::UsdPerMtok, Digits::Significant(2));
    assert_eq!(text, format!("never: electricity alone costs ${energy:.1}/Mtok, the API takes {api_takes}"));
    let free = ask(&scenario(&format!("{SPARK}, economics: (tariff_usd_kwh: 0)")));
    near(figure(&free.machines[0], "break-even.api"), 4699.0 / api);
    assert!(
        pays(&free.machines[0], Against::Api).starts_with("never within its years of use: "),
        "thousands of Mtok at 5 tok/s"
    );
}

#[test]
fn what_is_rented_by_default_is_the_cheapest_per_token_that_runs_the_model() {
    let answers = ask(&scenario("machines: [\"dgx-spark\"]"));
    let chosen = answers.machines[0].rented.as_ref().expect("one runs it");
    let each = |id: &str| {
        let asked = scenario(&format!("machines: [\"dgx-spark\"], economics: (cloud: \"{id}\")"));
        let rented = ask(&asked).machines[0].rented.clone();
        rented.map(|rented| rented.usd_per_hour.value / rented.tok_s)
    };
    let all: Vec<f64> = catalog().cloud.iter().filter_map(|cloud| each(&cloud.id)).collect();
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(all.len() >= 4 && all.len() < catalog().cloud.len(), "24 GB and 32 GB cards do not hold it: {all:?}");
    near(Some(chosen.usd_per_hour.value / chosen.tok_s), least);
}

#[test]
fn the_yearly_bill_by_hand() {
    let asked = "machines: [\"rtx-pro-6000\"], economics: (utilisation: 0.25, tariff_usd_kwh: 0.2)";
    let (load, idle) = (8760.0 * 0.25 * 0.680 * 0.2, 8760.0 * 0.75 * 0.100 * 0.2);
    let answers = ask(&scenario(asked));
    near(figure(&answers.machines[0], "power.bill-load"), load);
    near(figure(&answers.machines[0], "power.bill-idle"), idle);
    near(figure(&answers.machines[0], "power.bill"), load + idle);
    let mac = ask(&scenario("machines: [\"macbook-pro-m5-max-40\"]"));
    assert!(figure(&mac.machines[0], "power.bill-load").is_some());
    assert_eq!(figure(&mac.machines[0], "power.bill"), None, "its power at idle is not known");
}

#[test]
fn prices_per_gib_and_per_bandwidth_by_hand() {
    let answers = ask(&scenario(SPARK));
    near(figure(&answers.machines[0], "cost.usd-per-gb-usable"), 4699.0 / 119.7);
    near(figure(&answers.machines[0], "cost.usd-per-gbs"), 4699.0 / 273.0);
    let joules = figure(&answers.machines[0], "power.joules-per-token").expect("known");
    near(figure(&answers.machines[0], "power.kwh-per-mtok"), joules * 1e6 / 3.6e6);
    near(Some(joules * throughput(&answers.machines[0])), 130.0);
}

#[test]
fn a_price_in_euros_is_shown_apart_and_never_counts() {
    let history = history(catalog(), "dgx-spark");
    assert!(history.points.windows(2).all(|pair| pair[0].date <= pair[1].date) && history.points.len() > 8);
    assert!(history.events.iter().any(|event| event.id == "dgx-spark-price-rise"));
    assert_eq!(elsewhere(catalog(), "dgx-spark").as_deref(), Some("EUR 6,600 incl. VAT of 2026-10-05"));
    let later = ask(&scenario("machines: [\"dgx-spark\"], price: (as_of: \"2026-10-31\")"));
    near(figure(&later.machines[0], "cost.price"), 6950.0);
    let only_euros = ask(&scenario("machines: [\"rtx-pro-5000-72\"], price: (as_of: \"2026-11\")"));
    assert_eq!(figure(&only_euros.machines[0], "cost.price"), None);
}

#[test]
fn what_is_missed_is_told_in_numbers() {
    let asked =
        "machines: [\"dgx-spark\"], limits: (budget_usd: 1000, max_watts: 20, min_tok_s: 500, max_ttft_s: 0.001)";
    let answers = ask(&scenario(asked));
    let answer = &answers.machines[0];
    let estimate = answer.estimate.expect("known");
    let have = [
        ("budget", 1000.0, answer.computer_price().map(|price| price.usd)),
        ("watts", 20.0, answer.computer_power().map(|power| power.watts)),
        ("speed", 500.0, estimate.decode.speeds.map(|speeds| speeds.each.expected)),
        ("ttft", 0.001, estimate.prefill.map(|prefill| prefill.ttft.expected)),
    ];
    for (limit, need, have) in have {
        let failed = answers.verdict.failed[0].iter().find(|failed| failed.limit == limit).expect(limit);
        assert!(have.is_some(), "{limit}");
        assert_eq!((failed.need, failed.have), (Some(need), have), "{limit}");
    }
    let large = ask(&scenario("machines: [\"dgx-spark\"], model: Catalog(\"llama-3.3-70b\"), format: Same(\"bf16\")"));
    let memory = large.machines[0].estimate.expect("known").memory;
    let failed = &large.verdict.failed[0][0];
    assert_eq!((failed.limit, failed.need, failed.have), ("memory", Some(memory.total), Some(memory.usable)));
}

#[test]
fn a_price_that_is_firm_on_one_side_leaves_the_answer_open_all_the_same() {
    let answers = ask(&scenario("machines: [\"dgx-spark\", \"rtx-pro-6000\"]"));
    let judged = |first: (f64, f64, f64, bool), second: (f64, f64, f64, bool)| {
        let price =
            |(usd, low, high, price_is_uncertain)| Some(PriceRange { usd, low, high, price_is_uncertain, host: None });
        let candidates = answers.machines.iter().zip([first, second]).map(|(answer, range)| Candidate {
            machine: &answer.machine,
            estimate: answer.estimate.as_ref(),
            refused: None,
            price: price(range),
            power: None,
            waiting: None,
            lacking: Vec::new(),
            excluded: Vec::new(),
        });
        let found =
            verdict(&candidates.collect::<Vec<_>>(), &Limits { min_tok_s: Some(1.0), ..Limits::default() }, 1.0);
        (found.winner, found.close)
    };
    let firm = |usd: f64| (usd, usd, usd, false);
    assert_eq!(judged(firm(4000.0), firm(5000.0)), (Some(0), vec![]));
    assert_eq!(
        judged(firm(4000.0), (5000.0, 3500.0, 6000.0, true)),
        (Some(0), vec![1]),
        "the other's price may be lower"
    );
    assert_eq!(judged((4000.0, 3500.0, 5500.0, true), firm(5000.0)), (Some(0), vec![1]), "the winner's may be higher");
    assert_eq!(judged(firm(4000.0), (5000.0, 4500.0, 6000.0, true)), (Some(0), vec![]), "never low enough");
    assert_eq!(judged(firm(4000.0), (5000.0, 4000.0, 6000.0, true)), (Some(0), vec![]), "as cheap is not cheaper");
}

#[test]
fn what_costs_nothing_owns_no_lane_by_its_price() {
    let asked = scenario("price: (own: {\"dgx-spark\": 0})");
    let owned = lanes(catalog(), &asked, &ask(&asked)).expect("lanes");
    let value = owned.iter().find(|lane| lane.id == "value").expect("a lane by price");
    assert_ne!(value.machine, Some(0), "{:?}", value.why);
}

#[test]
fn two_boxes_cost_twice_at_both_ends_of_the_range() {
    let one = ask(&scenario("machines: [\"rtx-5090\"]"));
    let two = ask(&scenario("machines: [\"pair\"], what_if: {\"pair\": (like: \"rtx-5090\", count: 2)}"));
    let fact = |answers: &Answers<'_>| answers.machines[0].price.as_ref().expect("a price").fact.clone().into_owned();
    let (one, two) = (fact(&one), fact(&two));
    assert!(one.low.is_some() && one.high.is_some(), "the price has a range");
    near(Some(two.value), 2.0 * one.value);
    near(two.low, 2.0 * one.low.expect("known"));
    near(two.high, 2.0 * one.high.expect("known"));
}

#[test]
fn the_cheapest_box_that_serves_many_owns_that_lane() {
    let asked = scenario("machines: [\"rtx-pro-6000\", \"dgx-spark\"], model: Catalog(\"gpt-oss-120b\")");
    let answers = ask(&asked);
    let usd = |at: usize| answers.machines[at].computer_price().expect("a price").usd;
    assert!(usd(1) < usd(0), "the second is the cheaper one");
    let owned = lanes(catalog(), &asked, &answers).expect("lanes");
    let server = owned.iter().find(|lane| lane.id == "server").expect("a lane of servers");
    assert_eq!(server.machine, Some(1), "{:?}", server.why);
}
