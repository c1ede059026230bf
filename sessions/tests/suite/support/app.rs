//! A small application on the layer: a public page, a dashboard, signing in and out, devices, a password.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use sessions::{AccountSession, Session, Sessions, Unavailable};
use tokio::sync::Semaphore;

#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) router: Router,
    pub(crate) sessions: Sessions,
    pub(crate) gate: Arc<Gate>,
    /// Every cookie it ever set.
    pub(crate) cookies: Arc<Mutex<BTreeSet<String>>>,
}

/// Holds a request between its reading and its writing, for as long as the test needs.
pub(crate) struct Gate {
    pub(crate) arrived: Semaphore,
    pub(crate) open: Semaphore,
}

impl Gate {
    async fn pass(&self) {
        self.arrived.add_permits(1);
        self.open.acquire().await.unwrap().forget();
    }

    /// Returns when a request stands before the gate.
    pub(crate) async fn until_arrived(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    pub(crate) fn let_one_pass(&self) {
        self.open.add_permits(1);
    }
}

#[derive(Clone)]
struct App {
    sessions: Sessions,
    gate: Arc<Gate>,
}

impl Node {
    pub(crate) fn new(sessions: Sessions) -> Self {
        let gate = Arc::new(Gate { arrived: Semaphore::new(0), open: Semaphore::new(0) });
        let router = Router::new()
            .route("/public", get(async || "for everyone"))
            .route("/dashboard", get(dashboard))
            .route("/login", post(login))
            .route("/login-slowly", post(login_slowly))
            .route("/logout", post(logout))
            .route("/put", post(put))
            .route("/put-slowly", post(put_slowly))
            .route("/put-and-fail", post(put_and_fail))
            .route("/get", get(read))
            .route("/bid-farewell", post(bid_farewell))
            .route("/save-halfway", post(save_halfway))
            .route("/change-mind", post(change_mind))
            .route("/delete", post(delete))
            .route("/clear", post(clear))
            .route("/devices", get(devices))
            .route("/devices/end", post(end_device))
            .route("/password", post(change_password))
            .route("/why", get(why))
            .route("/until", get(until))
            .layer(sessions.layer())
            .with_state(App { sessions: sessions.clone(), gate: gate.clone() });
        Self { router, sessions, gate, cookies: Arc::default() }
    }
}

/// The session could not be asked.
struct Away;

impl From<Unavailable> for Away {
    fn from(_: Unavailable) -> Self {
        Self
    }
}

impl From<tower_sessions::session::Error> for Away {
    fn from(_: tower_sessions::session::Error) -> Self {
        Self
    }
}

impl IntoResponse for Away {
    fn into_response(self) -> Response {
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "2")], "try again soon").into_response()
    }
}

type Parameters = Query<HashMap<String, String>>;

async fn dashboard(session: Session) -> Result<Response, Away> {
    Ok(match session.account().await? {
        Some(account) => account.into_response(),
        None => Redirect::to("/login").into_response(),
    })
}

async fn login(session: Session, parameters: Parameters, headers: HeaderMap) -> Result<Redirect, Away> {
    let agent = parameters.get("agent").map(String::as_str);
    let agent = agent.or_else(|| headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()));
    session.sign_in(&parameters["account"], parameters.contains_key("remember"), agent).await?;
    Ok(Redirect::to("/dashboard"))
}

async fn login_slowly(
    session: Session,
    app: State<App>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Redirect, Away> {
    session.account().await?;
    app.gate.pass().await;
    login(session, parameters, headers).await
}

async fn logout(session: Session) -> Result<Redirect, Away> {
    session.sign_out().await?;
    Ok(Redirect::to("/login"))
}

async fn put(session: Session, parameters: Parameters) -> Result<&'static str, Away> {
    session.insert(&parameters["name"], &parameters["value"]).await?;
    Ok("put")
}

async fn put_slowly(session: Session, app: State<App>, parameters: Parameters) -> Result<&'static str, Away> {
    session.get_value("anything").await?;
    app.gate.pass().await;
    put(session, parameters).await
}

async fn put_and_fail(session: Session, parameters: Parameters) -> Result<StatusCode, Away> {
    put(session, parameters).await?;
    Ok(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn read(session: Session, parameters: Parameters) -> Result<String, Away> {
    Ok(session.get(&parameters["name"]).await?.unwrap_or_else(|| "nothing".to_owned()))
}

/// A message for the stranger that the visitor becomes.
async fn bid_farewell(session: Session, parameters: Parameters) -> Result<&'static str, Away> {
    session.sign_out().await?;
    put(session, parameters).await
}

async fn save_halfway(session: Session, parameters: Parameters) -> Result<&'static str, Away> {
    session.insert("halfway", "there").await?;
    session.save().await?;
    session.load().await?;
    put(session, parameters).await
}

/// Saves, renames, renames again and leaves.
async fn change_mind(session: Session) -> Result<(), Away> {
    session.insert("x", "1").await?;
    session.save().await?;
    session.cycle_id().await?;
    session.save().await?;
    session.cycle_id().await?;
    Ok(session.flush().await?)
}

async fn delete(session: Session) -> Result<(), Away> {
    session.account().await?;
    Ok(session.delete().await?)
}

async fn clear(session: Session) {
    session.clear().await;
}

async fn devices(session: Session, app: State<App>) -> Result<Response, Away> {
    let Some(account) = session.account().await? else { return Ok(Redirect::to("/login").into_response()) };
    let this = session.handle().await?;
    let listed = app.sessions.directory().list(&account).await?;
    let line = |device: &sessions::Device| {
        let mark = if this.as_ref() == Some(&device.handle) { "this" } else { "other" };
        let [browser, system] = [device.browser, device.system].map(Option::unwrap_or_default);
        format!("{mark} {} {browser} on {system}\n", device.handle)
    };
    Ok(listed.iter().map(line).collect::<String>().into_response())
}

async fn end_device(session: Session, app: State<App>, parameters: Parameters) -> Result<StatusCode, Away> {
    let Some(account) = session.account().await? else { return Ok(StatusCode::UNAUTHORIZED) };
    let ended = app.sessions.directory().end(&account, &parameters["handle"]).await?;
    Ok(if ended { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

async fn change_password(session: Session, app: State<App>) -> Result<StatusCode, Away> {
    let Some(account) = session.account().await? else { return Ok(StatusCode::UNAUTHORIZED) };
    app.sessions.directory().end_others(&account, &session).await?;
    session.cycle_id().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn until(session: Session) -> Result<String, Away> {
    Ok(session.expires_at_ms().await?.map_or("nothing known".to_owned(), |until| until.to_string()))
}

async fn why(session: Session) -> Result<String, Away> {
    Ok(session.ended_because().await?.map_or("nothing known".to_owned(), |ended| ended.to_string()))
}
