//! Tests with changed inputs of every kind: each is accepted or refused, and nothing else happens.
//!
//! Each kind is tested for a second, or for `WHICHBOX_FUZZ_SECONDS`. The seed is `WHICHBOX_FUZZ_SEED`, by default 1;
//! the same seed gives the same inputs. A failing input is written to a file, and `WHICHBOX_FUZZ_INPUT` runs such a
//! file again.

mod corpus;
mod mutate;
mod tables;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use mutate::{Original, changed};

/// A time longer than any input takes on a busy machine; an input that reaches it never ends.
const HANG: Duration = Duration::from_secs(60);
/// The number of rounds after which inputs must have been accepted and refused; otherwise the changes are too small or
/// too great.
const ENOUGH: u64 = 300;

/// A kind of input.
struct Kind {
    name: &'static str,
    run: fn(&[u8]) -> bool,
    originals: fn() -> Vec<Original>,
    tokens: &'static [&'static str],
}

#[test]
fn scenarios() {
    fuzz(&Kind { name: "scenarios", run: targets::scenario, originals: corpus::scenarios, tokens: corpus::SCENARIO });
}

#[test]
fn catalogs() {
    fuzz(&Kind { name: "catalogs", run: targets::catalog_file, originals: corpus::catalogs, tokens: corpus::CATALOG });
}

#[test]
fn decks() {
    fuzz(&Kind { name: "decks", run: targets::deck, originals: corpus::decks, tokens: corpus::DECK });
}

#[test]
fn settings() {
    fuzz(&Kind { name: "settings", run: targets::settings, originals: corpus::settings, tokens: corpus::SETTINGS });
}

#[test]
fn models() {
    fuzz(&Kind { name: "models", run: in_little_memory, originals: corpus::models, tokens: corpus::MODEL });
}

#[test]
fn measurements() {
    let (run, originals) = (targets::measurements, corpus::measurements);
    fuzz(&Kind { name: "measurements", run, originals, tokens: corpus::MEASUREMENTS });
}

#[test]
fn fact_tables() {
    fuzz(&Kind { name: "fact tables", run: targets::fact_table, originals: tables::tables, tokens: tables::TABLE });
}

#[test]
fn folders() {
    fuzz(&Kind { name: "folders", run: targets::folder, originals: tables::folders, tokens: tables::FOLDER });
}

#[test]
fn keys() {
    fuzz(&Kind { name: "keys", run: targets::keys, originals: corpus::keys, tokens: corpus::KEYS });
}

/// Runs an input and asserts that it takes little memory, even if a model file states a large size.
fn in_little_memory(data: &[u8]) -> bool {
    if !data.trim_ascii_start().starts_with(b"{") {
        let source = whichbox::files::model_file::Source::memory("x", data.to_vec());
        let used = allocation_counter::measure(|| drop(whichbox::files::model_file::inspect_source(source)));
        assert!(used.bytes_max < (1 << 20) + 8 * data.len() as u64, "{} bytes of memory", used.bytes_max);
    }
    targets::model(data)
}

fn fuzz(kind: &Kind) {
    let variable = |name: &str| std::env::var(format!("WHICHBOX_FUZZ_{name}")).ok();
    if let Some(path) = variable("INPUT") {
        let taken = (kind.run)(&std::fs::read(path).expect("the input"));
        eprintln!("{}: the input is {}", kind.name, if taken { "taken" } else { "refused" });
        return;
    }
    let number = |name, usual| variable(name).map_or(usual, |text| text.parse().expect("a number"));
    let (seed, budget) = (number("SEED", 1), Duration::from_secs(number("SECONDS", 1)));
    let originals = (kind.originals)();
    for original in &originals {
        let taken = tried(kind, &original.bytes, "an original");
        assert!(taken || kind.name == "keys", "{}: an original is refused", kind.name);
    }
    let (start, mut rounds, mut taken) = (Instant::now(), 0, 0);
    while start.elapsed() < budget {
        let input = changed(&originals, kind.tokens, seed, rounds);
        taken += u64::from(tried(kind, &input, &format!("seed {seed}, round {rounds}")));
        rounds += 1;
    }
    eprintln!("{}: seed {seed}, {rounds} rounds in {budget:?}, {taken} taken", kind.name);
    assert!(rounds < ENOUGH || (1..rounds).contains(&taken), "{}: {taken} of {rounds} were taken", kind.name);
}

/// Runs an input, and stores it if it fails or never ends.
fn tried(kind: &Kind, input: &[u8], which: &str) -> bool {
    let keep = || {
        let name = format!("whichbox-fuzz-{}-{}", kind.name, which.replace([' ', ','], "-"));
        let path: PathBuf = std::env::temp_dir().join(name);
        std::fs::write(&path, input).expect("the input is kept");
        eprintln!("{}, {which}: the input is in {}; WHICHBOX_FUZZ_INPUT runs it", kind.name, path.display());
    };
    match with_hang(|| catch_unwind(AssertUnwindSafe(|| (kind.run)(input))), &keep) {
        Ok(taken) => taken,
        Err(panic) => {
            keep();
            resume_unwind(panic)
        }
    }
}

/// Runs a function; if it does not end, stores its input and ends the tests.
fn with_hang<T>(run: impl FnOnce() -> T, keep: &(impl Fn() + Sync)) -> T {
    std::thread::scope(|scope| {
        let (running, ended) = channel::<()>();
        scope.spawn(move || {
            if ended.recv_timeout(HANG) == Err(RecvTimeoutError::Timeout) {
                keep();
                eprintln!("it does not end");
                std::process::abort();
            }
        });
        let result = run();
        drop(running);
        result
    })
}
