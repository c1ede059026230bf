//! Fuzzes `sessions::decoding::cookie_header`. `cargo +nightly fuzz run cookie_header` in `sessions/`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sessions::decoding::cookie_header(bytes));
