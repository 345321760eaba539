//! Configurations against what the transformers library builds from them: equal to the last parameter, or refused.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use whichbox::model_file::{Shape, parse_config};

use super::model_files::fixtures;

/// One configuration with what the library builds from it.
struct Case {
    model_type: String,
    said: String,
    config: Map<String, Value>,
    params: f64,
    kv: Option<[f64; 2]>,
}

fn case(config: &Map<String, Value>, patch: Option<&Map<String, Value>>, built: &Value) -> Case {
    let mut own = config.clone();
    for (field, value) in patch.into_iter().flatten() {
        own.insert(field.clone(), value.clone());
    }
    let elems = |at: usize| built["kv"][at].as_f64();
    Case {
        model_type: config["model_type"].as_str().unwrap().to_owned(),
        said: patch.map(|patch| serde_json::to_string(patch).unwrap()).unwrap_or_default(),
        config: own,
        params: built["params"].as_f64().unwrap(),
        kv: elems(0).zip(elems(1)).map(|(full, window)| [full, window]),
    }
}

/// The configurations of `families.py`, variants after the one they change.
fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(fixtures().join("families.jsonl")).unwrap();
    let mut cases = Vec::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let config = line["config"].as_object().unwrap();
        cases.push(case(config, None, &line));
        for variant in line["variants"].as_array().into_iter().flatten() {
            cases.push(case(config, variant["set"].as_object(), variant));
        }
    }
    cases
}

fn shape(case: &Case) -> Result<Shape, String> {
    let text = serde_json::to_string(&case.config).unwrap();
    parse_config("config.json", &text).unwrap().shape
}

/// What differs between the reader and the library.
fn unequal(case: &Case, shape: &Shape) -> Vec<String> {
    let mut found = Vec::new();
    let counted = shape.params.total();
    if (counted - case.params).abs() > 0.5 {
        found.push(format!("{counted} parameters, built are {} ({:+})", case.params, counted - case.params));
    }
    let own = [shape.kv.full_elems, shape.kv.window_elems];
    if let Some(built) = case.kv.filter(|built| *built != own) {
        found.push(format!("{own:?} elements of cache, built are {built:?}"));
    }
    found
}

#[test]
fn every_configuration_is_counted_to_the_last_parameter_or_refused() {
    let (mut faults, mut equal, mut refused) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let cases = cases();
    for case in &cases {
        match shape(case) {
            Ok(shape) => {
                equal.insert(case.model_type.clone());
                let differences = unequal(case, &shape);
                faults.extend(differences.iter().map(|what| format!("{} {}: {what}", case.model_type, case.said)));
            }
            Err(why) if case.said.is_empty() => {
                refused.insert(format!("{}: {why}", case.model_type));
            }
            Err(_) => {}
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
    println!("{} {:#?} {}", equal.len(), refused, refused.len());
}
