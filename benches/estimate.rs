//! Estimates per second on one core: numbers alone, for a dense model and for a mixture of experts.
//!
//! `cargo bench --bench estimate` prints the best of five rounds.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench ends where it cannot run, and prints")]

use std::hint::black_box;
use std::time::Instant;

use whichbox::model::answer::answer_scenario;
use whichbox::model::catalog::Catalog;
use whichbox::model::estimate::case::EstimateInputs;
use whichbox::model::estimate::{estimate, fit_and_decode};
use whichbox::model::scenario::{ModelChoice, Scenario};

fn main() {
    let catalog = Catalog::builtin().expect("the built-in catalog");
    for (name, model, streams) in [
        ("dense, 1 stream", "llama-3.3-70b", 1),
        ("MoE, 1 stream", "gpt-oss-120b", 1),
        ("MoE, 8 streams", "gpt-oss-120b", 8),
    ] {
        let scenario =
            Scenario { model: ModelChoice::Catalog(model.into()), concurrency: streams, ..Scenario::default() };
        let answers = answer_scenario(&catalog, &scenario).expect("an answer");
        let case = answers.machines[0].case(&catalog, &scenario).expect("a case");
        report(&format!("ceiling, band and fit, {name}"), &case, |case| {
            black_box(fit_and_decode(black_box(case)));
        });
        report(&format!("whole record, {name}"), &case, |case| {
            black_box(estimate(black_box(case)));
        });
    }
}

/// Runs for a while and prints the best rate of five rounds, which other work on the machine moves least.
fn report(name: &str, case: &EstimateInputs<'_>, run: impl Fn(&EstimateInputs<'_>)) {
    const RUNS: u32 = 400_000;
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..RUNS {
                run(case);
            }
            f64::from(RUNS) / start.elapsed().as_secs_f64()
        })
        .fold(0.0, f64::max);
    println!("{name}: {:.2} million per second", best / 1e6);
}
