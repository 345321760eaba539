//! Configurations against what the transformers library builds from them: equal to the last parameter, or refused.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use whichbox::model_file::{Shape, parse_config};

use super::model_files::fixtures;

type Fields = Map<String, Value>;

/// What the library builds from a configuration: parameters, and where that is told the elements that a token adds to
/// the cache in layers without a window and in layers with one.
#[derive(Clone, Copy)]
struct Built {
    params: f64,
    kv: Option<(f64, f64)>,
}

impl Built {
    fn of(line: &Value) -> Self {
        let kv = |at: usize| line["kv"][at].as_f64();
        Self { params: line["params"].as_f64().expect("parameters"), kv: kv(0).zip(kv(1)) }
    }

    fn differs(self, shape: &Shape) -> Option<String> {
        let (params, kv) = (shape.params.total(), (shape.kv.full_elems, shape.kv.window_elems));
        if (params - self.params).abs() > 0.5 {
            return Some(format!("{params} parameters, built are {} ({:+})", self.params, params - self.params));
        }
        let other = self.kv.filter(|built| *built != kv)?;
        Some(format!("{kv:?} elements of cache per token, built are {other:?}"))
    }
}

/// The configurations of a line: itself, without each of its fields, and its variants.
fn configurations(line: &Value) -> Vec<(String, Fields, Built)> {
    let config = line["config"].as_object().expect("fields");
    let whole = Built::of(line);
    let mut all = vec![(String::new(), config.clone(), whole)];
    // Only what the library takes for a missing field can be left out of what it writes by itself.
    let by_itself = line.get("said").is_none();
    for name in config.keys().filter(|name| by_itself && *name != "model_type") {
        let mut left = config.clone();
        left.remove(name);
        all.push((format!("without {name}"), left, whole));
    }
    for variant in line["variants"].as_array().into_iter().flatten() {
        let mut own = config.clone();
        for (name, value) in variant["set"].as_object().expect("fields") {
            own.insert(name.clone(), value.clone());
        }
        all.push((variant["set"].to_string(), own, Built::of(variant)));
    }
    all
}

fn shape(config: &Fields) -> Result<Shape, String> {
    parse_config("config.json", &Value::Object(config.clone()).to_string()).expect("a configuration").shape
}

#[test]
fn every_configuration_is_counted_to_the_last_parameter_or_refused() {
    let text = std::fs::read_to_string(fixtures().join("families.jsonl")).expect("the fixture");
    let (mut faults, mut read, mut refused, mut equal) = (String::new(), 0, BTreeSet::new(), 0);
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let name = line["config"]["model_type"].as_str().expect("a type");
        for (said, config, built) in configurations(&line) {
            match shape(&config) {
                Err(sentence) => {
                    assert!(!sentence.is_empty());
                    if said.is_empty() {
                        refused.insert(name.to_owned());
                    }
                }
                Ok(shape) => match built.differs(&shape) {
                    Some(how) => writeln!(faults, "{name} {said}: {how}").expect("a text"),
                    None if said.is_empty() => read += 1,
                    None => equal += 1,
                },
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(read >= 110 && equal >= 2000, "{read} types in {equal} variants");
    let named: BTreeSet<String> =
        REFUSED.iter().flat_map(|names| names.split_whitespace()).map(str::to_owned).collect();
    assert_eq!(refused, named);
}

/// What is refused as the library writes it, though it would build it.
const REFUSED: &[&str] = &[
    // Encoders, translators and listeners.
    "bart bert bert-generation big_bird bigbird_pegasus blenderbot blenderbot-small camembert",
    "data2vec-text electra ernie git marian mbart megatron-bert moshi mvp pegasus plbart prophetnet",
    "rembert roberta roberta-prelayernorm roc_bert roformer trocr whisper xlm xlm-roberta xlm-roberta-xl",
    "xlnet xmod",
    // As the library writes them they lack something, or contradict themselves; as published they are read.
    "bamba deepseek_v2 moss_transcribe_diarize",
    // Not known yet.
    "apertus1p5_text axk1 axk2 bailing_hybrid beam blt cpmant ctrl deepseek_v4 diffllama doge dory",
    "dots3_note dots3_note_text flint gpt_neox_japanese hrm_text hy_v4 inkling2_loop_text inkling2_text",
    "inkling_text jetmoe kolibri1 laguna lara_mini lfm3 longcat_flash mimo_v2_flash minimax_m3_vl_text",
    "mllama modernbert-decoder phi4_multimodal xlstm zamba zamba2 zaya",
];
