//! The entry of the catalog that a name written by a tool means.
//!
//! Names are compared as sets of words: `gpt-oss 120B MXFP4 MoE` has all the words of `gpt-oss-120b`. An entry is taken
//! where it alone fits; where several do, they are given back to be asked about.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::facts::{Container, Format, Machine, Model};

/// Words that say who made it or what kind of thing it is, and tell no two machines of the catalog apart.
const BRANDS: &[&str] =
    &["nvidia", "geforce", "amd", "radeon", "intel", "apple", "graphics", "gpu", "edition", "corporation", "tm", "r"];
/// A model of the right name has the stated number of parameters within this share, with or without its drafting layers.
const PARAMS_WITHIN: f64 = 0.015;
/// Words that make another card or chip of the one without them.
const GRADES: &[&str] = &["ti", "super", "xt", "xtx", "gre", "laptop", "mobile", "max", "ultra"];

/// Names that tools print, `assets/files/bench_names.ron`.
#[derive(Debug, Default, Deserialize)]
struct Printed {
    #[expect(dead_code, reason = "evidence for the reader of the asset")]
    date: String,
    architectures: Vec<(String, Vec<String>)>,
    software: Vec<(String, String)>,
    other_software: Vec<String>,
    devices: Vec<(String, String)>,
}

static PRINTED: LazyLock<Printed> =
    LazyLock::new(|| ron::from_str(include_str!("../../../assets/files/bench_names.ron")).unwrap_or_default());

/// The runtime that a tool or a server is, by the beginning of its name; several of none where the catalog has no such runtime.
pub(super) fn software(name: &str) -> Meant<'static> {
    if PRINTED.other_software.iter().any(|own| name.starts_with(own.as_str())) {
        return Meant::Several(Vec::new());
    }
    let known = PRINTED.software.iter().find(|(own, _)| name.starts_with(own.as_str()));
    known.map_or(Meant::Nothing, |(_, id)| Meant::One(id))
}

/// Returns true where a model has the number of parameters that a file states.
pub(super) fn has_params(model: &Model, params: u64) -> bool {
    let params = params as f64;
    let most = model.total_params + model.extra_params;
    params >= model.total_params * (1.0 - PARAMS_WITHIN) && params <= most * (1.0 + PARAMS_WITHIN)
}

/// The meaning of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant<'c> {
    /// This entry.
    One(&'c str),
    /// One of these.
    Several(Vec<&'c str>),
    /// Nothing that is known.
    Nothing,
}

/// Returns the one entry of a list, or all of several.
pub(super) fn one_of(mut ids: Vec<&str>) -> Meant<'_> {
    match (ids.pop(), ids.is_empty()) {
        (None, _) => Meant::Nothing,
        (Some(only), true) => Meant::One(only),
        (Some(last), false) => {
            ids.push(last);
            Meant::Several(ids)
        }
    }
}

/// The words of a name: lower case, apart at marks and before digits, a number with its point and unit together.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.to_lowercase().chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        let inside = *c == '.' && before.is_ascii_digit() && after.is_ascii_digit();
        let begins = c.is_ascii_digit() && before.is_alphabetic();
        if begins || !(c.is_alphanumeric() || inside) {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if c.is_alphanumeric() || inside {
            word.push(*c);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    // Architectures are written together with their kind: qwen3moe, glm4moe.
    words
        .iter()
        .map(|word| word.strip_suffix("moe").filter(|rest| !rest.is_empty()).unwrap_or(word).to_owned())
        .collect()
}

fn within(few: &[String], many: &[String]) -> bool {
    few.iter().all(|word| many.contains(word))
}

/// The machine that a graphics card's or processor's name means: the one whose names have all its words.
pub(super) fn machine<'c>(machines: &'c [Machine], name: &str) -> Meant<'c> {
    // Drivers stand in brackets behind the name.
    let bare = name.split_once(" (").filter(|(bare, _)| bare.chars().any(|c| c.is_ascii_digit()));
    let bare = bare.map_or(name, |(bare, _)| bare);
    let told: Vec<String> = words(bare).into_iter().filter(|word| !BRANDS.contains(&word.as_str())).collect();
    let is_grade = |machine: &Machine| {
        let own = words(&machine.id);
        own.iter().all(|word| !GRADES.contains(&word.as_str()) || told.contains(word))
    };
    let names = |machine: &Machine| {
        let all = [&machine.id, &machine.name, &machine.short, &machine.family];
        all.into_iter().chain(&machine.aliases).flat_map(|name| words(name)).collect::<Vec<_>>()
    };
    let is_device = |(name, _): &&(String, String)| {
        let own: Vec<String> = words(name).into_iter().filter(|word| !BRANDS.contains(&word.as_str())).collect();
        own == told
    };
    if let Some((_, id)) = PRINTED.devices.iter().find(is_device)
        && let Some(machine) = machines.iter().find(|machine| machine.id == *id)
    {
        return Meant::One(&machine.id);
    }
    // An id or alias by itself means its machine, whatever words it shares with others.
    let is_own =
        |machine: &&Machine| std::iter::once(&machine.id).chain(&machine.aliases).any(|name| words(name) == told);
    if let Some(machine) = machines.iter().find(is_own) {
        return Meant::One(&machine.id);
    }
    if !told.iter().any(|word| word.chars().any(|c| c.is_ascii_digit())) {
        return Meant::Nothing;
    }
    one_of(
        machines
            .iter()
            .filter(|machine| within(&told, &names(machine)) && is_grade(machine))
            .map(|machine| machine.id.as_str())
            .collect(),
    )
}

/// The model that a file's or type's name means; `params` tells those of one name apart.
pub(super) fn model<'c>(models: &'c [Model], name: &str, params: Option<u64>) -> Meant<'c> {
    let told = words(name.rsplit('/').next().unwrap_or(name));
    let as_large = |model: &&Model| params.is_none_or(|params| has_params(model, params));
    // All words of an id: the most of them mean the most particular model.
    let of_id: Vec<(usize, &str)> = models
        .iter()
        .filter(as_large)
        .map(|model| (words(&model.id), model.id.as_str()))
        .filter(|(id, _)| within(id, &told))
        .map(|(id, name)| (id.len(), name))
        .collect();
    if let Some(most) = of_id.iter().map(|(count, _)| *count).max() {
        return one_of(of_id.into_iter().filter(|(count, _)| *count == most).map(|(_, id)| id).collect());
    }
    // A type such as `llama 70B Q4_K - Medium` says less than an id: what it says must all be in the model's names.
    let names =
        |model: &Model| -> Vec<String> { [&model.id, &model.name].into_iter().flat_map(|n| words(n)).collect() };
    let sized = |word: &String| word.ends_with('b') && word.starts_with(|c: char| c.is_ascii_digit());
    let Some(size) = told.iter().position(sized) else { return Meant::Nothing };
    let told = told.get(..=size).unwrap_or_default();
    if told.len() < 2 {
        return Meant::Nothing;
    }
    let fitting = models.iter().filter(as_large).filter(|model| within(told, &names(model)));
    match one_of(fitting.map(|model| model.id.as_str()).collect()) {
        Meant::Nothing => of_architecture(models, name, params),
        found => found,
    }
}

/// The model of an architecture as llama-bench prints it, told from others by its parameters and the size in its name; the
/// first that was released of several with one build.
fn of_architecture<'c>(models: &'c [Model], name: &str, params: Option<u64>) -> Meant<'c> {
    let Some((architecture, rest)) = name.split_once(' ') else { return Meant::Nothing };
    let Some((_, starts)) = PRINTED.architectures.iter().find(|(own, _)| own == architecture) else {
        return Meant::Nothing;
    };
    let size = rest.split([' ', '.']).next().unwrap_or_default().to_lowercase();
    let of = |model: &&Model| {
        let names = std::iter::once(&model.id).chain(&model.aliases);
        starts.iter().any(|start| model.id.starts_with(start.as_str()))
            && match params {
                Some(params) => has_params(model, params),
                None => names.into_iter().any(|name| words(name).contains(&size)),
            }
    };
    let fitting: Vec<&Model> = models.iter().filter(of).collect();
    let first = fitting.iter().min_by_key(|model| model.released);
    match first.filter(|first| fitting.iter().all(|model| is_one_build(first, model))) {
        Some(first) => Meant::One(&first.id),
        None => one_of(fitting.iter().map(|model| model.id.as_str()).collect()),
    }
}

/// Returns true for two models that a benchmark cannot tell apart: their matrices and caches are the same.
fn is_one_build(one: &Model, other: &Model) -> bool {
    (one.params, one.kv, one.state, one.moe) == (other.params, other.kv, other.state, other.moe)
}

/// The format that a type such as `Q4_K - Medium` or a file's name says, of those in these containers.
pub(super) fn format<'c>(formats: &'c [Format], name: &str, loads: &[Container]) -> Meant<'c> {
    let mut name = name.to_lowercase();
    for (long, short) in [(" - medium", "_m"), (" - small", "_s"), (" - large", "_l")] {
        name = name.replace(long, short);
    }
    let mut told = format_words(&name);
    let of_id = |told: &[String]| {
        let fitting: Vec<(usize, &str)> = formats
            .iter()
            .filter(|format| loads.contains(&format.container))
            .map(|format| (format_words(format.id.trim_end_matches("-gguf")), format.id.as_str()))
            .filter(|(id, _)| within(id, told))
            .map(|(id, name)| (id.iter().map(String::len).sum(), name))
            .collect();
        let most = fitting.iter().map(|(length, _)| *length).max();
        one_of(fitting.into_iter().filter(|(length, _)| Some(*length) == most).map(|(_, id)| id).collect())
    };
    let found = of_id(&told);
    if found != Meant::Nothing {
        return found;
    }
    // Some types have one size only and are still written with it.
    told = told.iter().map(|word| word.strip_suffix("_m").unwrap_or(word).to_owned()).collect();
    match of_id(&told) {
        Meant::Nothing => by_name(formats, &told, loads),
        found => found,
    }
}

/// By a word of the format's name, such as F16.
fn by_name<'c>(formats: &'c [Format], told: &[String], loads: &[Container]) -> Meant<'c> {
    let telling = |word: &&String| {
        word.len() > 2 && word.starts_with(char::is_alphabetic) && word.chars().any(|c| c.is_ascii_digit())
    };
    let has = |format: &&Format| {
        let names = format_words(&format.name.to_lowercase());
        loads.contains(&format.container) && told.iter().filter(telling).any(|word| names.contains(word))
    };
    one_of(formats.iter().filter(has).map(|format| format.id.as_str()).collect())
}

/// Words of a format's name, in which `_` joins.
fn format_words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_not_taken_for_its_better_relative() {
        let catalog = crate::model::catalog::Catalog::builtin().unwrap_or_default();
        for (name, id) in [
            ("NVIDIA GeForce RTX 4080", None),
            ("NVIDIA GeForce RTX 4070", None),
            ("NVIDIA GeForce RTX 5090 Laptop GPU", None),
            ("NVIDIA GeForce RTX 4080 SUPER", Some("rtx-4080-super")),
            ("AMD Radeon RX 7900 XTX", Some("rx-7900-xtx")),
            ("AMD Radeon RX 7900 XT", None),
            ("Radeon 8060S Graphics (RADV GFX1151)", Some("strix-halo-395")),
            ("NVIDIA GeForce RTX 5090", Some("rtx-5090")),
        ] {
            let meant = machine(&catalog.machines, name);
            assert_eq!(meant, id.map_or(Meant::Nothing, Meant::One), "{name}");
        }
        let meant = machine(&catalog.machines, "Apple M3 Ultra");
        assert!(matches!(&meant, Meant::Several(ids) if ids.iter().all(|id| id.contains("m3-ultra"))), "{meant:?}");
    }

    #[test]
    fn names_fall_into_words() {
        for (name, expected) in [
            ("Qwen3-30B-A3B", "qwen 3 30b a 3b"),
            ("qwen3moe 30B.A3B", "qwen 3 30b a 3b"),
            ("Llama-3.3-70B-Instruct", "llama 3.3 70b instruct"),
            ("gpt-oss 120B MXFP4 MoE", "gpt oss 120b mxfp 4 moe"),
            ("gemma3 27B", "gemma 3 27b"),
            ("", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }
}
