//! Parts of pages that are markup and no views: they answer to nothing by themselves, and each view of Leptos costs its share
//! on every page.

use domain::PictureUrl;
use leptos::{prelude::*, tachys::html::InertElement};
use maud::{Markup, Render};

use crate::texts::With;

/// An element of a page. What happens in it is heard further out; it may stand beside views, but not in place of one.
pub fn inert(element: impl Into<String>) -> InertElement {
    InertElement::new(element.into())
}

/// How many tiles the first row of a page has; their pictures come before everything else.
pub const FIRST_ROW: usize = 4;

/// A card's picture in its 3:4 frame. The first row is `eager`, the rest waits until it is near.
#[component]
pub fn Picture(url: PictureUrl, #[prop(into)] alt: String, #[prop(optional)] eager: bool) -> impl IntoView {
    view! { <span class="picture" inner_html=Image { url: &url, alt: &alt, eager }.render().into_string()></span> }
}

/// The same as a part of other markup.
pub struct Framed<'a> {
    pub url: &'a PictureUrl,
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
    url: &'a PictureUrl,
    alt: &'a str,
    eager: bool,
}

impl Render for Image<'_> {
    fn render_to(&self, html: &mut String) {
        let Self { url, alt, eager } = *self;
        html.push_str("<img src=\"");
        html.push_str(url.in_markup(|url| Escaped(url).render().into_string()));
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

/// A text or the value of an attribute, as maud writes it. maud takes each byte by itself, and a list has thousands of which
/// hardly one is a sign of markup.
#[derive(Clone, Copy)]
pub struct Escaped<'a>(pub &'a str);

impl Render for Escaped<'_> {
    fn render_to(&self, html: &mut String) {
        // Looks at all of them, which takes no branch for any.
        let is_sign = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'"');
        if self.0.as_bytes().iter().fold(false, |found, byte| found | is_sign(byte)) {
            self.0.render_to(html);
        } else {
            html.push_str(self.0);
        }
    }
}

/// Nothing, and room for so many bytes of what follows: a list that grows is copied each time.
pub struct Room(pub usize);

impl Render for Room {
    fn render_to(&self, html: &mut String) {
        html.reserve(self.0);
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
