//! The policies of gitlab-triage: what they would touch, where they contradict each other, what they leave alone.

pub mod braces;
