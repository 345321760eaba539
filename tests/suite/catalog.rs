//! The catalog: the built-in facts pass every rule and hold what was known.

use whichbox::catalog::{Catalog, check};

#[test]
fn the_built_in_catalog_passes_every_rule() {
    let catalog = Catalog::builtin().expect("the built-in files can be read");
    let problems: Vec<String> = check::problems(&catalog).iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
