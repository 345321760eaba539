//! Finding the catalog entry for a name that a tool wrote.
//!
//! Names are compared as sets of words: `gpt-oss 120B MXFP4 MoE` has all the words of `gpt-oss-120b`. If several
//! entries match, all are returned, so that the user can be asked.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::facts::{Container, Format, Machine, Model};

/// Makers and generic words in device names, which do not distinguish the machines of the catalog.
const BRANDS: &[&str] =
    &["nvidia", "geforce", "amd", "radeon", "intel", "apple", "graphics", "gpu", "edition", "corporation", "tm", "r"];
/// The largest relative difference in parameters at which a model matches; its draft layers may be counted or not.
const PARAMS_WITHIN: f64 = 0.015;
/// Words that distinguish one card or chip from another: an RTX 5070 Ti is not an RTX 5070.
const GRADES: &[&str] = &["ti", "super", "xt", "xtx", "gre", "laptop", "mobile", "max", "ultra"];

/// The names that tools print and the catalog does not have, `assets/files/bench_names.ron`.
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

/// Returns the runtime whose name begins the name of a tool or server.
///
/// `Several` without ids means that the software is known and not in the catalog.
pub(super) fn software(name: &str) -> Matches<'static> {
    if PRINTED.other_software.iter().any(|own| name.starts_with(own.as_str())) {
        return Matches::Several(Vec::new());
    }
    let known = PRINTED.software.iter().find(|(own, _)| name.starts_with(own.as_str()));
    known.map_or(Matches::Nothing, |(_, id)| Matches::One(id))
}

/// Returns true if the model has the number of parameters that a file states.
pub(super) fn has_params(model: &Model, params: u64) -> bool {
    let params = params as f64;
    let most = model.total_params + model.extra_params;
    params >= model.total_params * (1.0 - PARAMS_WITHIN) && params <= most * (1.0 + PARAMS_WITHIN)
}

/// The catalog entries that match a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Matches<'c> {
    /// The only match.
    One(&'c str),
    /// All of several matches.
    Several(Vec<&'c str>),
    /// No match.
    Nothing,
}

/// Returns the match for a list of ids.
pub(super) fn one_of(mut ids: Vec<&str>) -> Matches<'_> {
    match (ids.pop(), ids.is_empty()) {
        (None, _) => Matches::Nothing,
        (Some(only), true) => Matches::One(only),
        (Some(last), false) => {
            ids.push(last);
            Matches::Several(ids)
        }
    }
}

/// Splits a name into words in lower case, at punctuation and before digits; a number stays together with its decimals
/// and unit.
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
    // Tools attach "moe" to the name of an architecture: qwen3moe, glm4moe.
    words
        .iter()
        .map(|word| word.strip_suffix("moe").filter(|rest| !rest.is_empty()).unwrap_or(word).to_owned())
        .collect()
}

fn within(few: &[String], many: &[String]) -> bool {
    few.iter().all(|word| many.contains(word))
}

/// Returns the machine whose names have all words of the name of a graphics card or processor.
pub(super) fn machine<'c>(machines: &'c [Machine], name: &str) -> Matches<'c> {
    // Tools write the driver in brackets after the device's name.
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
        return Matches::One(&machine.id);
    }
    // An id or alias matches its machine even if other machines have the same words.
    let is_own =
        |machine: &&Machine| std::iter::once(&machine.id).chain(&machine.aliases).any(|name| words(name) == told);
    if let Some(machine) = machines.iter().find(is_own) {
        return Matches::One(&machine.id);
    }
    if !told.iter().any(|word| word.chars().any(|c| c.is_ascii_digit())) {
        return Matches::Nothing;
    }
    one_of(
        machines
            .iter()
            .filter(|machine| within(&told, &names(machine)) && is_grade(machine))
            .map(|machine| machine.id.as_str())
            .collect(),
    )
}

/// Returns the model for the name of a file or type; `params` distinguishes models of the same name.
pub(super) fn model<'c>(models: &'c [Model], name: &str, params: Option<u64>) -> Matches<'c> {
    let told = words(name.rsplit('/').next().unwrap_or(name));
    let as_large = |model: &&Model| params.is_none_or(|params| has_params(model, params));
    // Of the models whose ids are contained in the name, the id with the most words is the most specific.
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
    // A type such as `llama 70B Q4_K - Medium` is less specific than an id: all its words must be in the model's names.
    let names =
        |model: &Model| -> Vec<String> { [&model.id, &model.name].into_iter().flat_map(|n| words(n)).collect() };
    let sized = |word: &String| word.ends_with('b') && word.starts_with(|c: char| c.is_ascii_digit());
    let Some(size) = told.iter().position(sized) else { return Matches::Nothing };
    let told = told.get(..=size).unwrap_or_default();
    if told.len() < 2 {
        return Matches::Nothing;
    }
    let fitting = models.iter().filter(as_large).filter(|model| within(told, &names(model)));
    match one_of(fitting.map(|model| model.id.as_str()).collect()) {
        Matches::Nothing => of_architecture(models, name, params),
        found => found,
    }
}

/// Returns the model for llama-bench's name of an architecture, by its parameters and the size in the name.
///
/// Of several models with the same build it is the first that was released.
fn of_architecture<'c>(models: &'c [Model], name: &str, params: Option<u64>) -> Matches<'c> {
    let Some((architecture, rest)) = name.split_once(' ') else { return Matches::Nothing };
    let Some((_, starts)) = PRINTED.architectures.iter().find(|(own, _)| own == architecture) else {
        return Matches::Nothing;
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
        Some(first) => Matches::One(&first.id),
        None => one_of(fitting.iter().map(|model| model.id.as_str()).collect()),
    }
}

/// Returns true if a benchmark cannot distinguish the models, because their matrices and caches are the same.
fn is_one_build(one: &Model, other: &Model) -> bool {
    (one.params, one.kv, one.state, one.moe) == (other.params, other.kv, other.state, other.moe)
}

/// Returns the format for a type such as `Q4_K - Medium` or for a file name, among the formats of these containers.
pub(super) fn format<'c>(formats: &'c [Format], name: &str, loads: &[Container]) -> Matches<'c> {
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
    if found != Matches::Nothing {
        return found;
    }
    // Some files add a size suffix to a type that has only one size.
    told = told.iter().map(|word| word.strip_suffix("_m").unwrap_or(word).to_owned()).collect();
    match of_id(&told) {
        Matches::Nothing => by_name(formats, &told, loads),
        found => found,
    }
}

/// Returns the format whose name shares a word such as F16 with the name.
fn by_name<'c>(formats: &'c [Format], told: &[String], loads: &[Container]) -> Matches<'c> {
    let telling = |word: &&String| {
        word.len() > 2 && word.starts_with(char::is_alphabetic) && word.chars().any(|c| c.is_ascii_digit())
    };
    let has = |format: &&Format| {
        let names = format_words(&format.name.to_lowercase());
        loads.contains(&format.container) && told.iter().filter(telling).any(|word| names.contains(word))
    };
    one_of(formats.iter().filter(has).map(|format| format.id.as_str()).collect())
}

/// Splits a format's name into words, with `_` as part of a word.
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
            assert_eq!(meant, id.map_or(Matches::Nothing, Matches::One), "{name}");
        }
        let meant = machine(&catalog.machines, "Apple M3 Ultra");
        assert!(matches!(&meant, Matches::Several(ids) if ids.iter().all(|id| id.contains("m3-ultra"))), "{meant:?}");
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
