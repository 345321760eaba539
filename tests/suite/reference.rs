//! The reference pages of the files that people write, generated from the types that read them.
//!
//! The text of a field is its doc comment in the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use whichbox::model::ron_file;
use whichbox::model::scenario::Scenario;
use whichbox::ui::input::Keymap;
use whichbox::ui::settings::commented;
use whichbox::ui::view::theme::THEMES;

use super::docs::hold;

/// The directories of source files with the types.
const FOLDERS: [&str; 5] =
    ["src/model/scenario", "src/model/facts", "src/model/catalog", "src/model/estimate/setup", "src/ui/present/deck"];

/// The text of the source files with the types, read once.
static SOURCES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = FOLDERS.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).expect(folder));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).expect("text")).collect()
});

/// Types that files write differently from the type's fields, with the words for each.
const WRITTEN: &[(&str, &str)] = &[
    ("String", "text"),
    ("String", "text"),
    ("Arc<Vec<String>>", "list of text"),
    ("f64", "number"),
    ("u64", "whole number"),
    ("u32", "whole number"),
    ("u8", "whole number"),
    ("usize", "whole number"),
    ("bool", "true or false"),
    ("Date", "date: \"2026\", \"2026-06\" or \"2026-06-15\""),
    ("Version", "text"),
    ("Sources", "list of text"),
    ("Typed", "text, number, true or false"),
];

/// A field or a variant of a type.
struct Part {
    name: String,
    kind: String,
    help: String,
    /// True if a file may omit it.
    optional: bool,
}

/// Returns a type's doc comment and its parts; `None` if the sources have no such type.
fn parts(name: &str) -> Option<(String, Vec<Part>)> {
    let heads = ["struct", "enum"].map(|word| format!(" {word} {name} {{"));
    let text = SOURCES.iter().find(|text| heads.iter().any(|head| text.contains(head.as_str())))?;
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| heads.iter().any(|head| format!("{line}\n").contains(head.as_str())))?;
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///") || line.starts_with('#'));
    let mut own: Vec<&str> = above.filter_map(|line| line.strip_prefix("///")).map(str::trim).collect();
    own.reverse();
    let is_enum = lines[at].contains(" enum ");
    let all_optional = lines[..at].iter().rev().take_while(|line| !line.is_empty()).any(|line| has_default(line));
    let (mut found, mut help, mut told) = (Vec::new(), Vec::new(), String::new());
    for line in lines[at + 1..].iter().take_while(|line| **line != "}") {
        // Deeper lines are the fields of a variant.
        let line = line.strip_prefix("    ").unwrap_or(line);
        if let Some(text) = line.strip_prefix("///") {
            help.push(text.trim());
        } else if line.starts_with("#[serde(") {
            line.clone_into(&mut told);
        } else if !line.starts_with(['#', ' ', '}', ')', '/']) && !line.is_empty() {
            let line = line.trim_start_matches("pub(super) ").trim_start_matches("pub ").trim_end_matches(',');
            let line = without_attributes(line);
            let (name, kind) = match (is_enum, line.split_once('(')) {
                (false, _) => line.split_once(": ")?,
                (true, Some((name, kind))) => (name, kind.trim_end_matches(')')),
                (true, None) => (line.trim_end_matches(" {"), ""),
            };
            let told = std::mem::take(&mut told);
            let part = Part {
                name: name.to_owned(),
                kind: kind.to_owned(),
                help: help.join(" "),
                optional: !is_enum && (all_optional || has_default(&told)),
            };
            help.clear();
            if told != "#[serde(skip)]" {
                found.push(part);
            }
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

/// Returns true for an attribute that gives a default to an omitted field.
fn has_default(attribute: &str) -> bool {
    attribute.starts_with("#[serde(") && attribute.contains("default")
}

/// Returns a variant without the serde attributes of its content.
fn without_attributes(name: &str) -> String {
    match (name.find("#["), name.find(")] ")) {
        (Some(from), Some(to)) => format!("{}{}", &name[..from], &name[to + 3..]),
        _ => name.to_owned(),
    }
}

/// Returns a Rust type in the words of a file; adds the types within it that have their own section.
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

/// Returns the sections of a page: a type and all types that it contains, each once.
///
/// `defaults` are the values of fields that a file omits.
fn sections(first: &str, defaults: &Defaults) -> String {
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
            let mut kind = if part.kind.is_empty() { String::new() } else { words(&part.kind, &mut within) };
            if part.optional && !kind.ends_with(", optional") {
                kind.push_str(", optional");
            }
            if let Some(default) = defaults.get(&(name.clone(), part.name.clone())) {
                write!(kind, "; `{default}`").expect("a string grows");
            }
            writeln!(text, "| `{}` | {kind} | {} |", part.name, plain(&part.help)).expect("a string");
        }
        queue.extend(within);
    }
    text
}

/// The defaults by type and field.
type Defaults = BTreeMap<(String, String), String>;

/// Returns the defaults in a value, parsed from its pretty debug output: a field and its value per line, or a bracketed
/// list joined into one.
fn defaults(value: &impl std::fmt::Debug) -> Defaults {
    let shown = format!("{value:#?}");
    let (mut found, mut types) = (Defaults::new(), Vec::new());
    let mut lines = shown.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let (name, value) = line.split_once(": ").unwrap_or(("", line));
        if let Some(kind) = value.strip_suffix(" {") {
            types.push(kind.to_owned());
        } else if matches!(value, "}" | "},") {
            types.pop();
        } else {
            let mut value = value.to_owned();
            if value.ends_with(['[', '(', '{']) {
                for next in lines.by_ref() {
                    value.push_str(next);
                    if next.starts_with([']', ')', '}']) {
                        break;
                    }
                    value.push(' ');
                }
            }
            let value = value.trim_end_matches(',').replace(", ]", "]").replace(", )", ")");
            let kind = types.last().expect("a value of a type").clone();
            if !matches!(value.as_str(), "None" | "\"\"" | "{}" | "[]") {
                found.insert((kind, name.to_owned()), value);
            }
        }
    }
    found
}

/// Returns a doc comment as Markdown without links into the code.
fn plain(help: &str) -> String {
    help.replace("[`", "`").replace("`]", "`").replace('|', "\\|")
}

#[test]
fn the_pages_say_what_the_types_read() {
    let shortest = ron_file::to_string(&Scenario::default()).expect("RON");
    hold("reference.md", "defaults", &format!("```ron\n{shortest}\n```\n"));
    hold("reference.md", "scenario", &sections("Scenario", &defaults(&Scenario::default())));
    hold("reference.md", "deck", &sections("DeckFile", &Defaults::new()));
    hold("reference.md", "catalog", &sections("CatalogFile", &Defaults::new()));
    let themes: Vec<&str> = THEMES.iter().map(|(name, _)| *name).collect();
    let settings = commented(&Keymap::default(), &themes);
    hold("reference.md", "settings", &format!("```ron\n{}\n```\n", settings.trim_end()));
}
