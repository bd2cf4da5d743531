//! Each way of writing a date, and what is none.

use proptest::prelude::*;
use takar_model::Day;

use super::*;

fn day(text: &str, order: DateOrder) -> Option<String> {
    let day = read(text, Kind::Text)?.day(Some(order))?;
    Day::from_epoch_days(day).map(|day| day.to_string())
}

#[test]
fn reads_each_way_of_writing() {
    for text in [
        "2017-08-25",
        "2017/8/25",
        "2017.08.25",
        "25/08/2017",
        "25-8-17",
        "25.08.2017",
        "25 Agustus 2017",
        "25-Agu-17",
        "Aug 25, 2017",
        "25 August 2017",
        "August 25th, 2017",
        "2017年8月25日",
        "20170825",
        "42972",
        "42972.5",
        "2017-08-25T10:30:00Z",
        "2017-08-25 10:30:00.000+07:00",
        "25/08/2017 10:30 PM",
        "25/08/2017 10.30 WIB",
        "Jumat, 25 Agustus 2017",
        "Jum'at, 25 Agustus 2017",
        "Jum’at, 25 Agustus 2017",
        "25 agt 2017",
        "2017-Aug-25",
        "2017年8月25日 10:30",
        "２０１７年８月２５日",
        "２０１７／０８／２５",
    ] {
        assert_eq!(day(text, DateOrder::Dmy).as_deref(), Some("2017-08-25"), "{text}");
    }
    assert_eq!(day("8/25/2017", DateOrder::Mdy).as_deref(), Some("2017-08-25"));
    assert_eq!(day("1/2/70", DateOrder::Dmy).as_deref(), Some("1970-02-01"));
    assert_eq!(day("1/2/69", DateOrder::Dmy).as_deref(), Some("2069-02-01"));
}

#[test]
fn refuses_what_is_no_date() {
    for text in [
        "",
        "abc",
        "31/02/2017",
        "2017-13-01",
        "2017-02-29",
        "12/2017",
        "1234",
        "25/08",
        "13/13/2017",
        "Jalan 5 No 12",
        "10 Mawar 2017",
    ] {
        assert_eq!(day(text, DateOrder::Dmy), None, "{text}");
    }
    assert_eq!(read("0217-08-25", Kind::Text), Some(Written::FarYear));
    assert_eq!(read("25/08/1817", Kind::Text), Some(Written::FarYear));
}

#[test]
fn names_every_month() {
    let names = ["jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"];
    for (index, name) in names.iter().enumerate() {
        assert_eq!(month(name), Some(index as u32 + 1), "{name}");
    }
    assert_eq!(
        (month("may"), month("oct"), month("dec"), month("aug"), month("xyz")),
        (Some(5), Some(10), Some(12), Some(8), None)
    );
}

proptest! {
    #[test]
    fn agrees_with_the_calendar(epoch in -7305_i32..47_846) {
        let day = Day::from_epoch_days(epoch).expect("in range");
        let (year, month, dom) = (day.date().year(), day.date().month(), day.date().day());
        prop_assert_eq!(days(i32::from(year), month as u32, dom as u32), Some(epoch));
        prop_assert_eq!(iso(day.to_string().as_bytes()), Some(epoch));
        let written = read(&format!("{dom}/{month}/{year}"), Kind::Text).expect("a date");
        prop_assert_eq!(written.day(Some(DateOrder::Dmy)), Some(epoch));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,20}", date in "[0-9]{1,5}[-/. 年]{0,2}[0-9A-Za-z]{0,9}[-/. ]{0,2}[0-9]{0,5}.{0,3}") {
        let _ = (read(&text, Kind::Text), read(&date, Kind::Text));
    }
}
