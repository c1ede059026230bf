//! What Redis says of itself: version, memory, what it forgets, what it writes down, and its clock.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use fred::{
    clients::Client,
    prelude::{Builder, ClientLike, Config as RedisConfig, Error},
    rustls::crypto::ring,
    types::{ClusterHash, CustomCommand, FromValue, Value},
};

use super::finding::Finding;
use crate::config::Config;

const PART: &str = "redis";
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
const COMMAND_PATIENCE: Duration = Duration::from_secs(3);
/// The first with all that the sessions need.
const OLDEST: (u32, u32) = (6, 2);
/// People notice nothing of less; links and signatures are wrong by more.
const LARGEST_SKEW: Duration = Duration::from_secs(2);
/// Of the memory that Redis may use.
const FULL_PER_CENT: u64 = 75;

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let client = match connect(&config.redis_url).await {
        Ok(client) => client,
        Err(error) => {
            let what = "See REDIS_URL: scheme (rediss for TLS), host, port, name and password";
            return vec![Finding::wrong(PART, format!("it does not answer: {error}"), what)];
        }
    };
    let mut findings = vec![clock(&client).await];
    match ask::<String>(&client, "INFO", &[]).await {
        Ok(text) => findings.extend(of_info(&Info::parse(&text))),
        Err(_) => findings.push(Finding::note(
            PART,
            "this user may not ask for INFO, so its version and memory are not known here",
            "Ask its operator for 6.2 or newer, and for maxmemory-policy noeviction",
        )),
    }
    if config.session_events == "on" {
        findings.push(events(&client).await);
    }
    // It goes with the program anyway.
    _ = client.quit().await;
    findings
}

async fn connect(url: &str) -> Result<Client, Error> {
    // Two providers are linked, so rustls has to be told; a second telling changes nothing.
    _ = ring::default_provider().install_default();
    let mut config = RedisConfig::from_url(&url.replacen("valkey", "redis", 1))?;
    config.fail_fast = true;
    let mut builder = Builder::from_config(config);
    builder
        .with_performance_config(|performance| performance.default_command_timeout = COMMAND_PATIENCE)
        .with_connection_config(|connection| connection.connection_timeout = CONNECT_PATIENCE);
    let client = builder.build()?;
    client.init().await?;
    Ok(client)
}

async fn ask<T: FromValue>(client: &Client, command: &'static str, words: &[&str]) -> Result<T, Error> {
    let command = CustomCommand::new_static(command, ClusterHash::Random, false);
    let words: Vec<Value> = words.iter().map(|word| (*word).into()).collect();
    client.custom(command, words).await
}

async fn clock(client: &Client) -> Finding {
    let before = SystemTime::now();
    let answer = ask::<Vec<String>>(client, "TIME", &[]).await;
    let after = SystemTime::now();
    let time = answer.ok().and_then(|time| {
        let (seconds, micros) = (time.first()?.parse().ok()?, time.get(1)?.parse().ok()?);
        Some(UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_micros(micros))
    });
    match time {
        None => Finding::wrong(PART, "it does not tell the time", "Permit the user the command TIME"),
        Some(time) => of_skew(skew(time, before, after)),
    }
}

/// How far the clock is outside of the moment in which it was read.
fn skew(time: SystemTime, before: SystemTime, after: SystemTime) -> Duration {
    let early = before.duration_since(time).unwrap_or_default();
    let late = time.duration_since(after).unwrap_or_default();
    early.max(late)
}

fn of_skew(skew: Duration) -> Finding {
    if skew <= LARGEST_SKEW {
        return Finding::fine(PART, "it answers, and its clock agrees with this machine's");
    }
    let says = format!("its clock and this machine's are {:.1} s apart", skew.as_secs_f32());
    Finding::wrong(PART, says, "Run NTP on both: links, signatures and sessions expire by these clocks")
}

async fn events(client: &Client) -> Finding {
    let what = "Set notify-keyspace-events to Ex, or CARDSTORE_SESSION_EVENTS to off";
    match ask::<Vec<String>>(client, "CONFIG", &["GET", "notify-keyspace-events"]).await {
        Ok(answer) => match answer.get(1) {
            Some(flags) if tells_of_expiry(flags) => Finding::fine(PART, "it tells when keys expire"),
            _ => {
                Finding::wrong(PART, "it does not tell when keys expire, but the settings rely on that", what)
            }
        },
        Err(_) => Finding::note(PART, "this user may not ask whether it tells when keys expire", what),
    }
}

/// `E` for events by their kind, `x` for expiry; `A` stands for most kinds.
fn tells_of_expiry(flags: &str) -> bool {
    flags.contains('E') && flags.contains(['x', 'A'])
}

/// `name:value` lines.
struct Info(HashMap<String, String>);

impl Info {
    fn parse(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| line.trim().split_once(':'));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }
}

fn of_info(info: &Info) -> Vec<Finding> {
    [Some(of_version(info)), of_policy(info), of_memory(info), of_persistence(info)]
        .into_iter()
        .flatten()
        .collect()
}

fn of_version(info: &Info) -> Finding {
    // Valkey calls itself Redis 7.2 for those who ask for that.
    let version = info.text("redis_version");
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    let found: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found >= OLDEST {
        Finding::fine(PART, format!("version {version}"))
    } else {
        Finding::wrong(PART, format!("version {version} is too old"), "Update it to 6.2 or newer")
    }
}

fn of_policy(info: &Info) -> Option<Finding> {
    let policy = info.text("maxmemory_policy");
    (policy != "noeviction").then(|| {
        let says = format!("maxmemory-policy is {policy}: it signs people out when memory runs short");
        Finding::wrong(PART, says, "Set maxmemory-policy to noeviction")
    })
}

fn of_memory(info: &Info) -> Option<Finding> {
    let (used, most) = (info.number("used_memory"), info.number("maxmemory"));
    let per_cent = used.saturating_mul(100).checked_div(most)?;
    (per_cent >= FULL_PER_CENT).then(|| {
        let says = format!("{per_cent} % of its memory is used; a full one refuses new sessions");
        Finding::wrong(PART, says, "Give it more memory, or sessions a shorter CARDSTORE_SESSION_IDLE")
    })
}

fn of_persistence(info: &Info) -> Option<Finding> {
    let kept = info.number("aof_enabled") == 1 || info.number("connected_slaves") > 0;
    let replica = info.text("role") == "slave";
    (!kept && !replica).then(|| {
        Finding::note(
            PART,
            "it has neither an append-only file nor a replica: when it ends, everybody signs in again",
            "Set appendonly yes, or give it a replica",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: &str = "# Server\r\nredis_version:7.0.15\r\nmaxmemory:100\r\nused_memory:20\r\n\
        maxmemory_policy:noeviction\r\naof_enabled:1\r\nrole:master\r\nconnected_slaves:0\r\n";

    fn wrong(text: &str) -> usize {
        of_info(&Info::parse(text)).iter().filter(|finding| finding.is_wrong()).count()
    }

    #[test]
    fn what_signs_people_out_is_wrong() {
        assert_eq!(wrong(WELL), 0);
        assert_eq!(of_info(&Info::parse(WELL)).len(), 1, "only the version is told");
        for (well, ill) in
            [("7.0.15", "6.0.9"), ("noeviction", "allkeys-lru"), ("used_memory:20", "used_memory:80")]
        {
            assert_eq!(wrong(&WELL.replace(well, ill)), 1, "{ill}");
        }
        let volatile = WELL.replace("aof_enabled:1", "aof_enabled:0");
        assert_eq!((wrong(&volatile), of_info(&Info::parse(&volatile)).len()), (0, 2));
        assert_eq!(wrong(&WELL.replace("maxmemory:100", "maxmemory:0")), 0, "no limit is never reached");
    }

    #[test]
    fn a_clock_is_right_when_it_says_a_moment_of_the_question() {
        let at = |ms: u64| UNIX_EPOCH + Duration::from_millis(ms);
        assert_eq!(skew(at(1_500), at(1_000), at(2_000)), Duration::ZERO);
        assert_eq!(skew(at(700), at(1_000), at(2_000)), Duration::from_millis(300));
        assert_eq!(skew(at(9_000), at(1_000), at(2_000)), Duration::from_secs(7));
        assert!(of_skew(Duration::from_secs(7)).is_wrong());
    }

    #[test]
    fn expiry_is_told_by_two_flags() {
        for (flags, told) in [("Ex", true), ("AKE", true), ("K", false), ("KA", false), ("", false)] {
            assert_eq!(tells_of_expiry(flags), told, "{flags}");
        }
    }
}
