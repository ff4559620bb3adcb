//! How much of each flood is asked for (equations E42 and E43), written over the arithmetic of a machine.
//!
//! What there was at the last decision stands in the state. The flood of a year lies between those of two knots
//! of its rule's table: straight lines need no more than the smaller and the greater.

use super::state::{Row, State};
use crate::allocate::Machine;
use crate::plan::DecidedFlood;

/// Volume of each minimum flow in the step as decided, hm³.
pub(super) fn asked<M: Machine>(
    m: &mut M,
    rules: &[DecidedFlood],
    row: &Row<M::Number>,
    state: &mut State<M::Number>,
) -> Vec<M::Number> {
    let mut asked = row.minimum.clone();
    for (place, rule) in rules.iter().enumerate() {
        let available = available(m, rule, row, state);
        state.available[place] = decided(m, row.decides[place], available, state.available[place]);
        asked[rule.flow] = flood(m, rule, row, state.available[place]);
    }
    asked
}

/// Storage now and the water that is expected (equation E42).
fn available<M: Machine>(
    m: &mut M,
    rule: &DecidedFlood,
    row: &Row<M::Number>,
    state: &State<M::Number>,
) -> M::Number {
    let stored = rule.storages.iter().map(|storage| state.storage[*storage]);
    let expected = rule.sources.clone().map(|source| row.expected[source]);
    let nothing = m.number(0.0);
    stored
        .chain(expected)
        .fold(nothing, |sum, volume| m.add(sum, volume))
}

/// The new number where it is decided in this step, else the old one.
fn decided<M: Machine>(m: &mut M, decides: M::Number, new: M::Number, old: M::Number) -> M::Number {
    let one = m.number(1.0);
    let keeps = m.sub(one, decides);
    let (new, old) = (m.mul(decides, new), m.mul(keeps, old));
    m.add(new, old)
}

/// The greatest flood less what each stretch of the table that is not reached would add (equation E43).
fn flood<M: Machine>(
    m: &mut M,
    rule: &DecidedFlood,
    row: &Row<M::Number>,
    available: M::Number,
) -> M::Number {
    let (nothing, all) = (m.number(0.0), m.number(1.0));
    let mut flood = row.minimum[rule.flow];
    for (stretch, knots) in rule.available_hm3.windows(2).enumerate() {
        let (low, length) = (m.number(knots[0]), m.number(knots[1] - knots[0]));
        let above = m.sub(available, low);
        let part = m.div(above, length);
        let part = m.max(part, nothing);
        let part = m.min(part, all);
        let left = m.sub(all, part);
        let less = m.mul(left, row.rises[rule.first_stretch + stretch]);
        flood = m.sub(flood, less);
    }
    // Where all is left out, rounding may leave less than nothing.
    m.max(flood, nothing)
}
