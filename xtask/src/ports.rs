//! Picks free loopback ports, and says when the asked one is taken.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};

/// `count` different ports that nobody listens on right now.
pub(crate) fn free(count: usize) -> Result<Vec<u16>> {
    // All are held until the last is found, so that none is handed out twice.
    let held = (0..count)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<Result<Vec<_>, _>>()
        .context("no free port on 127.0.0.1")?;
    held.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}

pub(crate) fn ensure_free(port: u16) -> Result<()> {
    if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
        bail!(
            "port {port} is in use by another program; choose another one with --port, for example --port {}",
            port.wrapping_add(1).max(1024)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ports_differ_and_can_be_listened_on() {
        let mut ports = free(20).unwrap();
        for port in &ports {
            ensure_free(*port).unwrap();
        }
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 20);
    }

    #[test]
    fn a_taken_port_is_named_together_with_the_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let refusal = ensure_free(port).unwrap_err().to_string();
        assert!(refusal.contains(&port.to_string()) && refusal.contains("--port"), "{refusal}");
    }
}
