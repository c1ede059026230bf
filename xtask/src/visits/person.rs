//! A person who registers, signs in and adds cards, each step as a form without script.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::answer::Answer;
use super::client::{Client, Sent, form};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "cardstore-form";
const GLANCE: Duration = Duration::from_millis(50);
const PASSWORD: &str = "a long enough secret";

/// Sixteen pixels: the smallest picture worth a card.
const PICTURE: &str = "89504e470d0a1a0a0000000d494844520000000400000004080200000026930929000000294944415478da0dc7310100 \
    000cc23084551867452170cb9724121b1713048be353a9adeb67323b370fa7631341061a2b550000000049454e44ae42 \
    6082";

/// Clones share the cookie, as the tabs of one browser do.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    port: u16,
    patience: Duration,
    cookie: Arc<Mutex<Option<String>>>,
    /// Whoever keeps a connection makes one request after the other on it.
    kept: Option<Arc<Mutex<Client>>>,
}

impl Person {
    pub(crate) fn new(name: &str, port: u16, patience: Duration) -> Person {
        Person { name: name.to_owned(), port, patience, cookie: Arc::default(), kept: None }
    }

    pub(crate) fn keeping_a_connection(mut self) -> Person {
        self.kept = Some(Arc::new(Mutex::new(Client::keeping(self.port, self.patience))));
        self
    }

    /// Fails unless the store takes the registration.
    pub(crate) fn register(&self) -> Result<()> {
        let fields = [("username", &*self.name), ("email", &self.email()), ("password", PASSWORD)];
        self.expect(303, &self.post("/register?/register", &form(&fields))?, "registering")
    }

    /// Opens the link in the letter that lands in this folder.
    pub(crate) fn activate_by_mail(&self, mail: &Path) -> Result<()> {
        let begun = Instant::now();
        let token = loop {
            if let Some(token) = token_mailed_to(mail, &self.email()) {
                break token;
            }
            ensure!(begun.elapsed() < self.patience, "no letter to {} came", self.name);
            thread::sleep(GLANCE);
        };
        self.expect(303, &self.post("/activate?/activate", &form(&[("token", &token)]))?, "activating")
    }

    pub(crate) fn sign_in(&self) -> Result<()> {
        let fields = [("username", &*self.name), ("password", PASSWORD)];
        self.expect(303, &self.post("/login?/sign_in", &form(&fields))?, "signing in")?;
        ensure!(self.is_signed_in()?, "{} is not signed in", self.name);
        Ok(())
    }

    /// Fails when the answer tells neither.
    pub(crate) fn is_signed_in(&self) -> Result<bool> {
        match self.get("/dashboard")?.status {
            200 => Ok(true),
            303 | 401 => Ok(false),
            status => bail!("the dashboard of {} was answered with {status}", self.name),
        }
    }

    pub(crate) fn email(&self) -> String {
        format!("{}@example.com", self.name)
    }

    /// Adds a card with a picture of its own and answers its id.
    pub(crate) fn add_card(&self, name: &str) -> Result<String> {
        self.expect(303, &self.try_to_add_card(name)?, "adding a card")?;
        let dashboard = serde_json::from_str(&self.get("/api/dashboard")?.body)?;
        id_of(&dashboard, name).context("the card is not on the dashboard")
    }

    pub(crate) fn try_to_add_card(&self, name: &str) -> Result<Answer> {
        let field = |name: &str, value: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let picture = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\
             Content-Type: image/png\r\n\r\n"
        );
        let mut body = (field("name", name) + &field("alt", "Colours") + &picture).into_bytes();
        body.extend(bytes_of(PICTURE));
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.ask("POST", "/dashboard/add?/add_card", &kind, &body)
    }

    pub(crate) fn get(&self, path: &str) -> Result<Answer> {
        self.ask("GET", path, "", b"")
    }

    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Result<Answer> {
        self.ask("POST", path, FORM, body)
    }

    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let cookie = self.cookie();
        let sent = Sent { cookie: cookie.as_deref(), kind, body };
        let answer = match &self.kept {
            Some(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).ask(method, path, &sent),
            None => Client::once(self.port, self.patience).ask(method, path, &sent),
        };
        let answer = answer.with_context(|| format!("{method} {path} of {} was not answered", self.name))?;
        self.keep_cookie(&answer);
        Ok(answer)
    }

    pub(crate) fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a browser does with the answer to any of its requests.
    pub(crate) fn keep_cookie(&self, answer: &Answer) {
        let Some(set) = answer.header("set-cookie") else { return };
        let pair = set.split(';').next().unwrap_or_default();
        let gone = pair.ends_with('=') || set.to_ascii_lowercase().contains("max-age=0");
        *self.cookie.lock().unwrap_or_else(PoisonError::into_inner) = (!gone).then(|| pair.to_owned());
    }

    fn expect(&self, status: u16, answer: &Answer, act: &str) -> Result<()> {
        ensure!(answer.status == status, "{act} of {} was answered with {}", self.name, answer.status);
        Ok(())
    }
}

/// Quoted-printable: long lines are broken, and `=` is written as its number.
fn token_mailed_to(mail: &Path, address: &str) -> Option<String> {
    let letters = fs::read_dir(mail).ok()?.flatten();
    let texts = letters.filter_map(|letter| fs::read_to_string(letter.path()).ok());
    let text = texts.into_iter().find(|text| text.contains(address))?;
    let text = text.replace("=\r\n", "").replace("=3D", "=");
    let token = text.split_once("/activate?token=")?.1;
    Some(token.chars().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_')).collect())
}

/// Wherever in the answer something of this name stands.
fn id_of(answer: &Value, name: &str) -> Option<String> {
    if answer["name"] == name {
        return answer["id"].as_str().map(str::to_owned);
    }
    match answer {
        Value::Array(items) => items.iter().find_map(|item| id_of(item, name)),
        Value::Object(fields) => fields.values().find_map(|field| id_of(field, name)),
        _ => None,
    }
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|digit| Some(digit.to_digit(16)? as u8)).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
