//! Trend and pattern in words.

use takar_model::{Lang, Money, Text};
use takar_stats::{relation::Relation, season::Kind};

use super::{LevelBreak, MemberTrend, Trend, Trends};
use crate::{
    analysis::feasts,
    format::{Currency, month_name, signed},
    metrics::{Unit, Value},
};

/// Months of the season that are named.
const NAMED: usize = 2;
/// Members, months and pairs that are named.
const FEW: usize = 3;

impl Trends {
    /// What was found, in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let mut said = vec![self.trend_said(lang)];
        said.extend(self.season_said(lang));
        said.extend(self.calendar_said(lang));
        said.extend(self.breaks_said(lang));
        said.extend(self.outliers_said(lang));
        said.extend(self.relations_said(lang));
        said.extend(self.members_said(lang));
        said
    }

    /// A number of the figure's unit.
    pub(super) fn figure(&self, number: f64, lang: Lang) -> String {
        Currency(self.currency.clone()).number(number, self.kpi.unit(), lang)
    }

    fn signed_figure(&self, number: f64, lang: Lang) -> String {
        let text = self.figure(number, lang);
        if number > 0.0 { format!("+{text}") } else { text }
    }

    fn of_whom(&self) -> String {
        let name = self.manager.as_ref().map(|(id, name)| name.as_deref().unwrap_or(id));
        name.map_or_else(String::new, |name| format!(" {name}"))
    }

    fn trend_said(&self, lang: Lang) -> String {
        let (kpi, of) = (self.kpi.name(lang), self.of_whom());
        let (first, last) = match (self.months.first(), self.months.last()) {
            (Some(first), Some(last)) => (month_name(first.month, lang), month_name(last.month, lang)),
            _ => return String::new(),
        };
        let trend = match &self.trend {
            Ok(trend) => trend,
            Err(error) => return format!("{kpi}{of}: {}.", crate::analysis::told(error, lang)),
        };
        let n = trend.test.n;
        if trend.is_chance() {
            let p = chance(trend.test.p, lang);
            return match lang {
                Lang::Id => format!(
                    "{kpi}{of} {first} sampai {last} tidak menunjukkan tren yang melampaui kebetulan ({p}, {n} bulan)."
                ),
                Lang::En => {
                    format!("{kpi}{of} shows no trend beyond chance from {first} to {last} ({p}, {n} months).")
                }
            };
        }
        let rises = trend.slope.value > 0.0;
        let rate = self.rate_said(trend, lang);
        // Which way it goes is said in words.
        let slope = self.figure(trend.slope.value.abs(), lang);
        let (low, high) =
            (self.signed_figure(trend.slope.interval.low, lang), self.signed_figure(trend.slope.interval.high, lang));
        let p = chance(trend.test.p, lang);
        match (lang, rises) {
            (Lang::Id, _) => format!(
                "{kpi}{of} {} {slope} per bulan{rate} sejak {first} sampai {last} (kisaran 95%: {low} sampai {high}; {p}, {n} bulan).",
                if rises { "naik" } else { "turun" }
            ),
            (Lang::En, _) => format!(
                "{kpi}{of} {} by {slope} a month{rate} from {first} to {last} (95% interval {low} to {high}; {p}, {n} months).",
                if rises { "rises" } else { "falls" }
            ),
        }
    }

    fn rate_said(&self, trend: &Trend, lang: Lang) -> String {
        let rate = trend.yearly_rate().filter(|_| self.kpi.unit() != Unit::Rate);
        rate.map_or_else(String::new, |rate| {
            let rate = signed(Value::Rate(rate), lang);
            match lang {
                Lang::Id => format!(" ({rate} setahun)"),
                Lang::En => format!(" ({rate} a year)"),
            }
        })
    }

    fn season_said(&self, lang: Lang) -> Option<String> {
        let season = self.season.as_ref().ok()?;
        if season.kind() == Kind::None {
            let said = if self.months.len() < 36 {
                Text::new(
                    "Musim tahunan belum dapat dilihat: perlu sedikitnya 36 bulan.",
                    "A yearly season cannot be seen yet: it takes 36 months.",
                )
            } else {
                Text::new(
                    "Tidak ada musim tahunan yang melampaui kebetulan.",
                    "There is no yearly season beyond chance.",
                )
            };
            return Some(said.get(lang).to_owned());
        }
        let mut by_size: Vec<(usize, f64)> = season.indices().iter().copied().enumerate().collect();
        by_size.sort_by(|one, other| other.1.total_cmp(&one.1));
        let told = |(place, index): &(usize, f64)| {
            let month = self.months.get(*place).map(|month| month_name(month.month, lang)).unwrap_or_default();
            let month = month.split(' ').next().unwrap_or_default().to_owned();
            let size = match season.kind() {
                Kind::Multiplicative => signed(Value::Rate(index - 1.0), lang),
                _ => self.signed_figure(*index, lang),
            };
            format!("{month} {size}")
        };
        let strong: Vec<String> = by_size.iter().take(NAMED).map(told).collect();
        let weak: Vec<String> = by_size.iter().rev().take(NAMED).map(told).collect();
        Some(match lang {
            Lang::Id => format!("Musim: terkuat {}; terlemah {}.", strong.join(", "), weak.join(", ")),
            Lang::En => format!("Season: strongest {}; weakest {}.", strong.join(", "), weak.join(", ")),
        })
    }

    fn calendar_said(&self, lang: Lang) -> Option<String> {
        let found = self.calendar.as_ref().ok()?;
        let told: Vec<String> = found
            .effects
            .iter()
            .filter(|effect| effect.p < 0.05 && effect.name != "trading_days")
            .map(|effect| {
                let rate = |value: f64| signed(Value::Rate(value), lang);
                let (name, interval) = (feasts::name(effect.name).get(lang), effect.effect.interval);
                let (value, low, high) = (rate(effect.effect.value), rate(interval.low), rate(interval.high));
                match lang {
                    Lang::Id => format!("{name}: {value} per hari (kisaran 95%: {low} sampai {high})"),
                    Lang::En => format!("{name}: {value} a day (95% interval {low} to {high})"),
                }
            })
            .collect();
        (!told.is_empty()).then(|| format!("{}.", told.join("; ")))
    }

    fn breaks_said(&self, lang: Lang) -> Option<String> {
        let told: Vec<String> = self.breaks.as_ref().ok()?.iter().map(|step| self.break_said(step, lang)).collect();
        let begin = Text::new("Tingkat berubah: ", "The level changed: ").get(lang);
        (!told.is_empty()).then(|| format!("{begin}{}.", told.join("; ")))
    }

    pub(super) fn break_said(&self, step: &LevelBreak, lang: Lang) -> String {
        let (month, before, after) =
            (month_name(step.month, lang), self.figure(step.before, lang), self.figure(step.after, lang));
        let among = if step.same_accounts {
            Text::new(" pada akun yang sama", " among the same accounts").get(lang)
        } else {
            ""
        };
        match lang {
            Lang::Id => format!("sejak {month} dari {before} menjadi {after} sebulan{among}"),
            Lang::En => format!("from {month} on from {before} to {after} a month{among}"),
        }
    }

    /// `Okt 2022 -45,2%`, and whether the accounts are the same.
    pub(super) fn break_short(&self, step: &LevelBreak, lang: Lang) -> String {
        let month = month_name(step.month, lang);
        let (name, year) = month.split_once(' ').unwrap_or((&month, ""));
        let short: String = name.chars().take(3).collect();
        let change = if step.before > 0.0 {
            signed(Value::Rate(step.after / step.before - 1.0), lang)
        } else {
            self.signed_figure(step.after - step.before, lang)
        };
        let among = if step.same_accounts { Text::new(" (akun sama)", " (same accounts)").get(lang) } else { "" };
        format!("{short} {year} {change}{among}")
    }

    fn outliers_said(&self, lang: Lang) -> Option<String> {
        let found = self.outliers.as_ref().ok()?;
        let told: Vec<String> = found
            .iter()
            .take(FEW)
            .map(|(month, outlier)| {
                let way =
                    if outlier.score > 0.0 { Text::new("di atas", "above") } else { Text::new("di bawah", "below") };
                let usual = Text::new("biasanya", "what is usual").get(lang);
                format!("{} ({} {usual})", month_name(*month, lang), way.get(lang))
            })
            .collect();
        let begin = Text::new("Bulan yang menonjol: ", "Months that stand out: ").get(lang);
        (!told.is_empty()).then(|| format!("{begin}{}.", told.join("; ")))
    }

    fn relations_said(&self, lang: Lang) -> Option<String> {
        let told: Vec<String> = self
            .relations
            .iter()
            .filter(|relation| relation.moves_together)
            .take(FEW)
            .map(|relation| self.relation_said(relation, lang))
            .collect();
        let begin = Text::new("Bergerak bersama: ", "Move together: ").get(lang);
        let end = Text::new(" Itu bukan sebab-akibat.", " That is no cause.").get(lang);
        (!told.is_empty()).then(|| format!("{begin}{}.{end}", told.join("; ")))
    }

    fn relation_said(&self, relation: &Relation, lang: Lang) -> String {
        let name = |place: usize| self.related.get(place).map_or("", |kpi| kpi.name.get(lang));
        let rho = plain(relation.spearman.rho.value, lang);
        let way = if relation.spearman.rho.value < 0.0 {
            Text::new(", berlawanan arah", ", in opposite directions").get(lang)
        } else {
            ""
        };
        let and = Text::new("dan", "and").get(lang);
        format!("{} {and} {} (ρ {rho}{way})", name(relation.one), name(relation.other))
    }

    fn members_said(&self, lang: Lang) -> Option<String> {
        let by = self.by?;
        let standing: Vec<&MemberTrend> = self.members.iter().filter(|member| member.stands_out).collect();
        let count = |rises: bool| {
            standing
                .iter()
                .filter(|member| member.trend.as_ref().is_ok_and(|trend| (trend.slope.value > 0.0) == rises))
                .count()
        };
        let (rising, falling, all) = (count(true), count(false), self.members.len());
        let name = by.name().get(lang).to_lowercase();
        Some(match lang {
            Lang::Id => format!("Dari {all} {name}, {rising} naik dan {falling} turun melampaui kebetulan."),
            Lang::En => format!("Of {all} members ({name}), {rising} rise and {falling} fall beyond chance."),
        })
    }
}

/// `p = 0,003` or `p < 0,001`.
pub(super) fn chance(p: f64, lang: Lang) -> String {
    if p < 0.001 { format!("p < {}", decimals(0.001, 3, lang)) } else { format!("p = {}", decimals(p, 3, lang)) }
}

/// With two decimals.
pub(super) fn plain(number: f64, lang: Lang) -> String {
    decimals(number, 2, lang)
}

fn decimals(number: f64, places: u32, lang: Lang) -> String {
    let units = (number * Money::ONE as f64).round();
    if units.abs() < 1e30 { Money::from_units(units as i128).format(lang, places) } else { "–".to_owned() }
}
