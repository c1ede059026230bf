//! `cardstore admin`: what operators do, each act one command beside the running fleet.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use app::{error::Problem, texts::Texts};
use backend::{Store, admin, ledger};
use clap::Subcommand;
use domain::{CardId, Language, Money};
use sessions::Sessions;

use crate::{config::Config, serve::Outcome};

/// `WHO` is a username or an e-mail address.
#[derive(Clone, Debug, Subcommand)]
pub enum Act {
    /// Activates an account whose mail does not arrive, with the welcome grant.
    Activate { who: String },
    /// Mails a new activation link.
    Resend { who: String },
    /// Suspends an account, hides its cards and signs it out everywhere.
    Suspend { who: String },
    /// Ends a suspension.
    Reinstate { who: String },
    /// Takes a card off the market for good.
    TakeDown { card: CardId },
    /// Gives or takes money, by a ledger entry; a negative amount takes.
    Adjust {
        who: String,
        #[arg(allow_hyphen_values = true)]
        amount: String,
    },
    /// Adds up the books; fails when anything does not agree.
    Verify,
    /// Copies the database of SQLite as of this moment into a new file, while nodes go on.
    Backup { file: PathBuf },
}

/// Does one act and says in a line what it did.
///
/// # Errors
/// A setting that does not work, or the refusal in words.
pub async fn run(config: &Config, act: Act) -> Outcome<()> {
    let store = Store::open(config.store()).await?;
    let said = match act {
        Act::Activate { who } => format!("{} is active", in_words(admin::activate(&store, &who).await)?),
        Act::Resend { who } => {
            let username = in_words(admin::resend_activation(&store, &who).await)?;
            in_words(backend::mail::deliver_due(&store).await)?;
            format!("a new link is on its way to {username}")
        }
        Act::Suspend { who } => suspend(config, &store, &who).await?,
        Act::Reinstate { who } => format!("{} is back", in_words(admin::reinstate(&store, &who).await)?),
        Act::TakeDown { card } => {
            in_words(admin::take_down(&store, card).await)?;
            format!("card {card} is off the market")
        }
        Act::Adjust { who, amount } => {
            let balance = in_words(admin::adjust(&store, &who, signed(&amount)?).await)?;
            format!("the balance of {who} is {} now", english().money(balance))
        }
        Act::Verify => verify(&store).await?,
        Act::Backup { file } => backup(config, &store, &file).await?,
    };
    writeln!(io::stdout(), "{said}")?;
    Ok(())
}

async fn suspend(config: &Config, store: &Store, who: &str) -> Outcome<String> {
    let account = in_words(admin::find(store, who).await)?;
    let username = in_words(admin::suspend(store, who).await)?;
    let sessions = Sessions::connect(&config.redis_url, config.sessions()).await?;
    let ended = sessions.directory().end_all(&account.to_string()).await;
    sessions.close().await;
    match ended {
        Ok(ended) => Ok(format!("{username} is suspended and was signed out of {ended} devices")),
        Err(_) => {
            Err(format!("{username} is suspended, but Redis does not answer: sign-outs are owed").into())
        }
    }
}

async fn verify(store: &Store) -> Outcome<String> {
    let books = in_words(ledger::verify(store).await)?;
    if !books.are_whole() {
        return Err(format!("the books do not agree: {}", books.differences.join("; ")).into());
    }
    Ok(format!(
        "the books are whole: {} accounts, {} entries, {} granted and held",
        books.accounts,
        books.entries,
        english().money(books.granted)
    ))
}

/// Under another name until it is whole and on the disk: what bears the name of a backup is one.
async fn backup(config: &Config, store: &Store, file: &Path) -> Outcome<String> {
    if !config.database_url.starts_with("sqlite:") {
        return Err("this copies SQLite; PostgreSQL is copied by pg_dump, see docs/operations.md".into());
    }
    if file.exists() {
        return Err(format!("{} is there already, and a backup is never written over", file.display()).into());
    }
    let part = PathBuf::from(format!("{}.part", file.display()));
    // What an earlier try left.
    _ = fs::remove_file(&part);
    in_words(admin::backup(store, &part.display().to_string()).await)?;
    let copy = File::open(&part)?;
    copy.sync_all()?;
    let bytes = copy.metadata()?.len();
    fs::rename(&part, file)?;
    Ok(format!("{} holds the store as it was just now, {bytes} bytes", file.display()))
}

/// Reads `12.50` and `-12.50`.
fn signed(amount: &str) -> Outcome<Money> {
    let (sign, digits) = amount.strip_prefix('-').map_or((1, amount), |digits| (-1, digits));
    let money = Money::parse_price(digits).map_err(|refusal| english().refusal(refusal))?;
    Ok(Money::from_cents(sign * money.cents()))
}

/// Operators read English.
fn english() -> &'static Texts {
    Texts::of(Language::English)
}

fn in_words<T>(done: Result<T, backend::Error>) -> Outcome<T> {
    match done {
        Ok(done) => Ok(done),
        Err(backend::Error::Fault(fault)) => Err(fault.chain().into()),
        Err(refused) => Err(english().problem(&Problem::from(refused)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_may_be_taken_away() {
        assert_eq!(signed("-12.50").unwrap(), Money::from_cents(-12_50));
        assert_eq!(signed("3").unwrap(), Money::from_cents(3_00));
        assert!(signed("--1").is_err());
    }
}
