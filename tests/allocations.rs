//! An estimate without its trace allocates nothing. A binary of its own, since the counter is the allocator.

use std::hint::black_box;

use whichbox::model::answer::answer_scenario;
use whichbox::model::catalog::Catalog;
use whichbox::model::estimate::{estimate, explain, fit_and_decode};
use whichbox::model::scenario::{ModelChoice, Scenario};

#[test]
fn an_estimate_allocates_nothing() {
    let catalog = Catalog::builtin().unwrap_or_else(|error| panic!("{error}"));
    for model in ["llama-3.3-70b", "gpt-oss-120b", "qwen3.6-35b-a3b", "glm-4.7-flash"] {
        let model = ModelChoice::Catalog(model.into());
        let scenario = Scenario { model, concurrency: 8, ..Scenario::default() };
        let answers = answer_scenario(&catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
        let answer = answers.machines.first().unwrap_or_else(|| panic!("no machine"));
        let case = answer.case(&catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
        let counted = |run: &dyn Fn()| allocation_counter::measure(run).count_total;
        let numbers = counted(&|| {
            black_box(estimate(black_box(&case)));
            black_box(fit_and_decode(black_box(&case)));
        });
        let traced = counted(&|| {
            black_box(explain(black_box(&case)));
        });
        assert_eq!(numbers, 0, "{:?}", scenario.model);
        assert!(traced > 0, "the counter counts nothing");
    }
}
