//! Accounts on the plane of quantity and quality: how much each buys, and how the relation stands.
//!
//! Quantity is held against accounts of the same class, quality is what the data say of the relation. What nobody recorded is left
//! out and said; below half of the weight there is no score. Source: METHODS §10, as for managers (docs/adr/0024).

mod facts;
mod json;
mod table;
#[cfg(test)]
mod tests;

use takar_model::{Money, Period, Text};
use takar_stats::score::{Direction as Better, Yardstick};

pub use self::facts::{Question, accounts_plane};
use super::scorecard::{CUT, Corner, LEAST_KNOWN, LEAST_PEERS, Points};
use crate::{metrics::Basis, process::Class};

/// So many answers of an account are needed to tell how content it is.
pub const LEAST_ANSWERS: u64 = 3;

/// What is measured of an account, with its weight within its side in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is documented by its definition, which people read")]
pub enum Measure {
    NetSales,
    Growth,
    Contacts,
    Alive,
    Satisfaction,
    Returns,
}

impl Measure {
    /// All, those of quantity first.
    pub const ALL: [Self; 6] =
        [Self::NetSales, Self::Growth, Self::Contacts, Self::Alive, Self::Satisfaction, Self::Returns];

    /// Its name in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NetSales => "net_sales",
            Self::Growth => "growth_year",
            Self::Contacts => "contacts",
            Self::Alive => "alive",
            Self::Satisfaction => "satisfaction",
            Self::Returns => "return_rate",
        }
    }

    /// It is of quantity, not of quality.
    pub const fn is_quantity(self) -> bool {
        matches!(self, Self::NetSales | Self::Growth)
    }

    /// How much of its side it counts, in per cent.
    pub const fn weight(self) -> u32 {
        match self {
            Self::NetSales => 60,
            Self::Growth => 40,
            Self::Contacts | Self::Alive => 30,
            Self::Satisfaction => 25,
            Self::Returns => 15,
        }
    }

    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::NetSales => Text::new("Penjualan bersih", "Net sales"),
            Self::Growth => Text::new("Pertumbuhan dari tahun lalu", "Growth on a year ago"),
            Self::Contacts => Text::new("Kontak menurut rencana", "Contacts as planned"),
            Self::Alive => Text::new("Kemungkinan masih aktif", "Chance to be active"),
            Self::Satisfaction => Text::new("Kepuasan", "Satisfaction"),
            Self::Returns => Text::new("Tingkat retur", "Return rate"),
        }
    }

    /// How points are counted from it.
    pub const fn definition(self) -> Text {
        match self {
            Self::NetSales => Text::new(
                "terhadap akun sekelas (A, B, C); 5 % terluar dipotong",
                "against accounts of the same class (A, B, C); outer 5 % cut",
            ),
            Self::Growth => {
                Text::new("terhadap semua akun; 5 % terluar dipotong", "against all accounts; outer 5 % cut")
            }
            Self::Contacts => Text::new(
                "kontak dibagi yang direncanakan untuk kelasnya, paling banyak 100",
                "contacts out of those planned for its class, at most 100",
            ),
            Self::Alive => Text::new(
                "menurut irama pesanan akun itu sendiri, per hari terakhir data",
                "by the account's own rhythm of orders, as of the last day of the data",
            ),
            Self::Satisfaction => Text::new(
                "rata-rata nilai NPS, CSAT dan komunikasi terhadap skalanya; paling sedikit tiga jawaban",
                "mean of NPS, CSAT and communication scores on their scales; at least three answers",
            ),
            Self::Returns => Text::new(
                "retur terhadap penjualan; lebih rendah lebih baik, terhadap semua akun",
                "returns out of sales; less is better, against all accounts",
            ),
        }
    }
}

/// What the data say of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountFacts {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The id and name of the manager who has it.
    pub manager: Option<(String, Option<String>)>,
    /// Its class by sales of the year before.
    pub class: Class,
    /// Its net sales in the window; none where currencies are mixed.
    pub net_sales: Option<Money>,
    /// By measure, in the order of [`Measure::ALL`]; none where nothing is recorded.
    pub values: [Option<f64>; 6],
    /// How many answers its satisfaction rests on.
    pub answers: u64,
}

/// An account on the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountOnPlane {
    /// What the data say.
    pub facts: AccountFacts,
    /// By measure, its points.
    pub points: [Option<f64>; 6],
    /// How much it buys.
    pub quantity: Points,
    /// How the relation stands.
    pub quality: Points,
    /// Where both put it.
    pub corner: Option<Corner>,
}

/// Accounts on the plane, the largest first.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountsPlane {
    /// The window.
    pub period: Period,
    /// The accounts that were asked for.
    pub accounts: Vec<AccountOnPlane>,
    /// By measure, whether anything of it is recorded at all.
    pub recorded: [bool; 6],
    /// The one currency, where it is one.
    pub currency: Option<String>,
    /// What it rests on.
    pub basis: Basis,
}

/// Puts accounts on the plane, each held against all of them.
pub(crate) fn on_plane(all: Vec<AccountFacts>) -> Vec<AccountOnPlane> {
    let peers = |measure: Measure, class: Option<Class>, better: Better| {
        let of = |one: &&AccountFacts| class.is_none_or(|class| one.class == class);
        let values: Vec<f64> = all.iter().filter(of).filter_map(|one| one.values[measure as usize]).collect();
        // Where all are alike nothing tells one from another.
        Yardstick::of_peers(&values, better, CUT).ok().filter(|_| values.len() >= LEAST_PEERS)
    };
    let by_class = Class::ALL.map(|class| peers(Measure::NetSales, Some(class), Better::Higher));
    let growth = peers(Measure::Growth, None, Better::Higher);
    let returns = peers(Measure::Returns, None, Better::Lower);
    let points = |one: &AccountFacts, measure: Measure| -> Option<f64> {
        let value = one.values[measure as usize]?;
        match measure {
            Measure::NetSales => by_class[one.class as usize].map(|stick| stick.points(value)),
            Measure::Growth => growth.map(|stick| stick.points(value)),
            Measure::Returns => returns.map(|stick| stick.points(value)),
            Measure::Satisfaction if one.answers < LEAST_ANSWERS => None,
            Measure::Contacts | Measure::Alive | Measure::Satisfaction => Some(100.0 * value.clamp(0.0, 1.0)),
        }
    };
    let placed = all.iter().map(|one| Measure::ALL.map(|measure| points(one, measure))).collect::<Vec<_>>();
    let on_plane = |(facts, points): (AccountFacts, [Option<f64>; 6])| {
        let (quantity, quality) = (side(&points, true), side(&points, false));
        let corner = Corner::of(quantity, quality);
        AccountOnPlane { facts, points, quantity, quality, corner }
    };
    all.into_iter().zip(placed).map(on_plane).collect()
}

/// The score of a side over what is known of it.
fn side(points: &[Option<f64>; 6], is_quantity: bool) -> Points {
    let of_side = Measure::ALL.into_iter().filter(|measure| measure.is_quantity() == is_quantity);
    let (mut sum, mut known) = (0.0, 0.0);
    for measure in of_side {
        if let Some(points) = points[measure as usize] {
            let weight = f64::from(measure.weight()) / 100.0;
            sum += weight * points;
            known += weight;
        }
    }
    Points { score: (known + 1e-12 >= LEAST_KNOWN).then(|| sum / known), known }
}

/// What a corner suggests for an account.
pub const fn suggestion(corner: Corner) -> Text {
    match corner {
        Corner::Both => Text::new(
            "Jaga irama kontaknya; tawarkan barang yang belum dibelinya dan minta ia menjadi rujukan.",
            "Keep the rhythm of contacts; offer what it does not buy yet and ask it to be a reference.",
        ),
        Corner::QuantityOnly => Text::new(
            "Banyak membeli, hubungannya lemah: kunjungi lebih dulu dari yang lain, tanyakan apa yang mengganggu.",
            "Buys much on a weak relation: see it before the others and ask what bothers it.",
        ),
        Corner::QualityOnly => Text::new(
            "Hubungan baik, belanja di bawah akun sekelas: cari potensinya, lengkapi ragam barang dan jumlahnya.",
            "A good relation that buys less than its class: look for its potential, in range and in quantity.",
        ),
        Corner::Neither => Text::new(
            "Satu percobaan dengan rencana dan tanggal; bila tidak berubah, layani dengan cara yang lebih murah.",
            "One attempt with a plan and a date; if nothing changes, serve it in a cheaper way.",
        ),
    }
}

/// What is said where there is no score of quality.
pub const NO_QUALITY: Text = Text::new(
    "mutu hubungan belum cukup tercatat (kontak, umpan balik), jadi tidak dinilai",
    "too little is recorded of the relation (contacts, feedback), so it is not scored",
);
