//! A node of the fleet: its name, its addresses and the environment it runs in.

use std::env;
use std::path::Path;

use anyhow::Result;

use super::data::DataFolder;
use super::parts::Services;
use crate::ports;

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) port: u16,
    pub(crate) admin_port: u16,
}

impl Node {
    /// Nodes a, b, c… on free ports.
    pub(crate) fn name_all(count: usize) -> Result<Vec<Node>> {
        let ports = ports::free(2 * count)?;
        let names = ('a'..='z').map(String::from);
        Ok(names
            .zip(ports.chunks(2))
            .map(|(name, ports)| Node { name, port: ports[0], admin_port: ports[1] })
            .collect())
    }
}

/// What every node of the fleet shares.
pub(crate) struct Settings(Vec<(String, String)>);

impl Settings {
    pub(crate) fn gather(site: &Path, data: &DataFolder, services: &Services, public_url: &str) -> Settings {
        let mut settings = vec![
            ("CARDSTORE_PUBLIC_URL", public_url.to_owned()),
            ("CARDSTORE_SESSION_SECRET", data.secrets.session_secret.clone()),
            // Nodes leave at once when the whole fleet stops; waiting for the balancer would help nobody.
            ("CARDSTORE_DRAIN", "0".to_owned()),
            ("LEPTOS_OUTPUT_NAME", "cardstore".to_owned()),
            ("LEPTOS_SITE_ROOT", site.display().to_string()),
            ("LEPTOS_SITE_PKG_DIR", "pkg".to_owned()),
            ("LEPTOS_HASH_FILES", "true".to_owned()),
            // What the allocator does not need it gives back soon, and it takes no huge pages: a third less memory.
            ("MIMALLOC_PURGE_DELAY", "10".to_owned()),
            ("MIMALLOC_ALLOW_THP", "0".to_owned()),
            ("MAIL_FROM", env::var("MAIL_FROM").unwrap_or_else(|_| "CardStore <store@localhost>".to_owned())),
        ];
        settings.extend(services.settings());
        Settings(settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// For every node alike, over whatever else says the same.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Settings {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn of(&self, node: &Node) -> Vec<(String, String)> {
        let mut settings = self.0.clone();
        settings.push(("CARDSTORE_NODE".to_owned(), node.name.clone()));
        settings.push(("CARDSTORE_ADDR".to_owned(), format!("127.0.0.1:{}", node.port)));
        settings.push(("CARDSTORE_ADMIN_ADDR".to_owned(), format!("127.0.0.1:{}", node.admin_port)));
        settings
    }
}
