//! Stock in sentences.

use takar_model::{Day, Lang, Text};
use takar_stats::{Error, Level};

use super::{Class, Expected, OnHand, Shown, State, Stock, StockRow};
use crate::{
    analysis::told,
    format::{Currency, day_name, money_of},
    metrics::{Unit, Value},
};

impl State {
    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Out => Text::new("habis", "out"),
            Self::Short => Text::new("kurang", "short"),
            Self::Unknown => Text::new("stok tidak diketahui", "stock unknown"),
            Self::Enough => Text::new("cukup", "enough"),
            Self::Slow => Text::new("lambat", "slow"),
            Self::Dead => Text::new("mati", "dead"),
            Self::Untold => Text::new("belum dapat dikatakan", "cannot be told"),
        }
    }
}

impl Class {
    /// What it is called.
    pub const fn label(self) -> Text {
        match self {
            Self::Steady => Text::new("dibeli hampir selalu", "bought nearly always"),
            Self::Occasional => Text::new("dibeli sesekali", "bought now and then"),
            Self::Rare => Text::new("jarang dibeli", "bought rarely"),
        }
    }
}

/// A quantity, with its unit where it has one.
pub(super) fn quantity(number: f64, unit: Option<&str>, lang: Lang) -> String {
    let places = if number.fract() == 0.0 || number >= 100.0 { 0 } else { 1 };
    let number = money_of(number).format(lang, places);
    unit.map_or_else(|| number.clone(), |unit| format!("{number} {unit}"))
}

/// `95%`.
pub(super) fn share(level: Level, lang: Lang) -> String {
    percent(level.share(), lang)
}

fn percent(share: f64, lang: Lang) -> String {
    let text = Value::Rate(share).format(lang);
    // Shares that are asked for are whole.
    text.strip_suffix("%")
        .and_then(|text| text.strip_suffix(",0").or_else(|| text.strip_suffix(".0")))
        .map_or(text.clone(), |whole| format!("{whole}%"))
}

impl Stock {
    /// Why a row is as it is, the most important first.
    pub fn reasons(&self, row: &StockRow, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        let unit = row.unit.as_deref();
        let amount = |number: f64| quantity(number, unit, lang);
        let days = self.question.days();
        if row.is_mixed {
            let text = Text::new(
                "Dijual dalam beberapa satuan yang tidak dapat dijumlahkan. Masukkan konversinya: takar import units BERKAS.",
                "Sold in several units that do not add up. Bring in their conversion: takar import units FILE.",
            );
            return vec![text.get(lang).to_owned()];
        }
        said.extend(self.about_what_is_there(row, lang));
        match &row.expected {
            Ok(expected) => {
                let forecast = amount(expected.forecast);
                let spread = expected.interval.as_ref().ok().map(|interval| {
                    let (low, high) =
                        (quantity(interval.low.floor(), None, lang), quantity(interval.high.ceil(), None, lang));
                    format!(" ({}: {low}–{high})", share(interval.level, lang))
                });
                let spread = spread.unwrap_or_default();
                let monthly = amount(row.monthly);
                said.push(match lang {
                    Lang::Id => format!("Akhir-akhir ini terjual {monthly} sebulan; {days} hari ke depan diperkirakan {forecast}{spread}."),
                    Lang::En => format!("{monthly} a month were sold lately; {forecast} are expected in the coming {days} days{spread}."),
                });
                said.push(match &expected.level {
                    Ok(level) => {
                        let (level, service) = (amount(*level), share(self.question.service, lang));
                        let order = row.order.map(|order| (order, amount(order)));
                        match (lang, order) {
                            (Lang::Id, Some((order, told))) if order > 0.0 => format!("Dengan {level} stok cukup sampai pesanan berikutnya tiba pada {service} kejadian: pesan {told}."),
                            (Lang::En, Some((order, told))) if order > 0.0 => format!("{level} last until the next order arrives in {service} of all cases: order {told}."),
                            (Lang::Id, _) => format!("Dengan {level} stok cukup sampai pesanan berikutnya tiba pada {service} kejadian."),
                            (Lang::En, _) => format!("{level} last until the next order arrives in {service} of all cases."),
                        }
                    }
                    Err(error) => untold(error, lang),
                });
                if let (Some(missing), Some(loss)) = (row.missing.filter(|missing| *missing >= 0.05), row.loss) {
                    let (missing, loss) = (amount(missing), Currency(self.currency.clone()).money(loss, lang));
                    said.push(match lang {
                        Lang::Id => format!("Tanpa pesanan diperkirakan kurang {missing}, penjualan sebesar {loss}."),
                        Lang::En => format!("Without an order {missing} are expected to be missing, sales of {loss}."),
                    });
                }
                said.extend(made_up(expected, lang));
            }
            Err(error) if row.last_sold.is_some() => said.push(untold(error, lang)),
            Err(_) => {}
        }
        if row.days_out > 0 {
            let out = row.days_out;
            said.push(match lang {
                Lang::Id => format!("Kosong pada {out} dari 91 hari terakhir."),
                Lang::En => format!("Out on {out} of the last 91 days."),
            });
        }
        said
    }

    fn about_what_is_there(&self, row: &StockRow, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        let ago = |day: Day| self.blocks.last().epoch_days() - day.epoch_days();
        said.push(match row.on_hand {
            OnHand::Counted(there, day) => {
                let there = quantity(there.to_f64(), row.unit.as_deref(), lang);
                let lasts = row.lasts.filter(|days| *days > 0.0).map(|days| quantity(days.floor(), None, lang));
                let told = match ago(day) {
                    ago if ago > i32::from(self.question.days()) => match lang {
                        Lang::Id => format!(" ({ago} hari sebelum akhir data: mungkin sudah berubah)"),
                        Lang::En => format!(" ({ago} days before the data end: it may have changed)"),
                    },
                    _ => String::new(),
                };
                let day = day_name(day, lang);
                match (lang, lasts) {
                    (Lang::Id, Some(days)) => format!("Stok {there} pada {day}{told}: cukup untuk sekitar {days} hari."),
                    (Lang::En, Some(days)) => format!("{there} on {day}{told}: enough for about {days} days."),
                    (Lang::Id, None) => format!("Stok {there} pada {day}{told}."),
                    (Lang::En, None) => format!("{there} on {day}{told}."),
                }
            }
            OnHand::CameBack(day) => match (lang, day_name(day, lang)) {
                (Lang::Id, day) => format!("Habis sampai {day}; berapa yang datang sesudahnya belum dimasukkan."),
                (Lang::En, day) => format!("Out until {day}; how much came after it was not told."),
            },
            OnHand::There(day) => match (lang, day_name(day, lang)) {
                (Lang::Id, day) => format!("Ada pada {day}, tetapi jumlahnya tidak disebut."),
                (Lang::En, day) => format!("In stock on {day}, but how much was not told."),
            },
            OnHand::OtherUnit(day) => match (lang, day_name(day, lang)) {
                (Lang::Id, day) => format!("Stok pada {day} disebut dalam satuan lain daripada penjualannya. Masukkan konversinya: takar import units BERKAS."),
                (Lang::En, day) => format!("The stock of {day} is told in another unit than its sales. Bring in the conversion: takar import units FILE."),
            },
            OnHand::Untold if !self.is_told => return said,
            OnHand::Untold => Text::new("Stoknya di sini belum dimasukkan.", "Its stock here was not told.").get(lang).to_owned(),
        });
        match row.state {
            State::Dead => {
                let first = self.blocks.span(0).from();
                let since = row.last_sold.unwrap_or(first);
                said.push(match (lang, row.last_sold.is_some()) {
                    (Lang::Id, true) => format!("Tidak ada yang membelinya sejak {since}: stok mati."),
                    (Lang::En, true) => format!("Nobody has bought it since {since}: dead stock."),
                    (Lang::Id, false) => format!("Tidak terjual di sini sejak {since} atau lebih awal: stok mati."),
                    (Lang::En, false) => format!("Not sold here since {since} or earlier: dead stock."),
                });
            }
            State::Slow => {
                let months = self.question.slow;
                said.push(match lang {
                    Lang::Id => format!("Lebih dari perkiraan {months} bulan: stok lambat."),
                    Lang::En => format!("More than {months} months of what is expected: slow stock."),
                });
            }
            _ => {}
        }
        said
    }

    /// What to do, as the title of an action.
    pub fn deed(&self, row: &StockRow, lang: Lang) -> String {
        let product = row.product.label();
        let place = row.branch.as_ref().map_or_else(String::new, |branch| format!(" ({})", branch.label()));
        match (row.order.filter(|order| *order > 0.0), row.state, lang) {
            (Some(order), ..) => {
                let order = quantity(order, row.unit.as_deref(), lang);
                match lang {
                    Lang::Id => format!("Pesan {order} {product}{place}"),
                    Lang::En => format!("Order {order} of {product}{place}"),
                }
            }
            (_, State::Slow | State::Dead, Lang::Id) => format!("Kurangi stok {product}{place}"),
            (_, State::Slow | State::Dead, Lang::En) => format!("Bring down the stock of {product}{place}"),
            (.., Lang::Id) => format!("Jaga stok {product}{place}"),
            (.., Lang::En) => format!("Keep {product} in stock{place}"),
        }
    }
}

/// What was done about days without stock.
fn made_up(expected: &Expected, lang: Lang) -> Option<String> {
    let Expected { blocks, corrected, left_out, .. } = expected;
    let all = blocks + left_out;
    let corrected = (*corrected > 0).then(|| match lang {
        Lang::Id => format!("{corrected} dihitung per hari yang berstok"),
        Lang::En => format!("{corrected} by what was sold a day in stock"),
    });
    let left_out = (*left_out > 0).then(|| match lang {
        Lang::Id => format!("{left_out} dikesampingkan karena lebih dari separuh harinya kosong"),
        Lang::En => format!("{left_out} left out because more than half of the days were without"),
    });
    let said = corrected.into_iter().chain(left_out).collect::<Vec<_>>().join(", ");
    (!said.is_empty()).then(|| match lang {
        Lang::Id => format!("Dari {all} kurun ada yang kosong sebagian: {said}."),
        Lang::En => format!("Of {all} spans some were without stock: {said}."),
    })
}

/// Why there is no forecast or level: what estimators observe are blocks of days here.
fn untold(error: &Error, lang: Lang) -> String {
    match error {
        Error::NotEnough { what: "blocks", needed, got, .. } => match lang {
            Lang::Id => format!("Terlalu baru: perlu {needed} kurun sejak penjualan pertama, baru ada {got}."),
            Lang::En => format!("Too new: it takes {needed} spans since the first sale, there are {got}."),
        },
        Error::NotEnough { needed, got, .. } => match lang {
            Lang::Id => format!(
                "Data masa lalu belum cukup untuk keyakinan setinggi itu: perlu {needed} galat perkiraan, baru ada {got}."
            ),
            Lang::En => format!(
                "The past is too short for so high a share: it takes {needed} errors of forecasts, there are {got}."
            ),
        },
        other => format!("{}.", told(other, lang)),
    }
}

impl Shown<'_> {
    /// What the rows say, the most important first.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.all.currency.clone());
        let group = |count: usize| lang.group(count as i128);
        let days = self.all.question.days();
        let mut said = Vec::new();
        let (out, short) = (self.count(State::Out), self.count(State::Short));
        if out + short > 0 {
            let (out, short) = (group(out), group(short));
            let loss = currency.money(self.loss, lang);
            said.push(match lang {
                Lang::Id => format!("{out} habis dan {short} kurang; tanpa pesanan diperkirakan hilang penjualan {loss} dalam {days} hari."),
                Lang::En => format!("{out} are out and {short} short; without orders sales of {loss} are expected to be lost within {days} days."),
            });
        }
        let (slow, dead) = (self.count(State::Slow), self.count(State::Dead));
        if slow + dead > 0 {
            let (slow, dead, idle) = (group(slow), group(dead), currency.money(self.idle, lang));
            said.push(match lang {
                Lang::Id => format!("{slow} lambat dan {dead} mati: {idle} menurut harga jual."),
                Lang::En => format!("{slow} are slow and {dead} dead: {idle} at the prices of sale."),
            });
        }
        let unknown = self.count(State::Unknown);
        if unknown > 0 {
            let unknown = group(unknown);
            said.push(match lang {
                Lang::Id => {
                    format!("Stok dari {unknown} tidak diketahui: berapa yang perlu ada dikatakan, pesanannya tidak.")
                }
                Lang::En => {
                    format!("The stock of {unknown} is not known: what has to be there is told, what to order is not.")
                }
            });
        }
        if said.is_empty() {
            said.push(Text::new("Tidak ada yang perlu dipesan.", "Nothing has to be ordered.").get(lang).to_owned());
        }
        said
    }

    /// What the figures rest on, and what they cannot say.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let all = self.all;
        let question = all.question;
        let (lead, review, days, service) =
            (question.lead, question.review, question.days(), share(question.service, lang));
        let blocks = all.blocks.count();
        let mut notes = Vec::new();
        if !all.is_told {
            let text = Text::new(
                "Belum ada data stok, jadi yang dikatakan hanya berapa yang perlu ada. Masukkan stok dengan: takar import stock BERKAS.",
                "No stock was imported yet, so only what has to be there is told. Bring it in with: takar import stock FILE.",
            );
            notes.push(text.get(lang).to_owned());
        }
        notes.push(match lang {
            Lang::Id => format!("Stok harus cukup selama {days} hari: {lead} hari sampai pesanan tiba dan {review} hari sampai pesanan berikutnya. Yang perlu ada cukup pada {service} kurun seperti itu; pesanan = yang perlu ada − stok terakhir. Ini ukuran Anda sendiri: ubahlah bila pemasok lebih lambat atau kehabisan lebih mahal."),
            Lang::En => format!("Stock has to last {days} days: {lead} until an order arrives and {review} until the next one. What has to be there lasts in {service} of such spans; the order is that less what is there. These are yours to set: change them where suppliers are slower or running out costs more."),
        });
        notes.push(match lang {
            Lang::Id => format!("Permintaan diperkirakan dari {blocks} kurun {days} hari yang berakhir {}; retur tidak dikurangkan. Seberapa jauh perkiraan dapat meleset diambil dari galat masa lalu barang yang dibeli sama seringnya, bukan dari kurva normal.", day_name(all.blocks.last(), lang)),
            Lang::En => format!("Demand is forecast from {blocks} spans of {days} days up to {}; returns are not taken off. How far forecasts may be off comes from past errors of what is bought as regularly, not from a normal curve.", day_name(all.blocks.last(), lang)),
        });
        notes.push(self.held_said(lang));
        notes.push(
            match all.knows {
                (true, true) => Text::new(
                    "Musim dan hari raya diperhitungkan, seperti pada penjualan seluruh perusahaan.",
                    "Season and feasts are taken into account as they show in the sales of the whole company.",
                ),
                (true, false) => Text::new(
                    "Hari raya diperhitungkan, seperti pada penjualan seluruh perusahaan.",
                    "Feasts are taken into account as they show in the sales of the whole company.",
                ),
                (false, true) => Text::new(
                    "Musim diperhitungkan, seperti pada penjualan seluruh perusahaan.",
                    "The season is taken into account as it shows in the sales of the whole company.",
                ),
                (false, false) => Text::new(
                    "Musim dan hari raya tidak diperhitungkan: penjualan seluruh perusahaan tidak menunjukkannya, atau datanya belum sekitar tiga tahun.",
                    "Season and feasts are not taken into account: the sales of the whole company do not show any, or there are less than about three years of data.",
                ),
            }
            .get(lang)
            .to_owned(),
        );
        notes.push(
            Text::new(
                "Barang yang sudah dipesan tetapi belum tiba tidak diketahui: kurangkan sendiri. Stok lambat dan mati dinilai menurut harga jual.",
                "What is on order and has not arrived is not known: take it off yourself. Slow and dead stock is told at the prices of sale.",
            )
            .get(lang)
            .to_owned(),
        );
        if all.unknown > 0 {
            let rows = lang.group(all.unknown as i128);
            notes.push(match lang {
                Lang::Id => format!("{rows} baris stok menyebut produk atau cabang yang tidak ada dalam penjualan; baris itu tidak dipakai."),
                Lang::En => format!("{rows} rows of stock name a product or branch that no sale has; they are not used."),
            });
        }
        if all.without_branch > 0 {
            let rows = lang.group(all.without_branch as i128);
            notes.push(match lang {
                Lang::Id => format!("{rows} baris stok tidak menyebut cabang: hari kosongnya berlaku di semua cabang, jumlahnya tidak dibagi."),
                Lang::En => format!("{rows} rows of stock name no branch: their days without count in every branch, their amounts are not divided."),
            });
        }
        notes
    }

    fn held_said(&self, lang: Lang) -> String {
        let service = share(self.all.question.service, lang);
        let Some(Ok(held)) = self.all.held.first().map(|held| &held.share) else {
            let text = Text::new(
                "Masa lalu terlalu pendek untuk menguji apakah ukuran seperti ini memang cukup.",
                "The past is too short to test whether levels like these do last.",
            );
            return text.get(lang).to_owned();
        };
        let number = |number: f64| Value::Rate(number).format(lang);
        let (came, low, high) = (number(held.value), number(held.interval.low), number(held.interval.high));
        let n = Currency(None).number(held.n as f64, Unit::Count, lang);
        match lang {
            Lang::Id => format!(
                "Diuji pada masa lalu Anda sendiri: ukuran untuk {service} cukup pada {came} dari {n} kurun (95%: {low}–{high})."
            ),
            Lang::En => format!(
                "Tested on your own past: levels for {service} lasted in {came} of {n} spans (95%: {low}–{high})."
            ),
        }
    }
}
