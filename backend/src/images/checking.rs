//! Checking a bucket before people need it: is it there, may pages send to it, does it keep what it must.

use domain::image::ImageType;
use sha2::{Digest as _, Sha256};

use super::bucket::preflight::NEEDED_HEADERS;
use super::{Bucket, Settings};
use crate::bytes::{hex, random};
use crate::error::Fault;

/// A site whose pages must not be able to send to anybody's bucket.
const FOREIGN_ORIGIN: &str = "https://foreign.example";
const PROBE: &[u8] = b"a check of the bucket";

/// What stands in the way of pictures, in sentences that say what to do; none when all is well. `public_url` is where
/// browsers find the store. Writes one small object and deletes it.
pub async fn check(settings: Settings, public_url: &str) -> Vec<String> {
    let name = settings.bucket.clone();
    let bucket = match Bucket::open(settings).await {
        Ok(bucket) => bucket,
        Err(error) => return vec![format!("The settings of the bucket cannot be used: {error}.")],
    };
    if let Err(fault) = bucket.ping().await {
        return vec![format!(
            "The bucket {name} does not answer. See that it exists, that the endpoint, the region and the keys are \
             right, and that they permit s3:ListBucket. ({})",
            fault.chain()
        )];
    }
    let mut troubles = cors(&bucket, &name, public_url.trim_end_matches('/')).await;
    troubles.extend(objects(&bucket, &name).await);
    troubles
}

async fn cors(bucket: &Bucket, name: &str, origin: &str) -> Vec<String> {
    let mut troubles = Vec::new();
    let ours = bucket.preflight(origin).await;
    let permits = |list: &str, wanted: &str| list == "*" || list.split(',').any(|one| one.trim() == wanted);
    let permitted = permits(&ours.origin, origin)
        && permits(&ours.methods, "PUT")
        && NEEDED_HEADERS.iter().all(|header| permits(&ours.headers, header));
    if !permitted {
        troubles.push(format!(
            "Pages of {origin} may not send pictures to the bucket {name}. Give it a CORS rule with the origin \
             {origin}, the methods PUT, GET and HEAD, and the headers {}.",
            NEEDED_HEADERS.join(", ")
        ));
    }
    let foreign = bucket.preflight(FOREIGN_ORIGIN).await;
    if permits(&foreign.origin, FOREIGN_ORIGIN) {
        troubles.push(format!(
            "Pages of any site may send to the bucket {name}. Let its CORS rule name no origin but {origin}."
        ));
    }
    troubles
}

/// Does with one object what the store does with every picture.
async fn objects(bucket: &Bucket, name: &str) -> Vec<String> {
    let key = format!("check-{}", hex(&random::<16>()));
    let sha256: [u8; 32] = Sha256::digest(PROBE).into();
    let put = || bucket.put(&key, PROBE.to_vec(), ImageType::Png, &sha256);
    if let Err(fault) = put().await {
        return vec![trouble(name, "cannot be written to", "s3:PutObject", &fault)];
    }
    let mut troubles = Vec::new();
    if put().await.is_ok() {
        troubles.push(format!(
            "The bucket {name} lets an object be written twice: it ignores If-None-Match. Use a server that does not."
        ));
    }
    match bucket.head(&key).await {
        Ok(Some(head)) if head.sha256 == Some(sha256) => {}
        Ok(_) => troubles.push(format!(
            "The bucket {name} does not tell the SHA-256 of an object. The store then believes bytes alone."
        )),
        Err(fault) => troubles.push(trouble(name, "cannot be looked into", "s3:GetObject", &fault)),
    }
    if let Err(fault) = bucket.get(&key).await {
        troubles.push(trouble(name, "cannot be read", "s3:GetObject", &fault));
    }
    if let Err(fault) = bucket.delete(&key).await {
        troubles.push(trouble(name, "does not let go of objects", "s3:DeleteObject", &fault));
    }
    troubles
}

fn trouble(name: &str, what: &str, permission: &str, fault: &Fault) -> String {
    format!("The bucket {name} {what}. See that the keys permit {permission}. ({})", fault.chain())
}
