//! Scorecards as text.

use std::fmt::Write;

use takar_model::{Lang, Text};

use super::{BLANK, Kind, PartOfCard, Points, Scales, Scorecards};

impl Scorecards {
    /// For a terminal: all cards, or the one card with its KPIs.
    pub fn table(&self, lang: Lang) -> String {
        let mut text = String::new();
        let head = match lang {
            Lang::Id => format!("Kartu skor {} (bobot versi {})", self.input.period, self.input.weights.version),
            Lang::En => format!("Scorecards {} (weights version {})", self.input.period, self.input.weights.version),
        };
        let _ = writeln!(text, "{head}\n");
        let titles = match lang {
            Lang::Id => ["Manajer", "Hasil", "Proses", "Komunikasi", "Keseluruhan", "Peringkat 90 %"],
            Lang::En => ["Manager", "Quantity", "Process", "Communication", "Whole", "Rank 90%"],
        };
        let names: Vec<String> = self.cards.iter().map(|card| self.label(card.place)).collect();
        let width = names.iter().map(|name| name.chars().count()).chain([titles[0].chars().count()]).max().unwrap_or(0);
        let pad = |name: &str| format!("{name}{}", " ".repeat(width.saturating_sub(name.chars().count())));
        let _ = writeln!(
            text,
            "{}  {:>9}  {:>9}  {:>13}  {:>11}  {:>14}",
            pad(titles[0]),
            titles[1],
            titles[2],
            titles[3],
            titles[4],
            titles[5]
        );
        for (card, name) in self.cards.iter().zip(&names) {
            let rank = card.standing.map_or_else(
                || "–".to_owned(),
                |standing| format!("{}–{} / {}", standing.best, standing.worst, standing.n),
            );
            let _ = writeln!(
                text,
                "{}  {:>9}  {:>9}  {:>13}  {:>11}  {rank:>14}",
                pad(name),
                points(&card.groups[0], lang),
                points(&card.groups[1], lang),
                points(&card.groups[2], lang),
                points(&card.whole, lang),
            );
        }
        self.presences(&mut text, lang);
        if let [card] = self.cards.as_slice() {
            self.one(&mut text, card.place, lang);
        }
        let note = Text::new(
            "Skor 0–100 terhadap manajer lain (5 % terluar dipotong); yang bertarget terhadap targetnya. Bantuan untuk bicara, bukan vonis.",
            "Scores 0–100 against the other managers (outer 5 % cut); what has a target against that. A help for a talk, no verdict.",
        );
        let _ = write!(text, "\n{}", note.get(lang));
        if self.cards.iter().any(|card| card.groups.iter().any(|points| points.score.is_none())) {
            let too_little = Text::new(
                "–: kurang dari separuh bobotnya dapat dinilai dalam masa ini; yang dapat dinilai tetap dihitung dalam keseluruhan.",
                "–: less than half of its weight can be judged in this window; what can be judged still counts in the whole.",
            );
            let _ = write!(text, "\n{}", too_little.get(lang));
        }
        text
    }

    /// Who was away, and what that does to the points.
    fn presences(&self, text: &mut String, lang: Lang) {
        let away: Vec<_> = self.cards.iter().filter_map(|card| Some((card, card.presence.as_ref()?))).collect();
        if away.is_empty() {
            return;
        }
        text.push('\n');
        for (card, presence) in away {
            let no_rank = presence.no_rank(lang).map(|why| format!("; {why}")).unwrap_or_default();
            let _ = writeln!(text, "{}: {}{no_rank}", self.label(card.place), presence.text(lang));
        }
        for scales in [Scales::ByTarget, Scales::ByPresence] {
            let names: Vec<&str> = self
                .input
                .kpis
                .iter()
                .filter(|kpi| kpi.scales == scales)
                .map(|kpi| if lang == Lang::Id { kpi.name.0.as_str() } else { kpi.name.1.as_str() })
                .collect();
            if let Some(rule) = scales.text().filter(|_| !names.is_empty()) {
                let _ = writeln!(text, "{}: {}", names.join(", "), rule.get(lang));
            }
        }
    }

    fn one(&self, text: &mut String, place: usize, lang: Lang) {
        let Some(card) = self.cards.iter().find(|card| card.place == place) else { return };
        if card.is_blank() {
            let _ = writeln!(text, "\n{}", BLANK.get(lang));
            return;
        }
        if let Some(corner) = card.corner {
            let _ = writeln!(text, "\n{}. {}", corner.name().get(lang), corner.suggestion().get(lang));
        }
        for kind in Kind::ALL {
            let _ =
                writeln!(text, "\n{} ({})", kind.name().get(lang), self.input.weights.group(kind).weight.text(lang));
            let of_kind = self.input.kpis.iter().zip(&card.parts).zip(&self.yardsticks).zip(&card.counted);
            for (((kpi, part), yard), counted) in of_kind.filter(|(((kpi, _), _), _)| kpi.kind == kind) {
                let name = if lang == Lang::Id { &kpi.name.0 } else { &kpi.name.1 };
                let told = match (counted, part, yard) {
                    (Err(why), ..) => why.text(lang),
                    (_, _, Err(why)) => why.text().get(lang).to_owned(),
                    (Ok(_), Some(PartOfCard { points, gained: Some(gained), lost: Some(lost) }), _) => {
                        told(*points, *gained, *lost, lang)
                    }
                    (Ok(_), Some(part), _) => told_points(part.points, lang),
                    (Ok(_), None, _) => "–".to_owned(),
                };
                let of_target = kpi.values[place].attained.map_or_else(String::new, |attained| {
                    let attained = crate::metrics::format_percent(attained, lang);
                    match lang {
                        Lang::Id => format!(" ({attained} dari targetnya)"),
                        Lang::En => format!(" ({attained} of its target)"),
                    }
                });
                let _ = writeln!(text, "  {name} ({}): {told}{of_target}", kpi.weight.text(lang));
            }
        }
    }

    fn label(&self, place: usize) -> String {
        let (id, name) = &self.input.managers[place];
        name.clone().unwrap_or_else(|| id.clone())
    }
}

fn points(points: &Points, lang: Lang) -> String {
    points.score.map_or_else(|| "–".to_owned(), |score| number(score, lang))
}

/// With one decimal; never minus nothing.
fn number(value: f64, lang: Lang) -> String {
    let text = format!("{:.1}", if value.abs() < 0.05 { 0.0 } else { value });
    if lang == Lang::Id { text.replace('.', ",") } else { text }
}

fn told_points(points: f64, lang: Lang) -> String {
    format!("{points:.0} {}", Text::new("poin", "points").get(lang))
}

fn told(points: f64, gained: f64, lost: f64, lang: Lang) -> String {
    let (points, gained, lost) = (told_points(points, lang), number(gained, lang), number(lost, lang));
    match lang {
        Lang::Id => format!("{points}; menyumbang {gained}, menahan {lost}"),
        Lang::En => format!("{points}; brings {gained}, holds back {lost}"),
    }
}
