//! Names as users type them: machines, set-ups and copies, models, formats and runtimes are replaced by ids.

use std::collections::BTreeMap;

use crate::model::catalog::Catalog;
use crate::model::catalog::names::{NameError, NameOf, Resolved};
use crate::model::facts::SetupSpec;
use crate::model::ron_file::visible;

use super::check::UnknownName;
use super::{FormatChoice, ModelChoice, RuntimeChoice, Scenario};

impl Scenario {
    /// Returns the machine that a name means: a copy in this scenario, a set-up (`2xrtx-3090`) or a machine of the
    /// catalog.
    ///
    /// # Errors
    /// [`NameError`] if several machines match or none does.
    pub fn resolve_machine(&self, catalog: &Catalog, typed: &str) -> Result<Resolved, NameError> {
        let typed = typed.trim();
        // The id of a host means the computer without a card.
        if self.what_if.contains_key(typed) || catalog.hosts.iter().any(|host| host.id == typed) {
            return Ok(Resolved { id: typed.to_owned(), typed: None });
        }
        if !SetupSpec::is_written(typed) {
            return catalog.resolve(NameOf::Machine, typed);
        }
        let mut spec: SetupSpec = typed.parse()?;
        let canonical = spec.to_string();
        for unit in &mut spec.units {
            unit.machine = catalog.resolve(NameOf::Machine, &unit.machine)?.id;
        }
        let id = spec.to_string();
        // Order and separators in a set-up are no replaced names.
        let typed = (id != canonical).then(|| visible(typed));
        Ok(Resolved { id, typed })
    }

    /// Replaces the names of machines, model, formats and runtimes in this scenario by ids. Returns the replaced names.
    ///
    /// # Errors
    /// [`UnknownName`] for the first name that does not mean exactly one entry.
    pub fn resolve_names(&mut self, catalog: &Catalog) -> Result<Vec<Resolved>, UnknownName> {
        let mut taken = Vec::new();
        let mut of = |of: NameOf, name: &mut String| settle(&mut taken, name, |name| catalog.resolve(of, name));
        if let ModelChoice::Catalog(id) = &mut self.model {
            of(NameOf::Model, id)?;
        }
        match &mut self.format {
            FormatChoice::Same(id) => of(NameOf::Format, id)?,
            FormatChoice::PerMachine(ids) => ids.values_mut().try_for_each(|id| of(NameOf::Format, id))?,
            FormatChoice::Auto | FormatChoice::Best => {}
        }
        match &mut self.runtime {
            RuntimeChoice::Same(id) => of(NameOf::Runtime, id)?,
            RuntimeChoice::PerMachine(ids) => ids.values_mut().try_for_each(|id| of(NameOf::Runtime, id))?,
            RuntimeChoice::Auto => {}
        }
        of(NameOf::KvFormat, &mut self.kv_format)?;
        let mut machines = (*self.machines).clone();
        for name in &mut machines {
            settle(&mut taken, name, |name| self.resolve_machine(catalog, name))?;
        }
        if machines != *self.machines {
            self.machines = machines.into();
        }
        let mut own = BTreeMap::new();
        for (name, usd) in &self.price.own {
            let mut id = name.clone();
            settle(&mut taken, &mut id, |name| self.resolve_machine(catalog, name))?;
            own.insert(id, *usd);
        }
        self.price.own = own;
        Ok(taken)
    }
}

/// Replaces a name by the id that it resolves to, and adds it to `taken` if it was typed otherwise.
fn settle(
    taken: &mut Vec<Resolved>,
    name: &mut String,
    resolve: impl FnOnce(&str) -> Result<Resolved, NameError>,
) -> Result<(), UnknownName> {
    let found = resolve(name).map_err(|error| UnknownName { name: name.clone(), sentence: error.to_string() })?;
    name.clone_from(&found.id);
    taken.extend(found.typed.is_some().then_some(found));
    Ok(())
}
