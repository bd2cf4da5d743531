//! `takar evaluations`: what manager and lead say in an evaluation, disputes, and signatures.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use takar_app::{
    Answers, AssessAsked, CommentAsked, CreditPart, DecisionAsked, DisputeAsked, EvaluationTold, FreezeAsked,
    HistoryAsked, SignAsked, Takar, TalkAsked,
};
use takar_model::{Lang, Period, Text};

use crate::{
    args::{ReportFormat, period},
    evaluation_text, output,
};

/// `takar evaluations`.
#[derive(Debug, Args)]
pub struct Evaluations {
    /// What to do
    #[command(subcommand)]
    pub verb: EvaluationsVerb,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    pub format: ReportFormat,
}

/// Who says something, and for which side.
#[derive(Debug, Args)]
pub struct Saying {
    /// Whose word it is, where that does not follow from who gives the command: manager or lead
    #[arg(long, value_name = "SIDE")]
    pub side: Option<String>,
    /// Who says so
    #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
    pub who: Option<String>,
}

/// The answers of one side.
#[derive(Debug, Args)]
pub struct AnswersGiven {
    /// How the results are seen
    #[arg(long, default_value = "")]
    pub quantity: String,
    /// How the way of working is seen
    #[arg(long, default_value = "")]
    pub process: String,
    /// How the communication with accounts is seen
    #[arg(long, default_value = "")]
    pub communication: String,
    /// What went well
    #[arg(long, default_value = "")]
    pub strengths: String,
    /// What would help most
    #[arg(long, default_value = "")]
    pub help_most: String,
    /// What is to be done next
    #[arg(long, default_value = "")]
    pub steps: String,
    /// The results from 1 to 5, where one wants to say so
    #[arg(long)]
    pub quantity_score: Option<u8>,
    /// The way of working from 1 to 5
    #[arg(long)]
    pub process_score: Option<u8>,
    /// The communication from 1 to 5
    #[arg(long)]
    pub communication_score: Option<u8>,
    /// All answers from a JSON file instead
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// What can be done with an evaluation.
#[derive(Debug, Subcommand)]
pub enum EvaluationsVerb {
    /// An evaluation: its frozen figures and what was said
    Show {
        /// Its number
        id: i64,
        /// A version of the figures; the last unless given
        #[arg(long, value_name = "VERSION")]
        figures: Option<u32>,
    },
    /// Write the assessment of one side; with --hand-in it stays and the other side reads it
    Assess {
        /// Its number
        id: i64,
        /// The answers
        #[command(flatten)]
        answers: AnswersGiven,
        /// Hand it in
        #[arg(long)]
        hand_in: bool,
        /// Who, and for which side
        #[command(flatten)]
        saying: Saying,
    },
    /// Write down what was agreed in a conversation
    Talk {
        /// Its number
        id: i64,
        /// The day; today unless given
        #[arg(long)]
        day: Option<String>,
        /// Who was there
        #[arg(long)]
        present: String,
        /// What was agreed
        #[arg(long)]
        agreed: String,
        /// Who writes it down
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Sign for one side
    Sign {
        /// Its number
        id: i64,
        /// It was seen and is not agreed to; needs a remark
        #[arg(long)]
        disagree: bool,
        /// What is remarked
        #[arg(long)]
        remark: Option<String>,
        /// The version of the figures that was read
        #[arg(long, value_name = "VERSION")]
        figures: Option<u32>,
        /// Who, and for which side
        #[command(flatten)]
        saying: Saying,
    },
    /// Add a comment, on the whole or on one KPI
    Comment {
        /// Its number
        id: i64,
        /// What is said
        text: String,
        /// On this KPI
        #[arg(long)]
        kpi: Option<String>,
        /// Who, and for which side
        #[command(flatten)]
        saying: Saying,
    },
    /// Dispute a credited number
    Dispute {
        /// The evaluation's number
        id: i64,
        /// The KPI whose number is wrong
        #[arg(long)]
        kpi: String,
        /// The account it is about
        #[arg(long)]
        account: Option<String>,
        /// The invoice it is about
        #[arg(long)]
        invoice: Option<String>,
        /// The days it is about
        #[arg(long, value_parser = period)]
        period: Option<Period>,
        /// What is right
        #[arg(long)]
        claim: String,
        /// What shows it
        #[arg(long)]
        evidence: String,
        /// Who disputes it
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Decide a dispute
    Decide {
        /// The dispute's number
        dispute: i64,
        /// upheld, partly or rejected
        verdict: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// Who has which part of the credit from now on: manager=percent, as often as needed
        #[arg(long = "credit-to", value_parser = crate::credit::part, value_name = "MANAGER=PERCENT")]
        parts: Vec<CreditPart>,
        /// The invoice whose credit changes; that of the dispute unless given
        #[arg(long)]
        invoice: Option<String>,
        /// Or the account, with all its invoices of the days
        #[arg(long)]
        account: Option<String>,
        /// The days; those of the dispute, else those of the cycle
        #[arg(long, value_parser = period)]
        period: Option<Period>,
        /// Who decides
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Freeze the figures again, as the next version; the earlier ones stay
    Freeze {
        /// Its number
        id: i64,
        /// Why
        #[arg(long)]
        reason: String,
        /// Who freezes them
        #[arg(long = "as", env = "TAKAR_AS", value_name = "NAME")]
        who: Option<String>,
    },
    /// Count the frozen figures again from the data and definitions of then, and hold them against what was kept
    Reproduce {
        /// Its number
        id: i64,
        /// A version of the figures; the last unless given
        #[arg(long, value_name = "VERSION")]
        figures: Option<u32>,
    },
    /// What would differ with today's data and definitions, and because of what
    Differs {
        /// Its number
        id: i64,
        /// A version of the figures; the last unless given
        #[arg(long, value_name = "VERSION")]
        figures: Option<u32>,
    },
    /// The evaluations of a manager, newest first
    History {
        /// The manager's id; all in reach unless given
        #[arg(long)]
        manager: Option<String>,
    },
}

/// Does it, and prints what came of it.
pub fn run(takar: &Takar, asked: Evaluations, lang: Lang) -> Result<()> {
    let is_json = asked.format == ReportFormat::Json;
    let told = match asked.verb {
        EvaluationsVerb::Show { id, figures } => takar.evaluation_told(id, figures, lang)?,
        EvaluationsVerb::Assess { id, answers, hand_in, saying } => {
            let answers = answers.read()?;
            takar.assess(id, &AssessAsked { answers, hand_in, side: saying.side, by: saying.who }, lang)?
        }
        EvaluationsVerb::Talk { id, day, present, agreed, who } => {
            takar.talk(id, &TalkAsked { day, present, agreed, by: who }, lang)?
        }
        EvaluationsVerb::Sign { id, disagree, remark, figures, saying } => {
            let asked = SignAsked { agrees: !disagree, remark, version: figures, side: saying.side, by: saying.who };
            takar.sign(id, &asked, lang)?
        }
        EvaluationsVerb::Comment { id, text, kpi, saying } => {
            takar.comment(id, &CommentAsked { text, kpi, side: saying.side, by: saying.who }, lang)?
        }
        EvaluationsVerb::Dispute { id, kpi, account, invoice, period, claim, evidence, who } => {
            let period = period.map(|period| period.to_string());
            takar.dispute(id, &DisputeAsked { kpi, account, invoice, period, claim, evidence, by: who }, lang)?
        }
        EvaluationsVerb::Decide { dispute, verdict, reason, parts, invoice, account, period, who } => {
            let period = period.map(|period| period.to_string());
            let asked = DecisionAsked { verdict, why: reason, parts, invoice, account, period, by: who };
            takar.decide_dispute(dispute, &asked, lang)?
        }
        EvaluationsVerb::Freeze { id, reason, who } => {
            takar.freeze_again(id, &FreezeAsked { reason, by: who }, lang)?
        }
        EvaluationsVerb::Reproduce { id, figures } => {
            let found = takar.reproduce(id, figures, lang)?;
            if is_json {
                return output::line(&serde_json::to_string(&found)?);
            }
            return evaluation_text::print_reproduced(&found, lang);
        }
        EvaluationsVerb::Differs { id, figures } => {
            let found = takar.differs(id, figures, lang)?;
            if is_json {
                return output::line(&serde_json::to_string(&found)?);
            }
            return evaluation_text::print_differs(&found, lang);
        }
        EvaluationsVerb::History { manager } => {
            let all = takar.evaluation_history(&HistoryAsked { manager })?;
            if is_json {
                return output::line(&serde_json::to_string(&all)?);
            }
            return evaluation_text::print_history(&all, lang);
        }
    };
    print(&told, is_json, lang)
}

fn print(told: &EvaluationTold, is_json: bool, lang: Lang) -> Result<()> {
    if is_json { output::line(&serde_json::to_string(told)?) } else { evaluation_text::print(told, lang) }
}

impl AnswersGiven {
    fn read(self) -> Result<Answers> {
        if let Some(path) = &self.file {
            let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
            return serde_json::from_str(&text).with_context(|| path.display().to_string());
        }
        Ok(Answers {
            quantity: self.quantity,
            process: self.process,
            communication: self.communication,
            strengths: self.strengths,
            help: self.help_most,
            steps: self.steps,
            quantity_score: self.quantity_score,
            process_score: self.process_score,
            communication_score: self.communication_score,
        })
    }
}

/// The questions that both sides answer: their short names and how they are asked.
pub const QUESTIONS: [(&str, Text); 6] = [
    ("quantity", Text::new("Hasil", "Results")),
    ("process", Text::new("Cara kerja", "Way of working")),
    ("communication", Text::new("Komunikasi dengan pelanggan", "Communication with accounts")),
    ("strengths", Text::new("Yang sudah baik", "What went well")),
    ("help", Text::new("Yang paling membantu", "What would help most")),
    ("steps", Text::new("Langkah berikutnya", "Next steps")),
];
