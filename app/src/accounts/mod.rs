//! Accounts as people meet them: becoming somebody, signing in and out, devices, and changing what is kept.

mod activation;
mod changes;
mod devices;
mod overview;
mod recovery;
mod registration;
mod signing_in;
mod visitor;

pub use activation::{Activate, ActivatePage, ResendActivation, activate, resend_activation};
pub use changes::{
    ChangeEmail, ChangeEmailPage, ChangePassword, ChangePasswordPage, ConfirmEmail, DeleteAccount,
    DeleteAccountPage, change_email, change_password, confirm_email, delete_account,
};
pub use devices::{
    EndAllDevices, EndDevice, EndOtherDevices, SignedInDevice, end_all_devices, end_device, end_other_devices,
};
pub use overview::{AccountPage, LoadAccount, load_account};
pub use recovery::{AskForReset, ForgotPage, ResetPage, ResetPassword, ask_for_reset, reset_password};
pub use registration::{Register, RegisterPage, register};
pub use signing_in::{Ended, LoadEnded, LoginPage, SignIn, SignOut, load_ended, sign_in, sign_out};
pub use visitor::{LoadVisitor, Visitor, load_visitor};
