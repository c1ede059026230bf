//! Which pages may use the bucket.

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;

use crate::bucket::{Answer, Bucket, HEADERS, ORIGINS, PICTURE, get, put};

async fn preflight(bucket: &Bucket, origin: &str, method: &str, headers: &str) -> Answer {
    let request = Request::options(format!("http://{}/{}/one", bucket.addr, bucket.name))
        .header("host", bucket.addr.to_string())
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers);
    bucket.send(request.body(Full::<Bytes>::default()).unwrap()).await
}

/// The words of a header that lists some, in lower case.
fn words(answer: &Answer, header: &str) -> Vec<String> {
    answer.header(header).unwrap().split(',').map(|word| word.trim().to_lowercase()).collect()
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_upload() {
    let bucket = Bucket::start().await;
    for origin in ORIGINS {
        let answer = preflight(&bucket, origin, "PUT", &HEADERS.join(",")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert!(words(&answer, "access-control-allow-methods").contains(&"put".to_owned()));
        let permitted = words(&answer, "access-control-allow-headers");
        assert!(HEADERS.iter().all(|header| permitted.contains(&(*header).to_owned())), "{permitted:?}");
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
    }
}

#[tokio::test]
async fn a_foreign_page_is_refused() {
    let bucket = Bucket::start().await;
    for origin in
        ["http://localhost:8081", "https://localhost:8080", "http://localhost:8080.example.com", "null"]
    {
        let answer = preflight(&bucket, origin, "PUT", "content-type").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
    }
}

#[tokio::test]
async fn other_methods_and_headers_are_refused() {
    let bucket = Bucket::start().await;
    for (method, headers) in
        [("DELETE", "content-type"), ("PUT", "content-type, x-amz-acl"), ("PUT", "authorization")]
    {
        let answer = preflight(&bucket, ORIGINS[0], method, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {headers}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn a_page_may_read_the_answer_even_when_it_is_a_refusal() {
    let bucket = Bucket::start().await;
    for status in [StatusCode::OK, StatusCode::PRECONDITION_FAILED] {
        let mut request = put(&bucket.sign_upload("one").await, PICTURE);
        request.headers_mut().insert("origin", ORIGINS[0].parse().unwrap());
        let answer = bucket.send(request).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGINS[0]));
        assert_eq!(words(&answer, "access-control-expose-headers"), ["etag", "x-amz-checksum-sha256"]);
        assert!(answer.header("vary").unwrap().contains("Origin"));
    }
}

#[tokio::test]
async fn a_foreign_page_may_not_read_the_answer() {
    let bucket = Bucket::start().await;
    bucket.upload("one").await;
    let mut request = get(&bucket.sign_read("one").await);
    request.headers_mut().insert("origin", "http://elsewhere.example".parse().unwrap());
    let answer = bucket.send(request).await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
}
