//! Small sales files made by hand, for tests.
//!
//! ```
//! use takar_testkit::build::{Sales, sale};
//!
//! let file = Sales::new()
//!     .with(sale("A", "2025-10-03").invoice("F1", 1).manager("M1").product("P1", 12, 5_000))
//!     .with(sale("B", "2025-10-04").invoice("F2", 1).manager("M1").product("P1", -2, 5_000).discount("0.1"))
//!     .csv();
//! assert!(file.ends_with("F2,1,2025-10-04,B,M1,P1,-2,5000,0.1,-9000,\n"));
//! ```

use crate::LEAN_SALES_HEADER;

/// A sales file in the making, with the columns of [`LEAN_SALES_HEADER`].
#[derive(Debug, Clone, Default)]
pub struct Sales {
    lines: Vec<Sale>,
}

/// One sales line; what is not said stays empty in the file.
#[derive(Debug, Clone, Default)]
pub struct Sale {
    invoice: String,
    line: String,
    date: String,
    account: String,
    manager: String,
    product: String,
    quantity: i64,
    price: i64,
    discount: String,
    net: Option<String>,
    cost: String,
}

/// A line of an account on a date (as it shall stand in the file): one piece at no price.
pub fn sale(account: &str, date: &str) -> Sale {
    Sale { account: account.to_owned(), date: date.to_owned(), quantity: 1, ..Sale::default() }
}

impl Sale {
    /// The invoice and the line's number on it.
    pub fn invoice(mut self, invoice: &str, line: u32) -> Self {
        self.invoice = invoice.to_owned();
        self.line = line.to_string();
        self
    }

    /// The manager it is credited to.
    pub fn manager(mut self, manager: &str) -> Self {
        self.manager = manager.to_owned();
        self
    }

    /// The product, how many (below 0 for a return) and the price of one.
    pub fn product(mut self, product: &str, quantity: i64, price: i64) -> Self {
        self.product = product.to_owned();
        (self.quantity, self.price) = (quantity, price);
        self
    }

    /// The discount as a rate of whole per cents (`0.05`): the net amount follows it.
    pub fn discount(mut self, rate: &str) -> Self {
        self.discount = rate.to_owned();
        self
    }

    /// The net amount as it shall stand in the file, instead of quantity × price × (1 − discount).
    pub fn net(mut self, net: &str) -> Self {
        self.net = Some(net.to_owned());
        self
    }

    /// The cost of the line.
    pub fn cost(mut self, cost: i64) -> Self {
        self.cost = cost.to_string();
        self
    }

    fn csv(&self) -> String {
        let net = self.net.clone().unwrap_or_else(|| {
            let points = (self.discount.parse::<f64>().unwrap_or(0.0) * 100.0).round() as i64;
            let hundredths = self.quantity * self.price * (100 - points);
            // Rounded half away from zero to whole units of money.
            ((hundredths + 50 * hundredths.signum()) / 100).to_string()
        });
        let Self { invoice, line, date, account, manager, product, quantity, price, discount, cost, .. } = self;
        format!("{invoice},{line},{date},{account},{manager},{product},{quantity},{price},{discount},{net},{cost}")
    }
}

impl Sales {
    /// A file without lines.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more line.
    pub fn with(mut self, line: Sale) -> Self {
        self.lines.push(line);
        self
    }

    /// The file: UTF-8, comma, a header, `\n` after every line.
    pub fn csv(&self) -> String {
        let mut text = format!("{LEAN_SALES_HEADER}\n");
        for line in &self.lines {
            text.push_str(&line.csv());
            text.push('\n');
        }
        text
    }
}
