//! The rules of the scorecard in special cases, on a company made by hand: weights, a KPI that is missing, no target, joined and
//! handed over in mid-period, one account of two managers, leave, and no account at all.
//!
//! October 2025 begins on a Wednesday; without its four Sundays it has 27 working days.

use std::fs;

use serde_json::Value;

use crate::{serve::Server, support::Home};

/// Who sold what on which day, as it was recorded.
const SALES: &str = "no_faktur,tanggal,kode_pelanggan,nama_pelanggan,kode_sales,nama_sales,kode_barang,jumlah,netto
F1,2025-10-06,A1,Toko 1,S1,Sari,B1,1,1000
F2,2025-10-06,A2,Toko 2,S2,Budi,B1,1,400
F3,2025-10-21,A3,Toko 3,S3,Citra,B1,1,198
F4,2025-10-06,A4,Toko 4,S4,Dedi,B1,1,800
F5,2025-10-06,A5,Toko 5,S6,Fajar,B1,1,300
F6,2025-10-21,A5,Toko 5,S6,Fajar,B1,1,500
F7,2025-10-08,A7,Toko 7,S7,Gita,B1,1,1000
F8,2025-10-31,A1,Toko 1,S1,Sari,B1,1,0
";
/// A5 goes from S5 to S6 in mid-month; of A7 S7 has 60 % and S9 40 %.
const OWNERS: &str = "kode_pelanggan,kode_sales,mulai,sampai,bagian
A1,S1,2025-01-01,,
A2,S2,2025-01-01,,
A3,S3,2025-01-01,,
A4,S4,2025-01-01,,
A5,S5,2025-01-01,2025-10-15,
A5,S6,2025-10-16,,
A7,S7,2025-01-01,,60
A7,S9,2025-01-01,,40
";
/// S4 has no target.
const TARGETS: &str = "kode_sales,bulan,target
S1,2025-10,1000
S2,2025-10,1000
S3,2025-10,540
S5,2025-10,500
S6,2025-10,500
S7,2025-10,600
S9,2025-10,500
";
/// S8 is a manager and has no account.
const MANAGERS: &str = "kode_sales,nama_sales
S1,Sari
S2,Budi
S3,Citra
S4,Dedi
S5,Eka
S6,Fajar
S7,Gita
S8,Hadi
S9,Indra
";
/// How many offers each made.
const OFFERS: [(&str, usize); 8] =
    [("S1", 4), ("S2", 2), ("S3", 1), ("S4", 3), ("S5", 2), ("S6", 5), ("S7", 2), ("S9", 1)];
/// S2 is on leave from the 15th: 15, 16, 17, 18, 20–25, 27–31 are 15 working days, 12 of 27 are left. S3 joined on the 20th: of 1 to
/// 19 October 16 are working days, 11 of 27 are left.
const ABSENCES: &str = "kode_sales,mulai,sampai,alasan
S2,2025-10-15,2025-11-02,cuti
S3,,2025-10-19,belum bergabung
";
const WEIGHTS: &str = r#"{"version":1,
    "quantity":{"weight":60,"kpis":[{"kpi":"attainment","weight":50},{"kpi":"net_sales","weight":50}]},
    "process":{"weight":40,"kpis":[{"kpi":"offers_sent","weight":100}]},
    "communication":{"weight":0,"kpis":[]}}"#;

fn company() -> Home {
    let home = Home::new();
    let mut offers = "no_penawaran,tanggal_kirim,kode_pelanggan,kode_sales,status\n".to_owned();
    for (manager, count) in OFFERS {
        for place in 0..count {
            offers.push_str(&format!("P-{manager}-{place},2025-10-07,A1,{manager},terbuka\n"));
        }
    }
    for (kind, text) in [
        ("sales", SALES),
        ("ownership", OWNERS),
        ("targets", TARGETS),
        ("managers", MANAGERS),
        ("offers", offers.as_str()),
    ] {
        home.import(kind, &home.file(&format!("{kind}.csv"), text), &[]);
    }
    let file = home.file("bobot.json", WEIGHTS);
    home.ok(&["scorecard", "weights", "--set", file.to_str().expect("text"), "--as", "Siti"]);
    home
}

fn cards(home: &Home) -> Value {
    home.json(&["scorecard", "2025-10", "--credit", "then", "--format", "json"])
}

fn card<'a>(cards: &'a Value, id: &str) -> &'a Value {
    let all = cards["managers"].as_array().expect("managers");
    all.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("{id}: {cards}"))
}

/// The part of a KPI: 0 attainment, 1 net sales, 2 offers sent.
fn number(card: &Value, kpi: usize, what: &str) -> Option<f64> {
    card["parts"][kpi][what].as_f64()
}

#[track_caller]
fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("nothing, not {expected}"));
    assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
}

/// Net sales 198, 300, 400, 400, 500, 600, 800, 1000: the outer 5 % cut at 198 + 0.35 × 102 and 800 + 0.65 × 200.
fn points_of_net(net: f64) -> f64 {
    100.0 * ((net - 233.7) / (930.0 - 233.7)).clamp(0.0, 1.0)
}

/// Offers 1, 1, 2, 2, 2, 3, 4, 5: the outer 5 % cut at 1 and 4 + 0.65.
fn points_of_offers(offers: f64) -> f64 {
    100.0 * ((offers - 1.0) / 3.65).clamp(0.0, 1.0)
}

#[test]
fn special_cases_come_to_what_a_hand_counts() {
    let home = company();
    let before = cards(&home);
    home.import("absences", &home.file("absen.csv", ABSENCES), &[]);
    let after = cards(&home);

    // Weights. S1 reached 100 %: 60 % earns nothing and 110 % all, so 80 points.
    let one = card(&after, "S1");
    let whole = 0.3 * 80.0 + 0.3 * points_of_net(1000.0) + 0.4 * points_of_offers(4.0);
    near(one["whole"]["score"].as_f64(), whole);
    near(number(one, 0, "gained"), 24.0);

    // No target: attainment is missing, which is said and not taken for zero; its weight goes to what is known.
    let one = card(&after, "S4");
    assert_eq!((number(one, 0, "value"), number(one, 0, "points")), (None, None), "{one}");
    assert!(one["parts"][0]["reason"].as_str().is_some_and(|why| why.contains("target")), "{one}");
    near(one["whole"]["known"].as_f64(), 0.7);
    near(one["whole"]["score"].as_f64(), (0.3 * points_of_net(800.0) + 0.4 * points_of_offers(3.0)) / 0.7);

    // Handed over in mid-period: 300 of the 6th are of S5, 500 of the 21st of S6. As recorded S6 has both.
    near(number(card(&after, "S5"), 1, "value"), 300.0);
    near(number(card(&after, "S5"), 0, "value"), 0.6);
    near(number(card(&after, "S6"), 1, "value"), 500.0);
    near(number(card(&after, "S6"), 0, "points"), 80.0);
    let recorded = home.json(&["scorecard", "2025-10", "--credit", "recorded", "--format", "json"]);
    near(number(card(&recorded, "S6"), 1, "value"), 800.0);

    // Two managers on one account, 60 and 40 %: 600 of 600 and 400 of 500.
    for (id, net, attained, points) in [("S7", 600.0, 1.0, 80.0), ("S9", 400.0, 0.8, 40.0)] {
        let one = card(&after, id);
        near(number(one, 1, "value"), net);
        near(number(one, 0, "value"), attained);
        near(number(one, 0, "points"), points);
    }

    // On leave: 400 of 1000 is 40 % of the whole target and 90 % of it for 12 of 27 days: 60 points. 400 in 12 days are 900 in 27,
    // two offers four and a half. What was recorded stays beside it.
    let one = card(&after, "S2");
    near(number(one, 0, "value"), 0.4);
    near(number(one, 0, "counted"), 0.9);
    near(number(one, 0, "points"), 60.0);
    near(number(one, 1, "points"), points_of_net(900.0));
    near(number(one, 2, "points"), points_of_offers(4.5));
    assert_eq!((&one["presence"]["days"], &one["presence"]["present"]), (&27.into(), &12.into()));
    assert!(one["rank_best"].is_number(), "{one}");

    // Joined in mid-period: 198 of 540 × 11 / 27 = 220 is 90 % again.
    let one = card(&after, "S3");
    near(number(one, 0, "value"), 198.0 / 540.0);
    near(number(one, 0, "counted"), 0.9);

    // Nobody else's figures or points move, only ranks.
    for id in ["S1", "S4", "S5", "S6", "S7", "S9"] {
        for part in ["parts", "whole", "quantity", "process", "communication", "quality", "corner", "presence"] {
            assert_eq!(card(&after, id)[part], card(&before, id)[part], "{id} {part}");
        }
    }
    assert_eq!(after["kpis"], before["kpis"]);

    // Hardly there: scored, but not ranked. From the 6th on nothing but the 1st to the 4th is left: 4 of 27.
    home.import(
        "absences",
        &home.file("lagi.csv", "kode_sales,mulai,sampai,alasan\nS7,2025-10-05,2025-10-31,sakit\n"),
        &[],
    );
    let short = cards(&home);
    let one = card(&short, "S7");
    assert!(one["whole"]["score"].is_number() && one["rank_best"].is_null(), "{one}");
    assert!(one["presence"]["no_rank"].as_str().is_some_and(|why| why.contains("25")), "{one}");
    assert_eq!(card(&short, "S1")["ranked"], 7);

    // No account: a card that says so, and a refusal only of who is not known.
    let text = home.ok(&["scorecard", "2025-10", "--manager", "S8"]);
    assert!(text.contains("no sale, target, account or activity"), "{text}");
    let blank = home.json(&["scorecard", "2025-10", "--manager", "S8", "--format", "json"]);
    assert!(card(&blank, "S8")["whole"]["score"].is_null() && card(&blank, "S8")["rank_best"].is_null());
    assert!(home.refused(&["scorecard", "2025-10", "--manager", "S0"]).contains("S0"));

    // The evaluation tells days and both targets beside the figures, which stay as they are.
    let text = home.ok(&["evaluate", "--period", "2025-10", "--credit", "then", "--manager", "S2"]);
    assert!(text.contains("present on 12 of 27 working days (leave"), "{text}");
    assert!(text.contains("90.0% attained") && text.contains("40.0%"), "{text}");
    let server = Server::start(&home);
    let told = server.json("/api/evaluation?period=2025-10&credit=then&manager=S2");
    near(told["managers"][0]["presence"]["attainment"].as_f64(), 0.9);
    near(told["managers"][0]["figures"][0]["attainment"].as_f64(), 0.4);
    // An import of absences is seen at once, though no figure of sales changed.
    let asked = "/api/scorecard?period=2025-10&credit=then&manager=S1";
    assert!(server.json(asked)["managers"][0]["presence"].is_null());
    home.import("absences", &home.file("akhir.csv", "kode_sales,mulai,sampai,alasan\nS1,2025-10-27,,resign\n"), &[]);
    assert_eq!(server.json(asked)["managers"][0]["presence"]["away"][0]["reason"], "left");

    // Who left long ago has no evaluation in a cycle, unless one is asked for.
    home.import("absences", &home.file("dulu.csv", "kode_sales,mulai,sampai,alasan\nS8,2024-06-01,,resign\n"), &[]);
    let evaluated = |only: &[&str]| -> Vec<String> {
        let days = ["--self-due", "2099-01-10", "--lead-due", "2099-01-20"];
        let more = ["--talk-due", "2099-01-31", "--sign-due", "2099-02-10", "--format", "json"];
        let opened =
            home.json(&[&["cycles", "open", "Oktober", "--period", "2025-10"], &days[..], &more, only].concat());
        let of = opened["of"].as_array().expect("evaluations").iter();
        of.map(|one| one["manager"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(evaluated(&[]), ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S9"]);
    assert_eq!(evaluated(&["--manager", "S8"]), ["S8"]);
}

/// The same company with one manager under another id and name: nothing of the others changes.
#[test]
fn a_colleague_renamed_changes_nobody_elses_number() {
    let answers = |renamed: bool| -> Vec<(String, String)> {
        let home = Home::new();
        let data = home.path().join("data");
        home.ok(&["simulate", "--lines", "20000", "--seed", "5", "--out", data.to_str().expect("text")]);
        let managers = fs::read_to_string(data.join("sales.csv")).expect("a file");
        let name_of = |id: &str| {
            let row = managers.lines().find(|row| row.starts_with(id)).expect("a manager");
            row.split(',').nth(1).expect("a name").to_owned()
        };
        for (kind, file) in [
            ("sales", "penjualan"),
            ("managers", "sales"),
            ("targets", "target"),
            ("ownership", "kepemilikan"),
            ("activities", "aktivitas"),
            ("offers", "penawaran"),
            ("feedback", "umpan_balik"),
        ] {
            let path = data.join(format!("{file}.csv"));
            if renamed {
                let text = fs::read_to_string(&path).expect("a file");
                // One after all others and one before them, where the order of ids would show.
                let other = text
                    .replace(&format!("SLS-003,{}", name_of("SLS-003")), "ZZZ-99,Zaki Baru")
                    .replace("SLS-003", "ZZZ-99")
                    .replace("SLS-001", "AAA-00");
                assert_ne!(text, other, "{file}");
                fs::write(&path, other).expect("written");
            }
            home.import(kind, &path, &[]);
        }
        home.import(
            "absences",
            &home.file("absen.csv", "kode_sales,mulai,sampai,alasan\nSLS-002,2025-03-03,2025-03-14,cuti\n"),
            &[],
        );
        let mut told = Vec::new();
        for id in ["SLS-002", "SLS-004"] {
            for asked in [
                &["scorecard", "2025", "--manager", id, "--format", "json"][..],
                &["evaluate", "--period", "2025", "--manager", id, "--format", "json"],
                &["fair", "--manager", id, "--format", "json"],
                &["diagnose", "2025", "--manager", id, "--format", "json"],
            ] {
                let output = home.run(asked);
                assert!(output.status.success() || asked[0] == "fair", "{asked:?}");
                told.push((asked.join(" "), format!("{output:?}")));
            }
        }
        told
    };
    for ((asked, before), (_, after)) in answers(false).into_iter().zip(answers(true)) {
        assert_eq!(before, after, "{asked}");
    }
}
