//! What the address asks of a page beside naming it.

use leptos::prelude::*;
use leptos_router::{hooks, params::ParamsMap};

/// What a page reads of its query. In the browser it follows the address; a node draws a page for one address, where two
/// memos would cost more than reading it.
pub(crate) struct InQuery<T: Send + Sync + 'static> {
    #[cfg(not(feature = "ssr"))]
    read: Memo<T>,
    #[cfg(feature = "ssr")]
    read: StoredValue<T>,
}

impl<T: Send + Sync> Clone for InQuery<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for InQuery<T> {}

pub(crate) fn use_query<T: PartialEq + Send + Sync + 'static>(
    read: impl Fn(&ParamsMap) -> T + Send + Sync + 'static,
) -> InQuery<T> {
    #[cfg(not(feature = "ssr"))]
    {
        let query = hooks::use_query_map();
        InQuery { read: Memo::new(move |_| query.with(&read)) }
    }
    #[cfg(feature = "ssr")]
    InQuery { read: StoredValue::new(hooks::use_url().with_untracked(|url| read(url.search_params()))) }
}

impl<T: Send + Sync + 'static> InQuery<T> {
    pub(crate) fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        #[cfg(not(feature = "ssr"))]
        return self.read.with(look);
        #[cfg(feature = "ssr")]
        self.read.with_value(look)
    }

    pub(crate) fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        untrack(|| self.with(look))
    }

    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }
}
