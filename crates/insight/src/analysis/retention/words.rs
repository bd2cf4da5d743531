//! Retention in words.

use takar_model::{Lang, Money, Text};
use takar_stats::retention::Status;

use super::Kept;
use crate::{
    format::{Currency, period_name},
    metrics::{Kpi, Value},
};

/// The name of a status.
pub(super) const fn name(status: Status) -> Text {
    match status {
        Status::New => Text::new("Baru", "New"),
        Status::Reactivated => Text::new("Aktif kembali", "Reactivated"),
        Status::Expansion => Text::new("Membeli lebih banyak", "Expansion"),
        Status::Contraction => Text::new("Membeli lebih sedikit", "Contraction"),
        Status::Unchanged => Text::new("Tetap sama", "Unchanged"),
        Status::Lost => Text::new("Hilang", "Lost"),
        Status::Inactive => Text::new("Tidak membeli (retur)", "Not buying (returns)"),
    }
}

pub(super) const fn id(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Reactivated => "reactivated",
        Status::Expansion => "expansion",
        Status::Contraction => "contraction",
        Status::Unchanged => "unchanged",
        Status::Lost => "lost",
        Status::Inactive => "inactive",
    }
}

/// Name and definition of the KPI behind a rate.
pub(super) fn kpi(id: &str) -> Option<(Text, Text)> {
    Kpi::parse(id).ok().map(|kpi| (kpi.name, kpi.definition))
}

impl Kept {
    /// What became of the accounts, in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let (now, then) = (period_name(self.windows.current, lang), period_name(self.windows.base, lang));
        let bar = |status| self.bars.iter().find(|bar| bar.status == status).copied();
        let rate = |value: f64| Value::Rate(value).format(lang);
        let mut sentences = Vec::new();
        let (kept, all) = (self.rates.retained_accounts, self.rates.base_accounts);
        match self.rates.logo {
            Some(logo) => {
                let (low, high) = (rate(logo.interval.low), rate(logo.interval.high));
                sentences.push(match lang {
                    Lang::Id => format!(
                        "Dari {all} akun yang membeli pada {then}, {kept} membeli lagi pada {now} ({}, kisaran 95%: {low} sampai {high}).",
                        rate(logo.value)
                    ),
                    Lang::En => format!(
                        "Of {all} accounts that bought in {then}, {kept} bought again in {now} ({}, 95% interval {low} to {high}).",
                        rate(logo.value)
                    ),
                });
            }
            None => sentences.push(match lang {
                Lang::Id => format!("Tidak ada akun yang membeli pada {then}, jadi retensi belum dapat dihitung."),
                Lang::En => format!("No account bought in {then}, so there is no retention to tell."),
            }),
        }
        if let Some(lost) = bar(Status::Lost).filter(|bar| bar.accounts > 0) {
            let amount = currency.money(lost.base, lang);
            sentences.push(match lang {
                Lang::Id => format!("{} akun hilang, yang dulu membeli {amount}.", lost.accounts),
                Lang::En => format!("{} accounts were lost that had bought {amount}.", lost.accounts),
            });
        }
        let came = |status| bar(status).map_or(Money::ZERO, |bar| bar.change());
        let count = |status| bar(status).map_or(0, |bar| bar.accounts);
        let (new, back) = (count(Status::New), count(Status::Reactivated));
        if new + back > 0 {
            let amount = currency.money(came(Status::New) + came(Status::Reactivated), lang);
            sentences.push(match lang {
                Lang::Id => format!("{new} akun baru dan {back} yang aktif kembali membawa {amount}."),
                Lang::En => format!("{new} new accounts and {back} that came back brought {amount}."),
            });
        }
        if let Some(pareto) = &self.pareto {
            let share = rate(pareto.share_of_top(0.2));
            sentences.push(match lang {
                Lang::Id => format!("20% akun terbesar membawa {share} penjualan {now}."),
                Lang::En => format!("The largest 20% of accounts bring {share} of the sales of {now}."),
            });
        }
        if let Some(whale) = &self.whale
            && whale.curve.accounts_to_fall < whale.curve.n
        {
            let losing = whale.curve.n - whale.curve.accounts_to_fall;
            sentences.push(match lang {
                Lang::Id => format!("{losing} akun dijual di bawah harga pokok."),
                Lang::En => format!("{losing} accounts buy below cost."),
            });
        }
        sentences
    }

    /// Why margins are not shown, or what they rest on.
    pub(super) fn whale_note(&self, lang: Lang) -> String {
        match &self.whale {
            None => Text::new(
                "Tidak ada harga pokok dalam data, jadi kurva margin belum dapat dibuat.",
                "The data has no costs, so there is no curve of margin.",
            )
            .get(lang)
            .to_owned(),
            Some(whale) => {
                let currency = Currency(self.currency.clone());
                let (covered, sales) = (currency.money(whale.covered, lang), currency.money(whale.sales, lang));
                match lang {
                    Lang::Id => {
                        format!("Margin kotor dari baris yang harga pokoknya diketahui: {covered} dari {sales}.")
                    }
                    Lang::En => format!("Gross margin of lines whose cost is known: {covered} of {sales}."),
                }
            }
        }
    }
}
