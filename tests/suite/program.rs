//! Running the built program without a terminal.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// The date of all runs, 2026-11-29, in seconds since 1970, so that ages of prices equal those on the pages.
const TODAY: &str = "1795910400";

/// The outcome of a run.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Returns a command for the program, with an empty home directory, without a terminal and without colours.
pub fn whichbox() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whichbox"));
    let home = concat!(env!("CARGO_MANIFEST_DIR"), "/no-such-home");
    command.env("HOME", home).env_remove("XDG_CONFIG_HOME").env_remove("WHICHBOX_THEME").env_remove("WHICHBOX_A11Y");
    command.env("SOURCE_DATE_EPOCH", TODAY);
    command.env("TERM", "xterm-256color").env_remove("NO_COLOR").timeout(std::time::Duration::from_secs(60));
    command
}

/// Runs the program with the arguments of a line, split at spaces.
pub fn run(line: &str) -> Ran {
    run_in(Path::new("."), &line.split_whitespace().collect::<Vec<_>>())
}

/// Runs the program in a directory.
pub fn run_in(directory: &Path, arguments: &[&str]) -> Ran {
    let output = whichbox().current_dir(directory).args(arguments).output().expect("a run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().unwrap_or_else(|| panic!("{arguments:?} was ended by a signal"));
    Ran { code, out: text(output.stdout), err: text(output.stderr) }
}

/// Runs a command with JSON output and parses its answer.
pub fn json(line: &str) -> Value {
    let ran = run(&format!("{line} --output json"));
    assert!(ran.code < 2 && ran.err.is_empty(), "{line}: {ran:?}");
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{line}: {error}"))
}

/// Returns the number at a path such as `/0/decode/ceiling_tok_s`.
pub fn number(value: &Value, path: &str) -> f64 {
    let found = value.pointer(path).unwrap_or_else(|| panic!("there is no {path} in {value}"));
    found.as_f64().unwrap_or_else(|| panic!("{path} is {found}"))
}
