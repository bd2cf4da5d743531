//! The known name that an unknown one was most likely meant to be.

use super::{
    NEAR,
    likeness::similarity_of,
    names::{key, tokens},
};

/// The next best name has to be this much less alike, or it may be either.
const AHEAD: f64 = 0.03;

/// The known name that `name` was most likely meant to be, with its [`similarity`](super::similarity); `None` where
/// none is near (0.85) or two are about as near (within 0.03).
///
/// A name that is equal by its [`key`] wins over all others with 1; of several such, the one that is written the same,
/// else the first by the alphabet. The order of `known` does not matter. Each call looks at
/// every known name.
pub fn nearest<'a>(name: &str, known: &'a [impl AsRef<str>]) -> Option<(&'a str, f64)> {
    let words = tokens(name);
    let all = known.iter().map(|known| known.as_ref()).map(|known| (known, similarity_of(&words, &tokens(known))));
    let mut near: Vec<(&str, f64)> = all.filter(|(_, score)| *score >= NEAR - AHEAD).collect();
    near.sort_by(|one, other| {
        let by_name = || (one.0 != name, one.0).cmp(&(other.0 != name, other.0));
        other.1.total_cmp(&one.1).then_with(by_name)
    });
    let &(best, score) = near.first().filter(|(_, score)| *score >= NEAR)?;
    let is_clear = score == 1.0 || {
        let best = key(best);
        near.iter().skip(1).find(|(other, _)| key(other) != best).is_none_or(|(_, next)| score - next >= AHEAD)
    };
    is_clear.then_some((best, score))
}

#[cfg(test)]
mod tests;
