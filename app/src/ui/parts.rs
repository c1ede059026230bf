//! Small parts: the heading that takes the focus, a card's picture and its full size.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use maud::Render;
use memchr::memchr3_iter;

use crate::texts::texts;

/// The path whose heading had the focus last, so that only a new page moves it.
#[derive(Clone, Copy)]
pub struct Focused(StoredValue<Option<String>>);

impl Focused {
    pub(crate) fn provide() {
        provide_context(Self(StoredValue::new(None)));
    }

    /// True when a heading on `path` should take the focus: it is a new page, or nothing else has the focus.
    fn should_move_to(self, path: String) -> bool {
        match self.0.with_value(Clone::clone) {
            None => {
                self.0.set_value(Some(path));
                false
            }
            Some(last) if last == path => {
                document().active_element().is_none_or(|it| it.tag_name() == "BODY")
            }
            Some(_) => {
                self.0.set_value(Some(path));
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

/// How many tiles the first row of a page has; their pictures come before everything else.
pub const FIRST_ROW: usize = 4;

/// A card's picture in its 3:4 frame. The first row is `eager`, the rest waits until it is near.
#[component]
pub fn Picture(
    #[prop(into)] url: String,
    #[prop(into)] alt: String,
    #[prop(optional)] eager: bool,
) -> impl IntoView {
    view! { <span class="picture" inner_html=Image { url: &url, alt: &alt, eager }.render().into_string()></span> }
}

/// The same as a part of other markup.
pub struct Framed<'a> {
    pub url: &'a str,
    pub alt: &'a str,
    pub eager: bool,
}

impl Render for Framed<'_> {
    fn render_to(&self, html: &mut String) {
        let Self { url, alt, eager } = *self;
        html.push_str("<span class=\"picture\">");
        Image { url, alt, eager }.render_to(html);
        html.push_str("</span>");
    }
}

/// Written piece by piece: pages have dozens, and `html!` would begin with a string of its own for each.
struct Image<'a> {
    url: &'a str,
    alt: &'a str,
    eager: bool,
}

impl Render for Image<'_> {
    fn render_to(&self, html: &mut String) {
        html.push_str("<img src=\"");
        Quoted(self.url).render_to(html);
        html.push_str("\" alt=\"");
        Quoted(self.alt).render_to(html);
        html.push_str("\" width=\"360\" height=\"480\" decoding=\"async\"");
        html.push_str(if self.eager {
            " loading=\"eager\" fetchpriority=\"high\">"
        } else {
            " loading=\"lazy\">"
        });
    }
}

/// The value of an attribute: signed URLs are long, and maud looks at each byte by itself.
struct Quoted<'a>(&'a str);

impl Render for Quoted<'_> {
    fn render_to(&self, html: &mut String) {
        for (place, part) in self.0.split('>').enumerate() {
            html.push_str(if place == 0 { "" } else { "&gt;" });
            let mut written = 0;
            for at in memchr3_iter(b'&', b'"', b'<', part.as_bytes()) {
                html.push_str(&part[written..at]);
                html.push_str(match part.as_bytes()[at] {
                    b'&' => "&amp;",
                    b'"' => "&quot;",
                    _ => "&lt;",
                });
                written = at + 1;
            }
            html.push_str(&part[written..]);
        }
    }
}

/// A card's picture that opens at full size: in a dialog with script, as a page of its own without.
#[component]
pub fn Lightbox(#[prop(into)] url: String, #[prop(into)] alt: String) -> impl IntoView {
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
        <a class="zoom" href=url.clone() rel="external" on:click=open aria-label=frame.see_full_size>
            <Picture url=url.clone() alt=alt.clone() eager=true />
        </a>
        <dialog class="lightbox" node_ref=dialog aria-label=frame.full_size>
            <form method="dialog">
                <button class="lightbox-close">{frame.close}</button>
            </form>
            <img src=url alt=alt loading="lazy" decoding="async" />
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_url_holds_ends_its_attribute() {
        for url in ["", "/a.jpg", "http://x/?a=1&b=\"><ä>&", "&&", ">>"] {
            assert_eq!(Quoted(url).render().into_string(), url.render().into_string());
        }
    }
}
