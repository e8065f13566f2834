//! What tests of texts mean.

use crate::ir::TextTest;
use crate::types::Value;

/// The text that a value is, when it is one.
fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) | Value::Other(text) => Some(text),
        Value::Number(_) | Value::YesNo(_) | Value::Date(_) | Value::DateTime(_) | Value::Choice(_) | Value::Set(_) => {
            None
        }
    }
}

/// Whether a text passes the test with any of the needles; none for a value that is no text.
pub(super) fn test(test: TextTest, value: &Value, needles: &[String]) -> Option<bool> {
    let text = as_text(value)?;
    Some(needles.iter().any(|needle| test.holds(text, needle)))
}

/// What follows the only `@`, in lower case and trimmed.
pub(crate) fn domain(value: &Value) -> Option<Value> {
    let (_, domain) = as_text(value)?.split_once('@')?;
    let domain = domain.trim();
    (!domain.is_empty() && !domain.contains('@')).then(|| Value::Text(domain.to_lowercase()))
}

/// A text in lower case; any other value as it is.
pub(crate) fn lowercase(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text.to_lowercase()),
        Value::Other(text) => Value::Other(text.to_lowercase()),
        Value::Number(_) | Value::YesNo(_) | Value::Date(_) | Value::DateTime(_) | Value::Choice(_) | Value::Set(_) => {
            value.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::domain;
    use crate::types::Value;

    #[test]
    fn a_domain_needs_exactly_one_at() {
        let domain = |text: &str| domain(&Value::Text(text.to_owned()));
        assert_eq!(domain("Ann@Shop.DE "), Some(Value::Text("shop.de".to_owned())));
        assert_eq!(domain("ann"), None);
        assert_eq!(domain("ann@ "), None);
        assert_eq!(domain("a@b@c"), None);
    }
}
