//! What causes suggest.

use takar_model::{Lang, Text};

use super::{Cause, Evidence};
use crate::{
    analysis::explain::Bar,
    metrics::{Dimension, format_percent},
};

impl Cause {
    /// What to do first.
    pub fn step(&self) -> Text {
        // What was lost may be products that accounts dropped which buy on.
        let is_of_products = |part: &crate::analysis::explain::Part| part.member.dimension == Dimension::Product;
        match self.bar {
            Bar::Asked => Text::new(
                "Periksa dulu targetnya: kemungkinan mencapainya (halaman Target, atau takar targets odds), musim, dan portofolio. Ubah dengan alasan bila memang tidak wajar.",
                "Look at the target first: the chance to reach it (page Targets, or takar targets odds), the season, the portfolio. Change it, with the reason, where it was not realistic.",
            ),
            Bar::Lost if !self.members.is_empty() && self.members.iter().all(is_of_products) => Text::new(
                "Tidak ada akun yang hilang: akun-akunnya berhenti membeli barang ini. Tanyakan sebabnya, dan lihat apakah barangnya tersedia.",
                "No account was lost: accounts stopped buying these products. Ask why, and see whether the goods were there.",
            ),
            Bar::Lost => Text::new(
                "Hubungi akun yang hilang mulai dari yang terbesar dan tanyakan sebabnya; lihat akun berisiko agar tidak bertambah.",
                "Call the lost accounts, the largest first, and ask why; look at the accounts at risk so that there are no more.",
            ),
            Bar::Quantity | Bar::MarketShare => Text::new(
                "Sepakati rencana kunjungan untuk akun yang membeli lebih sedikit; tawarkan barang yang biasa mereka beli.",
                "Agree on a plan of visits to the accounts that buy less; offer what they used to buy.",
            ),
            Bar::New | Bar::Reactivated => Text::new(
                "Lihat calon pelanggan dan penawaran yang belum ditindaklanjuti; tentukan siapa dihubungi minggu ini.",
                "Look at prospects and offers without follow-up; say who is called this week.",
            ),
            Bar::Price => Text::new(
                "Bandingkan harga dan diskon barang ini dengan rekan; sepakati batas diskon.",
                "Compare prices and discounts of these products with the peers'; agree on a limit for discounts.",
            ),
            Bar::Mix => Text::new(
                "Lihat barang mana yang turun dan apakah tersedia; latih cara menawarkannya.",
                "See which products fell and whether they were there; train how they are offered.",
            ),
            Bar::Returns => Text::new(
                "Cari sebab retur: mutu barang, pesanan yang dipaksakan, atau pengiriman.",
                "Find out why goods came back: quality, orders that were pressed, or delivery.",
            ),
            Bar::HandOver => Text::new(
                "Akun berpindah tangan: nilai manajer ini dengan akun yang dipegangnya sekarang (kredit pemilik sekarang), dan dampingi serah terimanya.",
                "Accounts changed hands: judge by the accounts held now (credit as owned now), and help with the hand-over.",
            ),
            Bar::MarketSize => Text::new(
                "Pasarnya menyusut untuk semua: bandingkan pangsa pasar, bukan penjualan saja.",
                "The market shrank for everybody: compare the share of it, not sales alone.",
            ),
            Bar::Currency => Text::new(
                "Kurs, bukan penjualannya: nilai dengan kurs tetap.",
                "Rates of exchange, not sales: judge at fixed rates.",
            ),
            Bar::Adjustments => Text::new(
                "Tidak bisa dipecah: lengkapi jumlah dan barang di datanya.",
                "It cannot be split: complete quantities and products in the data.",
            ),
        }
    }
}

impl Evidence {
    /// The figure for people.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Measure { name, unit, value, median, .. } => {
                let name = if lang == Lang::Id { &name.0 } else { &name.1 };
                let (value, median) = (figure(*value, unit, lang), figure(*median, unit, lang));
                match lang {
                    Lang::Id => format!("{name} {value}, median rekan {median}"),
                    Lang::En => format!("{name} {value}, median of the peers {median}"),
                }
            }
            Self::Portfolio { index, low, high } => {
                let [index, low, high] = [index, low, high].map(|ratio| figure(*ratio, "", lang));
                match lang {
                    Lang::Id => {
                        format!("dibanding harapan portofolionya {index} (kisaran {low} – {high}; 1 = seperti harapan)")
                    }
                    Lang::En => format!(
                        "against what the portfolio lets expect {index} (interval {low} – {high}; 1 = as expected)"
                    ),
                }
            }
        }
    }
}

fn figure(value: f64, unit: &str, lang: Lang) -> String {
    if matches!(unit, "rate" | "share") {
        return format_percent(value, lang);
    }
    let text = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    if lang == Lang::Id { text.replace('.', ",") } else { text }
}
