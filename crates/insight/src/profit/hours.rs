//! Hours of serving beside what accounts earn, and where the next hours are expected to bring most.
//!
//! Averages of the past are told as such: accounts that buy much are visited more, so hours that went with much margin need not have made it. What
//! the next hours are expected to bring comes from the opportunities, which are weighed by their own record and chosen greedily by worth an hour
//! (METHODS §11, [`takar_stats::worth::spend`]); no curve of response is drawn from hours and sales alone.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use takar_model::{Credit, Lang, Money, Period, Text, id_order};

use super::{Figures, Profit, ProfitRow, json::written, table::nobody};
use crate::{
    InsightError,
    format::{Currency, money_of, period_name},
    metrics::{Basis, Dimension, Value},
    opportunities::{Kind, Member, Opportunity, Shown},
    text::{Align, TextTable},
};

/// So many of the next things to do are told.
const NEXT: usize = 10;

/// One member.
#[derive(Debug, Clone, PartialEq)]
pub struct HoursRow {
    /// Its id; none for what is nobody's.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Hours that were spent, in millionths.
    pub micro_hours: i128,
    /// The margin; none where it is not known.
    pub margin: Option<Money>,
    /// Margin less cost to serve.
    pub profit: Option<Money>,
    /// The part of all hours.
    pub share_of_hours: Option<f64>,
    /// The part of all margin.
    pub share_of_margin: Option<f64>,
    /// Hours beyond what its margin would take at the average of all accounts; below 0 where it takes fewer.
    pub excess_hours: Option<f64>,
    /// What an hour of the next ones is expected to bring: of a manager those of the plan, of an account its best opportunity.
    pub next_hour: Option<Money>,
}

impl HoursRow {
    /// Hours that were spent.
    pub fn hours(&self) -> f64 {
        self.micro_hours as f64 / 1e6
    }

    /// The average profit of an hour, rounded once to 4 decimals; none without hours.
    pub fn profit_per_hour(&self) -> Option<Money> {
        per_hour(self.profit?, self.micro_hours)
    }

    /// The average margin of an hour; none without hours.
    pub fn margin_per_hour(&self) -> Option<Money> {
        per_hour(self.margin?, self.micro_hours)
    }
}

/// Something that may be done in the next hours.
#[derive(Debug, Clone, PartialEq)]
pub struct NextHours {
    /// The key of the opportunity.
    pub key: String,
    /// What kind of thing.
    pub kind: Kind,
    /// The account or prospect.
    pub account: Option<Member>,
    /// Whose it is.
    pub manager: Option<Member>,
    /// What it is expected to bring in a year.
    pub worth: Money,
    /// Hours that it takes.
    pub hours: f64,
    /// What an hour of it is expected to bring.
    pub per_hour: Money,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct HoursAgainstWorth {
    /// The window.
    pub period: Period,
    /// What rows are.
    pub by: Dimension,
    /// Members by hours, most first; equal ones in the order of ids.
    pub rows: Vec<HoursRow>,
    /// What is no member's.
    pub untied: Option<HoursRow>,
    /// All together.
    pub total: HoursRow,
    /// Accounts whose hours go with less than half of the average margin of an hour, those with most hours beyond it first.
    pub least: Vec<HoursRow>,
    /// Accounts with a margin above 0 for which no hours were noted, the greatest margin first; empty where no hours were noted at all.
    pub without_hours: Vec<HoursRow>,
    /// What is expected to bring most an hour, at most ten.
    pub next: Vec<NextHours>,
    /// The currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

fn per_hour(amount: Money, micro_hours: i128) -> Option<Money> {
    let exact = amount.units().saturating_mul(1_000_000);
    (micro_hours > 0).then(|| Money::from_units((exact + exact.signum() * (micro_hours / 2)) / micro_hours))
}

/// Hours and margin of the accounts whose margin is known.
#[derive(Clone, Copy)]
struct Average {
    micro_hours: i128,
    margin: i128,
}

impl Average {
    /// Hours × margin of all − margin × hours of all: above 0 where more hours were spent than at the average.
    fn beyond(self, figures: &Figures) -> i128 {
        figures.spent_hours * self.margin - figures.margin.units() * self.micro_hours
    }

    /// Less than half of the average margin of an hour.
    fn is_little(self, figures: &Figures) -> bool {
        figures.spent_hours > 0 && 2 * figures.margin.units() * self.micro_hours < self.margin * figures.spent_hours
    }

    /// An average can be told.
    const fn is_told(self) -> bool {
        self.micro_hours > 0 && self.margin > 0
    }
}

impl Profit {
    /// Hours beside worth, with the opportunities that the reader may see.
    pub fn hours(&self, shown: &Shown<'_>, is_filtered: bool) -> HoursAgainstWorth {
        let known = || self.accounts.iter().filter(|row| row.figures.is_known());
        let average = Average {
            micro_hours: known().map(|row| row.figures.spent_hours).sum(),
            margin: known().map(|row| row.figures.margin.units()).sum(),
        };
        let ids: BTreeSet<&str> = self.accounts.iter().filter_map(|row| row.id.as_deref()).collect();
        let is_asked = |one: &&Opportunity| {
            let of = one.finding.account.as_ref();
            one.finding.kind.is_managers()
                && one.counted
                && (!is_filtered || of.is_some_and(|account| ids.contains(account.id.as_str())))
        };
        let open: Vec<&Opportunity> =
            shown.places.iter().map(|place| &shown.all.list[*place]).filter(is_asked).collect();
        // The list begins with those worth most an hour.
        let mut of_accounts: HashMap<&str, Money> = HashMap::new();
        for (account, one) in open.iter().filter_map(|one| Some((one.finding.account.as_ref()?, one))) {
            of_accounts.entry(&account.id).or_insert_with(|| money_of(one.per_hour()));
        }
        // Which of a plan's things a condition leaves is not told.
        let plans = shown.hours.iter().filter(|_| !is_filtered);
        let of_managers: HashMap<&str, Money> = plans
            .filter_map(|plan| {
                Some((plan.manager.as_ref()?.id.as_str(), money_of(plan.spent.worth / plan.spent.hours)))
            })
            .collect();
        let none = HashMap::new();
        let next_by = |by: Dimension| match by {
            Dimension::Account => &of_accounts,
            Dimension::Manager => &of_managers,
            _ => &none,
        };
        let total = self.total.figures;
        let row = |row: &ProfitRow, by: Dimension| {
            let figures = &row.figures;
            let margin = figures.is_known().then_some(figures.margin);
            let is_account = average.is_told() && margin.is_some();
            HoursRow {
                id: row.id.clone(),
                name: row.name.clone(),
                micro_hours: figures.spent_hours,
                margin,
                profit: figures.profit(),
                share_of_hours: part(figures.spent_hours, total.spent_hours),
                share_of_margin: margin.and_then(|margin| part(margin.units(), total.margin.units())),
                excess_hours: is_account.then(|| average.beyond(figures) as f64 / average.margin as f64 / 1e6),
                next_hour: row.id.as_deref().and_then(|id| next_by(by).get(id)).copied(),
            }
        };
        let id = |row: &ProfitRow| row.id.clone().unwrap_or_default();
        let sorted = |mut rows: Vec<&ProfitRow>, by: Dimension, most: &dyn Fn(&Figures) -> i128| -> Vec<HoursRow> {
            rows.sort_by(|one, other| {
                most(&other.figures).cmp(&most(&one.figures)).then_with(|| id_order(&id(one), &id(other)))
            });
            rows.into_iter().map(|shown| row(shown, by)).collect()
        };
        let little = known().filter(|row| average.is_told() && average.is_little(&row.figures)).collect();
        let is_without = |row: &&ProfitRow| {
            average.micro_hours > 0 && row.figures.spent_hours == 0 && row.figures.margin > Money::ZERO
        };
        HoursAgainstWorth {
            period: self.period,
            by: self.by,
            rows: sorted(self.rows.iter().collect(), self.by, &|figures| figures.spent_hours),
            untied: self.untied.as_ref().map(|untied| row(untied, self.by)),
            total: row(&self.total, self.by),
            least: sorted(little, Dimension::Account, &|figures| average.beyond(figures)),
            without_hours: sorted(known().filter(is_without).collect(), Dimension::Account, &|figures| {
                figures.margin.units()
            }),
            next: open.iter().take(NEXT).map(|one| next(one)).collect(),
            currency: self.currency.clone(),
            basis: self.basis,
        }
    }
}

fn next(one: &Opportunity) -> NextHours {
    NextHours {
        key: one.key.clone(),
        kind: one.finding.kind,
        account: one.finding.account.clone(),
        manager: one.finding.manager.clone(),
        worth: money_of(one.worth.value),
        hours: one.hours,
        per_hour: money_of(one.per_hour()),
    }
}

fn part(of: i128, all: i128) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}

impl HoursAgainstWorth {
    /// What the figures say.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let hours = |micro: i128| money_of(micro as f64 / 1e6).format(lang, 1);
        if self.total.micro_hours == 0 {
            let none = Text::new(
                "Belum ada jam melayani yang dicatat: impor biaya atau aktivitas berikut jamnya.",
                "No hours of serving were noted: bring in costs or activities with their hours.",
            );
            return vec![none.get(lang).to_owned()];
        }
        let all = hours(self.total.micro_hours);
        let margin = money(self.total.margin.unwrap_or(Money::ZERO));
        let mut said = vec![match (lang, self.total.margin_per_hour()) {
            (Lang::Id, Some(an_hour)) => {
                format!("{all} jam melayani di samping margin {margin}: rata-rata {} per jam.", money(an_hour))
            }
            (Lang::En, Some(an_hour)) => {
                format!("{all} hours of serving beside a margin of {margin}: {} an hour on average.", money(an_hour))
            }
            (Lang::Id, None) => format!("{all} jam melayani."),
            (Lang::En, None) => format!("{all} hours of serving."),
        }];
        if !self.least.is_empty() {
            let spent: i128 = self.least.iter().map(|row| row.micro_hours).sum();
            let brought: Money = self.least.iter().filter_map(|row| row.margin).sum();
            let share = |of: i128, all: i128| {
                part(of, all).map_or_else(|| "–".to_owned(), |share| Value::Rate(share).format(lang))
            };
            let (of_hours, of_margin) = (
                share(spent, self.total.micro_hours),
                share(brought.units(), self.total.margin.unwrap_or(Money::ZERO).units()),
            );
            let count = self.least.len();
            said.push(match lang {
                Lang::Id => format!("{count} akun menerima {of_hours} dari jam dan memberi {of_margin} dari margin: kurang dari separuh rata-rata per jam."),
                Lang::En => format!("{count} accounts take {of_hours} of the hours and bring {of_margin} of the margin: less than half of the average an hour."),
            });
        }
        if !self.without_hours.is_empty() {
            let brought = money(self.without_hours.iter().filter_map(|row| row.margin).sum());
            let count = self.without_hours.len();
            said.push(match lang {
                Lang::Id => format!("{count} akun dengan margin {brought} tanpa jam yang dicatat."),
                Lang::En => format!("{count} accounts with a margin of {brought} have no hours noted."),
            });
        }
        if let Some(first) = self.next.first() {
            let (worth, takes) = (money(first.worth), money_of(first.hours).format(lang, 1));
            let what = first.kind.name().get(lang);
            let whom = first.account.as_ref().map_or_else(String::new, |account| format!(" – {}", account.label()));
            said.push(match lang {
                Lang::Id => format!("Jam berikutnya diperkirakan paling menghasilkan pada: {what}{whom} ({worth} setahun untuk {takes} jam)."),
                Lang::En => format!("The next hours are expected to pay most at: {what}{whom} ({worth} a year for {takes} hours)."),
            });
        }
        said
    }

    /// What to know before the figures are used.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let notes = [
            Text::new(
                "Rata-rata per jam mengatakan apa yang menyertai jam itu, bukan apa yang dihasilkannya: akun besar lebih sering dikunjungi karena besar. Hasil satu jam tambahan tidak dapat dibaca darinya.",
                "Averages of an hour say what went with the hours, not what the hours made: large accounts are visited more because they are large. What one more hour would bring cannot be read from them.",
            ),
            Text::new(
                "Hasil jam berikutnya adalah nilai harapan peluang, ditimbang dengan catatan hasilnya sendiri, dari dua belas bulan terakhir; rinciannya di takar opportunities.",
                "What the next hours are expected to bring is the expected worth of opportunities, weighed by their own record, of the last twelve months; see takar opportunities.",
            ),
            Text::new(
                "Jam berasal dari biaya (juga yang menyebut uang) dan, untuk akun dan bulan yang biayanya tidak menyebut jam, dari aktivitas. Tanpa jam yang dicatat tidak berarti tanpa jam.",
                "Hours are those of costs (that tell money too) and, for an account in months in which no cost tells hours, of activities. No hours noted does not mean none were spent.",
            ),
        ];
        notes.into_iter().map(|note| note.get(lang).to_owned()).collect()
    }

    /// For a terminal.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let currency = Currency(self.currency.clone());
        let money =
            |amount: Option<Money>| amount.map_or_else(|| "–".to_owned(), |amount| currency.money(amount, lang));
        let rate = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| Value::Rate(share).format(lang));
        let mut text = format!("{}\n{}\n", period_name(self.period, lang), self.summary(lang).join(" "));
        let titles = [
            Text::new("Jam", "Hours"),
            Text::new("Bagian jam", "Of hours"),
            Text::new("Margin", "Margin"),
            Text::new("Bagian margin", "Of margin"),
            Text::new("Laba bersih", "Net profit"),
            Text::new("Laba per jam", "Profit an hour"),
            Text::new("Jam berikutnya", "Next hour"),
        ];
        let row = |row: &HoursRow, name: String| {
            vec![
                name,
                money_of(row.hours()).format(lang, 1),
                rate(row.share_of_hours),
                money(row.margin),
                rate(row.share_of_margin),
                money(row.profit),
                money(row.profit_per_hour()),
                money(row.next_hour),
            ]
        };
        let label = |row: &HoursRow| row.name.clone().or_else(|| row.id.clone()).unwrap_or_default();
        let start = |first: &str| {
            let mut table = TextTable::new();
            table.column(first, Align::Left);
            titles.iter().for_each(|title| table.column(title.get(lang), Align::Right));
            table
        };
        let mut table = start(super::table::title(self.by).get(lang));
        self.rows.iter().take(limit).for_each(|shown| table.row(row(shown, label(shown))));
        if let Some(untied) = &self.untied {
            table.row(row(untied, nobody(self.by).get(lang).to_owned()));
        }
        table.row(row(&self.total, Text::new("Jumlah", "Total").get(lang).to_owned()));
        text.push_str(&format!("\n{}", table.render()));
        let hidden = self.rows.len().saturating_sub(limit);
        if hidden > 0 {
            let more = Text::new("… dan {} baris lagi (--limit)\n", "… and {} more rows (--limit)\n").get(lang);
            text.push_str(&more.replace("{}", &hidden.to_string()));
        }
        let lists = [
            (Text::new("Jam yang paling sedikit menghasilkan", "Hours that earn least"), &self.least),
            (Text::new("Margin tanpa jam yang dicatat", "Margin without hours noted"), &self.without_hours),
        ];
        for (title, rows) in lists.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            let mut table = start(super::table::title(Dimension::Account).get(lang));
            rows.iter().take(limit.min(NEXT)).for_each(|shown| table.row(row(shown, label(shown))));
            text.push_str(&format!("\n{}\n{}", title.get(lang), table.render()));
        }
        if !self.next.is_empty() {
            let title =
                Text::new("Jam berikutnya paling menghasilkan pada", "The next hours are expected to pay most at");
            text.push_str(&format!("\n{}\n", title.get(lang)));
            for next in &self.next {
                let whom = next.account.as_ref().map_or("", Member::label);
                let an_hour = currency.money(next.per_hour, lang);
                let each = Text::new("per jam", "an hour").get(lang);
                text.push_str(&format!("  {whom} – {}: {an_hour} {each}\n", next.kind.name().get(lang)));
            }
        }
        text.push_str(&format!("\n{}\n", Text::new("Catatan", "Notes").get(lang)));
        self.notes(lang).iter().for_each(|note| text.push_str(&format!("  {note}\n")));
        text.push_str(&format!("\n{}\n", self.basis.text(lang)));
        text
    }

    /// As JSON for a reader of `lang`: `limit` rows from `offset` on, and as many accounts in each list.
    ///
    /// # Errors
    /// Never in practice: everything in it can be written.
    pub fn to_json(&self, lang: Lang, offset: usize, limit: usize) -> Result<String, InsightError> {
        let untied =
            self.untied.as_ref().map(|row| RowJson { name: Some(nobody(self.by).get(lang)), ..RowJson::of(row) });
        let next = self.next.iter().map(|next| NextJson {
            key: &next.key,
            kind: next.kind,
            kind_name: next.kind.name().get(lang),
            account: next.account.as_ref(),
            manager: next.manager.as_ref(),
            worth: next.worth,
            hours: next.hours,
            per_hour: next.per_hour,
        });
        written(&HoursJson {
            period: self.period.to_string(),
            by: self.by.id(),
            rows: self.rows.iter().skip(offset).take(limit).map(RowJson::of).collect(),
            total_rows: self.rows.len(),
            untied,
            total: RowJson::of(&self.total),
            least: self.least.iter().take(limit).map(RowJson::of).collect(),
            total_least: self.least.len(),
            without_hours: self.without_hours.iter().take(limit).map(RowJson::of).collect(),
            total_without_hours: self.without_hours.len(),
            next: next.collect(),
            summary: self.summary(lang),
            notes: self.notes(lang),
            currency: self.currency.as_deref(),
            data_version: self.basis.data_version,
            credit: self.basis.credit,
        })
    }
}

#[derive(Serialize)]
struct HoursJson<'a> {
    period: String,
    by: &'static str,
    rows: Vec<RowJson<'a>>,
    total_rows: usize,
    untied: Option<RowJson<'a>>,
    total: RowJson<'a>,
    least: Vec<RowJson<'a>>,
    total_least: usize,
    without_hours: Vec<RowJson<'a>>,
    total_without_hours: usize,
    next: Vec<NextJson<'a>>,
    summary: Vec<String>,
    notes: Vec<String>,
    currency: Option<&'a str>,
    data_version: u64,
    credit: Credit,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    hours: f64,
    share_of_hours: Option<f64>,
    margin: Option<Money>,
    share_of_margin: Option<f64>,
    margin_per_hour: Option<Money>,
    profit: Option<Money>,
    profit_per_hour: Option<Money>,
    excess_hours: Option<f64>,
    next_hour: Option<Money>,
}

#[derive(Serialize)]
struct NextJson<'a> {
    key: &'a str,
    kind: Kind,
    kind_name: &'static str,
    account: Option<&'a Member>,
    manager: Option<&'a Member>,
    worth: Money,
    hours: f64,
    per_hour: Money,
}

impl<'a> RowJson<'a> {
    fn of(row: &'a HoursRow) -> Self {
        Self {
            id: row.id.as_deref(),
            name: row.name.as_deref(),
            hours: row.hours(),
            share_of_hours: row.share_of_hours,
            margin: row.margin,
            share_of_margin: row.share_of_margin,
            margin_per_hour: row.margin_per_hour(),
            profit: row.profit,
            profit_per_hour: row.profit_per_hour(),
            excess_hours: row.excess_hours,
            next_hour: row.next_hour,
        }
    }
}
