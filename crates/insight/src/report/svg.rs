//! Small pictures, drawn as SVG inside the page. Colours come from the page's style sheet.

use takar_model::Lang;

use super::html::escape;
use crate::{
    evaluation::TrendMonth,
    format::{Currency, money_of},
};

/// Bars for net sales, a line for the year before, ticks for targets.
pub(super) fn trend(months: &[TrendMonth], currency: &Currency, lang: Lang) -> String {
    const WIDTH: f64 = 720.0;
    const HEIGHT: f64 = 190.0;
    const BOTTOM: f64 = 22.0;
    // Room for the axis's figures.
    const LEFT: f64 = 62.0;
    let values =
        |month: &TrendMonth| [month.net_sales, month.target, month.net_sales_year_ago].map(|value| value.to_f64());
    let highest = months.iter().flat_map(values).flatten().fold(0.0_f64, f64::max);
    if highest <= 0.0 {
        return String::new();
    }
    let slot = (WIDTH - LEFT) / months.len() as f64;
    let bar = (slot * 0.62).min(34.0);
    let y = |value: f64| 14.0 + (HEIGHT - BOTTOM - 14.0) * (1.0 - value.max(0.0) / highest);
    let mut shapes = String::new();
    for part in [0.5, 1.0] {
        let (at, label) = (y(highest * part), short(highest * part, currency, lang));
        shapes.push_str(&format!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"axis\" x=\"0\" y=\"{:.1}\">{}</text>",
            at + 3.5,
            escape(&label)
        ));
    }
    let mut line = String::new();
    for (place, month) in months.iter().enumerate() {
        let middle = LEFT + slot * (place as f64 + 0.5);
        let [net, target, year_ago] = values(month);
        let left = middle - bar / 2.0;
        if let Some(net) = net {
            let last = if place + 1 == months.len() { " now" } else { "" };
            let title = format!("{} · {}", month.month, currency.value(month.net_sales, lang));
            shapes.push_str(&format!(
                "<rect class=\"bar{last}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{bar:.1}\" height=\"{:.1}\" rx=\"2\">\
                 <title>{}</title></rect>",
                y(net),
                (HEIGHT - BOTTOM - y(net)).max(0.0),
                escape(&title)
            ));
        }
        if let Some(target) = target {
            let (at, right) = (y(target), left + bar + 2.0);
            shapes.push_str(&format!(
                "<line class=\"goal\" x1=\"{:.1}\" x2=\"{right:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
                left - 2.0
            ));
        }
        if let Some(year_ago) = year_ago {
            line.push_str(&format!("{}{middle:.1} {:.1} ", if line.is_empty() { "M" } else { "L" }, y(year_ago)));
        }
        // With many months, every third is written.
        if months.len() <= 12 || (months.len() - 1 - place).is_multiple_of(3) {
            let is_last = place + 1 == months.len();
            let (anchor, at) = if is_last { ("end", WIDTH) } else { ("middle", middle) };
            shapes.push_str(&format!(
                "<text class=\"axis\" text-anchor=\"{anchor}\" x=\"{at:.1}\" y=\"{:.1}\">{}</text>",
                HEIGHT - 6.0,
                escape(&month.month)
            ));
        }
    }
    format!(
        "<svg class=\"trend\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-hidden=\"true\">{shapes}\
         <path class=\"before\" d=\"{line}\"/></svg>"
    )
}

/// A line of the last months, as wide as a word.
pub(super) fn sparkline(months: &[TrendMonth]) -> String {
    const WIDTH: f64 = 84.0;
    const HEIGHT: f64 = 22.0;
    let tail = &months[months.len().saturating_sub(13)..];
    let values: Vec<f64> = tail.iter().filter_map(|month| month.net_sales.to_f64()).collect();
    let highest = values.iter().copied().fold(0.0_f64, f64::max);
    if values.len() < 2 || highest <= 0.0 {
        return String::new();
    }
    let step = (WIDTH - 6.0) / (values.len() - 1) as f64;
    let point =
        |place: usize, value: f64| (3.0 + step * place as f64, 3.0 + (HEIGHT - 6.0) * (1.0 - value.max(0.0) / highest));
    let mut path = String::new();
    let mut end = (0.0, 0.0);
    for (place, &value) in values.iter().enumerate() {
        end = point(place, value);
        path.push_str(&format!("{}{:.1} {:.1} ", if place == 0 { "M" } else { "L" }, end.0, end.1));
    }
    format!(
        "<svg class=\"spark\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" aria-hidden=\"true\"><path d=\"{path}\"/>\
         <circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.4\"/></svg>",
        end.0, end.1
    )
}

/// A bar behind a figure: `part` of the full width, 0 to 1.
pub(super) fn meter(part: f64, class: &str) -> String {
    let width = (part.clamp(0.0, 1.0) * 100.0).round();
    format!("<span class=\"meter {class}\"><i style=\"width:{width}%\"></i></span>")
}

/// Money for an axis: thousands, millions, milliards.
fn short(amount: f64, currency: &Currency, lang: Lang) -> String {
    let steps = match lang {
        Lang::Id => [(1e12, " T"), (1e9, " M"), (1e6, " jt"), (1e3, " rb")],
        Lang::En => [(1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k")],
    };
    let prefix = match currency.0.as_deref() {
        Some("IDR") => "Rp ".to_owned(),
        Some(code) => format!("{code} "),
        None => String::new(),
    };
    match steps.into_iter().find(|(size, _)| amount >= *size) {
        Some((size, name)) => format!("{prefix}{}{name}", money_of(amount / size).format(lang, 1)),
        None => format!("{prefix}{}", money_of(amount).format(lang, 0)),
    }
}
