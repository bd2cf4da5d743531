//! Open offers that nobody has followed up.

use takar_model::{Money, Text};

use super::{Finding, Kind, Member, Offers, Rows, Why, book::Book};

const NO_OFFERS: Text = Text::new(
    "tidak dicari, karena belum ada penawaran; masukkan dengan: takar import offers BERKAS",
    "not looked at, because no offers are imported; do: takar import offers FILE",
);
/// Older offers are dead.
const OLDEST_DAYS: i32 = 365;

pub(super) fn look(book: &Book<'_>, offers: Option<&Offers>, within_days: u16) -> Result<Vec<Finding>, Text> {
    let offers = offers.ok_or(NO_OFFERS)?;
    let accounts = book.names.account.codes();
    let found = offers.open.iter().filter_map(|offer| {
        let age = book.today.epoch_days() - offer.opened.epoch_days();
        if offer.is_followed_up || !(i32::from(within_days) + 1..=OLDEST_DAYS).contains(&age) {
            return None;
        }
        let amount = offer.amount.filter(|amount| *amount > Money::ZERO)?;
        let code = offer.account.as_deref().and_then(|id| accounts.get(id)).copied();
        let account = code.and_then(|code| book.account(code));
        let told = || Some(Member { id: offer.account.clone()?, name: offer.account_name.clone() });
        let now = code.and_then(|code| book.manager(book.accounts[code as usize].manager));
        let rate = code.map_or(book.rate, |code| book.accounts[code as usize].rate);
        Some(Finding {
            kind: Kind::Offer,
            account: account.or_else(told),
            item: Some(Member { id: offer.id.clone(), name: None }),
            manager: now.or_else(|| book.manager_named(offer.manager.as_deref())),
            amount: amount.to_f64() * rate,
            why: vec![Why::NoFollowUp(offer.opened, within_days), Why::Expected(amount, true)],
            mark: offer.opened.to_string(),
            rows: Rows::Facts("offers"),
        })
    });
    Ok(found.collect())
}
