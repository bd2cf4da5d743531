use proptest::prelude::*;

use super::*;

fn named<'a>(id: &'a str, name: &'a str, place: &'a str) -> Named<'a> {
    let some = |text: &'a str| (!text.is_empty()).then_some(text);
    Named { id, name: some(name), place: some(place) }
}

fn all(items: &[Named<'_>]) -> Vec<Pair> {
    duplicates(items, |_, _| false, 1_000)
}

/// The pairs by their ids.
fn told<'a>(items: &[Named<'a>]) -> Vec<(&'a str, &'a str, Why)> {
    all(items).iter().map(|pair| (items[pair.one].id, items[pair.other].id, pair.why)).collect()
}

#[test]
fn same_names_are_found_unless_elsewhere() {
    let items = [
        named("7", "Toko Maju Jaya", ""),
        named("3", "TOKO MAJU-JAYA", "Bandung"),
        named("4", "Maju Jaya, UD", "Solo"),
        named("5", "Toko Lain Sekali", "Solo"),
        named("6", "", "Solo"),
    ];
    assert_eq!(told(&items), [("3", "7", Why::SameName)]);
    let items = [named("1", "PT Sinar Abadi", "Bandung"), named("2", "PT Sinar Abadi Tbk", "Kota Bandung")];
    assert_eq!(all(&items), [Pair { one: 0, other: 1, score: 0.98, why: Why::SameName }]);
    let items = [named("1", "PT Sinar Abadi", ""), named("2", "CV Sinar Abadi", "")];
    assert_eq!(all(&items)[0].score, 0.9);
}

#[test]
fn five_of_a_name_are_paired_with_the_first_and_six_are_a_chain() {
    let ids = ["1", "2", "3", "4", "5", "6"];
    let stores = ids.map(|id| named(id, "Alfamart", ""));
    let first: Vec<_> = ids[1..5].iter().map(|id| ("1", *id, Why::SameName)).collect();
    assert_eq!(told(&stores[..5]), first);
    assert_eq!(told(&stores), []);
    let with_error: Vec<_> = stores.into_iter().chain([named("9", "Alfamrt", "")]).collect();
    assert_eq!(told(&with_error), []);
}

#[test]
fn same_ids_are_found_by_number() {
    let same =
        [("C-001", "c001"), ("C 1", "C-001"), ("01-0012", "1-12"), ("12-345", "12345"), ("0012.0", "12"), ("0", "00")];
    for (one, other) in same {
        assert_eq!(all(&[named(one, "", ""), named(other, "", "")]).len(), 1, "{one} {other}");
    }
    for (one, other) in [("1-12", "11-2"), ("12.0", "120"), ("C1", "C10"), ("-", "--"), ("A1", "A1"), ("10", "01")] {
        assert_eq!(all(&[named(one, "", ""), named(other, "", "")]), [], "{one} {other}");
    }
    let overlap = [named("007", "Toko Maju Jaya", ""), named("7", "Apotek Sehat", "")];
    assert_eq!(told(&overlap), []);
    let both = [named("007", "Toko Maju Jaya", ""), named("7", "Maju Jaya", "")];
    assert_eq!(told(&both), [("007", "7", Why::SameId)]);
}

#[test]
fn near_names_are_found_and_elsewhere_score_less() {
    let items = [
        named("1", "Blondel père et fils", "Lyon"),
        named("2", "Blondesddsl père et fils", "Lyon"),
        named("3", "Toko Sumber Rejeki Abadi", "Solo"),
        named("4", "Toko Sumber Rejekii Abadi", "Medan"),
        named("5", "Minimarket Sejahtera Cibiru", ""),
        named("6", "Mini Market Sejahtra Cibiru", ""),
        named("7", "Toko Maju Jaya 1", ""),
        named("8", "Toko Maju Jaya 2", ""),
        named("9", "Xentosa", ""),
        named("10", "Sentosa", ""),
    ];
    let pairs = all(&items);
    let near = [("5", "6"), ("1", "2"), ("9", "10"), ("3", "4")].map(|(one, other)| (one, other, Why::NearName));
    assert_eq!(told(&items), near);
    assert!(pairs.windows(2).all(|pair| pair[0].score >= pair[1].score) && pairs.iter().all(|pair| pair.score < 1.0));
}

#[test]
fn decided_pairs_are_left_out_and_most_is_kept() {
    let items: Vec<_> = ["1", "2", "3"].iter().map(|id| named(id, "Toko Maju Jaya", "")).collect();
    let pairs = duplicates(&items, |one, other| (one, other) == (2, 0), 10);
    assert_eq!(pairs.iter().map(|pair| (pair.one, pair.other)).collect::<Vec<_>>(), [(0, 1)]);
    assert_eq!(duplicates(&items, |_, _| false, 1).len(), 1);
    assert_eq!(duplicates(&items, |_, _| false, 0), []);
    assert_eq!(all(&[]), []);
}

/// A small generator of numbers, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// A word of two to four syllables that no list has.
    fn word(&mut self) -> String {
        let consonants: Vec<char> = "bcdghjklmnprstwy".chars().collect();
        let vowels: Vec<char> = "aaeiiou".chars().collect();
        let mut word = String::new();
        for _ in 0..2 + self.below(3) {
            word.push(consonants[self.below(consonants.len())]);
            word.push(vowels[self.below(vowels.len())]);
        }
        if self.below(2) == 0 {
            word.push(['n', 'r', 's', 'h', 't'][self.below(5)]);
        }
        word
    }

    /// The name with a slip of the hand in one of its longer words.
    fn slip(&mut self, name: &str) -> String {
        let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let long: Vec<usize> = (1..words.len()).filter(|word| words[*word].len() >= 5).collect();
        let word = &mut words[long[self.below(long.len())]];
        let place = 1 + self.below(word.len() - 2);
        match self.below(4) {
            0 => drop(word.remove(place)),
            1 => word.insert(place, 'x'),
            2 => word.replace_range(place..=place, "q"),
            _ => {
                let letter = word.remove(place);
                word.insert(place + 1, letter);
            }
        }
        words.join(" ")
    }
}

const FIRST: [&str; 40] = [
    "Sumber", "Maju", "Berkah", "Sinar", "Karya", "Mitra", "Jaya", "Cahaya", "Tunas", "Rukun", "Usaha", "Bina", "Sari",
    "Aneka", "Surya", "Bintang", "Harapan", "Laris", "Murah", "Setia", "Putra", "Putri", "Guna", "Anugerah", "Mekar",
    "Pelita", "Rahmat", "Restu", "Agung", "Barokah", "Indah", "Asri", "Mulia", "Mulya", "Tirta", "Citra", "Bumi",
    "Buana", "Warna", "Wahana",
];
const SECOND: [&str; 40] = [
    "Rejeki",
    "Rezeki",
    "Jaya",
    "Raya",
    "Abadi",
    "Makmur",
    "Mulya",
    "Mulia",
    "Sentosa",
    "Bersama",
    "Lestari",
    "Sejahtera",
    "Sejati",
    "Baru",
    "Barat",
    "Mandiri",
    "Utama",
    "Rasa",
    "Barokah",
    "Berkah",
    "Manis",
    "Subur",
    "Damai",
    "Sakti",
    "Timur",
    "Prima",
    "Permai",
    "Mapan",
    "Langgeng",
    "Amanah",
    "Ria",
    "Asri",
    "Tani",
    "Kencana",
    "Pagi",
    "Sehati",
    "Sehat",
    "Setia",
    "Perdana",
    "Pratama",
];
const PLACES: [&str; 30] = [
    "Bandung",
    "Badung",
    "Surabaya",
    "Surakarta",
    "Semarang",
    "Serang",
    "Tangerang",
    "Medan",
    "Makassar",
    "Malang",
    "Magelang",
    "Cirebon",
    "Palembang",
    "Denpasar",
    "Solo",
    "Balikpapan",
    "Pekanbaru",
    "Manado",
    "Bekasi",
    "Bogor",
    "Depok",
    "Cimahi",
    "Ciamis",
    "Jember",
    "Jepara",
    "Kediri",
    "Kendari",
    "Kendal",
    "Padang",
    "Pandeglang",
];

/// Different shop names: from lists, so that all words are frequent, or with words that nobody else has.
fn shops(count: usize, seed: u64, rare: bool) -> Vec<String> {
    let (mut numbers, mut names) = (Numbers(seed), Vec::new());
    let mut known = rustc_hash::FxHashSet::default();
    while names.len() < count {
        let kind = numbers.of(&["Toko", "Toko", "Warung", "UD", "Apotek"]);
        let first = if rare { numbers.word() } else { numbers.of(&FIRST).to_owned() };
        let name = format!("{kind} {first} {} {}", numbers.of(&SECOND), numbers.of(&PLACES));
        if known.insert(key(&name)) {
            names.push(name);
        }
    }
    names
}

fn near_in(names: &[String]) -> usize {
    let ids: Vec<String> = (0..names.len()).map(|id| format!("C{id}")).collect();
    let items: Vec<_> = names.iter().zip(&ids).map(|(name, id)| named(id, name, "")).collect();
    duplicates(&items, |_, _| false, 100_000).len()
}

#[test]
fn different_shops_are_seldom_suggested() {
    for seed in [1, 2, 3] {
        let (frequent, rare) = (near_in(&shops(2_000, seed, false)), near_in(&shops(2_000, seed, true)));
        let few = near_in(&shops(100, seed, false)) + near_in(&shops(100, seed, true));
        assert!(few <= 1, "{few}");
        assert!(frequent <= 20, "{frequent}");
        assert!(rare <= 20, "{rare}");
    }
}

#[test]
fn planted_duplicates_are_found_among_twenty_thousand() {
    const PLANTED: usize = 400;
    for rare in [false, true] {
        let mut names = shops(20_000, 4, rare);
        let mut numbers = Numbers(5);
        let mut planted: Vec<(usize, usize)> = Vec::new();
        for of in (0..PLANTED).map(|number| number * 47) {
            let name = if numbers.below(4) == 0 { names[of].to_uppercase() } else { numbers.slip(&names[of]) };
            planted.push((of, names.len()));
            names.push(name);
        }
        let ids: Vec<String> = (0..names.len()).map(|id| format!("C{id}")).collect();
        let items: Vec<_> = names.iter().zip(&ids).map(|(name, id)| named(id, name, "")).collect();
        let pairs: Vec<(usize, usize)> =
            all(&items).iter().map(|pair| (pair.one.min(pair.other), pair.one.max(pair.other))).collect();
        let missed = planted.iter().filter(|pair| !pairs.contains(pair)).count();
        let wrong = pairs.iter().filter(|pair| !planted.contains(pair)).count();
        assert_eq!(missed, 0);
        assert!(wrong <= PLANTED / 20, "{wrong}");
    }
}

fn anything() -> impl Strategy<Value = Vec<(String, Option<String>, Option<String>)>> {
    let name = prop_oneof!["Toko (Maju|Majuu|Jaya|Sinar|Sinra) (Jaya|Abadi|Abadii)( [12])?", ".{0,20}", "[🙂é ]{0,4}"];
    let id = prop_oneof!["[aA]?[-. ]?0{0,2}[0-3]{1,2}", ".{0,3}"];
    let place = prop_oneof!["Solo|Medan|Kota Solo| |"];
    prop::collection::vec((id, prop::option::of(name), prop::option::of(place)), 0..40)
}

fn item((id, name, place): &(String, Option<String>, Option<String>)) -> Named<'_> {
    Named { id, name: name.as_deref(), place: place.as_deref() }
}

proptest! {
    #[test]
    fn the_order_of_the_items_does_not_matter(rows in anything(), turn in 0..40_usize, most in 0..30_usize) {
        let items: Vec<_> = rows.iter().map(item).collect();
        let mut turned = items.clone();
        turned.rotate_left(turn.min(items.len()));
        turned.reverse();
        let found = |items: &[Named<'_>]| -> Vec<_> {
            let pairs = duplicates(items, |_, _| false, most);
            let told =
                |pair: &Pair| format!("{:?} {:?} {} {:?}", items[pair.one], items[pair.other], pair.score, pair.why);
            pairs.iter().map(told).collect()
        };
        let pairs = duplicates(&items, |_, _| false, usize::MAX);
        let both = |pair: &Pair| (pair.one.min(pair.other), pair.one.max(pair.other));
        let mut places: Vec<_> = pairs.iter().map(both).collect();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), pairs.len());
        prop_assert!(pairs.iter().all(|pair| (0.8..=1.0).contains(&pair.score)));
        prop_assert!(pairs.iter().all(|pair| items[pair.one].id != items[pair.other].id));
        prop_assert_eq!(found(&items), found(&turned));
    }
}

#[test]
fn very_long_names_are_taken() {
    let long = "Toko Maju ".repeat(20_000);
    let longer = format!("{long}Jaya");
    let one_word = "maju".repeat(50_000);
    let items = [
        named("1", &long, &long),
        named("2", &longer, &longer),
        named("3", &one_word, ""),
        named(&long, &one_word, ""),
    ];
    assert!(all(&items).iter().all(|pair| pair.score <= 1.0));
}
