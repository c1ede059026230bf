//! A connection to the store: kept or new for each request, and never tried twice behind the caller's back.

use std::fmt::Write as _;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::answer::Answer;

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Client {
    port: u16,
    keep_alive: bool,
    patience: Duration,
    connection: Option<BufReader<TcpStream>>,
}

/// What is sent along with a request.
#[derive(Default)]
pub(crate) struct Sent<'a> {
    pub(crate) cookie: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) body: &'a [u8],
}

impl Client {
    /// A new connection for each request.
    pub(crate) fn once(port: u16, patience: Duration) -> Client {
        Client { port, keep_alive: false, patience, connection: None }
    }

    /// One connection for as long as the other side keeps it.
    pub(crate) fn keeping(port: u16, patience: Duration) -> Client {
        Client { keep_alive: true, ..Client::once(port, patience) }
    }

    pub(crate) fn get(&mut self, path: &str, cookie: Option<&str>) -> io::Result<Answer> {
        self.ask("GET", path, &Sent { cookie, ..Sent::default() })
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, sent: &Sent<'_>) -> io::Result<Answer> {
        let mut connection = match self.connection.take().filter(is_open) {
            Some(connection) => connection,
            None => BufReader::new(connect(self.port, self.patience)?),
        };
        connection.get_mut().write_all(&self.request(method, path, sent))?;
        let answer = Answer::read(&mut connection)?;
        if self.keep_alive && answer.keeps_alive() {
            self.connection = Some(connection);
        }
        Ok(answer)
    }

    /// Opens a stream of events: the connection stands behind the head of its answer.
    pub(crate) fn stream(
        &mut self,
        path: &str,
        cookie: Option<&str>,
    ) -> io::Result<(u16, BufReader<TcpStream>)> {
        let mut connection = BufReader::new(connect(self.port, self.patience)?);
        connection.get_mut().write_all(&self.request("GET", path, &Sent { cookie, ..Sent::default() }))?;
        Ok((Answer::head(&mut connection)?.status, connection))
    }

    fn request(&self, method: &str, path: &str, sent: &Sent<'_>) -> Vec<u8> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\n", self.port);
        let mut say = |name: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        };
        say("Accept", "text/html");
        // As a browser says of a page's own forms.
        say("Sec-Fetch-Site", "same-origin");
        say("Connection", if self.keep_alive { "keep-alive" } else { "close" });
        if let Some(cookie) = sent.cookie {
            say("Cookie", cookie);
        }
        if method != "GET" {
            say("Content-Type", sent.kind);
            say("Content-Length", &sent.body.len().to_string());
        }
        head.push_str("\r\n");
        [head.as_bytes(), sent.body].concat()
    }
}

/// Whoever keeps a connection notices, as browsers do, that the other side has closed it meanwhile.
fn is_open(connection: &BufReader<TcpStream>) -> bool {
    let look = |stream: &TcpStream| {
        stream.set_nonblocking(true)?;
        let seen = stream.peek(&mut [0]);
        stream.set_nonblocking(false)?;
        seen
    };
    look(connection.get_ref()).is_err_and(|nothing_yet| nothing_yet.kind() == io::ErrorKind::WouldBlock)
}

fn connect(port: u16, patience: Duration) -> io::Result<TcpStream> {
    let stream =
        TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), CONNECT_PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    Ok(stream)
}

/// As a form is sent; only what needs it is escaped.
pub(crate) fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    let escaped = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        text.bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&").into_bytes()
}

#[cfg(test)]
mod tests {
    use std::io::BufRead;
    use std::net::TcpListener;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn a_connection_that_was_closed_meanwhile_is_not_used_again() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (closed, wait_until_closed) = mpsc::channel();
        let server = thread::spawn(move || {
            for _ in 0..2 {
                let (mut connection, _) = listener.accept().unwrap();
                let mut request = BufReader::new(connection.try_clone().unwrap()).lines();
                while request.next().is_some_and(|line| !line.unwrap().is_empty()) {}
                connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
                drop((connection, request));
                closed.send(()).unwrap();
            }
        });
        let mut client = Client::keeping(port, Duration::from_secs(30));
        for _ in 0..2 {
            assert_eq!(client.get("/", None).unwrap().status, 200);
            wait_until_closed.recv().unwrap();
        }
        server.join().unwrap();
    }

    #[test]
    fn a_form_is_escaped() {
        assert_eq!(form(&[("a b", "x&y=ä"), ("c", "1.50")]), b"a%20b=x%26y%3D%C3%A4&c=1.50");
    }
}
