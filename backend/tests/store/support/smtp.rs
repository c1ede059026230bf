//! A mail server that takes or refuses letters, as little of RFC 5321 as a client needs.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

pub(crate) struct SmtpServer {
    pub(crate) url: String,
    accepted: Arc<Mutex<Vec<String>>>,
}

impl SmtpServer {
    /// Refuses the first `refusals` letters with a temporary error, then accepts all.
    pub(crate) async fn start(refusals: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let accepted = Arc::new(Mutex::new(Vec::new()));
        let refusals = Arc::new(Semaphore::new(refusals));
        let letters = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&refusals), Arc::clone(&letters)));
            }
        });
        Self { url, accepted }
    }

    pub(crate) fn accepted(&self) -> Vec<String> {
        self.accepted.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, refusals: Arc<Semaphore>, letters: Arc<Mutex<Vec<String>>>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut answer = "220 ready\r\n";
    loop {
        if writer.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else { return };
        let refused = || {
            refusals.try_acquire().is_ok_and(|one| {
                one.forget();
                true
            })
        };
        answer = match line.split(' ').next().unwrap_or_default() {
            "MAIL" if refused() => "451 <ana@example.com> try again later\r\n",
            "DATA" => {
                let _ = writer.write_all(b"354 go on\r\n").await;
                let mut letter = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    letter.push_str(&line);
                    letter.push('\n');
                }
                letters.lock().unwrap().push(letter);
                "250 accepted\r\n"
            }
            _ => "250 ok\r\n",
        };
    }
}
