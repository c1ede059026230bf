//! `cardstore doctor`: looks at every part with a node's own settings and says in words what is wrong and what to do.

mod finding;
mod redis;
mod settings;

use std::{
    io::{self, Write},
    path::Path,
    time::Duration,
};

use backend::{Store, admin, images, mail};

use crate::{config::Config, serve::Outcome};
use finding::Finding;

/// A part that takes longer to look at is as good as away.
const PATIENCE: Duration = Duration::from_secs(20);

/// Prints what was found, a line each.
///
/// # Errors
/// How many things are wrong.
pub async fn run(config: &Config) -> Outcome<()> {
    let (store, redis, bucket) = tokio::join!(
        in_time("database", look_at_store(config)),
        in_time("redis", redis::look(config)),
        in_time("bucket", look_at_bucket(config)),
    );
    let findings: Vec<Finding> =
        [settings::look(config), store, redis, bucket].into_iter().flatten().collect();
    let mut out = io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    match findings.iter().filter(|finding| finding.is_wrong()).count() {
        0 => Ok(writeln!(out, "\nA node can open the store with these settings.")?),
        1 => Err("one thing is wrong".into()),
        wrong => Err(format!("{wrong} things are wrong").into()),
    }
}

async fn in_time(part: &'static str, look: impl Future<Output = Vec<Finding>>) -> Vec<Finding> {
    tokio::time::timeout(PATIENCE, look).await.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        let what = "See whether it is up, and whether a firewall lets this machine in";
        vec![Finding::wrong(part, format!("it does not answer within {seconds} s"), what)]
    })
}

/// The database and, by the same store, the mail. Opening brings the tables up to date, as every start of a node does.
async fn look_at_store(config: &Config) -> Vec<Finding> {
    if let Some(file) = missing_file(&config.database_url) {
        let says = format!("{file} does not exist yet");
        return vec![Finding::note("database", says, "The first node makes it. Is this the right folder?")];
    }
    let store = match Store::open(config.store()).await {
        Ok(store) => store,
        Err(error) => {
            let what = "Set what it names right: DATABASE_URL, MAIL_FROM, SMTP_URL or the bucket's settings";
            return vec![Finding::wrong("database", format!("a node could not open it: {error}"), what)];
        }
    };
    vec![look_at_database(&store).await, look_at_mail(config, &store).await]
}

async fn look_at_database(store: &Store) -> Finding {
    match admin::can_write(store).await {
        Ok(()) => {
            Finding::fine("database", "it answers, its tables are up to date, and it can be written to")
        }
        Err(error) => {
            let what = "See the permissions of the file and its folder, whether the disk is full, or whether this \
                is a standby";
            Finding::wrong("database", format!("it cannot be written to: {}", in_words(error)), what)
        }
    }
}

async fn look_at_mail(config: &Config, store: &Store) -> Finding {
    let checked = mail::check(store).await;
    let (way, what) = match &config.smtp_url {
        Some(_) => {
            ("the mail server", "See SMTP_URL: host, port, name, password, and `?tls=required` on port 587")
        }
        None => ("the folder for mail", "See MAIL_DIR and its permissions"),
    };
    match (checked, &config.smtp_url) {
        (Err(error), _) => {
            Finding::wrong("mail", format!("{way} does not take letters: {}", in_words(error)), what)
        }
        (Ok(()), Some(_)) => Finding::fine("mail", "the mail server lets us in"),
        (Ok(()), None) => {
            let says = format!("letters are written to {}", config.mail_dir.display());
            Finding::note("mail", says, "Fine for a trial; people get them once SMTP_URL is set")
        }
    }
}

async fn look_at_bucket(config: &Config) -> Vec<Finding> {
    let troubles = images::check(config.store().images, config.origin()).await;
    if troubles.is_empty() {
        return vec![Finding::fine("bucket", "pages may send pictures, and it keeps what it must")];
    }
    troubles.into_iter().map(|trouble| Finding::wrong("bucket", trouble, "")).collect()
}

/// Of SQLite: opening would make it, and a doctor makes nothing.
fn missing_file(database_url: &str) -> Option<&str> {
    let file = database_url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let file = file.split('?').next().unwrap_or(file);
    (!Path::new(file).exists()).then_some(file)
}

fn in_words(error: backend::Error) -> String {
    match error {
        backend::Error::Fault(fault) => fault.chain(),
        refused @ backend::Error::Refused(_) => refused.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_not_there_is_not_made() {
        let folder = std::env::temp_dir().join("no-such-folder-of-cardstore");
        let url = format!("sqlite://{}/cardstore.db?mode=rwc", folder.display());
        assert!(missing_file(&url).is_some_and(|file| file.ends_with("cardstore.db")));
        assert_eq!(missing_file("sqlite://Cargo.toml"), None);
        assert_eq!(missing_file("postgres://localhost/cardstore"), None);
    }
}
