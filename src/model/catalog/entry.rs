//! The trait of all kinds of entries: the name of their list, an id, an origin and facts.
//!
//! Only the tables here name the facts of a type; inheriting and checking use them.

use std::borrow::Cow;

use crate::model::facts::{
    ApiPrice, Assumption, Capability, Claim, CloudPrice, Date, DraftMethod, EfficiencyRow, Electricity, Event, Fact,
    Format, HostSystem, KvFormat, Link, Machine, Measurement, Model, NamedModel, PricePoint, Runtime, SetupConstant,
    SetupMeasurement, Source, Sources,
};

/// Access to one fact of an entry.
pub(super) struct FactOf<T> {
    pub name: &'static str,
    pub get: fn(&T) -> Option<&Fact>,
    pub get_mut: fn(&mut T) -> Option<&mut Fact>,
}

/// An entry of a list in a catalog.
pub(super) trait Entry: Sized + 'static {
    /// Name of the list in a catalog file.
    const LIST: &'static str;
    /// Facts of the entry.
    const FACTS: &'static [FactOf<Self>] = &[];

    /// Returns the id, or a text that identifies the entry.
    fn key(&self) -> Cow<'_, str>;

    /// Returns the source and date that the entry's facts inherit; `None` if each fact states its own.
    fn origin(&self) -> Option<(Sources, Date)>;

    /// Returns the facts with their names.
    fn facts(&self) -> impl Iterator<Item = (&'static str, &Fact)> {
        Self::FACTS.iter().filter_map(|fact| (fact.get)(self).map(|found| (fact.name, found)))
    }

    /// Sets the entry's source and date on facts that state none.
    fn inherit(&mut self) {
        if Self::FACTS.is_empty() {
            return;
        }
        let Some((source, date)) = self.origin() else { return };
        for field in Self::FACTS {
            let Some(fact) = (field.get_mut)(self) else { continue };
            if fact.source.is_empty() {
                fact.source = Sources::clone(&source);
            }
            fact.date.get_or_insert(date);
        }
    }
}

/// Replaces entries by those of `own` with the same key and appends the others. Returns for each whether it replaced
/// one.
pub(super) fn merge<T: Entry>(entries: &mut Vec<T>, own: Vec<T>) -> Vec<bool> {
    let put = |entry: T| {
        let there = entries.iter().position(|there| there.key() == entry.key());
        match there.and_then(|at| entries.get_mut(at)) {
            Some(there) => *there = entry,
            None => entries.push(entry),
        }
        there.is_some()
    };
    own.into_iter().map(put).collect()
}

/// Returns the id of a cell of the software matrix: its runtime, family and capability.
pub(super) fn capability_key(cell: &Capability) -> String {
    let parts = [&cell.runtime, &cell.family, &cell.capability].into_iter().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(".")
}

/// Returns the id of an efficiency row: its parameter, vendor, family, runtime and class.
pub(super) fn efficiency_key(row: &EfficiencyRow) -> String {
    let parts = [&row.vendor, &row.family, &row.runtime, &row.class].into_iter().filter(|part| !part.is_empty());
    parts.fold(format!("{:?}", row.parameter), |key, part| format!("{key}.{part}"))
}

macro_rules! fact {
    ($field:ident) => {
        FactOf { name: stringify!($field), get: |e| Some(&e.$field), get_mut: |e| Some(&mut e.$field) }
    };
    ($field:ident?) => {
        FactOf { name: stringify!($field), get: |e| e.$field.as_ref(), get_mut: |e| e.$field.as_mut() }
    };
}

/// Implements [`Entry`] by rows `Type "list" origin [facts] [optional facts]`; `inherits` means that the entry's source
/// and date apply to its facts.
macro_rules! entries {
    ($($type:ident $list:literal $origin:ident [$($field:ident)*] [$($optional:ident)*];)*) => {$(
        impl Entry for $type {
            const LIST: &'static str = $list;
            const FACTS: &'static [FactOf<Self>] = &[$(fact!($field),)* $(fact!($optional?)),*];

            fn key(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.id)
            }

            fn origin(&self) -> Option<(Sources, Date)> {
                entries!($origin self)
            }
        }
    )*};
    (inherits $entry:ident) => { Some((Sources::clone(&$entry.source), $entry.date)) };
    (apart $entry:ident) => { None };
}

entries! {
    Model "models" inherits [] [];
    NamedModel "named_models" inherits [] [];
    Format "formats" inherits [block_bits] [kld];
    KvFormat "kv_formats" inherits [bits] [kld];
    Runtime "runtimes" inherits [] [];
    PricePoint "prices" inherits [] [];
    CloudPrice "cloud" apart [usd_per_hour] [];
    ApiPrice "api_prices" apart [input_usd_per_mtok output_usd_per_mtok] [];
    Electricity "electricity" apart [per_kwh] [];
    Event "events" inherits [] [];
    Claim "claims" inherits [] [];
    Source "sources" apart [] [];
    Assumption "assumptions" apart [fact] [];
    Link "links" inherits [gbs] [];
    HostSystem "hosts" inherits [memory_gb bandwidth_gbs cores] [price_usd idle_w load_w];
    DraftMethod "drafts" inherits [drafted accept_code accept_prose accept_mixed step_share weight_share] [];
}

impl Entry for SetupMeasurement {
    const LIST: &'static str = "setup_measurements";

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.id)
    }

    fn origin(&self) -> Option<(Sources, Date)> {
        Some((Sources::from([self.source.clone()]), self.date))
    }
}

impl Entry for SetupConstant {
    const LIST: &'static str = "setup_constants";

    fn key(&self) -> Cow<'_, str> {
        let word = |part: &str| part.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', "-");
        let parts = [&self.class, &self.runtime].into_iter().filter(|part| !part.is_empty());
        Cow::Owned(parts.fold(self.parameter.word().to_owned(), |key, part| format!("{key}.{}", word(part))))
    }

    fn origin(&self) -> Option<(Sources, Date)> {
        Some((Sources::clone(&self.source), self.date))
    }
}

impl Entry for Machine {
    const LIST: &'static str = "machines";
    const FACTS: &'static [FactOf<Self>] = &[
        fact!(memory_gb),
        fact!(bandwidth_gbs),
        fact!(usable_gib),
        fact!(raised_gib?),
        fact!(fp16_tflops?),
        fact!(inference_tflops?),
        fact!(fp8_tflops?),
        fact!(fp4_tflops?),
        fact!(fp4_sparse_tflops?),
        fact!(tdp_w?),
        fact!(load_w?),
        fact!(idle_w?),
        fact!(gpu_cores?),
        fact!(rent_usd_per_hour?),
        FactOf {
            name: "price",
            get: |machine| machine.price.as_ref().map(|price| &price.usd),
            get_mut: |machine| machine.price.as_mut().map(|price| &mut price.usd),
        },
    ];

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.id)
    }

    fn origin(&self) -> Option<(Sources, Date)> {
        Some((Sources::clone(&self.source), self.date))
    }
}

impl Entry for Capability {
    const LIST: &'static str = "capabilities";

    fn key(&self) -> Cow<'_, str> {
        Cow::Owned(capability_key(self))
    }

    fn origin(&self) -> Option<(Sources, Date)> {
        Some((Sources::clone(&self.source), self.date))
    }
}

impl Entry for Measurement {
    const LIST: &'static str = "measurements";

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.id)
    }

    fn origin(&self) -> Option<(Sources, Date)> {
        Some((Sources::from([self.source.clone()]), self.date))
    }
}
