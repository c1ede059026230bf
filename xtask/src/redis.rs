//! Asks a Redis on this machine, which understands commands as lines, too.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use anyhow::Result;

const PATIENCE: Duration = Duration::from_secs(5);

/// What it says to one command, as it says it. `address` is host and port.
pub(crate) fn ask(address: &str, command: &str) -> Result<String> {
    let mut redis = TcpStream::connect(address)?;
    redis.set_read_timeout(Some(PATIENCE))?;
    write!(redis, "{command}\r\n")?;
    // It then answers and hangs up, which a sentinel does not when it is told to.
    redis.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    redis.read_to_string(&mut answer)?;
    Ok(answer)
}
