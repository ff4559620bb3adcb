//! A regime beside the natural one in a few numbers (equations E91 and E92).

use crate::metrics::alteration::{Alteration, Scratch, alteration};
use crate::metrics::drought::droughts;
use crate::metrics::streamflow_index::Reference;

/// The standardised streamflow index below which a month is severely dry (McKee et al. 1993).
pub const SEVERELY_DRY: f64 = -1.5;

/// Monthly flows beside those of the natural run of the same months.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regime {
    /// Overall alteration, E89.
    pub overall: f64,
    /// Alteration of the flows of months, E91.
    pub months: f64,
    /// Of the least flows of a month and of three months.
    pub low_flows: f64,
    /// Of the greatest flows of a month and of three months.
    pub high_flows: f64,
    /// Of the months of the least and of the greatest flow.
    pub timing: f64,
    /// Part of the months that are severely dry for the natural river, E92.
    pub severely_dry: f64,
    /// Longest spell of such months.
    pub longest_spell: usize,
}

/// Compares monthly flows, m³/s, which begin in January, with the natural ones of the same months: equations E89, E91
/// and E92. None where E88 has none: series of different length, or fewer than three whole years.
pub fn regime(natural: &[f64], altered: &[f64], scratch: &mut Scratch) -> Option<Regime> {
    let found = alteration(natural, altered, scratch)?;
    let mut indices = vec![0.0; altered.len()];
    Reference::of(natural, 0).indices(altered, 0, &mut indices);
    let dry = droughts(&indices, &[SEVERELY_DRY]);
    let Alteration {
        overall, months, ..
    } = found;
    Some(Regime {
        overall,
        months: root_mean_square(&months),
        low_flows: root_mean_square(&[found.least_month, found.least_three_months]),
        high_flows: root_mean_square(&[found.greatest_month, found.greatest_three_months]),
        timing: root_mean_square(&[found.time_of_least, found.time_of_greatest]),
        severely_dry: dry.steps as f64 / altered.len() as f64,
        longest_spell: dry.longest.map_or(0, |spell| spell.length),
    })
}

fn root_mean_square(parts: &[f64]) -> f64 {
    let squares: f64 = parts.iter().map(|part| part * part).sum();
    (squares / parts.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEASON: [f64; 12] = [
        2.0, 1.0, 3.0, 9.0, 20.0, 30.0, 25.0, 12.0, 8.0, 6.0, 5.0, 4.0,
    ];

    /// Years of factors 1 to 16 in some order.
    fn natural() -> Vec<f64> {
        let year = |year: usize| SEASON.map(|flow| flow * (1 + (year * 5) % 16) as f64);
        (0..16).flat_map(year).collect()
    }

    fn found(natural: &[f64], altered: &[f64]) -> Regime {
        regime(natural, altered, &mut Scratch::default()).expect("a regime")
    }

    /// Of sixteen years the driest has the position 0.56 / 16.12, an index of −1.81, and the second 1.56 / 16.12, −1.30.
    #[test]
    fn e91_e92_of_the_natural_run() {
        let natural = natural();
        let found = found(&natural, &natural);
        let expected = Regime {
            overall: 0.0,
            months: 0.0,
            low_flows: 0.0,
            high_flows: 0.0,
            timing: 0.0,
            severely_dry: 1.0 / 16.0,
            longest_spell: 12,
        };
        assert_eq!(found, expected);
    }

    /// Of the factors 1 to 16 the quartiles are 4.75 and 12.25: 5 to 12, eight years, are in the range. An eighth of the
    /// flow has factors up to 2, none of them in it; times stay. A factor f of the natural ones has the rank f ÷ 8 + ½, or
    /// f ÷ 8 where it equals one: only below the first, f < 8, is the rank ½ and the index below −1.5; at f = 8 the rank
    /// is 1, which is the driest year's −1.81; from 9 to 15 it is 1½, −1.51: all but f = 16, whose rank is 2.
    #[test]
    fn e91_e92_of_an_eighth_of_the_flow() {
        let natural = natural();
        let altered: Vec<f64> = natural.iter().map(|flow| flow / 8.0).collect();
        let found = found(&natural, &altered);
        let alterations = (
            found.months,
            found.low_flows,
            found.high_flows,
            found.timing,
        );
        assert_eq!(alterations, (1.0, 1.0, 1.0, 0.0));
        assert_eq!(found.severely_dry, 15.0 / 16.0);
        // The factor 16 is that of the fourth year: 1, 6, 11, 16.
        assert_eq!(found.longest_spell, 12 * 12);
    }

    #[test]
    fn e91_of_one_of_two_indicators() {
        let parts = [0.0, -1.0];
        // A half is exact, and its root correctly rounded.
        assert_eq!(root_mean_square(&parts), 0.5_f64.sqrt());
        assert_eq!(
            regime(&[1.0; 24], &[1.0; 24], &mut Scratch::default()),
            None
        );
    }
}
