//! The words that invented shops, goods and people are named with.

/// A kind of customer and how it buys.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Its name.
    pub(crate) name: &'static str,
    /// How such shops begin their names.
    pub(crate) kinds: &'static [&'static str],
    /// The share of accounts.
    pub(crate) share: f64,
    /// Multiplies the size.
    pub(crate) size: f64,
    /// Multiplies the order rate.
    pub(crate) rate: f64,
    /// The usual discount, in points.
    pub(crate) discount: f64,
    /// The taste for each entry of [`CATEGORIES`].
    pub(crate) taste: [f64; 8],
}

/// The segments.
pub(crate) const SEGMENTS: [Segment; 5] = [
    Segment {
        name: "Ritel",
        kinds: &["Toko", "Warung", "Kios"],
        share: 0.48,
        size: 1.0,
        rate: 1.0,
        discount: 2.0,
        taste: [1.0, 1.2, 1.3, 1.0, 0.9, 0.8, 0.7, 0.9],
    },
    Segment {
        name: "Grosir",
        kinds: &["Grosir", "UD", "CV"],
        share: 0.16,
        size: 3.0,
        rate: 0.8,
        discount: 7.0,
        taste: [1.2, 1.0, 1.3, 1.2, 1.0, 0.8, 0.5, 1.0],
    },
    Segment {
        name: "Minimarket",
        kinds: &["Minimarket", "Swalayan", "Toserba"],
        share: 0.14,
        size: 1.8,
        rate: 1.3,
        discount: 5.0,
        taste: [1.3, 1.3, 0.9, 0.7, 1.0, 1.3, 1.2, 0.9],
    },
    Segment {
        name: "Horeka",
        kinds: &["Rumah Makan", "Katering", "Kafe", "Hotel"],
        share: 0.14,
        size: 1.2,
        rate: 1.2,
        discount: 3.0,
        taste: [1.0, 0.3, 0.6, 2.0, 0.6, 0.2, 0.9, 1.5],
    },
    Segment {
        name: "Koperasi",
        kinds: &["Koperasi", "Kantin"],
        share: 0.08,
        size: 1.1,
        rate: 0.7,
        discount: 4.0,
        taste: [1.0, 1.0, 1.4, 0.9, 1.1, 1.0, 0.8, 1.2],
    },
];

/// A kind of goods.
#[derive(Debug)]
pub(crate) struct Category {
    /// Its name.
    pub(crate) name: &'static str,
    /// Goods of the kind.
    pub(crate) goods: &'static [&'static str],
    /// Sizes they come in.
    pub(crate) packs: &'static [&'static str],
    /// The unit they are sold by.
    pub(crate) unit: &'static str,
    /// The middle list price of a unit in rupiah.
    pub(crate) price: f64,
}

/// The categories.
pub(crate) const CATEGORIES: [Category; 8] = [
    Category {
        name: "Minuman",
        goods: &["Air Mineral", "Teh Botol", "Sirup", "Jus Jambu", "Soda"],
        packs: &["330ml", "600ml", "1.5L"],
        unit: "KTN",
        price: 52_000.0,
    },
    Category {
        name: "Camilan",
        goods: &["Keripik", "Biskuit", "Wafer", "Kacang", "Permen"],
        packs: &["40g", "80g", "200g"],
        unit: "KTN",
        price: 78_000.0,
    },
    Category {
        name: "Mi Instan",
        goods: &["Mi Goreng", "Mi Kuah", "Bihun"],
        packs: &["70g", "85g", "120g"],
        unit: "KTN",
        price: 98_000.0,
    },
    Category {
        name: "Bumbu",
        goods: &["Kecap", "Saus", "Kaldu", "Sambal", "Minyak"],
        packs: &["135ml", "600ml", "2L"],
        unit: "DUS",
        price: 135_000.0,
    },
    Category {
        name: "Sabun",
        goods: &["Sabun Cuci", "Deterjen", "Pewangi", "Pembersih"],
        packs: &["400g", "800g", "1.6kg"],
        unit: "DUS",
        price: 120_000.0,
    },
    Category {
        name: "Perawatan",
        goods: &["Sampo", "Pasta Gigi", "Sabun Mandi", "Losion"],
        packs: &["75g", "120ml", "180ml"],
        unit: "LSN",
        price: 145_000.0,
    },
    Category {
        name: "Susu",
        goods: &["Susu UHT", "Susu Bubuk", "Yogurt", "Keju"],
        packs: &["115ml", "250ml", "400g"],
        unit: "KTN",
        price: 165_000.0,
    },
    Category {
        name: "Kopi & Teh",
        goods: &["Kopi Bubuk", "Kopi Susu", "Teh Celup", "Cokelat"],
        packs: &["10x20g", "25s", "165g"],
        unit: "PAK",
        price: 38_000.0,
    },
];

/// Invented brands.
pub(crate) const BRANDS: [&str; 28] = [
    "Arunika",
    "Bahtera",
    "Cendani",
    "Damarin",
    "Embunia",
    "Fajarin",
    "Gemala",
    "Hastana",
    "Intania",
    "Jelitan",
    "Kembara",
    "Lentera",
    "Mandaru",
    "Nusaria",
    "Ombakin",
    "Pelitan",
    "Rantauan",
    "Sekarni",
    "Tanjungan",
    "Umbaran",
    "Wanaria",
    "Kencanin",
    "Zamrudin",
    "Bumiari",
    "Langitan",
    "Mutiaran",
    "Rimbania",
    "Selaksa",
];

/// First words of shop names.
pub(crate) const SHOP_FIRST: [&str; 30] = [
    "Sumber", "Maju", "Berkah", "Sinar", "Karya", "Mitra", "Jaya", "Cahaya", "Tunas", "Rukun", "Usaha", "Bina", "Sari",
    "Aneka", "Surya", "Bintang", "Harapan", "Laris", "Murah", "Setia", "Putra", "Guna", "Anugerah", "Mekar", "Pelita",
    "Rahmat", "Restu", "Agung", "Barokah", "Indah",
];

/// Second words of shop names.
pub(crate) const SHOP_SECOND: [&str; 30] = [
    "Rejeki",
    "Jaya",
    "Abadi",
    "Makmur",
    "Mulya",
    "Sentosa",
    "Bersama",
    "Lestari",
    "Sejahtera",
    "Baru",
    "Mandiri",
    "Utama",
    "Rasa",
    "Barokah",
    "Manis",
    "Subur",
    "Damai",
    "Sakti",
    "Timur",
    "Barat",
    "Prima",
    "Mapan",
    "Langgeng",
    "Amanah",
    "Ria",
    "Asri",
    "Raya",
    "Tani",
    "Kencana",
    "Pagi",
];

/// Given names; a manager's name is two of them.
pub(crate) const GIVEN: [&str; 48] = [
    "Adi", "Agus", "Aisyah", "Andi", "Anita", "Arif", "Bagus", "Bambang", "Bayu", "Budi", "Candra", "Citra", "Dedi",
    "Dewi", "Dian", "Dimas", "Eka", "Endah", "Fajar", "Fitri", "Galih", "Gita", "Hadi", "Hendra", "Heru", "Ida",
    "Indra", "Intan", "Joko", "Kartika", "Lestari", "Lina", "Made", "Maya", "Nanda", "Ningsih", "Putri", "Rahmat",
    "Ratna", "Rini", "Rudi", "Sari", "Sinta", "Slamet", "Tri", "Wahyu", "Wulan", "Yuni",
];

/// Branches and their regions.
pub(crate) const BRANCHES: [(&str, &str); 14] = [
    ("Bandung", "Jawa Barat"),
    ("Surabaya", "Jawa Timur"),
    ("Semarang", "Jawa Tengah"),
    ("Tangerang", "Banten"),
    ("Medan", "Sumatera Utara"),
    ("Makassar", "Sulawesi Selatan"),
    ("Malang", "Jawa Timur"),
    ("Cirebon", "Jawa Barat"),
    ("Palembang", "Sumatera Selatan"),
    ("Denpasar", "Bali"),
    ("Solo", "Jawa Tengah"),
    ("Balikpapan", "Kalimantan Timur"),
    ("Pekanbaru", "Riau"),
    ("Manado", "Sulawesi Utara"),
];
