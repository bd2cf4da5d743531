//! Prospects that nobody has contacted.

use takar_model::{Money, Text};

use super::{Finding, Happenings, Kind, Member, Rows, Why, book::Book};
use crate::{format::money_of, metrics::NO_ORDER};

const NO_PROSPECTS: Text = Text::new(
    "tidak dicari, karena belum ada calon akun; masukkan dengan: takar import prospects BERKAS",
    "not looked at, because no prospects are imported; do: takar import prospects FILE",
);
/// So many days somebody may take for a first contact.
const PATIENCE: i32 = 7;
/// The fewest accounts of which a median is told.
const LEAST: usize = 5;
/// Stages in which there is nothing more to do.
const OVER: [&str; 12] = [
    "won",
    "lost",
    "closed",
    "menang",
    "kalah",
    "batal",
    "gugur",
    "tutup",
    "gagal",
    "selesai",
    "converted",
    "rejected",
];

pub(super) fn look(book: &Book<'_>, happenings: &Happenings) -> Result<Vec<Finding>, Text> {
    let prospects = happenings.prospects.as_ref().ok_or(NO_PROSPECTS)?;
    let usual = usual_first_year(book);
    let found = prospects.iter().filter_map(|prospect| {
        let is_over = prospect.stage.as_ref().is_some_and(|stage| OVER.contains(&stage.trim().to_lowercase().as_str()));
        let is_new = prospect.opened.is_some_and(|opened| opened.plus_days(PATIENCE) > book.today);
        let ids = [Some(&prospect.id), prospect.account.as_ref()];
        let is_touched = ids.into_iter().flatten().any(|id| {
            let touched = happenings.last_touch.get(id);
            touched.is_some_and(|day| prospect.opened.is_none_or(|opened| *day >= opened))
        });
        if is_over || is_new || is_touched {
            return None;
        }
        let told = prospect.amount.filter(|amount| *amount > Money::ZERO);
        let amount = told.map_or(usual, |amount| Some(amount.to_f64()))?;
        Some(Finding {
            kind: Kind::Lead,
            account: Some(Member { id: prospect.id.clone(), name: prospect.name.clone() }),
            item: None,
            manager: book.manager_named(prospect.manager.as_deref()),
            amount: amount * book.rate,
            why: vec![Why::Untouched(prospect.opened), Why::Expected(money_of(amount), told.is_some())],
            mark: prospect.opened.map_or_else(String::new, |day| day.to_string()),
            rows: Rows::Facts("prospects"),
        })
    });
    Ok(found.collect())
}

/// The median that accounts bring in their first year: those that began in the year before the last.
fn usual_first_year(book: &Book<'_>) -> Option<f64> {
    let first = |code: u32| book.first_orders.get(code as usize).copied().unwrap_or(NO_ORDER);
    let before = book.windows[1];
    let began = |code: &u32| (before.from().epoch_days()..=before.to().epoch_days()).contains(&first(*code));
    let bought = |code: u32| {
        let net = book.accounts[code as usize].net;
        net[0].max(net[1])
    };
    let sold = |code: u32| super::book::to_money(bought(code)).to_f64();
    let mut all: Vec<f64> =
        book.codes().map(|(code, _)| code).filter(began).map(sold).filter(|net| *net > 0.0).collect();
    if all.len() < LEAST {
        // Too few are new: what accounts bring at all; of few the mean, so that it is no single account's.
        all = book.codes().filter(|(_, account)| account.net[0] > 0).map(|(code, _)| book.year_net(code)).collect();
        if all.len() < LEAST {
            return (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64);
        }
    }
    all.sort_unstable_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}
