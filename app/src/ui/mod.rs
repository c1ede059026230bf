//! What every page is made of: header and footer, notices, loading, problems, pictures, times.

mod chrome;
mod complaint;
mod head;
mod loaded;
mod markup;
mod parts;
mod places;
mod times;
mod toasts;

pub use chrome::{Footer, Header};
pub use head::{Meta, Title};
pub use loaded::{Loaded, NotFoundPage, Refresh};
pub use markup::{Around, Escaped, FIRST_ROW, Framed, Picture, Room, inert};
pub use parts::{Focused, Heading, Lightbox};
pub(crate) use places::remember_places;
pub use times::{Ago, Day, Now, Time, When, utc_date, utc_text};
pub use toasts::{ToastRegion, Toasts};
