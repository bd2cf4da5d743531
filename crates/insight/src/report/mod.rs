//! Evaluations as people keep them: text for a terminal, one HTML file, one workbook.

mod html;
mod sections;
mod svg;
mod terminal;
mod workbook;
