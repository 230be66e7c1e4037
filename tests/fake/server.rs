//! The HTTP of the server: requests in, answers out, and connections that break when a test wants them to.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{Sleep, sleep};

use super::Shared;
use super::answer::Answer;
use super::fault::{Fault, with_token};
use super::request::{Request, Seen};
use super::route;

/// Runs the server on a thread of its own until `stopped`.
pub(super) fn run(
    shared: Arc<Shared>,
    port: u16,
    stopped: oneshot::Receiver<()>,
) -> (SocketAddr, std::thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).expect("a free port");
    listener.set_nonblocking(true).expect("no blocking");
    let address = listener.local_addr().expect("an address");
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            tokio::spawn(accept(listener, shared));
            let _ = stopped.await;
        });
    });
    (address, thread)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // A second handle on the socket, to have it reset and not closed at the end.
    let stream = stream.into_std().expect("a stream");
    let socket = Arc::new(stream.try_clone().expect("a second handle"));
    let stream = TcpStream::from_std(stream).expect("a stream");
    let service = service_fn(move |request| {
        let (shared, socket) = (Arc::clone(&shared), Arc::clone(&socket));
        async move { Ok::<_, Infallible>(answer(&shared, &socket, request).await) }
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    shared: &Shared,
    socket: &std::net::TcpStream,
    request: hyper::Request<Incoming>,
) -> hyper::Response<Parts> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let target = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let seen = Seen {
        method: head.method.to_string(),
        target,
        headers: headers.collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    shared.log.lock().expect("a log").push(seen.clone());
    let fault = shared.plan.lock().expect("a plan").take(&seen.line());
    if fault == Some(Fault::Stall) {
        sleep(Duration::from_secs(3600)).await;
    }
    let now =
        i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs()).expect("now");
    let mut answer = match fault.as_ref().and_then(|fault| fault.instead(now, &seen)) {
        Some(answer) => answer,
        None => respond(shared, seen.clone(), now),
    };
    if fault == Some(Fault::StallAfter) {
        sleep(Duration::from_secs(3600)).await;
    }
    match &fault {
        Some(Fault::StatusAfter(status)) => {
            answer = Fault::Status(*status).instead(now, &seen).expect("a status");
        }
        Some(Fault::HalfJson) => answer.body.truncate(answer.body.len() / 2),
        Some(Fault::NextPageAt(host)) => {
            answer.headers.retain(|(name, _)| *name != "link");
            answer.headers.push(("link", format!("<https://{host}/api/v4/user?page=2>; rel=\"next\"")));
        }
        Some(Fault::EchoNextPage) => {
            answer.headers.retain(|(name, _)| *name != "link");
            answer.headers.push(("link", format!("<{}>; rel=\"next\"", with_token(&seen))));
        }
        Some(Fault::SamePage) => {
            let next = format!("<{}>; rel=\"next\"", head.uri.path_and_query().expect("a path"));
            answer.headers.retain(|(name, _)| *name != "link");
            answer.headers.push(("link", next));
        }
        _ => {}
    }
    if fault == Some(Fault::Reset) {
        SockRef::from(socket).set_linger(Some(Duration::ZERO)).expect("a socket");
    }
    let ahead = if let Some(Fault::Skewed(ahead)) = fault { ahead } else { 0 };
    let date = jiff::Timestamp::from_second(now + ahead).expect("a time");
    let mut response = hyper::Response::builder()
        .status(answer.status)
        .header("date", date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    let breaks = matches!(fault, Some(Fault::Reset | Fault::CutOff));
    response = response.header("content-length", answer.body.len());
    response.body(Parts::of(answer.body, breaks)).expect("an answer")
}

/// GitLab's own answer, with the headers all of them have.
fn respond(shared: &Shared, seen: Seen, now: i64) -> Answer {
    let mut state = shared.state.lock().expect("a state");
    state.observed += 1;
    let limit = state.rate.unwrap_or(2000);
    let remaining = limit.saturating_sub(state.observed);
    let tag = seen.header("if-none-match").map(str::to_owned);
    let is_get = seen.method == "GET";
    let mut answer = match Request::of(seen) {
        Some(request) => route::answer(&mut state, &request),
        None => Answer::text(404, "text/html", "<html><title>Not Found</title></html>"),
    };
    if is_get && answer.status == 200 {
        let digest = Sha256::digest(answer.body.as_bytes());
        let etag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let etag = format!("W/\"{etag}\"");
        if tag.as_deref() == Some(etag.as_str()) {
            answer.status = 304;
            answer.body.clear();
        }
        answer.headers.push(("etag", etag));
    }
    answer.headers.extend([
        ("ratelimit-limit", limit.to_string()),
        ("ratelimit-name", "throttle_authenticated_api".to_owned()),
        ("ratelimit-observed", state.observed.to_string()),
        ("ratelimit-remaining", remaining.to_string()),
        ("ratelimit-reset", (now + 60).to_string()),
        ("x-request-id", format!("01FAKE{:08}", state.observed)),
    ]);
    answer
}

/// A body that may break in the middle.
struct Parts {
    frames: VecDeque<Bytes>,
    breaks: Option<Pin<Box<Sleep>>>,
}

impl Parts {
    fn of(body: String, breaks: bool) -> Self {
        if !breaks {
            return Self { frames: VecDeque::from([Bytes::from(body)]), breaks: None };
        }
        let half = body.len() / 2;
        let frames = VecDeque::from([Bytes::copy_from_slice(&body.as_bytes()[..half])]);
        // The first half is on its way before the connection goes.
        Self { frames, breaks: Some(Box::pin(sleep(Duration::from_millis(30)))) }
    }
}

impl Body for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(frame) = self.frames.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(frame))));
        }
        match &mut self.breaks {
            None => Poll::Ready(None),
            Some(pause) => pause.as_mut().poll(context).map(|()| Some(Err(io::ErrorKind::BrokenPipe.into()))),
        }
    }
}
