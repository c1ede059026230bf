//! The mail folder, read as the demo's people read their mail.

use std::io;
use std::path::{Path, PathBuf};

/// The folder into which every node of the store writes its mail.
#[derive(Clone)]
pub struct Letters {
    folder: PathBuf,
}

impl Letters {
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The token of the activation link that was mailed to this address; the letter is removed, so that the
    /// folder holds only mail for real people.
    pub(crate) fn take_token(&self, address: &str) -> io::Result<Option<String>> {
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if let Some(token) = read_letter(&path)?.and_then(|letter| token_to(&letter, address)) {
                std::fs::remove_file(&path)?;
                return Ok(Some(token));
            }
        }
        Ok(None)
    }
}

/// `None` for what is no letter, or was taken by its reader since the folder was listed.
fn read_letter(path: &Path) -> io::Result<Option<String>> {
    if path.extension().is_none_or(|extension| extension != "eml") {
        return Ok(None);
    }
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn token_to(letter: &str, address: &str) -> Option<String> {
    let to_reader = letter.lines().any(|line| line.strip_prefix("To: ") == Some(address));
    // Quoted-printable, as far as a link needs it (RFC 2045, section 6.7).
    let text = letter.replace("=\r\n", "").replace("=3D", "=");
    let (_, link) = text.split_once("/activate?token=").filter(|_| to_reader)?;
    Some(link.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "From: CardStore <store@example.com>\r\nTo: mira@example.com\r\nSubject: Activate\r\n\r\n\
        http://localhost:8080/activate?token=3Dab-_=\r\nC1\r\n\r\nThe link works for 24 hours.\r\n";

    #[test]
    fn a_token_is_found_across_a_soft_line_break() {
        assert_eq!(token_to(LETTER, "mira@example.com").as_deref(), Some("ab-_C1"));
    }

    #[test]
    fn a_letter_to_somebody_else_is_left_alone() {
        assert_eq!(token_to(LETTER, "ira@example.com"), None);
    }
}
