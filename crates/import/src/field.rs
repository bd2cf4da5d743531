//! The words for what a column holds, and for the kinds of facts.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use takar_model::Text;

/// A kind of fact that a file can bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Sales lines, one row a line of an invoice.
    Sales,
    /// Customer accounts and their attributes.
    Accounts,
    /// Products and their attributes.
    Products,
    /// Account managers with their supervisor and branch.
    Managers,
    /// Targets per period.
    Targets,
    /// How much everyone sells: the size of the market per period.
    Market,
    /// Which manager had which account from when to when.
    Ownership,
    /// What one unit of a foreign currency is worth.
    Rates,
    /// Calls, visits, mails and meetings with an account.
    Activities,
    /// Offers (deals) and how they stand.
    Offers,
    /// When an offer entered which stage.
    Stages,
    /// What accounts say: scores, complaints, requests.
    Feedback,
    /// What serving an account costs: visits, delivery, credit, rebates.
    Costs,
    /// Those who may become accounts.
    Prospects,
    /// What is in stock and what ran out.
    Stock,
    /// What accounts owe (piutang).
    Receivables,
    /// How many of one unit of measure are in another.
    Units,
    /// Who is in which team, under whom, from when to when.
    Teams,
    /// When a manager was away: leave, illness, not there yet, left.
    Absences,
    /// Ids that mean the same account, product or manager.
    Aliases,
    /// Whom single invoices are credited to, where that was decided.
    Credits,
}

impl FactKind {
    /// Every kind; sales first.
    pub const ALL: [Self; 21] = [
        Self::Sales,
        Self::Accounts,
        Self::Products,
        Self::Managers,
        Self::Targets,
        Self::Market,
        Self::Ownership,
        Self::Rates,
        Self::Activities,
        Self::Offers,
        Self::Stages,
        Self::Feedback,
        Self::Costs,
        Self::Prospects,
        Self::Stock,
        Self::Receivables,
        Self::Units,
        Self::Teams,
        Self::Absences,
        Self::Aliases,
        Self::Credits,
    ];

    /// Whether the cells and names of the panels depend on it.
    pub const fn shapes_panels(self) -> bool {
        self.shape().is_none() || matches!(self, Self::Aliases | Self::Units | Self::Credits)
    }

    /// Its name in commands, folders and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Accounts => "accounts",
            Self::Products => "products",
            Self::Managers => "managers",
            Self::Targets => "targets",
            Self::Market => "market",
            Self::Ownership => "ownership",
            Self::Rates => "rates",
            Self::Activities => "activities",
            Self::Offers => "offers",
            Self::Stages => "stages",
            Self::Feedback => "feedback",
            Self::Costs => "costs",
            Self::Prospects => "prospects",
            Self::Stock => "stock",
            Self::Receivables => "receivables",
            Self::Units => "units",
            Self::Teams => "teams",
            Self::Absences => "absences",
            Self::Aliases => "aliases",
            Self::Credits => "credits",
        }
    }

    /// What a reader calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Sales => Text::new("penjualan", "sales"),
            Self::Accounts => Text::new("akun", "accounts"),
            Self::Products => Text::new("produk", "products"),
            Self::Managers => Text::new("manajer akun", "account managers"),
            Self::Targets => Text::new("target", "targets"),
            Self::Market => Text::new("ukuran pasar", "market size"),
            Self::Ownership => Text::new("kepemilikan akun", "ownership"),
            Self::Rates => Text::new("kurs", "currency rates"),
            Self::Activities => Text::new("aktivitas", "activities"),
            Self::Offers => Text::new("penawaran", "offers"),
            Self::Stages => Text::new("tahap penawaran", "stages of offers"),
            Self::Feedback => Text::new("umpan balik", "feedback"),
            Self::Costs => Text::new("biaya melayani", "costs to serve"),
            Self::Prospects => Text::new("prospek", "prospects"),
            Self::Stock => Text::new("stok", "stock"),
            Self::Receivables => Text::new("piutang", "receivables"),
            Self::Units => Text::new("konversi satuan", "units of measure"),
            Self::Teams => Text::new("tim", "teams"),
            Self::Absences => Text::new("ketidakhadiran", "absences"),
            Self::Aliases => Text::new("padanan kode", "aliases"),
            Self::Credits => Text::new("kredit faktur", "credited invoices"),
        }
    }
}

/// The text names no kind of fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of data \"{0}\": write one of {list}", list = FactKind::ALL.map(FactKind::name).join(", "))]
pub struct FactKindError(pub String);

impl FromStr for FactKind {
    type Err = FactKindError;

    fn from_str(text: &str) -> Result<Self, FactKindError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| FactKindError(text.to_owned()))
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $id:literal, $en:literal;)*) => {
        /// What a column holds. Its text form (`net_amount`) is the name in `--map net_amount=TOTAL`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $($(#[$doc])* $name,)*
        }

        impl Field {
            /// Every field, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in options and JSON, such as `net_amount`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What a reader calls it.
            pub const fn label(self) -> Text {
                match self { $(Self::$name => Text::new($id, $en),)* }
            }
        }
    };
}

fields! {
    /// The number of the invoice or order.
    InvoiceNo = "invoice_no", "nomor faktur", "invoice number";
    /// The line's number inside its invoice.
    LineNo = "line_no", "nomor baris", "line number";
    /// The day of the sale.
    Date = "date", "tanggal", "date";
    /// The account's id.
    AccountId = "account_id", "kode pelanggan", "account id";
    /// The account's name.
    AccountName = "account_name", "nama pelanggan", "account name";
    /// The account manager's id.
    ManagerId = "manager_id", "kode sales", "manager id";
    /// The account manager's name.
    ManagerName = "manager_name", "nama sales", "manager name";
    /// The product's id.
    ProductId = "product_id", "kode barang", "product id";
    /// The product's name.
    ProductName = "product_name", "nama barang", "product name";
    /// The product's category.
    Category = "category", "kategori", "category";
    /// How much was sold, negative for a return.
    Quantity = "quantity", "jumlah", "quantity";
    /// The unit of measure of the quantity.
    Unit = "unit", "satuan", "unit";
    /// The price of one unit before discount.
    UnitPrice = "unit_price", "harga satuan", "unit price";
    /// The discount, as a rate, a percentage or an amount.
    Discount = "discount", "diskon", "discount";
    /// The line's amount after discount.
    NetAmount = "net_amount", "nilai bersih", "net amount";
    /// The line's amount before discount.
    GrossAmount = "gross_amount", "nilai kotor", "gross amount";
    /// The cost of the goods, of one unit or of the line.
    Cost = "cost", "harga pokok", "cost";
    /// Net amount less cost.
    Profit = "profit", "laba", "profit";
    /// The value-added tax (PPN) of the line.
    Ppn = "ppn", "PPN", "VAT";
    /// The sales region.
    Region = "region", "wilayah", "region";
    /// The customer segment or channel.
    Segment = "segment", "segmen", "segment";
    /// The selling company's branch.
    Branch = "branch", "cabang", "branch";
    /// The currency of the amounts.
    Currency = "currency", "mata uang", "currency";
    /// Managers: the one they report to.
    Supervisor = "supervisor", "atasan", "supervisor";
    /// Managers: the first name, joined with the last.
    FirstName = "first_name", "nama depan", "first name";
    /// Managers: the last name, joined with the first.
    LastName = "last_name", "nama belakang", "last name";
    /// Targets: the period as one text or date.
    Period = "period", "periode", "period";
    /// Targets: the year.
    Year = "year", "tahun", "year";
    /// Targets: the month of the year.
    Month = "month", "bulan", "month";
    /// Targets: the measure the target is for.
    Kpi = "kpi", "ukuran", "measure";
    /// Targets: the amount to reach. Market sizes: the size. Rates: the worth of one unit.
    Value = "value", "target", "target";
    /// Ownership, rates, teams and absences: the first day.
    From = "from", "mulai", "from";
    /// Ownership, rates, teams and absences: the last day.
    To = "to", "sampai", "to";
    /// Ownership: the manager's part of the credit.
    Share = "share", "bagian", "share";
    /// Rates: the currency that the worth is told in.
    InCurrency = "in_currency", "dalam mata uang", "in currency";
    /// Activities: the id.
    ActivityId = "activity_id", "kode aktivitas", "activity id";
    /// Activities: call, visit, mail, meeting.
    Activity = "activity", "jenis aktivitas", "activity";
    /// Activities: whether the account or the manager began.
    Direction = "direction", "arah", "direction";
    /// Activities: what came of it.
    Outcome = "outcome", "hasil", "outcome";
    /// Activities: hours until the account had its answer.
    ResponseHours = "response_hours", "jam respons", "response hours";
    /// Activities and costs: hours spent.
    Hours = "hours", "jam", "hours";
    /// Activities, offers and stages: the offer's id.
    OfferId = "offer_id", "kode penawaran", "offer id";
    /// Offers, stages and prospects: how far it has come.
    Stage = "stage", "tahap", "stage";
    /// Offers: open, won, lost. Feedback: open, resolved. Stock: in, out.
    State = "state", "status", "status";
    /// Offers and prospects: the first day.
    Opened = "opened", "tanggal dibuka", "opened";
    /// Offers: the day of the decision. Feedback: the day it was resolved. Prospects: the day it became an account.
    Closed = "closed", "tanggal ditutup", "closed";
    /// Offers: the day of the follow-up.
    FollowedUp = "followed_up", "tanggal tindak lanjut", "followed up";
    /// Offers, costs, prospects and receivables: the money.
    Amount = "amount", "nilai", "amount";
    /// Offers: why it was won or lost. Absences: why somebody was away.
    Cause = "reason", "alasan", "reason";
    /// Feedback: the id.
    FeedbackId = "feedback_id", "kode umpan balik", "feedback id";
    /// Feedback: NPS, CSAT, communication, complaint, request. Costs: visit, delivery, credit, rebate.
    Topic = "topic", "jenis", "type";
    /// Feedback: the score.
    Score = "score", "skor", "score";
    /// Feedback: the greatest score there is.
    Scale = "scale", "skala", "scale";
    /// What else was written.
    Note = "note", "catatan", "note";
    /// Costs: the id.
    CostId = "cost_id", "kode biaya", "cost id";
    /// Costs: days of credit. Stock: days without.
    Days = "days", "hari", "days";
    /// Prospects: the id.
    ProspectId = "prospect_id", "kode prospek", "prospect id";
    /// Prospects: the name.
    ProspectName = "prospect_name", "nama prospek", "prospect name";
    /// Prospects: where it was heard of.
    Origin = "origin", "asal", "origin";
    /// Receivables: the day it has to be paid.
    Due = "due", "jatuh tempo", "due";
    /// Receivables: what was paid.
    Paid = "paid", "terbayar", "paid";
    /// Receivables: what is left to pay.
    Balance = "balance", "sisa", "balance";
    /// Receivables: the day for which it stands so.
    AsOf = "as_of", "per tanggal", "as of";
    /// Units: the unit that the other is told in.
    InUnit = "in_unit", "dalam satuan", "in unit";
    /// Units: how many of the other unit one is.
    Factor = "factor", "isi", "factor";
    /// Teams: the id.
    TeamId = "team_id", "kode tim", "team id";
    /// Teams: the name.
    TeamName = "team_name", "nama tim", "team name";
    /// Teams: the manager who leads it.
    Lead = "lead", "ketua tim", "lead";
    /// Teams: the team it belongs to.
    Parent = "parent", "tim induk", "parent team";
    /// Absences: whether targets were set knowing of it.
    InTarget = "in_target", "sudah dalam target", "in target";
    /// Aliases: account, product or manager.
    Of = "of", "jenis", "of";
    /// Aliases: the id that is read as another.
    Alias = "alias", "kode lain", "alias";
    /// Aliases: the id that counts.
    SameAs = "id", "kode yang berlaku", "id that counts";
    /// Aliases: the same, or apart.
    Verdict = "verdict", "keputusan", "verdict";
}

impl Field {
    /// What a reader calls it in a file of a kind.
    pub const fn label_in(self, kind: FactKind) -> Text {
        match (self, kind) {
            (Self::Value, FactKind::Market) => Text::new("ukuran pasar", "market size"),
            (Self::Value, FactKind::Rates) => Text::new("kurs", "rate"),
            _ => self.label(),
        }
    }

    /// Whether its values are numbers.
    pub const fn is_number(self) -> bool {
        self.is_money()
            || matches!(
                self,
                Self::Quantity
                    | Self::UnitPrice
                    | Self::Value
                    | Self::Share
                    | Self::ResponseHours
                    | Self::Hours
                    | Self::Amount
                    | Self::Score
                    | Self::Scale
                    | Self::Days
                    | Self::Paid
                    | Self::Balance
                    | Self::Factor
            )
    }

    /// Whether its values are days.
    pub const fn is_date(self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::From
                | Self::To
                | Self::Opened
                | Self::Closed
                | Self::FollowedUp
                | Self::Due
                | Self::AsOf
        )
    }

    /// Whether its values are amounts of money (or a discount), where a wrong column would be costly.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Discount | Self::NetAmount | Self::GrossAmount | Self::Cost | Self::Profit | Self::Ppn)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// The text names no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown field \"{0}\": write one of {list}", list = field_list())]
pub struct FieldError(pub String);

fn field_list() -> String {
    Field::ALL.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ")
}

impl FromStr for Field {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        Self::ALL.iter().copied().find(|field| field.name() == text).ok_or_else(|| FieldError(text.to_owned()))
    }
}
