//! What a search looks at: numbers within bounds, and residuals that are to be small.

/// A problem of least squares within bounds.
pub trait Problem {
    /// Least and greatest value of each number.
    fn bounds(&self) -> &[(f64, f64)];

    /// A change of each number that matters: its prior spread.
    fn scales(&self) -> &[f64];

    /// The residuals of each candidate, whose squares add up to its misfit; none where it cannot be.
    fn residuals(&mut self, candidates: &[Vec<f64>]) -> Vec<Option<Vec<f64>>>;

    /// The misfit of each candidate (equation E70); infinite where it cannot be.
    fn misfits(&mut self, candidates: &[Vec<f64>]) -> Vec<f64> {
        let residuals = self.residuals(candidates);
        residuals.iter().map(|all| misfit(all.as_deref())).collect()
    }

    /// A number moved to within its bounds.
    fn within(&self, number: usize, value: f64) -> f64 {
        let (low, high) = self.bounds()[number];
        value.max(low).min(high)
    }
}

/// The sum of squares of residuals.
pub fn misfit(residuals: Option<&[f64]>) -> f64 {
    residuals.map_or(f64::INFINITY, |all| all.iter().map(|r| r * r).sum())
}
