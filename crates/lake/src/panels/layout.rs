//! What is in the files of a panel: one file for each column of cells, so that columns which no
//! figure needs are not read; the small lists are a file each.

use std::sync::Arc;

use arrow::{
    array::{
        Array, ArrayRef, AsArray, Decimal128Array, FixedSizeBinaryArray, Int32Array, Int64Array, ListArray,
        StringArray, UInt32Array,
    },
    datatypes::{DataType, Decimal128Type, Int32Type, Int64Type, UInt32Type},
    record_batch::RecordBatch,
};
use rayon::prelude::*;

use super::{
    build::{AccountKey, ProductKey},
    draft::{Draft, SharedOrder},
    measures::Measures,
    seal::{AccountAttributes, ManagerAttributes, MarketRow, ProductAttributes, Sealed, TargetRow},
};
use crate::error::{LakeError, Result};

/// The cells of accounts.
pub(crate) const ACCOUNTS: &str = "accounts";
/// The cells of products.
pub(crate) const PRODUCTS: &str = "products";

/// The file of one column of cells.
pub(crate) fn column_file(cells: &str, column: &str) -> String {
    format!("{cells}.{column}.arrow")
}

fn codes(values: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(UInt32Array::from_iter_values(values))
}

fn days(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values))
}

fn amounts(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .map_err(LakeError::data("cannot make a panel"))
}

/// The columns of sums, in the order of [`sums_columns`].
const SUMS: [&str; 18] = [
    "net",
    "net_lines",
    "quantity",
    "quantity_lines",
    "quantity_before_returns",
    "gross",
    "discount",
    "cost",
    "net_with_cost",
    "cost_lines",
    "returns",
    "net_before_returns",
    "lines",
    "first_order",
    "first_day",
    "last_day",
    "unit",
    "currency",
];

/// A column of cells, made only when it is written: all of them at once would be as much again as the cells.
type Column<'a> = (&'static str, Box<dyn Fn() -> ArrayRef + Sync + 'a>);

fn column<'a>(name: &'static str, make: impl Fn() -> ArrayRef + Sync + 'a) -> Column<'a> {
    (name, Box::new(make))
}

fn sums_columns(sums: &[Measures]) -> [Column<'_>; SUMS.len()] {
    [
        column("net", || amounts(sums.iter().map(|sums| sums.net))),
        column("net_lines", || codes(sums.iter().map(|sums| sums.net_lines))),
        column("quantity", || amounts(sums.iter().map(|sums| sums.quantity))),
        column("quantity_lines", || codes(sums.iter().map(|sums| sums.quantity_lines))),
        column("quantity_before_returns", || amounts(sums.iter().map(|sums| sums.quantity_before_returns))),
        column("gross", || amounts(sums.iter().map(|sums| sums.gross))),
        column("discount", || amounts(sums.iter().map(|sums| sums.discount))),
        column("cost", || amounts(sums.iter().map(|sums| sums.cost))),
        column("net_with_cost", || amounts(sums.iter().map(|sums| sums.net_with_cost))),
        column("cost_lines", || codes(sums.iter().map(|sums| sums.cost_lines))),
        column("returns", || amounts(sums.iter().map(|sums| sums.returns))),
        column("net_before_returns", || amounts(sums.iter().map(|sums| sums.net_before_returns))),
        column("lines", || codes(sums.iter().map(|sums| sums.lines))),
        column("first_order", || days(sums.iter().map(|sums| sums.first_order))),
        column("first_day", || days(sums.iter().map(|sums| sums.first_day))),
        column("last_day", || days(sums.iter().map(|sums| sums.last_day))),
        column("unit", || codes(sums.iter().map(|sums| sums.unit))),
        column("currency", || codes(sums.iter().map(|sums| sums.currency))),
    ]
}

fn account_columns(sealed: &Sealed) -> Vec<Column<'_>> {
    let keys = &sealed.account_keys;
    let mut columns = vec![
        column("month", || days(keys.iter().map(|key| key.month))),
        column("account", || codes(keys.iter().map(|key| key.account))),
        column("manager", || codes(keys.iter().map(|key| key.manager))),
        column("region", || codes(keys.iter().map(|key| key.region))),
        column("segment", || codes(keys.iter().map(|key| key.segment))),
        column("branch", || codes(keys.iter().map(|key| key.branch))),
        column("account_name", || codes(keys.iter().map(|key| key.account_name))),
        column("manager_name", || codes(keys.iter().map(|key| key.manager_name))),
        column("orders", || codes(sealed.orders.iter().copied())),
    ];
    columns.extend(sums_columns(&sealed.account_sums));
    columns
}

fn product_columns(sealed: &Sealed) -> Vec<Column<'_>> {
    let keys = &sealed.product_keys;
    let mut columns = vec![
        column("month", || days(keys.iter().map(|key| key.month))),
        column("product", || codes(keys.iter().map(|key| key.product))),
        column("manager", || codes(keys.iter().map(|key| key.manager))),
        column("category", || codes(keys.iter().map(|key| key.category))),
        column("product_name", || codes(keys.iter().map(|key| key.product_name))),
    ];
    columns.extend(sums_columns(&sealed.product_sums));
    columns
}

/// Hands every file of a panel to `write`, the columns of cells side by side.
pub(crate) fn each_file(sealed: &Sealed, write: &(dyn Fn(&str, &RecordBatch) -> Result<()> + Sync)) -> Result<()> {
    for (name, list) in lists(sealed)? {
        write(name, &list)?;
    }
    for (cells, columns) in [(ACCOUNTS, account_columns(sealed)), (PRODUCTS, product_columns(sealed))] {
        columns
            .into_par_iter()
            .try_for_each(|(name, make)| write(&column_file(cells, name), &batch(vec![(name, make())])?))?;
    }
    Ok(())
}

/// The small files of a panel.
fn lists(sealed: &Sealed) -> Result<Vec<(&'static str, RecordBatch)>> {
    let invoices = FixedSizeBinaryArray::try_from_sparse_iter_with_size(
        sealed.shared.iter().map(|order| Some(order.invoice.to_be_bytes())),
        16,
    )
    .map_err(LakeError::data("cannot make a panel"))?;
    let cells = ListArray::from_iter_primitive::<UInt32Type, _, _>(
        sealed.shared.iter().map(|order| Some(order.cells.iter().map(|cell| Some(*cell)).collect::<Vec<_>>())),
    );
    let ids = |of: &mut dyn Iterator<Item = &str>| texts(of.map(Some));
    let accounts_known = &sealed.accounts;
    let managers_known = &sealed.managers;
    let products_known = &sealed.products;
    let (targets, market) = (&sealed.targets, &sealed.market);
    let money = |values: &mut dyn Iterator<Item = i128>| -> Result<ArrayRef> {
        let values = Decimal128Array::from_iter_values(values).with_precision_and_scale(38, 4);
        Ok(Arc::new(values.map_err(LakeError::data("cannot make a panel"))?))
    };
    let one_text = |list: &[String]| batch(vec![("text", texts(list.iter().map(|text| Some(text.as_str()))))]);
    let lists = vec![
        ("shared_orders.arrow", batch(vec![("invoice", Arc::new(invoices)), ("cells", Arc::new(cells))])?),
        (
            "account_attributes.arrow",
            batch(vec![
                ("id", ids(&mut accounts_known.iter().map(|(id, _)| id.as_str()))),
                ("name", texts(accounts_known.iter().map(|(_, known)| known.name.as_deref()))),
                ("manager", codes(accounts_known.iter().map(|(_, known)| known.manager))),
                ("owner", codes(accounts_known.iter().map(|(_, known)| known.owner))),
                ("region", codes(accounts_known.iter().map(|(_, known)| known.region))),
                ("segment", codes(accounts_known.iter().map(|(_, known)| known.segment))),
                ("branch", codes(accounts_known.iter().map(|(_, known)| known.branch))),
                ("first_order", days(accounts_known.iter().map(|(_, known)| known.first_order))),
            ])?,
        ),
        (
            "manager_attributes.arrow",
            batch(vec![
                ("id", ids(&mut managers_known.iter().map(|(id, _)| id.as_str()))),
                ("name", texts(managers_known.iter().map(|(_, known)| known.name.as_deref()))),
                ("supervisor", texts(managers_known.iter().map(|(_, known)| known.supervisor.as_deref()))),
                ("branch", codes(managers_known.iter().map(|(_, known)| known.branch))),
            ])?,
        ),
        (
            "product_attributes.arrow",
            batch(vec![
                ("id", ids(&mut products_known.iter().map(|(id, _)| id.as_str()))),
                ("name", texts(products_known.iter().map(|(_, known)| known.name.as_deref()))),
                ("category", codes(products_known.iter().map(|(_, known)| known.category))),
            ])?,
        ),
        (
            "targets.arrow",
            batch(vec![
                ("manager", codes(targets.iter().map(|target| target.manager))),
                ("account", codes(targets.iter().map(|target| target.account))),
                ("product", codes(targets.iter().map(|target| target.product))),
                ("category", codes(targets.iter().map(|target| target.category))),
                ("region", codes(targets.iter().map(|target| target.region))),
                ("segment", codes(targets.iter().map(|target| target.segment))),
                ("branch", codes(targets.iter().map(|target| target.branch))),
                ("from", days(targets.iter().map(|target| target.from))),
                ("to", days(targets.iter().map(|target| target.to))),
                ("kpi", texts(targets.iter().map(|target| Some(target.kpi.as_str())))),
                ("value", money(&mut targets.iter().map(|target| target.value))?),
            ])?,
        ),
        (
            "market.arrow",
            batch(vec![
                ("category", codes(market.iter().map(|size| size.category))),
                ("region", codes(market.iter().map(|size| size.region))),
                ("segment", codes(market.iter().map(|size| size.segment))),
                ("from", days(market.iter().map(|size| size.from))),
                ("to", days(market.iter().map(|size| size.to))),
                ("kpi", texts(market.iter().map(|size| Some(size.kpi.as_str())))),
                ("value", money(&mut market.iter().map(|size| size.value))?),
            ])?,
        ),
        ("account_names.arrow", one_text(&sealed.account_names)?),
        ("manager_names.arrow", one_text(&sealed.manager_names)?),
        ("product_names.arrow", one_text(&sealed.product_names)?),
        ("categories.arrow", one_text(&sealed.categories)?),
        ("regions.arrow", one_text(&sealed.regions)?),
        ("segments.arrow", one_text(&sealed.segments)?),
        ("branches.arrow", one_text(&sealed.branches)?),
        ("units.arrow", one_text(&sealed.units)?),
        ("currencies.arrow", one_text(&sealed.currencies)?),
    ];
    Ok(lists)
}

/// A column of codes.
pub(crate) fn code_column(batch: &RecordBatch, name: &str) -> Result<Vec<u32>> {
    Ok(panel_column(batch, name, &DataType::UInt32)?.as_primitive::<UInt32Type>().values().to_vec())
}

/// A column of days or months.
pub(crate) fn day_column(batch: &RecordBatch, name: &str) -> Result<Vec<i32>> {
    Ok(panel_column(batch, name, &DataType::Int32)?.as_primitive::<Int32Type>().values().to_vec())
}

/// A column of amounts.
pub(crate) fn amount_column(batch: &RecordBatch, name: &str) -> Result<Vec<i64>> {
    Ok(panel_column(batch, name, &DataType::Int64)?.as_primitive::<Int64Type>().values().to_vec())
}

/// A column of texts.
pub(crate) fn text_column(batch: &RecordBatch, name: &str) -> Result<Vec<Option<String>>> {
    let array = panel_column(batch, name, &DataType::Utf8)?;
    Ok(array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
}

fn panel_column<'a>(batch: &'a RecordBatch, name: &str, kind: &DataType) -> Result<&'a ArrayRef> {
    batch
        .column_by_name(name)
        .filter(|array| array.data_type() == kind)
        .ok_or_else(|| LakeError::Data { doing: "cannot read a panel", reason: format!("no column {name}") })
}

fn read_sums(batch: &RecordBatch) -> Result<Vec<Measures>> {
    let (net, net_lines) = (amount_column(batch, "net")?, code_column(batch, "net_lines")?);
    let (quantity, quantity_lines) = (amount_column(batch, "quantity")?, code_column(batch, "quantity_lines")?);
    let quantity_before_returns = amount_column(batch, "quantity_before_returns")?;
    let (gross, discount) = (amount_column(batch, "gross")?, amount_column(batch, "discount")?);
    let (cost, net_with_cost) = (amount_column(batch, "cost")?, amount_column(batch, "net_with_cost")?);
    let cost_lines = code_column(batch, "cost_lines")?;
    let (returns, before) = (amount_column(batch, "returns")?, amount_column(batch, "net_before_returns")?);
    let (lines, first_order) = (code_column(batch, "lines")?, day_column(batch, "first_order")?);
    let (first_day, last_day) = (day_column(batch, "first_day")?, day_column(batch, "last_day")?);
    let (unit, currency) = (code_column(batch, "unit")?, code_column(batch, "currency")?);
    Ok((0..batch.num_rows())
        .map(|row| Measures {
            net: net[row],
            net_lines: net_lines[row],
            quantity: quantity[row],
            quantity_lines: quantity_lines[row],
            quantity_before_returns: quantity_before_returns[row],
            gross: gross[row],
            discount: discount[row],
            cost: cost[row],
            net_with_cost: net_with_cost[row],
            cost_lines: cost_lines[row],
            returns: returns[row],
            net_before_returns: before[row],
            lines: lines[row],
            first_order: first_order[row],
            first_day: first_day[row],
            last_day: last_day[row],
            unit: unit[row],
            currency: currency[row],
        })
        .collect())
}

/// A panel from its files.
pub(crate) fn from_files(read: &dyn Fn(&str) -> Result<RecordBatch>) -> Result<Sealed> {
    let cells = |cells: &str, keys: &[&str]| -> Result<RecordBatch> {
        let mut columns = Vec::new();
        for name in keys.iter().chain(&SUMS) {
            let file = read(&column_file(cells, name))?;
            columns.push((*name, file.column(0).clone()));
        }
        batch(columns)
    };
    let list =
        |file: &str| -> Result<Vec<String>> { Ok(text_column(&read(file)?, "text")?.into_iter().flatten().collect()) };
    let accounts = cells(
        ACCOUNTS,
        &["month", "account", "manager", "region", "segment", "branch", "account_name", "manager_name", "orders"],
    )?;
    let (month, account) = (day_column(&accounts, "month")?, code_column(&accounts, "account")?);
    let (manager, region) = (code_column(&accounts, "manager")?, code_column(&accounts, "region")?);
    let (segment, branch) = (code_column(&accounts, "segment")?, code_column(&accounts, "branch")?);
    let account_name = code_column(&accounts, "account_name")?;
    let manager_name = code_column(&accounts, "manager_name")?;
    let account_keys = (0..accounts.num_rows())
        .map(|row| AccountKey {
            month: month[row],
            account: account[row],
            manager: manager[row],
            region: region[row],
            segment: segment[row],
            branch: branch[row],
            account_name: account_name[row],
            manager_name: manager_name[row],
        })
        .collect();
    let products = cells(PRODUCTS, &["month", "product", "manager", "category", "product_name"])?;
    let (month, product) = (day_column(&products, "month")?, code_column(&products, "product")?);
    let product_manager = code_column(&products, "manager")?;
    let (category, product_name) = (code_column(&products, "category")?, code_column(&products, "product_name")?);
    let product_keys = (0..products.num_rows())
        .map(|row| ProductKey {
            month: month[row],
            product: product[row],
            manager: product_manager[row],
            category: category[row],
            product_name: product_name[row],
        })
        .collect();
    let regions = list("regions.arrow")?;
    Ok(Sealed {
        account_keys,
        account_sums: read_sums(&accounts)?,
        orders: code_column(&accounts, "orders")?,
        shared: read_shared(&read("shared_orders.arrow")?)?,
        product_keys,
        product_sums: read_sums(&products)?,
        accounts: read_accounts(&read("account_attributes.arrow")?)?,
        managers: read_managers(&read("manager_attributes.arrow")?)?,
        products: read_products(&read("product_attributes.arrow")?)?,
        targets: read_targets(&read("targets.arrow")?)?,
        market: read_market(&read("market.arrow")?)?,
        account_names: list("account_names.arrow")?,
        manager_names: list("manager_names.arrow")?,
        product_names: list("product_names.arrow")?,
        categories: list("categories.arrow")?,
        regions,
        segments: list("segments.arrow")?,
        branches: list("branches.arrow")?,
        units: list("units.arrow")?,
        currencies: list("currencies.arrow")?,
    })
}

/// Orders in several cells.
pub(crate) fn read_shared(batch: &RecordBatch) -> Result<Vec<SharedOrder>> {
    let wrong = || LakeError::Data { doing: "cannot read a panel", reason: "shared orders".to_owned() };
    let invoices =
        batch.column_by_name("invoice").and_then(|array| array.as_fixed_size_binary_opt()).ok_or_else(wrong)?;
    let cells = batch.column_by_name("cells").and_then(|array| array.as_list_opt::<i32>()).ok_or_else(wrong)?;
    (0..batch.num_rows())
        .map(|row| {
            let bytes: [u8; 16] = invoices.value(row).try_into().map_err(|_| wrong())?;
            let cells = cells.value(row).as_primitive_opt::<UInt32Type>().ok_or_else(wrong)?.values().to_vec();
            Ok(SharedOrder { invoice: u128::from_be_bytes(bytes), cells })
        })
        .collect()
}

/// Accounts in id order with their attributes.
pub(crate) fn read_accounts(batch: &RecordBatch) -> Result<Vec<(String, AccountAttributes)>> {
    let (ids, names) = (text_column(batch, "id")?, text_column(batch, "name")?);
    let (manager, owner) = (code_column(batch, "manager")?, code_column(batch, "owner")?);
    let region = code_column(batch, "region")?;
    let (segment, branch) = (code_column(batch, "segment")?, code_column(batch, "branch")?);
    let first_order = day_column(batch, "first_order")?;
    Ok(ids
        .into_iter()
        .zip(names)
        .enumerate()
        .map(|(row, (id, name))| {
            let known = AccountAttributes {
                name,
                manager: manager[row],
                owner: owner[row],
                region: region[row],
                segment: segment[row],
                branch: branch[row],
                first_order: first_order[row],
            };
            (id.unwrap_or_default(), known)
        })
        .collect())
}

/// Managers in id order with their attributes.
pub(crate) fn read_managers(batch: &RecordBatch) -> Result<Vec<(String, ManagerAttributes)>> {
    let (ids, names) = (text_column(batch, "id")?, text_column(batch, "name")?);
    let (supervisors, branch) = (text_column(batch, "supervisor")?, code_column(batch, "branch")?);
    Ok(ids
        .into_iter()
        .zip(names)
        .zip(supervisors)
        .zip(branch)
        .map(|(((id, name), supervisor), branch)| {
            (id.unwrap_or_default(), ManagerAttributes { name, supervisor, branch })
        })
        .collect())
}

/// Products in id order with their attributes.
pub(crate) fn read_products(batch: &RecordBatch) -> Result<Vec<(String, ProductAttributes)>> {
    let (ids, names) = (text_column(batch, "id")?, text_column(batch, "name")?);
    Ok(ids
        .into_iter()
        .zip(names)
        .zip(code_column(batch, "category")?)
        .map(|((id, name), category)| (id.unwrap_or_default(), ProductAttributes { name, category }))
        .collect())
}

/// All targets.
pub(crate) fn read_targets(batch: &RecordBatch) -> Result<Vec<TargetRow>> {
    let (manager, account) = (code_column(batch, "manager")?, code_column(batch, "account")?);
    let (product, category) = (code_column(batch, "product")?, code_column(batch, "category")?);
    let (region, segment) = (code_column(batch, "region")?, code_column(batch, "segment")?);
    let branch = code_column(batch, "branch")?;
    let (from, to, kpi) = (day_column(batch, "from")?, day_column(batch, "to")?, text_column(batch, "kpi")?);
    let values = value_column(batch)?;
    Ok((0..batch.num_rows())
        .map(|row| TargetRow {
            manager: manager[row],
            account: account[row],
            product: product[row],
            category: category[row],
            region: region[row],
            segment: segment[row],
            branch: branch[row],
            from: from[row],
            to: to[row],
            kpi: kpi[row].clone().unwrap_or_default(),
            value: values.value(row),
        })
        .collect())
}

/// All market sizes.
pub(crate) fn read_market(batch: &RecordBatch) -> Result<Vec<MarketRow>> {
    let (category, region, segment) =
        (code_column(batch, "category")?, code_column(batch, "region")?, code_column(batch, "segment")?);
    let (from, to, kpi) = (day_column(batch, "from")?, day_column(batch, "to")?, text_column(batch, "kpi")?);
    let values = value_column(batch)?;
    Ok((0..batch.num_rows())
        .map(|row| MarketRow {
            category: category[row],
            region: region[row],
            segment: segment[row],
            from: from[row],
            to: to[row],
            kpi: kpi[row].clone().unwrap_or_default(),
            value: values.value(row),
        })
        .collect())
}

fn value_column(batch: &RecordBatch) -> Result<&Decimal128Array> {
    batch
        .column_by_name("value")
        .and_then(|array| array.as_primitive_opt::<Decimal128Type>())
        .ok_or_else(|| LakeError::Data { doing: "cannot read a panel", reason: "values".to_owned() })
}

impl Draft {
    /// A draft that goes on from a finished panel.
    pub(crate) fn from_sealed(sealed: Sealed) -> Self {
        let mut draft = Self {
            account_keys: sealed.account_keys,
            account_sums: sealed.account_sums,
            orders: sealed.orders,
            shared: sealed.shared,
            product_keys: sealed.product_keys,
            product_sums: sealed.product_sums,
            ..Self::default()
        };
        // The lists are in order of their codes, so interning them in order gives the same codes again.
        let texts = &mut draft.texts;
        for (id, _) in &sealed.accounts {
            texts.accounts.code(Some(id));
        }
        for (id, _) in &sealed.managers {
            texts.managers.code(Some(id));
        }
        for (id, _) in &sealed.products {
            texts.products.code(Some(id));
        }
        for (interner, list) in [
            (&mut texts.account_names, &sealed.account_names),
            (&mut texts.manager_names, &sealed.manager_names),
            (&mut texts.product_names, &sealed.product_names),
            (&mut texts.categories, &sealed.categories),
            (&mut texts.regions, &sealed.regions),
            (&mut texts.segments, &sealed.segments),
            (&mut texts.branches, &sealed.branches),
            (&mut texts.units, &sealed.units),
            (&mut texts.currencies, &sealed.currencies),
        ] {
            for text in list {
                interner.code(Some(text));
            }
        }
        draft
    }
}
