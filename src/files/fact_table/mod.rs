//! Tables of facts in CSV as entries of a catalog: machines, models, prices, rents, prices of APIs and electricity.
//!
//! A table is recognised by its columns. For an entry of the catalog, an empty cell or a missing column leaves the
//! catalog's fact unchanged; for a new entry the fact is unknown. Each distinct text in a source column becomes a
//! source.

mod cite;
mod machine;
mod market;
mod model;
mod row;

use serde::Serialize;

use crate::model::catalog::Catalog;
use crate::model::facts::{ApiPrice, CloudPrice, Date, Electricity, Machine, Model, PricePoint, Source};
use crate::model::ron_file::{self, FileError, Place, TextFile, normalised, visible};
use cite::Citations;
use row::Row;

/// The entries of a table, in the structure of a catalog file.
#[derive(Default, Serialize)]
struct Facts {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<Source>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    machines: Vec<Machine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    models: Vec<Model>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prices: Vec<PricePoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cloud: Vec<CloudPrice>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    api_prices: Vec<ApiPrice>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    electricity: Vec<Electricity>,
}

/// The state of reading a table: the catalog that the table changes, today's date, and the entries so far.
struct Reader<'c> {
    catalog: &'c Catalog,
    today: Date,
    citations: Citations,
    facts: Facts,
    left_out: Vec<String>,
}

/// The content of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactTable {
    /// Entries of the table as the text of a catalog file.
    pub text: String,
    /// Rows that were left out, each as a line number and a reason.
    pub left_out: Vec<String>,
}

impl Reader<'_> {
    /// Records that a row is left out, with the reason.
    fn leave_out(&mut self, row: &Row<'_>, why: &str) {
        self.left_out.push(format!("line {}: {}", row.line, visible(why)));
    }
}

/// A kind of table.
struct Kind {
    /// Name of the entries in messages.
    what: &'static str,
    /// Columns that a table of this kind must have.
    marks: &'static [&'static str],
    /// Columns that a table of this kind may have.
    columns: &'static [&'static str],
    /// Function that reads a row.
    read: fn(&mut Reader<'_>, &Row<'_>) -> Result<(), FileError>,
}

const KINDS: &[Kind] = &[
    Kind { what: "machines", marks: &["id"], columns: machine::COLUMNS, read: machine::read },
    Kind { what: "models", marks: &["id"], columns: model::COLUMNS, read: model::read },
    Kind { what: "prices", marks: &["sold_as", "price"], columns: market::PRICES, read: market::price },
    Kind { what: "rents", marks: &["gpu"], columns: market::CLOUD, read: market::cloud },
    Kind { what: "prices of APIs", marks: &["model"], columns: market::API_PRICES, read: market::api_price },
    Kind { what: "prices of electricity", marks: &["region"], columns: market::ELECTRICITY, read: market::electricity },
];

/// Reads the entries of a table. `today` dates the sources of rows that state no date; figures without a date are left
/// out.
///
/// # Errors
/// [`FileError`] with the line if the text is no CSV, if no kind of table has its columns, or if a cell cannot be read.
pub fn read(file: &TextFile, catalog: &Catalog, today: Date) -> Result<FactTable, FileError> {
    let text = normalised(&file.text);
    let at_line = |line: u64, sentence: String| {
        FileError::at(
            &file.name,
            &text,
            Place { line: usize::try_from(line).unwrap_or(1).max(1), column: 1 },
            1,
            sentence,
        )
    };
    let no_csv = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        at_line(line, "this row does not have the columns of the header".to_owned())
    };
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = csv.headers().map_err(no_csv)?.iter().map(|name| name.trim().to_lowercase()).collect();
    let kind = kind_of(&header).map_err(|sentence| at_line(1, sentence))?;
    let mut reader =
        Reader { catalog, today, citations: Citations::default(), facts: Facts::default(), left_out: Vec::new() };
    for record in csv.records() {
        let record = record.map_err(no_csv)?;
        let line = record.position().map_or(1, csv::Position::line);
        let cells = header.iter().map(String::as_str).zip(record.iter().map(str::trim)).collect();
        (kind.read)(&mut reader, &Row { file: &file.name, text: &text, line, cells })?;
    }
    let facts = Facts { sources: reader.citations.into_sources(), ..reader.facts };
    let body = ron_file::to_string(&facts).map_err(|error| FileError::whole(&file.name, error.to_string()))?;
    Ok(FactTable { text: format!("Catalog{body}\n"), left_out: reader.left_out })
}

/// Returns the kind of table with these columns, or a sentence about the most similar kind.
fn kind_of(header: &[String]) -> Result<&'static Kind, String> {
    let has = |name: &str| header.iter().any(|own| own == name);
    let fits = |kind: &&Kind| {
        kind.marks.iter().all(|mark| has(mark)) && header.iter().all(|name| kind.columns.contains(&name.as_str()))
    };
    if let Some(kind) = KINDS.iter().find(fits) {
        return Ok(kind);
    }
    if has("tok_s") {
        return Err("this is a table of measurements; `whichbox import` reads it".to_owned());
    }
    // If several kinds share the same number of columns, the first is taken.
    let shared = |kind: &&Kind| header.iter().filter(|name| kind.columns.contains(&name.as_str())).count();
    let Some(nearest) = KINDS.iter().rev().max_by_key(shared).filter(|kind| shared(kind) > 0) else {
        let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.what).collect();
        return Err(format!("these are not the columns of a table of facts; tables of {} are read", kinds.join(", ")));
    };
    let odd = header.iter().find(|name| !nearest.columns.contains(&name.as_str()));
    Err(match odd {
        Some(odd) => {
            let (meant, known) = (ron_file::nearest(odd, nearest.columns.iter().copied()), some(nearest.columns));
            let hint = meant.map_or_else(|| format!("{known} are read"), |meant| format!("did you mean \"{meant}\"?"));
            format!("a table of {} has no column \"{}\"; {hint}", nearest.what, visible(odd))
        }
        None => format!("a table of {} needs the columns {}", nearest.what, nearest.marks.join(" and ")),
    })
}

/// The most columns that a sentence names.
const NAMED: usize = 8;

/// Returns the names of the first columns of a table.
fn some(columns: &[&str]) -> String {
    let more = columns.len().saturating_sub(NAMED);
    let first: Vec<&str> = columns.iter().take(NAMED).copied().collect();
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ron_file;

    const TODAY: &str = "2026-11-29";

    fn table(text: &str) -> Result<FactTable, String> {
        let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
        let path = directory.path().join("table.csv");
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
        let file = ron_file::read(&path).map_err(|error| error.to_string())?;
        let catalog = Catalog::builtin().map_err(|error| error.to_string())?;
        let today: Date = TODAY.parse().map_err(|_| "a date".to_owned())?;
        read(&file, &catalog, today).map_err(|error| error.to_string())
    }

    /// Returns the built-in facts with a table applied to them.
    fn laid(text: &str) -> Result<Catalog, String> {
        let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
        let path = directory.path().join("table.ron");
        std::fs::write(&path, table(text)?.text).map_err(|error| error.to_string())?;
        let file = ron_file::read(&path).map_err(|error| error.to_string())?;
        Catalog::with_files(&[file]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_newer_price_of_a_table_is_in_use() {
        let catalog = laid(
            "machine,sold_as,date,price,currency,kind,source\n\
         dgx-spark,DGX Spark,2026-11-28,\"5,999\",USD,street,\"a shop, read on 2026-11-28\"\n\
         dgx-spark,DGX Spark,2020-01,1,USD,street,an old page\n\
         dgx-spark,DGX Spark,2026-11-29,4000,EUR,street,a page in euros\n",
        )
        .unwrap_or_else(|fault| panic!("{fault}"));
        let price = catalog.machine("dgx-spark").ok().and_then(|machine| machine.price.clone());
        let price = price.unwrap_or_else(|| panic!("no price"));
        assert_eq!((price.usd.value, price.kind.as_str()), (5999.0, "street"));
        assert_eq!(price.usd.date.map(|date| date.to_string()).as_deref(), Some("2026-11-28"));
        let title = price.usd.source.first().and_then(|id| catalog.source(id)).map(|source| source.title.clone());
        assert_eq!(title.as_deref(), Some("a shop, read on 2026-11-28"));
    }

    #[test]
    fn a_machine_keeps_what_a_table_leaves_empty() {
        let catalog = laid("id,bandwidth_gbs,usable_gib,date,source\ndgx-spark,300,,2026-11,a test of ours\n")
            .unwrap_or_else(|fault| panic!("{fault}"));
        let builtin = Catalog::builtin().unwrap_or_else(|faulty| panic!("{faulty}"));
        let (new, old) = (catalog.machine("dgx-spark").ok(), builtin.machine("dgx-spark").ok());
        let (new, old) = new.zip(old).unwrap_or_else(|| panic!("a machine"));
        assert!((new.bandwidth_gbs.value - 300.0).abs() < 1e-9);
        assert_eq!((&new.usable_gib, &new.price, &new.availability), (&old.usable_gib, &old.price, &old.availability));
    }

    #[test]
    fn a_new_machine_needs_its_memory_and_bandwidth() {
        let header = "id,name,kind,family,needs_host,memory_gb,memory_type,bandwidth_gbs,usable_gib,bandwidth_basis,usable_basis,date,source\n";
        let whole = laid(&format!(
            "{header}my-box,My Box,desktop,gb10,no,64,LPDDR5X,546,56,vendor,derived (a rule),2026-10,a page\n"
        ));
        let catalog = whole.unwrap_or_else(|fault| panic!("{fault}"));
        let machine = catalog.machine("my-box").unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!((machine.bandwidth_gbs.value, machine.short.as_str()), (546.0, "My Box"));
        assert_eq!((machine.usable_gib.note.as_str(), machine.fp16_tflops.is_none()), ("a rule", true));
        let fault = table(&format!("{header}my-box,My Box,desktop,gb10,no,64,LPDDR5X,,56,,,2026-10,a page\n")).err();
        let fault = fault.unwrap_or_default();
        assert!(fault.contains("table.csv:2:") && fault.contains("bandwidth_gbs is empty"), "{fault}");
        let fault = table(&format!("{header}my-box,My Box,desktop,gb10,,64,LPDDR5X,546,56,,,2026-10,a page\n")).err();
        assert!(fault.unwrap_or_default().contains("needs_host is empty"));
    }

    #[test]
    fn a_model_of_a_table_is_that_of_the_catalog() {
        let catalog = laid(
        "id,name,hf_repo,family,kind,released,total_params_lm,active_params,layers,hidden,heads,head_dim,vocab,tied,max_ctx,\
         attn_kind,full_attn_layers,swa_layers,linear_layers,kv_elems_per_token_full,native_dtype,config_source,p_attn,\
         p_dense_ffn,p_norm,p_head,p_embed,computable\n\
         my-8b,My 8B,me/my-8b,llama,dense,2024-07-18,8030261248,8030261248,32,4096,32,128,128256,0,131072,\
         GQA full,32,0,0,65536,bf16,a config,1342177280,5637144576,266240,525336576,525336576,yes\n\
         unknown-1t,Unknown,,x,dense,,,,,,,,,,,,,,,,,,,,,,,no\n",
    )
    .unwrap_or_else(|fault| panic!("{fault}"));
        let (mine, theirs) = (catalog.model("my-8b").ok(), catalog.model("llama-3.1-8b").ok());
        let (mine, theirs) = mine.zip(theirs).unwrap_or_else(|| panic!("two models"));
        assert_eq!((mine.params, mine.kv, mine.total_params), (theirs.params, theirs.kv, theirs.total_params));
    }

    #[test]
    fn what_is_no_table_of_facts_is_refused_with_its_place() {
        for (text, told) in [
            ("id,bandwidth_gib\ndgx-spark,300\n", "a table of machines has no column \"bandwidth_gib\""),
            ("id,released,p_attn,head_dims\nx,2026,1,1\n", "has no column \"head_dims\"; did you mean \"head_dim\"?"),
            ("id,p_attn,p_ffn,colour\nx,1,1,1\n", "and 55 more are read"),
            ("colour,shape\nred,round\n", "these are not the columns of a table of facts"),
            ("machine,model,tok_s\na,b,3\n", "`whichbox import` reads it"),
            ("id,bandwidth_gbs\ndgx-spark,fast\n", ":2:1: bandwidth_gbs: \"fast\" is not a number"),
            ("id,bandwidth_gbs\ndgx-spark\n", ":2:1: this row does not have the columns of the header"),
            ("machine,sold_as,date,price,currency,kind,source\ndgx-spark,x,yesterday,1,USD,list,y\n", "is not a date"),
            (
                "machine,sold_as,date,price,currency,kind,source\ndgx-spark,x,2026-11,1,GBP,list,y\n",
                "is none of USD, EUR",
            ),
        ] {
            let fault = table(text).err().unwrap_or_default();
            assert!(fault.contains(told), "{fault}");
        }
    }

    #[test]
    fn rows_that_cannot_be_facts_are_left_out_with_the_reason() {
        let read = |text: &str| table(text).unwrap_or_else(|fault| panic!("{fault}"));
        let prices = read("machine,sold_as,date,price,currency,kind,source\ndgx-spark,x,,1,USD,list,y\n");
        assert!(prices.left_out[0].contains("line 2: a price needs the day"), "{prices:?}");
        let rents =
            read("gpu,usd_per_hour_low,usd_per_hour_median,usd_per_hour_high,date,source\nl40s,1,,2,2026-10,y\n");
        let hostile = read("gpu,usd_per_hour_median,date,source\n\u{1b}]0;x\u{7},1,,y\n");
        assert!(!hostile.left_out[0].contains(['\u{1b}', '\u{7}']), "{hostile:?}");
        assert!(rents.left_out[0].contains("l40s: it has no median") && !rents.text.contains("cloud"), "{rents:?}");
        let undated = read("gpu,usd_per_hour_low,usd_per_hour_median,usd_per_hour_high,date,source\nl40s,1,1.4,2,,y\n");
        assert!(undated.left_out[0].contains("l40s: a rent needs the day"), "{undated:?}");
        let api = "model,usd_per_mtok_in_median,usd_per_mtok_out_median,date,source\nqwen3-8b,1,2,,y\n";
        assert!(read(api).left_out[0].contains("qwen3-8b: a price needs the day"));
        let power = "region,price_per_kwh,currency,period,source,basis\nUS,0.1,USD,residential average,y,derived\n";
        assert!(read(power).left_out[0].contains("us: its period begins with no year"));
        let power =
            "region,price_per_kwh,currency,period,source,basis\nUS,0.1,USD,2025,y,derived\nUS,0.2,USD,2026,y,derived\n";
        let power = read(power);
        assert_eq!(power.left_out, ["line 3: us: an earlier row has its price"]);
        assert!(power.text.contains("date: \"2025\"") && !power.text.contains(TODAY), "{}", power.text);
    }

    #[test]
    fn figures_of_machines_without_a_date_are_left_out() {
        let undated = table("id,bandwidth_gbs,price_usd,rent_usd_per_hour,source\ndgx-spark,300,3000,2,a page\n");
        let undated = undated.unwrap_or_else(|fault| panic!("{fault}"));
        let told = "line 2: dgx-spark: bandwidth_gbs, price_usd, rent_usd_per_hour: the row states no date for them";
        assert!(undated.left_out[0].starts_with(told), "{:?}", undated.left_out);
        assert!(!undated.text.contains("300.0") && !undated.text.contains("3000.0"), "{}", undated.text);
        let priced = table("id,bandwidth_gbs,price_usd,price_date,source\ndgx-spark,273,3000,2026-10,a page\n");
        let priced = priced.unwrap_or_else(|fault| panic!("{fault}"));
        assert!(priced.left_out.is_empty() && priced.text.contains("3000.0"), "{priced:?}");
        let new = "id,name,kind,family,needs_host,memory_gb,memory_type,bandwidth_gbs,usable_gib,source\n\
                   my-box,My Box,desktop,gb10,no,64,LPDDR5X,546,56,a page\n";
        let new = table(new).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(new.left_out[0].starts_with("line 2: my-box: a new machine needs the day"), "{new:?}");
    }

    #[test]
    fn models_with_unknown_parts_are_left_out_and_the_others_load() {
        let header = "id,name,family,kind,released,total_params_lm,active_params,layers,hidden,heads,head_dim,vocab,tied,\
                      max_ctx,attn_kind,full_attn_layers,swa_layers,kv_elems_per_token_full,native_dtype,p_attn,p_dense_ffn,\
                      p_norm,p_head,p_embed,computable\n";
        let row = |id: &str, head_dim: &str, cache: &str, ffn: &str| {
            format!(
                "{id},{id},llama,dense,2024-07-18,8030261248,8030261248,32,4096,32,{head_dim},128256,0,131072,GQA,32,0,\
                 {cache},bf16,1342177280,{ffn},266240,525336576,525336576,yes\n"
            )
        };
        let rows = [
            row("no-heads", "", "65536", "5637144576"),
            row("no-cache", "128", "", "5637144576"),
            row("no-ffn", "128", "65536", ""),
            row("whole", "128", "65536", "5637144576"),
        ];
        let read = table(&format!("{header}{}", rows.concat())).unwrap_or_else(|fault| panic!("{fault}"));
        for (at, told) in [
            (0, "line 2: no-heads: it has no head_dim"),
            (1, "line 3: no-cache: it has no kv_elems_per_token_full"),
            (2, "line 4: no-ffn: params: the classes and tables add up to"),
        ] {
            assert!(read.left_out[at].starts_with(told), "{:?}", read.left_out);
        }
        assert_eq!((read.left_out.len(), read.text.matches("family: ").count()), (3, 1));
    }
}
