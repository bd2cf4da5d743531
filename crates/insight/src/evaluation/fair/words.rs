//! The comparison in words: a help for a talk, with its limits said.

use takar_model::{Lang, Text};
use takar_stats::{Estimate, fair::FunnelPlace};

use super::{Adjusted, Fair, FairManager, LEAST_ACCOUNTS, LEAST_HAND_OVERS, NotCompared, Skill};
use crate::{
    format::{Currency, period_name},
    metrics::Value,
};

/// A figure and what it means.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Definition {
    pub figure: &'static str,
    pub name: String,
    pub text: String,
}

impl NotCompared {
    /// Why, for a reader of `lang`.
    pub fn text(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::TooFewAccounts, Lang::Id) => {
                format!("kurang dari {LEAST_ACCOUNTS} akun, terlalu sedikit untuk dibandingkan")
            }
            (Self::TooFewAccounts, Lang::En) => format!("fewer than {LEAST_ACCOUNTS} accounts, too few to compare"),
            (Self::NothingSold, Lang::Id) => "tidak ada penjualan bersih".to_owned(),
            (Self::NothingSold, Lang::En) => "no net sales".to_owned(),
            (Self::Alone, Lang::Id) => "tidak ada manajer lain sebagai pembanding".to_owned(),
            (Self::Alone, Lang::En) => "there is no other manager to compare with".to_owned(),
        }
    }
}

/// The place in the funnel in words.
pub(super) const fn place_text(place: FunnelPlace) -> Text {
    match place {
        FunnelPlace::FarAbove => Text::new("jauh di atas", "far above"),
        FunnelPlace::Above => Text::new("di atas", "above"),
        FunnelPlace::Within => Text::new("dalam batas kebetulan", "within chance"),
        FunnelPlace::Below => Text::new("di bawah", "below"),
        FunnelPlace::FarBelow => Text::new("jauh di bawah", "far below"),
    }
}

/// `1,08`.
pub(super) fn ratio_text(ratio: f64, lang: Lang) -> String {
    format!("{ratio:.2}").replace('.', &lang.decimal_mark().to_string())
}

/// `1,08 (0,95–1,22)`.
pub(super) fn with_interval(ratio: Estimate, lang: Lang) -> String {
    let text = |value| ratio_text(value, lang);
    format!("{} ({}–{})", text(ratio.value), text(ratio.interval.low), text(ratio.interval.high))
}

/// `8%`, without sign.
fn per_cent(share: f64, lang: Lang) -> String {
    Value::Rate(share.abs()).format(lang)
}

impl Adjusted {
    /// The interval of what is left after shrinkage lies on one side of 1: above (true) or below.
    fn is_clear(&self) -> Option<bool> {
        let interval = self.best.map_or(self.index.interval, |one| one.interval);
        if interval.low > 1.0 {
            Some(true)
        } else if interval.high < 1.0 {
            Some(false)
        } else {
            None
        }
    }
}

impl Fair {
    /// How managers compare, in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let period = period_name(self.period, lang);
        let (compared, accounts) = (self.compared, self.accounts);
        if compared == 0 {
            return vec![match lang {
                Lang::Id => format!(
                    "{period}: belum ada yang dapat dibandingkan; perlu sedikitnya dua manajer dengan {LEAST_ACCOUNTS} akun atau lebih."
                ),
                Lang::En => format!(
                    "{period}: nothing can be compared yet; it takes at least two managers with {LEAST_ACCOUNTS} accounts or more."
                ),
            }];
        }
        let mut sentences = vec![match lang {
            Lang::Id => format!(
                "{period}: {compared} manajer dibandingkan atas {accounts} akun, disesuaikan dengan portofolionya."
            ),
            Lang::En => {
                format!("{period}: {compared} managers compared over {accounts} accounts, adjusted for portfolio.")
            }
        }];
        if let Some(spread) = self.spread {
            sentences.push(match lang {
                Lang::Id if spread < 0.005 => "Perbedaan antarmanajer tidak lebih besar daripada kebetulan.".to_owned(),
                Lang::En if spread < 0.005 => "Managers do not differ by more than chance explains.".to_owned(),
                Lang::Id => format!("Di luar kebetulan, manajer berbeda sekitar ±{}.", per_cent(spread, lang)),
                Lang::En => format!("Beyond chance, managers differ by about ±{}.", per_cent(spread, lang)),
            });
        }
        sentences.push(self.skill_sentence(lang));
        sentences
    }

    fn skill_sentence(&self, lang: Lang) -> String {
        let (moves, sets) = (self.hand_overs, self.sets.len());
        let tied: usize = self.sets.iter().sum();
        if sets == 0 {
            return match lang {
                Lang::Id => format!(
                    "Angka ini hasil yang disesuaikan dengan portofolio, bukan keterampilan: pindah tangan akun ({moves}) belum cukup untuk memisahkan manajer dari akunnya."
                ),
                Lang::En => format!(
                    "These are results adjusted for portfolio, not skill: hand-overs of accounts ({moves}) are too few to tell managers from their accounts."
                ),
            };
        }
        match lang {
            Lang::Id => format!(
                "Keterampilan terlihat dari {moves} pindah tangan akun yang menghubungkan {tied} manajer dalam {sets} kelompok; antarkelompok tidak dapat dibandingkan."
            ),
            Lang::En => format!(
                "Skill shows in {moves} hand-overs of accounts that connect {tied} managers in {sets} {}; different groups cannot be compared.",
                if sets == 1 { "group" } else { "groups" }
            ),
        }
    }

    /// What each figure means.
    pub(super) fn definitions(lang: Lang) -> Vec<Definition> {
        let define = |figure, name: Text, text: Text| Definition {
            figure,
            name: name.get(lang).to_owned(),
            text: text.get(lang).to_owned(),
        };
        vec![
            define(
                "observed",
                Text::new("Hasil", "Observed"),
                Text::new(
                    "Penjualan bersih yang dikreditkan kepada manajer dari akun dalam portofolionya pada periode ini. Akun termasuk portofolio sejak pembelian pertamanya sampai 12 bulan setelah pembelian terakhir; pada bulan dengan beberapa manajer, harapan dibagi seperti kreditnya.",
                    "Net sales credited to the manager from accounts of the portfolio in the window. An account is in a portfolio from its first purchase to 12 months after its last; in a month of several managers the expectation is shared as the credit is.",
                ),
            ),
            define(
                "expected",
                Text::new("Harapan", "Expected"),
                Text::new(
                    "Yang lazimnya dibawa akun seperti itu: menurut segmen, cabang atau wilayah, musim, lamanya dalam portofolio, dan pembelian akun itu dalam 12 bulan SEBELUM manajer ini memegangnya. Tidak ada yang diukur sesudahnya, karena itu akan menutupi kerja manajer. Model campuran (REML) dengan manajer sebagai pengaruh acak; jumlah harapan per cabang atau wilayah sama dengan jumlah hasilnya.",
                    "What such accounts usually bring: by segment, branch or region, season, time in the portfolio, and what the account bought in the 12 months BEFORE this manager took it. Nothing measured later, since that would hide what the manager did. A mixed model (REML) with the manager as random effect; expectations add up to what was observed in each branch or region.",
                ),
            ),
            define(
                "index",
                Text::new("Indeks disesuaikan", "Adjusted index"),
                Text::new(
                    "Hasil / harapan; 1,10 berarti 10% di atas harapan. Kisaran 95% dari mengundi ulang akun 1.000 kali. Dengan kurang dari 5 akun tidak ditampilkan. Ini hasil yang disesuaikan dengan portofolio, bukan keterampilan: ukuran akun yang tidak pernah berpindah tangan tidak dapat dipisahkan dari manajernya.",
                    "Observed / expected; 1.10 is 10% above expectation. The 95% interval comes from drawing accounts anew 1,000 times. Not shown with fewer than 5 accounts. This is a result adjusted for portfolio, not skill: what an account that never changed hands owes to its size cannot be told from what it owes to its manager.",
                ),
            ),
            define(
                "shrunken",
                Text::new("Indeks disusutkan", "Shrunken index"),
                Text::new(
                    "Indeks yang ditarik ke tengah semua manajer, makin kuat makin sedikit yang diketahui: bagian yang dipertahankan = τ²/(τ²+s²), τ² menurut REML.",
                    "The index drawn towards the middle of all managers, the more the less is known: the share kept is τ²/(τ²+s²), τ² by REML.",
                ),
            ),
            define(
                "best",
                Text::new("Taksiran terbaik", "Best estimate"),
                Text::new(
                    "Indeks dan, bila pindah tangan memberitahukannya, keterampilan, masing-masing menurut kepastiannya, lalu ditarik ke tengah semua manajer; 1,00 = manajer di tengah. Peringkat dihitung darinya. Angka yang dipakai bila satu harus disebut.",
                    "The index and, where hand-overs tell it, skill, each by its certainty, then drawn towards the middle of all managers; 1.00 is the middle manager. Ranks come from it. The one to use where one must be named.",
                ),
            ),
            define(
                "funnel",
                Text::new("Posisi dalam corong", "Place in the funnel"),
                Text::new(
                    "Di luar batas 95% atau 99,8% berarti lebih jauh daripada yang dijelaskan kebetulan; batas dilebarkan bila manajer pada umumnya lebih menyebar (Spiegelhalter 2005).",
                    "Outside the 95% or 99.8% limit is further out than chance explains; the limits are widened where managers in general scatter more (Spiegelhalter 2005).",
                ),
            ),
            define(
                "rank",
                Text::new("Kisaran peringkat", "Range of ranks"),
                Text::new(
                    "Peringkat yang masih mungkin (95%) dan kemungkinan termasuk seperempat teratas, dari 10.000 undian. Peringkat tunggal tidak ditampilkan karena lebih pasti daripada datanya.",
                    "The ranks still possible (95%) and the probability to be in the top quarter, from 10,000 draws. A single rank is not shown: it would claim more than the data know.",
                ),
            ),
            define(
                "skill",
                Text::new("Keterampilan", "Skill"),
                Text::new(
                    "Dari akun yang berpindah tangan: penjualannya sesudah dibanding sebelum, dikurangi perubahan akun di tempat yang sama yang tetap pada manajernya. Yang tetap pada akun saling menghapus. Rata-rata kelompok manajer yang terhubung = 1,00. Perlu sedikitnya 3 pindah tangan. Akun yang diserahkan justru karena sedang turun membuat penerimanya tampak lebih baik.",
                    "From accounts that changed hands: their sales after against before, less the change of accounts of the same place that stayed with their manager. What is lasting in the account cancels out. The mean of the connected group of managers is 1.00. It takes at least 3 hand-overs. Accounts handed over because they were falling make who takes them look better.",
                ),
            ),
        ]
    }
}

impl FairManager {
    /// What speaks for the manager, the clearest first.
    pub(crate) fn strengths(&self, currency: &Currency, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(skill) = self.skill.filter(|skill| skill.effect.interval.low > 1.0) {
            said.push(skill_words(skill, lang));
        }
        if let Ok(adjusted) = &self.adjusted {
            if adjusted.index.value >= 1.0 {
                said.push(index_words(adjusted, lang));
            }
            if let Some(standing) = adjusted.standing.filter(|standing| standing.top_quarter >= 0.5) {
                let chance = per_cent(standing.top_quarter, lang);
                said.push(match lang {
                    Lang::Id => format!("Kemungkinan termasuk seperempat teratas {chance}"),
                    Lang::En => format!("The probability to be in the top quarter is {chance}"),
                });
            }
        }
        said.extend(self.above.iter().map(|account| {
            let name = account.name.as_deref().unwrap_or(&account.id);
            let more = currency.money(account.observed - account.expected, lang);
            match (lang, account.from_own_past) {
                (Lang::Id, true) => format!("{name}: {more} di atas harapan menurut pembeliannya sebelum diserahkan"),
                (Lang::Id, false) => format!("{name}: {more} di atas akun sejenis"),
                (Lang::En, true) => format!("{name}: {more} above what it bought before the hand-over lets expect"),
                (Lang::En, false) => format!("{name}: {more} above accounts like it"),
            }
        }));
        said
    }

    /// What would help most: the accounts furthest below what they let expect, and what they come to.
    pub(crate) fn would_help(&self, currency: &Currency, lang: Lang) -> Vec<String> {
        let mut said: Vec<String> = self
            .below
            .iter()
            .map(|account| {
                let name = account.name.as_deref().unwrap_or(&account.id);
                let less = currency.money(account.expected - account.observed, lang);
                match (lang, account.from_own_past) {
                    (Lang::Id, true) => {
                        format!("{name}: {less} di bawah harapan menurut pembeliannya sebelum diserahkan")
                    }
                    (Lang::Id, false) => format!("{name}: {less} di bawah akun sejenis"),
                    (Lang::En, true) => format!("{name}: {less} below what it bought before the hand-over lets expect"),
                    (Lang::En, false) => format!("{name}: {less} below accounts like it"),
                }
            })
            .collect();
        if let Ok(adjusted) = &self.adjusted
            && adjusted.index.value < 1.0
        {
            said.push(index_words(adjusted, lang));
        }
        if let Some(skill) = self.skill.filter(|skill| skill.effect.interval.high < 1.0) {
            said.push(skill_words(skill, lang));
        }
        said
    }

    /// What skill rests on, or why it is not told.
    pub fn skill_note(&self, lang: Lang) -> String {
        match (self.skill, lang) {
            (Some(skill), Lang::Id) => {
                format!("keterampilan, dari {} pindah tangan akun di antara {} manajer", skill.effect.n, skill.members)
            }
            (Some(skill), Lang::En) => {
                format!("skill, from {} hand-overs of accounts among {} managers", skill.effect.n, skill.members)
            }
            (None, Lang::Id) => {
                format!(
                    "keterampilan tidak dapat dipisahkan dari portofolio: kurang dari {LEAST_HAND_OVERS} pindah tangan akun"
                )
            }
            (None, Lang::En) => {
                format!("skill cannot be told from portfolio: fewer than {LEAST_HAND_OVERS} hand-overs of accounts")
            }
        }
    }
}

fn index_words(adjusted: &Adjusted, lang: Lang) -> String {
    let away = per_cent(adjusted.index.value - 1.0, lang);
    let is_above = adjusted.index.value >= 1.0;
    let interval = with_interval(adjusted.index, lang);
    let sure = match (adjusted.is_clear(), lang) {
        (Some(_), Lang::Id) => "lebih daripada kebetulan",
        (Some(_), Lang::En) => "more than chance explains",
        (None, Lang::Id) => "masih mungkin kebetulan",
        (None, Lang::En) => "chance may explain it",
    };
    match lang {
        Lang::Id => format!(
            "Hasil {away} {} harapan portofolionya: {interval}, {sure}",
            if is_above { "di atas" } else { "di bawah" }
        ),
        Lang::En => format!(
            "Result {away} {} what the portfolio lets expect: {interval}, {sure}",
            if is_above { "above" } else { "below" }
        ),
    }
}

fn skill_words(skill: Skill, lang: Lang) -> String {
    let effect = with_interval(skill.effect, lang);
    match lang {
        Lang::Id => format!(
            "Akun yang berpindah tangan membeli {effect} kali dengan manajer ini dibanding rata-rata rekan yang terhubung"
        ),
        Lang::En => format!(
            "Accounts that changed hands bought {effect} times as much with this manager as with the mean of connected colleagues"
        ),
    }
}
