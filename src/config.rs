//! Every setting of a node, read once at start from flags or the environment; nothing else reads either.

use std::{net::SocketAddr, path::PathBuf, thread::available_parallelism, time::Duration};

use backend::{images, mail};
use clap::Parser;
use sessions::Secret;

/// What a node has to know.
#[derive(Clone, Parser)]
pub struct Config {
    /// Where the node serves pages.
    #[arg(long, env = "CARDSTORE_ADDR", default_value = "127.0.0.1:8080")]
    pub addr: SocketAddr,

    /// Where the node tells operators how it is; keep it away from the public.
    #[arg(long, env = "CARDSTORE_ADMIN_ADDR", default_value = "127.0.0.1:8081")]
    pub admin_addr: SocketAddr,

    /// The origin that people type, for links in mail and the check of where requests come from.
    #[arg(long, env = "CARDSTORE_PUBLIC_URL", default_value = "http://localhost:8080")]
    pub public_url: String,

    /// The node's name: in `x-served-by` and on the dashboard.
    #[arg(long, env = "CARDSTORE_NODE", default_value = "node")]
    pub node: String,

    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://cardstore.db", hide_env_values = true)]
    pub database_url: String,

    /// `redis://`, `rediss://`, `redis-cluster://` or `redis-sentinel://`.
    #[arg(long, env = "REDIS_URL", default_value = "redis://127.0.0.1:6379", hide_env_values = true)]
    pub redis_url: String,

    /// At least 32 bytes that every node shares and nobody else knows.
    #[arg(long, env = "CARDSTORE_SESSION_SECRET", hide_env_values = true)]
    pub session_secret: String,

    /// The secret before the present one, accepted while a fleet changes over.
    #[arg(long, env = "CARDSTORE_SESSION_SECRET_PREVIOUS", hide_env_values = true)]
    pub session_secret_previous: Option<String>,

    /// What the names of this store's keys in Redis begin with.
    #[arg(long, env = "CARDSTORE_KEY_PREFIX", default_value = "cardstore:")]
    pub key_prefix: String,

    /// Seconds without a request after which a session ends.
    #[arg(long, env = "CARDSTORE_SESSION_IDLE", default_value_t = 1_800)]
    pub session_idle: u64,

    /// Seconds after signing in at which a session ends, however busy.
    #[arg(long, env = "CARDSTORE_SESSION_MAX_AGE", default_value_t = 43_200)]
    pub session_max_age: u64,

    /// How many devices one account may be signed in on; the oldest is signed out. 0 for any number.
    #[arg(long, env = "CARDSTORE_SESSIONS_PER_ACCOUNT", default_value_t = 10)]
    pub sessions_per_account: u32,

    /// `on` subscribes to expiry events where the operator of Redis has enabled them.
    #[arg(long, env = "CARDSTORE_SESSION_EVENTS", default_value = "off", value_parser = ["on", "off"])]
    pub session_events: String,

    /// The bucket for pictures.
    #[arg(long, env = "S3_BUCKET", default_value = "cardstore")]
    pub s3_bucket: String,

    /// The bucket's region.
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1")]
    pub aws_region: String,

    /// An S3 other than Amazon's; browsers must reach it too.
    #[arg(long, env = "AWS_ENDPOINT_URL_S3")]
    pub s3_endpoint: Option<String>,

    /// Without keys, the machine's role is used.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", requires = "aws_secret_access_key", hide_env_values = true)]
    pub aws_access_key_id: Option<String>,

    /// Belongs to the access key.
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", requires = "aws_access_key_id", hide_env_values = true)]
    pub aws_secret_access_key: Option<String>,

    /// A CDN in front of the bucket; without it pictures are shown through signed URLs.
    #[arg(long, env = "IMAGE_BASE_URL")]
    pub image_base_url: Option<String>,

    /// The sender of mail.
    #[arg(long, env = "MAIL_FROM", default_value = "CardStore <cardstore@example.com>")]
    pub mail_from: String,

    /// `smtp://` or `smtps://`; without it mail is written to files.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Where mail lands as `.eml` files when there is no SMTP server.
    #[arg(long, env = "MAIL_DIR", default_value = "mail")]
    pub mail_dir: PathBuf,

    /// Seconds between answering 503 on `/healthz` and closing the door: what the balancer needs to notice.
    #[arg(long, env = "CARDSTORE_DRAIN", default_value_t = 0)]
    pub drain: u64,

    /// Pages and functions that the node works on at once; more are turned away with 503.
    #[arg(long, env = "CARDSTORE_MOST_REQUESTS", default_value_t = 256,
        value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub most_requests: u32,

    /// Milliseconds that a request may wait for a processor before fewer are taken on at once; 0 for any number.
    #[arg(long, env = "CARDSTORE_MOST_LAG_MS", default_value_t = 25)]
    pub most_lag_ms: u64,

    /// Threads that answer visitors; without it one for each core.
    #[arg(long, env = "CARDSTORE_THREADS", value_parser = clap::value_parser!(u16).range(1..=1_024))]
    pub threads: Option<u16>,

    /// `json` for machines, `text` for people.
    #[arg(long, env = "CARDSTORE_LOG", default_value = "text", value_parser = ["json", "text"])]
    pub log: String,

    /// What to log, as in `info,cardstore=debug`. An outage of Redis is logged by `sessions`, once.
    #[arg(long, env = "RUST_LOG", default_value = "info,tower_sessions_core=off")]
    pub log_filter: String,

    /// Who collects traces by OTLP over HTTP; without it there are none.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,

    /// Where the built site lies; set by cargo-leptos during development.
    #[arg(long, env = "LEPTOS_SITE_ROOT", default_value = "target/site")]
    pub site_root: String,

    /// Whether the site's files carry a hash of their content in their names.
    #[arg(long, env = "LEPTOS_HASH_FILES", default_value_t = false, action = clap::ArgAction::Set)]
    pub hash_files: bool,

    /// The port on which cargo-leptos tells pages to reload.
    #[arg(long, env = "LEPTOS_RELOAD_PORT", default_value_t = 3001)]
    pub reload_port: u32,

    /// Set by `cargo leptos watch`.
    #[arg(long, env = "LEPTOS_WATCH", hide = true)]
    pub watch: Option<String>,

    /// Reverse proxies in front of the node whose word in `X-Forwarded-For` is taken; 0 for none.
    #[arg(long, env = "CARDSTORE_PROXIES", default_value_t = 1)]
    pub proxies: usize,
}

impl Config {
    /// The origin without a path or a slash at its end.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.public_url.trim_end_matches('/')
    }

    #[must_use]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain)
    }

    /// Unless lag does not matter.
    #[must_use]
    pub fn most_lag(&self) -> Option<Duration> {
        (self.most_lag_ms > 0).then(|| Duration::from_millis(self.most_lag_ms))
    }

    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from)
    }

    /// The collector's address, unless there is none.
    #[must_use]
    pub fn traces_to(&self) -> Option<&str> {
        self.otlp_endpoint.as_deref().filter(|endpoint| !endpoint.is_empty())
    }

    /// Where browsers send and fetch pictures, for the content security policy.
    #[must_use]
    pub fn image_origins(&self) -> Vec<String> {
        let bucket = match &self.s3_endpoint {
            Some(endpoint) => origin_of(endpoint),
            None => format!("https://{}.s3.{}.amazonaws.com", self.s3_bucket, self.aws_region),
        };
        let mut origins = vec![bucket];
        origins.extend(self.image_base_url.as_deref().map(origin_of));
        origins
    }

    #[must_use]
    pub fn store(&self) -> backend::Settings {
        let transport = match &self.smtp_url {
            Some(url) => mail::Transport::Smtp { url: url.clone() },
            None => mail::Transport::Files { folder: self.mail_dir.clone() },
        };
        backend::Settings {
            database_url: self.database_url.clone(),
            public_url: self.origin().to_owned(),
            images: images::Settings {
                bucket: self.s3_bucket.clone(),
                region: self.aws_region.clone(),
                endpoint: self.s3_endpoint.clone(),
                base_url: self.image_base_url.clone(),
                keys: self.aws_access_key_id.clone().zip(self.aws_secret_access_key.clone()),
            },
            mail: mail::Settings { from: self.mail_from.clone(), transport },
        }
    }

    #[must_use]
    pub fn sessions(&self) -> sessions::Settings {
        let mut settings = sessions::Settings::new(Secret::new(self.session_secret.as_bytes()));
        settings.previous_secret =
            self.session_secret_previous.as_ref().map(|secret| Secret::new(secret.as_bytes()));
        settings.key_prefix.clone_from(&self.key_prefix);
        settings.secure_cookie = self.public_url.starts_with("https://");
        settings.idle = Duration::from_secs(self.session_idle);
        settings.max_age = Duration::from_secs(self.session_max_age);
        settings.sessions_per_account = self.sessions_per_account;
        settings.events = self.session_events == "on";
        // Each thread that answers visitors has one of its own besides.
        settings.connections = 1;
        settings
    }
}

/// Scheme, host and port of a URL.
fn origin_of(url: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..].find('/').map_or(url.len(), |at| after_scheme + at);
    url[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(more: &[&str]) -> Config {
        let secret = "--session-secret=0123456789abcdef0123456789abcdef";
        Config::parse_from(["cardstore", secret].iter().chain(more))
    }

    #[test]
    fn the_picture_origins_are_exact() {
        assert_eq!(
            config(&["--s3-endpoint", "http://127.0.0.1:9000/x"]).image_origins(),
            ["http://127.0.0.1:9000"]
        );
        let cdn =
            config(&["--image-base-url", "https://cdn.example.com/cards", "--aws-region", "eu-central-1"]);
        assert!(cdn.image_origins().contains(&"https://cdn.example.com".to_owned()));
    }

    #[test]
    fn cookies_are_secure_exactly_over_https() {
        assert!(config(&["--public-url", "https://cards.example.com"]).sessions().secure_cookie);
        assert!(!config(&[]).sessions().secure_cookie);
    }

    #[test]
    fn one_key_without_the_other_is_refused() {
        let half = ["cardstore", "--session-secret=x", "--aws-access-key-id=a"];
        assert!(Config::try_parse_from(half).is_err());
    }
}
