//! What would be different.

use takar_model::{Money, Text};

/// What becomes of orders below the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SmallOrders {
    /// They are not made: what they bring is gone.
    #[default]
    Refuse,
    /// They wait for the account's next ones until these together reach the minimum; what remains at the end of the window goes together.
    Merge,
    /// They are made, for so much more each.
    Fee(Money),
}

/// What would be different. Changes apply in this order: the price floor, the minimum order at the prices after it, fewer visits; what is lost is a share of what is
/// left then, so that nothing counts twice.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Change {
    /// No line below this share of the median that peers pay for the product: 0.95 is five per cent below it.
    pub price_floor: Option<f64>,
    /// No line below its cost and this share of it on top.
    pub above_cost: Option<f64>,
    /// No order below this amount.
    pub least_order: Option<Money>,
    /// What becomes of smaller ones.
    pub small_orders: SmallOrders,
    /// Hours of visits that fall away, of each hour: 0.2 is a fifth less.
    pub fewer_visits: f64,
    /// The share that is lost, as accounts answer to it, of the margin of what the change touches; 0 unless said: it is not known from the data.
    pub margin_lost: f64,
}

impl Change {
    /// Refuses what cannot be, and no change at all.
    ///
    /// # Errors
    /// What is wrong, in both languages.
    pub fn checked(self) -> Result<Self, Text> {
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        if !is_share(self.fewer_visits) || !is_share(self.margin_lost) {
            return Err(Text::new("tulis bagian dari 0% sampai 100%", "write shares from 0% to 100%"));
        }
        if self.price_floor.is_some_and(|share| !(share > 0.0 && share <= 2.0)) {
            return Err(Text::new(
                "harga terendah: tulis persen dari median harga, di atas 0% sampai 200%, misalnya 95%",
                "the price floor: write per cent of the median price, above 0% up to 200%, such as 95%",
            ));
        }
        if self.above_cost.is_some_and(|share| !(0.0..=10.0).contains(&share)) {
            return Err(Text::new(
                "di atas HPP: tulis persen dari 0% sampai 1000%",
                "above cost: write per cent from 0% to 1000%",
            ));
        }
        if self.least_order.is_some_and(|least| least <= Money::ZERO) {
            return Err(Text::new(
                "pesanan terkecil: tulis jumlah di atas 0",
                "the minimum order: write an amount above 0",
            ));
        }
        if matches!(self.small_orders, SmallOrders::Fee(fee) if fee.is_negative()) {
            return Err(Text::new(
                "biaya pesanan kecil: tulis 0 atau lebih",
                "the fee of a small order: write 0 or more",
            ));
        }
        if self.small_orders != SmallOrders::Refuse && self.least_order.is_none() {
            return Err(Text::new(
                "pesanan kecil: sebutkan juga pesanan terkecil (--min-order)",
                "small orders: name the minimum order too (--min-order)",
            ));
        }
        if !self.reads_lines() && self.fewer_visits == 0.0 {
            return Err(Text::new(
                "sebutkan apa yang berubah: kunjungan (--visits), harga terendah (--price-floor, --above-cost) atau pesanan terkecil (--min-order)",
                "say what would be different: visits (--visits), a price floor (--price-floor, --above-cost) or a minimum order (--min-order)",
            ));
        }
        Ok(self)
    }

    /// There is a floor of prices.
    pub(super) const fn has_floor(&self) -> bool {
        self.price_floor.is_some() || self.above_cost.is_some()
    }

    /// Lines have to be read.
    pub(super) const fn reads_lines(&self) -> bool {
        self.has_floor() || self.least_order.is_some()
    }
}
