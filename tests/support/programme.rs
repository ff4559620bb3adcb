//! A linear programme in its plainest form, and two solvers that share nothing: a simplex method and an
//! interior point method.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettings, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, ZeroConeT,
};
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions};

/// Place of an unknown in its programme.
pub(crate) type Unknown = usize;

/// How the error begins of a method that stopped before it knew.
pub(crate) const NO_ANSWER: &str = "no answer of the interior point method";

/// Which method solves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Simplex,
    InteriorPoint,
}

/// Unknowns between bounds, and sums of them between bounds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Programme {
    pub(crate) bounds: Vec<(f64, f64)>,
    rows: Vec<Row>,
}

/// A sum that lies between two numbers; an infinite one sets no bound.
#[derive(Clone, Debug)]
struct Row {
    sum: Sum,
    bounds: (f64, f64),
}

/// A sum of unknowns with their factors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum(Vec<(Unknown, f64)>);

impl Sum {
    /// A single unknown.
    pub(crate) fn of(unknown: Unknown, factor: f64) -> Self {
        Self(vec![(unknown, factor)])
    }

    /// The sum with another unknown, or more of the same.
    pub(crate) fn and(mut self, unknown: Unknown, factor: f64) -> Self {
        match self.0.iter_mut().find(|(known, _)| *known == unknown) {
            Some((_, present)) => *present += factor,
            None => self.0.push((unknown, factor)),
        }
        self
    }

    /// The sum with a multiple of another one.
    pub(crate) fn plus(self, other: &Self, factor: f64) -> Self {
        let terms = other.0.iter();
        terms.fold(self, |sum, (unknown, present)| {
            sum.and(*unknown, factor * present)
        })
    }
}

impl Programme {
    /// A new unknown between bounds.
    pub(crate) fn unknown(&mut self, least: f64, most: f64) -> Unknown {
        self.bounds.push((least, most));
        self.bounds.len() - 1
    }

    /// Keeps a sum between two numbers.
    pub(crate) fn keep(&mut self, sum: Sum, least: f64, most: f64) {
        let bounds = (least, most);
        self.rows.push(Row { sum, bounds });
    }

    /// The unknowns where a sum is greatest.
    pub(crate) fn maximise(&self, sum: &Sum, method: Method) -> Result<Vec<f64>, String> {
        match method {
            Method::Simplex => self.by_simplex(sum),
            Method::InteriorPoint => self.by_interior_point(sum),
        }
    }

    fn costs(&self, sum: &Sum) -> Vec<f64> {
        let mut costs = vec![0.0; self.bounds.len()];
        for (unknown, factor) in &sum.0 {
            costs[*unknown] = *factor;
        }
        costs
    }

    fn by_simplex(&self, sum: &Sum) -> Result<Vec<f64>, String> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let unknowns = self.costs(sum).into_iter().zip(&self.bounds);
        let unknowns: Vec<_> = unknowns
            .map(|(cost, bounds)| problem.add_var(cost, *bounds))
            .collect();
        for row in &self.rows {
            let terms = row.sum.0.iter();
            let terms: Vec<_> = terms
                .map(|(place, factor)| (unknowns[*place], *factor))
                .collect();
            let (least, most) = row.bounds;
            if least == most {
                problem.add_constraint(&terms, ComparisonOp::Eq, least);
                continue;
            }
            if least > f64::NEG_INFINITY {
                problem.add_constraint(&terms, ComparisonOp::Ge, least);
            }
            if most < f64::INFINITY {
                problem.add_constraint(&terms, ComparisonOp::Le, most);
            }
        }
        let mut options = SolveOptions::default();
        options.tolerances.feasibility = 1e-10;
        let outcome = problem.solve_with(options);
        let outcome = outcome.map_err(|error| format!("simplex: {error}"))?;
        let solution = outcome.into_solution();
        let solution = solution.map_err(|_| "simplex: interrupted".to_owned())?;
        Ok(unknowns
            .iter()
            .map(|place| solution.var_value(*place))
            .collect())
    }

    fn by_interior_point(&self, sum: &Sum) -> Result<Vec<f64>, String> {
        let (matrix, right, equalities) = self.below();
        let count = self.bounds.len();
        let costs: Vec<f64> = self.costs(sum).iter().map(|cost| -cost).collect();
        let cones = [
            ZeroConeT(equalities),
            NonnegativeConeT(right.len() - equalities),
        ];
        let settings = DefaultSettings {
            verbose: false,
            tol_feas: 1e-9,
            tol_gap_abs: 1e-9,
            tol_gap_rel: 1e-9,
            ..DefaultSettings::default()
        };
        let curvature = CscMatrix::zeros((count, count));
        let solver = DefaultSolver::new(&curvature, &costs, &matrix, &right, &cones, settings);
        let mut solver = solver.map_err(|error| format!("interior point: {error}"))?;
        solver.solve();
        match solver.solution.status {
            SolverStatus::Solved | SolverStatus::AlmostSolved => Ok(solver.solution.x),
            status => Err(format!("{NO_ANSWER}: {status}")),
        }
    }

    /// All bounds as sums that are equal to, then at most, the numbers on the right.
    fn below(&self) -> (CscMatrix<f64>, Vec<f64>, usize) {
        let own = self.bounds.iter().enumerate();
        let own = own.map(|(unknown, bounds)| Row {
            sum: Sum::of(unknown, 1.0),
            bounds: *bounds,
        });
        let rows = self.rows.iter().cloned().chain(own);
        let (equal, between): (Vec<Row>, Vec<Row>) =
            rows.partition(|row| row.bounds.0 == row.bounds.1);
        let equalities = equal.len();
        let mut lines: Vec<(Sum, f64)> = equal
            .into_iter()
            .map(|row| (row.sum, row.bounds.0))
            .collect();
        for Row {
            sum,
            bounds: (least, most),
        } in between
        {
            if least > f64::NEG_INFINITY {
                lines.push((Sum::default().plus(&sum, -1.0), -least));
            }
            if most < f64::INFINITY {
                lines.push((sum, most));
            }
        }
        let (mut places, mut unknowns, mut factors) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (sum, _)) in lines.iter().enumerate() {
            for (unknown, factor) in &sum.0 {
                places.push(place);
                unknowns.push(*unknown);
                factors.push(*factor);
            }
        }
        let (height, width) = (lines.len(), self.bounds.len());
        let matrix = CscMatrix::new_from_triplets(height, width, places, unknowns, factors);
        (
            matrix,
            lines.into_iter().map(|(_, right)| right).collect(),
            equalities,
        )
    }
}
