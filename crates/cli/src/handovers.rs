//! `takar handovers`: accounts that changed hands, with what they bought before and since.

use anyhow::Result;
use clap::Args;
use takar_app::{HandoverFilter, NamedOwner, Side, Takar};
use takar_model::{Lang, Period};

use crate::{
    args::{ReportFormat, period},
    output,
};

/// `takar handovers`.
#[derive(Debug, Args)]
pub struct HandoversAsked {
    /// Changes in 2025, 2025-Q3, 2025-10, 2025-10-03 or A..B
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
    /// From or to one manager
    #[arg(long)]
    pub manager: Option<String>,
    /// Of one account
    #[arg(long)]
    pub account: Option<String>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// Prints the changes, newest first.
pub fn run(takar: &Takar, asked: HandoversAsked, lang: Lang) -> Result<()> {
    let HandoversAsked { period, manager, account, format } = asked;
    let found = takar.handovers(&HandoverFilter { period, manager, account })?;
    if format == ReportFormat::Json {
        return output::line(&serde_json::to_string(&found)?);
    }
    let say = |id: &'static str, en: &'static str| if lang == Lang::Id { id } else { en };
    if found.rows.is_empty() {
        return output::line(say(
            "Tidak ada akun yang berpindah tangan. Riwayat pemilik dimasukkan dengan: takar import ownership BERKAS",
            "No account changed hands. Who had which account when is brought in with: takar import ownership FILE",
        ));
    }
    let side =
        |side: &Side| side.monthly.map(|net| format!("{} ({})", net.format(lang, 0), side.months)).unwrap_or_default();
    let percent = |growth: f64| format!("{:+.1} %", growth * 100.0);
    let rows: Vec<Vec<String>> = found
        .rows
        .iter()
        .map(|row| {
            let account = row
                .account_name
                .clone()
                .map_or_else(|| row.account.clone(), |name| format!("{name} ({})", row.account));
            vec![
                row.day.to_string(),
                account,
                owners(&row.from),
                owners(&row.to),
                side(&row.before),
                side(&row.after),
                row.growth.map(percent).unwrap_or_default(),
            ]
        })
        .collect();
    let header = [
        say("sejak", "since"),
        say("akun", "account"),
        say("dari", "from"),
        say("ke", "to"),
        say("per bulan sebelumnya (bulan)", "a month before (months)"),
        say("sesudahnya", "since then"),
        "±",
    ];
    output::line(&output::table(&header, &[false, false, false, false, true, true, true], &rows))?;
    if found.total > found.rows.len() {
        let (shown, all) = (found.rows.len(), lang.group(i128::try_from(found.total)?));
        eprintln!("{}", if lang == Lang::Id { format!("{shown} dari {all}") } else { format!("{shown} of {all}") });
    }
    Ok(())
}

fn owners(owners: &[NamedOwner]) -> String {
    let nobody = "–";
    let one = |owner: &NamedOwner| {
        let name = owner.name.as_deref().or(owner.id.as_deref()).unwrap_or(nobody);
        if owner.share < 1.0 { format!("{name} {:.0} %", owner.share * 100.0) } else { name.to_owned() }
    };
    if owners.is_empty() { nobody.to_owned() } else { owners.iter().map(one).collect::<Vec<_>>().join(", ") }
}
