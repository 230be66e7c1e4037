//! A GitLab server for tests: the endpoints proclint uses, with GitLab's own refusals, and faults on request.
//!
//! It runs in the test's process on a port of its own. `check.py` holds it against a client that others wrote.
#![allow(dead_code, unused_imports, reason = "each test uses some of it")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what it expects"
)]

mod access;
mod answer;
mod diff;
mod fault;
mod page;
mod quick;
mod request;
mod route;
mod server;
mod state;
mod thread;
pub mod tls;
mod update;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

pub use fault::Fault;
pub use request::Seen;
pub use state::{Epic, Group, Item, Project, State, Token};

use self::fault::Plan;

/// What the server and the test share.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    plan: Mutex<Plan>,
    log: Mutex<Vec<Seen>>,
}

/// A running server; it stops when it is dropped.
pub struct Fake {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Fake {
    /// A server that begins with `state`, on a free port.
    pub fn start(state: State) -> Self {
        Self::start_at(state, 0)
    }

    /// A server that begins with `state`, on `port`; 0 for a free one.
    pub fn start_at(state: State, port: u16) -> Self {
        let shared = Arc::new(Shared { state: Mutex::new(state), ..Shared::default() });
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (address, thread) = server::run(Arc::clone(&shared), port, stopped);
        Self { address, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// The root of the API, as `CI_API_V4_URL` has it.
    pub fn api(&self) -> String {
        format!("http://{}/api/v4", self.address)
    }

    /// The host and port.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// The next `times` requests whose method and path (`GET /projects/…`) hold `part` meet `fault`.
    pub fn fault(&self, part: &str, times: usize, fault: Fault) {
        self.shared.plan.lock().expect("a plan").add(part, times, fault);
    }

    /// What was asked, in order.
    pub fn log(&self) -> Vec<Seen> {
        self.shared.log.lock().expect("a log").clone()
    }

    /// How many requests had a method and path that hold `part`.
    pub fn count(&self, part: &str) -> usize {
        self.log().iter().filter(|seen| seen.line().contains(part)).count()
    }

    /// Forgets what was asked.
    pub fn clear_log(&self) {
        self.shared.log.lock().expect("a log").clear();
    }

    /// What the server holds now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().expect("a state")
    }

    /// Waits until the server ends, which it does not do by itself.
    pub fn wait(mut self) {
        let thread = self.thread.take().expect("a thread");
        thread.join().expect("the server runs");
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
