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
    pub(crate) minimums: Vec<(Index, f64)>,
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
    Reservoir { store: Store, most: Option<f64> },
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

#[derive(Clone, Debug)]
pub(crate) struct Canal {
    from: Index,
    capacity: Option<f64>,
    loss: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct Use {
    at: Index,
    priority: u32,
    demand: f64,
    returns: Option<(f64, Index)>,
}

/// What a random basin may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum With {
    Everything,
    /// No users, minimum flows and reservoirs: nothing whose rule could jump.
    NatureAlone,
}

pub(crate) fn basins(with: With) -> impl Strategy<Value = Basin> {
    let few = usize::from(with == With::Everything);
    (
        prop::collection::vec(place(with), 3..=25),
        prop::collection::vec(canal(), 0..=4 * few),
        prop::collection::vec(user(), 0..=8 * few),
        prop::collection::vec((any::<Index>(), volume(80.0)), 0..=3 * few),
        any::<bool>(),
        prop_oneof![Just((0.0, 0.0)), (0.0..150.0, 0.0..300.0)],
        1_u32..=4,
    )
        .prop_map(
            |(nodes, canals, users, minimums, ends_in_lake, weather, months)| Basin {
                nodes,
                canals,
                users,
                minimums,
                ends_in_lake,
                weather,
                months,
            },
        )
}

/// A volume up to `most`, sometimes nothing.
fn volume(most: f64) -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 6 => 0.1..most]
}

fn loss() -> impl Strategy<Value = f64> {
    prop_oneof![6 => Just(0.0), 3 => 0.0..0.4, 1 => Just(0.99)]
}

fn place(with: With) -> impl Strategy<Value = Place> {
    let kind = match with {
        With::Everything => kind().boxed(),
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
        1 => (0.0..0.6, 0.0..1.0).prop_map(|(low, more)| {
            // What more is lost of what is beyond a knot, so that outflow bends down.
            Kind::Delta { losses: [low, low + more * (0.9 - low)] }
        }),
        1 => store().prop_map(|store| Kind::Lake { store }),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    let most = prop::option::weighted(0.4, volume(200.0));
    prop_oneof![
        4 => natural_kind(),
        3 => (store(), most).prop_map(|(store, most)| Kind::Reservoir { store, most }),
    ]
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

fn canal() -> impl Strategy<Value = Canal> {
    let capacity = prop::option::of(volume(60.0));
    (any::<Index>(), capacity, loss()).prop_map(|(from, capacity, loss)| Canal {
        from,
        capacity,
        loss,
    })
}

fn user() -> impl Strategy<Value = Use> {
    let demand = prop_oneof![1 => Just(0.0), 1 => Just(1e12), 12 => 0.1..150.0];
    let returns = prop::option::of((0.0..0.9, any::<Index>()));
    (any::<Index>(), 1_u32..=3, demand, returns).prop_map(|(at, priority, demand, returns)| Use {
        at,
        priority,
        demand,
        returns,
    })
}

impl Basin {
    /// The basin as files.
    pub(crate) fn sketch(&self) -> Sketch {
        let mut sketch = Sketch::new(self.months);
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
            let mut ask = Ask::of(user.demand, at, user.priority);
            let to = user
                .returns
                .map(|(part, to)| (part, name(to.index((*head).max(1)))));
            if let Some((part, to)) = to.as_ref().filter(|_| *head > 0) {
                ask = ask.returning(*part, to);
            }
            sketch.user(&format!("user {place}"), &ask);
        }
        for (place, (at, flow)) in self.minimums.iter().enumerate() {
            let at = at.index(self.nodes.len());
            // The loader refuses a flow to keep below a lake that no river leaves.
            if at > 0 || !self.ends_in_lake {
                sketch.minimum_flow(&format!("minimum {place}"), &name(at), *flow);
            }
        }
        sketch
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
            Kind::Reservoir { store, most } => {
                let [dead, target, _] = store.parts.map(|part| part * store.full);
                let dam = Dam {
                    water: self.water(store, false),
                    dead,
                    full: store.full,
                    target: target.max(dead),
                    least: store.least,
                    most: *most,
                    natural: 0.0,
                    in_service: "1900-01",
                };
                sketch.reservoir(&name, &dam)
            }
            Kind::Delta {
                losses: [low, high],
            } => {
                let lost = 40.0 * low;
                let knots = [(0.0, 0.0), (40.0, lost), (140.0, lost + 100.0 * high)];
                sketch.delta(&name, &knots)
            }
            Kind::Lake { store } => sketch.lake(&name, &self.water(store, true)),
        };
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
            sketch.canal(&from, &to, canal.capacity, canal.loss);
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
    format!("n{:02}", (node * 7 + 3) % 31)
}
