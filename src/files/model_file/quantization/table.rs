//! The table of storage forms, `assets/files/quantizations.ron`: bits per weight by a method's name and settings.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::units::{Amount, Unit};

/// A storage form of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Name of the form, such as `GPTQ 8-bit`; formats of the catalog list these names in their field `called`.
    pub name: String,
    /// Bits per weight, scales and zero points included.
    pub bits: f64,
    /// Weights per group, if this is the tool's default because the quantization block states none.
    pub default_group: Option<f64>,
}

/// A storage form with fixed bits per weight.
#[derive(Debug, Deserialize)]
struct Form {
    called: String,
    #[serde(default)]
    names: Vec<String>,
    bits: f64,
    like: String,
    #[expect(dead_code, reason = "evidence for the reader of the asset")]
    source: String,
}

/// Bits of the zero point of a group.
#[derive(Clone, Copy, Debug, Deserialize)]
enum Zero {
    /// The width of a weight.
    Width,
    /// A fixed number of bits.
    Bits(f64),
}

/// A method that stores integers in groups.
#[derive(Debug, Deserialize)]
struct Method {
    names: Vec<String>,
    called: String,
    scale: f64,
    zero: Zero,
    group: f64,
    like: Vec<(f64, String)>,
    #[serde(default)]
    runs_on: String,
    #[expect(dead_code, reason = "evidence for the reader of the asset")]
    source: String,
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    #[expect(dead_code, reason = "evidence for the reader of the asset")]
    date: String,
    experts_alone: Vec<String>,
    forms: Vec<Form>,
    methods: Vec<Method>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| ron::from_str(include_str!("../../../../assets/files/quantizations.ron")).unwrap_or_default());

/// Returns the form of this name.
pub fn form(name: &str) -> Option<Stored> {
    TABLE.forms.iter().find(|form| form.called == name).map(Form::stored)
}

/// Returns the form for which tools write `word`.
pub fn form_named(word: &str) -> Option<Stored> {
    let word = word.to_lowercase();
    TABLE.forms.iter().find(|form| form.names.contains(&word)).map(Form::stored)
}

/// Returns the FP4 form whose name is contained in a longer one, such as the name of a class of settings.
pub fn form_within(name: &str) -> Option<Stored> {
    let is_within =
        |form: &&Form| form.names.iter().any(|own| own.contains("fp4") && own.len() > 4 && name.contains(own.as_str()));
    TABLE.forms.iter().find(is_within).map(Form::stored)
}

/// Returns true if the method quantizes only the experts of a model.
pub fn is_of_experts(method: &str) -> bool {
    TABLE.experts_alone.iter().any(|own| own == method)
}

impl Form {
    fn stored(&self) -> Stored {
        // Variants with blocks or double scales differ only in bits: the catalog has one name for them.
        let name = self.called.trim_end_matches(" block").trim_end_matches(" double").to_owned();
        Stored { name, bits: self.bits, default_group: None }
    }
}

/// Returns the form of integers of `bits` bits in groups of `group` weights; a group of 0 is a whole channel.
///
/// `symmetric` groups have no zero point. Returns `None` if the table has no such method, if `bits` is not from 1 to
/// 16, or if `bits` has a fraction although the method stores all integers in one width.
pub fn integers(method: &str, bits: f64, group: Option<f64>, symmetric: bool) -> Option<Stored> {
    let method = TABLE.methods.iter().find(|row| row.names.iter().any(|name| name.eq_ignore_ascii_case(method)))?;
    // The bits of such a method are a mean over all weights, which may have a fraction.
    let is_mean = method.group <= 1.0;
    if !(1.0..=16.0).contains(&bits) || (bits.fract() > 0.0 && !is_mean) {
        return None;
    }
    let zero = match method.zero {
        _ if symmetric => 0.0,
        Zero::Width => bits,
        Zero::Bits(zero) => zero,
    };
    let default_group = group.is_none().then_some(method.group).filter(|group| *group > 1.0);
    let group = group.unwrap_or(method.group);
    let shared = if group > 0.0 { (method.scale + zero) / group } else { 0.0 };
    let width = Amount::exact(bits, Unit::Count).to_string();
    let name = match method.called.strip_suffix("INT") {
        Some(before) => format!("{before}INT{width}"),
        None => format!("{} {width}-bit", method.called),
    };
    Some(Stored { name, bits: bits + shared, default_group })
}

/// Returns true if the table has integers of this method.
pub fn has_integers(method: &str) -> bool {
    TABLE.methods.iter().any(|row| row.names.iter().any(|name| name == method))
}

/// Returns the id of the catalog's format whose kernels run weights of this form.
///
/// # Errors
/// A sentence if only software outside of the catalog runs them, or if the name is not known.
pub fn like(name: &str) -> Result<&'static str, String> {
    if let Some(form) = TABLE.forms.iter().find(|form| form.called == name) {
        return Ok(&form.like);
    }
    let (method, bits) = TABLE
        .methods
        .iter()
        .find_map(|method| {
            let rest = name.strip_prefix(method.called.as_str())?;
            Some((method, rest.trim_start().trim_end_matches("-bit").parse::<f64>().ok()?))
        })
        .ok_or_else(|| format!("nothing is known of weights stored as {name}"))?;
    if !method.runs_on.is_empty() {
        return Err(format!("{name} runs on {}, which is not in the catalog", method.runs_on));
    }
    let like = method.like.iter().find(|(widest, _)| bits <= *widest);
    like.map(|(_, id)| id.as_str()).ok_or_else(|| format!("nothing is known of weights stored as {name}"))
}

/// Returns the names of the methods and forms for messages.
pub fn known() -> String {
    let methods = TABLE.methods.iter().filter_map(|method| method.names.first().cloned());
    let forms = TABLE.forms.iter().map(|form| form.called.clone());
    methods.chain(forms.filter(|name| !name.contains(' '))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_per_weight_include_scales_and_zero_points() {
        for (method, bits, group, symmetric, expected) in [
            ("mlx", 4.0, None, false, 4.5),
            ("mlx", 2.0, Some(32.0), false, 3.0),
            ("gptq", 8.0, Some(32.0), false, 8.75),
            ("awq", 4.0, None, false, 4.15625),
            ("compressed-tensors", 4.0, Some(128.0), true, 4.125),
            ("compressed-tensors", 8.0, Some(0.0), true, 8.0),
        ] {
            let stored = integers(method, bits, group, symmetric).map_or(0.0, |stored| stored.bits);
            assert!((stored - expected).abs() < 1e-9, "{method} {bits}: {stored}");
        }
        assert_eq!(form("NVFP4"), form_named("nvfp4_awq"));
    }

    #[test]
    fn every_row_names_a_format_that_the_catalog_has() {
        let catalog = crate::model::catalog::Catalog::builtin().unwrap_or_default();
        let ids = TABLE.forms.iter().map(|form| &form.like);
        for id in ids.chain(TABLE.methods.iter().flat_map(|method| method.like.iter().map(|(_, id)| id))) {
            assert!(catalog.format(id).is_ok(), "{id}");
        }
        assert!(like("EXL2 4-bit").is_err_and(|why| why.contains("ExLlamaV2")));
        assert_eq!(like("GPTQ 8-bit"), Ok("fp8"));
    }
}
