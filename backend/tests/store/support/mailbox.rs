//! Reads what the post wrote into its folder.

use std::path::Path;

/// One letter as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) file: String,
    /// Headers and body, with the transfer encoding undone.
    pub(crate) text: String,
}

impl Mail {
    pub(crate) fn is_to(&self, address: &str) -> bool {
        self.text.lines().any(|line| line == format!("To: {address}"))
    }

    pub(crate) fn subject(&self) -> &str {
        self.text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap()
    }

    /// The token of the activation link.
    pub(crate) fn token(&self) -> String {
        self.token_for("activate")
    }

    /// The token of the link to this page.
    pub(crate) fn token_for(&self, page: &str) -> String {
        let link = format!("https://cards.example.com/{page}?token=");
        let (_, rest) = self.text.split_once(&link).unwrap();
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
    }
}

/// Every letter in the folder, in the order of their names: oldest first.
pub(crate) fn mails(folder: &Path) -> Vec<Mail> {
    let mut mails: Vec<Mail> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .map(|path| Mail {
            file: path.file_name().unwrap().to_str().unwrap().to_owned(),
            text: std::fs::read_to_string(&path).unwrap().replace("=\r\n", "").replace("=3D", "="),
        })
        .collect();
    mails.sort_by(|a, b| a.file.cmp(&b.file));
    mails
}
