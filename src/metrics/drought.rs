//! Spells below a threshold (equation E85).

/// A run of steps in which a series lies below its threshold (Yevjevich 1967).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    /// Its first step.
    pub start: usize,
    /// Steps that it lasts.
    pub length: usize,
    /// Its severity: what is missing to the threshold, added up over its steps.
    pub deficit: f64,
}

/// The spells of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Droughts {
    /// Number of spells.
    pub spells: usize,
    /// Steps in all of them.
    pub steps: usize,
    /// The longest one, of equals the first; none where no step lies below.
    pub longest: Option<Spell>,
    /// The one with the greatest deficit, of equals the first.
    pub severest: Option<Spell>,
}

/// The spells of a series in order, equation E85.
///
/// Step k is held against the threshold k mod n of n: one threshold for all steps, twelve for months of a series that
/// begins with the first of them, or one for each step. Without a threshold there is no spell. What equals its
/// threshold is not below it.
pub fn spells<'a>(values: &'a [f64], thresholds: &'a [f64]) -> impl Iterator<Item = Spell> + 'a {
    let missing = values.iter().zip(thresholds.iter().cycle());
    let mut missing = missing
        .map(|(value, threshold)| threshold - value)
        .enumerate();
    std::iter::from_fn(move || {
        let (start, first) = missing.find(|(_, missing)| *missing > 0.0)?;
        let rest = missing.by_ref().map(|(_, missing)| missing);
        let rest = rest.take_while(|missing| *missing > 0.0);
        let begun = (1, first);
        let (length, deficit) =
            rest.fold(begun, |(length, sum), missing| (length + 1, sum + missing));
        Some(Spell {
            start,
            length,
            deficit,
        })
    })
}

/// The spells of a series taken together, equation E85; thresholds as for [`spells`].
pub fn droughts(values: &[f64], thresholds: &[f64]) -> Droughts {
    let mut found = Droughts::default();
    for spell in spells(values, thresholds) {
        found.spells += 1;
        found.steps += spell.length;
        if found
            .longest
            .is_none_or(|other| spell.length > other.length)
        {
            found.longest = Some(spell);
        }
        if found
            .severest
            .is_none_or(|other| spell.deficit > other.deficit)
        {
            found.severest = Some(spell);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e85_spells_of_one_threshold() {
        let flows = [4.0, 5.0, 3.0, 1.0, 6.0, 4.0, 4.0, 4.0, 9.0, 0.0];
        let all: Vec<(usize, usize, f64)> = spells(&flows, &[5.0])
            .map(|spell| (spell.start, spell.length, spell.deficit))
            .collect();
        assert_eq!(all, [(0, 1, 1.0), (2, 2, 6.0), (5, 3, 3.0), (9, 1, 5.0)]);
        let found = droughts(&flows, &[5.0]);
        assert_eq!((found.spells, found.steps), (4, 7));
        assert_eq!(found.longest.map(|spell| spell.start), Some(5));
        assert_eq!(found.severest.map(|spell| spell.start), Some(2));
    }

    #[test]
    fn e85_thresholds_by_season() {
        // Low flow in the dry season of this river is none.
        let flows = [10.0, 2.0, 8.0, 2.0, 9.0, 1.0];
        let found = droughts(&flows, &[9.0, 2.0]);
        assert_eq!((found.spells, found.steps), (2, 2));
        let longest = found.longest.expect("a spell");
        assert_eq!((longest.start, longest.deficit), (2, 1.0));
    }

    #[test]
    fn e85_without_spell() {
        assert_eq!(droughts(&[5.0, 6.0], &[5.0]), Droughts::default());
        assert_eq!(droughts(&[5.0, 6.0], &[]), Droughts::default());
        assert_eq!(droughts(&[], &[5.0]), Droughts::default());
    }
}
