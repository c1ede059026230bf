//! People who register, read their mail, activate, forget their passwords, and some of them sign in.

use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use super::browser::Browser;
use super::mailbox::Mailbox;
use super::running::Running;
use crate::progress::Step;
use crate::signals::stop_asked;

const PASSWORD: &str = "a long enough secret";
/// A letter in the hands of a node that dies is left alone for some seconds before another node sends it.
const MAIL_PATIENCE: Duration = Duration::from_secs(180);
const GLANCE: Duration = Duration::from_millis(200);

pub(super) fn name(number: usize) -> String {
    format!("person{number}")
}

fn address(number: usize) -> String {
    format!("{}@example.com", name(number))
}

/// Registers people, and activates each when the mail is there.
pub(super) fn settle(running: &Running, numbers: Range<usize>, step: &Step) -> Result<()> {
    let mut mailbox = Mailbox::of(running)?;
    let mut waiting = Vec::new();
    for number in numbers {
        register(&Browser::open(running)?, number)?;
        step.advance(format!("{} has registered", name(number)));
        waiting.push(number);
        waiting = activate_who_has_mail(running, &mut mailbox, waiting, step)?;
    }
    let deadline = Instant::now() + MAIL_PATIENCE;
    while !waiting.is_empty() {
        ensure!(Instant::now() < deadline && !stop_asked(), "no activation mail has come to {waiting:?}");
        thread::sleep(GLANCE);
        waiting = activate_who_has_mail(running, &mut mailbox, waiting, step)?;
    }
    Ok(())
}

fn register(browser: &Browser<'_>, number: usize) -> Result<()> {
    let fields = [("username", &*name(number)), ("email", &*address(number)), ("password", PASSWORD)];
    let answer = browser.post("/register", "register", &fields)?;
    // The answer of an earlier try was lost, not the account.
    if answer.broken > 0 && answer.status == 422 && answer.body.contains("Somebody already has this username")
    {
        return Ok(());
    }
    answer.done("a registration").map(drop)
}

/// Answers who still waits for mail.
fn activate_who_has_mail(
    running: &Running,
    mailbox: &mut Mailbox,
    waiting: Vec<usize>,
    step: &Step,
) -> Result<Vec<usize>> {
    mailbox.look()?;
    let mut still = Vec::new();
    for number in waiting {
        let Some(token) = mailbox.token(&address(number), "activate") else {
            still.push(number);
            continue;
        };
        // Somebody who is unsure whether it worked presses the button again.
        for _ in 0..2 {
            let browser = Browser::open(running)?;
            browser.post("/activate", "activate", &[("token", token)])?.done("an activation")?;
        }
        let browser = Browser::open(running)?;
        browser
            .post("/forgot", "ask_for_reset", &[("email", &address(number))])?
            .done("a forgotten password")?;
        step.advance(format!("{} has forgotten a password", name(number)));
    }
    Ok(still)
}

pub(super) fn sign_in(running: &Running, number: usize) -> Result<Browser<'_>> {
    let browser = Browser::open(running)?;
    let fields = [("username", &*name(number)), ("password", PASSWORD), ("next", "")];
    browser.post("/login", "sign_in", &fields)?.done("a sign-in")?;
    Ok(browser)
}

/// Waits until everybody has had both mails that were promised; answers how many letters that took.
pub(super) fn expect_all_mail(running: &Running, people: usize) -> Result<usize> {
    let mut mailbox = Mailbox::of(running)?;
    let deadline = Instant::now() + MAIL_PATIENCE;
    loop {
        mailbox.look()?;
        let missing: Vec<String> = ["activate", "reset"]
            .into_iter()
            .flat_map(|page| (0..people).map(move |number| (page, number)))
            .filter(|(page, number)| mailbox.token(&address(*number), page).is_none())
            .map(|(page, number)| format!("{page} to {}", name(number)))
            .collect();
        if missing.is_empty() {
            return Ok(mailbox.letters());
        }
        if Instant::now() > deadline || stop_asked() {
            bail!("{} promised mails never came: {}", missing.len(), missing.join(", "));
        }
        thread::sleep(GLANCE);
    }
}
