//! The manual page and the completion scripts, with all commands and all ids that flags accept.

use std::io::{self, Write};

use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::model::answer::FIGURES;
use crate::model::catalog::Catalog;
use crate::model::scenario::SCENARIOS;
use crate::ui::view::theme::THEMES;

/// The exit codes with their meanings.
const EXIT_CODES: &[(&str, &str)] = &[
    ("0", "done"),
    ("1", "the answer is no: it fits nowhere, nothing can run it, no box passes, an `expect` fails"),
    ("2", "bad input, an unknown id or usage"),
    ("74", "a file could not be written"),
    ("101", "a defect"),
    ("128+n", "ended by signal n"),
];

/// The files that the program reads and writes.
const FILES: &[(&str, &str)] = &[
    ("$XDG_CONFIG_HOME/whichbox/catalog/*.ron", "catalog entries of your own, added or replacing by id"),
    ("$XDG_CONFIG_HOME/whichbox/settings.ron", "settings and keys"),
    ("$XDG_STATE_HOME/whichbox/", "unsaved work, offered at the next start"),
];

/// The environment variables that the program reads.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("WHICHBOX_CONFIG", "the settings file to read instead"),
    ("WHICHBOX_THEME", "the theme, as for --theme"),
    ("NO_COLOR", "no colours where it is set"),
    ("SOURCE_DATE_EPOCH", "the day against which prices age, in seconds since 1970; the present day by default"),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR", "directories of settings, state and presentations"),
];

/// Writes the manual page: the commands with their flags, then exit codes, files, environment and keys.
pub(super) fn write_page(mut command: Command, out: &mut impl Write) -> io::Result<()> {
    command.build();
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    writeln!(text, ".SH COMMANDS")?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        writeln!(text, ".SS {}", escaped(sub.get_name()))?;
        writeln!(text, ".nf")?;
        for line in sub.clone().term_width(76).render_long_help().to_string().lines() {
            writeln!(text, "{}", escaped(line))?;
        }
        writeln!(text, ".fi")?;
    }
    list(&mut text, "EXIT STATUS", EXIT_CODES)?;
    list(&mut text, "FILES", FILES)?;
    list(&mut text, "ENVIRONMENT", ENVIRONMENT)?;
    writeln!(text, ".SH KEYS")?;
    writeln!(text, "The explorer shows its keys under \\fB?\\fR; \\fBwhichbox keys\\fR prints them all.")?;
    writeln!(text, ".SH VERSION\nwhichbox {}", env!("CARGO_PKG_VERSION"))?;
    out.write_all(&text)
}

fn list(text: &mut Vec<u8>, title: &str, rows: &[(&str, &str)]) -> io::Result<()> {
    writeln!(text, ".SH \"{title}\"")?;
    rows.iter().try_for_each(|(name, about)| writeln!(text, ".TP\n\\fB{}\\fR\n{}", escaped(name), escaped(about)))
}

/// Returns a line with roff's special characters escaped.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

/// Returns the completion script for a shell, with the catalog's ids and the names of themes, scenarios and figures.
pub(super) fn completions(command: Command, shell: Shell, catalog: &Catalog) -> Vec<u8> {
    let mut script = Vec::new();
    let mut command = with_ids(command, catalog);
    clap_complete::generate(shell, &mut command, "whichbox", &mut script);
    if shell == Shell::Fish {
        script.extend(fish_words(&command).into_bytes());
    }
    script
}

/// Returns the completion lines for positional arguments, which the generated script for fish lacks.
fn fish_words(command: &Command) -> String {
    let words = |command: &Command| {
        let values = command.get_positionals().flat_map(clap::Arg::get_possible_values);
        values.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(" ")
    };
    let line = |when: &str, words: String| format!("complete -c whichbox -n \"{when}\" -a \"{words}\"\n");
    let first = line("__fish_whichbox_needs_command", words(command));
    let rest = command.get_subcommands().filter(|sub| sub.get_positionals().next().is_some());
    let rest = rest.map(|sub| line(&format!("__fish_whichbox_using_subcommand {}", sub.get_name()), words(sub)));
    std::iter::once(first).chain(rest).collect()
}

/// Returns the command with the accepted words of each argument, found by the argument's name.
fn with_ids(command: Command, catalog: &Catalog) -> Command {
    let mut command = command.mut_args(|argument| {
        let words = words(argument.get_id().as_str(), catalog);
        if words.is_empty() { argument } else { argument.value_parser(PossibleValuesParser::new(words)) }
    });
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |sub| with_ids(sub, catalog));
    }
    command
}

/// Returns the accepted words of an argument; empty if it takes numbers or files.
fn words(argument: &str, catalog: &Catalog) -> Vec<String> {
    let all = |ids: &mut dyn Iterator<Item = &String>| ids.cloned().collect::<Vec<String>>();
    let with = |extra: &[&str], ids: Vec<String>| extra.iter().map(|word| (*word).to_owned()).chain(ids).collect();
    match argument {
        "machine" => all(&mut catalog.machines.iter().map(|machine| &machine.id)),
        "model" => all(&mut catalog.models.iter().map(|model| &model.id)),
        "format" => with(&["same", "best", "auto"], all(&mut catalog.formats.iter().map(|format| &format.id))),
        "runtime" => with(&["auto"], all(&mut catalog.runtimes.iter().map(|runtime| &runtime.id))),
        "kv_format" => all(&mut catalog.kv_formats.iter().map(|format| &format.id)),
        "needs" => {
            let mut words = all(&mut catalog.capabilities.iter().map(|capability| &capability.capability));
            words.sort_unstable();
            words.dedup();
            words
        }
        "theme" => THEMES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        "scenario" | "other" | "before" | "after" => SCENARIOS.iter().map(|(name, _)| (*name).to_owned()).collect(),
        "figure" => FIGURES.iter().map(|figure| figure.id.to_owned()).collect(),
        _ => Vec::new(),
    }
}
