//! Symbolic links met in a folder: which of them lead to what is checked nowhere.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::files::WalkOptions;
use super::name::Base;
use super::roots::{Exclude, Roots, walker};

/// A link inside a folder, to something that is there.
pub(super) struct Link {
    /// What it is called in reports.
    pub(super) name: String,
    /// The file or folder at the end of all links.
    pub(super) target: PathBuf,
    /// Whether that is a folder.
    pub(super) is_folder: bool,
}

impl Link {
    /// Why what the link leads to is not checked.
    pub(super) fn reason(&self) -> String {
        let what = if self.is_folder { "folder" } else { "file" };
        format!(
            "a symbolic link to a {what} that is not checked itself; name the link to check it, or exclude it"
        )
    }
}

/// Those of `links` whose targets a walk of `roots` does not come to. The walk is done again, along the way to the
/// targets only, since what is ignored and left out shows on the way.
pub(super) fn unread(
    links: Vec<Link>,
    roots: &Roots,
    exclude: &Exclude,
    options: &WalkOptions<'_>,
) -> Vec<Link> {
    if links.is_empty() {
        return links;
    }
    let base = Base::new(options.base);
    let ways: HashSet<_> =
        links.iter().flat_map(|link| link.target.ancestors()).map(Path::to_owned).collect();
    let mut met = roots.files.clone();
    for root in &roots.walked {
        let Ok(real) = root.canonicalize() else { continue };
        if !ways.contains(&real) {
            continue;
        }
        let (given, start, on_a_way) = (root.clone(), real.clone(), ways.clone());
        let resolve = move |path: &Path| {
            path.strip_prefix(&given).map_or_else(|_| path.to_owned(), |rest| start.join(rest))
        };
        let mut builder = walker(root, &[], exclude, options.base, {
            let resolve = resolve.clone();
            move |entry| on_a_way.contains(&resolve(entry.path()))
        });
        for entry in builder.threads(1).build().flatten() {
            let name = base.name(&roots.as_given(entry.path()));
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            if is_folder || (options.kinds.kind_of(&name).is_some() && !exclude.holds(&name, false)) {
                // Without what follows the root's own name where the root is the folder itself.
                met.insert(resolve(entry.path()).components().collect());
            }
        }
    }
    links.into_iter().filter(|link| !met.contains(&link.target)).collect()
}
