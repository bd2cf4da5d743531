use std::collections::BTreeSet;

use super::*;
use crate::{
    evaluation::weights::{Kind, Weighable},
    metrics::Dimension,
};

/// Every pack reads, type-checks, is said in both languages and has weights that hold.
#[test]
fn every_pack_is_whole() {
    let packs = Pack::all().expect("packs read");
    let ids: BTreeSet<&str> = packs.iter().map(|pack| pack.id.as_str()).collect();
    assert_eq!(ids.len(), 5);
    for pack in &packs {
        let own = pack.own_kpis().unwrap_or_else(|error| panic!("{}: {error}", pack.id));
        for kpi in &own {
            for words in [&kpi.name, &kpi.description] {
                assert!(!words.id.is_empty() && !words.en.is_empty(), "{} {}: both languages", pack.id, kpi.id);
            }
            assert!(kpi.definition().chosen(1).is_ok(), "{} {}: an id that may be saved", pack.id, kpi.id);
            assert_ne!(kpi.description.id, kpi.description.en, "{} {}", pack.id, kpi.id);
            // What is measured of the work with intervals and enough cases has no rougher double.
            assert!(of_work(&kpi.id).is_none(), "{} {}", pack.id, kpi.id);
        }
        let by_manager = |id: &str| own.iter().all(|kpi| kpi.id != id || kpi.knows(Dimension::Manager));
        let known = |id: &str| Some(Weighable { direction: pack.direction_of(id)?, by_manager: by_manager(id) });
        let problems = pack.weights.problems(&known);
        assert!(problems.is_empty(), "{}: {problems:?}", pack.id);
        for kind in Kind::ALL {
            assert!(!pack.weights.group(kind).kpis.is_empty(), "{}: {kind:?} is weighed", pack.id);
        }
        assert!(pack.words.iter().all(|word| !word.id.is_empty() && !word.en.is_empty() && word.id != word.en));
        // Two packs may have the same KPI, but not two of one id that differ.
        for other in &packs {
            for (one, two) in pack.kpis.iter().flat_map(|one| other.kpis.iter().map(move |two| (one, two))) {
                assert!(one.id != two.id || one == two, "{} differs in {} and {}", one.id, pack.id, other.id);
            }
        }
    }
    assert!(
        Pack::find("fmgc").expect_err("unknown").message(Lang::En).contains("there are: distribution, b2b_services")
    );
}
