use proptest::prelude::*;
use takar_model::{Lang, Month};

use super::*;
use crate::metrics::{Labels, NONE, Names};

fn names() -> Names {
    let labels = |ids: &[&str]| Labels::from_ids(ids.iter().map(|&id| id.to_owned()).collect());
    let accounts = Labels::new(vec!["a1".into(), "a2".into()], vec![Some("Toko Maju".into()), None]);
    Names { manager: labels(&["7", "10"]), region: labels(&["West", "East"]), account: accounts, ..Names::default() }
}

/// The filter's answer for a line of manager 7, the given region and account, in March 2019.
fn holds(text: &str, region: u32, account: u32) -> Option<bool> {
    let filter: Filter = text.parse().expect(text);
    let code = |dimension| match dimension {
        Dimension::Manager => 0,
        Dimension::Region => region,
        Dimension::Account => account,
        _ => NONE,
    };
    let month = Month::new(2019, 3).expect("a month");
    Mask::new(&filter, &names()).holds(&code, month.index())
}

#[test]
fn reads_and_runs_every_form() {
    for (text, expected) in [
        ("region = 'West'", Some(true)),
        ("region != 'West'", Some(false)),
        ("REGION <> \"East\" AND manager = '7'", Some(true)),
        ("manager = 7", Some(true)),
        ("manager < 10", Some(true)),
        ("not manager = '7'", Some(false)),
        ("region = 'West' and (manager in ('8', '9') or not manager = '10')", Some(true)),
        ("manager not in (7, 8)", Some(false)),
        ("account_name like 'toko%'", Some(true)),
        ("account_name not like '%maj_'", Some(false)),
        ("year >= 2017 and year < 2020", Some(true)),
        ("month between '2019-01' and '2019-03'", Some(true)),
        ("quarter = '2019-Q2'", Some(false)),
        ("month in ('2019-03', '2019-05')", Some(true)),
        ("segment = 'A'", None),
        ("not segment = 'A'", None),
        ("segment is null", Some(true)),
        ("segment is not null or region = 'East'", Some(false)),
        ("segment = 'A' and region = 'East'", Some(false)),
        ("segment = 'A' or region = 'West'", Some(true)),
    ] {
        assert_eq!(holds(text, 0, 0), expected, "{text}");
        let filter: Filter = text.parse().expect(text);
        assert_eq!(holds(&filter.to_string(), 0, 0), expected, "{text} written as {filter}");
    }
    assert_eq!(holds("account_name is null", 0, 1), Some(true));
    assert_eq!(holds("region = 'It''s'", 1, 1), Some(false));
}

#[test]
fn says_where_it_went_wrong() {
    for (text, position) in [
        ("", 1),
        ("region", 7),
        ("region = ", 10),
        ("region = West", 10),
        ("wilayah = 'x'", 1),
        ("region = 'x", 10),
        ("region = 'x' manager = '1'", 14),
        ("(region = 'x'", 14),
        ("region = 'x'; drop", 13),
        ("month = '2019'", 9),
        ("region is 'x'", 11),
        ("region in 'x'", 11),
        ("region not = 'x'", 12),
    ] {
        match text.parse::<Filter>() {
            Err(InsightError::Filter { position: found, .. }) => assert_eq!(found, position, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let error = "kota = 'x'".parse::<Filter>().expect_err("no such column");
    assert!(error.message(Lang::Id).contains("kolom \"kota\" tidak dikenal"), "{error}");
    let deep = format!("{}region = 'x'{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(deep.parse::<Filter>().is_err());
}

proptest! {
    #[test]
    fn never_panics(text in "[a-z_ ='<>!(),%0-9\"-]{0,40}|\\PC{0,20}") {
        let _outcome = text.parse::<Filter>();
    }
}
