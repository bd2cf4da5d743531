//! Whom an action is to be compared with, decided before it begins, and what could be seen of it then.

use serde::{Deserialize, Serialize};
use takar_model::{Lang, Month, Text};
use takar_stats::effect::{Panel, Plan, Power, Unit, matched, waiting_list};

use crate::{
    InsightError,
    effect::{AccountMonths, BEFORE, draws, whole_percent, why},
    metrics::{Labels, Value},
};

/// So many accounts are compared with, at most: those that moved most alike.
pub const MOST_CONTROLS: usize = 1_000;
/// An account counts as a customer up to so many months after its last purchase.
const REMEMBERED: i32 = 12;
/// With fewer candidates a lot leaves too few on each side.
const LEAST_FOR_LOT: usize = 6;

/// How accounts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Design {
    /// A lot decides who has the action now and who waits.
    Lot,
    /// All have it, and are compared with others that moved alike.
    Matched,
}

impl Design {
    /// Its name in commands and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lot => "lot",
            Self::Matched => "matched",
        }
    }
}

/// What is to be planned.
pub struct PlanAsked<'a> {
    /// The accounts that were picked.
    pub accounts: &'a [String],
    /// Whether the account is in another action that is planned or running.
    pub is_taken: &'a dyn Fn(&str) -> bool,
    /// A lot is to decide who is first.
    pub by_lot: bool,
    /// Months right before the start that decided who was picked.
    pub selection: i32,
    /// Months that it is going to be watched.
    pub after: i32,
    /// What is expected, as a share.
    pub expected: f64,
    /// The seed of the lot and of placebos.
    pub seed: u64,
}

/// Who has the action, who waits, who is compared with, and what could be seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planned {
    /// How.
    pub design: Design,
    /// Have it at once.
    pub now: Vec<String>,
    /// Have it later.
    pub later: Vec<String>,
    /// Are compared with.
    pub controls: Vec<String>,
    /// What could be seen; none where the past does not tell.
    pub seen: Option<Seen>,
    /// Why not, in Indonesian and English.
    pub why: Option<(String, String)>,
}

/// How large an effect has to be to be seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// So large, as a share.
    pub detectable: f64,
    /// With this chance.
    pub power: f64,
    /// The level of the interval it is judged by.
    pub level: f64,
    /// Accounts that have it.
    pub treated: usize,
    /// Accounts they are compared with.
    pub controls: usize,
    /// Months watched.
    pub after: usize,
    /// What is expected, as a share.
    pub expected: f64,
}

impl Seen {
    /// "With 12 accounts you can see effects above 15 %", for a reader of `lang`.
    pub fn words(&self, lang: Lang) -> Vec<String> {
        let mut said = vec![match lang {
            Lang::Id => format!(
                "Dengan {} akun dan {} pembanding selama {} bulan, efek di atas {} dapat terlihat (kemungkinan {}, kisaran {}).",
                self.treated,
                self.controls,
                self.after,
                whole_percent((self.detectable * 100.0).ceil() / 100.0),
                whole_percent(self.power),
                whole_percent(self.level)
            ),
            Lang::En => format!(
                "With {} accounts against {} over {} months you can see effects above {} (with a chance of {}, {} interval).",
                self.treated,
                self.controls,
                self.after,
                whole_percent((self.detectable * 100.0).ceil() / 100.0),
                whole_percent(self.power),
                whole_percent(self.level)
            ),
        }];
        if self.expected < self.detectable {
            let expected = Value::Rate(self.expected).format(lang);
            said.push(match lang {
                Lang::Id => format!(
                    "Yang diharapkan, {expected}, lebih kecil dari itu: kemungkinan besar buktinya tidak akan cukup. Pakai lebih banyak akun atau amati lebih lama."
                ),
                Lang::En => format!(
                    "What you expect, {expected}, is less than that: most likely there will not be enough evidence. Take more accounts or watch longer."
                ),
            });
        }
        said
    }
}

/// Plans the comparison.
///
/// # Errors
/// Without accounts, for accounts that are not known, in another action, or too few for a lot.
pub fn plan(months: &AccountMonths, accounts: &Labels, asked: &PlanAsked<'_>) -> Result<Planned, InsightError> {
    let refused = |id: String, en: String| InsightError::OwnKpi { id, en };
    let mut ids: Vec<&String> = asked.accounts.iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(refused("sebutkan sedikitnya satu akun".to_owned(), "name at least one account".to_owned()));
    }
    let mut codes = Vec::with_capacity(ids.len());
    for id in &ids {
        let code = accounts.code(id).ok_or_else(|| {
            refused(format!("tidak ada akun dengan kode \"{id}\""), format!("there is no account with the id \"{id}\""))
        })?;
        if (asked.is_taken)(id) {
            return Err(refused(
                format!(
                    "akun {id} sudah ada dalam tindakan lain yang direncanakan atau berjalan: efeknya tidak dapat dipisahkan"
                ),
                format!(
                    "account {id} is in another action that is planned or running: their effects could not be told apart"
                ),
            ));
        }
        codes.push(code);
    }
    let design = if asked.by_lot { Design::Lot } else { Design::Matched };
    if asked.by_lot && ids.len() < LEAST_FOR_LOT {
        return Err(refused(
            format!("daftar tunggu perlu sedikitnya {LEAST_FOR_LOT} akun, baru ada {}", ids.len()),
            format!("a waiting list takes at least {LEAST_FOR_LOT} accounts, there are {}", ids.len()),
        ));
    }
    let last = months.last();
    let first = months.first().max(last.plus(1 - BEFORE - asked.selection - asked.after));
    let mut made = Planned { design, now: Vec::new(), later: Vec::new(), controls: Vec::new(), seen: None, why: None };
    let row = |code: u32| Unit { outcomes: months.row(code, first, last), from: None };
    let power = if asked.by_lot {
        let size = |code: &u32| {
            let year = months.row(*code, months.first().max(last.plus(-11)), last);
            year.iter().flatten().sum::<f64>()
        };
        let sizes: Vec<f64> = codes.iter().map(size).collect();
        let lot = waiting_list(&sizes, &ids, ids.len() / 2, asked.seed)?;
        let named = |places: &[usize]| {
            let mut named: Vec<String> = places.iter().map(|place| ids[*place].clone()).collect();
            named.sort_unstable();
            named
        };
        (made.now, made.later) = (named(&lot.now), named(&lot.later));
        // Placebos want two more to draw from than have the action; one less that has it tells nearly the same.
        let planned = &lot.now[..lot.now.len() - 1];
        let units: Vec<Unit> = codes.iter().map(|code| row(*code)).collect();
        let halves = (lot.now.len(), lot.later.len());
        power_of(&units, planned, asked).map(|seen| Seen { treated: halves.0, controls: halves.1, ..seen })
    } else {
        made.now = ids.iter().map(|id| (*id).clone()).collect();
        let pool = pool(months, accounts, (&codes, first), asked.is_taken);
        let mut units: Vec<Unit> = codes.iter().chain(&pool).map(|code| row(*code)).collect();
        let planned: Vec<usize> = (0..codes.len()).collect();
        let mut kept: Vec<usize> = (codes.len()..units.len()).collect();
        if kept.len() > MOST_CONTROLS {
            let panel = Panel::new(&units)?.planned(&planned, 1)?.relative(0);
            kept = matched(&panel, &planned, &kept, MOST_CONTROLS)?;
        }
        made.controls =
            kept.iter().filter_map(|place| accounts.id(pool[*place - codes.len()]).map(str::to_owned)).collect();
        made.controls.sort_unstable();
        let mut place = 0;
        units.retain(|_| {
            place += 1;
            place <= codes.len() || kept.binary_search(&(place - 1)).is_ok()
        });
        power_of(&units, &planned, asked)
    };
    let known = last.index() - first.index() + 1;
    match power {
        // Some months have to be left before those that are watched.
        _ if known < asked.after + asked.selection + 2 => {
            made.why = Some((
                format!("data baru {known} bulan lengkap"),
                format!("there are {known} complete months of data only"),
            ));
        }
        Ok(seen) => made.seen = Some(seen),
        Err(error) => {
            let told = |lang| why(&error, lang);
            made.why = Some((told(Lang::Id), told(Lang::En)));
        }
    }
    Ok(made)
}

/// Accounts that may be compared with: customers all along that are in no action.
fn pool(
    months: &AccountMonths,
    accounts: &Labels,
    (picked, first): (&[u32], Month),
    is_taken: &dyn Fn(&str) -> bool,
) -> Vec<u32> {
    let last = months.last();
    let is_eligible = |code: &u32| {
        let Some(id) = accounts.id(*code) else { return false };
        let is_customer = months.last_line(*code).is_some_and(|line| line > last.plus(-REMEMBERED));
        let row = months.row(*code, first, last);
        is_customer
            && !picked.contains(code)
            && row.iter().all(Option::is_some)
            && row.iter().flatten().sum::<f64>() > 0.0
            && !is_taken(id)
    };
    (0..months.accounts() as u32).filter(is_eligible).collect()
}

fn power_of(units: &[Unit], planned: &[usize], asked: &PlanAsked<'_>) -> takar_stats::Result<Seen> {
    let after = usize::try_from(asked.after).unwrap_or(1).max(1);
    let selection = usize::try_from(asked.selection).unwrap_or_default();
    let draws = draws(units.len() - planned.len(), asked.seed);
    let plan = Plan { draws, ..Plan::usual(after, selection, asked.seed) };
    let power = Power::of(&Panel::new(units)?, &plan, planned)?;
    Ok(Seen {
        detectable: power.detectable,
        power: power.power.share(),
        level: power.level.share(),
        treated: power.treated,
        controls: power.controls,
        after: power.after,
        expected: asked.expected,
    })
}

impl Planned {
    /// What could be seen, or why that is not known.
    pub fn words(&self, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        if self.design == Design::Lot {
            said.push(match lang {
                Lang::Id => format!(
                    "Undian menentukan {} akun yang lebih dulu; {} menunggu dan menjadi pembandingnya.",
                    self.now.len(),
                    self.later.len()
                ),
                Lang::En => format!(
                    "A lot decided on {} accounts that come first; {} wait and are compared with.",
                    self.now.len(),
                    self.later.len()
                ),
            });
        }
        match (&self.seen, &self.why) {
            (Some(seen), _) => said.extend(seen.words(lang)),
            (None, why) => {
                let why = why.as_ref().map_or("", |(id, en)| if lang == Lang::Id { id } else { en });
                let what = Text::new(
                    "Belum dapat dikatakan efek sebesar apa yang akan terlihat",
                    "It cannot be told how large an effect could be seen",
                );
                said.push(format!("{}: {why}.", what.get(lang)));
            }
        }
        said
    }
}
