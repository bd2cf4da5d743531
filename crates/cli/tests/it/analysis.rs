//! The analysis on simulated companies whose truth is known, and on little data.

use serde_json::Value;

use crate::support::Home;

/// A simulated company, imported with its accounts and targets, and its truth.
fn simulated(lines: &str, seed: &str) -> (Home, Value) {
    let home = Home::new();
    let folder = home.path().join("company");
    home.ok(&["simulate", "--lines", lines, "--seed", seed, "--out", folder.to_str().expect("text")]);
    for (kind, name) in [("accounts", "pelanggan.csv"), ("targets", "target.csv"), ("sales", "penjualan.csv")] {
        home.import(kind, &folder.join(name), &[]);
    }
    let truth = std::fs::read_to_string(folder.join("truth.json")).expect("the truth");
    (home, serde_json::from_str(&truth).expect("JSON"))
}

fn month_index(text: &str) -> i64 {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i64>().expect("a number");
    part(0..4) * 12 + part(5..7)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number: {value}"))
}

#[test]
fn what_was_simulated_is_found() {
    let (mut steps, mut found, mut told) = (0, 0, 0);
    for seed in ["7", "11"] {
        let (home, truth) = simulated("1e6", seed);
        let orders = home.json(&["trends", "--kpi", "orders", "--by", "branch", "--format", "json"]);
        let members = orders["members"].as_array().expect("members").iter();
        told += members.map(|member| member["breaks"].as_array().expect("breaks").len()).sum::<usize>();
        for step in truth["breaks"].as_array().expect("breaks") {
            let of_branch = orders["members"].as_array().expect("members").iter();
            let own = of_branch.filter(|member| member["name"] == step["branch"] || member["id"] == step["branch"]);
            let breaks = own.flat_map(|member| member["breaks"].as_array().expect("breaks"));
            let at = month_index(step["date"].as_str().expect("a day"));
            steps += 1;
            found += usize::from(
                breaks.into_iter().any(|one| (month_index(one["month"].as_str().expect("a month")) - at).abs() <= 1),
            );
        }

        // Trade before and after Idul Fitri, as the mean over the years.
        let feasts = truth["lebaran"].as_array().expect("feasts");
        let mean = |field: &str| feasts.iter().map(|feast| number(&feast[field])).sum::<f64>() / feasts.len() as f64;
        let trends = home.json(&["trends", "--format", "json"]);
        let effects = trends["calendar"]["effects"].as_array().expect("four years tell the feasts from the season");
        for (name, truth) in [("ramadan", mean("before") - 1.0), ("lebaran", mean("after") - 1.0)] {
            let effect = effects.iter().find(|effect| effect["effect"] == name).expect("an effect");
            let (low, high) = (number(&effect["interval"]["low"]), number(&effect["interval"]["high"]));
            assert!((low..=high).contains(&truth), "seed {seed}: {name} {truth} outside {low} to {high}");
        }

        let forecast = home.json(&["forecast", "--by", "manager", "--horizon", "3", "--format", "json"]);
        let past = &forecast["backtest"];
        assert!((0.7..=0.9).contains(&number(&past["coverage"]["value"])), "{}", past["coverage"]);
        let bins = past["reliability"]["bins"].as_array().expect("chances told");
        let told: f64 = bins.iter().map(|bin| number(&bin["n"])).sum();
        let off: f64 =
            bins.iter().map(|bin| (number(&bin["told"]) - number(&bin["came"])).abs() * number(&bin["n"])).sum();
        assert!(off / told < 0.05, "seed {seed}: chances are {} off", off / told);
    }
    assert!(steps >= 3 && found == steps && told <= steps + 1, "{found} of {steps} steps, {told} told");
}

#[test]
fn a_gap_closes_to_the_last_rupiah() {
    let (home, _) = simulated("20000", "3");
    let miss = home.json(&["explain", "--miss", "--format", "json"]);
    let cents = |value: &Value| (number(value) * 10_000.0).round();
    let parts: f64 = miss["parts"].as_array().expect("parts").iter().map(|part| cents(&part["gap"])).sum();
    assert_eq!(parts + cents(&miss["rest"]["gap"]), cents(&miss["gap"]));
    assert_eq!(cents(&miss["actual"]) - cents(&miss["expected"]), cents(&miss["gap"]));
    let period = miss["period"].as_str().expect("a period");
    let sales = home.json(&["metrics", "--period", period, "--kpi", "net_sales,target", "--format", "json"]);
    assert_eq!((&sales["rows"][0]["net_sales"], &sales["rows"][0]["target"]), (&miss["actual"], &miss["expected"]));
}

#[test]
fn little_data_says_what_it_needs() {
    let home = Home::new();
    let file = home.file("a.csv", "tanggal,pelanggan,jumlah,harga\n2025-01-31,A,1,100\n");
    home.import("sales", &file, &[]);
    let told = |arguments: &[&str]| home.ok(arguments);
    assert!(told(&["trends"]).contains("not enough data: a trend needs at least 4 months, there are 1"));
    assert!(told(&["forecast"]).contains("needs at least 4 months"));
    assert!(told(&["trends", "--lang", "id"]).contains("perlu sedikitnya 4 bulan"));
    assert!(home.refused(&["explain", "--miss"]).contains("begins before the data"));
    assert!(home.refused(&["forecast", "--horizon", "99"]).contains("1 to 24 months"));
    assert!(home.refused(&["trends", "--kpi", "nothing"]).contains("net_sales"));
    assert!(home.refused(&["trends", "--manager", "nobody"]).contains("nobody"));
    let empty = Home::new();
    assert!(empty.refused(&["trends"]).contains("import a sales file first"));
}

#[test]
fn the_market_splits_quantity() {
    let home = Home::new();
    let sales = home.file(
        "penjualan.csv",
        "faktur,tanggal,kode_pelanggan,nama_barang,satuan,jumlah,harga\n\
         1,2025-01-10,A,Teh,pcs,100,10\n2,2025-01-31,A,Kopi,pcs,200,20\n3,2025-02-10,A,Teh,pcs,150,10\n4,2025-02-28,A,Kopi,pcs,180,20\n",
    );
    home.import("sales", &sales, &[]);
    let explain = || home.json(&["explain", "--from", "2025-01", "--to", "2025-02", "--format", "json"]);
    let bar = |answer: &Value, name: &str| {
        answer["bars"].as_array().expect("bars").iter().find(|bar| bar["bar"] == name).map(|bar| number(&bar["amount"]))
    };
    assert_eq!((bar(&explain(), "quantity"), bar(&explain(), "market_size")), (Some(500.0), None));
    let market = home.file("pasar.csv", "bulan,volume pasar\n2025-01,3000\n2025-02,2.750\n");
    assert_eq!(home.import("market", &market, &["--number-style", "id"])["added"], 2);
    let answer = explain();
    let (size, share) = (bar(&answer, "market_size").expect("a bar"), bar(&answer, "market_share").expect("a bar"));
    assert!((size + share - 500.0).abs() < 1e-9 && (size - -416.6667).abs() < 1e-3, "{size} {share}");
    assert!(home.ok(&["explain", "--from", "2025-01", "--to", "2025-02"]).contains("10.0% to 12.0%"));
    // A correction replaces, and the import can be taken back.
    let corrected = home.file("pasar2.csv", "bulan,volume pasar\n2025-02,3300\n");
    home.import("market", &corrected, &["--number-style", "id"]);
    assert!((bar(&explain(), "market_size").expect("a bar") - 500.0).abs() < 1e-6);
    home.ok(&["imports", "undo", "3"]);
    assert!((bar(&explain(), "market_size").expect("a bar") - size).abs() < 1e-9);
    home.ok(&["rebuild"]);
    assert!((bar(&explain(), "market_size").expect("a bar") - size).abs() < 1e-9);
}

#[test]
fn rates_are_a_bar_of_their_own() {
    let home = Home::new();
    let sales = home.file(
        "penjualan.csv",
        "faktur,tanggal,kode_pelanggan,nama_barang,satuan,jumlah,harga,mata_uang\n\
         1,2025-01-10,A,Teh,pcs,10,10,USD\n2,2025-01-31,A,Kopi,pcs,5,100000,IDR\n\
         3,2025-02-10,A,Teh,pcs,12,11,USD\n4,2025-02-28,A,Kopi,pcs,5,100000,IDR\n5,2025-02-28,B,Teh,pcs,1,10,USD\n",
    );
    home.import("sales", &sales, &[]);
    let refused = home.refused(&["explain", "--from", "2025-01", "--to", "2025-02", "--lang", "en"]);
    assert!(refused.contains("takar import rates"), "{refused}");
    let rates =
        home.file("kurs.csv", "mata uang,periode,kurs,dalam mata uang\nUSD,2025-01,15000,IDR\nUSD,2025-02,16000,IDR\n");
    home.import("rates", &rates, &[]);
    let answer = home.json(&["explain", "--from", "2025-01", "--to", "2025-02", "--format", "json"]);
    let bar = |name: &str| {
        answer["bars"].as_array().expect("bars").iter().find(|bar| bar["bar"] == name).map(|bar| number(&bar["amount"]))
    };
    // 10 × 10 USD at 15,000 and 500,000 then; 12 × 11 and 1 × 10 USD at 16,000 and 500,000 now.
    assert_eq!((number(&answer["base_total"]), number(&answer["current_total"])), (2_000_000.0, 2_772_000.0));
    assert_eq!(bar("currency"), Some(142.0 * 1_000.0));
    assert_eq!(bar("price"), Some(12.0 * 15_000.0));
    assert_eq!(bar("new"), Some(10.0 * 15_000.0));
    let all: f64 = answer["bars"].as_array().expect("bars").iter().map(|bar| number(&bar["amount"])).sum();
    assert!((all - number(&answer["difference"])).abs() < 1e-9);
    assert_eq!(answer["currency"], "IDR");
    // The rows behind it are in the same currency, prices too.
    let rows = home.ok(&["lines", "--account", "B"]);
    let row: Value = serde_json::from_str(rows.trim()).expect("a row");
    assert_eq!((number(&row["unit_price"]), number(&row["net"])), (160_000.0, 160_000.0));
}
