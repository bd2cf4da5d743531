//! The plain way that a better one has to beat: items like those in the basket.

use super::Together;

/// Nearest neighbours of items by the cosine of who buys them (item-kNN).
///
/// Source: Sarwar, Karypis, Konstan & Riedl (2001), "Item-based collaborative filtering recommendation algorithms", *WWW '01*.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    /// By item, its nearest and how near, from 0 to 1.
    near: Vec<Vec<(u32, f64)>>,
}

impl Neighbours {
    /// The `most` nearest of each item.
    pub fn of(together: &Together, most: usize) -> Self {
        let near = (0..together.items)
            .map(|one| {
                let own = f64::from(together.both(one, one));
                let mut all: Vec<(u32, f64)> = (0..together.items)
                    .filter(|other| *other != one && together.both(one, *other) > 0)
                    .map(|other| {
                        let both = f64::from(together.both(one, other));
                        (other as u32, both / (own * f64::from(together.both(other, other))).sqrt())
                    })
                    .collect();
                all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                all.truncate(most);
                all
            })
            .collect();
        Self { near }
    }

    /// How much an item suits a basket: how near it is to each of its items, summed over those that are among its nearest.
    pub fn score(&self, basket: &[u32], item: u32) -> f64 {
        let near = &self.near[item as usize];
        near.iter().filter(|(other, _)| basket.binary_search(other).is_ok()).map(|(_, near)| near).sum()
    }
}
