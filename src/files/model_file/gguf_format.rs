//! The weight format that a GGUF file states.

use super::gguf::{Header, Value};
use super::sums;

/// llama.cpp's names of `general.file_type` by number.
const FILE_TYPES: [(u32, &str); 37] = [
    (0, "F32"),
    (1, "F16"),
    (2, "Q4_0"),
    (3, "Q4_1"),
    (7, "Q8_0"),
    (8, "Q5_0"),
    (9, "Q5_1"),
    (10, "Q2_K"),
    (11, "Q3_K_S"),
    (12, "Q3_K_M"),
    (13, "Q3_K_L"),
    (14, "Q4_K_S"),
    (15, "Q4_K_M"),
    (16, "Q5_K_S"),
    (17, "Q5_K_M"),
    (18, "Q6_K"),
    (19, "IQ2_XXS"),
    (20, "IQ2_XS"),
    (21, "Q2_K_S"),
    (22, "IQ3_XS"),
    (23, "IQ3_XXS"),
    (24, "IQ1_S"),
    (25, "IQ4_NL"),
    (26, "IQ3_S"),
    (27, "IQ3_M"),
    (28, "IQ2_S"),
    (29, "IQ2_M"),
    (30, "IQ4_XS"),
    (31, "IQ1_M"),
    (32, "BF16"),
    (33, "Q4_0"),
    (34, "Q4_0"),
    (35, "Q4_0"),
    (36, "TQ1_0"),
    (37, "TQ2_0"),
    (38, "MXFP4_MOE"),
    (39, "NVFP4"),
];

/// Returns the format that the file states, otherwise the type with the most bytes; `None` if that type is not known.
pub fn format(header: &Header) -> Option<String> {
    let stated = match header.metadata.get("general.file_type") {
        Some(Value::Number(number)) => FILE_TYPES.iter().find(|(own, _)| *own == *number as u32).map(|(_, id)| *id),
        _ => None,
    };
    let by_type =
        || sums::types(&header.tensors).first().filter(|(block, _)| block.bits > 0).map(|(block, _)| block.name);
    stated.or_else(by_type).map(str::to_owned)
}
