//! The words of an action that do not change.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use takar_model::Text;

use crate::InsightError;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $id_of:literal, $en_of:literal { $($(#[$of:meta])* $variant:ident = $word:literal, $id:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in commands, addresses and JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What it is called.
            pub const fn label(self) -> Text {
                match self { $(Self::$variant => Text::new($id, $en)),* }
            }
        }

        impl FromStr for $name {
            type Err = InsightError;

            fn from_str(text: &str) -> Result<Self, InsightError> {
                Self::ALL.iter().copied().find(|one| one.name() == text).ok_or_else(|| {
                    let known = Self::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
                    InsightError::OwnKpi {
                        id: format!("{} \"{text}\" tidak dikenal: pilih {known}", $id_of),
                        en: format!("there is no {} \"{text}\": choose from {known}", $en_of),
                    }
                })
            }
        }
    };
}

words! {
    /// What is done.
    ActionKind, "jenis tindakan", "kind of action" {
        /// Promotion, programme, campaign.
        Marketing = "marketing", "pemasaran", "marketing";
        /// Training of who sells or of who buys.
        Training = "training", "pelatihan", "training";
        /// Stock and delivery.
        Stock = "stock", "stok", "stock";
        /// Visits, calls, care.
        Relationship = "relationship", "hubungan", "relationship";
        /// A tool to sell with.
        SalesTool = "sales_tool", "alat penjualan", "sales tool";
        /// Prices, discounts, terms.
        Price = "price", "harga", "price";
        /// Anything else.
        Other = "other", "lainnya", "other";
    }
}

words! {
    /// How far an action is.
    ActionState, "keadaan", "state" {
        /// Not begun.
        Planned = "planned", "direncanakan", "planned";
        /// Under way.
        Running = "running", "berjalan", "running";
        /// Closed, and what it added was measured or found to be not measurable.
        Measured = "measured", "diukur", "measured";
        /// Given up before it could be measured.
        Stopped = "stopped", "dihentikan", "stopped";
    }
}

words! {
    /// What an action came from.
    Origin, "asal", "origin" {
        /// An opportunity, by its key.
        Opportunity = "opportunity", "peluang", "opportunity";
        /// An alert, by its key.
        Alert = "alert", "peringatan", "alert";
        /// A diagnosis.
        Diagnosis = "diagnosis", "diagnosis", "diagnosis";
        /// Somebody's own idea.
        None = "none", "ide sendiri", "own idea";
    }
}
