//! The home as it was: the same data and definitions as at an earlier moment, so that a figure can be counted again.
//!
//! A pin holds all that figures rest on. Data are pinned by the versions of their tables, which the lake keeps for good; definitions
//! are small and pinned by what they say, ratings by their last number, for they are only ever added to. Who reports to whom is not
//! pinned: who may see an old figure is decided today.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use takar_insight::process::Promises;
use takar_lake::Versions;
use takar_model::{Day, ImportId};
use takar_state::KpiRow;

use crate::{Result, Takar, WeightsInUse, home::Home};

/// All that figures rest on, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// When it was made, UTC.
    pub at: String,
    /// The day that counts as today.
    pub today: Day,
    /// The last import that was done: a later one of the same second came after the pin. Not known of older pins.
    #[serde(default)]
    pub last_import: Option<ImportId>,
    /// The version of each table of data.
    pub data: Versions,
    /// What is measured, and how it is weighed.
    pub definitions: Definitions,
    /// The version of the program, whose formulas are part of it.
    pub program: String,
}

/// What is measured, and how it is weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definitions {
    /// The company's own KPIs.
    pub kpis: Vec<KpiRow>,
    /// The weights of scorecards.
    pub weights: WeightsInUse,
    /// What the work is held against.
    pub promises: Promises,
    /// The number of the last rating; 0 where there is none.
    pub last_rating: i64,
}

impl Takar {
    /// A pin of this moment.
    pub fn pin(&self) -> Result<Pin> {
        if let Some(pin) = &self.pin {
            return Ok(pin.as_ref().clone());
        }
        Ok(Pin {
            at: self.now(),
            today: self.today(),
            last_import: self.state.last_import()?,
            data: self.lake.pin(),
            definitions: Definitions {
                kpis: self.kept_kpis()?,
                weights: self.weights()?,
                promises: self.promises()?,
                last_rating: self.state.ratings()?.last().map_or(0, |last| last.id),
            },
            program: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// The same home as it was at a pin, used by the same person: figures come to what they came to then, and nothing can be changed.
    ///
    /// # Errors
    /// Where the data cannot be read at those versions.
    pub fn as_of(&self, pin: &Pin) -> Result<Self> {
        let stores = (self.lake.as_of(&pin.data)?, self.state.clone());
        let home = Home::new(self.folder.clone(), stores, self.clock, Some(Arc::new(pin.clone())));
        Ok(Self { home: Arc::new(home), actor: self.actor.clone(), reach: self.reach.clone() })
    }
}
