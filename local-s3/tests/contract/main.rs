//! The upload contract: what the store relies on when it says "S3", asked of the real binary.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a failed test")]

mod bucket;
mod cors;
mod local;
mod reads;
mod refusals;
mod uploads;

/// In a `local-s3` of the test's own.
const IS_ELSEWHERE: bool = false;
