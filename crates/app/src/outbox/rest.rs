//! To whom a message is still to be brought, and by what.

use serde::{Deserialize, Serialize};
use takar_outbox::{Channel, Delivered, MailChannel};

/// What is kept with a message: its way out, and what became of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rest {
    /// The way out, to those who are still to be reached.
    #[serde(flatten)]
    pub channel: Channel,
    /// Some have it: whom the way out writes to now does not matter any more, or they would get it again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub some_have_it: bool,
    /// Who was refused for good while others got it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
}

const fn is_false(value: &bool) -> bool {
    !*value
}

/// What is left after a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum After {
    /// These are tried again.
    Left(Rest),
    /// Nobody is left; who never gets it.
    Nobody {
        /// Refused for good, in this try or before.
        refused: Vec<String>,
    },
}

impl Rest {
    /// The same by the way out as it is defined now. A message that is one person's, and one that some have, keeps its recipients.
    pub fn by(mut self, defined: Option<Channel>, is_personal: bool) -> Self {
        let keeps = is_personal || self.some_have_it;
        self.channel = match (self.channel, defined) {
            (Channel::Mail(then), Some(Channel::Mail(now))) if keeps => {
                Channel::Mail(MailChannel { to: then.to, ..now })
            }
            (_, Some(now)) if !keeps => now,
            (then, _) => then,
        };
        self
    }

    /// What is left after it was brought to some.
    pub fn after(mut self, delivered: Delivered) -> After {
        let left = delivered.rest(&self.channel);
        let refused = delivered.missed.into_iter().filter(|missed| missed.is_permanent);
        self.refused.extend(refused.map(|missed| missed.address));
        match left {
            Some(channel) => After::Left(Self { channel, some_have_it: true, refused: self.refused }),
            None => After::Nobody { refused: self.refused },
        }
    }

    /// The same to try once more, also with those who were refused.
    pub fn again(mut self) -> Self {
        if let Channel::Mail(mail) = &mut self.channel {
            mail.to.append(&mut self.refused);
        }
        self
    }

    /// Who is still to be reached, of a mail.
    pub fn recipients(&self) -> Vec<&str> {
        match &self.channel {
            Channel::Mail(mail) => mail.to.iter().map(String::as_str).collect(),
            Channel::Webhook(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use takar_outbox::{Missed, SecretFrom, Tls};

    use super::*;

    fn mail(host: &str, to: &[&str]) -> Channel {
        Channel::Mail(MailChannel {
            host: host.to_owned(),
            port: 25,
            tls: Tls::None,
            user: None,
            password: SecretFrom::Nowhere,
            from: "t@x.example".to_owned(),
            to: to.iter().map(|&one| one.to_owned()).collect(),
        })
    }

    fn rest(channel: Channel) -> Rest {
        Rest { channel, some_have_it: false, refused: Vec::new() }
    }

    fn missed(address: &str, is_permanent: bool) -> Missed {
        Missed { address: address.to_owned(), code: 450, answer: String::new(), is_permanent }
    }

    /// Nobody gets it twice, and who was refused is told at the end.
    #[test]
    fn it_goes_to_those_who_do_not_have_it() {
        let first = rest(mail("old", &["a", "b", "c"]));
        // Kept as ways out are.
        let kept = serde_json::to_string(&first).expect("JSON");
        assert_eq!(kept, serde_json::to_string(&first.channel).expect("JSON"));
        let first: Rest = serde_json::from_str(&kept).expect("a rest");
        // Nobody has it: the way out says to whom. One person's stays that person's.
        let corrected = || Some(mail("new", &["a", "d"]));
        assert_eq!(first.clone().by(corrected(), false).channel, mail("new", &["a", "d"]));
        assert_eq!(first.clone().by(corrected(), true).channel, mail("new", &["a", "b", "c"]));
        assert_eq!(first.clone().by(None, false), first);
        // `a` has it, `b` never will.
        let delivered = Delivered { code: 250, missed: vec![missed("b", true), missed("c", false)] };
        let After::Left(left) = first.after(delivered) else { panic!("c is left") };
        assert_eq!((left.recipients(), &left.refused), (vec!["c"], &vec!["b".to_owned()]));
        let left: Rest = serde_json::from_str(&serde_json::to_string(&left).expect("JSON")).expect("a rest");
        let left = left.by(corrected(), false);
        assert_eq!(left.channel, mail("new", &["c"]));
        assert_eq!(left.clone().again().recipients(), ["c", "b"]);
        let after = left.after(Delivered { code: 250, missed: Vec::new() });
        assert_eq!(after, After::Nobody { refused: vec!["b".to_owned()] });
    }
}
