//! Threads that answer visitors, each with a runtime of its own.
//!
//! A runtime of many threads hands tasks from one to another, and waking a thread costs more than most of what a page
//! needs. Here a connection stays with the thread that it was given to, and so does all that its requests wait for. It is
//! given to the thread with the least to do, because no other can take it over later.

use std::{
    future::{Future, pending},
    io,
    net::{SocketAddr, TcpStream as Accepted},
    sync::Arc,
    thread,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::{mpsc, oneshot},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// The threads. They end when this is dropped.
pub(crate) struct Workers {
    workers: Vec<Worker>,
    /// What one waits for may be on the runtime of another, or on none of them: they end together.
    _end: DropGuard,
}

struct Worker {
    connections: mpsc::UnboundedSender<(Accepted, Visitor)>,
    load: Load,
    done: oneshot::Receiver<()>,
}

/// Held by each connection of a thread, and by each request on it.
type Load = Arc<()>;

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) address: SocketAddr,
    _load: Load,
}

/// The connections that one thread is given.
pub(crate) struct Given {
    connections: mpsc::UnboundedReceiver<(Accepted, Visitor)>,
    no_more: CancellationToken,
}

impl Workers {
    /// Starts so many threads; each does `work` with the connections that it is given, until there are no more.
    ///
    /// # Errors
    /// The kernel gives no thread or no runtime.
    pub(crate) fn start<W>(
        threads: usize,
        work: impl Fn(Given) -> W + Clone + Send + 'static,
    ) -> io::Result<Self>
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let end = CancellationToken::new();
        let start_one = |number| {
            let (connections, given) = mpsc::unbounded_channel();
            let given = Given { connections: given, no_more: CancellationToken::new() };
            let (say_done, done) = oneshot::channel();
            let (work, end) = (work.clone(), end.clone());
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            thread::Builder::new().name(format!("visitors-{number}")).spawn(move || {
                runtime.block_on(async move {
                    // A task like those of visitors: what is none has its turn before them, and would never see how long
                    // they wait. Errors mean a panic, which was told, and that nobody waits for it any longer.
                    let _ = tokio::spawn(work(given)).await;
                    let _ = say_done.send(());
                    end.cancelled().await;
                });
                runtime.shutdown_background();
            })?;
            Ok(Worker { connections, load: Load::default(), done })
        };
        let workers = (1..=threads).map(start_one).collect::<io::Result<_>>()?;
        Ok(Self { workers, _end: end.drop_guard() })
    }

    /// Hands out who comes, until `stop` is cancelled and the last who came has been served.
    pub(crate) async fn serve(&mut self, mut listener: TcpListener, stop: &CancellationToken) {
        while let Some((stream, address)) = stop.run_until_cancelled(Listener::accept(&mut listener)).await {
            if let Err(error) = self.hand_out(stream, address) {
                tracing::error!(%error, "a connection was lost");
            }
        }
        drop(listener);
        let all_done: Vec<_> = self.workers.drain(..).map(|worker| worker.done).collect();
        for done in all_done {
            // An error means that it has ended otherwise, which was told.
            let _ = done.await;
        }
    }

    fn hand_out(&self, stream: TcpStream, address: SocketAddr) -> io::Result<()> {
        let living = self.workers.iter().filter(|worker| !worker.connections.is_closed());
        let idlest = living.min_by_key(|worker| Arc::strong_count(&worker.load));
        let Worker { connections, load, .. } = idlest.ok_or(io::ErrorKind::BrokenPipe)?;
        // Small answers must not wait for the peer's acknowledgement.
        stream.set_nodelay(true)?;
        let visitor = Visitor { address, _load: load.clone() };
        connections.send((stream.into_std()?, visitor)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Given {
    /// Ends when no more connections come.
    pub(crate) fn no_more(&self) -> impl Future<Output = ()> + Send + 'static {
        self.no_more.clone().cancelled_owned()
    }
}

impl Listener for Given {
    type Io = TcpStream;
    type Addr = Visitor;

    async fn accept(&mut self) -> (TcpStream, Visitor) {
        while let Some((stream, visitor)) = self.connections.recv().await {
            match TcpStream::from_std(stream) {
                Ok(stream) => return (stream, visitor),
                Err(error) => tracing::error!(%error, "a connection was lost"),
            }
        }
        self.no_more.cancel();
        pending().await
    }

    /// They were accepted elsewhere.
    fn local_addr(&self) -> io::Result<Visitor> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Connected<IncomingStream<'_, Given>> for Visitor {
    fn connect_info(stream: IncomingStream<'_, Given>) -> Self {
        stream.remote_addr().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, time::Duration};

    use axum::{Router, extract::ConnectInfo, routing::get};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::Semaphore,
        time::timeout,
    };

    use super::*;

    /// Answers with the thread's name, on `/slow` once it is let.
    async fn work(given: Given, go_on: Arc<Semaphore>) {
        let name = async |ConnectInfo(visitor): ConnectInfo<Visitor>| {
            assert!(visitor.address.ip().is_loopback());
            thread::current().name().unwrap_or_default().to_owned()
        };
        let slow = async move || {
            let _turn = go_on.acquire().await;
            "done"
        };
        let app = Router::new().route("/", get(name)).route("/slow", get(slow));
        let no_more = given.no_more();
        let service = app.into_make_service_with_connect_info::<Visitor>();
        axum::serve(given, service).with_graceful_shutdown(no_more).await.unwrap();
    }

    struct Node {
        address: SocketAddr,
        stop: CancellationToken,
        serving: tokio::task::JoinHandle<()>,
        go_on: Arc<Semaphore>,
    }

    async fn node(threads: usize) -> Node {
        let go_on = Arc::new(Semaphore::new(0));
        let mut workers = Workers::start(threads, {
            let go_on = go_on.clone();
            move |given| work(given, go_on.clone())
        })
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let stopped = stop.clone();
        let serving = tokio::spawn(async move { workers.serve(listener, &stopped).await });
        Node { address, stop, serving, go_on }
    }

    async fn ask(stream: &mut TcpStream, path: &str) -> String {
        send(stream, path).await;
        answer(stream).await
    }

    async fn send(stream: &mut TcpStream, path: &str) {
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    }

    async fn answer(stream: &mut TcpStream) -> String {
        let mut bytes = vec![0; 1024];
        let read = timeout(Duration::from_secs(10), stream.read(&mut bytes)).await.unwrap().unwrap();
        let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
        text.rsplit("\r\n").next().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn a_connection_goes_to_the_thread_with_the_fewest_and_stays() {
        let node = node(3).await;
        let mut visitors = Vec::new();
        for _ in 0..12 {
            let mut stream = TcpStream::connect(node.address).await.unwrap();
            let thread = ask(&mut stream, "/").await;
            assert_eq!(ask(&mut stream, "/").await, thread);
            visitors.push((thread, stream));
        }
        let mut on_each = BTreeMap::<_, usize>::new();
        visitors.iter().for_each(|(thread, _)| *on_each.entry(thread.clone()).or_default() += 1);
        let names = ["visitors-1", "visitors-2", "visitors-3"];
        assert_eq!(on_each, names.map(|name| (name.to_owned(), 4)).into());

        // Whoever leaves makes room.
        visitors.retain(|(thread, _)| thread != "visitors-2");
        let mut again = TcpStream::connect(node.address).await.unwrap();
        while ask(&mut again, "/").await != "visitors-2" {
            again = TcpStream::connect(node.address).await.unwrap();
        }
    }

    #[tokio::test]
    async fn who_has_come_is_served_before_it_ends_and_nobody_comes_after() {
        let node = node(2).await;
        let mut visitors = Vec::new();
        for _ in 0..4 {
            let mut stream = TcpStream::connect(node.address).await.unwrap();
            ask(&mut stream, "/").await;
            send(&mut stream, "/slow").await;
            visitors.push(stream);
        }
        // The last may not have been handed out yet.
        let mut last = TcpStream::connect(node.address).await.unwrap();
        send(&mut last, "/slow").await;
        visitors.push(last);
        tokio::time::sleep(Duration::from_millis(50)).await;
        node.stop.cancel();
        while TcpStream::connect(node.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(!node.serving.is_finished());
        node.go_on.add_permits(1);
        for stream in &mut visitors {
            assert_eq!(answer(stream).await, "done");
        }
        timeout(Duration::from_secs(10), node.serving).await.unwrap().unwrap();
    }
}
