//! What the fuzzed targets run. The checks are shared with the tests of the import crate, which run every file kept
//! here on each `make test`.

pub mod checks;
pub use takar_import;

/// Any panic ends the run, but for those of the part that reads workbooks: the reader catches them and refuses the file.
/// One that nobody catches still ends it.
pub fn let_calamine_panic() {
    let end = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("/calamine-")) {
            end(panic);
        }
    }));
}
