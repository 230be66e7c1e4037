//! Content that git stores, read by its name through one `git cat-file --batch`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::{Git, GitError};

/// A running `git cat-file --batch`.
pub(in crate::load) struct Blobs {
    child: Child,
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Blobs {
    pub(in crate::load) fn open(git: &Git) -> Result<Self, GitError> {
        let mut command = git.command();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(GitError::no_git)?;
        let ask = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| GitError::no_git(io::Error::other("no output")))?;
        Ok(Self { child, ask, answers: BufReader::new(answers) })
    }

    /// Reads the content called `name` into `buffer`; gives its size, and reads none of it where that is above
    /// `max_bytes`.
    pub(in crate::load) fn read(
        &mut self,
        name: &str,
        max_bytes: u64,
        buffer: &mut Vec<u8>,
    ) -> io::Result<u64> {
        let ask = self.ask.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(ask, "{name}")?;
        ask.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        // `<name> blob <size>`, or `<name> missing`.
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| io::Error::other("git does not have the content"))?;
        buffer.clear();
        let mut content = self.answers.by_ref().take(size);
        if size > max_bytes {
            io::copy(&mut content, &mut io::sink())?;
        } else {
            content.read_to_end(buffer)?;
            if (buffer.len() as u64) < size {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.answers.read_exact(&mut [0])?;
        Ok(size)
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // Git ends when nothing more can be asked; what it says then is of no interest.
        self.ask = None;
        let _ = self.child.wait();
    }
}
