//! Satisfaction beside sales, by command and API, from files a company would have.

use serde_json::Value;

use crate::{
    rights::{bearer, person},
    serve::Server,
    support::Home,
};

/// Two managers, four accounts, two years; the figures are worked out beside each assertion.
fn company() -> Home {
    let home = Home::new();
    let sales = "no_faktur,no_baris,tanggal,kode_pelanggan,nama_pelanggan,kode_sales,nama_sales,kode_barang,jumlah,netto\n\
        F1,1,2024-01-01,A,Toko A,S1,Sari,B1,1,800\n\
        F2,1,2024-04-01,B,Toko B,S1,Sari,B1,1,400\n\
        F3,1,2024-05-01,C,Toko C,S2,Budi,B1,1,1000\n\
        F4,1,2025-03-01,A,Toko A,S1,Sari,B1,1,1000\n\
        F5,1,2025-04-01,B,Toko B,S1,Sari,B1,1,200\n\
        F6,1,2025-05-01,C,Toko C,S2,Budi,B1,1,1500\n\
        F7,1,2025-12-31,D,Toko D,S2,Budi,B1,1,300\n";
    home.import("sales", &home.file("jual.csv", sales), &[]);
    let feedback = "id_umpan_balik,tanggal,kode_pelanggan,kode_sales,jenis,skor,status,catatan\n\
        U1,2025-02-01,A,S1,nps,9,,\n\
        U2,2025-06-01,A,S1,nps,6,,sering terlambat\n\
        U3,2025-06-01,B,S1,nps,8,,\n\
        U4,2025-06-01,C,S2,nps,9,,\n\
        U5,2025-06-02,C,S2,nps,10,,\n\
        U6,2025-06-03,A,S1,keluhan,,terbuka,barang pecah\n";
    home.import("feedback", &home.file("kata.csv", feedback), &[]);
    let activities = "id_aktivitas,tanggal,kode_pelanggan,kode_sales,aktivitas,jam_respons\n\
        V1,2025-02-03,A,S1,telepon,2\n\
        V2,2025-02-04,A,S1,telepon,3\n\
        V3,2025-02-05,B,S1,telepon,4\n\
        V4,2025-02-06,A,S1,telepon,5\n\
        V5,2025-02-07,A,S1,telepon,30\n";
    home.import("activities", &home.file("aktivitas.csv", activities), &[]);
    home
}

fn measure<'a>(row: &'a Value, kpi: &str) -> &'a Value {
    let measures = row["measures"].as_array().expect("measures");
    measures.iter().find(|measure| measure["kpi"] == kpi).expect("the measure")
}

#[test]
fn satisfaction_is_told_alike_by_command_and_api_within_reach() {
    let home = company();
    let said = home.json(&["satisfaction", "--by", "manager", "--period", "2025", "--format", "json"]);
    let row = |id: &str| said["rows"].as_array().expect("rows").iter().find(|row| row["id"] == id).expect("a row");
    // S1: four of five answers within a day; 1200 after 1200.
    let in_time = measure(row("S1"), "response_in_time");
    assert_eq!((in_time["value"].as_f64(), in_time["n"].as_u64()), (Some(0.8), Some(5)));
    assert_eq!((row("S1")["growth"].as_f64(), row("S1")["net_sales"].as_f64()), (Some(0.0), Some(1200.0)));
    assert_eq!((row("S1")["complaints"].as_u64(), row("S1")["open"].as_u64()), (Some(1), Some(1)));
    // Three answers are too few for a score; five are enough: 9, 9, 10 against a 6, adjusted (3 − 1) / 8.
    assert_eq!(measure(row("S1"), "nps")["suppressed"], "too_few");
    assert_eq!(measure(&said["total"], "nps")["value"].as_f64(), Some(25.0));
    // A is a detractor by its last answer, B passive, C a promoter, D was not asked: all of it is all of sales.
    let moods: Vec<_> = said["by_mood"].as_array().expect("moods").iter().map(|of| of["net_sales"].as_f64()).collect();
    assert_eq!(moods, [Some(1500.0), Some(200.0), Some(1000.0), Some(300.0)]);
    assert_eq!(said["total"]["net_sales"].as_f64(), Some(3000.0));
    assert!(said["first"]["signals"][0]["verdict"].to_string().contains("not enough to say"), "{}", said["first"]);

    let account = home.json(&["satisfaction", "--account", "A", "--period", "2025", "--format", "json"]);
    assert_eq!((account["net_sales"].as_f64(), account["total_said"].as_u64()), (Some(1000.0), Some(3)));
    assert_eq!(
        (&account["said"][0]["note"], &account["said"][1]["note"]),
        (&"barang pecah".into(), &"sering terlambat".into())
    );

    let text = home.ok(&["--lang", "id", "satisfaction", "--period", "2025"]);
    assert!(
        text.contains("Pencela") && text.contains("belum cukup untuk dikatakan") && text.contains("Toko D"),
        "{text}"
    );
    let text = home.ok(&["--lang", "id", "satisfaction", "--account", "A"]);
    assert!(text.contains("barang pecah") && text.contains("Triwulan"), "{text}");
    assert!(home.refused(&["satisfaction", "--where", "product = 'B1'"]).contains("choose account"));
    assert!(home.refused(&["satisfaction", "--account", "Z"]).contains("there is no account"));
    assert!(home.refused(&["satisfaction", "--account", "A", "--manager", "S1"]).contains("cannot be used with"));

    let owner = person(&home, "pemilik", "owner", None);
    let sari = person(&home, "sari", "account_manager", Some("S1"));
    let server = Server::start(&home);
    let get = |token: &str, path: &str| {
        let (status, text) = server.ask("GET", path, &bearer(token), "");
        (status, serde_json::from_str::<Value>(&text).expect("JSON"))
    };
    assert_eq!(get(&owner, "/api/satisfaction?by=manager&period=2025"), (200, said), "the same by command and API");
    assert_eq!(get(&owner, "/api/satisfaction/account?account=A&period=2025"), (200, account));
    // Sari sees her own two accounts and what they said, of others not that there are any.
    let (status, own) = get(&sari, "/api/satisfaction?period=2025");
    let ids: Vec<_> = own["rows"].as_array().expect("rows").iter().map(|row| row["id"].as_str()).collect();
    assert_eq!((status, ids, own["total"]["net_sales"].as_f64()), (200, vec![Some("A"), Some("B")], Some(1200.0)));
    assert_eq!(own["total"]["answers"].as_u64(), Some(3));
    for hidden in ["C", "Z"] {
        let (status, body) = get(&sari, &format!("/api/satisfaction/account?account={hidden}"));
        assert!(status == 422 && body.to_string().contains("there is no account"), "{status} {body}");
    }
    let (status, body) = get(&owner, "/api/satisfaction?by=product");
    assert!(status == 422 && body.to_string().contains("choose account"), "{status} {body}");
}
