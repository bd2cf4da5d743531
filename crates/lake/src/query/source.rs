//! The lake as a source of cells: panels where they answer exactly, else the lines.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use rayon::prelude::*;
use takar_import::FactKind;
use takar_insight::metrics::{
    CellSource, Cells, Dimension, Grain, Labels, MarketSize, NONE, Names, OrderDays, SharedOrders, SourceError, Target,
};
use takar_model::{Credit, Day, Money, Period};

use super::lines::{cells_from_lines, order_days};
use crate::{
    Lake,
    error::Result,
    panels::{
        layout::{
            ACCOUNTS, PRODUCTS, amount_column, code_column, column_file, day_column, read_accounts, read_managers,
            read_market, read_products, read_shared, read_targets, text_column,
        },
        seal::{AccountAttributes, ManagerAttributes, ProductAttributes},
        store::{Made, Store},
    },
    restate::Restatement,
};

/// The dimensions of the account panel; it has the orders too.
const ACCOUNT_DIMENSIONS: [Dimension; 5] =
    [Dimension::Account, Dimension::Manager, Dimension::Region, Dimension::Segment, Dimension::Branch];
/// The dimensions of the product panel.
const PRODUCT_DIMENSIONS: [Dimension; 3] = [Dimension::Product, Dimension::Category, Dimension::Manager];

/// So many cells counted from lines are kept together: about half a gigabyte.
const MOST_FROM_LINES: usize = 4_000_000;

/// Cells counted from the lines of a range.
struct FromLines {
    range: Period,
    grain: Grain,
    cells: Arc<Cells>,
}

/// One consistent state of the lake, ready to answer.
///
/// Opening it reads names and attributes; cells are read when they are first asked for and kept.
pub struct LakeSource {
    pub(super) store: Store,
    pub(super) made: Option<Made>,
    pub(super) names: Names,
    pub(super) accounts: Vec<(String, AccountAttributes)>,
    pub(super) managers: Vec<(String, ManagerAttributes)>,
    pub(super) products: Vec<(String, ProductAttributes)>,
    first_orders: Vec<i32>,
    targets: Vec<Target>,
    market: Vec<MarketSize>,
    account_cells: OnceLock<Arc<Cells>>,
    product_cells: OnceLock<Arc<Cells>>,
    from_lines: Mutex<VecDeque<FromLines>>,
    order_days: OnceLock<Arc<OrderDays>>,
    credit: Credit,
    restatement: OnceLock<Arc<Restatement>>,
    pub(super) lake: Lake,
}

impl Lake {
    /// The lake as it is now, ready to answer questions under a rule of credit.
    pub fn source(&self, credit: Credit) -> Result<LakeSource> {
        // Without a table of owners who owned an account then is who sold.
        let has_owners = self.table(FactKind::Ownership).latest_version().is_some();
        let credit = if credit == Credit::Then && !has_owners { Credit::Recorded } else { credit };
        let store = self.store(credit);
        let made = self.current_panel(credit)?;
        let Some(current) = &made else {
            return Ok(LakeSource::empty(self, store));
        };
        let one = |file: &str| store.read_whole(current, file);
        let list = |file: &str| -> Result<Vec<String>> {
            Ok(text_column(&one(file)?, "text")?.into_iter().flatten().collect())
        };
        let accounts = read_accounts(&one("account_attributes.arrow")?)?;
        let managers = read_managers(&one("manager_attributes.arrow")?)?;
        let products = read_products(&one("product_attributes.arrow")?)?;
        let targets = read_targets(&one("targets.arrow")?)?
            .into_iter()
            .filter_map(|row| {
                let known = |code: u32| (code != NONE).then_some(code);
                let period = Period::new(Day::from_epoch_days(row.from)?, Day::from_epoch_days(row.to)?)?;
                Some(Target {
                    manager: known(row.manager),
                    account: known(row.account),
                    product: known(row.product),
                    category: known(row.category),
                    region: known(row.region),
                    segment: known(row.segment),
                    branch: known(row.branch),
                    period,
                    kpi: row.kpi,
                    value: Money::from_units(row.value),
                })
            })
            .collect();
        let market = read_market(&one("market.arrow")?)?
            .into_iter()
            .filter_map(|row| {
                let known = |code: u32| (code != NONE).then_some(code);
                let period = Period::new(Day::from_epoch_days(row.from)?, Day::from_epoch_days(row.to)?)?;
                let (category, region, segment) = (known(row.category), known(row.region), known(row.segment));
                Some(MarketSize {
                    category,
                    region,
                    segment,
                    period,
                    kpi: row.kpi,
                    value: Money::from_units(row.value),
                })
            })
            .collect();
        let mut names = Names {
            account: labels(&accounts, |known| known.name.clone()),
            manager: labels(&managers, |known| known.name.clone()),
            product: labels(&products, |known| known.name.clone()),
            category: Labels::from_ids(list("categories.arrow")?),
            region: Labels::from_ids(list("regions.arrow")?),
            segment: Labels::from_ids(list("segments.arrow")?),
            branch: Labels::from_ids(list("branches.arrow")?),
            manager_branch: managers.iter().map(|(_, known)| known.branch).collect(),
            account_manager: accounts.iter().map(|(_, known)| known.owner).collect(),
            units: list("units.arrow")?,
            currencies: list("currencies.arrow")?,
            ..Names::default()
        };
        name_supervisors(&mut names, &managers);
        Ok(LakeSource {
            first_orders: accounts.iter().map(|(_, known)| known.first_order).collect(),
            store,
            made,
            names,
            accounts,
            managers,
            products,
            targets,
            market,
            account_cells: OnceLock::new(),
            product_cells: OnceLock::new(),
            from_lines: Mutex::default(),
            order_days: OnceLock::new(),
            credit,
            restatement: OnceLock::new(),
            lake: self.clone(),
        })
    }
}

/// What was read before, else reads it and keeps it.
fn kept(place: &OnceLock<Arc<Cells>>, read: impl FnOnce() -> Result<Cells>) -> Result<Arc<Cells>> {
    if let Some(cells) = place.get() {
        return Ok(cells.clone());
    }
    let cells = Arc::new(read()?);
    Ok(place.get_or_init(|| cells).clone())
}

fn labels<T>(members: &[(String, T)], name: impl Fn(&T) -> Option<String>) -> Labels {
    let (ids, names) = members.iter().map(|(id, known)| (id.clone(), name(known))).unzip();
    Labels::new(ids, names)
}

/// Supervisors are named by id or by name; who is a manager too has the name known of him.
fn name_supervisors(names: &mut Names, managers: &[(String, ManagerAttributes)]) {
    let mut ids: Vec<String> = managers.iter().filter_map(|(_, known)| known.supervisor.clone()).collect();
    ids.sort_by(|one, other| takar_model::id_order(one, other));
    ids.dedup();
    let own_names =
        ids.iter().map(|id| names.manager.code(id).and_then(|code| names.manager.name(code)).map(str::to_owned));
    names.supervisor = Labels::new(ids.clone(), own_names.collect());
    names.manager_supervisor = managers
        .iter()
        .map(|(_, known)| known.supervisor.as_deref().and_then(|id| names.supervisor.code(id)).unwrap_or(NONE))
        .collect();
}

impl LakeSource {
    fn empty(lake: &Lake, store: Store) -> Self {
        Self {
            store,
            made: None,
            names: Names::default(),
            accounts: Vec::new(),
            managers: Vec::new(),
            products: Vec::new(),
            first_orders: Vec::new(),
            targets: Vec::new(),
            market: Vec::new(),
            account_cells: OnceLock::new(),
            product_cells: OnceLock::new(),
            from_lines: Mutex::default(),
            order_days: OnceLock::new(),
            credit: Credit::Recorded,
            restatement: OnceLock::new(),
            lake: lake.clone(),
        }
    }

    /// How lines are read.
    pub(super) fn restatement(&self) -> Result<Arc<Restatement>> {
        if let Some(known) = self.restatement.get() {
            return Ok(known.clone());
        }
        let fresh = Arc::new(self.lake.restatement(self.credit)?);
        Ok(self.restatement.get_or_init(|| fresh).clone())
    }

    /// Cells counted from the lines. Those asked for last are kept: a diagnosis of one manager asks for the same ones as that of another.
    fn cells_of_lines(&self, range: Period, grain: Grain) -> Result<Arc<Cells>> {
        let lock = || self.from_lines.lock().unwrap_or_else(PoisonError::into_inner);
        let is_asked = |known: &FromLines| (known.range, known.grain) == (range, grain);
        if let Some(known) = lock().iter().find(|known| is_asked(known)) {
            return Ok(known.cells.clone());
        }
        let cells = Arc::new(cells_from_lines(self, &*self.restatement()?, range, grain)?);
        let mut kept = lock();
        kept.retain(|known| !is_asked(known));
        kept.push_back(FromLines { range, grain, cells: cells.clone() });
        while kept.iter().map(|known| known.cells.len()).sum::<usize>() > MOST_FROM_LINES {
            kept.pop_front();
        }
        Ok(cells)
    }

    /// How many lines count.
    pub fn lines(&self) -> u64 {
        self.made.as_ref().map_or(0, |made| made.lines)
    }

    /// The facts are still those it was opened on.
    pub fn is_current(&self) -> bool {
        let versions = self.lake.panel_versions();
        self.made.as_ref().map_or(versions.is_empty(), |made| made.versions == versions)
    }

    /// The table of ownership or that of accounts says whose accounts are.
    pub fn has_owners(&self) -> Result<bool> {
        let by_account = self.names.account_manager.iter().any(|manager| *manager != NONE);
        Ok(by_account || self.lake.live_rows(FactKind::Ownership)?.num_rows() > 0)
    }

    /// The branch that an account is said to belong to.
    pub fn branch_of_account(&self, account: u32) -> Option<&str> {
        self.accounts.get(account as usize).and_then(|(_, known)| self.names.branch.id(known.branch))
    }

    /// The panel that answers a question exactly, if one does: over whole months (or past the ends of the data), only
    /// along its own dimensions.
    fn panel_for(&self, range: Period, grain: Grain) -> Result<Option<Arc<Cells>>> {
        let Some(extent) = self.extent() else {
            return Ok(Some(Arc::default()));
        };
        let begins_whole = range.from() <= extent.from() || range.from() == range.from().month().first_day();
        let ends_whole = range.to() >= extent.to() || range.to() == range.to().month().last_day();
        if !begins_whole || !ends_whole {
            return Ok(None);
        }
        let is_along = |dimensions: &[Dimension]| grain.dimensions().all(|dimension| dimensions.contains(&dimension));
        if is_along(&ACCOUNT_DIMENSIONS) {
            return kept(&self.account_cells, || self.read_account_cells()).map(Some);
        }
        if !is_along(&PRODUCT_DIMENSIONS) || grain.has_orders() {
            return Ok(None);
        }
        let cells = kept(&self.product_cells, || self.read_product_cells())?;
        // A line that names no manager is credited through its account, which these cells do not know.
        let is_known = !grain.has(Dimension::Manager) || !cells.manager.contains(&NONE);
        Ok(is_known.then_some(cells))
    }

    fn read_account_cells(&self) -> Result<Cells> {
        let Some(made) = &self.made else {
            return Ok(Cells::default());
        };
        let keys = ["account", "manager", "region", "segment", "branch", "orders"];
        let (keys, sums) = rayon::join(|| self.codes(made, ACCOUNTS, &keys), || self.sums(made, ACCOUNTS));
        let [account, manager, region, segment, branch, orders] = keys?;
        let mut shared_orders = SharedOrders::default();
        for batch in self.store.read(made, "shared_orders.arrow")? {
            read_shared(&batch)?.iter().for_each(|order| shared_orders.push(&order.cells));
        }
        let mut cells = Cells { account, manager, region, segment, branch, orders, shared_orders, ..sums? };
        self.fill_from_attributes(&mut cells);
        Ok(cells)
    }

    fn read_product_cells(&self) -> Result<Cells> {
        let Some(made) = &self.made else {
            return Ok(Cells::default());
        };
        let keys = ["product", "manager", "category"];
        let (keys, sums) = rayon::join(|| self.codes(made, PRODUCTS, &keys), || self.sums(made, PRODUCTS));
        let ([product, manager, mut category], sums) = (keys?, sums?);
        for (category, product) in category.iter_mut().zip(&product).filter(|(category, _)| **category == NONE) {
            *category = self.products.get(*product as usize).map_or(NONE, |(_, known)| known.category);
        }
        let orders = vec![0; sums.len()];
        Ok(Cells { product, manager, category, orders, ..sums })
    }

    /// Columns of codes. Every column is a read of its own, so that they are read side by side.
    fn codes<const N: usize>(&self, made: &Made, cells: &str, names: &[&str; N]) -> Result<[Vec<u32>; N]> {
        let columns: Result<Vec<_>> =
            names.par_iter().map(|name| self.column(made, cells, name, code_column)).collect();
        let mut columns = columns?.into_iter();
        Ok(std::array::from_fn(|_| columns.next().unwrap_or_default()))
    }

    /// The sums of a panel's cells.
    fn sums(&self, made: &Made, cells: &str) -> Result<Cells> {
        let amounts = [
            "net",
            "quantity",
            "quantity_before_returns",
            "gross",
            "discount",
            "cost",
            "net_with_cost",
            "returns",
            "net_before_returns",
        ];
        let counts = ["lines", "net_lines", "quantity_lines", "cost_lines", "unit", "currency"];
        let (counts, (days, amounts)) = rayon::join(
            || self.codes(made, cells, &counts),
            || {
                rayon::join(
                    || {
                        let day = |name: &str| self.column(made, cells, name, day_column);
                        Result::Ok((day("month")?, day("first_order")?))
                    },
                    || -> Result<Vec<_>> {
                        amounts.par_iter().map(|name| self.column(made, cells, name, amount_column)).collect()
                    },
                )
            },
        );
        let [lines, net_lines, quantity_lines, cost_lines, unit, currency] = counts?;
        let (month, first_order) = days?;
        let mut amounts = amounts?.into_iter();
        let mut next = || amounts.next().unwrap_or_default();
        Ok(Cells {
            month,
            lines,
            net_lines,
            quantity_lines,
            cost_lines,
            unit,
            currency,
            first_order,
            net: next(),
            quantity: next(),
            quantity_before_returns: next(),
            gross: next(),
            discount: next(),
            cost: next(),
            net_with_cost: next(),
            returns: next(),
            net_before_returns: next(),
            ..Cells::default()
        })
    }

    fn column<T: Send>(
        &self,
        made: &Made,
        cells: &str,
        name: &str,
        read: impl Fn(&arrow::record_batch::RecordBatch, &str) -> Result<Vec<T>>,
    ) -> Result<Vec<T>> {
        let mut values = Vec::new();
        for batch in self.store.read(made, &column_file(cells, name))? {
            match values.is_empty() {
                true => values = read(&batch, name)?,
                false => values.extend(read(&batch, name)?),
            }
        }
        Ok(values)
    }

    /// What a line does not say, its account says; a branch, its manager too.
    fn fill_from_attributes(&self, cells: &mut Cells) {
        let fill = |codes: &mut [u32], by: &[u32], known: &dyn Fn(u32) -> u32| {
            for (code, of) in codes.iter_mut().zip(by) {
                if *code == NONE && *of != NONE {
                    *code = known(*of);
                }
            }
        };
        let account = |code: u32| self.accounts.get(code as usize).map(|(_, known)| known);
        fill(&mut cells.manager, &cells.account, &|code| account(code).map_or(NONE, |known| known.manager));
        fill(&mut cells.region, &cells.account, &|code| account(code).map_or(NONE, |known| known.region));
        fill(&mut cells.segment, &cells.account, &|code| account(code).map_or(NONE, |known| known.segment));
        fill(&mut cells.branch, &cells.account, &|code| account(code).map_or(NONE, |known| known.branch));
        let manager_branch = |code: u32| self.managers.get(code as usize).map_or(NONE, |(_, known)| known.branch);
        fill(&mut cells.branch, &cells.manager, &manager_branch);
    }
}

fn told(error: crate::LakeError) -> SourceError {
    SourceError { id: error.message(takar_model::Lang::Id), en: error.message(takar_model::Lang::En) }
}

impl CellSource for LakeSource {
    fn cells(&self, range: Period, grain: Grain) -> std::result::Result<Arc<Cells>, SourceError> {
        let cells = self.panel_for(range, grain).and_then(|panel| match panel {
            Some(cells) => Ok(cells),
            None => self.cells_of_lines(range, grain),
        });
        cells.map_err(told)
    }

    fn cells_at_rates_of(
        &self,
        window: Period,
        range: Period,
        grain: Grain,
    ) -> std::result::Result<Option<Arc<Cells>>, SourceError> {
        let cells = self.restatement().and_then(|restatement| match restatement.at_rates_of(window) {
            Some(fixed) => cells_from_lines(self, &fixed, range, grain).map(|cells| Some(Arc::new(cells))),
            None => Ok(None),
        });
        cells.map_err(told)
    }

    fn order_days(&self) -> std::result::Result<Arc<OrderDays>, SourceError> {
        if let Some(days) = self.order_days.get() {
            return Ok(days.clone());
        }
        let days = Arc::new(order_days(self).map_err(told)?);
        Ok(self.order_days.get_or_init(|| days).clone())
    }

    fn extent(&self) -> Option<Period> {
        let made = self.made.as_ref()?;
        Period::new(Day::from_epoch_days(made.first_day?)?, Day::from_epoch_days(made.last_day?)?)
    }

    fn first_orders(&self) -> &[i32] {
        &self.first_orders
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn data_version(&self) -> u64 {
        self.made.as_ref().map_or(0, |made| made.versions.values().map(|version| version + 1).sum())
    }

    fn credit(&self) -> Credit {
        self.credit
    }

    fn targets(&self) -> &[Target] {
        &self.targets
    }

    fn market(&self) -> &[MarketSize] {
        &self.market
    }
}
