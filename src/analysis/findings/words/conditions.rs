//! Conditions that are never true, always true, or have a part that makes no difference, in words.

use super::{by_places, called, edits, listed, named, shown, what_never_happens};
use crate::analysis::findings::{Place, listed as spelled_out, within};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Cond, CondKind, Expr, Guard, Policy, Rule, print, visit};
use crate::source::{Sources, Span};
use crate::types::Type;

pub(super) fn never(policy: &Policy, sources: &Sources, place: Place, parts: &[Span]) -> Diagnostic {
    let what = what_never_happens(policy, place);
    let mut finding = match place {
        Place::Rule(rule) => {
            Diagnostic::new(Code::P0401, format!("no lead can meet the condition of {}", called(&policy.rules[rule])))
        }
        Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Stage(_) => {
            Diagnostic::new(Code::P0407, format!("{what}: no lead can meet the condition"))
        }
        Place::Section(_) => Diagnostic::new(Code::P0407, format!("{what}: none can meet its condition")),
    };
    finding = match parts {
        [] => finding.at(shown(policy, place), ""),
        [one] => finding.at(*one, "this is never true"),
        parts => parts.iter().fold(finding, |finding, part| finding.at(*part, "these exclude each other")),
    };
    match place {
        Place::Rule(_) => {
            edits::deleting(finding.help("change the condition, or delete the rule"), sources, place.span(policy))
        }
        Place::Line(score, _) => {
            let finding = finding.help("change the condition, or delete the line");
            // A score has at least one line; and one whose condition is unknown is incomplete, though the points are never earned.
            if policy.scores[score].lines.len() > 1 && !asks_for_gaps(policy) {
                edits::deleting(finding, sources, place.span(policy))
            } else {
                finding
            }
        }
        Place::Define(_) => finding.help("change the condition, or take the definition out"),
        Place::Label(..) => finding.help("change the condition, or take the label out"),
        Place::Stage(_) => finding.help("change the condition: no lead gets further than the stage before it"),
        Place::Section(_) => finding.help("change the condition, or take the section and its rules out"),
    }
}

/// Whether any condition asks whether a score is incomplete.
fn asks_for_gaps(policy: &Policy) -> bool {
    let mut asks = false;
    visit::deciding(policy).for_each(|cond| {
        cond.walk(&mut |part| asks |= matches!(part.kind, CondKind::IsIncomplete(_)));
    });
    asks
}

pub(super) fn covered(policy: &Policy, sources: &Sources, place: Place, by: &[Place]) -> Diagnostic {
    let above = listed(policy, by);
    match place {
        Place::Rule(rule) => covered_rule(policy, sources, &policy.rules[rule], by),
        Place::Label(grade, line) => {
            let label = named(policy, place);
            let grade = &policy.grades[grade];
            let take = if by.len() == 1 { "takes" } else { "together take" };
            let (message, help) = if line < grade.lines.len() {
                (
                    format!("no lead is ever {label}: {above} {take} every lead that would be"),
                    "change one of these conditions, or move the line above them",
                )
            } else {
                (
                    format!("no lead is left for the `otherwise` of `{}`: {above} {take} them all", grade.name),
                    "the last of these lines could be the `otherwise`; or one of them takes more than it should",
                )
            };
            let finding = Diagnostic::new(Code::P0408, message).at(shown(policy, place), "no lead is left for this");
            by_places(policy, finding, by, "takes them").help(help)
        }
        Place::Stage(_) => {
            let stage = named(policy, place);
            let finding = Diagnostic::new(
                Code::P0408,
                format!(
                    "no lead ever reaches {stage}: its condition excludes {above}, which {} before it",
                    if by.len() == 1 { "stands" } else { "stand" }
                ),
            )
            .at(
                place.condition(policy).map_or(shown(policy, place), |cond| cond.span),
                "never true of a lead that gets here",
            );
            by_places(policy, finding, by, "has to be reached first").help(
                "a lead reaches a stage when it has reached all stages above it, too: change one of the conditions",
            )
        }
        Place::Section(_) => {
            let all = by.iter().all(|by| matches!(by, Place::Section(_)));
            let message = if all {
                format!(
                    "no lead is left for this section: {above} {} every lead",
                    if by.len() == 1 { "is for" } else { "are for" }
                )
            } else {
                let take = if by.len() == 1 { "takes" } else { "together take" };
                format!("no lead gets to this section: {above} {take} every lead that it is for")
            };
            let finding = Diagnostic::new(Code::P0413, message).at(shown(policy, place), "no lead is left for this");
            by_places(policy, finding, by, if all { "is for them" } else { "takes leads before it" })
                .help("change what stands above, or take the section and its rules out")
        }
        Place::Define(_) | Place::Line(..) => never(policy, sources, place, &[]),
    }
}

fn covered_rule(policy: &Policy, sources: &Sources, declared: &Rule, by: &[Place]) -> Diagnostic {
    let above = listed(policy, by);
    if declared.when.is_none() {
        let (what, help) = if declared.section.is_some() {
            ("the `otherwise` of this section", "delete it, or change one of the rules above it")
        } else {
            (
                "the `otherwise`",
                "the last of these rules could be the `otherwise`; or one of them takes more than it should",
            )
        };
        let finding = Diagnostic::new(Code::P0412, format!("no lead gets to {what}")).at(declared.span, "");
        return by_places(policy, finding, by, "takes leads before it").help(help);
    }
    let message = match by {
        [_] => format!("{} never decides: {above} takes every lead that it would take", called(declared)),
        _ => format!("{} never decides: {above} together take every lead that it would take", called(declared)),
    };
    let finding = Diagnostic::new(Code::P0402, message).at(super::shown_rule(declared), "no lead is left for this");
    let finding = by_places(policy, finding, by, "takes them");
    let first = by.first().map(|first| named(policy, *first)).unwrap_or_default();
    edits::deleting(finding.help(format!("delete the rule, or move it above {first}")), sources, declared.span)
}

pub(super) fn always(policy: &Policy, sources: &Sources, place: Place, by: &[Place]) -> Diagnostic {
    let name = named(policy, place);
    let (message, help) = match place {
        Place::Define(_) => {
            (format!("{name} is always true, whatever the lead"), "change the condition, or take the definition out")
        }
        Place::Line(..) => (
            format!("every lead {} these points: the condition is always true", super::earns(policy, place)),
            "change the condition, or write the points without `when`",
        ),
        Place::Label(..) => (
            format!("every lead that gets to this line is {name}: the condition is always true"),
            "change the condition, or make this label the `otherwise`",
        ),
        Place::Stage(_) if by.is_empty() => (
            format!("every lead reaches {name} when it has reached the stages above it"),
            "change the condition, or take the stage out",
        ),
        Place::Stage(_) => (
            format!("every lead that has reached {} reaches {name}, too", listed(policy, by)),
            "change the condition, or take one of the two stages out",
        ),
        Place::Section(_) => (
            format!("the section {name} is for every lead: its condition is always true"),
            "change the condition, or write the heading without `when`",
        ),
        Place::Rule(_) => (format!("{name} takes every lead"), "change the condition"),
    };
    let cond = place.condition(policy).map_or(shown(policy, place), |cond| cond.span);
    let finding = Diagnostic::new(Code::P0411, message).at(cond, "always true");
    let finding = by_places(policy, finding, by, "because of this").help(help);
    let optional = match place {
        Place::Line(..) => true,
        // An `otherwise` below needs a section with a condition above it.
        Place::Section(_) => !policy.sections.iter().any(|(_, section)| matches!(section.guard, Guard::NoneOf(_))),
        Place::Rule(_) | Place::Define(_) | Place::Label(..) | Place::Stage(_) => false,
    };
    match edits::without_when(sources, cond).filter(|_| optional) {
        Some(span) => finding.fix(span, ""),
        None => finding,
    }
}

/// An idle part, as a verdict has it.
pub(super) struct Idle<'v> {
    pub(super) place: Place,
    pub(super) part: Span,
    pub(super) member: Option<usize>,
    pub(super) as_if: bool,
    pub(super) by: &'v [Place],
    pub(super) with: &'v [Span],
}

pub(super) fn idle(policy: &Policy, sources: &Sources, idle: &Idle<'_>) -> Diagnostic {
    let Idle { place, part, member, as_if, by, with } = *idle;
    let value = member.and_then(|member| value_of(policy, place, part, member));
    let of_value = value.as_ref().and_then(|value| edits::member(sources, part, value));
    let at = of_value.unwrap_or(part);
    let what = if as_if { "always true where it stands" } else { "never true where it would count" };
    let code = match (as_if, by.is_empty()) {
        (true, true) => Code::P0403,
        (false, true) => Code::P0404,
        // It holds as long as what stands above stays as it is: a reader may want to be told.
        (_, false) => Code::P0405,
    };
    let words = sources.slice(part);
    let short = words.chars().count() <= 60 && !words.contains('\n');
    let words = match value {
        Some(value) => format!("`{value}`"),
        None if short => format!("`{words}`"),
        None => "this".to_owned(),
    };
    let mut finding = Diagnostic::new(code, format!("{words} changes nothing: it is {what}")).at(at, "");
    for span in with.iter().filter(|span| !within(part, **span)) {
        finding = finding.at(*span, "because of this");
    }
    let (before, taken) = match place {
        Place::Stage(_) => ("of the leads that have reached", "has to be reached first"),
        Place::Rule(_) | Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Section(_) => {
            ("of the leads that", "takes all other leads above")
        }
    };
    finding = by_places(policy, finding, by, taken);
    let same = the_same(policy, place);
    let spare = spare(policy, place, part);
    let counted = as_if && spare.is_some();
    let leave = if counted { "leave it out and ask for one less" } else { "leave it out" };
    let help = match (by, place) {
        ([], _) => format!("{leave}: {same} without it"),
        (by, Place::Stage(_)) => format!("{leave}: {before} {}, {same} without it", listed(policy, by)),
        (by, _) => {
            let leaves = if by.len() == 1 { "leaves" } else { "leave" };
            format!("{leave}: {before} {} {leaves} over, {same} without it", listed(policy, by))
        }
    };
    let finding = finding.help(help);
    // Of a list of values, only one that has been found can go.
    // Nor can one of those that all have to be counted.
    let stays = counted || spare == Some(0) || member.is_some() && of_value.is_none();
    let fix = if stays { None } else { edits::without(sources, at) };
    match fix {
        Some(span) => finding.fix(span, ""),
        None => finding,
    }
}

/// `r takes the same leads`: what stays as it is without an idle part.
fn the_same(policy: &Policy, place: Place) -> String {
    let name = named(policy, place);
    match place {
        Place::Rule(_) => format!("{name} takes the same leads"),
        Place::Define(_) => format!("{name} means the same"),
        Place::Line(..) => "the same leads earn the points".to_owned(),
        Place::Label(..) => format!("the same leads are {name}"),
        Place::Stage(_) => format!("the same ones reach {name}"),
        Place::Section(_) => "the section is for the same leads".to_owned(),
    }
}

/// Of a part that is one of those of which so many are counted: how many more there are than have to be true.
fn spare(policy: &Policy, place: Place, part: Span) -> Option<usize> {
    let mut spare = None;
    if let Some(cond) = place.condition(policy) {
        cond.walk(&mut |inner| {
            if let CondKind::AtLeast(count, parts) = &inner.kind
                && parts.iter().any(|counted| counted.span == part)
            {
                spare = Some(parts.len().saturating_sub(*count as usize));
            }
        });
    }
    spare
}

/// Where one of the values in brackets stands.
pub(super) fn value(policy: &Policy, sources: &Sources, place: Place, part: Span, member: usize) -> Option<Span> {
    edits::member(sources, part, &value_of(policy, place, part, member)?)
}

/// One of the values in brackets, as the policy writes it.
fn value_of(policy: &Policy, place: Place, part: Span, member: usize) -> Option<String> {
    let mut found: Option<&Cond> = None;
    place.condition(policy)?.walk(&mut |inner| {
        if inner.span == part && spelled_out(policy, inner).is_some() {
            found = Some(inner);
        }
    });
    let listed = spelled_out(policy, found?)?;
    match &listed.parts().get(member)?.kind {
        CondKind::Compare { left, right: Expr::Const(value), .. } => {
            Some(print::literal(value, policy.type_of(left).as_deref()))
        }
        CondKind::Has { value, members, .. } => {
            let ty = policy.type_of(value);
            let names = ty.as_deref().and_then(Type::closed_values)?;
            members.first().and_then(|member| names.get(*member)).map(|name| print::word(name))
        }
        CondKind::Text { needles, .. } => needles.first().map(|needle| print::quoted(needle)),
        CondKind::Compare { .. }
        | CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => None,
    }
}
