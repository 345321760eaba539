//! Tests of rules that the compiler cannot check: tiers import only from earlier tiers, and facts, colours and number
//! formats occur only in their places. Dependencies of a tier on packages are controlled by the package's features.

use std::path::{Path, PathBuf};

/// The tiers in order.
const TIERS: [&str; 4] = ["model", "files", "ui", "cmd"];

/// Prefixes of paths, the sources that may contain them, and the reason.
const PLACES: [(&str, &[&str], &str); 4] = [
    ("Color::", &["ui/view/theme.rs", "ui/terminal/", "cmd/exporters/cells.rs"], "colours belong to the theme"),
    ("crossterm::", &["ui/terminal/", "ui/explorer/", "system/"], "the state and the drawing do not know the terminal"),
    ("std::net", &[], "nothing opens a connection"),
    ("process::Command", &[], "nothing starts another program"),
];

/// A file of `src` without comments and without its own tests.
struct Source {
    /// Path of the file below `src`.
    name: String,
    code: String,
}

impl Source {
    fn new(name: String, text: &str) -> Self {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        Self { name, code: lines.collect::<Vec<_>>().join("\n") }
    }

    /// Returns a sentence for each rule that this file breaks.
    fn violations(&self) -> Vec<String> {
        let name = &self.name;
        let own = TIERS.iter().position(|tier| name.starts_with(&format!("{tier}/")));
        let later = TIERS.iter().skip(own.map_or(TIERS.len(), |own| own + 1));
        let climbs = later.filter(|tier| self.code.contains(&format!("crate::{tier}::")));
        let mut found: Vec<String> = climbs.map(|tier| format!("{name}: imports from {tier}, a later tier")).collect();
        for (path, allowed, reason) in PLACES {
            // `Color::Reset` means no colour.
            if self.code.replace("Color::Reset", "").contains(path)
                && !allowed.iter().any(|place| name.starts_with(place))
            {
                found.push(format!("{name}: {path}: {reason}"));
            }
        }
        let formats = self.code.split('"').skip(1).step_by(2).filter(|text| sets_digits(text));
        if !name.starts_with("model/units/") {
            found.extend(formats.map(|text| format!("{name}: {text:?} sets a number's digits; units does that")));
        }
        found
    }
}

/// Returns true for a format string that sets the digits of a number: `{:.2}`, `{x:>6.*}`.
fn sets_digits(text: &str) -> bool {
    let holes = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    let digits = holes.filter_map(|(hole, _)| hole.split_once(':')?.1.split_once('.').map(|(_, digits)| digits));
    digits
        .into_iter()
        .any(|digits| digits.starts_with(|c: char| c.is_ascii_digit() || c == '*') || digits.ends_with('$'))
}

/// Returns all files of `src` except main.rs and lib.rs.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).expect("src") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".rs") && name != "main.rs" && name != "lib.rs" {
                found.push(Source::new(name, &std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found
}

#[test]
fn every_file_keeps_the_rules() {
    let sources = sources();
    assert!(sources.len() > 80, "only {} files were read", sources.len());
    let found: Vec<String> = sources.iter().flat_map(Source::violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn planted_violations_are_found() {
    for (name, code) in [
        ("model/estimate/decode.rs", "use crate::ui::state::State;"),
        ("files/model_file/mod.rs", "fn f() { crate::cmd::main(); }"),
        ("ui/view/panels/cost.rs", "let c = Color::Red;"),
        ("ui/state/mod.rs", "use ratatui::crossterm::event::Event;"),
        ("cmd/list.rs", "format!(\"{:.1}\", x)"),
        ("cmd/list.rs", "format!(\"{x:>8.*}\", 1, x)"),
        ("cmd/list.rs", "std::process::Command::new(\"ls\")"),
    ] {
        assert!(!Source::new(name.to_owned(), code).violations().is_empty(), "{name}: {code} was not noticed");
    }
    for (name, code) in [
        ("ui/view/panels/cost.rs", "// use crate::cmd::main;\nuse crate::model::units::Unit;"),
        ("ui/view/theme.rs", "let c = Color::Red;"),
        ("model/units/digits.rs", "format!(\"{:.*}\", 2, x)"),
        ("cmd/list.rs", "format!(\"{a} {b:>6} v1.2\")"),
    ] {
        assert_eq!(Source::new(name.to_owned(), code).violations(), Vec::<String>::new(), "{code}");
    }
}

#[test]
fn no_fact_is_written_in_code() {
    let catalog = super::ask::catalog();
    let machines = catalog.machines.iter().map(|m| &*m.id);
    let software = catalog.runtimes.iter().map(|r| &*r.id).chain(catalog.kv_formats.iter().map(|f| &*f.id));
    let models = catalog.models.iter().map(|m| &*m.id).chain(catalog.formats.iter().map(|f| &*f.id));
    let ids: Vec<&str> = machines.chain(software).chain(models).collect();
    let mut found = Vec::new();
    // Suffixes of repository names are also ids of formats.
    for Source { name, code } in sources().into_iter().filter(|source| source.name != "model/catalog/names/hub.rs") {
        let texts = code.split('"').skip(1).step_by(2).filter(|text| ids.contains(text));
        found.extend(texts.map(|text| format!("{name} {text}")));
    }
    found.sort();
    // Allowed ids: defaults of scenarios and measurements, the formats of `auto`, and a scenario that is named after a
    // model.
    let expected = [
        "model/calibrate/setups.rs kv-f16",
        "model/calibrate/setups.rs rtx-3090",
        "model/facts/measurement.rs kv-f16",
        "model/facts/measurement.rs kv-f16",
        "model/scenario/built_in.rs gpt-oss-120b",
        "model/scenario/check.rs mxfp4",
        "model/scenario/check.rs mxfp4-gguf",
        "model/scenario/check.rs q4_k_m",
        "model/scenario/mod.rs dgx-spark",
        "model/scenario/mod.rs kv-f16",
        "model/scenario/mod.rs llama-3.3-70b",
        "model/scenario/mod.rs macbook-pro-m5-max-40",
        "model/scenario/mod.rs rtx-pro-6000",
    ];
    assert_eq!(found, expected);
}
