//! Storage of tensor elements: elements and bits per block, by the type's number (GGUF) or name (safetensors).
//!
//! The layouts are those of llama.cpp's `ggml-common.h` and of the safetensors format. A safetensors type that is not
//! in the table is refused by name, since its size would be a guess.

/// A storage type of tensor elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Name of the type as the file format defines it.
    pub name: &'static str,
    /// Elements per block.
    pub elements: u64,
    /// Bits per block, scales included.
    pub bits: u64,
}

impl Block {
    const fn new(name: &'static str, elements: u64, bytes: u64) -> Self {
        Self { name, elements, bits: bytes * 8 }
    }

    /// Returns the bytes that `elements` elements take, or `None` if they do not fill whole blocks and whole bytes.
    #[must_use]
    pub fn bytes(&self, elements: u64) -> Option<u64> {
        let bits = (elements / self.elements).checked_mul(self.bits)?;
        (elements.is_multiple_of(self.elements) && bits.is_multiple_of(8)).then_some(bits / 8)
    }
}

/// GGUF's types by number. The numbers below 40 that are missing belong to types that were removed; llama.cpp's forks
/// number their own types from 97 on.
const GGML: [(u32, Block); 37] = [
    (0, Block::new("F32", 1, 4)),
    (1, Block::new("F16", 1, 2)),
    (2, Block::new("Q4_0", 32, 18)),
    (3, Block::new("Q4_1", 32, 20)),
    (6, Block::new("Q5_0", 32, 22)),
    (7, Block::new("Q5_1", 32, 24)),
    (8, Block::new("Q8_0", 32, 34)),
    (9, Block::new("Q8_1", 32, 36)),
    (10, Block::new("Q2_K", 256, 84)),
    (11, Block::new("Q3_K", 256, 110)),
    (12, Block::new("Q4_K", 256, 144)),
    (13, Block::new("Q5_K", 256, 176)),
    (14, Block::new("Q6_K", 256, 210)),
    (15, Block::new("Q8_K", 256, 292)),
    (16, Block::new("IQ2_XXS", 256, 66)),
    (17, Block::new("IQ2_XS", 256, 74)),
    (18, Block::new("IQ3_XXS", 256, 98)),
    (19, Block::new("IQ1_S", 256, 50)),
    (20, Block::new("IQ4_NL", 32, 18)),
    (21, Block::new("IQ3_S", 256, 110)),
    (22, Block::new("IQ2_S", 256, 82)),
    (23, Block::new("IQ4_XS", 256, 136)),
    (24, Block::new("I8", 1, 1)),
    (25, Block::new("I16", 1, 2)),
    (26, Block::new("I32", 1, 4)),
    (27, Block::new("I64", 1, 8)),
    (28, Block::new("F64", 1, 8)),
    (29, Block::new("IQ1_M", 256, 56)),
    (30, Block::new("BF16", 1, 2)),
    (31, Block::new("Q4_0_4_4", 32, 18)),
    (32, Block::new("Q4_0_4_8", 32, 18)),
    (33, Block::new("Q4_0_8_8", 32, 18)),
    (34, Block::new("TQ1_0", 256, 54)),
    (35, Block::new("TQ2_0", 256, 66)),
    (39, Block::new("MXFP4", 32, 17)),
    (40, Block::new("NVFP4", 64, 36)),
    (41, Block::new("Q1_0", 128, 18)),
];

/// Stand-in for a GGUF type that is not in the table; the bytes of its tensors follow from their offsets in the file.
pub const UNKNOWN: Block = Block { name: "a type that is not known", elements: 1, bits: 0 };

/// Returns the GGUF type with this number.
#[must_use]
pub fn ggml(number: u32) -> Option<&'static Block> {
    GGML.iter().find(|(own, _)| *own == number).map(|(_, block)| block)
}

/// Types of safetensors, without the complex type.
const SAFETENSORS: [Block; 21] = [
    Block { name: "F4", elements: 1, bits: 4 },
    Block { name: "F6_E2M3", elements: 1, bits: 6 },
    Block { name: "F6_E3M2", elements: 1, bits: 6 },
    Block::new("BOOL", 1, 1),
    Block::new("U8", 1, 1),
    Block::new("I8", 1, 1),
    Block::new("F8_E5M2", 1, 1),
    Block::new("F8_E4M3", 1, 1),
    Block::new("F8_E5M2FNUZ", 1, 1),
    Block::new("F8_E4M3FNUZ", 1, 1),
    Block::new("F8_E8M0", 1, 1),
    Block::new("I16", 1, 2),
    Block::new("U16", 1, 2),
    Block::new("F16", 1, 2),
    Block::new("BF16", 1, 2),
    Block::new("I32", 1, 4),
    Block::new("U32", 1, 4),
    Block::new("F32", 1, 4),
    Block::new("I64", 1, 8),
    Block::new("U64", 1, 8),
    Block::new("F64", 1, 8),
];

/// Returns the safetensors type with this name.
#[must_use]
pub fn safetensors(name: &str) -> Option<&'static Block> {
    let complex = (name == "C64").then_some(&COMPLEX);
    complex.or_else(|| SAFETENSORS.iter().find(|block| block.name == name))
}

const COMPLEX: Block = Block::new("C64", 1, 8);
