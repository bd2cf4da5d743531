//! Help in Indonesian: the English stands in `args`, its translation here, by command and argument.

use clap::{Arg, Command};
use takar_model::Lang;

/// The translation of each command (`import`) and argument (`import/map`); `*` stands for the top.
const INDONESIAN: [(&str, &str); 170] = [
    ("*", "Berapa sebenarnya akun dan manajer akun menjual, dan mengapa"),
    ("*/home", "Folder data"),
    ("*/lang", "Bahasa: id atau en"),
    (
        "*/credit",
        "Siapa yang mendapat kredit bila akun berpindah: recorded (manajer di faktur), then (pemilik hari itu), now",
    ),
    ("import", "Masukkan penjualan, akun, produk, manajer, target, kepemilikan … dari berkas"),
    (
        "import/kind",
        "Isi berkas: sales, accounts, products, managers, targets, market, ownership, rates, activities, offers, stages, feedback, costs, prospects, stock, receivables, units, teams, aliases",
    ),
    ("import/files", "Berkas: CSV, TSV, XLSX, ODS, Parquet"),
    ("import/sql", "Atau kueri atas berkas: SELECT … FROM 'orders.csv' o JOIN …"),
    ("import/map", "Tunjuk kolom: field=kolom, boleh berkali-kali"),
    ("import/sheet", "Lembar buku kerja"),
    ("import/source", "Aliran data tempat baris ini termasuk"),
    ("import/profile", "Baca seperti yang disimpan dengan nama ini"),
    ("import/save_profile", "Simpan cara membacanya dengan nama ini"),
    ("import/date_order", "Tanggal atau bulan dulu, bila kolomnya tidak menentukan: dmy atau mdy"),
    ("import/number_style", "Cara menulis angka, bila kolomnya tidak menentukan: id (1.234,56) atau en (1,234.56)"),
    ("import/discount", "Isi kolom diskon: rate (bagian), percent (persen) atau amount (nilai)"),
    ("import/cost", "Isi kolom biaya: unit (per satuan) atau line (per baris)"),
    ("import/ppn", "Nilai dengan atau tanpa PPN: included atau excluded; satu pilihan per sumber"),
    ("import/unassigned", "Terima baris tanpa akun di bawah satu akun tak bernama"),
    ("import/drop_duplicates", "Buang baris yang sama persis dengan baris sebelumnya di berkas"),
    ("import/strict", "Tolak berkas bila ada baris bermasalah"),
    ("import/dry_run", "Periksa saja; tidak menulis apa pun"),
    ("import/format", "Teks atau JSON"),
    ("facts", "Isi setiap jenis data: penawaran, aktivitas, umpan balik, biaya … beserta barisnya"),
    ("facts/kind", "Jenisnya: activities, offers, feedback, costs …; tanpa ini, semua jenis dan banyaknya"),
    ("facts/account", "Milik satu akun"),
    ("facts/manager", "Milik satu manajer akun"),
    ("facts/word", "Hanya dengan kata ini, misalnya won atau complaint"),
    ("facts/period", "Bertanggal 2025, 2025-Q3, 2025-10, 2025-10-03 atau A..B"),
    ("facts/import", "Dari satu impor"),
    ("facts/limit", "Paling banyak sekian baris"),
    ("facts/format", "Teks atau JSON"),
    ("quality", "Yang kurang dalam data dan yang tampak janggal"),
    ("quality/format", "Teks atau JSON"),
    ("aliases", "Kode yang berarti akun, produk, atau manajer yang sama"),
    ("aliases/format", "Teks atau JSON"),
    ("aliases same", "Dua kode berarti sama: baris kode pertama dibaca sebagai yang kedua"),
    ("aliases same/of", "Kode apa: account, product, manager"),
    ("aliases same/alias", "Kode yang dibaca sebagai yang lain"),
    ("aliases same/id", "Kode yang berlaku"),
    ("aliases apart", "Dua kode tidak berarti sama, walaupun tampak mirip"),
    ("aliases apart/of", "Kode apa: account, product, manager"),
    ("aliases apart/alias", "Satu kode"),
    ("aliases apart/id", "Kode yang lain"),
    ("imports", "Daftar impor, batalkan satu, atau ambil baris yang disisihkan"),
    ("imports/format", "Teks atau JSON"),
    ("imports undo", "Batalkan satu impor: barisnya tidak dihitung lagi, yang digantikannya dihitung lagi"),
    ("imports undo/id", "Nomornya"),
    ("imports undo/dry_run", "Tunjukkan saja baris yang akan terkena; tidak mengubah apa pun"),
    ("imports show", "Satu impor: apa yang dibawanya, dan apa yang terjadi dengan barisnya"),
    ("imports show/id", "Nomornya"),
    ("imports redo", "Kembalikan impor yang dibatalkan, sebagai impor baru dengan baris yang sama"),
    ("imports redo/id", "Nomornya"),
    ("imports set-aside", "Tulis baris yang disisihkan ke CSV untuk diperbaiki dan diimpor"),
    ("imports set-aside/id", "Nomornya"),
    ("imports set-aside/output", "Ke mana ditulis; tanpa ini ke keluaran standar"),
    ("sources", "Basis data yang dibaca berulang-ulang"),
    ("sources/format", "Teks atau JSON"),
    ("sources add", "Tambahkan tabel atau kueri basis data, setelah dicoba bahwa barisnya terbaca"),
    ("sources add/name", "Namanya: huruf, angka, - dan _"),
    (
        "sources add/url",
        "postgres://pengguna@server/basisdata, mysql://pengguna@server/basisdata atau sqlite:berkas.db, tanpa kata sandi",
    ),
    ("sources add/table", "Tabel atau view, dengan skema di depan titik bila perlu"),
    ("sources add/query", "Atau kueri: SELECT …"),
    ("sources add/kind", "Isi barisnya: sales, accounts, products, managers, targets, market, ownership, rates"),
    ("sources add/watermark", "Kolom yang bertambah setiap ada perubahan: yang dibaca lalu hanya yang berubah"),
    ("sources add/password_env", "Variabel lingkungan yang berisi kata sandi"),
    ("sources add/password_file", "Berkas yang berisi kata sandi"),
    ("sources add/password_prompt", "Tanyakan kata sandi"),
    ("sources add/timeout", "Detik sebelum pertanyaan ke basis data dihentikan"),
    ("sources add/map", "Tunjuk kolom: field=kolom, boleh berkali-kali"),
    ("sources add/date_order", "Tanggal atau bulan dulu, bila kolomnya tidak menentukan: dmy atau mdy"),
    (
        "sources add/number_style",
        "Cara menulis angka, bila kolomnya tidak menentukan: en (1,234.56) seperti basis data, atau id (1.234,56)",
    ),
    ("sources add/discount", "Isi kolom diskon: rate (bagian), percent (persen) atau amount (nilai)"),
    ("sources add/cost", "Isi kolom biaya: unit (per satuan) atau line (per baris)"),
    ("sources add/ppn", "Nilai dengan atau tanpa PPN: included atau excluded; satu pilihan per sumber"),
    ("sources add/unassigned", "Terima baris tanpa akun di bawah satu akun tak bernama"),
    ("sources add/replace", "Gantikan sumber bernama sama; lalu dibaca dari awal"),
    ("sources tables", "Tabel sebuah basis data dengan kolomnya"),
    ("sources tables/name", "Sumber menurut namanya"),
    ("sources tables/url", "Atau alamat basis data"),
    ("sources tables/password_env", "Variabel lingkungan yang berisi kata sandi"),
    ("sources tables/password_file", "Berkas yang berisi kata sandi"),
    ("sources tables/password_prompt", "Tanyakan kata sandi"),
    ("sources reconcile", "Bandingkan sumber dengan yang sudah masuk, bulan demi bulan; tidak menulis apa pun"),
    ("sources reconcile/name", "Namanya"),
    ("sources reconcile/password_prompt", "Tanyakan kata sandi"),
    ("sources remove", "Lupakan sumber; barisnya tetap ada"),
    ("sources remove/name", "Namanya"),
    ("sources remove/password_prompt", "Tanyakan kata sandi"),
    ("sync", "Masukkan yang berubah di sumber-sumber"),
    ("sync/names", "Sumber menurut nama; tanpa ini semuanya"),
    ("sync/whole", "Baca semua baris, bukan hanya yang berubah"),
    ("sync/password_prompt", "Tanyakan kata sandi"),
    ("sync/format", "Teks atau JSON"),
    ("metrics", "Angka menurut manajer, akun, produk, bulan …"),
    (
        "metrics/by",
        "Menurut apa: manager, account, product, category, region, segment, branch, supervisor, month, quarter, year",
    ),
    ("metrics/period", "2025, 2025-Q3, 2025-10, 2025-10-03 atau A..B; tanpa ini seluruh data"),
    ("metrics/kpi", "Angka yang mana"),
    ("metrics/compare", "Di sampingnya: prior (periode sebelumnya) atau year (setahun sebelumnya)"),
    ("metrics/filter", "Hanya sebagian: region = 'Barat' and not segment in ('A', 'B')"),
    ("metrics/format", "table, json, csv atau parquet"),
    ("metrics/output", "Ke mana ditulis; tanpa ini ke keluaran standar"),
    ("kpis", "Arti setiap angka"),
    ("evaluate", "Evaluasi manajer akun"),
    ("evaluate/period", "Periode; tanpa ini bulan lengkap terakhir dalam data"),
    ("evaluate/manager", "Kode satu manajer"),
    ("evaluate/format", "table, json, html atau xlsx"),
    ("evaluate/output", "Ke mana ditulis; tanpa ini ke keluaran standar"),
    ("explain", "Mengapa penjualan berubah: harga, kuantitas, bauran, baru, hilang, retur …"),
    ("explain/of", "Angka yang dijelaskan"),
    ("explain/from", "Pembanding; tanpa ini periode sebelum --to"),
    ("explain/to", "Periode; tanpa ini bulan lengkap terakhir dalam data"),
    (
        "explain/compare",
        "Tanpa --from: prior (periode sebelumnya, yang biasa) atau year (setahun sebelumnya, yang biasa dengan --miss)",
    ),
    ("explain/manager", "Dari satu manajer"),
    ("explain/filter", "Hanya sebagian: region = 'Barat' and not segment in ('A', 'B')"),
    (
        "explain/against",
        "Pembandingnya: penjualan periode pembanding (base, yang biasa) atau target (yang biasa dengan --miss)",
    ),
    ("explain/miss", "Bukan jembatan, melainkan beberapa akun, produk, wilayah, dan manajer di balik selisihnya"),
    ("explain/items", "Paling banyak berapa anggota di balik tiap batang"),
    ("explain/format", "Teks atau JSON"),
    ("trends", "Tren dan pola: naik atau turun, musim, patahan, hari raya, apa yang bergerak bersama"),
    ("trends/kpi", "Angka yang mana"),
    ("trends/period", "Hanya bulan dalam periode ini; tanpa ini semua bulan lengkap"),
    ("trends/by", "Juga tren setiap: manager, account, product, category, region, segment, branch, supervisor"),
    ("trends/manager", "Dari satu manajer"),
    ("trends/filter", "Hanya sebagian: region = 'Barat' and not segment in ('A', 'B')"),
    ("trends/format", "Teks atau JSON"),
    ("forecast", "Apa yang akan datang, dengan kisarannya, dan peluang mencapai target"),
    (
        "forecast/by",
        "Untuk setiap: manager, account, product, category, region, segment, branch, supervisor; tanpa ini semuanya bersama",
    ),
    ("forecast/horizon", "Berapa bulan ke depan, sampai 24"),
    ("forecast/manager", "Dari satu manajer"),
    ("forecast/filter", "Hanya sebagian: region = 'Barat' and not segment in ('A', 'B')"),
    ("forecast/backtest", "Juga ketepatannya pada masa lalu: peluang yang disebut di samping yang tercapai"),
    ("forecast/format", "Teks atau JSON"),
    ("retention", "Apa yang terjadi dengan akun: bertahan, hilang, baru, per kohor"),
    ("retention/period", "Periode; tanpa ini bulan lengkap terakhir dalam data"),
    ("retention/base", "Pembanding; tanpa ini menurut --compare"),
    ("retention/compare", "Tanpa --base: prior (periode sebelumnya) atau year (setahun sebelumnya)"),
    ("retention/manager", "Dari satu manajer"),
    ("retention/filter", "Hanya sebagian: region = 'Barat' and not segment in ('A', 'B')"),
    ("retention/cohorts", "Juga tabel menurut bulan pesanan pertama"),
    ("retention/format", "Teks atau JSON"),
    ("accounts", "Akun, yang mulai menjauh lebih dulu"),
    ("accounts/risk", "Yang berisiko dulu: terlambat menurut iramanya sendiri, dan peluang masih aktif"),
    ("accounts/sort", "Yang lebih dulu: risk (paling mungkin hilang) atau worth (penjualan berisiko terbesar)"),
    ("accounts/manager", "Dari satu manajer"),
    ("accounts/filter", "Hanya sebagian: region = 'Barat' and not segment in ('A', 'B')"),
    ("accounts/fdr", "Porsi peringatan keliru yang diterima di antara yang disebut terlambat"),
    ("accounts/horizon", "Berapa hari ke depan untuk perkiraan pesanan dan nilainya"),
    ("accounts/limit", "Paling banyak berapa"),
    ("accounts/format", "Teks atau JSON"),
    ("lines", "Baris sumber di balik sebuah angka"),
    ("lines/account", "Dari satu akun"),
    ("lines/manager", "Dari satu manajer"),
    ("lines/product", "Dari satu produk"),
    ("lines/region", "Dari satu wilayah"),
    ("lines/period", "Bertanggal dalam periode ini"),
    ("lines/import", "Dari satu impor"),
    ("lines/limit", "Paling banyak berapa"),
    ("serve", "Sajikan halaman dan API di komputer ini"),
    ("serve/port", "Port; 0 dipilihkan sistem"),
    ("simulate", "Buat perusahaan tiruan yang kebenarannya diketahui"),
    ("simulate/lines", "Kira-kira berapa baris penjualan (boleh 1e6)"),
    ("simulate/seed", "Benih yang sama membuat perusahaan yang sama"),
    ("simulate/out", "Folder tujuan"),
    ("simulate/lean", "Nama dan atribut hanya di berkas lain"),
    ("rebuild", "Buat ulang panel dari baris penjualan"),
    ("template", "Tulis templat Excel untuk diisi"),
    ("template/kind", "sales atau targets"),
    ("template/output", "Ke mana ditulis"),
    ("*/version", "Tampilkan versi"),
];

/// The language that the arguments or the environment ask for, before they are read properly.
pub fn lang_of_arguments(arguments: impl Iterator<Item = String>) -> Lang {
    let mut wanted = std::env::var("TAKAR_LANG").ok();
    let mut is_next = false;
    for argument in arguments {
        if is_next {
            wanted = Some(argument.clone());
        }
        is_next = argument == "--lang";
        if let Some(lang) = argument.strip_prefix("--lang=") {
            wanted = Some(lang.to_owned());
        }
    }
    wanted.and_then(|lang| lang.parse().ok()).unwrap_or_default()
}

/// The command with its help in the reader's language.
pub fn localise(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::Id => in_indonesian(command, "*"),
    }
}

fn in_indonesian(command: Command, path: &str) -> Command {
    let command = match translation(path) {
        Some(text) => command.about(text),
        None => command,
    };
    let command = command.mut_args(|argument: Arg| match translation(&format!("{path}/{}", argument.get_id())) {
        Some(text) => argument.help(text),
        None => argument,
    });
    command.mut_subcommands(|sub| {
        let below = match path {
            "*" => sub.get_name().to_owned(),
            above => format!("{above} {}", sub.get_name()),
        };
        in_indonesian(sub, &below)
    })
}

fn translation(key: &str) -> Option<&'static str> {
    INDONESIAN.iter().find(|(known, _)| *known == key).map(|(_, text)| *text)
}
