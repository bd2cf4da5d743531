//! One company is simulated, read back from its files as a stranger would, and held against its truth.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use tempfile::TempDir;

use super::*;

/// One line of `penjualan.csv`.
struct Row {
    invoice: String,
    day: String,
    account: String,
    manager: String,
    quantity: i64,
    net: i64,
    cost: i64,
    discount: f64,
}

fn read_rows(folder: &Path) -> Vec<Row> {
    let text = fs::read_to_string(folder.join("penjualan.csv")).expect("written");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(SALES_HEADER));
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), 20, "{line}");
        let number = |place: usize| -> i64 { cells[place].parse().expect(line) };
        let discount: f64 = cells[13].parse().expect(line);
        let derived = (number(10) * number(12)) as f64 * (1.0 - discount);
        assert!((derived - number(14) as f64).abs() < 1e-4, "net follows from quantity, price and discount: {line}");
        Row {
            invoice: cells[0].to_owned(),
            day: cells[2].to_owned(),
            account: cells[3].to_owned(),
            manager: cells[5].to_owned(),
            quantity: number(10),
            net: number(14),
            cost: number(15),
            discount,
        }
    });
    rows.collect()
}

fn company(lines: u64, seed: u64) -> (TempDir, Truth) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let simulation = Simulation { lines, seed, ..Simulation::default() };
    let truth = simulate(&simulation, folder.path(), &|_, _| {}).expect("simulated");
    (folder, truth)
}

/// A month as it begins a date.
fn month_of(day: &str) -> &str {
    &day[..7]
}

#[test]
fn the_truth_is_what_the_lines_say() {
    let (folder, truth) = company(200_000, 11);
    let rows = read_rows(folder.path());
    let totals = &truth.totals;

    let off = (totals.lines as f64 / 200_000.0 - 1.0).abs();
    assert!(off < 0.005, "{} lines", totals.lines);
    assert_eq!(rows.len() as u64, totals.lines);
    assert_eq!(ledger::rupiah(rows.iter().map(|row| row.net).sum()), totals.net);
    assert_eq!(ledger::rupiah(rows.iter().map(|row| row.cost).sum()), totals.cost);
    assert_eq!(rows.iter().map(|row| row.quantity).sum::<i64>(), totals.units);
    let orders: BTreeSet<&str> = rows.iter().filter(|row| row.quantity > 0).map(|row| row.invoice.as_str()).collect();
    assert_eq!(orders.len() as u64, totals.orders);
    let accounts: BTreeSet<&str> = rows.iter().map(|row| row.account.as_str()).collect();
    assert_eq!(accounts.len() as u64, totals.accounts);
    let returns = rows.iter().filter(|row| row.quantity < 0);
    assert!(returns.clone().all(|row| row.invoice.starts_with("RET-") && row.net <= 0));
    assert_eq!(returns.count() as u64, totals.return_lines);
    let return_share = totals.return_lines as f64 / totals.lines as f64;
    assert!((0.015..0.025).contains(&return_share), "{return_share} of the lines are returns");

    for manager in &truth.managers {
        let net = rows.iter().filter(|row| row.manager == manager.manager).map(|row| row.net).sum();
        assert_eq!(ledger::rupiah(net), manager.net, "{}", manager.manager);
    }
    for month in &truth.months {
        let name = month.month.to_string();
        let net = rows.iter().filter(|row| month_of(&row.day) == name).map(|row| row.net).sum();
        assert_eq!(ledger::rupiah(net), month.net, "{name}");
    }

    assert!(rows.is_sorted_by(|left, right| left.day <= right.day), "in order of date");
    let mut finished: BTreeSet<&str> = BTreeSet::new();
    for pair in rows.windows(2) {
        if pair[0].invoice != pair[1].invoice {
            assert!(finished.insert(&pair[0].invoice), "the lines of {} stand together", pair[0].invoice);
        }
    }
    assert!(Truth::read(&folder.path().join("truth.json")).expect("readable") == truth, "reads back as it was");
}

#[test]
fn accounts_come_go_and_change_hands_when_the_truth_says() {
    let (folder, truth) = company(200_000, 12);
    let rows = read_rows(folder.path());
    let fates: BTreeMap<&str, &AccountTruth> =
        truth.accounts.iter().map(|account| (account.account.as_str(), account)).collect();
    let mut first_days: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &rows {
        let fate = fates[row.account.as_str()];
        assert!(fate.lost.is_none_or(|lost| row.day <= lost.to_string()), "{} after its loss", row.account);
        first_days.entry(&row.account).or_insert(&row.day);
    }
    for (account, first) in first_days {
        let joined = fates[account].joined.map(|day| day.to_string());
        assert!(joined.is_none_or(|day| day == *first), "{account} joins with its first order, barring stock-outs");
    }

    let mut owners: BTreeMap<&str, Vec<(String, &str)>> = BTreeMap::new();
    for change in &truth.hand_overs {
        owners.entry(&change.account).or_default().push((change.month.to_string(), &change.to));
    }
    assert!(truth.hand_overs.len() > 10);
    let (mut before, mut after) = (0, 0);
    for change in &truth.hand_overs {
        let own = rows.iter().filter(|row| row.account == change.account);
        let month = change.month.to_string();
        let first = &owners[change.account.as_str()][0];
        if first.0 == month {
            let earlier = own.clone().filter(|row| month_of(&row.day) < month.as_str());
            before += earlier.inspect(|row| assert_eq!(row.manager, change.from)).count();
        }
        let then = own.filter(|row| month_of(&row.day) == month.as_str());
        after += then.inspect(|row| assert_eq!(row.manager, change.to)).count();
    }
    assert!(before > 100 && after > 30, "hand-overs show in the lines: {before} before, {after} after");

    // Ownership in force is what the lines are credited to.
    let held = fs::read_to_string(folder.path().join("kepemilikan.csv")).expect("written");
    let mut holders: BTreeMap<&str, Vec<[&str; 3]>> = BTreeMap::new();
    for line in held.lines().skip(1) {
        let [account, manager, from, to] = <[&str; 4]>::try_from(line.split(',').collect::<Vec<_>>()).expect(line);
        holders.entry(account).or_default().push([manager, from, to]);
    }
    for row in &rows {
        let in_force = holders[row.account.as_str()]
            .iter()
            .filter(|[_, from, to]| *from <= row.day.as_str() && (to.is_empty() || row.day.as_str() <= *to));
        assert_eq!(in_force.map(|[manager, ..]| *manager).collect::<Vec<_>>(), [row.manager.as_str()]);
    }
}

#[test]
fn trade_is_as_noisy_and_seasonal_as_trade() {
    let (folder, truth) = company(400_000, 13);
    let rows = read_rows(folder.path());

    // Accounts that stayed from the first day to the last: the spread of their months around their own mean.
    let stayed: BTreeSet<&str> = truth
        .accounts
        .iter()
        .filter(|account| account.joined.is_none() && account.lost.is_none())
        .map(|account| account.account.as_str())
        .collect();
    let mut months: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for row in rows.iter().filter(|row| stayed.contains(row.account.as_str())) {
        *months.entry((&row.account, month_of(&row.day))).or_default() += row.net as f64;
    }
    let mut spreads = Vec::new();
    for account in &stayed {
        let own = truth.months.iter().map(|month| {
            let name = month.month.to_string();
            months.get(&(*account, name.as_str())).copied().unwrap_or_default()
        });
        let own: Vec<f64> = own.collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        let variance = own.iter().map(|net| (net - mean).powi(2)).sum::<f64>() / own.len() as f64;
        spreads.push(variance.sqrt() / mean);
    }
    spreads.sort_by(f64::total_cmp);
    let middle = spreads[spreads.len() / 2];
    assert!((0.5..1.2).contains(&middle), "middle variation of account-months {middle}");

    let first_day = truth.first_month.first_day();
    let years = f64::from(truth.last_month.last_day().epoch_days() - first_day.epoch_days() + 1) / 365.25;
    let (mut lost, mut at_risk) = (0.0, 0.0);
    for account in &truth.accounts {
        let from = account.joined.unwrap_or(first_day).epoch_days();
        let to = account.lost.unwrap_or(truth.last_month.last_day()).epoch_days();
        at_risk += f64::from(to - from + 1) / 365.25;
        lost += f64::from(u8::from(account.lost.is_some()));
    }
    let lost_a_year = 1.0 - (-lost / at_risk).exp();
    assert!(years > 3.9 && (0.12..0.18).contains(&lost_a_year), "{lost_a_year} lost a year");

    for feast in &truth.lebaran {
        let mean = |from: i32, to: i32| {
            let (from, to) = (feast.date.plus_days(from).to_string(), feast.date.plus_days(to).to_string());
            rows.iter().filter(|row| from <= row.day && row.day <= to).count() as f64
        };
        let usual = (mean(-56, -29) + mean(14, 41)) / 2.0;
        let (before, after) = (mean(-28, -1) / usual, mean(0, 13) * 2.0 / usual);
        if feast.date.plus_days(-56) >= first_day && feast.date.plus_days(41) <= truth.last_month.last_day() {
            assert!((before / feast.before - 1.0).abs() < 0.15, "{}: {before} for {}", feast.date, feast.before);
            assert!(after < 0.65, "{}: {after} for {}", feast.date, feast.after);
        }
    }
    assert!(truth.lebaran.len() >= 4);

    for erosion in truth.price_erosion.iter().filter(|erosion| erosion.points_a_month > 0.8) {
        let since = erosion.since.to_string();
        let own = |late: bool| {
            let end = erosion.since.plus(9).to_string();
            let rates = rows.iter().filter(|row| row.account == erosion.account);
            let rates = rates.filter(|row| if late { month_of(&row.day) >= end.as_str() } else { row.day < since });
            let rates: Vec<f64> = rates.map(|row| row.discount).collect();
            (rates.len() >= 30).then(|| rates.iter().sum::<f64>() / rates.len() as f64)
        };
        if let Some((early, late)) = own(false).zip(own(true)) {
            assert!(late > early + 0.04, "{}: discount {early} then {late}", erosion.account);
        }
    }
    let sundays = rows.iter().filter(|row| {
        let day: takar_model::Period = row.day.parse().expect("a date");
        (day.from().epoch_days() + 4).rem_euclid(7) == 0
    });
    assert_eq!(sundays.count(), 0);
}

#[test]
fn stock_is_counted_where_it_is_not_out() {
    let (folder, truth) = company(50_000, 14);
    let text = fs::read_to_string(folder.path().join("ketersediaan.csv")).expect("written");
    assert!(text.starts_with("tanggal,kode_barang,cabang,sampai,stok,jumlah_tak_terlayani\n"));
    let rows: Vec<[&str; 6]> =
        text.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>().try_into().expect("six cells")).collect();
    let (outs, counts): (Vec<&[&str; 6]>, Vec<&[&str; 6]>) = rows.iter().partition(|row| !row[3].is_empty());
    let lost: i64 = outs.iter().map(|row| row[5].parse::<i64>().expect("a count")).sum();
    assert!(lost == truth.totals.lost_to_stock_out && outs.iter().all(|row| row[0] <= row[3] && row[4] == "0"));
    let mut ends: BTreeSet<&str> = BTreeSet::new();
    for [day, product, branch, _, count, _] in counts {
        assert!(count.parse::<i64>().expect("a count") > 0);
        let is_out = outs.iter().any(|row| row[1..3] == [*product, *branch] && row[0] <= *day && *day <= row[3]);
        assert!(!is_out, "{product} in {branch} on {day}");
        ends.insert(*day);
    }
    let last = truth.last_month;
    let expected: BTreeSet<String> = (-11..=0).map(|month| last.plus(month).last_day().to_string()).collect();
    assert!(ends.iter().eq(expected.iter()), "{ends:?}");
    // A key comes once, or the import sets the second one aside.
    let keys: BTreeSet<[&str; 3]> = rows.iter().map(|row| [row[0], row[1], row[2]]).collect();
    assert_eq!(keys.len(), rows.len());
}

#[test]
fn the_action_works_as_much_as_it_is_said_to() {
    // Over many companies the noise goes and the effect stays.
    let (mut treated_rise, mut waiting_rise) = (0.0, 0.0);
    for seed in 0..6 {
        let (folder, truth) = company(150_000, 100 + seed);
        let action = truth.action.as_ref().expect("long enough");
        assert!(action.treated.len().abs_diff(action.waiting.len()) <= 1);
        let rows = read_rows(folder.path());
        let start = action.start.to_string();
        let year_before = action.start.plus(-15).to_string();
        let selected = action.selected_on.to_string();
        let rise = |group: &[String]| {
            let orders = |from: &str, to: &str| {
                let own = rows.iter().filter(|row| group.contains(&row.account) && row.quantity > 0);
                own.filter(|row| from <= month_of(&row.day) && month_of(&row.day) < to).count() as f64
            };
            (orders(&start, "9999") / 9.0) / (orders(&year_before, &selected) / 12.0)
        };
        treated_rise += f64::ln(rise(&action.treated));
        waiting_rise += f64::ln(rise(&action.waiting));
    }
    let effect = ((treated_rise - waiting_rise) / 6.0).exp();
    assert!((0.95..1.32).contains(&effect), "treated against waiting: × {effect}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_threads() {
    let written = |threads: usize, seed: u64| -> BTreeMap<String, Vec<u8>> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let simulation = Simulation { lines: 20_000, seed, ..Simulation::default() };
        pool.install(|| simulate(&simulation, folder.path(), &|_, _| {})).expect("simulated");
        let files = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry"));
        files
            .map(|file| (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).expect("a file")))
            .collect()
    };
    let once = written(1, 3);
    assert_eq!(once.len(), 12, "{:?}", once.keys());
    assert!(once == written(3, 3));
    assert!(once["penjualan.csv"] != written(1, 4)["penjualan.csv"]);
}

#[test]
fn costs_follow_visits_and_orders() {
    let (folder, truth) = company(20_000, 12);
    let text = fs::read_to_string(folder.path().join("biaya.csv")).expect("written");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id_biaya,tanggal,kode_pelanggan,kode_sales,jenis,nilai,jam"));
    let costs: Vec<[&str; 7]> =
        lines.map(|line| <[&str; 7]>::try_from(line.split(',').collect::<Vec<_>>()).expect(line)).collect();
    let ids: BTreeSet<&str> = costs.iter().map(|cost| cost[0]).collect();
    assert_eq!(ids.len(), costs.len(), "every cost has an id of its own");
    let mut ordered: BTreeSet<(String, String)> = BTreeSet::new();
    for row in read_rows(folder.path()).iter().filter(|row| row.quantity > 0) {
        ordered.insert((row.account.clone(), month_of(&row.day).to_owned()));
    }
    let delivered: BTreeSet<(String, String)> = (costs.iter().filter(|cost| cost[4] == "pengiriman"))
        .map(|cost| (cost[2].to_owned(), month_of(cost[1]).to_owned()))
        .collect();
    assert_eq!(delivered, ordered, "a delivery cost for each account and month with an order, and no other");
    let visits: Vec<&[&str; 7]> = costs.iter().filter(|cost| cost[4] == "kunjungan").collect();
    assert!(visits.iter().all(|visit| visit[6].parse::<f64>().is_ok_and(|hours| hours > 0.0)));
    // Some managers claim money for them, most note only hours.
    let claimed = visits.iter().filter(|visit| !visit[5].is_empty()).count() as f64 / visits.len() as f64;
    assert!((0.05..0.6).contains(&claimed), "{claimed} of the visits are told in money");
    for fate in &truth.accounts {
        let late = |cost: &&[&str; 7]| {
            cost[2] == fate.account && fate.lost.is_some_and(|lost| cost[1] > lost.to_string().as_str())
        };
        assert!(!costs.iter().any(|cost| late(&cost)), "{} costs nothing after its loss", fate.account);
    }
    assert!(costs.iter().any(|cost| cost[2].is_empty() && cost[4] == "layanan"), "some belong to no account");
}

#[test]
fn small_short_and_lean_companies_work() {
    for (lines, months) in [(100, 1), (1_000, 48), (5_000, 3), (10_000, 24)] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first_month = Month::new(2015, 1).expect("a month");
        let simulation =
            Simulation { lines, months, first_month, names_on_lines: false, seed: 1, ..Simulation::default() };
        let told = RefCell::new(Vec::new());
        let truth = simulate(&simulation, folder.path(), &|done, of| told.borrow_mut().push((done, of)));
        let truth = truth.expect("simulated");
        assert!((truth.totals.lines as f64 / lines as f64 - 1.0).abs() < 0.05, "{} of {lines}", truth.totals.lines);
        assert_eq!(told.borrow().last(), Some(&(truth.totals.lines, lines)));
        assert_eq!(truth.last_month, first_month.plus(months as i32 - 1));
        let text = fs::read_to_string(folder.path().join("penjualan.csv")).expect("written");
        assert!(text.starts_with(LEAN_SALES_HEADER));
        let columns = LEAN_SALES_HEADER.split(',').count();
        assert!(text.lines().all(|line| line.split(',').count() == columns));
    }
}

#[test]
fn as_many_accounts_and_managers_as_were_asked_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let asked = Simulation { lines: 20_000, accounts: Some(400), managers: Some(40), ..Simulation::default() };
    let truth = simulate(&asked, folder.path(), &|_, _| {}).expect("simulated");
    assert_eq!((truth.accounts.len(), truth.managers.len()), (400, 40));
    assert!((truth.totals.lines as f64 / 20_000.0 - 1.0).abs() < 0.01, "{} lines", truth.totals.lines);
    assert!(truth.managers.iter().all(|manager| manager.lines > 0));
    // Who has many managers has many colleagues to hand accounts to.
    assert!(truth.hand_overs.len() > 20, "{}", truth.hand_overs.len());
}

#[test]
fn refuses_what_cannot_be_simulated() {
    use takar_model::Lang;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("new");
    let refused = |simulation: Simulation| simulate(&simulation, &path, &|_, _| {}).expect_err("refused");
    let few = refused(Simulation { lines: 99, ..Simulation::default() });
    assert_eq!(few.message(Lang::Id), "99 baris penjualan tidak dapat disimulasikan: mintalah 100 sampai 500000000");
    let none = refused(Simulation { months: 0, ..Simulation::default() });
    assert!(none.message(Lang::En).starts_with("0 months from 2021-11 cannot be simulated"));
    let far = refused(Simulation { months: u32::MAX, ..Simulation::default() });
    assert!(matches!(far, SimulateError::Months { .. }));
    let before_time = refused(Simulation { first_month: Month::from_index(i32::MIN), ..Simulation::default() });
    assert!(matches!(before_time, SimulateError::Months { .. }));
    let crowd = refused(Simulation { accounts: Some(100), managers: Some(101), ..Simulation::default() });
    assert!(crowd.message(Lang::En).starts_with("100 accounts and 101 managers cannot be simulated: ask for 60 to "));
    let nobody = refused(Simulation { accounts: Some(59), ..Simulation::default() });
    assert!(nobody.message(Lang::Id).starts_with("59 akun dan jumlah lazim manajer tidak dapat disimulasikan"));
    assert!(!path.exists(), "nothing is written before the check");

    let file = folder.path().join("a file");
    fs::write(&file, "").expect("written");
    let not_a_folder = simulate(&Simulation::default(), &file, &|_, _| {}).expect_err("not a folder");
    assert!(matches!(not_a_folder, SimulateError::Write { path, .. } if path == file));
    assert!(matches!(Truth::read(&file), Err(SimulateError::Truth { .. })));
}
