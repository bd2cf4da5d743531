//! The words of columns that have few, and what follows from other columns.

use super::{Cell, Shape, Word};
use crate::{FactKind, synonyms::normal};

const fn word(name: &'static str, id: &'static str, others: &'static str) -> Word {
    Word { name, id, others }
}

pub(super) const ACTIVITIES: &[Word] = &[
    word("call", "telepon", "telpon|phone|phonecall|panggilan|calls"),
    word("visit", "kunjungan", "kunjung|visits|sitevisit|kunjunganlapangan"),
    word("mail", "surel", "email|mails|surat|letter"),
    word("meeting", "rapat", "pertemuan|meetings|temu|demo"),
    word("message", "pesan", "chat|whatsapp|wa|sms"),
];
pub(super) const DIRECTIONS: &[Word] = &[
    word("in", "masuk", "inbound|incoming|diterima|received"),
    word("out", "keluar", "outbound|outgoing|terkirim|sent|dikirim"),
];
pub(super) const STATES: &[Word] = &[
    word(
        "won",
        "menang",
        "closedwon|closewon|deal|berhasil|sukses|success|successful|closing|goal|dimenangkan|diterima|accepted|ordered",
    ),
    word(
        "lost",
        "kalah",
        "closedlost|closelost|gagal|batal|dibatalkan|cancelled|canceled|rejected|ditolak|failed|declined|expired",
    ),
    word("open", "terbuka", "berjalan|proses|aktif|active|pending|ongoing|inprogress|menunggu"),
];
pub(super) const FEEDBACK: &[Word] = &[
    word("nps", "NPS", "netpromoterscore|promoter|rekomendasi"),
    word("csat", "kepuasan", "satisfaction|customersatisfaction|kepuasanpelanggan"),
    word("communication", "komunikasi", ""),
    word("complaint", "keluhan", "komplain|complain|complaints|aduan|pengaduan"),
    word("request", "permintaan", "requests|saran|usulan|suggestion"),
];
pub(super) const RESOLVED: &[Word] = &[
    word("open", "terbuka", "baru|new|proses|pending|belumselesai"),
    word("resolved", "selesai", "closed|ditutup|done|solved"),
];
pub(super) const COSTS: &[Word] = &[
    word("visit", "kunjungan", "visits|perjalanan|travel|transport"),
    word("delivery", "pengiriman", "kirim|ongkir|ongkoskirim|logistik|shipping|freight|ekspedisi"),
    word("credit", "kredit", "tempo|bunga|piutang|creditdays"),
    word("rebate", "rabat", "potongan|bonus|cashback|komisi|commission"),
    word("service", "layanan", "servis|support|dukungan"),
];
pub(super) const STOCK: &[Word] = &[
    word("in", "ada", "instock|tersedia|available|ready"),
    word("out", "habis", "outofstock|kosong|stockout|oos|stokkosong|stokhabis"),
];
pub(super) const ABSENCES: &[Word] = &[
    word(
        "leave",
        "cuti",
        "cutitahunan|cutimelahirkan|melahirkan|libur|izin|ijin|vacation|holiday|absence|maternity|parental",
    ),
    word("sick", "sakit", "sickness|illness|ill|rawatinap"),
    word("training", "pelatihan", "diklat|course|kursus|tugasluar|secondment"),
    word("not joined", "belum bergabung", "belummasuk|masuk|bergabung|joined|baru|new|notyet|hired"),
    word("left", "keluar", "berhenti|resign|resigned|mengundurkandiri|pensiun|retired|pindah"),
];
pub(super) const YES_NO: &[Word] = &[word("yes", "ya", "y|true|sudah|1|v|x"), word("no", "tidak", "n|false|belum|0")];

pub(super) const THINGS: &[Word] = &[
    word("account", "akun", "pelanggan|customer|accounts|toko|outlet"),
    word("product", "produk", "barang|products|item"),
    word("manager", "manajer", "sales|managers|salesman|accountmanager"),
];
pub(super) const VERDICTS: &[Word] = &[
    word("same", "sama", "ya|yes|merge|gabung|duplikat|duplicate"),
    word("apart", "beda", "tidak|no|pisah|different|keepapart"),
];

/// The word that a text means; the text itself where it is none of them.
pub(super) fn known(text: &str, words: &[Word]) -> String {
    let said = normal(text);
    let means =
        |word: &&Word| word.name == said || normal(word.id) == said || word.others.split('|').any(|it| it == said);
    words.iter().find(means).map_or_else(|| text.trim().to_owned(), |word| word.name.to_owned())
}

/// Fills in what follows from the other columns of a row.
pub(super) fn complete(kind: FactKind, shape: &Shape, cells: &mut [Cell]) {
    let place = |name: &str| shape.columns.iter().position(|column| column.name == name);
    match kind {
        FactKind::Offers => {
            let (Some(stage), Some(state)) = (place("stage"), place("state")) else { return };
            // A state that is none of ours is a stage of theirs: the offer is open until it is won or lost.
            let said = [&cells[state], &cells[stage]].into_iter().find_map(|cell| match cell {
                Cell::Text(text) => {
                    let word = known(text, STATES);
                    STATES.iter().any(|known| known.name == word).then_some(word)
                }
                _ => None,
            });
            cells[state] = Cell::Text(said.unwrap_or_else(|| "open".to_owned()));
        }
        FactKind::Receivables => {
            let (Some(amount), Some(paid), Some(balance)) = (place("amount"), place("paid"), place("balance")) else {
                return;
            };
            if let (Cell::Number(all), Cell::Blank) = (&cells[amount], &cells[balance]) {
                let paid = if let Cell::Number(paid) = cells[paid] { paid } else { 0 };
                cells[balance] = Cell::Number(all - paid);
            }
        }
        FactKind::Stock => {
            let (Some(date), Some(until), Some(quantity), Some(state), Some(days)) =
                (place("date"), place("until"), place("quantity"), place("state"), place("days_out"))
            else {
                return;
            };
            if cells[state] == Cell::Blank {
                let is_out = match (&cells[quantity], &cells[days], &cells[until]) {
                    (Cell::Number(quantity), ..) => *quantity <= 0,
                    (_, Cell::Number(days), _) => *days > 0,
                    // Nobody notes from when to when there was something.
                    (.., Cell::Day(_)) => true,
                    _ => return,
                };
                cells[state] = Cell::Text(if is_out { "out" } else { "in" }.to_owned());
            }
            if let (Cell::Blank, Cell::Day(first), Cell::Day(last)) = (&cells[days], &cells[date], &cells[until])
                && cells[state] == Cell::Text("out".to_owned())
            {
                cells[days] = Cell::Number(i128::from(last - first + 1) * super::WHOLE);
            }
        }
        FactKind::Absences => {
            let Some(known) = place("in_target") else { return };
            if cells[known] == Cell::Blank {
                cells[known] = Cell::Text("no".to_owned());
            }
        }
        FactKind::Aliases => {
            let Some(verdict) = place("verdict") else { return };
            if cells[verdict] == Cell::Blank {
                cells[verdict] = Cell::Text("same".to_owned());
            }
        }
        FactKind::Credits => {
            let Some(share) = place("share") else { return };
            if cells[share] == Cell::Blank {
                cells[share] = Cell::Number(super::WHOLE);
            }
        }
        FactKind::Feedback => {
            let (Some(state), Some(resolved)) = (place("state"), place("resolved")) else { return };
            if cells[state] == Cell::Blank && cells[resolved] != Cell::Blank {
                cells[state] = Cell::Text("resolved".to_owned());
            }
        }
        _ => {}
    }
}
