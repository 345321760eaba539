//! Tests of scenario files: the structure of the example, defaults, values out of range, built-in scenarios, and
//! writing.

use whichbox::model::ron_file::{MARKER, is_hostile};
use whichbox::model::scenario::{FormatChoice, ModelChoice, Origin, PriceLevel, SCENARIOS, Scenario, find, from_str};

const FULL: &str = r#"
// A scenario: what is asked, and what was answered when it was saved. Every field but `schema` has a default.
Scenario(
    schema: 1,
    title: "256 agent streams on one desk",
    note: "Which box serves a swarm of background agents?",
    machines: ["dgx-spark", "macbook-pro-m5-max-40", "rtx-pro-6000"],
    model: Catalog("gpt-oss-120b"),           // or Custom(params: 93e9, active: 20e9) or ReadGb(40.0)
    format: Same("mxfp4-gguf"),               // or Best, or PerMachine({"dgx-spark": "mxfp4", ...})
    runtime: Auto,                            // or Same("vllm"), or PerMachine({...})
    kv_format: "kv-f16",
    concurrency: 256, context: 8192, prompt: 2048, generate: 512,
    limits: (budget_usd: 15000, max_watts: 700, min_tok_s: 2, max_ttft_s: 30, portable: false, needs: ["continuous-batching"]),
    price: (as_of: "2026-09-03", level: Typical, own: {"rtx-pro-6000": 13250}),
    host: (usd: 2500, idle_watts: 60, load_watts: 120),
    economics: (tariff_usd_kwh: 0.17, years: 3, utilisation: 0.25, cloud: "h100-sxm"),
    what_if: {"dgx-spark": (usable_gib: 110)},
    expect: (winner: "rtx-pro-6000"),
    saved: (catalog: "2026-11", results: {"dgx-spark": (expected_tok_s: 1.9, price_usd: 4699)}),
)"#;

#[test]
fn the_full_shape_is_read() {
    let full = from_str("full.ron", FULL).expect("the example");
    assert_eq!(full.model, ModelChoice::Catalog("gpt-oss-120b".into()));
    assert_eq!(full.format, FormatChoice::Same("mxfp4-gguf".into()));
    assert_eq!((full.concurrency, full.context, full.prompt_tokens(), full.generate), (256, 8192, 2048, 512));
    assert_eq!((full.limits.budget_usd, full.limits.max_ttft_s), (Some(15000.0), Some(30.0)));
    assert_eq!(full.limits.needs, ["continuous-batching"]);
    assert_eq!(full.price.own.get("rtx-pro-6000"), Some(&13250.0));
    assert_eq!(full.host.idle_watts, Some(60.0));
    assert_eq!(full.economics.cloud.as_deref(), Some("h100-sxm"));
    assert_eq!(full.what_if["dgx-spark"].usable_gib, Some(110.0));
    assert_eq!(full.expect.and_then(|expect| expect.winner).as_deref(), Some("rtx-pro-6000"));
    assert_eq!(full.saved.expect("results").results["dgx-spark"].expected_tok_s, Some(1.9));
}

#[test]
fn a_schema_is_enough_and_gives_the_defaults() {
    let scenario = from_str("least.ron", "(schema: 1)").expect("the least");
    assert_eq!(scenario, Scenario::default());
    assert_eq!(*scenario.machines, ["dgx-spark", "macbook-pro-m5-max-40", "rtx-pro-6000"]);
    assert_eq!(
        (scenario.concurrency, scenario.context, scenario.prompt_tokens(), scenario.generate),
        (1, 4096, 2048, 512)
    );
    assert_eq!((scenario.kv_format.as_str(), scenario.price.level), ("kv-f16", PriceLevel::Typical));
    assert_eq!(
        (&scenario.model, &scenario.format),
        (&ModelChoice::Catalog("llama-3.3-70b".into()), &FormatChoice::Auto)
    );
}

#[test]
fn what_was_answered_when_it_was_saved_is_no_other_question() {
    let plain = from_str("a.ron", "(schema: 1, concurrency: 4)").expect("a scenario");
    let saved =
        from_str("b.ron", "(schema: 1, concurrency: 4, saved: (catalog: \"2026-11\", results: {}))").expect("saved");
    let other = from_str("c.ron", "(schema: 1, concurrency: 5)").expect("another");
    assert_ne!(plain, saved);
    assert!(plain.asks_the_same(&saved) && saved.asks_the_same(&plain) && plain.asks_the_same(&plain));
    assert!(!plain.asks_the_same(&other) && !saved.asks_the_same(&other));
}

#[test]
fn a_custom_model_without_an_active_share_is_dense() {
    let dense = from_str("d.ron", "(schema: 1, model: Custom(params: 7e9))").expect("dense");
    assert_eq!(dense.model, ModelChoice::Custom { params: 7e9, active: 7e9 });
}

/// The text after `(schema: 1, `, the column of the fault in it, and a part of the sentence.
const BAD: &[(&str, usize, &str)] = &[
    ("modell: Best)", 1, "no field `modell` in Scenario; did you mean `model`? allowed: schema, title, note,"),
    ("limits: (budget: 5))", 10, "no field `budget` in Limits; did you mean `budget_usd`?"),
    ("price: (level: Medium))", 16, "no value `Medium` in PriceLevel; allowed: Low, Typical, High"),
    ("model: Catalogue(\"x\"))", 8, "did you mean `Catalog`?"),
    ("model: Custom(params: 5e5, active: 5))", 23, "0.5M is out of range; allowed is 1M to 100T"),
    ("model: Custom(params: 7e9, active: 8e9))", 39, "8B active is more than 7B in all"),
    ("model: Custom(parms: 7e9))", 15, "did you mean `params`?"),
    ("model: ReadGb(0))", 15, "0 is out of range; allowed is 0.001 to 1,000,000"),
    ("model: ReadGb(NaN))", 15, "write a finite one"),
    ("format: q4_k_m)", 9, "no value `q4_k_m` in FormatChoice; allowed: Auto, Same, Best, PerMachine"),
    ("format: \"q4_k_m\")", 9, "a name is expected here, without quotes"),
    ("concurrency: 0)", 14, "0 is out of range; allowed is 1 to 4,096"),
    ("concurrency: 5000)", 14, "5,000 is out of range"),
    ("concurrency: -3)", 14, "out of range"),
    ("concurrency: 1.5)", 14, "not a number here"),
    ("context: 99999999)", 10, "99,999,999 tokens is out of range; allowed is 0 tokens to 16,777,216 tokens"),
    ("prompt: 0)", 9, "out of range"),
    ("generate: 0)", 11, "out of range"),
    ("machines: [])", 12, "at least one machine"),
    ("machines: [\"a\", \"b\", \"a\"])", 25, "\"a\" is in this list twice"),
    ("limits: (budget_usd: -5))", 22, "$-5 is out of range; allowed is $0 to $1,000,000,000"),
    ("limits: (max_watts: 1e999))", 21, "write a finite one"),
    ("economics: (years: 0))", 20, "out of range"),
    ("economics: (utilisation: 25))", 26, "2,500 % is out of range; allowed is 0.01 % to 100 %"),
    ("price: (as_of: \"26-09\"))", 16, "not a date from 1970 to 2999; write 2026, 2026-09 or 2026-09-03"),
    ("price: (own: {\"a\": 1, \"a\": 2}))", 23, "the key \"a\" is here a second time"),
    ("what_if: {\"a\": (usable_gb: 5)})", 17, "did you mean `usable_gib`?"),
    ("title: \"two\\nlines\")", 8, "a line break is not allowed here"),
];

#[test]
fn each_fault_has_its_place_and_says_what_is_allowed() {
    let head = "(schema: 1, ";
    for &(tail, column, sentence) in BAD {
        let error = from_str("bad.ron", &format!("{head}{tail}")).expect_err(tail);
        assert!(error.sentence().contains(sentence), "{tail} gave\n{error}");
        assert_eq!(error.place().map(|p| (p.line, p.column)), Some((1, head.len() + column)), "{tail} gave\n{error}");
    }
}

#[test]
fn long_things_are_refused() {
    let long = "x".repeat(201);
    let list: Vec<String> = (0..300).map(|n| format!("\"m{n}\"")).collect();
    let map: Vec<String> = (0..300).map(|n| format!("\"m{n}\": 1")).collect();
    for (field, sentence) in [
        (format!("title: \"{long}\""), "at most 200 characters"),
        (format!("model: Catalog(\"{long}\")"), "at most 200 characters"),
        (format!("what_if: {{\"{long}\": ()}}"), "at most 200 characters"),
        (format!("note: \"{}\"", long.repeat(21)), "at most 4096 bytes"),
        (format!("machines: [{}]", list[..65].join(",")), "at most 64 machines"),
        (format!("limits: (needs: [{}])", list.join(",")), "at most 256 entries"),
        (format!("price: (own: {{{}}})", map.join(",")), "at most 256 entries"),
    ] {
        let error = from_str("long.ron", &format!("(schema: 1, {field})")).expect_err("too long");
        assert!(error.sentence().contains(sentence), "{error}");
        assert!(error.to_string().len() < 1000);
    }
    from_str("ok.ron", &format!("(schema: 1, title: \"{}\", machines: [{}])", "é".repeat(200), list[..64].join(",")))
        .expect("at the limits");
}

#[test]
fn another_schema_and_none_are_refused() {
    let newer = from_str("new.ron", "(schema: 2)").expect_err("newer");
    assert!(newer.sentence().contains("schema 2 is not known to this version"), "{newer}");
    let none = from_str("old.ron", "()").expect_err("none");
    assert!(none.sentence().contains("begins with (schema: 1,"), "{none}");
}

#[test]
fn what_is_written_is_read_back() {
    let full = from_str("full.ron", FULL).expect("the example");
    let mut odd =
        Scenario { title: "\"quotes\" \\ größer".to_owned(), note: "a\nb".to_owned(), ..Scenario::default() };
    odd.model = ModelChoice::Custom { params: 93_123_456_789.123, active: 0.1e10 };
    odd.economics.tariff_usd_kwh = Some(0.1 + 0.2);
    odd.what_if.insert(
        "a b\"".to_owned(),
        whichbox::model::scenario::WhatIf { price_usd: Some(1.0 / 3.0), ..Default::default() },
    );
    for scenario in [full, odd, Scenario::default()] {
        let text = scenario.to_ron().expect("text");
        assert!(text.starts_with(&format!("{MARKER}\n")));
        assert!(text.chars().all(|c| !is_hostile(c)));
        assert_eq!(from_str("again.ron", &text).expect(&text), scenario, "{text}");
    }
    let least = Scenario::default().to_ron().expect("text");
    assert_eq!(least, format!("{MARKER}\n(\n    schema: 1,\n)\n"));
}

#[test]
fn built_in_scenarios_are_found_and_ask_a_question() {
    assert!(SCENARIOS.len() >= 12 && SCENARIOS[0].0 == "default");
    for &(name, text) in SCENARIOS {
        let opened = find(name).expect(name);
        assert_eq!((opened.origin, opened.text.as_str()), (Origin::BuiltIn(name), text));
        assert!(opened.scenario.title.ends_with('?'), "{name}: {}", opened.scenario.title);
        assert!(opened.scenario.title.chars().count() <= 72, "{name}: the title must fit a line");
        assert!(!opened.scenario.note.is_empty(), "{name}");
        assert!(text.starts_with("// "), "{name} begins with a comment");
        assert!(SCENARIOS.iter().all(|(other, same)| *other == name || *same != text), "{name}");
    }
    let directory = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).expect("scenarios/");
    for entry in directory {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = SCENARIOS.iter().any(|(known, _)| format!("{known}.ron") == name);
        assert!(known, "scenarios/{name} has no row in SCENARIOS");
    }
}

#[test]
fn an_unknown_name_is_told_from_a_missing_file() {
    let error = find("agent-256").expect_err("no such scenario").to_string();
    assert_eq!(error, "agent-256: there is no file and no built-in scenario of this name; did you mean agents-256?");
    let error = find("/no/such/file.ron").expect_err("no such file").to_string();
    assert!(error.contains("`whichbox list scenarios`"), "{error}");
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("mine.ron");
    std::fs::write(&path, "(schema: 1, bogus: 2)").expect("a file");
    let error = find(path.to_str().expect("a path")).expect_err("unknown field");
    assert!(error.to_string().starts_with(&format!("{}:1:13: ", path.display())), "{error}");
}
