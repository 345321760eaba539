//! The differences between two catalogs, entry by entry and field by field.

use serde::Serialize;
use serde_json::Value;

use super::Catalog;
use super::entry::{Entry, efficiency_key};

/// A difference between two catalogs. For a whole entry that one of them lacks, `field` is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Name of the list in a catalog file.
    pub list: &'static str,
    /// Id of the entry.
    pub id: String,
    /// Path of the field, such as `price.usd.value`; empty for a whole entry.
    pub field: String,
    /// Value before the change; `None` if there was none.
    pub before: Option<String>,
    /// Value after the change; `None` if there is none.
    pub after: Option<String>,
}

/// Returns the differences of `after` from `before`, list by list. Only the user's own measurements are compared.
#[must_use]
pub fn changes(before: &Catalog, after: &Catalog) -> Vec<Change> {
    let mut found = Vec::new();
    macro_rules! lists {
        ($($list:ident)*) => { $(compare(&entries(&before.$list), &entries(&after.$list), &mut found);)* };
    }
    super::file::for_each_list!(lists);
    compare(&entries(&before.measured.own), &entries(&after.measured.own), &mut found);
    let rows = |catalog: &Catalog| -> Entries {
        let rows = catalog.efficiency.rows().iter();
        ("efficiency", rows.map(|row| (efficiency_key(row), fields(row))).collect())
    };
    compare(&rows(before), &rows(after), &mut found);
    found
}

/// The name of a list and its entries: the id of each with its fields, as path and value.
type Entries = (&'static str, Vec<(String, Vec<(String, String)>)>);

fn entries<T: Entry + Serialize>(entries: &[T]) -> Entries {
    (T::LIST, entries.iter().map(|entry| (entry.key().into_owned(), fields(entry))).collect())
}

/// Returns the paths of the fields with their values as text.
fn fields(entry: &impl Serialize) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // Facts are structs and lists, so the conversion to JSON cannot fail.
    flatten(&serde_json::to_value(entry).unwrap_or_default(), "", &mut found);
    found
}

fn flatten(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(value, &path, found);
            }
        }
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        other => found.push((path.to_owned(), other.to_string())),
    }
}

fn compare((list, before): &Entries, (_, after): &Entries, found: &mut Vec<Change>) {
    let mut push = |id: &str, field: &str, before: Option<&String>, after: Option<&String>| {
        let (id, field) = (id.to_owned(), field.to_owned());
        found.push(Change { list, id, field, before: before.cloned(), after: after.cloned() });
    };
    let value = |fields: &[(String, String)], path: &str| -> Option<String> {
        fields.iter().find(|(own, _)| own == path).map(|(_, value)| value.clone())
    };
    for (id, new) in after {
        let Some((_, old)) = before.iter().find(|(own, _)| own == id) else {
            push(id, "", None, Some(id));
            continue;
        };
        for (path, text) in new {
            let was = value(old, path);
            if was.as_ref() != Some(text) {
                push(id, path, was.as_ref(), Some(text));
            }
        }
        for (path, text) in old.iter().filter(|(path, _)| value(new, path).is_none()) {
            push(id, path, Some(text), None);
        }
    }
    for (id, _) in before.iter().filter(|(id, _)| !after.iter().any(|(own, _)| own == id)) {
        push(id, "", Some(id), None);
    }
}
