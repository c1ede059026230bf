//! Fuzzes `sessions::decoding::record`. `cargo +nightly fuzz run record` in `sessions/`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sessions::decoding::record(bytes));
