//! `takar simulate`.

use anyhow::Result;
use takar_model::Lang;
use takar_testkit::Simulation;

use crate::{args::Simulate, output};

/// Makes a simulated company in a folder and says what it holds.
pub fn run(asked: &Simulate, lang: Lang) -> Result<()> {
    // What is too many to count is refused as too many, not cut.
    let many = |asked: Option<u64>| asked.map(|asked| u32::try_from(asked).unwrap_or(u32::MAX));
    let usual = Simulation::default();
    let end = usual.first_month.plus(i32::try_from(usual.months).unwrap_or(i32::MAX));
    let simulation = Simulation {
        lines: asked.lines,
        seed: asked.seed,
        months: asked.months,
        first_month: end.plus(i32::try_from(asked.months).unwrap_or(i32::MAX).saturating_neg()),
        accounts: many(asked.accounts),
        managers: many(asked.managers),
        names_on_lines: !asked.lean,
    };
    let truth = takar_testkit::simulate(&simulation, &asked.out, &|_, _| {})?;
    let count = |number: u64| lang.group(i128::from(number));
    let (lines, orders, accounts) =
        (count(truth.totals.lines), count(truth.totals.orders), count(truth.totals.accounts));
    let net = truth.totals.net.format(lang, 0);
    let folder = asked.out.display();
    output::line(&match lang {
        Lang::Id => format!(
            "{folder}: {lines} baris, {orders} pesanan, {accounts} akun, netto {net}; kebenarannya di truth.json"
        ),
        Lang::En => format!(
            "{folder}: {lines} lines, {orders} orders, {accounts} accounts, net {net}; the truth is in truth.json"
        ),
    })
}
