//! `takar users`: who may come in; and who acts when a command is given.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use takar_app::{AppError, ContactAsked, NewUser, Password, Takar, User, UserChange};
use takar_model::{Lang, ManagerId, Role, Text};
use takar_state::Digest;

use crate::{args::ReportFormat, output};

/// Who gives the command, where the home has users.
#[derive(Debug, Args)]
pub struct Identity {
    /// Who gives the command, where the home has users
    #[arg(long, env = "TAKAR_USER", global = true, value_name = "LOGIN")]
    pub user: Option<String>,
    /// A file with that user's password; else TAKAR_PASSWORD, else it is asked for. A token in TAKAR_TOKEN needs neither
    #[arg(long, env = "TAKAR_USER_PASSWORD_FILE", global = true, value_name = "FILE")]
    pub user_password_file: Option<PathBuf>,
}

/// `takar users`.
#[derive(Debug, Args)]
pub struct Users {
    #[command(subcommand)]
    what: Option<What>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, global = true)]
    format: ReportFormat,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every user
    List,
    /// Add a user; the first is an owner
    Add {
        /// What is typed to come in
        login: String,
        /// owner, head, lead, account_manager, operations or reader
        #[arg(long)]
        role: Role,
        /// What the person is called
        #[arg(long)]
        name: Option<String>,
        /// Which account manager the person is
        #[arg(long)]
        manager: Option<String>,
        /// Where the first password is found
        #[command(flatten)]
        password: PasswordPlace,
    },
    /// Change a user
    Change {
        /// Whose
        login: String,
        /// Another role
        #[arg(long)]
        role: Option<Role>,
        /// What the person is called
        #[arg(long)]
        name: Option<String>,
        /// Which account manager the person is; empty for none
        #[arg(long)]
        manager: Option<String>,
        /// The mail address; empty for none
        #[arg(long)]
        email: Option<String>,
        /// The language of mails to the person: id or en
        #[arg(long)]
        mail_lang: Option<Lang>,
        /// How often a digest is sent: daily, weekly or never
        #[arg(long)]
        digest: Option<String>,
    },
    /// Give a user another password
    Password {
        /// Whose
        login: String,
        /// Where it is found
        #[command(flatten)]
        password: PasswordPlace,
    },
    /// Let a user in no more; what the person did stays
    Close {
        /// Who
        login: String,
    },
    /// Let a user in again
    Open {
        /// Who
        login: String,
    },
    /// Make a token with which a program comes in as a user
    Token {
        /// Whose; one's own unless given
        login: Option<String>,
        /// What it is for
        #[arg(long)]
        label: String,
        /// After how many days it ends
        #[arg(long)]
        days: Option<u16>,
    },
    /// The tokens there are
    Tokens,
    /// Take a token away
    RemoveToken {
        /// Its number
        id: i64,
    },
    /// What was done and looked at, newest first
    Log {
        /// Looks of this user only
        #[arg(long)]
        who: Option<String>,
        /// Looks at this only, such as a manager's id
        #[arg(long)]
        about: Option<String>,
        /// Entries at most
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

/// Where a password is found; it is asked for where neither says so.
#[derive(Debug, Args)]
struct PasswordPlace {
    /// The variable of the environment that holds it
    #[arg(long, value_name = "NAME", conflicts_with = "password_file")]
    password_env: Option<String>,
    /// The file that holds it
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Identity {
    /// The home, used by who gives the command.
    pub fn act(&self, takar: Takar, lang: Lang) -> Result<Takar> {
        if !takar.has_users()? {
            return Ok(takar);
        }
        let token = std::env::var("TAKAR_TOKEN").ok().filter(|token| !token.is_empty());
        let person = match (token, &self.user) {
            (_, Some(login)) => {
                let place = PasswordPlace { password_env: None, password_file: self.user_password_file.clone() };
                let password = match std::env::var("TAKAR_PASSWORD") {
                    Ok(text) if self.user_password_file.is_none() => Password::new(text),
                    _ => place.read(login, false, lang)?,
                };
                takar.recognise(login, &password, "command")?
            }
            (Some(token), None) => takar.bearer(&token)?.ok_or_else(|| {
                AppError::Asked(Text::new(
                    "token di TAKAR_TOKEN tidak berlaku",
                    "the token in TAKAR_TOKEN is not valid",
                ))
            })?,
            (None, None) => bail!(
                "{}",
                Text::new(
                    "folder data ini punya pengguna: sebutkan siapa Anda dengan --user NAMA, atau isi TAKAR_TOKEN",
                    "this home has users: say who you are with --user LOGIN, or set TAKAR_TOKEN",
                )
                .get(lang)
            ),
        };
        Ok(takar.acting_as(person)?)
    }
}

impl PasswordPlace {
    fn read(&self, login: &str, twice: bool, lang: Lang) -> Result<Password> {
        let text = match (&self.password_env, &self.password_file) {
            (Some(name), _) => std::env::var(name).with_context(|| name.clone())?,
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
            (None, None) => typed(login, twice, lang)?,
        };
        Ok(Password::new(text))
    }
}

/// A password as it is typed, unseen; a new one twice.
fn typed(login: &str, twice: bool, lang: Lang) -> Result<String> {
    let ask = |again: bool| -> Result<String> {
        let words = match (lang, again) {
            (Lang::Id, false) => format!("Kata sandi {login}: "),
            (Lang::En, false) => format!("Password of {login}: "),
            (Lang::Id, true) => "Sekali lagi: ".to_owned(),
            (Lang::En, true) => "Once more: ".to_owned(),
        };
        Ok(rpassword::prompt_password(words)?)
    };
    if !std::io::stdin().is_terminal() {
        std::io::stderr().flush()?;
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let first = ask(false)?;
    if twice && ask(true)? != first {
        bail!("{}", Text::new("kedua kata sandi tidak sama", "the two passwords differ").get(lang));
    }
    Ok(first)
}

/// Tells of users, and changes them.
pub fn run(takar: &Takar, asked: Users, lang: Lang) -> Result<()> {
    let is_json = asked.format == ReportFormat::Json;
    let tell = |user: &User| {
        if is_json {
            output::line(&serde_json::to_string(user)?)
        } else {
            output::line(&table(std::slice::from_ref(user), lang))
        }
    };
    match asked.what.unwrap_or(What::List) {
        What::List => {
            let users = takar.users()?;
            if is_json {
                return output::line(&serde_json::to_string(&users)?);
            }
            if users.is_empty() {
                let text = Text::new(
                    "Belum ada pengguna: siapa pun di mesin ini melihat semuanya. Tambahkan pemilik: takar users add NAMA --role owner",
                    "There are no users yet: everybody on this machine sees everything. Add an owner: takar users add LOGIN --role owner",
                );
                return output::line(text.get(lang));
            }
            output::line(&table(&users, lang))
        }
        What::Add { login, role, name, manager, password } => {
            let password = password.read(&login, true, lang)?;
            let new = NewUser { login, name, role, manager: manager.map(ManagerId), password };
            tell(&takar.add_user(&new)?)
        }
        What::Change { login, role, name, manager, email, mail_lang, digest } => {
            let digest = match digest {
                None => None,
                Some(word) => Some(Digest::of(&word).ok_or(AppError::Asked(Text::new(
                    "ringkasan: daily, weekly atau never",
                    "a digest is daily, weekly or never",
                )))?),
            };
            let contact = ContactAsked { email, lang: mail_lang, digest };
            let has_contact = contact != ContactAsked::default();
            let change = UserChange { name, role, manager: manager.map(ManagerId), ..UserChange::default() };
            let is_change = change.name.is_some() || change.role.is_some() || change.manager.is_some();
            if has_contact {
                let told = takar.set_contact(Some(&login), &contact)?;
                if !is_change {
                    let email = told.email.as_deref().unwrap_or("–");
                    return output::line(&if is_json {
                        serde_json::to_string(&told)?
                    } else {
                        format!("{}: {email}, {}, {}", told.login, told.lang.code(), told.digest.name())
                    });
                }
            }
            tell(&takar.change_user(&login, &change)?)
        }
        What::Password { login, password } => {
            let password = Some(password.read(&login, true, lang)?);
            tell(&takar.change_user(&login, &UserChange { password, ..UserChange::default() })?)
        }
        What::Close { login } => {
            tell(&takar.change_user(&login, &UserChange { is_open: Some(false), ..UserChange::default() })?)
        }
        What::Open { login } => {
            tell(&takar.change_user(&login, &UserChange { is_open: Some(true), ..UserChange::default() })?)
        }
        What::Token { login, label, days } => {
            let made = match login {
                None => takar.make_token(&label, days)?,
                Some(login) => takar.make_token_of(&login, &label, days)?,
            };
            output::line(&if is_json { serde_json::to_string(&made)? } else { made.token })
        }
        What::Tokens => {
            let tokens = takar.tokens()?;
            if is_json {
                return output::line(&serde_json::to_string(&tokens)?);
            }
            let header = match lang {
                Lang::Id => ["No", "Pengguna", "Untuk", "Dibuat", "Terakhir dipakai", "Berakhir"],
                Lang::En => ["No", "User", "For", "Made", "Last used", "Ends"],
            };
            let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
            let rows: Vec<Vec<String>> = tokens
                .iter()
                .map(|token| {
                    vec![
                        token.id.to_string(),
                        token.login.clone(),
                        token.label.clone(),
                        token.made.clone(),
                        or_dash(&token.used),
                        or_dash(&token.ends),
                    ]
                })
                .collect();
            output::line(&output::table(&header, &[true, false, false, false, false, false], &rows))
        }
        What::RemoveToken { id } => Ok(takar.remove_token(id)?),
        What::Log { who, about, limit } => log(takar, (who.as_deref(), about.as_deref()), limit, is_json, lang),
    }
}

fn log(takar: &Takar, (who, about): (Option<&str>, Option<&str>), limit: u32, is_json: bool, lang: Lang) -> Result<()> {
    let (actions, looks) = (takar.actions(limit, lang)?, takar.looks(who, about, limit)?);
    if is_json {
        return output::line(&serde_json::json!({ "changes": actions, "looks": looks }).to_string());
    }
    let header = match lang {
        Lang::Id => ["Kapan", "Siapa", "Apa", "Mengenai"],
        Lang::En => ["When", "Who", "What", "On"],
    };
    let keeper = Text::new("pemegang folder", "keeper of the folder").get(lang);
    let mut rows: Vec<Vec<String>> = Vec::new();
    if who.is_none() && about.is_none() {
        rows.extend(actions.into_iter().map(|action| {
            vec![action.at, action.who.unwrap_or_else(|| keeper.to_owned()), action.what, action.detail]
        }));
    }
    let looked = Text::new("melihat", "looked at").get(lang);
    rows.extend(
        looks.into_iter().map(|look| vec![look.last, look.who, format!("{looked} ×{}", look.times), look.what]),
    );
    rows.sort_by(|one, other| other[0].cmp(&one[0]));
    rows.truncate(limit as usize);
    output::line(&output::table(&header, &[false; 4], &rows))
}

fn table(users: &[User], lang: Lang) -> String {
    let header = match lang {
        Lang::Id => ["Masuk", "Nama", "Peran", "Manajer akun", "Melihat", "Sejak", ""],
        Lang::En => ["Login", "Name", "Role", "Account manager", "Sees", "Since", ""],
    };
    let everybody = Text::new("semua", "everybody").get(lang);
    let closed = Text::new("ditutup", "closed").get(lang);
    let rows: Vec<Vec<String>> = users
        .iter()
        .map(|user| {
            let manager = user.person.manager.as_ref().map_or("–", |manager| manager.as_str());
            vec![
                user.person.login.clone(),
                user.person.name.clone(),
                user.person.role.label().get(lang).to_owned(),
                manager.to_owned(),
                user.reach.map_or_else(|| everybody.to_owned(), |count| count.to_string()),
                user.added.chars().take(10).collect(),
                if user.closed.is_some() { closed.to_owned() } else { String::new() },
            ]
        })
        .collect();
    output::table(&header, &[false; 7], &rows)
}
