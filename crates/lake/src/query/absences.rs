//! When managers were away, from the table of absences.

use arrow::array::Array;
use takar_import::FactKind;
use takar_insight::{
    evaluation::presence::{Absence, AbsenceSource},
    metrics::SourceError,
};
use takar_model::{Day, Lang};

use super::LakeSource;
use crate::{
    error::{LakeError, Result},
    facts::columns::{dates, text, text_at},
    restate::owners::IdOfName,
};

impl AbsenceSource for LakeSource {
    fn absences(&self) -> std::result::Result<Vec<Absence>, SourceError> {
        self.read_absences()
            .map_err(|error: LakeError| SourceError { id: error.message(Lang::Id), en: error.message(Lang::En) })
    }
}

impl LakeSource {
    /// Under the ids that count; a manager told by name is looked up in the table of managers.
    fn read_absences(&self) -> Result<Vec<Absence>> {
        let rows = self.lake.aliases()?.apply(&self.lake.live_rows(FactKind::Absences)?)?;
        let table = self.lake.live_rows(FactKind::Managers)?;
        let managers = IdOfName::of(&table, "manager_id", "manager_name")?;
        let (ids, reasons) = (text(&rows, "manager_id")?, text(&rows, "reason")?);
        let (from, to) = (dates(&rows, "from")?, dates(&rows, "to")?);
        let in_target = text(&rows, "in_target")?;
        let day = |days: &arrow::array::Date32Array, row: usize| {
            days.is_valid(row).then(|| Day::from_epoch_days(days.value(row))).flatten()
        };
        let absence = |row: usize| {
            Some(Absence {
                manager: managers.id(text_at(ids, row)?).to_owned(),
                from: day(from, row),
                to: day(to, row),
                reason: text_at(reasons, row).map(str::to_owned),
                in_target: text_at(in_target, row) == Some("yes"),
            })
        };
        Ok((0..rows.num_rows()).filter_map(absence).collect())
    }
}
