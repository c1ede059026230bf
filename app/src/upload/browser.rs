//! The browser's half of an upload: re-encode, hash, put with progress, cancel, retry.

use domain::{
    Refusal, UploadId,
    image::{self, ImageType, LARGEST_BYTES},
};
use js_sys::Uint8Array;
use leptos::{prelude::*, wasm_bindgen::JsCast};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, DragEvent, Event, File, HtmlCanvasElement, HtmlInputElement, ImageBitmap,
    ProgressEvent, Url, XmlHttpRequest,
};

use super::{SignedUpload, Stage, sign_upload};
use crate::error::Problem;

/// The longest side of what is sent, in pixels.
const LONGEST_SIDE: f64 = 1_600.0;
/// How often one picture is sent before the person is asked.
const TRIES: u32 = 3;

/// One upload at a time: the picture that is sent, and the request that sends it.
#[derive(Clone, Copy)]
pub(super) struct Sending(StoredValue<InFlight, LocalStorage>);

#[derive(Default)]
struct InFlight {
    file: Option<File>,
    request: Option<XmlHttpRequest>,
    /// Raised by every start and cancel, so that an answer that comes late is nobody's.
    turn: u32,
}

impl Default for Sending {
    fn default() -> Self {
        Self(StoredValue::new_local(InFlight::default()))
    }
}

impl Sending {
    /// Prepares, signs and sends `file`, replacing whatever was under way.
    pub(super) async fn take(
        self,
        file: File,
        upload: RwSignal<Option<UploadId>>,
        stage: RwSignal<Stage>,
        preview: RwSignal<Option<String>>,
    ) {
        let turn = self.next_turn(Some(file.clone()));
        upload.set(None);
        stage.set(Stage::Preparing);
        show_preview(preview, Some(&file));
        let result = self.send(&file, turn, stage).await;
        if !self.is_on(turn) {
            return;
        }
        match result {
            Ok(id) => {
                upload.set(Some(id));
                stage.set(Stage::Arrived);
            }
            Err(problem) => stage.set(Stage::Failed(problem.sentence())),
        }
    }

    pub(super) async fn retry(
        self,
        upload: RwSignal<Option<UploadId>>,
        stage: RwSignal<Stage>,
        preview: RwSignal<Option<String>>,
    ) {
        let file = self.0.with_value(|in_flight| in_flight.file.clone());
        if let Some(file) = file {
            self.take(file, upload, stage, preview).await;
        }
    }

    pub(super) fn cancel(
        self,
        upload: RwSignal<Option<UploadId>>,
        stage: RwSignal<Stage>,
        preview: RwSignal<Option<String>>,
    ) {
        self.next_turn(None);
        upload.set(None);
        stage.set(Stage::Empty);
        show_preview(preview, None);
    }

    /// Stops what is under way and starts over.
    fn next_turn(&self, file: Option<File>) -> u32 {
        if let Some(request) = self.0.try_update_value(|in_flight| in_flight.request.take()).flatten() {
            _ = request.abort();
        }
        self.0.update_value(|in_flight| {
            in_flight.file = file;
            in_flight.turn = in_flight.turn.wrapping_add(1);
        });
        self.0.with_value(|in_flight| in_flight.turn)
    }

    /// False once the picture was replaced or cancelled, or the page left.
    fn is_on(&self, turn: u32) -> bool {
        self.0.try_with_value(|in_flight| in_flight.turn == turn).unwrap_or(false)
    }

    async fn send(&self, file: &File, turn: u32, stage: RwSignal<Stage>) -> Result<UploadId, Problem> {
        let (bytes, kind) = prepare(file).await?;
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut last = Problem::Offline;
        for tries in 0..TRIES {
            if tries > 0 {
                pause(f64::from(tries) * (500.0 + js_sys::Math::random() * 500.0)).await;
            }
            if !self.is_on(turn) {
                break;
            }
            // A new signature each time: the last one may have expired while the connection was away.
            let signed = match sign_upload(bytes.len() as u64, kind, sha256.clone()).await {
                Ok(signed) => signed,
                Err(problem @ Problem::Refused { .. }) => return Err(problem),
                Err(problem) => {
                    last = problem;
                    continue;
                }
            };
            stage.set(Stage::Sending(0));
            match self.put(&signed, &bytes, stage).await {
                200..=299 => return Ok(signed.upload),
                0 | 500..=599 => last = Problem::Offline,
                _ => last = Problem::Unavailable,
            }
        }
        Err(last)
    }

    /// Sends the bytes and answers the status; 0 when no answer could be read.
    async fn put(&self, signed: &SignedUpload, bytes: &[u8], stage: RwSignal<Stage>) -> u16 {
        let Ok(request) = XmlHttpRequest::new() else { return 0 };
        if request.open("PUT", &signed.url).is_err() {
            return 0;
        }
        for (name, value) in &signed.headers {
            // The browser writes the length itself and refuses to have it written.
            if !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("host") {
                _ = request.set_request_header(name, value);
            }
        }
        let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                stage.set(Stage::Sending((event.loaded() / event.total() * 100.0).clamp(0.0, 100.0) as u8));
            }
        });
        if let Ok(sink) = request.upload() {
            sink.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        }
        self.0.update_value(|in_flight| in_flight.request = Some(request.clone()));
        let finished = js_sys::Promise::new(&mut |resolve, _| {
            request.set_onloadend(Some(&resolve));
        });
        let body = Uint8Array::from(bytes);
        if request.send_with_opt_js_u8_array(Some(&body)).is_err() {
            return 0;
        }
        _ = JsFuture::from(finished).await;
        request.status().unwrap_or(0)
    }
}

pub(super) fn chosen_file(event: &Event) -> Option<File> {
    event.target()?.dyn_into::<HtmlInputElement>().ok()?.files()?.get(0)
}

pub(super) fn dropped_file(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}

fn show_preview(preview: RwSignal<Option<String>>, file: Option<&File>) {
    if let Some(old) = preview.get_untracked() {
        _ = Url::revoke_object_url(&old);
    }
    preview.set(file.and_then(|file| Url::create_object_url_with_blob(file).ok()));
}

/// Refuses what the node would refuse, then draws the picture anew: upright, at most 1,600 px a side, and
/// without the metadata of the camera.
async fn prepare(file: &File) -> Result<(Vec<u8>, ImageType), Problem> {
    let head = bytes_of(&file.slice_with_f64_and_f64(0.0, 64.0).map_err(|_| Refusal::PictureBroken)?).await?;
    if head.is_empty() {
        return Err(Refusal::PictureMissing.into());
    }
    ImageType::sniff(&head).ok_or(Refusal::PictureFormat)?;
    for quality in [0.9, 0.75, 0.5] {
        let bytes = bytes_of(&redraw(file, quality).await.ok_or(Refusal::PictureBroken)?).await?;
        if bytes.len() as u64 <= LARGEST_BYTES {
            let kind = image::inspect(&bytes)?;
            return Ok((bytes, kind));
        }
    }
    Err(Refusal::PictureTooLarge.into())
}

async fn redraw(file: &File, quality: f64) -> Option<Blob> {
    let bitmap = JsFuture::from(window().create_image_bitmap_with_blob(file).ok()?).await.ok()?;
    let bitmap: ImageBitmap = bitmap.dyn_into().ok()?;
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (LONGEST_SIDE / width.max(height)).min(1.0);
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width((width * scale).round() as u32);
    canvas.set_height((height * scale).round() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(
            &bitmap,
            0.0,
            0.0,
            f64::from(canvas.width()),
            f64::from(canvas.height()),
        )
        .ok()?;
    bitmap.close();
    let blob = js_sys::Promise::new(&mut |resolve, reject| {
        if canvas.to_blob_with_type_and_encoder_options(&resolve, "image/webp", &quality.into()).is_err() {
            _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}

async fn bytes_of(blob: &Blob) -> Result<Vec<u8>, Problem> {
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|_| Refusal::PictureBroken)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn pause(milliseconds: f64) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds as i32);
    });
    _ = JsFuture::from(waited).await;
}
