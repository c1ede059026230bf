//! What a form sends its fields to, and what the visitor is told of the answer.

use leptos::{ev::SubmitEvent, prelude::*};
use server_fn::ServerFn;

use super::Returned;
use crate::{
    error::{Done, Problem},
    state::ClientState,
};

/// A server function that a form can stand for.
pub trait Act: ServerFn<Output = Done, Error = Problem> {}

impl<T: ServerFn<Output = Done, Error = Problem>> Act for T {}

/// One server function, for one form or for all forms of a page that send to it.
///
/// It knows the function by its path alone: a form's fields go there as a browser without script sends them, so that
/// one piece of code in the wasm serves all forms.
#[derive(Clone, Copy)]
pub struct Action {
    pub(super) path: &'static str,
    pub(super) problem: RwSignal<Option<Problem>>,
    pub(super) pending: ClientState<bool>,
    #[cfg(not(feature = "ssr"))]
    pub(super) surroundings: super::browser::Surroundings,
}

/// The action of `S`. Made by the page and not by the form: what is drawn again would forget what it is waiting for.
pub fn use_action<S: Act>() -> Action {
    Action::to(S::PATH)
}

impl Action {
    fn to(path: &'static str) -> Self {
        Self {
            path,
            problem: RwSignal::new(Returned::problem(path)),
            pending: ClientState::begin(),
            #[cfg(not(feature = "ssr"))]
            surroundings: super::browser::Surroundings::of_this_page(),
        }
    }

    /// The function's name in a form's address.
    pub(super) fn function(self) -> &'static str {
        self.path.trim_start_matches("/api/")
    }

    /// What was wrong with what was sent last; at first, what came back with the page.
    #[must_use]
    pub fn problem(self) -> ReadSignal<Option<Problem>> {
        self.problem.read_only()
    }

    /// What was sent last as `field`; at first, what came back with the page.
    #[must_use]
    pub fn typed(self, field: &str) -> Option<String> {
        #[cfg(not(feature = "ssr"))]
        if let Some(sent) = self.surroundings.sent(field) {
            return Some(sent);
        }
        Returned::typed(self.path, field)
    }

    /// With script: sends the fields of the form in place of the browser.
    pub fn send(self, event: &SubmitEvent) {
        #[cfg(not(feature = "ssr"))]
        super::browser::send(self, event);
        #[cfg(feature = "ssr")]
        let _ = event;
    }
}
