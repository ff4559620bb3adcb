//! Rain, evaporation and volume of a storage over a step, by the method that it names.
//!
//! Each method gives the allocation numbers that are fixed before it: what the storage holds less its net loss,
//! and the volumes of the rules in the same terms. Once all flows are known it gives the volume at the end.

use super::machine::{Forces, StepMachine};
use crate::network::storage::Evaporates;
use crate::units::HM3_PER_MM_KM2;

/// What acts on a storage in a step beside its flows, hm³ and mm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather<N> {
    pub(crate) rain_mm: N,
    pub(crate) evaporation_mm: N,
    pub(crate) groundwater: N,
    pub(crate) dead: N,
    pub(crate) full: N,
    pub(crate) has_sill: bool,
    /// Whether there is a full storage in any step.
    pub(crate) spills: bool,
}

/// What is fixed before the allocation, hm³.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixed<N> {
    /// Volume at the start, without what stood above full storage.
    pub(crate) start: N,
    /// What has spilled at the start.
    pub(crate) excess: N,
    /// Evaporation less rain and groundwater, as far as they are fixed.
    pub(crate) net_loss: N,
    /// Outflow over the sill.
    pub(crate) sill: N,
    /// What goes on below where nobody uses water.
    pub(crate) natural: N,
    rain: N,
    evaporation: N,
}

/// A storage at the end of a step, hm³ and km².
#[derive(Clone, Debug)]
pub(crate) struct End<N> {
    pub(crate) volume: N,
    pub(crate) rain: N,
    pub(crate) evaporation: N,
    pub(crate) groundwater: N,
    pub(crate) spill: N,
    pub(crate) area: N,
    pub(crate) body_areas: Vec<N>,
}

/// A storage of a plan that evaporates by some method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Method {
    pub(crate) storage: usize,
    pub(crate) evaporates: Evaporates,
}

impl Method {
    /// Fixes the numbers of a step; `comes` would come without use, `release` is that of the last step.
    pub(crate) fn fix<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        start: M::Number,
        comes: M::Number,
        release: M::Number,
    ) -> Fixed<M::Number> {
        let (start, excess) = within_full(m, weather, start);
        match self.evaporates {
            Evaporates::Exact => self.fix_exactly(m, weather, (start, excess), comes, release),
            Evaporates::StartArea => self.fix_at_start(m, weather, (start, excess), comes, release),
            Evaporates::EndArea => self.fix_nothing(m, weather, (start, excess), comes, release),
        }
    }

    fn fix_exactly<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        (start, excess): (M::Number, M::Number),
        comes: M::Number,
        release: M::Number,
    ) -> Fixed<M::Number> {
        let comes = m.add(comes, weather.groundwater);
        let net = m.sub(comes, release);
        let end = m.advance(self.storage, &forces(weather, start, net, true));
        let net_loss = m.sub(end.evaporation, end.rain);
        let net_loss = m.sub(net_loss, weather.groundwater);
        let below = m.add(release, end.outflow);
        let below = m.add(below, end.spill);
        Fixed {
            start,
            excess,
            net_loss,
            sill: end.outflow,
            natural: m.add(below, excess),
            rain: end.rain,
            evaporation: end.evaporation,
        }
    }

    /// Rain and evaporation on the area at the start, the latter at most the live storage (equation E24).
    fn fix_at_start<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        (start, excess): (M::Number, M::Number),
        comes: M::Number,
        release: M::Number,
    ) -> Fixed<M::Number> {
        let area = m.area(self.storage, start);
        let rain = depth_on(m, weather.rain_mm, area);
        let evaporation = depth_on(m, weather.evaporation_mm, area);
        let zero = m.number(0.0);
        let live = m.sub(start, weather.dead);
        let live = m.max(live, zero);
        let evaporation = m.min(evaporation, live);
        let net_loss = m.sub(evaporation, rain);
        let net_loss = m.sub(net_loss, weather.groundwater);
        let holds = m.sub(start, net_loss);
        let (sill, natural) = self.unused(m, weather, holds, start, comes, release);
        Fixed {
            start,
            excess,
            net_loss,
            sill,
            natural: m.add(natural, excess),
            rain,
            evaporation,
        }
    }

    /// Rain and evaporation follow the volume at the end (equation E25): only groundwater is fixed.
    fn fix_nothing<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        (start, excess): (M::Number, M::Number),
        comes: M::Number,
        release: M::Number,
    ) -> Fixed<M::Number> {
        let zero = m.number(0.0);
        let net_loss = m.sub(zero, weather.groundwater);
        let holds = m.add(start, weather.groundwater);
        let (sill, natural) = self.unused(m, weather, holds, start, comes, release);
        Fixed {
            start,
            excess,
            net_loss,
            sill,
            natural: m.add(natural, excess),
            rain: zero,
            evaporation: zero,
        }
    }

    /// Outflow over the sill at the level of the start, and what goes on below where nobody uses water.
    fn unused<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        holds: M::Number,
        start: M::Number,
        comes: M::Number,
        release: M::Number,
    ) -> (M::Number, M::Number) {
        let zero = m.number(0.0);
        let holds = m.add(holds, comes);
        let sill = if weather.has_sill {
            let over = m.over_sill(self.storage, start);
            let all = m.max(holds, zero);
            m.min(over, all)
        } else {
            zero
        };
        let goes = m.add(release, sill);
        if !weather.spills {
            return (sill, goes);
        }
        let left = m.sub(holds, goes);
        let full = self.load(m, weather, weather.full);
        let spill = m.sub(left, full);
        let spill = m.max(spill, zero);
        (sill, m.add(goes, spill))
    }

    /// A volume at the end of the step in the terms of the allocation: what must be there before rain and
    /// evaporation that are not fixed have acted.
    pub(crate) fn load<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        volume: M::Number,
    ) -> M::Number {
        if self.evaporates != Evaporates::EndArea {
            return volume;
        }
        let area = m.area(self.storage, volume);
        let net_mm = m.sub(weather.evaporation_mm, weather.rain_mm);
        let loss = depth_on(m, net_mm, area);
        m.add(volume, loss)
    }

    /// The end of the step where `comes` comes and `release` leaves.
    pub(crate) fn end<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        fixed: &Fixed<M::Number>,
        comes: M::Number,
        release: M::Number,
    ) -> End<M::Number> {
        if self.evaporates == Evaporates::Exact {
            return self.end_exactly(m, weather, fixed, comes, release);
        }
        let zero = m.number(0.0);
        let holds = m.sub(fixed.start, fixed.net_loss);
        let holds = m.add(holds, comes);
        let left = m.sub(holds, release);
        let (left, groundwater) = unlost(m, weather, left);
        let (left, spill) = if weather.spills {
            let full = self.load(m, weather, weather.full);
            let within = m.min(left, full);
            (within, m.sub(left, within))
        } else {
            (left, zero)
        };
        let spill = m.add(spill, fixed.excess);
        if self.evaporates == Evaporates::StartArea {
            let area = m.area(self.storage, fixed.start);
            return End {
                volume: left,
                rain: fixed.rain,
                evaporation: fixed.evaporation,
                groundwater,
                spill,
                area,
                body_areas: m.body_areas(self.storage, fixed.start),
            };
        }
        let net_mm = m.sub(weather.evaporation_mm, weather.rain_mm);
        let volume = m.unload(self.storage, net_mm, left);
        let area = m.area(self.storage, volume);
        let rain = depth_on(m, weather.rain_mm, area);
        let loss = m.sub(left, volume);
        End {
            volume,
            rain,
            evaporation: m.add(loss, rain),
            groundwater,
            spill,
            area,
            body_areas: m.body_areas(self.storage, volume),
        }
    }

    fn end_exactly<M: StepMachine>(
        self,
        m: &mut M,
        weather: &Weather<M::Number>,
        fixed: &Fixed<M::Number>,
        comes: M::Number,
        release: M::Number,
    ) -> End<M::Number> {
        let comes = m.add(comes, weather.groundwater);
        let net = m.sub(comes, release);
        let end = m.advance(self.storage, &forces(weather, fixed.start, net, false));
        let (volume, groundwater) = unlost(m, weather, end.end);
        End {
            volume,
            rain: end.rain,
            evaporation: end.evaporation,
            groundwater,
            spill: m.add(end.spill, fixed.excess),
            area: end.mean_area,
            body_areas: end.body_areas,
        }
    }
}

/// The part of a volume within full storage, and what is above it.
fn within_full<M: StepMachine>(
    m: &mut M,
    weather: &Weather<M::Number>,
    start: M::Number,
) -> (M::Number, M::Number) {
    if !weather.spills {
        return (start, m.number(0.0));
    }
    let within = m.min(start, weather.full);
    (within, m.sub(start, within))
}

/// What acts on a storage that is advanced exactly.
fn forces<N: Copy>(weather: &Weather<N>, start: N, net_inflow: N, over_sill: bool) -> Forces<N> {
    Forces {
        start,
        net_inflow,
        rain_mm: weather.rain_mm,
        evaporation_mm: weather.evaporation_mm,
        full: weather.full,
        over_sill: over_sill && weather.has_sill,
    }
}

/// mm · km² as hm³.
fn depth_on<M: StepMachine>(m: &mut M, depth_mm: M::Number, area: M::Number) -> M::Number {
    let unit = m.number(HM3_PER_MM_KM2);
    let depth = m.mul(depth_mm, unit);
    m.mul(depth, area)
}

/// An empty storage loses to the ground only what it gets (E8).
fn unlost<M: StepMachine>(
    m: &mut M,
    weather: &Weather<M::Number>,
    end: M::Number,
) -> (M::Number, M::Number) {
    let zero = m.number(0.0);
    let (debt, lost) = (m.sub(zero, end), m.sub(zero, weather.groundwater));
    let unlost = m.min(debt, lost);
    let unlost = m.max(unlost, zero);
    (m.add(end, unlost), m.add(weather.groundwater, unlost))
}
