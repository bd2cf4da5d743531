//! `takar simulate`.

use anyhow::Result;
use takar_model::Lang;
use takar_testkit::Simulation;

use crate::{args::Simulate, output};

/// Makes a simulated company in a folder and says what it holds.
pub fn run(asked: &Simulate, lang: Lang) -> Result<()> {
    let simulation =
        Simulation { lines: asked.lines, seed: asked.seed, names_on_lines: !asked.lean, ..Simulation::default() };
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
