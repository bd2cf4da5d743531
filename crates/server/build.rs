//! Builds anew when the page was; refuses a release without it. Never runs npm.

use std::{env, path::Path};

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_release && !dist.join("index.html").exists() {
        println!("cargo::error=the page is not built: run `make web` before building a release");
    }
}
