//! Where results go: a file or standard output.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, Result};
use takar_model::Lang;

/// Writes all bytes to a file, or to standard output without one.
pub fn write(path: Option<&Path>, bytes: &[u8]) -> Result<()> {
    match path {
        Some(path) => fs::write(path, bytes).with_context(|| format!("{}", path.display())),
        None => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            Ok(out.flush()?)
        }
    }
}

/// A line on standard output.
pub fn line(text: &str) -> Result<()> {
    write(None, format!("{text}\n").as_bytes())
}

/// Whoever read our output has stopped reading, as `head` does: no error of ours.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Left-aligned texts and right-aligned numbers in columns, with a header.
pub fn table(header: &[&str], is_number: &[bool], rows: &[Vec<String>]) -> String {
    let width = |text: &str| text.chars().count();
    let widths: Vec<usize> = header
        .iter()
        .enumerate()
        .map(|(column, title)| rows.iter().map(|row| width(&row[column])).chain([width(title)]).max().unwrap_or(0))
        .collect();
    let one = |cells: &[String]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .zip(is_number)
            .map(|((cell, wide), number)| {
                let space = " ".repeat(wide - width(cell));
                if *number { format!("{space}{cell}") } else { format!("{cell}{space}") }
            })
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let titles: Vec<String> = header.iter().map(|title| (*title).to_owned()).collect();
    let rule: Vec<String> = widths.iter().map(|wide| "─".repeat(*wide)).collect();
    let mut lines = vec![one(&titles), rule.join("  ")];
    lines.extend(rows.iter().map(|row| one(row)));
    lines.join("\n")
}

/// An exact number with its thousands marked and without zeros at its end; any other text as it is.
pub fn grouped(number: &str, lang: Lang) -> String {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let Ok(units) = whole.parse::<i128>() else { return number.to_owned() };
    let decimals = decimals.trim_end_matches('0');
    let sign = if units == 0 && whole.starts_with('-') { "-" } else { "" };
    let mark = if lang == Lang::Id { "," } else { "." };
    let mark = if decimals.is_empty() { "" } else { mark };
    format!("{sign}{}{mark}{decimals}", lang.group(units))
}
