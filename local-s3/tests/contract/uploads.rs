//! What a signed upload may do: be written once, whole.

use http::StatusCode;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::bucket::{Bucket, PICTURE, get, path};

#[tokio::test]
async fn a_signed_upload_is_stored() {
    let bucket = Bucket::start().await;
    let answer = bucket.upload("pictures/one").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("etag").is_some());
    let read = bucket.send(get(&bucket.sign_read("pictures/one").await)).await;
    assert_eq!((read.status, &read.body[..]), (StatusCode::OK, PICTURE));
    assert_eq!(read.header("content-type"), Some("image/png"));
}

#[tokio::test]
async fn an_upload_signs_length_type_condition_and_checksum() {
    let bucket = Bucket::start().await;
    let signed = bucket.sign_upload("one").await;
    for name in ["content-length", "content-type", "if-none-match", "x-amz-checksum-sha256"] {
        assert!(signed.headers().any(|(signed, _)| signed == name), "{name} is not signed");
    }
}

#[tokio::test]
async fn a_second_write_is_refused_and_changes_nothing() {
    let bucket = Bucket::start().await;
    assert_eq!(bucket.upload("one").await.status, StatusCode::OK);
    assert_eq!(bucket.upload("one").await.status, StatusCode::PRECONDITION_FAILED);
    assert!(bucket.has("one").await);
}

#[tokio::test]
async fn of_parallel_writes_exactly_one_succeeds() {
    let bucket = Bucket::start().await;
    for round in 0..20 {
        let key = format!("pictures/{round}");
        let writes =
            tokio::join!(bucket.upload(&key), bucket.upload(&key), bucket.upload(&key), bucket.upload(&key));
        let mut statuses = [writes.0, writes.1, writes.2, writes.3].map(|answer| answer.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412]);
    }
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_room_for_another_try() {
    let bucket = Bucket::start().await;
    let stalled = begin_upload(&bucket, "one").await;
    assert!(!bucket.has("one").await);
    assert_eq!(bucket.upload("one").await.status, StatusCode::OK, "nobody waits for a stalled upload");
    drop(stalled);
    assert!(bucket.has("one").await);
}

/// Sends everything but the last byte.
async fn begin_upload(bucket: &Bucket, key: &str) -> TcpStream {
    let signed = bucket.sign_upload(key).await;
    let mut head = format!("PUT {} HTTP/1.1\r\nhost: {}\r\n", path(signed.uri()), bucket.addr);
    for (name, value) in signed.headers() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect(bucket.addr).await.unwrap();
    stream.write_all(&[head.as_bytes(), b"\r\n", &PICTURE[1..]].concat()).await.unwrap();
    stream
}
