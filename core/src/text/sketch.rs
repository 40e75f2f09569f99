//! Whether texts may be the same, at a glance.

/// What was added, a bit for all texts of one length and one letter in the middle, which tells most texts of a short list
/// apart.
#[derive(Default)]
pub(crate) struct Sketch(u64);

impl Sketch {
    /// Adds a text, and says whether the same one, perhaps in another case, may have been added before. A `false` is
    /// certain.
    pub(crate) fn add(&mut self, text: &str) -> bool {
        let letter = text.as_bytes().get(text.len() / 2).map_or(0, |byte| usize::from(byte | 0x20));
        let before = self.0;
        self.0 |= 1 << ((letter + text.len() * 5) % 64);
        before == self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_known() {
        let mut sketch = Sketch::default();
        assert!(
            !sketch.add("a.example") && sketch.add("A.Example") && !sketch.add("b.other.example")
        );
        assert!(!sketch.add("") && sketch.add(""));
    }
}
