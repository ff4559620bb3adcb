//! Searches on functions whose optimum is known; certainty in closed form.

use rivershare::calibration::certainty::{certainty, profiles};
use rivershare::calibration::descent::descend;
use rivershare::calibration::evolution::{Evolution, evolve};
use rivershare::calibration::problem::Problem;

/// Residuals as a function of some numbers.
struct Function<F> {
    bounds: Vec<(f64, f64)>,
    scales: Vec<f64>,
    residuals: F,
}

impl<F: Fn(&[f64]) -> Vec<f64>> Function<F> {
    fn new(count: usize, bound: f64, residuals: F) -> Self {
        Self {
            bounds: vec![(-bound, bound); count],
            scales: vec![1.0; count],
            residuals,
        }
    }
}

impl<F: Fn(&[f64]) -> Vec<f64>> Problem for Function<F> {
    fn bounds(&self) -> &[(f64, f64)] {
        &self.bounds
    }

    fn scales(&self) -> &[f64] {
        &self.scales
    }

    fn residuals(&mut self, candidates: &[Vec<f64>]) -> Vec<Option<Vec<f64>>> {
        candidates
            .iter()
            .map(|values| Some((self.residuals)(values)))
            .collect()
    }
}

/// Rosenbrock (1960): a bent valley whose floor is at (1, 1).
fn rosenbrock(at: &[f64]) -> Vec<f64> {
    vec![10.0 * (at[1] - at[0] * at[0]), 1.0 - at[0]]
}

/// An ellipsoid around 0.5 in all directions whose axes, 1 to 1000 long, lie across the numbers.
fn rotated_ellipsoid(at: &[f64]) -> Vec<f64> {
    let count = at.len() as f64;
    let shifted: Vec<f64> = at.iter().map(|value| value - 0.5).collect();
    // A mirror across the plane at right angles to (1, 1, …): an orthogonal matrix without an axis among the numbers.
    let along = 2.0 * shifted.iter().sum::<f64>() / count;
    let axis = |place: usize| libm::pow(1000.0, place as f64 / (count - 1.0));
    let turned = shifted.iter().enumerate();
    turned
        .map(|(place, value)| axis(place) * (value - along))
        .collect()
}

const HOW: Evolution = Evolution {
    population: 12,
    generations: 600,
    searches: 1,
    seed: 7,
};

#[test]
fn e71_the_bent_valley_is_followed_to_its_floor() {
    let mut valley = Function::new(2, 5.0, rosenbrock);
    let found = evolve(&mut valley, &[-1.2, 1.0], HOW);
    // The search ends when a generation spreads by less than 1e-7; the misfit is about its square.
    assert!(found.misfit < 1e-10, "{found:?}");
    assert!((found.values[0] - 1.0).abs() < 1e-5 && (found.values[1] - 1.0).abs() < 1e-5);
}

#[test]
fn e71_axes_that_lie_across_the_numbers_are_learnt() {
    let mut ellipsoid = Function::new(6, 5.0, rotated_ellipsoid);
    let found = evolve(&mut ellipsoid, &[3.0; 6], HOW);
    assert!(found.misfit < 1e-8, "{found:?}");
    // A search that starts anywhere finds the same.
    let elsewhere = evolve(&mut ellipsoid, &[3.0; 6], Evolution { searches: 2, ..HOW });
    assert!(
        elsewhere.of_searches.iter().all(|misfit| *misfit < 1e-8),
        "{elsewhere:?}"
    );
}

#[test]
fn e71_an_optimum_beyond_the_bounds_is_met_on_them() {
    let outside = |at: &[f64]| vec![at[0] - 3.0, at[1] - 0.25];
    let mut bounded = Function::new(2, 1.0, outside);
    let found = evolve(&mut bounded, &[0.0, 0.0], HOW);
    assert_eq!(found.values[0], 1.0);
    assert!((found.values[1] - 0.25).abs() < 1e-3, "{found:?}");
}

#[test]
fn e71_the_second_of_two_valleys_is_found_from_anywhere() {
    // Two floors, at −2 with a misfit of 1 and at 2 with none; a search from the first stays in its valley or leaves it,
    // one of those from anywhere does not begin there.
    let two = |at: &[f64]| {
        let near = |floor: f64| (at[0] - floor).abs();
        vec![f64::min(near(2.0), libm::hypot(near(-2.0), 1.0)), at[1]]
    };
    let mut valleys = Function::new(2, 4.0, two);
    let found = evolve(&mut valleys, &[-2.0, 0.5], Evolution { searches: 6, ..HOW });
    assert!(found.misfit < 1e-8, "{found:?}");
}

#[test]
fn e72_a_descent_ends_in_the_valley_and_on_bounds() {
    let mut valley = Function::new(2, 5.0, rosenbrock);
    let descent = descend(&mut valley, &[-1.2, 1.0]).expect("a descent");
    assert!(descent.misfit < 1e-9, "{descent:?}");
    let plane = |at: &[f64]| vec![at[0] + at[1] - 3.0, at[0] - at[1]];
    let mut bounded = Function::new(2, 1.0, plane);
    bounded.bounds[1] = (-9.0, 9.0);
    let descent = descend(&mut bounded, &[0.0, 0.0]).expect("a descent");
    // With x = 1: d/dy of (y − 2)² + (1 − y)² is 0 at y = 1.5.
    assert!(
        (descent.values[0] - 1.0).abs() < 1e-12 && (descent.values[1] - 1.5).abs() < 1e-9,
        "{descent:?}"
    );
}

#[test]
fn e73_e74_spreads_correlations_and_profiles_of_a_plane_are_exact() {
    // Residuals x and x + y: JᵀJ = (2 1; 1 1), its inverse (1 −1; −1 2).
    let mut plane = Function::new(2, 50.0, |at: &[f64]| vec![at[0] - 1.0, at[0] + at[1] - 3.0]);
    let optimum = descend(&mut plane, &[9.0, -9.0]).expect("a descent");
    let certain = certainty(&optimum, &[1.0, 1.0]).expect("a covariance");
    // Differences over a step of 0.01 of numbers of the order of 10 are good to 1e-13.
    let near = |found: f64, expected: f64| (found - expected).abs() < 1e-9;
    assert!(near(certain.spreads[0], 1.0) && near(certain.spreads[1], 2.0_f64.sqrt()));
    assert!(near(certain.correlations[(0, 1)], -1.0 / 2.0_f64.sqrt()));
    for point in profiles(&mut plane, &optimum, &certain) {
        let number = point.number;
        let part = (point.values[number] - optimum.values[number]) / certain.spreads[number];
        assert!(near(point.misfit, part * part), "{point:?}");
    }
}
