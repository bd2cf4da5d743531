//! How alike two strings are by Jaro and by Winkler (1990), from 0 (nothing in common) to 1 (equal).

/// Characters that are looked at, from the beginning: what is longer is no name, and the work grows with the square.
const LONGEST: usize = 128;

/// The beginning of a string as characters, without an allocation.
struct Chars {
    held: [char; LONGEST],
    count: usize,
}

impl Chars {
    fn of(text: &str) -> Self {
        let mut chars = Self { held: ['\0'; LONGEST], count: 0 };
        for (place, character) in chars.held.iter_mut().zip(text.chars()) {
            *place = character;
            chars.count += 1;
        }
        chars
    }

    fn all(&self) -> &[char] {
        &self.held[..self.count]
    }
}

/// The Jaro similarity: common characters that stand near each other, less half of those that are out of order.
pub(super) fn jaro(one: &str, other: &str) -> f64 {
    jaro_of(Chars::of(one).all(), Chars::of(other).all())
}

/// The Jaro similarity raised for a common beginning of up to four characters.
pub(super) fn jaro_winkler(one: &str, other: &str) -> f64 {
    const LIFT: f64 = 0.1;
    let (one, other) = (Chars::of(one), Chars::of(other));
    let jaro = jaro_of(one.all(), other.all());
    let prefix = one.all().iter().zip(other.all()).take(4).take_while(|(one, other)| one == other).count();
    jaro + prefix as f64 * LIFT * (1.0 - jaro)
}

fn jaro_of(one: &[char], other: &[char]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    // Which is looked up in which can change what is found, so the order of the two is fixed.
    let (one, other) = if (one.len(), one) <= (other.len(), other) { (one, other) } else { (other, one) };
    let window = (other.len() / 2).saturating_sub(1);
    let (mut of_one, mut of_other) = (0_u128, 0_u128);
    for (place, character) in one.iter().enumerate() {
        let near = place.saturating_sub(window)..(place + window + 1).min(other.len());
        for candidate in near {
            if of_other & (1 << candidate) == 0 && other[candidate] == *character {
                of_one |= 1 << place;
                of_other |= 1 << candidate;
                break;
            }
        }
    }
    let common = f64::from(of_one.count_ones());
    if common == 0.0 {
        return 0.0;
    }
    let out_of_order = marked(one, of_one).zip(marked(other, of_other)).filter(|(one, other)| one != other).count();
    let in_order = common - (out_of_order / 2) as f64;
    (common / one.len() as f64 + common / other.len() as f64 + in_order / common) / 3.0
}

/// The characters that are marked, in their order.
fn marked(chars: &[char], marks: u128) -> impl Iterator<Item = char> {
    chars.iter().enumerate().filter(move |(place, _)| marks & (1 << place) != 0).map(|(_, character)| *character)
}

#[cfg(test)]
mod tests;
