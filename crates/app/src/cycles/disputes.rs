//! Disputes of a credited number: raised by the manager, decided by somebody who neither raised it nor gains by it.

use serde::{Deserialize, Serialize};
use takar_lake::LineFilter;
use takar_model::{ImportId, Lang, Period, Text};
use takar_state::{DecisionRow, DisputeRow, ImportState, Message, NewDispute, Side};

use super::{
    EvaluationTold, LONGEST_NAME, Loaded, Part, asked, is_same_person, needed,
    numbers::numbers,
    redress::{About, CreditMoved, Remedy},
};
use crate::{AppError, CreditPart, Result, Takar};

/// A number that is to be disputed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeAsked {
    /// The KPI whose number is wrong.
    pub kpi: String,
    /// The account it is about.
    #[serde(default)]
    pub account: Option<String>,
    /// The invoice it is about.
    #[serde(default)]
    pub invoice: Option<String>,
    /// The days it is about.
    #[serde(default)]
    pub period: Option<String>,
    /// What is held to be right.
    pub claim: String,
    /// What shows it.
    pub evidence: String,
    /// Who disputes it.
    #[serde(default)]
    pub by: Option<String>,
}

/// What is decided about a dispute.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionAsked {
    /// `upheld`, `partly` or `rejected`.
    pub verdict: String,
    /// Why.
    pub why: String,
    /// Who has which part of the credit from now on; nothing where the credit stays.
    #[serde(default)]
    pub parts: Vec<CreditPart>,
    /// The invoice whose credit changes; that of the dispute unless given.
    #[serde(default)]
    pub invoice: Option<String>,
    /// Or the account, with all its invoices of some days.
    #[serde(default)]
    pub account: Option<String>,
    /// The days; those of the dispute, else those of the cycle.
    #[serde(default)]
    pub period: Option<String>,
    /// Who decides.
    #[serde(default)]
    pub by: Option<String>,
}

/// A dispute and what was decided.
#[derive(Debug, Clone, Serialize)]
pub struct DisputeTold {
    /// Its number.
    pub id: i64,
    /// As it was raised.
    #[serde(flatten)]
    pub dispute: NewDispute,
    /// What was decided; nothing before.
    pub decision: Option<DecisionTold>,
}

/// What was decided about a dispute.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionTold {
    /// `upheld`, `partly` or `rejected`.
    pub verdict: String,
    /// Why.
    pub why: String,
    /// Who decided.
    pub by: String,
    /// When, UTC.
    pub at: String,
    /// What became of the credit; nothing where it stayed.
    pub remedy: Option<Remedy>,
    /// The import that made it so; undoing it takes the credit back.
    pub import: Option<ImportId>,
    /// What it changed, by manager as far as the reader's line goes.
    pub changed: Vec<CreditMoved>,
    /// That import was taken back.
    pub is_undone: bool,
}

/// How a dispute can end.
const VERDICTS: [&str; 3] = ["upheld", "partly", "rejected"];

impl Takar {
    /// Disputes a credited number.
    ///
    /// # Errors
    /// For who is not the manager; for a KPI that the figures do not have; without a claim or evidence.
    pub fn dispute(&self, id: i64, wanted: &DisputeAsked, lang: Lang) -> Result<EvaluationTold> {
        let _lock = self.lock_evaluations()?;
        let (loaded, part) = self.load_open(id)?;
        if part != Part::Keeper {
            self.side(part, Some(Side::Manager))?;
        }
        let version = loaded.version();
        let kpi = needed(&wanted.kpi, Text::new("sebutkan angka yang disanggah", "say which number is disputed"))?;
        let figure = self.figure_in(id, version, &kpi)?;
        let id_of = |given: &Option<String>| -> Result<Option<String>> {
            let given = given.as_deref().map(str::trim).filter(|text| !text.is_empty());
            match given {
                Some(text) if text.chars().count() > LONGEST_NAME => {
                    Err(asked("kode paling panjang 200 huruf", "an id has at most 200 characters"))
                }
                given => Ok(given.map(str::to_owned)),
            }
        };
        let period = id_of(&wanted.period)?.map(|text| text.parse::<Period>()).transpose()?;
        let dispute = NewDispute {
            evaluation: id,
            version,
            kpi,
            figure: Some(figure),
            account: id_of(&wanted.account)?,
            invoice: id_of(&wanted.invoice)?,
            period: period.map(|period| period.to_string()),
            claim: needed(
                &wanted.claim,
                Text::new("tulis apa yang benar menurut Anda", "write what is right in your view"),
            )?,
            evidence: needed(
                &wanted.evidence,
                Text::new("tulis buktinya: faktur, tanggal, saksi", "write the evidence: invoice, day, witness"),
            )?,
            said: self.said(wanted.by.as_deref()),
        };
        self.refuse_unknown_lines(&dispute, period)?;
        let number = self.state.add_dispute(&dispute)?;
        self.note("dispute", &format!("dispute {number}: {} of {}, evaluation {id}", dispute.kpi, loaded.row.manager))?;
        self.evaluation_told(id, None, lang)
    }

    /// Nobody could decide about an invoice or account that is not there, and nobody sign before.
    fn refuse_unknown_lines(&self, dispute: &NewDispute, period: Option<Period>) -> Result<()> {
        let (invoice, account) = (dispute.invoice.clone(), dispute.account.clone());
        if invoice.is_none() && account.is_none() {
            return Ok(());
        }
        let filter = LineFilter { invoice, account, period, limit: 1, ..LineFilter::default() };
        if self.as_keeper().lines(&filter)?.total > 0 {
            return Ok(());
        }
        Err(asked(
            "tidak ada faktur seperti itu: periksa nomor, akun dan harinya",
            "there is no such invoice: look at number, account and days",
        ))
    }

    /// Decides a dispute.
    ///
    /// # Errors
    /// For who raised it, is evaluated or has a part in the invoices; where it is decided already; without a reason.
    pub fn decide_dispute(&self, number: i64, wanted: &DecisionAsked, lang: Lang) -> Result<EvaluationTold> {
        let _lock = self.lock_evaluations()?;
        let row = self.state.dispute(number)?.ok_or_else(no_such_dispute)?;
        // Out of reach there is no such dispute.
        let id = row.dispute.evaluation;
        self.load(id).map_err(|_| no_such_dispute())?;
        let (loaded, part) = self.load_open(id)?;
        self.as_lead(part)?;
        let said = self.said(wanted.by.as_deref());
        if is_same_person(&said, &row.dispute.said) {
            return Err(asked(
                "yang menyanggah tidak memutuskan sanggahannya sendiri",
                "who raised a dispute does not decide it",
            ));
        }
        if !VERDICTS.contains(&wanted.verdict.as_str()) {
            return Err(asked(
                "putusan: upheld (diterima), partly (sebagian) atau rejected (ditolak)",
                "the verdict is upheld, partly or rejected",
            ));
        }
        let why = needed(&wanted.why, Text::new("sebutkan alasan putusan", "say why it is decided so"))?;
        if row.decision.is_some() {
            return Err(decided_already());
        }
        for about in [about_dispute(&row.dispute)?, about_decision(&row.dispute, wanted)?] {
            self.may_judge(&loaded, about)?;
        }
        let remedy = self.remedy_asked(&loaded, &row.dispute, wanted)?;
        let decision = DecisionRow {
            verdict: wanted.verdict.clone(),
            why,
            remedy: remedy.as_ref().map(|remedy| serde_json::to_string(remedy).unwrap_or_default()),
            said,
            import: None,
            changed: None,
        };
        if !self.state.decide(number, &decision)? {
            return Err(decided_already());
        }
        if remedy.is_some() {
            self.carry_out(&DisputeRow { decision: Some(decision.clone()), ..row })?;
        }
        let made = self.state.dispute(number)?.and_then(|row| row.decision);
        let import = made.as_ref().and_then(|made| made.import);
        let verdict_id = match decision.verdict.as_str() {
            "upheld" => "diterima",
            "partly" => "diterima sebagian",
            _ => "ditolak",
        };
        let credited = |told: &str| import.map_or_else(String::new, |import| format!(", {told} {import}"));
        let detail = Message::new(
            format!("sanggahan {number}: {verdict_id}{}", credited("kredit dengan impor")),
            format!("dispute {number}: {}{}", decision.verdict, credited("credit by import")),
        );
        // Whoever's credit moved is told too.
        let moved: Vec<CreditMoved> = made
            .and_then(|made| made.changed)
            .and_then(|changed| serde_json::from_str(&changed).ok())
            .unwrap_or_default();
        let mut about: Vec<&str> = moved.iter().filter_map(|one| one.manager.as_deref()).collect();
        about.push(&loaded.row.manager);
        about.sort_unstable();
        about.dedup();
        self.note_decision("decide dispute", &detail, &about)?;
        self.evaluation_told(id, None, lang)
    }

    /// What is to become of the credit; nothing where no parts are given.
    fn remedy_asked(&self, loaded: &Loaded, dispute: &NewDispute, wanted: &DecisionAsked) -> Result<Option<Remedy>> {
        if wanted.parts.is_empty() {
            return Ok(None);
        }
        if wanted.verdict == "rejected" {
            return Err(asked(
                "sanggahan yang ditolak tidak mengubah kredit",
                "a dispute that is rejected does not change the credit",
            ));
        }
        self.remedy(loaded, about_decision(dispute, wanted)?, &wanted.parts).map(Some)
    }

    pub(super) fn disputes_told(&self, loaded: &Loaded) -> Result<Vec<DisputeTold>> {
        let is_moved = loaded.disputes.iter().any(|row| row.decision.as_ref().is_some_and(|one| one.import.is_some()));
        let imports = if is_moved { self.state.imports()? } else { Vec::new() };
        let is_undone = |id: ImportId| imports.iter().any(|row| row.id == id && row.state == ImportState::Undone);
        // Of an account that changed hands one is told what was credited in the own line, not what a colleague sells there.
        let reach = self.reach();
        let is_seen = |manager: Option<&str>| {
            reach.as_ref().is_none_or(|reach| manager.is_some_and(|manager| reach.holds(manager)))
        };
        let told = |row: &takar_state::DisputeRow| DisputeTold {
            id: row.id,
            dispute: row.dispute.clone(),
            decision: row.decision.as_ref().map(|decision| DecisionTold {
                verdict: decision.verdict.clone(),
                why: decision.why.clone(),
                by: decision.said.by.clone(),
                at: decision.said.at.clone(),
                remedy: decision.remedy.as_deref().and_then(|text| serde_json::from_str(text).ok()).map(
                    |mut remedy: Remedy| {
                        remedy.before.retain(|one| is_seen(one.manager.as_deref()));
                        remedy
                    },
                ),
                import: decision.import,
                changed: decision
                    .changed
                    .as_deref()
                    .and_then(|text| serde_json::from_str::<Vec<CreditMoved>>(text).ok())
                    .unwrap_or_default()
                    .into_iter()
                    .filter(|one| is_seen(one.manager.as_deref()))
                    .collect(),
                is_undone: decision.import.is_some_and(is_undone),
            }),
        };
        Ok(loaded.disputes.iter().map(told).collect())
    }

    /// The figure of a KPI as it is frozen.
    fn figure_in(&self, id: i64, version: u32, kpi: &str) -> Result<String> {
        let text = self.state.frozen_figures(id, version)?.unwrap_or_default();
        let found = numbers(&text, Lang::En).into_iter().find(|number| number.kpi == kpi);
        found.map(|number| number.value.get().to_owned()).ok_or_else(|| {
            AppError::Told(Message {
                id: format!("tidak ada angka \"{kpi}\" pada evaluasi ini"),
                en: format!("this evaluation has no number \"{kpi}\""),
            })
        })
    }
}

/// The invoices that a dispute is about.
fn about_dispute(dispute: &NewDispute) -> Result<About<'_>> {
    let period = dispute.period.as_deref().map(str::parse).transpose()?;
    Ok(About { invoice: dispute.invoice.as_deref(), account: dispute.account.as_deref(), period })
}

/// The invoices that a decision is about: those of the dispute, unless it names others.
fn about_decision<'a>(dispute: &'a NewDispute, wanted: &'a DecisionAsked) -> Result<About<'a>> {
    fn given(text: &Option<String>) -> Option<&str> {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
    let (invoice, account) = match (given(&wanted.invoice), given(&wanted.account)) {
        (None, None) => (dispute.invoice.as_deref(), dispute.account.as_deref()),
        told => told,
    };
    let period = given(&wanted.period).or(dispute.period.as_deref());
    Ok(About { invoice, account, period: period.map(str::parse).transpose()? })
}

fn decided_already() -> AppError {
    asked("sanggahan itu sudah diputuskan", "that dispute is decided already")
}

fn no_such_dispute() -> AppError {
    AppError::NotFound(Text::new(
        "tidak ada sanggahan bernomor itu: lihat `takar evaluations show`",
        "there is no dispute of that number: see `takar evaluations show`",
    ))
}
