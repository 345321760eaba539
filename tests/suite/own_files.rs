//! Tests of a user's files: the results of `check`, and entries of the user's own catalog.

use std::path::Path;

use serde_json::Value;

use super::commands::refused;
use super::program::{Ran, number, run_in};

fn checked(name: &str, text: &str) -> Ran {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join(name), text).expect("a file");
    run_in(directory.path(), &["check", name])
}

#[test]
fn check_says_whether_a_file_is_right_and_its_expectation_holds() {
    let scenario = |winner: &str| {
        format!(
            "(schema: 1, price: (own: {{\"dgx-spark\": 1}}), limits: (min_tok_s: 0.1), expect: (winner: \"{winner}\"))"
        )
    };
    let met = checked("met.ron", &scenario("dgx-spark"));
    assert_eq!((met.code, met.err.as_str()), (0, ""), "{met:?}");
    assert!(met.out.contains("as expected"), "{met:?}");
    let unmet = checked("unmet.ron", &scenario("rtx-pro-6000"));
    assert_eq!((unmet.code, unmet.err.as_str()), (1, ""), "{unmet:?}");
    assert!(unmet.out.contains("rtx-pro-6000 was expected to win; dgx-spark wins"), "{unmet:?}");
    let machine = machine("my-box", "300");
    let catalog = checked("catalog.ron", &machine);
    assert_eq!((catalog.code, catalog.err.as_str()), (0, ""), "{catalog:?}");
}

#[test]
fn check_names_the_place_of_every_fault() {
    for (text, place) in [
        ("(schema: 1, bogus: 2)", "broken.ron:1:13: "),
        ("(schema: 1,\n  context: \"long\",\n)", "broken.ron:2:12: "),
        ("(schema: 1, concurrency: 0)", "broken.ron:1:26: "),
        ("(schema: 1, machines: [\"dgx-sparc\"])", "broken.ron:1:24: "),
        ("(schema: 1", "broken.ron:1:"),
        ("", "broken.ron: "),
        ("Catalog(\n  machines: [(id: \"x\")],\n)", "broken.ron:2:"),
    ] {
        let ran = checked("broken.ron", text);
        assert_eq!(ran.code, 2, "{text}: {ran:?}");
        assert!(ran.err.starts_with("whichbox: broken.ron:") && ran.err.contains(place), "{text}: {}", ran.err);
    }
    // All files are checked, even if the first is faulty.
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("a.ron"), "(").expect("a file");
    std::fs::write(directory.path().join("b.ron"), "(schema: 1)").expect("a file");
    let ran = run_in(directory.path(), &["check", "a.ron", "b.ron", "missing.ron", "."]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("b.ron") && ran.err.contains("a.ron:1:") && ran.err.contains("missing.ron"), "{ran:?}");
}

/// Returns a catalog with one machine.
fn machine(id: &str, bandwidth: &str) -> String {
    format!(
        "Catalog(machines: [(id: \"{id}\", name: \"My Box\", short: \"My Box\", kind: Desktop, family: \"gb10\",
          source: [\"not-recorded\"], date: \"2026-11\", memory_gb: (value: 64, basis: Vendor),
          memory_type: \"LPDDR5X\", bandwidth_gbs: (value: {bandwidth}, basis: Measured),
          usable_gib: (value: 56, basis: Assumed, date: \"2026-10\"), host: Complete)])"
    )
}

#[test]
fn one_entry_adds_a_machine_everywhere() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("mine.ron"), machine("my-box", "546")).expect("a file");
    let own = directory.path().to_str().expect("a path");
    let list = run_in(Path::new("."), &["list", "machines", "--catalog", own]);
    assert!(list.out.contains("my-box") && list.code == 0, "{list:?}");
    let line = [
        "estimate",
        "--catalog",
        own,
        "--machine",
        "my-box,dgx-spark",
        "--context",
        "0",
        "--read-gb",
        "40",
        "--output",
        "json",
    ];
    let answer: Value = serde_json::from_str(&run_in(Path::new("."), &line).out).expect("JSON");
    assert!((number(&answer, "/0/decode/ceiling_tok_s") - 13.65).abs() < 1e-9);
    assert!((number(&answer, "/1/decode/ceiling_tok_s") - 6.825).abs() < 1e-9);
    assert!(answer[0]["cost"]["price_usd"].is_null() && answer[0]["cost"]["usd_per_gb"].is_null());
    let scenario = directory.path().join("asked.txt");
    std::fs::write(&scenario, "(schema: 1, machines: [\"my-box\"])").expect("a file");
    let plain = run_in(Path::new("."), &["--plain", "--catalog", own, scenario.to_str().expect("a path")]);
    assert!(plain.code == 0 && plain.out.contains("My Box") && plain.out.contains("546 GB/s"), "{plain:?}");
}

#[test]
fn an_own_entry_replaces_the_built_in_one_and_a_bad_one_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let own = directory.path().to_str().expect("a path");
    let file = directory.path().join("mine.ron");
    std::fs::write(&file, machine("dgx-spark", "546").replace("My Box", "My Spark")).expect("a file");
    let line = ["estimate", "--catalog", own, "--read-gb", "40", "--context", "0", "--output", "json"];
    let answer: Value = serde_json::from_str(&run_in(Path::new("."), &line).out).expect("JSON");
    assert!((number(&answer, "/0/decode/ceiling_tok_s") - 13.65).abs() < 1e-9);
    std::fs::write(&file, machine("my-box", "-3")).expect("a file");
    for line in ["estimate", "list machines", "--plain", "check default", "keys"] {
        let arguments: Vec<&str> = line.split(' ').chain(["--catalog", own]).collect();
        refused(&run_in(Path::new("."), &arguments), &["mine.ron:1:", "bandwidth_gbs"]);
    }
}

#[test]
fn the_catalog_of_the_home_directory_is_read() {
    let home = tempfile::tempdir().expect("a directory");
    let place = home.path().join("whichbox/catalog");
    std::fs::create_dir_all(&place).expect("a directory");
    std::fs::write(place.join("mine.ron"), machine("my-box", "546")).expect("a file");
    let mut command = super::program::whichbox();
    let output = command.env("XDG_CONFIG_HOME", home.path()).args(["list", "machines"]).output().expect("a run");
    assert!(String::from_utf8_lossy(&output.stdout).contains("my-box"));
}
