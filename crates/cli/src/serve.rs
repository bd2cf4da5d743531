//! `takar serve`.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use takar_app::Takar;
use takar_model::{Lang, Text};

use crate::args::Serve;

/// Serves the page and the API until the process is told to end.
pub fn run(takar: Takar, asked: &Serve, lang: Lang) -> Result<()> {
    if !asked.address.is_loopback() && !takar.has_owner()? {
        bail!(
            "{}",
            Text::new(
                "di luar mesin ini Takar hanya melayani bila ada pemilik: takar users add NAMA --role owner",
                "beyond this machine Takar serves only once there is an owner: takar users add LOGIN --role owner",
            )
            .get(lang)
        );
    }
    if !asked.address.is_loopback() && asked.public_url.is_none() {
        eprintln!(
            "{}",
            Text::new(
                "Perhatian: tanpa enkripsi, kata sandi terbaca di jaringan. Pasang perantara HTTPS di depan dan sebutkan alamatnya dengan --public-url.",
                "Mind: without encryption passwords can be read on the network. Put something that speaks HTTPS in front and name its address with --public-url.",
            )
            .get(lang)
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let takar = Arc::new(takar);
    // A thread of its own, which ends with the process: whatever it is cut off in is left whole.
    let jobs = takar.clone();
    std::thread::spawn(move || takar_app::run_jobs(&jobs, || false));
    let ready = |address: std::net::SocketAddr| {
        eprintln!(
            "{}",
            match lang {
                Lang::Id => format!("Takar siap di http://{address} (Ctrl+C untuk berhenti)"),
                Lang::En => format!("Takar is ready at http://{address} (Ctrl+C to stop)"),
            }
        );
    };
    let stopped = async {
        // Without a signal handler the process ends at once, which harms nothing.
        let _ = tokio::signal::ctrl_c().await;
    };
    let served = runtime.block_on(takar_server::serve(
        takar,
        std::net::SocketAddr::new(asked.address, asked.port),
        asked.public_url.clone(),
        ready,
        stopped,
    ));
    served.with_context(|| match lang {
        Lang::Id => format!("port {} tidak bisa dipakai: pilih yang lain dengan --port", asked.port),
        Lang::En => format!("port {} cannot be used: choose another with --port", asked.port),
    })
}
