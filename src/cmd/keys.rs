//! `whichbox keys`: the keys of the explorer and the knobs, from the tables that the program uses.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure};
use crate::model::scenario::knob::KNOBS;
use crate::ui::input::{ACTIONS, Keymap};
use crate::ui::settings::commented;
use crate::ui::view::theme::THEMES;

/// Arguments of `keys`.
#[derive(Args, Clone, Debug)]
pub struct KeysArgs {
    /// The knobs that `--set` takes, instead of the keys
    #[arg(long)]
    knobs: bool,
    /// The whole settings file with every key, to be changed and kept
    #[arg(long, conflicts_with = "knobs")]
    settings: bool,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(args: &KeysArgs, out: &mut Stdout) -> Result<u8, Failure> {
    if args.settings {
        let themes: Vec<&str> = THEMES.iter().map(|(name, _)| *name).collect();
        out.write_all(commented(&Keymap::default(), &themes).as_bytes())?;
        return Ok(DONE);
    }
    let mut rows: Vec<Value> = Vec::new();
    let mut table;
    if args.knobs {
        table = Table::of(["knob", "what it sets"]);
        for knob in KNOBS {
            table.push([knob.id.to_owned(), knob.help.to_owned()]);
            rows.push(json!({"id": knob.id, "label": knob.label, "help": knob.help, "slider": knob.slider}));
        }
    } else {
        table = Table::of(["keys", "where", "what they do"]);
        for row in ACTIONS {
            let contexts: Vec<String> =
                row.contexts.iter().map(|context| format!("{context:?}").to_lowercase()).collect();
            table.push([row.keys.join(" "), contexts.join(", "), row.help.to_owned()]);
            rows.push(json!({"id": row.id, "keys": row.keys, "contexts": contexts, "help": row.help}));
        }
    }
    write(out, args.output, &Value::Array(rows), &table)?;
    Ok(DONE)
}
