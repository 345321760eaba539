//! Tests of exports: equal bytes in every run, well-formed output, and no text of a deck that is interpreted as markup.

use std::path::Path;

use serde_json::Value;
use whichbox::cmd::exporters::{EXPORTERS, exporter};
use whichbox::ui::present::deck::{DECKS, Deck, Known, find};
use whichbox::ui::view::panels::panel_ids;

use super::ask::catalog;
use super::program::{run, run_in};

/// A text that each format could interpret as more than text.
const HOSTILE: &str = "=1+1 | <script>alert(1)</script> & \\\"quotes\\\" [x](javascript:x) `c` *b*";

fn deck(name: &str) -> Deck {
    find(name, Known { catalog: catalog(), panels: &panel_ids() }).expect(name).deck
}

fn hostile(directory: &Path) -> Deck {
    let path = directory.join("hostile.ron");
    let text = format!(
        "Deck(schema: 1, title: \"{HOSTILE}\", steps: [(title: \"{HOSTILE}\", notes: \"{HOSTILE}\"), (set: {{\"concurrency\": 4}})])"
    );
    std::fs::write(&path, text).expect("a file");
    deck(path.to_str().expect("a name"))
}

fn written(ending: &str, deck: &Deck, notes: bool) -> String {
    exporter(ending).expect(ending).export(catalog(), deck, notes).expect(ending)
}

/// Returns the elements of XML or HTML without texts, and asserts that they are nested correctly.
fn elements(text: &str) -> Vec<String> {
    let void = ["meta", "br", "!DOCTYPE"];
    let (mut open, mut seen) = (Vec::new(), Vec::new());
    for part in text.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("not closed: {part}"));
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default().to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_ref(), Some(&name), "closed in order: {tag}");
        } else if !tag.ends_with('/') && !void.contains(&name.as_str()) {
            open.push(name.clone());
        }
        seen.push(name);
    }
    assert_eq!(open, Vec::<String>::new(), "all closed");
    seen
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    for exporter in EXPORTERS {
        for (name, _) in DECKS {
            let first = exporter.export(catalog(), &deck(name), true).expect(name);
            assert_eq!(first, exporter.export(catalog(), &deck(name), true).expect(name), "{}", exporter.ending);
            assert!(first.len() > 1000 && first.ends_with('\n'), "{}", exporter.ending);
        }
    }
}

#[test]
fn notes_are_told_only_where_they_are_asked_for() {
    let deck = deck("bottleneck");
    for ending in ["md", "html", "json"] {
        assert!(written(ending, &deck, true).contains("Whoever promises 7"), "{ending}");
        assert!(!written(ending, &deck, false).contains("Whoever promises 7"), "{ending}");
    }
}

#[test]
fn json_has_the_answer_of_every_machine_by_the_contract_s_fields() {
    let deck = deck("levers");
    let json: Value = serde_json::from_str(&written("json", &deck, false)).expect("JSON");
    let steps = json["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), deck.steps.len());
    let machine = &steps[0]["machines"][0];
    let same: Value = serde_json::from_str(&run("estimate dense-70b-4bit --output json").out).expect("JSON");
    assert_eq!(machine, &same[0], "as `estimate` answers");
}

#[test]
fn csv_has_a_row_per_step_machine_and_figure() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = written("csv", &hostile(directory.path()), true);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("as wide as the header")).collect();
    assert_eq!(rows.len() % (2 * 3), 0);
    assert!(rows.iter().all(|row| !row[1].starts_with('=')), "no formula");
    let speed = rows.iter().find(|row| &row[6] == "decode.expected").expect("a row");
    let value = |at: usize| speed[at].parse::<f64>().expect("a number");
    assert!(value(8) < value(7) && value(7) < value(9));
    assert!(!speed[11].is_empty() && !speed[12].is_empty(), "with basis and sources");
}

#[test]
fn a_band_is_in_the_unit_of_its_figure() {
    for (name, _) in DECKS {
        let text = written("csv", &deck(name), false);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut bands = 0;
        for row in reader.records().map(|row| row.expect("as wide as the header")).filter(|row| !row[8].is_empty()) {
            let number = |at: usize| row[at].parse::<f64>().expect("a number");
            assert!(number(8) <= number(7) && number(7) <= number(9), "{name}: {row:?}");
            bands += 1;
        }
        assert!(bands > 0, "{name}");
    }
}

/// Returns the right end of every text of a picture, by the mean width of letters, with the text.
fn ends(svg: &str) -> Vec<(f64, &str)> {
    let of = |part: &str, name: &str| {
        let value = part.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"')).expect("there").0;
        value.to_owned()
    };
    let end = |part| {
        let (tag, rest): (&str, &str) = str::split_once(part, '>').expect("closed");
        let words = rest.split_once('<').expect("closed").0;
        let number = |name| of(tag, name).parse::<f64>().expect("a number");
        if tag.contains("textLength=") {
            // A text of a panel states its length, in the coordinates of the panel.
            return (number(" x") + number("textLength"), words);
        }
        let letter = number("font-size") * if of(tag, "font-weight") == "bold" { 0.61 } else { 0.53 };
        (number(" x") + letter * words.chars().count() as f64, words)
    };
    svg.split("<text").skip(1).map(end).collect()
}

#[test]
fn no_text_of_a_picture_leaves_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("long.ron");
    let title = "a title of many words ".repeat(8);
    std::fs::write(&path, format!("Deck(schema: 1, steps: [(title: \"{title}\"), (title: \"{}\")])", "x".repeat(150)))
        .expect("a file");
    let long = deck(path.to_str().expect("a name"));
    for deck in DECKS.iter().map(|(name, _)| deck(name)).chain([long]) {
        let svg = written("svg", &deck, false);
        let texts = ends(&svg);
        assert!(texts.len() > 10);
        for (end, words) in texts {
            assert!(end <= 640.0, "{words} ends at {end:.0}");
        }
    }
}

#[test]
fn what_does_not_fit_is_told_beside_its_bar() {
    let svg = written("svg", &deck("bottleneck"), false);
    assert_eq!((svg.matches(">133 GiB<").count(), svg.matches(">✗ does not fit").count()), (3, 3));
}

#[test]
fn a_grey_print_tells_the_answer_from_those_that_pass_and_fail_and_shows_the_limit() {
    let deck = deck("which-box");
    let svg = written("svg", &deck, false);
    let steps: Vec<&str> =
        svg.split("<g transform=\"translate(0 ").skip(1).filter(|part| part.contains("whichbox")).collect();
    assert_eq!(steps.len(), deck.steps.len());
    let mut hundreds: Vec<&str> = Vec::new();
    for (step, asked) in steps.iter().zip(&deck.steps) {
        assert_eq!(step.matches("✓ the answer").count(), 1, "{}", asked.title);
        let bars = step.split("<rect ").filter(|bar| bar.contains("stroke-width=\"2\""));
        let blank = bars.filter(|bar| bar.contains("fill=\"#ffffff\" stroke=")).count();
        assert!(blank <= step.matches(">✗ ").count(), "{}", asked.title);
        if asked.headline.id == "decode.expected" {
            let texts =
                step.split("<text ").filter(|text| text.contains(">100</text>") && !text.contains("textLength"));
            hundreds.extend(texts.filter_map(|text| text.split(' ').next()));
        }
    }
    assert!(steps.iter().filter(|step| step.contains(">limit ")).count() >= 4);
    assert!(hundreds.len() >= 3, "{hundreds:?}");
    hundreds.dedup();
    assert_eq!(hundreds.len(), 1, "one axis in all steps: {hundreds:?}");
}

#[test]
fn markup_is_well_formed_and_foreign_text_stays_text() {
    let directory = tempfile::tempdir().expect("a directory");
    let hostile = hostile(directory.path());
    for deck in DECKS.iter().map(|(name, _)| deck(name)).chain([hostile.clone()]) {
        let svg = written("svg", &deck, true);
        assert!(svg.starts_with("<svg ") && !elements(&svg).contains(&"script".to_owned()));
        let html = written("html", &deck, true);
        let (before, rest) = html.split_once("<script>").expect("its own script");
        let after = rest.split_once("</script>").expect("closed").1;
        let (head, body) = before.split_once("<style>").expect("its own style");
        let body = body.split_once("</style>").expect("closed").1;
        let seen = elements(&format!("{head}{body}{after}"));
        assert!(!seen.contains(&"script".to_owned()), "only one script");
        let outside = html.matches("src=").count() + html.matches("@import").count() + html.matches("<link").count();
        assert_eq!(outside, 0, "it needs nothing else");
        assert!(!html.contains("href=\"javascript"));
    }
    let markdown = written("md", &hostile, true);
    assert!(markdown.contains("\\<script\\>") && markdown.contains("\\[x\\]"), "{markdown}");
}

#[test]
fn a_handout_tells_verdict_changes_tables_and_dated_sources() {
    let markdown = written("md", &deck("which-box"), false);
    for part in [
        "# Which box for which job",
        "## 3. ",
        "Least speed: no limit → 60 tok/s",
        "| bandwidth | 273 GB/s vendor",
        "## Sources",
    ] {
        assert!(markdown.contains(part), "{part} is missing");
    }
    let sources = markdown.split("## Sources").nth(1).expect("sources");
    assert!(
        sources.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).all(|line| line.contains("20"))
    );
}

#[test]
fn a_handout_is_as_it_was_accepted() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let handout = written("md", &deck("gpt-oss-120b"), true);
    // The footer contains the catalog's version, which changes with facts that are not in the handout.
    let (told, foot) = handout.split_once("\nWritten by whichbox from its catalog ").expect("a foot");
    assert!(foot.contains(&catalog().version().to_string()), "{foot}");
    settings.bind(|| insta::assert_snapshot!("handout", told));
}

#[test]
fn the_command_writes_a_file_once_and_says_what_it_cannot_write() {
    let directory = tempfile::tempdir().expect("a directory");
    let export = |arguments: &[&str]| run_in(directory.path(), &[&["export"], arguments].concat());
    assert_eq!(export(&["gpt-oss-120b", "--to", "a.md"]).code, 0);
    let again = export(&["gpt-oss-120b", "--to", "a.md"]);
    assert_eq!(again.code, 74);
    assert!(again.err.contains("--force"), "{again:?}");
    assert_eq!(export(&["gpt-oss-120b", "--to", "a.md", "--force"]).code, 0);
    let unknown = export(&["gpt-oss-120b", "--to", "a.pdf"]);
    assert!(unknown.code == 2 && unknown.err.contains(".html"), "{unknown:?}");
    assert_eq!(export(&["gpt-oss-120b", "--to", "missing/a.md"]).code, 74);
    assert_eq!(export(&["botleneck", "--to", "b.md"]).code, 2);
    assert!(!directory.path().join("b.md").exists());
}
