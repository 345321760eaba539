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

/// The bit of `general.file_type` that marks a type as guessed by the tool.
const GUESSED: u32 = 1024;
/// Least difference in bits between the stated format and the type with the most bytes at which the statement is taken
/// as wrong.
const OTHER_WIDTH: u32 = 2;

/// Returns the format that the file states and a note. If the file states none, or one that is unknown or contradicts
/// the tensors, the format is the type with the most bytes. The note tells of an unknown or contradicting statement.
///
/// The format is `None` if the type with the most bytes is needed and not known.
pub fn format(header: &Header) -> (Option<String>, Option<String>) {
    let types = sums::types(&header.tensors);
    let main = types.first().filter(|(block, _)| block.bits > 0).map(|(block, _)| block.name);
    let Some(Value::Number(number)) = header.metadata.get("general.file_type") else {
        return (main.map(str::to_owned), None);
    };
    let is_it =
        |(own, _): &&(u32, &str)| [*own, *own | GUESSED].iter().any(|own| f64::from(*own).total_cmp(number).is_eq());
    let taken = main.map_or("and no type of tensors is known", |_| "the type with the most bytes is taken");
    match (FILE_TYPES.iter().find(is_it).map(|(_, name)| *name), main) {
        (None, main) => {
            let note = format!("its general.file_type {number} is not known: {taken}");
            (main.map(str::to_owned), Some(note))
        }
        (Some(stated), Some(main)) if width(stated).abs_diff(width(main)) >= OTHER_WIDTH => {
            let note = format!("its general.file_type says {stated} and most bytes are of type {main}: {taken}");
            (Some(main.to_owned()), Some(note))
        }
        (Some(stated), _) => (Some(stated.to_owned()), None),
    }
}

/// Returns the bits in the name of a type, such as 4 for `IQ4_XS`.
fn width(name: &str) -> u32 {
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::files::model_file::tensor::Tensor;
    use crate::files::model_file::{block, class};

    #[test]
    fn a_file_type_that_the_tensors_contradict_is_told() {
        // As the type of a tensor, 2 is Q4_0, 8 is Q8_0 and 12 is Q4_K.
        for (file_type, tensors, format_is, told) in [
            (15.0, 12, "Q4_K_M", None),
            (15.0 + 1024.0, 12, "Q4_K_M", None),
            (15.0, 8, "Q8_0", Some("says Q4_K_M and most bytes are of type Q8_0")),
            (-1.0, 8, "Q8_0", Some("-1 is not known")),
            (15.5, 8, "Q8_0", Some("15.5 is not known")),
            (999.0, 2, "Q4_0", Some("999 is not known")),
            (7.0, 8, "Q8_0", None),
        ] {
            let name = "blk.0.ffn_up.weight".to_owned();
            let role = class::role(&name);
            let block = block::ggml(tensors).expect("a type");
            let tensor = Tensor { name, block, shape: vec![256, 256], elements: 65536, bytes: 65536, role };
            let metadata = BTreeMap::from([("general.file_type".to_owned(), Value::Number(file_type))]);
            let (found, note) = format(&Header { metadata, tensors: vec![tensor], ..Header::default() });
            assert_eq!(found.as_deref(), Some(format_is), "{file_type}");
            assert_eq!(note.is_some(), told.is_some(), "{note:?}");
            assert!(told.is_none_or(|told| note.is_some_and(|note| note.contains(told))), "{file_type}");
        }
    }
}
