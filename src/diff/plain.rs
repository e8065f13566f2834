//! Invented leads whose addresses look like some. A shortest text that is asked for can be `.@.gov`; where `lead@example.gov` does the same,
//! that is shown.

use crate::analysis::Witness;
use crate::ir::{Field, Policy};
use crate::types::Value;

/// The witness with such addresses, each of them only if `confirm`, which asks the evaluators, sees the same of it.
pub(super) fn plain(policies: [&Policy; 2], witness: Witness, confirm: &mut dyn FnMut(&Witness) -> bool) -> Witness {
    let [old, new] = policies;
    let names = new.fields.iter().chain(old.fields.iter()).map(|(_, field)| &field.name);
    let mut found = witness;
    for name in names {
        for address in addresses(policies, &found, name) {
            let tried = with(policies, &found, name, &address);
            if confirm(&tried) {
                found = tried;
                break;
            }
        }
    }
    found
}

/// What may stand in the place of a field's text: nothing unless all policies that have it read that text there.
fn addresses(policies: [&Policy; 2], witness: &Witness, name: &str) -> Vec<String> {
    let mut fields: Vec<&Field> = Vec::new();
    let mut texts: Vec<&str> = Vec::new();
    for (policy, lead) in policies.into_iter().zip(&witness.leads) {
        let Some((id, field)) = policy.fields.iter().find(|(_, field)| field.name == name) else { continue };
        let Some(Value::Text(text)) = lead.get(id) else { return Vec::new() };
        fields.push(field);
        texts.push(text);
    }
    let Some(text) = texts.first().filter(|text| texts.iter().all(|other| other == *text)) else { return Vec::new() };
    // Another field may have the same cell.
    let shared = |policy: &Policy| {
        policy.fields.iter().any(|(_, other)| other.name != name && fields.iter().any(|f| f.column == other.column))
    };
    let Some((_, domain)) = text.split_once('@').filter(|(_, domain)| !domain.contains('@')) else { return Vec::new() };
    if policies.into_iter().any(shared) {
        return Vec::new();
    }
    let whole = if domain.starts_with('.') { format!("example{domain}") } else { domain.to_owned() };
    let addresses = ["example.com", whole.as_str()].map(|domain| format!("lead@{domain}"));
    let is_blank = |text: &String| {
        let same = |blank: &String| blank.trim().to_lowercase() == text.to_lowercase();
        fields.iter().any(|field| field.cell.blanks.iter().any(same))
    };
    addresses.into_iter().filter(|text| !is_blank(text)).collect()
}

fn with(policies: [&Policy; 2], witness: &Witness, name: &str, text: &str) -> Witness {
    let mut witness = Witness { as_of: witness.as_of, leads: witness.leads.clone() };
    for (policy, lead) in policies.into_iter().zip(&mut witness.leads) {
        if let Some((id, _)) = policy.fields.iter().find(|(_, field)| field.name == name) {
            lead.set(id, Some(Value::Text(text.to_owned())));
        }
    }
    witness
}
