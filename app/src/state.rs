//! State that changes once a page is in a browser. A node draws a page as it begins, where nothing of this has happened yet,
//! and is spared the signals: each costs a page about a thousand instructions.

#[cfg(not(feature = "ssr"))]
use leptos::prelude::*;

/// Begins with the default of `T`. In the browser a signal; on a node that default for ever.
pub(crate) struct ClientState<T: 'static> {
    #[cfg(not(feature = "ssr"))]
    signal: RwSignal<T>,
    #[cfg(feature = "ssr")]
    begins_with: std::marker::PhantomData<fn() -> T>,
}

impl<T> Clone for ClientState<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ClientState<T> {}

#[cfg(not(feature = "ssr"))]
impl<T: Default + Send + Sync> ClientState<T> {
    pub(crate) fn begin() -> Self {
        Self { signal: RwSignal::default() }
    }

    pub(crate) fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.signal.with(look)
    }

    pub(crate) fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.signal.with_untracked(look)
    }

    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        self.signal.update(change);
    }

    /// Answers false when whoever began it is gone.
    pub(crate) fn set(self, value: T) -> bool {
        self.signal.try_set(value).is_none()
    }
}

#[cfg(feature = "ssr")]
impl<T: Default + Send + Sync> ClientState<T> {
    pub(crate) fn begin() -> Self {
        Self { begins_with: std::marker::PhantomData }
    }

    pub(crate) fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(&T::default())
    }

    pub(crate) fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.with(look)
    }

    /// Only a browser does.
    pub(crate) fn update(self, _: impl FnOnce(&mut T)) {}

    /// Only a browser does.
    pub(crate) fn set(self, _: T) -> bool {
        true
    }
}

impl<T: Default + Clone + Send + Sync> ClientState<T> {
    pub(crate) fn get(self) -> T {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}
