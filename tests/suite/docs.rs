//! The pages under assets/docs say what the program says.
//!
//! Parts that are made from the program stand between `<!-- name -->` and `<!-- end -->`. With `WHICHBOX_WRITE_DOCS` set
//! they are written anew instead of being compared.

use std::fmt::Write;
use std::path::Path;

use whichbox::answer::answers;
use whichbox::catalog::Catalog;
use whichbox::estimate::formula::FORMULAS;
use whichbox::scenario::from_str;

/// Holds a made part of a page to `text`.
pub fn hold(page: &str, name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/docs").join(page);
    let whole = std::fs::read_to_string(&path).expect(page);
    let begin = format!("<!-- {name} -->\n");
    let (before, rest) = whole.split_once(&begin).expect("the part's beginning");
    let (there, after) = rest.split_once("<!-- end -->").expect("the part's end");
    if std::env::var_os("WHICHBOX_WRITE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{text}<!-- end -->{after}")).expect(page);
        return;
    }
    assert_eq!(there, text, "{page}: {name}: run the test with WHICHBOX_WRITE_DOCS=1 and read the change");
}

#[test]
fn every_formula_stands_on_the_page_with_its_example() {
    let mut table = "| figure | formula | why | example |\n|---|---|---|---|\n".to_owned();
    for formula in FORMULAS {
        let (inputs, result) = formula.example();
        let letter = |place: usize| char::from(b'a' + place as u8).to_string();
        let text = (0..inputs.len())
            .fold(formula.text().to_owned(), |text, place| text.replace(&format!("{{{place}}}"), &letter(place)));
        let inputs: Vec<String> = inputs.iter().map(f64::to_string).collect();
        let (label, why) = (formula.label(), formula.source());
        writeln!(table, "| {label} | `{text}` | {why} | {} → {result} |", inputs.join(", ")).expect("a string grows");
    }
    hold("estimates.md", "formulas", &table);
}

#[test]
fn the_worked_examples_of_a_catalog_do_what_they_say() {
    let page = include_str!("../../assets/docs/catalog.md");
    let blocks: Vec<&str> = page.split("```ron\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let directory = tempfile::tempdir().expect("a directory");
    for (at, block) in blocks.iter().enumerate() {
        std::fs::write(directory.path().join(format!("{at}.ron")), block).expect("a file");
    }
    let own = Catalog::load(Some(directory.path())).unwrap_or_else(|faulty| panic!("{faulty}"));
    let built_in = Catalog::builtin().expect("the built-in catalog");
    let cache = |catalog: &Catalog, machine: &str| {
        let fields = format!("(schema: 1, machines: [\"{machine}\"], kv_format: \"kv-q8_0\", context: 8192)");
        let scenario = from_str("test", &fields).expect("a scenario");
        let answers = answers(catalog, &scenario).unwrap_or_else(|error| panic!("{error}"));
        answers.machines[0].estimate.expect("an estimate").memory.kv
    };
    assert!(cache(&own, "small-server") > 0.0, "the machine that was added answers");
    let grown = cache(&own, "dgx-spark") / cache(&built_in, "dgx-spark");
    assert!((grown - 9.0 / 8.5).abs() < 1e-9, "8.5 bits became 9: {grown}");
    assert_eq!(own.own.len(), 4, "{:?}", own.own);
}
