//! Reasons, kinds and the list in words.

use takar_model::{Lang, Money, Text};

use super::{Finding, Kind, Measure, Opportunity, Shown, Why};
use crate::{
    format::{Currency, day_name, money_of},
    metrics::Value,
};

fn rate(share: f64, lang: Lang) -> String {
    Value::Rate(share).format(lang)
}

fn decimal(value: f64, places: usize, lang: Lang) -> String {
    format!("{value:.places$}").replace('.', &lang.decimal_mark().to_string())
}

/// A whole number with marks, or one decimal below ten.
fn quantity(value: f64, lang: Lang) -> String {
    if value < 9.95 { decimal(value, 1, lang) } else { lang.group(value.round() as i128) }
}

impl Why {
    /// The sentence for a reader of `lang`.
    pub fn words(&self, currency: Option<&str>, lang: Lang) -> String {
        let currency = Currency(currency.map(str::to_owned));
        let money = |money: Money| currency.money(money, lang);
        let say = |id: String, en: String| if lang == Lang::Id { id } else { en };
        match self {
            Self::Rhythm(both) => {
                let text = &both[usize::from(lang == Lang::En)];
                let mut letters = text.chars();
                letters
                    .next()
                    .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
            }
            Self::Risk(risk) => {
                let risk = rate(*risk, lang);
                say(format!("Kemungkinan akun ini hilang: {risk}."), format!("Chance that it is lost: {risk}."))
            }
            Self::YearSales(sales) => {
                let sales = money(*sales);
                say(format!("Setahun terakhir membeli {sales}."), format!("Bought {sales} in the last year."))
            }
            Self::Fewer { now, before, all } => {
                let all = rate(*all, lang);
                say(
                    format!(
                        "Memesan pada {now} hari dalam setengah tahun terakhir, {before} hari pada setengah tahun yang sama setahun lalu; semua akun bersama {all} dari waktu itu."
                    ),
                    format!(
                        "Ordered on {now} days in the last half year, on {before} in the same half of the year before; all accounts together {all} of that."
                    ),
                )
            }
            Self::LastOrder(day, sold) => {
                let (day, sold) = (day_name(*day, lang), money(*sold));
                say(
                    format!("Pesanan terakhir {day}; dalam tahun sebelum itu memesan {sold}, sebelum retur."),
                    format!("Last order on {day}; in the year up to it ordered {sold}, before returns."),
                )
            }
            Self::Together { has, lacks, both, of, lift } => {
                let lift = decimal(*lift, 1, lang);
                say(
                    format!(
                        "Membeli {has} tetapi tidak {lacks}; {both} dari {of} akun yang membeli {has} juga membelinya ({lift} kali lebih sering daripada kebetulan)."
                    ),
                    format!(
                        "Buys {has} but not {lacks}; {both} of {of} accounts that buy {has} buy it too ({lift} times as often as chance)."
                    ),
                )
            }
            Self::Suggest { quantity: many, unit, share } => {
                let many = quantity(*many, lang);
                let unit = unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
                let share = rate(*share, lang);
                say(
                    format!("Saran: {many}{unit} sebulan, karena pembelinya biasanya membelanjakan {share} untuk itu."),
                    format!("Suggested: {many}{unit} a month, as its buyers usually spend {share} on it."),
                )
            }
            Self::PriceLevel { now, before } => {
                let now = rate(*now, lang);
                match before {
                    Some(before) => {
                        let before = rate(*before, lang);
                        say(
                            format!("Membayar {now} dari harga tengah akun sejenis; setahun lalu {before}."),
                            format!("Pays {now} of the median price of its peers; {before} a year ago."),
                        )
                    }
                    None => say(
                        format!("Membayar {now} dari harga tengah akun sejenis."),
                        format!("Pays {now} of the median price of its peers."),
                    ),
                }
            }
            Self::PriceOf { product, own, peers, n } => {
                let (own, peers) = (money(*own), money(*peers));
                say(
                    format!("Selisih terbesar pada {product}: {own}, harga tengah {n} akun sejenis {peers}."),
                    format!("The largest gap is on {product}: {own}, the median of {n} peers is {peers}."),
                )
            }
            Self::Spends { own, peers: (peers, low, high), n } => {
                let (own, peers, low, high) = (money(*own), money(*peers), money(*low), money(*high));
                say(
                    format!(
                        "Membelanjakan {own} setahun; satu dari lima dari {n} akun sejenis lebih dari {peers} (80 %: {low} – {high})."
                    ),
                    format!(
                        "Spends {own} a year; one in five of {n} peers spends more than {peers} (80 %: {low} – {high})."
                    ),
                )
            }
            Self::OutOfStock { products, most, days } => {
                let days = quantity(*days, lang);
                say(
                    format!("{products} produk yang dibelinya pernah habis; paling merugikan {most}, {days} hari."),
                    format!("{products} products that it buys were out of stock; {most} cost most, {days} days."),
                )
            }
            Self::NotManagers => Text::new(
                "Ini soal stok, bukan kekurangan manajer akun.",
                "This is about stock, no shortfall of the account manager's.",
            )
            .get(lang)
            .to_owned(),
            Self::Untouched(since) => match since {
                Some(day) => {
                    let day = day_name(*day, lang);
                    say(
                        format!("Tercatat sejak {day}, belum ada kegiatan atau penawaran."),
                        format!("Known since {day}, without any activity or offer."),
                    )
                }
                None => {
                    say("Belum ada kegiatan atau penawaran.".to_owned(), "Without any activity or offer.".to_owned())
                }
            },
            Self::Expected(amount, is_told) => {
                let amount = money(*amount);
                match is_told {
                    true => say(format!("Nilai yang dicatat: {amount}."), format!("Recorded worth: {amount}.")),
                    false => say(
                        format!("Nilainya tidak dicatat; akun baru biasanya membeli {amount} setahun."),
                        format!("No worth is recorded; new accounts usually buy {amount} a year."),
                    ),
                }
            }
            Self::NoFollowUp(opened, days) => say(
                format!("Penawaran dibuka {opened}; seharusnya ditindaklanjuti dalam {days} hari, belum tercatat."),
                format!(
                    "Offer opened on {opened}; it was to be followed up within {days} days, and nothing is recorded."
                ),
            ),
            Self::Costs { margin, cost, rows } => {
                let (margin, cost) = (money(*margin), money(*cost));
                say(
                    format!(
                        "Setahun menyisakan {margin} setelah biaya barang, melayaninya {cost} (baris biaya: {rows})."
                    ),
                    format!("Leaves {margin} a year after goods, serving it costs {cost} (rows of costs: {rows})."),
                )
            }
            Self::ShareOf { share, of_manager, is_product } => {
                let share = rate(*share, lang);
                match (of_manager, is_product) {
                    (true, _) => say(
                        format!("{share} dari penjualan manajernya bergantung pada akun ini."),
                        format!("{share} of its manager's sales hang on this account."),
                    ),
                    (false, false) => say(
                        format!("{share} dari penjualan perusahaan bergantung pada akun ini."),
                        format!("{share} of the company's sales hang on this account."),
                    ),
                    (false, true) => say(
                        format!("{share} dari penjualan perusahaan bergantung pada produk ini."),
                        format!("{share} of the company's sales hang on this product."),
                    ),
                }
            }
        }
    }
}

impl Finding {
    /// What it is about: the account, and the product or offer.
    pub fn about(&self, lang: Lang) -> String {
        match (&self.account, &self.item) {
            (Some(account), Some(item)) => format!("{} · {}", account.label(), item.label()),
            (Some(one), None) | (None, Some(one)) => one.label().to_owned(),
            (None, None) => Text::new("semua", "all").get(lang).to_owned(),
        }
    }

    /// What to do, as the title of an action: "Follow up the offer: Toko Maju".
    pub fn title(&self, lang: Lang) -> String {
        format!("{}: {}", self.kind.deed().get(lang), self.about(lang))
    }
}

impl Opportunity {
    /// All reasons as sentences.
    pub fn reasons(&self, currency: Option<&str>, lang: Lang) -> Vec<String> {
        self.finding.why.iter().map(|why| why.words(currency, lang)).collect()
    }
}

impl Shown<'_> {
    /// The list in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let found = &self.all.found;
        let currency = Currency(found.currency.clone());
        let count = lang.group(self.places.len() as i128);
        let worth = currency.money(self.worth, lang);
        let mut said = Vec::new();
        let measure = match found.measure {
            Measure::Margin => Text::new("laba kotor", "margin"),
            Measure::Sales => {
                Text::new("penjualan, karena biaya barang tidak diketahui", "sales, as the cost of goods is not known")
            }
        }
        .get(lang);
        said.push(match (lang, self.asked.dismissed) {
            (Lang::Id, true) => format!("{count} peluang dikesampingkan."),
            (Lang::En, true) => format!("{count} opportunities are dismissed."),
            (Lang::Id, false) => format!(
                "{count} peluang, bersama bernilai sekitar {worth} setahun ({measure}); dari beberapa peluang pada satu akun hanya yang terbesar dihitung."
            ),
            (Lang::En, false) => format!(
                "{count} opportunities, together worth about {worth} a year ({measure}); of several on one account only the largest counts."
            ),
        });
        if self.not_worth > 0 && !self.asked.dismissed {
            let less = lang.group(self.not_worth as i128);
            said.push(match lang {
                Lang::Id => format!("{less} lagi tidak membawa lebih dari biaya jamnya dan tidak ditampilkan."),
                Lang::En => format!("{less} more bring no more than their hours cost and are not shown."),
            });
        }
        if self.dismissed > 0 && !self.asked.dismissed {
            let dismissed = lang.group(self.dismissed as i128);
            said.push(match lang {
                Lang::Id => format!("{dismissed} dikesampingkan sampai keadaannya berubah."),
                Lang::En => format!("{dismissed} dismissed until their situation changes."),
            });
        }
        said
    }

    /// Where the next hours of a manager go, in a sentence.
    pub(super) fn hours_said(&self, hours: &super::Hours, lang: Lang) -> String {
        let currency = Currency(self.all.found.currency.clone());
        let name = hours.manager.as_ref().map_or("–", super::Member::label);
        let worth = currency.money(money_of(hours.spent.worth), lang);
        let (spent, count) = (decimal(hours.spent.hours, 1, lang), hours.spent.chosen.len());
        match lang {
            Lang::Id => format!("{name}: {count} peluang dalam {spent} jam, sekitar {worth} setahun"),
            Lang::En => format!("{name}: {count} opportunities in {spent} hours, about {worth} a year"),
        }
    }
}

/// How a kind is weighed, in words: record, dismissals, what is usual.
pub(super) fn weighed(weight: &super::weigh::Weight, lang: Lang) -> String {
    if let Some(why) = weight.not_looked {
        return why.get(lang).to_owned();
    }
    let (worked, tried) = weight.record;
    let chance = rate(weight.chance.value, lang);
    let own = match (lang, tried) {
        (Lang::Id, 0) => "belum ada catatan sendiri, dipakai yang lazim".to_owned(),
        (Lang::En, 0) => "no own record yet, what is usual is used".to_owned(),
        (Lang::Id, _) => format!("berhasil {worked} dari {tried} kali"),
        (Lang::En, _) => format!("worked {worked} of {tried} times"),
    };
    let mut said = match lang {
        Lang::Id => format!("kemungkinan berhasil {chance} ({own})"),
        Lang::En => format!("chance of success {chance} ({own})"),
    };
    if weight.lowered < 1.0 {
        let lowered = rate(weight.lowered, lang);
        said.push_str(&match lang {
            Lang::Id => format!("; diturunkan menjadi {lowered} karena yang dikesampingkan"),
            Lang::En => format!("; lowered to {lowered} of that by what was dismissed"),
        });
    }
    said
}

/// The word of a kind for a table.
pub(super) const fn name(kind: Kind, lang: Lang) -> &'static str {
    kind.name().get(lang)
}
