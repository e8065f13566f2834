//! Whether a JSON value is what a JSON Schema asks for. Only as much of JSON Schema as our schemas use; a keyword that is not known here is a
//! fault, so that nothing goes unchecked.

use serde_json::{Map, Value};

/// What of a value does not fit its schema, each with its place; nothing when all fits.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut check = Check { root: schema, faults: Vec::new() };
    check.value(schema, value, "$");
    check.faults
}

struct Check<'s> {
    root: &'s Value,
    faults: Vec<String>,
}

impl Check<'_> {
    fn value(&mut self, schema: &Value, value: &Value, place: &str) {
        match schema {
            Value::Bool(true) => {}
            Value::Object(keywords) => {
                for (keyword, asked) in keywords {
                    self.keyword(keyword, asked, keywords, value, place);
                }
            }
            _ => self.fault(place, "nothing may stand here"),
        }
    }

    fn fault(&mut self, place: &str, words: impl std::fmt::Display) {
        self.faults.push(format!("{place}: {words}"));
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut check = Check { root: self.root, faults: Vec::new() };
        check.value(schema, value, "");
        check.faults.is_empty()
    }

    fn keyword(&mut self, keyword: &str, asked: &Value, beside: &Map<String, Value>, value: &Value, place: &str) {
        let count = asked.as_u64().map_or(0, |n| usize::try_from(n).unwrap());
        match keyword {
            "$schema" | "$id" | "$defs" | "definitions" | "title" | "description" | "default" | "format" => {}
            "$ref" => {
                let path = asked.as_str().unwrap().strip_prefix('#').unwrap();
                let target = self.root.pointer(path).unwrap_or_else(|| panic!("no {path} in the schema")).clone();
                self.value(&target, value, place);
            }
            "type" => {
                let kinds: Vec<&Value> = asked.as_array().map_or_else(|| vec![asked], |kinds| kinds.iter().collect());
                if !kinds.iter().any(|kind| is_of(kind.as_str().unwrap(), value)) {
                    self.fault(place, format!("{value} is no {asked}"));
                }
            }
            "enum" if !asked.as_array().unwrap().contains(value) => {
                self.fault(place, format!("{value} not in {asked}"))
            }
            "const" if asked != value => self.fault(place, format!("{value} is not {asked}")),
            "minimum" if value.as_f64() < asked.as_f64() && value.is_number() => self.fault(place, "too small"),
            "maximum" if value.as_f64() > asked.as_f64() && value.is_number() => self.fault(place, "too large"),
            "pattern" => {
                if let Some(text) = value.as_str().filter(|text| !matches(asked.as_str().unwrap(), text)) {
                    self.fault(place, format!("{text:?} is not like {asked}"));
                }
            }
            "minLength" if value.as_str().is_some_and(|s| s.chars().count() < count) => self.fault(place, "too short"),
            "maxLength" if value.as_str().is_some_and(|s| s.chars().count() > count) => self.fault(place, "too long"),
            "minItems" if value.as_array().is_some_and(|a| a.len() < count) => self.fault(place, "too few"),
            "maxItems" if value.as_array().is_some_and(|a| a.len() > count) => self.fault(place, "too many"),
            "uniqueItems" if *asked == Value::Bool(true) => {
                let items = value.as_array().into_iter().flatten();
                if items.clone().enumerate().any(|(i, item)| items.clone().take(i).any(|other| other == item)) {
                    self.fault(place, "twice the same");
                }
            }
            "items" => {
                let before = beside.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
                for (i, item) in value.as_array().into_iter().flatten().enumerate().skip(before) {
                    self.value(asked, item, &format!("{place}[{i}]"));
                }
            }
            "prefixItems" => {
                for (i, (schema, item)) in
                    asked.as_array().unwrap().iter().zip(value.as_array().into_iter().flatten()).enumerate()
                {
                    self.value(schema, item, &format!("{place}[{i}]"));
                }
            }
            "required" => {
                for name in asked.as_array().unwrap() {
                    if value.as_object().is_some_and(|object| !object.contains_key(name.as_str().unwrap())) {
                        self.fault(place, format!("{name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = asked.get(name) {
                        self.value(schema, member, &format!("{place}.{name}"));
                    }
                }
            }
            "additionalProperties" => {
                let named = beside.get("properties").and_then(Value::as_object);
                for (name, member) in value.as_object().into_iter().flatten() {
                    if !named.is_some_and(|named| named.contains_key(name)) {
                        self.value(asked, member, &format!("{place}.{name}"));
                    }
                }
            }
            "anyOf" if !asked.as_array().unwrap().iter().any(|schema| self.fits(schema, value)) => {
                self.fault(place, "fits none of the forms");
            }
            "oneOf" if asked.as_array().unwrap().iter().filter(|schema| self.fits(schema, value)).count() != 1 => {
                self.fault(place, "does not fit exactly one of the forms");
            }
            "enum" | "const" | "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems"
            | "uniqueItems" | "anyOf" | "oneOf" => {}
            other => panic!("the keyword `{other}` is not known here"),
        }
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the type `{other}` is not known here"),
    }
}

/// The patterns of the schemas, by hand.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$" => {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let text = text.strip_prefix('-').unwrap_or(text);
            text.split_once(['.', '/']).map_or_else(|| digits(text), |(whole, rest)| digits(whole) && digits(rest))
        }
        "[^/]+/.+" => text.split_once('/').is_some_and(|(before, after)| !before.is_empty() && !after.is_empty()),
        other => panic!("the pattern `{other}` is not known here"),
    }
}
