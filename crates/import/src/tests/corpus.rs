//! Every file that the fuzzed targets start from, and every one that once broke a promise, through the same checks.

use std::path::{Path, PathBuf};

use crate as takar_import;

#[path = "../../../../fuzz/src/checks.rs"]
mod checks;

/// The files of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

#[test]
fn every_kept_file_keeps_the_promises() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut findings = 0;
    for (target, check) in checks::TARGETS {
        let seeds = files(&fuzz.join("seeds").join(target));
        assert!(!seeds.is_empty(), "no seeds for {target}");
        let corpus = fuzz.join("corpus").join(target);
        // A target that never found anything has no folder.
        let found = if corpus.exists() { files(&corpus) } else { Vec::new() };
        findings += found.len();
        for file in seeds.iter().chain(&found) {
            // Shown only where the check fails.
            println!("{}", file.display());
            check(&std::fs::read(file).expect("readable"));
        }
    }
    assert!(findings > 0, "the corpus is missing");
}
