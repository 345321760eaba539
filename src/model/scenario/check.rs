//! The check of a scenario's names: machines, models, formats and runtimes.

use crate::model::catalog::Catalog;
use crate::model::catalog::names::Resolved;
use crate::model::ron_file::{FileError, nearest, visible};

use super::{FormatChoice, ModelChoice, Opened, RuntimeChoice, Scenario, WhatIf};

/// A name that the catalog lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct UnknownName {
    /// The name.
    pub name: String,
    /// The error in a sentence, with the name that was probably meant.
    pub sentence: String,
}

impl Scenario {
    /// Checks that the catalog has every name in the scenario.
    ///
    /// # Errors
    /// [`UnknownName`] for the first name that the catalog lacks.
    pub fn check(&self, catalog: &Catalog) -> Result<(), UnknownName> {
        match &self.model {
            ModelChoice::Catalog(id) => known(id, catalog.model(id))?,
            ModelChoice::File(name) if catalog.file(name).is_none() => return Err(unread(name)),
            ModelChoice::File(_) | ModelChoice::Custom { .. } | ModelChoice::ReadGb(_) => {}
        }
        for (id, what_if) in &self.what_if {
            what_if.check(id, catalog)?;
        }
        for id in self.named_machines() {
            known(id, self.machine(catalog, id))?;
        }
        if let Some(id) = &self.host.id {
            known(id, catalog.host(id))?;
        }
        if let Some(id) = &self.speculation.method {
            known(id, catalog.draft(id))?;
        }
        if let Some(id) = &self.economics.cloud {
            known(id, catalog.machine(id))?;
        }
        for id in self.named_formats() {
            known(id, catalog.format(id))?;
        }
        for id in self.named_runtimes() {
            known(id, catalog.runtime(id))?;
        }
        for need in &self.limits.needs {
            known(need, capability(catalog, need))?;
        }
        known(&self.kv_format, catalog.kv_format(&self.kv_format))
    }

    /// Returns the format that [`FormatChoice::Auto`] means; a model file has its own.
    #[must_use]
    pub fn auto_format<'c>(&self, catalog: &'c Catalog) -> &'c str {
        let native = match &self.model {
            ModelChoice::File(name) => match catalog.file(name).and_then(|file| file.format.as_deref()) {
                Some(own) => return own,
                None => false,
            },
            ModelChoice::Catalog(id) => {
                catalog.model(id).is_ok_and(|model| model.native.to_lowercase().contains("mxfp4"))
            }
            ModelChoice::Custom { .. } | ModelChoice::ReadGb(_) => false,
        };
        if native { "mxfp4-gguf" } else { "q4_k_m" }
    }

    fn named_machines(&self) -> impl Iterator<Item = &String> {
        let formats = match &self.format {
            FormatChoice::PerMachine(ids) => Some(ids.keys()),
            _ => None,
        };
        let runtimes = match &self.runtime {
            RuntimeChoice::PerMachine(ids) => Some(ids.keys()),
            _ => None,
        };
        let winner = self.expect.iter().filter_map(|expect| expect.winner.as_ref());
        self.machines
            .iter()
            .chain(formats.into_iter().flatten())
            .chain(runtimes.into_iter().flatten())
            .chain(self.price.own.keys())
            .chain(winner)
    }

    fn named_formats(&self) -> Vec<&str> {
        match &self.format {
            FormatChoice::Same(id) => vec![id],
            FormatChoice::PerMachine(ids) => ids.values().map(String::as_str).collect(),
            FormatChoice::Auto | FormatChoice::Best => Vec::new(),
        }
    }

    fn named_runtimes(&self) -> Vec<&str> {
        match &self.runtime {
            RuntimeChoice::Same(id) => vec![id],
            RuntimeChoice::PerMachine(ids) => ids.values().map(String::as_str).collect(),
            RuntimeChoice::Auto => Vec::new(),
        }
    }
}

/// Returns the error for a model file that has not been read.
fn unread(name: &str) -> UnknownName {
    let shown = visible(name);
    let sentence = format!("the model file \"{shown}\" has not been read; start the program with this scenario");
    UnknownName { name: name.to_owned(), sentence }
}

impl WhatIf {
    /// Checks that the assumptions are about a machine of the catalog, or about a copy of one with a new id.
    pub(super) fn check(&self, id: &str, catalog: &Catalog) -> Result<(), UnknownName> {
        let fault = |name: &str, sentence: String| Err(UnknownName { name: name.to_owned(), sentence });
        let shown = visible(id);
        match &self.like {
            None if self.count.or(self.scaling).is_some() => {
                let advice = format!("a copy is written \"two-of-them\": (like: \"{shown}\", count: 2)");
                fault(id, format!("`count` and `scaling` are for copies, and \"{shown}\" is none; {advice}"))
            }
            None => known(id, catalog.machine(id)),
            Some(_) if catalog.machine(id).is_ok() => {
                fault(id, format!("\"{shown}\" is in the catalog; a copy needs an id of its own"))
            }
            Some(_) if !is_id(id) => {
                let allowed = "an id has lower-case letters, digits, dots and hyphens, at most 40";
                fault(id, format!("\"{shown}\" is no id for a copy; {allowed}"))
            }
            Some(like) => known(like, catalog.machine(like)),
        }
    }
}

fn is_id(id: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    (1..=40).contains(&id.len()) && id.chars().all(allowed)
}

/// Checks that the catalog states something about this capability.
pub(super) fn capability(catalog: &Catalog, need: &str) -> Result<(), String> {
    let words = || catalog.capabilities.iter().map(|capability| capability.capability.as_str());
    if words().any(|word| word == need) {
        return Ok(());
    }
    let meant = nearest(need, words()).map(|word| format!("; did you mean \"{word}\"?"));
    Err(format!("there is no capability \"{}\"{}", visible(need), meant.unwrap_or_default()))
}

fn known<T, E: std::fmt::Display>(name: &str, found: Result<T, E>) -> Result<(), UnknownName> {
    match found {
        Ok(_) => Ok(()),
        Err(error) => Err(UnknownName { name: name.to_owned(), sentence: error.to_string() }),
    }
}

impl Opened {
    /// Replaces names by ids as [`Scenario::resolve_names`] does, then checks the scenario. Returns the replaced names.
    ///
    /// # Errors
    /// [`FileError`] with its place for the first name that does not mean exactly one entry.
    pub fn resolve(&mut self, catalog: &Catalog) -> Result<Vec<Resolved>, FileError> {
        let place = |opened: &Self, fault: UnknownName| {
            FileError::about(&opened.origin.name(), &opened.text, &fault.name, fault.sentence)
        };
        let taken = self.scenario.resolve_names(catalog).map_err(|fault| place(self, fault))?;
        self.check(catalog).map(|()| taken)
    }

    /// Checks the scenario as [`Scenario::check`] does.
    ///
    /// # Errors
    /// [`FileError`] with its place for the first name that the catalog lacks.
    pub fn check(&self, catalog: &Catalog) -> Result<(), FileError> {
        let place = |fault: UnknownName| FileError::about(&self.origin.name(), &self.text, &fault.name, fault.sentence);
        self.scenario.check(catalog).map_err(place)
    }
}
