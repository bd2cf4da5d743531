//! Satisfaction in sentences.

use takar_model::{Lang, Money, Text};
use takar_stats::lead::{AtLag, LEAST_CHANGES, LEAST_UNITS, Order};

use super::{
    FirstMoves, Mood, MoodSales, OneAccount, Satisfaction, SignalMoves, Story, Watched,
    account::Course,
    first::{LEAST_MONTHS, LUCK, NEAR},
};
use crate::{
    format::{Currency, day_name, month_name, period_name, signed},
    metrics::Value,
    process::{Measure, ProcessKpi},
};

fn rate(share: f64, lang: Lang) -> String {
    Value::Rate(share).format(lang)
}

/// A number with two decimals.
fn two(number: f64, lang: Lang) -> String {
    format!("{number:.2}").replace('.', &lang.decimal_mark().to_string()).replace('-', "−")
}

/// "22 (−12 to 55, n 20)".
pub(super) fn told(measure: &Measure, lang: Lang) -> Option<String> {
    let value = measure.value?;
    let unit = measure.kpi.unit;
    let to = Text::new("sampai", "to").get(lang);
    let interval = measure.interval.map(|interval| {
        let high = if interval.high.is_finite() { unit.format(interval.high, lang) } else { "…".to_owned() };
        format!("{} {to} {high}, ", unit.format(interval.low, lang))
    });
    Some(format!(
        "{} ({}n {})",
        unit.format(value, lang),
        interval.unwrap_or_default(),
        lang.group(i128::from(measure.n))
    ))
}

impl Mood {
    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Promoter => Text::new("Promotor (9–10)", "Promoters (9–10)"),
            Self::Passive => Text::new("Pasif (7–8)", "Passives (7–8)"),
            Self::Detractor => Text::new("Pencela (0–6)", "Detractors (0–6)"),
            Self::NotAsked => Text::new("Belum ditanya", "Not asked"),
        }
    }
}

/// What an account was asked, or what it did.
pub(super) fn kind_of(kind: &str, lang: Lang) -> &str {
    match (kind, lang) {
        ("nps", _) => "NPS",
        ("csat", _) => "CSAT",
        ("communication", Lang::Id) => "komunikasi",
        ("complaint", Lang::Id) => "keluhan",
        ("request", Lang::Id) => "permintaan",
        (other, _) => other,
    }
}

impl Watched {
    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Satisfaction => Text::new("Kepuasan", "Satisfaction"),
            Self::Response => Text::new("Waktu jawab", "Response time"),
            Self::Complaint => Text::new("Keluhan", "Complaints"),
        }
    }
}

impl Satisfaction {
    /// What the figures say, the most important first.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let mut said = Vec::new();
        let mut figures: Vec<String> = Vec::new();
        for kpi in [ProcessKpi::Nps, ProcessKpi::Csat, ProcessKpi::ResponseInTime, ProcessKpi::ResponseHours] {
            let told =
                self.total.measure(kpi).and_then(|measure| Some((measure.kpi.name.get(lang), told(measure, lang)?)));
            figures.extend(told.map(|(name, told)| format!("{name} {told}")));
        }
        said.push(match (figures.is_empty(), lang) {
            (false, _) => format!("{}.", figures.join("; ")),
            (true, Lang::Id) => "Belum cukup jawaban akun pada periode ini untuk satu ukuran pun.".to_owned(),
            (true, Lang::En) => "Accounts gave too few answers in this window for a single measure.".to_owned(),
        });
        let (all, open) = (self.total.complaints, self.total.open);
        if all > 0 {
            said.push(match (lang, all) {
                (Lang::Id, _) => format!("{all} keluhan, {open} belum selesai."),
                (Lang::En, 1) => format!("1 complaint, {open} open."),
                (Lang::En, _) => format!("{all} complaints, {open} open."),
            });
        }
        let net = self.total.net_sales;
        let share = |mood: &&MoodSales| (net > Money::ZERO).then(|| mood.net_sales.to_f64() / net.to_f64());
        let of = |mood: Mood| self.by_mood.iter().find(|one| one.mood == mood);
        let parts: Option<Vec<String>> =
            Mood::ALL.into_iter().map(|mood| Some(rate(share(&of(mood)?)?, lang))).collect();
        if let Some([promoters, passives, detractors, not_asked]) = parts.as_deref() {
            let net = currency.money(net, lang);
            said.push(match lang {
                Lang::Id => format!("Dari penjualan bersih {net}: {promoters} pada promotor, {passives} pada yang pasif, {detractors} pada pencela, {not_asked} pada akun yang belum ditanya."),
                Lang::En => format!("Of net sales of {net}, {promoters} is with promoters, {passives} with passives, {detractors} with detractors, {not_asked} with accounts that were not asked."),
            });
        }
        let growth = |mood: Mood| of(mood).and_then(MoodSales::growth).map(|rate| signed(Value::Rate(rate), lang));
        if let (Some(promoters), Some(detractors)) = (growth(Mood::Promoter), growth(Mood::Detractor)) {
            said.push(match lang {
                Lang::Id => format!(
                    "Terhadap periode sebelumnya penjualan pada promotor {promoters}, pada pencela {detractors}."
                ),
                Lang::En => format!(
                    "On the window before, sales with promoters moved {promoters}, with detractors {detractors}."
                ),
            });
        }
        said
    }

    /// What to know before the figures are used.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let mut notes: Vec<String> = Vec::new();
        for measure in &self.total.measures {
            if let Some(why) = measure.suppressed {
                notes.push(format!("{}: {}.", measure.kpi.name.get(lang), why.text(lang)));
            }
        }
        if self.base.is_none() {
            notes.push(
                Text::new(
                    "Periode sebelumnya mulai sebelum data ada, jadi pertumbuhan belum dapat dikatakan.",
                    "The window before begins before the data do, so growth cannot be told yet.",
                )
                .get(lang)
                .to_owned(),
            );
        }
        notes.push(Text::new(
            "Akun digolongkan menurut jawaban terakhirnya pada periode ini; yang menjawab bisa berbeda dari yang tidak. Ukuran dari terlalu sedikit jawaban tidak ditampilkan, hanya jawaban terakhir akun itu.",
            "An account is put by its last answer in the window; those who answer may differ from those who do not. Measures of too few answers are not shown, only the account's last answer is.",
        ).get(lang).to_owned());
        notes
    }

    /// What each figure means.
    pub fn definitions(lang: Lang) -> Vec<(&'static str, &'static str, &'static str)> {
        let measures = crate::process::VOICES.map(|kpi| {
            let kpi = kpi.definition();
            (kpi.id, kpi.name.get(lang), kpi.definition.get(lang))
        });
        let own = [
            (
                "growth",
                Text::new("Pertumbuhan", "Growth"),
                Text::new(
                    "Penjualan bersih terhadap periode sebelumnya yang sama panjang; kosong bila itu tidak di atas 0.",
                    "Net sales on the window before, of equal length; empty where that is not above 0.",
                ),
            ),
            (
                "share",
                Text::new("Bagian", "Share"),
                Text::new(
                    "Bagian dari seluruh penjualan bersih pada periode ini.",
                    "Its part of all net sales of the window.",
                ),
            ),
        ];
        let own = own.into_iter().map(|(id, name, text)| (id, name.get(lang), text.get(lang)));
        measures.into_iter().chain(own).collect()
    }
}

impl SignalMoves {
    /// "Satisfaction moves before sales by 2 months: …".
    pub fn verdict(&self, lang: Lang) -> String {
        let name = self.watched.name().get(lang);
        let moves = if self.watched == Watched::Complaint { "move" } else { "moves" };
        let strength = |at: &AtLag| {
            let (value, interval) = (at.strength.value, at.strength.interval);
            let numbers = [value, interval.low, interval.high].map(|number| two(number, lang));
            let [value, low, high] = numbers;
            let (n, units) = (at.strength.n, at.units);
            match lang {
                Lang::Id => format!("kekuatan {value} [{low} sampai {high}], {n} perubahan dari {units} akun"),
                Lang::En => format!("strength {value} [{low} to {high}], {n} changes of {units} accounts"),
            }
        };
        let direction = |at: &AtLag| match (self.watched, at.strength.value > 0.0, lang) {
            (Watched::Complaint, true, Lang::Id) => "penjualan lebih tinggi di sekitar keluhan",
            (Watched::Complaint, true, Lang::En) => "sales rise beside complaints",
            (Watched::Complaint, false, Lang::Id) => "penjualan turun di sekitar keluhan",
            (Watched::Complaint, false, Lang::En) => "sales fall beside complaints",
            (_, true, Lang::Id) => "keduanya searah",
            (_, true, Lang::En) => "both in the same direction",
            (_, false, Lang::Id) => "keduanya berlawanan arah",
            (_, false, Lang::En) => "in opposite directions",
        };
        match (self.lead.order, self.lead.called()) {
            (Order::Before { months }, Some(at)) => match lang {
                Lang::Id => format!(
                    "{name} bergerak lebih dulu daripada penjualan, {months} bulan, {} ({}).",
                    direction(at),
                    strength(at)
                ),
                Lang::En => format!(
                    "{name} {moves} before sales, by {}, {} ({}).",
                    months_en(months),
                    direction(at),
                    strength(at)
                ),
            },
            (Order::Together, Some(at)) => match lang {
                Lang::Id => format!("{name} bergerak bersama penjualan, {} ({}).", direction(at), strength(at)),
                Lang::En => format!("{name} {moves} together with sales, {} ({}).", direction(at), strength(at)),
            },
            (Order::After { months }, Some(at)) => match lang {
                Lang::Id => {
                    format!("{name} bergerak setelah penjualan, {months} bulan, {} ({}).", direction(at), strength(at))
                }
                Lang::En => {
                    format!(
                        "{name} {moves} after sales, by {}, {} ({}).",
                        months_en(months),
                        direction(at),
                        strength(at)
                    )
                }
            },
            _ => self.unsaid(lang),
        }
    }

    fn unsaid(&self, lang: Lang) -> String {
        let name = self.watched.name().get(lang);
        let (changes, units) = (self.lead.changes, self.lead.units);
        let Some(at) = self.lead.strongest() else {
            return match lang {
                Lang::Id => format!(
                    "{name}: belum cukup untuk dikatakan. Baru {changes} perubahan dari {units} akun; perlu {LEAST_CHANGES} dari {LEAST_UNITS} akun pada jarak yang sama."
                ),
                Lang::En => format!(
                    "{name}: not enough to say. Changes so far: {changes}, accounts: {units}; {LEAST_CHANGES} changes of {LEAST_UNITS} accounts at one distance are needed."
                ),
            };
        };
        let value = two(at.strength.value, lang);
        let is_sure = self.lead.lags.iter().any(|at| at.adjusted <= 0.05);
        match (is_sure, lang) {
            (true, Lang::Id) => format!(
                "{name}: belum cukup untuk dikatakan. Ada hubungan melebihi kebetulan, tetapi lemah (terkuat {value}; perlu 0,30), {changes} perubahan dari {units} akun."
            ),
            (true, Lang::En) => format!(
                "{name}: not enough to say. There is a relation beyond chance, but a weak one (at most {value}; 0.30 is needed), {changes} changes of {units} accounts."
            ),
            (false, Lang::Id) => format!(
                "{name}: belum cukup untuk dikatakan. Yang terlihat (terkuat {value}) masih dalam batas kebetulan, {changes} perubahan dari {units} akun."
            ),
            (false, Lang::En) => format!(
                "{name}: not enough to say. What there is (at most {value}) is within chance, {changes} changes of {units} accounts."
            ),
        }
    }
}

fn months_en(months: u32) -> String {
    if months == 1 { "1 month".to_owned() } else { format!("{months} months") }
}

impl Story {
    /// "March 2025: a complaint; sales fell by 42 % from May 2025 on."
    pub fn words(&self, currency: Option<&str>, lang: Lang) -> String {
        let currency = Currency(currency.map(str::to_owned));
        let (when, step) = (month_name(self.when, lang), month_name(self.step, lang));
        let by = rate(((self.after - self.before).to_f64() / self.before.to_f64()).abs(), lang);
        let (before, after) = (currency.money(self.before, lang), currency.money(self.after, lang));
        let happened = self.happened.words(lang);
        let is_fall = self.after < self.before;
        let sales = match (lang, is_fall) {
            (Lang::Id, true) => format!("penjualan turun {by} sejak {step} (dari {before} ke {after} sebulan)"),
            (Lang::Id, false) => format!("penjualan naik {by} sejak {step} (dari {before} ke {after} sebulan)"),
            (Lang::En, true) => format!("sales fell by {by} from {step} on (from {before} to {after} a month)"),
            (Lang::En, false) => format!("sales rose by {by} from {step} on (from {before} to {after} a month)"),
        };
        // A sentence begins with a capital; both languages begin with a plain letter here.
        let begun =
            || sales.chars().take(1).flat_map(char::to_uppercase).chain(sales.chars().skip(1)).collect::<String>();
        match (self.when.cmp(&self.step), lang) {
            (std::cmp::Ordering::Greater, Lang::Id) => format!("{}; pada {when} {happened}.", begun()),
            (std::cmp::Ordering::Greater, Lang::En) => format!("{}; {happened} in {when}.", begun()),
            (_, Lang::Id) => format!("Pada {when} {happened}; {sales}."),
            (_, Lang::En) => format!("In {when} {happened}; {sales}."),
        }
    }
}

impl FirstMoves {
    /// The verdicts.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        self.signals.iter().map(|signal| signal.verdict(lang)).collect()
    }

    /// The verdicts of those whose order can be told.
    pub fn called(&self, lang: Lang) -> Vec<String> {
        let told = self.signals.iter().filter(|signal| signal.lead.called().is_some());
        told.map(|signal| signal.verdict(lang)).collect()
    }

    /// How many of the stories of single accounts chance alone would bring.
    pub fn chance(&self, lang: Lang) -> String {
        let (steps, near) = (self.steps, self.near);
        let by_chance = crate::format::money_of(self.near_by_chance).format(lang, 0);
        let luck = rate(LUCK, lang);
        match lang {
            Lang::Id => format!(
                "Dari {steps} perubahan tingkat penjualan, {near} mempunyai sesuatu dalam {NEAR} bulan di sekitarnya; secara kebetulan saja kira-kira {by_chance}. Diceritakan hanya bila kebetulannya paling banyak {luck}: tanyakan kepada akunnya."
            ),
            Lang::En => format!(
                "Of {steps} steps in the level of sales {near} have something within {NEAR} months; by chance alone about {by_chance} would. Told only where chance is at most {luck}: ask the account."
            ),
        }
    }

    /// How it was judged, and what it is not.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let (accounts, months) = (self.accounts, period_name(self.months, lang));
        let asked = self.asked.as_deref().map_or("–", |kind| kind_of(kind, lang));
        match lang {
            Lang::Id => vec![
                format!(
                    "Yang bergerak lebih dulu belum tentu penyebabnya. {accounts} akun dengan sedikitnya {LEAST_MONTHS} bulan riwayat, {months}."
                ),
                format!(
                    "Musim dikeluarkan, perubahan tiap akun diperingkat dalam bulannya, lalu dipasangkan pada jarak −6 sampai +6 bulan. Kepuasan: jawaban atas {asked}. Kebetulan: riwayat dibagikan ulang antarakun, dikoreksi Benjamini-Hochberg 5%; disebut bila kekuatannya sedikitnya 0,30."
                ),
            ],
            Lang::En => vec![
                format!(
                    "What moves first is not thereby the cause. {accounts} accounts with at least {LEAST_MONTHS} months of history, {months}."
                ),
                format!(
                    "The season is taken out, each account's change is ranked within its month, and both are put together at −6 to +6 months. Satisfaction: answers to {asked}. Chance: histories dealt anew among accounts, corrected by Benjamini-Hochberg at 5%; called from a strength of 0.30 on."
                ),
            ],
        }
    }
}

impl OneAccount {
    /// What the figures say, the most important first.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let mut said: Vec<String> =
            self.stories.iter().map(|story| story.words(self.currency.as_deref(), lang)).collect();
        if let Some(last) = &self.last {
            let (day, kind) = (day_name(last.date, lang), kind_of(&last.kind, lang));
            let score = crate::format::money_of(last.score).format(lang, if last.score.fract() == 0.0 { 0 } else { 1 });
            said.push(match lang {
                Lang::Id => format!("Jawaban terakhir pada {day}: {score} ({kind})."),
                Lang::En => format!("Its last answer, on {day}: {score} ({kind})."),
            });
        }
        let (all, open) = self.complaints;
        if all > 0 {
            said.push(match lang {
                Lang::Id => format!("{all} keluhan pada {}, {open} belum selesai.", period_name(self.window, lang)),
                Lang::En => format!(
                    "{all} {} in {}, {open} open.",
                    if all == 1 { "complaint" } else { "complaints" },
                    period_name(self.window, lang)
                ),
            });
        }
        said.push(match &self.sales_trend {
            Ok(course) => {
                let moves = || currency.money(crate::format::money_of(course.slope.value * 12.0), lang);
                match (course.is_chance(), lang) {
                    (true, Lang::Id) => "Penjualan: tidak ada tren melebihi kebetulan.".to_owned(),
                    (true, Lang::En) => "Sales: no trend beyond chance.".to_owned(),
                    (false, Lang::Id) => format!("Penjualan sebulan bergerak {} setahun, musim dikeluarkan.", moves()),
                    (false, Lang::En) => format!("Sales a month move by {} a year, season taken out.", moves()),
                }
            }
            Err(error) => format!(
                "{}: {}.",
                Text::new("Tren penjualan", "Trend of sales").get(lang),
                crate::analysis::told(error, lang)
            ),
        });
        said.push(match &self.satisfaction_trend {
            Ok(course) => match (course.is_chance(), course.slope.value > 0.0, lang) {
                (true, _, Lang::Id) => "Kepuasan: tidak ada tren melebihi kebetulan.".to_owned(),
                (true, _, Lang::En) => "Satisfaction: no trend beyond chance.".to_owned(),
                (false, true, Lang::Id) => "Kepuasan naik dari jawaban ke jawaban, melebihi kebetulan.".to_owned(),
                (false, true, Lang::En) => "Satisfaction rises from answer to answer, beyond chance.".to_owned(),
                (false, false, Lang::Id) => "Kepuasan turun dari jawaban ke jawaban, melebihi kebetulan.".to_owned(),
                (false, false, Lang::En) => "Satisfaction falls from answer to answer, beyond chance.".to_owned(),
            },
            Err(error) => {
                format!(
                    "{}: {}.",
                    Text::new("Tren kepuasan", "Trend of satisfaction").get(lang),
                    crate::analysis::told(error, lang)
                )
            }
        });
        said
    }
}

impl Course {
    /// Chance explains it: p at or above 5 %.
    pub fn is_chance(&self) -> bool {
        self.test.p >= 0.05
    }
}
