//! Fits BG/NBD, MBG/NBD and Gamma-Gamma to purchases and holds them against what came after.
//!
//! ```sh
//! cargo run --release -p takar-stats --example alive -- purchases.csv --calibration-end 1997-09-30
//! ```
//!
//! `purchases.csv` has the columns customer, date and, if values matter, amount. Several purchases of a customer on one day
//! are one order, their amounts add up; a day that adds up to less than 0 is a return and left out. A file with the columns
//! frequency (x), recency (t_x) and T, and perhaps the mean amount, is taken as already summed up.

#[expect(dead_code, reason = "shared with examples that read panels")]
mod support;

use std::{collections::BTreeMap, path::Path, process::ExitCode, time::Instant};

use jiff::civil::Date;
use serde::Serialize;
use support::{Arguments, Fault, Result, Row, Table};
use takar_stats::{
    Estimate, Level,
    alive::{PurchaseFit, PurchaseModel, Purchases, Spending, Unit, ValueFit, ValueModel},
};

const USAGE: &str = "\
usage: alive purchases.csv --calibration-end DATE [--holdout-end DATE] [--unit weeks|days] [--regular] [--format text|json]
       alive summary.csv [--regular] [--format text|json]

purchases.csv: customer, date (2025-12-31 or 20251231) [, amount]
summary.csv:   frequency, recency, T [, mean amount], in any one unit of time
--regular      fits MBG/CNBD-k too, for regular ordering (purchases only)";

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> Result<()> {
    let options = ["--calibration-end", "--holdout-end", "--unit", "--format"];
    let arguments = Arguments::take(USAGE, &options, &["--regular"])?;
    let file = arguments.only("file")?;
    let format = arguments.choice("--format", &["text", "json"])?;
    let table = Table::read(Path::new(file))?;
    let sample = match summed_up(&table)? {
        Some(sample) => sample,
        None => calibrate(&table, &arguments)?,
    };
    let report = judge(file, &sample, arguments.option("--regular").is_some())?;
    if format == "json" {
        println!("{}", serde_json::to_string_pretty(&report).map_err(|error| Fault(error.to_string()))?);
    } else {
        report.print();
    }
    Ok(())
}

/// The customers as the models see them.
struct Sample {
    unit: Option<Unit>,
    calibration_end: Option<Date>,
    purchases: Vec<Purchases>,
    /// What each spends on a repeat order.
    spending: Vec<Option<Spending>>,
    returns_left_out: usize,
    holdout: Option<Holdout>,
}

/// What came after the calibration, for each customer.
struct Holdout {
    end: Date,
    length: f64,
    orders: Vec<u32>,
    amount: Option<f64>,
}

/// A file that has one row for each customer already.
fn summed_up(table: &Table) -> Result<Option<Sample>> {
    let (Some(x), Some(t_x), Some(age)) = (
        table.find(&["frequency", "x", "repeats"]),
        table.find(&["recency", "t_x", "tx"]),
        table.find(&["t", "age", "t_cal"]),
    ) else {
        return Ok(None);
    };
    let mean = table.find(&["zbar", "mean_amount", "monetary_value", "mean", "m"]);
    let mut sample = Sample {
        unit: None,
        calibration_end: None,
        purchases: Vec::new(),
        spending: Vec::new(),
        returns_left_out: 0,
        holdout: None,
    };
    for row in table.rows() {
        let repeats = row.number(x)?;
        if repeats.fract() != 0.0 || !(0.0..=f64::from(Purchases::MOST_REPEATS)).contains(&repeats) {
            return Err(row.fault(x, "is not a count"));
        }
        let account = Purchases::new(repeats as u32, row.number(t_x)?, row.number(age)?);
        sample.purchases.push(account.map_err(|error| row.fault(t_x, &format!("cannot be: {error}")))?);
        let mean = mean.map(|mean| row.number(mean)).transpose()?;
        sample.spending.push(mean.and_then(|mean| Spending::new(repeats as u32, mean).ok()));
    }
    Ok(Some(sample))
}

/// Days with an order and what they add up to, for each customer in the order of their names.
type Orders<'a> = BTreeMap<&'a str, BTreeMap<Date, f64>>;

fn calibrate(table: &Table, arguments: &Arguments) -> Result<Sample> {
    let calibration_end =
        arguments.day("--calibration-end")?.ok_or_else(|| arguments.fault("--calibration-end is needed"))?;
    let unit = match arguments.choice("--unit", &["weeks", "days"])? {
        "days" => Unit::Days,
        _ => Unit::Weeks,
    };
    let (orders, with_amounts, returns_left_out) = read_orders(table)?;
    let last = orders.values().filter_map(|days| days.keys().next_back()).max().copied();
    let holdout_end = arguments.day("--holdout-end")?.or(last).filter(|&end| end > calibration_end);

    let origin = Date::constant(1970, 1, 1);
    let number = |day: Date| (day - origin).get_days();
    let today = number(calibration_end);
    let mut sample = Sample {
        unit: Some(unit),
        calibration_end: Some(calibration_end),
        purchases: Vec::new(),
        spending: Vec::new(),
        returns_left_out,
        holdout: None,
    };
    let (mut ahead, mut amount_ahead) = (Vec::new(), 0.0);
    for days in orders.values() {
        let numbers: Vec<i32> = days.keys().map(|&day| number(day)).collect();
        let Some(account) = Purchases::from_days(&numbers, today, unit)? else { continue };
        let known = account.repeats() as usize + 1;
        let repeat_total: f64 = days.values().take(known).skip(1).sum();
        sample.purchases.push(account);
        sample.spending.push(Spending::new(account.repeats(), repeat_total / f64::from(account.repeats().max(1))).ok());
        let later = || days.iter().skip(known).take_while(|(day, _)| holdout_end.is_some_and(|end| **day <= end));
        ahead.push(later().count() as u32);
        amount_ahead += later().map(|(_, amount)| amount).sum::<f64>();
    }
    sample.holdout = holdout_end.map(|end| Holdout {
        end,
        length: f64::from(number(end) - today) / unit.days(),
        orders: ahead,
        amount: with_amounts.then_some(amount_ahead),
    });
    Ok(sample)
}

fn read_orders(table: &Table) -> Result<(Orders<'_>, bool, usize)> {
    let customer = table.need(
        "the customer",
        &["customer", "customer_id", "account", "account_id", "id", "pelanggan", "kode_pelanggan"],
    )?;
    let date = table.need("the date", &["date", "order_date", "invoice_date", "purchase_date", "tanggal"])?;
    let amount =
        table.find(&["amount", "amount_usd", "net", "net_sales", "sales", "value", "total", "netto", "jumlah"]);
    let mut orders = Orders::new();
    let read = |row: &Row<'_>| amount.map_or(Ok(0.0), |amount| row.number(amount));
    for row in table.rows() {
        let days = orders.entry(row.text(customer)?).or_default();
        *days.entry(row.day(date)?).or_insert(0.0) += read(&row)?;
    }
    let mut returns = 0;
    for days in orders.values_mut() {
        let before = days.len();
        days.retain(|_, amount| *amount >= 0.0);
        returns += before - days.len();
    }
    Ok((orders, amount.is_some(), returns))
}

/// What is printed.
#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    unit: Option<Unit>,
    #[serde(serialize_with = "as_text")]
    calibration_end: Option<Date>,
    #[serde(serialize_with = "as_text")]
    holdout_end: Option<Date>,
    customers: usize,
    returns_left_out: usize,
    models: Vec<Purchase>,
    /// Gamma-Gamma, or why there is none.
    value: std::result::Result<Value, String>,
}

/// A date as `2025-12-31`.
fn as_text<S: serde::Serializer>(date: &Option<Date>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(serializer)
}

#[derive(Serialize)]
struct Purchase {
    #[serde(flatten)]
    fit: PurchaseFit,
    fit_seconds: f64,
    /// Repeat orders up to the calibration's end: what the model says of customers of this age, and what there were.
    calibration: Comparison,
    holdout: Option<HoldoutComparison>,
}

#[derive(Serialize)]
struct Comparison {
    expected: f64,
    actual: f64,
}

#[derive(Serialize)]
struct HoldoutComparison {
    expected: Estimate,
    actual: f64,
    by_frequency: Vec<Class>,
}

#[derive(Serialize)]
struct Class {
    repeats: String,
    customers: usize,
    expected: f64,
    actual: f64,
}

#[derive(Serialize)]
struct Value {
    #[serde(flatten)]
    fit: ValueFit,
    fit_seconds: f64,
    population_mean: Option<f64>,
    /// Amount in the holdout: orders expected by MBG/NBD times the value of an order.
    holdout: Option<Comparison>,
}

fn judge<'a>(file: &'a str, sample: &Sample, regular: bool) -> Result<Report<'a>> {
    let mut models = vec![
        purchase(sample, || PurchaseModel::bg_nbd().fit(&sample.purchases))?,
        purchase(sample, || PurchaseModel::mbg_nbd().fit(&sample.purchases))?,
    ];
    let value = value(sample, &models[1].fit).map_err(|fault| fault.0);
    if regular {
        models.push(purchase(sample, || PurchaseModel::most_likely(&sample.purchases, Level::P95))?);
    }
    Ok(Report {
        file,
        unit: sample.unit,
        calibration_end: sample.calibration_end,
        holdout_end: sample.holdout.as_ref().map(|holdout| holdout.end),
        customers: sample.purchases.len(),
        returns_left_out: sample.returns_left_out,
        models,
        value,
    })
}

fn purchase(sample: &Sample, fit: impl FnOnce() -> takar_stats::Result<PurchaseFit>) -> Result<Purchase> {
    let start = Instant::now();
    let fit = fit()?;
    let fit_seconds = start.elapsed().as_secs_f64();
    // Customers of one age are expected to have ordered alike.
    let mut of_age: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    for account in &sample.purchases {
        of_age.entry(account.age().to_bits()).or_insert((account.age(), 0.0)).1 += 1.0;
    }
    let mut expected = 0.0;
    for (age, customers) in of_age.values() {
        expected += customers * fit.process.expected_since_first(*age)?;
    }
    let actual = sample.purchases.iter().map(|account| f64::from(account.repeats())).sum();
    let holdout = sample.holdout.as_ref().map(|holdout| compare(sample, holdout, &fit)).transpose()?;
    Ok(Purchase { fit, fit_seconds, calibration: Comparison { expected, actual }, holdout })
}

fn compare(sample: &Sample, holdout: &Holdout, fit: &PurchaseFit) -> Result<HoldoutComparison> {
    /// Customers with so many repeat orders or more are one class.
    const LAST_CLASS: u32 = 7;
    let mut classes: Vec<Class> = (0..=LAST_CLASS)
        .map(|repeats| Class {
            repeats: if repeats == LAST_CLASS { format!("{repeats}+") } else { repeats.to_string() },
            customers: 0,
            expected: 0.0,
            actual: 0.0,
        })
        .collect();
    for (account, &orders) in sample.purchases.iter().zip(&holdout.orders) {
        let class = &mut classes[account.repeats().min(LAST_CLASS) as usize];
        class.customers += 1;
        class.expected += fit.orders_ahead(account, holdout.length)?.mean();
        class.actual += f64::from(orders);
    }
    Ok(HoldoutComparison {
        expected: fit.total_ahead(&sample.purchases, holdout.length)?,
        actual: classes.iter().map(|class| class.actual).sum(),
        by_frequency: classes,
    })
}

fn value(sample: &Sample, orders: &PurchaseFit) -> Result<Value> {
    let spending: Vec<Spending> = sample.spending.iter().flatten().copied().collect();
    let start = Instant::now();
    let fit = ValueModel::new().fit(&spending)?;
    let fit_seconds = start.elapsed().as_secs_f64();
    let population_mean = fit.population_mean();
    let mut holdout = None;
    if let Some((holdout_here, actual)) = sample.holdout.as_ref().and_then(|holdout| Some((holdout, holdout.amount?))) {
        let mut expected = Some(0.0);
        for (account, spending) in sample.purchases.iter().zip(&sample.spending) {
            let value = spending.map_or(population_mean, |spending| fit.expected_value(&spending));
            let orders = orders.orders_ahead(account, holdout_here.length)?.mean();
            expected = expected.zip(value).map(|(sum, value)| sum + orders * value);
        }
        holdout = expected.map(|expected| Comparison { expected, actual });
    }
    Ok(Value { fit, fit_seconds, population_mean, holdout })
}

impl Report<'_> {
    fn print(&self) {
        print!("{}: {} customers", self.file, self.customers);
        if let (Some(unit), Some(end)) = (self.unit, self.calibration_end) {
            print!(", up to {end}, in {}", if unit == Unit::Days { "days" } else { "weeks" });
        }
        println!();
        if self.returns_left_out > 0 {
            println!("{} days that add up to less than 0 are left out", self.returns_left_out);
        }
        for model in &self.models {
            model.print(self.holdout_end);
        }
        match &self.value {
            Ok(value) => value.print(),
            Err(reason) => println!("\nGamma-Gamma: none ({reason})"),
        }
    }
}

fn print_parameter(name: &str, parameter: &takar_stats::alive::Parameter) {
    let uncertainty = match parameter.interval {
        Some(interval) => {
            format!("{:.0} %: {:.4} to {:.4}", interval.level.share() * 100.0, interval.low, interval.high)
        }
        None if parameter.at_bound => "held at its bound".to_owned(),
        None => "unknown uncertainty".to_owned(),
    };
    println!("  {name:<6} {:>12.4}   {uncertainty}", parameter.value);
}

impl Purchase {
    fn print(&self, holdout_end: Option<Date>) {
        println!("\n{} (n = {}, fitted in {:.3} s)", self.fit.process.variant(), self.fit.n, self.fit_seconds);
        for (name, parameter) in
            [("r", &self.fit.r), ("alpha", &self.fit.alpha), ("a", &self.fit.a), ("b", &self.fit.b)]
        {
            print_parameter(name, parameter);
        }
        println!("  log-likelihood {:.2}", self.fit.log_likelihood);
        println!(
            "  repeat orders in the calibration: expected {:.1}, actual {}",
            self.calibration.expected, self.calibration.actual
        );
        let (Some(holdout), Some(end)) = (&self.holdout, holdout_end) else { return };
        let Estimate { value, interval, .. } = &holdout.expected;
        println!(
            "  orders in the holdout to {end}: expected {value:.1} ({:.0} %: {:.1} to {:.1}), actual {}",
            interval.level.share() * 100.0,
            interval.low,
            interval.high,
            holdout.actual
        );
        println!("  {:>8} {:>10} {:>10} {:>8}", "repeats", "customers", "expected", "actual");
        for class in &holdout.by_frequency {
            println!("  {:>8} {:>10} {:>10.1} {:>8}", class.repeats, class.customers, class.expected, class.actual);
        }
    }
}

impl Value {
    fn print(&self) {
        println!("\n{} (n = {}, fitted in {:.3} s)", self.fit.model, self.fit.n, self.fit_seconds);
        for (name, parameter) in [("p", &self.fit.p), ("q", &self.fit.q), ("gamma", &self.fit.gamma)] {
            print_parameter(name, parameter);
        }
        println!("  log-likelihood {:.2}", self.fit.log_likelihood);
        if let Some(correlation) = self.fit.correlation {
            let verdict =
                if self.fit.is_contradicted() { "too high for this model" } else { "low enough for this model" };
            println!("  correlation of orders and amount {:.3} ({verdict})", correlation.value);
        }
        if let Some(mean) = self.population_mean {
            println!("  expected amount of an order, all customers: {mean:.2}");
        }
        if let Some(holdout) = &self.holdout {
            println!(
                "  amount in the holdout (orders by MBG/NBD): expected {:.2}, actual {:.2}",
                holdout.expected, holdout.actual
            );
        }
    }
}
