//! Draws a picture anew before it is sent: upright, not too large, and without what the camera wrote into it.

use domain::{
    Refusal,
    image::{self, LARGEST_BYTES, LARGEST_THUMBNAIL_BYTES, THUMBNAIL},
};
use js_sys::{Reflect, Uint8Array};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use sha2::{Digest, Sha256};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

use crate::upload::Announced;

/// How much of a file is read to tell what it is: a photograph's size stands behind what the camera wrote.
const HEAD_BYTES: f64 = 262_144.0;
/// The longest side in pixels and the quality, from the best to what always fits.
const SIZES: [(f64, f64); 5] =
    [(1_600.0, 0.85), (1_600.0, 0.7), (1_600.0, 0.5), (1_200.0, 0.5), (800.0, 0.5)];
const THUMBNAIL_QUALITIES: [f64; 2] = [0.8, 0.5];

/// What is sent for one card.
pub(super) struct Prepared {
    pub(super) picture: Object,
    /// None when the picture is no larger than a thumbnail.
    pub(super) thumbnail: Option<Object>,
}

pub(super) struct Object {
    pub(super) bytes: Vec<u8>,
    pub(super) announced: Announced,
}

/// Refuses what cannot be drawn, with the reason.
pub(super) async fn prepare(file: &File) -> Result<Prepared, Refusal> {
    let head = file.slice_with_f64_and_f64(0.0, HEAD_BYTES).map_err(|_| Refusal::PictureBroken)?;
    let head = bytes_of(&head).await.ok_or(Refusal::PictureBroken)?;
    let unreadable = match image::glance(&head, file.size() as u64) {
        Ok(_) => Refusal::PictureBroken,
        // Some browsers can read what others cannot show.
        Err(Refusal::PictureHeic) => Refusal::PictureHeic,
        Err(refusal) => return Err(refusal),
    };
    let bitmap = decode(file).await.ok_or(unreadable)?;
    let whole = Part::whole(&bitmap);
    let mut picture = Err(Refusal::PictureTooLarge);
    for (side, quality) in SIZES {
        picture = encode(&bitmap, &whole.within(side), quality, LARGEST_BYTES).await;
        if picture.is_ok() {
            break;
        }
    }
    let (width, height) = (f64::from(THUMBNAIL.0), f64::from(THUMBNAIL.1));
    let mut thumbnail = None;
    if whole.width > width || whole.height > height {
        for quality in THUMBNAIL_QUALITIES {
            thumbnail =
                encode(&bitmap, &whole.covering(width, height), quality, LARGEST_THUMBNAIL_BYTES).await.ok();
            if thumbnail.is_some() {
                break;
            }
        }
    }
    bitmap.close();
    Ok(Prepared { picture: picture?, thumbnail })
}

/// A part of a picture, and how large it is drawn, in pixels.
struct Part {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    scale: f64,
}

impl Part {
    fn whole(bitmap: &ImageBitmap) -> Self {
        let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
        Self { left: 0.0, top: 0.0, width, height, scale: 1.0 }
    }

    fn within(&self, side: f64) -> Self {
        Self { scale: (side / self.width.max(self.height)).min(1.0), ..*self }
    }

    /// The middle that fills a frame, as tiles show it.
    fn covering(&self, width: f64, height: f64) -> Self {
        let scale = (width / self.width).max(height / self.height).min(1.0);
        let (part_width, part_height) = (self.width.min(width / scale), self.height.min(height / scale));
        Self {
            left: (self.width - part_width) / 2.0,
            top: (self.height - part_height) / 2.0,
            width: part_width,
            height: part_height,
            scale,
        }
    }
}

async fn encode(bitmap: &ImageBitmap, part: &Part, quality: f64, largest: u64) -> Result<Object, Refusal> {
    let blob = draw(bitmap, part, quality).await.ok_or(Refusal::PictureBroken)?;
    if blob.size() > largest as f64 {
        return Err(Refusal::PictureTooLarge);
    }
    let bytes = bytes_of(&blob).await.ok_or(Refusal::PictureBroken)?;
    let content_type = image::inspect(&bytes)?;
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Object { announced: Announced { length: bytes.len() as u64, content_type, sha256 }, bytes })
}

/// The browser turns the picture upright while it reads it.
async fn decode(file: &File) -> Option<ImageBitmap> {
    JsFuture::from(window().create_image_bitmap_with_blob(file).ok()?).await.ok()?.dyn_into().ok()
}

async fn draw(bitmap: &ImageBitmap, part: &Part, quality: f64) -> Option<Blob> {
    let Part { left, top, width, height, scale } = *part;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let (drawn_width, drawn_height) = ((width * scale).round().max(1.0), (height * scale).round().max(1.0));
    canvas.set_width(drawn_width as u32);
    canvas.set_height(drawn_height as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    _ = Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into());
    context
        .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            bitmap,
            left,
            top,
            width,
            height,
            0.0,
            0.0,
            drawn_width,
            drawn_height,
        )
        .ok()?;
    let mut blob = blob_of(&canvas, "image/webp", quality).await?;
    if blob.type_() != "image/webp" {
        // This browser writes no WebP. JPEG knows no transparency: what shows through is white.
        context.set_global_composite_operation("destination-over").ok()?;
        context.set_fill_style_str("#fff");
        context.fill_rect(0.0, 0.0, drawn_width, drawn_height);
        blob = blob_of(&canvas, "image/jpeg", quality).await?;
    }
    // Some browsers keep the pixels long after the canvas is gone.
    canvas.set_width(0);
    Some(blob)
}

async fn blob_of(canvas: &HtmlCanvasElement, kind: &str, quality: f64) -> Option<Blob> {
    let blob = js_sys::Promise::new(&mut |resolve, reject| {
        let told =
            canvas.to_blob_with_type_and_encoder_options(resolve.unchecked_ref(), kind, &quality.into());
        if told.is_err() {
            _ = reject.call0(&wasm_bindgen::JsValue::NULL);
        }
    });
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}

async fn bytes_of(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
