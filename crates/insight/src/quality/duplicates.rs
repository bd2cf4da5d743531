//! Accounts that are most likely one: found among a million, and never joined here.

use rustc_hash::FxHashMap;
use takar_model::id_order;

use super::{
    NEAR,
    likeness::similarity,
    names::{forms, joined, key, tokens, words},
};
use best::{Best, Found};
use ids::PlainId;
use near::NearNames;

mod best;
mod ids;
mod near;

/// More ids than this with one name are the stores of a chain.
const CHAIN: usize = 5;

/// What a near name in another place is worth, beside one in the same.
const OTHER_PLACE: f64 = 0.9;

/// One account as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// Its id. Two items with exactly one id are one account and never a pair.
    pub id: &'a str,
    /// Its name, where it has one.
    pub name: Option<&'a str>,
    /// Its region, branch or city, where that is known; the same kind of place for all.
    pub place: Option<&'a str>,
}

/// Two items that are most likely one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The place in the items of the one whose id is the lower.
    pub one: usize,
    /// The place in the items of the other.
    pub other: usize,
    /// How likely, from 0.8 to 1.
    pub score: f64,
    /// What speaks for it.
    pub why: Why,
}

/// What speaks for two items being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Their names are equal by their [`key`].
    SameName,
    /// Their ids are equal but for case, spaces, leading zeros and punctuation.
    SameId,
    /// Their names are nearly equal.
    NearName,
}

/// At most `most` pairs of items that are most likely one, the best first and each once. The same pairs come out in
/// whatever order the items are; of equally good ones the lower ids come first.
///
/// - **Same names** score 1, 0.98 where a legal form is missing or more, and 0.9 where the forms differ (`PT`, `CV`).
///   Where two to five ids share a name, each is paired with the first. More are the stores of a chain and left out,
///   and so are two in different places.
/// - **Same ids** score 0.9 to 1 by how like the names are, 0.9 where one has none. With quite different names (below
///   0.6) they are two numberings that overlap, and left out. A different place takes a tenth.
/// - **Near names** score their [`similarity`], less a tenth in different places, from 0.85 on. A word that three names
///   or more have is no typing error of another one, unless that is a hundred times as frequent. Chains are left out.
///
/// Two places differ where both are there and neither holds the other (`Bandung`, `Kota Bandung` do not).
///
/// `is_decided` says of two places in the items that somebody has decided on them already; it is asked in both orders
/// and perhaps more than once. A million items take five to eight seconds on one core and about 300 bytes each,
/// beside the pairs (room for twice `most`).
pub fn duplicates(items: &[Named<'_>], is_decided: impl Fn(usize, usize) -> bool, most: usize) -> Vec<Pair> {
    if most == 0 {
        return Vec::new();
    }
    // All work is on places in this order, so that the order of the items does not matter.
    let mut order: Vec<usize> = (0..items.len().min(u32::MAX as usize)).collect();
    order.sort_by(|one, other| {
        let (one, other) = (&items[*one], &items[*other]);
        id_order(one.id, other.id).then_with(|| (one.name, one.place).cmp(&(other.name, other.place)))
    });
    let decided = |one: usize, other: usize| is_decided(one, other) || is_decided(other, one);
    let mut finder = Finder { items, order, is_decided: decided, best: Best::new(most) };
    finder.same_ids();
    finder.names();
    let Finder { order, best, .. } = finder;
    let pair = |found: Found| Pair {
        one: order[found.one as usize],
        other: order[found.other as usize],
        score: found.score,
        why: found.why,
    };
    best.into_sorted().into_iter().map(pair).collect()
}

struct Finder<'a, D> {
    items: &'a [Named<'a>],
    order: Vec<usize>,
    is_decided: D,
    best: Best,
}

impl<'a, D: Fn(usize, usize) -> bool> Finder<'a, D> {
    fn at(&self, place: u32) -> &Named<'a> {
        &self.items[self.order[place as usize]]
    }

    fn push(&mut self, one: u32, other: u32, score: f64, why: Why) {
        if !(self.is_decided)(self.order[one as usize], self.order[other as usize]) {
            self.best.push(Found { one: one.min(other), other: one.max(other), score, why });
        }
    }

    fn is_other_id(&self, one: u32, other: u32) -> bool {
        self.at(one).id != self.at(other).id
    }

    /// Both have a place and neither place holds the other.
    fn is_other_place(&self, one: u32, other: u32) -> bool {
        let (Some(one), Some(other)) = (self.at(one).place, self.at(other).place) else { return false };
        if one == other {
            return false;
        }
        let (one, other) = (key(one), key(other));
        !one.contains(&other) && !other.contains(&one)
    }

    /// Ids are sorted by the hash of their plain form, which takes a fraction of holding the forms themselves.
    fn same_ids(&mut self) {
        /// Ids that are looked at for each, so that ids without sense take no longer.
        const FIRST: usize = 8;
        let mut hashes: Vec<(u64, u32)> = Vec::with_capacity(self.order.len());
        for place in 0..self.order.len() as u32 {
            hashes.extend(PlainId::of(self.at(place).id).hashes().map(|hash| (hash, place)));
        }
        hashes.sort_unstable();
        for block in hashes.chunk_by(|one, other| one.0 == other.0).filter(|block| block.len() > 1) {
            let plain = |&(_, place): &(u64, u32)| (place, PlainId::of(self.at(place).id));
            let mut pairs = Vec::new();
            let first: Vec<_> = block.iter().take(FIRST).map(plain).collect();
            for (place, id) in block.iter().map(plain) {
                let before = first.iter().take_while(|(before, _)| *before < place);
                let mut same = before.filter(|(before, other)| id.is_same(other) && self.is_other_id(place, *before));
                pairs.extend(same.next().map(|(before, _)| (*before, place)));
            }
            for (one, other) in pairs {
                if let Some(score) = self.score_of_same_id(one, other) {
                    self.push(one, other, score, Why::SameId);
                }
            }
        }
    }

    fn score_of_same_id(&self, one: u32, other: u32) -> Option<f64> {
        const LEAST_SIMILARITY: f64 = 0.6;
        const WITHOUT_NAMES: f64 = 0.9;
        let by_name = match (self.at(one).name, self.at(other).name) {
            (Some(one), Some(other)) => match similarity(one, other) {
                similarity if similarity < LEAST_SIMILARITY => return None,
                similarity => WITHOUT_NAMES + (1.0 - WITHOUT_NAMES) * similarity,
            },
            _ => WITHOUT_NAMES,
        };
        Some(by_name * if self.is_other_place(one, other) { OTHER_PLACE } else { 1.0 })
    }

    fn names(&mut self) {
        let mut groups: FxHashMap<String, u32> = FxHashMap::default();
        let mut members: Vec<Members> = Vec::new();
        let mut names = NearNames::default();
        for place in 0..self.order.len() as u32 {
            let tokens = self.at(place).name.map(tokens).unwrap_or_default();
            if tokens.is_empty() {
                continue;
            }
            let next = members.len() as u32;
            let group = *groups.entry(joined(tokens.iter().map(String::as_str))).or_insert(next);
            if group == next {
                members.push(Members::default());
                names.push(&tokens);
            }
            members[group as usize].push(place);
        }
        drop(groups);
        for group in &members {
            self.same_names(group.few());
        }
        names.pairs(NEAR, |one, other, score| self.near_names(members[one].few(), members[other].few(), score));
    }

    fn same_names(&mut self, members: &[u32]) {
        for (place, other) in members.iter().enumerate() {
            let may_be = |one: &&u32| self.is_other_id(**one, *other) && !self.is_other_place(**one, *other);
            if let Some(one) = members[..place].iter().find(may_be) {
                let written = |place: u32| self.at(place).name.unwrap_or_default();
                let score = score_of_same_name(written(*one), written(*other));
                self.push(*one, *other, score, Why::SameName);
            }
        }
    }

    /// Of the accounts with one name and those with the other, the two that are the most likely one.
    fn near_names(&mut self, members: &[u32], others: &[u32], score: f64) {
        let all = members.iter().flat_map(|one| others.iter().map(|other| (*one, *other)));
        let may_be = all.filter(|(one, other)| self.is_other_id(*one, *other));
        let pairs = may_be.map(|(one, other)| (self.is_other_place(one, other), one.min(other), one.max(other)));
        let Some((is_elsewhere, one, other)) = pairs.min() else { return };
        let score = if is_elsewhere { score * OTHER_PLACE } else { score };
        if score >= NEAR {
            self.push(one, other, score, Why::NearName);
        }
    }
}

fn score_of_same_name(one: &str, other: &str) -> f64 {
    if words(one) == words(other) {
        return 1.0;
    }
    let (one, other) = (forms(one), forms(other));
    if one == other {
        return 1.0;
    }
    let holds = |all: &[String], part: &[String]| part.iter().all(|form| all.contains(form));
    if holds(&one, &other) || holds(&other, &one) { 0.98 } else { 0.9 }
}

/// The accounts with one name, without their list where they are a chain.
#[derive(Default, Clone, Copy)]
struct Members {
    places: [u32; CHAIN],
    count: u32,
}

impl Members {
    fn push(&mut self, place: u32) {
        if let Some(free) = self.places.get_mut(self.count as usize) {
            *free = place;
        }
        self.count = self.count.saturating_add(1);
    }

    /// Empty for a chain.
    fn few(&self) -> &[u32] {
        self.places.get(..self.count as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
