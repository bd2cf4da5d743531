//! `takar dossier`: all that is held about a person, as one file.

use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use clap::Args;
use takar_app::{DossierAsked, Takar};
use takar_model::Lang;

use crate::output;

/// `takar dossier`.
#[derive(Debug, Args)]
pub struct Dossier {
    /// Of one account manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Of one user; without both the own
    #[arg(long)]
    pub login: Option<String>,
    /// The file to write, a ZIP archive; without it only what there is is told
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Writes the file, or tells what it would hold.
pub fn run(takar: &Takar, asked: Dossier, lang: Lang) -> Result<()> {
    let Dossier { manager, login, out } = asked;
    let asked = DossierAsked { manager, login };
    let Some(out) = out else {
        let held = takar.held_about(&asked, lang)?;
        for kind in held.kinds.iter().filter(|kind| kind.rows > 0) {
            output::line(&format!("{:>8}  {}", lang.group(i128::try_from(kind.rows)?), kind.label))?;
        }
        return output::line(match lang {
            Lang::Id => "Beserta semua baris data yang menyebut orang ini: takar dossier … --out BERKAS.zip",
            Lang::En => "And all rows of data that name the person: takar dossier … --out FILE.zip",
        });
    };
    let dossier = takar.dossier(&asked)?;
    let shown = out.display();
    let mut file = match File::create_new(&out) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match lang {
            Lang::Id => bail!("{shown} sudah ada: pilih nama lain"),
            Lang::En => bail!("{shown} is there already: choose another name"),
        },
        Err(error) => return Err(error).with_context(|| shown.to_string()),
    };
    file.write_all(&dossier.zip).and_then(|()| file.sync_all()).with_context(|| shown.to_string())?;
    output::line(&match lang {
        Lang::Id => format!("Ditulis ke {shown}. Baca README.txt di dalamnya; isinya data pribadi."),
        Lang::En => format!("Written to {shown}. Read README.txt in it; it holds personal data."),
    })
}
