//! Makes new inputs of saved ones: words of the dictionary, pieces of other inputs, and bytes, put in, taken out, doubled.

use std::path::Path;

use fastrand::Rng;

/// The longest input that is made, in bytes.
const LONGEST: usize = 8 << 10;

/// Makes inputs from a seed; the same seed makes the same ones.
pub struct Mutator {
    rng: Rng,
    words: Vec<Vec<u8>>,
}

impl Mutator {
    /// Takes the words of the dictionary that libFuzzer uses.
    pub fn new(seed: u64) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/dictionary");
        let text = std::fs::read_to_string(path).expect("the dictionary");
        let lines = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
        Self { rng: Rng::with_seed(seed), words: lines.map(unescaped).collect() }
    }

    /// One of `saved`, changed in a few places.
    pub fn input(&mut self, saved: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.rng.choice(saved).cloned().unwrap_or_default();
        for _ in 0..self.rng.usize(1..8) {
            let (from, to) = self.stretch(&input);
            let put = match self.rng.u8(0..7) {
                0 => Vec::new(),
                1 => vec![self.rng.u8(..)],
                2 => input[from..to].repeat(self.rng.usize(2..5)),
                3 => {
                    let other = self.rng.choice(saved).cloned().unwrap_or_default();
                    let (from, to) = self.stretch(&other);
                    other[from..to].to_vec()
                }
                _ => {
                    let words = (0..self.rng.usize(1..4)).filter_map(|_| self.rng.choice(&self.words));
                    words.flatten().copied().collect()
                }
            };
            let end = if self.rng.bool() { to } else { from };
            input.splice(from..end, put);
        }
        input.truncate(LONGEST);
        input
    }

    /// A short stretch of `input`, somewhere.
    fn stretch(&mut self, input: &[u8]) -> (usize, usize) {
        let from = self.rng.usize(0..=input.len());
        let most = 1 << self.rng.u32(0..8);
        let length = self.rng.usize(0..=most);
        (from, (from + length).min(input.len()))
    }
}

/// A word of the dictionary: `\\`, `\"` and `\xAB` mean a byte.
fn unescaped(word: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), word);
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let taken = match rest.strip_prefix('x') {
            Some(digits) => {
                bytes.push(u8::from_str_radix(&digits[..2], 16).expect("two hexadecimal digits"));
                3
            }
            None => {
                bytes.push(rest.as_bytes()[0]);
                1
            }
        };
        rest = &rest[taken..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
