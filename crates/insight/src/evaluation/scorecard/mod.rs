//! Scorecards: quantity, process and communication of each manager in points, 0 to 100, and the whole.
//!
//! Every point comes from a KPI: its value lies between what earns nothing and what earns all, its weight says how much
//! that counts. What is missing is left out, said, and its weight spread over the rest. A rank is told as the range that other
//! weights and chance leave open, never as one number. Source: METHODS §10; OECD & JRC (2008).

mod json;
mod table;
#[cfg(test)]
mod tests;
mod yard;

use takar_model::{Money, Period, Text};
use takar_stats::{
    Level,
    score::{Aggregation, KpiMeasure, Score, Scorecard as Card, Scored, Spread, Yardstick, score_ranges},
    standing::{Draws, Measured, Standing},
};

pub(super) use self::yard::CUT;
pub use self::yard::{LEAST_PEERS, NoYardstick, Yard};
use self::yard::{attainment, is_attainment, yardstick};
use super::{
    presence::{Presence, Presences},
    weights::{Kind, Weight, Weights},
};
use crate::{
    InsightError,
    metrics::{Basis, Direction, Reach, Why},
    process::Missing,
};

/// So much of the weight has to be known for a score.
pub(super) const LEAST_KNOWN: f64 = 0.5;
/// How far each weight is varied for the range of ranks.
const SPREAD: f64 = 0.25;
/// Above this many points a side of the plane is called strong.
const STRONG: f64 = 50.0;

/// A KPI of the card, and what each manager came to.
#[derive(Debug, Clone, PartialEq)]
pub struct KpiOfCard {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: (String, String),
    /// What it means.
    pub definition: (String, String),
    /// The group it counts in.
    pub kind: Kind,
    /// How much of the group.
    pub weight: Weight,
    /// Which way is better.
    pub direction: Direction,
    /// What it is told in: `money`, `rate`, `count` …
    pub unit: String,
    /// What days away do to it.
    pub scales: Scales,
    /// By manager, in the order of the managers.
    pub values: Vec<ValueOfCard>,
}

/// What days away do to a KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scales {
    /// Nothing: it is a rate, or says how things stand.
    Not,
    /// It adds up over the days worked: points are counted from what it would be for all days.
    ByPresence,
    /// It is held against a target: points are counted from the target in proportion to the days present.
    ByTarget,
}

impl Scales {
    /// The rule for people; none where there is none.
    pub const fn text(self) -> Option<Text> {
        match self {
            Self::Not => None,
            Self::ByPresence => Some(Text::new(
                "poin dihitung per hari hadir: angka tercatat dibagi bagian hari kerja yang dihadiri",
                "points are counted per day present: the recorded figure divided by the share of working days present",
            )),
            Self::ByTarget => Some(Text::new(
                "poin dihitung terhadap target menurut hari kerja yang dihadiri, kecuali target sudah memperhitungkannya",
                "points are counted against the target in proportion to working days present, unless it was set knowing of them",
            )),
        }
    }

    /// By how much a value is divided.
    fn share(self, presence: Option<&Presence>) -> f64 {
        match (self, presence) {
            (Self::ByPresence, Some(presence)) => presence.share(),
            (Self::ByTarget, Some(presence)) => presence.target_share(),
            _ => 1.0,
        }
    }
}

/// What a manager came to in a KPI.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueOfCard {
    /// The value; or why there is none.
    pub value: Result<f64, NoValue>,
    /// Its interval at 95 %; none where it counts all there is.
    pub interval: Option<(f64, f64)>,
    /// How many cases it rests on, where that is known.
    pub n: Option<u64>,
    /// The target or promise beside it.
    pub target: Option<f64>,
    /// How much of the KPI's own target was reached, where it has one: then that earns the points.
    pub attained: Option<f64>,
}

/// Why a KPI says nothing of a manager.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoValue {
    /// A figure of sales is missing.
    Figure(Why),
    /// A figure of the work is missing.
    Work(Missing),
    /// The manager does not occur in what it is counted from.
    Nothing,
    /// The manager was away on all days that it is held against.
    Away,
}

/// What cards are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The window.
    pub period: Period,
    /// The managers: id and name, in the order of ids.
    pub managers: Vec<(String, Option<String>)>,
    /// The KPIs.
    pub kpis: Vec<KpiOfCard>,
    /// Who was away when.
    pub presences: Presences,
    /// The weights.
    pub weights: Weights,
    /// What it rests on.
    pub basis: Basis,
    /// The one currency, where it is one.
    pub currency: Option<String>,
    /// The seed of the draws.
    pub seed: u64,
}

/// The scorecards of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecards {
    /// What they were made of.
    pub input: Input,
    /// By KPI: what earns nothing and all, or why it cannot be scored.
    pub yardsticks: Vec<Result<Yard, NoYardstick>>,
    /// One for each manager.
    pub cards: Vec<ManagerCard>,
    /// By KPI: the median of the managers.
    pub medians: Vec<Option<f64>>,
}

/// The card of one manager.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagerCard {
    /// Whose: the place among the managers.
    pub place: usize,
    /// The score of each group, in the order of [`Kind::ALL`].
    pub groups: [Points; 3],
    /// Process and communication together.
    pub quality: Points,
    /// The whole.
    pub whole: Points,
    /// By KPI: its points and what it brings to the whole.
    pub parts: Vec<Option<PartOfCard>>,
    /// The range of ranks of the whole.
    pub standing: Option<Standing>,
    /// Where quantity and quality put the manager.
    pub corner: Option<Corner>,
    /// Days away; none where the manager was there on all days.
    pub presence: Option<Presence>,
    /// By KPI, what points are counted from.
    pub counted: Vec<Result<f64, NoValue>>,
}

impl ManagerCard {
    /// Nothing is known of the manager in the window: neither a sale nor a target, an account or anything done.
    pub fn is_blank(&self) -> bool {
        self.counted.iter().all(|value| *value == Err(NoValue::Nothing))
    }
}

/// What is told of a manager of whom nothing is known.
pub const BLANK: Text = Text::new(
    "tidak ada penjualan, target, akun, atau kegiatan manajer ini pada periode ini, jadi tidak ada nilai dan peringkat",
    "no sale, target, account or activity of this manager in this window, so there is neither score nor rank",
);

/// Points, or how little is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Points {
    /// 0 to 100; none where too little is known.
    pub score: Option<f64>,
    /// The share of the weight whose KPI is known.
    pub known: f64,
}

/// What a KPI brings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartOfCard {
    /// Its own points, 0 to 100.
    pub points: f64,
    /// The points of the whole that come from it; they add up to the whole. None without a whole.
    pub gained: Option<f64>,
    /// The points that it keeps the whole below 100.
    pub lost: Option<f64>,
}

/// A corner of the plane of quantity and quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corner {
    /// Sells much, and well.
    Both,
    /// Sells much; how leaves room.
    QuantityOnly,
    /// Works well; sales do not show it.
    QualityOnly,
    /// Neither yet.
    Neither,
}

impl Corner {
    /// The corner of two scores; none where one of them is not known.
    pub(super) fn of(quantity: Points, quality: Points) -> Option<Self> {
        let (quantity, quality) = quantity.score.zip(quality.score)?;
        Some(match (quantity >= STRONG, quality >= STRONG) {
            (true, true) => Self::Both,
            (true, false) => Self::QuantityOnly,
            (false, true) => Self::QualityOnly,
            (false, false) => Self::Neither,
        })
    }

    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Both => Text::new("hasil dan mutu kuat", "strong in quantity and quality"),
            Self::QuantityOnly => {
                Text::new("hasil kuat, mutu perlu perhatian", "strong in quantity, quality needs a look")
            }
            Self::QualityOnly => Text::new("mutu kuat, hasil belum", "strong in quality, quantity not yet"),
            Self::Neither => Text::new("hasil dan mutu perlu dukungan", "quantity and quality need support"),
        }
    }

    /// What it suggests.
    pub const fn suggestion(self) -> Text {
        match self {
            Self::Both => Text::new(
                "Minta ia berbagi caranya; jaga agar bebannya tidak berlebihan.",
                "Ask for how it is done and share it; see that the load stays bearable.",
            ),
            Self::QuantityOnly => Text::new(
                "Hasil hari ini mungkin dibayar dengan hubungan besok: lihat KPI mutu yang paling menahan, dan akun yang tidak tersentuh.",
                "Today's sales may cost tomorrow's relations: look at the quality KPI that holds back most, and at accounts nobody touched.",
            ),
            Self::QualityOnly => Text::new(
                "Caranya baik: periksa apakah portofolionya memberi peluang (perbandingan adil), targetnya wajar, dan barangnya tersedia.",
                "The work is good: see whether the portfolio gives the chance (fair comparison), the target is realistic and goods are there.",
            ),
            Self::Neither => Text::new(
                "Mulai dari satu hal: KPI yang paling banyak menahan angka keseluruhan, dengan pendampingan, lalu ukur lagi.",
                "Begin with one thing: the KPI that holds the whole back most, with somebody beside, then measure again.",
            ),
        }
    }
}

impl NoValue {
    /// The reason for people.
    pub fn text(self, lang: takar_model::Lang) -> String {
        match self {
            Self::Figure(why) => why.text().get(lang).to_owned(),
            Self::Work(missing) => missing.text(lang),
            Self::Nothing => Text::new("tidak ada catatan tentang manajer ini", "nothing is recorded of this manager")
                .get(lang)
                .to_owned(),
            Self::Away => Text::new("tidak hadir sepanjang periode", "away on all days").get(lang).to_owned(),
        }
    }
}

/// The weights where neither a pack nor the company says otherwise.
pub fn usual_weights() -> Weights {
    let group = |weight: u32, kpis: &[(&str, u32)]| super::weights::Group {
        weight: Weight::from_hundredths(weight * 100).unwrap_or_default(),
        kpis: kpis
            .iter()
            .map(|(kpi, weight)| super::weights::Weighted {
                kpi: (*kpi).to_owned(),
                weight: Weight::from_hundredths(weight * 100).unwrap_or_default(),
            })
            .collect(),
    };
    Weights {
        version: 1,
        quantity: group(50, &[("attainment", 45), ("growth_year", 20), ("net_retention", 20), ("new_accounts", 15)]),
        process: group(
            30,
            &[("coverage", 30), ("response_in_time", 25), ("follow_up_in_time", 20), ("offer_to_order", 25)],
        ),
        communication: group(20, &[("nps", 40), ("communication", 30), ("complaints_resolved", 30)]),
    }
}

/// Scores the managers.
///
/// # Errors
/// [`InsightError::Stats`] where a value is no number.
pub fn scorecards(input: Input) -> Result<Scorecards, InsightError> {
    let yardsticks: Vec<Result<Yard, NoYardstick>> = input.kpis.iter().map(yardstick).collect();
    // The KPIs that can be scored, with their weight in the whole.
    let scored: Vec<(usize, Yard, f64)> = input
        .kpis
        .iter()
        .zip(&yardsticks)
        .enumerate()
        .filter_map(|(kpi, (told, yard))| {
            let weight = told.weight.share() * input.weights.group(told.kind).weight.share();
            yard.ok().filter(|_| weight > 0.0).map(|yard| (kpi, yard, weight))
        })
        .collect();
    let whole = SubCard::of(scored.clone(), 1.0)?;
    let of_kinds = |kinds: &[Kind]| {
        let part = scored.iter().filter(|(kpi, ..)| kinds.contains(&input.kpis[*kpi].kind)).copied().collect();
        SubCard::of(part, kinds.iter().map(|kind| input.weights.group(*kind).weight.share()).sum())
    };
    let groups = [of_kinds(&[Kind::Quantity])?, of_kinds(&[Kind::Process])?, of_kinds(&[Kind::Communication])?];
    let quality = of_kinds(&[Kind::Process, Kind::Communication])?;
    // Who has no score has no rank, and neither has who was hardly there.
    let mut is_ranked = Vec::with_capacity(input.managers.len());
    for place in 0..input.managers.len() {
        let is_short = input.presence(place).is_some_and(Presence::is_short);
        is_ranked.push(!is_short && whole.score(&input, place)?.0.is_some());
    }
    let measured = |manager: usize| -> Vec<KpiMeasure> {
        let of = |kpi: usize, yard: Yard| input.measure(kpi, manager, yard).filter(|_| is_ranked[manager]);
        scored.iter().map(|(kpi, yard, _)| of(*kpi, *yard)).collect()
    };
    let members: Vec<Vec<KpiMeasure>> = (0..input.managers.len()).map(measured).collect();
    let standings = match &whole.card {
        Some(card) => {
            let draws = Draws { count: 2_000, seed: input.seed };
            let spread = Spread::new(SPREAD)?;
            // Draws go by what managers came to and not by their ids: a rank does not change because somebody is renamed.
            let mut order: Vec<usize> = (0..members.len()).collect();
            order.sort_by(|one, other| by_measures(&members[*one], &members[*other]));
            let ordered: Vec<Vec<KpiMeasure>> = order.iter().map(|place| members[*place].clone()).collect();
            // With fewer than two scores there is nothing to rank.
            let ranges = score_ranges(card, &ordered, spread, Level::P90, draws);
            let mut standings = vec![None; members.len()];
            for (place, standing) in order.into_iter().zip(ranges.unwrap_or_default()) {
                standings[place] = standing;
            }
            standings
        }
        None => vec![None; members.len()],
    };
    let mut cards = Vec::with_capacity(input.managers.len());
    for (place, standing) in standings.into_iter().enumerate() {
        let (points, parts) = whole.whole(&input, place)?;
        let groups =
            [groups[0].points(&input, place)?, groups[1].points(&input, place)?, groups[2].points(&input, place)?];
        let quality = quality.points(&input, place)?;
        let corner = Corner::of(groups[0], quality);
        let presence = input.presence(place).cloned();
        let counted = (0..input.kpis.len()).map(|kpi| input.counted(kpi, place)).collect();
        cards.push(ManagerCard { place, groups, quality, whole: points, parts, standing, corner, presence, counted });
    }
    let medians = input.kpis.iter().map(median).collect();
    Ok(Scorecards { yardsticks, cards, medians, input })
}

impl Input {
    fn presence(&self, manager: usize) -> Option<&Presence> {
        self.presences.get(&self.managers[manager].0)
    }

    /// What points are counted from: what was recorded, for who was away in proportion to the days. What others are held
    /// against is counted from what was recorded, so that nobody's points change because somebody else was away.
    fn counted(&self, kpi: usize, manager: usize) -> Result<f64, NoValue> {
        let kpi = &self.kpis[kpi];
        let value = kpi.values[manager].value?;
        let share = kpi.scales.share(self.presence(manager));
        if share > 0.0 { Ok(value / share) } else { Err(NoValue::Away) }
    }

    /// Where a manager stands on a KPI's yardstick: at what points are counted from; or, with a target of this KPI, where its attainment
    /// earns as many points.
    fn placed(&self, kpi: usize, manager: usize, yard: Yard) -> Option<f64> {
        let of = &self.kpis[kpi];
        let Some(attained) = of.values[manager].attained else {
            return self.counted(kpi, manager).ok().filter(|_| yard.of_peers || is_attainment(of));
        };
        // What adds up over days is held against the target for the days present.
        let scales = if of.scales == Scales::Not { Scales::Not } else { Scales::ByTarget };
        let share = scales.share(self.presence(manager));
        let (none, full) = attainment(of);
        (share > 0.0).then(|| yard.none + (attained / share - none) / (full - none) * (yard.full - yard.none))
    }

    /// Where a manager stands with its standard error, from the interval.
    fn measure(&self, kpi: usize, manager: usize, yard: Yard) -> KpiMeasure {
        let value = self.placed(kpi, manager, yard)?;
        let share = self.kpis[kpi].scales.share(self.presence(manager));
        let told = &self.kpis[kpi].values[manager];
        let interval = told.interval.filter(|_| told.attained.is_none());
        let error = interval.map_or(0.0, |(low, high)| ((high - low) / (2.0 * 1.959_964) / share).max(0.0));
        Some(Measured { value, error: if error.is_finite() { error } else { 0.0 } })
    }
}

impl Scorecards {
    /// Only the cards of a reach; what they were held against stays.
    #[must_use]
    pub fn within(mut self, reach: Option<&Reach>) -> Self {
        if let Some(reach) = reach {
            self.cards.retain(|card| reach.holds(&self.input.managers[card.place].0));
        }
        self
    }

    /// There is a card of the manager.
    pub fn has(&self, manager: &str) -> bool {
        self.cards.iter().any(|card| self.input.managers[card.place].0 == manager)
    }

    /// Only the card of one manager.
    ///
    /// # Errors
    /// [`InsightError::UnknownManager`].
    pub fn of(mut self, manager: &str) -> Result<Self, InsightError> {
        self.cards.retain(|card| self.input.managers[card.place].0 == manager);
        if self.cards.is_empty() { Err(InsightError::UnknownManager(manager.to_owned())) } else { Ok(self) }
    }
}

/// A card of some of the KPIs: those that can be scored, with their weights.
struct SubCard {
    kpis: Vec<(usize, Yard, f64)>,
    /// None where nothing can be scored.
    card: Option<Card>,
    /// The weight of all of them, also of those that cannot be scored.
    weight: f64,
}

impl SubCard {
    fn of(kpis: Vec<(usize, Yard, f64)>, weight: f64) -> Result<Self, InsightError> {
        let weighed: Vec<(Yardstick, f64)> = kpis.iter().map(|(_, yard, weight)| (yard.stick, *weight)).collect();
        let card = if weighed.is_empty() { None } else { Some(Card::new(&weighed, Aggregation::Arithmetic, 0.0)?) };
        Ok(Self { kpis, card, weight })
    }

    fn values(&self, input: &Input, manager: usize) -> Vec<Option<f64>> {
        self.kpis.iter().map(|(kpi, yard, _)| input.placed(*kpi, manager, *yard)).collect()
    }

    /// The score, where enough of the weight is known, and how much is.
    fn score(&self, input: &Input, manager: usize) -> Result<(Option<Score>, f64), InsightError> {
        let Some(card) = &self.card else { return Ok((None, 0.0)) };
        let values = self.values(input, manager);
        let weights =
            self.kpis.iter().zip(&values).filter(|(_, value)| value.is_some()).map(|((.., weight), _)| weight);
        // A sum of nothing would be minus nothing.
        let known: f64 = weights.fold(0.0, |sum, weight| sum + weight);
        let known = if self.weight > 0.0 { (known / self.weight).min(1.0) } else { 0.0 };
        // Weights that come to the bound but for rounding reach it.
        if known + 1e-12 < LEAST_KNOWN {
            return Ok((None, known));
        }
        match card.score(&values)? {
            Scored::Score(score) => Ok((Some(score), known)),
            Scored::TooLittleKnown(_) => Ok((None, known)),
        }
    }

    fn points(&self, input: &Input, manager: usize) -> Result<Points, InsightError> {
        let (score, known) = self.score(input, manager)?;
        Ok(Points { score: score.map(|score| score.score), known })
    }

    /// The score with what each KPI brings. Without a score the points of each KPI are told all the same.
    fn whole(&self, input: &Input, manager: usize) -> Result<(Points, Vec<Option<PartOfCard>>), InsightError> {
        let mut parts = vec![None; input.kpis.len()];
        let (score, known) = self.score(input, manager)?;
        for (place, ((kpi, yard, _), value)) in self.kpis.iter().zip(self.values(input, manager)).enumerate() {
            parts[*kpi] = match &score {
                Some(score) => score.parts[place].map(|part| PartOfCard {
                    points: part.points,
                    gained: Some(part.gained),
                    lost: Some(part.lost),
                }),
                None => value.map(|value| PartOfCard { points: yard.stick.points(value), gained: None, lost: None }),
            };
        }
        Ok((Points { score: score.map(|score| score.score), known }, parts))
    }
}

fn by_measures(one: &[KpiMeasure], other: &[KpiMeasure]) -> std::cmp::Ordering {
    let key = |measure: &KpiMeasure| measure.map_or((f64::NEG_INFINITY, 0.0), |known| (known.value, known.error));
    let pairs = one.iter().map(key).zip(other.iter().map(key));
    pairs
        .map(|(one, other)| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)))
        .find(|by| by.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}

fn median(kpi: &KpiOfCard) -> Option<f64> {
    let mut known: Vec<f64> = kpi.values.iter().filter_map(|value| value.value.ok()).collect();
    // Of two or three the median would tell whose it is.
    if known.len() < LEAST_PEERS {
        return None;
    }
    known.sort_unstable_by(f64::total_cmp);
    let middle = known.len() / 2;
    Some(if known.len() % 2 == 1 { known[middle] } else { (known[middle - 1] + known[middle]) / 2.0 })
}

/// A figure as a number that points are counted from.
pub fn number_of(value: crate::metrics::Value) -> Result<f64, NoValue> {
    use crate::metrics::Value;
    match value {
        Value::Money(money) => Ok(Money::to_f64(money)),
        Value::Quantity(quantity) => Ok(quantity.to_f64()),
        Value::Count(count) => Ok(count as f64),
        Value::Rate(rate) => Ok(rate),
        Value::Null(why) => Err(NoValue::Figure(why)),
    }
}
