//! Layers import to the left only, and what each layer may not know stays unknown to it. A single crate cannot make the
//! compiler hold this, so the source text is read.

use std::path::{Path, PathBuf};

/// The layers from left to right.
const LAYERS: [&str; 20] = [
    "units",
    "spec",
    "estimate",
    "ron_file",
    "machine_probe",
    "catalog",
    "model_file",
    "calibrate",
    "bench_file",
    "scenario",
    "answer",
    "deck",
    "input",
    "settings",
    "app",
    "view",
    "export",
    "tui",
    "explorer",
    "cli",
];

/// Layers and the beginnings of paths that they may not name.
const UNKNOWN: &[(&[&str], &[&str])] = &[
    (
        &["units", "spec", "estimate", "answer", "input", "app"],
        &["ratatui", "crossterm", "std::fs", "std::io", "std::time", "std::env", "std::net", "std::process", "ron"],
    ),
    (&["estimate"], &["crate::model::ron_file", "std::thread"]),
    (&["ron_file", "catalog", "model_file", "scenario", "deck", "cli"], &["ratatui", "crossterm"]),
    (&["view", "export"], &["std::fs", "std::io", "std::env", "std::time", "ratatui::crossterm", "crossterm"]),
    (
        &["tui"],
        &[
            "crate::model::units",
            "crate::model::facts",
            "crate::model::catalog",
            "crate::model::scenario",
            "crate::ui::state",
            "crate::ui::view",
        ],
    ),
];

/// A word of source text.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Mark(char),
    Text(String),
}

/// The words of Rust source: comments dropped, strings kept as one.
fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let used = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if let Some((text, used)) = string(rest) {
            tokens.push(Token::Text(text));
            used
        } else if c == '\'' {
            character(rest)
        } else if c.is_alphanumeric() || c == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            end
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Mark(c));
            }
            c.len_utf8()
        };
        rest = &rest[used..];
    }
    tokens
}

/// A string at the start of `rest` and how many bytes it takes.
fn string(rest: &str) -> Option<(String, usize)> {
    let raw = rest.strip_prefix('b').unwrap_or(rest);
    let before = rest.len() - raw.len();
    if let Some(hashes) = raw.strip_prefix('r').filter(|r| r.starts_with(['"', '#'])) {
        let count = hashes.chars().take_while(|c| *c == '#').count();
        let body = hashes[count..].strip_prefix('"')?;
        let end = body.find(&format!("\"{}", "#".repeat(count)))?;
        return Some((body[..end].to_owned(), before + 1 + count + 1 + end + 1 + count));
    }
    let body = raw.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            '"' if !escaped => return Some((body[..at].to_owned(), before + at + 2)),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    None
}

/// Bytes of a character or lifetime at the start of `rest`.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => rest[3..].find('\'').map_or(rest.len(), |at| at + 4),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// Every path that the source names, `use` trees spread out.
fn paths(tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if matches!(&tokens[at], Token::Word(_)) {
            path(tokens, &mut at, "", &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the path at `at`, which `prefix` stands before.
fn path(tokens: &[Token], at: &mut usize, prefix: &str, found: &mut Vec<String>) {
    let mut path = prefix.to_owned();
    loop {
        match tokens.get(*at) {
            Some(Token::Word(word)) => {
                path = if path.is_empty() { word.clone() } else { format!("{path}::{word}") };
                *at += 1;
            }
            Some(Token::Mark('{')) if !path.is_empty() => {
                *at += 1;
                while !matches!(tokens.get(*at), None | Some(Token::Mark('}'))) {
                    match tokens[*at] {
                        Token::Word(_) => self::path(tokens, at, &path, found),
                        _ => *at += 1,
                    }
                }
                *at += 1;
                return;
            }
            _ => break,
        }
        if tokens.get(*at..*at + 2) != Some(&[Token::Mark(':'), Token::Mark(':')]) {
            break;
        }
        *at += 2;
    }
    if path.contains("::") {
        found.push(path);
    }
}

/// What is wrong with a file of `src`, which is called `name`, such as `view/panels/decode.rs`.
fn violations(name: &str, source: &str) -> Vec<String> {
    let layer = name.split(['/', '.']).next().unwrap_or_default();
    let Some(own) = LAYERS.iter().position(|known| *known == layer) else {
        return vec![format!("{name}: {layer} is no layer")];
    };
    // A file's own tests may do what it may not: they stand at its end.
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let tokens = tokens(code);
    let mut wrong = Vec::new();
    for path in paths(&tokens) {
        let mut parts = path.split("::");
        let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let target = LAYERS.iter().position(|known| first == "crate" && *known == second);
        if target.is_some_and(|target| target > own) {
            wrong.push(format!("{name}: {path} lies to the right of {layer}"));
        }
        if path.starts_with("super") && path.split("::").take_while(|p| *p == "super").count() >= depth(name) {
            wrong.push(format!("{name}: {path} leaves the layer; write crate::"));
        }
        if forbidden(layer, &path) {
            wrong.push(format!("{name}: {layer} may not know {path}"));
        }
        if path.split("::").any(|part| part == "Color") && !paints(name) {
            wrong.push(format!("{name}: {path}: colours stand in view/theme.rs"));
        }
    }
    if layer != "units" {
        let texts = tokens.iter().filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None });
        wrong.extend(
            texts
                .filter(|text| formats_a_number(text))
                .map(|text| format!("{name}: {text:?} decides on the digits of a number; units does that")),
        );
    }
    wrong
}

/// How deep the module of a file lies: 1 for `units/mod.rs` and `view/mod.rs`.
fn depth(name: &str) -> usize {
    let path = name.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').count()
}

fn forbidden(layer: &str, path: &str) -> bool {
    let begins = |start: &&str| path == *start || path.strip_prefix(*start).is_some_and(|rest| rest.starts_with("::"));
    UNKNOWN.iter().any(|(layers, starts)| layers.contains(&layer) && starts.iter().any(begins))
}

/// Files that may name colours.
fn paints(name: &str) -> bool {
    name == "view/theme.rs" || name.starts_with("tui/")
}

/// Whether a format string says how many digits a number has: `{:.2}`, `{x:.0}`, `{:>6.*}`.
fn formats_a_number(text: &str) -> bool {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).any(|(hole, _)| {
        hole.split_once(':').is_some_and(|(_, how)| {
            let digits = how.split_once('.').map(|(_, digits)| digits);
            digits.is_some_and(|digits| {
                digits.starts_with(|c: char| c.is_ascii_digit() || c == '*') || digits.ends_with('$')
            })
        })
    })
}

/// All source files with their names below `src`, main.rs and lib.rs aside.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).expect("src") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") && name != "main.rs" && name != "lib.rs" {
                found.push((name, std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found
}

#[test]
fn layers_import_to_the_left_only() {
    let sources = sources();
    assert!(sources.len() > 80, "only {} files were read", sources.len());
    let wrong: Vec<String> = sources.iter().flat_map(|(name, text)| violations(name, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_is_that_of_the_documents() {
    let order = LAYERS.join(" → ");
    for file in ["src/lib.rs", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file);
        assert!(text.contains(&order), "{file} does not say {order}");
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for layer in LAYERS {
        let is_there = directory.join(layer).is_dir() || directory.join(format!("{layer}.rs")).is_file();
        assert!(is_there, "there is no layer {layer}");
    }
}

#[test]
fn planted_violations_are_found() {
    for (name, source) in [
        ("estimate/decode.rs", "use crate::model::catalog::Catalog;"),
        ("estimate/decode.rs", "use crate::{units::Unit, app::State};"),
        ("estimate/decode.rs", "fn f() { crate::model::scenario::find(\"x\"); }"),
        ("estimate/decode.rs", "use super::super::view::Look;"),
        ("estimate/mod.rs", "use super::view::Look;"),
        ("estimate/mod.rs", "fn now() { std::time::Instant::now(); }"),
        ("estimate/mod.rs", "use std::{collections::BTreeMap, fs};"),
        ("estimate/mod.rs", "let x = ron::from_str(text);"),
        ("app/state.rs", "use ratatui::layout::Rect;"),
        ("app/state.rs", "use std::env;"),
        ("app/state.rs", "use crate::ui::view::Look;"),
        ("view/panels/cost.rs", "let c = Color::Red;"),
        ("view/panels/cost.rs", "use ratatui::style::{Color, Style};"),
        ("view/panels/cost.rs", "let x = '\"'; let c = Color::Red; let y = '\"';"),
        ("view/mod.rs", "use std::fs::File;"),
        ("tui/mod.rs", "use crate::ui::state::State;"),
        ("spec/model.rs", "use crate::model::estimate::{\n    case::{Case, Load},\n};"),
        ("cli/list.rs", "format!(\"{:.1}\", x)"),
        ("cli/list.rs", "format!(\"{x:>8.*}\", x)"),
        ("view/mod.rs", "format!(\"{x:.digits$}\")"),
        ("helpers/mod.rs", ""),
    ] {
        assert!(!violations(name, source).is_empty(), "{name}: {source} was not noticed");
    }
    for (name, source) in [
        (
            "view/panels/cost.rs",
            "// use crate::cmd::main;\nuse super::super::canvas::Canvas; use crate::ui::state::State;",
        ),
        ("view/theme.rs", "let c = Color::Red;"),
        ("cli/list.rs", "let text = \"use crate::nothing {a.b}\"; format!(\"{a} {b:>6} v1.2\", a.b)"),
        ("units/digits.rs", "format!(\"{:.*}\", 2, x)"),
        (
            "estimate/mod.rs",
            "use crate::model::units::Unit;\n#[cfg(test)]\nmod tests {\n use crate::model::catalog::Catalog; }",
        ),
    ] {
        assert_eq!(violations(name, source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn no_fact_stands_in_code() {
    let catalog = super::ask::catalog();
    let machines = catalog.machines.iter().map(|m| &*m.id);
    let software = catalog.runtimes.iter().map(|r| &*r.id).chain(catalog.kv_formats.iter().map(|f| &*f.id));
    let models = catalog.models.iter().map(|m| &*m.id).chain(catalog.formats.iter().map(|f| &*f.id));
    let ids: Vec<&str> = machines.chain(software).chain(models).collect();
    let mut found = Vec::new();
    for (name, source) in sources() {
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for token in tokens(code) {
            if let Token::Text(text) = token
                && ids.contains(&text.as_str())
            {
                found.push(format!("{name} {text}"));
            }
        }
    }
    found.sort();
    // What is asked where nothing is asked, the format that `auto` means, and a scenario of a model's name.
    let expected = [
        "scenario/built_in.rs gpt-oss-120b",
        "scenario/check.rs mxfp4",
        "scenario/check.rs mxfp4-gguf",
        "scenario/check.rs q4_k_m",
        "scenario/mod.rs dgx-spark",
        "scenario/mod.rs kv-f16",
        "scenario/mod.rs llama-3.3-70b",
        "scenario/mod.rs macbook-pro-m5-max-40",
        "scenario/mod.rs rtx-pro-6000",
    ];
    assert_eq!(found, expected);
}
