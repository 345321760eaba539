//! Overlaying the entries of one file on the existing ones, and recording which entries are the user's.

use super::entry::{Entry, efficiency_key, merge};
use crate::model::facts::{Efficiency, EfficiencyRow};

/// An entry from the user's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEntry {
    /// Name of the list in a catalog file.
    pub list: &'static str,
    /// Id of the entry.
    pub id: String,
    /// Name of the file, safe to display.
    pub file: String,
    /// True if the entry replaces another of the same id.
    pub replaces: bool,
}

/// The layer of a catalog to which entries belong.
pub(super) enum Layer<'f> {
    /// The built-in facts.
    BuiltIn,
    /// A file of the user, with its entries so far.
    Own { file: &'f str, entries: Vec<OwnEntry> },
}

impl Layer<'_> {
    /// Overlays the entries `more` on those in `there`.
    pub fn take<T: Entry>(&mut self, there: &mut Vec<T>, mut more: Vec<T>) {
        more.iter_mut().for_each(Entry::inherit);
        match self {
            // A test finds ids that occur twice in the built-in files.
            Layer::BuiltIn => there.append(&mut more),
            Layer::Own { file, entries } => {
                let ids: Vec<String> = more.iter().map(|entry| entry.key().into_owned()).collect();
                let own = |(id, replaces)| OwnEntry { list: T::LIST, id, file: (*file).to_owned(), replaces };
                entries.extend(ids.into_iter().zip(merge(there, more)).map(own));
            }
        }
    }

    /// Overlays efficiencies: a row replaces the one with the same parameter, vendor, family, runtime and class.
    pub fn take_efficiency(&mut self, there: &mut Efficiency, more: Efficiency) {
        if matches!(self, Layer::BuiltIn) && there.rows().is_empty() {
            *there = more;
            return;
        }
        let new_sources = more.source.iter().filter(|id| !there.source.contains(id)).cloned().collect::<Vec<_>>();
        there.source.extend(new_sources);
        there.date = there.date.max(more.date);
        there.edit(|rows| self.take_rows(rows, more.into_rows()));
    }

    fn take_rows(&mut self, there: &mut Vec<EfficiencyRow>, more: Vec<EfficiencyRow>) {
        for row in more {
            let old = there.iter_mut().find(|old| old.subject() == row.subject());
            if let Layer::Own { file, entries } = self {
                let (id, replaces) = (efficiency_key(&row), old.is_some());
                entries.push(OwnEntry { list: "efficiency", id, file: (*file).to_owned(), replaces });
            }
            match old {
                Some(old) if matches!(self, Layer::Own { .. }) => *old = row,
                _ => there.push(row),
            }
        }
    }
}
