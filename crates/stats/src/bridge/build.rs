//! Two passes over the items: totals first, then every item's parts.

use super::{
    AccountStatus, Bar, BarTotal, Bridge, Coverage, Item, Market, Side,
    result::{Class, Extras, Row},
    rounding::{scaled, to_whole},
};
use crate::{
    Amount, Result, Units,
    amount::{LIMIT, too_large},
};

/// The bridge from the base to the current window of `items`, with quantity split by `market` where it is known.
///
/// The items are read twice, so columns can be zipped into items on the fly without holding them; an item's place in
/// that order is what [`Bridge::part`] takes. Time and memory grow with the count of items (some 64 bytes each). No
/// items give a bridge from 0 to 0.
///
/// # Errors
/// [`crate::Error::OutOfRange`] where a number leaves ±10²⁷ smallest units (the item's place is the index), or a market is not
/// above 0 in the base window and 0 or more in the current one.
///
/// ```
/// use takar_stats::{Amount, Units, bridge::{Bar, Item, Side, bridge}};
///
/// // Quantity and amount in the base window, then in the current one; money with two decimals.
/// let item = |q0, r0, q1, r1| Item::new(Side::sold(Units(q0), Amount(r0)), Side::sold(Units(q1), Amount(r1)));
/// let items = [
///     item(100, 1_000_00, 120, 1_320_00), // 10 → 11 each
///     item(200, 1_000_00, 150, 750_00),
///     item(50, 400_00, 0, 0),
///     item(0, 0, 40, 480_00),
/// ];
/// let why = bridge(items, None)?;
/// let bars: Vec<(Bar, i128)> = why.bars.iter().map(|total| (total.bar, total.amount.0)).collect();
/// assert_eq!(
///     bars,
///     [
///         (Bar::Price, 120_00),
///         (Bar::Quantity, -200_00),
///         (Bar::Mix, 150_00),
///         (Bar::New, 480_00),
///         (Bar::Lost, -400_00),
///     ]
/// );
/// assert_eq!(why.difference(), Amount(150_00));
/// assert_eq!(why.part(Bar::Mix, 0), Amount(100_00)); // the first item was sold more, and is dearer than the average
/// # Ok::<(), takar_stats::Error>(())
/// ```
pub fn bridge<I>(items: I, market: Option<Market>) -> Result<Bridge>
where
    I: IntoIterator<Item = Item>,
    I::IntoIter: Clone,
{
    let market = market.map(Market::checked).transpose()?;
    let items = items.into_iter();
    let totals = Totals::of(items.clone())?;
    let mut parts = Parts::for_totals(&totals, market);
    items.enumerate().try_for_each(|(index, item)| parts.add(index, &item, &totals))?;
    Ok(parts.into_bridge(&totals))
}

/// What the whole has to say before any item can be judged.
#[derive(Default)]
struct Totals {
    base: i128,
    current: i128,
    coverage: Coverage,
    has_returns: bool,
    has_currency: bool,
    has_moves: bool,
}

impl Totals {
    fn of(items: impl Iterator<Item = Item>) -> Result<Self> {
        let mut totals = Self::default();
        items.enumerate().try_for_each(|(index, item)| totals.add(index, &item))?;
        Ok(totals)
    }

    fn add(&mut self, index: usize, item: &Item) -> Result<()> {
        item.within_limits(index)?;
        let Item { base, current, currency, moved_in, moved_out, .. } = item;
        let coverage = &mut self.coverage;
        self.base += base.amount.0 + base.returns.0 - moved_in.0 + moved_out.0;
        self.current += current.amount.0 + current.returns.0 + currency.0;
        self.has_returns |= base.returns != current.returns;
        self.has_currency |= currency.0 != 0;
        self.has_moves |= moved_in.0 != 0 || moved_out.0 != 0;
        coverage.items += 1;
        coverage.base_sales.0 += base.amount.0;
        coverage.current_sales.0 += current.amount.0;
        if class_of(item) == Class::Compared {
            coverage.compared += 1;
            coverage.base_compared.0 += base.amount.0;
            coverage.current_compared.0 += current.amount.0;
            coverage.base_quantity.0 += base.quantity.0;
            coverage.current_quantity.0 += current.quantity.0;
        }
        Ok(())
    }
}

fn class_of(item: &Item) -> Class {
    match (item.account, item.base.is_sold(), item.current.is_sold()) {
        (AccountStatus::New, ..) => Class::Whole(Bar::NewAccount),
        (AccountStatus::Reactivated, ..) => Class::Whole(Bar::ReactivatedAccount),
        (AccountStatus::Lost, ..) => Class::Whole(Bar::LostAccount),
        (AccountStatus::Kept, true, true) => Class::Compared,
        (AccountStatus::Kept, true, false) => Class::Whole(Bar::Lost),
        (AccountStatus::Kept, false, _) => Class::Whole(Bar::New),
    }
}

/// The parts of the items so far and their sums.
struct Parts {
    market: Option<Market>,
    classes: Vec<Class>,
    rows: Vec<Row>,
    extras: Extras,
    sums: [i128; Bar::ALL.len()],
    counts: [usize; Bar::ALL.len()],
}

impl Parts {
    fn for_totals(totals: &Totals, market: Option<Market>) -> Self {
        let count = totals.coverage.items;
        let column = |wanted: bool| Vec::with_capacity(if wanted { count } else { 0 });
        let extras = Extras {
            size: column(market.is_some()),
            returns: column(totals.has_returns),
            currency: column(totals.has_currency),
            moved_in: column(totals.has_moves),
            moved_out: column(totals.has_moves),
        };
        Self {
            market,
            classes: Vec::with_capacity(count),
            rows: Vec::with_capacity(count),
            extras,
            sums: [0; Bar::ALL.len()],
            counts: [0; Bar::ALL.len()],
        }
    }

    fn add(&mut self, index: usize, item: &Item, totals: &Totals) -> Result<()> {
        let (base, current) = (&item.base, &item.current);
        let class = class_of(item);
        let row = match class {
            Class::Compared => self.compare(index, base, current, &totals.coverage)?,
            Class::Whole(bar) => self.take_whole(bar, base, current),
        };
        self.classes.push(class);
        self.rows.push(row);
        if totals.has_returns {
            let change = current.returns.0 - base.returns.0;
            self.count(Bar::Returns, change);
            self.extras.returns.push(change);
        }
        if totals.has_currency {
            self.count(Bar::Currency, item.currency.0);
            self.extras.currency.push(item.currency.0);
        }
        if totals.has_moves {
            self.count(Bar::MovedIn, item.moved_in.0);
            self.extras.moved_in.push(item.moved_in.0);
            self.count(Bar::MovedOut, -item.moved_out.0);
            self.extras.moved_out.push(-item.moved_out.0);
        }
        if self.market.is_some() && class != Class::Compared {
            self.extras.size.push(0);
        }
        Ok(())
    }

    /// Price, quantity and mix of an item sold in both windows.
    fn compare(&mut self, index: usize, base: &Side, current: &Side, whole: &Coverage) -> Result<Row> {
        let beyond = |value: f64| too_large("item's variance", index, value);
        let at_base_price = scaled(base.amount.0, current.quantity.0, base.quantity.0)
            .filter(|amount| amount.unsigned_abs() <= LIMIT.unsigned_abs())
            .ok_or_else(|| beyond(base.amount.0 as f64 / base.quantity.0 as f64 * current.quantity.0 as f64))?;
        let price = current.amount.0 - at_base_price;
        let volume = at_base_price - base.amount.0;
        let mix = bounded(mix_of(base, current.quantity, whole)).map_err(beyond)?;
        let quantity = volume - mix;
        self.count(Bar::Price, price);
        self.count(Bar::Mix, mix);
        match self.market {
            None => self.count(Bar::Quantity, quantity),
            Some(Market { base: before, current: after }) => {
                let growth = after.0 - before.0;
                let size = scaled(base.amount.0, growth, before.0)
                    .filter(|amount| amount.unsigned_abs() <= LIMIT.unsigned_abs())
                    .ok_or_else(|| beyond(base.amount.0 as f64 / before.0 as f64 * growth as f64))?;
                self.count(Bar::Size, size);
                self.count(Bar::Share, quantity - size);
                self.extras.size.push(size);
            }
        }
        Ok([price, quantity, mix])
    }

    /// The sold amount of an item goes into one bar; what has no quantity is an adjustment.
    fn take_whole(&mut self, bar: Bar, base: &Side, current: &Side) -> Row {
        let change = current.amount.0 - base.amount.0;
        let by_account = !matches!(bar, Bar::New | Bar::Lost);
        let sold = |side: &Side| if by_account || side.is_sold() { side.amount.0 } else { 0 };
        let whole = sold(current) - sold(base);
        let adjustment = change - whole;
        self.count(bar, whole);
        self.count(Bar::Adjustments, adjustment);
        [whole, adjustment, 0]
    }

    fn count(&mut self, bar: Bar, amount: i128) {
        self.sums[bar as usize] += amount;
        self.counts[bar as usize] += usize::from(amount != 0);
    }

    fn into_bridge(self, totals: &Totals) -> Bridge {
        let with_market = self.market.is_some();
        let total =
            |bar: Bar| BarTotal { bar, amount: Amount(self.sums[bar as usize]), items: self.counts[bar as usize] };
        let bars = Bar::ALL
            .into_iter()
            .map(total)
            .filter(|total| total.items > 0 || total.bar.is_always_shown(with_market))
            .collect();
        Bridge {
            model: "price-quantity-mix",
            base: Amount(totals.base),
            current: Amount(totals.current),
            bars,
            coverage: totals.coverage,
            classes: self.classes,
            rows: self.rows,
            extras: self.extras,
        }
    }
}

/// (q₁ − Q₁·s₀)·(p₀ − P̄₀). Both differences are taken in whole numbers, so that nothing cancels in floating point.
fn mix_of(base: &Side, quantity: Units, whole: &Coverage) -> f64 {
    let (q0, all_q0) = (base.quantity.0 as f64, whole.base_quantity.0 as f64);
    let more_than_its_share =
        cross_difference(quantity.0, whole.base_quantity.0, whole.current_quantity.0, base.quantity.0) / all_q0;
    let dearer_than_average =
        cross_difference(base.amount.0, whole.base_quantity.0, whole.base_compared.0, base.quantity.0) / (q0 * all_q0);
    more_than_its_share * dearer_than_average
}

/// `a`·`b` − `c`·`d`, exact before the result becomes floating point wherever the products fit 128 bits.
fn cross_difference(a: i128, b: i128, c: i128, d: i128) -> f64 {
    let short = |value: i128| i64::try_from(value).ok().map(i128::from);
    if let (Some(a), Some(b), Some(c), Some(d)) = (short(a), short(b), short(c), short(d)) {
        return (a * b - c * d) as f64;
    }
    let exact = a.checked_mul(b).zip(c.checked_mul(d)).and_then(|(left, right)| left.checked_sub(right));
    exact.map_or_else(|| a as f64 * b as f64 - c as f64 * d as f64, |difference| difference as f64)
}

/// The nearest whole number within ±[`LIMIT`], or the value that is beyond it.
fn bounded(value: f64) -> std::result::Result<i128, f64> {
    to_whole(value).filter(|whole| whole.unsigned_abs() <= LIMIT.unsigned_abs()).ok_or(value)
}
