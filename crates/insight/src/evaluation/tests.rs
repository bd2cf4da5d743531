use takar_model::{Lang, Money};

use super::*;
use crate::fixtures::{Company, Line, distributor};

#[test]
fn the_default_is_the_last_complete_month() {
    let company = distributor();
    let evaluation = evaluate(&company, None, None).expect("an evaluation");
    assert_eq!(evaluation.period.to_string(), "2025-10");
    assert_eq!(evaluation.base.map(|base| base.to_string()).as_deref(), Some("2025-09"));
    let running = evaluation.month_to_date.expect("November runs");
    assert_eq!((running.month.to_string(), running.last_day.to_string()), ("2025-11".into(), "2025-11-12".into()));
    // Ten of 25 working days: 3–8 and 10–12 November, and Saturday the 1st.
    assert!((running.time_gone - 10.0 / 25.0).abs() < 1e-12 && running.days_left == 15);
}

#[test]
fn figures_and_movers_close_to_the_last_unit() {
    let company = distributor();
    let evaluation = evaluate(&company, None, None).expect("an evaluation");
    let net = |card: &Scorecard| match (card.net_sales().value, card.net_sales().prior) {
        (Value::Money(now), Value::Money(before)) => (now, before),
        other => panic!("{other:?}"),
    };
    let (total, total_before) = net(&evaluation.total);
    let managers: Money = evaluation.managers.iter().map(|manager| net(&manager.card).0).sum();
    assert_eq!(managers, total);
    for units in [&evaluation.supervisors, &evaluation.branches] {
        assert_eq!(units.iter().map(|unit| net(&unit.card).0).sum::<Money>(), total);
        assert_eq!(units.iter().map(|unit| unit.managers).sum::<usize>(), 6);
    }
    let mut difference = Money::ZERO;
    for manager in &evaluation.managers {
        let movers = manager.movers_prior.as_ref().expect("September is in the data");
        let (now, before) = net(&manager.card);
        assert_eq!(movers.difference, now - before);
        let listed: Money = movers.up.iter().chain(&movers.down).map(|mover| mover.change).sum();
        assert_eq!(listed + movers.others, movers.difference);
        difference += movers.difference;
    }
    assert_eq!(difference, total - total_before);
    let overview = overview(&company, None).expect("an overview");
    assert_eq!(overview.movers.difference, total - total_before);
    assert_eq!(overview.total, evaluation.total);
    assert_eq!(overview.summary(Lang::Id), evaluation.summary(Lang::Id));
}

#[test]
fn one_manager_is_evaluated_among_all() {
    let company = distributor();
    let all = evaluate(&company, None, None).expect("an evaluation");
    let one = evaluate(&company, None, Some("AM-03")).expect("an evaluation");
    assert_eq!(one.managers, [all.managers[2].clone()]);
    assert_eq!(one.managers[0].card.net_sales().place.map(|place| place.of), Some(6));
    assert_eq!(evaluate(&company, None, Some("x")), Err(InsightError::UnknownManager("x".to_owned())));
    assert_eq!(evaluate(&Company::new(Vec::new()), None, None), Err(InsightError::NoData));
}

/// Of two or three managers the median is a colleague's figure.
#[test]
fn one_manager_alone_is_placed_among_enough_only() {
    let company = Company::new((0..3).map(|who| Line::sale("2025-10-31", who, who, 5 + i64::from(who))).collect());
    let evaluation = evaluate(&company, None, None).expect("an evaluation");
    let place = evaluation.managers[0].card.net_sales().place.expect("who sees everybody is told");
    assert_eq!((place.of, place.peer_median), (3, 6.0));
    let of = |evaluation: &Evaluation| -> serde_json::Value {
        let id = evaluation.managers[0].key.id.as_deref().expect("somebody");
        let text = evaluation.json_of(id, Lang::En).expect("written").expect("is in it");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["manager"]["figures"][0].clone()
    };
    let alone = of(&evaluation);
    assert!(
        alone["value"].as_f64() == Some(5.0) && alone["rank"].is_null() && alone["peer_median"].is_null(),
        "{alone}"
    );
    let among_six = of(&evaluate(&distributor(), None, None).expect("an evaluation"));
    assert!(among_six["of"] == 6 && among_six["peer_median"].is_number(), "{among_six}");
}

#[test]
fn json_has_the_shape_of_the_interface() {
    let company = distributor();
    let json = |text: Result<String, InsightError>| -> serde_json::Value {
        serde_json::from_str(&text.expect("written")).expect("JSON")
    };
    let fields =
        |value: &serde_json::Value| -> Vec<String> { value.as_object().expect("an object").keys().cloned().collect() };
    let page = json(overview(&company, None).expect("an overview").to_json(Lang::En));
    assert_eq!(
        fields(&page).join(" "),
        "period base year_base data_version credit currency kpis months month_to_date managers supervisors branches movers \
         summary default_period periods"
    );
    assert_eq!(page["currency"], "IDR");
    assert_eq!(page["months"].as_array().map(Vec::len), Some(24));
    assert_eq!(page["periods"][0], "2025-11");
    let report = json(evaluate(&company, None, None).expect("an evaluation").to_json(Lang::Id));
    let manager = &report["managers"][0];
    assert_eq!(fields(manager).join(" "), "id name supervisor branch figures movers strengths gaps months presence");
    assert_eq!(
        fields(&manager["figures"][0]).join(" "),
        "kpi value prior year growth_prior growth_year target attainment coverage rank of peer_median"
    );
    assert_eq!(fields(&manager["movers"]["prior"]).join(" "), "up down others difference");
}

#[test]
fn reports_look_as_they_should() {
    let evaluation = evaluate(&distributor(), None, None).expect("an evaluation");
    insta::assert_snapshot!("summary_id", evaluation.summary(Lang::Id));
    insta::assert_snapshot!("summary_en", evaluation.summary(Lang::En));
    insta::assert_snapshot!("table_id", evaluation.table(Lang::Id));
    insta::assert_snapshot!("table_en", evaluation.table(Lang::En));
    let html = evaluation.html(Lang::Id);
    assert!(html.contains("Agus &lt;Wijaya&gt;") && html.contains("Eko &amp; Prasetyo") && !html.contains("<Wijaya>"));
    assert!(!html.contains("<script") && !html.contains("src=") && !html.contains("href="));
    insta::assert_snapshot!("html_id", html);
    for lang in [Lang::Id, Lang::En] {
        let workbook = evaluation.xlsx(lang).expect("a workbook");
        assert_eq!(workbook.get(..4), Some(&b"PK\x03\x04"[..]));
    }
}

#[test]
fn without_a_past_there_are_reasons_not_zeros() {
    let company = Company::new(vec![Line::sale("2025-10-01", 0, 0, 5), Line::sale("2025-10-31", 1, 1, 7)]);
    let evaluation = evaluate(&company, None, None).expect("an evaluation");
    let lost = evaluation.total.figure(Kpi::LostAccounts);
    assert_eq!(lost.value, Value::Null(crate::metrics::Why::BaseBeforeData));
    assert_eq!(evaluation.managers[0].movers_prior, None);
    assert!(evaluation.month_to_date.is_none());
    assert!(evaluation.table(Lang::En).contains('–'));
    let json = evaluation.to_json(Lang::Id).expect("written");
    assert!(json.contains("periode pembanding mulai sebelum data ada"), "{json}");
}
