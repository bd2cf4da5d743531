//! Risk in words.

use takar_model::{Lang, Money, Text};

use super::{AccountRisk, Risk};
use crate::{format::Currency, metrics::Value};

impl AccountRisk {
    /// "Orders every 12 ± 3 days, last order 41 days ago".
    pub fn words(&self, lang: Lang) -> String {
        let Some(rhythm) = self.outlook.rhythm else {
            return Text::new("belum pernah memesan", "never ordered").get(lang).to_owned();
        };
        let ago = rhythm.since_last.round() as i64;
        let last = match (lang, ago) {
            (Lang::Id, 0) => "pesanan terakhir di hari terakhir data".to_owned(),
            (Lang::En, 0) => "last order on the last day of the data".to_owned(),
            (Lang::Id, _) => format!("pesanan terakhir {ago} hari lalu"),
            (Lang::En, 1) => "last order 1 day ago".to_owned(),
            (Lang::En, _) => format!("last order {ago} days ago"),
        };
        let number = |value: f64| {
            let places = usize::from(value < 10.0 && value.fract() != 0.0);
            format!("{value:.places$}").replace('.', &lang.decimal_mark().to_string())
        };
        let usual = match (lang, rhythm.mean_gap, rhythm.spread) {
            (Lang::Id, Some(mean), Some(spread)) => format!("memesan tiap {} ± {} hari", number(mean), number(spread)),
            (Lang::Id, Some(mean), None) => format!("dua kali memesan, berjarak {} hari", number(mean)),
            (Lang::En, Some(mean), Some(spread)) => format!("orders every {} ± {} days", number(mean), number(spread)),
            (Lang::En, Some(mean), None) => format!("ordered twice, {} days apart", number(mean)),
            (Lang::Id, None, _) => "baru satu kali memesan".to_owned(),
            (Lang::En, None, _) => "ordered only once".to_owned(),
        };
        format!("{usual}, {last}")
    }
}

impl Risk {
    /// How the accounts stand, in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let overdue: Vec<&AccountRisk> = self.accounts.iter().filter(|account| account.is_overdue()).collect();
        let sales: Money = overdue.iter().map(|account| account.year_sales).sum();
        let (count, all) = (overdue.len(), self.accounts.len());
        let alarms = Value::Rate(self.false_alarms).format(lang);
        let mut sentences = Vec::new();
        if all == 0 {
            sentences
                .push(Text::new("Belum ada akun yang memesan.", "No account has ordered yet.").get(lang).to_owned());
            return sentences;
        }
        if count == 0 {
            sentences.push(match lang {
                Lang::Id => format!("Tidak satu pun dari {all} akun terlambat memesan menurut iramanya sendiri."),
                Lang::En => format!("None of {all} accounts is overdue by its own rhythm."),
            });
        } else {
            sentences.push(match lang {
                Lang::Id => format!(
                    "{count} dari {all} akun terlambat memesan menurut iramanya sendiri; setahun terakhir mereka membeli {}.",
                    currency.money(sales, lang)
                ),
                Lang::En => {
                    let (are, they) = if count == 1 { ("is", "it") } else { ("are", "they") };
                    let bought = currency.money(sales, lang);
                    format!("{count} of {all} accounts {are} overdue by own rhythm; in the last year {they} bought {bought}.")
                }
            });
            sentences.push(match lang {
                Lang::Id => format!(
                    "Di antara yang disebut terlambat, rata-rata paling banyak {alarms} sebenarnya baik-baik saja."
                ),
                Lang::En => format!("Of those called overdue, at most {alarms} are well on average."),
            });
        }
        let once = self
            .accounts
            .iter()
            .filter(|account| account.outlook.rhythm.is_some_and(|known| known.overdue.is_none()))
            .count();
        if once > 0 {
            sentences.push(match lang {
                Lang::Id => format!("{once} akun baru satu kali memesan, jadi belum punya irama sendiri."),
                Lang::En if once == 1 => "1 account ordered only once, so it has no rhythm of its own yet.".to_owned(),
                Lang::En => format!("{once} accounts ordered only once, so they have no rhythm of their own yet."),
            });
        }
        sentences
    }
}
