//! The bridge in words.

use takar_model::{Lang, Money, Text};

use super::{Bar, Explanation, Note};
use crate::{
    format::{Currency, period_name, signed_money},
    metrics::{Dimension, Value},
};

impl Bar {
    /// Its name in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::HandOver => "hand_over",
            Self::Price => "price",
            Self::Quantity => "quantity",
            Self::MarketSize => "market_size",
            Self::MarketShare => "market_share",
            Self::Mix => "mix",
            Self::New => "new",
            Self::Reactivated => "reactivated",
            Self::Lost => "lost",
            Self::Returns => "returns",
            Self::Currency => "currency",
            Self::Adjustments => "adjustments",
        }
    }

    /// What a reader calls it.
    pub const fn name(self) -> Text {
        match self {
            Self::Asked => Text::new("Kenaikan yang diminta target", "Growth asked by the target"),
            Self::HandOver => Text::new("Serah terima akun", "Hand-over"),
            Self::Price => Text::new("Harga", "Price"),
            Self::Quantity => Text::new("Kuantitas", "Quantity"),
            Self::MarketSize => Text::new("Ukuran pasar", "Market size"),
            Self::MarketShare => Text::new("Pangsa pasar", "Market share"),
            Self::Mix => Text::new("Bauran produk", "Mix"),
            Self::New => Text::new("Baru", "New"),
            Self::Reactivated => Text::new("Aktif kembali", "Reactivated"),
            Self::Lost => Text::new("Hilang", "Lost"),
            Self::Returns => Text::new("Retur", "Returns"),
            Self::Currency => Text::new("Kurs", "Currency"),
            Self::Adjustments => Text::new("Penyesuaian", "Adjustments"),
        }
    }

    /// How it is computed.
    pub const fn definition(self) -> Text {
        match self {
            Self::Asked => Text::new(
                "Penjualan periode pembanding dikurangi target: berapa yang harus tumbuh menurut target.",
                "Sales of the base window less the target: how much growth the target asked for.",
            ),
            Self::HandOver => Text::new(
                "Penjualan periode pembanding dari akun yang berpindah manajer: masuk dikurangi keluar. Jumlah seluruh manajer nol.",
                "What accounts that changed manager bought in the base window: taken over less handed over. Nothing over all managers.",
            ),
            Self::Price => Text::new(
                "Σ (harga kini − harga dulu) × kuantitas kini, produk yang dibeli akun tetap di kedua periode.",
                "Σ (price now − price then) × quantity now, for products that accounts which stayed bought in both windows.",
            ),
            Self::Quantity => Text::new(
                "(kuantitas kini − kuantitas dulu) × harga rata-rata dulu, dalam satuan yang sama.",
                "(quantity now − quantity then) × average price then, within one unit of measure.",
            ),
            Self::MarketSize => Text::new(
                "(pasar kini − pasar dulu) × pangsa dulu × harga rata-rata dulu: berapa yang dibawa pasar dengan pangsa tetap.",
                "(market now − market then) × share then × average price then: what the market brought at the same share.",
            ),
            Self::MarketShare => Text::new(
                "Pasar kini × (pangsa kini − pangsa dulu) × harga rata-rata dulu: berapa yang direbut atau hilang dari pesaing.",
                "Market now × (share now − share then) × average price then: what was won from or lost to competitors.",
            ),
            Self::Mix => Text::new(
                "Σ (kuantitas kini − kuantitas kini seluruhnya × porsi dulu) × (harga dulu − harga rata-rata dulu): pergeseran ke produk yang lebih mahal atau murah.",
                "Σ (quantity now − total quantity now × share then) × (price then − average price then): a shift to dearer or cheaper products.",
            ),
            Self::New => Text::new(
                "Penjualan akun baru (pesanan pertama di periode ini), dan produk yang baru dibeli akun tetap.",
                "Sales of new accounts (first order ever in this window), and of products that accounts which stayed bought newly.",
            ),
            Self::Reactivated => Text::new(
                "Penjualan akun yang tidak membeli di periode pembanding tetapi pernah membeli sebelumnya.",
                "Sales of accounts that did not buy in the base window but had bought before.",
            ),
            Self::Lost => Text::new(
                "Penjualan dulu dari akun yang kini tidak membeli, dan dari produk yang tidak dibeli lagi oleh akun tetap.",
                "What accounts that buy no more bought then, and products that accounts which stayed bought no more.",
            ),
            Self::Returns => Text::new("Perubahan nilai retur.", "The change in returns."),
            Self::Currency => Text::new(
                "Penjualan valuta asing dengan kurs kini dikurangi dengan kurs rata-rata dulu; batang lain memakai kurs dulu.",
                "Foreign sales at the rates of now less the mean rates of then; the other bars use the rates of then.",
            ),
            Self::Adjustments => Text::new(
                "Perubahan nilai baris tanpa kuantitas atau produk, atau dengan satuan campuran, sehingga tidak berharga satuan.",
                "The change in lines without quantity or product, or in mixed units, which have no unit price.",
            ),
        }
    }
}

impl Note {
    pub(super) fn told(&self, currency: &Currency, lang: Lang) -> String {
        match self {
            Self::SeveralUnits(units) => Text::new(
                "Produk dijual dalam {} satuan; kuantitas dan bauran dihitung dalam tiap satuan.",
                "Products are sold in {} units of measure; quantity and mix are judged within each.",
            )
            .get(lang)
            .replace("{}", &units.to_string()),
            Self::MixedUnits(products) => Text::new(
                "{} produk dijual dalam satuan campuran, sehingga perubahannya masuk penyesuaian.",
                "{} products are sold in mixed units, so their change is an adjustment.",
            )
            .get(lang)
            .replace("{}", &products.to_string()),
            Self::Unpriced(amount) => Text::new(
                "Penjualan {} (kedua periode) tanpa harga satuan: kuantitas, produk atau satuannya tidak jelas.",
                "Sales of {} (both windows) have no unit price: quantity, product or unit is unclear.",
            )
            .get(lang)
            .replace("{}", &currency.money(*amount, lang)),
            Self::NoProducts => Text::new(
                "Tidak ada kolom produk; harga dan bauran dihitung menurut akun.",
                "No line names a product; price and mix are judged by account.",
            )
            .get(lang)
            .to_owned(),
            Self::BaseBeforeData => Text::new(
                "Periode pembanding mulai sebelum data, jadi akun yang tampak baru mungkin sudah lama membeli.",
                "The base window begins before the data, so accounts that look new may have bought before.",
            )
            .get(lang)
            .to_owned(),
            Self::MarketShares(then, now) => {
                let rate = |share: f64| Value::Rate(share).format(lang);
                match lang {
                    Lang::Id => format!("Pangsa pasar yang dibandingkan: {} menjadi {}.", rate(*then), rate(*now)),
                    Lang::En => format!("Market share of what is compared: {} to {}.", rate(*then), rate(*now)),
                }
            }
            Self::TargetCoverage(share) => {
                Text::new("Target hanya mencakup {} dari penjualan.", "Targets cover only {} of the sales.")
                    .get(lang)
                    .replace("{}", &Value::Rate(*share).format(lang))
            }
        }
    }
}

impl Explanation {
    /// What happened, in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| currency.money(amount, lang);
        let difference = self.difference();
        let is_target = self.bars.iter().any(|bar| bar.bar == Bar::Asked);
        let rate = if self.from > Money::ZERO {
            format!(" ({})", Value::Rate(difference.to_f64() / self.from.to_f64()).format(lang))
        } else {
            String::new()
        };
        let (now, then) = (period_name(self.current, lang), period_name(self.base, lang));
        let amount = money(if difference.is_negative() { -difference } else { difference });
        let of = self.manager.as_ref().map(|(id, name)| name.as_deref().unwrap_or(id));
        let of = of.map_or_else(String::new, |name| format!(" {name}"));
        let first = match (lang, difference.units().signum(), is_target) {
            (Lang::Id, 0, _) => format!("Penjualan bersih{of} {now} sama dengan pembandingnya, {}.", money(self.to)),
            (Lang::En, 0, _) => {
                format!("Net sales{of} in {now} equal what they are compared with, {}.", money(self.to))
            }
            (Lang::Id, 1, false) => {
                format!("Penjualan bersih{of} {now} naik {amount}{rate} dari {then} menjadi {}.", money(self.to))
            }
            (Lang::Id, _, false) => {
                format!("Penjualan bersih{of} {now} turun {amount}{rate} dari {then} menjadi {}.", money(self.to))
            }
            (Lang::En, 1, false) => {
                format!("Net sales{of} in {now} rose by {amount}{rate} from {then} to {}.", money(self.to))
            }
            (Lang::En, _, false) => {
                format!("Net sales{of} in {now} fell by {amount}{rate} from {then} to {}.", money(self.to))
            }
            (Lang::Id, 1, true) => {
                format!("Penjualan bersih{of} {now} {amount} di atas target{rate}: {}.", money(self.to))
            }
            (Lang::Id, _, true) => {
                format!("Penjualan bersih{of} {now} {amount} di bawah target{rate}: {}.", money(self.to))
            }
            (Lang::En, 1, true) => {
                format!("Net sales{of} in {now} are {amount} above target{rate}: {}.", money(self.to))
            }
            (Lang::En, _, true) => {
                format!("Net sales{of} in {now} are {amount} below target{rate}: {}.", money(self.to))
            }
        };
        let mut sentences = vec![first];
        let mut bars: Vec<(Bar, Money)> = self.bars.iter().map(|bar| (bar.bar, bar.amount)).collect();
        bars.retain(|(_, amount)| *amount != Money::ZERO);
        bars.sort_by_key(|(bar, amount)| (std::cmp::Reverse(amount.units().unsigned_abs()), *bar));
        let told = |(bar, amount): &(Bar, Money)| {
            format!("{} {}", bar.name().get(lang).to_lowercase(), signed_money(*amount, &currency, lang))
        };
        let largest: Vec<String> = bars.iter().take(3).map(told).collect();
        if !largest.is_empty() {
            let begin = Text::new("Bagian terbesar: ", "Largest parts: ").get(lang);
            sentences.push(format!("{begin}{}.", largest.join("; ")));
        }
        let heaviest = self
            .bars
            .iter()
            .filter(|bar| !matches!(bar.bar, Bar::Asked))
            .max_by_key(|bar| bar.amount.units().unsigned_abs());
        if let Some((bar, part)) = heaviest.and_then(|bar| Some((bar, bar.items.first()?))) {
            let nobody = match part.member.dimension {
                Dimension::Account => Text::new("tanpa akun", "without account"),
                _ => Text::new("tanpa produk", "without product"),
            };
            let name = part.name.as_deref().or(part.id.as_deref()).unwrap_or(nobody.get(lang));
            let (bar, amount) = (bar.bar.name().get(lang).to_lowercase(), signed_money(part.amount, &currency, lang));
            sentences.push(match lang {
                Lang::Id => format!("Yang paling berpengaruh pada {bar}: {name} ({amount})."),
                Lang::En => format!("What weighs most in {bar}: {name} ({amount})."),
            });
        }
        sentences
    }

    pub(super) fn notes_told(&self, lang: Lang) -> Vec<String> {
        let currency = Currency(self.currency.clone());
        self.notes.iter().map(|note| note.told(&currency, lang)).collect()
    }
}
