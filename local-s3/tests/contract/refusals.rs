//! Everything that an upload may not do; each refusal leaves no object.

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;

use crate::bucket::{Bucket, PICTURE, five_minutes_ago, put, sha256};

#[tokio::test]
async fn a_tampered_signature_is_refused() {
    let bucket = Bucket::start().await;
    let signed = bucket.sign_upload("one").await;
    let mut request = put(&signed, PICTURE);
    let last = if signed.uri().contains("X-Amz-Signature=0") { "1" } else { "0" };
    let (before, after) = signed.uri().split_once("X-Amz-Signature=").unwrap();
    *request.uri_mut() = format!("{before}X-Amz-Signature={last}{}", &after[1..]).parse().unwrap();
    assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn a_signature_is_good_for_one_key_only() {
    let bucket = Bucket::start().await;
    let signed = bucket.sign_upload("another").await;
    let mut request = put(&signed, PICTURE);
    *request.uri_mut() = signed.uri().replace("/another?", "/one?").parse().unwrap();
    assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn an_expired_upload_is_refused() {
    let bucket = Bucket::start().await;
    let signed = bucket.sign_upload_at("one", five_minutes_ago()).await;
    assert_refused(&bucket, put(&signed, PICTURE), StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn an_upload_without_a_signature_is_refused() {
    let bucket = Bucket::start().await;
    let uri = format!("http://{}/{}/one", bucket.addr, bucket.name);
    let request = Request::put(uri).header("host", bucket.addr.to_string());
    let request = request.body(Full::new(Bytes::from_static(PICTURE))).unwrap();
    assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn one_byte_more_than_signed_is_refused() {
    let bucket = Bucket::start().await;
    let signed = bucket.sign_upload("one").await;
    let request = put(&signed, &[PICTURE, b"!"].concat());
    assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn another_type_than_signed_is_refused() {
    let bucket = Bucket::start().await;
    let mut request = put(&bucket.sign_upload("one").await, PICTURE);
    request.headers_mut().insert("content-type", "text/html".parse().unwrap());
    assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn dropping_the_signed_condition_is_refused() {
    let bucket = Bucket::start().await;
    let mut request = put(&bucket.sign_upload("one").await, PICTURE);
    request.headers_mut().remove("if-none-match");
    assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn another_checksum_than_signed_is_refused() {
    let bucket = Bucket::start().await;
    let other: Vec<u8> = PICTURE.iter().rev().copied().collect();
    let mut request = put(&bucket.sign_upload("one").await, &other);
    request.headers_mut().insert("x-amz-checksum-sha256", sha256(&other).parse().unwrap());
    assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn other_bytes_than_the_checksum_says_are_refused_and_leave_no_object() {
    let bucket = Bucket::start().await;
    let other: Vec<u8> = PICTURE.iter().rev().copied().collect();
    let request = put(&bucket.sign_upload("one").await, &other);
    assert_refused(&bucket, request, StatusCode::BAD_REQUEST).await;
    assert_eq!(bucket.upload("one").await.status, StatusCode::OK, "the right bytes may still come");
}

pub(crate) async fn assert_refused(bucket: &Bucket, request: Request<Full<Bytes>>, status: StatusCode) {
    let answer = bucket.send(request).await;
    assert_eq!(answer.status, status, "{}", String::from_utf8_lossy(&answer.body));
    assert!(!bucket.has("one").await, "a refused upload leaves no object");
}
