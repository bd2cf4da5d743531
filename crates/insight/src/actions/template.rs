//! Actions to begin with: steps that are usual for a kind.

use takar_model::Text;

use super::ActionKind;

/// What an action of a kind usually has.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name in commands and addresses.
    pub id: &'static str,
    /// Of this kind.
    pub kind: ActionKind,
    /// What the action is called.
    pub title: Text,
    /// Why it should work.
    pub hypothesis: Text,
    /// What is to be done.
    pub steps: &'static [Text],
}

/// One for each kind that has a usual course.
pub const TEMPLATES: &[Template] = &[
    Template {
        id: "visits",
        kind: ActionKind::Relationship,
        title: Text::new("Kunjungan lebih teratur", "More regular visits"),
        hypothesis: Text::new(
            "Akun yang dikunjungi teratur memesan lebih teratur.",
            "Accounts that are visited regularly order more regularly.",
        ),
        steps: &[
            Text::new("Jadwalkan kunjungan untuk setiap akun", "Schedule a visit for each account"),
            Text::new("Catat kebutuhan dan keluhan", "Note needs and complaints"),
            Text::new("Tindak lanjuti dalam seminggu", "Follow up within a week"),
        ],
    },
    Template {
        id: "bundle",
        kind: ActionKind::Marketing,
        title: Text::new("Program promosi", "Promotion programme"),
        hypothesis: Text::new(
            "Promosi mengenalkan produk yang belum dibeli akun.",
            "A promotion brings products that the accounts do not buy yet.",
        ),
        steps: &[
            Text::new("Pilih produk dan syaratnya", "Choose products and terms"),
            Text::new("Sampaikan kepada setiap akun", "Tell each account"),
            Text::new("Periksa stok sebelum mulai", "Check stock before it begins"),
        ],
    },
    Template {
        id: "product_training",
        kind: ActionKind::Training,
        title: Text::new("Pelatihan produk", "Product training"),
        hypothesis: Text::new(
            "Yang mengenal produk menjualnya lebih banyak.",
            "Who knows the products sells more of them.",
        ),
        steps: &[
            Text::new("Siapkan bahan", "Prepare the material"),
            Text::new("Latih yang menjual", "Train those who sell"),
            Text::new("Uji setelah sebulan", "Test after a month"),
        ],
    },
    Template {
        id: "min_stock",
        kind: ActionKind::Stock,
        title: Text::new("Stok minimum", "Minimum stock"),
        hypothesis: Text::new("Yang selalu ada selalu terjual.", "What is always there is always sold."),
        steps: &[
            Text::new("Tetapkan stok minimum tiap produk", "Set a minimum for each product"),
            Text::new("Periksa setiap minggu", "Check every week"),
        ],
    },
    Template {
        id: "price_floor",
        kind: ActionKind::Price,
        title: Text::new("Harga dan diskon baru", "New prices and discounts"),
        hypothesis: Text::new(
            "Harga yang sepadan menaikkan laba tanpa kehilangan pesanan.",
            "A fitting price raises the margin without losing orders.",
        ),
        steps: &[
            Text::new("Bandingkan harga dengan akun serupa", "Compare prices with accounts alike"),
            Text::new("Sepakati dengan setiap akun", "Agree with each account"),
        ],
    },
];
