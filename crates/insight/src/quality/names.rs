//! How names of companies, shops, goods and people compare.

/// Legal forms and words of trade that stand around a name and are often left out.
const FORMS: [&str; 37] = [
    "pt",
    "perseroan",
    "terbatas",
    "persero",
    "tbk",
    "cv",
    "ud",
    "pd",
    "firma",
    "fa",
    "toko",
    "tk",
    "apotek",
    "apotik",
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "sa",
    "sarl",
    "sas",
    "srl",
    "bv",
    "nv",
    "pte",
    "sdn",
    "bhd",
    "the",
];

/// Words that are written as `&` as well.
const LINKS: [&str; 2] = ["dan", "and"];

/// Letters with their marks, by the plain letters.
const MARKED: [(&str, &str); 22] = [
    ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"),
    ("ae", "æ"),
    ("c", "çćĉċč"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıỉị"),
    ("j", "ĵ"),
    ("k", "ķ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŋ"),
    ("o", "òóôõöøōŏőǒọỏốồổỗộơớờởỡợ"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšș"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųǔụủưứừửữự"),
    ("w", "ŵ"),
    ("y", "ýÿŷỳỵỷỹ"),
];

/// The words of a name as they compare: lower case, without diacritics and punctuation, and without the legal forms and
/// words of trade around it (`PT`, `Tbk`, `Toko`, `Ltd` …) where other words remain.
///
/// Empty only where the name has no letter and no digit.
pub fn tokens(name: &str) -> Vec<String> {
    let mut words = words(name);
    let is_form = |word: &String| FORMS.contains(&word.as_str());
    let is_link = |word: &String| LINKS.contains(&word.as_str());
    if words.iter().all(|word| is_form(word) || is_link(word)) {
        return words;
    }
    words.retain(|word| !is_link(word));
    // Only around the name: "Kopi Toko Djawa" is not "Kopi Djawa".
    let ends = words.iter().rposition(|word| !is_form(word)).map_or(0, |last| last + 1);
    words.truncate(ends);
    let begins = words.iter().position(|word| !is_form(word)).unwrap_or_default();
    words.drain(..begins);
    words
}

/// What two writings of one name have in common: its [`tokens`] in one string. `GTX Pro` and `gtx-pro` are both
/// `gtxpro`. Numbers stay apart, so that `1.5L` (`1 5l`) is not `15L`.
pub fn key(name: &str) -> String {
    joined(tokens(name).iter().map(String::as_str))
}

/// The words of forms and trade that [`tokens`] leaves out, in order of the alphabet.
pub(super) fn forms(name: &str) -> Vec<String> {
    let kept = tokens(name);
    let mut forms: Vec<String> = words(name).into_iter().filter(|word| !kept.contains(word)).collect();
    forms.retain(|word| !LINKS.contains(&word.as_str()));
    forms.sort();
    forms.dedup();
    forms
}

/// `words` in one string, with a space only between digits.
pub(super) fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for word in words {
        let digit = |character: char| character.is_numeric();
        if joined.ends_with(digit) && word.starts_with(digit) {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// All words of a name, in plain lower-case letters and digits. Dotted initials are one word: `P.T.` and `P. T.` are
/// `pt`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    // How many dots stood since the last word, and whether that is made of initials.
    let (mut dots, mut initials) = (0_usize, false);
    let characters = name.chars().map(narrow).flat_map(char::to_lowercase).chain([' ']);
    for character in characters.filter(|character| !joins(*character)) {
        if character.is_alphanumeric() {
            plain(character, &mut word);
            continue;
        }
        if !word.is_empty() {
            let is_initial = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
            match words.last_mut() {
                Some(last) if is_initial && initials && dots == 1 => last.push_str(&word),
                _ => words.push(word.clone()),
            }
            (dots, initials) = (0, is_initial);
            word.clear();
        }
        dots += usize::from(character == '.');
    }
    words
}

/// The plain form of a full-width character.
fn narrow(character: char) -> char {
    const WIDTH: u32 = 0xFEE0;
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - WIDTH).unwrap_or(character),
        character => character,
    }
}

/// Marks that do not part a word: apostrophes, combining diacritics and what nobody sees.
fn joins(character: char) -> bool {
    matches!(
        character,
        '\'' | '’' | '‘' | '`' | '´' | 'ʼ' // apostrophes
            | '\u{300}'..='\u{36f}' // combining
            | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// Puts the letter without its diacritics behind `word`.
fn plain(character: char, word: &mut String) {
    let marked = |character| MARKED.iter().find(|(_, marked)| marked.contains(character));
    match if character.is_ascii() { None } else { marked(character) } {
        Some((plain, _)) => word.push_str(plain),
        None => word.push(character),
    }
}

#[cfg(test)]
mod tests;
