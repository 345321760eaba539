//! The shipped efficiencies agree with the measurements, no measurement is looked up, and what must not calibrate does not.

use std::fmt::Write;

use whichbox::model::calibrate::accuracy::{Accuracy, Error, Subject, accuracy};
use whichbox::model::calibrate::fit::{fit, refit};
use whichbox::model::calibrate::own::{OwnFit, fit_family};
use whichbox::model::calibrate::replay::replay;
use whichbox::model::catalog::Catalog;
use whichbox::model::facts::{AggregateKind, EfficiencyRow, Measurement, Source, Test};
use whichbox::model::units::{Amount, Digits, Unit};

use super::docs;

fn catalog() -> Catalog {
    Catalog::builtin().expect("the built-in catalog")
}

fn differ(a: f64, b: f64) -> bool {
    (a / b - 1.0).abs() > 0.01
}

#[test]
fn shipped_efficiencies_are_what_a_fit_gives() {
    let catalog = catalog();
    let fresh = refit(&catalog);
    let key = |row: &EfficiencyRow| format!("{:?}", row.subject());
    let keys = |rows: &[EfficiencyRow]| rows.iter().map(key).collect::<Vec<_>>();
    assert_eq!(keys(catalog.efficiency.rows()), keys(fresh.rows()), "run `whichbox fit --to assets/efficiency.ron`");
    for (shipped, fresh) in catalog.efficiency.rows().iter().zip(fresh.rows()) {
        let drifted = differ(shipped.low, fresh.low) || differ(shipped.typical, fresh.typical);
        assert!(!drifted && !differ(shipped.high, fresh.high), "{shipped:?} drifted from {fresh:?}");
    }
}

#[test]
fn the_error_is_within_what_is_promised() {
    let found = accuracy(&catalog());
    let of = |test: &str| {
        let group = found.groups.iter().find(|(s, _)| s.test == test && s.machine.is_empty() && s.class.is_empty());
        group.map(|(_, error)| error.clone()).expect("a group for the test")
    };
    for (test, median, p90, inside, ratio) in
        [("decode", 8.0, 25.0, 85.0, 1.8), ("aggregate", 20.0, 40.0, 75.0, 2.5), ("prefill", 35.0, 80.0, 80.0, 4.0)]
    {
        let error = of(test);
        assert!(error.median_abs_pct <= median && error.p90_abs_pct <= p90, "{test}: {error:?}");
        assert!(error.in_band_pct >= inside && error.band_ratio <= ratio, "{test}: {error:?}");
    }
    let naive = found.naive.iter().find(|(subject, _)| subject.test == "decode").expect("decode by the naive rule");
    assert!(naive.1.median_abs_pct > 5.0 * of("decode").median_abs_pct, "the model adds nothing: {naive:?}");
    docs::hold("estimates.md", "errors", &errors(&found));
}

/// The page's table of errors.
fn errors(found: &Accuracy) -> String {
    let of = |groups: &[(Subject, Error)], test: &str| {
        let of_test =
            |subject: &Subject| subject.test == test && subject.machine.is_empty() && subject.class.is_empty();
        groups.iter().find(|(subject, _)| of_test(subject)).map(|(_, error)| error.clone()).expect("a group")
    };
    let mut table = "| figure | rows | median | 90th percentile | source left out: median | 90th | in band | band |\n\
                     |---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (test, figure) in
        [("decode", "decode, one stream"), ("aggregate", "all streams under load"), ("prefill", "prefill")]
    {
        let (error, left_out) = (of(&found.groups, test), of(&found.held_out, test));
        let [median, p90, unseen, unseen_p90, inside] =
            [error.median_abs_pct, error.p90_abs_pct, left_out.median_abs_pct, left_out.p90_abs_pct, error.in_band_pct]
                .map(Amount::percent);
        let band = Amount::new(error.band_ratio, Unit::Factor, Digits::Significant(2));
        let rows = error.rows;
        writeln!(table, "| {figure} | {rows} | {median} | {p90} | {unseen} | {unseen_p90} | {inside} | {band} |")
            .expect("a string grows");
    }
    table
}

#[test]
fn drafts_suspects_and_peaks_do_not_calibrate() {
    let catalog = catalog();
    let clean = fit(
        &catalog,
        &|row| !row.speculative && row.suspect.is_empty() && row.aggregate != Some(AggregateKind::Peak),
        Vec::new(),
    );
    let all = fit(&catalog, &|_| true, Vec::new());
    assert_eq!(clean, all);
}

#[test]
fn a_fit_without_a_source_changes() {
    let catalog = catalog();
    let source = &catalog.measurements().first().expect("a measurement").source;
    assert_ne!(fit(&catalog, &|row| row.source != *source, Vec::new()), fit(&catalog, &|_| true, Vec::new()));
}

/// Own rows about a machine that in truth is `truth` times as fast as the catalog expects, each off by its own factor.
fn own_rows(catalog: &Catalog, truth: f64, off: &[f64]) -> Vec<Measurement> {
    let like = |row: &&Measurement| {
        row.machine == "dgx-spark" && row.runtime == "llama.cpp" && row.test == Test::Decode && row.concurrency <= 1.0
    };
    let alike = catalog.measurements().iter().filter(like);
    let expected = |row| Some(replay(catalog, &catalog.efficiency, row).ok()?.predicted()?.expected);
    let known: Vec<(&Measurement, f64)> = alike.filter_map(|row| Some((row, expected(row)?))).collect();
    let rows = known.iter().cycle().zip(off).enumerate();
    rows.map(|(at, ((row, expected), off))| Measurement {
        id: format!("own-{at}"),
        source: "own".to_owned(),
        tok_s: expected * truth * off,
        ..(*row).clone()
    })
    .collect()
}

/// Returns the share of the way to the truth that a fit with own rows goes, and its own report.
fn way(truth: f64, off: &[f64]) -> (f64, OwnFit) {
    let mut catalog = catalog();
    let rows = own_rows(&catalog, truth, off);
    let date = rows[0].date;
    let source = Source { id: "own".to_owned(), title: "own".to_owned(), date, url: None };
    catalog.lay_own("own.ron", (vec![source.clone()], rows), None);
    assert!(catalog.sources.contains(&source), "own rows keep their source");
    // What is expected of the rows' conditions, whatever was measured: the mean logarithm.
    let expected = |catalog: &Catalog| {
        let own = catalog.measurements().iter().filter(|row| row.source == "own");
        let speed = |row| replay(catalog, &catalog.efficiency, row).ok()?.predicted();
        let logs: Vec<f64> = own.filter_map(|row| Some(speed(row)?.expected.ln())).collect();
        logs.iter().sum::<f64>() / logs.len() as f64
    };
    let before = expected(&catalog);
    let fitted = fit_family(&catalog, ("gb10", "llama.cpp"), "own", date);
    catalog.lay_own("own.ron", (Vec::new(), Vec::new()), Some(fitted.efficiency.clone()));
    ((expected(&catalog) - before) / truth.ln(), fitted)
}

#[test]
fn few_noisy_rows_move_little_and_many_consistent_ones_all_the_way() {
    let truth = 0.7;
    let (few, noisy) = way(truth, &[0.75, 1.33]);
    assert!(few < 0.45, "two noisy rows move it {few} of the way: {:?}", noisy.shares);
    let calm: Vec<f64> = (0..40).map(|at| if at % 2 == 0 { 0.995 } else { 1.005 }).collect();
    let (many, sure) = way(truth, &calm);
    assert!((0.93..1.07).contains(&many), "forty calm rows move it {many} of the way: {:?}", sure.shares);
    let (few, many) = (&noisy.shares[0], &sure.shares[0]);
    assert_eq!((few.test, few.rows, many.rows), ("decode", 2, 40));
    assert!(few.scatter > many.scatter && few.share < many.share && many.share > 0.95, "{few:?} {many:?}");
    // Rows that agree are predicted from the others; rows that do not are not.
    let left_out = |fit: &OwnFit| fit.left_out.first().expect("decode").1.median_abs_pct;
    assert!(left_out(&sure) < 5.0 && left_out(&noisy) > 20.0, "{} {}", left_out(&sure), left_out(&noisy));
}
