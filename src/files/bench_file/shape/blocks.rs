//! Blocks of names and values that tools print: serving benchmarks of `vLLM` and `SGLang`, `ollama --verbose`, mlx-lm.

use super::super::record::Record;

/// The printed names of serving benchmarks and the names of the same fields in JSON.
const SERVING: &[(&str, &str)] = &[
    ("Successful requests", "completed"),
    ("Failed requests", "failed"),
    ("Maximum request concurrency", "max_concurrency"),
    ("Max request concurrency", "max_concurrency"),
    ("Request rate configured (RPS)", "request_rate"),
    ("Traffic request rate", "request_rate"),
    ("Backend", "backend"),
    ("Benchmark duration (s)", "duration"),
    ("Total input tokens", "total_input_tokens"),
    ("Total generated tokens", "total_output_tokens"),
    ("Output token throughput (tok/s)", "output_throughput"),
    ("Mean TTFT (ms)", "mean_ttft_ms"),
    ("Median TTFT (ms)", "median_ttft_ms"),
    ("Mean TPOT (ms)", "mean_tpot_ms"),
    ("Accept length", "accept_length"),
    ("Acceptance length", "spec_decode_acceptance_length"),
    ("Acceptance rate (%)", "spec_decode_acceptance_rate"),
];

/// The printed names of ollama and the field names that records use.
const GENERATED: &[(&str, &str)] = &[
    ("prompt eval count", "prompt_eval_count"),
    ("prompt eval rate", "prompt_eval_rate"),
    ("eval count", "eval_count"),
    ("eval rate", "eval_rate"),
];

/// Reads the blocks of a text as records.
pub(super) fn records(text: &str) -> Vec<Record> {
    let (mut records, mut mlx) = (Vec::new(), Mlx::default());
    let mut serving: Option<Record> = None;
    let mut ollama: Option<Record> = None;
    let mut model: Option<String> = None;
    let mut devices: Option<String> = None;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        model = named_model(line).or(model);
        devices = devices_of_server(line).or(devices);
        if line.contains("Serving Benchmark Result") {
            records.extend(serving.take());
            let named = model.iter().map(|model| ("model_id".to_owned(), model.clone()));
            let spread = devices.iter().map(|count| ("tensor_parallel_size".to_owned(), count.clone()));
            serving = Some(Record { line: at + 1, fields: named.chain(spread).collect(), ..Record::default() });
            continue;
        }
        records.extend(mlx.line(at + 1, line, model.as_deref()));
        let Some((name, value)) = line.split_once(':') else {
            if line.starts_with("====") {
                records.extend(serving.take());
            }
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        if let (Some(record), Some((_, field))) = (&mut serving, SERVING.iter().find(|(own, _)| *own == name)) {
            record.fields.push(((*field).to_owned(), value.to_owned()));
        } else if let Some((_, field)) = GENERATED.iter().find(|(own, _)| *own == name) {
            // The value is a number with a unit.
            let number = value.split_whitespace().next().unwrap_or_default().to_owned();
            if *field == "prompt_eval_count" {
                records.extend(ollama.take());
            }
            let named = || model.iter().map(|model| ("model".to_owned(), model.clone())).collect();
            let record = ollama.get_or_insert_with(|| Record { line: at + 1, fields: named(), ..Record::default() });
            record.fields.push(((*field).to_owned(), number));
            if *field == "eval_rate" {
                records.extend(ollama.take());
            }
        }
    }
    records.extend(serving.into_iter().chain(ollama));
    records
}

/// Returns the model that a command line or vLLM's list of arguments names.
fn named_model(line: &str) -> Option<String> {
    let quoted = || line.strip_prefix("Namespace(")?.split_once("model='")?.1.split('\'').next();
    let flag = || line.split_once("--model")?.1.trim_start_matches(['=', ' ']).split_whitespace().next();
    let run = || line.split_once("ollama run ")?.1.split_whitespace().find(|word| !word.starts_with('-'));
    let name = quoted().or_else(flag).or_else(run)?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns the number of devices over which a command line or vLLM's list of arguments splits the model.
fn devices_of_server(line: &str) -> Option<String> {
    const NAMES: [&str; 4] = ["--tensor-parallel-size", "tensor_parallel_size=", "--tp-size", "--tp "];
    let (_, rest) = NAMES.iter().find_map(|name| line.split_once(name))?;
    let rest = rest.trim_start_matches(['=', ' ']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The lines of mlx-lm: `benchmark` prints settings and averages, `generate` one line for the prompt and one for the
/// answer.
#[derive(Default)]
struct Mlx {
    settings: Vec<(String, String)>,
    prompt: Option<(String, String)>,
}

impl Mlx {
    fn line(&mut self, number: usize, line: &str, model: Option<&str>) -> Option<Record> {
        let pairs = |text: &str| -> Vec<(String, String)> {
            let pairs = text.trim_end_matches('.').split(", ").filter_map(|pair| pair.split_once('='));
            pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
        };
        let model = || model.map(|model| ("model".to_owned(), model.to_owned()));
        if let Some(settings) = line.strip_prefix("Timing with ") {
            self.settings = pairs(settings);
        } else if let Some(averages) = line.strip_prefix("Averages: ") {
            let mut fields = pairs(averages);
            fields.extend(self.settings.iter().cloned().chain(model()));
            return Some(Record { line: number, fields, ..Record::default() });
        } else if let Some(pair) = line.strip_prefix("Prompt: ").and_then(tokens) {
            self.prompt = Some(pair);
        } else if let Some((count, rate)) = line.strip_prefix("Generation: ").and_then(tokens) {
            let (prompt, prompt_rate) = self.prompt.take()?;
            let named = |name: &str, value: String| (name.to_owned(), value);
            let mut fields = vec![
                named("prompt_tps", prompt_rate),
                named("generation_tps", rate),
                named("prompt_tokens", prompt),
                named("generation_tokens", count),
            ];
            fields.extend(model());
            return Some(Record { line: number, fields, ..Record::default() });
        }
        None
    }
}

/// Splits `11 tokens, 53.7 tokens-per-sec` into its two numbers.
fn tokens(text: &str) -> Option<(String, String)> {
    let (count, rate) = text.split_once(" tokens, ")?;
    Some((count.trim().to_owned(), rate.strip_suffix(" tokens-per-sec")?.trim().to_owned()))
}
