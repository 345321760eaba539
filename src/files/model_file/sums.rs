//! Sums over tensors: parameters and bytes per class, bytes per type.

use super::block::Block;
use super::class::Class;
use super::tensor::Tensor;
use crate::model::facts::PerClass;

/// Returns the field of [`PerClass`] for a class; `None` for tensors outside of the text model.
pub(super) fn slot(sums: &mut PerClass, class: Class) -> Option<&mut f64> {
    Some(match class {
        Class::Attention => &mut sums.attention,
        Class::Linear => &mut sums.linear_attention,
        Class::DenseFfn => &mut sums.dense_ffn,
        Class::Shared => &mut sums.shared_experts,
        Class::Experts => &mut sums.experts,
        Class::Router => &mut sums.router,
        Class::Norm => &mut sums.norm,
        Class::Head => &mut sums.head,
        Class::Embedding => &mut sums.embedding,
        Class::Extra => return None,
    })
}

/// Returns the text model's parameters per class, counted from the tensors.
#[must_use]
pub fn params(tensors: &[Tensor]) -> PerClass {
    let mut sums = PerClass::default();
    for tensor in tensors.iter().filter(|tensor| tensor.role.is_param) {
        if let Some(sum) = slot(&mut sums, tensor.role.class) {
            *sum += tensor.elements as f64;
        }
    }
    sums
}

/// Returns the text model's bytes per class, and the bytes of all other tensors.
#[must_use]
pub fn bytes(tensors: &[Tensor]) -> (PerClass, f64) {
    let (mut sums, mut extra) = (PerClass::default(), 0.0);
    for tensor in tensors {
        *slot(&mut sums, tensor.role.class).unwrap_or(&mut extra) += tensor.bytes as f64;
    }
    (sums, extra)
}

/// Returns the number of parameters outside of the text model.
#[must_use]
pub fn extra_params(tensors: &[Tensor]) -> f64 {
    let extra = tensors.iter().filter(|tensor| tensor.role.class == Class::Extra && tensor.role.is_param);
    extra.fold(0.0, |sum, tensor| sum + tensor.elements as f64)
}

/// Returns the types of the tensors with their bytes, in descending order of bytes.
#[must_use]
pub fn types(tensors: &[Tensor]) -> Vec<(&'static Block, f64)> {
    let mut types: Vec<(&'static Block, f64)> = Vec::new();
    for tensor in tensors {
        match types.iter_mut().find(|(block, _)| block.name == tensor.block.name) {
            Some((_, bytes)) => *bytes += tensor.bytes as f64,
            None => types.push((tensor.block, tensor.bytes as f64)),
        }
    }
    types.sort_by(|a, b| b.1.total_cmp(&a.1));
    types
}
