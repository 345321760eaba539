//! The reference pages of the files that people write, made from the types that read them.
//!
//! A field's sentence is its doc comment: it stands once, at the field.

use std::collections::BTreeSet;
use std::fmt::Write;

use whichbox::ron_file;
use whichbox::scenario::Scenario;

use super::docs::hold;

/// The source files with the types.
const SOURCES: &[&str] = &[
    include_str!("../../src/scenario/mod.rs"),
    include_str!("../../src/scenario/choice.rs"),
    include_str!("../../src/scenario/terms.rs"),
    include_str!("../../src/scenario/what_if.rs"),
    include_str!("../../src/deck/file.rs"),
    include_str!("../../src/catalog/file.rs"),
    include_str!("../../src/spec/date.rs"),
    include_str!("../../src/spec/efficiency.rs"),
    include_str!("../../src/spec/fact.rs"),
    include_str!("../../src/spec/format.rs"),
    include_str!("../../src/spec/machine.rs"),
    include_str!("../../src/spec/market.rs"),
    include_str!("../../src/spec/measurement.rs"),
    include_str!("../../src/spec/model.rs"),
    include_str!("../../src/spec/runtime.rs"),
];

/// Types that are written otherwise than their fields say, each with how.
const WRITTEN: &[(&str, &str)] = &[
    ("String", "text"),
    ("f64", "number"),
    ("u64", "whole number"),
    ("u32", "whole number"),
    ("bool", "true or false"),
    ("Date", "date: \"2026\", \"2026-06\" or \"2026-06-15\""),
    ("Version", "text"),
    ("Typed", "text, number, true or false"),
];

/// A field or a variant.
struct Part {
    name: String,
    kind: String,
    help: String,
}

/// A type's own sentence and its parts; `None` where the sources have no such type.
fn parts(name: &str) -> Option<(String, Vec<Part>)> {
    let heads = ["struct", "enum"].map(|word| format!(" {word} {name} {{"));
    let text = SOURCES.iter().find(|text| heads.iter().any(|head| text.contains(head.as_str())))?;
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| heads.iter().any(|head| format!("{line}\n").contains(head.as_str())))?;
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///") || line.starts_with('#'));
    let mut own: Vec<&str> = above.filter_map(|line| line.strip_prefix("///")).map(str::trim).collect();
    own.reverse();
    let is_enum = lines[at].contains(" enum ");
    let (mut found, mut help) = (Vec::new(), Vec::new());
    for line in lines[at + 1..].iter().take_while(|line| **line != "}") {
        // What lies deeper is a variant's field.
        let line = line.strip_prefix("    ").unwrap_or(line);
        if let Some(text) = line.strip_prefix("///") {
            help.push(text.trim());
        } else if !line.starts_with(['#', ' ', '}', ')']) && !line.is_empty() {
            let line = line.trim_start_matches("pub(super) ").trim_start_matches("pub ").trim_end_matches(',');
            let line = without_attributes(line);
            let (name, kind) = match (is_enum, line.split_once('(')) {
                (false, _) => line.split_once(": ")?,
                (true, Some((name, kind))) => (name, kind.trim_end_matches(')')),
                (true, None) => (line.trim_end_matches(" {"), ""),
            };
            found.push(Part { name: name.to_owned(), kind: kind.to_owned(), help: help.join(" ") });
            help.clear();
        } else if let Some((field, kind)) =
            line.strip_prefix("    ").and_then(|line| line.trim_end_matches(',').split_once(": "))
            && is_enum
            && !field.starts_with(['/', '#'])
            && let Some(variant) = found.last_mut()
        {
            let before = if variant.kind.is_empty() { "" } else { "; " };
            write!(variant.kind, "{before}{field}: {kind}").expect("a string grows");
        }
    }
    Some((own.join(" "), found))
}

/// A variant without what serde is told of its content.
fn without_attributes(name: &str) -> String {
    match (name.find("#["), name.find(")] ")) {
        (Some(from), Some(to)) => format!("{}{}", &name[..from], &name[to + 3..]),
        _ => name.to_owned(),
    }
}

/// A Rust type in the words of a file, and the types within that have parts of their own.
fn words(kind: &str, within: &mut Vec<String>) -> String {
    let inside = |outer: &str| kind.strip_prefix(outer).and_then(|rest| rest.strip_prefix('<')?.strip_suffix('>'));
    if let Some((_, word)) = WRITTEN.iter().find(|(name, _)| *name == kind) {
        return (*word).to_owned();
    }
    if let Some(one) = inside("Option") {
        return format!("{}, optional", words(one, within));
    }
    if let Some(one) = inside("Vec") {
        return format!("list of {}", words(one, within));
    }
    if let Some(two) = inside("BTreeMap") {
        let value = two.split_once(", ").map_or(two, |(_, value)| value);
        return format!("map from text to {}", words(value, within));
    }
    if kind.contains(": ") {
        let each = kind.split("; ").filter_map(|field| field.split_once(": "));
        return each.map(|(name, kind)| format!("`{name}`: {}", words(kind, within))).collect::<Vec<_>>().join(", ");
    }
    if let Some(pair) = kind.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let each: Vec<String> = pair.split(", ").map(|one| words(one, within)).collect();
        return format!("pair of {}", each.join(" and "));
    }
    within.push(kind.to_owned());
    format!("[{kind}](#{})", kind.to_lowercase())
}

/// The sections of a page: a type and all that it holds, each once.
fn sections(first: &str) -> String {
    let (mut text, mut queue, mut done) = (String::new(), vec![first.to_owned()], BTreeSet::new());
    while !queue.is_empty() {
        let name = queue.remove(0);
        if !done.insert(name.clone()) {
            continue;
        }
        let (own, parts) = parts(&name).unwrap_or_else(|| panic!("no type {name} in the sources of the reference"));
        assert!(!own.is_empty() && !parts.is_empty(), "{name} has no sentence or no parts");
        writeln!(text, "\n## {name}\n\n{}\n\n| name | what | meaning |\n|---|---|---|", plain(&own)).expect("a string");
        let mut within = Vec::new();
        for part in parts {
            assert!(!part.help.is_empty(), "{name}: {} has no sentence", part.name);
            let kind = if part.kind.is_empty() { String::new() } else { words(&part.kind, &mut within) };
            writeln!(text, "| `{}` | {kind} | {} |", part.name, plain(&part.help)).expect("a string");
        }
        queue.extend(within);
    }
    text
}

/// A doc comment as Markdown for people: no links into the code.
fn plain(help: &str) -> String {
    help.replace("[`", "`").replace("`]", "`").replace('|', "\\|")
}

#[test]
fn the_pages_say_what_the_types_read() {
    let defaults = ron_file::to_string(&Scenario::default()).expect("RON");
    hold("reference.md", "defaults", &format!("```ron\n{defaults}\n```\n"));
    hold("reference.md", "scenario", &sections("Scenario"));
    hold("reference.md", "deck", &sections("DeckFile"));
    hold("reference.md", "catalog", &sections("CatalogFile"));
}
