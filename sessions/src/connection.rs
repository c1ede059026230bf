//! Turns a Redis URL into clients that never hang and never give up.

use std::{fs, path::Path, sync::Arc, time::Duration};

use fred::{
    prelude::{Builder, Client, ClientLike, Config, Pool, ReconnectPolicy},
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, pem::PemObject},
    },
    rustls_native_certs::load_native_certs,
    types::config::{ReconnectError, TlsConfig, TlsHostMapping, UnresponsiveConfig},
};

use thread_local::ThreadLocal;
use tokio::time::timeout;

use crate::{error::ConnectError, settings::Settings};

const RECONNECT_MIN_MS: u32 = 50;
const RECONNECT_MAX_MS: u32 = 2_000;
/// A dial or a handshake may take longer than a command: no request waits for it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A store that is up answers within this; one that is down is not waited for any longer.
const FIRST_CONNECTION: Duration = Duration::from_secs(2);
pub(crate) const HANG_UP: Duration = Duration::from_secs(1);
/// A connection that left a command unanswered this long is dialled anew.
const UNRESPONSIVE: Duration = Duration::from_secs(5);
/// Commands waiting for one connection; beyond that they are refused at once instead of piling up.
const QUEUE_MAX: usize = 10_000;

/// The clients of a node. Each multiplexes: one connection carries any number of requests at once.
#[derive(Debug)]
pub(crate) struct Clients {
    /// For any thread.
    shared: Pool,
    /// Of threads that answer on a runtime of their own.
    own: ThreadLocal<Client>,
}

impl Clients {
    pub(crate) fn new(builder: &Builder, settings: &Settings) -> Result<Self, ConnectError> {
        let shared = builder.build_pool(settings.connections).map_err(refused)?;
        Ok(Self { shared, own: ThreadLocal::new() })
    }

    /// Begins to connect those for any thread; answers whether they are connected already.
    pub(crate) async fn connect(&self) -> bool {
        self.shared.connect();
        matches!(timeout(FIRST_CONNECTION, self.shared.wait_for_connect()).await, Ok(Ok(())))
    }

    /// Begins to connect one for this thread alone, on the runtime that this is called on.
    pub(crate) fn connect_here(&self, builder: &Builder) -> Result<(), ConnectError> {
        let own = self.own.get_or_try(|| builder.build().map_err(refused))?;
        own.connect();
        Ok(())
    }

    /// One that is connected, if there is any: while this thread's own is not, one that is shared.
    pub(crate) fn connected(&self) -> &Client {
        match self.own.get() {
            Some(own) if own.is_connected() => own,
            _ => self.shared.next_connected(),
        }
    }

    pub(crate) async fn hang_up(&self) {
        // An error means that the connection was gone already.
        let _ = timeout(HANG_UP, async {
            for own in &self.own {
                let _ = own.quit().await;
            }
            let _ = self.shared.quit().await;
        })
        .await;
    }
}

fn refused(error: fred::error::Error) -> ConnectError {
    ConnectError::Url(error.to_string())
}

pub(crate) fn builder(redis_url: &str, settings: &Settings) -> Result<Builder, ConnectError> {
    let mut builder = Builder::from_config(config(redis_url, settings)?);
    builder
        .with_performance_config(|performance| performance.default_command_timeout = settings.command_timeout)
        .with_connection_config(|connection| {
            connection.tcp.nodelay = Some(true);
            connection.connection_timeout = CONNECT_TIMEOUT;
            connection.internal_command_timeout = CONNECT_TIMEOUT;
            connection.max_command_attempts = 2;
            connection.max_command_buffer_len = QUEUE_MAX;
            connection.reconnect_on_auth_error = true;
            connection.unresponsive =
                UnresponsiveConfig { max_timeout: Some(UNRESPONSIVE), interval: Duration::from_secs(1) };
            connection.reconnect_errors = vec![
                ReconnectError::ClusterDown,
                ReconnectError::Loading,
                ReconnectError::MasterDown,
                ReconnectError::ReadOnly,
            ];
        })
        .set_policy(ReconnectPolicy::new_exponential(0, RECONNECT_MIN_MS, RECONNECT_MAX_MS, 2));
    Ok(builder)
}

fn config(redis_url: &str, settings: &Settings) -> Result<Config, ConnectError> {
    // The URL is parsed without its TLS part, because TLS gets its own authorities and a named crypto provider:
    // with two providers in one program rustls would not know which one to take.
    let (scheme, rest) = redis_url.split_once("://").ok_or_else(|| {
        ConnectError::Url("expected redis://, rediss://, redis-cluster:// or redis-sentinel://".into())
    })?;
    let (plain_scheme, tls) = match scheme.split_once('-').unwrap_or((scheme, "")) {
        ("redis" | "valkey", kind) => (joined("redis", kind), false),
        ("rediss" | "valkeys", kind) => (joined("redis", kind), true),
        _ => return Err(ConnectError::Url(format!("unknown scheme {scheme}"))),
    };
    let mut config = Config::from_url(&format!("{plain_scheme}://{rest}"))
        .map_err(|error| ConnectError::Url(error.to_string()))?;
    config.fail_fast = false;
    if tls {
        config.tls = Some(tls_config(settings.tls_ca_file.as_deref())?);
    }
    Ok(config)
}

fn joined(scheme: &str, kind: &str) -> String {
    if kind.is_empty() { scheme.to_owned() } else { format!("{scheme}-{kind}") }
}

fn tls_config(ca_file: Option<&Path>) -> Result<TlsConfig, ConnectError> {
    let broken = |error: &dyn std::fmt::Display| ConnectError::Tls(error.to_string());
    let certificates = match ca_file {
        Some(path) => {
            let pem = fs::read(path).map_err(|error| broken(&format!("{}: {error}", path.display())))?;
            CertificateDer::pem_slice_iter(&pem)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| broken(&error))?
        }
        None => load_native_certs().certs,
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        return Err(broken(&"no certificate authority to trust"));
    }
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // Cluster nodes announce addresses, certificates name hosts.
    Ok(TlsConfig { connector: client.into(), hostnames: TlsHostMapping::DefaultHost })
}
