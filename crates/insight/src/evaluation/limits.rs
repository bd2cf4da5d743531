//! What figures of people cannot say.

use takar_model::{Lang, Text};

/// What an evaluation is headed with where it tells its limits.
pub const TITLE: Text = Text::new("Yang tidak dapat dikatakan angka ini", "What these figures cannot say");

/// What the figures cannot say, on every evaluation.
pub fn limits(lang: Lang) -> Vec<&'static str> {
    [
        Text::new(
            "Angka hanya memuat yang tercatat: pekerjaan yang tidak dicatat, kepercayaan pelanggan, dan bantuan kepada rekan tidak terlihat di sini.",
            "Figures hold only what was recorded: work that nobody wrote down, the trust of accounts and help given to colleagues are not seen here.",
        ),
        Text::new(
            "Hasil bergantung juga pada portofolio, stok, harga, dan pasar. Perbandingan dengan harapan portofolio mengurangi hal itu, tidak menghilangkannya.",
            "Results also depend on portfolio, stock, prices and market. The comparison with what the portfolio lets expect lessens that, it does not remove it.",
        ),
        Text::new(
            "Selisih kecil sering kebetulan: lihat kisarannya, bukan hanya angkanya. Peringkat hanya berlaku sebagai rentang.",
            "Small differences are often chance: look at the range, not only at the figure. A rank holds as a range only.",
        ),
        Text::new(
            "Ini bahan percakapan dan bantuan, bukan putusan: tidak ada keputusan yang boleh dibuat dari angka ini saja.",
            "This is for a conversation and a help, not a verdict: no decision should be made from these figures alone.",
        ),
    ]
    .into_iter()
    .map(|text| text.get(lang))
    .collect()
}
