//! Combinations searched per second: one model, and all of them, on all machines that can be bought.
//!
//! `cargo bench --bench search` prints how many combinations there are, the best of five rounds, and how many of them one
//! round of the widest search does per combination of the narrow one.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench ends where it cannot run, and prints")]

use std::hint::black_box;
use std::time::Instant;

use whichbox::model::answer::{Axes, search};
use whichbox::model::catalog::Catalog;
use whichbox::model::scenario::{Limits, ModelChoice, Scenario};

fn main() {
    let catalog = Catalog::builtin().expect("the built-in catalog");
    let machines = Axes::purchasable(&catalog, false);
    let one = Axes {
        machines: machines.clone(),
        models: vec![ModelChoice::Catalog("gpt-oss-120b".into())],
        varies_streams: true,
        ..Axes::default()
    };
    let all = Axes { machines, models: Axes::models(&catalog), varies_streams: true, ..Axes::default() };
    let waiting = Limits { budget_usd: Some(16_000.0), max_ttft_s: Some(20.0), ..Limits::default() };
    let waiting = Scenario { limits: waiting, ..Scenario::default() };
    let narrow = report(&catalog, "one model", &Scenario::default(), &one);
    let wide = report(&catalog, "all models", &Scenario::default(), &all);
    report(&catalog, "all models under limits", &waiting, &all);
    println!("all models over one: {:.2} times the combinations per second", wide / narrow);
}

/// Prints combinations, time and rate, and gives the rate.
fn report(catalog: &Catalog, name: &str, scenario: &Scenario, axes: &Axes) -> f64 {
    let mut evaluated = 0;
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        evaluated = black_box(search(catalog, scenario, axes).expect("searched")).evaluated;
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = evaluated as f64 / best;
    println!("{name}: {evaluated} combinations in {:.1} ms, {:.2} million per second", best * 1e3, rate / 1e6);
    rate
}
