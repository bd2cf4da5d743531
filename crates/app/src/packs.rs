//! Industry packs: looked at and taken into use.

use serde::Serialize;
use takar_insight::{evaluation::weights::Weights, packs::Pack};

use takar_model::Right;
use takar_state::Message;

use crate::{Result, Takar, scorecard::refuse_without_manager};

/// What taking a pack into use did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackUsed {
    /// The pack.
    pub pack: String,
    /// Its version.
    pub version: u32,
    /// The KPIs that were saved, with the version that counts now.
    pub saved: Vec<(String, u32)>,
    /// The KPIs of the same id that say something else here and were left as they are.
    pub kept: Vec<String>,
}

/// The pack in use.
#[derive(Debug, Clone, PartialEq)]
pub struct PackInUse {
    /// The pack.
    pub id: String,
    /// The version that was taken into use.
    pub version: u32,
    /// When, UTC.
    pub since: String,
    /// Its weights; none where this version of Takar no longer has the pack.
    pub weights: Option<Weights>,
}

impl Takar {
    /// Saves the own KPIs of a pack and remembers that it is in use. An own KPI that says something else under the same id
    /// stays as it is unless `replace`.
    pub fn use_pack(&self, id: &str, replace: bool) -> Result<PackUsed> {
        self.may(Right::Define)?;
        let pack = Pack::find(id)?;
        let mine = self.own_kpis()?;
        let (mut wanted, mut kept) = (Vec::new(), Vec::new());
        for kpi in pack.own_kpis()? {
            let is_other = mine.iter().any(|own| own.id == kpi.id && own.definition() != kpi.definition());
            if is_other && !replace {
                kept.push(kpi.id);
            } else {
                wanted.push(kpi);
            }
        }
        // The company's own weights go before those of a pack.
        let weights = if self.state.weights()?.is_empty() { pack.weights.clone() } else { self.weights()?.weights };
        let stay = mine.iter().filter(|own| wanted.iter().all(|kpi| kpi.id != own.id));
        refuse_without_manager(&weights, wanted.iter().chain(stay))?;
        let versions = self.save_definitions(&wanted)?;
        let now = self.now();
        self.state.use_pack(&now, &pack.id, pack.version)?;
        self.note_decision(
            "use pack",
            &Message::new(
                format!("{} versi {}", pack.id, pack.version),
                format!("{} version {}", pack.id, pack.version),
            ),
            &[],
        )?;
        let saved = wanted.into_iter().map(|kpi| kpi.id).zip(versions).collect();
        Ok(PackUsed { pack: pack.id, version: pack.version, saved, kept })
    }

    /// The pack in use, with its weights.
    pub fn pack_in_use(&self) -> Result<Option<PackInUse>> {
        let row = self.state.pack_in_use()?;
        Ok(row.map(|(id, version, since)| {
            let weights = Pack::find(&id).ok().map(|pack| pack.weights);
            PackInUse { id, version, since, weights }
        }))
    }
}
