//! Tests of a buyer's questions about hosts, splits, hints and the assumptions of a cost.

use serde_json::Value;
use whichbox::model::answer::{Neighborhood, answer_scenario};
use whichbox::model::facts::Offer;
use whichbox::model::scenario::knob::{self, knob};
use whichbox::model::scenario::{FormatChoice, ModelChoice, Scenario};

use super::ask::catalog;
use super::program::{json, number, run};

fn warnings(answer: &Value) -> String {
    answer["warnings"].as_array().expect("a list").iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_search_with_offload_finds_hosts_and_its_rows_reproduce() {
    let found = json("search --model qwen3-coder-480b-a35b --offload auto --concurrency 1 --limit 6");
    let rows = found["results"].as_array().expect("results");
    assert!(!rows.is_empty(), "{found}");
    assert!(found["varied"].as_array().expect("a list").contains(&"host".into()));
    for row in rows {
        let host = row["host"].as_str().expect("a host, as no card holds 480B");
        assert!(catalog().host(host).is_ok());
        assert!(
            matches!(row["runtime"].as_str(), Some("llama.cpp" | "ik_llama.cpp" | "ktransformers" | "ollama")),
            "{row}"
        );
        let command = row["command"].as_str().expect("a command").strip_prefix("whichbox ").expect("the program");
        let there = json(command);
        assert_eq!(number(&there, "/0/decode/expected_tok_s"), number(row, "/expected_tok_s"), "{command}");
        assert_eq!(number(&there, "/0/cost/total_usd"), number(row, "/total_usd"), "{command}");
        assert_eq!(there[0]["setup"]["host"], host);
    }
    // A model that fits the card needs no host memory, so no host is chosen.
    let fits = json("search --model llama-3.1-8b --machine rtx-5090 --offload auto --concurrency 1 --limit 3");
    assert!(fits["results"].as_array().expect("results").iter().all(|row| row["host"].is_null()), "{fits}");
    // A host that is given on the command line is kept.
    let given =
        json("search --model gpt-oss-120b --machine rtx-5090 --offload auto --host desktop-ddr5-96 --concurrency 1");
    assert!(
        given["results"].as_array().expect("results").iter().all(|row| row["host"] == "desktop-ddr5-96"),
        "{given}"
    );
}

#[test]
fn what_does_not_fit_names_the_host_with_which_it_runs() {
    let there = json("estimate --machine rtx-5090 --model qwen3-coder-480b-a35b");
    let said = warnings(&there[0]);
    let flag = said.split("with --offload auto --host ").nth(1).unwrap_or_else(|| panic!("no host is named: {said}"));
    let host = flag.split(' ').next().expect("an id");
    let run = json(&format!("estimate --machine rtx-5090 --model qwen3-coder-480b-a35b --offload auto --host {host}"));
    assert!(number(&run, "/0/decode/expected_tok_s") > 0.0, "{said}");
    let ranked = json("rank --machine rtx-5090,dgx-spark --model qwen3-coder-480b-a35b");
    assert!(ranked["instead"].to_string().contains("--offload auto --host"), "{ranked}");
}

#[test]
fn several_cards_name_their_split_and_what_the_other_brings() {
    let ranked = json("rank --machine 4xrtx-4090,2xrtx-pro-6000:tensor,dgx-spark --model llama-3.3-70b");
    for (at, other) in [(0, "4xrtx-4090:tensor"), (1, "2xrtx-pro-6000:layer")] {
        let machine = &ranked["machines"][at];
        let there = &machine["other_split"];
        assert_eq!(there["machine"], other, "{machine}");
        let asked = json(&format!("estimate --machine {other} --model llama-3.3-70b --runtime llama.cpp"));
        assert_eq!(number(&asked, "/0/decode/expected_tok_s"), number(there, "/expected_tok_s"));
    }
    assert_eq!((&ranked["machines"][0]["split"], &ranked["machines"][2]["split"]), (&"layer".into(), &Value::Null));
    let table = run("rank --machine 4xrtx-4090,dgx-spark --model llama-3.3-70b").out;
    assert!(table.contains("split by layer") && table.contains("4xrtx-4090:tensor is expected to give"), "{table}");
    let said = warnings(&json("estimate --machine 4xrtx-4090 --model llama-3.3-70b")[0]);
    assert!(said.contains("split by layer (llama.cpp's default)") && said.contains("4xrtx-4090:tensor"), "{said}");
}

#[test]
fn a_host_for_several_cards_has_a_range_until_its_price_is_given() {
    let ranked = json("rank --machine rtx-4090,4xrtx-4090 --model gpt-oss-20b");
    let range =
        |at: usize| number(&ranked["machines"][at], "/total_high_usd") - number(&ranked["machines"][at], "/total_usd");
    assert!(range(1) >= 3.0 * 2500.0, "the host of four cards is anything up to four hosts: {ranked}");
    assert!(range(0) < 2500.0, "that of one is one assumption: {ranked}");
    let said = run("rank --machine 4xrtx-4090 --model llama-3.3-70b --budget 20000").out;
    assert!(said.contains("host (not known for 4 cards)"), "{said}");
    let given = run("rank --machine 4xrtx-4090 --model llama-3.3-70b --set host-price=6000").out;
    assert!(!given.contains("not known for 4 cards") && given.contains("$6,000 host"), "{given}");
    let found = json("search --model llama-3.3-70b --machine 4xrtx-4090,rtx-4090 --concurrency 1 --format q4_k_m");
    assert!(found["results"].as_array().expect("results").iter().all(|row| row["total_is_least"] == true), "{found}");
}

#[test]
fn rank_shows_the_idle_wait_and_that_of_users_apart() {
    let one = run("rank --context 64k").out;
    assert!(one.contains("TTFT idle") && !one.contains("TTFT p95"), "{one}");
    let many = run("rank --concurrency 8 --model gpt-oss-120b").out;
    assert!(many.contains("TTFT idle") && many.contains("TTFT p95 of 8"), "{many}");
    let ranked = json("rank --concurrency 8 --model gpt-oss-120b");
    let asked = json("estimate --concurrency 8 --model gpt-oss-120b");
    for at in 0..3 {
        for (field, path) in [("ttft_idle_s", "/prefill/ttft_expected_s"), ("ttft_p95_s", "/load/ttft_p95_s")] {
            assert_eq!(ranked["machines"][at][field], *asked[at].pointer(path).expect(path), "{field}");
        }
    }
    let table = run("estimate --concurrency 8 --model gpt-oss-120b").out;
    assert!(table.contains("TTFT of one request, idle") && table.contains("TTFT under load, 95 of 100"), "{table}");
}

#[test]
fn a_cheaper_box_says_what_is_against_it() {
    let mut used = 0;
    for line in [
        "rank --machine rtx-pro-6000",
        "rank --machine 4xrtx-pro-6000,dgx-spark",
        "rank --machine rtx-5090 --model qwen3-32b",
    ] {
        let ranked = json(line);
        let Some(id) = ranked["cheaper_not_shown"]["machine"].as_str() else { continue };
        let machine = catalog().machine(id).expect("known");
        let said = ranked["instead"][0].as_str().expect("a sentence");
        if machine.availability.state == Offer::Used {
            used += 1;
            assert!(said.contains("sold used only"), "{line}: {said}");
        }
        let model = line.split("--model ").nth(1).map_or_else(String::new, |model| format!("--model {model}"));
        let there = json(&format!("estimate --machine {id} {model}"));
        if there[0]["prefill"]["ttft_expected_s"].is_null() {
            assert!(said.contains("TTFT not known"), "{line}: {said}");
        }
    }
    assert!(used > 0, "no question names a machine that is sold used only");
}

#[test]
fn the_figures_behind_a_cost_per_token_are_printed_with_their_origin() {
    let table = run("estimate --machine dgx-spark").out;
    for part in
        ["price over 3 years of use (assumed;", "h a day of generating, 25 % of the time (assumed;", "/kWh (derived;"]
    {
        assert!(table.contains(part), "{part}: {table}");
    }
    let own = run("estimate --machine dgx-spark --set years=5 --set tariff=0.4").out;
    assert!(own.contains("5 years of use (") && own.contains("knob years") && own.contains("knob tariff"), "{own}");
    assert!(table.contains("price in use: $6,950, list of 2026-10-02") && table.contains("are not used: $"), "{table}");
}

#[test]
fn the_best_format_holds_all_streams_where_one_does() {
    for model in ["llama-3.3-70b", "gpt-oss-120b", "qwen3-32b"] {
        for concurrency in [16, 64] {
            let scenario = Scenario {
                machines: ["dgx-spark", "rtx-pro-6000", "rtx-5090"].map(str::to_owned).to_vec().into(),
                model: ModelChoice::Catalog(model.to_owned()),
                format: FormatChoice::Best,
                context: 16_384,
                concurrency,
                ..Scenario::default()
            };
            let holds = |scenario: &Scenario, at: usize| {
                let answers = answer_scenario(catalog(), scenario).expect("answered");
                let memory = answers.machines[at].estimate.expect("estimated").memory;
                let runs = answers.machines[at].estimate.expect("estimated").decode.speeds.is_some();
                let all = runs && memory.max_streams.is_none_or(|most| most >= concurrency as f64);
                (all, answers.machines[at].warnings.join("\n"))
            };
            for at in 0..3 {
                let (best, said) = holds(&scenario, at);
                let other = catalog().formats.iter().filter(|format| format.block_bits.value >= 4.0).find(|format| {
                    let other = Scenario { format: FormatChoice::Same(format.id.clone()), ..scenario.clone() };
                    // A runtime that is experimental on the machine is not chosen by itself.
                    let (holds, said) = holds(&other, at);
                    holds && !said.contains("is experimental") && !said.contains("is contested")
                });
                assert!(best || other.is_none(), "{model} {concurrency} {at}: {:?} holds them", other.map(|it| &it.id));
                assert!(
                    best || said.contains("no format that is chosen by itself holds") || said.contains("does not fit"),
                    "{said}"
                );
            }
        }
    }
}

#[test]
fn a_size_or_share_flips_at_its_border_and_not_at_the_next_stop() {
    let mut seen = 0;
    for model in ["llama-3.3-70b", "gpt-oss-120b", "qwen3-32b"] {
        let scenario = Scenario { model: ModelChoice::Catalog(model.to_owned()), ..Scenario::default() };
        let answered = answer_scenario(catalog(), &scenario).expect("answered");
        let here = Neighborhood::of(catalog(), &scenario, &answered);
        let strips: Vec<_> = knob::sliders().map(|slider| here.strip(slider)).collect();
        let size = knob("model").expect("a knob");
        let winner = |params: f64| {
            let mut there = scenario.clone();
            size.write(&mut there, catalog(), &format!("{params}")).expect("a size");
            answer_scenario(catalog(), &there).expect("answered").verdict.winner
        };
        for flip in here.flips(&strips) {
            let rising = flip.when.starts_with("from ");
            let Some(billions) = flip.when.strip_suffix('B').and_then(|when| when.rsplit(' ').next()) else { continue };
            let params = billions.replace(',', "").parse::<f64>().expect(&flip.when) * 1e9;
            seen += 1;
            assert_eq!(winner(params), flip.winner, "{model}: {}", flip.when);
            let before = if rising { params / 1.012 } else { params * 1.012 };
            assert_eq!(winner(before), answered.verdict.winner, "{model}: {} is not the border", flip.when);
        }
    }
    assert!(seen > 1, "no size flips an answer");
}

#[test]
fn short_names_keep_their_numbers() {
    let names =
        run("rank --machine 2xmac-studio-m3-ultra-256,strix-halo+rtx-5090,4xrtx-pro-6000 --model gpt-oss-120b").out;
    for name in ["2xM3 Ultra 256", "+RTX 5090", "PRO 6000"] {
        assert!(names.contains(name), "{name}: {names}");
    }
}
