#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| proclint_fuzz::audits(data));
