//! Tests with model files that are cut off, broken or malicious: a sentence with the place, little memory, no panic.
//! The tests in `fuzz` change them at random.

use std::fs::File;
use std::io::Write;

use whichbox::files::model_file::{Source, inspect, inspect_source, parse_config};

use super::program::run_in;

/// Returns a GGUF header with these counts.
fn gguf(version: u32, tensors: u64, entries: u64, rest: &[u8]) -> Vec<u8> {
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend(tensors.to_le_bytes());
    bytes.extend(entries.to_le_bytes());
    bytes.extend(rest);
    bytes
}

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

/// Returns a metadata entry with a list of this type, length and bytes.
fn list(kind: u32, length: u64, bytes: &[u8]) -> Vec<u8> {
    [&text("key")[..], &9_u32.to_le_bytes(), &kind.to_le_bytes(), &length.to_le_bytes(), bytes].concat()
}

fn tensor(name: &str, shape: &[u64], kind: u32, offset: u64) -> Vec<u8> {
    let mut bytes = text(name);
    bytes.extend((shape.len() as u32).to_le_bytes());
    for dim in shape {
        bytes.extend(dim.to_le_bytes());
    }
    bytes.extend(kind.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes
}

fn safetensors(header: &str) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 64]].concat()
}

/// Returns the sentence about bytes that are no model, and the memory that was needed to find the fault.
fn fault(bytes: Vec<u8>) -> (String, u64) {
    let source = Source::memory("x", bytes);
    let mut sentence = String::new();
    let used = allocation_counter::measure(|| sentence = inspect_source(source).unwrap_err().to_string());
    (sentence, used.bytes_max)
}

#[test]
fn tensors_of_unknown_types_take_the_bytes_up_to_the_next() {
    // Type numbers of a later llama.cpp and of a fork.
    for kind in [42, 137] {
        let data =
            [tensor("blk.0.attn_q.weight", &[256, 4], kind, 0), tensor("output_norm.weight", &[32], 0, 576)].concat();
        let header = gguf(3, 2, 0, &data);
        let start = header.len().next_multiple_of(32);
        let mut bytes = header;
        bytes.resize(start + 576 + 128, 0);
        let facts = inspect_source(Source::memory("x", bytes)).expect("facts");
        let weights = facts.weights.expect("weights");
        assert_eq!((weights.total(), weights.classes.attention), (704.0, 576.0));
        let fault = facts.format_fault.expect("a fault");
        assert!(fault.contains(&format!("by their numbers {kind}")), "{fault}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let space = vec![0; 4096];
    let one = |tensor: Vec<u8>| gguf(3, 1, 0, &[tensor, space.clone()].concat());
    let mut nested = list(9, 1, &[]);
    for _ in 0..200 {
        nested.extend([9_u32.to_le_bytes().as_slice(), &1_u64.to_le_bytes()].concat());
    }
    nested.extend(&space);
    let twice = [tensor("a", &[32], 0, 0), tensor("a", &[32], 0, 128), space.clone()].concat();
    let entry = "\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}";
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"GGUF".to_vec(), "at byte 4: the file ends too early"),
        (gguf(1, 0, 0, &space), "at byte 4: GGUF version 1 is not read"),
        (gguf(3_u32.swap_bytes(), 0, 0, &space), "at byte 4: the file is big-endian"),
        (gguf(77, 0, 0, &space), "at byte 4: GGUF version 77 is not known"),
        (gguf(3, 1 << 60, 0, &space), "at byte 8: 1152921504606846976 tensors cannot be"),
        (gguf(3, 0, 1 << 60, &space), "at byte 16: 1152921504606846976 entries"),
        (
            gguf(3, 0, 1, &[&(1_u64 << 63).to_le_bytes()[..], &space].concat()),
            "a key of the metadata is 9223372036854775808",
        ),
        (gguf(3, 0, 1, &[text("k"), 99_u32.to_le_bytes().to_vec(), space.clone()].concat()), "type 99 are not known"),
        (gguf(3, 0, 1, &[text("k"), 8_u32.to_le_bytes().to_vec(), vec![255; 9], space.clone()].concat()), "too early"),
        (gguf(3, 0, 1, &[list(8, 1 << 60, &[]), space.clone()].concat()), "a list of 1152921504606846976 entries"),
        (gguf(3, 0, 1, &[list(10, u64::MAX, &[]), space.clone()].concat()), "the file ends too early"),
        (gguf(3, 0, 1, &nested), "lists stand in lists deeper than 4"),
        (one(tensor("a", &[1 << 40, 1 << 40], 0, 0)), "multiply to more elements than can be counted"),
        (one(tensor("a", &[32; 9], 0, 0)), "the tensor \"a\" has 9 dimensions"),
        (one(tensor("a", &[32], 4, 0)), "the tensor \"a\" is of a type that is not known (4)"),
        (one(tensor("a", &[100], 12, 0)), "no whole number of Q4_K blocks"),
        (one(tensor("a", &[32], 0, 7)), "off the alignment of 32 bytes"),
        (one(tensor("a", &[1 << 30], 0, 0)), "ends beyond the file"),
        (one(tensor("a", &[32], 0, u64::MAX - 31)), "ends beyond the file"),
        (gguf(3, 2, 0, &twice), "the tensor \"a\" stands in it a second time"),
        (vec![255; 64], "at byte 0: a header of 18446744073709551615 bytes cannot be"),
        ([&1_000_000_000_u64.to_le_bytes()[..], &[b'{'; 64]].concat(), "a header of 1000000000 bytes cannot be"),
        (safetensors("[]"), "at byte 8: the header does not begin with {"),
        (safetensors("{\"a\": 5}"), "the header is not what the format asks for"),
        (safetensors(&format!("{{{entry}, {entry}}}")), "the tensor \"a\" stands in it a second time"),
        (safetensors(&format!("{{{}", "\"a\":{".repeat(500))), "the header is not what the format asks for"),
        (
            safetensors("{\"a\": {\"dtype\": \"Q9\", \"shape\": [2], \"data_offsets\": [0, 8]}}"),
            "of type Q9, which is not known",
        ),
        (
            safetensors("{\"a\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 8]}}"),
            "3 elements of F32 do not take",
        ),
        (
            safetensors("{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [999, 1007]}}"),
            "ends beyond the file",
        ),
        (
            safetensors(
                "{\"a\": {\"dtype\": \"F32\", \"shape\": [18446744073709551615, 2], \"data_offsets\": [0, 8]}}",
            ),
            "multiply",
        ),
    ];
    for (bytes, part) in cases {
        let length = bytes.len() as u64;
        let (sentence, used) = fault(bytes);
        assert!(sentence.starts_with("x: ") && sentence.contains(part), "{part}: {sentence}");
        assert!(used < 64 * 1024 + 4 * length, "{part}: {used} bytes of memory");
    }
}

#[test]
fn configurations_that_cannot_be_are_refused() {
    let cases = [
        ("", "at byte 0: it is not valid JSON"),
        ("[]", "a configuration is a JSON object"),
        ("{\"a\": }", "at byte 6: it is not valid JSON"),
        ("{}", "it has no field `model_type`"),
    ];
    for (text, part) in cases {
        let error = parse_config("c", text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert!(parse_config("c", &deep).unwrap_err().to_string().contains("recursion limit"));
    let unknown = parse_config("c", "{\"model_type\": \"warp\"}").unwrap();
    assert_eq!(unknown.shape.unwrap_err(), "the architecture \"warp\" is not known");
    let shapes = [
        ("\"num_hidden_layers\": 1e18", "`num_hidden_layers` is not a whole number"),
        ("\"num_hidden_layers\": 99999", "99999 layers are more than 4096"),
        ("\"num_hidden_layers\": 2", "the field `num_attention_heads` is missing"),
        ("\"num_hidden_layers\": 2, \"num_attention_heads\": 0", "the field `num_attention_heads` is 0"),
        ("\"num_hidden_layers\": 2, \"num_attention_heads\": -3", "`num_attention_heads` is not a whole number"),
    ];
    for (fields, part) in shapes {
        let config = parse_config("c", &format!("{{\"model_type\": \"llama\", {fields}}}")).unwrap();
        let sentence = config.shape.unwrap_err();
        assert!(sentence.contains(part), "{fields}: {sentence}");
    }
}

#[test]
fn files_that_are_no_files_are_refused_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pipe.gguf");
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    assert!(inspect(&path).unwrap_err().to_string().contains("not a regular file"));
    for (name, part) in [("none.gguf", "there is no such file"), ("empty.gguf", "too short for a model file")] {
        if name.starts_with("empty") {
            File::create(directory.path().join(name)).unwrap();
        }
        let ran = run_in(directory.path(), &["inspect", name]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(part), "{ran:?}");
    }
    let ran = run_in(directory.path(), &["inspect", "."]);
    assert!(ran.code == 2 && ran.err.contains("several models are in it"), "{ran:?}");
    let index = "{\"weight_map\": {\"a\": \"../../etc/passwd\"}}";
    std::fs::write(directory.path().join("model.safetensors.index.json"), index).unwrap();
    let ran = run_in(directory.path(), &["inspect", "model.safetensors.index.json"]);
    assert!(ran.code == 2 && ran.err.contains("which is no file beside it"), "{ran:?}");
}

#[test]
fn a_file_of_400_gb_is_read_by_its_header() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("huge.gguf");
    let mut file = File::create(&path).unwrap();
    file.write_all(&gguf(3, 1, 0, &tensor("blk.0.ffn_up.weight", &[1 << 20, 95_000], 0, 0))).unwrap();
    // A sparse file: it has the length and takes no disk space.
    file.set_len(400_000_000_000).unwrap();
    let facts = inspect(&path).unwrap();
    assert_eq!(facts.tensor_bytes(), Some((1_u64 << 22) as f64 * 95_000.0));
}
