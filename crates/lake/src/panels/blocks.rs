//! A list that grows without moving: what is in it stays where it is, and no more memory is taken than it fills.

/// Entries of a block: some tens of kilobytes of cells.
const SIZE: usize = 512;

/// Entries in order, in blocks of one size.
#[derive(Debug)]
pub(crate) struct Blocks<T> {
    blocks: Vec<Vec<T>>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<T> Blocks<T> {
    pub(crate) fn push(&mut self, entry: T) {
        match self.blocks.last_mut() {
            Some(block) if block.len() < SIZE => block.push(entry),
            // The first block grows, so that few entries take little.
            None => self.blocks.push(vec![entry]),
            Some(_) => {
                let mut block = Vec::with_capacity(SIZE);
                block.push(entry);
                self.blocks.push(block);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * SIZE + last.len())
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> &mut T {
        &mut self.blocks[place / SIZE][place % SIZE]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten()
    }

    pub(crate) fn into_vec(self) -> Vec<T> {
        let mut all = Vec::with_capacity(self.len());
        all.extend(self);
        all
    }
}

impl<T> IntoIterator for Blocks<T> {
    type Item = T;
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.blocks.into_iter().flatten()
    }
}
