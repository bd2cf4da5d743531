//! A draft made final: every code in id order, every cell in key order, attributes joined by id.
//!
//! The result depends on the lines alone, never on the order in which they came, so a panel that grew by
//! imports equals one rebuilt from nothing.

use arrow::record_batch::RecordBatch;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use takar_insight::metrics::NONE;
use takar_model::id_order;

use super::{
    build::{AccountKey, ProductKey, Texts},
    draft::{Draft, Recoding, SharedOrder},
    interner::Interner,
    measures::Measures,
};
use crate::{
    error::Result,
    facts::columns::{dates, decimal, text, text_at},
    restate::owners::{IdOfName, Timelines},
};

/// The small tables: one batch of live rows for each.
pub(crate) struct SmallTables {
    pub accounts: RecordBatch,
    pub products: RecordBatch,
    pub managers: RecordBatch,
    pub targets: RecordBatch,
    pub market: RecordBatch,
    pub ownership: RecordBatch,
}

impl SmallTables {
    /// Who owned which account when.
    fn owners(&self) -> Result<Timelines> {
        if self.ownership.num_rows() == 0 {
            return Ok(Timelines::default());
        }
        let accounts = IdOfName::of(&self.accounts, "account_id", "account_name")?;
        Timelines::of(&self.ownership, &accounts, &IdOfName::of(&self.managers, "manager_id", "manager_name")?)
    }
}

/// What is known of an account beside its lines; codes, [`NONE`] where unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountAttributes {
    pub name: Option<String>,
    /// By the table of accounts: who lines that name no manager are credited to.
    pub manager: u32,
    /// Who has it on the last day of the data: by dated ownership, else by the table of accounts.
    pub owner: u32,
    pub region: u32,
    pub segment: u32,
    pub branch: u32,
    /// Epoch day of the first order ever, `i32::MAX` where there is none.
    pub first_order: i32,
}

/// What is known of a manager beside the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ManagerAttributes {
    pub name: Option<String>,
    pub supervisor: Option<String>,
    pub branch: u32,
}

/// What is known of a product beside the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProductAttributes {
    pub name: Option<String>,
    pub category: u32,
}

/// One imported target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TargetRow {
    pub manager: u32,
    pub account: u32,
    pub product: u32,
    pub category: u32,
    pub region: u32,
    pub segment: u32,
    /// None where a manager is named: it says where that one works.
    pub branch: u32,
    pub from: i32,
    pub to: i32,
    pub kpi: String,
    pub value: i128,
}

/// One imported market size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MarketRow {
    pub category: u32,
    pub region: u32,
    pub segment: u32,
    pub from: i32,
    pub to: i32,
    pub kpi: String,
    pub value: i128,
}

/// A panel in its final form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub account_keys: Vec<AccountKey>,
    pub account_sums: Vec<Measures>,
    pub orders: Vec<u32>,
    pub shared: Vec<SharedOrder>,
    pub product_keys: Vec<ProductKey>,
    pub product_sums: Vec<Measures>,
    pub accounts: Vec<(String, AccountAttributes)>,
    pub managers: Vec<(String, ManagerAttributes)>,
    pub products: Vec<(String, ProductAttributes)>,
    pub account_names: Vec<String>,
    pub manager_names: Vec<String>,
    pub product_names: Vec<String>,
    pub categories: Vec<String>,
    pub regions: Vec<String>,
    pub segments: Vec<String>,
    pub branches: Vec<String>,
    pub units: Vec<String>,
    pub currencies: Vec<String>,
    pub targets: Vec<TargetRow>,
    pub market: Vec<MarketRow>,
}

/// Seals a draft.
pub(crate) fn seal(mut draft: Draft, tables: &SmallTables) -> Result<Sealed> {
    let mut used = used_texts(&draft);
    intern_small_tables(&mut used, tables)?;
    let (texts, order) = in_id_order(&used);
    let codes = draft_codes(&draft.texts, &used, &order);

    // What is sorted is let go at once: the cells are most of a panel.
    let account_keys: Vec<AccountKey> =
        std::mem::take(&mut draft.account_keys).into_par_iter().map(|key| codes.account_key(key)).collect();
    let position = sorted_positions(&account_keys);
    let mut new_row = vec![0_u32; position.len()];
    for (row, old) in (0_u32..).zip(&position) {
        new_row[*old as usize] = row;
    }
    let mut shared: Vec<SharedOrder> = std::mem::take(&mut draft.shared);
    for order in &mut shared {
        order.cells.iter_mut().for_each(|cell| *cell = new_row[*cell as usize]);
        order.cells.sort_unstable();
    }
    shared.sort_unstable();
    let account_sums = at_positions(&position, std::mem::take(&mut draft.account_sums), |sums| codes.sums(sums));
    let orders = at_positions(&position, std::mem::take(&mut draft.orders), |count| count);
    let account_keys = at_positions(&position, account_keys, |key| key);

    let product_keys: Vec<ProductKey> =
        std::mem::take(&mut draft.product_keys).into_par_iter().map(|key| codes.product_key(key)).collect();
    let position = sorted_positions(&product_keys);
    let product_sums = at_positions(&position, std::mem::take(&mut draft.product_sums), |sums| codes.sums(sums));
    let product_keys = at_positions(&position, product_keys, |key| key);

    let names = LineNames::new(&texts, &account_keys, &product_keys);
    let coded = CodeBook::new(&texts);
    Ok(Sealed {
        accounts: account_attributes(
            &texts,
            &coded,
            &names,
            tables,
            account_keys.iter().copied().zip(account_sums.iter().copied()),
        )?,
        managers: manager_attributes(&texts, &coded, &names, &tables.managers)?,
        products: product_attributes(&texts, &coded, &names, &tables.products)?,
        targets: target_rows(&coded, &tables.targets)?,
        market: market_rows(&coded, &tables.market)?,
        account_keys,
        account_sums,
        orders,
        shared,
        product_keys,
        product_sums,
        account_names: texts.account_names,
        manager_names: texts.manager_names,
        product_names: texts.product_names,
        categories: texts.categories,
        regions: texts.regions,
        segments: texts.segments,
        branches: texts.branches,
        units: texts.units,
        currencies: texts.currencies,
    })
}

/// Texts by code, sorted.
struct SortedTexts {
    accounts: Vec<String>,
    account_names: Vec<String>,
    managers: Vec<String>,
    manager_names: Vec<String>,
    products: Vec<String>,
    product_names: Vec<String>,
    categories: Vec<String>,
    regions: Vec<String>,
    segments: Vec<String>,
    branches: Vec<String>,
    units: Vec<String>,
    currencies: Vec<String>,
}

/// The texts that the cells still name: those of forgotten months are gone.
fn used_texts(draft: &Draft) -> Texts {
    let mut used = Texts::default();
    let all = &draft.texts;
    let take = |into: &mut Interner, from: &Interner, codes: &mut dyn Iterator<Item = u32>| {
        let mut is_used = vec![false; from.texts().len()];
        for code in codes {
            if let Some(flag) = is_used.get_mut(code as usize) {
                *flag = true;
            }
        }
        for (text, _) in from.texts().iter().zip(is_used).filter(|(_, used)| *used) {
            into.code(Some(text));
        }
    };
    let keys = &draft.account_keys;
    take(&mut used.accounts, &all.accounts, &mut keys.iter().map(|key| key.account));
    take(&mut used.account_names, &all.account_names, &mut keys.iter().map(|key| key.account_name));
    take(&mut used.managers, &all.managers, &mut keys.iter().map(|key| key.manager));
    take(&mut used.manager_names, &all.manager_names, &mut keys.iter().map(|key| key.manager_name));
    take(&mut used.regions, &all.regions, &mut keys.iter().map(|key| key.region));
    take(&mut used.segments, &all.segments, &mut keys.iter().map(|key| key.segment));
    take(&mut used.branches, &all.branches, &mut keys.iter().map(|key| key.branch));
    let products = &draft.product_keys;
    take(&mut used.products, &all.products, &mut products.iter().map(|key| key.product));
    take(&mut used.product_names, &all.product_names, &mut products.iter().map(|key| key.product_name));
    take(&mut used.categories, &all.categories, &mut products.iter().map(|key| key.category));
    let sums = || draft.account_sums.iter().chain(&draft.product_sums);
    take(&mut used.units, &all.units, &mut sums().map(|sums| sums.unit));
    take(&mut used.currencies, &all.currencies, &mut sums().map(|sums| sums.currency));
    used
}

/// Ids that only the small tables know are ids too: an account without a sale, a manager with a target.
fn intern_small_tables(texts: &mut Texts, tables: &SmallTables) -> Result<()> {
    let intern = |into: &mut Interner, batch: &RecordBatch, name: &str| -> Result<()> {
        let column = text(batch, name)?;
        (0..batch.num_rows()).for_each(|row| {
            into.code(text_at(column, row));
        });
        Ok(())
    };
    intern(&mut texts.accounts, &tables.accounts, "account_id")?;
    intern(&mut texts.managers, &tables.accounts, "manager_id")?;
    intern(&mut texts.regions, &tables.accounts, "region")?;
    intern(&mut texts.segments, &tables.accounts, "segment")?;
    intern(&mut texts.branches, &tables.accounts, "branch")?;
    intern(&mut texts.managers, &tables.managers, "manager_id")?;
    intern(&mut texts.branches, &tables.managers, "branch")?;
    intern(&mut texts.products, &tables.products, "product_id")?;
    intern(&mut texts.categories, &tables.products, "category")?;
    intern(&mut texts.managers, &tables.targets, "manager_id")?;
    intern(&mut texts.accounts, &tables.targets, "account_id")?;
    intern(&mut texts.products, &tables.targets, "product_id")?;
    intern(&mut texts.categories, &tables.targets, "category")?;
    intern(&mut texts.regions, &tables.targets, "region")?;
    intern(&mut texts.segments, &tables.targets, "segment")?;
    intern(&mut texts.branches, &tables.targets, "branch")?;
    intern(&mut texts.categories, &tables.market, "category")?;
    intern(&mut texts.regions, &tables.market, "region")?;
    intern(&mut texts.segments, &tables.market, "segment")?;
    intern(&mut texts.accounts, &tables.ownership, "account_id")?;
    intern(&mut texts.managers, &tables.ownership, "manager_id")
}

fn in_id_order(texts: &Texts) -> (SortedTexts, Recoding) {
    let sort = |interner: &Interner| -> (Vec<String>, Vec<u32>) {
        let all = interner.texts();
        let mut position: Vec<u32> = (0_u32..).take(all.len()).collect();
        position.sort_by(|one, other| id_order(&all[*one as usize], &all[*other as usize]));
        let mut codes = vec![NONE; all.len()];
        for (code, old) in (0_u32..).zip(&position) {
            codes[*old as usize] = code;
        }
        (position.iter().map(|row| all[*row as usize].to_string()).collect(), codes)
    };
    let (accounts, account_codes) = sort(&texts.accounts);
    let (account_names, account_name_codes) = sort(&texts.account_names);
    let (managers, manager_codes) = sort(&texts.managers);
    let (manager_names, manager_name_codes) = sort(&texts.manager_names);
    let (products, product_codes) = sort(&texts.products);
    let (product_names, product_name_codes) = sort(&texts.product_names);
    let (categories, category_codes) = sort(&texts.categories);
    let (regions, region_codes) = sort(&texts.regions);
    let (segments, segment_codes) = sort(&texts.segments);
    let (branches, branch_codes) = sort(&texts.branches);
    let (units, unit_codes) = sort(&texts.units);
    let (currencies, currency_codes) = sort(&texts.currencies);
    let sorted = SortedTexts {
        accounts,
        account_names,
        managers,
        manager_names,
        products,
        product_names,
        categories,
        regions,
        segments,
        branches,
        units,
        currencies,
    };
    let codes = Recoding {
        accounts: account_codes,
        account_names: account_name_codes,
        managers: manager_codes,
        manager_names: manager_name_codes,
        products: product_codes,
        product_names: product_name_codes,
        categories: category_codes,
        regions: region_codes,
        segments: segment_codes,
        branches: branch_codes,
        units: unit_codes,
        currencies: currency_codes,
    };
    (sorted, codes)
}

/// From the draft's codes to the sorted ones, by way of the used texts.
fn draft_codes(draft: &Texts, used: &Texts, order: &Recoding) -> Recoding {
    let step = |from: &Interner, to: &Interner, codes: &[u32]| -> Vec<u32> {
        from.texts().iter().map(|text| to.find(text).map_or(NONE, |code| codes[code as usize])).collect()
    };
    Recoding {
        accounts: step(&draft.accounts, &used.accounts, &order.accounts),
        account_names: step(&draft.account_names, &used.account_names, &order.account_names),
        managers: step(&draft.managers, &used.managers, &order.managers),
        manager_names: step(&draft.manager_names, &used.manager_names, &order.manager_names),
        products: step(&draft.products, &used.products, &order.products),
        product_names: step(&draft.product_names, &used.product_names, &order.product_names),
        categories: step(&draft.categories, &used.categories, &order.categories),
        regions: step(&draft.regions, &used.regions, &order.regions),
        segments: step(&draft.segments, &used.segments, &order.segments),
        branches: step(&draft.branches, &used.branches, &order.branches),
        units: step(&draft.units, &used.units, &order.units),
        currencies: step(&draft.currencies, &used.currencies, &order.currencies),
    }
}

/// The values in another order, each made anew.
fn at_positions<T: Copy + Send + Sync>(position: &[u32], values: Vec<T>, anew: impl Fn(T) -> T + Sync) -> Vec<T> {
    position.par_iter().map(|row| anew(values[*row as usize])).collect()
}

/// The places of the keys in their order.
pub(crate) fn sorted_positions<K: Ord + Sync>(keys: &[K]) -> Vec<u32> {
    let mut position: Vec<u32> = (0_u32..).take(keys.len()).collect();
    position.par_sort_unstable_by(|one, other| keys[*one as usize].cmp(&keys[*other as usize]));
    position
}

/// The name that the lines give each id: the one of its latest month, the greatest where that has two.
struct LineNames {
    accounts: Vec<u32>,
    managers: Vec<u32>,
    products: Vec<u32>,
}

impl LineNames {
    fn new(texts: &SortedTexts, accounts: &[AccountKey], products: &[ProductKey]) -> Self {
        // Keys are in order of month, so the later assignment is the later month; within a month the
        // larger code is the greater name.
        let latest = |count: usize, named: &mut dyn Iterator<Item = (i32, u32, u32)>| -> Vec<u32> {
            let mut names = vec![(i32::MIN, NONE); count];
            for (month, id, name) in named.filter(|(_, id, name)| *id != NONE && *name != NONE) {
                let known = &mut names[id as usize];
                if month > known.0 || name > known.1 {
                    *known = (month, name);
                }
            }
            names.into_iter().map(|(_, name)| name).collect()
        };
        Self {
            accounts: latest(
                texts.accounts.len(),
                &mut accounts.iter().map(|key| (key.month, key.account, key.account_name)),
            ),
            managers: latest(
                texts.managers.len(),
                &mut accounts.iter().map(|key| (key.month, key.manager, key.manager_name)),
            ),
            products: latest(
                texts.products.len(),
                &mut products.iter().map(|key| (key.month, key.product, key.product_name)),
            ),
        }
    }
}

/// From id to sorted code.
struct CodeBook<'a> {
    accounts: FxHashMap<&'a str, u32>,
    managers: FxHashMap<&'a str, u32>,
    products: FxHashMap<&'a str, u32>,
    categories: FxHashMap<&'a str, u32>,
    regions: FxHashMap<&'a str, u32>,
    segments: FxHashMap<&'a str, u32>,
    branches: FxHashMap<&'a str, u32>,
}

impl<'a> CodeBook<'a> {
    fn new(texts: &'a SortedTexts) -> Self {
        let book = |ids: &'a [String]| ids.iter().map(String::as_str).zip(0_u32..).collect();
        Self {
            accounts: book(&texts.accounts),
            managers: book(&texts.managers),
            products: book(&texts.products),
            categories: book(&texts.categories),
            regions: book(&texts.regions),
            segments: book(&texts.segments),
            branches: book(&texts.branches),
        }
    }
}

fn code_of(book: &FxHashMap<&str, u32>, text: Option<&str>) -> u32 {
    text.and_then(|text| book.get(text).copied()).unwrap_or(NONE)
}

fn line_name(names: &[String], code: u32) -> Option<String> {
    names.get(code as usize).cloned()
}

fn account_attributes(
    texts: &SortedTexts,
    codes: &CodeBook<'_>,
    names: &LineNames,
    tables: &SmallTables,
    cells: impl Iterator<Item = (AccountKey, Measures)>,
) -> Result<Vec<(String, AccountAttributes)>> {
    let table = &tables.accounts;
    let mut attributes: Vec<AccountAttributes> = names
        .accounts
        .iter()
        .map(|name| AccountAttributes {
            name: line_name(&texts.account_names, *name),
            manager: NONE,
            owner: NONE,
            region: NONE,
            segment: NONE,
            branch: NONE,
            first_order: i32::MAX,
        })
        .collect();
    let mut last_day = i32::MIN;
    for (key, sums) in cells {
        last_day = last_day.max(sums.last_day);
        if let Some(known) = attributes.get_mut(key.account as usize) {
            known.first_order = known.first_order.min(sums.first_order);
        }
    }
    let (ids, own_names, managers) =
        (text(table, "account_id")?, text(table, "account_name")?, text(table, "manager_id")?);
    let (regions, segments, branches) = (text(table, "region")?, text(table, "segment")?, text(table, "branch")?);
    for row in 0..table.num_rows() {
        let Some(known) = attributes.get_mut(code_of(&codes.accounts, text_at(ids, row)) as usize) else {
            continue;
        };
        known.name = text_at(own_names, row).map(str::to_owned).or(known.name.take());
        known.manager = code_of(&codes.managers, text_at(managers, row));
        known.owner = known.manager;
        known.region = code_of(&codes.regions, text_at(regions, row));
        known.segment = code_of(&codes.segments, text_at(segments, row));
        known.branch = code_of(&codes.branches, text_at(branches, row));
    }
    let owners = tables.owners()?;
    for (account, manager) in owners.main_owners(last_day) {
        if let Some(known) = attributes.get_mut(code_of(&codes.accounts, Some(account)) as usize) {
            known.owner = code_of(&codes.managers, Some(manager));
        }
    }
    Ok(texts.accounts.iter().cloned().zip(attributes).collect())
}

fn manager_attributes(
    texts: &SortedTexts,
    codes: &CodeBook<'_>,
    names: &LineNames,
    table: &RecordBatch,
) -> Result<Vec<(String, ManagerAttributes)>> {
    let mut attributes: Vec<ManagerAttributes> = names
        .managers
        .iter()
        .map(|name| ManagerAttributes { name: line_name(&texts.manager_names, *name), supervisor: None, branch: NONE })
        .collect();
    let (ids, own_names) = (text(table, "manager_id")?, text(table, "manager_name")?);
    let (supervisors, branches) = (text(table, "supervisor")?, text(table, "branch")?);
    for row in 0..table.num_rows() {
        let Some(known) = attributes.get_mut(code_of(&codes.managers, text_at(ids, row)) as usize) else {
            continue;
        };
        known.name = text_at(own_names, row).map(str::to_owned).or(known.name.take());
        known.supervisor = text_at(supervisors, row).map(str::to_owned);
        known.branch = code_of(&codes.branches, text_at(branches, row));
    }
    Ok(texts.managers.iter().cloned().zip(attributes).collect())
}

fn product_attributes(
    texts: &SortedTexts,
    codes: &CodeBook<'_>,
    names: &LineNames,
    table: &RecordBatch,
) -> Result<Vec<(String, ProductAttributes)>> {
    let mut attributes: Vec<ProductAttributes> = names
        .products
        .iter()
        .map(|name| ProductAttributes { name: line_name(&texts.product_names, *name), category: NONE })
        .collect();
    let (ids, own_names, categories) =
        (text(table, "product_id")?, text(table, "product_name")?, text(table, "category")?);
    for row in 0..table.num_rows() {
        let Some(known) = attributes.get_mut(code_of(&codes.products, text_at(ids, row)) as usize) else {
            continue;
        };
        known.name = text_at(own_names, row).map(str::to_owned).or(known.name.take());
        known.category = code_of(&codes.categories, text_at(categories, row));
    }
    Ok(texts.products.iter().cloned().zip(attributes).collect())
}

fn target_rows(codes: &CodeBook<'_>, table: &RecordBatch) -> Result<Vec<TargetRow>> {
    let (managers, accounts, products) =
        (text(table, "manager_id")?, text(table, "account_id")?, text(table, "product_id")?);
    let (categories, regions, kpis) = (text(table, "category")?, text(table, "region")?, text(table, "kpi")?);
    let (segments, branches) = (text(table, "segment")?, text(table, "branch")?);
    // A row that names a manager says by the branch where that one works, and is for all that he or she sells.
    let own_branch = |row: usize| text_at(branches, row).filter(|_| text_at(managers, row).is_none());
    let (from, to, value) = (dates(table, "from")?, dates(table, "to")?, decimal(table, "value")?);
    let mut rows: Vec<TargetRow> = (0..table.num_rows())
        .map(|row| TargetRow {
            manager: code_of(&codes.managers, text_at(managers, row)),
            account: code_of(&codes.accounts, text_at(accounts, row)),
            product: code_of(&codes.products, text_at(products, row)),
            category: code_of(&codes.categories, text_at(categories, row)),
            region: code_of(&codes.regions, text_at(regions, row)),
            segment: code_of(&codes.segments, text_at(segments, row)),
            branch: code_of(&codes.branches, own_branch(row)),
            from: from.value(row),
            to: to.value(row),
            kpi: text_at(kpis, row).unwrap_or("net_sales").to_owned(),
            value: value.value(row),
        })
        .collect();
    rows.sort_unstable();
    Ok(rows)
}

fn market_rows(codes: &CodeBook<'_>, table: &RecordBatch) -> Result<Vec<MarketRow>> {
    let (categories, regions) = (text(table, "category")?, text(table, "region")?);
    let (segments, kpis) = (text(table, "segment")?, text(table, "kpi")?);
    let (from, to, value) = (dates(table, "from")?, dates(table, "to")?, decimal(table, "value")?);
    let mut rows: Vec<MarketRow> = (0..table.num_rows())
        .map(|row| MarketRow {
            category: code_of(&codes.categories, text_at(categories, row)),
            region: code_of(&codes.regions, text_at(regions, row)),
            segment: code_of(&codes.segments, text_at(segments, row)),
            from: from.value(row),
            to: to.value(row),
            kpi: text_at(kpis, row).unwrap_or("net_sales").to_owned(),
            value: value.value(row),
        })
        .collect();
    rows.sort_unstable();
    Ok(rows)
}
