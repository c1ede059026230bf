//! The files that a person chose, dropped or pasted.

use leptos::wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event, File, FileList, HtmlInputElement};

pub(crate) fn files_of_input(event: &Event) -> Vec<File> {
    all(input(event).and_then(|input| input.files()))
}

/// So that the same file can be chosen again.
pub(crate) fn forget_chosen(event: &Event) {
    if let Some(input) = input(event) {
        input.set_value("");
    }
}

pub(crate) fn dropped_files(event: &DragEvent) -> Vec<File> {
    all(event.data_transfer().and_then(|data| files_in(&data)))
}

/// None when what is pasted is text.
pub(crate) fn pasted_files(event: &ClipboardEvent) -> Vec<File> {
    all(event.clipboard_data().and_then(|data| files_in(&data)))
}

fn input(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

fn files_in(data: &DataTransfer) -> Option<FileList> {
    data.files()
}

fn all(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|place| files.get(place)).collect()).unwrap_or_default()
}
