//! Where a page of the market ends, as text that fits in a URL.

use std::fmt;

use uuid::Uuid;

use super::Sort;
use crate::database::Row;
use crate::error::Fault;

/// The last card of a page: its place in the order, made unique by its id.
pub(super) struct Cursor {
    sort: Sort,
    pub(super) position: i64,
    pub(super) id: Uuid,
}

impl Cursor {
    /// Before the first card of the order.
    pub(super) fn start(sort: Sort) -> Self {
        match sort {
            Sort::CheapestFirst => Self { sort, position: 0, id: Uuid::nil() },
            Sort::Newest | Sort::DearestFirst => Self { sort, position: i64::MAX, id: Uuid::max() },
        }
    }

    pub(super) fn at(sort: Sort, row: &Row) -> Result<Self, Fault> {
        let id = row.get::<String>("id")?.parse();
        let id = id.map_err(|error| Fault::new("a stored id cannot be read", error))?;
        Ok(Self { sort, position: row.get("position")?, id })
    }

    /// A cursor of another order is none of this one.
    pub(super) fn parse(sort: Sort, text: &str) -> Option<Self> {
        let (position, id) = text.strip_prefix(letter(sort))?.split_once('.')?;
        Some(Self { sort, position: position.parse().ok()?, id: id.parse().ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.{}", letter(self.sort), self.position, self.id.simple())
    }
}

fn letter(sort: Sort) -> char {
    match sort {
        Sort::Newest => 'n',
        Sort::CheapestFirst => 'c',
        Sort::DearestFirst => 'd',
    }
}
