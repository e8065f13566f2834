//! An agreement as the texts of its files.

use std::collections::{BTreeMap, HashMap};

use super::dice::Dice;
use super::{Agreement, Block, Body, Cond, Field, Id, Rule, Teams, Thing};

/// Where the policy stands.
pub(crate) const PATH: &str = "policies/inbound.policy";

const TYPES: [&str; 4] = ["whole number from 0 to 5", "number from 0", "text", "yes or no"];

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
            let mut blocks = self.declared(Some(library.id));
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
        let used = self.libraries.iter().filter(|library| library.rules.is_none());
        blocks.extend(used.map(|library| format!("use \"../{}\"{}", library.path, owned(&library.owners))));
        let first = if self.ranked { "decisions, best first" } else { "decisions" };
        let phrases: String = self.decisions.iter().map(|at| format!("\n  {}", self.phrases[*at])).collect();
        blocks.push(format!("{first}{phrases}"));
        blocks.extend(self.declared(None));
        blocks.extend(self.assumed.iter().map(|cond| format!("assume {}", self.cond_text(cond))));
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
        let fields: Vec<(usize, &Field)> =
            self.fields.iter().enumerate().filter(|(_, field)| field.home == home).collect();
        let line = |(_, field): &(usize, &Field)| {
            let ty = TYPES[usize::try_from(field.id - 2).unwrap()];
            let options: String = field.options.iter().map(|option| format!(", {option}")).collect();
            format!("\n  {}  {ty}, from \"{}\"{options}", field.name, field.column)
        };
        let lead = (!fields.is_empty()).then(|| format!("lead{}", fields.iter().map(line).collect::<String>()));
        let things = self.things.iter().filter(|thing| thing.home == home).map(|thing| self.thing_text(thing));
        lead.into_iter().chain(things).collect()
    }

    fn rule_text(&self, rule: &Rule) -> String {
        let name = &rule.name;
        let body = format!("{} when {}", self.phrases[rule.decision], self.cond_text(&rule.when));
        let said = if rule.labelled { format!("{name}: {body}") } else { format!("{body}\n  because \"{name}\"") };
        if rule.allowed { format!("# allow P0402: agreed\n{said}") } else { said }
    }

    fn thing_text(&self, thing: &Thing) -> String {
        let name = &thing.name;
        match &thing.body {
            Body::List(_, true) => format!("list {name} from \"{name}.csv\"{}", owned(&thing.owners)),
            Body::List(values, false) => {
                let values = values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(", ");
                format!("list {name} is [{values}]{}", owned(&thing.owners))
            }
            Body::Define(cond) => format!("define {name} as {}", self.cond_text(cond)),
            Body::Score(lines) => {
                let line = |(points, cond): &(i64, Cond)| format!("\n  {points:+} when {}", self.cond_text(cond));
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
                    let at = usize::try_from(field.id - 2).unwrap();
                    let cell = cells[at]?;
                    let quote = if at == 2 { "\"" } else { "" };
                    Some(format!("{} {quote}{cell}{quote}", field.name))
                });
                let given = given.collect::<Vec<_>>().join(", ");
                let given = if given.is_empty() { String::new() } else { format!("\n  given {given}") };
                let rules = self.rules();
                let by = by.and_then(|id| rules.iter().find(|(rule, ..)| rule.id == id));
                let by = by.map(|(rule, ..)| format!(" by {}", rule.name)).unwrap_or_default();
                format!("test \"{name}\"{given}\n  expect {}{by}", self.phrases[*decision])
            }
        }
    }

    fn cond_text(&self, cond: &Cond) -> String {
        let names: BTreeMap<Id, &String> = self.things.iter().map(|thing| (thing.id, &thing.name)).collect();
        let name = |id: &Id| names.get(id).map_or("gone", |name| name.as_str()).to_owned();
        let field =
            |id: Id| self.fields.iter().find(|field| field.id == id).map_or("gone", |field| field.name.as_str());
        let number = |at: usize| field(2 + Id::try_from(at).unwrap());
        let inner = |cond: &Cond| match cond {
            Cond::And(..) | Cond::Or(..) | Cond::Not(_) => format!("({})", self.cond_text(cond)),
            _ => self.cond_text(cond),
        };
        match cond {
            Cond::Number(at, least, limit) => format!("{} {} {limit}", number(*at), if *least { ">=" } else { "<" }),
            Cond::Vip(true) => field(5).to_owned(),
            Cond::Vip(false) => format!("{} is no", field(5)),
            Cond::Missing(at) => format!("{} is missing", number(*at)),
            Cond::InList(id) => format!("domain of {} in {}", field(4), name(id)),
            Cond::Define(id) | Cond::Stage(id) => name(id),
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
