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
}

impl FactKind {
    /// Every kind; sales first.
    pub const ALL: [Self; 8] = [
        Self::Sales,
        Self::Accounts,
        Self::Products,
        Self::Managers,
        Self::Targets,
        Self::Market,
        Self::Ownership,
        Self::Rates,
    ];

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
        }
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
    /// Ownership and rates: the first day.
    From = "from", "mulai", "from";
    /// Ownership and rates: the last day.
    To = "to", "sampai", "to";
    /// Ownership: the manager's part of the credit.
    Share = "share", "bagian", "share";
    /// Rates: the currency that the worth is told in.
    InCurrency = "in_currency", "dalam mata uang", "in currency";
}

impl Field {
    /// Whether its values are numbers.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Quantity | Self::UnitPrice | Self::Value | Self::Share) || self.is_money()
    }

    /// Whether its values are days.
    pub const fn is_date(self) -> bool {
        matches!(self, Self::Date | Self::From | Self::To)
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
