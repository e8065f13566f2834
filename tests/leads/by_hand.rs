//! Policies put together by hand, and what comes out when leads are read by them.

use policyc::diagnostic::Diagnostic;
use policyc::eval::Evaluator;
use policyc::ir::{Alias, Cell, Field, FieldId, Policy, Table, TextTest};
use policyc::leads::{Format, Reader, Reject, Row};
use policyc::source::Span;
use policyc::types::{Choices, Type, Value};

pub(crate) fn policy(fields: Vec<Field>) -> Policy {
    Policy {
        language: 1,
        title: "by hand".into(),
        owners: Vec::new(),
        ownership: Vec::new(),
        in_force: None,
        zone: "Europe/Berlin".into(),
        sources: Vec::new(),
        fields: fields.into_iter().collect(),
        assumptions: Vec::new(),
        decisions: Table::default(),
        best_first: false,
        sets: Table::default(),
        defines: Table::default(),
        scores: Table::default(),
        grades: Table::default(),
        stages: Table::default(),
        sections: Table::default(),
        rules: Table::default(),
        properties: Vec::new(),
        tests: Vec::new(),
    }
}

pub(crate) fn field(name: &str, ty: Type) -> Field {
    Field {
        name: name.into(),
        ty,
        column: name.into(),
        is_id: false,
        min: None,
        max: None,
        required: false,
        cell: Cell::default(),
        default: None,
        else_missing: false,
        personal: false,
        fixed: false,
        span: Span::default(),
    }
}

pub(crate) fn id(name: &str) -> Field {
    Field { is_id: true, ..field(name, Type::Text) }
}

pub(crate) fn one_of(values: &[&str], other: bool) -> Type {
    Type::Choice(Choices { values: values.iter().map(ToString::to_string).collect(), ranked: false, other })
}

pub(crate) fn any_of(values: &[&str]) -> Type {
    Type::Set(values.iter().map(ToString::to_string).collect())
}

pub(crate) fn alias(value: usize, test: TextTest, text: &str) -> Alias {
    Alias { value, test, text: text.into() }
}

/// Everything that a reader says.
#[derive(Debug, Default)]
pub(crate) struct Read {
    fields: u32,
    pub(crate) rows: Vec<Row>,
    pub(crate) notices: Vec<String>,
    pub(crate) stopped: Option<Diagnostic>,
}

impl Read {
    pub(crate) fn leads(&self) -> Vec<(String, Vec<Option<Value>>)> {
        let leads = self.rows.iter().filter_map(|row| match row {
            Row::Lead { name, lead, .. } => Some((name.clone(), lead)),
            Row::Rejected(_) => None,
        });
        leads.map(|(name, lead)| (name, (0..self.fields).map(|i| lead.get(FieldId(i)).cloned()).collect())).collect()
    }

    pub(crate) fn rejects(&self) -> Vec<&Reject> {
        self.rows.iter().filter_map(|row| if let Row::Rejected(reject) = row { Some(reject) } else { None }).collect()
    }

    /// `row name code column value message`, a line for each problem.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for reject in self.rejects() {
            for p in &reject.problems {
                let (column, value) = (p.column.as_deref().unwrap_or("-"), p.value.as_deref().unwrap_or("-"));
                lines.push(format!("{} {} {} {column} {value}: {}", reject.row, reject.name, p.code.name(), p.message));
            }
        }
        lines
    }
}

pub(crate) fn try_read(policy: &Policy, format: Format, unique: bool, data: &[u8]) -> Result<Read, Vec<Diagnostic>> {
    let evaluator = Evaluator::new(policy, jiff::Timestamp::UNIX_EPOCH);
    let mut reader = Reader::open(&evaluator, Box::new(data), format, false)?;
    if unique {
        reader = reader.unique().map_err(|d| vec![d])?;
    }
    let mut read = Read { fields: u32::try_from(policy.fields.len()).unwrap(), ..Read::default() };
    for row in reader.by_ref() {
        match row {
            Ok(row) => read.rows.push(row),
            Err(stopped) => read.stopped = Some(stopped),
        }
    }
    read.notices = reader.notices();
    Ok(read)
}

pub(crate) fn read(policy: &Policy, format: Format, data: &[u8]) -> Read {
    try_read(policy, format, false, data).unwrap()
}

/// What one cell of one field becomes: the value in short, `missing`, or the code and the message.
pub(crate) fn cell(field: &Field, text: &str) -> String {
    let data = format!("{}\n\"{}\"\n", field.column, text.replace('"', "\"\""));
    outcome(&policy(vec![field.clone()]), Format::Csv, &data)
}

/// The same for a JSON cell.
pub(crate) fn json_cell(field: &Field, json: &str) -> String {
    let data = format!("{{\"{}\": {json}}}\n", field.column);
    outcome(&policy(vec![field.clone()]), Format::Ndjson, &data)
}

fn outcome(policy: &Policy, format: Format, data: &str) -> String {
    let read = read(policy, format, data.as_bytes());
    match read.rows.as_slice() {
        [] => "no row".into(),
        [Row::Lead { lead, .. }] => lead.get(FieldId(0)).map_or("missing".into(), value),
        [Row::Rejected(reject)] => {
            let problems: Vec<String> =
                reject.problems.iter().map(|p| format!("{} {}", p.code.name(), p.message)).collect();
            problems.join(" / ")
        }
        _ => panic!("more than one row"),
    }
}

pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::Number(number) => number.to_string(),
        Value::YesNo(yes) => (if *yes { "yes" } else { "no" }).into(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(instant) => instant.to_string(),
        Value::Choice(position) => format!("#{position}"),
        Value::Other(text) => format!("other {text:?}"),
        Value::Set(members) => format!("{members:?}"),
    }
}
