//! Accounts that cost more than they earn.

use takar_model::Text;

use super::{Finding, Happenings, Kind, Measure, Rows, Why, book::Book};
use crate::format::money_of;

const NO_COSTS: Text = Text::new(
    "tidak dicari, karena belum ada biaya melayani akun; masukkan dengan: takar import costs BERKAS",
    "not looked at, because no costs to serve are imported; do: takar import costs FILE",
);
const NO_MARGIN: Text = Text::new(
    "tidak dicari, karena kurang dari 80 % penjualan menyebut biaya barangnya; masukkan kolom biaya bersama penjualan",
    "not looked at, because less than 80 % of sales tell what the goods cost; import sales with their cost",
);

pub(super) fn look(book: &Book<'_>, happenings: &Happenings) -> Result<Vec<Finding>, Text> {
    let costs = happenings.costs.as_ref().ok_or(NO_COSTS)?;
    if book.measure == Measure::Sales {
        return Err(NO_MARGIN);
    }
    let accounts = book.names.account.codes();
    let found = costs.iter().filter_map(|cost| {
        let code = *accounts.get(cost.account.as_str())?;
        let margin = book.margin(code, book.year_net(code));
        let of_hours = happenings.hour_cost.map_or(0.0, |an_hour| cost.hours * an_hour);
        let all = (cost.amount.to_f64() + of_hours) * book.annual;
        (all > margin).then(|| Finding {
            kind: Kind::Cost,
            account: book.account(code),
            item: None,
            manager: book.manager(book.accounts[code as usize].manager),
            amount: all - margin,
            why: vec![Why::Costs { margin: money_of(margin), cost: money_of(all), rows: cost.rows }],
            mark: String::new(),
            rows: Rows::Facts("costs"),
        })
    });
    Ok(found.collect())
}
