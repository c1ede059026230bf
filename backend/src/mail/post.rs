//! The post: hands one letter to a mail server or writes it into a folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::sync::Notify;

use super::letter::Letter;
use super::{Settings, Transport};
use crate::clock::now_ms;
use crate::error::{BoxError, Error, Fault, OpenError};
use crate::store::Store;

/// How long one letter may take to be accepted.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a letter is left to the node that claimed it: longer than sending takes, and no longer than somebody waits
/// for the letter of a node that died.
const SMTP_LEASE: Duration = Duration::from_secs(45);
const FILES_LEASE: Duration = Duration::from_secs(5);
/// How long the mail server may be silent.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Post {
    from: Mailbox,
    way: Way,
    /// Wakes this node's deliverer.
    nudge: Notify,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Files(PathBuf),
}

/// Whether letters would be taken: greets the mail server, or writes into the folder. Sends nothing.
///
/// # Errors
/// Only faults: what the server or the folder did not like.
pub async fn check(store: &Store) -> Result<(), Error> {
    const DOING: &str = "letters are not taken";
    match &store.post().way {
        Way::Smtp(server) => {
            let greeted = tokio::time::timeout(SEND_TIMEOUT, server.test_connection()).await;
            let greeted = greeted.map_err(|late| Fault::new(DOING, late))?;
            if !greeted.map_err(|error| Fault::new(DOING, in_words(&error)))? {
                return Err(Fault::new(DOING, "the mail server hung up").into());
            }
        }
        Way::Files(folder) => {
            let probe = folder.join(format!(".check-{}", now_ms()));
            tokio::fs::write(&probe, b"").await.map_err(|error| Fault::new(DOING, error))?;
            tokio::fs::remove_file(&probe).await.map_err(|error| Fault::new(DOING, error))?;
        }
    }
    Ok(())
}

/// With everything that an operator may know: nobody's letter is in hand.
fn in_words(error: &smtp::Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        words = format!("{words}: {error}");
        source = error.source();
    }
    words
}

impl Post {
    pub(crate) fn open(settings: Settings, public_url: &str) -> Result<Self, OpenError> {
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            return Err(OpenError::blame("public_url")("expected an origin like https://cards.example.com"));
        }
        let from = settings.from.parse().map_err(OpenError::blame("mail.from"))?;
        let way = match settings.transport {
            Transport::Smtp { url } => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url);
                let server = server.map_err(OpenError::blame("mail.transport"))?;
                Way::Smtp(server.timeout(Some(ANSWER_TIMEOUT)).build())
            }
            Transport::Files { folder } => {
                std::fs::create_dir_all(&folder).map_err(OpenError::blame("mail.transport"))?;
                tracing::info!(folder = %folder.display(), "mail is written into a folder");
                Way::Files(folder)
            }
        };
        Ok(Self { from, way, nudge: Notify::new() })
    }

    pub(super) fn lease(&self) -> Duration {
        match self.way {
            Way::Smtp(_) => SMTP_LEASE,
            Way::Files(_) => FILES_LEASE,
        }
    }

    /// Says that something was enqueued. Call it after the commit.
    pub(crate) fn nudge(&self) {
        self.nudge.notify_one();
    }

    pub(super) async fn nudged(&self) {
        self.nudge.notified().await;
    }

    /// Answers `Ok` when the letter was accepted.
    pub(super) async fn send(&self, id: &str, letter: &Letter) -> Result<(), Fault> {
        const DOING: &str = "a letter was not accepted";
        let message = self.message(id, letter).map_err(|error| Fault::new(DOING, error))?;
        match &self.way {
            Way::Smtp(server) => {
                let sent = tokio::time::timeout(SEND_TIMEOUT, server.send(message)).await;
                sent.map_err(|late| Fault::new(DOING, late))?
                    .map_err(|error| Fault::new(DOING, reason(&error)))?;
            }
            Way::Files(folder) => {
                let file = format!("{}-{id}.eml", now_ms());
                write(folder, &file, &message.formatted()).await.map_err(|error| Fault::new(DOING, error))?;
                // The one place that logs a link: without a mail server this is how it reaches its reader.
                tracing::info!(folder = %folder.display(), file, link = letter.link, "mail written");
            }
        }
        Ok(())
    }

    /// The id becomes the Message-ID: should a letter be sent twice, mail programs show it once.
    fn message(&self, id: &str, letter: &Letter) -> Result<Message, BoxError> {
        let recipient: Address = letter.recipient.parse()?;
        let message = Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(letter.subject())
            .multipart(MultiPart::alternative_plain_html(letter.text(), letter.html()))?;
        Ok(message)
    }
}

/// Without the server's own words: they tend to repeat the address.
fn reason(error: &smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None => error.to_string(),
    }
}

/// Whoever watches the folder sees a whole letter or none.
async fn write(folder: &Path, file: &str, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(format!(".{file}.part"));
    tokio::fs::write(&unfinished, bytes).await?;
    tokio::fs::rename(&unfinished, folder.join(file)).await
}
