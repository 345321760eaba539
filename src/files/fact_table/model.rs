//! Reading the rows of a table of models.

use super::{Reader, Row};
use crate::model::catalog::check;
use crate::model::facts::{Basis, KvShape, MlaShape, Model, ModelKind, MoeShape, PerClass, Sources, StateShape};
use crate::model::ron_file::FileError;

/// The columns of a table of models. Some are not read, since they repeat or check others.
pub(super) const COLUMNS: &[&str] = &[
    "id",
    "name",
    "hf_repo",
    "family",
    "kind",
    "released",
    "total_params_lm",
    "extra_params_vision_mtp",
    "total_params_published",
    "err_pct",
    "marketing_total",
    "active_params",
    "active_ex_embed_head",
    "active_published",
    "active_err_pct",
    "decode_read_params",
    "expert_params_total",
    "nonexpert_params",
    "embed_params",
    "head_params",
    "layers",
    "hidden",
    "ffn_dense",
    "heads",
    "kv_heads",
    "head_dim",
    "vocab",
    "tied",
    "max_ctx",
    "n_experts",
    "experts_per_tok",
    "shared_experts",
    "expert_ffn",
    "shared_ffn",
    "moe_layers",
    "dense_first",
    "attn_kind",
    "full_attn_layers",
    "swa_layers",
    "swa_window",
    "linear_layers",
    "kv_elems_per_token_full",
    "kv_elems_per_token_swa",
    "linear_state_elems",
    "conv_state_elems",
    "mla_kv_lora",
    "mla_rope_dim",
    "native_dtype",
    "license",
    "date",
    "config_source",
    "notes",
    "p_attn",
    "p_linattn",
    "p_dense_ffn",
    "p_shared",
    "p_experts",
    "p_router",
    "p_norm",
    "p_head",
    "p_embed",
    "head_read_params",
    "computable",
];

const KINDS: &[(&str, ModelKind)] = &[
    ("dense", ModelKind::Dense),
    ("dense-hybrid", ModelKind::DenseHybrid),
    ("moe", ModelKind::Moe),
    ("moe-hybrid", ModelKind::MoeHybrid),
];

/// The columns without which a model cannot be estimated.
const NEEDED: &[&str] = &[
    "name",
    "family",
    "kind",
    "total_params_lm",
    "active_params",
    "layers",
    "hidden",
    "heads",
    "head_dim",
    "vocab",
    "tied",
    "max_ctx",
    "attn_kind",
    "native_dtype",
];
/// The columns that are needed if another column holds a number above zero.
const NEEDED_WITH: &[(&str, &[&str])] = &[
    ("n_experts", &["experts_per_tok", "moe_layers", "p_experts"]),
    ("full_attn_layers", &["kv_elems_per_token_full"]),
    ("swa_layers", &["kv_elems_per_token_swa", "swa_window"]),
    ("linear_layers", &["linear_state_elems"]),
    ("mla_kv_lora", &["mla_rope_dim"]),
];

/// Returns the columns that the row leaves empty although its model needs them.
fn missing(row: &Row<'_>) -> Result<Vec<&'static str>, FileError> {
    let mut needed = NEEDED.to_vec();
    for (column, with) in NEEDED_WITH {
        if row.number(column)?.is_some_and(|number| number > 0.0) {
            needed.extend_from_slice(with);
        }
    }
    Ok(needed.into_iter().filter(|column| row.text(column).is_none()).collect())
}

/// Reads a model. Its counts belong together, so none is taken from the catalog.
///
/// Aliases, exact bytes of formats and the layout of sparse caches are not in the table and are taken from the catalog.
/// A row is left out if it states that its architecture is not known, lacks a size, or contradicts itself.
pub(super) fn read(reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), FileError> {
    let id = row.required("id")?;
    if row.text("computable") == Some("no") {
        reader.leave_out(row, &format!("{id}: the table says that its architecture is not known"));
        return Ok(());
    }
    let there = reader.catalog.models.iter().find(|model| model.id == id);
    let stays = if there.is_some() { "; the catalog's model stays" } else { "" };
    let missing = missing(row)?;
    if !missing.is_empty() {
        reader.leave_out(row, &format!("{id}: it has no {}{stays}", missing.join(", ")));
        return Ok(());
    }
    let released = row.date("released")?;
    let Some(date) = row.date("date")?.or(released).or(there.map(|there| there.date)) else {
        reader.leave_out(row, &format!("{id}: a new model needs its date, in the column released or date"));
        return Ok(());
    };
    let count = |column: &str| row.number(column).map(Option::unwrap_or_default);
    let needed = |column: &str| row.required(column).and_then(|_| count(column));
    let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
    let params = PerClass {
        attention: count("p_attn")?,
        linear_attention: count("p_linattn")?,
        dense_ffn: count("p_dense_ffn")?,
        shared_experts: count("p_shared")?,
        experts: count("p_experts")?,
        router: count("p_router")?,
        norm: count("p_norm")?,
        head: count("p_head")?,
        embedding: count("p_embed")?,
    };
    let total_params = needed("total_params_lm")?;
    let source: Sources = reader.citations.cite(row.text("config_source"), date);
    // Lookup tables take memory, are not read per token, and belong to no class.
    let has_table = row.text("computable").is_some_and(|word| word.contains("table"));
    let unread = total_params - params.total();
    let tied = [("0", false), ("1", true), ("no", false), ("yes", true)];
    let model = Model {
        id: id.to_owned(),
        name: row.required("name")?.to_owned(),
        repo: text("hf_repo"),
        aliases: there.map(|there| there.aliases.clone()).unwrap_or_default(),
        family: row.required("family")?.to_owned(),
        kind: row.one_of("kind", KINDS)?.ok_or_else(|| row.fault("kind is empty"))?,
        source,
        date,
        basis: Basis::Derived,
        released,
        total_params,
        active_params: needed("active_params")?,
        params,
        table_params: if has_table && unread > TABLE_SHARE * total_params { unread } else { 0.0 },
        tied: row.one_of("tied", &tied)?.unwrap_or_default(),
        layers: needed("layers")?,
        hidden: needed("hidden")?,
        heads: needed("heads")?,
        head_dim: needed("head_dim")?,
        vocab: needed("vocab")?,
        max_context: needed("max_ctx")?,
        moe: experts(row)?,
        kv: cache(row, there)?,
        state: state(row)?,
        attention: row.required("attn_kind")?.to_owned(),
        native: row.required("native_dtype")?.to_owned(),
        license: text("license"),
        extra_params: count("extra_params_vision_mtp")?,
        prediction_head: None,
        note: text("notes"),
        exact_bytes: there.map(|there| there.exact_bytes.clone()).unwrap_or_default(),
    };
    match check::of_model(&model, reader.catalog).first() {
        Some(problem) => {
            reader.leave_out(row, &format!("{id}: {}: {}{stays}", problem.field, problem.what));
        }
        None => reader.facts.models.push(model),
    }
    Ok(())
}

/// The smallest share of the parameters at which those outside of all classes are lookup tables, not rounding errors.
const TABLE_SHARE: f64 = 1e-3;

fn experts(row: &Row<'_>) -> Result<Option<MoeShape>, FileError> {
    let (experts, per_token, layers) =
        (row.number("n_experts")?, row.number("experts_per_tok")?, row.number("moe_layers")?);
    let shape =
        |experts| MoeShape { experts, per_token: per_token.unwrap_or_default(), layers: layers.unwrap_or_default() };
    Ok(experts.filter(|experts| *experts > 0.0).map(shape))
}

fn cache(row: &Row<'_>, there: Option<&Model>) -> Result<KvShape, FileError> {
    let count = |column: &str| row.number(column).map(Option::unwrap_or_default);
    let window_layers = count("swa_layers")?;
    let latent = row.number("mla_kv_lora")?.filter(|latent| *latent > 0.0);
    let rope = count("mla_rope_dim")?;
    Ok(KvShape {
        full_elems: count("kv_elems_per_token_full")?,
        window_elems: count("kv_elems_per_token_swa")?,
        window: if window_layers > 0.0 { count("swa_window")? } else { 0.0 },
        full_layers: count("full_attn_layers")?,
        window_layers,
        mla: latent.map(|latent| MlaShape { latent, rope }),
        sparse: there.and_then(|there| there.kv.sparse),
    })
}

fn state(row: &Row<'_>) -> Result<Option<StateShape>, FileError> {
    let count = |column: &str| row.number(column).map(Option::unwrap_or_default);
    let (layers, state_elems) = (count("linear_layers")?, count("linear_state_elems")?);
    let conv_elems = count("conv_state_elems")?;
    Ok((layers > 0.0).then_some(StateShape { layers, state_elems, conv_elems }))
}
