//! Strengths and gaps: what stands out, in careful words. A help for a talk, not a verdict.

use takar_model::Lang;

use super::figures::{Figure, Scorecard};
use crate::{
    format::{Currency, signed},
    metrics::{Direction, Kpi, Value},
};

/// How many of each are said.
const MOST: usize = 4;
/// With fewer managers than this, a place says little.
const ENOUGH_PEERS: usize = 4;

/// The KPIs that are compared with peers: rates and averages, which do not merely follow the portfolio's size.
const COMPARED: [Kpi; 7] = [
    Kpi::NetRetention,
    Kpi::LogoRetention,
    Kpi::MarginRate,
    Kpi::RepeatRate,
    Kpi::OrderValue,
    Kpi::DiscountRate,
    Kpi::ReturnRate,
];

/// What stands out in favour, and what deserves a look.
pub(super) fn remarks(card: &Scorecard, currency: &Currency, lang: Lang) -> (Vec<String>, Vec<String>) {
    let (mut strengths, mut gaps) = (Vec::new(), Vec::new());
    let net_sales = card.net_sales();
    if let Value::Rate(attained) = net_sales.attainment {
        let share = net_sales.attainment.format(lang);
        let text = match lang {
            Lang::Id => format!("Pencapaian target {share}"),
            Lang::En => format!("Target attainment {share}"),
        };
        if attained >= 1.0 { strengths.push(text) } else { gaps.push(text) }
    }
    if let growth @ Value::Rate(rate) = net_sales.growth_year() {
        let text = match lang {
            Lang::Id => format!("Penjualan {} dibanding setahun lalu", signed(growth, lang)),
            Lang::En => format!("Sales {} on a year ago", signed(growth, lang)),
        };
        if rate > 0.0 {
            strengths.push(text)
        } else if rate < 0.0 {
            gaps.push(text)
        }
    }
    for figure in COMPARED.into_iter().map(|kpi| card.figure(kpi)) {
        let Some(is_strength) = stands_out(figure) else { continue };
        let text = beside_peers(figure, currency, lang);
        if is_strength { strengths.push(text) } else { gaps.push(text) }
    }
    strengths.truncate(MOST);
    gaps.truncate(MOST);
    (strengths, gaps)
}

/// In the best or the last quarter of the managers; `None` between, or with too few of them.
fn stands_out(figure: &Figure) -> Option<bool> {
    let place = figure.place.filter(|place| place.of >= ENOUGH_PEERS)?;
    let own = figure.value.to_f64()?;
    let is_better = match figure.kpi.direction {
        Direction::HigherIsBetter => own > place.peer_median,
        Direction::LowerIsBetter => own < place.peer_median,
        Direction::Neutral => return None,
    };
    let quarter = place.of.div_ceil(4);
    if is_better && place.rank <= quarter {
        return Some(true);
    }
    (!is_better && own != place.peer_median && place.rank > place.of - quarter).then_some(false)
}

fn beside_peers(figure: &Figure, currency: &Currency, lang: Lang) -> String {
    let name = figure.kpi.name.get(lang);
    let value = currency.value(figure.value, lang);
    let Some(place) = figure.place else { return format!("{name} {value}") };
    let median = currency.number(place.peer_median, figure.kpi.unit, lang);
    match lang {
        Lang::Id => format!("{name} {value} (median rekan {median}; urutan {} dari {})", place.rank, place.of),
        Lang::En => format!("{name} {value} (peer median {median}; place {} of {})", place.rank, place.of),
    }
}
