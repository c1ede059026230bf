//! The same contract, asked of an S3 that others wrote: a suite that only our own server fulfils would prove little.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a failed test")]

#[expect(dead_code, reason = "only our own server is stopped and started")]
#[path = "../contract/bucket.rs"]
mod bucket;
#[path = "../contract/cors.rs"]
mod cors;
#[path = "../contract/reads.rs"]
mod reads;
#[path = "../contract/refusals.rs"]
mod refusals;
#[path = "../contract/uploads.rs"]
mod uploads;

/// Not in a `local-s3` of the test's own.
const IS_ELSEWHERE: bool = true;
