//! An effect in plain words.

use serde::Serialize;
use takar_model::{Lang, Period, Text};
use takar_stats::effect::{Method, Verdict};

use super::{EffectKpi, Found, Outcome, Stays};
use crate::{
    format::{Currency, money_of, period_name},
    metrics::{Unit, Value},
};

/// What can be said of an action, with its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffectTold {
    /// The figures.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The verdict, for people.
    pub label: &'static str,
    /// What was found.
    pub words: Vec<String>,
    /// What that rests on.
    pub assumed: Vec<String>,
    /// What it does not say.
    pub limits: Vec<String>,
}

/// A verdict for people.
pub const fn verdict_label(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Worked => Text::new("berhasil", "worked"),
        Verdict::DidNotWork => Text::new("tidak berhasil", "did not work"),
        Verdict::NotEnoughEvidence => Text::new("bukti belum cukup", "not enough evidence"),
    }
}

/// A method for people.
pub const fn method_label(method: Method) -> Text {
    match method {
        Method::SyntheticDid => Text::new("selisih-dari-selisih sintetis", "synthetic difference-in-differences"),
        Method::SyntheticControl => Text::new("kontrol sintetis", "synthetic control"),
        Method::Did => Text::new("selisih dari selisih", "difference-in-differences"),
    }
}

/// Why an effect cannot be told, for a reader of `lang`: the estimators speak of units and times.
pub(crate) fn why(error: &takar_stats::Error, lang: Lang) -> String {
    let text = crate::analysis::told(error, lang);
    if lang == Lang::En { text.replace("units", "accounts").replace("times", "months") } else { text }
}

/// A share in whole per cent: `90%`.
pub(crate) fn whole_percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// A share in per cent with its sign.
pub fn percent(share: f64, lang: Lang) -> String {
    let text = Value::Rate(share).format(lang);
    if share > 0.0 { format!("+{text}") } else { text }
}

impl Outcome {
    /// The verdict, where there is one.
    pub const fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::Measured(found) => Some(found.verdict),
            _ => None,
        }
    }

    /// In words, for a reader of `lang`. Money is in `currency`, where there is one.
    pub fn told(self, currency: Option<String>, lang: Lang) -> EffectTold {
        let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
        let (label, words, assumed, limits) = match &self {
            Self::TooEarly(early) => {
                let words = match lang {
                    Lang::Id => format!(
                        "Belum dapat diukur: baru {} dari {} bulan lengkap dengan tindakan ini. Dapat diukur setelah data {} lengkap.",
                        early.months,
                        early.needed,
                        named(&early.wants, lang)
                    ),
                    Lang::En => format!(
                        "It cannot be measured yet: {} of {} complete months with the action have passed. It can once the data of {} are complete.",
                        early.months,
                        early.needed,
                        named(&early.wants, lang)
                    ),
                };
                (say("terlalu dini", "too early"), vec![words], Vec::new(), Vec::new())
            }
            Self::NotMeasurable { id, en } => {
                let why = if lang == Lang::Id { id } else { en };
                let words = format!("{}: {why}.", say("Tidak dapat diukur", "It cannot be measured"));
                (say("tidak dapat diukur", "cannot be measured"), vec![words], Vec::new(), Vec::new())
            }
            Self::Measured(found) => (
                verdict_label(found.verdict).get(lang),
                found.words(&Currency(currency), lang),
                found.assumed(lang),
                found.limits(lang),
            ),
        };
        EffectTold { label, words, assumed, limits, outcome: self }
    }
}

/// A period by its name.
fn named(text: &str, lang: Lang) -> String {
    text.parse::<Period>().map_or_else(|_| text.to_owned(), |period| period_name(period, lang))
}

impl Found {
    fn words(&self, currency: &Currency, lang: Lang) -> Vec<String> {
        let signed = |share| percent(share, lang);
        let (value, low, high) = (self.effect.value, self.effect.interval.low, self.effect.interval.high);
        let (value, low, high) = (signed(value), signed(low), signed(high));
        let kpi = self.kpi.label().get(lang);
        let level = whole_percent(self.effect.interval.level.share());
        let after = named(&self.after, lang);
        let mut words = vec![match lang {
            Lang::Id => format!(
                "Dibanding {} akun pembanding, {kpi} pada {} akun dengan tindakan ini berbeda {value} dari yang diharapkan tanpanya pada {after} (kisaran {level}: {low} sampai {high}, n = {}).",
                self.controls, self.treated, self.effect.n
            ),
            Lang::En => format!(
                "Against {} accounts without it, {kpi} of the {} accounts with the action differ by {value} from what was to be expected in {after} ({level} interval: {low} to {high}, n = {}).",
                self.controls, self.treated, self.effect.n
            ),
        }];
        let expected = signed(self.expected);
        let matters = signed(self.matters);
        words.push(match (self.verdict, lang) {
            (Verdict::Worked, Lang::Id) if self.surely_matters => {
                format!("Berhasil: seluruh kisaran di atas nol dan di atas {matters}, separuh dari harapan {expected}.")
            }
            (Verdict::Worked, Lang::En) if self.surely_matters => {
                format!("It worked: the whole interval lies above zero and above {matters}, half of the {expected} that was expected.")
            }
            (Verdict::Worked, Lang::Id) => {
                format!("Berhasil: seluruh kisaran di atas nol. Apakah mencapai {matters}, separuh dari harapan {expected}, belum pasti.")
            }
            (Verdict::Worked, Lang::En) => {
                format!("It worked: the whole interval lies above zero. Whether it reaches {matters}, half of the {expected} that was expected, is not sure.")
            }
            (Verdict::DidNotWork, Lang::Id) if self.harmed => {
                "Tidak berhasil, dan tampak merugikan: seluruh kisaran di bawah nol.".to_owned()
            }
            (Verdict::DidNotWork, Lang::En) if self.harmed => {
                "It did not work, and seems to have done harm: the whole interval lies below zero.".to_owned()
            }
            (Verdict::DidNotWork, Lang::Id) => {
                format!("Tidak berhasil: efek sebesar {matters}, separuh dari harapan {expected}, di luar kisaran.")
            }
            (Verdict::DidNotWork, Lang::En) => {
                format!("It did not work: an effect of {matters}, half of the {expected} that was expected, lies outside of the interval.")
            }
            (Verdict::NotEnoughEvidence, Lang::Id) if self.effect.interval.low > 0.0 => format!(
                "Bukti belum cukup: kisarannya di atas nol, tetapi {} dari percobaan semu pada akun tanpa tindakan berubah sebesar itu. Ini bukan bukti bahwa tindakan gagal.",
                whole_percent(self.p)
            ),
            (Verdict::NotEnoughEvidence, Lang::En) if self.effect.interval.low > 0.0 => format!(
                "There is not enough evidence: the interval lies above zero, but {} of placebos on accounts without the action changed as much. That is no proof that it failed.",
                whole_percent(self.p)
            ),
            (Verdict::NotEnoughEvidence, Lang::Id) => format!(
                "Bukti belum cukup: kisarannya memuat nol dan juga {matters}, separuh dari harapan {expected}. Ini bukan bukti bahwa tindakan gagal."
            ),
            (Verdict::NotEnoughEvidence, Lang::En) => format!(
                "There is not enough evidence: the interval holds zero and also {matters}, half of the {expected} that was expected. That is no proof that it failed."
            ),
        });
        let amount = |number: f64| match self.kpi {
            EffectKpi::NetSales | EffectKpi::GrossMargin => currency.money(money_of(number), lang),
            EffectKpi::Units | EffectKpi::Orders => currency.number(number.round(), Unit::Count, lang),
        };
        let (value, low, high) = (self.a_month.value, self.a_month.interval.low, self.a_month.interval.high);
        words.push(match lang {
            Lang::Id => format!(
                "Bila setiap akun berubah sama besar, itu {} sebulan untuk semuanya ({} sampai {}).",
                amount(value),
                amount(low),
                amount(high)
            ),
            Lang::En => format!(
                "Had each account changed alike, that is {} a month over all of them ({} to {}).",
                amount(value),
                amount(low),
                amount(high)
            ),
        });
        words
    }

    fn assumed(&self, lang: Lang) -> Vec<String> {
        let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang).to_owned();
        let mut said = vec![if self.by_lot {
            say(
                "Undian menentukan akun mana yang lebih dulu: selain tindakan ini kedua kelompok hanya berbeda karena kebetulan.",
                "A lot decided which accounts came first: but for the action both groups differ by chance alone.",
            )
        } else {
            say(
                "Tanpa tindakan ini akun-akun itu akan bergerak seperti akun pembanding yang dulu bergerak serupa.",
                "Without the action these accounts would have moved as those they are compared with, which moved alike before.",
            )
        }];
        said.push(match lang {
            Lang::Id => format!(
                "Bulan pembanding: {}. Metode: {}. Nilai tiap akun dihitung terhadap kebiasaannya sendiri, jadi akun besar dan kecil sama beratnya.",
                named(&self.before, lang),
                method_label(self.method).get(lang)
            ),
            Lang::En => format!(
                "Compared with {}. Method: {}. Each account is held against its own usual, so large and small ones weigh alike.",
                named(&self.before, lang),
                method_label(self.method).get(lang)
            ),
        });
        if let Some(left_out) = &self.left_out {
            let months = named(left_out, lang);
            said.push(match lang {
                Lang::Id => format!("{months} tidak dihitung: pada bulan itu akun dipilih atau tindakan baru separuh jalan, dan akun yang dipilih karena rendah naik dengan sendirinya."),
                Lang::En => format!("{months} do not count: accounts were picked then, or the action had half begun, and accounts picked because they were low rise by themselves."),
            });
        }
        if let Some(Stays { then, later }) = self.stays {
            let (then, by) = (Value::Rate(then).format(lang), Value::Rate(later.abs()).format(lang));
            said.push(match (lang, later < 0.0) {
                (Lang::Id, true) => format!("Saat dipilih akun-akun ini membeli {then} dari biasanya. Akun tanpa tindakan yang serendah itu sesudahnya tetap di bawah akun lain, sebesar {by} dari biasanya; sebesar itu pula yang diharapkan dari akun-akun ini diturunkan."),
                (Lang::En, true) => format!("While they were picked these accounts bought {then} of their usual. Accounts without the action that were as low stayed below the others afterwards, by {by} of the usual; so much less is expected of these too."),
                (Lang::Id, false) => format!("Saat dipilih akun-akun ini membeli {then} dari biasanya. Akun tanpa tindakan yang seperti itu sesudahnya tidak lebih rendah daripada akun lain (+{by} dari biasanya); itu pula yang diharapkan dari akun-akun ini."),
                (Lang::En, false) => format!("While they were picked these accounts bought {then} of their usual. Accounts without the action that did so were no lower than the others afterwards (+{by} of the usual); the same is expected of these."),
            });
        }
        said
    }

    fn limits(&self, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        let out = self.treated_left_out + self.controls_left_out;
        if out > 0 {
            said.push(match lang {
                Lang::Id => format!(
                    "{} akun dengan tindakan dan {} akun pembanding tidak dapat dihitung: terlalu baru, atau sebelumnya tidak ada yang biasa.",
                    self.treated_left_out, self.controls_left_out
                ),
                Lang::En => format!(
                    "{} accounts with the action and {} to compare with could not be counted: too new, or nothing usual before.",
                    self.treated_left_out, self.controls_left_out
                ),
            });
        }
        said.push(match lang {
            Lang::Id => format!(
                "Kebetulan dinilai dari {} percobaan semu{}.",
                self.placebos,
                if self.pooled { ", diambil dari semua akun karena pembandingnya sedikit" } else { "" }
            ),
            Lang::En => format!(
                "What chance can do is read from {} placebos{}.",
                self.placebos,
                if self.pooled { ", drawn from all accounts since there are few to compare with" } else { "" }
            ),
        });
        if !self.by_lot {
            said.push(
                Text::new(
                    "Hal lain yang mulai bersamaan hanya pada akun-akun ini ikut terhitung; hanya undian yang menyingkirkannya.",
                    "Whatever else began at the same time on these accounts alone counts with it; only a lot rules that out.",
                )
                .get(lang)
                .to_owned(),
            );
        }
        said
    }
}
