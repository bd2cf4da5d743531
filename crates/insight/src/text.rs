//! Tables of plain text, aligned by what a terminal shows.

/// On which side a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table that is laid out when all its rows are known.
#[derive(Debug, Default)]
pub(crate) struct TextTable {
    titles: Vec<String>,
    aligns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn column(&mut self, title: &str, align: Align) {
        self.titles.push(title.to_owned());
        self.aligns.push(align);
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Two spaces between columns, a rule under the titles, no blanks at the ends of lines.
    pub fn render(&self) -> String {
        let mut widths: Vec<usize> = self.titles.iter().map(|title| width(title)).collect();
        for row in &self.rows {
            for (column, cell) in widths.iter_mut().zip(row) {
                *column = (*column).max(width(cell));
            }
        }
        let rule: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
        let mut text = String::new();
        for cells in [&self.titles, &rule].into_iter().chain(&self.rows) {
            let mut line = String::new();
            for ((cell, &wide), align) in cells.iter().zip(&widths).zip(&self.aligns) {
                let blanks = " ".repeat(wide.saturating_sub(width(cell)));
                match align {
                    Align::Left => line.push_str(&format!("{cell}{blanks}  ")),
                    Align::Right => line.push_str(&format!("{blanks}{cell}  ")),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// How many columns a terminal shows: wide East Asian characters take two, combining marks none.
pub(crate) fn width(text: &str) -> usize {
    text.chars()
        .map(|letter| match letter as u32 {
            0..0x20 | 0x300..=0x36F | 0x200B..=0x200F => 0,
            0x1100..=0x115F
            | 0x2E80..=0xA4CF
            | 0xAC00..=0xD7A3
            | 0xF900..=0xFAFF
            | 0xFE30..=0xFE6F
            | 0xFF00..=0xFF60
            | 0xFFE0..=0xFFE6
            | 0x1F300..=0x1FAFF
            | 0x20000..=0x3FFFD => 2,
            _ => 1,
        })
        .sum()
}
