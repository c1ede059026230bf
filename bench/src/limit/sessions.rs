//! Sessions: a hash in Redis with the fields of the store's own, named by the cookie itself.

use std::collections::HashMap;

use axum::http::{HeaderMap, header};
use fred::prelude::{
    Builder, ClientLike, Config, FredResult, HashesInterface, KeysInterface, Pool, TcpConfig,
};
use uuid::Uuid;

const COOKIE: &str = "limit=";
const LASTS_MS: i64 = 30 * 60 * 1000;

pub(super) struct Sessions(Pool);

impl Sessions {
    pub(super) async fn connect(url: &str, connections: usize) -> FredResult<Self> {
        let mut builder = Builder::from_config(Config::from_url(url)?);
        builder.with_connection_config(|connection| {
            connection.tcp = TcpConfig { nodelay: Some(true), ..TcpConfig::default() };
        });
        let pool = builder.build_pool(connections)?;
        pool.init().await?;
        Ok(Self(pool))
    }

    /// In one round trip, as the store; none without a cookie.
    pub(super) async fn account(&self, headers: &HeaderMap) -> FredResult<Option<String>> {
        let Some(key) = key(headers) else { return Ok(None) };
        let mut fields: HashMap<String, String> = self.0.hgetall(key).await?;
        Ok(fields.remove("account"))
    }

    /// Answers the cookie; in one round trip.
    pub(super) async fn begin(&self, account: &str) -> FredResult<String> {
        let key = format!("limit:{}", Uuid::now_v7().simple());
        let fields = [
            ("v", "1"),
            ("key", "aaaaaaaaaaaaaaaaaaaaaa"),
            ("created", "1795000000000"),
            ("seen", "1795000000000"),
            ("deadline", "1795043200000"),
            ("idle", "1800000"),
            ("account", account),
            ("agent", ""),
            ("remembered", "0"),
        ];
        let together = self.0.next().pipeline();
        together.hset::<(), _, _>(&key, HashMap::from(fields)).await?;
        together.pexpire::<(), _>(&key, LASTS_MS, None).await?;
        together.all::<()>().await?;
        Ok(format!("{COOKIE}{key}; HttpOnly; SameSite=Lax; Path=/"))
    }
}

fn key(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::COOKIE)?.to_str().ok()?.strip_prefix(COOKIE)
}
