//! Tests of the catalog: the built-in facts pass every rule and contain known values; the user's files overlay them.

use std::collections::HashSet;
use std::path::Path;

use whichbox::model::catalog::{Catalog, check};
use whichbox::model::facts::{Basis, Fact, Machine, MachineKind, Offer};

fn builtin() -> Catalog {
    Catalog::builtin().expect("the built-in files can be read")
}

fn machine(catalog: &Catalog, id: &str) -> Machine {
    catalog.machine(id).expect("a machine").clone()
}

/// Returns a directory with these catalog files.
fn own(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        std::fs::write(directory.path().join(name), text).expect("a file");
    }
    directory
}

fn load(directory: &Path) -> Result<Catalog, String> {
    Catalog::load(Some(directory)).map_err(|faulty| faulty.to_string())
}

/// Returns a machine entry with the fewest fields that a user can write.
fn entry(id: &str, bandwidth: &str) -> String {
    format!(
        "(id: \"{id}\", name: \"Box\", short: \"Box {bandwidth}\", kind: Desktop, family: \"gb10\",
          source: [\"not-recorded\"], date: \"2026-11\", memory_gb: (value: 64, basis: Vendor),
          memory_type: \"LPDDR5X\", bandwidth_gbs: (value: {bandwidth}, basis: Measured),
          usable_gib: (value: 56, basis: Assumed, date: \"2026-10\"), host: Complete)"
    )
}

#[test]
fn the_built_in_catalog_passes_every_rule() {
    let problems: Vec<String> = check::problems(&builtin()).iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_fact_in_memory_knows_its_source_and_date() {
    let spark = machine(&builtin(), "dgx-spark");
    assert_eq!(spark.bandwidth_gbs.source, spark.source, "inherited from the entry");
    assert_eq!(spark.bandwidth_gbs.date, Some(spark.date));
    let price = spark.price.expect("a price").usd;
    assert_ne!(price.source, spark.source, "its own");
    assert!(price.date.is_some_and(|date| date < spark.date));
}

#[test]
fn contested_facts_carry_their_range() {
    let catalog = builtin();
    let range = |fact: &Fact| (fact.basis, fact.low, fact.high);
    let contested = |low, high| (Basis::Contested, Some(low), Some(high));
    assert_eq!(range(&machine(&catalog, "b200-sxm").bandwidth_gbs), contested(7700.0, 8000.0));
    assert_eq!(range(&machine(&catalog, "rtx-pro-6000-server").bandwidth_gbs), contested(1597.0, 1792.0));
    let price = machine(&catalog, "rtx-pro-6000").price.expect("a price").usd;
    assert_eq!((price.low, price.high), (Some(14_000.0), Some(18_000.0)));
    assert_eq!(
        range(&machine(&catalog, "macbook-pro-m5-max-40").price.expect("a price").usd),
        contested(4850.0, 7349.0)
    );
}

#[test]
fn variants_and_fates_of_machines() {
    let catalog = builtin();
    assert_eq!(machine(&catalog, "macbook-pro-m5-max-32").memory_gb.value, 36.0);
    assert_eq!(machine(&catalog, "macbook-pro-m5-max-40").variants, ["macbook-pro-m5-max-32"]);
    let usable = |id: &str| machine(&catalog, id).usable_gib;
    let (laptop, desktop) = (usable("macbook-pro-m5-max-40"), usable("mac-studio-m5-max-128"));
    assert_eq!((laptop.value, laptop.low), (desktop.value, desktop.low), "one chip, one system, one rule");
    let gone = catalog.machines.iter().filter(|m| m.availability.state == Offer::Withdrawn).map(|m| m.id.as_str());
    let known =
        ["mac-studio-m3-ultra-96", "mac-studio-m3-ultra-256", "mac-studio-m3-ultra-512", "mac-studio-m4-max-128"];
    assert_eq!(gone.collect::<Vec<_>>(), known);
    for card in catalog.machines.iter().filter(|m| m.kind == MachineKind::ConsumerGpu && m.family.starts_with("rtx")) {
        let rate = |fact: &Option<Fact>| fact.as_ref().map(|fact| fact.value);
        assert_eq!(rate(&card.inference_tflops), rate(&card.fp16_tflops).map(|rate| 2.0 * rate), "{}", card.id);
    }
}

#[test]
fn file_sizes_come_out_as_published() {
    let catalog = builtin();
    let mut rows = csv::Reader::from_path("tests/fixtures/file_sizes.csv").expect("the fixture");
    let mut seen = 0;
    for row in rows.deserialize() {
        let (model, format, bytes, file): (String, String, f64, String) = {
            let row: (String, String, f64, String, String, String) = row.expect("a row");
            (row.0, row.1, row.2, row.3)
        };
        let ours = catalog.model(&model).expect("a model").bytes_in(&format).expect("exact bytes").total();
        let off = (ours / bytes - 1.0).abs();
        assert!(off <= 0.002, "{file}: {ours} against {bytes}");
        seen += 1;
    }
    assert_eq!(seen, 41);
}

#[test]
fn a_misspelt_id_says_what_was_meant() {
    let catalog = builtin();
    let said = |error: whichbox::model::catalog::UnknownId| error.to_string();
    let machine = catalog.machine("dgx-sparc").map_err(said).err();
    assert_eq!(machine.as_deref(), Some("there is no machine \"dgx-sparc\"; did you mean \"dgx-spark\"?"));
    let alias = catalog.machine("asus-ascent-gx10").map_err(said).err();
    let meant = "there is no machine \"asus-ascent-gx10\"; \"asus-ascent-gx10\" is a \"dgx-spark\" inside";
    assert_eq!(alias.as_deref(), Some(meant));
    let format = catalog.kv_format("fp8").map_err(said).err();
    assert!(format.is_some_and(|text| text.starts_with("there is no cache format \"fp8\"")));
}

#[test]
fn own_files_add_and_replace_by_id() {
    let text = format!("Catalog(machines: [{}, {}])", entry("my-box", "300"), entry("dgx-spark", "250"));
    let later = format!("(machines: [{}])", entry("my-box", "310"));
    let directory = own(&[("a.ron", &text), ("b.ron", &later), (".b.ron", "never read"), ("notes.txt", "never read")]);
    let catalog = load(directory.path()).expect("a catalog");
    assert_eq!(catalog.machines.len(), builtin().machines.len() + 1);
    assert_eq!(machine(&catalog, "my-box").bandwidth_gbs.value, 310.0, "the later file wins");
    assert_eq!(machine(&catalog, "my-box").bandwidth_gbs.source[..], ["not-recorded"], "inherited");
    assert_eq!(catalog.machines[0].bandwidth_gbs.value, 250.0, "in the place of the one it replaces");
    let own: Vec<_> = catalog.own.iter().map(|own| (own.list, own.id.as_str(), own.replaces)).collect();
    assert_eq!(own, [("machines", "my-box", false), ("machines", "dgx-spark", true)]);
    assert!(catalog.own[0].file.ends_with("b.ron"));
}

#[test]
fn own_measurements_and_efficiency_rows_take_their_place() {
    let known = builtin().measurements()[0].clone();
    let row = |id: &str, tok_s: &str| {
        format!(
            "(id: \"{id}\", machine: \"dgx-spark\", model: \"mine\", format: \"q4_k_m\", runtime: \"llama.cpp\",
              kv_format: \"kv-f16\", test: Decode, concurrency: 1, tok_s: {tok_s}, date: \"2026-11-20\",
              source: \"not-recorded\", tier: B)"
        )
    };
    let text = format!(
        "(measurements: [{}, {}], efficiency: (source: [\"not-recorded\"], date: \"2026-11-24\", rows: [
            (parameter: WeightBandwidth, family: \"gb10\", runtime: \"vllm\", low: 0.7, typical: 0.8, high: 0.9)]))",
        row("mine", "12"),
        row(&known.id, "13")
    );
    let directory = own(&[("m.ron", &text)]);
    let catalog = load(directory.path()).expect("a catalog");
    let (before, after) = (builtin().efficiency, &catalog.efficiency);
    assert_eq!(catalog.measurements().len(), builtin().measurements().len() + 1);
    assert_eq!(after.rows().len(), before.rows().len());
    assert_eq!(catalog.measurements()[0].tok_s, 13.0);
    assert!(catalog.own.iter().any(|own| own.id == known.id && own.replaces));
    assert!(catalog.own.iter().any(|own| own.id == "mine" && !own.replaces));
    let vllm = after.rows().iter().find(|row| row.family == "gb10" && row.runtime == "vllm").expect("the row");
    assert_eq!((vllm.typical, after.source.len()), (0.8, 2));
}

#[test]
fn many_faults_are_told_as_far_as_somebody_reads() {
    let capability = |sources: &str| {
        let entry = format!("(family: \"gb10\", capability: \"c\", state: Yes, source: [{sources}], date: \"2026\")");
        let directory = own(&[("mine.ron", &format!("(capabilities: [{entry}])"))]);
        load(directory.path()).expect_err("a fault")
    };
    let one = capability(&"\"nobody\", ".repeat(500));
    assert_eq!(one.matches("\"nobody\" is not in").count(), 1, "{one}");
    let each: Vec<String> = (0..500).map(|at| format!("\"nobody-{at}\"")).collect();
    let many = capability(&each.join(", "));
    assert_eq!(many.matches("is not in the catalog").count(), 40, "{many}");
    assert!(many.ends_with("… and 460 more"), "{many}");
}

#[test]
fn a_bad_own_entry_names_file_line_and_entry() {
    let unknown = entry("my-box", "300").replace("not-recorded", "nobody");
    let text = format!("Catalog(\n    machines: [\n{unknown},\n    ],\n)");
    let fault = load(own(&[("mine.ron", &text)]).path()).expect_err("a fault");
    assert!(fault.contains("mine.ron:4:"), "{fault}");
    assert!(fault.contains("machines \"my-box\": source: \"nobody\" is not in the catalog"), "{fault}");
    let twice = format!("(machines: [{0}, {0}])", entry("my-box", "300"));
    let fault = load(own(&[("mine.ron", &twice)]).path()).expect_err("a fault");
    assert!(fault.contains("mine.ron:1:") && fault.contains("stands here twice"), "{fault}");
    let row = "(efficiency: (rows: [(parameter: PrefillStart, low: 0.1, typical: 0.1, high: 0.1)]))";
    let fault = load(own(&[("mine.ron", row)]).path()).expect_err("a fault");
    assert!(fault.contains("mine.ron: efficiency") && fault.contains("need a source and a date"), "{fault}");
    let fault = load(own(&[("mine.ron", "(machine: [])")]).path()).expect_err("a fault");
    assert!(fault.contains("mine.ron:1:2") && fault.contains("did you mean `machines`?"), "{fault}");
    let fault = load(Path::new("no/such/directory")).expect_err("a fault");
    assert!(fault.contains("no/such/directory: the catalog directory cannot be read"), "{fault}");
}

#[test]
fn all_sources_are_there_once() {
    let catalog = builtin();
    let ids: Vec<&str> = catalog.all_sources().map(|source| source.id.as_str()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    assert!(catalog.source("not-recorded").is_some() && catalog.source("nobody").is_none());
    let cited = catalog.measurements().iter().filter(|row| catalog.source(&row.source).is_none()).count();
    assert_eq!(cited, 0, "every measurement's source is known");
}

#[test]
fn measurements_are_found_by_machine_and_model_without_reading_all() {
    let catalog = builtin();
    let of = |machine: &str, model: &str| -> Vec<String> {
        let rows = catalog.measurements().iter().filter(|row| row.machine == machine && row.model == model);
        rows.map(|row| row.id.clone()).collect()
    };
    let found = |machine, model| -> Vec<String> {
        builtin().measurements_of(machine, model).into_iter().map(|row| row.id.clone()).collect()
    };
    for (machine, model) in [("dgx-spark", "gpt-oss-120b"), ("rtx-5090", "qwen3-coder-30b-a3b"), ("none", "none")] {
        assert_eq!(found(machine, model), of(machine, model), "{machine} {model}");
    }
    assert!(found("dgx-spark", "gpt-oss-120b").len() > 3);
}

#[test]
fn every_state_of_support_has_a_word_of_its_own() {
    let states: std::collections::BTreeSet<String> =
        builtin().capabilities.iter().map(|capability| format!("{:?}", capability.state)).collect();
    let words: std::collections::BTreeSet<&str> =
        builtin().capabilities.iter().map(|capability| capability.state.word()).collect();
    assert!(words.len() == states.len() && !words.contains(""), "{words:?} for {states:?}");
}
