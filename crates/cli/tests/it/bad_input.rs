//! Wrong input: a clear message that says what and where, exit code 1, nothing written.

use std::{io::Write, os::unix::fs::PermissionsExt, process::Stdio};

use crate::support::Home;

/// The file is refused with words that tell, and the home stays empty.
#[track_caller]
fn refused(name: &str, content: impl AsRef<[u8]>, words: &[&str]) {
    let home = Home::new();
    let file = home.file(name, content);
    let said = home.refused(&["import", "sales", file.to_str().expect("text")]);
    for word in words {
        assert!(said.contains(word), "{name}: {said}");
    }
    assert!(said.contains(name), "{name} is named: {said}");
    assert!(home.refused(&["metrics"]).contains("import"), "nothing was imported");
}

#[test]
fn files_that_are_no_sales_are_refused_whole() {
    refused("kosong.csv", "", &["empty"]);
    refused("judul.csv", "tanggal,pelanggan,jumlah\n", &["header"]);
    refused("kolom.csv", "a,b,c\n1,2,3\n", &["date"]);
    refused("tanggal.csv", "tanggal,pelanggan,jumlah\n31/12/2024,A,1\n12/31/2024,A,1\n", &["tanggal", "--date-order"]);
    refused("ragu.csv", "tanggal,pelanggan,jumlah\n01/02/2024,A,1\n03/04/2024,A,1\n", &["tanggal", "--date-order"]);
    let wide = format!("{}\n{}\n", ["k"; 10_000].join(","), ["1"; 10_000].join(","));
    refused("lebar.csv", wide, &["10000"]);
    refused("potong.xlsx", b"PK\x03\x04 this is no workbook", &["damaged"]);
    refused("biner.csv", [0_u8, 159, 146, 150, 0, 1, 2].repeat(100), &["text"]);
}

#[test]
fn a_path_that_is_no_file_is_refused() {
    let home = Home::new();
    assert!(home.refused(&["import", "sales", "/no/such/file.csv"]).contains("/no/such/file.csv"));
    let folder = home.path().to_str().expect("text").to_owned();
    assert!(home.refused(&["import", "sales", &folder]).contains("folder"));
    assert!(home.refused(&["import", "sales", "/dev/zero"]).contains("not a regular file"));
    let locked = home.file("locked.csv", "tanggal,pelanggan,jumlah\n2025-01-01,A,1\n");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).expect("set");
    // The super-user reads everything, so that only others see this refusal.
    if std::fs::read(&locked).is_err() {
        assert!(home.refused(&["import", "sales", locked.to_str().expect("text")]).contains("locked.csv"));
    }
}

#[test]
fn the_log_tells_each_reader_why_an_import_failed() {
    let home = Home::new();
    let file = home.file("kosong.csv", "");
    home.refused(&["import", "sales", file.to_str().expect("text")]);
    let log = home.json(&["imports", "--format", "json"]);
    assert_eq!(
        (log[0]["state"].as_str(), log[0]["message"].as_str()),
        (Some("failed"), Some("The file kosong.csv is empty. Choose one that holds data."))
    );
    let told = home.ok(&["imports", "--lang", "id"]);
    assert!(told.contains("gagal: Berkas kosong.csv kosong."), "{told}");
}

#[test]
fn a_bad_row_is_set_aside_with_its_place_and_reason() {
    let home = Home::new();
    let file = home.file("a.csv", "tanggal,pelanggan,jumlah,harga\n2025-01-13,A,dua,100\n2025-01-13,A,1,100\n");
    let said = home.ok(&["import", "sales", file.to_str().expect("text")]);
    for word in ["jumlah", "dua", "Not a number", "set aside"] {
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(home.net(), "100");
}

#[test]
fn the_check_suggests_what_is_obvious() {
    let home = Home::new();
    let file = home.file("a.csv", "tanggal,pelanggan,jumlah,harga\n2025-01-13,A,12O,100\n2025-01-13,A,1,100\n");
    let path = file.to_str().expect("text");
    let said = home.ok(&["import", "sales", path, "--dry-run"]);
    assert!(said.contains("suggestion") && said.contains("12O    120 "), "{said}");
    let report = home.import("sales", &file, &[]);
    assert_eq!(report["check"]["set_aside"][0]["suggestion"], "120");
    assert_eq!(home.net(), "100", "it is not applied");
    let csv = home.ok(&["imports", "set-aside", "1"]);
    assert!(csv.contains("takar_suggestion") && csv.trim_end().ends_with(",120"), "{csv}");
}

#[test]
fn questions_that_make_no_sense_are_refused_with_what_would() {
    let home = Home::new();
    let file = home.file("a.csv", "tanggal,pelanggan,jumlah,harga\n2025-01-13,A,1,100\n");
    home.import("sales", &file, &[]);
    for (arguments, word) in [
        (vec!["metrics", "--kpi", "profitt"], "profitt"),
        (vec!["metrics", "--by", "planet"], "planet"),
        (vec!["metrics", "--period", "2025-13"], "2025-Q3"),
        (vec!["metrics", "--where", "region ="], "region"),
        (vec!["metrics", "--where", "1=1; drop table sales"], "1"),
        (vec!["evaluate", "--manager", "nobody"], "nobody"),
        (vec!["import", "sales", "x.csv", "--map", "colour=warna"], "colour"),
    ] {
        let said = home.refused(&arguments);
        assert!(said.contains(word), "{arguments:?}: {said}");
    }
}

/// Killed while it writes, an import leaves nothing that counts; the next start is clean and complete.
#[test]
fn killed_in_mid_import_nothing_is_half_written() {
    let home = Home::new();
    let mut text = String::from("no_faktur,tanggal,kode_pelanggan,kode_barang,jumlah,harga_satuan\n");
    for row in 0..400_000 {
        let day = row / 15_000 + 1;
        text.push_str(&format!("F{},2025-03-{day:02},P{},B{},2,100\n", row / 3, row / 3 % 500, row % 90));
    }
    let file = home.file("besar.csv", text);
    let path = file.to_str().expect("text");
    let first = home.file(
        "awal.csv",
        "no_faktur,tanggal,kode_pelanggan,kode_barang,jumlah,harga_satuan\nX1,2025-01-13,P1,B1,1,100\n",
    );
    home.import("sales", &first, &[]);
    for pause in [5, 40, 90, 150, 220] {
        let mut child = home
            .command(&["import", "sales", path])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().expect("killed");
        child.wait().expect("gone");
        let net = home.net();
        assert!(["100", "80000100"].contains(&net.as_str()), "all of it or nothing: {net}");
        if net == "80000100" {
            let id = home.json(&["imports", "--format", "json"])[0]["id"].to_string();
            home.ok(&["imports", "undo", &id]);
        }
        assert_eq!(home.net(), "100");
        let log = home.json(&["imports", "--format", "json"]);
        let running = log.as_array().expect("rows").iter().filter(|row| row["state"] == "running").count();
        assert_eq!(running, 0, "the log says what became of it: {log}");
    }
    home.import("sales", &file, &[]);
    assert_eq!(home.net(), "80000100");
}

/// A disk that is full, played by a limit on the size of files: refused, and nothing changes.
#[test]
fn a_full_disk_leaves_what_was_there() {
    let home = Home::new();
    let first = home.file("awal.csv", "no_faktur,tanggal,kode_pelanggan,jumlah,harga_satuan\nX1,2025-01-13,P1,1,100\n");
    home.import("sales", &first, &[]);
    let mut text = Vec::from(&b"no_faktur,tanggal,kode_pelanggan,jumlah,harga_satuan\n"[..]);
    for row in 0..200_000_u32 {
        let noise = row.wrapping_mul(2_654_435_761);
        writeln!(text, "F{noise:010},2025-03-01,P{noise},1,{}", noise % 100_000).expect("written");
    }
    let file = home.file("besar.csv", text);
    let limited = std::process::Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" import sales \"$1\"", env!("CARGO_BIN_EXE_takar")])
        .arg(&file)
        .env("TAKAR_HOME", home.path().join("home"))
        .env("TAKAR_LANG", "en")
        .output()
        .expect("it runs");
    assert!(!limited.status.success(), "{}", String::from_utf8_lossy(&limited.stdout));
    assert!(
        String::from_utf8_lossy(&limited.stderr).contains("File too large"),
        "{}",
        String::from_utf8_lossy(&limited.stderr)
    );
    assert_eq!(home.net(), "100");
    assert_eq!(home.json(&["imports", "--format", "json"])[0]["state"], "failed");
}
