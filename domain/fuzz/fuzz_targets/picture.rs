//! Fuzzes what looks at files from outside. In `domain/`:
//! `cargo +nightly fuzz run picture -- -max_len=65536 -rss_limit_mb=256 -malloc_limit_mb=64`.

#![no_main]

use domain::image;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (head, _) = bytes.split_at(bytes.len() / 2);
    let seen = image::glance(head, bytes.len() as u64);
    if let Ok(kind) = image::inspect(bytes) {
        // What is accepted as a whole was not refused by its beginning.
        assert!(seen.is_ok() || image::ImageType::sniff(head).is_none());
        assert_eq!(image::ImageType::sniff(bytes), Some(kind));
    }
    let _ = image::is_heic(bytes);
});
