//! The frozen figures counted again: from the data and definitions of then they have to come to the same; from those of today it is said what
//! would differ, and because of what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use takar_model::{Credit, ImportId, Lang, Period, Text};
use takar_state::{FrozenRow, ImportRow, ImportState, Message};

use super::{
    EvaluationTold, Loaded, asked, needed,
    numbers::{Number, numbers},
};
use crate::{Pin, Result, Takar};

/// Imports that are told, at most; the newest.
const MOST: usize = 20;

/// Figures that are to be frozen again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreezeAsked {
    /// Why.
    pub reason: String,
    /// Who freezes them.
    #[serde(default)]
    pub by: Option<String>,
}

/// What the frozen figures come to when they are counted again from what they were frozen from.
#[derive(Debug, Clone, Serialize)]
pub struct Reproduced {
    /// The version.
    pub version: u32,
    /// Every byte is the same.
    pub is_same: bool,
    /// What is not; nothing where only the wording is another.
    pub changes: Vec<Change>,
    /// The version of the program that froze them.
    pub program_then: String,
    /// The version of the program now.
    pub program_now: String,
}

/// What would differ with today's data and definitions.
#[derive(Debug, Clone, Serialize)]
pub struct Differs {
    /// The version that is held against today.
    pub version: u32,
    /// The KPIs whose value, target or points would differ.
    pub changes: Vec<Change>,
    /// The tables of data that changed since.
    pub tables: Vec<String>,
    /// The imports since, newest first; twenty at most.
    pub imports: Vec<ImportSince>,
    /// What was defined otherwise since: `kpis`, `weights`, `promises`, `ratings`.
    pub definitions: Vec<&'static str>,
    /// The version of the program is another.
    pub is_other_program: bool,
}

/// A number that is not what it was.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// The KPI; `quantity`, `process`, `communication` and `whole` for the scores, `fair` for the comparison.
    pub kpi: String,
    /// What it is called.
    pub name: String,
    /// What of it: `value`, `target` or `points`.
    pub what: &'static str,
    /// As it is frozen, exact; null where there was none.
    pub before: Box<RawValue>,
    /// As it would be.
    pub now: Box<RawValue>,
    /// Because of what: `day` (some time has passed), `definitions`, `data`, `program`.
    pub because: Vec<&'static str>,
}

/// An import since the figures were frozen.
#[derive(Debug, Clone, Serialize)]
pub struct ImportSince {
    /// Its number.
    pub id: ImportId,
    /// What it brought.
    pub kind: String,
    /// The file, or what pushed it.
    pub label: String,
    /// When, UTC.
    pub started: String,
    /// What became of it.
    pub state: ImportState,
    /// The dispute whose decision it carries out.
    pub dispute: Option<i64>,
}

impl Takar {
    /// Freezes the figures again, as the next version. The earlier ones stay.
    ///
    /// # Errors
    /// For who does not lead the manager; without a reason; once both have signed.
    pub fn freeze_again(&self, id: i64, wanted: &FreezeAsked, lang: Lang) -> Result<EvaluationTold> {
        let _lock = self.lock_evaluations()?;
        let (loaded, part) = self.load_open(id)?;
        self.as_lead(part)?;
        let why = needed(
            &wanted.reason,
            Text::new("sebutkan mengapa angkanya dibekukan lagi", "say why the figures are frozen again"),
        )?;
        let (then, from) = self.at_this_moment()?;
        let figures = then.figures_of_one(&loaded)?;
        let version = self.state.freeze_again(id, &from, (&self.by(wanted.by.as_deref()), &why), &figures)?;
        self.note_decision(
            "freeze figures",
            &Message::new(
                format!("evaluasi {id}, versi {version}: {why}"),
                format!("evaluation {id}, version {version}: {why}"),
            ),
            &[&loaded.row.manager],
        )?;
        self.evaluation_told(id, None, lang)
    }

    /// Counts frozen figures again from the data and definitions of then, and holds them against what was kept, byte by byte.
    ///
    /// # Errors
    /// Where there is no such evaluation or version; where the data of then cannot be read.
    pub fn reproduce(&self, id: i64, version: Option<u32>, lang: Lang) -> Result<Reproduced> {
        let (loaded, _) = self.load(id)?;
        let (row, kept) = self.kept(&loaded, version)?;
        let pin = self.pin_of(row)?;
        let again = self.as_keeper().as_of(&pin)?.figures_of_one(&loaded)?;
        let is_same = again == kept;
        let changes = if is_same { Vec::new() } else { self.changes(&kept, &again, lang)? };
        // Nothing else can be behind it.
        let changes = changes.into_iter().map(|change| Change { because: vec!["program"], ..change }).collect();
        let program_now = env!("CARGO_PKG_VERSION").to_owned();
        Ok(Reproduced { version: row.version, is_same, changes, program_then: pin.program, program_now })
    }

    /// What would differ if the figures were frozen today, and because of what.
    ///
    /// # Errors
    /// As [`Takar::reproduce`].
    pub fn differs(&self, id: i64, version: Option<u32>, lang: Lang) -> Result<Differs> {
        let (loaded, _) = self.load(id)?;
        let (row, kept) = self.kept(&loaded, version)?;
        let then = self.pin_of(row)?;
        let now = self.as_keeper().pin()?;
        let today = self.as_keeper().as_of(&now)?.figures_of_one(&loaded)?;
        let mut changes = self.changes(&kept, &today, lang)?;
        // From then to now one step after the other: what changes in a step changes because of it.
        let steps = [
            ("program", then.clone(), then.program != now.program),
            ("day", Pin { today: now.today, ..then.clone() }, then.today != now.today),
            (
                "definitions",
                Pin { today: now.today, definitions: now.definitions.clone(), ..then.clone() },
                then.definitions != now.definitions,
            ),
            ("data", now.clone(), then.data != now.data),
        ];
        let mut before = kept.clone();
        for (because, pin, is_step) in steps {
            if !is_step || changes.is_empty() {
                continue;
            }
            let after = if because == "data" {
                today.clone()
            } else {
                self.as_keeper().as_of(&pin)?.figures_of_one(&loaded)?
            };
            let stepped = self.changes(&before, &after, lang)?;
            for change in &mut changes {
                if stepped.iter().any(|one| one.kpi == change.kpi && one.what == change.what) {
                    change.because.push(because);
                }
            }
            before = after;
        }
        let is_same = |one: &String| then.data.get(one) == now.data.get(one);
        let tables: BTreeSet<&String> = then.data.keys().chain(now.data.keys()).collect();
        let tables = tables.into_iter().filter(|one| !is_same(one)).cloned().collect();
        let (old, new) = (&then.definitions, &now.definitions);
        let definitions = [
            ("kpis", old.kpis != new.kpis),
            ("weights", old.weights != new.weights),
            ("promises", old.promises != new.promises),
            ("ratings", old.last_rating != new.last_rating),
        ];
        Ok(Differs {
            version: row.version,
            changes,
            tables,
            imports: if then.data == now.data { Vec::new() } else { self.imports_since(&loaded, &then)? },
            definitions: definitions.into_iter().filter(|(_, is)| *is).map(|(what, _)| what).collect(),
            is_other_program: then.program != now.program,
        })
    }

    fn kept<'a>(&self, loaded: &'a Loaded, version: Option<u32>) -> Result<(&'a FrozenRow, String)> {
        let version = version.unwrap_or_else(|| loaded.version());
        let row = loaded.frozen.iter().find(|row| row.version == version);
        let text = self.state.frozen_figures(loaded.row.id, version)?;
        row.zip(text).ok_or_else(|| asked("versi angka itu tidak ada", "there is no such version of the figures"))
    }

    /// What a version of the figures was frozen from.
    fn pin_of(&self, row: &FrozenRow) -> Result<Pin> {
        let kept = self.state.frozen_pin(row.evaluation, row.version)?;
        kept.and_then(|pin| serde_json::from_str(&pin).ok()).ok_or_else(|| {
            asked(
                "asal angka ini tidak tersimpan: tidak bisa dihitung lagi",
                "what these figures were frozen from is not kept: they cannot be counted again",
            )
        })
    }

    /// The figures of one evaluation as they come to in this home; nothing where the manager has none.
    fn figures_of_one(&self, loaded: &Loaded) -> Result<String> {
        let opened = &loaded.cycle.opened;
        let period: Period = opened.period.parse()?;
        let credit: Credit = opened.credit.parse().unwrap_or_default();
        let only = [loaded.row.manager.clone()];
        let found = self.figures_of(period, credit, Some(&only))?.into_iter().next();
        Ok(found.map_or_else(|| NOTHING.to_owned(), |one| one.figures))
    }

    /// The numbers in which two figures differ.
    fn changes(&self, before: &str, now: &str, lang: Lang) -> Result<Vec<Change>> {
        let (before, now) = (numbers(before, lang), numbers(now, lang));
        let mut found = Vec::new();
        let both: Vec<&Number> =
            before.iter().chain(now.iter().filter(|one| !before.iter().any(|known| known.is_of(one)))).collect();
        for one in both {
            let of = |all: &[Number]| {
                all.iter()
                    .find(|known| known.is_of(one))
                    .map_or_else(|| RawValue::NULL.to_owned(), |known| known.value.clone())
            };
            let (old, new) = (of(&before), of(&now));
            if old.get() == new.get() {
                continue;
            }
            let name = one.name.clone().map_or_else(|| self.name_of_kpi(&one.kpi, lang), Ok)?;
            found.push(Change {
                kpi: one.kpi.clone(),
                name,
                what: one.what,
                before: old,
                now: new,
                because: Vec::new(),
            });
        }
        Ok(found)
    }

    fn name_of_kpi(&self, id: &str, lang: Lang) -> Result<String> {
        let name = match self.kpi(id) {
            Ok(crate::AnyKpi::BuiltIn(kpi)) => kpi.name.get(lang).to_owned(),
            Ok(crate::AnyKpi::Own(kpi)) => kpi.to_json(lang)["name"].as_str().unwrap_or(id).to_owned(),
            Ok(crate::AnyKpi::OfTarget(of)) => of.name(lang),
            Err(_) => id.to_owned(),
        };
        Ok(name)
    }

    fn imports_since(&self, loaded: &Loaded, pin: &Pin) -> Result<Vec<ImportSince>> {
        let disputes = self.state.decided_imports()?;
        let mut rows = self.state.imports()?;
        let is_since = |row: &ImportRow| match pin.last_import {
            Some(last) => row.id > last,
            None => row.started >= pin.at,
        };
        rows.retain(|row| is_since(row) && row.state != ImportState::Failed);
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        rows.truncate(MOST);
        // What a file is called is for who sees everybody; a decision about one's own is for oneself.
        let is_own = |dispute: i64| loaded.disputes.iter().any(|row| row.id == dispute);
        let sees_all = self.reach().is_none();
        let since = |row: ImportRow| {
            let dispute = disputes.iter().find(|(_, import)| *import == row.id).map(|(dispute, _)| *dispute);
            let dispute = dispute.filter(|dispute| sees_all || is_own(*dispute));
            let label = if sees_all { row.label } else { String::new() };
            ImportSince { id: row.id, kind: row.kind, label, started: row.started, state: row.state, dispute }
        };
        Ok(rows.into_iter().map(since).collect())
    }
}

/// The figures of a manager who has none.
const NOTHING: &str =
    r#"{"id":{"evaluation":null,"scorecard":{},"fair":null},"en":{"evaluation":null,"scorecard":{},"fair":null}}"#;
