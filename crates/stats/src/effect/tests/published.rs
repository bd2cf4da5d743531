//! Proposition 99: California's tobacco tax of 1989, as published with the method.

use std::path::PathBuf;

use super::*;

/// The names of the states, and packs of cigarettes sold a head from 1970 to 2000; none where the data sets are not at hand.
fn proposition_99() -> Option<(Vec<String>, Panel)> {
    let shared = std::env::var_os("TAKAR_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let file = shared.join("data/causal/smoking_data.csv");
    if !file.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", file.display());
        eprintln!("skipped: {} is missing", file.display());
        return None;
    }
    let (mut names, mut units): (Vec<String>, Vec<Unit>) = (Vec::new(), Vec::new());
    for row in csv::Reader::from_path(file).expect("readable").records() {
        let row = row.expect("a row");
        if names.last().map(String::as_str) != Some(&row[0]) {
            names.push(row[0].to_owned());
            units.push(Unit { outcomes: Vec::new(), from: (&row[0] == "California").then_some(19) });
        }
        let last = units.last_mut().expect("just pushed");
        last.outcomes.push(Some(row[2].parse().expect("packs")));
    }
    assert_eq!((names.len(), units[0].outcomes.len()), (39, 31));
    Some((names, Panel::new(&units).expect("a panel")))
}

#[test]
fn proposition_99_comes_out_as_published() {
    let Some((names, panel)) = proposition_99() else { return };
    let design = Design::of(&panel, 0).expect("a design");
    for (method, effect, sd) in
        [(Method::SyntheticDid, -15.604, 9.4), (Method::SyntheticControl, -19.620, 10.6), (Method::Did, -27.349, 17.3)]
    {
        let found = Effect::of(&panel, &design, method, Search::Published);
        assert_close!(found.value, effect, 5e-4);
        let placebos = Placebos::of(&panel, &design, method, Draws::usual(1)).expect("enough");
        // Published from random draws; ours are all 38 states.
        assert_eq!(placebos.effects.len(), 38);
        assert_close!(placebos.sd / sd, 1.0, 0.3);
    }
    let found = Effect::of(&panel, &design, Method::SyntheticDid, Search::Published);
    let times: Vec<usize> = found.cohorts[0].times.iter().map(|one| one.of).collect();
    assert_eq!(times, [16, 17, 18]);
    for (one, published) in found.cohorts[0].times.iter().zip([0.366, 0.206, 0.427]) {
        assert_close!(one.weight, published, 1e-3);
    }
    for (state, published) in [("Nevada", 0.124), ("New Hampshire", 0.105), ("Connecticut", 0.078)] {
        let unit = names.iter().position(|name| name == state).expect("a state");
        let weight = found.cohorts[0].units.iter().find(|one| one.of == unit).expect("it counts").weight;
        assert_close!(weight, published, 1e-3);
    }
}
