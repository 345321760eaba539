//! Records from the text of a result file: JSON, SQL, CSV, and pasted terminal output with tables, blocks and logs.

mod blocks;
mod json;
mod sql;
mod table;

use super::record::Record;
use crate::model::ron_file::{FileError, Place, TextFile};

/// The most records of a result file.
const MOST_RECORDS: usize = 10_000;

/// Reads the records of a file of any shape.
///
/// # Errors
/// [`FileError`] if the file is malformed or has too many records.
pub(super) fn records(file: &TextFile) -> Result<Vec<Record>, FileError> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let records = if text.trim_start().starts_with(['{', '[']) {
        json::whole(file, text).or_else(|fault| json::lines(text).ok_or(fault))?
    } else if text.contains("INSERT INTO") {
        sql::records(text)
    } else {
        let found = pasted(text);
        if found.is_empty() && !is_log(text) { csv(file, text)? } else { found }
    };
    match records.get(MOST_RECORDS) {
        Some(beyond) => Err(beyond.fault(file, "the file holds more rows than are read; split it".to_owned())),
        None => Ok(records),
    }
}

/// Reads tables, blocks of names and values, and JSON among the lines of a log, in the order of their lines.
fn pasted(text: &str) -> Vec<Record> {
    let mut found = table::records(text);
    found.extend(blocks::records(text));
    found.extend(json::among_lines(text));
    found.sort_by_key(|record| record.line);
    let devices = Devices::of(text);
    for record in &mut found {
        record.devices = devices.before(record.line);
        for (_, field) in SETTINGS {
            if record.text(field).is_none()
                && let Some(stated) = devices.setting_before(field, record.line)
            {
                record.fields.push(((*field).to_owned(), stated));
            }
        }
    }
    found
}

/// Returns true if fewer than half of the lines contain a comma, so that the text is no CSV.
fn is_log(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let with_commas = lines.iter().filter(|line| line.contains(',')).count();
    2 * with_commas < lines.len()
}

/// Settings that llama.cpp prints when it starts, each with the column of llama-bench that has the same meaning.
const SETTINGS: &[(&str, &str)] = &[("n_gpu_layers = ", "ngl"), ("n_ubatch = ", "n_ubatch"), ("n_batch = ", "n_batch")];

/// The devices and settings that llama.cpp prints when it starts, with their line numbers.
struct Devices {
    /// Line and name of each device; a line without a name starts a new list.
    named: Vec<(usize, Option<String>)>,
    /// Line number, column of llama-bench, and value of each setting.
    settings: Vec<(usize, &'static str, String)>,
}

/// Returns true for a name that consists of a backend and a device number only.
fn is_number_alone(name: &str) -> bool {
    let rest =
        ["MTL", "CUDA", "Vulkan", "ROCm", "HIP", "SYCL", "GPU"].iter().find_map(|start| name.strip_prefix(start));
    rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

impl Devices {
    fn of(text: &str) -> Self {
        let (mut named, mut settings) = (Vec::new(), Vec::new());
        for (at, line) in text.lines().enumerate().take(100_000) {
            let line = line.trim();
            if let Some(name) = metal(line).filter(|name| !is_number_alone(name)) {
                // Metal prints its only device several times.
                named.extend([(at + 1, None), (at + 1, Some(name))]);
            } else if line.contains("found ") && line.contains(" device")
                || line.contains("Found ") && line.contains(" device")
            {
                named.push((at + 1, None));
            } else if let Some(name) = device(line).filter(|name| !is_number_alone(name)) {
                named.push((at + 1, Some(name)));
            }
            for (printed, field) in SETTINGS {
                if let Some((_, rest)) = line.split_once(printed) {
                    let digits: String = rest.chars().take_while(|c| *c == '-' || c.is_ascii_digit()).collect();
                    settings.push((at + 1, *field, digits));
                }
            }
        }
        Self { named, settings }
    }

    /// Returns the devices of the last list that begins before the line.
    fn before(&self, line: usize) -> Vec<String> {
        let mut devices: Vec<String> = Vec::new();
        for (_, name) in self.named.iter().take_while(|(at, _)| *at <= line) {
            match name {
                None => devices.clear(),
                Some(name) => devices.push(super::record::shown(name)),
            }
        }
        devices
    }

    fn setting_before(&self, field: &str, line: usize) -> Option<String> {
        let is_it = |(at, own, _): &&(usize, &str, String)| *at <= line && *own == field;
        self.settings.iter().rev().find(is_it).map(|(_, _, stated)| stated.clone())
    }
}

/// Returns the device that a line of Metal's start-up output names, with or without its number.
fn metal(line: &str) -> Option<String> {
    let (_, name) = line.split_once("GPU name:").or_else(|| {
        let (tool, rest) = line.split_once(": found device: ")?;
        tool.contains("ggml_metal").then_some((tool, rest))
    })?;
    let name = name.trim();
    let inner = name.strip_prefix("MTL").and_then(|rest| rest.split_once(" ("));
    let name = inner.map_or(name, |(_, inner)| inner.trim_end_matches(')')).trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns the device that a line of llama.cpp's start-up output names, for CUDA, `ROCm`, Vulkan and SYCL.
fn device(line: &str) -> Option<String> {
    let numbered = |line: &str| -> Option<String> {
        let (number, rest) = line.strip_prefix("Device ")?.split_once(": ")?;
        number.parse::<u32>().ok()?;
        Some(rest.split(", ").next()?.trim().to_owned())
    };
    let vulkan = |line: &str| -> Option<String> {
        let (number, rest) = line.strip_prefix("ggml_vulkan: ")?.split_once(" = ")?;
        number.trim().parse::<u32>().ok()?;
        Some(rest.split(" | ").next()?.split(" (").next()?.trim().to_owned())
    };
    let said = |line: &str| {
        let plain = line.trim_matches(['*', '#', ' ', '-']).replace("**", "");
        let (name, value) = plain.split_once(':')?;
        let is = matches!(name.trim().to_lowercase().as_str(), "hardware" | "gpu" | "device" | "machine");
        (is && !value.contains('|')).then(|| value.split('(').next().unwrap_or_default().trim().to_owned())
    };
    numbered(line).or_else(|| vulkan(line)).or_else(|| said(line)).filter(|name| !name.is_empty())
}

fn csv(file: &TextFile, text: &str) -> Result<Vec<Record>, FileError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let fault = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let sentence = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("this row has {len} cells, the header {expected_len}")
            }
            _ => "this is not CSV that can be read".to_owned(),
        };
        let place = Place { line: usize::try_from(line).unwrap_or(1).max(1), column: 1 };
        FileError::at(&file.name, &file.text, place, 1, sentence)
    };
    let names: Vec<String> = reader.headers().map_err(|error| fault(&error))?.iter().map(str::to_owned).collect();
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| fault(&error))?;
        let line = row.position().map_or(1, |place| usize::try_from(place.line()).unwrap_or(1));
        let fields = names.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
        records.push(Record { line, fields, ..Record::default() });
    }
    Ok(records)
}
