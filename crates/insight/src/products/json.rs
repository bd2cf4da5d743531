//! Products as JSON.

use serde::Serialize;
use takar_model::{Credit, Lang, Money};

use super::{ProductRow, Products, Said};
use crate::InsightError;

#[derive(Serialize)]
struct ProductsJson<'a> {
    period: String,
    base: Option<String>,
    by: &'static str,
    rows: Vec<RowJson<'a>>,
    total_rows: usize,
    without: Money,
    together: Vec<PairJson<'a>>,
    pairs: usize,
    summary: Vec<String>,
    notes: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    net_sales: Money,
    base_sales: Option<Money>,
    buyers: usize,
    began: Option<usize>,
    stopped: Option<usize>,
    /// Change a year as a share of the usual month; told only where it stands out.
    trend: Option<f64>,
    trend_p: Option<f64>,
    trend_months: Option<usize>,
    stands_out: bool,
    complaints: SaidJson,
    requests: SaidJson,
}

#[derive(Serialize)]
struct SaidJson {
    times: u64,
    accounts: usize,
    worth: Money,
}

#[derive(Serialize)]
struct PairJson<'a> {
    stopped: &'a str,
    began: &'a str,
    both: usize,
    lift: f64,
    p: f64,
    n: usize,
    words: String,
}

impl From<Said> for SaidJson {
    fn from(Said { times, accounts, worth }: Said) -> Self {
        Self { times, accounts, worth }
    }
}

impl<'a> RowJson<'a> {
    fn of(row: &'a ProductRow) -> Self {
        let trend = row.trend.as_ref();
        let stands_out = trend.is_some_and(|(_, _, stands_out)| *stands_out);
        Self {
            id: &row.id,
            name: row.name.as_deref(),
            net_sales: row.net_sales,
            base_sales: row.base_sales,
            buyers: row.buyers,
            began: row.moved.map(|moved| moved.began),
            stopped: row.moved.map(|moved| moved.stopped),
            trend: trend.filter(|_| stands_out).and_then(|(trend, _, _)| trend.yearly_rate()),
            trend_p: trend.and_then(|(_, p, _)| *p),
            trend_months: trend.map(|(trend, _, _)| trend.test.n),
            stands_out,
            complaints: row.complaints.into(),
            requests: row.requests.into(),
        }
    }
}

impl Products {
    /// As JSON for a reader of `lang`: `limit` rows from `offset` on.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang, offset: usize, limit: usize) -> Result<String, InsightError> {
        let pair = |pair: &'_ super::Together| self.pair_said(pair, lang);
        let answer = ProductsJson {
            period: self.period.to_string(),
            base: self.base.map(|base| base.to_string()),
            by: self.by.id(),
            rows: self.rows.iter().skip(offset).take(limit).map(RowJson::of).collect(),
            total_rows: self.rows.len(),
            without: self.without,
            together: self
                .together
                .iter()
                .take(limit)
                .map(|one| PairJson {
                    stopped: &one.stopped.0,
                    began: &one.began.0,
                    both: one.both,
                    lift: one.lift,
                    p: one.p,
                    n: one.n,
                    words: pair(one),
                })
                .collect(),
            pairs: self.pairs,
            summary: self.summary(lang),
            notes: self.notes(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        };
        serde_json::to_string(&answer).map_err(|error| InsightError::Unwritable(error.to_string()))
    }
}
