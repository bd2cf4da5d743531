//! The tables of facts that an expression may read, and their columns. Nothing else can be named.

use std::hash::{Hash, Hasher};

use takar_model::Text;

use super::Kind;
use crate::metrics::Dimension;

/// A table of facts.
#[derive(Debug, PartialEq, Eq)]
pub struct FactTable {
    /// Its name: that of the kind of fact.
    pub name: &'static str,
    /// What people call it.
    pub label: Text,
    /// Its columns.
    pub columns: &'static [FactColumn],
    /// The column that says in which period a row falls; none where rows hold at all times.
    pub day: Option<&'static str>,
    /// The dimensions that its rows can be told apart by, beside months, quarters and years.
    pub dimensions: &'static [Dimension],
    /// Who is credited with a row.
    pub credited: Credited,
}

/// Who is credited with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credited {
    /// Lines of sales: under the rule of credit, divided among several owners.
    AsSales,
    /// What somebody did stays his under every rule; where a row names nobody, the account's owner under the rule.
    WhoDid,
    /// What concerns an account goes with it: as recorded it is the named manager's, under the other rules the owner's.
    WithAccount,
    /// Who has the account on the last day of the data, under every rule.
    OwnerNow,
    /// Nobody.
    Nobody,
}

/// A column of a table of facts.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct FactColumn {
    /// How it is written.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Where its values come from.
    pub from: From,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holds {
    /// Text: it can be counted and compared.
    Text,
    /// A day: it can be compared.
    Day,
    /// A number of this kind: it can be added up too.
    Number(Kind),
}

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum From {
    /// The column of that name in the table.
    Column(&'static str),
    /// The member of the dimension that the row is counted under.
    Member(Dimension),
    /// The name of that member.
    MemberName(Dimension),
    /// How many days lie between two columns of days.
    DaysBetween(&'static str, &'static str),
}

impl Hash for FactTable {
    /// Tables differ by their names.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl FactTable {
    /// The table of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FACT_TABLES.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// The column of that name.
    pub fn column(&'static self, name: &str) -> Option<&'static FactColumn> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Rows can be told apart by this dimension.
    pub fn knows(&self, dimension: Dimension) -> bool {
        dimension.is_time() || self.dimensions.contains(&dimension)
    }
}

const fn text(name: &'static str) -> FactColumn {
    FactColumn { name, holds: Holds::Text, from: From::Column(name) }
}

const fn day(name: &'static str) -> FactColumn {
    FactColumn { name, holds: Holds::Day, from: From::Column(name) }
}

const fn number(name: &'static str, kind: Kind) -> FactColumn {
    FactColumn { name, holds: Holds::Number(kind), from: From::Column(name) }
}

const fn days_between(name: &'static str, first: &'static str, last: &'static str) -> FactColumn {
    FactColumn { name, holds: Holds::Number(Kind::Days), from: From::DaysBetween(first, last) }
}

const fn member(dimension: Dimension) -> FactColumn {
    FactColumn { name: dimension.id(), holds: Holds::Text, from: From::Member(dimension) }
}

const fn member_name(name: &'static str, dimension: Dimension) -> FactColumn {
    FactColumn { name, holds: Holds::Text, from: From::MemberName(dimension) }
}

use Dimension::{Account, Branch, Category, Manager, Product, Region, Segment, Supervisor};

const OF_ACCOUNT: &[Dimension] = &[Account, Manager, Region, Segment, Branch, Supervisor];
const OF_ACCOUNT_AND_PRODUCT: &[Dimension] =
    &[Account, Manager, Region, Segment, Branch, Supervisor, Product, Category];

/// Every table that an expression may read.
pub const FACT_TABLES: &[FactTable] = &[
    FactTable {
        name: "sales",
        label: Text::new("baris penjualan", "lines of sales"),
        columns: &[
            FactColumn { name: "net_amount", holds: Holds::Number(Kind::Money), from: From::Column("net") },
            number("quantity", Kind::Goods),
            number("cost", Kind::Money),
            number("discount", Kind::Money),
            number("ppn", Kind::Money),
            number("unit_price", Kind::Money),
            day("date"),
            text("invoice_no"),
            member(Account),
            member_name("account_name", Account),
            member(Manager),
            member_name("manager_name", Manager),
            member(Product),
            member_name("product_name", Product),
            member(Category),
            member(Region),
            member(Segment),
            member(Branch),
            text("unit"),
            text("currency"),
        ],
        day: Some("date"),
        dimensions: OF_ACCOUNT_AND_PRODUCT,
        credited: Credited::AsSales,
    },
    FactTable {
        name: "accounts",
        label: Text::new("akun yang terdaftar", "accounts on the list"),
        columns: &[
            member(Account),
            member_name("account_name", Account),
            member(Manager),
            member(Region),
            member(Segment),
            member(Branch),
        ],
        day: None,
        dimensions: OF_ACCOUNT,
        credited: Credited::OwnerNow,
    },
    FactTable {
        name: "activities",
        label: Text::new("aktivitas", "activities"),
        columns: &[
            text("activity"),
            text("direction"),
            text("outcome"),
            number("hours", Kind::Hours),
            number("response_hours", Kind::Hours),
            text("offer_id"),
            text("note"),
            day("date"),
            member(Account),
            member_name("account_name", Account),
            member(Manager),
            member(Region),
            member(Segment),
            member(Branch),
        ],
        day: Some("date"),
        dimensions: OF_ACCOUNT,
        credited: Credited::WhoDid,
    },
    FactTable {
        name: "offers",
        label: Text::new("penawaran", "offers"),
        columns: &[
            text("offer_id"),
            text("state"),
            text("stage"),
            text("reason"),
            number("amount", Kind::Money),
            text("currency"),
            text("note"),
            day("opened"),
            day("closed"),
            days_between("days_to_close", "opened", "closed"),
            member(Account),
            member_name("account_name", Account),
            member(Manager),
            member(Product),
            member(Category),
            member(Region),
            member(Segment),
            member(Branch),
        ],
        day: Some("opened"),
        dimensions: OF_ACCOUNT_AND_PRODUCT,
        credited: Credited::WhoDid,
    },
    FactTable {
        name: "stages",
        label: Text::new("tahap penawaran", "stages of offers"),
        columns: &[text("offer_id"), text("stage"), text("note"), day("date"), member(Manager), member(Branch)],
        day: Some("date"),
        dimensions: &[Manager, Branch, Supervisor],
        credited: Credited::WhoDid,
    },
    FactTable {
        name: "feedback",
        label: Text::new("umpan balik", "feedback"),
        columns: &[
            text("type"),
            number("score", Kind::Number),
            number("scale", Kind::Number),
            text("state"),
            text("note"),
            day("date"),
            day("resolved"),
            days_between("days_to_resolve", "date", "resolved"),
            member(Account),
            member_name("account_name", Account),
            member(Manager),
            member(Product),
            member(Category),
            member(Region),
            member(Segment),
            member(Branch),
        ],
        day: Some("date"),
        dimensions: OF_ACCOUNT_AND_PRODUCT,
        credited: Credited::WithAccount,
    },
    FactTable {
        name: "costs",
        label: Text::new("biaya melayani", "costs to serve"),
        columns: &[
            text("type"),
            number("amount", Kind::Money),
            number("hours", Kind::Hours),
            number("days", Kind::Days),
            text("currency"),
            text("note"),
            day("date"),
            member(Account),
            member_name("account_name", Account),
            member(Manager),
            member(Region),
            member(Segment),
            member(Branch),
        ],
        day: Some("date"),
        dimensions: OF_ACCOUNT,
        credited: Credited::WithAccount,
    },
    FactTable {
        name: "prospects",
        label: Text::new("prospek", "prospects"),
        columns: &[
            text("prospect_id"),
            text("origin"),
            text("stage"),
            number("amount", Kind::Money),
            text("note"),
            day("opened"),
            day("became_account"),
            days_between("days_to_account", "opened", "became_account"),
            member(Account),
            member(Manager),
            member(Region),
            member(Segment),
            member(Branch),
        ],
        day: Some("opened"),
        dimensions: OF_ACCOUNT,
        credited: Credited::WhoDid,
    },
    FactTable {
        name: "stock",
        label: Text::new("stok", "stock"),
        columns: &[
            number("quantity", Kind::Goods),
            text("unit"),
            text("state"),
            number("days_out", Kind::Days),
            text("note"),
            day("date"),
            day("until"),
            member(Product),
            member_name("product_name", Product),
            member(Category),
            member(Branch),
        ],
        day: Some("date"),
        dimensions: &[Product, Category, Branch],
        credited: Credited::Nobody,
    },
    FactTable {
        name: "receivables",
        label: Text::new("piutang", "receivables"),
        columns: &[
            text("invoice_no"),
            number("amount", Kind::Money),
            number("paid", Kind::Money),
            number("balance", Kind::Money),
            text("currency"),
            text("note"),
            day("date"),
            day("due"),
            day("as_of"),
            days_between("days_late", "due", "as_of"),
            member(Account),
            member_name("account_name", Account),
            member(Manager),
            member(Region),
            member(Segment),
            member(Branch),
        ],
        day: Some("due"),
        dimensions: OF_ACCOUNT,
        credited: Credited::WithAccount,
    },
];
