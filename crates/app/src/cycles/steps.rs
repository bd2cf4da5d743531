//! The steps of an evaluation: both assess, they talk, both sign; comments at any time before.

use serde::Deserialize;
use takar_model::{Lang, Right, Text};
use takar_state::{AssessmentRow, Message, Side, SignatureRow};

use super::{Answers, EvaluationTold, LONGEST_NAME, Part, asked, day, is_same_person, needed, text};
use crate::{AppError, Result, Takar};

/// What one side writes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessAsked {
    /// The answers.
    #[serde(default)]
    pub answers: Answers,
    /// Hand it in: from then on it stays, and the other side reads it.
    #[serde(default)]
    pub hand_in: bool,
    /// `manager` or `lead`, where that does not follow from who writes.
    #[serde(default)]
    pub side: Option<String>,
    /// Who writes.
    #[serde(default)]
    pub by: Option<String>,
}

/// A conversation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TalkAsked {
    /// The day; today unless given.
    #[serde(default)]
    pub day: Option<String>,
    /// Who was there.
    pub present: String,
    /// What was agreed.
    pub agreed: String,
    /// Who writes it down.
    #[serde(default)]
    pub by: Option<String>,
}

/// A signature.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignAsked {
    /// Agrees; else it was seen, and not agreed to.
    pub agrees: bool,
    /// What is remarked; needed where one does not agree.
    #[serde(default)]
    pub remark: Option<String>,
    /// The version of the figures that was read.
    #[serde(default)]
    pub version: Option<u32>,
    /// `manager` or `lead`, where that does not follow from who signs.
    #[serde(default)]
    pub side: Option<String>,
    /// Who signs.
    #[serde(default)]
    pub by: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommentAsked {
    /// What is said.
    pub text: String,
    /// On which KPI; on the whole without.
    #[serde(default)]
    pub kpi: Option<String>,
    /// `manager` or `lead`, where that does not follow from who comments.
    #[serde(default)]
    pub side: Option<String>,
    /// Who says it.
    #[serde(default)]
    pub by: Option<String>,
}

impl Answers {
    fn checked(&self) -> Result<Self> {
        for score in [self.quantity_score, self.process_score, self.communication_score].into_iter().flatten() {
            if !(1..=5).contains(&score) {
                return Err(asked("nilainya dari 1 sampai 5", "a score is from 1 to 5"));
            }
        }
        Ok(Self {
            quantity: text(&self.quantity)?,
            process: text(&self.process)?,
            communication: text(&self.communication)?,
            strengths: text(&self.strengths)?,
            help: text(&self.help)?,
            steps: text(&self.steps)?,
            ..*self
        })
    }
}

impl Takar {
    /// Keeps what one side writes; handed in, it stays as it is and the other side reads it.
    ///
    /// # Errors
    /// For the other side, where it was handed in already, or without what went well and what would help.
    pub fn assess(&self, id: i64, wanted: &AssessAsked, lang: Lang) -> Result<EvaluationTold> {
        let _lock = self.lock_evaluations()?;
        let (loaded, part) = self.load_open(id)?;
        let side = self.side(part, wanted_side(wanted.side.as_deref())?)?;
        if loaded.assessment(side).is_some_and(|row| row.handed_in.is_some()) {
            return Err(asked(
                "penilaian itu sudah diserahkan dan tidak berubah lagi: tambahkan komentar",
                "that assessment was handed in and does not change any more: add a comment",
            ));
        }
        if side == Side::Manager && !loaded.talks.is_empty() {
            return Err(asked(
                "percakapannya sudah berlangsung: tambahkan komentar, atau tulis catatan pada tanda tangan",
                "the conversation has taken place: add a comment, or a remark to the signature",
            ));
        }
        let answers = wanted.answers.checked()?;
        if wanted.hand_in && (answers.strengths.is_empty() || answers.help.is_empty()) {
            return Err(asked(
                "sebelum diserahkan, tulis dulu apa yang sudah baik dan apa yang paling membantu",
                "before it is handed in, write what went well and what would help most",
            ));
        }
        let said = self.said(wanted.by.as_deref());
        let handed_in = wanted.hand_in.then(|| said.at.clone());
        let answers = serde_json::to_string(&answers).unwrap_or_default();
        self.state.save_assessment(id, &AssessmentRow { side, answers, said, handed_in })?;
        if wanted.hand_in {
            self.note_decision(
                "hand in assessment",
                &Message::new(
                    format!("evaluasi {id}, {}", side_said(side)),
                    format!("evaluation {id}, {}", side.name()),
                ),
                &[&loaded.row.manager],
            )?;
        }
        self.evaluation_told(id, None, lang)
    }

    /// Keeps what was agreed in a conversation.
    ///
    /// # Errors
    /// For who does not lead the manager, before both have assessed, and once somebody has signed.
    pub fn talk(&self, id: i64, wanted: &TalkAsked, lang: Lang) -> Result<EvaluationTold> {
        let _lock = self.lock_evaluations()?;
        let (loaded, part) = self.load_open(id)?;
        self.as_lead(part)?;
        let today = self.today();
        if !loaded.may_talk(today) {
            return Err(AppError::Told(Message {
                id: format!(
                    "percakapan dicatat setelah keduanya menyerahkan penilaian (tanpa penilaian diri: setelah {})",
                    loaded.cycle.opened.self_due
                ),
                en: format!(
                    "a conversation is written down once both have handed in their assessment (without the self-assessment: after {})",
                    loaded.cycle.opened.self_due
                ),
            }));
        }
        if Side::ALL.iter().any(|side| loaded.signature(*side).is_some()) {
            return Err(asked(
                "sudah ada yang menandatangani: yang tertulis sebelumnya tidak bertambah lagi",
                "somebody has signed already: what was written before does not grow any more",
            ));
        }
        let held = wanted.day.as_deref().filter(|text| !text.trim().is_empty()).map(day).transpose()?.unwrap_or(today);
        if held > today {
            return Err(asked("hari percakapan belum tiba", "the day of the conversation has not come yet"));
        }
        let present = needed(&wanted.present, Text::new("tulis siapa yang hadir", "write who was there"))?;
        let agreed = needed(&wanted.agreed, Text::new("tulis apa yang disepakati", "write what was agreed"))?;
        let said = self.said(wanted.by.as_deref());
        self.state.add_talk(id, (&held.to_string(), &present, &agreed), &said)?;
        self.note_decision(
            "talk",
            &Message::new(format!("evaluasi {id}"), format!("evaluation {id}")),
            &[&loaded.row.manager],
        )?;
        self.evaluation_told(id, None, lang)
    }

    /// Signs for one side, agreeing or not.
    ///
    /// # Errors
    /// For the other side; before the conversation; while a dispute is open; with other figures than were read; twice.
    pub fn sign(&self, id: i64, wanted: &SignAsked, lang: Lang) -> Result<EvaluationTold> {
        let _lock = self.lock_evaluations()?;
        let (loaded, part) = self.load_open(id)?;
        let side = self.side(part, wanted_side(wanted.side.as_deref())?)?;
        if loaded.talks.is_empty() {
            return Err(asked(
                "tanda tangan menyusul percakapan: catat dulu percakapannya",
                "signatures follow the conversation: write that down first",
            ));
        }
        if loaded.has_open_dispute() {
            return Err(asked(
                "masih ada angka yang disanggah: putuskan dulu sanggahannya",
                "a number is still disputed: decide the dispute first",
            ));
        }
        let version = loaded.version();
        if let Some(read) = wanted.version.filter(|read| *read != version) {
            return Err(AppError::Told(Message {
                id: format!(
                    "angkanya dibekukan lagi: yang berlaku versi {version}, yang dibaca versi {read}; baca dulu"
                ),
                en: format!(
                    "the figures were frozen again: version {version} counts, version {read} was read; read them first"
                ),
            }));
        }
        let remark = text(wanted.remark.as_deref().unwrap_or_default())?;
        if !wanted.agrees && remark.is_empty() {
            return Err(asked(
                "tulis apa yang tidak disetujui: catatan itu ikut tersimpan",
                "write what is not agreed to: the remark is kept with the signature",
            ));
        }
        let said = self.said(wanted.by.as_deref());
        if Side::ALL
            .iter()
            .filter_map(|side| loaded.signature(*side))
            .any(|other| other.side != side && is_same_person(&other.said, &said))
        {
            return Err(asked(
                "kedua tanda tangan harus dari dua orang",
                "the two signatures have to be of two people",
            ));
        }
        let remark = Some(remark).filter(|remark| !remark.is_empty());
        let row = SignatureRow { version, side, agrees: wanted.agrees, remark, said };
        if !self.state.add_signature(id, &row)? {
            return Err(asked("sudah ditandatangani", "it is signed already"));
        }
        let (how_id, how) =
            if wanted.agrees { ("setuju", "agrees") } else { ("sudah dibaca, tidak setuju", "seen, does not agree") };
        self.note_decision(
            "sign",
            &Message::new(
                format!("evaluasi {id}, {}: {how_id}, angka versi {version}", side_said(side)),
                format!("evaluation {id}, {}: {how}, figures version {version}", side.name()),
            ),
            &[&loaded.row.manager],
        )?;
        self.evaluation_told(id, None, lang)
    }

    /// Adds a comment, which stays.
    ///
    /// # Errors
    /// Without a text, or for who only looks.
    pub fn comment(&self, id: i64, wanted: &CommentAsked, lang: Lang) -> Result<EvaluationTold> {
        let _lock = self.lock_evaluations()?;
        let (loaded, part) = self.load_open(id)?;
        let side = self.side(part, wanted_side(wanted.side.as_deref())?)?;
        let said = needed(&wanted.text, Text::new("komentarnya kosong", "the comment is empty"))?;
        let kpi = wanted.kpi.as_deref().map(str::trim).filter(|kpi| !kpi.is_empty());
        if kpi.is_some_and(|kpi| kpi.chars().count() > LONGEST_NAME) {
            return Err(asked("KPI itu tidak dikenal", "there is no such KPI"));
        }
        self.state.add_comment(id, (kpi, &said, side), &self.said(wanted.by.as_deref()))?;
        self.note("comment", &format!("evaluation {id} of {}", loaded.row.manager))?;
        self.evaluation_told(id, None, lang)
    }

    /// Refuses who does not lead the manager.
    pub(super) fn as_lead(&self, part: Part) -> Result<()> {
        match part {
            Part::Keeper | Part::Lead => Ok(()),
            Part::Manager => Err(super::not_yours(Side::Manager)),
            Part::Onlooker | Part::Operations => self.may(Right::Decide),
        }
    }
}

pub(super) fn wanted_side(text: Option<&str>) -> Result<Option<Side>> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(super::side_of).transpose()
}

/// A side in Indonesian.
const fn side_said(side: Side) -> &'static str {
    match side {
        Side::Manager => "manajer",
        Side::Lead => "atasan",
    }
}
