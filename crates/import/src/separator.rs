//! Which mark stands between the cells.

use crate::{Separator, records, repair};

/// The separator by which the records of the sample have most often the same count of cells, more than one.
/// Comma where none does: a file of one column. A file of set-aside rows shows it between its own columns.
pub(crate) fn detect(sample: &str) -> Separator {
    if let Some(own) = Separator::ALL.into_iter().find(|separator| repair::is_separated_by(sample, *separator)) {
        return own;
    }
    let mut best = (Separator::Comma, 0.0);
    for separator in Separator::ALL {
        let score = consistency(sample, separator);
        if score > best.1 {
            best = (separator, score);
        }
    }
    best.0
}

/// The share of records with the commonest count of cells, and a little for more cells. 0 for one column.
fn consistency(sample: &str, separator: Separator) -> f64 {
    const RECORDS: usize = 200;
    let end = sample.match_indices('\n').nth(RECORDS).map_or(sample.len(), |(at, _)| at);
    // A quote that only this separator opens takes all that follows for one cell: only what is before it counts.
    let border = records::border(&sample.as_bytes()[..end], separator.byte());
    let end = if border.open_quote { border.end } else { end };
    let Ok(grid) = records::split(sample.as_bytes()[..end].to_vec(), separator.byte(), 1, "") else { return 0.0 };
    let mut widths: Vec<u32> = grid.rows.iter().map(|row| row.width).collect();
    widths.sort_unstable();
    let runs = widths.chunk_by(|left, right| left == right).filter(|run| run[0] > 1);
    let Some(commonest) = runs.max_by_key(|run| (run.len(), run[0])) else { return 0.0 };
    let share = commonest.len() as f64 / widths.len() as f64;
    share + f64::from(commonest[0].min(50)) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each() {
        assert_eq!(detect("tgl;nilai\n1;1.234,50\n2;7,25\n"), Separator::Semicolon);
        assert_eq!(detect("a,b,c\n1,\"x;y\",3\n"), Separator::Comma);
        assert_eq!(detect("a\tb\n1, 2\t3\n"), Separator::Tab);
        assert_eq!(detect("a|b|c\n1|2|3"), Separator::Pipe);
        assert_eq!(detect("Laporan, Oktober\n\na;b;c\n1;2;3\n4;5;6\n"), Separator::Semicolon);
        assert_eq!(detect("alone\n1\n"), Separator::Comma);
        // A mark before the end of a quoted cell opens no cell that never ends.
        assert_eq!(detect("a,\"b|||||||||||||\",c\n1,2,3\n"), Separator::Comma);
        assert_eq!(detect("a|b|c;takar_impor;takar_baris;d\n1|2|3;7;2;\n"), Separator::Semicolon);
    }
}
