//! The files to change: the program's own files and fixtures of other tests, with the words of each kind.

use std::path::Path;

use whichbox::model::scenario::SCENARIOS;
use whichbox::ui::input::Keymap;
use whichbox::ui::present::deck::DECKS;
use whichbox::ui::settings::commented;

use super::mutate::Original;
use super::targets::themes;

/// Returns words that any RON or JSON file may contain, some that none should, and the given ones.
macro_rules! words {
    ($($own:literal),* $(,)?) => {
        &[
            "(", ")", "[", "]", "{", "}", ",", ":", "\"", "'", "\\", "//", "/*", "*/", "#", "r#\"", "\"#", "Some(", "None",
            "true", "false", "null", "0", "-1", "-0.0", "1e999", "NaN", "inf", "-inf", "1e-320", "0.5", "18446744073709551616",
            "9007199254740993", "1_000", "0xff", "70b", "32k", "5%", "\"\"", "\"\\u{1b}\"", "\u{1b}", "\u{202e}", "\u{9b}",
            "\0", "\r\n", "\u{feff}", "\\u0000", "\\ud800", "schema", "id", "name", "source", "date", "\"2026-02-30\"", "value",
            $($own),*
        ]
    };
}

pub const SCENARIO: &[&str] = words![
    "model",
    "Catalog(\"gpt-oss-120b\")",
    "Custom(params: 30e9, active: 3e9)",
    "ReadGb(40)",
    "File(\"x.gguf\")",
    "machines",
    "\"dgx-spark\"",
    "\"rtx-5090\"",
    "format",
    "Best",
    "Same(\"q4_k_m\")",
    "Same(\"\")",
    "concurrency",
    "context",
    "prompt",
    "generate",
    "cached",
    "price",
    "limits",
    "budget_usd",
    "what_if",
    "bandwidth_gbs",
    "expect",
    "winner",
    "speculation",
    "4294967295",
    "1048576",
    "needs",
    "portable",
    "tariff",
    "hosts",
    "saved",
];

pub const CATALOG: &[&str] = words![
    "Catalog(",
    "machines",
    "models",
    "formats",
    "runtimes",
    "prices",
    "sources",
    "measurements",
    "efficiency",
    "claims",
    "\"dgx-spark\"",
    "\"llama-3.3-70b\"",
    "\"q4_k_m\"",
    "\"llama.cpp\"",
    "basis",
    "Vendor",
    "Contested",
    "Measured",
    "low",
    "high",
    "memory_gb",
    "bandwidth_gbs",
    "usable_gib",
    "kv",
    "moe",
    "state",
    "layers",
    "params",
    "1e308",
    "aliases",
];

pub const DECK: &[&str] = words![
    "Deck(",
    "steps",
    "title",
    "notes",
    "scenario",
    "\"default\"",
    "\"../x.ron\"",
    "set",
    "panels",
    "\"decode\"",
    "headline",
    "\"decode.expected\"",
    "highlight",
    "minutes",
    "expect",
    "\"concurrency\"",
    "\"model\"",
    "\"machines\"",
    "\"context\"",
    "\"what-if\"",
    "\"price\"",
    "\"gpt-oss-120b\"",
    "yes",
];

pub const SETTINGS: &[&str] = words![
    "Settings(",
    "theme",
    "\"dark\"",
    "glyphs",
    "Ascii",
    "Unicode",
    "mouse",
    "motion",
    "keys",
    "\"undo\"",
    "\"quit\"",
    "\"C-c\"",
    "\"q\"",
    "\"S-Left\"",
    "\"F13\"",
    "\"\u{301}\"",
    "[]",
];

pub const MODEL: &[&str] = words![
    "GGUF",
    "\x04\0\0\0",
    "\x08\0\0\0",
    "\x09\0\0\0",
    "\x06\0\0\0",
    "general.architecture",
    "general.alignment",
    "llama",
    "deepseek2",
    "qwen3next",
    "gemma3",
    "gpt-oss",
    "mamba",
    ".block_count",
    ".attention.head_count_kv",
    ".expert_count",
    ".attention.sliding_window",
    "blk.0.ffn_up_exps.weight",
    "token_embd.weight",
    "output.weight",
    "split.count",
    "data_offsets",
    "dtype",
    "shape",
    "F32",
    "BF16",
    "F8_E4M3",
    "U8",
    "__metadata__",
    "model_type",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "vocab_size",
    "sliding_window",
    "layer_types",
    "num_experts_per_tok",
    "quantization_config",
    "text_config",
    "hidden_size",
    "torch_dtype",
];

pub const MEASUREMENTS: &[&str] = words![
    "avg_ts",
    "n_prompt",
    "n_gen",
    "n_depth",
    "test",
    "t/s",
    "pp512",
    "tg128",
    "pp512+tg128",
    "|",
    "±",
    "\n",
    "tok_s",
    "machine",
    "\"dgx-spark\"",
    "NVIDIA GB10",
    "llama 70B Q4_K - Medium",
    "model_type",
    "output_throughput",
    "completed",
    "speed_tg",
    "B",
    "S_TG t/s",
    "1e9",
    ";",
    "\t",
    "2026-05-17T00:00:00Z",
    "-ngl",
];

pub const KEYS: &[&str] = &[
    "⎋",
    "↑",
    "↓",
    "→",
    "←",
    "↖",
    "↘",
    "⇞",
    "⇟",
    "⇤",
    "⇧→",
    "⌃←",
    "\t",
    "\r",
    "⌫",
    "⌦",
    " ",
    "⌃c",
    "⌃r",
    "⌃z",
    "◎\u{9}\u{4}",
    "◌\u{9}\u{4}",
    "◐\u{27}\u{5}",
    "▲\u{b}\u{7}",
    "▼\u{b}\u{7}",
    "◎\u{1}\u{13}",
    "◎\u{3b}\u{8}",
    "◎\u{3e6}\u{3e6}",
    "◫",
    "◫",
    "«",
    "»",
    "gpt-oss-120b",
    "dgx-spark",
    "1e999",
    "-1",
    "32k",
    "70b",
    "NaN",
    "\u{202e}",
    "日本",
    "é",
    "⎋]11;rgb:0000/0000/0000\x07",
    "⎋[97;5u",
    "⎋[?1;2c",
    "⎋O",
    "⎋[M !!",
    "\u{9b}",
    "\0",
    "?",
    ":",
    "=",
    ",",
    "o",
    "m",
    "p",
    "a",
    "e",
    "E",
    "t",
    "S",
    "w",
    "u",
    "U",
    "c",
    "z",
    "y",
    "n",
    "h",
    "s",
    "q",
    "g",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "/",
];

pub fn scenarios() -> Vec<Original> {
    SCENARIOS.iter().map(|(_, text)| Original::whole(*text)).collect()
}

pub fn decks() -> Vec<Original> {
    DECKS.iter().map(|(_, text)| Original::whole(*text)).collect()
}

pub fn settings() -> Vec<Original> {
    let all = commented(&Keymap::default(), &themes());
    [all.as_str(), "Settings(theme: \"light\", glyphs: Ascii, keys: {\"undo\": [\"Z\", \"C-y\"], \"mouse\": []})"]
        .map(Original::whole)
        .into()
}

/// Returns every list of the built-in files with its first and last entry, since whole files would take a second each.
pub fn catalogs() -> Vec<Original> {
    let files = read(&[("assets", "ron")]);
    let of = |text: &str| -> Vec<Original> {
        // All files have one layout: lists begin at the first indentation, entries at the second.
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let starts = lines.iter().enumerate().filter(|(_, line)| line.starts_with("    ") && line.ends_with(": ["));
        let lists = starts.filter(|(_, line)| !line.starts_with("     "));
        let list = |(at, line): (usize, &&str)| {
            let end = at + lines[at..].iter().position(|line| *line == "    ],").expect("the list's end");
            let mut entries: Vec<String> = Vec::new();
            for line in &lines[at + 1..end] {
                match entries.last_mut() {
                    Some(entry) if !line.starts_with("        (") => entry.extend(["\n", line]),
                    _ => entries.push((*line).to_owned()),
                }
            }
            let few = [entries.first(), entries.last()].into_iter().flatten().cloned().collect::<Vec<_>>().join("\n");
            Original::whole(format!("Catalog(\n{line}\n{few}\n    ],\n)\n"))
        };
        lists.map(list).collect()
    };
    let lists = files.iter().flat_map(|(_, bytes)| of(std::str::from_utf8(bytes).expect("UTF-8")));
    let efficiency = "Catalog(efficiency: (source: [\"whichbox-fit-2026-11\"], date: \"2026-11-24\", rows: [(parameter: \
                      WeightBandwidth, family: \"gb10\", low: 0.7, typical: 0.8, high: 0.9, rows: 3)]))";
    lists.chain([Original::whole(efficiency)]).collect()
}

pub fn models() -> Vec<Original> {
    // A header without data would be a file that ends too early, so some data are included; only the header is changed.
    let mut all: Vec<Original> = read(&[("tests/fixtures/models", "gguf")])
        .into_iter()
        .filter(|(name, bytes)| !name.contains("split") && bytes.len() < 200_000)
        .map(|(_, bytes)| Original { head: 3800.min(bytes.len()), bytes })
        .collect();
    let header = "{\"model.layers.0.mlp.up_proj.weight\": {\"dtype\": \"F32\", \"shape\": [2, 4], \"data_offsets\": [0, 32]}, \
                  \"__metadata__\": {\"format\": \"pt\"}, \
                  \"lm_head.weight\": {\"dtype\": \"BF16\", \"shape\": [16], \"data_offsets\": [32, 64]}}";
    let safetensors = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 64]].concat();
    all.push(Original::whole(safetensors));
    let configurations = read(&[
        ("tests/fixtures/models/configs", "json"),
        ("tests/fixtures/cases/quantization", "json"),
        ("tests/fixtures/cases/configs", "json"),
    ]);
    all.extend(configurations.into_iter().map(|(_, bytes)| Original::whole(bytes)));
    all
}

pub fn measurements() -> Vec<Original> {
    // Results of several devices, with memory elsewhere, or with a fixed rate of requests are left out as a whole.
    const LEFT_OUT: [&str; 3] = ["cpu_moe.md", "two_devices_columns.md", "vllm_job.log"];
    let files = read(&[("tests/fixtures/bench", ""), ("tests/fixtures/cases/bench", "")]);
    let measured = files.into_iter().filter(|(name, _)| !LEFT_OUT.iter().any(|own| name.ends_with(own)));
    measured.map(|(_, bytes)| Original::whole(bytes)).collect()
}

/// Returns useful key sequences; the first three bytes are the size of the screen and the opened scenario.
pub fn keys() -> Vec<Original> {
    let walks = [
        "↓→→⇧→uu⌃r=32k\r:undo\r",
        "p gpt\rm dgx\r ⎋?⇟⎋o↓\r",
        "\t\tz↓ t⎋⎋8↓↓t⎋c→→9\t→",
        "a which box runs gpt-oss-120b at 20 tok/s\r⎋◎\u{27}\u{5}◐\u{3b}\u{5}◌\u{3b}\u{5}▲\u{b}\u{7}",
        ",bud\r6000\rSx.ron\rwe→→\rE⎋y\ry↓\r«paste\nme»",
        "→→→sn8\rhb←←p◫123\rq",
    ];
    let starts = [[79, 23, 0], [119, 39, 3], [39, 9, 13], [199, 59, 14], [79, 23, 15], [59, 19, 7]];
    walks.iter().zip(starts).map(|(walk, start)| Original::whole([&start[..], walk.as_bytes()].concat())).collect()
}

/// Returns the files of directories with these extensions, sorted by name, so that every machine changes the same
/// files.
fn read(directories: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for (directory, ending) in directories {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(directory)).expect(directory) {
            let path = entry.expect("an entry").path();
            let name = path.to_string_lossy().into_owned();
            if path.is_file() && name.ends_with(ending) {
                found.push((name, std::fs::read(&path).expect("a file")));
            }
        }
    }
    found.sort();
    found
}
