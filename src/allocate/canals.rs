//! Water led through canals that lose by a curve: what must enter for what is ordered, and what arrives of what
//! there is (equation E63).

use super::desk::Desk;
use super::machine::Machine;
use super::scheme::{Passes, Way};

impl<M: Machine> Desk<'_, M> {
    /// Orders a volume at the end of a way: each canal carries what the one below it takes.
    pub(super) fn order(&mut self, way: &Way, volume: M::Number) {
        let (machine, standing) = (&mut *self.machine, &mut self.standing);
        let mut more = volume;
        for canal in way.canals.iter().rev() {
            let carried = standing.carried[canal.link];
            match canal.passes {
                Passes::Part(part) => {
                    let part = machine.number(part);
                    more = machine.div(more, part);
                    standing.carried[canal.link] = machine.add(carried, more);
                }
                Passes::Curve { loss, place } => {
                    standing.arrives[place] = machine.add(standing.arrives[place], more);
                    let carries = machine.inflow(loss, standing.arrives[place]);
                    standing.carried[canal.link] = carries;
                    more = machine.sub(carries, carried);
                }
            }
        }
        standing.taken[way.head] = machine.add(standing.taken[way.head], more);
    }

    /// What of a volume that is ordered arrives at the end of a way if the river can spare so much at its head.
    pub(super) fn led(
        &mut self,
        way: &Way,
        ordered: M::Number,
        spare: Option<M::Number>,
    ) -> M::Number {
        let mut more = spare;
        for canal in &way.canals {
            let room = self.room(canal.link);
            let machine = &mut *self.machine;
            let enters = more.map_or(room, |more| machine.min(more, room));
            more = Some(match canal.passes {
                Passes::Part(part) => {
                    let part = machine.number(part);
                    machine.mul(enters, part)
                }
                Passes::Curve { loss, place } => {
                    let carries = machine.add(self.standing.carried[canal.link], enters);
                    let arrives = machine.outflow(loss, carries);
                    machine.sub(arrives, self.standing.arrives[place])
                }
            });
        }
        more.map_or(ordered, |more| self.machine.min(ordered, more))
    }
}
