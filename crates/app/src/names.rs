//! Ids and names that are known, offered to whoever types one.

use serde::Serialize;
use takar_insight::metrics::{CellSource, Dimension, Labels};
use takar_model::Credit;

use crate::{Result, Takar};

/// Something that has an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownName {
    /// Its id.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}

impl Takar {
    /// The members of a dimension of which the id or the name has a text in it, whatever the case: those that begin with it first,
    /// then in order of their ids; at most `limit`.
    pub fn names(&self, of: Dimension, like: &str, limit: usize) -> Result<Vec<KnownName>> {
        let source = self.lake_source(Credit::Recorded)?;
        let Some(labels) = source.names().labels(of) else { return Ok(Vec::new()) };
        let is_seen: Box<dyn Fn(&str) -> bool> = match (self.reach(), of) {
            (Some(reach), Dimension::Manager) => Box::new(|id| reach.holds(id)),
            (Some(reach), Dimension::Account) => {
                let accounts = self.accounts_within(reach)?;
                Box::new(move |id| accounts.contains(id))
            }
            _ => Box::new(|_| true),
        };
        Ok(found(labels, is_seen, like, limit))
    }
}

fn found(labels: &Labels, is_seen: impl Fn(&str) -> bool, like: &str, limit: usize) -> Vec<KnownName> {
    let like = like.trim().to_lowercase();
    let all = (0_u32..).map_while(|code| labels.id(code).map(|id| (id, labels.name(code))));
    let mut begin = Vec::new();
    let mut contain = Vec::new();
    for (id, name) in all.filter(|(id, _)| is_seen(id)) {
        let texts = || [Some(id), name].into_iter().flatten().map(str::to_lowercase);
        let known = || KnownName { id: id.to_owned(), name: name.map(str::to_owned) };
        if texts().any(|text| text.starts_with(&like)) {
            begin.push(known());
        } else if contain.len() < limit && texts().any(|text| text.contains(&like)) {
            contain.push(known());
        }
        if begin.len() == limit {
            break;
        }
    }
    begin.extend(contain);
    begin.truncate(limit);
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_so_comes_first() {
        let texts = |texts: [&str; 4]| texts.map(str::to_owned).to_vec();
        let names = texts(["Toko Maju", "Maju Jaya", "Kios", "MAJU"]).into_iter().map(Some).collect();
        let labels = Labels::new(texts(["P1", "P2", "P3", "P4"]), names);
        let ids =
            |like, limit| found(&labels, |_| true, like, limit).into_iter().map(|known| known.id).collect::<Vec<_>>();
        assert_eq!(ids("maju", 9), ["P2", "P4", "P1"]);
        assert_eq!(ids("maju", 2), ["P2", "P4"]);
        assert_eq!(ids("p", 3), ["P1", "P2", "P3"]);
        assert_eq!(ids("zz", 3), Vec::<String>::new());
    }
}
