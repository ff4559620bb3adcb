//! How well a claim was served: reliability, resilience, vulnerability, sustainability (equations E81–E84).

/// A step counts as satisfied where no more than this part of what was asked for is missing …
pub const TOLERANCE: f64 = 1e-6;

/// … or no more than this volume, hm³ (a cubic metre): what rounding leaves of volumes of some thousand hm³ is less.
pub const TOLERANCE_HM3: f64 = 1e-6;

/// How well a claim was served. Steps in which nothing was asked for count nowhere: an irrigation is no more reliable
/// for the winters in which it takes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Steps in which something was asked for.
    pub steps: usize,
    /// Steps of these that were not satisfied.
    pub deficient: usize,
    /// Part of the steps that were satisfied, E81.
    pub reliability: f64,
    /// Part of the volume that was got, E81.
    pub reliability_by_volume: f64,
    /// Part of the deficient steps that were followed by a satisfied one, E82; 1 where no step was deficient.
    pub resilience: f64,
    /// Part of what was asked for in deficient steps that was missing, E83; 0 where no step was deficient.
    pub vulnerability: f64,
    /// Mean over spells of deficient steps of their greatest deficit, hm³, E83.
    pub severity_hm3: f64,
    /// Greatest deficit of a step, hm³.
    pub greatest_deficit_hm3: f64,
    /// Geometric mean of reliability, resilience and 1 − vulnerability, E84.
    pub sustainability: f64,
}

/// What is added up while the steps are passed.
#[derive(Default)]
struct Sums {
    steps: usize,
    deficient: usize,
    recovered: usize,
    spells: usize,
    asked: f64,
    missing: f64,
    asked_in_deficit: f64,
    missing_in_deficit: f64,
    greatest: f64,
    greatest_of_spell: f64,
    greatest_of_spells: f64,
}

/// Judges what was got for what was asked for in each step, hm³, equations E81–E84.
///
/// None where nothing was asked for, or the series differ in length. What was got beyond what was asked for counts as
/// what was asked for.
pub fn supply(asked: &[f64], got: &[f64]) -> Option<Supply> {
    if asked.len() != got.len() {
        return None;
    }
    let mut sums = Sums::default();
    for (asked, got) in asked.iter().zip(got) {
        if *asked > 0.0 {
            let missing = asked - got;
            // Not `max`, which would make nothing missing of a NaN.
            sums.add(*asked, if missing < 0.0 { 0.0 } else { missing });
        }
    }
    (sums.steps > 0).then(|| sums.judged())
}

impl Sums {
    fn add(&mut self, asked: f64, missing: f64) {
        let satisfied = missing <= TOLERANCE_HM3.max(TOLERANCE * asked);
        self.steps += 1;
        self.asked += asked;
        self.missing += missing;
        self.greatest = self.greatest.max(missing);
        if satisfied {
            self.recovered += usize::from(self.greatest_of_spell > 0.0);
            self.end_spell();
        } else {
            self.deficient += 1;
            self.asked_in_deficit += asked;
            self.missing_in_deficit += missing;
            self.greatest_of_spell = self.greatest_of_spell.max(missing);
        }
    }

    fn end_spell(&mut self) {
        self.spells += usize::from(self.greatest_of_spell > 0.0);
        self.greatest_of_spells += self.greatest_of_spell;
        self.greatest_of_spell = 0.0;
    }

    fn judged(mut self) -> Supply {
        self.end_spell();
        let steps = self.steps as f64;
        let reliability = (steps - self.deficient as f64) / steps;
        let (resilience, vulnerability, severity_hm3) = match self.deficient {
            0 => (1.0, 0.0, 0.0),
            deficient => (
                self.recovered as f64 / deficient as f64,
                self.missing_in_deficit / self.asked_in_deficit,
                self.greatest_of_spells / self.spells as f64,
            ),
        };
        Supply {
            steps: self.steps,
            deficient: self.deficient,
            reliability,
            reliability_by_volume: 1.0 - self.missing / self.asked,
            resilience,
            vulnerability,
            severity_hm3,
            greatest_deficit_hm3: self.greatest,
            sustainability: libm::cbrt(reliability * resilience * (1.0 - vulnerability)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of ten steps two ask for nothing. The deficits of the others are 0 4 2 0 0 5 0 10: three spells, of which two
    /// are followed by a satisfied step.
    #[test]
    fn e81_to_e84_by_hand() {
        let asked = [10.0, 10.0, 0.0, 10.0, 10.0, 10.0, 10.0, 0.0, 20.0, 20.0];
        let got = [10.0, 6.0, 0.0, 8.0, 10.0, 12.0, 5.0, 0.0, 20.0, 10.0];
        let found = supply(&asked, &got).expect("a supply");
        assert_eq!((found.steps, found.deficient), (8, 4));
        assert_eq!(found.reliability, 0.5);
        // 21 of 100 are missing; in the deficient steps 21 of 50.
        assert_eq!(found.reliability_by_volume, 0.79);
        assert_eq!(found.vulnerability, 0.42);
        assert_eq!(found.resilience, 0.5);
        // The greatest deficits of the spells are 4, 5 and 10.
        assert_eq!(found.severity_hm3, 19.0 / 3.0);
        assert_eq!(found.greatest_deficit_hm3, 10.0);
        // 0.5 · 0.5 · 0.58 = 0.145; a cubic root is good to the last digit but one.
        assert!(
            (found.sustainability * found.sustainability * found.sustainability - 0.145).abs()
                < 1e-15
        );
    }

    #[test]
    fn e84_is_1_where_all_is_served_and_0_where_nothing_is() {
        let asked = [1.0, 0.0, 3.0];
        let full = supply(&asked, &asked).expect("a supply");
        assert_eq!(
            (full.resilience, full.vulnerability, full.severity_hm3),
            (1.0, 0.0, 0.0)
        );
        assert_eq!((full.reliability, full.sustainability), (1.0, 1.0));
        let dry = supply(&asked, &[0.0; 3]).expect("a supply");
        assert_eq!(
            (dry.reliability, dry.resilience, dry.vulnerability),
            (0.0, 0.0, 1.0)
        );
        assert_eq!((dry.reliability_by_volume, dry.sustainability), (0.0, 0.0));
    }

    #[test]
    fn e81_rounding_is_no_deficit() {
        let near = supply(&[5000.0, 1e-9], &[5000.0 - 0.004, 0.0]).expect("a supply");
        assert_eq!((near.deficient, near.resilience), (0, 1.0));
        let short = supply(&[5000.0], &[5000.0 - 0.006]).expect("a supply");
        assert_eq!(short.deficient, 1);
    }

    #[test]
    fn what_is_not_a_number_is_not_hidden() {
        let found = supply(&[1.0, 1.0], &[1.0, f64::NAN]).expect("a supply");
        assert_eq!(found.deficient, 1);
        assert!(found.reliability_by_volume.is_nan() && found.sustainability.is_nan());
    }

    #[test]
    fn nothing_asked_for_is_no_supply() {
        assert_eq!(supply(&[0.0; 4], &[0.0; 4]), None);
        assert_eq!(supply(&[], &[]), None);
        assert_eq!(supply(&[1.0], &[]), None);
    }
}
