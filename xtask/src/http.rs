//! Asks a part on this machine whether it is alive.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const LONGEST_ANSWER: u64 = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(2);

/// What answers when a part is ready to work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ready {
    AtOnce,
    Listens(u16),
    /// `GET` of this path answers 200.
    Answers(u16, &'static str),
}

impl Ready {
    pub(crate) fn now(self) -> bool {
        match self {
            Ready::AtOnce => true,
            Ready::Listens(port) => connect(port).is_ok(),
            Ready::Answers(port, path) => status(port, path).is_ok_and(|status| status == 200),
        }
    }
}

fn connect(port: u16) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn status(port: u16, path: &str) -> std::io::Result<u16> {
    let mut stream = connect(port)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    // Read whole, so that the other side does not see a broken connection.
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
    let code = answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok()); // HTTP/1.1 200
    code.ok_or_else(|| std::io::Error::other("not an HTTP answer"))
}
