//! Names as people type them: one resolver for flags, files, sliders, pickers and imports.
//!
//! The comparisons are tried in this order until one matches: the exact id; an alias, a name, or the id with other case
//! and separators; a hub name (`bartowski/Qwen_Qwen3.6-27B-GGUF`); words that all occur in an entry's names (`m3 ultra
//! 96`); a part of a name (`oss-120`); letters of an id with gaps. A single match is used and noted, several are
//! listed.

mod hub;
pub mod matching;

use std::fmt;

use crate::model::facts::{Format, KvFormat, Machine, Model, NamedModel, NotASetup, Runtime};
use crate::model::ron_file::{likeness, visible};
use crate::model::units::{Amount, GB, Unit};

use super::Catalog;
use matching::Name;

/// The lists of the catalog in which users look up entries by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOf {
    /// A machine.
    Machine,
    /// A model.
    Model,
    /// A weight format.
    Format,
    /// A cache format.
    KvFormat,
    /// A runtime.
    Runtime,
}

impl NameOf {
    /// Returns the word for an entry of the list.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Model => "model",
            Self::Format => "format",
            Self::KvFormat => "cache format",
            Self::Runtime => "runtime",
        }
    }

    /// Returns the argument of `whichbox list` that shows the list.
    #[must_use]
    pub fn list(self) -> &'static str {
        match self {
            Self::Machine => "machines",
            Self::Model => "models",
            Self::Format | Self::KvFormat => "formats",
            Self::Runtime => "runtimes",
        }
    }
}

/// An entry that matches a typed name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Id of the entry.
    pub id: String,
    /// Typed name, safe to display; `None` if it is the id.
    pub typed: Option<String>,
}

impl Resolved {
    /// Returns the note for a typed name that is not the id: `"rtx 3090" taken as rtx-3090`.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        self.typed.as_ref().map(|typed| format!("\"{typed}\" taken as {}", self.id))
    }
}

/// An entry that a name may refer to, with a short description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Id of the entry.
    pub id: String,
    /// Distinguishing properties: `24 GB, 936 GB/s`.
    pub about: String,
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id, self.about)
    }
}

/// The reason why a name does not identify one entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Several entries match.
    #[error("the {} \"{typed}\" can be {}{}; say which", .of.word(), listed(.candidates), more(*.left_out))]
    Several {
        /// List that was searched.
        of: NameOf,
        /// Typed name, safe to display.
        typed: String,
        /// Matching entries, at most [`MOST_LISTED`].
        candidates: Vec<Candidate>,
        /// Number of further matching entries.
        left_out: usize,
    },
    /// No entry matches.
    #[error("there is no {} \"{typed}\"{}", .of.word(), advice(*.of, .nearest))]
    Unknown {
        /// List that was searched.
        of: NameOf,
        /// Typed name, safe to display.
        typed: String,
        /// Entries with the most similar names, the most similar first.
        nearest: Vec<Candidate>,
    },
    /// The name has the form of a set-up of several devices and is none.
    #[error(transparent)]
    NotASetup(#[from] NotASetup),
    /// A model whose name and published size are known and whose architecture is not.
    #[error("{name} is known by name alone: its architecture is not in the catalog{}", .size.as_ref().map_or(String::new(), |size| format!("; {size} is a custom model of its size")))]
    NotSized {
        /// Name of the model.
        name: String,
        /// Flags for a custom model of its size, if the size is published.
        size: Option<String>,
    },
}

/// The most entries that are listed.
pub const MOST_LISTED: usize = 8;
/// The similarity above which a name is taken for a typing error.
const SLIP: f64 = 0.8;
/// The similarity above which an entry is suggested.
const ALIKE: f64 = 0.5;

fn listed(candidates: &[Candidate]) -> String {
    candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn more(left_out: usize) -> String {
    if left_out == 0 { String::new() } else { format!(" and {left_out} more") }
}

fn advice(of: NameOf, nearest: &[Candidate]) -> String {
    match nearest {
        [] => format!("; `whichbox list {}` shows them", of.list()),
        [one] => format!("; did you mean \"{}\"?", one.id),
        several => format!("; nearest are {}", listed(several)),
    }
}

impl Catalog {
    /// Returns the entry of a list that a name identifies.
    ///
    /// # Errors
    /// [`NameError`] if several entries match, or none.
    pub fn resolve(&self, of: NameOf, typed: &str) -> Result<Resolved, NameError> {
        let typed = typed.trim();
        if self.has(of, typed) {
            return Ok(Resolved { id: typed.to_owned(), typed: None });
        }
        let names = self.names(of);
        if let Some(named) = self.named_models.iter().find(|named| of == NameOf::Model && is_named(named, typed)) {
            return Err(NameError::NotSized { name: named.name.clone(), size: size_of(named) });
        }
        let found = found(of, &names, typed);
        match found[..] {
            [one] => Ok(Resolved { id: one.to_owned(), typed: Some(visible(typed)) }),
            [] => Err(self.unknown_name(of, typed, &names)),
            _ => Err(self.several(of, typed, &found)),
        }
    }

    /// Returns the ids of all entries that match a name, for lists that are narrowed while the user types. Empty for an
    /// empty name.
    #[must_use]
    pub fn all_meant(&self, of: NameOf, typed: &str) -> Vec<String> {
        let (names, typed) = (self.names(of), typed.trim());
        match names.iter().find(|name| name.id == typed) {
            Some(name) => vec![name.id.to_owned()],
            None => found(of, &names, typed).into_iter().map(str::to_owned).collect(),
        }
    }

    /// Returns true if an entry has this id.
    fn has(&self, of: NameOf, id: &str) -> bool {
        match of {
            NameOf::Machine => self.machines.iter().any(|machine| machine.id == id),
            NameOf::Model => self.models.iter().any(|model| model.id == id),
            NameOf::Format => self.formats.iter().any(|format| format.id == id),
            NameOf::KvFormat => self.kv_formats.iter().any(|format| format.id == id),
            NameOf::Runtime => self.runtimes.iter().any(|runtime| runtime.id == id),
        }
    }

    /// Returns the names of all entries of a list.
    fn names(&self, of: NameOf) -> Vec<Name<'_>> {
        match of {
            NameOf::Machine => self.machines.iter().map(machine_name).collect(),
            NameOf::Model => self.models.iter().map(model_name).collect(),
            NameOf::Format => self.formats.iter().map(format_name).collect(),
            NameOf::KvFormat => self.kv_formats.iter().map(kv_format_name).collect(),
            NameOf::Runtime => self.runtimes.iter().map(runtime_name).collect(),
        }
    }

    fn candidate(&self, of: NameOf, id: &str) -> Candidate {
        let about = match of {
            NameOf::Machine => self.machine(id).map(about_machine).ok(),
            NameOf::Model => self.model(id).map(about_model).ok(),
            NameOf::Format => self.format(id).map(|format| bits(format.block_bits.value)).ok(),
            NameOf::KvFormat => self.kv_format(id).map(|format| bits(format.bits.value)).ok(),
            NameOf::Runtime => self.runtime(id).map(|runtime| runtime.name.clone()).ok(),
        };
        Candidate { id: id.to_owned(), about: about.unwrap_or_default() }
    }

    fn several(&self, of: NameOf, typed: &str, found: &[&str]) -> NameError {
        let candidates: Vec<_> = found.iter().take(MOST_LISTED).map(|id| self.candidate(of, id)).collect();
        let left_out = found.len() - candidates.len();
        NameError::Several { of, typed: visible(typed), candidates, left_out }
    }

    fn unknown_name(&self, of: NameOf, typed: &str, names: &[Name<'_>]) -> NameError {
        let typed = typed.to_lowercase();
        let worth = |name: &Name<'_>| name.all().map(|name| likeness(&typed, &name.to_lowercase())).fold(0.0, f64::max);
        let mut alike: Vec<(f64, &str)> = names.iter().map(|name| (worth(name), name.id)).collect();
        alike.retain(|(worth, _)| *worth >= ALIKE);
        alike.sort_by(|a, b| b.0.total_cmp(&a.0));
        // A typing error has one likely correction; a less similar name has several.
        let shown = if alike.first().is_some_and(|(worth, _)| *worth >= SLIP) { 1 } else { 3 };
        let nearest = alike.iter().take(shown).map(|(_, id)| self.candidate(of, id)).collect();
        NameError::Unknown { of, typed: visible(&typed), nearest }
    }
}

/// Returns the ids of the entries that match a name that is not an id.
fn found<'c>(of: NameOf, names: &[Name<'c>], typed: &str) -> Vec<&'c str> {
    let hub = if of == NameOf::Model { hub::find(names, typed) } else { Vec::new() };
    if hub.is_empty() { matching::find(names, typed) } else { hub }
}

fn machine_name(machine: &Machine) -> Name<'_> {
    Name { id: &machine.id, shown: vec![&machine.name, &machine.short], aliases: &machine.aliases, repo: "" }
}

fn model_name(model: &Model) -> Name<'_> {
    Name { id: &model.id, shown: vec![&model.name], aliases: &model.aliases, repo: &model.repo }
}

fn format_name(format: &Format) -> Name<'_> {
    let shown = std::iter::once(&format.name).chain(&format.called).map(String::as_str).collect();
    Name { id: &format.id, shown, aliases: &format.aliases, repo: "" }
}

fn kv_format_name(format: &KvFormat) -> Name<'_> {
    Name { id: &format.id, shown: vec![&format.name], aliases: &format.aliases, repo: "" }
}

fn runtime_name(runtime: &Runtime) -> Name<'_> {
    Name { id: &runtime.id, shown: vec![&runtime.name], aliases: &runtime.aliases, repo: "" }
}

fn about_machine(machine: &Machine) -> String {
    let bandwidth = Amount::exact(machine.bandwidth_gbs.value * GB, Unit::BytesPerSecond);
    format!("{} GB, {bandwidth}", Amount::exact(machine.memory_gb.value, Unit::Count))
}

fn about_model(model: &Model) -> String {
    let size = Amount::computed(model.total_params, Unit::Parameters);
    let active = Amount::computed(model.active_params, Unit::Parameters);
    if model.kind.is_moe() { format!("{size}, {active} active") } else { format!("{size} {}", model.kind.word()) }
}

fn bits(bits: f64) -> String {
    Amount::exact(bits, Unit::Bits).to_string()
}

fn is_named(named: &NamedModel, typed: &str) -> bool {
    let name = Name { id: &named.id, shown: vec![&named.name], aliases: &named.aliases, repo: &named.repo };
    !matching::whole(std::slice::from_ref(&name), typed).is_empty() || !hub::find(&[name], typed).is_empty()
}

fn size_of(named: &NamedModel) -> Option<String> {
    let (total, active) = (named.total_params?, named.active_params?);
    let short = |params: f64| Amount::computed(params, Unit::Parameters).to_string().to_lowercase();
    Some(format!("`--params {} --active {}`", short(total), short(active)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(of: NameOf, typed: &str) -> Result<String, String> {
        let catalog = Catalog::builtin().unwrap_or_else(|faulty| panic!("{faulty}"));
        catalog.resolve(of, typed).map(|found| found.id).map_err(|error| error.to_string())
    }

    #[test]
    fn names_that_people_type_mean_one_entry() {
        for (of, typed, meant) in [
            (NameOf::Machine, "rtx-3090", "rtx-3090"),
            (NameOf::Machine, "rtx 3090", "rtx-3090"),
            (NameOf::Machine, "RTX3090", "rtx-3090"),
            (NameOf::Machine, "3090", "rtx-3090"),
            (NameOf::Machine, "spark", "dgx-spark"),
            (NameOf::Machine, "DGX Spark", "dgx-spark"),
            (NameOf::Machine, "m3 ultra 96", "mac-studio-m3-ultra-96"),
            (NameOf::Machine, "r9700", "radeon-ai-pro-r9700"),
            (NameOf::Machine, "strix halo", "strix-halo-395"),
            (NameOf::Model, "qwen3.6 27b", "qwen3.6-27b"),
            (NameOf::Model, "qwen 3.5 122b", "qwen3.5-122b-a10b"),
            (NameOf::Model, "Qwen/Qwen3.6-27B", "qwen3.6-27b"),
            (NameOf::Model, "bartowski/Qwen_Qwen3.6-27B-GGUF", "qwen3.6-27b"),
            (NameOf::Model, "unsloth/Llama-3.3-70B-Instruct-GGUF", "llama-3.3-70b"),
            (NameOf::Model, "llama 3.3 70b", "llama-3.3-70b"),
            (NameOf::Model, "deepseek r1", "deepseek-v3-r1-671b"),
            (NameOf::Model, "gptoss 120b", "gpt-oss-120b"),
            (NameOf::Format, "awq", "awq-int4"),
            (NameOf::Format, "gptq", "awq-int4"),
            (NameOf::Format, "fp4", "nvfp4"),
            (NameOf::Format, "UD-Q4_K_XL", "ud-q4_k_xl"),
            (NameOf::Format, "Q4_K_M", "q4_k_m"),
            (NameOf::KvFormat, "q8_0", "kv-q8_0"),
            (NameOf::Runtime, "trtllm", "trt-llm"),
            (NameOf::Runtime, "vLLM", "vllm"),
            (NameOf::Runtime, "exllama", "exllamav3"),
        ] {
            assert_eq!(id(of, typed).as_deref(), Ok(meant), "{typed}");
        }
    }

    #[test]
    fn a_name_of_several_lists_them_and_one_of_none_its_neighbours() {
        let several = id(NameOf::Machine, "rtx 6000").err().unwrap_or_default();
        assert!(several.contains("rtx-pro-6000 (96 GB, 1,792 GB/s)") && several.contains("rtx-6000-ada"), "{several}");
        let ultra = id(NameOf::Machine, "m3 ultra").err().unwrap_or_default();
        assert!(ultra.contains("mac-studio-m3-ultra-96") && ultra.contains("mac-studio-m3-ultra-512"), "{ultra}");
        let slip = id(NameOf::Machine, "dgx-sparc").err();
        assert_eq!(slip.as_deref(), Some("there is no machine \"dgx-sparc\"; did you mean \"dgx-spark\"?"));
        let nothing = id(NameOf::Machine, "zebra").err();
        assert_eq!(nothing.as_deref(), Some("there is no machine \"zebra\"; `whichbox list machines` shows them"));
        let kimi = id(NameOf::Model, "kimi-k3").err().unwrap_or_default();
        assert!(kimi.contains("known by name alone") && kimi.contains("--params 2.78t --active 104b"), "{kimi}");
    }

    #[test]
    fn every_id_and_alias_means_its_own_entry() {
        let catalog = Catalog::builtin().unwrap_or_else(|faulty| panic!("{faulty}"));
        for of in [NameOf::Machine, NameOf::Model, NameOf::Format, NameOf::KvFormat] {
            for name in catalog.names(of) {
                for typed in std::iter::once(name.id).chain(name.aliases.iter().map(String::as_str)) {
                    let found = catalog.resolve(of, typed).map(|found| found.id);
                    assert_eq!(found.as_deref(), Ok(name.id), "{typed}");
                }
            }
        }
    }

    #[test]
    fn only_what_is_not_the_id_is_noted() {
        let catalog = Catalog::builtin().unwrap_or_else(|faulty| panic!("{faulty}"));
        let note = |typed: &str| catalog.resolve(NameOf::Machine, typed).ok().and_then(|found| found.note());
        assert_eq!(note("rtx-3090"), None);
        assert_eq!(note("rtx 3090").as_deref(), Some("\"rtx 3090\" taken as rtx-3090"));
    }
}
