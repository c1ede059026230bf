//! Accepts connections and, when asked to stop, lets the requests under way finish.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};

use crate::strict::StrictS3;

const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// Serves until `stop` resolves, then drains for at most [`DRAIN_TIMEOUT`].
pub(crate) async fn serve(listener: TcpListener, s3: Arc<StrictS3>, stop: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => spawn_connection(stream, s3.clone(), &connections),
                // Most likely too many open files: accepting again at once would spin.
                Err(_) => tokio::time::sleep(PAUSE_AFTER_FAILED_ACCEPT).await,
            },
        }
    }
    drop(listener);
    // Past the deadline the process ends and with it whatever is still open.
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, connections.shutdown()).await;
}

fn spawn_connection(stream: TcpStream, s3: Arc<StrictS3>, connections: &GracefulShutdown) {
    // Without it small answers wait for the peer's delayed acknowledgement; failing costs only time.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request| {
        let s3 = s3.clone();
        async move { s3.answer(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), answer);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // A peer that hangs up is its own affair.
        let _ = connection.await;
    });
}
