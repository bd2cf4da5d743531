//! The real server on a port of its own: answers, refusals, and who may ask.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

use serde_json::Value;

use crate::support::Home;

pub struct Server {
    process: Child,
    pub address: String,
}

impl Server {
    pub fn start(home: &Home) -> Self {
        let mut process = home.command(&["serve", "--port", "0"]).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        let said = process.stderr.take().expect("piped");
        BufReader::new(said).read_line(&mut line).expect("it says where");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}")).to_owned();
        Self { process, address }
    }

    /// One request as text; gives the status and the body.
    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        try_ask(&self.address, method, path, headers, body).expect("answered")
    }

    /// One request as text; gives the status and the whole answer, with its headers.
    pub fn whole(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let answer = sent(&self.address, method, path, headers, body).expect("answered");
        (answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status"), answer)
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("gone");
    }

    pub fn json(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, "Accept-Language: en\r\n", "");
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).expect("JSON")
    }
}

/// One request to an address; `None` where the connection ends before the answer does.
pub fn try_ask(address: &str, method: &str, path: &str, headers: &str, body: &str) -> Option<(u16, String)> {
    let answer = sent(address, method, path, headers, body)?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Some((status, if is_chunked { unchunked(body) } else { body.to_owned() }))
}

/// Sends a request and gives the answer as it comes.
fn sent(address: &str, method: &str, path: &str, headers: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let host = if headers.contains("Host:") { String::new() } else { format!("Host: {address}\r\n") };
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\n{host}{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn unchunked(body: &str) -> String {
    let mut text = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        text.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    text
}

#[test]
fn an_empty_home_says_so_and_a_filled_one_answers() {
    let home = Home::new();
    let server = Server::start(&home);
    assert_eq!(server.json("/api/status")["empty"], true);
    let (status, body) = server.ask("GET", "/api/overview", "Accept-Language: en\r\n", "");
    assert_eq!(status, 422, "{body}");

    // A command imports while the server runs: the server sees it.
    let file = home.file("a.csv", "no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,harga_satuan\nF1,2025-01-31,P1,S1,B1,2,100\nF2,2025-01-14,P2,S2,B1,1,50.25\n");
    home.import("sales", &file, &[]);
    let status = server.json("/api/status");
    assert_eq!((status["empty"].as_bool(), status["lines"].as_u64()), (Some(false), Some(2)));
    assert_eq!(server.json("/api/overview")["period"], "2025-01");
    let table = server.json("/api/metrics?by=manager&kpi=net_sales,orders&sort=-net_sales&limit=1");
    assert_eq!((table["total_rows"].as_u64(), table["rows"][0]["manager"].as_str()), (Some(2), Some("S1")));
    let rows = server.json("/api/lines?manager=S2");
    assert_eq!((rows["total"].as_u64(), rows["rows"][0]["row"].as_u64()), (Some(1), Some(3)));
    assert_eq!(rows["rows"][0]["net"].to_string(), "50.25");
    let evaluation = server.json("/api/evaluation?manager=S1");
    assert_eq!(evaluation["managers"][0]["id"], "S1");
    assert_eq!(server.json("/api/imports")[0]["lines"], 2);

    let (status, body) = server.ask("GET", "/api/metrics?by=planet", "Accept-Language: id\r\n", "");
    assert!(status == 422 && body.contains("planet"), "{status} {body}");
    assert_eq!(server.ask("GET", "/api/no-such", "", "").0, 404);
    assert_eq!(server.ask("POST", "/api/imports/99/undo", "", "").0, 404);
}

#[test]
fn only_its_own_page_may_ask() {
    let home = Home::new();
    let server = Server::start(&home);
    assert_eq!(server.ask("GET", "/api/status", "Host: evil.example\r\n", "").0, 403);
    assert_eq!(server.ask("POST", "/api/imports/1/undo", "Origin: http://evil.example\r\n", "").0, 403);
    let own = format!("Origin: http://{}\r\n", server.address);
    assert_eq!(server.ask("GET", "/api/status", &own, "").0, 200);
}

#[test]
fn an_uploaded_file_is_checked_imported_repaired_and_taken_back() {
    let home = Home::new();
    let server = Server::start(&home);
    let file =
        "tanggal;no_faktur;pelanggan;jumlah;harga\r\n13/01/2025;F1;Toko A;2;1.000\r\n14/01/2025;F1;Toko A;dua;500\r\n";
    let boundary = "----batas";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{{\"number_style\":\"id\"}}\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--{boundary}--\r\n"
    );
    let kind = format!("Content-Type: multipart/form-data; boundary={boundary}\r\n");
    let (status, checked) = server.ask("POST", "/api/imports/check", &kind, &body);
    assert_eq!(status, 200, "{checked}");
    let checked: Value = serde_json::from_str(&checked).expect("JSON");
    assert_eq!(
        (checked["check"]["lines"].as_u64(), checked["check"]["set_aside"].as_u64()),
        (Some(1), Some(1)),
        "{checked}"
    );
    assert_eq!(server.json("/api/imports").as_array().map(Vec::len), Some(0), "nothing is imported yet");

    let json = "Content-Type: application/json\r\n";
    let token = checked["upload"].as_str().expect("a token");
    let kept = |name: &str| {
        let body =
            serde_json::json!({ "name": name, "upload": token, "options": { "number_style": "id" } }).to_string();
        server.ask("POST", "/api/profiles", json, &body)
    };
    assert_eq!(kept("Toko").0, 200);
    assert_eq!(kept("import:1").0, 422, "those names are ours");
    assert_eq!(server.json("/api/profiles"), serde_json::json!(["Toko"]));
    let (_, again) = server.ask("POST", &format!("/api/imports/check/{token}"), json, "{\"profile\":\"Toko\"}");
    assert!(again.contains("\"how\":\"profile\"") && again.contains("\"problem\":null"), "{again}");
    let (status, row) = server.ask("POST", &format!("/api/imports/{token}/commit"), json, "{\"number_style\":\"id\"}");
    assert_eq!(status, 200, "{row}");
    assert_eq!(server.ask("POST", &format!("/api/imports/{token}/commit"), json, "{}").0, 404, "used once");

    let aside = server.json("/api/imports/1/set-aside");
    let mut cells: Vec<String> = serde_json::from_value(aside["rows"][0]["cells"].clone()).expect("cells");
    cells[3] = "3".to_owned();
    let repair = serde_json::json!({ "rows": [{ "row": aside["rows"][0]["row"], "cells": cells }] }).to_string();
    let (status, repaired) = server.ask("POST", "/api/imports/1/set-aside", json, &repair);
    assert_eq!(status, 200, "{repaired}");
    assert_eq!(server.json("/api/metrics")["rows"][0]["net_sales"].to_string(), "3500");

    let (status, undone) = server.ask("POST", "/api/imports/1/undo", "", "");
    assert!(status == 200 && undone.contains("\"lines_removed\":1"), "{undone}");
    assert_eq!(server.json("/api/metrics")["rows"][0]["net_sales"].to_string(), "1500");
}
