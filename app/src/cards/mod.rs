//! My cards: the dashboard, adding a card with its picture, and changing or deleting one.

mod adding;
mod dashboard;
mod editing;

pub use adding::{AddCard, AddCardPage, MayAdd, add_card, may_add};
pub use dashboard::{Dashboard, DashboardPage, LoadDashboard, load_dashboard};
pub use editing::{DeleteCard, EditCard, EditCardPage, delete_card, edit_card};
