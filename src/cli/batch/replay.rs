//! A member of a run by its coordinates, run again alone.

use super::{Failure, Voice};
use crate::batch::natural::Natural;
use crate::batch::open::Opened;
use crate::results::simulate_plan;

/// A member of a run, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coordinates {
    run: usize,
    member: usize,
}

impl std::str::FromStr for Coordinates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once(':').and_then(|(run, member)| {
            Some((run.parse::<usize>().ok()?, member.parse::<usize>().ok()?))
        });
        match numbers {
            Some((run, member)) if run > 0 && member > 0 => Ok(Self { run, member }),
            _ => Err("expected RUN:MEMBER, both from 1, for instance 12:7".to_owned()),
        }
    }
}

impl Coordinates {
    /// Runs the member with every flux recorded, and audits every node.
    pub(super) fn run(self, opened: &Opened, voice: Voice) -> Result<(), Failure> {
        let (world, blueprint) = (&opened.world, &opened.blueprint);
        if self.run > blueprint.runs() || self.member > blueprint.members as usize {
            let (runs, members) = (blueprint.runs(), blueprint.members);
            return Err(Failure::NoSuchMember { runs, members });
        }
        let run = world.run(self.run - 1)?;
        let water = world.water_of(self.member - 1..self.member);
        let (scenario, natural) = (
            world.scenario(self.run - 1),
            world.natural(self.run - 1, &run)?,
        );
        for values in water.iter() {
            let plan = run
                .water
                .put(&run.plan, &run.water.numbers(&run.plan, values));
            simulate_plan(&world.model, &scenario, plan)?;
            if let Some(Natural { plan, water, .. }) = &natural {
                let plan = water.put(plan, &water.numbers(plan, values));
                simulate_plan(&world.model, &scenario.natural(), plan)?;
            }
        }
        voice.say(
            "replayed",
            &format!(
                "run {}, member {}: every balance closes",
                self.run, self.member
            ),
        );
        Ok(())
    }
}
