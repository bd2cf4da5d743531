//! Dismissing an opportunity with a reason, and taking that back.

use takar_insight::opportunities::Reason;
use takar_model::{Credit, Lang, Right, Text};
use takar_state::{DismissalRow, Message};

use crate::{AppError, Result, Takar};

/// The longest note.
const LONGEST: usize = 1_000;

/// What is dismissed, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DismissAsked {
    /// The key.
    pub key: String,
    /// `wrong`, `small`, `account`, `done`, `later` or `other`.
    pub reason: String,
    /// In words; needed for `other`.
    pub note: Option<String>,
    /// Who, where the home has no users.
    pub by: Option<String>,
}

impl Takar {
    /// Hides an opportunity until its situation changes: another order or offer, half as much again at stake, or 30 days where it was for
    /// later. What is dismissed as not true, not worth it or not wanted lowers its kind.
    ///
    /// # Errors
    /// Where the role does not let one, the reason is none, or there is no such opportunity within the reach.
    pub fn dismiss_opportunity(&self, credit: Credit, asked: &DismissAsked) -> Result<()> {
        self.may(Right::Answer)?;
        let Some(reason) = Reason::of(&asked.reason) else {
            let known = Reason::ALL.map(Reason::word).join(", ");
            return Err(AppError::Told(Message {
                id: format!("alasan \"{}\" tidak dikenal; pilih dari: {known}", asked.reason),
                en: format!("there is no reason \"{}\"; choose from: {known}", asked.reason),
            }));
        };
        let note = asked.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
        if reason == Reason::Other && note.is_none() {
            let text = Text::new("tulis alasannya dengan kata-kata (--note)", "write the reason in words (--note)");
            return Err(AppError::Asked(text));
        }
        if note.is_some_and(|note| note.chars().count() > LONGEST) {
            let text = Text::new("catatannya paling panjang 1.000 huruf", "a note has at most 1,000 characters");
            return Err(AppError::Asked(text));
        }
        let all = self.all_opportunities(credit)?;
        let found = all.of_key(self.reach(), &asked.key).ok_or_else(|| no_such(&asked.key))?;
        let finding = &found.finding;
        let row = DismissalRow {
            key: found.key.clone(),
            kind: finding.kind.word().to_owned(),
            manager: finding.manager.as_ref().map(|manager| manager.id.clone()),
            reason: reason.word().to_owned(),
            note: note.map(str::to_owned),
            amount: finding.amount,
            mark: finding.mark.clone(),
            day: all.found.today.to_string(),
            at: self.now(),
            by: self.by(asked.by.as_deref()),
        };
        let told = |lang| format!("{}: {}", row.key, reason.name().get(lang));
        let detail = Message::new(told(Lang::Id), told(Lang::En));
        Ok(self.state.add_dismissal((&row, &detail), self.who(), &self.lake.version_mark())?)
    }

    /// Tells an opportunity again that was dismissed.
    ///
    /// # Errors
    /// Where the role does not let one, or nothing of that key is dismissed within the reach.
    pub fn restore_opportunity(&self, credit: Credit, key: &str, by: Option<&str>) -> Result<()> {
        self.may(Right::Answer)?;
        let row = self.state.dismissals()?.into_iter().find(|row| row.key == key).ok_or_else(|| no_such(key))?;
        let is_seen = match self.reach() {
            None => true,
            Some(reach) => {
                // Whose it is may have changed since it was dismissed; what is no opportunity any more is whose it was then.
                let all = self.all_opportunities(credit)?;
                let today = all.of_key(None, key).map(|found| found.finding.manager.as_ref());
                let manager =
                    today.map_or(row.manager.as_deref(), |manager| manager.map(|manager| manager.id.as_str()));
                manager.is_some_and(|manager| reach.holds(manager))
            }
        };
        let done = is_seen
            && self.state.restore_dismissal(key, (&self.now(), &self.by(by)), self.who(), &self.lake.version_mark())?;
        if done { Ok(()) } else { Err(no_such(key)) }
    }
}

fn no_such(key: &str) -> AppError {
    AppError::Missing(Message {
        id: format!(
            "tidak ada peluang \"{key}\"; lihat takar opportunities, atau --dismissed untuk yang dikesampingkan"
        ),
        en: format!("there is no opportunity \"{key}\"; see takar opportunities, or --dismissed for those dismissed"),
    })
}
