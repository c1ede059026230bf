//! What can be asked of `local-s3` alone: others cannot be stopped from here, or are less strict than S3.

use aws_sdk_s3::types::ChecksumMode;
use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::bucket::{Bucket, PICTURE, get, path, put, sha256};
use crate::refusals::assert_refused;

#[tokio::test]
async fn objects_survive_a_restart() {
    let bucket = Bucket::start().await;
    bucket.upload("pictures/one").await;
    let bucket = bucket.restart().await;
    let head = bucket.client.head_object().bucket(&bucket.name).key("pictures/one");
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));
    assert_eq!(head.checksum_sha256(), Some(sha256(PICTURE).as_str()));
    assert_eq!(bucket.upload("pictures/one").await.status, StatusCode::PRECONDITION_FAILED);
    let read = bucket.send(get(&bucket.sign_read("pictures/one").await)).await;
    assert_eq!(&read.body[..], PICTURE);
}

#[tokio::test]
async fn an_amz_header_that_was_not_signed_is_refused() {
    let bucket = Bucket::start().await;
    for (name, value) in
        [("x-amz-meta-note", "hello"), ("x-amz-acl", "public-read"), ("x-amz-copy-source", "/a/b")]
    {
        let mut request = put(&bucket.sign_upload("one").await, PICTURE);
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_refused(&bucket, request, StatusCode::FORBIDDEN).await;
    }
}

#[tokio::test]
async fn an_upload_of_unknown_length_is_refused() {
    let bucket = Bucket::start().await;
    let signed = bucket.client.put_object().bucket(&bucket.name).key("one");
    let presigning =
        aws_sdk_s3::presigning::PresigningConfig::expires_in(std::time::Duration::from_secs(180));
    let signed = signed.presigned(presigning.unwrap()).await.unwrap();
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: {}\r\ntransfer-encoding: chunked\r\n",
        path(signed.uri()),
        bucket.addr
    );
    let mut stream = TcpStream::connect(bucket.addr).await.unwrap();
    stream
        .write_all(format!("{head}connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 411 "), "{answer}");
    assert!(!bucket.has("one").await);
}
