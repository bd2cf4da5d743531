//! The risk of hand-made accounts.

use takar_model::{Day, Lang};

use super::*;
use crate::fixtures::{Company, Line};

/// Twenty accounts order every 10 to 13 days; account 3 stopped 80 days before the end, account 20 ordered once.
fn company() -> Company {
    let start = Day::new(2025, 1, 1).expect("a day");
    let mut lines = Vec::new();
    for account in 0..20_u32 {
        let gap = 10 + (account % 4) as i32;
        for order in 0..20 {
            let day = order * gap + (account as i32 * 3) % 7;
            if account == 3 && day > 110 {
                break;
            }
            let mut line = Line::sale("2025-01-01", account, account % 2, 1_000_000 * i64::from(1 + account));
            line.date = start.plus_days(day.min(190));
            lines.push(line);
        }
    }
    lines.push(Line::sale("2025-03-01", 20, 1, 5_000_000));
    Company::new(lines)
}

#[test]
fn finds_the_account_that_stopped() {
    let company = company();
    let answer = risk(&company, &Question::default()).expect("an answer");
    assert_eq!(answer.accounts.len(), 21);
    let first = &answer.accounts[0];
    assert_eq!(first.id, company.names.account.id(3).expect("an id"));
    assert!(first.is_overdue());
    assert_eq!(answer.overdue(), 1);
    assert_eq!(first.words(Lang::En), "orders every 13 ± 0 days, last order 84 days ago");
    let once = answer.accounts.iter().find(|account| account.outlook.rhythm.is_some_and(|known| known.orders == 1));
    assert_eq!(once.and_then(|account| account.outlook.rhythm?.overdue), None, "who ordered once cannot be late");
}

#[test]
fn shows_the_accounts_asked_for() {
    let company = company();
    let id = company.names.manager.id(1).map(str::to_owned);
    let answer = risk(&company, &Question { manager: id.clone(), ..Question::default() }).expect("an answer");
    assert!(answer.accounts.iter().all(|account| account.manager == id));
    assert_eq!(answer.accounts.len(), 11);
    let json = answer.to_json(Lang::Id, 2, 3).expect("JSON");
    let read: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    assert_eq!((read["rows"].as_array().map(Vec::len), read["total_rows"].as_u64()), (Some(3), Some(11)));
    let wrong = risk(&company, &Question { false_alarms: 1.5, ..Question::default() });
    assert!(matches!(wrong, Err(InsightError::Stats(_))));
}
