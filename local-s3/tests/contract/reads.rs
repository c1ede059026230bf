//! What the node learns about an object, and what a signed read shows to a browser.

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::ChecksumMode;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;

use crate::bucket::{Bucket, PICTURE, five_minutes_ago, get, sha256};

#[tokio::test]
async fn the_node_learns_length_type_and_checksum_without_reading_the_object() {
    let bucket = Bucket::start().await;
    bucket.upload("one").await;
    let head = bucket.client.head_object().bucket(&bucket.name).key("one");
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.content_length(), Some(PICTURE.len() as i64));
    assert_eq!(head.content_type(), Some("image/png"));
    assert_eq!(head.checksum_sha256(), Some(sha256(PICTURE).as_str()));
}

#[tokio::test]
async fn a_checksum_is_told_only_when_asked_for() {
    let bucket = Bucket::start().await;
    bucket.upload("one").await;
    let head = bucket.client.head_object().bucket(&bucket.name).key("one").send().await.unwrap();
    assert_eq!(head.checksum_sha256(), None);
}

#[tokio::test]
async fn the_node_writes_and_deletes_by_itself() {
    let bucket = Bucket::start().await;
    let write = || {
        let write = bucket
            .client
            .put_object()
            .bucket(&bucket.name)
            .key("one")
            .content_type("image/png")
            .if_none_match("*");
        write.checksum_sha256(sha256(PICTURE)).body(Bytes::from_static(PICTURE).into()).send()
    };
    write().await.unwrap();
    assert_eq!(write().await.unwrap_err().raw_response().unwrap().status().as_u16(), 412);
    assert!(bucket.has("one").await);
    bucket.client.delete_object().bucket(&bucket.name).key("one").send().await.unwrap();
    assert!(!bucket.has("one").await);
    write().await.unwrap();
}

#[tokio::test]
async fn the_bucket_answers_whether_it_is_there() {
    let bucket = Bucket::start().await;
    bucket.client.head_bucket().bucket(&bucket.name).send().await.unwrap();
    let refusal = bucket.client.head_bucket().bucket("elsewhere").send().await.unwrap_err();
    assert!(refusal.as_service_error().is_some_and(|error| error.is_not_found()), "{refusal:?}");
}

#[tokio::test]
async fn a_read_without_a_signature_is_refused() {
    let bucket = Bucket::start().await;
    bucket.upload("one").await;
    for path in ["/one", "/none", ""] {
        let uri = format!("http://{}/{}{path}", bucket.addr, bucket.name);
        let request = Request::get(uri).header("host", bucket.addr.to_string());
        let answer = bucket.send(request.body(Full::default()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn an_expired_read_is_refused() {
    let bucket = Bucket::start().await;
    bucket.upload("one").await;
    let answer = bucket.send(get(&bucket.sign_read_at("one", five_minutes_ago()).await)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_read_says_what_its_signature_says() {
    let bucket = Bucket::start().await;
    bucket.upload("one").await;
    let signed = bucket.client.get_object().bucket(&bucket.name).key("one");
    let signed = signed.response_cache_control("private, max-age=3600, immutable");
    let signed = signed.response_content_type("image/webp").response_content_disposition("inline");
    let two_hours = PresigningConfig::expires_in(std::time::Duration::from_secs(7200)).unwrap();
    let signed = signed.presigned(two_hours).await.unwrap();

    let answer = bucket.send(get(&signed)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), Some("private, max-age=3600, immutable"));
    assert_eq!(answer.header("content-type"), Some("image/webp"));
    assert_eq!(answer.header("content-disposition"), Some("inline"));

    let mut forged = get(&signed);
    *forged.uri_mut() = signed.uri().replace("image%2Fwebp", "text%2Fhtml").parse().unwrap();
    assert_ne!(forged.uri().to_string(), signed.uri());
    assert_eq!(bucket.send(forged).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_reader_that_has_the_object_is_told_so() {
    let bucket = Bucket::start().await;
    bucket.upload("one").await;
    let signed = bucket.sign_read("one").await;
    let etag = bucket.send(get(&signed)).await.header("etag").unwrap().to_owned();
    for (known, status) in [
        (etag.clone(), StatusCode::NOT_MODIFIED),
        (format!("\"other\", W/{etag}"), StatusCode::NOT_MODIFIED),
        ("\"other\"".to_owned(), StatusCode::OK),
    ] {
        let mut request = get(&signed);
        request.headers_mut().insert("if-none-match", known.parse().unwrap());
        let answer = bucket.send(request).await;
        assert_eq!(answer.status, status, "{known}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
        assert_eq!(answer.body.is_empty(), status == StatusCode::NOT_MODIFIED);
    }
}
