//! Reading JSON as tools write it: with a byte order mark, and with Python's NaN and infinities.

use serde_json::Value;

use super::ModelFileError;

/// Parses the JSON in `text`. NaN and infinities become null; errors call the file `name`.
///
/// # Errors
/// [`ModelFileError`] with the byte at which the text is not JSON.
pub fn parse(name: &str, text: &str) -> Result<Value, ModelFileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).or_else(|first| {
        let finite = with_nulls(text);
        serde_json::from_str(&finite)
            .map_err(|error| if finite == text { fault(name, text, &first) } else { fault(name, &finite, &error) })
    })
}

/// Returns the text with `NaN`, `Infinity` and `-Infinity` outside of strings replaced by null.
pub fn with_nulls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut within = false;
    while let Some(c) = rest.chars().next() {
        let word = ["-Infinity", "Infinity", "NaN"].into_iter().find(|word| !within && rest.starts_with(word));
        if let Some(word) = word {
            out.push_str("null");
            rest = rest.get(word.len()..).unwrap_or_default();
            continue;
        }
        let escaped = within && c == '\\';
        within ^= c == '"';
        let length = if escaped { 1 + rest.chars().nth(1).map_or(0, char::len_utf8) } else { c.len_utf8() };
        out.push_str(rest.get(..length).unwrap_or_default());
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Returns the error of invalid JSON with its byte offset.
fn fault(name: &str, text: &str, error: &serde_json::Error) -> ModelFileError {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = before as u64 + error.column().saturating_sub(1) as u64;
    let sentence = error.to_string();
    let sentence = sentence.split(" at line ").next().unwrap_or_default();
    ModelFileError::at(name, offset, format!("it is not valid JSON: {sentence}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_python_are_null_and_texts_stay() {
        let text = r#"{"a": [0.0, Infinity, -Infinity, NaN], "b": "NaN \" Infinity", "ü": 1}"#;
        let value = parse("x", &format!("\u{feff}{text}")).unwrap_or_default();
        assert_eq!(value["a"], serde_json::json!([0.0, null, null, null]));
        assert_eq!(value["b"], "NaN \" Infinity");
        assert!(parse("x", "{\"a\": NaN, \"b\": }").is_err_and(|error| error.to_string().contains("not valid JSON")));
    }
}
