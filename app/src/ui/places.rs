//! The way back leads to the place where one was, although the page is drawn anew from data that comes a moment later.
//!
//! A browser puts a page back to its place as soon as the address is back, when there is nothing yet to scroll.

/// Begins to remember where pages are left, for as long as this page is open.
pub(crate) fn remember_places() {
    #[cfg(feature = "hydrate")]
    browser::remember();
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::collections::HashMap;

    use leptos::{ev, prelude::*};

    /// Addresses that are remembered at once; people rarely go back further.
    const MOST_PLACES: usize = 64;
    /// How long to wait for a page that was longer, in frames: some seconds.
    const PATIENCE: u32 = 300;
    /// A page that is being replaced may have the place too, for a frame.
    const HELD_FRAMES: u32 = 3;

    /// By address, in pixels from the top.
    type Places = StoredValue<HashMap<String, f64>>;
    /// Raised by whatever makes a return pointless.
    type Turn = StoredValue<u32>;

    pub(super) fn remember() {
        let (places, turn) = (Places::default(), Turn::default());
        // Every way to another page in place begins with one, by keyboard as well.
        window_event_listener(ev::click, move |_| {
            places.update_value(|places| {
                if places.len() >= MOST_PLACES {
                    places.clear();
                }
                places.insert(address(), from_the_top());
            });
            turn.update_value(|turn| *turn += 1);
        });
        window_event_listener(ev::popstate, move |_| {
            turn.update_value(|turn| *turn += 1);
            if let Some(place) = places.with_value(|places| places.get(&address()).copied()) {
                go_back_to(place, turn, turn.get_value(), PATIENCE, HELD_FRAMES);
            }
        });
        // Who scrolls has found another place already.
        window_event_listener(ev::wheel, move |_| turn.update_value(|turn| *turn += 1));
        window_event_listener(ev::touchstart, move |_| turn.update_value(|turn| *turn += 1));
        window_event_listener(ev::keydown, move |_| turn.update_value(|turn| *turn += 1));
    }

    fn go_back_to(place: f64, turn: Turn, mine: u32, patience: u32, to_hold: u32) {
        if patience == 0 || to_hold == 0 {
            return;
        }
        request_animation_frame(move || {
            if turn.get_value() == mine {
                window().scroll_to_with_x_and_y(0.0, place);
                let is_there = (from_the_top() - place).abs() < 1.0;
                let to_hold = if is_there { to_hold - 1 } else { HELD_FRAMES };
                go_back_to(place, turn, mine, patience - 1, to_hold);
            }
        });
    }

    fn address() -> String {
        let location = window().location();
        [location.pathname(), location.search()].into_iter().map(Result::unwrap_or_default).collect()
    }

    fn from_the_top() -> f64 {
        window().scroll_y().unwrap_or_default()
    }
}
