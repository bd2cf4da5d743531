//! How the values are written, decided from evidence; what has none is refused, never guessed.

use serde::{Deserialize, Serialize};

use crate::{
    CostKind, DateOrder, DiscountKind, Field, ImportError, NumberStyle, Options, Profile,
    evidence::{ColumnEvidence, Evidence},
    relations::Relations,
    synonyms::normal,
};

/// What a decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The user's word.
    User,
    /// The saved profile, where the values leave it open.
    Profile,
    /// The column's values.
    Values,
    /// The values of the other number columns.
    OtherColumns,
    /// The column's header.
    Header,
    /// There was nothing to decide.
    #[default]
    NotNeeded,
}

/// The style of one number column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberChoice {
    /// What the column holds.
    pub field: Field,
    /// Its header.
    pub column: String,
    /// The style; `None` while only digits were seen, and then only digits are read.
    pub style: Option<NumberStyle>,
    /// What it rests on.
    pub how: How,
}

/// Everything that was decided about the values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Decisions {
    /// Day or month first; `None` where no date of the column needs it.
    pub date_order: Option<DateOrder>,
    /// What the order rests on.
    pub date_how: How,
    /// The style of each number column.
    pub numbers: Vec<NumberChoice>,
    /// What the discounts are; `None` without a discount column.
    pub discount: Option<DiscountKind>,
    /// What that rests on.
    pub discount_how: How,
    /// What is taken off is written with a minus.
    #[serde(default)]
    pub discount_negated: bool,
    /// What the costs are; `None` without a cost column.
    pub cost: Option<CostKind>,
    /// What that rests on.
    pub cost_how: How,
}

impl Decisions {
    /// The style of a field's column.
    pub fn style(&self, field: Field) -> Option<NumberStyle> {
        self.numbers.iter().find(|choice| choice.field == field).and_then(|choice| choice.style)
    }

    /// Whether the user set the style of a field's column.
    pub(crate) fn style_is_given(&self, field: Field) -> bool {
        self.numbers.iter().any(|choice| choice.field == field && choice.how == How::User)
    }
}

/// Decides the order of dates and the style of numbers.
pub(crate) fn writing(evidence: &Evidence, options: &Options, file: &str) -> Result<Decisions, ImportError> {
    let mut decisions = Decisions::default();
    if let Some(dates) = all_dates(evidence) {
        (decisions.date_order, decisions.date_how) = date_order(&dates, options, file)?;
    }
    let shared = shared_style(evidence);
    for column in evidence.columns.iter().filter(|column| !column.field.is_date()) {
        let (style, how) = number_style(column, shared, options, file)?;
        decisions.numbers.push(NumberChoice { field: column.field, column: column.header.clone(), style, how });
    }
    Ok(decisions)
}

/// What the columns of dates show together: a file writes them all alike.
fn all_dates(evidence: &Evidence) -> Option<ColumnEvidence> {
    let mut columns = evidence.columns.iter().filter(|column| column.field.is_date());
    let first = columns.next()?.clone();
    Some(columns.fold(first, |mut all, column| {
        let shown = &mut all.dates;
        shown.dmy = shown.dmy.take().or_else(|| column.dates.dmy.clone());
        shown.mdy = shown.mdy.take().or_else(|| column.dates.mdy.clone());
        shown.either = shown.either.take().or_else(|| column.dates.either.clone());
        all.header = format!("{}, {}", all.header, column.header);
        all
    }))
}

fn date_order(column: &ColumnEvidence, options: &Options, file: &str) -> Result<(Option<DateOrder>, How), ImportError> {
    if let Some(order) = options.date_order {
        return Ok((Some(order), How::User));
    }
    let dates = &column.dates;
    match (&dates.dmy, &dates.mdy, &dates.either) {
        (Some(dmy), Some(mdy), _) => Err(ImportError::MixedDates {
            file: file.to_owned(),
            column: column.header.clone(),
            dmy_row: dmy.row,
            dmy: dmy.value.clone(),
            mdy_row: mdy.row,
            mdy: mdy.value.clone(),
        }),
        (Some(_), None, _) => Ok((Some(DateOrder::Dmy), How::Values)),
        (None, Some(_), _) => Ok((Some(DateOrder::Mdy), How::Values)),
        (None, None, None) => Ok((None, How::NotNeeded)),
        (None, None, Some(either)) => match from_profile(options, |profile| profile.decisions.date_order) {
            Some(order) => Ok((Some(order), How::Profile)),
            None => Err(ImportError::UndecidableDates {
                file: file.to_owned(),
                column: column.header.clone(),
                row: either.row,
                value: either.value.clone(),
            }),
        },
    }
}

fn number_style(
    column: &ColumnEvidence,
    shared: Option<NumberStyle>,
    options: &Options,
    file: &str,
) -> Result<(Option<NumberStyle>, How), ImportError> {
    if let Some(style) = options.number_style {
        return Ok((Some(style), How::User));
    }
    let numbers = &column.numbers;
    match (&numbers.id, &numbers.en) {
        (Some(id), Some(en)) => {
            return Err(ImportError::MixedNumbers {
                file: file.to_owned(),
                column: column.header.clone(),
                id_row: id.row,
                id: id.value.clone(),
                en_row: en.row,
                en: en.value.clone(),
            });
        }
        (Some(_), None) => return Ok((Some(NumberStyle::Id), How::Values)),
        (None, Some(_)) => return Ok((Some(NumberStyle::En), How::Values)),
        (None, None) => {}
    }
    if let Some(style) = shared {
        return Ok((Some(style), How::OtherColumns));
    }
    if let Some(style) = from_profile(options, |profile| profile.decisions.style(column.field)) {
        return Ok((Some(style), How::Profile));
    }
    match &numbers.either {
        None => Ok((None, How::NotNeeded)),
        Some(either) => Err(ImportError::UndecidableNumbers {
            file: file.to_owned(),
            column: column.header.clone(),
            row: either.row,
            value: either.value.clone(),
        }),
    }
}

/// The style that every column with evidence shows; `None` where they differ or none has any.
fn shared_style(evidence: &Evidence) -> Option<NumberStyle> {
    let any = |shows: fn(&ColumnEvidence) -> bool| evidence.columns.iter().any(shows);
    match (any(|column| column.numbers.id.is_some()), any(|column| column.numbers.en.is_some())) {
        (true, false) => Some(NumberStyle::Id),
        (false, true) => Some(NumberStyle::En),
        _ => None,
    }
}

fn from_profile<T>(options: &Options, choice: impl FnOnce(&Profile) -> Option<T>) -> Option<T> {
    options.profile.as_ref().and_then(choice)
}

/// Decides what the discounts are.
pub(crate) fn discount(
    evidence: &Evidence,
    relations: &Relations,
    options: &Options,
    file: &str,
) -> Result<(Option<DiscountKind>, How), ImportError> {
    let Some(column) = evidence.columns.iter().find(|column| column.field == Field::Discount) else {
        return Ok((None, How::NotNeeded));
    };
    if let Some(kind) = options.discount_kind {
        return Ok((Some(kind), How::User));
    }
    let seen = relations.discounts.seen();
    if let Some(kind) = seen.kind_that_fits_net() {
        return Ok((Some(kind), How::Values));
    }
    if column.numbers.percent > 0 {
        // Those without a percent sign are shares where a sheet showed them as percentages.
        let kind = if seen.all_shares && seen.fractions > 0 { DiscountKind::Rate } else { DiscountKind::Percent };
        return Ok((Some(kind), How::Values));
    }
    let words = column.header.to_lowercase();
    let name = normal(&column.header);
    let says = |list: &[&str]| list.iter().any(|word| name.contains(word));
    if words.contains('%') || says(&["persen", "percent", "pct"]) {
        // Spreadsheets show 0.2 as 20 %: a share of one under a percent header is a rate.
        let kind = if seen.all_shares && seen.fractions > 0 { DiscountKind::Rate } else { DiscountKind::Percent };
        return Ok((Some(kind), How::Header));
    }
    if seen.all_shares {
        return Ok((Some(DiscountKind::Rate), How::Values));
    }
    if says(&["amount", "nilai", "potongan", "rupiah", "value", "jumlah"])
        || name.ends_with("rp")
        || name.starts_with("rp")
    {
        return Ok((Some(DiscountKind::Amount), How::Header));
    }
    if seen.above_100 > 0 || seen.negative > 0 {
        return Ok((Some(DiscountKind::Amount), How::Values));
    }
    match from_profile(options, |profile| profile.decisions.discount) {
        Some(kind) => Ok((Some(kind), How::Profile)),
        None => Err(ImportError::UndecidableDiscount { file: file.to_owned(), column: column.header.clone() }),
    }
}

/// Decides whether costs are of a unit or of the line.
pub(crate) fn cost(
    evidence: &Evidence,
    relations: &Relations,
    options: &Options,
    file: &str,
) -> Result<(Option<CostKind>, How), ImportError> {
    let Some(column) = evidence.columns.iter().find(|column| column.field == Field::Cost) else {
        return Ok((None, How::NotNeeded));
    };
    if let Some(kind) = options.cost_kind {
        return Ok((Some(kind), How::User));
    }
    let name = normal(&column.header);
    let says = |list: &[&str]| list.iter().any(|word| name.contains(word));
    if says(&["total", "line", "jumlah", "baris"]) {
        return Ok((Some(CostKind::Line), How::Header));
    }
    if let Some(kind) = relations.cost_that_fits_net() {
        return Ok((Some(kind), How::Values));
    }
    if says(&["unit", "satuan", "price", "harga"]) {
        return Ok((Some(CostKind::Unit), How::Header));
    }
    match from_profile(options, |profile| profile.decisions.cost) {
        Some(kind) => Ok((Some(kind), How::Profile)),
        None => Err(ImportError::UndecidableCost { file: file.to_owned(), column: column.header.clone() }),
    }
}
