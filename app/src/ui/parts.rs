//! Small parts: the heading that takes the focus, a card's picture at full size.

use domain::PictureUrl;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::Picture;
use crate::{state::ClientState, texts::texts};

/// The path whose heading had the focus last, so that only a new page moves it.
#[derive(Clone, Copy)]
pub struct Focused(ClientState<Option<String>>);

impl Focused {
    pub(crate) fn provide() {
        provide_context(Self(ClientState::begin()));
    }

    /// True when a heading on `path` should take the focus: it is a new page, or nothing else has the focus.
    fn should_move_to(self, path: String) -> bool {
        match self.0.get_untracked() {
            None => {
                self.0.set(Some(path));
                false
            }
            Some(last) if last == path => {
                document().active_element().is_none_or(|it| it.tag_name() == "BODY")
            }
            Some(_) => {
                self.0.set(Some(path));
                true
            }
        }
    }
}

/// A page's heading. After a navigation in place it takes the focus, as a freshly loaded page would.
#[component]
pub fn Heading(#[prop(into)] text: String) -> impl IntoView {
    let node = NodeRef::<leptos::html::H1>::new();
    let focused = expect_context::<Focused>();
    let path = use_location().pathname;
    Effect::new(move |_| {
        if let Some(node) = node.get()
            && focused.should_move_to(path.get_untracked())
        {
            _ = node.focus();
        }
    });
    view! { <h1 tabindex="-1" node_ref=node>{text}</h1> }
}

/// A card's picture that opens at full size: in a dialog with script, as a page of its own without.
#[component]
pub fn Lightbox(url: PictureUrl, #[prop(into)] alt: String) -> impl IntoView {
    let frame = &texts().frame;
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let open = move |event: leptos::ev::MouseEvent| {
        if let Some(dialog) = dialog.get_untracked()
            && dialog.show_modal().is_ok()
        {
            event.prevent_default();
        }
    };
    view! {
        <a class="zoom" href=url.to_string() rel="external" on:click=open aria-label=frame.see_full_size>
            <Picture url=url.clone() alt=alt.clone() eager=true />
        </a>
        <dialog class="lightbox" node_ref=dialog aria-label=frame.full_size>
            <form method="dialog">
                <button class="lightbox-close">{frame.close}</button>
            </form>
            <img src=url.to_string() alt=alt loading="lazy" decoding="async" />
        </dialog>
    }
}
