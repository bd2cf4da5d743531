//! A diagnosis as text: one path from what is missing to what to do.

use std::fmt::Write;

use takar_model::{Lang, Money, Text};

use super::Diagnosis;
use crate::{
    format::{Currency, period_name, signed_money},
    metrics::format_percent,
};

impl Diagnosis {
    /// For a terminal.
    pub fn table(&self, lang: Lang) -> String {
        let currency = Currency(self.currency.clone());
        let money = |amount: Money| signed_money(amount, &currency, lang);
        let plain = |amount: Money| currency.value(crate::metrics::Value::Money(amount), lang);
        let name = self.manager.1.as_deref().unwrap_or(&self.manager.0);
        let mut text = format!("{name}, {}\n\n", period_name(self.period, lang));
        if self.is_nothing() {
            text.push_str(
                Text::new(
                    "Tidak ada target, dan tidak ada penjualan pada periode ini maupun sebelumnya: tidak ada yang dapat dinilai.",
                    "There is no target, and nothing was sold in this window or the one before: there is nothing to judge.",
                )
                .get(lang),
            );
            return text;
        }
        let what = if self.against_target {
            Text::new("Target", "Target").get(lang)
        } else {
            Text::new("Periode lalu", "Window before").get(lang)
        };
        let (sold, gap) = (Text::new("terjual", "sold").get(lang), Text::new("selisih", "gap").get(lang));
        let _ = writeln!(
            text,
            "1. {what} {}, {sold} {}, {gap} {}",
            plain(self.expected),
            plain(self.actual),
            money(self.gap())
        );
        if !self.gap().is_negative() {
            let _ = write!(
                text,
                "\n{}",
                Text::new(
                    "Tercapai: tidak ada kekurangan yang perlu dicari sebabnya.",
                    "Reached: there is no shortfall to look into."
                )
                .get(lang)
            );
            return text;
        }
        let _ = writeln!(text, "\n2. {}", Text::new("Di mana", "Where").get(lang));
        if self.parts.is_empty() {
            let spread = Text::new(
                "Tidak pada akun, produk, atau wilayah tertentu: tersebar.",
                "On no account, product or region in particular: it is scattered.",
            );
            let _ = writeln!(text, "   {}", spread.get(lang));
        } else {
            for (part, gap, share) in &self.parts {
                let _ = writeln!(text, "   {}  {} ({})", money(*gap), part, format_percent(*share, lang));
            }
        }
        let _ = writeln!(text, "\n3. {}", Text::new("Sebab yang mungkin", "Likely causes").get(lang));
        for cause in &self.causes {
            let _ = writeln!(
                text,
                "   {}  {} ({})",
                money(cause.amount),
                cause.bar.name().get(lang),
                format_percent(cause.share, lang)
            );
            for part in &cause.members {
                let label = part.name.as_deref().or(part.id.as_deref()).unwrap_or("–");
                let _ = writeln!(text, "      {}  {label}", money(part.amount));
            }
            for (sign, all) in [("+", &cause.evidence), ("−", &cause.against), ("?", &cause.unclear)] {
                for one in all {
                    let _ = writeln!(text, "      {sign} {}", one.text(lang));
                }
            }
            let _ = writeln!(text, "      → {}", cause.step().get(lang));
        }
        let rest = match lang {
            Lang::Id => format!("   {} sebab kecil lain; {} menutup sebagian", money(self.small), money(self.made_up)),
            Lang::En => {
                format!("   {} smaller causes; {} makes up for part of it", money(self.small), money(self.made_up))
            }
        };
        let _ = writeln!(text, "{rest}");
        if !self.unknown.is_empty() {
            let names: Vec<&str> = self
                .unknown
                .iter()
                .map(|both| if lang == Lang::Id { both.0.as_str() } else { both.1.as_str() })
                .collect();
            let head =
                Text::new("Tidak diketahui, jadi tidak bicara apa-apa", "Not known, so it says nothing").get(lang);
            let _ = writeln!(text, "\n{head}: {}", names.join(", "));
        }
        let note = Text::new(
            "+ mendukung, − menentang, ? terlalu sedikit untuk memastikan. Angka menunjukkan ke mana melihat dulu, bukan bukti sebab: bicarakan dengan orangnya.",
            "+ speaks for it, − against it, ? too few to tell. Figures say where to look first and prove no cause: talk with the person.",
        );
        let _ = write!(text, "\n{}", note.get(lang));
        text
    }
}
