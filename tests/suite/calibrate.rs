//! Tests of the calibration: the shipped efficiencies agree with the measurements, no measurement is looked up, and
//! excluded rows do not calibrate.

use std::fmt::Write;

use whichbox::model::calibrate::accuracy::{Accuracy, Error, Subject, accuracy_of, in_sample};
use whichbox::model::calibrate::bands::held_out;
use whichbox::model::calibrate::fit::{fit, with_bands};
use whichbox::model::calibrate::own::{OwnFit, fit_family};
use whichbox::model::calibrate::replay::{Kind, replay};
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
    let bands = catalog.efficiency.rows().iter().filter(|row| format!("{:?}", row.parameter).ends_with("Band"));
    let fresh = fit(&catalog, &|_| true, bands.cloned().collect());
    let key = |row: &EfficiencyRow| format!("{:?}", row.subject());
    let keys = |rows: &[EfficiencyRow]| rows.iter().map(key).collect::<Vec<_>>();
    assert_eq!(keys(catalog.efficiency.rows()), keys(fresh.rows()), "run `whichbox fit --to assets/efficiency.ron`");
    for (shipped, fresh) in catalog.efficiency.rows().iter().zip(fresh.rows()) {
        let drifted = differ(shipped.low, fresh.low) || differ(shipped.typical, fresh.typical);
        assert!(!drifted && !differ(shipped.high, fresh.high), "{shipped:?} drifted from {fresh:?}");
    }
}

fn of_test(groups: &[(Subject, Error)], test: &str) -> Error {
    let wanted = Subject { test: test.to_owned(), ..Subject::default() };
    groups.iter().find(|(subject, _)| *subject == wanted).map(|(_, error)| error.clone()).expect("a group for the test")
}

#[test]
fn the_error_without_the_source_is_within_what_is_promised() {
    let catalog = catalog();
    let unseen = held_out(&catalog);
    let fresh = with_bands(catalog.efficiency.clone(), &unseen);
    for shipped in catalog.efficiency.rows() {
        let fresh = fresh.rows().iter().find(|row| row.subject() == shipped.subject()).expect("the same rows");
        let drifted = differ(shipped.low, fresh.low) || differ(shipped.high, fresh.high);
        assert!(!drifted, "{shipped:?} drifted from {fresh:?}");
    }
    // The largest repositories, one per kind of machine, are within the bands as a whole.
    let large =
        ["kyuz0/amd-strix-halo-toolboxes", "djangodevreng/dgx-spark-benchmarks", "itsmostafa/inference-speed-tests"];
    let (of_large, _): (Vec<_>, Vec<_>) = unseen.iter().cloned().partition(|out| large.contains(&out.repository));
    assert!(of_large.len() > 300, "{}", of_large.len());
    let total = &accuracy_of(&catalog, &of_large).held_out[0].1;
    assert!(total.in_band_pct >= 85.0, "{total:?}");
    let found = accuracy_of(&catalog, &unseen);
    for (test, median, p90, ratio) in
        [("decode", 8.3, 35.0, 1.8), ("aggregate", 18.0, 49.0, 3.0), ("prefill", 20.0, 60.0, 3.6)]
    {
        let error = of_test(&found.held_out, test);
        assert!(error.median_abs_pct <= median && error.p90_abs_pct <= p90, "{test}: {error:?}");
        assert!(error.in_band_pct >= 85.0 && error.band_ratio <= ratio, "{test}: {error:?}");
    }
    docs::hold("estimates.md", "errors", &errors(&found));
}

#[test]
fn the_estimates_beat_the_rule_of_thumb_and_the_page_states_the_error_of_set_ups() {
    let found = in_sample(&catalog());
    docs::hold("estimates.md", "setup-errors", &setup_errors(&found));
    let (drafts, offload) = (of_test(&found.in_sample, "draft"), of_test(&found.in_sample, "offload"));
    assert!(drafts.median_abs_pct <= 15.5 && drafts.in_band_pct >= 85.0, "{drafts:?}");
    assert!(offload.median_abs_pct <= 20.0 && offload.in_band_pct >= 85.0, "{offload:?}");
    let (own, naive) = (of_test(&found.in_sample, "decode"), of_test(&found.naive, "decode"));
    assert!(naive.median_abs_pct > 5.0 * own.median_abs_pct, "the model adds nothing: {naive:?}");
}

/// Returns the page's table of errors.
fn errors(found: &Accuracy) -> String {
    let mut table = "| figure | rows | sources | source left out: median | 90th percentile | in band | band | seen by the fit: median | 90th |\n\
                     |---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (test, figure) in
        [("decode", "decode, one stream"), ("aggregate", "all streams under load"), ("prefill", "prefill")]
    {
        let (unseen, seen) = (of_test(&found.held_out, test), of_test(&found.in_sample, test));
        let [median, p90, inside, seen_median, seen_p90] =
            [unseen.median_abs_pct, unseen.p90_abs_pct, unseen.in_band_pct, seen.median_abs_pct, seen.p90_abs_pct]
                .map(Amount::percent);
        let band = Amount::new(unseen.band_ratio, Unit::Factor, Digits::Significant(2));
        let Error { rows, sources, .. } = unseen;
        writeln!(
            table,
            "| {figure} | {rows} | {sources} | {median} | {p90} | {inside} | {band} | {seen_median} | {seen_p90} |"
        )
        .expect("a string grows");
    }
    table
}

/// Returns the page's table of errors of set-ups.
fn setup_errors(found: &Accuracy) -> String {
    let mut table =
        "| set-up | rows | sources | median | 90th percentile | in band | band |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    let alone = ["", "decode", "aggregate", "prefill"];
    let of_all = |subject: &Subject| *subject == Subject { test: subject.test.clone(), ..Subject::default() };
    let set_ups =
        found.in_sample.iter().filter(|(subject, _)| of_all(subject) && !alone.contains(&subject.test.as_str()));
    let mut named: Vec<&str> = Vec::new();
    for (Subject { test, .. }, error) in set_ups {
        // A set-up without a family occurs in two groups.
        if named.contains(&test.as_str()) {
            continue;
        }
        named.push(test);
        let [median, p90, inside] = [error.median_abs_pct, error.p90_abs_pct, error.in_band_pct].map(Amount::percent);
        let band = Amount::new(error.band_ratio, Unit::Factor, Digits::Significant(2));
        writeln!(table, "| {test} | {} | {} | {median} | {p90} | {inside} | {band} |", error.rows, error.sources)
            .expect("a string grows");
    }
    table
}

/// Tests that no calibrating prefill computes faster than its machine's unit can, and that impossible figures are
/// marked.
#[test]
fn no_calibrating_prefill_is_above_the_rate_of_its_machine() {
    let catalog = catalog();
    let replays = catalog.measurements().iter().filter_map(|row| replay(&catalog, &catalog.efficiency, row).ok());
    for replay in replays.filter(|replay| replay.kind == Kind::Prefill && replay.row.prompt >= Some(512.0)) {
        let case = &replay.case;
        let experts = case.experts.as_ref().map_or(0.0, |experts| experts.active_params.value);
        let flop = 2.0 * (case.dense_params.value + experts) * replay.row.tok_s;
        let rate = case.unit_rate.expect("a rate").value * case.unit_multiple.value;
        assert!(flop <= rate, "{}: {:.0} of {:.0} TFLOPS", replay.row.id, flop / 1e12, rate / 1e12);
    }
}

#[test]
fn the_kernels_that_a_measurement_states_replace_those_of_the_format() {
    let catalog = catalog();
    let stated = |row: &&Measurement| row.kernel == "marlin" && row.test == Test::Prefill && row.format == "nvfp4";
    let row = catalog.measurements().iter().find(stated).expect("a row with stated kernels");
    let unstated = Measurement { kernel: String::new(), ..row.clone() };
    let speed = |row| replay(&catalog, &catalog.efficiency, row).ok()?.predicted().map(|speed| speed.expected);
    let (stated, native) = (speed(row).expect("a speed"), speed(&unstated).expect("a speed"));
    assert!(stated < 0.8 * native, "16-bit kernels {stated}, 4-bit units {native}");
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

/// Returns own rows of a machine that is `truth` times as fast as the catalog expects, each multiplied by its own
/// factor.
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

/// Returns the fraction of the way to the truth that a fit with own rows goes, and the result of the fit.
fn way(truth: f64, off: &[f64]) -> (f64, OwnFit) {
    let mut catalog = catalog();
    let rows = own_rows(&catalog, truth, off);
    let date = rows[0].date;
    let source = Source { id: "own".to_owned(), title: "own".to_owned(), date, url: None };
    catalog.lay_own("own.ron", (vec![source.clone()], rows), None);
    assert!(catalog.sources.contains(&source), "own rows keep their source");
    // The mean logarithm of the expected speeds under the rows' conditions; the measured speeds do not matter.
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
    // A fit to the other rows predicts a row if the rows agree, and does not if they disagree.
    let left_out = |fit: &OwnFit| fit.left_out.first().expect("decode").1.p90_abs_pct;
    assert!(left_out(&sure) < 5.0 && left_out(&noisy) > 20.0, "{} {}", left_out(&sure), left_out(&noisy));
}
