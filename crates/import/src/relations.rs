//! How the number columns of a row hang together: what tells a rate from an amount, a unit cost from a line's.

use crate::{
    CostKind, Decisions, DiscountKind, Field, Mapped,
    grid::{Grid, Kind},
    numbers,
};

/// Rows looked at for costs; a few thousand tell as much as all.
const COST_ROWS: usize = 20_000;

/// What the values of the discount column are like, with one sign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// Every one lies in 0–1.
    pub all_shares: bool,
    /// How many lie strictly between 0 and 1.
    pub fractions: u64,
    /// How many are above 100.
    pub above_100: u64,
    /// How many are below 0.
    pub negative: u64,
    /// Rows with a discount, gross and net, where the kinds can be told apart.
    compared: u64,
    /// How many of these fit a rate, a percentage, an amount.
    fits: [u64; 3],
}

/// The discounts as they are written and with the other sign: some write what is taken off with a minus.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Discounts {
    as_written: Seen,
    negated: Seen,
    /// Discounts of sales (not returns) below and above 0.
    below: u64,
    above: u64,
}

/// What was seen in the rows; parts of a file are merged.
#[derive(Debug, Clone)]
pub(crate) struct Relations {
    columns: Vec<(Field, usize)>,
    pub discounts: Discounts,
    /// ln(cost × quantity / net) and ln(cost / net), both positive; and whether the quantity is one.
    costs: Vec<(f64, f64, bool)>,
    cost_without_quantity: u64,
}

impl Relations {
    pub(crate) fn new(mapping: &[Mapped]) -> Self {
        Self {
            columns: mapping.iter().map(|mapped| (mapped.field, mapped.column)).collect(),
            discounts: Discounts::default(),
            costs: Vec::new(),
            cost_without_quantity: 0,
        }
    }

    /// Looks at the rows of one grid.
    pub(crate) fn look_at(&mut self, grid: &Grid, decisions: &Decisions) {
        for row in 0..grid.rows.len() {
            let number = |field: Field| -> Option<numbers::Number> {
                let column = self.columns.iter().find(|(mapped, _)| *mapped == field)?.1;
                let (text, kind) = grid.cell(row, column);
                if text.is_empty() {
                    return None;
                }
                let style = if kind == Kind::Number { Some(crate::NumberStyle::En) } else { decisions.style(field) };
                numbers::read(text, style, 6).ok()
            };
            let value = |field: Field| Some(number(field)?.units as f64 / 1e6);
            let quantity = value(Field::Quantity);
            let gross = value(Field::GrossAmount).or_else(|| Some(value(Field::UnitPrice)? * quantity?));
            let net = value(Field::NetAmount);
            let discount = value(Field::Discount);
            let cost = value(Field::Cost);
            if let Some(discount) = discount {
                self.discounts.look_at_sign(discount, gross);
                // One with a percent sign says itself what it is.
                if number(Field::Discount).is_some_and(|number| !number.percent) {
                    self.discounts.look_at(discount, gross, net);
                }
            }
            // Without a net, gross less nothing is near enough for a plausible margin.
            if let (Some(cost), Some(amount)) = (cost, net.or(gross)) {
                self.look_at_cost(cost, amount, quantity);
            }
        }
    }

    fn look_at_cost(&mut self, cost: f64, amount: f64, quantity: Option<f64>) {
        let Some(quantity) = quantity else {
            self.cost_without_quantity += 1;
            return;
        };
        let line = cost / amount;
        let unit = cost * quantity / amount;
        if self.costs.len() < COST_ROWS && line.abs() > 0.0 && line.is_finite() && unit.abs() > 0.0 {
            self.costs.push((unit.abs().ln(), line.abs().ln(), quantity.abs() == 1.0));
        }
    }

    /// Adds what another part of the file shows.
    pub(crate) fn merge(&mut self, other: Self) {
        self.discounts.merge(other.discounts);
        self.costs.extend(other.costs);
        self.costs.truncate(COST_ROWS);
        self.cost_without_quantity += other.cost_without_quantity;
    }

    /// The kind of cost that gives plausible margins (−100 % to 95 % in the median); where both do, the one
    /// whose margins scatter clearly less.
    pub(crate) fn cost_that_fits_net(&self) -> Option<CostKind> {
        let ones = self.costs.iter().filter(|(_, _, one)| *one).count();
        if self.costs.len() - ones <= self.costs.len() / 20 {
            // With quantities of one both are the same; without quantities there is only the line.
            return Some(CostKind::Line);
        }
        let (unit_middle, unit_scatter) = middle_and_scatter(self.costs.iter().map(|cost| cost.0).collect());
        let (line_middle, line_scatter) = middle_and_scatter(self.costs.iter().map(|cost| cost.1).collect());
        // A margin of 95 % is a cost of 5 % of net, one of −100 % a cost of 200 %.
        let plausible = |middle: f64| (0.05_f64.ln()..=2.0_f64.ln()).contains(&middle);
        match (plausible(unit_middle), plausible(line_middle)) {
            (true, false) => Some(CostKind::Unit),
            (false, true) => Some(CostKind::Line),
            _ if unit_scatter * 2.0 < line_scatter => Some(CostKind::Unit),
            _ if line_scatter * 2.0 < unit_scatter => Some(CostKind::Line),
            _ => None,
        }
    }
}

impl Discounts {
    fn look_at(&mut self, discount: f64, gross: Option<f64>, net: Option<f64>) {
        self.as_written.look_at(discount, gross, net);
        self.negated.look_at(-discount, gross, net);
    }

    fn look_at_sign(&mut self, discount: f64, gross: Option<f64>) {
        if gross.is_none_or(|gross| gross > 0.0) {
            self.below += u64::from(discount < 0.0);
            self.above += u64::from(discount > 0.0);
        }
    }

    fn merge(&mut self, other: Self) {
        self.as_written.merge(other.as_written);
        self.negated.merge(other.negated);
        self.below += other.below;
        self.above += other.above;
    }

    /// What is taken off is written with a minus: every discount of a sale is below 0, and net does not say that
    /// these are surcharges.
    pub(crate) fn are_negated(&self) -> bool {
        self.below > 0 && self.above == 0 && self.as_written.kind_that_fits_net().is_none()
    }

    /// What the discounts are like once their sign is settled.
    pub(crate) fn seen(&self) -> &Seen {
        if self.are_negated() { &self.negated } else { &self.as_written }
    }
}

impl Default for Seen {
    fn default() -> Self {
        Self { all_shares: true, fractions: 0, above_100: 0, negative: 0, compared: 0, fits: [0; 3] }
    }
}

impl Seen {
    fn look_at(&mut self, discount: f64, gross: Option<f64>, net: Option<f64>) {
        self.all_shares &= (0.0..=1.0).contains(&discount);
        self.fractions += u64::from(discount > 0.0 && discount < 1.0);
        self.above_100 += u64::from(discount > 100.0);
        self.negative += u64::from(discount < 0.0);
        let (Some(gross), Some(net)) = (gross, net) else { return };
        if discount == 0.0 || gross == 0.0 {
            return;
        }
        self.compared += 1;
        let tolerance = (gross.abs() * 0.005).min(1.0).max(gross.abs() * 1e-4);
        let derived = [gross * (1.0 - discount), gross * (1.0 - discount / 100.0), gross - discount];
        for (fits, derived) in self.fits.iter_mut().zip(derived) {
            *fits += u64::from((net - derived).abs() <= tolerance);
        }
    }

    fn merge(&mut self, other: Self) {
        self.all_shares &= other.all_shares;
        self.fractions += other.fractions;
        self.above_100 += other.above_100;
        self.negative += other.negative;
        self.compared += other.compared;
        for (mine, theirs) in self.fits.iter_mut().zip(other.fits) {
            *mine += theirs;
        }
    }

    /// The only kind of discount that leads from gross to net on at least 95 % of the rows.
    pub(crate) fn kind_that_fits_net(&self) -> Option<DiscountKind> {
        let kinds = [DiscountKind::Rate, DiscountKind::Percent, DiscountKind::Amount];
        let fits = |count: u64| self.compared > 0 && count * 100 >= self.compared * 95;
        let mut fitting = kinds.into_iter().zip(self.fits).filter(|(_, count)| fits(*count));
        let (kind, _) = fitting.next()?;
        fitting.next().is_none().then_some(kind)
    }
}

/// The median, and the distance between the quartiles.
fn middle_and_scatter(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| values.get((values.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    (at(0.5), at(0.75) - at(0.25))
}
