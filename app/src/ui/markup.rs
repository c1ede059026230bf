//! Parts of pages that are markup and no views: they answer to nothing by themselves, and each view of Leptos costs its share
//! on every page.

use leptos::{prelude::*, tachys::html::InertElement};
use maud::{Markup, Render};
use memchr::{memchr, memchr3_iter};

use crate::texts::With;

/// An element of a page. What happens in it is heard further out; it may stand beside views, but not in place of one.
pub fn inert(element: impl Into<String>) -> InertElement {
    InertElement::new(element.into())
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
        let Self { url, alt, eager } = *self;
        html.push_str("<img src=\"");
        Escaped(url).render_to(html);
        html.push_str("\" alt=\"");
        Escaped(alt).render_to(html);
        html.push_str("\" width=\"360\" height=\"480\" decoding=\"async\"");
        html.push_str(if eager {
            " loading=\"eager\" fetchpriority=\"high\">"
        } else {
            " loading=\"lazy\">"
        });
    }
}

/// A text or the value of an attribute, as maud writes it. maud looks at each byte by itself, and a list has thousands.
#[derive(Clone, Copy)]
pub struct Escaped<'a>(pub &'a str);

impl Render for Escaped<'_> {
    fn render_to(&self, html: &mut String) {
        let (text, bytes) = (self.0, self.0.as_bytes());
        if memchr(b'>', bytes).is_some() {
            return text.render_to(html);
        }
        let mut written = 0;
        for at in memchr3_iter(b'&', b'"', b'<', bytes) {
            html.push_str(&text[written..at]);
            html.push_str(match bytes[at] {
                b'&' => "&amp;",
                b'"' => "&quot;",
                _ => "&lt;",
            });
            written = at + 1;
        }
        html.push_str(&text[written..]);
    }
}

/// A text with one place, escaped once for markup that puts something else there each time.
pub struct Around {
    pub before: Markup,
    pub after: Markup,
}

impl Around {
    pub fn of(text: With<1>) -> Self {
        let (before, after) = text.around();
        Self { before: Escaped(before).render(), after: Escaped(after).render() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_escaped_as_maud_does_it() {
        for text in ["", "/a.jpg", "http://x/?a=1&b=\"><ä>&", "&&", ">>", "Ana & Bo's \"best\" <i>", "ä&"] {
            assert_eq!(Escaped(text).render().into_string(), text.render().into_string());
        }
    }
}
