//! A browser without script whose person does not give up: a post that found no answer is sent again as it was.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::running::Running;
use crate::visits::client::{Client, Sent, form};

/// A node that is killed says nothing; one that works answers well within this.
const ANSWER_PATIENCE: Duration = Duration::from_secs(25);
/// How long one act is tried: longer than both nodes take to come back.
const ACT_PATIENCE: Duration = Duration::from_secs(60);
const BEFORE_AGAIN: Duration = Duration::from_millis(150);
const LONGEST_ALERT: usize = 300;

pub(super) struct Browser<'a> {
    running: &'a Running,
    port: u16,
    cookie: Mutex<Option<String>>,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: String,
    pub(super) body: String,
    /// How often the request was sent without an answer before this one.
    pub(super) broken: usize,
}

impl<'a> Browser<'a> {
    pub(super) fn open(running: &'a Running) -> Result<Browser<'a>> {
        Ok(Browser { running, port: running.port()?, cookie: Mutex::default() })
    }

    pub(super) fn get(&self, path: &str) -> Result<Answer> {
        self.insist("GET", path, "", b"")
    }

    /// Sends a form of the page at `path`.
    pub(super) fn post(&self, path: &str, act: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        self.post_as(path, act, "application/x-www-form-urlencoded", &form(fields))
    }

    pub(super) fn post_as(&self, path: &str, act: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        self.insist("POST", &format!("{path}?/{act}"), kind, body)
    }

    fn insist(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let deadline = Instant::now() + ACT_PATIENCE;
        let mut broken = 0;
        loop {
            match self.send(method, path, kind, body) {
                Ok(answer) if answer.status < 500 => return Ok(Answer { broken, ..answer }),
                // From the balancer while no node is there, or from a node that cannot.
                Ok(answer) if Instant::now() > deadline => bail!("{path} is answered with {}", answer.status),
                Err(trouble) if Instant::now() > deadline => {
                    return Err(trouble).with_context(|| format!("{path} finds no answer"));
                }
                Ok(_) | Err(_) => {}
            }
            broken += 1;
            self.running.count_sent_again();
            thread::sleep(BEFORE_AGAIN);
        }
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let cookie = self.cookie.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let sent = Sent { cookie: cookie.as_deref(), kind, body };
        let answer = Client::once(self.port, ANSWER_PATIENCE).ask(method, path, &sent)?;
        if let Some(cookie) = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()) {
            *self.cookie.lock().unwrap_or_else(PoisonError::into_inner) = Some(cookie.to_owned());
        }
        let location = answer.header("location").unwrap_or_default().to_owned();
        Ok(Answer { status: answer.status, location, body: answer.body, broken: 0 })
    }
}

impl Answer {
    /// What a hidden field of the page holds.
    pub(super) fn hidden(&self, name: &str) -> Option<&str> {
        let (_, after) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        after.split('"').next()
    }

    /// Where a form that succeeded leads.
    pub(super) fn done(&self, what: &str) -> Result<&str> {
        ensure!(self.status == 303, "{what} was answered with {}: {}", self.status, self.alert());
        Ok(&self.location)
    }

    /// What the page says is wrong.
    pub(super) fn alert(&self) -> String {
        let after = self.body.split_once("role=\"alert\"").map_or(self.body.as_str(), |(_, after)| after);
        after.chars().take(LONGEST_ALERT).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_field_and_an_alert_are_read_from_the_page() {
        let body =
            "<input type=\"hidden\" name=\"key\" value=\"k-1\"><div role=\"alert\">No.</div>".to_owned();
        let answer = Answer { status: 409, location: String::new(), body, broken: 0 };
        assert_eq!((answer.hidden("key"), answer.hidden("price")), (Some("k-1"), None));
        assert!(answer.done("it").unwrap_err().to_string().contains("No."));
    }
}
