//! An evaluation as one self-contained HTML file that prints well.

use takar_model::{Lang, Text};

use super::{sections, svg};
use crate::{
    evaluation::{Evaluation, Figure},
    format::{Currency, period_name},
    metrics::{Direction, Value},
};

/// The whole page's style: light and dark, screen and A4.
const STYLE: &str = include_str!("style.css");

/// What every section needs to write itself.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub evaluation: &'a Evaluation,
    pub currency: &'a Currency,
    pub lang: Lang,
}

impl Page<'_> {
    /// A fixed text in the reader's language.
    pub fn say(&self, id: &'static str, en: &'static str) -> &'static str {
        Text::new(id, en).get(self.lang)
    }

    /// A figure, with the reason on the dash where it is missing.
    pub fn value(&self, value: Value) -> String {
        match value.why() {
            Some(why) => format!("<span class=\"none\" title=\"{}\">–</span>", escape(why.text().get(self.lang))),
            None => escape(&self.currency.value(value, self.lang)),
        }
    }

    /// A growth of sales with sign and colour.
    pub fn change(&self, value: Value) -> String {
        let text = escape(&crate::format::signed(value, self.lang));
        self.coloured(value.to_f64(), value.why().map_or(text, |_| self.value(value)))
    }

    /// How a figure differs from an earlier one: rates in points, everything else in per cent; coloured by
    /// whether that is good.
    pub fn difference(&self, figure: &Figure, earlier: Value) -> String {
        let change = figure.change(earlier, self.lang);
        let rise = match (figure.value.to_f64(), earlier.to_f64()) {
            (Some(now), Some(before)) => Some(now - before),
            _ => None,
        };
        let sign = if figure.kpi.direction == Direction::LowerIsBetter { -1.0 } else { 1.0 };
        self.coloured(rise.map(|rise| rise * sign), escape(&change))
    }

    fn coloured(&self, goodness: Option<f64>, text: String) -> String {
        let class = match goodness {
            Some(goodness) if goodness > 0.0 => "good",
            Some(goodness) if goodness < 0.0 => "bad",
            _ => "same",
        };
        format!("<span class=\"{class}\">{text}</span>")
    }
}

impl Evaluation {
    /// One self-contained HTML file: no script, nothing fetched; light and dark; prints on A4.
    pub fn html(&self, lang: Lang) -> String {
        let currency = self.money();
        let page = Page { evaluation: self, currency: &currency, lang };
        let title =
            format!("{} · {}", page.say("Evaluasi penjualan", "Sales evaluation"), period_name(self.period, lang));
        let compared = |name: &str, base: Option<takar_model::Period>| match base {
            Some(base) => format!("{name} {}", period_name(base, lang)),
            None => format!("{name} –"),
        };
        let mut body = format!(
            "<header><p class=\"brand\">Takar</p><h1>{}</h1><p class=\"sub\">{} · {} · {}</p></header>",
            escape(&title),
            escape(&compared(page.say("Periode lalu:", "Prior:"), self.base)),
            escape(&compared(page.say("Tahun lalu:", "A year ago:"), self.year_base)),
            escape(&self.basis.text(lang)),
        );
        body.push_str(&sections::cards(&page));
        body.push_str(&sections::running(&page));
        body.push_str(&format!(
            "<section><h2>{}</h2><p class=\"legend\"><b class=\"k now\"></b>{} <b class=\"k before\"></b>{} \
             <b class=\"k goal\"></b>{}</p>{}</section>",
            page.say("Penjualan bersih per bulan", "Net sales by month"),
            page.say("penjualan", "sales"),
            page.say("tahun lalu", "a year ago"),
            page.say("target", "target"),
            svg::trend(&self.months, &currency, lang),
        ));
        body.push_str(&sections::managers(&page));
        body.push_str(&sections::roll_up(&page, page.say("Per atasan", "By supervisor"), &self.supervisors));
        body.push_str(&sections::roll_up(&page, page.say("Per cabang", "By branch"), &self.branches));
        for manager in self.managers.iter().filter(|manager| manager.key.id.is_some()) {
            body.push_str(&sections::manager(&page, manager));
        }
        body.push_str(&sections::definitions(&page));
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title><style>{STYLE}</style></head>\
             <body><main>{body}</main></body></html>\n",
            lang.code(),
            escape(&title),
        )
    }
}

/// Text that means itself in HTML and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
