//! Tests of configurations against the models that the transformers library builds from them
//! (`tests/fixtures/models/count.py`).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use whichbox::files::model_file::{Shape, parse_config};

use super::model_files::fixtures;

type Fields = Map<String, Value>;

/// The library's counts: parameters, and cache elements per token without and with a window.
#[derive(Clone, Copy, Debug)]
struct Counted {
    params: f64,
    cache: Option<(f64, f64)>,
}

impl Counted {
    fn of(row: &[Value]) -> Self {
        let at = |place: usize| row.get(place).and_then(Value::as_f64);
        Self { params: at(0).expect("parameters"), cache: at(1).zip(at(2)) }
    }

    /// Returns a sentence on the differences from `shape`; `None` if there are none.
    fn differs(self, shape: &Shape) -> Option<String> {
        let params = shape.params.total();
        // The library's cache excludes the keys of an indexer.
        let index = shape.kv.sparse.map_or(0.0, |sparse| sparse.index_elems);
        let cache = (shape.kv.full_elems - index, shape.kv.window_elems);
        if (params - self.params).abs() > 0.5 {
            return Some(format!("{params} parameters, not {}", self.params));
        }
        let other = self.cache.filter(|counted| *counted != cache)?;
        Some(format!("{cache:?} elements per token, not {other:?}"))
    }
}

/// Returns `fields` with the values in `change`; null removes a field.
fn with(fields: &Fields, change: &Value) -> Fields {
    let mut fields = fields.clone();
    fields.extend(change.as_object().expect("fields").clone());
    fields
}

fn shape(fields: &Fields) -> Result<Shape, String> {
    let text = Value::Object(fields.clone()).to_string();
    parse_config("config.json", &text).expect("a configuration").shape
}

/// The outcome for one type of model.
#[derive(Default)]
struct Found {
    equal: usize,
    refused: Vec<String>,
    unequal: Vec<String>,
}

impl Found {
    fn compare(&mut self, what: &str, fields: &Fields, counted: Counted) {
        match shape(fields) {
            Err(sentence) => {
                assert!(!sentence.is_empty(), "{what} is refused without a word");
                self.refused.push(format!("{what}: {sentence}"));
            }
            Ok(shape) => match counted.differs(&shape) {
                None => self.equal += 1,
                Some(how) => self.unequal.push(format!("{what}: {how}")),
            },
        }
    }
}

fn row<'v>(type_: &'v Value, name: &str) -> &'v [Value] {
    type_[name].as_array().expect("a row")
}

/// Checks all configurations of a type: the default one, the default without each of its fields, and changed ones.
fn examine(type_: &Value) -> Found {
    let mut found = Found::default();
    let default = type_["default"].as_object().expect("fields");
    let counted = Counted::of(row(type_, "counted"));
    found.compare("default", default, counted);
    for name in default.keys().filter(|name| *name != "model_type") {
        let mut fields = default.clone();
        fields.remove(name);
        found.compare(&format!("without {name}"), &fields, counted);
    }
    let small = with(default, &type_["small"]);
    found.compare("small", &small, Counted::of(row(type_, "small_counted")));
    for change in row(type_, "changed") {
        let change = change.as_array().expect("a change");
        found.compare(&change[0].to_string(), &with(&small, &change[0]), Counted::of(&change[1..]));
    }
    found
}

#[test]
fn counts_are_those_of_the_library_or_refused() {
    let text = std::fs::read_to_string(fixtures().join("counts.jsonl")).expect("counts");
    let types = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let (mut unequal, mut refused, mut equal) = (String::new(), BTreeSet::new(), 0);
    for type_ in types.filter(|type_| type_.get("not_built").is_none()) {
        let name = type_["type"].as_str().expect("a name").to_owned();
        let found = examine(&type_);
        for line in &found.unequal {
            writeln!(unequal, "{name} {line}").expect("a text");
        }
        if std::env::var_os("SHOW_REFUSED").is_some() {
            eprintln!("{name}: {} equal, {} unequal, refused {:?}", found.equal, found.unequal.len(), found.refused);
        }
        if found.equal == 0 {
            refused.insert(name);
        } else {
            equal += 1;
        }
    }
    assert!(unequal.is_empty(), "{equal} types are equal, but:\n{unequal}");
    assert!(equal >= 100, "{equal} types are read");
    assert_eq!(refused, REFUSED.iter().map(|name| (*name).to_owned()).collect());
}

/// The types that the library builds and that this program refuses for any configuration.
const REFUSED: &[&str] = &[
    "axk1",
    "axk2",
    "bart",
    "beam",
    "bert",
    "bert-generation",
    "big_bird",
    "bigbird_pegasus",
    "blenderbot",
    "blenderbot-small",
    "blt",
    "camembert",
    "cpmant",
    "ctrl",
    "data2vec-text",
    "diffllama",
    "doge",
    "dory",
    "electra",
    "ernie",
    "flint",
    "git",
    "gpt_neox_japanese",
    "hrm_text",
    "hy_v4",
    "inkling2_loop_text",
    "inkling2_text",
    "inkling_text",
    "jetmoe",
    "lara_mini",
    "lfm3",
    "longcat_flash",
    "marian",
    "mbart",
    "megatron-bert",
    "modernbert-decoder",
    "moshi",
    "mvp",
    "pegasus",
    "phi4_multimodal",
    "plbart",
    "prophetnet",
    "rembert",
    "roberta",
    "roberta-prelayernorm",
    "roc_bert",
    "roformer",
    "trocr",
    "whisper",
    "xlm",
    "xlm-roberta",
    "xlm-roberta-xl",
    "xlnet",
    "xlstm",
    "xmod",
    "zamba2",
];
