#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| takar_fuzz::checks::blocks(bytes));
