//! Refuses an older workbook whose sectors lead back to each other.
//!
//! Such a file is a small file system (MS-CFB): a table names for each sector the next of its chain. The reader follows a
//! chain until it ends, and one that is a circle fills all memory.

use std::io::{self, Read, Seek, SeekFrom};

/// What is wrong with the chains of a file; `None` where they end, and where the reader will refuse the file anyway.
pub(super) fn fault(mut file: impl Read + Seek) -> io::Result<Option<&'static str>> {
    const CIRCLE: Option<&str> = Some("its sectors lead back to each other");
    const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    /// Numbers from here on are no sectors.
    const NO_SECTOR: u32 = 0xFFFF_FFFA;
    let size = file.seek(SeekFrom::End(0))?;
    let mut head = [0; 512];
    file.seek(SeekFrom::Start(0))?;
    if size < head.len() as u64 {
        return Ok(None);
    }
    file.read_exact(&mut head)?;
    if !head.starts_with(SIGNATURE) {
        return Ok(None);
    }
    let sector_size: u64 = if head[30] == 12 { 4096 } else { 512 };
    let sectors = size / sector_size;
    let at = |offset: usize| numbers(&head[offset..offset + 4])[0];
    // The header takes the place of a sector. What lies beyond the file has no numbers.
    let mut sector = |id: u32| -> io::Result<Vec<u32>> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start((u64::from(id) + 1) * sector_size))?;
        file.by_ref().take(sector_size).read_to_end(&mut bytes)?;
        Ok(numbers(&bytes))
    };

    // The sectors of the table are listed in the header, and where that is full, in a chain of their own.
    let mut listed = numbers(&head[76..]);
    let (mut more, mut lists) = (at(68), 0);
    while more < NO_SECTOR {
        lists += 1;
        if lists > sectors {
            return Ok(CIRCLE);
        }
        listed.extend(sector(more)?);
        more = listed.pop().unwrap_or(NO_SECTOR);
    }
    // A sector of the table is listed once.
    listed.retain(|id| *id < NO_SECTOR);
    if listed.len() as u64 > sectors + 1 {
        return Ok(CIRCLE);
    }
    let mut next = Vec::new();
    for id in listed {
        next.extend(sector(id)?);
    }
    if has_circle(&next) {
        return Ok(CIRCLE);
    }

    // Small streams lie in a chain of smaller sectors, with a table of its own.
    let mut small = Vec::new();
    let mut id = at(60);
    for _ in 0..at(64) {
        if id >= NO_SECTOR {
            break;
        }
        small.extend(sector(id)?);
        id = next.get(id as usize).copied().unwrap_or(NO_SECTOR);
    }
    Ok(if has_circle(&small) { CIRCLE } else { None })
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
}

/// Whether a chain comes back to a sector that it has left.
fn has_circle(next: &[u32]) -> bool {
    // The walk that first came by each sector; 0 is none.
    let mut walks = vec![0_u32; next.len()];
    for start in 0..next.len() {
        let walk = start as u32 + 1;
        let mut at = start;
        while walks.get(at) == Some(&0) {
            walks[at] = walk;
            at = next[at] as usize;
        }
        if walks[start] == walk && walks.get(at) == Some(&walk) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn circles_are_found() {
        const END: u32 = 0xFFFF_FFFE;
        assert!(!has_circle(&[1, 2, END, 1, 0xFFFF_FFFF]));
        assert!(has_circle(&[END, 2, 3, 1]));
        assert!(has_circle(&[0]));
    }

    #[test]
    fn a_workbook_passes_until_its_chain_is_a_circle() {
        let mut workbook = include_bytes!("../tests/workbooks/penjualan.xls").to_vec();
        assert_eq!(fault(Cursor::new(&workbook)).expect("read"), None);
        // The first sector of the table, and in it the first number: the sector after sector 0 is sector 0.
        let table = (u32::from_le_bytes([workbook[76], workbook[77], workbook[78], workbook[79]]) as usize + 1) * 512;
        workbook[table..table + 4].fill(0);
        assert!(fault(Cursor::new(&workbook)).expect("read").is_some());
        for end in [0, 100, 512, 1_000, 5_000] {
            assert!(fault(Cursor::new(&workbook[..end])).is_ok(), "{end}");
        }
        // The list goes on in a sector that the end of the file cuts down to its own number.
        let mut cut = workbook[..1_028].to_vec();
        cut[68..72].copy_from_slice(&[1, 0, 0, 0]);
        cut[1_024..].copy_from_slice(&[1, 0, 0, 0]);
        assert!(fault(Cursor::new(&cut)).expect("read").is_some());
    }
}
