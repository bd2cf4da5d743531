//! The kinds of opportunities, and what is usual of each until one's own record says otherwise.

use serde::Serialize;
use takar_model::Text;

/// A kind of opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An account that is late by its own rhythm.
    Overdue,
    /// An account that orders less often than a year ago, more so than others do.
    Fading,
    /// An account that has not ordered for a year.
    WinBack,
    /// A product that goes with what an account buys, and which it does not buy.
    CrossSell,
    /// An account that pays less than its peers for the same.
    Price,
    /// An account that buys less than its peers.
    Wallet,
    /// Sales lost because products were out of stock; no shortfall of the manager's.
    StockOut,
    /// A prospect that nobody has contacted.
    Lead,
    /// An open offer that nobody has followed up.
    Offer,
    /// An account that costs more than it earns.
    Cost,
    /// Sales that hang on one account or one product.
    Concentration,
}

/// What is taken for usual. These are judgements, not measurements: own cases outweigh them soon (see [`STRENGTH`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// The chance that the effort succeeds.
    pub chance: f64,
    /// Contacts that it takes.
    pub contacts: f64,
    /// The share of a year's amount that is still there in the year after a success; 1 where it comes once.
    pub persistence: f64,
    /// How far the amount may be off: the standard deviation of its logarithm.
    pub spread: f64,
}

/// What is usual counts as much as so many own cases.
pub const STRENGTH: f64 = 8.0;
/// Hours of a contact, with the way there and back, where activities tell none.
pub const HOURS_OF_CONTACT: f64 = 1.5;

impl Kind {
    /// All, in their order.
    pub const ALL: [Self; 11] = [
        Self::Overdue,
        Self::Fading,
        Self::WinBack,
        Self::CrossSell,
        Self::Price,
        Self::Wallet,
        Self::StockOut,
        Self::Lead,
        Self::Offer,
        Self::Cost,
        Self::Concentration,
    ];

    /// Its word in keys, commands and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Fading => "fading",
            Self::WinBack => "win_back",
            Self::CrossSell => "cross_sell",
            Self::Price => "price",
            Self::Wallet => "wallet",
            Self::StockOut => "stock_out",
            Self::Lead => "lead",
            Self::Offer => "offer",
            Self::Cost => "cost",
            Self::Concentration => "concentration",
        }
    }

    /// The kind of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Overdue => Text::new("Akun terlambat memesan", "Overdue account"),
            Self::Fading => Text::new("Akun makin jarang memesan", "Fading account"),
            Self::WinBack => Text::new("Rebut kembali akun yang hilang", "Win back a lost account"),
            Self::CrossSell => Text::new("Tawarkan produk lain", "Cross-sell"),
            Self::Price => Text::new("Harga di bawah akun sejenis", "Price below peers"),
            Self::Wallet => Text::new("Belanja di bawah akun sejenis", "Buys less than peers"),
            Self::StockOut => Text::new("Penjualan hilang karena stok habis", "Sales lost to stock-outs"),
            Self::Lead => Text::new("Calon akun belum dihubungi", "Unattended lead"),
            Self::Offer => Text::new("Penawaran belum ditindaklanjuti", "Offer without follow-up"),
            Self::Cost => Text::new("Akun lebih mahal dari hasilnya", "Account costs more than it earns"),
            Self::Concentration => {
                Text::new("Bergantung pada satu akun atau produk", "Depends on one account or product")
            }
        }
    }

    /// What to do, as the title of an action.
    pub const fn deed(self) -> Text {
        match self {
            Self::Overdue => Text::new("Hubungi akun yang terlambat", "Contact the overdue account"),
            Self::Fading => Text::new("Cari tahu mengapa pesanan berkurang", "Find out why orders fade"),
            Self::WinBack => Text::new("Rebut kembali akun", "Win the account back"),
            Self::CrossSell => Text::new("Tawarkan produk pelengkap", "Offer the product that goes with it"),
            Self::Price => Text::new("Bicarakan harga", "Talk about the price"),
            Self::Wallet => Text::new("Perbesar bagian belanja akun", "Win a larger share of what the account buys"),
            Self::StockOut => Text::new("Jaga stok produk", "Keep the products in stock"),
            Self::Lead => Text::new("Hubungi calon akun", "Contact the lead"),
            Self::Offer => Text::new("Tindak lanjuti penawaran", "Follow up the offer"),
            Self::Cost => Text::new("Turunkan biaya melayani akun", "Lower what it costs to serve the account"),
            Self::Concentration => Text::new("Kurangi ketergantungan", "Depend less on one"),
        }
    }

    /// What is usual until own cases say otherwise.
    pub const fn usual(self) -> Usual {
        let (chance, contacts, persistence, spread) = match self {
            Self::Overdue => (0.35, 1.0, 0.8, 0.4),
            Self::Fading => (0.25, 2.0, 0.8, 0.5),
            Self::WinBack => (0.10, 2.0, 0.6, 0.7),
            Self::CrossSell => (0.15, 1.0, 0.8, 0.7),
            Self::Price => (0.25, 2.0, 0.8, 0.3),
            Self::Wallet => (0.10, 3.0, 0.8, 0.6),
            Self::StockOut => (0.40, 1.0, 0.8, 0.4),
            Self::Lead => (0.15, 2.0, 0.8, 0.9),
            Self::Offer => (0.30, 1.0, 1.0, 0.3),
            Self::Cost => (0.30, 2.0, 0.8, 0.2),
            Self::Concentration => (0.15, 3.0, 0.8, 0.5),
        };
        Usual { chance, contacts, persistence, spread }
    }

    /// It is the manager's to do: what stock lacks is not.
    pub const fn is_managers(self) -> bool {
        !matches!(self, Self::StockOut)
    }
}
