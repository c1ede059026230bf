use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a browser finds a picture. Cheap to clone: a node signs one for an hour, and shows it on many pages.
#[derive(Clone)]
pub struct PictureUrl(Arc<Known>);

struct Known {
    url: Box<str>,
    in_markup: OnceLock<Box<str>>,
}

impl PictureUrl {
    /// As `escape` writes it into a page, which is asked once for all clones: it has to answer the same each time.
    pub fn in_markup(&self, escape: impl FnOnce(&str) -> String) -> &str {
        self.0.in_markup.get_or_init(|| escape(self).into())
    }
}

impl From<String> for PictureUrl {
    fn from(url: String) -> Self {
        Self(Arc::new(Known { url: url.into(), in_markup: OnceLock::new() }))
    }
}

impl Deref for PictureUrl {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.url
    }
}

impl PartialEq for PictureUrl {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for PictureUrl {}

impl fmt::Debug for PictureUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for PictureUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for PictureUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for PictureUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_crosses_the_wire_as_the_text_that_it_is() {
        let url = PictureUrl::from("https://x/a.png?b=1&c=\"2\"".to_owned());
        let json = serde_json::to_string(&url).unwrap();
        assert_eq!(json, r#""https://x/a.png?b=1&c=\"2\"""#);
        assert_eq!(serde_json::from_str::<PictureUrl>(&json).unwrap(), url);
    }

    #[test]
    fn clones_share_what_stands_in_pages() {
        let url = PictureUrl::from("a&b".to_owned());
        assert_eq!(url.clone().in_markup(|url| url.replace('&', "&amp;")), "a&amp;b");
        assert_eq!(url.in_markup(|_| unreachable!("it was written before")), "a&amp;b");
    }
}
