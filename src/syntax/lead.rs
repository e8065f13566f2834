//! Pairs → the items of `lead`: fields with their types and options, and assumptions.

use super::ast::{AliasPattern, EpochUnit, FieldOption, LeadItem, Noted, TextTest, TypeExpr};
use super::condition::text_kind;
use super::parse::{Builder, Pair, Rule, child, children};

impl Builder<'_> {
    pub(super) fn lead_item(&mut self, pair: &Pair<'_>) -> Option<LeadItem> {
        if let Some(assumption) = child(pair, Rule::assumption) {
            return Some(LeadItem::Assume(self.expr_in(&assumption)));
        }
        let field = child(pair, Rule::field)?;
        let name = self.name(&child(&field, Rule::free_name)?);
        let ty = child(&field, Rule::field_type)?;
        let node = self.field_type(&ty)?;
        let ty = self.noted(&ty, node);
        let mut options: Vec<Noted<FieldOption>> = Vec::new();
        for option in children(&field, Rule::field_option) {
            let node = self.field_option(&option)?;
            options.push(self.noted(&option, node));
        }
        Some(LeadItem::Field { name, ty, options })
    }

    fn field_type(&mut self, pair: &Pair<'_>) -> Option<TypeExpr> {
        let ty = pair.clone().into_inner().next()?;
        let mut range = || child(&ty, Rule::range).map(|r| self.range(&r)).unwrap_or_default();
        Some(match ty.as_rule() {
            Rule::id_type => TypeExpr::Id,
            Rule::text_type => TypeExpr::Text,
            Rule::number_type => TypeExpr::Number(range()),
            Rule::whole_number_type => TypeExpr::WholeNumber(range()),
            Rule::percent_type => TypeExpr::Percent(range()),
            Rule::money_type => {
                let range = range();
                TypeExpr::Money(self.name(&child(&ty, Rule::name)?), range)
            }
            Rule::yes_no_type => TypeExpr::YesNo,
            Rule::date_time_type => TypeExpr::DateTime,
            Rule::date_type => TypeExpr::Date,
            Rule::one_of_type => {
                let values = self.words(&child(&ty, Rule::words)?);
                TypeExpr::OneOf { values, other: child(&ty, Rule::or_other).is_some() }
            }
            Rule::ranked_type => {
                TypeExpr::Ranked { values: self.words(&ty), other: child(&ty, Rule::or_other).is_some() }
            }
            Rule::any_of_type => TypeExpr::AnyOf { values: self.words(&child(&ty, Rule::words)?) },
            _ => return None,
        })
    }

    fn field_option(&mut self, pair: &Pair<'_>) -> Option<FieldOption> {
        let option = pair.clone().into_inner().next()?;
        let text = |b: &Self| child(&option, Rule::text).map(|t| b.text(&t));
        Some(match option.as_rule() {
            Rule::from_option => FieldOption::From(text(self)?),
            Rule::required_option => FieldOption::Required,
            Rule::blank_when_option => match child(&option, Rule::values) {
                Some(values) => {
                    let markers = self.values(&values).into_iter().map(|v| v.node).collect();
                    FieldOption::BlankWhen { markers, bracketed: true }
                }
                None => {
                    let marker = self.literal(&child(&option, Rule::literal)?);
                    FieldOption::BlankWhen { markers: vec![marker], bracketed: false }
                }
            },
            Rule::blank_means_none_option => FieldOption::BlankMeansNone,
            Rule::missing_means_option => FieldOption::MissingMeans(self.literal(&child(&option, Rule::literal)?)),
            Rule::else_missing_option => FieldOption::ElseMissing,
            Rule::ignoring_case_option => FieldOption::IgnoringCase,
            Rule::also_known_as_option => {
                let value = self.word(&child(&option, Rule::word)?);
                let patterns = children(&option, Rule::alias).filter_map(|alias| self.alias(&alias)).collect();
                FieldOption::AlsoKnownAs { value, patterns }
            }
            Rule::separated_by_option => FieldOption::SeparatedBy(text(self)?),
            Rule::written_as_option => FieldOption::WrittenAs(text(self)?),
            Rule::epoch_option => {
                let seconds = child(&option, Rule::kw_seconds).is_some();
                FieldOption::WrittenAsEpoch(if seconds { EpochUnit::Seconds } else { EpochUnit::Milliseconds })
            }
            Rule::personal_option => FieldOption::Personal,
            Rule::fixed_option => FieldOption::Fixed,
            _ => return None,
        })
    }

    fn alias(&self, pair: &Pair<'_>) -> Option<AliasPattern> {
        let kind = child(pair, Rule::text_kind).map_or(TextTest::Whole, |kind| text_kind(&kind));
        Some(AliasPattern { kind, text: self.text(&child(pair, Rule::text)?) })
    }
}
