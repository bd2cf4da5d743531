//! What `takar targets` prints.

use takar_app::{DraftStory, OddsTold, Reconciled, SetTargets, SuggestedTargets, Told};
use takar_insight::metrics::Value;
use takar_model::{Lang, Money};
use takar_state::DraftState;

use crate::output;

/// A text in one language.
pub const fn say(lang: Lang, id: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Id => id,
        Lang::En => en,
    }
}

fn money(value: Money, lang: Lang) -> String {
    value.format(lang, 0)
}

fn maybe(value: Option<Money>, lang: Lang) -> String {
    value.map_or_else(|| "–".to_owned(), |value| money(value, lang))
}

/// Writes figures of one KPI: a share in per cent, anything else in whole numbers.
#[derive(Clone, Copy)]
struct Figures {
    is_share: bool,
    lang: Lang,
}

impl Figures {
    fn of(kpi: &serde_json::Value, lang: Lang) -> Self {
        Self { is_share: kpi["unit"] == "rate", lang }
    }

    fn exact(self, value: Money) -> String {
        if self.is_share { rate(value.to_f64(), self.lang) } else { money(value, self.lang) }
    }

    fn maybe(self, value: Option<Money>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.exact(value))
    }

    fn about(self, value: Option<f64>) -> String {
        match value {
            None => "–".to_owned(),
            Some(value) if self.is_share => rate(value, self.lang),
            Some(value) => self.lang.group(value.round() as i128),
        }
    }
}

fn rate(value: f64, lang: Lang) -> String {
    Value::Rate(value).format(lang)
}

fn label(id: Option<&str>, name: Option<&str>, lang: Lang) -> String {
    match (id, name) {
        (Some(id), Some(name)) => format!("{name} ({id})"),
        (Some(id), None) => id.to_owned(),
        _ => say(lang, "Perusahaan", "Company").to_owned(),
    }
}

/// What is realistic, member by member, with the months where they are asked for.
pub fn suggested(found: &SuggestedTargets, with_months: bool, lang: Lang) -> String {
    let figures = Figures::of(&found.kpi, lang);
    // What nobody has a suggestion for is said once.
    let why = |row: &takar_app::SuggestedTarget| match &row.suggested {
        Told::Unknown { why } => Some(why.clone()),
        Told::Known(_) => None,
    };
    let shared =
        found.rows.first().and_then(why).filter(|first| found.rows.iter().all(|row| why(row).as_ref() == Some(first)));
    let header = [
        say(lang, "untuk", "for"),
        say(lang, "2 tahun lalu", "2 years ago"),
        say(lang, "setahun lalu", "a year ago"),
        say(lang, "prakiraan", "forecast"),
        say(lang, "kisaran 80%", "80% interval"),
        say(lang, "potensi akun", "account potential"),
        say(lang, "usulan", "suggested"),
        say(lang, "kemungkinan", "chance"),
        "50%",
        "90%",
        say(lang, "kini", "now"),
        say(lang, "kemungkinan", "chance"),
    ];
    let rows: Vec<Vec<String>> = found
        .rows
        .iter()
        .map(|row| {
            let offer = |ambition: f64| {
                let offer = row.offers.iter().find(|offer| (offer.ambition - ambition).abs() < 1e-9);
                figures.maybe(offer.map(|offer| offer.amount))
            };
            let (amount, chance) = match &row.suggested {
                Told::Known(offer) => (figures.exact(offer.amount), rate(offer.chance.value, lang)),
                Told::Unknown { .. } if shared.is_some() => ("–".to_owned(), "–".to_owned()),
                Told::Unknown { why } => (why.clone(), "–".to_owned()),
            };
            let mark = if row.is_above_potential { "↑" } else { "" };
            vec![
                label(row.id.as_deref(), row.name.as_deref(), lang),
                figures.maybe(row.two_years_ago),
                figures.maybe(row.year_ago),
                figures.about(row.expected),
                row.low.zip(row.high).map_or_else(
                    || "–".to_owned(),
                    |(low, high)| format!("{} … {}", figures.about(Some(low)), figures.about(Some(high))),
                ),
                figures.maybe(row.potential) + mark,
                amount,
                chance,
                offer(0.5),
                offer(0.9),
                figures.maybe(row.held),
                row.held_chance.map_or_else(|| "–".to_owned(), |chance| rate(chance.value, lang)),
            ]
        })
        .collect();
    let right = [false, true, true, true, true, true, true, true, true, true, true, true];
    let mut text = output::table(&header, &right, &rows);
    if let Some(total) = found.total {
        text.push_str(&format!("\n\n{}: {}", say(lang, "Jumlah usulan", "Sum of suggestions"), figures.exact(total)));
    }
    if with_months {
        let months: Vec<&str> = found
            .rows
            .iter()
            .map(|row| &row.months)
            .find(|months| !months.is_empty())
            .map_or_else(Vec::new, |months| months.iter().map(|month| month.month.as_str()).collect());
        let header: Vec<&str> = [say(lang, "untuk", "for")].into_iter().chain(months.iter().copied()).collect();
        let right: Vec<bool> = (0..header.len()).map(|place| place > 0).collect();
        let rows: Vec<Vec<String>> = found
            .rows
            .iter()
            .filter(|row| !row.months.is_empty())
            .map(|row| {
                let own = row.months.iter().map(|month| figures.exact(month.value));
                [label(row.id.as_deref(), row.name.as_deref(), lang)].into_iter().chain(own).collect()
            })
            .collect();
        text.push_str(&format!("\n\n{}", output::table(&header, &right, &rows)));
    }
    if found.rows.iter().any(|row| row.is_above_potential) {
        text.push_str(say(
            lang,
            "\n– ↑: usulan melebihi yang pernah dibeli akun-akunnya pada bulan yang sama; perlu akun baru atau lebih banyak dari yang ada.",
            "\n– ↑: the suggestion is above what its accounts ever bought in the same months; it takes new accounts or more of those there are.",
        ));
    }
    shared.iter().chain(&found.notes).for_each(|note| text.push_str(&format!("\n– {note}")));
    text
}

/// The chance to reach a target.
pub fn odds(found: &OddsTold, lang: Lang) -> String {
    let figures = Figures::of(&found.kpi, lang);
    let mut text = match &found.chance {
        Told::Known(chance) => format!(
            "{} {}: {} ({} {} … {}, n = {})",
            say(lang, "Kemungkinan mencapai", "The chance to reach"),
            figures.exact(found.value),
            rate(chance.value, lang),
            say(lang, "kisaran 80%", "80% interval"),
            rate(chance.low, lang),
            rate(chance.high, lang),
            chance.n
        ),
        Told::Unknown { why } => {
            format!("{}: {why}", say(lang, "Kemungkinan tidak diketahui", "The chance is not known"))
        }
    };
    if found.expected.is_some() {
        text.push_str(&format!("\n{}: {}", say(lang, "Prakiraan", "Forecast"), figures.about(found.expected)));
    }
    for doubt in &found.doubts {
        text.push_str(&format!("\n? {doubt}"));
    }
    found.notes.iter().for_each(|note| text.push_str(&format!("\n– {note}")));
    text
}

/// The drafts that were made, and how they come to count.
pub fn set_told(set: &SetTargets, lang: Lang) -> String {
    let rows: Vec<DraftStory> =
        set.drafts.iter().map(|row| DraftStory { row: row.clone(), name: None, is_undone: false }).collect();
    let ids: Vec<String> = set.drafts.iter().map(|row| row.id.to_string()).collect();
    let next = say(
        lang,
        "Draf ini belum berlaku. Setujui dengan: takar targets approve",
        "These drafts do not count yet. Approve them with: takar targets approve",
    );
    format!("{}\n\n{next} {} --reason …", stories(&rows, lang), ids.join(" "))
}

/// Drafts and what became of them.
pub fn stories(rows: &[DraftStory], lang: Lang) -> String {
    if rows.is_empty() {
        return say(
            lang,
            "Tidak ada. Buat draf dengan: takar targets set",
            "None. Set a draft with: takar targets set",
        )
        .to_owned();
    }
    let header = [
        say(lang, "no", "no"),
        say(lang, "untuk", "for"),
        say(lang, "periode", "period"),
        "kpi",
        say(lang, "semula", "before"),
        say(lang, "target", "target"),
        say(lang, "kemungkinan", "chance"),
        say(lang, "oleh", "by"),
        say(lang, "alasan", "reason"),
        say(lang, "status", "state"),
        say(lang, "diputuskan", "decided"),
        say(lang, "impor", "import"),
    ];
    let exact = |text: &str| output::grouped(text, lang);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|story| {
            let (row, wanted) = (&story.row, &story.row.wanted);
            let named = [
                &wanted.manager,
                &wanted.account,
                &wanted.product,
                &wanted.category,
                &wanted.region,
                &wanted.segment,
                &wanted.branch,
            ];
            let whom: Vec<&str> = named.into_iter().filter_map(|id| id.as_deref()).collect();
            let whom = if whom.is_empty() { say(lang, "Perusahaan", "Company").to_owned() } else { whom.join(" · ") };
            let state = match (row.state, story.is_undone) {
                (DraftState::Approved, true) => say(lang, "dibatalkan", "undone"),
                (DraftState::Draft, _) => say(lang, "menunggu", "waiting"),
                (DraftState::Approving, _) => say(lang, "sedang disetujui", "being approved"),
                (DraftState::Approved, _) => say(lang, "disetujui", "approved"),
                (DraftState::Rejected, _) => say(lang, "ditolak", "rejected"),
                (DraftState::Replaced, _) => say(lang, "digantikan", "replaced"),
            };
            let reason = match &wanted.confirmed {
                Some(confirmed) => format!("{} [{}: {confirmed}]", wanted.reason, wanted.doubts),
                None => wanted.reason.clone(),
            };
            let decided = match (&row.decided_by, &row.decision) {
                (Some(by), Some(why)) => format!("{by}: {why}"),
                (Some(by), None) => by.clone(),
                _ => String::new(),
            };
            vec![
                row.id.to_string(),
                whom,
                wanted.period.clone(),
                wanted.kpi.clone(),
                wanted.before.as_deref().map_or_else(|| "–".to_owned(), exact),
                exact(&wanted.value),
                wanted.chance.map_or_else(|| "–".to_owned(), |chance| rate(chance, lang)),
                row.set_by.clone(),
                reason,
                state.to_owned(),
                decided,
                row.import.map_or_else(String::new, |import| import.to_string()),
            ]
        })
        .collect();
    let right = [true, false, false, false, true, true, true, false, false, false, false, true];
    output::table(&header, &right, &cells)
}

/// What was handed down beside what was handed up.
pub fn reconciled(found: &Reconciled, with_months: bool, lang: Lang) -> String {
    let header = [
        say(lang, "untuk", "for"),
        say(lang, "dari atas", "handed down"),
        say(lang, "dari bawah", "handed up"),
        say(lang, "selisih", "gap"),
    ];
    let mut rows: Vec<Vec<String>> = found
        .lines
        .iter()
        .map(|line| {
            vec![
                label(line.id.as_deref(), line.name.as_deref(), lang),
                money(line.down_total, lang),
                maybe(line.up_total, lang),
                maybe(line.gap, lang),
            ]
        })
        .collect();
    rows.push(vec![
        say(lang, "JUMLAH", "SUM").to_owned(),
        money(found.top_total, lang),
        money(found.up_total, lang),
        money(found.gap_total, lang),
    ]);
    let mut text = output::table(&header, &[false, true, true, true], &rows);
    if with_months {
        let header = [header[0], say(lang, "bulan", "month"), header[1], header[2], header[3]];
        let mut rows = Vec::new();
        for line in &found.lines {
            for (place, month) in found.months.iter().enumerate() {
                let up = line.up[place];
                rows.push(vec![
                    if place == 0 { label(line.id.as_deref(), line.name.as_deref(), lang) } else { String::new() },
                    month.clone(),
                    money(line.down[place], lang),
                    maybe(up, lang),
                    maybe(up.map(|up| line.down[place] - up), lang),
                ]);
            }
        }
        for (place, month) in found.months.iter().enumerate() {
            rows.push(vec![
                if place == 0 { say(lang, "JUMLAH", "SUM").to_owned() } else { String::new() },
                month.clone(),
                money(found.top[place], lang),
                money(found.up[place], lang),
                money(found.gap[place], lang),
            ]);
        }
        text.push_str(&format!("\n\n{}", output::table(&header, &[false, false, true, true, true], &rows)));
    }
    if let Some(closed) = &found.closed {
        let count = lang.group(closed.set.drafts.len() as i128);
        text.push_str(&match lang {
            Lang::Id => format!("\n\n{count} draf dibuat untuk menutup selisih; lihat: takar targets list"),
            Lang::En => format!("\n\n{count} drafts made to close the gap; see: takar targets list"),
        });
    }
    text
}
