//! The expected decode speed of a model on three machines, with its band, ceiling and memory.
//!
//! Runs as `cargo run --no-default-features --example speeds -- gpt-oss-120b`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use whichbox::model::answer::{Figure, answer_scenario};
use whichbox::model::catalog::Catalog;
use whichbox::model::scenario::{ModelChoice, Scenario};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = std::env::args().nth(1).unwrap_or_else(|| "gpt-oss-120b".to_owned());
    let catalog = Catalog::builtin()?;
    let scenario = Scenario {
        model: ModelChoice::Catalog(model),
        machines: vec!["dgx-spark".into(), "macbook-pro-m5-max-40".into(), "2x rtx-3090".into()].into(),
        concurrency: 4,
        ..Scenario::default()
    };
    let answers = answer_scenario(&catalog, &scenario)?;
    for answer in &answers.machines {
        println!("{}", answer.machine.name);
        for figure in ["decode.expected", "decode.ceiling", "memory.total"].into_iter().filter_map(Figure::named) {
            println!("  {:<30} {}", figure.label, figure.cell(answer));
        }
    }
    Ok(())
}
