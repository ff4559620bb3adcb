//! Hydropower: energy of water and head, and the release that gives an energy (equations E36 to E40).

use crate::allocate::{greater, lesser};
use crate::network::plant::Works;
use crate::units::GWH_PER_HM3_M;

/// What passes a dam in a step, hm³.
#[derive(Clone, Copy, Debug)]
pub struct Passage<N> {
    /// Level of the reservoir at the start, m.
    pub start_m: N,
    /// Level of the reservoir at the end, m.
    pub end_m: N,
    /// What the outlets send down the river, through turbines or past them.
    pub river: N,
    /// Spill that goes down the river as well.
    pub spill: N,
    /// Most that the turbines pass.
    pub turbine: N,
    /// Most that they generate, GWh.
    pub power: N,
}

/// What a plant makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Generated<N> {
    /// Energy, GWh.
    pub energy: N,
    /// Mean head, m; 0 of a plant that is not in service.
    pub head: N,
    /// Water that passed the turbines, hm³.
    pub turbined: N,
}

/// An energy target while the release that meets it is sought.
#[derive(Clone, Copy, Debug)]
pub struct Target<N> {
    /// Level of the reservoir at the start, m.
    pub start_m: N,
    /// Most that may be asked for, hm³.
    pub most: N,
    /// Energy to generate, GWh; no more than the turbines can.
    pub energy: N,
}

/// A release that was asked for, and the one that its energy called for, hm³.
#[derive(Clone, Copy, Debug)]
pub struct Trial<N> {
    /// Release asked for.
    pub asked: N,
    /// Release that would have given the target by the energy of each of its cubic metres.
    pub due: N,
}

/// Lets numbers of a kind be listed and turned into others.
macro_rules! listed {
    ($kind:ident, $count:literal: $($name:ident),*) => {
        impl<N: Copy> $kind<N> {
            /// Its numbers, in a fixed order.
            pub(super) fn list(&self) -> [N; $count] {
                [$(self.$name,)*]
            }

            /// From its numbers in that order.
            pub(super) fn of([$($name,)*]: [N; $count]) -> Self {
                Self { $($name,)* }
            }

            /// The same in other numbers.
            pub(super) fn map<T>(&self, to: impl Fn(N) -> T) -> $kind<T> {
                $kind { $($name: to(self.$name),)* }
            }
        }
    };
}

listed!(Passage, 6: start_m, end_m, river, spill, turbine, power);
listed!(Generated, 3: energy, head, turbined);
listed!(Target, 3: start_m, most, energy);
listed!(Trial, 2: asked, due);

/// Energy that a hm³ gives at a head, GWh; none below the least head (equation E37).
fn of_a_hm3(works: &Works, head_m: f64) -> f64 {
    if head_m <= 0.0 || head_m < works.minimum_head_m {
        return 0.0;
    }
    GWH_PER_HM3_M * works.efficiency.at(head_m) * head_m
}

/// Energy, head and turbined water of a step (equations E36 to E38).
pub(super) fn generate(works: &Works, passage: &Passage<f64>, hm3_per_m3s: f64) -> Generated<f64> {
    let nothing = Generated {
        energy: 0.0,
        head: 0.0,
        turbined: 0.0,
    };
    if passage.turbine <= 0.0 {
        return nothing;
    }
    let level = 0.5 * (passage.start_m + passage.end_m);
    let discharge = (passage.river + passage.spill) / hm3_per_m3s;
    let head = greater(level - works.tailwater.at(discharge), 0.0);
    let of_a_hm3 = of_a_hm3(works, head);
    if of_a_hm3 <= 0.0 {
        return Generated { head, ..nothing };
    }
    let most = lesser(passage.turbine, passage.power / of_a_hm3);
    let turbined = greater(lesser(passage.river, most), 0.0);
    Generated {
        energy: turbined * of_a_hm3,
        head,
        turbined,
    }
}

/// Halvings of the interval in which the first trial is sought: it is corrected afterwards.
const HALVINGS: usize = 40;

/// The release that gives the energy of a target at the head of the start of the step, hm³ (equation E39).
pub(super) fn first_release(works: &Works, target: &Target<f64>, hm3_per_m3s: f64) -> f64 {
    let level = target.start_m;
    let falls_short = |volume: f64| {
        let head = level - works.tailwater.at(volume / hm3_per_m3s);
        volume * of_a_hm3(works, head) < target.energy
    };
    let no_head = of_a_hm3(works, level - works.tailwater.at(0.0)) <= 0.0;
    if target.energy <= 0.0 || no_head {
        return 0.0;
    }
    let (mut short, mut enough) = (0.0, target.most);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (short + enough);
        match falls_short(middle) {
            true => short = middle,
            false => enough = middle,
        }
    }
    enough
}

/// Slopes of the release that is due over the one asked for that a correction reckons with.
const SLOPES: (f64, f64) = (-9.0, 0.95);

/// What a trial that generated some energy called for, and the release to ask for next (equation E40): a secant
/// on due = asked (Wegstein 1958).
pub(super) fn correct(
    target: &Target<f64>,
    before: &Trial<f64>,
    asked: f64,
    generated: &Generated<f64>,
) -> (Trial<f64>, f64) {
    if target.energy <= 0.0 || generated.energy <= 0.0 {
        // Without head no release is the better one.
        return (Trial { asked, due: asked }, asked);
    }
    let needed = target.energy * (generated.turbined / generated.energy);
    let due = lesser(needed, target.most);
    let ran = asked - before.asked;
    let slope = if ran == 0.0 {
        0.0
    } else {
        ((due - before.due) / ran).clamp(SLOPES.0, SLOPES.1)
    };
    let next = asked + (due - asked) / (1.0 - slope);
    (Trial { asked, due }, next.clamp(0.0, target.most))
}
