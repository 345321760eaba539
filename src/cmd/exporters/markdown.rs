//! The Markdown export: a handout.

use std::fmt::Write;

use super::page::{HeadlineFigure, Page, PageStep, Standing};

pub(super) fn write(page: &Page<'_>) -> String {
    let mut out = String::new();
    line(&mut out, &format!("# {}", escaped(page.title)));
    for (at, step) in page.steps.iter().enumerate() {
        section(&mut out, at, step);
    }
    line(&mut out, "## Sources");
    for (at, source) in page.sources.iter().enumerate() {
        let url = source.url.as_ref().map_or(String::new(), |url| format!(", <{url}>"));
        let _ = writeln!(out, "{}. {}, {}{url} (`{}`)", at + 1, escaped(&source.title), source.date, source.id);
    }
    let _ = writeln!(
        out,
        "\nWritten by whichbox from its catalog {}. A ceiling is no speed; bands say how far off.",
        page.version
    );
    out
}

fn section(out: &mut String, at: usize, page: &PageStep<'_>) {
    let step = page.step;
    line(out, &format!("## {}. {}", at + 1, escaped(&step.title)));
    for change in &step.changes {
        let _ = writeln!(out, "- {}: {} → {}", change.what, escaped(&change.from), escaped(&change.to));
    }
    if !step.changes.is_empty() {
        out.push('\n');
    }
    line(out, &format!("**{}** {}", escaped(&page.verdict), escaped(&page.reasons)));
    let headline: Vec<String> = page
        .headline
        .iter()
        .map(|machine| format!("{}: {}{}", machine.machine, machine.text, standing(machine)))
        .collect();
    line(out, &format!("{}: {}.", step.headline.label, escaped(&headline.join("; "))));
    line(out, page.table.markdown().trim_end());
    if !page.notes.is_empty() {
        let quoted: Vec<String> = page.notes.lines().map(|line| format!("> {}", escaped(line))).collect();
        line(out, &quoted.join("\n"));
    }
}

/// Writes a paragraph.
fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}\n");
}

/// Returns text in which Markdown's special characters are escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns a remark in brackets on the answer and on machines that miss a limit; empty for any other machine.
fn standing(machine: &HeadlineFigure) -> String {
    match &machine.standing {
        Standing::Winner => " (the answer)".to_owned(),
        Standing::Passes => String::new(),
        Standing::Fails(why) => format!(" ({why})"),
    }
}
