//! The model's shape from a GGUF header: sizes from the metadata, parameters, cache and state from the tensors.
//!
//! The cache of each layer is the output of its key and value matrices, so layers may differ. Only some architectures
//! state in the file which layers attend to a window; the table of architectures has the fixed rules of others.

use std::collections::{BTreeMap, HashMap};

use super::Shape;
use super::architectures;
use super::class::Class;
use super::facts::Sizes;
use super::gguf::Value;
use super::tensor::Tensor;
use crate::model::facts::MlaShape;

/// The most layers of a model that is read.
const MOST_LAYERS: f64 = 4096.0;

/// The metadata of a file and the name of its architecture.
pub struct Metadata<'a> {
    /// Name of the architecture.
    pub architecture: &'a str,
    map: &'a BTreeMap<String, Value>,
}

impl<'a> Metadata<'a> {
    /// Returns the metadata, or `None` if it names no architecture.
    pub fn new(map: &'a BTreeMap<String, Value>) -> Option<Self> {
        match map.get("general.architecture") {
            Some(Value::Text(architecture)) => Some(Self { architecture, map }),
            _ => None,
        }
    }

    fn value(&self, key: &str) -> Option<&'a Value> {
        self.map.get(&format!("{}.{key}", self.architecture))
    }

    /// Returns a number of the architecture; if there is one per layer, the largest.
    pub fn number(&self, key: &str) -> Option<f64> {
        let number = match self.value(key)? {
            Value::Number(number) => *number,
            Value::Numbers(numbers) => numbers.iter().copied().fold(0.0, f64::max),
            Value::Text(_) => return None,
        };
        (number.is_finite() && (0.0..=1e12).contains(&number)).then_some(number)
    }

    /// Returns a number of one layer.
    fn of_layer(&self, key: &str, layer: usize) -> Option<f64> {
        match self.value(key)? {
            Value::Numbers(numbers) => numbers.get(layer).copied().filter(|number| (0.0..=1e12).contains(number)),
            _ => self.number(key),
        }
    }

    /// Returns the number of layers without draft layers.
    pub fn layers(&self) -> Option<usize> {
        let layers = self.number("block_count")? - self.number("nextn_predict_layers").unwrap_or(0.0);
        (1.0..=MOST_LAYERS).contains(&layers).then_some(layers as usize)
    }
}

/// Returns the shape of the model, and notes on what is not counted.
///
/// # Errors
/// A sentence if the metadata lacks a size or the architecture's state is not known.
pub fn shape(metadata: &Metadata<'_>, tensors: &[Tensor]) -> Result<(Shape, Vec<String>), String> {
    if !architectures::is_known_gguf(metadata.architecture) {
        return Err(format!("the architecture \"{}\" is not known", metadata.architecture));
    }
    let need = |key: &str| {
        let missing = || format!("the metadata has no usable {}.{key}", metadata.architecture);
        metadata.number(key).filter(|number| *number > 0.0).ok_or_else(missing)
    };
    let layers = metadata.layers().ok_or_else(|| need("block_count").err().unwrap_or("it has no layers".to_owned()))?;
    let heads = metadata.number("attention.head_count").unwrap_or(0.0);
    let hidden = need("embedding_length")?;
    let by_name: HashMap<&str, &Tensor> = tensors.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    let rows = by_name.get("token_embd.weight").and_then(|tensor| tensor.shape.get(1)).map(|rows| *rows as f64);
    let mut shape = Shape {
        layers: layers as f64,
        hidden,
        heads,
        head_dim: head_dim(metadata, hidden, heads),
        vocab: rows.or(metadata.number("vocab_size")).ok_or("it has no token embedding")?,
        max_context: metadata.number("context_length").filter(|context| *context > 0.0),
        tied: !by_name.contains_key("output.weight"),
        params: super::sums::params(tensors),
        ..Shape::default()
    };
    let mut notes = Vec::new();
    for layer in 0..layers {
        let parts = Parts { metadata, by_name: &by_name, layer };
        parts.add_state(&mut shape)?;
        if layer as f64 >= layers as f64 - metadata.number("attention.shared_kv_layers").unwrap_or(0.0) {
            // The last layers of some architectures use the keys and values of an earlier layer, even if they have
            // their own matrices.
            continue;
        }
        if let Some(elems) = parts.cache()? {
            shape.cache(elems, window(metadata, layer, &mut notes));
        }
        parts.add_latent(&mut shape);
    }
    experts(metadata, tensors, &mut shape)?;
    Ok((shape, notes))
}

/// Returns the sizes that every file states.
pub fn sizes(metadata: &Metadata<'_>, tensors: &[Tensor]) -> Sizes {
    let table = tensors.iter().find(|tensor| tensor.name == "token_embd.weight");
    Sizes {
        layers: metadata.layers().unwrap_or(0) as f64,
        hidden: metadata.number("embedding_length").unwrap_or(0.0),
        vocab: table.and_then(|tensor| tensor.shape.get(1)).map_or(0.0, |rows| *rows as f64),
        experts: metadata.number("expert_count").unwrap_or(0.0),
    }
}

fn head_dim(metadata: &Metadata<'_>, hidden: f64, heads: f64) -> f64 {
    let own = metadata.number("attention.key_length_mla").or_else(|| metadata.number("attention.key_length"));
    own.unwrap_or(if heads > 0.0 { (hidden / heads).floor() } else { 0.0 })
}

/// Returns the window of a layer in tokens, or `None` if it attends to the whole context.
fn window(metadata: &Metadata<'_>, layer: usize, notes: &mut Vec<String>) -> Option<f64> {
    // llama.cpp fixes the size of Llama 4's chunks; the file does not state it.
    let chunk = (metadata.architecture == "llama4").then_some(8192.0);
    let size = metadata.number("attention.sliding_window").or(chunk).filter(|size| *size > 0.0)?;
    let fixed = architectures::full_every(metadata.architecture);
    let windowed = match (metadata.value("attention.sliding_window_pattern"), fixed) {
        (Some(Value::Numbers(flags)), _) => flags.get(layer).is_some_and(|flag| *flag != 0.0),
        (Some(Value::Number(every)), _) if *every >= 1.0 => !(layer + 1).is_multiple_of(*every as usize),
        (_, Some(every)) => !(layer + 1).is_multiple_of(every),
        _ => {
            let note =
                format!("the file names a window of {size} tokens, but not the layers that have it: none is counted");
            if !notes.contains(&note) {
                notes.push(note);
            }
            false
        }
    };
    windowed.then_some(size)
}

/// The tensors of one layer.
struct Parts<'a> {
    metadata: &'a Metadata<'a>,
    by_name: &'a HashMap<&'a str, &'a Tensor>,
    layer: usize,
}

impl Parts<'_> {
    fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.by_name.get(format!("blk.{}.{name}", self.layer).as_str()).copied()
    }

    /// Returns the rows of a matrix of the layer: the number of elements that it computes per token.
    fn rows(&self, name: &str) -> Option<f64> {
        self.tensor(name)?.shape.get(1).map(|rows| *rows as f64)
    }

    /// Returns the cache elements per token; `None` if the layer has no cache.
    fn cache(&self) -> Result<Option<f64>, String> {
        if self.tensor("ssm_conv1d_q.weight").is_some() {
            return Ok(None);
        }
        if let Some(latent) = self.rows("attn_kv_a_mqa.weight") {
            return Ok(Some(latent + self.rows("indexer.attn_k.weight").unwrap_or(0.0)));
        }
        if let Some(keys) = self.rows("attn_k.weight") {
            return Ok(Some(keys + self.rows("attn_v.weight").unwrap_or(keys)));
        }
        let fused = self.tensor("attn_qkv.weight");
        let Some(fused) = fused.filter(|tensor| tensor.role.class == Class::Attention) else { return Ok(None) };
        let heads = self.metadata.of_layer("attention.head_count_kv", self.layer);
        let heads = heads.or_else(|| self.metadata.number("attention.head_count"));
        let queries = self.metadata.number("attention.head_count").unwrap_or(0.0);
        let whole = head_dim(self.metadata, self.metadata.number("embedding_length").unwrap_or(0.0), queries);
        let values = self.metadata.number("attention.value_length").unwrap_or(whole);
        let elems = heads.unwrap_or(0.0) * (whole + values);
        if elems <= 0.0 {
            return Err(format!("the metadata does not say how many heads \"{}\" holds", fused.name));
        }
        Ok(Some(elems))
    }

    /// Adds the layer's latent, and the indexer that selects the tokens it attends to, to the shape.
    fn add_latent(&self, shape: &mut Shape) {
        let Some(whole) = self.rows("attn_kv_a_mqa.weight") else { return };
        let latent = self.metadata.number("attention.kv_lora_rank").filter(|latent| *latent <= whole).unwrap_or(whole);
        shape.kv.mla = Some(MlaShape { latent, rope: whole - latent });
        if let Some(keys) = self.rows("indexer.attn_k.weight") {
            shape.sparse(keys, self.metadata.number("attention.indexer.top_k").unwrap_or(0.0));
        }
    }

    fn add_state(&self, shape: &mut Shape) -> Result<(), String> {
        let of = |key: &str| {
            let missing = || format!("the metadata has no {}.{key}", self.metadata.architecture);
            self.metadata.number(key).ok_or_else(missing)
        };
        let kernel_and_channels = |tensor: &Tensor| {
            let kernel = tensor.shape.first().copied().unwrap_or(1) as f64;
            (kernel, tensor.elements as f64 / kernel.max(1.0))
        };
        let (state, conv) = if let Some(conv) = self.tensor("ssm_conv1d_q.weight") {
            let (kernel, inner) = kernel_and_channels(conv);
            (inner * of("kda.head_dim")?, (kernel - 1.0).max(0.0) * 3.0 * inner)
        } else if let Some(conv) = self.tensor("ssm_conv1d.weight") {
            let (kernel, channels) = kernel_and_channels(conv);
            (of("ssm.inner_size")? * of("ssm.state_size")?, (kernel - 1.0).max(0.0) * channels)
        } else if let Some(conv) = self.tensor("shortconv.conv.weight") {
            let (kernel, channels) = kernel_and_channels(conv);
            (0.0, (kernel - 1.0).max(0.0) * channels)
        } else if self.tensor("time_mix_key.weight").is_some() {
            // RWKV keeps a matrix per head, and the previous token for the time mix and, if `token_shift_count` is 2,
            // for the channel mix.
            let shifts = self.metadata.number("token_shift_count").unwrap_or(2.0);
            (of("embedding_length")? * of("wkv.head_size")?, shifts * of("embedding_length")?)
        } else {
            return Ok(());
        };
        shape.state.layers += 1.0;
        shape.state.state_elems += state;
        shape.state.conv_elems += conv;
        Ok(())
    }
}

fn experts(metadata: &Metadata<'_>, tensors: &[Tensor], shape: &mut Shape) -> Result<(), String> {
    let mut layers: Vec<u32> = tensors
        .iter()
        .filter(|tensor| tensor.role.class == Class::Experts)
        .filter_map(|tensor| tensor.role.layer)
        .collect();
    layers.sort_unstable();
    layers.dedup();
    if layers.is_empty() {
        return Ok(());
    }
    let missing = || format!("the metadata does not say how many experts of \"{}\" work", metadata.architecture);
    let experts = metadata.number("expert_count").filter(|count| *count > 0.0).ok_or_else(missing)?;
    let per_token =
        metadata.number("expert_used_count").filter(|count| (1.0..=experts).contains(count)).ok_or_else(missing)?;
    shape.moe = crate::model::facts::MoeShape { experts, per_token, layers: layers.len() as f64 };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::model_file::{block, class};

    #[test]
    fn rwkv_keeps_a_matrix_per_head_and_two_tokens_per_layer() {
        let number = |key: &str, value: f64| (format!("rwkv7.{key}"), Value::Number(value));
        let mut map = BTreeMap::from([
            number("block_count", 2.0),
            number("embedding_length", 768.0),
            number("wkv.head_size", 64.0),
            number("attention.head_count", 0.0),
        ]);
        map.insert("general.architecture".to_owned(), Value::Text("rwkv7".to_owned()));
        let block = block::ggml(0).expect("F32");
        let tensor = |name: &str, rows: u64| Tensor {
            name: name.to_owned(),
            block,
            shape: vec![768, rows],
            elements: 768 * rows,
            bytes: 4 * 768 * rows,
            role: class::role(name),
        };
        let names = ["blk.0.time_mix_key.weight", "blk.1.time_mix_key.weight"];
        let mut tensors: Vec<Tensor> = names.iter().map(|name| tensor(name, 768)).collect();
        tensors.push(tensor("token_embd.weight", 65536));
        let (shape, notes) = shape(&Metadata::new(&map).expect("metadata"), &tensors).expect("a shape");
        // The paper counts 768 x 64 elements of state per layer.
        assert_eq!((shape.state.layers, shape.state.state_elems), (2.0, 2.0 * 49_152.0));
        assert_eq!((shape.state.conv_elems, shape.kv_elems()), (2.0 * 2.0 * 768.0, 0.0));
        assert!(notes.is_empty(), "{notes:?}");
    }
}
