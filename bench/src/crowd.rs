//! People who ask a node for a page: each when the answer before is there, or so many a second, whatever becomes of them.
//! All on one thread, so that thousands of them leave the other processors to the node.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Write as _};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use crate::Outcome;

const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_HEAD: usize = 16 * 1024;

thread_local! {
    /// What a page says is not looked at.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; 256 * 1024]);
}

#[derive(Args)]
pub struct Crowd {
    #[arg(long)]
    port: u16,
    #[arg(long)]
    path: String,
    #[arg(long, default_value = "")]
    cookie: String,
    /// So many connections, each kept.
    #[arg(long)]
    people: usize,
    /// All of them together; without it each asks as soon as there is an answer.
    #[arg(long)]
    each_second: Option<f64>,
    #[arg(long)]
    seconds: u64,
}

/// Status, or 0 when the connection ended without an answer, and microseconds.
type Answered = (u16, u64);

impl Crowd {
    /// Says every answer, as JSON.
    #[tokio::main(flavor = "current_thread")]
    pub async fn run(self) -> Outcome<()> {
        let (crowd, turn, mut people) = (Arc::new(self), Arc::<AtomicU32>::default(), JoinSet::new());
        let mut connections = Vec::new();
        for _ in 0..crowd.people {
            connections.push(connect(crowd.port).await?);
        }
        let begun = Instant::now();
        for connection in connections {
            people.spawn(ask_in_turn(crowd.clone(), begun, turn.clone(), connection));
        }
        let answers: Vec<Answered> = people.join_all().await.into_iter().flatten().collect();
        writeln!(io::stdout().lock(), "{}", serde_json::to_string(&answers)?)?;
        Ok(())
    }
}

async fn ask_in_turn(
    crowd: Arc<Crowd>,
    begun: Instant,
    turn: Arc<AtomicU32>,
    connection: TcpStream,
) -> Vec<Answered> {
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: localhost:{}\r\nAccept: text/html\r\nCookie: {}\r\n\r\n",
        crowd.path, crowd.port, crowd.cookie
    );
    let (mut connection, mut answers) = (Some(connection), Vec::new());
    loop {
        let turn = f64::from(turn.fetch_add(1, Ordering::Relaxed));
        let due = crowd.each_second.map_or(begun, |rate| begun + Duration::from_secs_f64(turn / rate));
        sleep_until(due.into()).await;
        let asked = Instant::now();
        if asked.duration_since(begun) >= Duration::from_secs(crowd.seconds) {
            return answers;
        }
        let asking = timeout(PATIENCE, ask(&mut connection, crowd.port, request.as_bytes()));
        let status = asking.await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()));
        if status.is_err() {
            connection = None;
        }
        answers.push((status.unwrap_or(0), u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX)));
    }
}

async fn ask(connection: &mut Option<TcpStream>, port: u16, request: &[u8]) -> io::Result<u16> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(connect(port).await?),
    };
    connection.write_all(request).await?;
    let mut head = Vec::new();
    let (status, mut missing) = loop {
        read(connection, |bytes| head.extend_from_slice(bytes)).await?;
        if let Some(end) = head.windows(4).position(|it| it == b"\r\n\r\n") {
            let (status, length) = parse(&head[..end]).ok_or(ErrorKind::InvalidData)?;
            break (status, (end + 4 + length).saturating_sub(head.len()));
        }
        if head.len() > LONGEST_HEAD {
            return Err(ErrorKind::InvalidData.into());
        }
    };
    while missing > 0 {
        missing = missing.saturating_sub(read(connection, |_| ()).await?);
    }
    Ok(status)
}

async fn connect(port: u16) -> io::Result<TcpStream> {
    let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    connection.set_nodelay(true)?;
    Ok(connection)
}

/// Hands over what has arrived, as soon as something has; answers how many bytes.
async fn read(connection: &TcpStream, mut take: impl FnMut(&[u8])) -> io::Result<usize> {
    loop {
        connection.readable().await?;
        let read = SCRATCH.with_borrow_mut(|scratch| {
            let length = connection.try_read(scratch)?;
            take(&scratch[..length]);
            Ok(length)
        });
        match read {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if ErrorKind::WouldBlock == io::Error::kind(&error) => {}
            other => return other,
        }
    }
}

/// Status and length of the body; the node says both.
fn parse(head: &[u8]) -> Option<(u16, usize)> {
    let head = std::str::from_utf8(head).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    Some((status, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_known_by_its_status_and_length() {
        let head = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 57";
        assert_eq!(parse(head), Some((503, 57)));
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked"), None);
    }
}
