//! One stream: server-sent events for one open page, for as long as its session lasts.

use std::{
    collections::VecDeque,
    convert::Infallible,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use app::{
    live::{CardNow, LiveEvent},
    server::retry_after,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event as Line, KeepAlive, Sse},
    },
};
use domain::{AccountId, Event};
use futures::{Stream, stream};
use sessions::{AccountSession, Session, Unavailable};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};

use super::{Live, Slot, Told};

/// A line at least so often, so that no proxy takes the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long the browser waits before it connects again.
const RECONNECT: Duration = Duration::from_secs(1);
/// How long a stream without a session waits before it looks again: for ever, as far as people can tell.
const NEVER: Duration = Duration::from_secs(30 * 24 * 3600);

pub(super) async fn open(State(live): State<Live>, session: Session, headers: HeaderMap) -> Response {
    let Some(slot) = live.take_slot() else { return unavailable() };
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    match Visit::begin(live, slot, &session, seen).await {
        Ok(visit) => {
            let mut response =
                Sse::new(visit.events()).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            // For proxies that would collect an answer before they pass it on.
            headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
            response
        }
        Err(Away) => unavailable(),
    }
}

fn unavailable() -> Response {
    let seconds = retry_after(&app::error::Problem::Unavailable).unwrap_or(2);
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
}

/// Redis or the database does not answer.
struct Away;

impl From<Unavailable> for Away {
    fn from(_: Unavailable) -> Self {
        Self
    }
}

impl From<backend::Error> for Away {
    fn from(_: backend::Error) -> Self {
        Self
    }
}

/// Who is listening, when somebody is signed in.
struct Member {
    account: AccountId,
    handle: String,
    /// The newest notification that the page knows of.
    seen: i64,
}

struct Visit {
    live: Live,
    _slot: Slot,
    told: Receiver<Told>,
    member: Option<Member>,
    /// When the session may have run out.
    look_again: Instant,
    waiting: VecDeque<Line>,
    over: bool,
}

impl Visit {
    async fn begin(live: Live, slot: Slot, session: &Session, seen: Option<i64>) -> Result<Self, Away> {
        // Before the first look, so that nothing falls between the two.
        let told = live.0.told.streams.subscribe();
        let account: Option<AccountId> = session.account().await?.and_then(|account| account.parse().ok());
        let mut visit = Self {
            live,
            _slot: slot,
            told,
            member: None,
            look_again: Instant::now() + NEVER,
            waiting: VecDeque::new(),
            over: false,
        };
        if let (Some(account), Some(handle)) = (account, session.handle().await?) {
            let newest = match seen {
                Some(seen) => seen,
                None => visit.newest_notification(account).await?,
            };
            visit.member = Some(Member { account, handle, seen: newest });
        }
        visit.greet();
        if seen.is_some() {
            visit.bring_inbox().await?;
        }
        visit.look_at_session().await?;
        Ok(visit)
    }

    fn events(self) -> impl Stream<Item = Result<Line, Infallible>> {
        stream::unfold(self, |mut visit| async move {
            loop {
                if let Some(line) = visit.waiting.pop_front() {
                    return Some((Ok(line), visit));
                }
                if visit.over {
                    return None;
                }
                // Its page connects again and fetches what it shows, as soon as there is something to fetch.
                visit.over |= visit.wait().await.is_err();
            }
        })
    }

    async fn wait(&mut self) -> Result<(), Away> {
        tokio::select! {
            () = self.live.0.stop.cancelled() => Err(Away),
            () = sleep_until(self.look_again) => self.look_at_session().await,
            told = self.told.recv() => match told {
                Ok(told) => self.hear(told).await,
                Err(RecvError::Lagged(_) | RecvError::Closed) => Err(Away),
            },
        }
    }

    async fn hear(&mut self, told: Told) -> Result<(), Away> {
        match told {
            Told::Gap => return Err(Away),
            Told::Ended(handle) if self.member.as_ref().is_some_and(|member| member.handle == handle) => {
                self.say_goodbye();
            }
            Told::Ended(_) => {}
            Told::Store(event) => return self.pass_on(event).await,
        }
        Ok(())
    }

    async fn pass_on(&mut self, event: Event) -> Result<(), Away> {
        let (card, now) = match event {
            Event::Listed { card } => (card, CardNow::OnSale),
            Event::Repriced { card, price } => (card, CardNow::Costs { price }),
            Event::OffSale { card } => (card, CardNow::OffSale),
            Event::Sold { card, .. } => (card, CardNow::Sold),
            Event::Inbox { account } if self.is_for(account) => return self.bring_inbox().await,
            Event::Balance { account } if self.is_for(account) => {
                self.say(&LiveEvent::Account);
                return Ok(());
            }
            Event::Inbox { .. } | Event::Balance { .. } => return Ok(()),
        };
        self.say(&LiveEvent::Card { card, now });
        Ok(())
    }

    fn is_for(&self, account: AccountId) -> bool {
        self.member.as_ref().is_some_and(|member| member.account == account)
    }

    async fn newest_notification(&self, account: AccountId) -> Result<i64, Away> {
        let inbox = backend::notifications::inbox(&self.live.0.node.store, account, None).await?;
        Ok(inbox.notifications.first().map_or(0, |newest| newest.number))
    }

    /// Everything in the inbox that the page does not know of.
    async fn bring_inbox(&mut self) -> Result<(), Away> {
        let Some(member) = &mut self.member else { return Ok(()) };
        let missed =
            backend::notifications::after(&self.live.0.node.store, member.account, member.seen).await?;
        for notification in missed {
            member.seen = member.seen.max(notification.number);
            let id = notification.number;
            self.waiting.push_back(line(&LiveEvent::Inbox { notification }).id(id.to_string()));
        }
        Ok(())
    }

    /// Ends the stream when its session has run out; else finds out when to look again. Looking is no use of it.
    async fn look_at_session(&mut self) -> Result<(), Away> {
        let Some(member) = &self.member else { return Ok(()) };
        let directory = self.live.0.node.sessions.directory();
        match directory.expires_at_ms(&member.account.to_string(), &member.handle).await? {
            Some(at_ms) => self.look_again = Instant::now() + left_until(at_ms),
            None => self.say_goodbye(),
        }
        Ok(())
    }

    fn greet(&mut self) {
        let line = line(&LiveEvent::Hello).retry(RECONNECT);
        self.waiting.push_back(match &self.member {
            Some(member) => line.id(member.seen.to_string()),
            None => line,
        });
    }

    fn say_goodbye(&mut self) {
        self.say(&LiveEvent::SignedOut);
        self.over = true;
    }

    fn say(&mut self, event: &LiveEvent) {
        self.waiting.push_back(line(event));
    }
}

/// At least a second: the clocks of nodes and Redis differ a little.
fn left_until(at_ms: i64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let at = Duration::from_millis(u64::try_from(at_ms).unwrap_or_default());
    at.saturating_sub(now).max(Duration::from_secs(1))
}

fn line(event: &LiveEvent) -> Line {
    Line::default().data(serde_json::to_string(event).unwrap_or_default())
}
