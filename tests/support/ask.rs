//! What users ask for.

/// What a user asks for.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) at: &'a str,
    pub(crate) priority: u32,
    pub(crate) demand: f64,
    pub(crate) returns: Option<(f64, &'a str)>,
    pub(crate) return_lag: u32,
    pub(crate) weight: f64,
    pub(crate) share: f64,
}

impl<'a> Ask<'a> {
    /// A demand of which nothing returns.
    pub(crate) fn of(demand: f64, at: &'a str, priority: u32) -> Self {
        Self {
            at,
            priority,
            demand,
            returns: None,
            return_lag: 0,
            weight: 1.0,
            share: 1.0,
        }
    }

    /// With a weight among its equals.
    pub(crate) fn weighing(mut self, weight: f64) -> Self {
        self.weight = weight;
        self
    }

    /// With a share in the water of its class.
    pub(crate) fn sharing(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Whose return flow comes some steps later.
    pub(crate) fn later(mut self, steps: u32) -> Self {
        self.return_lag = steps;
        self
    }

    /// With a part that returns to a node.
    pub(crate) fn returning(mut self, fraction: f64, to: &'a str) -> Self {
        self.returns = Some((fraction, to));
        self
    }
}
