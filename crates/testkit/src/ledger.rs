//! The invoices as the company exports them: `penjualan.csv`, numbered and in order of date, and their sums.

use std::io::{self, Write};

use rayon::prelude::*;
use takar_model::Money;

use crate::{
    company::Company,
    orders::{Batch, Invoice, Line},
    truth::Totals,
    words::{CATEGORIES, SEGMENTS},
};

/// The header of `penjualan.csv`.
pub const SALES_HEADER: &str = "no_faktur,no_baris,tanggal,kode_pelanggan,nama_pelanggan,kode_sales,nama_sales,\
kode_barang,nama_barang,kategori,jumlah,satuan,harga_satuan,diskon,netto,hpp,wilayah,segmen,cabang,mata_uang";

/// The header of `penjualan.csv` without what the master files tell.
pub const LEAN_SALES_HEADER: &str =
    "no_faktur,no_baris,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,harga_satuan,diskon,netto,hpp";

/// Invoices written by one thread at a time.
const INVOICES_AT_ONCE: usize = 4_096;

/// What an account's invoices sum to.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccountSum {
    pub(crate) lines: u64,
    pub(crate) net: i64,
    /// Net of each month, in rupiah.
    pub(crate) month_net: Vec<i64>,
    /// The days of its orders, in order.
    pub(crate) order_days: Vec<u32>,
}

/// The sums over everything written so far.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) accounts: Vec<AccountSum>,
    /// Net of each manager, in rupiah.
    pub(crate) manager_net: Vec<i64>,
    pub(crate) manager_lines: Vec<u64>,
    /// Lines and net of each month.
    pub(crate) months: Vec<(u64, i64)>,
    /// Unsold quantity of each stock-out.
    pub(crate) unsold: Vec<i64>,
    /// By month, then by branch and product: the quantity that was sold, less what came back.
    pub(crate) sold: Vec<Vec<i64>>,
    return_lines: u64,
    return_net: i64,
    units: i64,
    cost: i64,
}

/// One invoice with its number and its lines.
struct Numbered<'a> {
    invoice: &'a Invoice,
    lines: &'a [Line],
    number: u32,
}

/// The parts of a line that recur.
pub(crate) struct Phrases {
    /// Number prefixes of each month, of invoices and of returns.
    months: Vec<(String, String)>,
    /// Account and its name.
    accounts: Vec<String>,
    /// Manager and name.
    managers: Vec<String>,
    /// Product, name and category.
    products: Vec<String>,
    /// Unit of each product.
    units: Vec<&'static str>,
    /// Region, segment, branch and currency of each account.
    places: Vec<String>,
}

impl Phrases {
    pub(crate) fn new(company: &Company, names_on_lines: bool) -> Self {
        let months = company.calendar.months.iter().map(|span| {
            let stamp = format!("{:02}{:02}", span.month.year() % 100, span.month.number());
            (format!("FK-{stamp}-"), format!("RET-{stamp}-"))
        });
        let accounts = company.accounts.iter().map(|account| match names_on_lines {
            true => format!("{},{},", account.code, account.name),
            false => format!("{},", account.code),
        });
        let managers = company.managers.iter().map(|manager| match names_on_lines {
            true => format!("{},{},", manager.code, manager.name),
            false => format!("{},", manager.code),
        });
        let products = company.products.iter().map(|product| match names_on_lines {
            true => format!("{},{},{},", product.code, product.name, CATEGORIES[product.category].name),
            false => format!("{},", product.code),
        });
        let units = company.products.iter().map(|product| match names_on_lines {
            true => CATEGORIES[product.category].unit,
            false => "",
        });
        let places = company.accounts.iter().map(|account| {
            let branch = &company.branches[account.branch];
            match names_on_lines {
                true => format!(",{},{},{},IDR", branch.region, SEGMENTS[account.segment].name, branch.name),
                false => String::new(),
            }
        });
        Self {
            months: months.collect(),
            accounts: accounts.collect(),
            managers: managers.collect(),
            products: products.collect(),
            units: units.collect(),
            places: places.collect(),
        }
    }
}

impl Ledger {
    pub(crate) fn new(company: &Company) -> Self {
        let months = company.calendar.months.len();
        Self {
            accounts: vec![AccountSum { month_net: vec![0; months], ..AccountSum::default() }; company.accounts.len()],
            manager_net: vec![0; company.managers.len()],
            manager_lines: vec![0; company.managers.len()],
            months: vec![(0, 0); months],
            unsold: vec![0; company.stock_outs.len()],
            sold: vec![vec![0; company.branches.len() * company.products.len()]; months],
            return_lines: 0,
            return_net: 0,
            units: 0,
            cost: 0,
        }
    }

    /// Numbers, sums and writes the invoices of a month.
    pub(crate) fn write_month(
        &mut self,
        company: &Company,
        phrases: &Phrases,
        month: usize,
        batches: &[Batch],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let invoices = number(batches);
        for (stock_out, quantity) in batches.iter().flat_map(|batch| &batch.unsold) {
            self.unsold[*stock_out] += quantity;
        }
        for numbered in &invoices {
            self.add(company, month, numbered);
        }
        let pages: Vec<Vec<u8>> = invoices
            .par_chunks(INVOICES_AT_ONCE)
            .map(|chunk| {
                let mut page = Vec::with_capacity(chunk.len() * 600);
                for numbered in chunk {
                    write_invoice(company, phrases, month, numbered, &mut page);
                }
                page
            })
            .collect();
        pages.iter().try_for_each(|page| out.write_all(page))
    }

    fn add(&mut self, company: &Company, month: usize, numbered: &Numbered<'_>) {
        let invoice = numbered.invoice;
        let shelves = company.accounts[invoice.account as usize].branch * company.products.len();
        let account = &mut self.accounts[invoice.account as usize];
        let count = numbered.lines.len() as u64;
        let net: i64 = numbered.lines.iter().map(|line| line.net()).sum();
        account.lines += count;
        account.net += net;
        account.month_net[month] += net;
        if invoice.is_return {
            self.return_lines += count;
            self.return_net += net;
        } else {
            account.order_days.push(invoice.day);
        }
        self.manager_net[invoice.manager as usize] += net;
        self.manager_lines[invoice.manager as usize] += count;
        self.months[month].0 += count;
        self.months[month].1 += net;
        for line in numbered.lines {
            self.units += i64::from(line.quantity);
            self.cost += line.total_cost();
            self.sold[month][shelves + usize::from(line.product)] += i64::from(line.quantity);
        }
    }

    /// Lines written so far.
    pub(crate) fn lines(&self) -> u64 {
        self.months.iter().map(|(lines, _)| lines).sum()
    }

    /// The sums for `truth.json`.
    pub(crate) fn totals(&self) -> Totals {
        Totals {
            lines: self.lines(),
            return_lines: self.return_lines,
            orders: self.accounts.iter().map(|account| account.order_days.len() as u64).sum(),
            accounts: self.accounts.iter().filter(|account| account.lines > 0).count() as u64,
            units: self.units,
            net: rupiah(self.months.iter().map(|(_, net)| net).sum()),
            return_net: rupiah(self.return_net),
            cost: rupiah(self.cost),
            lost_to_stock_out: self.unsold.iter().sum(),
        }
    }
}

/// Whole rupiah as money.
pub(crate) fn rupiah(whole: i64) -> Money {
    Money::from_units(i128::from(whole) * Money::ONE)
}

/// The invoices of a month by day, within the day by chance, each kind numbered from 1.
fn number(batches: &[Batch]) -> Vec<Numbered<'_>> {
    let mut invoices: Vec<Numbered<'_>> = batches
        .iter()
        .flat_map(|batch| {
            batch.invoices.iter().map(|invoice| {
                let first = invoice.first as usize;
                Numbered { invoice, lines: &batch.lines[first..first + invoice.count as usize], number: 0 }
            })
        })
        .collect();
    // Stable, so that a tie falls to the account that comes first, on any count of threads.
    invoices.par_sort_by_key(|numbered| (numbered.invoice.day, numbered.invoice.shuffle));
    let (mut orders, mut returns) = (0, 0);
    for numbered in &mut invoices {
        let count = if numbered.invoice.is_return { &mut returns } else { &mut orders };
        *count += 1;
        numbered.number = *count;
    }
    invoices
}

fn write_invoice(company: &Company, phrases: &Phrases, month: usize, numbered: &Numbered<'_>, page: &mut Vec<u8>) {
    let invoice = numbered.invoice;
    let (order_prefix, return_prefix) = &phrases.months[month];
    let prefix = if invoice.is_return { return_prefix } else { order_prefix };
    for (place, line) in numbered.lines.iter().enumerate() {
        page.extend_from_slice(prefix.as_bytes());
        push_padded(page, numbered.number);
        page.push(b',');
        push_whole(page, place as i64 + 1);
        page.push(b',');
        page.extend_from_slice(company.calendar.text[invoice.day as usize].as_bytes());
        page.push(b',');
        page.extend_from_slice(phrases.accounts[invoice.account as usize].as_bytes());
        page.extend_from_slice(phrases.managers[invoice.manager as usize].as_bytes());
        page.extend_from_slice(phrases.products[usize::from(line.product)].as_bytes());
        push_whole(page, i64::from(line.quantity));
        let unit = phrases.units[usize::from(line.product)];
        if !unit.is_empty() {
            page.push(b',');
            page.extend_from_slice(unit.as_bytes());
        }
        page.push(b',');
        push_whole(page, i64::from(line.price));
        page.push(b',');
        push_points(page, line.discount);
        page.push(b',');
        push_whole(page, line.net());
        page.push(b',');
        push_whole(page, line.total_cost());
        page.extend_from_slice(phrases.places[invoice.account as usize].as_bytes());
        page.push(b'\n');
    }
}

/// Plain digits with an optional minus.
fn push_whole(page: &mut Vec<u8>, value: i64) {
    if value < 0 {
        page.push(b'-');
    }
    let mut digits = [0_u8; 20];
    let mut begin = digits.len();
    let mut left = value.unsigned_abs();
    loop {
        begin -= 1;
        digits[begin] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    page.extend_from_slice(&digits[begin..]);
}

/// At least five digits.
fn push_padded(page: &mut Vec<u8>, value: u32) {
    let mut least = 10_000;
    while least > value && least > 1 {
        page.push(b'0');
        least /= 10;
    }
    push_whole(page, i64::from(value));
}

/// Points as a rate: 5 is `0.05`, 10 is `0.1`.
fn push_points(page: &mut Vec<u8>, points: u8) {
    page.push(b'0');
    if points > 0 {
        page.extend_from_slice(&[b'.', b'0' + points / 10]);
        if !points.is_multiple_of(10) {
            page.push(b'0' + points % 10);
        }
    }
}
