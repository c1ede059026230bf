//! Messages between the nodes of a fleet over Redis pub/sub: at most once, to whoever listens at that moment.

use std::{sync::Arc, time::Duration};

use fred::{
    clients::SubscriberClient,
    interfaces::{ClientLike, EventInterface, PubsubInterface},
    prelude::Builder,
};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    task::AbortHandle,
};

use crate::{
    error::{ConnectError, Unavailable},
    store::Store,
};

/// Messages that a slow listener may fall behind by before it misses some.
const BACKLOG: usize = 4_096;
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// One channel that all nodes share. However many listen on this node, Redis has one subscription for them.
#[derive(Clone, Debug)]
pub struct Messages(Arc<Subscription>);

#[derive(Debug)]
struct Subscription {
    store: Arc<Store>,
    channel: String,
    heard: broadcast::Sender<Option<Arc<str>>>,
    tasks: [AbortHandle; 2],
}

impl Messages {
    /// Subscribes, and again whenever the connection comes back.
    pub(crate) fn open(store: Arc<Store>, builder: &Builder, name: &str) -> Result<Self, ConnectError> {
        let channel = format!("{}{name}", store.settings.key_prefix);
        let client =
            builder.build_subscriber_client().map_err(|error| ConnectError::Url(error.to_string()))?;
        let heard = broadcast::Sender::new(BACKLOG);
        let tasks = [
            client.manage_subscriptions().abort_handle(),
            tokio::spawn(follow(client, channel.clone(), heard.clone())).abort_handle(),
        ];
        Ok(Self(Arc::new(Subscription { store, channel, heard, tasks })))
    }

    /// Every message from now on, this node's own included; `None` when the connection came back and something may have
    /// been missed. Whoever reads too slowly misses the oldest, and is told how many.
    pub fn listen(&self) -> broadcast::Receiver<Option<Arc<str>>> {
        self.0.heard.subscribe()
    }

    /// Tells every node that is connected.
    pub async fn publish(&self, message: &str) -> Result<(), Unavailable> {
        let (channel, message) = (self.0.channel.clone(), message.to_owned());
        self.0.store.ask(|client| async move { client.publish::<(), _, _>(channel, message).await }).await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn follow(client: SubscriberClient, channel: String, heard: broadcast::Sender<Option<Arc<str>>>) {
    let mut messages = client.message_rx();
    client.connect();
    while let Err(error) = client.subscribe(&channel).await {
        tracing::debug!(%error, "not subscribed to the fleet's messages yet");
        tokio::time::sleep(TRY_AGAIN).await;
    }
    let mut reconnects = client.reconnect_rx();
    loop {
        let message = tokio::select! {
            message = messages.recv() => message.map(|message| message.value.convert::<String>().ok()),
            reconnected = reconnects.recv() => reconnected.map(|_| None),
        };
        let heard_now = match message {
            Ok(text) => text.map(Arc::from),
            Err(RecvError::Lagged(_)) => None,
            Err(RecvError::Closed) => break,
        };
        // Without a listener there is nobody to tell.
        let _ = heard.send(heard_now);
    }
}
