//! Measurements and their sources: most of the catalog, read as far as somebody asks.
//!
//! A screen needs the rows of a few machines with one model; the runs about them are read alone.

use std::sync::OnceLock;

use super::built_in;
use super::entry::merge;
use super::packed::Run;
use crate::spec::{Measurement, Source};

/// A run of the built-in measurements, its rows read when they are first asked for.
#[derive(Clone, Debug)]
struct Lazy {
    run: Run<'static>,
    rows: OnceLock<Vec<Measurement>>,
}

/// The measurements of a catalog: the built-in ones as far as they were read, and what a person's files add.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    with_built_in: bool,
    /// From a person's files.
    pub own: Vec<Measurement>,
    runs: OnceLock<Vec<Lazy>>,
    sources: OnceLock<Vec<Source>>,
    all: OnceLock<Vec<Measurement>>,
}

impl Measured {
    /// The built-in ones.
    pub fn built_in() -> Self {
        Self { with_built_in: true, ..Self::default() }
    }

    /// Forgets how the rows were put together, since others were added.
    pub fn forget(&mut self) {
        self.all = OnceLock::new();
    }

    /// Sources that only the built-in measurements cite.
    pub fn sources(&self) -> &[Source] {
        self.sources.get_or_init(|| if self.with_built_in { built_in::sources() } else { Vec::new() })
    }

    /// The built-in measurements with the person's own over them.
    pub fn all(&self) -> &[Measurement] {
        self.all.get_or_init(|| {
            let mut all: Vec<Measurement> = self.runs().iter().flat_map(Lazy::rows).cloned().collect();
            merge(&mut all, self.own.clone());
            all
        })
    }

    /// The measurements of a machine with a model.
    pub fn of(&self, machine: &str, model: &str) -> Vec<&Measurement> {
        self.those(
            |run| run.machine == machine && run.model == model,
            |row| row.machine == machine && row.model == model,
        )
    }

    /// The measurements of a machine that metered power.
    pub fn metered(&self, machine: &str) -> Vec<&Measurement> {
        self.those(|run| run.machine == machine && run.metered, |row| row.machine == machine && row.power_w.is_some())
    }

    /// The rows that are asked for, all of which stand in the runs that are asked for.
    fn those(&self, run: impl Fn(&Run<'_>) -> bool, row: impl Fn(&Measurement) -> bool) -> Vec<&Measurement> {
        // A person's own row may take the place of any.
        if !self.own.is_empty() {
            return self.all().iter().filter(|found| row(found)).collect();
        }
        let runs = self.runs().iter().filter(|lazy| run(&lazy.run));
        runs.flat_map(Lazy::rows).filter(|found| row(found)).collect()
    }

    /// Whether a built-in measurement has this id.
    pub fn is_built_in(&self, id: &str) -> bool {
        self.runs().iter().flat_map(Lazy::rows).any(|row| row.id == id)
    }

    fn runs(&self) -> &[Lazy] {
        self.runs.get_or_init(|| {
            let runs = if self.with_built_in { built_in::runs() } else { Vec::new() };
            runs.into_iter().map(|run| Lazy { run, rows: OnceLock::new() }).collect()
        })
    }
}

impl Lazy {
    fn rows(&self) -> &[Measurement] {
        self.rows.get_or_init(|| built_in::rows(self.run.start, self.run.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_asked_for_are_those_that_a_walk_over_all_finds() {
        let (lazy, read) = (Measured::built_in(), Measured::built_in());
        for row in read.all() {
            let of = |m: &&Measurement| (&m.machine, &m.model) == (&row.machine, &row.model);
            assert_eq!(lazy.of(&row.machine, &row.model), read.all().iter().filter(of).collect::<Vec<_>>());
            let metered = |m: &&Measurement| m.machine == row.machine && m.power_w.is_some();
            assert_eq!(lazy.metered(&row.machine), read.all().iter().filter(metered).collect::<Vec<_>>());
        }
        assert!(lazy.all.get().is_none(), "asking for some must not read all");
        assert!(read.all().iter().any(|row| !read.metered(&row.machine).is_empty()));
    }

    #[test]
    fn asking_for_one_model_leaves_the_others_unread() {
        let measured = Measured::built_in();
        let run = measured.runs()[0].run;
        assert!(!measured.of(run.machine, run.model).is_empty());
        assert!(measured.runs().iter().all(|lazy| {
            lazy.rows.get().is_none() || (lazy.run.machine, lazy.run.model) == (run.machine, run.model)
        }));
    }

    #[test]
    fn a_persons_own_row_takes_the_place_of_the_built_in_one() {
        let built_in = Measured::built_in();
        let mut row = built_in.all()[0].clone();
        row.tok_s = 12.5;
        let measured = Measured { own: vec![row.clone()], ..Measured::built_in() };
        let found = measured.of(&row.machine, &row.model);
        assert!(found.contains(&&row) && !found.contains(&&built_in.all()[0]));
    }
}
