//! The closed set of check kinds: what a rule can ask of a document.

pub mod agree;
pub mod answers;
pub mod boilerplate;
pub mod call;
pub mod caretaker;
pub mod checklist;
pub mod clock;
pub mod deadline;
pub mod define;
mod details;
pub mod detect;
pub mod diff;
pub mod entries;
pub mod freshness;
pub mod history;
pub mod horizon;
pub mod labels;
pub mod launch;
pub mod lines;
pub mod link;
pub mod linked;
pub mod markup;
pub mod mention;
pub mod mirror;
pub mod owners;
pub mod quarter;
pub mod quick_actions;
mod range;
pub mod reference;
pub mod relatives;
pub mod require;
pub mod score;
pub mod section;
pub mod sentence;
pub mod sink;
pub mod states;
pub mod text;
pub mod topics;
pub mod tree;
pub mod unique;
pub mod waivers;
pub mod window;
pub mod wording;

pub use sink::{Hit, Sink};

use crate::document::Document;
use crate::document::boilerplate::Boilerplate;
use crate::globs::Globs;
use crate::scan::Need;
use crate::subject::DiffFile;
use crate::world::World;
use crate::yaml::{DecodeError, Node, from_node};

/// What a check looks at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The document.
    pub doc: &'a Document<'a>,
    /// The shared facts.
    pub world: &'a World,
    /// What the engine has to say about the document's waivers, once all other rules have run.
    pub waivers: &'a [waivers::Remark],
    /// What the description of a record has from its template.
    pub boilerplate: Option<&'a Boilerplate>,
}

impl<'a> View<'a> {
    /// A view without remarks on waivers, and without a template.
    pub fn new(doc: &'a Document<'a>, world: &'a World) -> Self {
        Self { doc, world, waivers: &[], boilerplate: None }
    }

    /// The files that a merge request adds or changes and `globs` match; what the record lacks of them is said to `sink`.
    fn changed_files(self, globs: &Globs, sink: &mut Sink<'_>) -> Vec<&'a DiffFile> {
        let Some(files) = &self.doc.subject.diffs else {
            sink.not_checked("the record has no diffs");
            return Vec::new();
        };
        let files: Vec<_> = files.iter().filter(|file| !file.deleted && globs.has(&file.new_path)).collect();
        for file in files.iter().filter(|file| file.incomplete) {
            sink.not_checked(format!("the diff of {} was not in the record", file.new_path));
        }
        files
    }
}

impl Check {
    /// Whether it judges words one by one, so that those of a template are its author's and not the record's.
    pub fn judges_words(&self) -> bool {
        matches!(
            self,
            Self::Text(_)
                | Self::Define(_)
                | Self::Reference(_)
                | Self::Link(_)
                | Self::Linked(_)
                | Self::Sentence(_)
                | Self::Wording(_)
                | Self::Mention(_)
                | Self::Markup(_)
        )
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $module:ident::$type:ident;)*) => {
        /// A compiled check; everything that can be wrong with it was said when its rule was read.
        #[derive(Debug)]
        pub enum Check {
            $($(#[doc = $doc])* $variant(Box<$module::$type>),)*
        }

        /// The names of the kinds, as rule files write them.
        pub const KINDS: &[&str] = &[$($name),*];

        impl Check {
            /// Reads the body of kind `name`.
            ///
            /// # Errors
            /// On unknown keys, wrong values and broken patterns, at their place.
            pub fn read(name: &str, body: &Node) -> Result<Self, DecodeError> {
                match name {
                    $($name => Ok(Self::$variant(Box::new(from_node(body)?))),)*
                    _ => Err(DecodeError::new(body.span, format!("unknown kind `{name}`"))),
                }
            }

            /// Finds what the rule is about in `view` and says so to `sink`.
            pub fn run(&self, view: View<'_>, sink: &mut Sink<'_>) {
                match self {
                    $(Self::$variant(check) => check.run(view, sink),)*
                }
            }

            /// What a text must contain for the check to find anything.
            pub fn need(&self) -> Need {
                match self {
                    $(Self::$variant(check) => check.need(),)*
                }
            }

            /// The variants the check may report; none where it has one message only.
            pub fn variants(&self) -> Vec<&str> {
                match self {
                    $(Self::$variant(check) => check.variants(),)*
                }
            }

            /// The values that messages may name in braces.
            pub fn values(&self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant(_) => $module::$type::VALUES,)*
                }
            }
        }
    };
}

kinds! {
    /// Words or patterns in prose.
    Text "text" text::Text;
    /// Terms that need an explanation at their first use.
    Define "define" define::Define;
    /// References to issues, merge requests and epics.
    Reference "reference" reference::Reference;
    /// Links and their texts.
    Link "link" link::Links;
    /// Expressions that need a link beside them.
    Linked "linked" linked::Linked;
    /// Conditions that fields must meet.
    Require "require" require::Require;
    /// Linked issues and children that must fit the record.
    Relatives "relatives" relatives::Relatives;
    /// Two fields that must say the same.
    Agree "agree" agree::Agree;
    /// A day by which work is to be done.
    Deadline "deadline" deadline::Deadline;
    /// Events of a record and what was said about them.
    History "history" history::History;
    /// Labels that name a range of releases.
    Horizon "horizon" horizon::Horizon;
    /// A state machine of labels.
    States "states" states::States;
    /// Labels of one scope, or of a closed set.
    Labels "labels" labels::Labels;
    /// Quick actions.
    QuickActions "quick-actions" quick_actions::QuickActions;
    /// Score tables with their arithmetic.
    Score "score" score::Score;
    /// Lists of boxes to tick.
    Checklist "checklist" checklist::Checklist;
    /// What a merge request's diff adds.
    Diff "diff" diff::Diff;
    /// A date in the text that says when it was last looked at.
    Freshness "freshness" freshness::Freshness;
    /// The entries of a data file or item.
    Entries "entries" entries::Entries;
    /// The lines of a list file.
    Lines "lines" lines::Lines;
    /// Fiscal quarters in titles of linked work.
    Quarter "quarter" quarter::Quarter;
    /// Strings that give something away.
    Detect "detect" detect::Detect;
    /// Texts that are used as they are.
    Wording "wording" wording::Wording;
    /// Questions that a text answers by name.
    Answers "answers" answers::Answers;
    /// Groups without a product manager of their own.
    Caretaker "caretaker" caretaker::Caretaker;
    /// Time frames after a launch.
    Launch "launch" launch::Launch;
    /// The tree below an epic.
    Tree "tree" tree::Tree;
    /// Time windows of milestones.
    Window "window" window::Window;
    /// Markdown that is rendered as something else than was meant.
    Markup "markup" markup::Markup;
    /// Sections, what they hold and where they belong.
    Section "section" section::Section;
    /// What sentences and lines say as a whole.
    Sentence "sentence" sentence::Sentence;
    /// A group that is addressed, and what that takes.
    Mention "mention" mention::Mention;
    /// Topics that a description has to address.
    Topics "topics" topics::Topics;
    /// Lines of list files that stand there once.
    Unique "unique" unique::Unique;
    /// The lines of CODEOWNERS.
    Owners "owners" owners::Owners;
    /// Values that a page repeats from a data file.
    Mirror "mirror" mirror::Mirror;
    /// Calls of a function in code.
    Call "call" call::Calls;
    /// What an author left of a template.
    LeftOver "left-over" boilerplate::LeftOver;
    /// Waivers that are unused, expired, or not what they look like.
    Waivers "waivers" waivers::Waivers;
}
