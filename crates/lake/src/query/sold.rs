//! Single sales lines of a window, as they count, handed over one by one.

use takar_import::FactKind;
use takar_insight::{
    metrics::{Dimension, Grain, NONE, SourceError},
    profit::{SoldLine, SoldSource},
};
use takar_model::{Lang, Period};

use super::{
    LakeSource,
    lines::{CODED, Coder, KnownCodes, amount},
};
use crate::{
    error::Result,
    facts::{
        columns::{coded, dates, decimal, text, text_at},
        delta::DataFile,
        scan::{Columns, scan},
        schema::Status,
    },
    panels::build::order_key,
};

impl SoldSource for LakeSource {
    fn sold<T: Send>(
        &self,
        window: Period,
        start: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, &SoldLine) + Sync,
    ) -> std::result::Result<Vec<T>, SourceError> {
        read(self, window, start, take)
            .map_err(|error| SourceError { id: error.message(Lang::Id), en: error.message(Lang::En) })
    }
}

fn read<T: Send>(
    source: &LakeSource,
    window: Period,
    start: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, &SoldLine) + Sync,
) -> Result<Vec<T>> {
    let table = source.lake.table(FactKind::Sales);
    let Some(snapshot) = table.snapshot(source.lake.runtime(), None)? else { return Ok(Vec::new()) };
    let overlaps =
        |file: &DataFile| file.days.is_none_or(|days| days.from() <= window.to() && window.from() <= days.to());
    let files: Vec<DataFile> = snapshot.with_status(Status::Live).filter(|file| overlaps(file)).cloned().collect();
    let grain = [
        Dimension::Account,
        Dimension::Manager,
        Dimension::Product,
        Dimension::Region,
        Dimension::Segment,
        Dimension::Branch,
    ]
    .into_iter()
    .fold(Grain::MONTHS.with_orders(), Grain::with);
    let coder = Coder::new(source, grain);
    let restatement = source.restatement()?;
    let columns = coder.columns_with(&restatement);
    let columns = Columns { only: Some(&columns), coded: &CODED, whole: None };
    let days = window.from().epoch_days()..=window.to().epoch_days();
    let begin = |_: &DataFile| (KnownCodes::default(), Vec::with_capacity(64), start());
    let parts = scan(table.folder(), &files, columns, begin, |(known, buffer, state), batch| {
        let batch = restatement.apply(&batch)?;
        let dates = dates(&batch, "date")?;
        let codes = known.of(&coder, &batch)?;
        let (sources, invoices, accounts) =
            (text(&batch, "source")?, text(&batch, "invoice_no")?, coded(&batch, "account_id")?);
        let (net, quantity, cost) = (decimal(&batch, "net")?, decimal(&batch, "quantity")?, decimal(&batch, "cost")?);
        for row in (0..batch.num_rows()).filter(|row| days.contains(&dates.value(*row))) {
            let day = dates.value(row);
            let key = coder.key(&codes, row, 0);
            let order = order_key((sources.value(row), text_at(invoices, row)), accounts.text(row), day, buffer);
            let line = SoldLine {
                account: key.account,
                manager: key.manager,
                region: key.region,
                segment: key.segment,
                branch: key.branch,
                product: key.product,
                unit: codes[7].get(row).copied().unwrap_or(NONE),
                order: order.0,
                day,
                quantity: amount(quantity, row)?,
                net: amount(net, row)?,
                cost: amount(cost, row)?,
            };
            take(state, &line);
        }
        Ok(())
    })?;
    Ok(parts.into_iter().map(|(_, _, state)| state).collect())
}
