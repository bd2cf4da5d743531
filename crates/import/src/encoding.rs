//! Which characters the bytes of a text file stand for, and reading them as UTF-8.

use std::io::{self, Read};

use crate::Encoding;

/// The encoding of text that begins with `sample`; `None` where it is no text at all.
///
/// `whole` says that the sample is the whole file, so that a character may not be cut at its end.
pub(crate) fn detect(sample: &[u8], whole: bool) -> Option<Encoding> {
    match sample {
        [0xEF, 0xBB, 0xBF, ..] => return Some(Encoding::Utf8),
        [0xFF, 0xFE, ..] => return Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let head = &sample[..sample.len().min(4096)];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Text in Latin letters leaves every second byte of UTF-16 zero.
    if odd * 10 > head.len() * 3 && even * 20 < head.len() {
        return Some(Encoding::Utf16Le);
    }
    if even * 10 > head.len() * 3 && odd * 20 < head.len() {
        return Some(Encoding::Utf16Be);
    }
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')).count();
    // A stray zero byte spoils its row, many of them are no text.
    if (even + odd) * 100 > head.len() || controls * 10 > head.len() {
        return None;
    }
    match std::str::from_utf8(sample) {
        Ok(_) => Some(Encoding::Utf8),
        Err(error) if error.error_len().is_none() && !whole => Some(Encoding::Utf8),
        Err(_) => Some(Encoding::Windows1252),
    }
}

/// Reads any encoding as UTF-8 without a byte-order mark, lone carriage returns as line ends where asked.
pub(crate) struct Utf8Reader<R> {
    inner: R,
    decoder: Option<encoding_rs::Decoder>,
    returns_are_line_ends: bool,
    raw: Vec<u8>,
    raw_at: usize,
    ended: bool,
    started: bool,
}

impl<R: Read> Utf8Reader<R> {
    pub(crate) fn new(inner: R, encoding: Encoding, returns_are_line_ends: bool) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE.new_decoder()),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE.new_decoder()),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.new_decoder()),
        };
        Self { inner, decoder, returns_are_line_ends, raw: Vec::new(), raw_at: 0, ended: false, started: false }
    }

    /// Everything to the end.
    pub(crate) fn read_all(mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match self.read(&mut buffer)? {
                0 => return Ok(text),
                count => text.extend_from_slice(&buffer[..count]),
            }
        }
    }

    /// What is read from.
    pub(crate) const fn inner_ref(&self) -> &R {
        &self.inner
    }

    fn read_plain(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.started {
            return self.inner.read(out);
        }
        self.started = true;
        let mut head = [0; 3];
        let mut filled = 0;
        while filled < head.len() {
            match self.inner.read(&mut head[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        let kept = if head == [0xEF, 0xBB, 0xBF] { &head[3..] } else { &head[..filled] };
        out[..kept.len()].copy_from_slice(kept);
        if kept.is_empty() { self.inner.read(out) } else { Ok(kept.len()) }
    }

    fn read_decoded(&mut self, out: &mut [u8]) -> io::Result<usize> {
        const RAW: usize = 1 << 16;
        loop {
            if self.raw_at == self.raw.len() && !self.ended {
                self.raw.resize(RAW, 0);
                let count = self.inner.read(&mut self.raw)?;
                self.raw.truncate(count);
                self.raw_at = 0;
                self.ended = count == 0;
            }
            let Some(decoder) = self.decoder.as_mut() else { return Ok(0) };
            let (state, read, written, _) = decoder.decode_to_utf8(&self.raw[self.raw_at..], out, self.ended);
            self.raw_at += read;
            let is_finished = self.ended && state == encoding_rs::CoderResult::InputEmpty;
            if is_finished {
                // A decoder may not be used again once it has come to the end, even where its last call still gave
                // something: half a character becomes a replacement.
                self.decoder = None;
            }
            if written > 0 || is_finished {
                return Ok(written);
            }
        }
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    /// `out` must have room for a few characters, as every caller here gives it.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.len() < 16 {
            return Err(io::Error::other("the buffer is too small"));
        }
        let decodes = self.decoder.is_some();
        let count = if decodes || self.ended { self.read_decoded(out)? } else { self.read_plain(out)? };
        if self.returns_are_line_ends {
            for byte in &mut out[..count] {
                if *byte == b'\r' {
                    *byte = b'\n';
                }
            }
        }
        Ok(count)
    }
}
