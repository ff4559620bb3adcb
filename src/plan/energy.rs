//! What each hydropower plant can do and is to do in each step.

use ndarray::Array2;

use super::build::Step;
use super::patch::Patches;
use crate::network::Network;
use crate::scenario::Scenario;
use crate::units::{gwh_in, hm3_in};

/// Arrays of plants, (step, plant).
pub(super) struct Plants {
    /// Most that the turbines pass, hm³.
    pub(super) turbine: Array2<f64>,
    /// Most that they generate, GWh.
    pub(super) power: Array2<f64>,
    /// Energy to generate, GWh.
    pub(super) energy: Array2<f64>,
}

impl Plants {
    pub(super) fn of(
        network: &Network,
        scenario: &Scenario,
        patches: &Patches,
        steps: &[Step],
    ) -> Self {
        let part = over(network, steps, |step, place| {
            let (plant, node) = &network.plants[place];
            let month = step.date.month();
            match patches.dam_works(network, scenario, *node, month) {
                true => plant.part_in_service(month),
                false => 0.0,
            }
        });
        let of_all = |value: &dyn Fn(Step, usize) -> f64| over(network, steps, value) * &part;
        let turbine = of_all(&|step, plant| {
            let flow = network.plants[plant].0.turbine_m3s;
            hm3_in(flow, step.date.seconds())
        });
        let power = of_all(&|step, plant| {
            let power = network.plants[plant].0.capacity_mw;
            gwh_in(power, step.date.seconds())
        });
        let energy = over(network, steps, |step, plant| {
            let asks = scenario.water_use && part[[step.place, plant]] > 0.0;
            let month = step.date.month().index();
            match patches.energy_gwh(network, plant).filter(|_| asks) {
                Some(gwh) => gwh[month] * step.date.part_of_month(),
                None => 0.0,
            }
        });
        Self {
            turbine,
            power,
            energy,
        }
    }

    /// Most that the energy of a plant may ask for: all that its turbines pass.
    pub(super) fn most_asked(&self, step: Step, plant: usize) -> f64 {
        let at = [step.place, plant];
        match self.energy[at] > 0.0 {
            true => self.turbine[at],
            false => 0.0,
        }
    }
}

fn over(network: &Network, steps: &[Step], value: impl Fn(Step, usize) -> f64) -> Array2<f64> {
    let shape = (steps.len(), network.plants.len());
    Array2::from_shape_fn(shape, |(step, plant)| value(steps[step], plant))
}
