//! A search from near the optimum: least squares by Gauss and Newton, damped, within bounds (equation E72).

use nalgebra::{DMatrix, DVector};

use super::problem::{Problem, misfit};

/// Most rounds.
const ROUNDS: u32 = 40;

/// Step of a difference as a part of the scale of a number.
const STEP: f64 = 1e-2;

/// A round that gains less than this part is the last.
const GAIN: f64 = 1e-9;

/// Weakest and strongest damping, and by how much it is tried at a time.
const DAMPINGS: [f64; 6] = [0.0, 1e-3, 1e-2, 1e-1, 1.0, 10.0];

/// Where a descent ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// The numbers.
    pub values: Vec<f64>,
    /// Their residuals.
    pub residuals: Vec<f64>,
    /// Their misfit.
    pub misfit: f64,
    /// Slopes of the residuals: (residual, number), for a change of each number by its scale.
    pub slopes: DMatrix<f64>,
}

/// Descends from `start`; none where it cannot be, or where a neighbour of the way cannot be.
pub fn descend(problem: &mut impl Problem, start: &[f64]) -> Option<Descent> {
    let mut values = start.to_vec();
    let mut residuals = problem.residuals(&[values.clone()]).pop()??;
    let mut slopes = slopes(problem, &values)?;
    for _ in 0..ROUNDS {
        let before = misfit(Some(&residuals));
        let trials: Vec<Vec<f64>> = DAMPINGS
            .iter()
            .filter_map(|damping| step(problem, &values, &residuals, &slopes, *damping))
            .collect();
        let found = problem.residuals(&trials);
        let best = (0..trials.len()).min_by(|one, other| {
            let of = |trial: usize| misfit(found[trial].as_deref());
            of(*one).total_cmp(&of(*other))
        });
        // Where nothing at all holds a number there is no step.
        let Some(best) = best else {
            break;
        };
        let Some(better) = found[best].clone().filter(|all| misfit(Some(all)) < before) else {
            break;
        };
        values.clone_from(&trials[best]);
        residuals = better;
        slopes = self::slopes(problem, &values)?;
        if before - misfit(Some(&residuals)) <= GAIN * before {
            break;
        }
    }
    Some(Descent {
        misfit: misfit(Some(&residuals)),
        values,
        residuals,
        slopes,
    })
}

/// Slopes of the residuals by differences to both sides, to one side at a bound.
pub fn slopes(problem: &mut impl Problem, at: &[f64]) -> Option<DMatrix<f64>> {
    let moved = |number: usize, side: f64| {
        let mut values = at.to_vec();
        let step = side * STEP * problem.scales()[number];
        values[number] = problem.within(number, at[number] + step);
        values
    };
    let sides: Vec<Vec<f64>> = (0..at.len())
        .flat_map(|number| [moved(number, -1.0), moved(number, 1.0)])
        .collect();
    let residuals: Vec<Vec<f64>> = problem
        .residuals(&sides)
        .into_iter()
        .collect::<Option<_>>()?;
    let rows = residuals.first()?.len();
    let scales = problem.scales();
    Some(DMatrix::from_fn(rows, at.len(), |row, number| {
        let (below, above) = (2 * number, 2 * number + 1);
        let width = (sides[above][number] - sides[below][number]) / scales[number];
        match width > 0.0 {
            true => (residuals[above][row] - residuals[below][row]) / width,
            false => 0.0,
        }
    }))
}

/// The normal matrix of the slopes of some numbers, their products summed: (number, number). Its sums are written out, because a product of large matrices
/// may add and multiply in one rounding where a processor can.
pub fn normal(slopes: &DMatrix<f64>) -> DMatrix<f64> {
    DMatrix::from_fn(slopes.ncols(), slopes.ncols(), |one, other| {
        let pairs = slopes.column(one).into_iter().zip(slopes.column(other));
        pairs.map(|(one, other)| one * other).sum()
    })
}

/// One step with a damping; numbers that would leave their bounds stay on them.
fn step(
    problem: &impl Problem,
    values: &[f64],
    residuals: &[f64],
    slopes: &DMatrix<f64>,
    damping: f64,
) -> Option<Vec<f64>> {
    let gradient = slopes.transpose() * DVector::from_column_slice(residuals);
    let is_held = |number: usize| {
        let (low, high) = problem.bounds()[number];
        let outward = (values[number] <= low && gradient[number] > 0.0)
            || (values[number] >= high && gradient[number] < 0.0);
        outward || low >= high
    };
    let free: Vec<usize> = (0..values.len())
        .filter(|number| !is_held(*number))
        .collect();
    let of_free = slopes.select_columns(&free);
    let mut normal = normal(&of_free);
    for place in 0..free.len() {
        normal[(place, place)] *= 1.0 + damping;
    }
    let downhill = DVector::from_iterator(free.len(), free.iter().map(|number| -gradient[*number]));
    let change = normal.cholesky()?.solve(&downhill);
    let mut moved = values.to_vec();
    for (change, number) in change.iter().zip(free) {
        moved[number] = problem.within(number, values[number] + change * problem.scales()[number]);
    }
    Some(moved)
}
