//! A mail server that comes late: takes every letter and remembers for whom it was.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Letters {
    pub(super) opened: Instant,
    taken: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl Letters {
    /// Opens the port; its thread ends with the process.
    pub(super) fn receive(port: u16) -> Result<Letters> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let letters = Letters { opened: Instant::now(), taken: Arc::default() };
        let taken = letters.taken.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = taken.clone();
                // A sender that hangs up is its own affair.
                thread::spawn(move || _ = talk(&stream, &taken));
            }
        });
        Ok(letters)
    }

    pub(super) fn arrived_for(&self, address: &str) -> Option<Instant> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.iter().find(|(recipient, _)| recipient.contains(address)).map(|(_, at)| *at)
    }
}

/// RFC 5321, as far as a letter needs it.
fn talk(mut stream: &TcpStream, taken: &Mutex<Vec<(String, Instant)>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream).lines();
    let mut recipient = String::new();
    stream.write_all(b"220 localhost\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let command = line.to_ascii_uppercase();
        let answer = match command.get(..4) {
            Some("DATA") => {
                stream.write_all(b"354 go on\r\n")?;
                for line in lines.by_ref() {
                    if line? == "." {
                        break;
                    }
                }
                let letter = (std::mem::take(&mut recipient), Instant::now());
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
                "250 taken"
            }
            Some("RCPT") => {
                recipient = line;
                "250 ok"
            }
            Some("QUIT") => return stream.write_all(b"221 bye\r\n"),
            _ => "250 ok",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}
