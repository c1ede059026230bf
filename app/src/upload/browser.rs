//! The browser's half of an upload: prepare, send with progress, cancel, retry.

mod drawing;
mod files;
mod putting;

use domain::UploadId;
use leptos::{prelude::*, web_sys::UrlSearchParams};
use server_fn::ServerFn;
use web_sys::{File, Url, XmlHttpRequest};

use super::{Announced, SignUpload, SignedUpload, Stage, Upload};
use crate::{
    browser::{post, read, wait},
    error::Problem,
    texts::texts,
};
use drawing::Prepared;
pub(crate) use files::{dropped_files, files_of_input, forget_chosen, pasted_files};
use putting::Outcome;

/// How often one picture is sent before the person is asked.
const TRIES: u32 = 4;

/// The picture that is sent, and the request that sends it.
#[derive(Default)]
pub(super) struct InFlight {
    file: Option<File>,
    request: Option<XmlHttpRequest>,
    /// Raised by every start and cancel, so that an answer that comes late is nobody's.
    turn: u32,
}

impl Upload {
    /// Keeps `file` until others have arrived and [`Upload::retry`] sends it.
    pub(crate) fn hold(self, file: File) {
        self.show(Some(&file));
        self.next_turn(Some(file));
        self.stage.set(Stage::Waiting);
    }

    /// Prepares, signs and sends `file`, replacing whatever was under way.
    pub(crate) async fn take(self, file: File) {
        let turn = self.next_turn(Some(file.clone()));
        self.id.set(None);
        self.stage.set(Stage::Preparing);
        self.show(Some(&file));
        let result = self.send(&file, turn).await;
        if !self.is_on(turn) {
            return;
        }
        match result {
            Ok(id) => {
                self.id.set(Some(id));
                self.stage.set(Stage::Arrived);
            }
            Err(failure) => {
                // A file that is no picture cannot be shown either.
                if matches!(failure, Stage::Failed { may_retry: false, .. }) {
                    self.show(None);
                }
                self.stage.set(failure);
            }
        }
    }

    /// Sends the file once more; nothing when it was cancelled meanwhile.
    pub(crate) async fn retry(self) {
        if let Some(file) = self.file() {
            self.take(file).await;
        }
    }

    pub(crate) fn cancel(self) {
        self.next_turn(None);
        self.id.try_set(None);
        self.stage.try_set(Stage::Empty);
        self.show(None);
    }

    pub(crate) fn file(self) -> Option<File> {
        self.in_flight.try_with_value(|in_flight| in_flight.file.clone()).flatten()
    }

    /// Stops what is under way and starts over.
    fn next_turn(self, file: Option<File>) -> u32 {
        let begun = self.in_flight.try_update_value(|in_flight| {
            in_flight.file = file;
            in_flight.turn = in_flight.turn.wrapping_add(1);
            (in_flight.request.take(), in_flight.turn)
        });
        let Some((request, turn)) = begun else { return 0 };
        if let Some(request) = request {
            _ = request.abort();
        }
        turn
    }

    /// False once the picture was replaced or cancelled, or the page left.
    fn is_on(self, turn: u32) -> bool {
        self.in_flight.try_with_value(|in_flight| in_flight.turn == turn).unwrap_or(false)
    }

    fn show(self, file: Option<&File>) {
        if let Some(Some(old)) = self.preview.try_get_untracked() {
            _ = Url::revoke_object_url(&old);
        }
        self.preview.try_set(file.and_then(|file| Url::create_object_url_with_blob(file).ok()));
    }

    async fn send(self, file: &File, turn: u32) -> Result<UploadId, Stage> {
        let prepared = drawing::prepare(file).await.map_err(|refusal| failed(&refusal.into()))?;
        let mut permission = None;
        let mut last = unsent();
        for tries in 0..TRIES {
            if tries > 0 {
                wait(tries * (500 + (js_sys::Math::random() * 500.0) as u32)).await;
            }
            if !self.is_on(turn) {
                break;
            }
            let mut attempt = match permission.take() {
                Some(attempt) => attempt,
                None => match prepared.sign().await {
                    Ok(signed) => Attempt { signed, arrived: 0 },
                    Err(problem @ Problem::Refused { .. }) => return Err(failed(&problem)),
                    Err(problem) => {
                        last = failed(&problem);
                        continue;
                    }
                },
            };
            match self.put_all(&mut attempt, &prepared).await {
                Outcome::Arrived => return Ok(attempt.signed.upload),
                Outcome::Lost => permission = Some(attempt),
                // Most likely it has expired while the connection was away: the next try has a new one.
                Outcome::Refused => {}
            }
            last = unsent();
        }
        Err(last)
    }

    /// Sends what has not arrived yet.
    async fn put_all(self, attempt: &mut Attempt, prepared: &Prepared) -> Outcome {
        let total = prepared.length();
        let Attempt { signed, arrived } = attempt;
        let puts = [Some(&signed.picture), signed.thumbnail.as_ref()];
        let objects = [Some(&prepared.picture), prepared.thumbnail.as_ref()];
        let mut before = 0;
        for (place, (put, object)) in puts.into_iter().zip(objects).enumerate() {
            let (Some(put), Some(object)) = (put, object) else { continue };
            if place >= *arrived {
                match self.put(put, &object.bytes, before, total).await {
                    Outcome::Arrived => *arrived = place + 1,
                    other => return other,
                }
            }
            before += object.bytes.len();
        }
        Outcome::Arrived
    }
}

/// A permission, and how many of its objects have arrived.
struct Attempt {
    signed: SignedUpload,
    arrived: usize,
}

impl Prepared {
    async fn sign(&self) -> Result<SignedUpload, Problem> {
        let fields = UrlSearchParams::new().map_err(|_| Problem::OutOfDate)?;
        self.picture.announced.write("picture", &fields);
        if let Some(thumbnail) = &self.thumbnail {
            thumbnail.announced.write("thumbnail", &fields);
        }
        read(&post(SignUpload::PATH, fields).await?)
    }

    fn length(&self) -> usize {
        self.picture.bytes.len() + self.thumbnail.as_ref().map_or(0, |thumbnail| thumbnail.bytes.len())
    }
}

impl Announced {
    /// As the fields of a form.
    fn write(&self, name: &str, fields: &UrlSearchParams) {
        let Self { length, content_type, sha256 } = self;
        fields.append(&format!("{name}[length]"), &length.to_string());
        fields.append(&format!("{name}[content_type]"), content_type.name());
        fields.append(&format!("{name}[sha256]"), sha256);
    }
}

fn unsent() -> Stage {
    let why = texts().pictures.unsent.into();
    Stage::Failed { why, may_retry: true }
}

/// What is wrong with the file itself no second try puts right.
fn failed(problem: &Problem) -> Stage {
    let is_of_the_file = problem.refusals().iter().any(|refusal| refusal.field() == Some("picture"));
    Stage::Failed { why: texts().problem(problem), may_retry: !is_of_the_file }
}
