//! Looks at everything that lies in Redis after a test: nothing stays for ever, leads nowhere or is of use to a thief.

use std::collections::BTreeSet;

use super::Fleet;

const PREFIX: &str = "cardstore:";

impl Fleet {
    pub(crate) async fn sweep(&self) {
        let keys = self.redis.keys();
        let mut everything = String::new();
        for key in &keys {
            assert!(key.starts_with(PREFIX), "{key}");
            // A key may have run out since it was named.
            let ttl_ms: i64 = self.redis.cli(&["PTTL", key]).parse().unwrap();
            assert!(ttl_ms > 0 || ttl_ms == -2, "{key} stays for ever");
            let read: &[&str] = match self.redis.cli(&["TYPE", key]).as_str() {
                "hash" => &["HGETALL", key],
                "zset" => &["ZRANGE", key, "0", "-1", "WITHSCORES"],
                _ => &["GET", key],
            };
            everything.push_str(key);
            everything.push_str(&self.redis.cli(read));
        }
        for cookie in self.cookies() {
            let (locator, id) = cookie.split_at(cookie.len() / 2);
            assert!(!everything.contains(locator) && !everything.contains(id), "a cookie lies in Redis");
        }
        for account in keys.iter().filter_map(|key| key.strip_prefix(&format!("{PREFIX}a:"))) {
            self.assert_no_entry_leads_nowhere(account).await;
        }
    }

    fn cookies(&self) -> BTreeSet<String> {
        [&self.a, &self.b].iter().flat_map(|node| node.cookies.lock().unwrap().clone()).collect()
    }

    /// Reading an account's list repairs it.
    async fn assert_no_entry_leads_nowhere(&self, account: &str) {
        let listed = self.a.sessions.directory().list(account).await.unwrap().len();
        let index = self.redis.cli(&["ZRANGE", &format!("{PREFIX}a:{account}"), "0", "-1"]);
        assert_eq!(index.lines().filter(|member| !member.is_empty()).count(), listed, "{index}");
        for member in index.lines().filter(|member| !member.is_empty()) {
            let name = member.split_once(':').unwrap().1;
            let holder = self.redis.cli(&["HGET", &format!("{PREFIX}s:{{{name}}}"), "account"]);
            assert_eq!(holder, account, "{member}");
        }
    }
}
