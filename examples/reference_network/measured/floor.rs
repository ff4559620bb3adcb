//! The reference network as a loop written by hand: the floor under any general engine.
//!
//! One text serves one member and many: members stand side by side in lanes, a row of lanes for each
//! series, so that the compiler works on as many lanes at once as the processor has. Nothing branches
//! and nothing is allocated within the loop.

#![expect(
    clippy::inline_always,
    reason = "a function that is not inlined is not compiled for the processor at hand"
)]

use multiversion::multiversion;

/// Rivers of the network.
pub(crate) const RIVERS: usize = 3;

/// Series of a river, named in [`SERIES_OF_A_RIVER`].
pub(crate) const RIVER_SERIES: usize = 10;

/// Series of the network: those of its rivers, and the storage of the lake.
pub(crate) const SERIES: usize = LAKE + 1;

/// Place of the lake's storage among the series.
pub(crate) const LAKE: usize = RIVERS * RIVER_SERIES;

/// The series of a river, downstream. The storage is that of the end of the step, all others are volumes
/// of the step. Series `10 r + k` is the k-th of river r; the last of all is the storage of the lake.
pub(crate) const SERIES_OF_A_RIVER: [&str; RIVER_SERIES] = [
    "inflow",
    "upstream use",
    "inflow of the reservoir",
    "reservoir storage",
    "reservoir evaporation",
    "town",
    "irrigation",
    "environmental flow",
    "return flow",
    "river end",
];

/// Area of a storage, linear in its volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    /// Area of the empty storage.
    pub(crate) base: f64,
    /// Area for each unit of volume.
    pub(crate) slope: f64,
}

/// What does not change along a river.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct River {
    /// Flow that the upstream user hands off before it takes.
    pub(crate) minimum: f64,
    /// Full storage of the reservoir.
    pub(crate) full: f64,
    /// Storage below which the reservoir releases nothing.
    pub(crate) dead: f64,
    /// Storage of the reservoir at the start.
    pub(crate) start: f64,
    /// Area of the reservoir.
    pub(crate) area: Area,
    /// Demand of the town.
    pub(crate) town: f64,
    /// Flow that is to pass below the irrigation.
    pub(crate) environment: f64,
    /// Part of the irrigation that returns.
    pub(crate) returned: f64,
}

/// What the calendar month sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Month {
    /// Demand of each upstream user.
    pub(crate) upstream: [f64; RIVERS],
    /// Demand of each irrigation.
    pub(crate) irrigation: [f64; RIVERS],
    /// Evaporation of each reservoir, volume for each unit of area.
    pub(crate) evaporation: [f64; RIVERS],
    /// Evaporation of the lake, volume for each unit of area.
    pub(crate) lake_evaporation: f64,
}

/// All figures of the network. Any unit of volume will do, if all volumes are in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Floor {
    /// The rivers.
    pub(crate) rivers: [River; RIVERS],
    /// Storage of the lake at the start.
    pub(crate) lake_start: f64,
    /// Area of the lake.
    pub(crate) lake_area: Area,
    /// January to December.
    pub(crate) months: [Month; 12],
    /// Place of each step's month in `months`.
    pub(crate) month_of_step: Vec<u8>,
    /// Inflow of each river in each step.
    pub(crate) inflow: Vec<[f64; RIVERS]>,
}

/// One value of every series for `W` members side by side.
pub(crate) type Row<const W: usize> = [[f64; W]; SERIES];

/// Storages of `W` members side by side.
struct State<const W: usize> {
    reservoirs: [[f64; W]; RIVERS],
    lake: [f64; W],
}

/// The factor of member `member` of `members` on every inflow: 0.5 to 1.5, and 1 for a single one.
pub(crate) fn factor(member: usize, members: usize) -> f64 {
    if members == 1 {
        return 1.0;
    }
    0.5 + member as f64 / (members - 1) as f64
}

impl Floor {
    /// Number of steps.
    pub(crate) fn steps(&self) -> usize {
        self.inflow.len()
    }

    /// Sums of every series over all steps for `W` members with these factors.
    pub(crate) fn sums<const W: usize>(&self, factors: &[f64; W]) -> Row<W> {
        let mut sums = [[0.0; W]; SERIES];
        add_up(self, factors, &mut sums);
        sums
    }

    /// Writes every series of `W` members with these factors: one row a step, as many as `rows` has and
    /// the network has steps.
    pub(crate) fn record<const W: usize>(&self, factors: &[f64; W], rows: &mut [Row<W>]) {
        record(self, factors, rows);
    }

    fn state<const W: usize>(&self) -> State<W> {
        State {
            reservoirs: self.rivers.map(|river| [river.start; W]),
            lake: [self.lake_start; W],
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn add_up<const W: usize>(floor: &Floor, factors: &[f64; W], sums: &mut Row<W>) {
    let mut state = floor.state::<W>();
    for (inflow, month) in floor.inflow.iter().zip(&floor.month_of_step) {
        let month = &floor.months[usize::from(*month)];
        step::<W, true>(floor, month, inflow, factors, &mut state, sums);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn record<const W: usize>(floor: &Floor, factors: &[f64; W], rows: &mut [Row<W>]) {
    let mut state = floor.state::<W>();
    for ((inflow, month), row) in floor.inflow.iter().zip(&floor.month_of_step).zip(rows) {
        let month = &floor.months[usize::from(*month)];
        step::<W, false>(floor, month, inflow, factors, &mut state, row);
    }
}

/// The lesser of two numbers in one instruction; `f64::min` also looks after what is not a number.
#[inline(always)]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The greater of two numbers.
#[inline(always)]
fn most(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// Adds to a sum or sets a value.
#[inline(always)]
fn put<const ADD: bool>(place: &mut f64, value: f64) {
    if ADD {
        *place += value;
    } else {
        *place = value;
    }
}

/// One step of the whole network.
#[inline(always)]
fn step<const W: usize, const ADD: bool>(
    floor: &Floor,
    month: &Month,
    inflow: &[f64; RIVERS],
    factors: &[f64; W],
    state: &mut State<W>,
    row: &mut Row<W>,
) {
    let mut ends = [[0.0; W]; RIVERS];
    for r in 0..RIVERS {
        let river = &floor.rivers[r];
        let (upstream, irrigation) = (month.upstream[r], month.irrigation[r]);
        let (depth, inflow) = (month.evaporation[r], inflow[r]);
        let orders = river.town + irrigation + river.environment;
        let first = r * RIVER_SERIES;
        let storage = &mut state.reservoirs[r];
        for lane in 0..W {
            let before = storage[lane];
            let q = factors[lane] * inflow;
            let u = least(upstream, most(q - river.minimum, 0.0));
            let g = q - u;
            let area = river.area.base + river.area.slope * before;
            let e = least(depth * area, before - river.dead);
            let x = before + g - e;
            let release = most(least(orders, x - river.dead), x - river.full);
            let after = x - release;
            let t = least(river.town, release);
            let i = least(irrigation, release - t);
            let l = release - t - i;
            let back = river.returned * i;
            let o = l + back;
            storage[lane] = after;
            ends[r][lane] = o;
            put::<ADD>(&mut row[first][lane], q);
            put::<ADD>(&mut row[first + 1][lane], u);
            put::<ADD>(&mut row[first + 2][lane], g);
            put::<ADD>(&mut row[first + 3][lane], after);
            put::<ADD>(&mut row[first + 4][lane], e);
            put::<ADD>(&mut row[first + 5][lane], t);
            put::<ADD>(&mut row[first + 6][lane], i);
            put::<ADD>(&mut row[first + 7][lane], l);
            put::<ADD>(&mut row[first + 8][lane], back);
            put::<ADD>(&mut row[first + 9][lane], o);
        }
    }
    for lane in 0..W {
        let before = state.lake[lane];
        let area = floor.lake_area.base + floor.lake_area.slope * before;
        let e = least(month.lake_evaporation * area, before);
        let after = before + ends[0][lane] + ends[1][lane] + ends[2][lane] - e;
        state.lake[lane] = after;
        put::<ADD>(&mut row[LAKE][lane], after);
    }
}
