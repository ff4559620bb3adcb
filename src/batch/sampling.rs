//! Points that fill a space evenly: Latin hypercubes and Sobol sequences (equations E66 and E67).
//!
//! Each axis is sampled by draws that are keyed by its own name, so that another axis moves no value of it.

use crate::probability::draws::{Draws, Purpose};

/// Values of one axis in a Latin hypercube of `runs` points, each in a stretch of its own, between 0 and 1
/// (equation E66; McKay, Beckman & Conover 1979).
pub fn latin_hypercube(seed: u32, axis: &str, runs: usize) -> Vec<f64> {
    let draws = Draws::new(seed, axis, Purpose::Sample);
    let (mut order, mut within) = (draws.from(0, 0), draws.from(1, 0));
    let mut stretches: Vec<(f64, usize)> = (0..runs).map(|run| (order.uniform(), run)).collect();
    stretches.sort_by(|one, other| one.0.total_cmp(&other.0));
    let point = |(_, stretch): (f64, usize)| (stretch as f64 + within.uniform()) / runs as f64;
    stretches.into_iter().map(point).collect()
}

/// Most axes of a Sobol sequence.
pub const SOBOL_AXES: usize = 21;

/// Values of the axis at place `dimension` in the first `runs` points of a Sobol sequence, shifted by digits that are
/// drawn for it, between 0 and 1 (equation E67; Sobol 1967, numbers of Joe & Kuo 2008).
pub fn sobol(seed: u32, axis: &str, dimension: usize, runs: usize) -> Vec<f64> {
    let shift = Draws::new(seed, axis, Purpose::Sample).from(0, 0).uniform();
    let shift = (shift * DIGITS) as u32;
    let points = sobol_points(dimension, runs).into_iter();
    points
        .map(|point| (f64::from(point ^ shift) + 0.5) / DIGITS)
        .collect()
}

/// Numbers of 32 binary digits.
const DIGITS: f64 = 4_294_967_296.0;

/// The points of one dimension as 32 binary digits, in the order of Gray's code (Antonov & Saleev 1979).
fn sobol_points(dimension: usize, runs: usize) -> Vec<u32> {
    let directions = directions(dimension);
    let mut point = 0;
    (0..runs as u32)
        .map(|run| {
            let own = point;
            point ^= directions[(!run).trailing_zeros() as usize % 32];
            own
        })
        .collect()
}

/// A primitive polynomial by its inner coefficients, and the first direction numbers.
type Polynomial = (u32, &'static [u32]);

/// Polynomials and numbers of the dimensions after the first (new-joe-kuo-6, Joe & Kuo 2008).
const POLYNOMIALS: [Polynomial; SOBOL_AXES - 1] = [
    (0, &[1]),
    (1, &[1, 3]),
    (1, &[1, 3, 1]),
    (2, &[1, 1, 1]),
    (1, &[1, 1, 3, 3]),
    (4, &[1, 3, 5, 13]),
    (2, &[1, 1, 5, 5, 17]),
    (4, &[1, 1, 5, 5, 5]),
    (7, &[1, 1, 7, 11, 19]),
    (11, &[1, 1, 5, 1, 1]),
    (13, &[1, 1, 1, 3, 11]),
    (14, &[1, 3, 5, 5, 31]),
    (1, &[1, 3, 3, 9, 7, 49]),
    (13, &[1, 1, 1, 15, 21, 21]),
    (16, &[1, 3, 1, 13, 27, 49]),
    (19, &[1, 1, 1, 15, 7, 5]),
    (22, &[1, 3, 1, 15, 13, 25]),
    (25, &[1, 1, 5, 5, 19, 61]),
    (1, &[1, 3, 7, 11, 23, 15, 103]),
    (4, &[1, 3, 7, 13, 13, 15, 69]),
];

/// The direction numbers of a dimension: each digit's share.
fn directions(dimension: usize) -> [u32; 32] {
    let Some((coefficients, first)) = dimension.checked_sub(1).map(|place| POLYNOMIALS[place])
    else {
        return std::array::from_fn(|digit| 1 << (31 - digit));
    };
    let degree = first.len();
    let mut directions = [0; 32];
    for digit in 0..32 {
        directions[digit] = if let Some(number) = first.get(digit) {
            number << (31 - digit)
        } else {
            let before = directions[digit - degree];
            let inner = (1..degree).filter(|k| (coefficients >> (degree - 1 - k)) & 1 == 1);
            let inner = inner.fold(0, |sum, k| sum ^ directions[digit - k]);
            before ^ (before >> degree) ^ inner
        };
    }
    directions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A point in each stretch of a Latin hypercube; the seed and the name of the axis alone decide which.
    #[test]
    fn e66_every_stretch_holds_one_point() {
        let points = latin_hypercube(7, "a", 50);
        let mut stretches: Vec<usize> = points.iter().map(|p| (p * 50.0) as usize).collect();
        stretches.sort_unstable();
        assert_eq!(stretches, (0..50).collect::<Vec<_>>());
        assert_eq!(points, latin_hypercube(7, "a", 50));
        assert_ne!(points, latin_hypercube(7, "b", 50));
        assert_ne!(points, latin_hypercube(8, "a", 50));
    }

    /// The first points of three dimensions as Joe & Kuo print them: 0, 1/2, (3/4, 1/4), ….
    #[test]
    fn e67_the_first_points_are_those_of_the_table() {
        let points = |dimension| -> Vec<f64> {
            let points = sobol_points(dimension, 8).into_iter();
            points.map(|point| f64::from(point) / DIGITS).collect()
        };
        assert_eq!(
            points(0),
            [0.0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125]
        );
        assert_eq!(
            points(1),
            [0.0, 0.5, 0.25, 0.75, 0.375, 0.875, 0.125, 0.625]
        );
        assert_eq!(
            points(2),
            [0.0, 0.5, 0.25, 0.75, 0.625, 0.125, 0.875, 0.375]
        );
    }

    /// A (0, m, 1)-net in every dimension: 2^m points, one in each of 2^m stretches, also when shifted by digits.
    #[test]
    fn e67_every_dimension_is_evenly_filled() {
        for dimension in 0..SOBOL_AXES {
            let points = sobol(3, "x", dimension, 256);
            let mut stretches: Vec<usize> = points.iter().map(|p| (p * 256.0) as usize).collect();
            stretches.sort_unstable();
            assert_eq!(
                stretches,
                (0..256).collect::<Vec<_>>(),
                "dimension {dimension}"
            );
        }
    }

    /// Any two of the first dimensions fill the squares of their plane evenly: no number of the table is mistyped.
    #[test]
    fn e67_pairs_of_dimensions_fill_their_plane() {
        // With 2^14 points, each of 16 × 16 squares holds 64 where the pair is a net of quality 6 or better.
        let all: Vec<Vec<f64>> = (0..SOBOL_AXES).map(|d| sobol(3, "x", d, 1 << 14)).collect();
        for one in 0..SOBOL_AXES {
            for other in 0..one {
                let mut squares = [0_u32; 256];
                for (x, y) in all[one].iter().zip(&all[other]) {
                    squares[(x * 16.0) as usize * 16 + (y * 16.0) as usize] += 1;
                }
                assert!(squares.iter().all(|count| *count == 64), "{one} {other}");
            }
        }
    }
}
