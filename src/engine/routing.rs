//! Water under way: rivers and return flows that arrive in later steps (equations E26 and E27).

use crate::allocate::Machine;
use crate::network::link::Travel;

/// Water under way in one reach or return, newest last.
#[derive(Clone, Debug)]
pub(crate) enum Way<N> {
    /// Arrives after as many steps as there are places.
    Lag(Vec<N>),
    /// Muskingum's linear storage: inflow and outflow of the last step, and their coefficients.
    Muskingum {
        inflow: N,
        outflow: N,
        part: [f64; 3],
        days: f64,
    },
}

impl<N: Copy> Way<N> {
    /// A reach in a steady state with a flow; steps are days.
    pub(crate) fn river(travel: Travel, steady: N) -> Self {
        match travel.muskingum_x {
            None => Self::Lag(vec![steady; travel.days as usize]),
            Some(x) => Self::Muskingum {
                inflow: steady,
                outflow: steady,
                part: muskingum(travel.days, x),
                days: travel.days,
            },
        }
    }

    /// A return flow that comes after some steps; nothing is under way.
    pub(crate) fn returning(steps: usize, zero: N) -> Self {
        Self::Lag(vec![zero; steps])
    }

    /// Part of this step's inflow that arrives in this step.
    pub(crate) fn at_once(&self) -> f64 {
        match self {
            Self::Lag(_) => 0.0,
            Self::Muskingum { part, .. } => part[0],
        }
    }

    /// What arrives in this step whatever enters.
    pub(crate) fn fixed<M: Machine<Number = N>>(&self, machine: &mut M) -> N {
        match self {
            Self::Lag(places) => places[0],
            Self::Muskingum {
                inflow,
                outflow,
                part,
                ..
            } => {
                let (of_inflow, of_outflow) = (machine.number(part[1]), machine.number(part[2]));
                let (first, second) = (
                    machine.mul(of_inflow, *inflow),
                    machine.mul(of_outflow, *outflow),
                );
                machine.add(first, second)
            }
        }
    }

    /// What arrives in this step where `enters` does.
    pub(crate) fn arrives<M: Machine<Number = N>>(&self, machine: &mut M, enters: N) -> N {
        let fixed = self.fixed(machine);
        let at_once = machine.number(self.at_once());
        let at_once = machine.mul(at_once, enters);
        machine.add(at_once, fixed)
    }

    /// Ends the step.
    pub(crate) fn go_on(&mut self, enters: N, arrives: N) {
        match self {
            Self::Lag(places) => {
                places.remove(0);
                places.push(enters);
            }
            Self::Muskingum {
                inflow, outflow, ..
            } => (*inflow, *outflow) = (enters, arrives),
        }
    }

    /// Puts the reach into a steady state with a flow; gives the volume that is then under way.
    pub(crate) fn fill<M: Machine<Number = N>>(&mut self, machine: &mut M, flow: N) -> N {
        let steps = match self {
            Self::Lag(places) => {
                places.fill(flow);
                places.len() as f64
            }
            Self::Muskingum {
                inflow,
                outflow,
                days,
                ..
            } => {
                (*inflow, *outflow) = (flow, flow);
                *days
            }
        };
        let steps = machine.number(steps);
        machine.mul(steps, flow)
    }

    /// The numbers that pass from step to step.
    pub(crate) fn numbers(&self) -> Vec<N> {
        match self {
            Self::Lag(places) => places.clone(),
            Self::Muskingum {
                inflow, outflow, ..
            } => vec![*inflow, *outflow],
        }
    }

    /// The same way with other numbers, in the order of [`Way::numbers`].
    pub(crate) fn with<T: Copy>(&self, numbers: &mut impl Iterator<Item = T>) -> Way<T> {
        let mut next = || numbers.next().expect("as many numbers as the way has");
        match self {
            Self::Lag(places) => Way::Lag(places.iter().map(|_| next()).collect()),
            Self::Muskingum { part, days, .. } => Way::Muskingum {
                inflow: next(),
                outflow: next(),
                part: *part,
                days: *days,
            },
        }
    }
}

/// Coefficients of this step's inflow, the last inflow and the last outflow (Cunge 1969), at steps of a day.
fn muskingum(days: f64, x: f64) -> [f64; 3] {
    let whole = 2.0 * days * (1.0 - x) + 1.0;
    [
        (1.0 - 2.0 * days * x) / whole,
        (1.0 + 2.0 * days * x) / whole,
        (2.0 * days * (1.0 - x) - 1.0) / whole,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::Plain;

    fn plain() -> Plain<'static> {
        Plain {
            deltas: &[],
            curves: &[],
            plants: &[],
            hm3_per_m3s: 0.0864,
        }
    }

    /// A wave through a reach and all that has arrived after it.
    fn send(mut way: Way<f64>, wave: &[f64]) -> Vec<f64> {
        let mut arrived = Vec::new();
        for &enters in wave {
            let arrives = way.arrives(&mut plain(), enters);
            way.go_on(enters, arrives);
            arrived.push(arrives);
        }
        arrived
    }

    #[test]
    fn e26_a_lag_moves_a_wave_unchanged() {
        let travel = Travel {
            days: 2.0,
            muskingum_x: None,
        };
        let arrived = send(Way::river(travel, 1.0), &[5.0, 7.0, 0.0, 0.0, 0.0]);
        assert_eq!(arrived, [1.0, 1.0, 5.0, 7.0, 0.0]);
    }

    #[test]
    fn e27_muskingum_keeps_steady_flow_and_mass() {
        let travel = Travel {
            days: 1.5,
            muskingum_x: Some(0.2),
        };
        let steady = send(Way::river(travel, 3.0), &[3.0; 5]);
        assert!(steady.iter().all(|flow| (flow - 3.0).abs() < 1e-14));
        // A wave of 10 over nothing; and 1.5 steps of 3 are under way in a steady reach that runs dry.
        let mut wave = vec![0.0; 200];
        let dry: f64 = send(Way::river(travel, 3.0), &wave).iter().sum();
        assert!((dry - 4.5).abs() < 1e-12);
        wave[0] = 10.0;
        let sum: f64 = send(Way::river(travel, 0.0), &wave).iter().sum();
        assert!((sum - 10.0).abs() < 1e-12);
    }

    #[test]
    fn e27_coefficients_of_a_published_example() {
        // Chow, Maidment and Mays (1988), example 8.4.1: K = 2.3 h, Δt = 1 h, x = 0.15.
        let [first, second, third] = muskingum(2.3, 0.15);
        for (found, published) in [(first, 0.0631), (second, 0.3442), (third, 0.5927)] {
            assert!((found - published).abs() < 5e-5, "{found}");
        }
    }
}
