//! People with a real password, who read their mail.

use backend::accounts::{self, Registration};
use backend::mail;
use domain::{AccountId, EmailAddress, Password, Username};

use super::World;
use super::mailbox::{Mail, mails};

pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) fn registration(username: &str, email: &str) -> Registration {
    Registration {
        username: Username::parse(username).unwrap(),
        email: address(email),
        password: password(PASSWORD),
    }
}

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

impl World {
    pub(crate) async fn registers(&self, username: &str, email: &str) -> Result<(), backend::Error> {
        accounts::register(&self.store, registration(username, email)).await
    }

    /// Somebody at `<name>@example.com` who registered and activated as everybody does.
    pub(crate) async fn person(&self, name: &str) -> AccountId {
        let email = format!("{name}@example.com");
        self.registers(name, &email).await.unwrap();
        let token = self.letters_to(&email).await.pop().unwrap().token();
        accounts::activate(&self.store, &token).await.unwrap();
        accounts::sign_in(&self.store, name, PASSWORD).await.unwrap()
    }

    /// All letters to this address, oldest first, after the outbox was emptied.
    pub(crate) async fn letters_to(&self, address: &str) -> Vec<Mail> {
        mail::deliver_due(&self.store).await.unwrap();
        mails(self.folder.path()).into_iter().filter(|mail| mail.is_to(address)).collect()
    }

    pub(crate) async fn resends(&self, email: &str) {
        accounts::resend_activation(&self.store, address(email)).await.unwrap();
    }

    /// A minute passes without anybody waiting for it.
    pub(crate) async fn cooldowns_end(&self) {
        self.database
            .run(
                "update accounts set activation_mail_at_ms = 0, reminder_mail_at_ms = 0, \
                 reset_mail_at_ms = 0, confirm_mail_at_ms = 0",
            )
            .await;
    }
}
