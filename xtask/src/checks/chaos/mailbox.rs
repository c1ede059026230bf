//! The fleet's mail folder, as everybody's mailbox.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::running::Running;

pub(super) struct Mailbox {
    folder: PathBuf,
    seen: HashSet<OsString>,
    /// By address and by the page that the link leads to.
    tokens: HashMap<(String, String), String>,
}

impl Mailbox {
    pub(super) fn of(running: &Running) -> Result<Mailbox> {
        let folder = running.described()?.mail_dir;
        Ok(Mailbox { folder, seen: HashSet::new(), tokens: HashMap::new() })
    }

    /// Reads what came since the last look.
    pub(super) fn look(&mut self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let is_letter = entry.path().extension().is_some_and(|extension| extension == "eml");
            if is_letter && self.seen.insert(entry.file_name()) {
                self.tokens.extend(letter(&fs::read_to_string(entry.path())?));
            }
        }
        Ok(())
    }

    /// The token of the newest link to this page that was mailed to this address.
    pub(super) fn token(&self, address: &str, page: &str) -> Option<&str> {
        self.tokens.get(&(address.to_owned(), page.to_owned())).map(String::as_str)
    }

    pub(super) fn letters(&self) -> usize {
        self.seen.len()
    }
}

/// To whom it is, the page that its link leads to, and the token.
fn letter(text: &str) -> Option<((String, String), String)> {
    let to = text.lines().find_map(|line| line.strip_prefix("To: "))?.trim();
    // Quoted-printable, as far as a link needs it (RFC 2045, section 6.7).
    let text = text.replace("=\r\n", "").replace("=3D", "=");
    let (before, after) = text.split_once("?token=")?;
    let page = before.rsplit('/').next()?;
    let token = after.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Some(((to.to_owned(), page.to_owned()), token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_to_whom_it_is_and_where_its_link_leads() {
        let text = "To: ana@example.com\r\nSubject: Activate\r\n\r\nhttp://localhost:8080/activate?token=3Dab-_=\r\nC1\r\n";
        let ((to, page), token) = letter(text).unwrap();
        assert_eq!((&*to, &*page, &*token), ("ana@example.com", "activate", "ab-_C1"));
        assert_eq!(letter("To: ana@example.com\r\n\r\nYour address has changed.\r\n"), None);
    }
}
