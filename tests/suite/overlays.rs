//! Tests of files of facts that commands add to the catalog, list and remove.

use std::path::Path;

use serde_json::Value;

use super::program::{Ran, run_in};

const PRICES: &str = "machine,sold_as,date,price,currency,kind,source\n\
                      dgx-spark,DGX Spark,2026-11-28,3999,USD,street,a shop\n\
                      rtx-pro-6000,RTX PRO 6000,2026-11-28,1000,USD,street,a shop\n";

/// A home directory that contains a catalog directory.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(home.path().join("own")).expect("a directory");
        Self(home)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("a file");
    }

    fn has(&self, name: &str) -> bool {
        self.0.path().join("own").join(name).exists()
    }

    fn run(&self, line: &str) -> Ran {
        let words: Vec<&str> = line.split_whitespace().chain(["--catalog", "own"]).collect();
        run_in(self.0.path(), &words)
    }

    fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --output json"));
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}"))
    }

    fn price(&self) -> f64 {
        self.json("estimate --machine dgx-spark")[0]["cost"]["price_usd"].as_f64().expect("a price")
    }
}

#[test]
fn a_price_in_a_table_is_laid_over_the_catalog_and_taken_back() {
    let home = Home::new();
    home.write("shop.csv", PRICES);
    let asked = home.run("catalog add shop.csv");
    assert_eq!(asked.code, 1, "nothing is changed without being told to: {asked:?}");
    assert!(asked.err.contains("nothing was changed") && !home.has("shop.ron"), "{asked:?}");
    assert!(
        asked.out.contains("price.usd.value") && asked.out.contains("6950") && asked.out.contains("3999"),
        "{asked:?}"
    );
    assert_eq!(home.price(), 6950.0);

    let added = home.json("catalog add shop.csv --yes");
    let changes = added["changes"].as_array().expect("changes");
    let value = changes.iter().find(|change| change["field"] == "price.usd.value").expect("the price changes");
    assert_eq!((value["id"].as_str(), value["before"].as_str()), (Some("dgx-spark"), Some("6950.0")));
    assert!(changes.iter().any(|change| change["list"] == "prices" && change["field"] == ""), "{added}");
    // With a computer around it, a card at $1,000 is cheaper than the laptop that wins otherwise.
    let winners = added["winners"].as_array().expect("winners");
    assert!(
        winners.iter().any(|winner| winner["scenario"] == "default" && winner["after"] == "rtx-pro-6000"),
        "{added}"
    );
    assert!(home.has("shop.ron"));
    assert_eq!(home.price(), 3999.0);

    let listed = home.json("catalog list");
    assert_eq!((listed[0]["id"].as_str(), listed[0]["state"].as_str()), (Some("shop.ron"), Some("ok")), "{listed}");
    let left = home.run("catalog remove shop.csv");
    assert!(left.code == 1 && home.has("shop.ron"), "{left:?}");
    let removed = home.run("catalog remove shop --yes");
    assert!(removed.code == 0 && removed.out.contains("6950") && !home.has("shop.ron"), "{removed:?}");
    assert_eq!(home.price(), 6950.0);
}

#[test]
fn a_file_of_entries_is_checked_before_it_is_laid_over() {
    let home = Home::new();
    let entry = |bits: &str| {
        format!(
            "Catalog(sources: [(id: \"my-build\", title: \"Our build\", date: \"2026-11-20\")],
             kv_formats: [(id: \"kv-q8_0\", name: \"8-bit KV\", bits: (value: {bits}, basis: Measured),
             runtimes: [\"llama.cpp\"], source: [\"my-build\"], date: \"2026-11-20\")])"
        )
    };
    home.write("build.ron", &entry("-1"));
    let refused = home.run("catalog add build.ron --yes");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
    assert!(
        refused.err.contains("bits") && refused.err.contains("below zero") && !home.has("build.ron"),
        "{refused:?}"
    );
    home.write("build.ron", &entry("9"));
    let added = home.run("catalog add build.ron --yes");
    assert!(added.code == 0 && added.out.contains("bits.value") && home.has("build.ron"), "{added:?}");
    home.write("build.ron", &entry("9.5"));
    let again = home.run("catalog add build.ron --yes");
    assert!(again.code == 0 && again.out.contains("9.5"), "its own file is replaced: {again:?}");
    home.write("note.csv", "colour,shape\nred,round\n");
    let odd = home.run("catalog add note.csv --yes");
    assert!(odd.code == 2 && odd.err.contains("note.csv:1:"), "{odd:?}");
    assert_eq!(home.run("catalog add missing.csv").code, 2);
}

#[test]
fn a_file_by_hand_is_kept_and_a_faulty_one_can_be_removed() {
    let home = Home::new();
    home.write("own/mine.ron", "Catalog()");
    let kept = home.run("catalog remove mine --yes");
    assert!(kept.code == 2 && kept.err.contains("written by hand") && home.has("mine.ron"), "{kept:?}");
    home.write("mine.ron", "Catalog(sources: [(id: \"a\", title: \"A\", date: \"2026\")])");
    let over = home.run("catalog add mine.ron --yes");
    assert!(over.code == 74 && over.err.contains("written by hand"), "{over:?}");
    home.write("own/broken.ron", "// saved by whichbox\nCatalog(machines: [(id: 7)])");
    assert_eq!(home.run("estimate").code, 2, "the faulty file stops every other command");
    let listed = home.run("catalog list");
    assert!(listed.code == 1 && listed.out.contains("broken.ron") && listed.out.contains("faulty"), "{listed:?}");
    let removed = home.run("catalog remove broken --yes");
    assert!(removed.code == 0 && !home.has("broken.ron"), "{removed:?}");
    let unknown = home.run("catalog remove broken");
    assert!(unknown.code == 2 && unknown.err.contains("mine.ron"), "{unknown:?}");
}

#[test]
fn the_catalog_directory_of_the_home_is_made_where_it_is_missing() {
    let home = tempfile::tempdir().expect("a directory");
    std::fs::write(home.path().join("shop.csv"), PRICES).expect("a file");
    let mut command = super::program::whichbox();
    command.current_dir(home.path()).env("XDG_CONFIG_HOME", home.path());
    let status = command.args(["catalog", "add", "shop.csv", "--yes"]).output().expect("a run").status;
    assert_eq!(status.code(), Some(0));
    assert!(Path::new(&home.path().join("whichbox/catalog/shop.ron")).exists());
}
