//! The KPIs of the work: what each means, in what it is told, which way is better and how many cases it needs.

use serde::Serialize;
use takar_model::{Lang, Text};

use crate::metrics::Direction;

/// The KPIs of process and communication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is documented by its definition in PROCESS_KPIS, which people read")]
pub enum ProcessKpi {
    Coverage,
    CoveragePlan,
    Contacts,
    UntouchedAccounts,
    ResponseInTime,
    ResponseHours,
    OffersSent,
    FollowUp,
    OfferToOrder,
    Won30,
    Won60,
    Won90,
    CycleDays,
    Nps,
    Csat,
    Communication,
    Complaints,
    ComplaintsResolved,
    ResolveDays,
    Rubric,
}

/// Which side of selling a KPI looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Approach, offers, follow-up.
    Process,
    /// What accounts say of it.
    Communication,
}

/// What a KPI of the work is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureUnit {
    /// A share; 1 is 100 %.
    Rate,
    /// Whole numbers of things.
    Count,
    /// Times a month for each account.
    AMonth,
    /// Times a month for every hundred accounts.
    AMonthPerHundred,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// −100 to 100.
    Nps,
    /// 1 to 5.
    Rating,
}

/// A KPI of the work as data.
#[derive(Debug, PartialEq)]
pub struct ProcessKpiDefinition {
    /// Which one.
    pub kpi: ProcessKpi,
    /// Its name in commands, addresses and JSON.
    pub id: &'static str,
    /// Its name for people.
    pub name: Text,
    /// What it means, printed beside the figure.
    pub definition: Text,
    /// Which side it looks at.
    pub side: Side,
    /// What it is told in.
    pub unit: MeasureUnit,
    /// Which way is better.
    pub direction: Direction,
    /// Below so many cases it is not shown.
    pub least: u64,
    /// The kind of fact whose rows are behind it.
    pub rows: &'static str,
}

impl ProcessKpi {
    /// Its definition.
    pub fn definition(self) -> &'static ProcessKpiDefinition {
        // Every variant has its entry, in the order of the variants: a test holds the table to it.
        &PROCESS_KPIS[self as usize]
    }
}

impl ProcessKpiDefinition {
    /// As JSON for a reader of `lang`.
    pub fn json(&self, lang: Lang) -> ProcessKpiJson {
        ProcessKpiJson {
            id: self.id,
            name: self.name.get(lang),
            definition: self.definition.get(lang),
            side: self.side,
            unit: self.unit,
            direction: self.direction,
            least: self.least,
            rows: self.rows,
        }
    }
}

/// The definition of the HTTP interface.
#[derive(Debug, Serialize)]
pub struct ProcessKpiJson {
    id: &'static str,
    name: &'static str,
    definition: &'static str,
    side: Side,
    unit: MeasureUnit,
    direction: Direction,
    least: u64,
    rows: &'static str,
}

/// Shares, medians and ratings of fewer cases say nothing of a person.
pub const FEW: u64 = 5;
/// A share by a day, with others still open, needs more.
const SOME: u64 = 10;

macro_rules! kpi {
    ($kpi:ident, $id:literal, $side:ident, $unit:ident, $direction:ident, $least:expr, $rows:literal, $name:expr, $definition:expr) => {
        ProcessKpiDefinition {
            kpi: ProcessKpi::$kpi,
            id: $id,
            name: $name,
            definition: $definition,
            side: Side::$side,
            unit: MeasureUnit::$unit,
            direction: Direction::$direction,
            least: $least,
            rows: $rows,
        }
    };
}

/// Every KPI of the work, in the order in which people read them, which is that of [`ProcessKpi`].
pub const PROCESS_KPIS: &[ProcessKpiDefinition] = &[
    kpi!(
        Coverage,
        "coverage",
        Process,
        Rate,
        HigherIsBetter,
        FEW,
        "activities",
        Text::new("Cakupan kontak", "Contact coverage"),
        Text::new(
            "Bagian akun yang dihubungi sedikitnya sekali pada periode ini, oleh siapa pun. Akun: yang membeli dalam setahun sebelumnya atau pada periode ini, dan dipegang manajer sedikitnya separuh harinya. Kontak yang arahnya masuk tidak dihitung.",
            "Share of the accounts contacted at least once in the window, by whomever. Accounts: those that bought in the year before or in it, and that the manager had for at least half of its days. Contacts that came in do not count.",
        )
    ),
    kpi!(
        CoveragePlan,
        "coverage_plan",
        Process,
        Rate,
        HigherIsBetter,
        FEW,
        "activities",
        Text::new("Kontak sesuai rencana", "Contacted as planned"),
        Text::new(
            "Bagian akun yang dihubungi sesering rencana kelasnya (A: 80 % pertama penjualan, B: sampai 95 %, C: sisanya). Akun yang menurut rencana belum perlu dihubungi dalam periode sependek ini tidak dihitung.",
            "Share of the accounts contacted as often as planned for their class (A: the first 80 % of sales, B: up to 95 %, C: the rest). Accounts that need no contact in so short a window do not count.",
        )
    ),
    kpi!(
        Contacts,
        "contacts",
        Process,
        AMonth,
        HigherIsBetter,
        0,
        "activities",
        Text::new("Kontak per akun per bulan", "Contacts per account and month"),
        Text::new(
            "Aktivitas manajer ini sendiri (tanpa yang arahnya masuk) dibagi akun dan bulan selama ia memegangnya; kisaran Poisson eksak.",
            "The manager's own activities (without those that came in) divided by the accounts and months he or she had them; exact Poisson interval.",
        )
    ),
    kpi!(
        UntouchedAccounts,
        "untouched_accounts",
        Process,
        Count,
        LowerIsBetter,
        0,
        "activities",
        Text::new("Akun tak tersentuh", "Untouched accounts"),
        Text::new(
            "Akun (seperti pada cakupan kontak) tanpa satu kontak pun pada periode ini.",
            "Accounts (as for contact coverage) without any contact in the window.",
        )
    ),
    kpi!(
        ResponseInTime,
        "response_in_time",
        Process,
        Rate,
        HigherIsBetter,
        FEW,
        "activities",
        Text::new("Jawaban tepat janji", "Answered within the promise"),
        Text::new(
            "Bagian aktivitas yang jam responsnya tercatat yang dijawab dalam batas janji; kisaran Wilson.",
            "Of activities whose response time is recorded, the share answered within the promise; Wilson's interval.",
        )
    ),
    kpi!(
        ResponseHours,
        "response_hours",
        Process,
        Hours,
        LowerIsBetter,
        FEW,
        "activities",
        Text::new("Waktu jawab (median)", "Response time (median)"),
        Text::new(
            "Separuh jawaban datang dalam waktu ini; kisaran bootstrap.",
            "Half of the answers came within it; bootstrap interval.",
        )
    ),
    kpi!(
        OffersSent,
        "offers_sent",
        Process,
        Count,
        HigherIsBetter,
        0,
        "offers",
        Text::new("Penawaran dikirim", "Offers sent"),
        Text::new(
            "Penawaran yang dibuka pada periode ini; kisaran Poisson untuk laju yang mendasarinya.",
            "Offers opened in the window; the Poisson interval is that of the rate behind the count.",
        )
    ),
    kpi!(
        FollowUp,
        "follow_up_in_time",
        Process,
        Rate,
        HigherIsBetter,
        FEW,
        "offers",
        Text::new("Tindak lanjut tepat waktu", "Followed up in time"),
        Text::new(
            "Dari penawaran yang dibuka pada periode ini dan sudah waktunya: bagian yang ditindaklanjuti dalam batas hari, menurut tanggal tindak lanjutnya, atau aktivitas pertama sesudahnya yang menyebut penawaran itu. Yang diputus sebelum waktunya tidak dihitung.",
            "Of offers opened in the window that are due: the share followed up within the days promised, by the day of the follow-up or else the first later activity that names the offer. Those decided before do not count.",
        )
    ),
    kpi!(
        OfferToOrder,
        "offer_to_order",
        Process,
        Rate,
        HigherIsBetter,
        FEW,
        "offers",
        Text::new("Penawaran jadi pesanan", "Offer to order"),
        Text::new(
            "Menang dibagi menang dan kalah, dari penawaran yang diputus pada periode ini; kisaran Wilson.",
            "Won divided by won and lost, of offers decided in the window; Wilson's interval.",
        )
    ),
    kpi!(
        Won30,
        "won_30",
        Process,
        Rate,
        HigherIsBetter,
        SOME,
        "offers",
        Text::new("Menang dalam 30 hari", "Won within 30 days"),
        Text::new(
            "Dari penawaran yang dibuka pada periode ini: bagian yang menang dalam 30 hari. Kalah adalah risiko yang bersaing dan yang masih terbuka tersensor (Aalen–Johansen).",
            "Of offers opened in the window, the share won within 30 days. Losing is a competing risk and open ones are censored (Aalen–Johansen).",
        )
    ),
    kpi!(
        Won60,
        "won_60",
        Process,
        Rate,
        HigherIsBetter,
        SOME,
        "offers",
        Text::new("Menang dalam 60 hari", "Won within 60 days"),
        Text::new("Seperti menang dalam 30 hari, untuk 60 hari.", "As won within 30 days, for 60 days.")
    ),
    kpi!(
        Won90,
        "won_90",
        Process,
        Rate,
        HigherIsBetter,
        SOME,
        "offers",
        Text::new("Menang dalam 90 hari", "Won within 90 days"),
        Text::new("Seperti menang dalam 30 hari, untuk 90 hari.", "As won within 30 days, for 90 days.")
    ),
    kpi!(
        CycleDays,
        "cycle_days",
        Process,
        Days,
        LowerIsBetter,
        FEW,
        "offers",
        Text::new("Lama sampai putusan (median)", "Days to a decision (median)"),
        Text::new(
            "Separuh penawaran yang dibuka pada periode ini diputus dalam waktu ini; yang masih terbuka diperhitungkan sebagai belum selesai (Kaplan–Meier).",
            "Half of the offers opened in the window were decided within it; open ones count as not ended yet (Kaplan–Meier).",
        )
    ),
    kpi!(
        Nps,
        "nps",
        Communication,
        Nps,
        HigherIsBetter,
        FEW,
        "feedback",
        Text::new("NPS", "NPS"),
        Text::new(
            "Pendukung (9–10) dikurangi pencela (0–6), per seratus jawaban; tiga jawaban ditambahkan menurut Wald yang disesuaikan, sehingga sedikit jawaban tidak menjadi nilai ekstrem.",
            "Promoters (9–10) less detractors (0–6) per hundred answers; three answers are added (adjusted Wald), so that few answers make no extreme score.",
        )
    ),
    kpi!(
        Csat,
        "csat",
        Communication,
        Rate,
        HigherIsBetter,
        FEW,
        "feedback",
        Text::new("Kepuasan (CSAT)", "Satisfaction (CSAT)"),
        Text::new(
            "Bagian jawaban kepuasan yang bernilai 4 atau 5 dari 5 (pada skala lain: empat perlimanya); kisaran Wilson.",
            "Share of satisfaction answers of 4 or 5 of 5 (on other scales four fifths of it); Wilson's interval.",
        )
    ),
    kpi!(
        Communication,
        "communication",
        Communication,
        Rating,
        HigherIsBetter,
        FEW,
        "feedback",
        Text::new("Nilai komunikasi", "Communication rating"),
        Text::new(
            "Rata-rata nilai komunikasi dari akun, pada skala 1 sampai 5.",
            "Mean of the accounts' ratings of communication, on the scale 1 to 5.",
        )
    ),
    kpi!(
        Complaints,
        "complaints",
        Communication,
        AMonthPerHundred,
        LowerIsBetter,
        0,
        "feedback",
        Text::new("Keluhan per 100 akun per bulan", "Complaints per 100 accounts and month"),
        Text::new(
            "Keluhan yang tercatat pada umpan balik dibagi akun dan bulan, kali seratus; kisaran Poisson eksak.",
            "Complaints recorded in feedback divided by accounts and months, times a hundred; exact Poisson interval.",
        )
    ),
    kpi!(
        ComplaintsResolved,
        "complaints_resolved",
        Communication,
        Rate,
        HigherIsBetter,
        FEW,
        "feedback",
        Text::new("Keluhan selesai", "Complaints resolved"),
        Text::new(
            "Dari keluhan pada periode ini: bagian yang sudah selesai sampai hari terakhir data; kisaran Wilson.",
            "Of the complaints of the window, the share resolved by the last day of the data; Wilson's interval.",
        )
    ),
    kpi!(
        ResolveDays,
        "resolve_days",
        Communication,
        Days,
        LowerIsBetter,
        FEW,
        "feedback",
        Text::new("Hari sampai keluhan selesai (median)", "Days to resolve a complaint (median)"),
        Text::new(
            "Separuh keluhan pada periode ini selesai dalam waktu ini; yang belum selesai diperhitungkan sebagai belum (Kaplan–Meier).",
            "Half of the complaints of the window were resolved within it; open ones count as not ended yet (Kaplan–Meier).",
        )
    ),
    kpi!(
        Rubric,
        "rubric",
        Communication,
        Rating,
        HigherIsBetter,
        3,
        "rubric",
        Text::new("Rubrik atasan", "Rubric of the lead"),
        Text::new(
            "Rata-rata nilai 1 sampai 5 dari atasan pada periode ini, setiap nilai dengan buktinya; nilai yang dikoreksi tidak dihitung.",
            "Mean of the lead's ratings from 1 to 5 in the window, each with its evidence; corrected ones do not count.",
        )
    ),
];
