//! The tests' GitLab server on its own, so that any client can be held against it:
//! `cargo run --example fake-gitlab -- --port 8090 --state tests/fake/state.json`.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a test says what it expects")]

#[path = "mod.rs"]
mod fake;

use fake::{Fake, State};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut port, mut state) = (0, State::default());
    while let Some(argument) = arguments.next() {
        let value = arguments.next().expect("each option has a value");
        match argument.as_str() {
            "--port" => port = value.parse().expect("a port"),
            "--state" => {
                let text = std::fs::read_to_string(&value).expect("the state can be read");
                state = serde_json::from_str(&text).expect("the state is JSON in its shape");
            }
            other => unreachable!("{other} is no option: there are --port and --state"),
        }
    }
    let fake = Fake::start_at(state, port);
    println!("{}", fake.api());
    fake.wait();
}
