//! Tests of the search against brute force: its numbers equal the answers, it misses nothing, and it obeys all limits.

use whichbox::model::answer::{Axes, Found, RowAction, answer_scenario, search};
use whichbox::model::scenario::{FormatChoice, HostComputer, Limits, ModelChoice, RuntimeChoice, Scenario};
use whichbox::ui::state::{Focus, Message, update};

use super::program::run;
use super::screen::{Explorer, catalog};

fn scenario() -> Scenario {
    Scenario {
        // The host that a search assumes, so that the answers below include the same computer.
        host: HostComputer {
            usd: Some(2500.0),
            idle_watts: Some(60.0),
            load_watts: Some(120.0),
            ..HostComputer::default()
        },
        limits: Limits {
            budget_usd: Some(20_000.0),
            min_tok_s: Some(12.0),
            max_ttft_s: Some(20.0),
            ..Limits::default()
        },
        context: 32_768,
        ..Scenario::default()
    }
}

fn axes(machines: &[&str], models: &[&str]) -> Axes {
    Axes {
        machines: machines.iter().map(|id| (*id).into()).collect(),
        models: models.iter().map(|id| ModelChoice::Catalog((*id).into())).collect(),
        varies_streams: true,
        ..Axes::default()
    }
}

/// Returns the number of combinations of one machine and one model, and those that pass, each answered as a separate
/// scenario.
fn brute_force(scenario: &Scenario, machine: &str, model: &ModelChoice) -> (u64, Vec<(Scenario, f64, f64)>) {
    let (mut count, mut passing) = (0, Vec::new());
    for format in catalog().formats.iter().filter(|format| format.block_bits.value >= 4.0) {
        for runtime in &catalog().runtimes {
            {
                let context = 32_768;
                for streams in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] {
                    count += 1;
                    let there = Scenario {
                        machines: vec![machine.to_owned()].into(),
                        model: model.clone(),
                        format: FormatChoice::Same(format.id.as_str().into()),
                        runtime: RuntimeChoice::Same(runtime.id.as_str().into()),
                        context,
                        concurrency: streams,
                        ..scenario.clone()
                    };
                    let answers = answer_scenario(catalog(), &there).expect("answered");
                    let answer = &answers.machines[0];
                    // A search only uses streams that run at the same time.
                    let most = answer.estimate.and_then(|e| e.memory.max_streams).unwrap_or(f64::INFINITY);
                    // A search skips software that no source shows on the machine.
                    let is_shown = !answer.warnings.iter().any(|said| said.starts_with("no source says how well"));
                    if answers.verdict.winner.is_some()
                        && is_shown
                        && streams as f64 <= most
                        && context as f64 <= answer.model.max_context
                    {
                        let speeds = answer.estimate.and_then(|e| e.decode.speeds).expect("it passes");
                        passing.push((there, speeds.each.expected, speeds.aggregate.expected));
                    }
                }
            }
        }
    }
    (count, passing)
}

fn same(found: &Found, scenario: &Scenario) -> bool {
    found.scenario(scenario).format == scenario.format && found.scenario(scenario).runtime == scenario.runtime
}

#[test]
fn nothing_is_missed_and_the_numbers_are_those_of_the_answers() {
    let scenario = scenario();
    for (machine, model) in [("rtx-pro-6000", "gpt-oss-120b"), ("dgx-spark", "qwen3-30b-a3b")] {
        let axes = axes(&[machine], &[model]);
        let search = search(catalog(), &scenario, &axes).expect("searched");
        let (count, passing) = brute_force(&scenario, machine, &axes.models[0]);
        assert_eq!(search.evaluated, count);
        assert!(!passing.is_empty() && !search.results.is_empty());
        for found in &search.results {
            let most =
                passing.iter().filter(|(there, ..)| same(found, there)).map(|(.., all)| *all).fold(0.0, f64::max);
            assert!((found.aggregate_expected_tok_s - most).abs() < 1e-9, "{found:?} is not the most, {most}");
        }
        let kinds = |(there, ..): &(Scenario, f64, f64)| search.results.iter().any(|found| same(found, there));
        assert!(passing.iter().all(kinds), "a format and runtime that pass are among the results");
        let fastest = passing.iter().map(|(_, each, _)| *each).fold(0.0, f64::max);
        let found = search.frontier.iter().map(|found| found.expected_tok_s).fold(0.0, f64::max);
        assert!((fastest - found).abs() < 1e-9);
    }
}

#[test]
fn no_result_misses_a_limit_and_no_point_of_the_frontier_is_beaten() {
    let scenario = scenario();
    let axes = Axes { machines: Axes::purchasable(catalog(), false), ..axes(&[], &["gpt-oss-120b"]) };
    let search = search(catalog(), &scenario, &axes).expect("searched");
    for found in search.results.iter().chain(&search.frontier) {
        let there = Scenario { machines: vec![found.machine.clone()].into(), ..found.scenario(&scenario) };
        let answers = answer_scenario(catalog(), &there).expect("answered");
        assert_eq!(answers.verdict.winner, Some(0), "{found:?}: {:?}", answers.verdict.failed);
    }
    let costs = |found: &Found| {
        [-found.expected_tok_s, found.total_usd.expect("a budget"), found.quality_cost.unwrap_or(f64::INFINITY)]
    };
    let as_good = |one: &Found, other: &Found| costs(one).iter().zip(costs(other)).all(|(one, other)| *one <= other);
    // Speeds that differ by less than a twentieth count as equal.
    let about_as_good = |one: &Found, other: &Found| {
        as_good(&Found { expected_tok_s: one.expected_tok_s * 1.05, ..one.clone() }, other)
    };
    for one in &search.frontier {
        for other in &search.frontier {
            assert!(costs(one) == costs(other) || !as_good(one, other), "{one:?} beats {other:?}");
        }
    }
    for found in &search.results {
        assert!(search.frontier.iter().any(|point| about_as_good(point, found)), "{found:?}");
    }
}

#[test]
fn of_several_models_the_best_of_each_the_largest_first() {
    let machines = ["dgx-spark", "rtx-pro-6000"];
    let models = ["qwen3-30b-a3b", "gpt-oss-120b", "llama-3.1-405b"];
    let search = search(catalog(), &Scenario::default(), &axes(&machines, &models)).expect("searched");
    let found: Vec<&str> = search.results.iter().map(|found| found.model.as_str()).collect();
    assert_eq!(found, ["gpt-oss-120b", "qwen3-30b-a3b"], "the largest does not fit");
}

#[test]
fn the_command_answers_in_every_form_and_says_no_with_the_nearest() {
    let json = run("search --model gpt-oss-120b --budget 6000 --limit 3 --output json");
    assert_eq!(json.code, 0, "{}", json.err);
    let value: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(value["results"].as_array().map(Vec::len), Some(3));
    assert!(
        value["evaluated"].as_u64() > Some(100_000) && value["frontier"].is_array() && value["seconds"].is_number()
    );
    for output in ["table", "csv", "markdown"] {
        assert_eq!(run(&format!("search --model gpt-oss-120b --limit 2 --output {output}")).code, 0);
    }
    let no = run("search --model gpt-oss-120b --budget 100");
    assert_eq!(no.code, 1);
    assert!(no.out.contains("nearest: ") && no.out.contains("it passes with a budget of $"), "{}", no.out);
    for bad in [
        "search --limit 0",
        "search --budget -1",
        "search --needs flying",
        "search --model nothing",
        "search --min-tok-s nan",
    ] {
        let ran = run(bad);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{bad}");
    }
}

#[test]
fn a_row_of_the_frontier_is_taken_as_a_scenario_with_its_numbers_and_undone() {
    let mut explorer = Explorer::of("model: Catalog(\"gpt-oss-120b\"), machines: [\"dgx-spark\"]");
    let before = explorer.state.scenario.clone();
    explorer.press("0 Tab Down Down");
    let Focus::Cell { row, .. } = explorer.state.focus else { panic!("{:?}", explorer.state.focus) };
    let rows = explorer.state.sheet.as_ref().expect("a sheet").rows.clone();
    let point = rows[row].point.expect("a point of the frontier");
    explorer.press("Enter");
    let machine = explorer.state.scenario.machines.last().expect("machines").clone();
    assert!(explorer.state.scenario != before && machine != "dgx-spark");
    let answer = explorer.state.answers.machines.last().expect("answered");
    let speed = answer.estimate.and_then(|e| e.decode.speeds).expect("it runs").each.expected;
    assert!((speed - point.tok_s).abs() < 1e-9);
    assert_eq!(answer.computer_price().map(|price| price.usd), Some(point.usd));
    assert_eq!(explorer.state.overlay, None);
    explorer.press("u");
    assert_eq!(explorer.state.scenario, before);
}

#[test]
fn the_frontier_keeps_the_persons_streams_and_limits_and_waits_for_a_quiet_moment() {
    let fields = "model: Catalog(\"gpt-oss-120b\"), concurrency: 8, limits: (budget_usd: 6000)";
    let mut explorer = Explorer::of(fields);
    let key = "0".parse().expect("a key");
    update(&mut explorer.state, Message::Key { chord: key, at: 1 });
    assert!(explorer.state.due && explorer.state.sheet.as_ref().is_some_and(|sheet| sheet.rows.is_empty()));
    update(&mut explorer.state, Message::Idle);
    let sheet = explorer.state.sheet.clone().expect("a sheet");
    assert!(!explorer.state.due && sheet.rows.len() > 3);
    for row in sheet.rows.iter().filter(|row| !row.heading) {
        let Some(RowAction::Scenario(there)) = &row.opens else { panic!("{row:?} opens nothing") };
        assert!(there.concurrency >= 8, "{row:?}");
        assert!(row.point.is_none_or(|point| point.usd <= 6000.0), "{row:?}");
    }
    explorer.press("1");
    assert!(explorer.state.sheet.is_none() && !explorer.state.due);
}

#[test]
fn nothing_within_the_limits_is_said() {
    let mut explorer = Explorer::of("model: Catalog(\"llama-3.1-405b\"), limits: (budget_usd: 1000)");
    explorer.press("0 Tab Down");
    assert!(explorer.picture(80, 24).contains("no combination of this model passes the limits"));
}

#[test]
fn offload_is_said_to_be_missing_where_a_card_is_too_small_and_nowhere_else() {
    let says = |machine: &str, model: &str| {
        let there = Scenario {
            machines: vec![machine.to_owned()].into(),
            model: ModelChoice::Catalog(model.into()),
            ..Scenario::default()
        };
        let answers = answer_scenario(catalog(), &there).expect("answered");
        answers.machines[0].warnings.iter().any(|warning| warning.contains("offload"))
    };
    assert!(says("rtx-5090", "llama-3.3-70b"));
    assert!(!says("rtx-5090", "qwen3-8b"), "it fits");
    assert!(!says("dgx-spark", "llama-3.1-405b"), "a complete computer has no other memory");
}
