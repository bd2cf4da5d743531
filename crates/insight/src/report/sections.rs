//! The sections of the HTML report.

use takar_model::Money;

use super::{
    html::{Page, escape},
    svg,
};
use crate::{
    evaluation::{Figure, ManagerEvaluation, Mover, Movers, RollUp, limits},
    format::{month_name, signed_money},
    metrics::{Direction, Kpi, Value},
};

/// Which part of sales has a target, where it is not all.
fn partly(page: &Page, figure: &Figure) -> String {
    let Some(part) = figure.coverage.filter(|part| (part - 1.0).abs() > 0.0005) else { return String::new() };
    let part = page.value(Value::Rate(part));
    format!(" · {}", page.say("untuk {} penjualan", "for {} of sales").replace("{}", &part))
}

/// The target is reached: of what should be little, not passed.
fn is_reached(figure: &Figure, attained: f64) -> bool {
    if figure.kpi.direction == Direction::LowerIsBetter { attained <= 1.0 } else { attained >= 1.0 }
}

/// The company's main figures.
pub(super) fn cards(page: &Page) -> String {
    // The first takes two places of eight.
    const SHOWN: [Kpi; 7] = [
        Kpi::NetSales,
        Kpi::Orders,
        Kpi::MarginRate,
        Kpi::ActiveAccounts,
        Kpi::NewAccounts,
        Kpi::LostAccounts,
        Kpi::NetRetention,
    ];
    let card = |kpi: Kpi| {
        let figure = page.evaluation.total.figure(kpi);
        let mut extra = String::new();
        if let Value::Rate(attained) = figure.attainment {
            extra = format!(
                "{}<p class=\"of\">{} {} {}{}</p>",
                svg::meter(attained, if is_reached(figure, attained) { "full" } else { "" }),
                page.value(figure.attainment),
                page.say("dari target", "of target"),
                page.value(figure.target),
                // Of margins the coverage says which lines have a cost.
                if kpi == Kpi::MarginRate { String::new() } else { partly(page, figure) },
            );
        }
        format!(
            "<article class=\"card{}\"><h3>{}</h3><p class=\"big\">{}</p>{extra}<dl><div><dt>{}</dt><dd>{}</dd></div>\
             <div><dt>{}</dt><dd>{}</dd></div></dl></article>",
            if kpi == Kpi::NetSales { " lead" } else { "" },
            escape(figure.kpi.name.get(page.lang)),
            page.value(figure.value),
            page.say("periode lalu", "prior"),
            page.difference(figure, figure.prior),
            page.say("tahun lalu", "a year ago"),
            page.difference(figure, figure.year),
        )
    };
    format!("<section class=\"cards\">{}</section>", SHOWN.map(card).concat())
}

/// The running month.
pub(super) fn running(page: &Page) -> String {
    let Some(month) = &page.evaluation.month_to_date else { return String::new() };
    let money =
        |amount: Option<Money>| amount.map_or("–".to_owned(), |amount| page.currency.money(amount, page.lang));
    let mut facts = vec![
        (page.say("Penjualan sampai hari ini", "Sales so far"), page.value(month.net_sales)),
        (page.say("Hari yang sama bulan lalu", "Same days last month"), page.value(month.prior_equal_days)),
        (page.say("Waktu berjalan", "Time gone"), page.value(Value::Rate(month.time_gone))),
        (page.say("Perkiraan akhir bulan", "Run rate for the month"), escape(&money(month.run_rate_projection))),
    ];
    if month.target.why().is_none() {
        facts.push((page.say("Target", "Target"), page.value(month.target)));
        facts.push((page.say("Pencapaian", "Attainment"), page.value(month.attainment)));
        facts.push((page.say("Perlu per hari kerja", "Needed per working day"), escape(&money(month.needed_per_day))));
    }
    let items: Vec<String> =
        facts.into_iter().map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>")).collect();
    format!(
        "<section class=\"running\"><h2>{} {}</h2><p class=\"sub\">{} {} · {}</p><dl>{}</dl></section>",
        page.say("Bulan berjalan:", "Running month:"),
        escape(&month_name(month.month, page.lang)),
        page.say("data sampai", "data up to"),
        month.last_day,
        page.say(
            "hari kerja Senin–Sabtu, tanpa libur nasional",
            "working days Monday–Saturday, without public holidays"
        ),
        items.concat(),
    )
}

/// All managers in one table.
pub(super) fn managers(page: &Page) -> String {
    let most = page.evaluation.managers.iter().filter_map(|manager| manager.card.net_sales().value.to_f64());
    let most = most.fold(0.0_f64, f64::max);
    let row = |manager: &ManagerEvaluation| {
        let net = manager.card.net_sales();
        let part = if most > 0.0 { net.value.to_f64().unwrap_or(0.0) / most } else { 0.0 };
        let attained = net.attainment.to_f64().map(|part| svg::meter(part, if part >= 1.0 { "full" } else { "" }));
        let count = |kpi| page.value(manager.card.figure(kpi).value);
        format!(
            "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td class=\"num\">{}{}</td><td class=\"num\">{}</td>\
             <td class=\"num\">{}</td><td class=\"num\">{}{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>\
             <td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
            escape(manager.key.label(page.lang)),
            escape(manager.branch.as_deref().or(manager.supervisor.as_deref()).unwrap_or_default()),
            svg::sparkline(&manager.months),
            page.value(net.value),
            svg::meter(part, ""),
            page.change(net.growth_prior()),
            page.change(net.growth_year()),
            page.value(net.attainment),
            attained.unwrap_or_default(),
            count(Kpi::ActiveAccounts),
            count(Kpi::NewAccounts),
            count(Kpi::LostAccounts),
            count(Kpi::NetRetention),
        )
    };
    let rows: Vec<String> = page.evaluation.managers.iter().map(row).collect();
    let heads = [
        page.say("Penjualan bersih", "Net sales"),
        page.say("Periode lalu", "On prior"),
        page.say("Tahun lalu", "On year"),
        page.say("Target", "Target"),
        page.say("Aktif", "Active"),
        page.say("Baru", "New"),
        page.say("Hilang", "Lost"),
        "NRR",
    ];
    let heads = heads.map(|head| format!("<th scope=\"col\" class=\"num\">{head}</th>")).concat();
    format!(
        "<section><h2>{}</h2><div class=\"wide\"><table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         {heads}</tr></thead><tbody>{}</tbody></table></div></section>",
        page.say("Manajer akun", "Account managers"),
        page.say("Nama", "Name"),
        page.say("13 bulan", "13 months"),
        rows.concat(),
    )
}

/// Supervisors or branches.
pub(super) fn roll_up(page: &Page, title: &str, units: &[RollUp]) -> String {
    if units.is_empty() {
        return String::new();
    }
    let row = |unit: &RollUp| {
        let net = unit.card.net_sales();
        format!(
            "<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>\
             <td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
            escape(unit.key.label(page.lang)),
            unit.managers,
            page.value(net.value),
            page.change(net.growth_prior()),
            page.change(net.growth_year()),
            page.value(net.target),
            page.value(net.attainment),
        )
    };
    let heads = [
        page.say("Manajer", "Managers"),
        page.say("Penjualan bersih", "Net sales"),
        page.say("Periode lalu", "On prior"),
        page.say("Tahun lalu", "On year"),
        page.say("Target", "Target"),
        page.say("Pencapaian", "Attainment"),
    ];
    let heads = heads.map(|head| format!("<th scope=\"col\" class=\"num\">{head}</th>")).concat();
    let rows: Vec<String> = units.iter().map(row).collect();
    format!(
        "<section><h2>{title}</h2><div class=\"wide\"><table><thead><tr><th scope=\"col\">{}</th>{heads}</tr></thead>\
         <tbody>{}</tbody></table></div></section>",
        page.say("Nama", "Name"),
        rows.concat(),
    )
}

/// One manager on a page of their own.
pub(super) fn manager(page: &Page, manager: &ManagerEvaluation) -> String {
    let (strengths, gaps) = page.evaluation.remarks(manager, page.lang);
    let list = |title: &str, class: &str, items: &[String]| {
        if items.is_empty() {
            return String::new();
        }
        let items: Vec<String> = items.iter().map(|item| format!("<li>{}</li>", escape(item))).collect();
        format!("<div class=\"{class}\"><h4>{title}</h4><ul>{}</ul></div>", items.concat())
    };
    let presence = manager.presence_text(page.currency, page.lang);
    let presence = presence.map_or_else(String::new, |text| format!("<p class=\"sub\">{}</p>", escape(&text)));
    let from = [manager.supervisor.as_deref(), manager.branch.as_deref()];
    let from: Vec<&str> = from.into_iter().flatten().collect();
    let figures: Vec<String> = manager.card.figures.iter().map(|figure| figure_row(page, figure)).collect();
    let heads = [
        page.say("Nilai", "Value"),
        page.say("Periode lalu", "Prior"),
        "±",
        page.say("Tahun lalu", "A year ago"),
        "±",
        page.say("Median rekan", "Peer median"),
        page.say("Urutan", "Place"),
    ];
    let heads = heads.map(|head| format!("<th scope=\"col\" class=\"num\">{head}</th>")).concat();
    format!(
        "<section class=\"person\"><h2>{}<small>{}</small></h2>{presence}<div class=\"remarks\">{}{}</div>{}\
         <div class=\"wide\"><table><thead><tr><th scope=\"col\">KPI</th>{heads}</tr></thead><tbody>{}</tbody></table></div>\
         {}{}</section>",
        escape(manager.key.label(page.lang)),
        escape(&from.join(" · ")),
        list(page.say("Yang menonjol", "Strengths"), "plus", &strengths),
        list(page.say("Yang perlu dilihat", "Worth a look"), "minus", &gaps),
        svg::trend(&manager.months, page.currency, page.lang),
        figures.concat(),
        movers(
            page,
            page.say("Akun pembeda dari periode lalu", "Accounts behind the change on the prior period"),
            &manager.movers_prior
        ),
        movers(
            page,
            page.say("Akun pembeda dari tahun lalu", "Accounts behind the change on a year ago"),
            &manager.movers_year
        ),
    )
}

fn figure_row(page: &Page, figure: &Figure) -> String {
    let (median, place) = match figure.place {
        Some(place) => (
            escape(&page.currency.number(place.peer_median, figure.kpi.unit, page.lang)),
            format!("{} / {}", place.rank, place.of),
        ),
        None => ("–".to_owned(), "–".to_owned()),
    };
    let coverage = match figure.coverage {
        Some(part) if (part - 1.0).abs() > 0.0005 => {
            format!("<small>{} {}</small>", page.say("cakupan", "coverage"), page.value(Value::Rate(part)))
        }
        _ => String::new(),
    };
    format!(
        "<tr><th scope=\"row\">{}{coverage}</th><td class=\"num strong\">{}</td><td class=\"num\">{}</td>\
         <td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{median}</td>\
         <td class=\"num\">{place}</td></tr>",
        escape(figure.kpi.name.get(page.lang)),
        page.value(figure.value),
        page.value(figure.prior),
        page.difference(figure, figure.prior),
        page.value(figure.year),
        page.difference(figure, figure.year),
    )
}

/// The accounts behind a change; with the others they sum exactly to the difference.
fn movers(page: &Page, title: &str, movers: &Option<Movers>) -> String {
    let Some(movers) = movers.as_ref().filter(|movers| !movers.up.is_empty() || !movers.down.is_empty()) else {
        return String::new();
    };
    let money = |amount: Money| escape(&page.currency.money(amount, page.lang));
    let change = |amount: Money| {
        let class = if amount.is_negative() { "bad" } else { "good" };
        format!("<span class=\"{class}\">{}</span>", escape(&signed_money(amount, page.currency, page.lang)))
    };
    let row = |mover: &Mover| {
        format!(
            "<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
            escape(mover.label()),
            money(mover.base),
            money(mover.now),
            change(mover.change)
        )
    };
    let foot = |name: &str, amount: Money| {
        format!("<tr><th scope=\"row\">{name}</th><td></td><td></td><td class=\"num\">{}</td></tr>", change(amount))
    };
    let rows: Vec<String> = movers.up.iter().chain(movers.down.iter().rev()).map(row).collect();
    format!(
        "<h3>{title}</h3><div class=\"wide\"><table class=\"movers\"><thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th>\
         </tr></thead><tbody>{}</tbody><tfoot>{}{}</tfoot></table></div>",
        page.say("Akun", "Account"),
        page.say("Dahulu", "Then"),
        page.say("Sekarang", "Now"),
        page.say("Selisih", "Change"),
        rows.concat(),
        foot(page.say("Akun lainnya", "All others"), movers.others),
        foot(page.say("Jumlah selisih", "Whole difference"), movers.difference),
    )
}

/// What the words mean.
pub(super) fn definitions(page: &Page) -> String {
    let items = page.evaluation.total.figures.iter().map(|figure| {
        format!(
            "<dt>{}</dt><dd>{}</dd>",
            escape(figure.kpi.name.get(page.lang)),
            escape(figure.kpi.definition.get(page.lang))
        )
    });
    format!(
        "<section class=\"words\"><h2>{}</h2><dl>{}</dl></section><section class=\"words\"><h2>{}</h2><ul>{}</ul></section>",
        page.say("Arti angka-angka ini", "What these figures mean"),
        items.collect::<String>(),
        limits::TITLE.get(page.lang),
        limits::limits(page.lang).iter().map(|limit| format!("<li>{}</li>", escape(limit))).collect::<String>(),
    )
}
