//! How far the optimum is certain: spreads, correlations, profiles (equations E73 and E74).

use nalgebra::{DMatrix, DVector};

use super::descent::{Descent, normal};
use super::problem::{Problem, misfit};

/// Places of a profile, in spreads of its number.
pub const PROFILE: [f64; 8] = [-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0];

/// Rounds in which the other numbers follow along a profile.
const ROUNDS: u32 = 3;

/// Spreads and correlations of the numbers at an optimum.
#[derive(Clone, Debug, PartialEq)]
pub struct Certainty {
    /// Standard deviation of each number.
    pub spreads: Vec<f64>,
    /// Correlations: (number, number).
    pub correlations: DMatrix<f64>,
}

/// A point of a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfilePoint {
    /// The number that is held.
    pub number: usize,
    /// All numbers: the held one and the best of the others that were found.
    pub values: Vec<f64>,
    /// Their misfit.
    pub misfit: f64,
}

/// Spreads and correlations from the slopes of the residuals (equation E73); none where a number is not held by
/// anything, which no prior allows.
pub fn certainty(optimum: &Descent, scales: &[f64]) -> Option<Certainty> {
    let covariance = covariance(&optimum.slopes)?;
    let scaled: Vec<f64> = (0..scales.len())
        .map(|number| covariance[(number, number)].sqrt())
        .collect();
    let correlations = DMatrix::from_fn(scales.len(), scales.len(), |one, other| {
        covariance[(one, other)] / (scaled[one] * scaled[other])
    });
    Some(Certainty {
        spreads: scaled
            .iter()
            .zip(scales)
            .map(|(spread, scale)| spread * scale)
            .collect(),
        correlations,
    })
}

/// (JᵀJ)⁻¹.
fn covariance(slopes: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    Some(normal(slopes).cholesky()?.inverse())
}

/// The least misfit for some values of each number, the others following (equation E74): first along the ridge that the
/// correlations tell, then by steps of Gauss and Newton with the slopes of the optimum.
pub fn profiles(
    problem: &mut impl Problem,
    optimum: &Descent,
    certainty: &Certainty,
) -> Vec<ProfilePoint> {
    let mut points: Vec<ProfilePoint> = (0..optimum.values.len())
        .flat_map(|number| PROFILE.map(|at| (number, at)))
        .map(|(number, at)| along_ridge(problem, optimum, certainty, number, at))
        .collect();
    let mut tried: Vec<Vec<f64>> = points.iter().map(|point| point.values.clone()).collect();
    for round in 0..ROUNDS {
        let found = problem.residuals(&tried);
        for (point, (values, residuals)) in points.iter_mut().zip(tried.iter_mut().zip(found)) {
            let misfit = misfit(residuals.as_deref());
            if misfit < point.misfit {
                point.misfit = misfit;
                point.values.clone_from(values);
            }
            if let Some(residuals) = residuals.filter(|_| round + 1 < ROUNDS) {
                follow(problem, &optimum.slopes, &residuals, point.number, values);
            }
        }
    }
    points
}

fn along_ridge(
    problem: &impl Problem,
    optimum: &Descent,
    certainty: &Certainty,
    number: usize,
    at: f64,
) -> ProfilePoint {
    let reached = problem.within(
        number,
        optimum.values[number] + at * certainty.spreads[number],
    );
    let part = (reached - optimum.values[number]) / certainty.spreads[number];
    let values = (0..optimum.values.len()).map(|other| {
        let ridge = certainty.correlations[(number, other)] * certainty.spreads[other];
        problem.within(other, optimum.values[other] + part * ridge)
    });
    let mut values: Vec<f64> = values.collect();
    values[number] = reached;
    ProfilePoint {
        number,
        values,
        misfit: f64::INFINITY,
    }
}

/// Moves all numbers but the held one down the slopes of the optimum.
fn follow(
    problem: &impl Problem,
    slopes: &DMatrix<f64>,
    residuals: &[f64],
    held: usize,
    values: &mut [f64],
) {
    let others: Vec<usize> = (0..values.len()).filter(|other| *other != held).collect();
    let of_others = slopes.select_columns(&others);
    let downhill = -(of_others.transpose() * DVector::from_column_slice(residuals));
    let Some(factor) = normal(&of_others).cholesky() else {
        return;
    };
    for (change, other) in factor.solve(&downhill).iter().zip(others) {
        values[other] = problem.within(other, values[other] + change * problem.scales()[other]);
    }
}
