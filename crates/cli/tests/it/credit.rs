//! An invoice credited to others than it was recorded with: every figure follows, nothing is lost, and it can be taken back.

use serde_json::{Value, json};

use crate::{serve::Server, support::Home};

fn net_by_manager(home: &Home, credit: &str) -> Vec<(String, String)> {
    let table = home.json(&[
        "metrics",
        "--by",
        "manager",
        "--kpi",
        "net_sales,orders",
        "--period",
        "2025-03",
        "--credit",
        credit,
        "--format",
        "json",
    ]);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows = table["rows"].as_array().expect("rows").iter();
    rows.map(|row| (text(&row["manager"]), format!("{} {}", row["net_sales"], row["orders"]))).collect()
}

#[test]
fn an_invoice_is_shared_and_taken_back() {
    let home = Home::new();
    let sales = "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,total\n\
                 F1,2025-03-03,P1,S1,B1,2,1000.01\nF1,2025-03-03,P1,S1,B2,1,500\nF2,2025-03-04,P1,S2,B1,1,700\n\
                 F3,2025-03-05,P2,S2,B1,1,300\n";
    home.import("sales", &home.file("jual.csv", sales), &[]);
    let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(manager, values)| ((*manager).to_owned(), (*values).to_owned())).collect()
    };
    let before = pairs(&[("S1", "1500.01 1"), ("S2", "1000 2")]);
    assert_eq!(net_by_manager(&home, "recorded"), before);

    // What does not hold is refused, and nothing is kept.
    for (asked, said) in [
        (&["credit", "F9", "--to", "S2", "--reason", "x"][..], "F9"),
        (&["credit", "F1", "--to", "S7", "--reason", "x"], "S7"),
        (&["credit", "F1", "--to", "S1=60", "S2=30", "--reason", "x"], "90"),
        (&["credit", "F1", "--to", "S1=60", "S1=40", "--reason", "x"], "once"),
        (&["credit", "F1", "--to", "S1=a", "--reason", "x"], "per cent"),
        (&["credit", "F1", "--to", "S2", "--reason", " "], "why"),
    ] {
        assert!(home.refused(asked).contains(said), "{asked:?}");
    }
    assert_eq!(net_by_manager(&home, "recorded"), before);

    // 60/40: parts are rounded so that they add up to the invoice, and each of the two sold it.
    let decided =
        home.json(&["credit", "F1", "--to", "S2=60", "S1=40", "--reason", "visited together", "--format", "json"]);
    assert_eq!((&decided["before"], &decided["after"]), (&json!(["S1"]), &json!(["S1", "S2"])));
    let shared = net_by_manager(&home, "recorded");
    assert_eq!(shared, pairs(&[("S1", "600.004 1"), ("S2", "1900.006 3")]));
    assert_eq!(net_by_manager(&home, "then"), shared, "the rule of the day's owner follows too");
    assert_eq!(net_by_manager(&home, "now"), pairs(&[("S2", "2500.01 3")]), "portfolios of today are another question");
    let total = home.json(&["metrics", "--kpi", "net_sales,orders", "--period", "2025-03", "--format", "json"]);
    assert_eq!(
        (total["rows"][0]["net_sales"].to_string(), total["rows"][0]["orders"].to_string()),
        ("2500.01".into(), "3".into())
    );
    let lines = home.ok(&["lines", "--invoice", "F1", "--manager", "S2"]);
    assert_eq!(lines.lines().count(), 2, "{lines}");

    // The data come again, corrected: the decision stays. Then it is taken back.
    home.import("sales", &home.file("jual2.csv", sales.replace("1000.01", "2000")), &[]);
    assert_eq!(net_by_manager(&home, "recorded"), pairs(&[("S1", "1000 1"), ("S2", "2500 3")]));
    home.ok(&["imports", "undo", &decided["import"].to_string()]);
    assert_eq!(net_by_manager(&home, "recorded"), pairs(&[("S1", "2500 1"), ("S2", "1000 2")]));

    // The number may be in two streams; over HTTP as by command.
    home.import("sales", &home.file("lain.csv", sales), &["--source", "lain"]);
    assert!(home.refused(&["credit", "F2", "--to", "S1", "--reason", "x"]).contains("lain"));
    let server = Server::start(&home);
    let body =
        json!({ "invoice": "F2", "source": "lain", "parts": [{ "manager": "S1", "percent": 100 }], "reason": "x" });
    let post = |body: &str| server.ask("POST", "/api/credits", "Content-Type: application/json\r\n", body);
    let (status, answer) = post(&body.to_string());
    assert!(status == 200 && answer.contains(r#""before":["S2"]"#), "{answer}");
    assert_eq!(net_by_manager(&home, "recorded"), pairs(&[("S1", "4700.01 3"), ("S2", "1300 3")]));
    let (status, answer) = post(&body.to_string().replace("100", "50"));
    assert_eq!(status, 422, "{answer}");
}
