//! What can go wrong between a question and its figures.

use takar_model::{Lang, Period};

use crate::{format::period_name, metrics::SourceError};

/// A question that cannot be answered, and what to do about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InsightError {
    /// The data could not be read.
    #[error("{}", .0.message(Lang::En))]
    Source(#[from] SourceError),
    /// There is no such KPI.
    #[error("{}", self.message(Lang::En))]
    UnknownKpi(String),
    /// There is no such dimension.
    #[error("{}", self.message(Lang::En))]
    UnknownDimension(String),
    /// A filter could not be read: where it went wrong (a character position from 1) and what was expected.
    #[error("{}", self.message(Lang::En))]
    Filter {
        /// The filter as written.
        text: String,
        /// The character at which reading failed, counted from 1.
        position: usize,
        /// What is wrong, in Indonesian.
        id: String,
        /// What is wrong, in English.
        en: String,
    },
    /// An expression of an own KPI could not be read, or does not add up: where (a character position from 1) and why.
    #[error("{}", self.message(Lang::En))]
    Expression {
        /// The expression as written.
        text: String,
        /// The character at which it went wrong, counted from 1.
        position: usize,
        /// What is wrong, in Indonesian.
        id: String,
        /// What is wrong, in English.
        en: String,
    },
    /// An own KPI cannot be as it is defined, or not be asked for so.
    #[error("{}", self.message(Lang::En))]
    OwnKpi {
        /// Why, in Indonesian.
        id: String,
        /// Why, in English.
        en: String,
    },
    /// There are no lines yet, or none of a whole month.
    #[error("{}", self.message(Lang::En))]
    NoData,
    /// There is no such account manager.
    #[error("{}", self.message(Lang::En))]
    UnknownManager(String),
    /// So many dimensions at once that their combinations cannot be numbered.
    #[error("{}", self.message(Lang::En))]
    TooFine,
    /// The report could not be written.
    #[error("{}", self.message(Lang::En))]
    Unwritable(String),
    /// The window before begins before the data, so there is nothing to compare with.
    #[error("{}", self.message(Lang::En))]
    NoBase {
        /// The window that was to be compared.
        window: Period,
    },
    /// There is no target for the window and all that is asked.
    #[error("{}", self.message(Lang::En))]
    NoTarget {
        /// The window.
        window: Period,
    },
    /// Targets do not tell such a thing apart.
    #[error("{}", self.message(Lang::En))]
    UnknownLevel(String),
    /// There is no such member of the level.
    #[error("{}", self.message(Lang::En))]
    NotAMember(String),
    /// A target is for whole months.
    #[error("{}", self.message(Lang::En))]
    NotMonths {
        /// The window.
        window: Period,
    },
    /// A target of such a KPI cannot be suggested or judged for such a window.
    #[error("{}", self.message(Lang::En))]
    NotAdditive {
        /// What the KPI is called, in Indonesian and in English.
        kpi: (String, String),
        /// The window.
        window: Period,
    },
    /// Everything of the window has happened already.
    #[error("{}", self.message(Lang::En))]
    WindowOver {
        /// The window.
        window: Period,
    },
    /// The filter looks at months where the windows say when.
    #[error("{}", self.message(Lang::En))]
    TimeCondition,
    /// Costs to serve are not told by this dimension.
    #[error("{}", self.message(Lang::En))]
    NotOfCosts(&'static str),
    /// What becomes of products is told by product or category, not by this dimension.
    #[error("{}", self.message(Lang::En))]
    NotOfProducts(&'static str),
    /// Satisfaction is told by account, manager, segment, region or branch, not by this dimension.
    #[error("{}", self.message(Lang::En))]
    NotOfSatisfaction(&'static str),
    /// There is no account with this id, or none that the reader may see.
    #[error("{}", self.message(Lang::En))]
    UnknownAccount,
    /// The lines are in several currencies, which do not add up.
    #[error("{}", self.message(Lang::En))]
    SeveralCurrencies,
    /// The estimator cannot answer: too little data, or data it is not made for.
    #[error("{0}")]
    Stats(#[from] takar_stats::Error),
}

impl InsightError {
    /// A short fixed name of the kind of error, for interfaces.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::UnknownKpi(_) => "unknown_kpi",
            Self::UnknownDimension(_) => "unknown_dimension",
            Self::Filter { .. } => "filter",
            Self::Expression { .. } => "expression",
            Self::OwnKpi { .. } => "own_kpi",
            Self::NoData => "no_data",
            Self::UnknownManager(_) => "unknown_manager",
            Self::TooFine => "too_fine",
            Self::Unwritable(_) => "unwritable",
            Self::NoBase { .. } => "no_base",
            Self::NoTarget { .. } => "no_target",
            Self::UnknownLevel(_) => "unknown_level",
            Self::NotAMember(_) => "not_a_member",
            Self::NotMonths { .. } => "not_months",
            Self::NotAdditive { .. } => "not_additive",
            Self::WindowOver { .. } => "window_over",
            Self::TimeCondition => "time_condition",
            Self::NotOfCosts(_) => "not_of_costs",
            Self::NotOfProducts(_) => "not_of_products",
            Self::NotOfSatisfaction(_) => "not_of_satisfaction",
            Self::UnknownAccount => "unknown_account",
            Self::SeveralCurrencies => "several_currencies",
            Self::Stats(_) => "not_enough_data",
        }
    }

    /// The error for a reader of `lang`.
    pub fn message(&self, lang: Lang) -> String {
        let (indonesian, english) = match self {
            Self::Source(error) => return error.message(lang).to_owned(),
            Self::UnknownKpi(name) => {
                let known: Vec<&str> = crate::metrics::KPIS.iter().map(|kpi| kpi.id).collect();
                let known = known.join(", ");
                (
                    format!("tidak ada KPI bernama \"{name}\"; yang ada: {known}"),
                    format!("there is no KPI named \"{name}\"; there are: {known}"),
                )
            }
            Self::UnknownDimension(name) => {
                let known: Vec<&str> = crate::metrics::Dimension::ALL.iter().map(|dimension| dimension.id()).collect();
                let known = known.join(", ");
                (
                    format!("tidak bisa dirinci menurut \"{name}\"; pilih dari: {known}"),
                    format!("cannot break down by \"{name}\"; choose from: {known}"),
                )
            }
            Self::Filter { text, position, id, en } => (
                format!("saringan \"{text}\", karakter {position}: {id}"),
                format!("filter \"{text}\", character {position}: {en}"),
            ),
            Self::Expression { text, position, id, en } => (
                format!("rumus \"{text}\", karakter {position}: {id}"),
                format!("expression \"{text}\", character {position}: {en}"),
            ),
            Self::OwnKpi { id, en } => (id.clone(), en.clone()),
            Self::NotOfCosts(dimension) => (
                format!("biaya melayani tidak dicatat menurut {dimension}; pilih account, manager, segment, region atau branch"),
                format!("costs to serve are not told by {dimension}; choose account, manager, segment, region or branch"),
            ),
            Self::NotOfProducts(dimension) => (
                format!("nasib produk tidak dibedakan menurut {dimension}; pilih product atau category"),
                format!("what becomes of products is not told by {dimension}; choose product or category"),
            ),
            Self::NotOfSatisfaction(dimension) => (
                format!("kepuasan tidak dibedakan menurut {dimension}; pilih account, manager, segment, region atau branch"),
                format!("satisfaction is not told by {dimension}; choose account, manager, segment, region or branch"),
            ),
            Self::UnknownAccount => (
                "tidak ada akun dengan id ini di antara yang dapat Anda lihat".to_owned(),
                "there is no account with this id among those that you can see".to_owned(),
            ),
            Self::NoData => (
                "belum ada baris penjualan, atau belum satu bulan penuh; impor berkas penjualan dahulu".to_owned(),
                "there are no sales lines yet, or no whole month of them; import a sales file first".to_owned(),
            ),
            Self::UnknownManager(id) => (
                format!("tidak ada manajer akun dengan id \"{id}\""),
                format!("there is no account manager with the id \"{id}\""),
            ),
            Self::TooFine => (
                "terlalu banyak rincian sekaligus; kurangi jumlah dimensi".to_owned(),
                "too many dimensions at once; ask for fewer".to_owned(),
            ),
            Self::Unwritable(problem) => (
                format!("laporan tidak dapat ditulis: {problem}"),
                format!("the report could not be written: {problem}"),
            ),
            Self::NoBase { window } => (
                format!("pembanding {window} mulai sebelum data; sebutkan periode pembandingnya sendiri"),
                format!("what {window} is compared with begins before the data; name the base window yourself"),
            ),
            Self::NoTarget { window } => (
                format!("tidak ada target untuk {window} pada rincian ini; impor target dahulu"),
                format!("there is no target for {window} at this level; import targets first"),
            ),
            Self::UnknownLevel(name) => (
                format!("target tidak dibedakan menurut \"{name}\"; pilih company, manager, account, product, category, region, segment atau branch"),
                format!("targets are not told apart by \"{name}\"; choose company, manager, account, product, category, region, segment or branch"),
            ),
            Self::NotAMember(id) => (
                format!("tidak ada \"{id}\" di antara yang dibandingkan: lihat kode pada daftarnya"),
                format!("there is no \"{id}\" among those compared: see the ids in the list"),
            ),
            Self::NotMonths { window } => (
                format!("target berlaku untuk bulan utuh, bukan {window}: tulis 2027, 2027-Q1, 2027-03 atau 2027-01..2027-05"),
                format!("a target is for whole months, not for {window}: write 2027, 2027-Q1, 2027-03 or 2027-01..2027-05"),
            ),
            Self::NotAdditive { kpi, window } => (
                format!("{} beberapa bulan tidak dapat dijumlahkan, jadi targetnya diusulkan dan dinilai bulan demi bulan, tidak untuk {} sekaligus", kpi.0, period_name(*window, Lang::Id)),
                format!("{} of several months does not add up, so its targets are suggested and judged month by month, not for {} as a whole", kpi.1, period_name(*window, Lang::En)),
            ),
            Self::WindowOver { window } => (
                format!("{window} sudah lewat seluruhnya: tidak ada lagi yang dapat diperkirakan"),
                format!("all of {window} has passed: there is nothing left to forecast"),
            ),
            Self::TimeCondition => (
                "saringan tidak boleh menyebut bulan, kuartal atau tahun; periode dipilih tersendiri".to_owned(),
                "the filter may not name months, quarters or years; the windows are chosen apart".to_owned(),
            ),
            Self::SeveralCurrencies => (
                "baris memakai beberapa mata uang yang tidak dapat dijumlahkan; impor kursnya dengan takar import rates".to_owned(),
                "the lines are in several currencies, which do not add up; bring in their rates with takar import rates".to_owned(),
            ),
            Self::Stats(error) => return crate::analysis::told(error, lang),
        };
        match lang {
            Lang::Id => indonesian,
            Lang::En => english,
        }
    }
}
