//! What looks wrong in the data, and decisions on ids that mean the same.

use serde_json::Value;
use takar_model::Credit;

use crate::{
    kpis::hold_credited,
    support::{Home, shared},
};

/// A small trade in which some things are wrong on purpose.
fn trade() -> Home {
    let home = Home::new();
    let mut sales =
        "no_faktur,no_baris,tanggal,kode_pelanggan,nama_pelanggan,cabang,kode_sales,kode_barang,kategori,jumlah,netto,harga_pokok\n"
            .to_owned();
    let mut number = 0;
    let mut line = |day: &str, account: &str, name: &str, seller: &str, product: &str, net: &str, cost: &str| {
        number += 1;
        sales.push_str(&format!("F-{number},1,{day},{account},{name},Bandung,{seller},{product},Teh,2,{net},{cost}\n"));
    };
    for month in 1..=9 {
        line(&format!("2025-0{month}-05"), "C1", "Toko Maju Jaya", "S1", "P1", "1000", "700");
        line(&format!("2025-0{month}-06"), "C9", "TOKO MAJU JAYA", "S1", "P1", "500", "350");
        line(&format!("2025-0{month}-07"), "C2", "Toko Berkah Abadi", "S2", "P1", "800", "560");
        line(&format!("2025-0{month}-08"), "C3", "Warung Berkah Abdi", "S2", "P-2", "300", "200");
    }
    line("2025-09-20", "C2", "Toko Berkah Abadi", "S2", "P1", "100000", "70000");
    line("2025-09-21", "C2", "Toko Berkah Abadi", "S2", "P1", "900", "-5");
    line("2099-12-31", "C2", "Toko Berkah Abadi", "S2", "", "900", "500");
    home.import("sales", &home.file("jual.csv", sales), &[]);
    home.import("products", &home.file("barang.csv", "kode_barang,nama_barang\nP1,Teh\nP2,Kopi\n"), &[]);
    let targets = "kode_sales,periode,target\nS1,2025-07,5000\nS1,2025-08,5100\nS1,2025-09,52000\nS1,2025-10,5200\nS1,2025-11,5000\n";
    home.import("targets", &home.file("target.csv", targets), &[]);
    home.import(
        "ownership",
        &home.file("milik.csv", "kode_pelanggan,kode_sales,mulai,bagian\nC3,S1,2025-01-01,60%\nC3,S2,2025-01-01,70%\n"),
        &[],
    );
    home
}

fn quality(home: &Home) -> Value {
    home.json(&["quality", "--format", "json"])
}

fn pairs(quality: &Value, of: &str) -> Vec<(String, String)> {
    let id = |side: &Value| side["id"].as_str().expect("an id").to_owned();
    let all = quality["duplicates"].as_array().expect("pairs").iter();
    all.filter(|pair| pair["of"] == of).map(|pair| (id(&pair["alias"]), id(&pair["member"]))).collect()
}

#[test]
fn what_is_wrong_is_found_and_named_with_its_row() {
    let home = trade();
    let found = quality(&home);
    assert_eq!(found["lines"], 39);
    assert_eq!(pairs(&found, "account"), [("C9".to_owned(), "C1".to_owned())], "{found}");
    // `P-2` is written `P2` in the table.
    let unknown = &found["unknown"][0];
    assert_eq!((&unknown["id"], &unknown["nearest"]["id"]), (&"P-2".into(), &"P2".into()), "{}", found["unknown"]);
    assert_eq!((&found["prices"]["count"], &found["prices"]["examples"][0]["row"]), (&1.into(), &38.into()));
    assert_eq!(found["prices"]["examples"][0]["value"], "50000");
    assert_eq!((&found["costs"]["count"], &found["costs"]["examples"][0]["row"]), (&1.into(), &39.into()));
    assert_eq!((&found["future"]["count"], &found["future"]["examples"][0]["date"]), (&1.into(), &"2099-12-31".into()));
    let targets = found["targets"].as_array().expect("targets");
    assert_eq!((targets.len(), &targets[0]["row"], &targets[0]["usual"]), (1, &4.into(), &5050.into()));
    assert_eq!(found["targets_twice"], Value::Array(Vec::new()));
    // A target of another stream for the same counts beside the first.
    let again = home.file("lain.csv", "kode_sales,periode,target\nS1,2025-08,5300\nS1,2025-12,5000\n");
    home.import("targets", &again, &["--source", "finance"]);
    let twice = quality(&home)["targets_twice"].clone();
    assert_eq!(twice.as_array().map(Vec::len), Some(1), "{twice}");
    let told = ["value", "first", "file", "first_row", "from", "to"].map(|name| twice[0][name].to_string());
    assert_eq!(told, ["5300", "5100", "\"lain.csv\"", "3", "\"2025-08-01\"", "\"2025-08-31\""]);
    assert_eq!((&found["shares"][0]["account"], &found["shares"][0]["percent"]), (&"C3".into(), &130.0.into()));
    let product = found["fields"].as_array().expect("fields").iter().position(|field| field == "product").expect("one");
    let last = found["months"].as_array().expect("months").last().expect("a month").clone();
    assert_eq!((&last["month"], &last["lacking"][product]), (&"2099-12".into(), &1.into()));
    assert_eq!(found["streams"][0]["last_day"], "2099-12-31");
    for (lang, word) in [("id", "Mungkin sama"), ("en", "Likely the same")] {
        assert!(home.ok(&["quality", "--lang", lang]).contains(word));
    }
    assert!(home.ok(&["quality", "--lang", "en"]).contains("Completeness of 39 sales lines"));
    // Nothing there is nothing wrong.
    let empty = quality(&Home::new());
    assert_eq!((&empty["lines"], empty["duplicates"].as_array().map(Vec::len)), (&0.into(), Some(0)));
}

#[test]
fn a_decision_on_ids_is_read_everywhere_and_taken_back() {
    let home = trade();
    let (net, accounts) = (home.net(), ["metrics", "--by", "account", "--kpi", "net_sales,orders", "--format", "csv"]);
    let before = home.ok(&accounts);
    assert!(before.contains("C9,TOKO MAJU JAYA,4500,9"), "{before}");
    let said = home.json(&["aliases", "same", "account", "C9", "C1", "--format", "json"]);
    let import = said["import"].to_string();
    let after = home.ok(&accounts);
    assert!(after.contains("C1,Toko Maju Jaya,13500,18") && !after.contains("C9"), "{after}");
    assert_eq!(home.net(), net);
    assert_eq!(home.ok(&["lines", "--account", "C1", "--limit", "100"]).lines().count(), 18);
    home.ok(&["aliases", "same", "product", "P-2", "P2"]);
    home.ok(&["aliases", "same", "manager", "S2", "S1"]);
    let managers = home.ok(&["metrics", "--by", "manager", "--format", "csv"]);
    assert!(!managers.contains("S2"), "{managers}");
    let found = quality(&home);
    assert!(pairs(&found, "account").is_empty() && found["unknown"].as_array().expect("ids").is_empty(), "{found}");
    hold_credited(&home, &["2025-02-06..2025-04-07"], Credit::Recorded);
    hold_credited(&home, &[], Credit::Then);
    // The panel made anew is the same, and a later import of lines is read under the decision too.
    home.ok(&["rebuild"]);
    assert_eq!(home.ok(&accounts), after);
    let more = "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto\nF-99,2025-09-09,C9,S1,P1,1,500\n";
    home.import("sales", &home.file("lagi.csv", more), &[]);
    assert!(home.ok(&accounts).contains("C1,Toko Maju Jaya,14000,19"));

    home.ok(&["imports", "undo", &import]);
    let back = home.ok(&accounts);
    assert!(back.contains("C9,TOKO MAJU JAYA,5000,10") && back.contains("C1,Toko Maju Jaya,9000,9"), "{back}");
    assert_eq!(pairs(&quality(&home), "account").len(), 1);
    home.ok(&["aliases", "apart", "account", "C1", "C9"]);
    assert!(pairs(&quality(&home), "account").is_empty(), "what was kept apart is not suggested again");
    assert!(home.ok(&["aliases"]).contains("apart"));
}

#[test]
fn the_dirt_of_a_crm_is_found_and_mended() {
    let home = Home::new();
    for (kind, file) in [("offers", "sales_pipeline.csv"), ("products", "products.csv"), ("accounts", "accounts.csv")] {
        let Some(file) = shared(&format!("maven_crm/{file}")) else { return };
        home.import(kind, &file, &[]);
    }
    let found = quality(&home);
    let unknown = found["unknown"].as_array().expect("unknown ids");
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert_eq!((&unknown[0]["id"], &unknown[0]["nearest"]["id"]), (&"GTXPro".into(), &"GTX Pro".into()));
    assert_eq!((&unknown[0]["kinds"][0], &unknown[0]["rows"]), (&"offers".into(), &1_480.into()));
    let lacking = found["lacking"].as_array().expect("what is blank");
    let account = lacking.iter().find(|one| one["column"] == "account_id").expect("accounts");
    assert_eq!((&account["lacking"], &account["rows"]), (&1_425.into(), &8_800.into()));
    home.ok(&["aliases", "same", "product", "GTXPro", "GTX Pro"]);
    assert_eq!(quality(&home)["unknown"].as_array().map(Vec::len), Some(0));
}

#[test]
fn names_written_two_ways_are_found_where_there_is_no_code() {
    let files = ["orders.csv", "order-details.csv", "customers.csv"].map(|file| shared(&format!("northwind/{file}")));
    let [Some(orders), Some(details), Some(customers)] = files else { return };
    let home = Home::new();
    let sql = format!(
        "SELECT o.orderID, o.orderDate, o.employeeID, o.shipName, d.* FROM '{}' o JOIN '{}' d USING (orderID)",
        orders.display(),
        details.display()
    );
    home.ok(&["import", "sales", "--sql", &sql, "--map", "account_name=shipName", "--map", "account_id="]);
    home.import("accounts", &customers, &["--map", "account_id=companyName"]);
    let found = quality(&home);
    let unknown = found["unknown"].as_array().expect("unknown ids");
    let pairs: Vec<[&str; 2]> =
        unknown.iter().map(|one| [&one["id"], &one["nearest"]["id"]].map(|id| id.as_str().expect("an id"))).collect();
    // Sales first: every name that the orders write otherwise than the customers, and nothing else.
    let known = [
        ["Blondel père et fils", "Blondesddsl père et fils"],
        ["Tradiçao Hipermercados", "Tradição Hipermercados"],
        ["Wolski Zajazd", "Wolski  Zajazd"],
        ["Alfred's Futterkiste", "Alfreds Futterkiste"],
        ["Galería del gastronómo", "Galería del gastrónomo"],
    ];
    assert_eq!(pairs, known);
}
