//! Lists, page after page: one page is in memory, whatever the length of the list.

use std::vec;

use serde_json::Value;

use super::call::Call;
use super::{Gitlab, GitlabError};

/// How many items a page has; GitLab allows no more.
pub(super) const PER_PAGE: &str = "100";

/// The items of a list; the next page is asked for when the one before is used up. After an error it ends.
pub struct Items<'g> {
    gitlab: &'g Gitlab,
    next: Option<Call>,
    /// What to ask for if the server cannot page by key here.
    offset: Option<Call>,
    page: vec::IntoIter<Value>,
    total: Option<u64>,
}

impl<'g> Items<'g> {
    pub(super) fn new(gitlab: &'g Gitlab, call: Call) -> Self {
        let first = call.with(&[("per_page", PER_PAGE)]);
        Self { gitlab, next: Some(first), offset: None, page: Vec::new().into_iter(), total: None }
    }

    /// Paging by key, which is exact and quick however long the list; by number where a server cannot.
    pub(super) fn keyset(gitlab: &'g Gitlab, call: Call) -> Self {
        // The oldest first, so that what is made meanwhile moves nothing to another page.
        let call = call.with(&[("order_by", "created_at"), ("sort", "asc")]);
        let offset = call.clone().with(&[("per_page", PER_PAGE)]);
        let keyset = call.with(&[("pagination", "keyset")]);
        Self { offset: Some(offset), ..Self::new(gitlab, keyset) }
    }

    /// Goes on where [`Items::place`] was taken.
    pub(super) fn at(gitlab: &'g Gitlab, place: &str) -> Self {
        Self { gitlab, next: Some(Call::get(place)), offset: None, page: Vec::new().into_iter(), total: None }
    }

    /// Where the next page begins, to go on from in another run; `None` when the list is read.
    ///
    /// The items of the page at hand come before it.
    pub fn place(&self) -> Option<&str> {
        self.next.as_ref().map(|call| call.path.as_str())
    }

    /// The items up to the end of the page, which are as many as one call brings; `None` when the list is read.
    pub fn next_page(&mut self) -> Option<Result<Vec<Value>, GitlabError>> {
        let first = match self.next()? {
            Ok(first) => first,
            Err(error) => return Some(Err(error)),
        };
        Some(Ok([first].into_iter().chain(self.page.by_ref()).collect()))
    }

    /// How many items the whole list has, where the server counts them; known with the first page.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    fn turn(&mut self, call: Call) -> Result<(), GitlabError> {
        let reply = match self.gitlab.send(call.clone()) {
            Err(GitlabError::Refused { status: 400 | 405, .. }) if self.offset.is_some() => {
                self.next = self.offset.take();
                return Ok(());
            }
            reply => reply?,
        };
        self.offset = None;
        let Value::Array(items) = reply.value else {
            return Err(GitlabError::Shape { call: call.name(), expected: "a list" });
        };
        if reply.next.as_deref() == Some(call.path.as_str()) {
            return Err(GitlabError::Circle { call: call.name() });
        }
        self.total = self.total.or(reply.total);
        self.next = reply.next.map(Call::get);
        self.page = items.into_iter();
        Ok(())
    }
}

impl Iterator for Items<'_> {
    type Item = Result<Value, GitlabError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            let call = self.next.take()?;
            if let Err(error) = self.turn(call) {
                return Some(Err(error));
            }
        }
    }
}
