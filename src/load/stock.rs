//! Lists of what a project has, such as its labels: JSON arrays or one object a line, held in memory as a whole.

use std::path::Path;

use serde_json::Value;

use super::{LoadError, read_given};

/// The items of the file at `path`: of its arrays, and every other value as it is.
///
/// # Errors
/// [`LoadError::Unreadable`] where the file cannot be read, [`LoadError::Json`] where it is no JSON.
pub fn read_items(path: &Path) -> Result<Vec<Value>, LoadError> {
    let name = path.display().to_string();
    let text = match read_given(path) {
        Ok(text) => text,
        Err(source) => return Err(LoadError::Unreadable { path: name, source }),
    };
    items_of(&text, &name)
}

fn items_of(text: &str, name: &str) -> Result<Vec<Value>, LoadError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut items = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(Value::Array(list)) => items.extend(list),
            Ok(value) => items.push(value),
            Err(error) => {
                let before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
                let start: usize = before.map(str::len).sum();
                let message = error.to_string();
                return Err(LoadError::Json {
                    name: name.to_owned(),
                    offset: (start + error.column().saturating_sub(1)) as u64,
                    line: error.line(),
                    column: error.column().max(1),
                    read: items.len(),
                    reason: message.split(" at line ").next().unwrap_or_default().to_owned(),
                });
            }
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_lines_are_read_alike() {
        let read = |text| items_of(text, "labels.json").unwrap().len();
        assert_eq!(read("[{\"name\": \"a\"}, {\"name\": \"b\"}]"), 2);
        assert_eq!(read("{\"name\": \"a\"}\n{\"name\": \"b\"}\n"), 2);
        assert_eq!(read(""), 0);
        let error = items_of("{\"name\": \"a\"}\n{\"name\" \"b\"}\n", "labels.json").unwrap_err();
        assert!(
            matches!(error, LoadError::Json { line: 2, column: 9, offset: 22, read: 1, .. }),
            "{error:?}"
        );
    }
}
