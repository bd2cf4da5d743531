//! What would be, in sentences and for a terminal.

use takar_model::{Lang, Money, Text};

use super::{Change, EffectRow, SmallOrders, WhatIf};
use crate::{
    format::{Currency, period_name, signed_money},
    metrics::Value,
    text::{Align, TextTable},
};

impl WhatIf {
    /// What changes, in the order in which it applies, and what is assumed.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let rate = |share: f64| Value::Rate(share).format(lang);
        let total = &self.total;
        let is_known = self.coverage.is_some_and(|coverage| coverage > 0.0);
        let mut said = vec![match (lang, is_known) {
            (Lang::Id, true) => format!("Laba bersih menjadi {} dari {}.", money(total.then()), money(total.now)),
            (Lang::En, true) => format!("Net profit becomes {} instead of {}.", money(total.then()), money(total.now)),
            (Lang::Id, false) => "Laba bersih tidak diketahui: tidak satu baris pun memuat HPP. Margin di bawah ini terbaca 0 karena itu, bukan karena tidak ada.".to_owned(),
            (Lang::En, false) => "Net profit is not known: no line has a cost of goods. Margins below read 0 for that reason, not because there are none.".to_owned(),
        }];
        said.extend(self.said_of_floor(lang));
        said.extend(self.said_of_orders(lang));
        said.extend(self.said_of_visits(lang));
        let is_refused = self.change.least_order.is_some() && self.change.small_orders == SmallOrders::Refuse;
        said.push(match (lang, self.change.margin_lost > 0.0) {
            (Lang::Id, false) if is_refused => {
                "Diandaikan akun tetap membeli selebihnya seperti sekarang: itu andaian, bukan hasil data.".to_owned()
            }
            (Lang::En, false) if is_refused => {
                "It is assumed that accounts go on buying the rest as now: an assumption, not a finding.".to_owned()
            }
            (Lang::Id, false) => {
                "Diandaikan akun tetap membeli seperti sekarang: itu andaian, bukan hasil data.".to_owned()
            }
            (Lang::En, false) => {
                "It is assumed that accounts go on buying as now: an assumption, not a finding.".to_owned()
            }
            (Lang::Id, true) => format!(
                "Diandaikan {} hilang dari margin yang tersentuh, {} dari {}: andaian penanya, bukan hasil data.",
                rate(self.change.margin_lost),
                money(total.lost),
                money(total.touched_margin)
            ),
            (Lang::En, true) => format!(
                "It is assumed that {} of the margin touched is lost, {} of {}: the asker's assumption, not a finding.",
                rate(self.change.margin_lost),
                money(total.lost),
                money(total.touched_margin)
            ),
        });
        if let Some(share) = total.break_even() {
            said.push(match (lang, share > 1.0) {
                (Lang::Id, false) => {
                    format!("Keuntungannya habis bila {} margin yang tersentuh ikut hilang.", rate(share))
                }
                (Lang::En, false) => {
                    format!("The gain is used up once {} of the margin touched is lost with it.", rate(share))
                }
                (Lang::Id, true) => "Keuntungannya lebih besar daripada seluruh margin yang tersentuh.".to_owned(),
                (Lang::En, true) => "The gain is more than all the margin touched.".to_owned(),
            });
        }
        said
    }

    fn said_of_floor(&self, lang: Lang) -> Vec<String> {
        let Change { price_floor, above_cost, .. } = self.change;
        if !self.change.has_floor() {
            return Vec::new();
        }
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let rate = |share: f64| Value::Rate(share).format(lang);
        let floors = [
            price_floor.map(|share| match lang {
                Lang::Id => format!("{} dari median harga akun lain", rate(share)),
                Lang::En => format!("{} of the median price of peers", rate(share)),
            }),
            above_cost.map(|share| match lang {
                Lang::Id => format!("HPP ditambah {}", rate(share)),
                Lang::En => format!("cost plus {}", rate(share)),
            }),
        ];
        let floors: Vec<String> = floors.into_iter().flatten().collect();
        let floors = floors.join(Text::new(" dan ", " and ").get(lang));
        let lines = lang.group(i128::from(self.total.raised_lines));
        let mut said = vec![match lang {
            Lang::Id => format!(
                "Harga terendah {floors}: {lines} baris di bawahnya; dengan jumlah barang yang sama, margin bertambah {}.",
                money(self.total.price_gain)
            ),
            Lang::En => format!(
                "Prices no lower than {floors}: {lines} lines are below; at unchanged quantity they bring {} more margin.",
                money(self.total.price_gain)
            ),
        }];
        if self.uncosted_lines > 0 {
            let (lines, gain) = (lang.group(i128::from(self.uncosted_lines)), money(self.uncosted_gain));
            said.push(match lang {
                Lang::Id => format!("{lines} baris tanpa HPP juga di bawahnya ({gain}): tidak dihitung, karena marginnya tidak diketahui."),
                Lang::En => format!("{lines} lines without a cost are below too ({gain}): not counted, as their margin is not known."),
            });
        }
        said
    }

    fn said_of_orders(&self, lang: Lang) -> Vec<String> {
        let Some(least) = self.change.least_order else { return Vec::new() };
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let count = |number: u64| lang.group(i128::from(number));
        let total = &self.total;
        let (small, orders) = (count(total.small_orders), count(total.orders));
        let mut said = vec![match lang {
            Lang::Id => format!(
                "{small} dari {orders} pesanan di bawah {}: penjualan {}, margin {}.",
                money(least),
                money(total.small_net),
                money(total.small_margin)
            ),
            Lang::En => format!(
                "{small} of {orders} orders are below {}: sales {}, margin {}.",
                money(least),
                money(total.small_net),
                money(total.small_margin)
            ),
        }];
        let (away, saved) = (count(total.orders_away), money(total.order_saving));
        said.push(match (self.change.small_orders, lang) {
            (SmallOrders::Refuse, Lang::Id) => {
                format!("Bila ditolak, margin {} hilang dan {saved} dihemat.", money(total.refused_margin))
            }
            (SmallOrders::Refuse, Lang::En) => {
                format!("Refused, their margin of {} is gone and {saved} is saved.", money(total.refused_margin))
            }
            (SmallOrders::Merge, Lang::Id) => {
                format!("Bila menunggu pesanan berikutnya, {away} pesanan lebih sedikit dan {saved} dihemat.")
            }
            (SmallOrders::Merge, Lang::En) => {
                format!("Waiting for the account's next orders, {away} orders fewer are made and {saved} is saved.")
            }
            (SmallOrders::Fee(fee), Lang::Id) => {
                format!("Dengan biaya {} per pesanan kecil, {} bertambah.", money(fee), money(total.fees))
            }
            (SmallOrders::Fee(fee), Lang::En) => {
                format!("At a fee of {} for each small order, {} comes in.", money(fee), money(total.fees))
            }
        });
        match self.rates.per_order {
            Some(rate) => {
                let (rate, all) = (money(crate::format::money_of(rate)), money(self.rates.cost_of_orders(total.small_orders)));
                said.push(match lang {
                    Lang::Id => format!(
                        "Satu pesanan dihitung berbiaya {rate} (takar profit rate), jadi pesanan kecil {all}; itu bagian dari biaya yang sudah tercatat, bukan tambahan."
                    ),
                    Lang::En => format!(
                        "An order is taken to cost {rate} (takar profit rate), so small ones {all}; that is part of costs already told, not on top of them."
                    ),
                });
                if total.order_saving > self.told_cost {
                    let told = money(self.told_cost);
                    said.push(match lang {
                        Lang::Id => format!("Biaya yang tercatat dalam uang hanya {told}: penghematan ini bersandar pada tarifnya saja."),
                        Lang::En => format!("Only {told} of costs are told in money: this saving rests on the rate alone."),
                    });
                }
            }
            None => said.push(
                Text::new(
                    "Biaya satu pesanan belum ditetapkan (takar profit rate --per-order), jadi tidak ada penghematan yang dihitung.",
                    "What an order costs is not set (takar profit rate --per-order), so no saving is counted.",
                )
                .get(lang)
                .to_owned(),
            ),
        }
        said
    }

    fn said_of_visits(&self, lang: Lang) -> Vec<String> {
        if self.change.fewer_visits == 0.0 {
            return Vec::new();
        }
        let fewer = Value::Rate(self.change.fewer_visits).format(lang);
        let hours = crate::format::money_of(self.total.hours()).format(lang, 1);
        let saved = Currency(self.currency.clone()).money(self.total.visit_saving, lang);
        let mut said = vec![match lang {
            Lang::Id => format!("Dengan kunjungan {fewer} lebih sedikit, {hours} jam dan {saved} dihemat."),
            Lang::En => format!("With {fewer} fewer visits, {hours} hours and {saved} are saved."),
        }];
        if self.rates.hourly.is_none() {
            let text = Text::new(
                "Tarif per jam belum ditetapkan, jadi jam belum berbiaya dan penghematannya nol.",
                "No hourly rate is set, so hours have no cost yet and the saving is zero.",
            );
            said.push(text.get(lang).to_owned());
        }
        said
    }

    /// What to know before it is used.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |text: Text| notes.push(text.get(lang).to_owned());
        if self.change.has_floor() {
            note(Text::new(
                "Hanya baris dengan jumlah dan nilai di atas 0 yang memuat HPP; retur dan barang gratis dibiarkan. Akun lain: yang membeli barang sama dalam satuan sama, di segmennya bila sedikitnya lima, jika tidak semua.",
                "Only lines with a quantity and an amount above 0 that have a cost; returns and free goods are left as they are. Peers are accounts that buy the same product in the same unit, of the segment where these are at least five, else all.",
            ));
        }
        if self.change.least_order.is_some() {
            note(Text::new(
                "Besar pesanan adalah jumlah bersih baris pesanannya, siapa pun manajernya; yang ditolak dianggap tidak dibeli sama sekali.",
                "The size of an order is the net amount of its order lines, whoever's they are; what is refused is taken as not bought at all.",
            ));
        }
        let steps = [self.change.has_floor(), self.change.least_order.is_some(), self.change.fewer_visits > 0.0];
        if steps.into_iter().filter(|step| *step).count() > 1 {
            note(Text::new(
                "Urutannya: harga terendah, pesanan terkecil pada harga sesudahnya, kunjungan, lalu margin yang hilang: tidak ada yang terhitung dua kali.",
                "In this order: price floor, minimum order at the prices after it, visits, then the margin lost: nothing counts twice.",
            ));
        }
        notes
    }

    /// Summary, and the accounts for which most changes.
    pub fn table(&self, lang: Lang, limit: usize) -> String {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let mut text = format!("{}\n{}\n", period_name(self.period, lang), self.summary(lang).join("\n"));
        if !self.rows.is_empty() {
            let mut table = TextTable::new();
            table.column(Text::new("Akun", "Account").get(lang), Align::Left);
            let titles = [
                Text::new("Laba kini", "Profit now"),
                Text::new("Dari harga", "From prices"),
                Text::new("Pesanan kecil", "Small orders"),
                Text::new("Dari pesanan", "From orders"),
                Text::new("Dari kunjungan", "From visits"),
                Text::new("Hilang", "Lost"),
                Text::new("Laba kelak", "Profit then"),
            ];
            titles.iter().for_each(|title| table.column(title.get(lang), Align::Right));
            let change = |amount: Money| signed_money(amount, &currency, lang);
            let row = |name: String, effect: &super::Effect| {
                vec![
                    name,
                    money(effect.now),
                    change(effect.price_gain),
                    lang.group(i128::from(effect.small_orders)),
                    change(effect.from_orders()),
                    change(effect.visit_saving),
                    change(Money::ZERO - effect.lost),
                    money(effect.then()),
                ]
            };
            self.rows.iter().take(limit).for_each(|shown| table.row(row(shown.label(lang), &shown.effect)));
            table.row(row(Text::new("Jumlah semua", "Total of all").get(lang).to_owned(), &self.total));
            text.push_str(&format!("\n{}", table.render()));
            let hidden = self.rows.len().saturating_sub(limit);
            if hidden > 0 {
                let more = Text::new("… dan {} akun lagi (--limit)\n", "… and {} more accounts (--limit)\n").get(lang);
                text.push_str(&more.replace("{}", &hidden.to_string()));
            }
        }
        let notes = self.notes(lang);
        if !notes.is_empty() {
            text.push_str(&format!("\n{}\n", Text::new("Catatan", "Notes").get(lang)));
            notes.iter().for_each(|note| text.push_str(&format!("  {note}\n")));
        }
        text.push_str(&format!("\n{}\n", self.basis.text(lang)));
        text
    }
}

impl EffectRow {
    /// Its name, else its id.
    fn label(&self, lang: Lang) -> String {
        let nobody = || super::super::table::nobody(crate::metrics::Dimension::Account).get(lang).to_owned();
        self.name.clone().or_else(|| self.id.clone()).unwrap_or_else(nobody)
    }
}
