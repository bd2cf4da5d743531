//! Scorecards on a simulated company: points that add up, weights with versions, and what a server keeps.

use serde_json::Value;

use crate::{serve::Server, support::Home};

#[test]
fn points_add_up_and_weights_have_versions() {
    let home = Home::new();
    let data = home.path().join("data");
    let folder = data.to_str().expect("text");
    home.ok(&["simulate", "--lines", "20000", "--seed", "5", "--out", folder]);
    let mut feedback = Value::Null;
    for (kind, file) in [
        ("sales", "penjualan"),
        ("targets", "target"),
        ("ownership", "kepemilikan"),
        ("activities", "aktivitas"),
        ("offers", "penawaran"),
        ("feedback", "umpan_balik"),
    ] {
        feedback = home.import(kind, &data.join(format!("{file}.csv")), &[])["id"].take();
    }
    let cards = home.json(&["scorecard", "2025", "--format", "json"]);
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("a number: {value}"));
    let managers = cards["managers"].as_array().expect("managers");
    assert!(managers.len() >= 3, "{cards}");
    let mut scored = 0;
    for manager in managers.iter().filter(|manager| !manager["whole"]["score"].is_null()) {
        let whole = number(&manager["whole"]["score"]);
        let parts = manager["parts"].as_array().expect("parts");
        let sum = |what: &str| parts.iter().filter_map(|part| part[what].as_f64()).sum::<f64>();
        assert!((sum("gained") - whole).abs() < 1e-9, "{manager}");
        assert!((sum("lost") - (100.0 - whole)).abs() < 1e-9, "{manager}");
        assert!(manager["rank_best"].as_u64() <= manager["rank_worst"].as_u64());
        scored += 1;
    }
    assert!(scored >= 3, "{cards}");
    // The attainment on the card is the attainment of the figures.
    let table =
        home.json(&["metrics", "--by", "manager", "--kpi", "attainment", "--period", "2025", "--format", "json"]);
    let place =
        cards["kpis"].as_array().expect("kpis").iter().position(|kpi| kpi["id"] == "attainment").expect("there");
    for row in table["rows"].as_array().expect("rows").iter().filter(|row| row["attainment"].is_number()) {
        let manager = managers.iter().find(|one| one["id"] == row["manager"]);
        assert_eq!(manager.map(|one| &one["parts"][place]["value"]), Some(&row["attainment"]), "{row}");
    }
    let text = home.ok(&["scorecard", "2025", "--manager", managers[0]["id"].as_str().expect("an id")]);
    assert!(text.contains("Quantity") && text.contains("no verdict"), "{text}");

    // What is behind a result closes to the gap, whoever's.
    for manager in managers {
        let id = manager["id"].as_str().expect("an id");
        let found = home.json(&["diagnose", "2025", "--manager", id, "--format", "json"]);
        let amount = |value: &Value| value.to_string().parse::<f64>().expect("a number");
        let causes: f64 =
            found["causes"].as_array().expect("causes").iter().map(|cause| amount(&cause["amount"])).sum();
        let sum = causes + amount(&found["made_up"]) + amount(&found["small"]);
        assert!((sum - amount(&found["gap"])).abs() < 0.01, "{found}");
        assert!(home.ok(&["diagnose", "2025", "--manager", id]).contains("1. "));
    }
    assert!(home.refused(&["diagnose", "2025", "--manager", "nobody"]).contains("nobody"));

    // Weights that do not hold are refused with all that is wrong; those that do are the next version.
    let weights = home.json(&["scorecard", "weights"]);
    let mut wrong = weights.clone();
    wrong["quantity"]["weight"] = 60.into();
    wrong["process"]["kpis"][0]["kpi"] = "nothing".into();
    let file = home.file("bobot.json", wrong.to_string());
    let said = home.refused(&["scorecard", "weights", "--set", file.to_str().expect("text")]);
    assert!(said.contains("110 %") && said.contains("nothing"), "{said}");
    let mut other = weights;
    other["quantity"]["weight"] = 100.into();
    other["process"]["weight"] = 0.into();
    other["communication"]["weight"] = 0.into();
    let file = home.file("bobot.json", other.to_string());
    for version in 1..=2 {
        let set = home.json(&["scorecard", "weights", "--set", file.to_str().expect("text"), "--as", "Siti"]);
        assert_eq!(set["version"], version);
    }
    assert_eq!(home.json(&["scorecard", "weights", "--history"]).as_array().map(Vec::len), Some(2));
    let server = Server::start(&home);
    let own = server.json("/api/scorecard?period=2025");
    assert_eq!(own["weights_version"], 2);
    for manager in own["managers"].as_array().expect("managers") {
        // All the weight is on quantity: the whole is its score.
        assert_eq!(manager["whole"]["score"], manager["quantity"]["score"]);
    }
    let (status, body) = server.ask("GET", "/api/scorecard?manager=nobody", "Accept-Language: en\r\n", "");
    assert_eq!(status, 422, "{body}");

    // What the server keeps for all is what a command finds for one.
    let ids: Vec<&str> = managers.iter().take(3).filter_map(|manager| manager["id"].as_str()).collect();
    let agree = || {
        for what in ["evaluate", "scorecard", "fair", "process", "diagnose"] {
            let path = format!("/api/{}", if what == "evaluate" { "evaluation" } else { what });
            if what != "diagnose" {
                assert_eq!(server.json(&path), home.json(&[what, "--format", "json"]), "{what}");
            }
            for id in &ids {
                let fresh = home.json(&[what, "--manager", id, "--format", "json"]);
                assert_eq!(server.json(&format!("{path}?manager={id}")), fresh, "{what} {id}");
            }
        }
    };
    agree();
    // Feedback shapes no panel; the figures follow all the same.
    let nps = || {
        let cards = server.json("/api/scorecard?period=2025");
        let place = cards["kpis"].as_array().expect("kpis").iter().position(|kpi| kpi["id"] == "nps").expect("there");
        let managers = cards["managers"].as_array().expect("managers").iter();
        managers.filter(|manager| manager["parts"][place]["value"].is_number()).count()
    };
    assert!(nps() > 0);
    home.ok(&["imports", "undo", &feedback.to_string()]);
    assert_eq!(nps(), 0);
    agree();
}
