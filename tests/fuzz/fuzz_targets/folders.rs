#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = targets::folder(data);
});
