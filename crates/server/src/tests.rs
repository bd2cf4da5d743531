//! What the server keeps between requests.

use super::*;

#[test]
fn an_answer_is_made_once_for_each_version_of_the_data() {
    let answers = Answers::default();
    let ask = |version, made: &str| answers.get(version, "a".to_owned(), || Ok(made.to_owned())).expect("an answer");
    assert_eq!(&*ask(1, "one"), "one");
    assert_eq!(&*ask(1, "other"), "one");
    assert_eq!(&*ask(2, "two"), "two");
    assert_eq!(&*ask(1, "again"), "again");
}
