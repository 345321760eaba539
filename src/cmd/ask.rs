//! The flags that describe the scenario: each sets a knob under a name of its own.

use clap::Args;

use super::setup_flags::SetupArgs;
use super::{Failure, model_files};
use crate::model::catalog::Catalog;
use crate::model::catalog::names::{NameError, NameOf, Resolved};
use crate::model::ron_file::visible;
use crate::model::scenario::{self, FormatChoice, MACHINES, ModelChoice, PriceLevel, Scenario, knob};
use crate::model::units::{Unit, parse_number};

/// The question: a scenario, and changes to it.
#[derive(Args, Clone, Debug, Default)]
pub struct Ask {
    /// A built-in scenario's name or a file
    pub scenario: Option<String>,
    /// Machines by id, separated by commas
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub machine: Vec<String>,
    /// The model by id, or a GGUF, safetensors or config.json file
    #[arg(long, value_name = "ID", conflicts_with_all = ["params", "read_gb"])]
    pub model: Option<String>,
    /// Parameters of a custom model
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with = "read_gb")]
    pub params: Option<String>,
    /// Parameters of it that work on a token
    #[arg(long, value_name = "N", allow_negative_numbers = true, requires = "params")]
    pub active: Option<String>,
    /// A custom model of N GB (1e9 bytes), read per token and resident
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub read_gb: Option<String>,
    /// Weight format by id, `same` for one everywhere, `best` for each machine's own best
    #[arg(long, value_name = "ID")]
    pub format: Option<String>,
    /// Runtime by id, or `auto`
    #[arg(long, value_name = "ID")]
    pub runtime: Option<String>,
    /// Cache format by id
    #[arg(long, value_name = "ID")]
    pub kv_format: Option<String>,
    /// Tokens in each stream's cache while it decodes
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub context: Option<String>,
    /// Tokens of one request's prompt
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub prompt: Option<String>,
    /// Tokens of one request's answer
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub generate: Option<String>,
    /// Streams at once
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub concurrency: Option<String>,
    /// low, typical, high, or a machine's price as MACHINE=USD
    #[arg(long, value_name = "LEVEL|MACHINE=USD")]
    pub price: Vec<String>,
    /// Prices as they were on a date: 2026, 2026-06 or 2026-06-28
    #[arg(long, value_name = "DATE")]
    pub price_as_of: Option<String>,
    #[command(flatten)]
    pub(super) setup: SetupArgs,
    /// Sets any knob, as KNOB=VALUE; `whichbox keys --knobs` lists them
    #[arg(long, value_name = "KNOB=VALUE")]
    pub set: Vec<String>,
}

impl Ask {
    /// Returns the scenario with the changes that the flags make.
    ///
    /// # Errors
    /// A sentence if a file, name or value cannot be used.
    pub fn scenario(&self, catalog: &Catalog) -> Result<Scenario, Failure> {
        let mut scenario = match &self.scenario {
            None => Scenario::default(),
            Some(name) => open(catalog, name)?,
        };
        if !self.machine.is_empty() {
            scenario.machines = self.machines(&scenario, catalog)?.into();
        }
        self.set_model(&mut scenario, catalog)?;
        let knobs = [
            ("format", &self.format),
            ("runtime", &self.runtime),
            ("kv-format", &self.kv_format),
            ("context", &self.context),
            ("prompt", &self.prompt),
            ("generate", &self.generate),
            ("concurrency", &self.concurrency),
            ("price-as-of", &self.price_as_of),
        ];
        for (id, value) in knobs {
            if let Some(value) = value {
                let value = named(&scenario, catalog, id, value)?;
                set(&mut scenario, catalog, id, &value)?;
            }
        }
        self.setup.apply(&mut scenario, catalog)?;
        for price in &self.price {
            set_price(&mut scenario, catalog, price)?;
        }
        for change in &self.set {
            let Some((id, value)) = change.split_once('=') else {
                return Err(Failure::input(format!("--set {change}: write KNOB=VALUE, such as concurrency=8")));
            };
            let id = id.trim();
            let value = named(&scenario, catalog, id, value)?;
            set(&mut scenario, catalog, id, &value)?;
        }
        scenario.check(catalog).map_err(Failure::input)?;
        Ok(scenario)
    }

    /// Reads the model files that the flags and the scenario name.
    pub(super) fn read_files(&self, catalog: &mut Catalog) -> Result<(), Failure> {
        if let Some(name) = &self.scenario {
            model_files::of_scenario(catalog, name)?;
        }
        self.model.as_deref().map_or(Ok(()), |name| {
            model_files::of_flag(catalog, name, self.format.as_deref().is_some_and(|format| format != "same"))
        })
    }

    /// Returns the ids of the machines in the flag; a machine that is named twice is an error.
    fn machines(&self, scenario: &Scenario, catalog: &Catalog) -> Result<Vec<String>, Failure> {
        let mut ids: Vec<String> = Vec::new();
        for name in &self.machine {
            if name.trim().is_empty() {
                return Err(Failure::input("--machine: a name is empty; write ids with commas between"));
            }
            let found = match scenario.resolve_machine(catalog, name) {
                // `--set` may define a copy of this name later; its name is checked at the end.
                Err(_) if !self.set.is_empty() => Resolved { id: name.clone(), typed: None },
                found => found.map_err(Failure::input)?,
            };
            say_taken(&found);
            if ids.contains(&found.id) {
                return Err(Failure::input(format!("--machine: {} is named twice", found.id)));
            }
            ids.push(found.id);
        }
        if ids.len() > *MACHINES.end() {
            return Err(Failure::input(format!("--machine: at most {} machines can be compared", MACHINES.end())));
        }
        Ok(ids)
    }

    fn set_model(&self, scenario: &mut Scenario, catalog: &Catalog) -> Result<(), Failure> {
        if let Some(id) = &self.model {
            scenario.model =
                if catalog.file(id).is_some() { ModelChoice::File(id.into()) } else { model(scenario, catalog, id)? };
        }
        if let Some(params) = &self.params {
            let text = match &self.active {
                Some(active) => format!("{params}/{active}"),
                None => params.clone(),
            };
            let number = |text: &str| number(text, Unit::Parameters);
            number(params)?;
            self.active.as_deref().map(number).transpose()?;
            set(scenario, catalog, "model", &text)?;
        }
        if let Some(gb) = &self.read_gb {
            number(gb, Unit::Count)?;
            set(scenario, catalog, "model", &format!("{gb} GB"))?;
        }
        Ok(())
    }
}

/// Returns the model that a flag names: one of the catalog, or a custom one for a size such as `70b`.
fn model(scenario: &Scenario, catalog: &Catalog, name: &str) -> Result<ModelChoice, Failure> {
    not_empty("model", name)?;
    let is_size = name.trim().ends_with(['b', 'B', 't', 'T']) && parse_number(name, Unit::Parameters).is_ok();
    if is_size && catalog.model(name.trim()).is_err() {
        let mut sized = scenario.clone();
        set(&mut sized, catalog, "model", &format!("{name}/{name}", name = name.trim()))?;
        return Ok(sized.model);
    }
    let found = catalog.resolve(NameOf::Model, name).map_err(Failure::input)?;
    say_taken(&found);
    Ok(ModelChoice::Catalog(found.id))
}

/// Returns the text of a knob with its names replaced by ids, and reports each replacement on standard error.
fn named(scenario: &Scenario, catalog: &Catalog, knob: &str, text: &str) -> Result<String, Failure> {
    not_empty(knob, text)?;
    let of = match knob {
        "format" if !matches!(text, "auto" | "best" | "same") => NameOf::Format,
        "runtime" if text != "auto" => return runtime(scenario, catalog, text),
        "kv-format" => NameOf::KvFormat,
        _ => return Ok(text.to_owned()),
    };
    if text.contains('=') {
        return Ok(text.to_owned());
    }
    let found = catalog.resolve(of, text).map_err(Failure::input)?;
    say_taken(&found);
    Ok(found.id)
}

/// Returns the id of the runtime that a name identifies.
///
/// For a program that contains several runtimes (LM Studio) it is the one that loads the scenario's format.
fn runtime(scenario: &Scenario, catalog: &Catalog, text: &str) -> Result<String, Failure> {
    if text.contains('=') {
        return Ok(text.to_owned());
    }
    let format = match &scenario.format {
        FormatChoice::Same(id) => id.as_str(),
        _ => scenario.auto_format(catalog),
    };
    let container = catalog.format(format).map(|format| format.container).ok();
    let found = match catalog.resolve(NameOf::Runtime, text) {
        Err(NameError::Several { candidates, typed, .. }) => {
            let loads = |id: &str| catalog.runtime(id).is_ok_and(|r| container.is_some_and(|c| r.loads.contains(&c)));
            match candidates.iter().find(|candidate| loads(&candidate.id)) {
                Some(candidate) => Resolved { id: candidate.id.clone(), typed: Some(typed) },
                None => catalog.resolve(NameOf::Runtime, text).map_err(Failure::input)?,
            }
        }
        found => found.map_err(Failure::input)?,
    };
    say_taken(&found);
    Ok(found.id)
}

/// Reports on standard error which entry a name was taken for.
pub(super) fn say_taken(found: &Resolved) {
    use std::io::Write;
    if let Some(note) = found.note() {
        // An error here means that standard error is closed, so it cannot be reported.
        let _ = writeln!(std::io::stderr(), "whichbox: {note}");
    }
}

fn not_empty(flag: &str, text: &str) -> Result<(), Failure> {
    if text.trim().is_empty() { Err(Failure::input(format!("{flag}: the value is empty"))) } else { Ok(()) }
}

fn number(text: &str, unit: Unit) -> Result<f64, Failure> {
    parse_number(text, unit).map_err(|error| Failure::input(visible(&error.to_string())))
}

/// Opens a scenario and resolves its names.
pub(super) fn open(catalog: &Catalog, name: &str) -> Result<Scenario, Failure> {
    let mut opened = scenario::find(name).map_err(Failure::input)?;
    opened.resolve(catalog).map_err(Failure::input)?.iter().for_each(say_taken);
    Ok(opened.scenario)
}

/// Sets a knob to the value of a flag.
pub(super) fn set(scenario: &mut Scenario, catalog: &Catalog, id: &str, value: &str) -> Result<(), Failure> {
    not_empty(id, value)?;
    let knob = knob::knob(id).map_err(Failure::input)?;
    knob.write(scenario, catalog, value).map_err(Failure::input)
}

fn set_price(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), Failure> {
    if text.contains('=') {
        return set(scenario, catalog, "price", text);
    }
    scenario.price.level = match text {
        "low" => PriceLevel::Low,
        "typical" => PriceLevel::Typical,
        "high" => PriceLevel::High,
        other => {
            let other = visible(other);
            return Err(Failure::input(format!("--price {other}: write low, typical, high or MACHINE=USD")));
        }
    };
    Ok(())
}
