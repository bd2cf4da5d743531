//! Forecasts in words.

use takar_model::{Lang, Money, Text};

use super::{Forecasts, MemberForecast, Outlook};
use crate::{
    analysis::told,
    format::{Currency, month_name, period_name},
    metrics::{Unit, Value},
};

impl Forecasts {
    /// What comes next, in a few sentences.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let mut said = Vec::new();
        match (self.by, self.members.first()) {
            (None, Some(member)) => {
                if let Err(error) = &member.forecast {
                    said.push(format!("{}.", capital(&told(error, lang))));
                }
                said.extend(member.outlooks.iter().map(|outlook| self.outlook_said(outlook, lang)));
            }
            (Some(_), Some(_)) => said.extend(self.members_said(lang)),
            (_, None) => {}
        }
        said.extend(self.past_said(lang));
        said
    }

    /// What the reader should know.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let last = month_name(self.months.last, lang);
        let mut notes = vec![match lang {
            Lang::Id => format!("Prakiraan memakai bulan lengkap sampai {last}; bulan yang berjalan belum dihitung."),
            Lang::En => format!("Forecasts use complete months up to {last}; the running month is not counted yet."),
        }];
        if self.knows_feasts {
            notes.push(
                Text::new(
                    "Ramadan, Lebaran, dan jumlah hari dagang ikut diperhitungkan.",
                    "Ramadan, Lebaran and the number of trading days are taken into account.",
                )
                .get(lang)
                .to_owned(),
            );
        }
        notes
    }

    pub(super) fn money(&self, amount: f64, lang: Lang) -> String {
        Currency(self.currency.clone()).number(amount, Unit::Money, lang)
    }

    pub(super) fn exact(&self, amount: Money, lang: Lang) -> String {
        Currency(self.currency.clone()).money(amount, lang)
    }

    fn outlook_said(&self, outlook: &Outlook, lang: Lang) -> String {
        let window = period_name(outlook.window, lang);
        let expected = self.money(outlook.expected, lang);
        let interval = match &outlook.interval {
            Ok(interval) => {
                let (low, high) = (self.money(interval.low, lang), self.money(interval.high, lang));
                match lang {
                    Lang::Id => format!(" (kisaran 80%: {low} sampai {high})"),
                    Lang::En => format!(" (80% interval {low} to {high})"),
                }
            }
            Err(_) => String::new(),
        };
        let target = match (&outlook.target, &outlook.chance) {
            (Some(target), Some(Ok(chance))) => {
                let (target, chance) = (self.exact(*target, lang), Value::Rate(chance.value).format(lang));
                match lang {
                    Lang::Id => format!("; kemungkinan mencapai target {target}: {chance}"),
                    Lang::En => format!("; the chance to reach the target of {target} is {chance}"),
                }
            }
            _ => String::new(),
        };
        match lang {
            Lang::Id => format!("{window} diperkirakan berakhir di {expected}{interval}{target}."),
            Lang::En => format!("{window} is expected to end at {expected}{interval}{target}."),
        }
    }

    fn members_said(&self, lang: Lang) -> Option<String> {
        let window = self.members.iter().flat_map(|member| &member.outlooks).next()?.window;
        let chances: Vec<(&MemberForecast, f64)> = self
            .members
            .iter()
            .filter_map(|member| match member.outlooks.first()?.chance.as_ref()? {
                Ok(chance) => Some((member, chance.value)),
                Err(_) => None,
            })
            .collect();
        let likely = chances.iter().filter(|(_, chance)| *chance >= 0.5).count();
        let (all, window) = (chances.len(), period_name(window, lang));
        (all > 0).then(|| match lang {
            Lang::Id => format!("{likely} dari {all} lebih mungkin mencapai target {window} daripada tidak."),
            Lang::En => format!("{likely} of {all} are more likely than not to reach the target of {window}."),
        })
    }

    fn past_said(&self, lang: Lang) -> Option<String> {
        let past = match &self.past {
            Ok(past) => past,
            Err(error) => return Some(format!("{}.", capital(&told(error, lang)))),
        };
        let coverage = past.coverage.as_ref().ok()?;
        let share = Value::Rate(coverage.value).format(lang);
        let better = past.against_year_ago.map_or_else(String::new, |ratio| {
            let ratio = Value::Rate(ratio).format(lang);
            match lang {
                Lang::Id => format!(" dan galatnya {ratio} dari galat \"sama seperti setahun lalu\""),
                Lang::En => format!(" and errors were {ratio} of those of \"as a year ago\""),
            }
        });
        Some(match lang {
            Lang::Id => format!(
                "Diuji pada {} prakiraan masa lalu: kisaran 80% benar {share}{better}.",
                lang.group(past.n as i128)
            ),
            Lang::En => format!(
                "Tested on {} forecasts of the past: 80% intervals held {share} of the time{better}.",
                lang.group(past.n as i128)
            ),
        })
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
