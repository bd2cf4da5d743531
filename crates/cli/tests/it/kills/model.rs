//! What the test knows to be true: every import, what it brought, and what corrected it. Plain maps; nothing is shared
//! with the program that is tested.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// What a fact is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Sales,
    Accounts,
    Aliases,
}

impl Kind {
    pub const fn table(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Accounts => "accounts",
            Self::Aliases => "aliases",
        }
    }
}

/// What makes two facts the same one: kind, stream, id.
pub type Key = (Kind, &'static str, String);

/// What is said under a key; it is replaced whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Invoice(Invoice),
    Region(String),
    SameAs(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    pub day: String,
    pub account: String,
    pub manager: String,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub product: String,
    pub quantity: i64,
    /// In hundredths.
    pub net: i64,
}

impl Fact {
    /// Rows in the table.
    fn rows(&self) -> u64 {
        match self {
            Self::Invoice(invoice) => invoice.lines.len() as u64,
            Self::Region(_) | Self::SameAs(_) => 1,
        }
    }
}

/// Rows that came, and earlier ones they took the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Came {
    pub added: u64,
    pub replaced: u64,
}

/// One import.
#[derive(Debug, Clone)]
struct Import {
    /// Its number in the log.
    id: i64,
    is_undone: bool,
    facts: Arc<BTreeMap<Key, Fact>>,
    /// By which import a fact of it was corrected.
    corrected_by: BTreeMap<Key, usize>,
}

/// All imports, and which one's word counts for each key.
#[derive(Debug, Clone, Default)]
pub struct Model {
    imports: Vec<Import>,
    counts: BTreeMap<Key, usize>,
}

/// Net (in hundredths), units and orders.
pub type Sums = [i64; 3];

/// What the program has to answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// By account, region and month.
    pub cells: BTreeMap<(String, String, String), Sums>,
    pub total: Sums,
}

impl Model {
    /// Facts that are there already, the same, do not come.
    pub fn import(&mut self, facts: impl IntoIterator<Item = (Key, Fact)>) -> Came {
        let place = self.imports.len();
        let mut came = Came::default();
        let mut fresh = BTreeMap::new();
        for (key, fact) in facts {
            if let Some(earlier) = self.counts.get(&key).copied() {
                if self.imports[earlier].facts[&key] == fact {
                    continue;
                }
                came.replaced += self.imports[earlier].facts[&key].rows();
                self.imports[earlier].corrected_by.insert(key.clone(), place);
            }
            came.added += fact.rows();
            self.counts.insert(key.clone(), place);
            fresh.insert(key, fact);
        }
        if !fresh.is_empty() {
            let (facts, corrected_by) = (Arc::new(fresh), BTreeMap::new());
            self.imports.push(Import { id: 0, is_undone: false, facts, corrected_by });
        }
        came
    }

    /// What it had corrected counts again, or is corrected by whoever corrected it in turn.
    pub fn undo(&mut self, place: usize) {
        self.imports[place].is_undone = true;
        let facts = self.imports[place].facts.clone();
        for key in facts.keys() {
            let next = self.imports[place].corrected_by.get(key).copied();
            if next.is_none() {
                self.counts.remove(key);
            }
            for (earlier, import) in self.imports.iter_mut().enumerate().filter(|(_, import)| !import.is_undone) {
                if import.corrected_by.get(key) != Some(&place) {
                    continue;
                }
                match next {
                    Some(next) => import.corrected_by.insert(key.clone(), next),
                    None => {
                        self.counts.insert(key.clone(), earlier);
                        import.corrected_by.remove(key)
                    }
                };
            }
        }
    }

    /// Facts that an import that counts still corrects do not come back.
    pub fn redo(&mut self, place: usize) -> Came {
        let is_corrected = |key: &Key| {
            let mut by = self.imports[place].corrected_by.get(key);
            while let Some(import) = by.map(|by| &self.imports[*by]).filter(|import| import.is_undone) {
                by = import.corrected_by.get(key);
            }
            by.is_some()
        };
        let facts = self.imports[place].facts.clone();
        let back: Vec<(Key, Fact)> =
            facts.iter().filter(|(key, _)| !is_corrected(key)).map(|(key, fact)| (key.clone(), fact.clone())).collect();
        self.import(back)
    }

    pub fn id_of(&self, place: usize) -> i64 {
        self.imports[place].id
    }

    pub fn table_of(&self, place: usize) -> Kind {
        self.imports[place].facts.keys().next().map_or(Kind::Sales, |key| key.0)
    }

    /// The imports without a number get these, in order.
    pub fn give_ids(&mut self, ids: &[i64]) {
        let nameless: Vec<&mut Import> = self.imports.iter_mut().filter(|import| import.id == 0).collect();
        assert_eq!(nameless.len(), ids.len(), "imports that brought something, and their numbers {ids:?}");
        for (import, id) in nameless.into_iter().zip(ids) {
            import.id = *id;
        }
    }

    /// What the log has to say of each import: its number, and whether it was undone.
    pub fn states(&self) -> impl Iterator<Item = (i64, bool)> {
        self.imports.iter().filter(|import| import.id > 0).map(|import| (import.id, import.is_undone))
    }

    /// Imports whose undo changes figures.
    pub fn undoable(&self) -> Vec<usize> {
        let holders: BTreeSet<usize> = self.counts.values().copied().collect();
        holders.into_iter().collect()
    }

    /// Undone imports of which something would come back.
    pub fn redoable(&self) -> Vec<usize> {
        let undone = (0..self.imports.len()).filter(|place| self.imports[*place].is_undone);
        undone.filter(|place| self.clone().redo(*place).added > 0).collect()
    }

    /// What counts of a kind and stream.
    pub fn facts(&self, kind: Kind, stream: &str) -> Vec<(&Key, &Fact)> {
        let of_both = self.counts.iter().filter(|(key, _)| key.0 == kind && key.1 == stream);
        of_both.map(|(key, place)| (key, &self.imports[*place].facts[key])).collect()
    }

    fn invoices(&self) -> impl Iterator<Item = (&Key, &Invoice)> {
        self.counts.iter().filter_map(|(key, place)| match &self.imports[*place].facts[key] {
            Fact::Invoice(invoice) => Some((key, invoice)),
            _ => None,
        })
    }

    /// Which id each alias is read as.
    fn aliases(&self) -> HashMap<&str, &str> {
        let told = self.counts.iter().filter_map(|(key, place)| match &self.imports[*place].facts[key] {
            Fact::SameAs(id) => Some((key.2.as_str(), id.as_str())),
            _ => None,
        });
        told.collect()
    }

    pub fn figures(&self) -> Figures {
        let aliases = self.aliases();
        let mut figures = Figures::default();
        for (_, invoice) in self.invoices() {
            let account = aliases.get(invoice.account.as_str()).map_or(invoice.account.clone(), ToString::to_string);
            let region = self.counts.get(&(Kind::Accounts, "default", account.clone())).map(|place| {
                match &self.imports[*place].facts[&(Kind::Accounts, "default", account.clone())] {
                    Fact::Region(region) => region.clone(),
                    other => panic!("{other:?} is no region"),
                }
            });
            let cell = (account, region.unwrap_or_default(), invoice.day[..7].to_owned());
            let sums = [
                invoice.lines.iter().map(|line| line.net).sum(),
                invoice.lines.iter().map(|line| line.quantity).sum(),
                i64::from(invoice.lines.iter().any(|line| line.quantity > 0)),
            ];
            let of_cell = figures.cells.entry(cell).or_default();
            for (place, sum) in sums.into_iter().enumerate() {
                of_cell[place] += sum;
                figures.total[place] += sum;
            }
        }
        figures
    }

    /// Every line that counts, as text, in order.
    pub fn lines(&self) -> Vec<String> {
        let aliases = self.aliases();
        let mut all = Vec::new();
        for ((_, stream, number), invoice) in self.invoices() {
            let account = aliases.get(invoice.account.as_str()).copied().unwrap_or(&invoice.account);
            for Line { product, quantity, net } in &invoice.lines {
                all.push(format!("{stream} {number} {} {account} {product} {quantity} {net}", invoice.day));
            }
        }
        all.sort();
        all
    }

    pub fn count_of_lines(&self) -> usize {
        self.invoices().map(|(_, invoice)| invoice.lines.len()).sum()
    }
}
