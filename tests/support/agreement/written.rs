//! An agreement as the texts of its files.

use std::collections::HashMap;

use super::dice::Dice;
use super::held::{AS_OF, DAY};
use super::{Agreement, Block, Body, Cond, FIELD, Field, Id, Library, Line, Rule, Teams, Thing};

/// Where the policy stands.
pub(crate) const PATH: &str = "policies/inbound.policy";

impl Agreement {
    /// Its files, by their paths.
    pub(crate) fn files(&self) -> HashMap<String, String> {
        let mut files = HashMap::new();
        let mut dice = Dice::new(self.layout);
        let mut put = |path: &str, blocks: Vec<String>| {
            let text = if self.layout == 0 { blocks.join("\n\n") + "\n" } else { laid_out(&blocks, &mut dice) };
            files.insert(path.to_owned(), text);
        };
        put(PATH, self.policy());
        for library in &self.libraries {
            let used = self.libraries.iter().filter(|other| other.by == Some(library.id));
            let path = |other: &Library| other.path.trim_start_matches("lib/").to_owned();
            let mut blocks: Vec<String> =
                used.map(|other| format!("use \"{}\"{}", path(other), owned(&other.owners))).collect();
            blocks.extend(self.declared(Some(library.id)));
            blocks.extend(library.rules.iter().flatten().map(|rule| self.rule_text(rule)));
            put(&library.path, blocks);
        }
        for thing in &self.things {
            if let Body::List(values, true) = &thing.body {
                let folder = if thing.home.is_some() { "lib" } else { "policies" };
                let rows: String = values.iter().map(|value| format!("{value}\n")).collect();
                files.insert(format!("{folder}/{}.csv", thing.name), format!("domain\n{rows}"));
            }
        }
        files
    }

    fn policy(&self) -> Vec<String> {
        let heading = format!("policy \"{}\"{}", self.title, owned(&self.owners));
        let in_force = if self.in_force.is_empty() { String::new() } else { format!("\n  {}", self.in_force) };
        let mut blocks = vec![heading + &in_force];
        let used = self.libraries.iter().filter(|library| library.rules.is_none() && library.by.is_none());
        blocks.extend(used.map(|library| format!("use \"../{}\"{}", library.path, owned(&library.owners))));
        let first = if self.ranked { "decisions, best first" } else { "decisions" };
        let note = |at: usize| match self.notes[at] {
            "" => String::new(),
            note => format!("  \"{note}\""),
        };
        let phrases: String =
            self.decisions.iter().map(|at| format!("\n  {}{}", self.phrases[*at], note(*at))).collect();
        blocks.push(format!("{first}{phrases}"));
        blocks.extend(self.declared(None));
        for block in &self.blocks {
            blocks.push(match block {
                Block::Rule(rule) => self.rule_text(rule),
                Block::Section(section) => {
                    let otherwise = if section.otherwise { " otherwise" } else { "" };
                    let when = section.when.as_ref().map(|cond| format!(" when {}", self.cond_text(cond)));
                    format!(
                        "section \"{}\"{}{}",
                        section.title,
                        when.unwrap_or(otherwise.to_owned()),
                        owned(&section.owners)
                    )
                }
                Block::From(id) => {
                    let library = self.library(*id);
                    format!("rules from \"../{}\"{}", library.path, owned(&library.owners))
                }
            });
        }
        blocks.push(format!("otherwise {}", self.phrases[self.last]));
        blocks
    }

    /// The fields and things of a file.
    fn declared(&self, home: Option<Id>) -> Vec<String> {
        let line = |field: &Field| {
            let options: String = field.options.iter().map(|option| format!(", {option}")).collect();
            format!("\n  {}  {}, from \"{}\"{options}", field.name, field.ty, field.column)
        };
        let mut lead: String = self.fields.iter().filter(|field| field.home == home).map(line).collect();
        let mut blocks = Vec::new();
        for thing in self.things.iter().filter(|thing| thing.home == home) {
            match &thing.body {
                Body::Assume(cond) => lead += &format!("\n  assume {}", self.cond_text(cond)),
                body => blocks.push(self.thing_text(thing, body)),
            }
        }
        if !lead.is_empty() {
            blocks.insert(0, format!("lead{lead}"));
        }
        blocks
    }

    fn rule_text(&self, rule: &Rule) -> String {
        let name = &rule.name;
        let body = format!("{} when {}", self.phrases[rule.decision], self.cond_text(&rule.when));
        let said = if rule.labelled { format!("{name}: {body}") } else { format!("{body}\n  because \"{name}\"") };
        if rule.allowed { format!("# allow P0402: agreed\n{said}") } else { said }
    }

    fn thing_text(&self, thing: &Thing, body: &Body) -> String {
        let name = &thing.name;
        match body {
            Body::Assume(_) => unreachable!(),
            Body::List(_, true) => format!("list {name} from \"{name}.csv\"{}", owned(&thing.owners)),
            Body::List(values, false) => {
                let values = values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(", ");
                format!("list {name} is [{values}]{}", owned(&thing.owners))
            }
            Body::Define(cond) => format!("define {name} as {}", self.cond_text(cond)),
            Body::Value(value) => format!("define {name} as {value}"),
            Body::Score(lines) => {
                let line = |line: &Line| match line {
                    Line::Points(points, false, cond) => format!("\n  {points:+} when {}", self.cond_text(cond)),
                    Line::Points(points, true, cond) => {
                        let (each, cond) = (self.field_name(FIELD), self.cond_text(cond));
                        format!("\n  {points:+} for each {each} when {cond}, at most 20")
                    }
                    Line::Score(id) => format!("\n  +{}", self.thing_name(*id)),
                };
                format!("score {name}{}", lines.iter().map(line).collect::<String>())
            }
            Body::Grade([hot, warm]) => {
                let (hot, warm) = (self.cond_text(hot), self.cond_text(warm));
                format!("grade {name}\n  hot when {hot}\n  warm when {warm}\n  otherwise cold")
            }
            Body::Stage(cond) => format!("stage {name} when {}", self.cond_text(cond)),
            Body::Claim(form, decision, cond) => {
                let (verb, joint) = [("never", "when"), ("never", "unless"), ("always", "when")][*form];
                format!("{verb} {} {joint} {}", self.phrases[*decision], self.cond_text(cond))
            }
            Body::Test(cells, decision, by) => {
                let given = self.fields.iter().filter_map(|field| {
                    let at = usize::try_from(field.id - FIELD).unwrap();
                    let cell = cells.get(at).copied().flatten()?;
                    let quote = if at == 2 { "\"" } else { "" };
                    Some(format!("{} {quote}{cell}{quote}", field.name))
                });
                let given = given.collect::<Vec<_>>().join(", ");
                let given = if given.is_empty() { String::new() } else { format!("\n  given {given}") };
                let rules = self.rules();
                let by = by.and_then(|id| rules.iter().find(|(rule, ..)| rule.id == id));
                let by = by.map(|(rule, ..)| format!(" by {}", rule.name)).unwrap_or_default();
                let as_of = if self.dated { format!("\n  as of {}", AS_OF[0]) } else { String::new() };
                format!("test \"{name}\"{given}{as_of}\n  expect {}{by}", self.phrases[*decision])
            }
        }
    }

    fn thing_name(&self, id: Id) -> &str {
        self.things.iter().find(|thing| thing.id == id).map_or("gone", |thing| thing.name.as_str())
    }

    fn field_name(&self, id: Id) -> &str {
        self.fields.iter().find(|field| field.id == id).map_or("gone", |field| field.name.as_str())
    }

    fn cond_text(&self, cond: &Cond) -> String {
        let name = |id: &Id| self.thing_name(*id).to_owned();
        let field = |id: Id| self.field_name(id);
        let number = |at: usize| field(FIELD + Id::try_from(at).unwrap());
        let inner = |cond: &Cond| match cond {
            Cond::And(..) | Cond::Or(..) | Cond::Not(_) => format!("({})", self.cond_text(cond)),
            _ => self.cond_text(cond),
        };
        match cond {
            Cond::Number(at, least, limit) => format!("{} {} {limit}", number(*at), if *least { ">=" } else { "<" }),
            Cond::Vip(true) => field(5).to_owned(),
            Cond::Vip(false) => format!("{} is no", field(5)),
            Cond::Recent(days) => format!("{} in the last {days} days", field(5)),
            Cond::Before => format!("{} < {DAY}", field(5)),
            Cond::Missing(at) => format!("{} is missing", number(*at)),
            Cond::InList(id, false) => format!("domain of {} in {}", field(4), name(id)),
            Cond::InList(id, true) => format!("{} ends with {}", field(4), name(id)),
            Cond::Define(id) | Cond::Stage(id) => name(id),
            Cond::AtLeast(id) => format!("{} >= {}", field(FIELD), name(id)),
            Cond::Score(id, least) => format!("{} >= {least}", name(id)),
            Cond::Grade(id, label) => format!("{} is {}", name(id), ["hot", "warm", "cold"][*label]),
            Cond::Not(of) => format!("not {}", inner(of)),
            Cond::And(one, other) => format!("{} and {}", inner(one), inner(other)),
            Cond::Or(one, other) => format!("{} or {}", inner(one), inner(other)),
        }
    }
}

fn owned(teams: &Teams) -> String {
    if teams.is_empty() {
        return String::new();
    }
    format!("\n  owned by {}", teams.iter().copied().collect::<Vec<_>>().join(", "))
}

/// Blocks with blank lines, comments, blanks and ends of lines as they come.
fn laid_out(blocks: &[String], dice: &mut Dice) -> String {
    let end = ["\n", "\r\n"][dice.roll(2)];
    let mut text = String::new();
    for block in blocks {
        for line in block.lines() {
            if dice.one_in(5) {
                text += &format!("  # said of it{end}");
            }
            let inner = line.trim_start();
            let before = if inner.len() == line.len() { 0 } else { 2 + dice.roll(3) };
            text += &" ".repeat(before);
            text += inner;
            if dice.one_in(6) {
                text += "   # and behind it";
            }
            text += end;
        }
        text += &end.repeat(1 + dice.roll(2));
    }
    text
}
