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
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event as Line, KeepAlive, Sse},
    },
};
use domain::{AccountId, CardId, Event, market::PAGE_SIZE};
use futures::{Stream, stream};
use serde::Deserialize;
use sessions::{AccountSession, Session, Unavailable};
use tokio::time::{Instant, sleep_until};

use super::{
    Live, Slot, Told,
    streams::{Listener, Topic},
};

/// A line at least so often, so that no proxy takes the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long the browser waits before it connects again.
const RECONNECT: Duration = Duration::from_secs(1);
/// How long a stream without a session waits before it looks again: for ever, as far as people can tell.
const NEVER: Duration = Duration::from_secs(30 * 24 * 3600);

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The cards that the page shows, with commas between them. Without it the stream tells of every card.
    cards: Option<String>,
    /// The number of the newest notification that the page knows of. Says also that it was drawn for somebody signed in.
    seen: Option<i64>,
}

impl Asked {
    /// No page shows more; what is no card is none that anything becomes of.
    fn cards(&self) -> Option<Vec<CardId>> {
        let ids = self.cards.as_deref()?.split(',').filter_map(|id| id.parse().ok());
        Some(ids.take(PAGE_SIZE as usize).collect())
    }
}

pub(super) async fn open(
    State(live): State<Live>,
    Query(asked): Query<Asked>,
    session: Session,
    headers: HeaderMap,
) -> Response {
    let Some(slot) = live.take_slot() else { return unavailable() };
    let before = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let (cards, seen) = (asked.cards(), before.or(asked.seen));
    match Visit::begin(live, slot, &session, cards, seen).await {
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

/// Redis or the database does not answer, or something was missed.
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
    told: Listener,
    member: Option<Member>,
    /// When the session may have run out.
    look_again: Instant,
    waiting: VecDeque<Line>,
    over: bool,
}

impl Visit {
    async fn begin(
        live: Live,
        slot: Slot,
        session: &Session,
        cards: Option<Vec<CardId>>,
        seen: Option<i64>,
    ) -> Result<Self, Away> {
        let account: Option<AccountId> = session.account().await?.and_then(|account| account.parse().ok());
        let member = account.zip(session.handle().await?);
        let mut topics = match &cards {
            Some(cards) => cards.iter().copied().map(Topic::Card).collect(),
            None => vec![Topic::EveryCard],
        };
        if let Some((account, handle)) = &member {
            topics.extend([Topic::Account(*account), Topic::Session(handle.clone())]);
        }
        let mut visit = Self {
            // Before the first look, so that nothing falls between the two.
            told: live.0.told.streams.listen(topics),
            live,
            _slot: slot,
            member: None,
            look_again: Instant::now() + NEVER,
            waiting: VecDeque::new(),
            over: false,
        };
        if let Some((account, handle)) = member {
            let newest = match seen {
                Some(seen) => seen,
                None => visit.newest_notification(account).await?,
            };
            visit.member = Some(Member { account, handle, seen: newest });
        }
        visit.greet();
        if let Some(cards) = cards.filter(|cards| !cards.is_empty()) {
            let prices = backend::market::prices(&visit.live.0.node.store, &cards).await?;
            visit.say(&LiveEvent::Prices { prices });
        }
        match seen {
            Some(_) if visit.member.is_none() => visit.say_goodbye(),
            Some(_) => visit.bring_inbox().await?,
            None => {}
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
            told = self.told.hear() => match told {
                Some(told) => self.pass_on(told).await,
                None => Err(Away),
            },
        }
    }

    async fn pass_on(&mut self, told: Told) -> Result<(), Away> {
        let event = match told {
            Told::Store(event) => event,
            Told::Ended(_) => {
                self.say_goodbye();
                return Ok(());
            }
            Told::Gap => return Err(Away),
        };
        let (card, now) = match event {
            Event::Listed { card } => (card, CardNow::OnSale),
            Event::Repriced { card, price } => (card, CardNow::Costs { price }),
            Event::OffSale { card } => (card, CardNow::OffSale),
            Event::Sold { card, .. } => (card, CardNow::Sold),
            Event::Inbox { .. } => return self.bring_inbox().await,
            Event::Balance { .. } => {
                self.say(&LiveEvent::Account);
                return Ok(());
            }
        };
        self.say(&LiveEvent::Card { card, now });
        Ok(())
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
