//! A search of the whole space within bounds: evolution of a covariance matrix (equation E71).

use nalgebra::{DMatrix, DVector};

use super::problem::Problem;
use crate::hydrology::generator::draws::{Draws, Purpose};

/// How long and with how many candidates is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evolution {
    /// Candidates of a generation, at least 4.
    pub population: usize,
    /// Most generations of a search.
    pub generations: u32,
    /// Searches: the first from the prior, the others from anywhere within the bounds.
    pub searches: u32,
    /// Key of all draws.
    pub seed: u32,
}

/// Steps of the stream that belong to one candidate: more than it ever draws.
const DRAWN: u32 = 1 << 10;

/// A search ends where a generation spreads by less than this part of the scale of each number.
const ALIKE: f64 = 1e-7;

/// What a search has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The best candidate.
    pub values: Vec<f64>,
    /// Its misfit.
    pub misfit: f64,
    /// Misfit of the best candidate of each search.
    pub of_searches: Vec<f64>,
}

/// Searches from `start`, and then from elsewhere (Hansen & Ostermeier 2001).
///
/// Every draw is a function of seed, search, generation and candidate, and a generation is made from the one before it
/// alone, so that nothing depends on the order in which candidates are computed.
pub fn evolve(problem: &mut impl Problem, start: &[f64], how: Evolution) -> Found {
    let mut best = Found {
        values: start.to_vec(),
        misfit: problem.misfits(&[start.to_vec()])[0],
        of_searches: Vec::new(),
    };
    for search in 0..how.searches {
        let draws = Draws::new(how.seed, &format!("search {search}"), Purpose::Candidate);
        let (mean, width) = match search {
            0 => (start.to_vec(), 1.0),
            _ => anywhere(problem, &draws),
        };
        let (values, misfit) = Swarm::new(problem, &mean, width, how).search(problem, &draws);
        best.of_searches.push(misfit);
        if misfit < best.misfit {
            best = Found {
                values,
                misfit,
                ..best
            };
        }
    }
    best
}

/// A random point, and a width in scales that spans a third of the narrowest bounds.
fn anywhere(problem: &impl Problem, draws: &Draws) -> (Vec<f64>, f64) {
    let mut sequence = draws.from(0, 0);
    let bounds = problem.bounds().iter();
    let point = bounds
        .map(|(low, high)| low + sequence.uniform() * (high - low))
        .collect();
    let widths = problem.bounds().iter().zip(problem.scales());
    let narrowest = widths
        .map(|((low, high), scale)| (high - low) / scale)
        .fold(f64::INFINITY, f64::min);
    (point, narrowest / 3.0)
}

/// The normal distribution that candidates are drawn from, in scales of the numbers, and how it learns.
#[derive(Debug)]
struct Swarm {
    generations: u32,
    weights: Vec<f64>,
    count: usize,
    /// Rates of learning and what they rest on, as Hansen (2016) recommends them.
    effective: f64,
    path_rate: f64,
    width_rate: f64,
    width_damping: f64,
    one_rate: f64,
    many_rate: f64,
    mean: DVector<f64>,
    width: f64,
    covariance: DMatrix<f64>,
    path: DVector<f64>,
    width_path: DVector<f64>,
}

/// A candidate: its step from the mean in widths, the deviates that give it, and its misfit.
struct Candidate {
    step: DVector<f64>,
    drawn: DVector<f64>,
    values: Vec<f64>,
    misfit: f64,
}

impl Swarm {
    fn new(problem: &impl Problem, mean: &[f64], width: f64, how: Evolution) -> Self {
        let n = mean.len() as f64;
        let count = how.population.max(4);
        let half = count / 2;
        let raw = (1..=half)
            .map(|rank| libm::log(f64::midpoint(count as f64, 1.0)) - libm::log(rank as f64));
        let raw: Vec<f64> = raw.collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|weight| weight / sum).collect();
        let effective = 1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>();
        let width_rate = (effective + 2.0) / (n + effective + 5.0);
        let one_rate = 2.0 / ((n + 1.3) * (n + 1.3) + effective);
        let many = 2.0 * (effective - 2.0 + 1.0 / effective) / ((n + 2.0) * (n + 2.0) + effective);
        let beyond = ((effective - 1.0) / (n + 1.0)).sqrt() - 1.0;
        let scaled = mean
            .iter()
            .zip(problem.scales())
            .map(|(value, scale)| value / scale);
        Self {
            generations: how.generations,
            count,
            effective,
            path_rate: (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n),
            width_rate,
            width_damping: 1.0 + 2.0 * beyond.max(0.0) + width_rate,
            one_rate,
            many_rate: many.min(1.0 - one_rate),
            mean: DVector::from_iterator(mean.len(), scaled),
            width,
            covariance: DMatrix::identity(mean.len(), mean.len()),
            path: DVector::zeros(mean.len()),
            width_path: DVector::zeros(mean.len()),
            weights,
        }
    }

    /// The best candidate of all generations.
    fn search(mut self, problem: &mut impl Problem, draws: &Draws) -> (Vec<f64>, f64) {
        let mut best = (Vec::new(), f64::INFINITY);
        for generation in 1..=self.generations {
            let Some(root) = self.covariance.clone().cholesky().map(|factor| factor.l()) else {
                break;
            };
            let mut candidates = self.generation(problem, draws, generation, &root);
            candidates.sort_by(|one, other| one.misfit.total_cmp(&other.misfit));
            for candidate in &candidates {
                if candidate.misfit < best.1 {
                    best = (candidate.values.clone(), candidate.misfit);
                }
            }
            self.learn(&candidates, generation);
            let spread = self
                .covariance
                .diagonal()
                .iter()
                .copied()
                .fold(0.0, f64::max)
                .sqrt();
            if self.width * spread < ALIKE {
                break;
            }
        }
        best
    }

    fn generation(
        &self,
        problem: &mut impl Problem,
        draws: &Draws,
        generation: u32,
        root: &DMatrix<f64>,
    ) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = (0..self.count)
            .map(|candidate| {
                let mut sequence = draws.from(generation, candidate as u32 * DRAWN);
                let normals = (0..self.mean.len()).map(|_| sequence.normal());
                let drawn = DVector::from_iterator(self.mean.len(), normals);
                self.candidate(problem, drawn, root)
            })
            .collect();
        let values: Vec<Vec<f64>> = candidates
            .iter()
            .map(|candidate| candidate.values.clone())
            .collect();
        for (candidate, misfit) in candidates.iter_mut().zip(problem.misfits(&values)) {
            candidate.misfit = misfit;
        }
        candidates
    }

    /// A candidate moved to within the bounds; what is learnt of it is the step that it really made.
    fn candidate(
        &self,
        problem: &impl Problem,
        drawn: DVector<f64>,
        root: &DMatrix<f64>,
    ) -> Candidate {
        let wanted = &self.mean + self.width * (root * &drawn);
        let scales = problem.scales();
        let values = wanted
            .iter()
            .enumerate()
            .map(|(number, value)| problem.within(number, value * scales[number]));
        let values: Vec<f64> = values.collect();
        let reached = values
            .iter()
            .zip(scales)
            .map(|(value, scale)| value / scale);
        let step = (DVector::from_iterator(values.len(), reached) - &self.mean) / self.width;
        Candidate {
            drawn: root.solve_lower_triangular(&step).unwrap_or(drawn),
            step,
            values,
            misfit: f64::INFINITY,
        }
    }

    /// Moves mean, width and covariance towards the better half of a generation.
    fn learn(&mut self, candidates: &[Candidate], generation: u32) {
        let n = self.mean.len() as f64;
        let better = || self.weights.iter().zip(candidates);
        let zero = || DVector::zeros(candidates[0].step.len());
        let step = better().fold(zero(), |sum, (weight, candidate)| {
            sum + *weight * &candidate.step
        });
        let drawn = better().fold(zero(), |sum, (weight, candidate)| {
            sum + *weight * &candidate.drawn
        });
        let many = better().fold(self.covariance.clone() * 0.0, |sum, (weight, candidate)| {
            sum + *weight * (&candidate.step * candidate.step.transpose())
        });
        self.mean += self.width * &step;
        let rate = (self.width_rate * (2.0 - self.width_rate) * self.effective).sqrt();
        self.width_path = (1.0 - self.width_rate) * &self.width_path + rate * drawn;
        // The mean length of a standard normal vector.
        let expected = n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));
        let length = self
            .width_path
            .iter()
            .map(|part| part * part)
            .sum::<f64>()
            .sqrt();
        let settled = 1.0 - libm::pow(1.0 - self.width_rate, 2.0 * f64::from(generation));
        let is_slow = length / settled.sqrt() < (1.4 + 2.0 / (n + 1.0)) * expected;
        let stalls = if is_slow { 1.0 } else { 0.0 };
        let rate = (self.path_rate * (2.0 - self.path_rate) * self.effective).sqrt();
        self.path = (1.0 - self.path_rate) * &self.path + stalls * rate * step;
        let kept = 1.0 - self.one_rate - self.many_rate
            + (1.0 - stalls) * self.one_rate * self.path_rate * (2.0 - self.path_rate);
        let one = &self.path * self.path.transpose();
        self.covariance = kept * &self.covariance + self.one_rate * one + self.many_rate * many;
        self.width *= libm::exp(self.width_rate / self.width_damping * (length / expected - 1.0));
    }
}
