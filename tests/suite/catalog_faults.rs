//! Tests with one planted fault for every rule of the catalog's check: each is found in its list and field, and nothing
//! else.

use whichbox::model::catalog::{Catalog, check};
use whichbox::model::facts::{Basis, KvShape, PerClass};

/// A list, a field, a part of the sentence, and a function that plants the fault.
type Plant = (&'static str, &'static str, &'static str, fn(&mut Catalog));

const FACTS: &[Plant] = &[
    ("machines", "id", "lower case", |c| c.machines[30].id = "Big Box".into()),
    ("events", "source", "names no source", |c| c.events[0].source = [].into()),
    ("events", "source", "\"nobody\" is not in the catalog", |c| c.events[0].source = ["nobody".into()].into()),
    ("assumptions", "fact", "names no source", |c| c.assumptions[0].fact.source = [].into()),
    ("machines", "idle_w", "\"nobody\" is not", |c| {
        c.machines[0].idle_w.as_mut().unwrap().source = ["nobody".into()].into();
    }),
    ("formats", "kld", "not a finite", |c| c.formats[0].kld.as_mut().unwrap().high = Some(f64::INFINITY)),
    ("formats", "kld", "below zero", |c| c.formats[0].kld.as_mut().unwrap().value = -0.1),
    ("machines", "tdp_w", "no date", |c| c.machines[0].tdp_w.as_mut().unwrap().date = None),
    ("machines", "price", "low 9,999 is above the value", |c| {
        c.machines[0].price.as_mut().unwrap().usd.low = Some(9999.0);
    }),
    ("cloud", "usd_per_hour", "is above high", |c| c.cloud[0].usd_per_hour.high = Some(1.0)),
    ("machines", "bandwidth_gbs", "contested", |c| c.machines[0].bandwidth_gbs.basis = Basis::Contested),
    ("models", "id", "twice", |c| c.models.push(c.models[0].clone())),
    ("sources", "id", "twice", |c| c.sources.push(c.sources[0].clone())),
    ("capabilities", "id", "twice", |c| c.capabilities.push(c.capabilities[0].clone())),
];

const MACHINES: &[Plant] = &[
    ("machines", "bandwidth_gbs", "not above zero", |c| c.machines[0].bandwidth_gbs.value = 0.0),
    ("machines", "rent_usd_per_hour", "not above zero", |c| {
        let rent = c.machines[29].rent_usd_per_hour.as_mut().unwrap();
        (rent.value, rent.low) = (0.0, None);
    }),
    ("machines", "usable_gib", "not above zero", |c| {
        (c.machines[0].usable_gib.value, c.machines[0].usable_gib.low) = (0.0, None);
    }),
    ("machines", "usable_gib", "130 GiB are more than the 128 GB", |c| c.machines[0].usable_gib.value = 130.0),
    ("machines", "usable_gib", "129 GiB are more than the 128 GB", |c| c.machines[0].usable_gib.high = Some(129.0)),
    ("machines", "tdp_w", "not above zero", |c| c.machines[0].tdp_w.as_mut().unwrap().value = 0.0),
    ("machines", "idle_w", "at idle", |c| c.machines[0].idle_w.as_mut().unwrap().value = 500.0),
    ("machines", "short", "15 characters", |c| c.machines[0].short = "NVIDIA DGXSpark".into()),
    ("machines", "short", "also that of", |c| c.machines[30].short = "RTX 5090".into()),
    ("machines", "name", "empty", |c| c.machines[0].name.clear()),
    ("machines", "family", "empty", |c| c.machines[30].family.clear()),
    ("machines", "variants", "\"nothing\"", |c| c.machines[0].variants.push("nothing".into())),
    ("machines", "variants", "\"dgx-spark\"", |c| c.machines[0].variants.push("dgx-spark".into())),
];

const MODELS: &[Plant] = &[
    ("models", "heads", "not above zero", |c| c.models[0].heads = -1.0),
    ("models", "hidden", "not above zero", |c| c.models[0].hidden = f64::NAN),
    ("models", "params", "below zero", |c| {
        c.models[0].params.norm = -1.0;
        c.models[0].exact_bytes.clear();
    }),
    ("models", "params", "add up to", |c| c.models[0].params.dense_ffn *= 1.01),
    ("models", "active_params", "more than total_params", |c| c.models[0].active_params *= 1.01),
    ("models", "tied", "has no head of its own", |c| c.models[0].tied = true),
    ("models", "moe", "disagree", |c| moe_model(c).moe = None),
    ("models", "moe", "129 experts per token of 128", |c| moe_model(c).moe.as_mut().unwrap().per_token = 129.0),
    ("models", "moe", "0 experts per token of 128", |c| moe_model(c).moe.as_mut().unwrap().per_token = 0.0),
    ("models", "moe", "0 layers with experts of 48", |c| moe_model(c).moe.as_mut().unwrap().layers = 0.0),
    ("models", "moe", "49 layers with experts of 48", |c| moe_model(c).moe.as_mut().unwrap().layers = 49.0),
    ("models", "state", "disagree", |c| c.models.iter_mut().find(|m| m.id == "qwen3.6-27b").unwrap().state = None),
    ("models", "state", "no elements", |c| {
        let model = c.models.iter_mut().find(|m| m.id == "qwen3.6-27b").unwrap();
        model.state.as_mut().unwrap().state_elems = 0.0;
    }),
    ("models", "kv", "layers have a cache", |c| c.models[0].kv.full_layers += 1.0),
    ("models", "kv", "0 layers have a cache", |c| c.models[0].kv.full_layers = 0.0),
    ("models", "kv", "no elements", |c| c.models[0].kv.full_elems = 0.0),
    ("models", "kv", "come together", |c| c.models[0].kv = KvShape { window: 128.0, ..c.models[0].kv }),
    ("models", "exact_bytes", "\"q9_k\"", |c| c.models[0].exact_bytes[0].0 = "q9_k".into()),
    ("models", "exact_bytes", "\"q8_0\" stands here twice", |c| c.models[0].exact_bytes[0].0 = "q8_0".into()),
    ("models", "exact_bytes", "bits per parameter", |c| c.models[0].exact_bytes[0].1.head *= 10.0),
    ("models", "exact_bytes", "bits per parameter", |c| c.models[0].exact_bytes[0].1 = PerClass::default()),
];

const FORMATS: &[Plant] = &[
    ("formats", "block_bits", "not above zero", |c| c.formats[0].block_bits.value = 0.0),
    ("formats", "bits", "0 to 64", |c| c.formats[0].bits.head = 0.0),
    ("formats", "bits", "0 to 64", |c| c.formats[0].bits.experts = 65.0),
    ("formats", "class", "empty", |c| c.formats[0].class.clear()),
    ("formats", "paths", "\"gb11\"", |c| c.formats[0].paths[0].family = "gb11".into()),
    ("formats", "paths", "all other families", |c| drop(c.formats[0].paths.pop())),
    ("kv_formats", "bits", "not above zero", |c| c.kv_formats[0].bits.value = 0.0),
    ("kv_formats", "runtimes", "\"exo\"", |c| c.kv_formats[1].runtimes.push("exo".into())),
    ("runtimes", "loads", "no kind of file", |c| c.runtimes[0].loads.clear()),
    ("runtimes", "families", "\"gb11\"", |c| c.runtimes[0].families.push("gb11".into())),
    ("capabilities", "family", "\"gb11\"", |c| c.capabilities[0].family = "gb11".into()),
];

const MARKET: &[Plant] = &[
    ("prices", "amount", "not above zero", |c| c.prices[0].amount = 0.0),
    ("prices", "machine", "\"nothing\"", |c| c.prices[0].machine = Some("nothing".into())),
    ("cloud", "id", "\"nothing\"", |c| c.cloud[0].id = "nothing".into()),
    ("cloud", "usd_per_hour", "not above zero", |c| {
        (c.cloud[0].usd_per_hour.value, c.cloud[0].usd_per_hour.low) = (0.0, None);
    }),
    ("api_prices", "id", "\"nothing\"", |c| c.api_prices[0].id = "nothing".into()),
    ("hosts", "slot", "\"nothing\"", |c| c.hosts[0].slot = "nothing".into()),
    ("hosts", "bandwidth_gbs", "not above zero", |c| c.hosts[0].bandwidth_gbs.value = 0.0),
    ("assumptions", "fact", "not between", |c| c.assumptions[0].fact.value = 1e300),
    ("electricity", "per_kwh", "not above zero", |c| c.electricity[0].per_kwh.value = 0.0),
    ("events", "machines", "\"nothing\"", |c| c.events[0].machines.push("nothing".into())),
    ("claims", "machines", "\"nothing\"", |c| c.claims[0].machines.push("nothing".into())),
    ("claims", "model", "\"nothing\"", |c| c.claims[0].model = Some("nothing".into())),
    ("claims", "low", "above high", |c| c.claims[0].low = Some(1e9)),
    ("claims", "why", "contested", |c| c.claims[0].why.clear()),
    ("sources", "title", "empty", |c| c.sources[0].title.clear()),
    ("sources", "url", "https://", |c| c.sources[0].url = Some("file:///etc".into())),
    ("efficiency", "source", "names no source", |c| c.efficiency.source = [].into()),
    ("efficiency", "date", "no date", |c| c.efficiency.date = None),
    ("efficiency", "rows", "no PrefillPath", |c| {
        c.efficiency.edit(|rows| rows.retain(|row| format!("{:?}", row.parameter) != "PrefillPath"));
    }),
    ("efficiency", "rows", "about the same", |c| c.efficiency.edit(|rows| rows.push(rows[0].clone()))),
    ("efficiency", "low", "in this order", |c| c.efficiency.edit(|rows| rows[0].high = 0.1)),
    ("efficiency", "family", "\"gb11\"", |c| c.efficiency.edit(|rows| rows[1].family = "gb11".into())),
    ("efficiency", "runtime", "\"exo\"", |c| c.efficiency.edit(|rows| rows[2].runtime = "exo".into())),
];

fn moe_model(catalog: &mut Catalog) -> &mut whichbox::model::facts::Model {
    catalog.models.iter_mut().find(|model| model.id == "qwen3-30b-a3b").unwrap()
}

#[test]
fn every_planted_fault_is_found() {
    let sound = Catalog::builtin().unwrap();
    for (list, field, part, plant) in [FACTS, MACHINES, MODELS, FORMATS, MARKET].into_iter().flatten() {
        let mut catalog = sound.clone();
        plant(&mut catalog);
        let problems = check::problems(&catalog);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let hit = problems.iter().any(|p| p.list == *list && p.field == *field && p.what.contains(part));
        assert!(hit, "{list} {field} {part}: {said:#?}");
        // A wrong id also breaks every reference to it, and a shared name is wrong in both entries; other faults give
        // one problem.
        assert!(["id", "short"].contains(field) || problems.len() == 1, "{list} {field} {part}: {said:#?}");
    }
}

/// A valid measurement, in which the tests replace parts.
const ROW: &str = "(measurements: [(id: \"mine\", machine: \"dgx-spark\", model: \"mine\", format: \"q4_k_m\", \
    runtime: \"llama.cpp\", kv_format: \"kv-f16\", test: Decode, concurrency: 1, tok_s: 12, date: \"2026-11-20\", \
    source: \"not-recorded\", tier: B)])";
const BAD_ROWS: &[(&str, &str, &str)] = &[
    ("dgx-spark", "dgx-sparc", "machine: \"dgx-sparc\" is not in the catalog"),
    ("q4_k_m", "q9", "format: \"q9\" is not in the catalog"),
    ("llama.cpp", "exo", "runtime: \"exo\" is not in the catalog"),
    ("kv-f16", "kv-f15", "kv_format: \"kv-f15\" is not in the catalog"),
    ("not-recorded", "nobody", "source: \"nobody\" is not in the catalog"),
    ("tok_s: 12", "tok_s: 0", "tok_s: 0 is not above zero"),
    ("concurrency: 1", "concurrency: 0.5", "concurrency: is below one stream"),
    ("Decode,", "Decode, aggregate: Peak,", "aggregate: says how"),
    ("Decode,", "Aggregate,", "aggregate: says how"),
    ("Decode,", "Decode, ttft_s: -1,", "ttft_s: is below zero"),
];

#[test]
fn every_fault_of_a_measurement_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let load = |text: &str| {
        std::fs::write(directory.path().join("own.ron"), text).unwrap();
        Catalog::load(Some(directory.path())).map_err(|faulty| faulty.faults)
    };
    assert!(load(ROW).is_ok());
    for (sound, wrong, part) in BAD_ROWS {
        let faults = load(&ROW.replacen(sound, wrong, 1)).expect_err(part);
        assert!(faults.len() == 1 && faults[0].sentence().contains(part), "{part}: {faults:#?}");
        assert!(faults[0].place().is_some(), "{part}");
    }
}

#[test]
fn a_family_is_known_by_its_machines() {
    let mut catalog = Catalog::builtin().unwrap();
    catalog.machines.retain(|machine| machine.family != "strix-halo");
    let said: Vec<String> = check::problems(&catalog).iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|text| text.contains("capabilities \"strix-halo.lora\": family")), "{said:#?}");
}
