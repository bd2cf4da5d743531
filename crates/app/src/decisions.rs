//! What was decided: by whom, about whom, on which figures. Whoever is evaluated sees what was decided about oneself.

use serde::{Deserialize, Serialize};
use takar_insight::metrics::CellSource;
use takar_model::{Credit, ImportId, Lang, Text};
use takar_state::{Decision, ImportState, without_words};

use crate::{Result, Takar};

/// The most decisions that are told at once.
const MOST: u32 = 1_000;

/// Which decisions.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct DecidedAsked {
    /// About this manager, or everybody.
    pub manager: Option<String>,
    /// By this login.
    pub by: Option<String>,
    /// Before the decision of this number.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// An account manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonNamed {
    /// The manager's id.
    pub id: String,
    /// The manager's name.
    pub name: Option<String>,
}

/// A decision as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecidedTold {
    /// Its number.
    pub id: i64,
    /// When, UTC.
    pub at: String,
    /// The login of who decided; none where the home had no users.
    pub who: Option<String>,
    /// What was decided, in a word that does not change.
    pub action: String,
    /// What was decided, for people.
    pub what: &'static str,
    /// In detail; managers whom the reader does not see stand in it as `…`.
    pub detail: String,
    /// Whom it is about, as far as the reader sees them; none = everybody.
    pub about: Vec<PersonNamed>,
    /// It is about so many others too.
    pub others: usize,
    /// The last import that was there; none where there were no data yet.
    pub data: Option<ImportId>,
    /// So many imports came since.
    pub since: usize,
    /// The versions of the tables it was made on.
    pub versions: String,
}

impl Takar {
    /// Decisions, newest first: about the own line, and those that are about everybody.
    pub fn decisions(&self, asked: &DecidedAsked, lang: Lang) -> Result<Vec<DecidedTold>> {
        let managers = match (&asked.manager, self.reach()) {
            (Some(id), Some(reach)) if !reach.holds(id) => return Ok(Vec::new()),
            (Some(id), _) => Some(vec![id.clone()]),
            (None, _) => self.reach_ids(),
        };
        let page = (asked.before, asked.limit.unwrap_or(100).min(MOST));
        let rows = self.state.decisions(managers.as_deref(), asked.by.as_deref(), page)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let source = self.lake_source(Credit::Recorded)?;
        let names = &source.names().manager;
        let named = |id: &str| PersonNamed {
            id: id.to_owned(),
            name: names.code(id).and_then(|code| names.name(code)).map(str::to_owned),
        };
        let counted = |row: &takar_state::ImportRow| matches!(row.state, ImportState::Done | ImportState::Undone);
        let imports: Vec<ImportId> =
            self.state.imports()?.iter().filter(|row| counted(row)).map(|row| row.id).collect();
        let told = |row: Decision| {
            let (seen, others): (Vec<&str>, Vec<&str>) =
                row.about.iter().map(String::as_str).partition(|id| self.reach().is_none_or(|reach| reach.holds(id)));
            DecidedTold {
                others: others.len(),
                what: what_was_done(&row.action).unwrap_or(Text::new("keputusan", "decision")).get(lang),
                id: row.id,
                at: row.at,
                who: row.who,
                action: row.action,
                detail: without_words(row.detail.get(lang), &others),
                about: seen.into_iter().map(named).collect(),
                data: row.import,
                since: imports.iter().filter(|import| Some(**import) > row.import).count(),
                versions: row.data,
            }
        };
        Ok(rows.into_iter().map(told).collect())
    }
}

/// What was done or decided, for people; none for a word that is not known.
pub(crate) fn what_was_done(action: &str) -> Option<Text> {
    Some(match action {
        "save kpi" => Text::new("KPI disimpan", "KPI saved"),
        "remove kpi" => Text::new("KPI dihapus", "KPI removed"),
        "set promises" => Text::new("janji kepada pelanggan ditetapkan", "promises to accounts set"),
        "set cost rates" => Text::new("tarif biaya melayani ditetapkan", "rates of the cost to serve set"),
        "set weights" => Text::new("bobot ditetapkan", "weights set"),
        "use pack" => Text::new("paket industri dipakai", "industry pack taken into use"),
        "set targets" => Text::new("target diusulkan", "targets proposed"),
        "approve targets" => Text::new("target disetujui", "targets approved"),
        "reject targets" => Text::new("target ditolak", "targets rejected"),
        "assign" => Text::new("akun diberikan", "accounts assigned"),
        "credit invoice" => Text::new("kredit faktur diputuskan", "credit of an invoice decided"),
        "rate" => Text::new("penilaian rubrik", "rating by the rubric"),
        "open cycle" => Text::new("siklus evaluasi dibuka", "evaluation cycle opened"),
        "close cycle" => Text::new("siklus evaluasi ditutup", "evaluation cycle closed"),
        "freeze figures" => Text::new("angka dibekukan lagi", "figures frozen again"),
        "hand in assessment" => Text::new("penilaian diserahkan", "assessment handed in"),
        "talk" => Text::new("percakapan dicatat", "conversation noted"),
        "sign" => Text::new("evaluasi ditandatangani", "evaluation signed"),
        "dismiss opportunity" => Text::new("peluang dikesampingkan", "opportunity dismissed"),
        "restore opportunity" => Text::new("peluang ditampilkan lagi", "opportunity taken back"),
        "add alert rule" => Text::new("aturan peringatan dibuat", "alert rule made"),
        "remove alert rule" => Text::new("aturan peringatan dihapus", "alert rule removed"),
        "acknowledge alert" => Text::new("peringatan diketahui", "alert acknowledged"),
        "snooze alert" => Text::new("peringatan ditunda", "alert snoozed"),
        "action alert" => Text::new("peringatan menjadi tindakan", "alert turned into an action"),
        "close alert" => Text::new("peringatan ditutup", "alert closed"),
        "decide dispute" => Text::new("sanggahan diputuskan", "dispute decided"),
        "plan action" => Text::new("tindakan direncanakan", "action planned"),
        "start action" => Text::new("tindakan dimulai", "action started"),
        "change action" => Text::new("tindakan diubah", "action changed"),
        "end action" => Text::new("tindakan selesai", "action closed"),
        "add user" => Text::new("pengguna ditambahkan", "user added"),
        "change user" => Text::new("pengguna diubah", "user changed"),
        "change password" => Text::new("kata sandi diganti", "password changed"),
        "set contact" => Text::new("alamat surel ditetapkan", "mail address set"),
        "log in" => Text::new("masuk", "came in"),
        "make token" => Text::new("token dibuat", "token made"),
        "remove token" => Text::new("token dihapus", "token removed"),
        "change" => Text::new("perubahan lewat HTTP", "change over HTTP"),
        "dossier" => Text::new("data seseorang diunduh", "what is held about a person was taken"),
        "comment" => Text::new("komentar ditulis", "comment written"),
        "dispute" => Text::new("angka disanggah", "number disputed"),
        "remind" => Text::new("diingatkan", "reminded"),
        "carry out decision" => Text::new("putusan dijalankan", "decision carried out"),
        "own facts" => Text::new("data sendiri diubah", "own facts changed"),
        "undo" => Text::new("impor dibatalkan", "import undone"),
        "redo" => Text::new("impor diulang", "import done again"),
        "add source" => Text::new("sumber ditambahkan", "source added"),
        "remove source" => Text::new("sumber dihapus", "source removed"),
        "schedule source" => Text::new("jadwal sumber ditetapkan", "schedule of a source set"),
        "reconcile source" => Text::new("sumber dicocokkan", "source reconciled"),
        "add channel" => Text::new("saluran ditambahkan", "way out added"),
        "remove channel" => Text::new("saluran dihapus", "way out removed"),
        "add report" => Text::new("laporan dijadwalkan", "report scheduled"),
        "remove report" => Text::new("laporan dihapus", "report removed"),
        "allow report folder" => Text::new("folder laporan diizinkan", "folder of reports allowed"),
        _ => return None,
    })
}
