//! The proof: the operator's own command adds the books up, and its numbers are those of the acts.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::running::Running;
use crate::commands;

const WELCOME: usize = 100;

/// Every activation is one grant of two entries, every purchase two entries: nothing happened twice, nothing was lost.
pub(super) fn verify(running: &Running, people: usize, purchases: usize) -> Result<String> {
    let described = running.described()?;
    let mut command = commands::without_cargo(Command::new(running.program()));
    command.args(["admin", "verify"]);
    command
        .env("DATABASE_URL", described.database_url)
        .env("REDIS_URL", described.redis_url)
        .env("MAIL_DIR", described.mail_dir)
        // Adding up opens no session and no bucket.
        .env("CARDSTORE_SESSION_SECRET", "-".repeat(32))
        .env("AWS_ACCESS_KEY_ID", "none")
        .env("AWS_SECRET_ACCESS_KEY", "none")
        .env("RUST_LOG", "error");
    let output = command.output().context("`cardstore admin verify` cannot be run")?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    ensure!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let expected = expected(people, purchases);
    ensure!(said == expected, "the acts say\n  {expected}\nand the books\n  {said}");
    Ok(said)
}

fn expected(people: usize, purchases: usize) -> String {
    let granted = (people * WELCOME).to_string();
    let (thousands, rest) = granted.split_at(granted.len().saturating_sub(3));
    let comma = if thousands.is_empty() { "" } else { "," };
    format!(
        "the books are whole: {people} accounts, {} entries, {thousands}{comma}{rest}.00 granted and held",
        2 * (people + purchases)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_of_so_many_acts_are_said_as_the_operators_command_says_them() {
        let said = "the books are whole: 150 accounts, 3700 entries, 15,000.00 granted and held";
        assert_eq!(expected(150, 1_700), said);
    }
}
