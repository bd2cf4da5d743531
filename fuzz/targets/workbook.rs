#![no_main]

libfuzzer_sys::fuzz_target!(init: takar_fuzz::let_calamine_panic(), |bytes: &[u8]| takar_fuzz::checks::workbook(bytes));
