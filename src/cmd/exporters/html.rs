//! The HTML export: one self-contained file with all steps, for browsers and printers.

use std::fmt::Write;

use super::page::{Page, PageStep};
use super::svg::{escaped, panel, picture};
use crate::model::answer::{Emphasis, Sheet};
use crate::model::facts::is_web;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Most columns of a table that is printed in letters of the usual size.
const WIDE: usize = 5;

pub(super) fn write(page: &Page<'_>) -> String {
    let title = escaped(page.title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"whichbox\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1>\n<nav><button \
         id=\"back\" type=\"button\">← back</button> <span id=\"place\">{} steps</span> <button id=\"next\" \
         type=\"button\">next →</button></nav></header>\n<main>\n",
        page.steps.len()
    );
    for (at, step) in page.steps.iter().enumerate() {
        section(&mut out, at, step, page);
    }
    out.push_str("</main>\n<footer>\n<h2>Sources</h2>\n<ol>\n");
    for source in &page.sources {
        let title = escaped(&source.title);
        let title = match source.url.as_ref().filter(|url| is_web(url)) {
            Some(url) => format!("<a href=\"{}\">{title}</a>", escaped(url)),
            None => title,
        };
        let _ = writeln!(out, "<li id=\"{}\">{title}, {}</li>", escaped(&source.id), source.date);
    }
    let _ = write!(
        out,
        "</ol>\n<p>Written by whichbox from its catalog {}. A ceiling is no speed; bands say how far off an estimate may \
         be.</p>\n</footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escaped(&page.version)
    );
    out
}

fn section(out: &mut String, at: usize, step: &PageStep<'_>, page: &Page<'_>) {
    let title = escaped(&step.step.title);
    let _ = writeln!(out, "<section id=\"step-{}\">\n<h2><span>{}</span> {title}</h2>", at + 1, at + 1);
    if !step.step.changes.is_empty() {
        out.push_str("<ul class=\"changes\">");
        for change in &step.step.changes {
            let (from, to) = (escaped(&change.from), escaped(&change.to));
            let _ = write!(out, "<li>{}: {from} → <b>{to}</b></li>", escaped(change.what));
        }
        out.push_str("</ul>\n");
    }
    let _ = writeln!(out, "<figure>{}</figure>", picture(step, page));
    if !step.panels.is_empty() {
        out.push_str("<div class=\"panels\">");
        for (title, buffer) in &step.panels {
            let _ = write!(out, "<figure>{}</figure>", panel(title, buffer));
        }
        out.push_str("</div>\n");
    }
    let _ = writeln!(out, "<p><b>{}</b> {}</p>", escaped(&step.verdict), escaped(&step.reasons));
    table(out, &step.table);
    if !step.notes.is_empty() {
        let lines: Vec<String> = step.notes.lines().map(escaped).collect();
        let _ = writeln!(out, "<aside>{}</aside>", lines.join("<br>"));
    }
    out.push_str("</section>\n");
}

fn table(out: &mut String, sheet: &Sheet) {
    let wide = if sheet.columns.len() > WIDE { " class=\"wide\"" } else { "" };
    let _ = write!(out, "<div class=\"scroll\"><table{wide}>\n<thead><tr>");
    for column in &sheet.columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(&column.title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &sheet.rows {
        out.push_str("<tr>");
        for (at, cell) in row.cells.iter().enumerate() {
            let words = escaped(&cell.text);
            if at == 0 {
                let _ = write!(out, "<th scope=\"row\">{words}</th>");
                continue;
            }
            let class = match cell.tone {
                Emphasis::Bad => " class=\"bad\"",
                Emphasis::Warn => " class=\"warn\"",
                _ => "",
            };
            let basis = if cell.basis.is_empty() { String::new() } else { format!(" <i>{}</i>", escaped(&cell.basis)) };
            let _ = write!(out, "<td{class}>{words}{basis}</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}
