//! The pages under assets/docs say what the program says.
//!
//! Parts that are made from the program stand between `<!-- name -->` and `<!-- end -->`. With `WHICHBOX_WRITE_DOCS` set
//! they are written anew instead of being compared.

use std::fmt::Write;
use std::path::Path;

use whichbox::estimate::formula::FORMULAS;

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
