//! What is done to a home: chosen at random, run, and known to the model.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    model::{Came, Fact, Invoice, Key, Kind, Line, Model},
    moment::{Moment, Watch},
};
use crate::{
    serve::{Server, try_ask},
    support::Home,
};

/// A seeded source of numbers (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("small")
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }
}

/// The kinds of deeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Import,
    SmallTable,
    Sync,
    Undo,
    Redo,
    Push,
    Alias,
    Compact,
}

/// One deed: how it is asked for, and what it does to the truth.
pub struct Deed {
    pub verb: Verb,
    /// The table that it writes to.
    pub kind: Kind,
    how: How,
    what: What,
}

enum How {
    Command(Vec<String>),
    Push { key: String, body: String },
}

enum What {
    Brings(Vec<(Key, Fact)>),
    Undoes(usize),
    Redoes(usize),
    /// Only where rows are kept changes.
    Nothing,
}

impl Deed {
    /// The truth once it is done, and what came.
    pub fn done_to(&self, model: &Model) -> (Model, Option<Came>) {
        let mut model = model.clone();
        let came = match &self.what {
            What::Brings(facts) => Some(model.import(facts.iter().cloned())),
            What::Redoes(place) => Some(model.redo(*place)),
            What::Undoes(place) => {
                model.undo(*place);
                None
            }
            What::Nothing => None,
        };
        (model, came)
    }

    /// Runs it and kills it at a moment. True where it had said that it is done.
    pub fn run(&self, home: &Home, moment: Moment) -> bool {
        match &self.how {
            How::Command(words) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                run_and_kill(&mut home.command(&words), &mut self.watch(home, moment))
            }
            How::Push { key, body } => {
                let mut server = Server::start(home);
                let mut watch = self.watch(home, moment);
                let address = server.address.clone();
                thread::scope(|scope| {
                    let asked = scope.spawn(|| push(&address, key, body));
                    while !asked.is_finished() && !watch.is_over() {
                        thread::sleep(Duration::from_micros(100));
                    }
                    server.kill();
                    asked.join().expect("no panic").is_some()
                })
            }
        }
    }

    fn watch(&self, home: &Home, moment: Moment) -> Watch {
        Watch::new(moment, &home.path().join("home"), self.kind.table())
    }

    /// Runs it to its end; gives how long it took, and whether it was refused.
    pub fn run_whole(&self, home: &Home) -> (Duration, bool) {
        match &self.how {
            How::Command(words) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let begun = Instant::now();
                let output = home.run(&words);
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                let is_refused = !output.status.success();
                let was_done = matches!(self.what, What::Undoes(_)) && said.contains("undone already");
                assert!(!is_refused || was_done, "takar {words:?}: {said}");
                (begun.elapsed(), is_refused)
            }
            How::Push { key, body } => {
                let server = Server::start(home);
                let begun = Instant::now();
                push(&server.address, key, body).expect("answered");
                (begun.elapsed(), false)
            }
        }
    }
}

/// True where the push was answered.
fn push(address: &str, key: &str, body: &str) -> Option<()> {
    let headers = format!("Content-Type: application/json\r\nIdempotency-Key: {key}\r\n");
    let (status, said) = try_ask(address, "POST", "/api/facts/sales", &headers, body)?;
    assert!(status == 200 && said.contains(r#""set_aside":[]"#), "{status}: {said}");
    Some(())
}

/// Starts a command and kills it at a moment. True where it had ended well by itself.
pub fn run_and_kill(command: &mut Command, watch: &mut Watch) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    while child.try_wait().expect("known").is_none() && !watch.is_over() {
        thread::sleep(Duration::from_micros(100));
    }
    child.kill().expect("killed");
    let output = child.wait_with_output().expect("gone");
    // Only a signal ends it otherwise: what is asked here is never refused.
    assert!(output.status.code().is_none_or(|code| code == 0), "{}", String::from_utf8_lossy(&output.stderr));
    output.status.success()
}

/// A home, its truth, and what can still be brought in.
pub struct World {
    pub home: Home,
    pub model: Model,
    pub is_large: bool,
    pub rounds: usize,
    /// How long each kind of deed takes unharmed, the best of what was seen.
    pub usual: BTreeMap<Verb, Duration>,
    /// The newest import that the log is known to have.
    pub newest: i64,
    shop: rusqlite::Connection,
    /// How often the shop changed, each time three hours later.
    batches: usize,
    /// What the shop changed last: a sync reads the last hour again.
    last_batch: Vec<(Key, Fact)>,
    /// Invoices of the simulated company, in order of their numbers.
    company: Vec<(Key, Fact)>,
    serial: usize,
}

impl World {
    /// A small world begins with invoices of all months; a large one is empty.
    pub fn new(company: Vec<(Key, Fact)>, is_large: bool) -> Self {
        let home = Home::new();
        let shop = rusqlite::Connection::open(home.path().join("shop.db")).expect("a database");
        shop.execute_batch(
            "CREATE TABLE penjualan (no_faktur text, tanggal date, kode_pelanggan text, kode_sales text, kode_barang text, \
             jumlah int, netto decimal(16,2), changed timestamp);",
        )
        .expect("a table");
        let (model, last_batch) = (Model::default(), Vec::new());
        let (rounds, newest, batches, serial) = (0, 0, 0, 0);
        let usual = BTreeMap::new();
        let mut world =
            Self { home, model, is_large, rounds, usual, newest, shop, batches, last_batch, company, serial };
        if !is_large {
            let base = world.company.iter().step_by(world.company.len() / 1_000).cloned().collect::<Vec<_>>();
            let path = world.write("awal.csv", &sales_csv(&base));
            world.newest = world.home.import("sales", &path, &[])["id"].as_i64().expect("an id");
            world.model.import(base);
            world.model.give_ids(&[world.newest]);
            world.shop_changes(&mut Dice(1), 200);
            let address = format!("sqlite:{}", world.home.path().join("shop.db").display());
            let add = ["sources", "add", "erp", "--url", &address, "--table", "penjualan", "--watermark", "changed"];
            world.home.ok(&add);
        }
        world
    }

    fn write(&mut self, name: &str, text: &str) -> PathBuf {
        self.serial += 1;
        let name = format!("{:04}-{name}", self.serial);
        self.home.file(&name, text)
    }

    /// What can be done next.
    pub fn verbs(&self) -> Vec<Verb> {
        let mut verbs = vec![Verb::Import];
        let is_begun = !self.model.undoable().is_empty();
        if is_begun {
            verbs.extend([Verb::Undo, Verb::Undo, Verb::Compact]);
        }
        if !self.model.redoable().is_empty() {
            verbs.extend([Verb::Redo, Verb::Redo]);
        }
        if !self.is_large {
            verbs.extend([Verb::Import, Verb::SmallTable, Verb::Sync, Verb::Sync, Verb::Push, Verb::Push, Verb::Alias]);
        }
        verbs
    }

    /// A deed of that kind that changes figures.
    pub fn deed(&mut self, verb: Verb, dice: &mut Dice) -> Deed {
        let command = |words: &[&str]| How::Command(words.iter().map(ToString::to_string).collect());
        let (kind, how, what) = match verb {
            Verb::Import => {
                let facts = self.changed_sales(dice);
                let path = self.write("penjualan.csv", &sales_csv(&facts));
                (Kind::Sales, command(&["import", "sales", text_of(&path)]), What::Brings(facts))
            }
            Verb::SmallTable => {
                let facts = self.changed_accounts(dice);
                let path = self.write("pelanggan.csv", &accounts_csv(&facts));
                (Kind::Accounts, command(&["import", "accounts", text_of(&path)]), What::Brings(facts))
            }
            Verb::Sync => {
                let facts = self.shop_changes(dice, 40);
                (Kind::Sales, command(&["sync", "erp"]), What::Brings(facts))
            }
            Verb::Undo => {
                let place = *dice.pick(&self.model.undoable());
                let id = self.model.id_of(place).to_string();
                (self.model.table_of(place), command(&["imports", "undo", &id]), What::Undoes(place))
            }
            Verb::Redo => {
                let place = *dice.pick(&self.model.redoable());
                let id = self.model.id_of(place).to_string();
                (self.model.table_of(place), command(&["imports", "redo", &id]), What::Redoes(place))
            }
            Verb::Push => {
                let mut facts = self.new_sales(dice, 30, "W");
                facts.extend(self.corrections(dice, 30));
                self.serial += 1;
                let (key, body) = (format!("push-{}", self.serial), sales_json(&facts));
                (Kind::Sales, How::Push { key, body }, What::Brings(facts))
            }
            Verb::Compact => (Kind::Sales, command(&["compact"]), What::Nothing),
            Verb::Alias => {
                // Odd accounts are read as even ones, so that no alias leads to another.
                let decided = self.model.facts(Kind::Aliases, "default");
                let is_free = |account: &&String| decided.iter().all(|(key, _)| key.2 != **account);
                let (odd, even): (Vec<_>, Vec<_>) = self.accounts().into_iter().partition(|account| is_odd(account));
                let odd: Vec<&String> = odd.iter().filter(is_free).collect();
                let (alias, id) = ((*dice.pick(&odd)).clone(), dice.pick(&even).clone());
                let how = command(&["aliases", "same", "account", &alias, &id]);
                (Kind::Aliases, how, What::Brings(vec![((Kind::Aliases, "default", alias), Fact::SameAs(id))]))
            }
        };
        Deed { verb, kind, how, what }
    }

    /// Sales that nothing else touches, for a write that follows at once.
    pub fn more_sales(&mut self, dice: &mut Dice) -> (PathBuf, Vec<(Key, Fact)>) {
        let facts = self.new_sales(dice, 5, "X");
        (self.write("susulan.csv", &sales_csv(&facts)), facts)
    }

    /// The accounts that have sales.
    fn accounts(&self) -> Vec<String> {
        let mut accounts: Vec<String> = self
            .model
            .facts(Kind::Sales, "default")
            .iter()
            .filter_map(|(_, fact)| match fact {
                Fact::Invoice(invoice) => Some(invoice.account.clone()),
                _ => None,
            })
            .collect();
        accounts.sort();
        accounts.dedup();
        accounts
    }

    /// New invoices, corrected ones and some that stay. A large world without its company gets the company.
    fn changed_sales(&mut self, dice: &mut Dice) -> Vec<(Key, Fact)> {
        let there = self.model.facts(Kind::Sales, "default").len();
        if self.is_large && there < self.company.len() / 2 {
            return self.company.clone();
        }
        let many = if self.is_large { 3_000 } else { 60 };
        let mut facts = self.new_sales(dice, many, "N");
        facts.extend(self.corrections(dice, many));
        let known = self.model.facts(Kind::Sales, "default");
        let stays = (0..many).map(|_| *dice.pick(&known)).map(|(key, fact)| (key.clone(), fact.clone()));
        let stays: Vec<_> = stays.collect();
        facts.extend(stays);
        once_each(facts)
    }

    /// Invoices of the company under new numbers.
    fn new_sales(&mut self, dice: &mut Dice, many: usize, letter: &str) -> Vec<(Key, Fact)> {
        let fresh = (0..many).map(|_| {
            self.serial += 1;
            let key = (Kind::Sales, "default", format!("{letter}-{:06}", self.serial));
            (key, dice.pick(&self.company).1.clone())
        });
        fresh.collect()
    }

    /// Invoices that are there, with other amounts and at times one line more or less.
    fn corrections(&self, dice: &mut Dice, many: usize) -> Vec<(Key, Fact)> {
        let known = self.model.facts(Kind::Sales, "default");
        if known.is_empty() {
            return Vec::new();
        }
        let corrected = (0..many).map(|_| {
            let (key, fact) = *dice.pick(&known);
            (key.clone(), corrected(fact, dice))
        });
        once_each(corrected.collect())
    }

    fn changed_accounts(&self, dice: &mut Dice) -> Vec<(Key, Fact)> {
        let even: Vec<String> = self.accounts().into_iter().filter(|account| !is_odd(account)).collect();
        let moved = (0..20).map(|_| {
            let region = format!("Wilayah {}", dice.next() % 1_000);
            ((Kind::Accounts, "default", dice.pick(&even).clone()), Fact::Region(region))
        });
        once_each(moved.collect())
    }

    /// Changes the shop's database; gives what its next sync reads.
    fn shop_changes(&mut self, dice: &mut Dice, many: usize) -> Vec<(Key, Fact)> {
        let (month, day, hour) = (self.batches / 224 + 1, self.batches / 8 % 28 + 1, self.batches % 8 * 3);
        let stamp = format!("2026-{month:02}-{day:02} {hour:02}:00:00");
        self.batches += 1;
        let mut batch: Vec<(Key, Fact)> = (0..many)
            .map(|_| {
                self.serial += 1;
                ((Kind::Sales, "erp", format!("E-{:06}", self.serial)), dice.pick(&self.company).1.clone())
            })
            .collect();
        let known = self.model.facts(Kind::Sales, "erp");
        if !known.is_empty() {
            batch.extend((0..many).map(|_| {
                let (key, fact) = *dice.pick(&known);
                (key.clone(), corrected(fact, dice))
            }));
        }
        let batch = once_each(batch);
        let mut statements = String::from("BEGIN;");
        for (key, fact) in &batch {
            let Fact::Invoice(Invoice { day, account, manager, lines }) = fact else { continue };
            statements.push_str(&format!("DELETE FROM penjualan WHERE no_faktur = '{}';", key.2));
            for Line { product, quantity, net } in lines {
                statements.push_str(&format!(
                    "INSERT INTO penjualan VALUES ('{}', '{day}', '{account}', '{manager}', '{product}', {quantity}, {}, \
                     '{stamp}');",
                    key.2,
                    amount(*net)
                ));
            }
        }
        statements.push_str("COMMIT;");
        self.shop.execute_batch(&statements).expect("statements");
        // What is changed again has a new stamp, so that the last hour brings the rest of the earlier batch.
        let earlier = std::mem::replace(&mut self.last_batch, batch.clone());
        let is_again = |key: &Key| batch.iter().any(|(again, _)| again == key);
        let rest = earlier.into_iter().filter(|(key, _)| !is_again(key)).collect::<Vec<_>>();
        rest.into_iter().chain(batch).collect()
    }
}

/// Of facts with one key the first.
fn once_each(mut facts: Vec<(Key, Fact)>) -> Vec<(Key, Fact)> {
    let mut seen = HashSet::new();
    facts.retain(|(key, _)| seen.insert(key.clone()));
    facts
}

fn is_odd(account: &str) -> bool {
    account.bytes().last().is_some_and(|digit| digit % 2 == 1)
}

fn corrected(fact: &Fact, dice: &mut Dice) -> Fact {
    let Fact::Invoice(mut invoice) = fact.clone() else { return fact.clone() };
    for line in &mut invoice.lines {
        line.net += 25 * i64::try_from(dice.below(1_000) + 1).expect("small");
    }
    match dice.below(3) {
        0 if invoice.lines.len() > 1 => drop(invoice.lines.pop()),
        1 => invoice.lines.push(Line { product: "BRG-9999".to_owned(), quantity: 1, net: 12_345 }),
        _ => {}
    }
    Fact::Invoice(invoice)
}

fn text_of(path: &Path) -> &str {
    path.to_str().expect("text")
}

fn amount(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let whole = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

fn sales_csv(facts: &[(Key, Fact)]) -> String {
    let mut text = String::from("no_faktur,tanggal,kode_pelanggan,kode_sales,kode_barang,jumlah,netto\n");
    for (key, fact) in facts {
        let Fact::Invoice(Invoice { day, account, manager, lines }) = fact else { continue };
        for Line { product, quantity, net } in lines {
            text.push_str(&format!("{},{day},{account},{manager},{product},{quantity},{}\n", key.2, amount(*net)));
        }
    }
    text
}

fn accounts_csv(facts: &[(Key, Fact)]) -> String {
    let mut text = String::from("kode_pelanggan,nama_pelanggan,wilayah\n");
    for (key, fact) in facts {
        let Fact::Region(region) = fact else { continue };
        text.push_str(&format!("{0},Toko {0},{region}\n", key.2));
    }
    text
}

fn sales_json(facts: &[(Key, Fact)]) -> String {
    let mut rows = Vec::new();
    for (key, fact) in facts {
        let Fact::Invoice(Invoice { day, account, manager, lines }) = fact else { continue };
        for Line { product, quantity, net } in lines {
            rows.push(json!({
                "invoice_no": key.2, "date": day, "account_id": account, "manager_id": manager, "product_id": product,
                "quantity": quantity, "net_amount": amount(*net),
            }));
        }
    }
    Value::Array(rows).to_string()
}

/// The invoices of a simulated company with about so many lines.
pub fn company(lines: usize) -> Vec<(Key, Fact)> {
    let home = Home::new();
    let out = home.path().join("company");
    home.ok(&["simulate", "--lines", &lines.to_string(), "--out", text_of(&out)]);
    let text = fs::read_to_string(out.join("penjualan.csv")).expect("sales");
    let mut rows = text.lines().map(|row| row.split(',').collect::<Vec<_>>());
    let head = rows.next().expect("a header");
    let column = |name: &str| head.iter().position(|other| *other == name).expect("a column");
    let places = ["no_faktur", "tanggal", "kode_pelanggan", "kode_sales", "kode_barang", "jumlah", "netto"].map(column);
    let mut invoices: Vec<(Key, Fact)> = Vec::new();
    for row in rows {
        let [number, day, account, manager, product, quantity, net] = places.map(|place| row[place].to_owned());
        let net: f64 = net.parse().expect("a number");
        let quantity = quantity.parse().expect("a whole number");
        #[expect(clippy::cast_possible_truncation, reason = "hundredths far below the limits")]
        let line = Line { product, quantity, net: (net * 100.0).round() as i64 };
        match invoices.last_mut() {
            Some((key, Fact::Invoice(invoice))) if key.2 == number => {
                assert_eq!((&invoice.day, &invoice.account), (&day, &account), "one invoice, one day and account");
                invoice.lines.push(line);
            }
            _ => {
                let lines = vec![line];
                let fact = Fact::Invoice(Invoice { day, account, manager, lines });
                invoices.push(((Kind::Sales, "default", number), fact));
            }
        }
    }
    invoices
}
