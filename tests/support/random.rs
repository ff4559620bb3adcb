//! Random rivers: trees of reaches with reservoirs, lakes, deltas, canals, users and minimum flows.

use proptest::prelude::*;
use proptest::sample::Index;

use super::{Ask, Dam, Knot, Sketch, Water};

/// A random river. Node 0 is its end; each other node flows to one before it.
#[derive(Clone, Debug)]
pub(crate) struct Basin {
    pub(crate) nodes: Vec<Place>,
    pub(crate) canals: Vec<Canal>,
    pub(crate) users: Vec<Use>,
    pub(crate) minimums: Vec<(Index, f64, u32)>,
    /// The rule of each class; there are as many priorities.
    pub(crate) rules: Vec<&'static str>,
    pub(crate) ends_in_lake: bool,
    pub(crate) weather: (f64, f64),
    pub(crate) months: u32,
}

/// A node and its way down; what stands there counts where rivers come from above.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    below: Index,
    loss: f64,
    pub(crate) inflow: f64,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Junction,
    Gauge,
    Reservoir { store: Store, works: Works },
    Delta { losses: [f64; 2] },
    Lake { store: Store },
}

#[derive(Clone, Debug)]
struct Store {
    full: f64,
    /// Dead storage, target and start as parts of full storage.
    parts: [f64; 3],
    least: f64,
    area: f64,
}

/// Outlets and ranks of a reservoir.
#[derive(Clone, Debug)]
struct Works {
    most: Option<f64>,
    has_spillway: bool,
    storage_priority: Option<u32>,
    release_priority: Option<u32>,
    /// Priorities and parts of full storage.
    zones: Vec<(u32, f64)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Canal {
    from: Index,
    capacity: Option<f64>,
    loss: f64,
    /// Parts lost of what enters up to a knot and beyond it, in place of one part.
    curve: Option<[f64; 2]>,
}

#[derive(Clone, Debug)]
pub(crate) struct Use {
    at: Index,
    priority: u32,
    demand: f64,
    returns: Option<(f64, Index)>,
    weight: f64,
    share: f64,
}

/// What a random basin may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum With {
    Everything,
    /// The same with canals that lose by curves, most of them one behind the other.
    CurvedCanals,
    /// No users, minimum flows and reservoirs: nothing whose rule could jump.
    NatureAlone,
}

/// Most nodes of a river.
pub(crate) const MOST_NODES: usize = 40;

pub(crate) fn basins(with: With) -> impl Strategy<Value = Basin> {
    let few = usize::from(with != With::NatureAlone);
    (
        prop::collection::vec(place(with), 3..=MOST_NODES),
        prop::collection::vec(canal(with), 0..=6 * few),
        prop::collection::vec(user(), 0..=16 * few),
        prop::collection::vec((any::<Index>(), volume(80.0), priority()), 0..=4 * few),
        prop::collection::vec(rule(), 1..=6),
        any::<bool>(),
        prop_oneof![Just((0.0, 0.0)), (0.0..150.0, 0.0..300.0)],
        1_u32..=4,
    )
        .prop_map(
            |(nodes, canals, users, minimums, rules, ends_in_lake, weather, months)| Basin {
                nodes,
                canals,
                users,
                minimums,
                rules,
                ends_in_lake,
                weather,
                months,
            },
        )
}

fn rule() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        5 => Just("equal"),
        2 => Just("weights"),
        2 => Just("shares"),
        1 => Just("river order"),
    ]
}

/// A priority; it is taken into the number of classes.
fn priority() -> impl Strategy<Value = u32> {
    0_u32..6
}

/// A volume up to `most`, sometimes nothing.
fn volume(most: f64) -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 6 => 0.1..most]
}

fn loss() -> impl Strategy<Value = f64> {
    prop_oneof![12 => Just(0.0), 6 => 0.0..0.4, 1 => Just(0.9)]
}

fn place(with: With) -> impl Strategy<Value = Place> {
    let kind = match with {
        With::Everything | With::CurvedCanals => kind().boxed(),
        With::NatureAlone => natural_kind().boxed(),
    };
    (any::<Index>(), loss(), volume(200.0), kind).prop_map(|(below, loss, inflow, kind)| Place {
        below,
        loss,
        inflow,
        kind,
    })
}

fn natural_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        2 => Just(Kind::Junction),
        1 => Just(Kind::Gauge),
        1 => bent().prop_map(|losses| Kind::Delta { losses }),
        1 => store().prop_map(|store| Kind::Lake { store }),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => natural_kind(),
        3 => (store(), works()).prop_map(|(store, works)| Kind::Reservoir { store, works }),
    ]
}

fn works() -> impl Strategy<Value = Works> {
    (
        prop::option::weighted(0.3, volume(200.0)),
        prop::bool::weighted(0.2),
        prop::option::weighted(0.4, priority()),
        prop::option::weighted(0.4, priority()),
        prop::collection::vec((priority(), 0.0..1.0), 0..=2),
    )
        .prop_map(
            |(most, has_spillway, storage_priority, release_priority, zones)| Works {
                most,
                has_spillway,
                storage_priority,
                release_priority,
                zones,
            },
        )
}

fn store() -> impl Strategy<Value = Store> {
    let part = || prop_oneof![1 => Just(0.0), 1 => Just(1.0), 6 => 0.0..1.0];
    let parts = (0.0..0.5, part(), part());
    (1.0..500.0, parts, volume(50.0), volume(100.0)).prop_map(|(full, parts, least, area)| Store {
        full,
        parts: parts.into(),
        least,
        area,
    })
}

fn canal(with: With) -> impl Strategy<Value = Canal> {
    let capacity = prop::option::of(volume(60.0));
    let plain = (any::<Index>(), capacity, loss()).prop_map(|(from, capacity, loss)| Canal {
        from,
        capacity,
        loss,
        curve: None,
    });
    match with {
        With::CurvedCanals => (plain, prop::option::weighted(0.7, bent()))
            .prop_map(|(canal, curve)| Canal { curve, ..canal })
            .boxed(),
        With::Everything | With::NatureAlone => plain.boxed(),
    }
}

/// Parts lost up to a knot and, no less, beyond it, so that outflow bends down.
fn bent() -> impl Strategy<Value = [f64; 2]> {
    (0.0..0.6, 0.0..1.0).prop_map(|(low, more)| [low, low + more * (0.9 - low)])
}

/// Knots of a curve of loss that bends once.
fn knots([low, high]: [f64; 2]) -> [(f64, f64); 3] {
    let lost = 40.0 * low;
    [(0.0, 0.0), (40.0, lost), (140.0, lost + 100.0 * high)]
}

fn user() -> impl Strategy<Value = Use> {
    let demand = prop_oneof![1 => Just(0.0), 1 => Just(3000.0), 12 => 0.1..150.0];
    let returns = prop::option::of((0.0..1.0, any::<Index>()));
    let measures = (0.2..5.0, 0.2..5.0);
    (any::<Index>(), priority(), demand, returns, measures).prop_map(
        |(at, priority, demand, returns, (weight, share))| Use {
            at,
            priority,
            demand,
            returns,
            weight,
            share,
        },
    )
}

impl Basin {
    /// The basin as files.
    pub(crate) fn sketch(&self) -> Sketch {
        let mut sketch = Sketch::new(self.months);
        for (rule, priority) in self.rules.iter().zip(1..) {
            sketch.class(priority, rule);
        }
        let below: Vec<usize> = self.ways_down();
        for (node, place) in self.nodes.iter().enumerate() {
            let is_source = node > 0 && !below[1..].contains(&node);
            self.put(&mut sketch, node, place, is_source);
            if node > 0 {
                sketch.losing_river(&name(node), &name(below[node]), place.loss);
            }
        }
        let heads = self.put_canals(&mut sketch);
        for (place, user) in self.users.iter().enumerate() {
            let at = user.at.index(heads.len());
            let (at, head) = &heads[at];
            let mut ask = Ask::of(user.demand, at, self.priority(user.priority))
                .weighing(user.weight)
                .sharing(user.share);
            let to = user
                .returns
                .map(|(part, to)| (part, name(to.index((*head).max(1)))));
            if let Some((part, to)) = to.as_ref().filter(|_| *head > 0) {
                ask = ask.returning(*part, to);
            }
            sketch.user(&format!("user {place}"), &ask);
        }
        for (place, (at, flow, priority)) in self.minimums.iter().enumerate() {
            let at = at.index(self.nodes.len());
            // The loader refuses a flow to keep below a lake that no river leaves.
            if at > 0 || !self.ends_in_lake {
                let (of, minimum) = (self.priority(*priority), format!("minimum {place}"));
                sketch.minimum_flow_of(of, &minimum, &name(at), *flow);
            }
        }
        sketch
    }

    fn priority(&self, priority: u32) -> u32 {
        1 + priority % self.rules.len() as u32
    }

    /// The node below each; the end stands for itself.
    fn ways_down(&self) -> Vec<usize> {
        // Among the four before it, so that rivers are long and storages stand below each other.
        let below = |(node, place): (usize, &Place)| match node {
            0 => 0,
            node => node - 1 - place.below.index(node.min(4)),
        };
        self.nodes.iter().enumerate().map(below).collect()
    }

    fn put(&self, sketch: &mut Sketch, node: usize, place: &Place, is_source: bool) {
        let name = name(node);
        if is_source {
            sketch.inflow(&name, place.inflow);
            return;
        }
        if node == 0 {
            if self.ends_in_lake {
                sketch.lake(&name, &self.water(&Store::end(), false));
            } else {
                sketch.outlet(&name);
            }
            return;
        }
        match &place.kind {
            Kind::Junction => sketch.junction(&name),
            Kind::Gauge => sketch.gauge(&name),
            Kind::Reservoir { store, works } => sketch.reservoir(&name, &self.dam(store, works)),
            Kind::Delta { losses } => sketch.delta(&name, &knots(*losses)),
            Kind::Lake { store } => sketch.lake(&name, &self.water(store, true)),
        };
    }

    fn dam(&self, store: &Store, works: &Works) -> Dam {
        let [dead, target, _] = store.parts.map(|part| part * store.full);
        let zones = works.zones.iter();
        Dam {
            water: self.water(store, works.has_spillway),
            dead,
            full: store.full,
            target: target.max(dead),
            least: store.least,
            most: works.most,
            storage_priority: works.storage_priority.map(|rank| self.priority(rank)),
            release_priority: works.release_priority.map(|rank| self.priority(rank)),
            zones: zones
                .map(|(rank, part)| (self.priority(*rank), part * store.full))
                .collect(),
            ..Dam::holding(0.0)
        }
    }

    fn water(&self, store: &Store, has_sill: bool) -> Water {
        let sill = |part: f64| if has_sill { part * store.full } else { 0.0 };
        let knots: Vec<Knot> = vec![
            [0.0, 0.0, 0.0, 0.0],
            [5.0, store.full * 0.5, store.area, sill(0.1)],
            [10.0, store.full, store.area * 1.5, sill(0.8)],
        ];
        Water {
            knots,
            has_sill,
            rain_mm: self.weather.0,
            evaporation_mm: self.weather.1,
            start: store.parts[2] * store.full,
        }
    }

    /// Writes the canals; gives all nodes from which a user can take, with their nodes on the river.
    fn put_canals(&self, sketch: &mut Sketch) -> Vec<(String, usize)> {
        let mut heads: Vec<(String, usize)> = (0..self.nodes.len())
            .map(|node| (name(node), node))
            .collect();
        if !self.ends_in_lake {
            // An outlet has no links out; a user may still stand there.
            heads.rotate_left(1);
        }
        for (place, canal) in self.canals.iter().enumerate() {
            let to = format!("canal {place}");
            let from = canal.from.index(heads.len());
            let (from, head) = match &heads[from] {
                (_, 0) => heads[(from + 1) % heads.len()].clone(),
                other => other.clone(),
            };
            match canal.curve {
                None => sketch.canal(&from, &to, canal.capacity, canal.loss),
                Some(losses) => sketch.curved_canal(&from, &to, canal.capacity, &knots(losses)),
            };
            heads.push((to, head));
        }
        heads
    }
}

impl Store {
    /// The lake at the end of a river.
    fn end() -> Self {
        Self {
            full: 1000.0,
            parts: [0.0, 0.0, 0.5],
            least: 0.0,
            area: 100.0,
        }
    }
}

/// The name of a node: not in the order of the nodes, so that order by name is not river order.
pub(crate) fn name(node: usize) -> String {
    format!("n{:02}", (node * 7 + 3) % 41)
}
