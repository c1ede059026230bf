//! Accounts, from becoming somebody to being nobody again: which texts there are.

use super::placed::With;

/// Becoming somebody: registration and activation.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Joining {
    pub create: &'static str,
    /// The welcome grant.
    pub start_with: With<1>,
    pub username: &'static str,
    pub username_hint: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    pub new_password: &'static str,
    pub password_hint: &'static str,
    pub here_before: &'static str,
    pub activate_account: &'static str,
    /// The welcome grant.
    pub one_click: With<1>,
    pub activate: &'static str,
    pub look_into_mail: &'static str,
    pub mail_on_its_way: &'static str,
    pub nothing_arrived: &'static str,
    pub send_again: &'static str,
}

/// Signing in, and a forgotten password.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct SigningIn {
    pub username_or_email: &'static str,
    pub remember: &'static str,
    pub activation_again: &'static str,
    pub forgotten: &'static str,
    pub new_here: &'static str,
    pub create: &'static str,
    pub ended_idle: &'static str,
    pub ended_absolute: &'static str,
    pub ended_elsewhere: &'static str,
    pub ended_limit: &'static str,
    pub forgotten_password: &'static str,
    pub set_new: &'static str,
    pub tell_address: &'static str,
    pub reset_on_its_way: &'static str,
    pub send_link: &'static str,
    pub send_again: &'static str,
    pub remembered: &'static str,
    pub choose_new: &'static str,
    pub devices_out: &'static str,
    pub set_the_new: &'static str,
    pub new_link: &'static str,
}

/// My account, and changing what is kept about me.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Account {
    pub my_account: &'static str,
    pub here_since: &'static str,
    pub your_data: &'static str,
    pub your_data_explained: &'static str,
    pub export: &'static str,
    pub delete_mine: &'static str,
    pub change_password: &'static str,
    pub change_your_password: &'static str,
    pub others_out: &'static str,
    pub current_password: &'static str,
    pub change_email: &'static str,
    pub change_your_email: &'static str,
    pub until_opened: &'static str,
    pub new_email: &'static str,
    pub send_link: &'static str,
    pub one_click: &'static str,
    pub use_address: &'static str,
    pub delete_account: &'static str,
    pub delete_yours: &'static str,
    pub no_undo: &'static str,
    pub listings_end: &'static str,
    pub balance_returns: &'static str,
    pub name_removed: &'static str,
    pub delete_for_good: &'static str,
    pub back: &'static str,
}

/// The browsers that are signed in.
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Devices {
    pub devices: &'static str,
    pub explained: &'static str,
    /// Browser, system.
    pub browser_on: With<2>,
    pub unknown_browser: &'static str,
    pub unknown_system: &'static str,
    pub this: &'static str,
    /// How long ago, both.
    pub since: With<2>,
    pub stays: &'static str,
    /// The device; holds the words of the button.
    pub sign_out_named: With<1>,
    pub sign_out_others: &'static str,
    pub sign_out_everywhere: &'static str,
}
