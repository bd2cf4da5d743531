//! An evaluation as an Excel workbook: a sheet per subject, real numbers, native charts.

use rust_xlsxwriter::{Chart, ChartType, Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use takar_model::{Lang, Text};

use crate::{
    InsightError,
    evaluation::{Evaluation, Figure, Mover, RollUp, Scorecard, limits},
    format::period_name,
    metrics::{KPIS, Kpi, Unit, Value},
};

/// The formats of a workbook.
struct Formats {
    title: Format,
    head: Format,
    money: Format,
    number: Format,
    rate: Format,
    wrap: Format,
}

impl Formats {
    fn new(currency: Option<&str>) -> Self {
        let money = match currency {
            Some("IDR") => "\"Rp\" #,##0;[Red]-\"Rp\" #,##0".to_owned(),
            Some(code) => format!("\"{code}\" #,##0.00;[Red]-\"{code}\" #,##0.00", code = code.replace('"', "")),
            None => "#,##0.00;[Red]-#,##0.00".to_owned(),
        };
        let head = Format::new().set_bold().set_font_color(Color::White).set_background_color(Color::RGB(0x0F_6E6E));
        Self {
            title: Format::new().set_bold().set_font_size(16),
            head: head.set_text_wrap().set_align(FormatAlign::VerticalCenter),
            money: Format::new().set_num_format(money),
            number: Format::new().set_num_format("#,##0.##"),
            rate: Format::new().set_num_format("0.0%"),
            wrap: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }

    fn of(&self, unit: Unit) -> &Format {
        match unit {
            Unit::Money => &self.money,
            Unit::Rate => &self.rate,
            Unit::Count | Unit::Quantity => &self.number,
        }
    }
}

impl Evaluation {
    /// The workbook's bytes.
    ///
    /// # Errors
    /// [`InsightError::Unwritable`] when the workbook cannot be put together.
    pub fn xlsx(&self, lang: Lang) -> Result<Vec<u8>, InsightError> {
        self.workbook(lang).map_err(|error| InsightError::Unwritable(error.to_string()))
    }

    fn workbook(&self, lang: Lang) -> Result<Vec<u8>, XlsxError> {
        let formats = Formats::new(self.currency.as_deref());
        let mut book = Workbook::new();
        self.summary_sheet(book.add_worksheet(), &formats, lang)?;
        self.months_sheet(book.add_worksheet(), &formats, lang)?;
        self.managers_sheet(book.add_worksheet(), &formats, lang)?;
        for (name, units) in
            [(Text::new("Atasan", "Supervisors"), &self.supervisors), (Text::new("Cabang", "Branches"), &self.branches)]
        {
            if !units.is_empty() {
                roll_up_sheet(book.add_worksheet().set_name(name.get(lang))?, units, &formats, lang)?;
            }
        }
        self.movers_sheet(book.add_worksheet(), &formats, lang)?;
        definitions_sheet(book.add_worksheet(), &formats, lang)?;
        book.save_to_buffer()
    }

    fn summary_sheet(&self, sheet: &mut Worksheet, formats: &Formats, lang: Lang) -> Result<(), XlsxError> {
        let say = |id, en| Text::new(id, en).get(lang);
        sheet.set_name(say("Ringkasan", "Summary"))?;
        let title = say("Evaluasi penjualan", "Sales evaluation");
        sheet.write_with_format(0, 0, format!("{title} · {}", period_name(self.period, lang)), &formats.title)?;
        sheet.write(1, 0, self.basis.text(lang))?;
        let heads = [
            "KPI",
            say("Nilai", "Value"),
            say("Periode lalu", "Prior"),
            say("Pertumbuhan", "Growth"),
            say("Tahun lalu", "A year ago"),
            say("Pertumbuhan", "Growth"),
            say("Keterangan", "Note"),
        ];
        header(sheet, 3, &heads, formats)?;
        for (row, figure) in (4..).zip(&self.total.figures) {
            sheet.write(row, 0, figure.kpi.name.get(lang))?;
            let format = formats.of(figure.kpi.unit);
            write(sheet, row, 1, figure.value, format)?;
            write(sheet, row, 2, figure.prior, format)?;
            write(sheet, row, 3, figure.growth_prior(), &formats.rate)?;
            write(sheet, row, 4, figure.year, format)?;
            write(sheet, row, 5, figure.growth_year(), &formats.rate)?;
            if let Some(why) = figure.value.why() {
                sheet.write(row, 6, why.text().get(lang))?;
            }
        }
        let row = 4 + self.total.figures.len() as u32;
        let has_target = |figure: &&Figure| figure.kpi.kpi == Kpi::NetSales || figure.target.why().is_none();
        for (place, figure) in (0..).zip(self.total.figures.iter().filter(has_target)) {
            let (row, name) = (row + 2 * place, figure.kpi.name.get(lang));
            sheet.write(row, 0, format!("Target: {name}"))?;
            write(sheet, row, 1, figure.target, formats.of(figure.kpi.unit))?;
            sheet.write(row + 1, 0, format!("{}: {name}", say("Pencapaian", "Attainment")))?;
            write(sheet, row + 1, 1, figure.attainment, &formats.rate)?;
        }
        sheet.set_column_width(0, 30)?;
        set_widths(sheet, 1..=5, 18.0)?;
        sheet.set_column_width(6, 44)?;
        Ok(())
    }

    fn months_sheet(&self, sheet: &mut Worksheet, formats: &Formats, lang: Lang) -> Result<(), XlsxError> {
        let say = |id, en| Text::new(id, en).get(lang);
        let name = say("Bulan", "Months");
        sheet.set_name(name)?;
        let heads =
            [say("Bulan", "Month"), say("Penjualan bersih", "Net sales"), "Target", say("Tahun lalu", "A year ago")];
        header(sheet, 0, &heads, formats)?;
        for (row, month) in (1..).zip(&self.months) {
            sheet.write(row, 0, &month.month)?;
            write(sheet, row, 1, month.net_sales, &formats.money)?;
            write(sheet, row, 2, month.target, &formats.money)?;
            write(sheet, row, 3, month.net_sales_year_ago, &formats.money)?;
        }
        set_widths(sheet, 0..=3, 18.0)?;
        let last = self.months.len() as u32;
        if last > 0 {
            let mut chart = Chart::new(ChartType::Column);
            let mut line = Chart::new(ChartType::Line);
            for (column, is_line) in [(1, false), (2, true), (3, true)] {
                let onto = if is_line { &mut line } else { &mut chart };
                onto.add_series()
                    .set_name((name, 0, column))
                    .set_categories((name, 1, 0, last, 0))
                    .set_values((name, 1, column, last, column));
            }
            chart.combine(&line);
            chart.title().set_name(heads[1]);
            chart.set_width(860).set_height(400);
            sheet.insert_chart(1, 5, &chart)?;
        }
        Ok(())
    }

    fn managers_sheet(&self, sheet: &mut Worksheet, formats: &Formats, lang: Lang) -> Result<(), XlsxError> {
        let say = |id, en| Text::new(id, en).get(lang);
        let name = say("Manajer", "Managers");
        sheet.set_name(name)?;
        let mut heads = vec!["ID", say("Nama", "Name"), say("Atasan", "Supervisor"), say("Cabang", "Branch")];
        heads.extend([say("± periode lalu", "± prior"), say("± tahun lalu", "± year"), "Target"]);
        heads.push(say("Pencapaian", "Attainment"));
        heads.extend(self.total.figures.iter().map(|figure| figure.kpi.name.get(lang)));
        header(sheet, 0, &heads, formats)?;
        for (row, manager) in (1..).zip(&self.managers) {
            sheet.write(row, 0, manager.key.id.as_deref().unwrap_or_default())?;
            sheet.write(row, 1, manager.key.label(lang))?;
            sheet.write(row, 2, manager.supervisor.as_deref().unwrap_or_default())?;
            sheet.write(row, 3, manager.branch.as_deref().unwrap_or_default())?;
            let net = manager.card.net_sales();
            write(sheet, row, 4, net.growth_prior(), &formats.rate)?;
            write(sheet, row, 5, net.growth_year(), &formats.rate)?;
            write(sheet, row, 6, net.target, &formats.money)?;
            write(sheet, row, 7, net.attainment, &formats.rate)?;
            write_figures(sheet, row, 8, &manager.card, formats)?;
        }
        let last = self.managers.len() as u32;
        set_widths(sheet, 0..=(heads.len() as u16), 16.0)?;
        sheet.set_column_width(1, 26)?;
        sheet.set_freeze_panes(1, 2)?;
        sheet.autofilter(0, 0, last.max(1), heads.len() as u16 - 1)?;
        if last > 0 {
            let mut chart = Chart::new(ChartType::Bar);
            chart
                .add_series()
                .set_name((name, 0, 8))
                .set_categories((name, 1, 1, last, 1))
                .set_values((name, 1, 8, last, 8));
            chart.title().set_name(heads[8]);
            chart.legend().set_hidden();
            chart.y_axis().set_reverse();
            chart.set_width(720).set_height((120 + last * 22).min(1400));
            sheet.insert_chart(last + 2, 1, &chart)?;
        }
        Ok(())
    }

    fn movers_sheet(&self, sheet: &mut Worksheet, formats: &Formats, lang: Lang) -> Result<(), XlsxError> {
        let say = |id, en| Text::new(id, en).get(lang);
        sheet.set_name(say("Akun", "Accounts"))?;
        let heads = [
            say("Manajer", "Manager"),
            say("Dibanding", "Compared with"),
            say("ID akun", "Account ID"),
            say("Akun", "Account"),
            say("Dahulu", "Then"),
            say("Sekarang", "Now"),
            say("Selisih", "Change"),
        ];
        header(sheet, 0, &heads, formats)?;
        let mut row = 1;
        for manager in &self.managers {
            let prior = (say("periode lalu", "prior"), &manager.movers_prior);
            let year = (say("tahun lalu", "a year ago"), &manager.movers_year);
            for (compared, movers) in
                [prior, year].into_iter().filter_map(|(name, movers)| Some((name, movers.as_ref()?)))
            {
                let listed: Vec<&Mover> = movers.up.iter().chain(movers.down.iter().rev()).collect();
                for mover in listed {
                    sheet.write(row, 0, manager.key.label(lang))?;
                    sheet.write(row, 1, compared)?;
                    sheet.write(row, 2, mover.account.as_deref().unwrap_or_default())?;
                    sheet.write(row, 3, mover.label())?;
                    for (column, amount) in (4..).zip([mover.base, mover.now, mover.change]) {
                        write(sheet, row, column, Value::Money(amount), &formats.money)?;
                    }
                    row += 1;
                }
                sheet.write(row, 0, manager.key.label(lang))?;
                sheet.write(row, 1, compared)?;
                sheet.write(row, 3, say("(akun lainnya)", "(all others)"))?;
                write(sheet, row, 6, Value::Money(movers.others), &formats.money)?;
                row += 1;
            }
        }
        set_widths(sheet, 0..=6, 18.0)?;
        sheet.set_column_width(3, 30)?;
        sheet.autofilter(0, 0, row.max(2) - 1, 6)?;
        Ok(())
    }
}

fn roll_up_sheet(sheet: &mut Worksheet, units: &[RollUp], formats: &Formats, lang: Lang) -> Result<(), XlsxError> {
    let say = |id, en| Text::new(id, en).get(lang);
    let mut heads = vec![say("Nama", "Name"), say("Manajer", "Managers"), "Target", say("Pencapaian", "Attainment")];
    heads.extend(units.iter().take(1).flat_map(|unit| &unit.card.figures).map(|figure| figure.kpi.name.get(lang)));
    header(sheet, 0, &heads, formats)?;
    for (row, unit) in (1..).zip(units) {
        sheet.write(row, 0, unit.key.label(lang))?;
        sheet.write(row, 1, unit.managers as u32)?;
        write(sheet, row, 2, unit.card.net_sales().target, &formats.money)?;
        write(sheet, row, 3, unit.card.net_sales().attainment, &formats.rate)?;
        write_figures(sheet, row, 4, &unit.card, formats)?;
    }
    set_widths(sheet, 0..=(heads.len() as u16), 18.0)
}

fn definitions_sheet(sheet: &mut Worksheet, formats: &Formats, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_name(Text::new("Definisi", "Definitions").get(lang))?;
    header(sheet, 0, &["KPI", "ID", Text::new("Arti", "Meaning").get(lang)], formats)?;
    for (row, kpi) in (1..).zip(KPIS) {
        sheet.write_with_format(row, 0, kpi.name.get(lang), &formats.wrap)?;
        sheet.write_with_format(row, 1, kpi.id, &formats.wrap)?;
        sheet.write_with_format(row, 2, kpi.definition.get(lang), &formats.wrap)?;
    }
    let below = KPIS.len() as u32 + 2;
    sheet.write_with_format(below, 0, limits::TITLE.get(lang), &formats.head)?;
    for (row, limit) in (below + 1..).zip(limits::limits(lang)) {
        sheet.write_with_format(row, 2, limit, &formats.wrap)?;
    }
    set_widths(sheet, 0..=1, 28.0)?;
    sheet.set_column_width(2, 90)?;
    Ok(())
}

fn header(sheet: &mut Worksheet, row: u32, heads: &[&str], formats: &Formats) -> Result<(), XlsxError> {
    for (column, head) in (0..).zip(heads) {
        sheet.write_with_format(row, column, *head, &formats.head)?;
    }
    sheet.set_freeze_panes(row + 1, 1)?;
    Ok(())
}

fn write_figures(
    sheet: &mut Worksheet,
    row: u32,
    first: u16,
    card: &Scorecard,
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (column, figure) in (first..).zip(&card.figures) {
        write(sheet, row, column, figure.value, formats.of(figure.kpi.unit))?;
    }
    Ok(())
}

/// A real number; an empty cell where the figure is missing.
fn write(sheet: &mut Worksheet, row: u32, column: u16, value: Value, format: &Format) -> Result<(), XlsxError> {
    match value.to_f64() {
        Some(number) => sheet.write_with_format(row, column, number, format)?,
        None => sheet.write_blank(row, column, format)?,
    };
    Ok(())
}

fn set_widths(sheet: &mut Worksheet, columns: std::ops::RangeInclusive<u16>, width: f64) -> Result<(), XlsxError> {
    for column in columns {
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}
