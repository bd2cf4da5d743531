//! A KPI held against its targets: what can be asked of that, and what it is called.

use std::collections::HashMap;

use takar_model::{Lang, Period, Text};

use super::{Asked, FactSource, OwnKpi, PeriodRule, answer, definition::does_not_add_up, measured::Ids};
use crate::{
    InsightError,
    metrics::{
        Adds, Against, CellSource, Column, Kpi, KpiDefinition, Nature, OfTarget, Query, Role, Unit, Value, against,
        own_column, run,
    },
};

/// A KPI that targets are set for.
#[derive(Debug, Clone, Copy)]
pub enum Targeted<'a> {
    /// One that is built in.
    BuiltIn(&'static KpiDefinition),
    /// One of the company's own.
    Own(&'a OwnKpi),
}

/// What is told of a KPI and its targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetFigure {
    /// What was set out.
    Target,
    /// How much of it was reached.
    Attainment,
    /// Which part of net sales lies in cells that have a target.
    Coverage,
}

impl TargetFigure {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Target, Self::Attainment, Self::Coverage];

    /// What stands behind the KPI's id: `units_attainment`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Target => "_target",
            Self::Attainment => "_attainment",
            Self::Coverage => "_target_coverage",
        }
    }

    /// The KPI's id and what is asked of its targets, where an id says both.
    pub fn split(id: &str) -> Option<(&str, Self)> {
        // The longest ending first: a coverage is no target.
        [Self::Coverage, Self::Attainment, Self::Target]
            .into_iter()
            .find_map(|figure| Some((id.strip_suffix(figure.suffix())?, figure)))
            .filter(|(kpi, _)| !kpi.is_empty())
    }

    /// What it is called, before the KPI's name.
    pub const fn name(self) -> Text {
        match self {
            Self::Target => Text::new("Target", "Target"),
            Self::Attainment => Text::new("Pencapaian target", "Attainment"),
            Self::Coverage => Text::new("Cakupan target", "Target coverage"),
        }
    }

    /// What it means, printed beside it.
    pub const fn definition(self) -> Text {
        match self {
            Self::Target => Text::new(
                "Jumlah target KPI ini untuk sel (manajer, akun, produk, kategori, wilayah, segmen, cabang) dan hari yang bertarget. Target yang lebih kasar tidak dibagi-bagi.",
                "Sum of the targets of this KPI for the cells (manager, account, product, category, region, segment, branch) and days that have one. A coarser target is never spread.",
            ),
            Self::Attainment => Text::new(
                "Angka KPI ini dibagi targetnya, hanya di sel yang bertarget; yang dihitung satu kali (pesanan, akun) dihitung di tiap sel itu. Kosong tanpa target atau bila targetnya nol.",
                "This KPI divided by its target, only over cells that have one; what counts once (orders, accounts) counts in each of these cells. Nothing without a target or where it is zero.",
            ),
            Self::Coverage => Text::new(
                "Bagian penjualan bersih yang terletak di sel yang punya target KPI ini.",
                "The part of net sales that lies in cells that have a target for this KPI.",
            ),
        }
    }
}

impl Against {
    /// One of its figures.
    pub const fn figure(&self, figure: TargetFigure) -> Value {
        match figure {
            TargetFigure::Target => self.target,
            TargetFigure::Attainment => self.attainment,
            TargetFigure::Coverage => self.coverage,
        }
    }
}

impl Targeted<'_> {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::BuiltIn(kpi) => kpi.id,
            Self::Own(kpi) => &kpi.id,
        }
    }

    /// Targets can be set for it: it is a figure of its own, and no target itself.
    pub const fn can_have_targets(&self) -> bool {
        match self {
            Self::BuiltIn(kpi) => !matches!(kpi.kpi, Kpi::Target | Kpi::Attainment | Kpi::MarketPlan),
            Self::Own(_) => true,
        }
    }

    fn name(&self, lang: Lang) -> &str {
        match self {
            Self::BuiltIn(kpi) => kpi.name.get(lang),
            Self::Own(kpi) => kpi.name.get(lang),
        }
    }

    fn unit(&self) -> Unit {
        match self {
            Self::BuiltIn(kpi) => kpi.unit,
            Self::Own(kpi) => kpi.unit.unit(),
        }
    }

    fn adds(&self) -> Adds {
        match self {
            Self::BuiltIn(kpi) => Adds::of(kpi.nature),
            Self::Own(kpi) if kpi.period == PeriodRule::Sum => Adds::Everywhere,
            Self::Own(kpi) if kpi.period == PeriodRule::Ratio => Adds::Nowhere,
            // What stands at the end of a month adds up over members, not over months.
            Self::Own(kpi) if kpi.expression.is_ratio() || does_not_add_up(&kpi.expression) => Adds::Nowhere,
            Self::Own(_) => Adds::InTheSameDays,
        }
    }

    /// The name of a figure, as a reader of `lang` has it: "Target: Jumlah barang".
    pub fn figure_name(&self, figure: TargetFigure, lang: Lang) -> String {
        format!("{}: {}", figure.name().get(lang), self.name(lang))
    }

    /// What a figure is measured in.
    pub fn figure_unit(&self, figure: TargetFigure) -> Unit {
        match (figure, self.unit()) {
            (TargetFigure::Target, Unit::Count) => Unit::Quantity,
            (TargetFigure::Target, unit) => unit,
            _ => Unit::Rate,
        }
    }

    /// How figures of parts make that of the whole.
    pub const fn figure_nature(figure: TargetFigure) -> Nature {
        match figure {
            TargetFigure::Target => Nature::Additive,
            TargetFigure::Attainment | TargetFigure::Coverage => Nature::Ratio,
        }
    }

    pub(super) fn column(&self, figure: TargetFigure, role: Role) -> Column {
        let id = format!("{}{}", self.id(), figure.suffix());
        let names = (self.figure_name(figure, Lang::Id), self.figure_name(figure, Lang::En));
        own_column(&id, names, self.figure_unit(figure), role)
    }

    /// How the rows of some windows stand to its targets.
    pub(super) fn against(
        &self,
        source: &dyn CellSource,
        facts: &dyn FactSource,
        query: &Query,
        windows: &[Period],
    ) -> Result<HashMap<Period, HashMap<Ids, Against>>, InsightError> {
        let net_sales = Kpi::NetSales.definition();
        let measure = |query: &Query| match *self {
            Self::BuiltIn(kpi) => run(source, &Query { kpis: vec![kpi, net_sales], ..query.clone() }),
            Self::Own(kpi) => answer(source, facts, query, &[Asked::Own(kpi), Asked::BuiltIn(net_sales)]),
        };
        let of = OfTarget { kpi: self.id(), unit: self.unit(), adds: self.adds(), measure: &measure };
        let rows = against(source, query, windows, &of)?;
        Ok(windows.iter().copied().zip(rows.into_iter().map(|rows| rows.into_iter().collect())).collect())
    }
}
