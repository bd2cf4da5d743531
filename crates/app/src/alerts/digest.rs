//! A digest for each person: what is new among the alerts that the person may see and what waits for the person, in the person's language,
//! when the person wants it.

use jiff::civil::Weekday;
use serde::Serialize;
use serde_json::json;
use takar_model::{Day, Lang, Right, Text};
use takar_state::{AlertState, Contact, Digest, Message, UserRow};

use super::{AlertTold, AlertsAsked};
use crate::{Person, Result, Takar, waiting::Waiting};

/// The hour from which on digests are written.
const HOUR: i8 = 7;
/// The event of a digest.
pub(crate) const DIGEST: &str = "digest";
/// Alerts that one digest tells of.
const MOST: usize = 50;

/// What a round of digests came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Digested {
    /// Written.
    pub written: u32,
    /// People for whom there was nothing new.
    pub nothing: u32,
    /// People whose digest could not be written: there is no mail among the ways out.
    pub no_way: u32,
}

impl Takar {
    /// Writes a digest to everybody whose time has come; to all that want one, where that is asked. Nothing is written where nothing is
    /// new, and one digest of a person and a day is sent once.
    ///
    /// # Errors
    /// Where the role does not let one; where the state cannot be read or written.
    pub fn write_digests(&self, now_at_once: bool) -> Result<Digested> {
        self.may(Right::Define)?;
        let all = self.as_keeper();
        let mut done = Digested::default();
        let mut waiting: Option<Vec<Waiting>> = None;
        for user in all.state.users()?.into_iter().filter(|user| user.closed.is_none()) {
            let contact = all.state.contact(user.id)?;
            if contact.email.is_none() || contact.digest == Digest::Never || !(now_at_once || all.is_due(&contact)) {
                continue;
            }
            // Looked up once, and only where somebody's time has come.
            let waiting = match &mut waiting {
                Some(known) => &*known,
                none => none.insert(all.all_waiting()?),
            };
            // One person whose reach cannot be read keeps nobody else from theirs.
            if let Ok(written) = all.write_digest(&user, &contact, waiting) {
                match written {
                    Some(true) => done.written += 1,
                    Some(false) => done.no_way += 1,
                    None => done.nothing += 1,
                }
            }
        }
        Ok(done)
    }

    fn is_due(&self, contact: &Contact) -> bool {
        let now = self.zoned_now();
        let last = contact.digested.as_ref().and_then(|at| at.parse::<jiff::Timestamp>().ok());
        let is_new_day = last.is_none_or(|last| last.to_zoned(now.time_zone().clone()).date() < now.date());
        is_new_day && now.hour() >= HOUR && (contact.digest == Digest::Daily || now.weekday() == Weekday::Monday)
    }

    /// True where it was queued, false where there is no way to; none where nothing is new.
    fn write_digest(&self, user: &UserRow, contact: &Contact, waiting: &[Waiting]) -> Result<Option<bool>> {
        let now = self.now();
        let seen = self.acting_as(Person::from(user))?;
        let lang = contact.lang;
        let all = seen.alerts(&AlertsAsked { state: Some("all".to_owned()), ..AlertsAsked::default() }, lang)?;
        let since = contact.digested.as_deref().unwrap_or_default();
        let is_new = |alert: &&AlertTold| {
            alert.row.raised_at.as_str() > since && alert.row.raised_at <= now && !alert.row.state.is_over()
        };
        let new: Vec<&AlertTold> = all.iter().filter(is_new).collect();
        let has_passed = |alert: &&AlertTold| {
            !since.is_empty()
                && alert.row.state == AlertState::Passed
                && alert.row.changed.as_str() > since
                && alert.row.changed <= now
        };
        let passed: Vec<&AlertTold> = all.iter().filter(has_passed).collect();
        let told = contact.digested.as_ref().and_then(|at| at.parse::<jiff::Timestamp>().ok());
        let told = told.map(|at| (since, Day::from(at.to_zoned(self.zoned_now().time_zone().clone()).date())));
        let today = self.today();
        let waiting: Vec<&Waiting> = waiting.iter().filter(|one| one.is_for(user)).collect();
        let has_news = waiting.iter().any(|one| one.is_news(told, today));
        if new.is_empty() && passed.is_empty() && !has_news {
            self.state.note_digest(user.id, contact.digested.as_deref(), &now)?;
            return Ok(None);
        }
        let open = all.iter().filter(|alert| !alert.row.state.is_over()).count() - new.len();
        let (subject, text) = written(&user.name, (&new, &passed, open), &waiting, lang);
        let Some(email) = &contact.email else { return Ok(None) };
        // Named by the one before it: written again after a crash it is the same message.
        let before = if since.is_empty() { "first" } else { since };
        let id = format!("digest-{}-{}", user.id.0, before.replace(':', "-"));
        let data = json!({ "login": user.login, "new": new.len(), "passed": passed.len(), "open": open, "waiting": waiting.len() });
        if !self.write_to(email, (id, DIGEST), (subject, text, data), None)? {
            return Ok(Some(false));
        }
        self.state.note_digest(user.id, contact.digested.as_deref(), &now)?;
        Ok(Some(true))
    }
}

fn written(
    name: &str,
    (new, passed, open): (&[&AlertTold], &[&AlertTold], usize),
    waiting: &[&Waiting],
    lang: Lang,
) -> (String, String) {
    let say = |id: &'static str, en: &'static str| Text::new(id, en).get(lang);
    let (alerts, waits) = (new.len(), waiting.len());
    let subject = match (alerts, waits) {
        (_, 0) => Message { id: format!("Takar: {alerts} peringatan baru"), en: format!("Takar: {alerts} new alerts") },
        (0, _) => {
            Message { id: format!("Takar: {waits} hal menunggu Anda"), en: format!("Takar: {waits} waiting for you") }
        }
        _ => Message {
            id: format!("Takar: {alerts} peringatan baru, {waits} hal menunggu Anda"),
            en: format!("Takar: {alerts} new alerts, {waits} waiting for you"),
        },
    };
    let mut text = format!("{} {name},\n", say("Halo", "Hello"));
    let mut list = |head: &str, alerts: &[&AlertTold], with_why: bool| {
        if alerts.is_empty() {
            return;
        }
        text.push_str(&format!("\n{head}\n"));
        for alert in alerts.iter().take(MOST) {
            text.push_str(&format!("• {}\n", alert.title));
            if with_why {
                text.push_str(&format!("  {}\n", alert.why));
            }
        }
        if alerts.len() > MOST {
            text.push_str(&format!(
                "  … {} {}\n",
                alerts.len() - MOST,
                say("lainnya di halaman Peringatan", "more on the page Alerts")
            ));
        }
    };
    list(say("Yang baru:", "What is new:"), new, true);
    list(say("Yang sudah kembali seperti biasa:", "What is back to what is usual:"), passed, false);
    if open > 0 {
        text.push_str(&match lang {
            Lang::Id => format!("\nMasih terbuka dari sebelumnya: {open}.\n"),
            Lang::En => format!("\nStill open from before: {open}.\n"),
        });
    }
    if !waiting.is_empty() {
        text.push_str(&format!("\n{}\n", say("Menunggu Anda:", "Waiting for you:")));
        for one in waiting.iter().take(MOST) {
            text.push_str(&format!("• {}\n", one.said(lang)));
        }
        if waits > MOST {
            text.push_str(&format!("  … {} {}\n", waits - MOST, say("lainnya", "more")));
        }
    }
    text.push_str(say(
        "\nBuka Takar, halaman Peringatan, untuk angkanya. Ringkasan ini diatur di halaman Akun saya.\n",
        "\nOpen Takar, page Alerts, for the figures. This digest is set on the page My account.\n",
    ));
    (subject.get(lang).to_owned(), text)
}
