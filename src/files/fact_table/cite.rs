//! Sources of a table: one for each distinct text in its source column.

use crate::model::facts::{Date, Source, Sources};

/// The longest part of a title that is used in an id, characters.
const LONGEST_ID: usize = 48;

/// The sources that were cited so far.
#[derive(Default)]
pub(super) struct Citations {
    sources: Vec<Source>,
}

impl Citations {
    /// Returns the source with this title and records a new one; without a title it is the source `not-recorded`.
    pub fn cite(&mut self, title: Option<&str>, date: Date) -> Sources {
        let Some(title) = title else { return Sources::from(["not-recorded".to_owned()]) };
        if let Some(known) = self.sources.iter().find(|source| source.title == title) {
            return Sources::from([known.id.clone()]);
        }
        let slug: String = title
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(LONGEST_ID)
            .collect();
        let words: Vec<&str> = slug.split('-').filter(|word| !word.is_empty()).collect();
        let own = format!("own-{}", words.join("-"));
        let id = free_id(&own, |id| self.sources.iter().any(|source| source.id == id));
        self.sources.push(Source { id: id.clone(), title: title.to_owned(), date, url: None });
        Sources::from([id])
    }

    /// Returns the sources that were cited.
    pub fn into_sources(self) -> Vec<Source> {
        self.sources
    }
}

/// Returns an id that is not in use: `own`, or `own` with a number appended.
pub(super) fn free_id(own: &str, taken: impl Fn(&str) -> bool) -> String {
    let (mut id, mut count) = (own.to_owned(), 1);
    while taken(&id) {
        count += 1;
        id = format!("{own}-{count}");
    }
    id
}
