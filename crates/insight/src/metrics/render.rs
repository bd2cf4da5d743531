//! A table of KPIs as CSV and as text for a terminal.

use takar_model::{Lang, Text};

use super::{Column, MetricsTable, Role, Unit};
use crate::text::{Align, TextTable};

impl MetricsTable {
    /// Comma-separated values with a header; exact numbers with a point; empty where missing.
    pub fn to_csv(&self) -> String {
        let mut header = Vec::new();
        for dimension in &self.by {
            header.push(dimension.id().to_owned());
            if dimension.has_names() {
                header.push(format!("{}_name", dimension.id()));
            }
        }
        header.extend(self.columns.iter().map(|column| column.id.clone()));
        let mut csv = header.join(",");
        csv.push('\n');
        for row in &self.rows {
            let mut cells = Vec::with_capacity(header.len());
            for (dimension, key) in self.by.iter().zip(&row.keys) {
                cells.push(csv_cell(key.id.as_deref().unwrap_or_default()));
                if dimension.has_names() {
                    cells.push(csv_cell(key.name.as_deref().unwrap_or_default()));
                }
            }
            cells.extend(row.values.iter().map(|value| value.plain()));
            csv.push_str(&cells.join(","));
            csv.push('\n');
        }
        csv
    }

    /// A table for people, with the reasons of missing figures and the coverage below.
    pub fn table(&self, lang: Lang) -> String {
        let mut table = TextTable::new();
        for dimension in &self.by {
            table.column(dimension.name().get(lang), Align::Left);
        }
        for column in &self.columns {
            table.column(&column.title(lang), Align::Right);
        }
        for row in &self.rows {
            let keys = row.keys.iter().map(|key| key.label(lang).to_owned());
            table.row(keys.chain(row.values.iter().map(|value| value.format(lang))).collect());
        }
        let mut text = format!("{}: {}", Text::new("Periode", "Period").get(lang), self.period);
        if let Some(base) = self.base {
            text.push_str(&format!("   {}: {base}", Text::new("pembanding", "base").get(lang)));
        }
        text.push_str(&format!("   {}\n\n", self.basis.text(lang)));
        text.push_str(&table.render());
        if self.rows.is_empty() {
            let nothing = Text::new(
                "Tidak ada baris: pada periode dan saringan ini tidak ada yang terjual, atau tidak ada target yang dibedakan menurut ini.\n",
                "No rows: nothing was sold in this window under this filter, or no target tells these apart.\n",
            );
            text.push_str(nothing.get(lang));
        }
        for (column, why, rows) in self.notes() {
            let counted = if self.rows.len() > 1 { format!(" ({rows})") } else { String::new() };
            text.push_str(&format!("– {}{counted}: {}\n", column.title(lang), why.text().get(lang)));
        }
        text
    }
}

impl Column {
    /// Its heading for people.
    pub fn title(&self, lang: Lang) -> String {
        let name = self.name(lang);
        match self.role {
            Role::Now => name.to_owned(),
            Role::Base => format!("{name}, {}", Text::new("pembanding", "base").get(lang)),
            Role::Growth => format!("{name}, {}", Text::new("tumbuh", "growth").get(lang)),
        }
    }

    /// It is shown in per cent.
    pub fn is_rate(&self) -> bool {
        self.unit() == Unit::Rate
    }
}

/// Quoted where it has to be, and no formula.
fn csv_cell(text: &str) -> String {
    let text = takar_model::guarded(text);
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into_owned() }
}
