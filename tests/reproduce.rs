//! The same bits on any width, number of threads and processor, and from the program as from the text.

use std::path::Path;

use rivershare::engine::{
    Base, Differences, Ensemble, Instructions, Member, Patches, Quantity, Series, run, run_each_of,
    run_plainly,
};
use rivershare::inputs::by_year::ByYear;
use rivershare::inputs::folder::Folder;
use rivershare::inputs::months::Months;
use rivershare::model::Model;
use rivershare::plan::{Factors, Plan, Sites};
use rivershare::scenario::rule::{Amount, RuleChange};
use rivershare::scenario::{Change, Pick, Scenario, What};

fn shipped(scenario: &str) -> Plan {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).expect("the shipped inputs are sound");
    model
        .plan(inputs, &model.scenarios[scenario])
        .expect("a sound scenario")
}

#[test]
fn the_program_gives_the_bits_of_the_text() {
    for scenario in ["baseline", "natural", "canal-7.0", "upstream-growth-dry"] {
        let plan = shipped(scenario);
        let (program, text) = (run(&plan), run_plainly(&plan));
        for series in Series::all(&plan) {
            let (found, wanted) = (program.array(series.quantity), text.array(series.quantity));
            let bits = |array: &ndarray::Array2<f64>| -> Vec<u64> {
                array
                    .column(series.place)
                    .iter()
                    .map(|value| (value + 0.0).to_bits())
                    .collect()
            };
            assert_eq!(bits(found), bits(wanted), "{scenario}: {series:?}");
        }
    }
}

/// Members with other inflows, demands, starts and years.
fn members(plan: &Plan, count: usize) -> Vec<Member> {
    let member = |place: usize| {
        let mut member = Member::of(plan);
        let factor = 0.4 + place as f64 / count as f64;
        member.inflow.iter_mut().for_each(|inflow| *inflow = factor);
        member.demand[place % plan.paths.len()] = 1.5;
        member.initial[0] *= 0.9;
        if place.is_multiple_of(3) {
            let steps = plan.steps() as u32;
            member.rows = Some(
                (0..steps)
                    .map(|step| (step + 12 * place as u32) % steps)
                    .collect(),
            );
        }
        member
    };
    (0..count).map(member).collect()
}

#[test]
fn width_threads_and_instructions_change_no_bit() {
    let plan = shipped("upstream-growth-dry");
    let members = members(&plan, 37);
    let series = Series::all(&plan);
    let alone = Ensemble::new(&plan, &members).lanes(1).sums(&series);
    for (lanes, threads) in [(4, 1), (16, 2), (32, 1), (64, 7)] {
        for instructions in [Instructions::Widest, Instructions::Common] {
            let ensemble = Ensemble::new(&plan, &members).lanes(lanes).threads(threads);
            let sums = ensemble.instructions(instructions).sums(&series);
            assert!(
                sums == alone,
                "{lanes} lanes, {threads} threads, {instructions:?}"
            );
        }
    }
}

#[test]
fn a_member_does_not_see_its_neighbours() {
    let plan = shipped("canal-4.6");
    let members = members(&plan, 5);
    let series = Series::all(&plan);
    let together = Ensemble::new(&plan, &members).lanes(8).sums(&series);
    for (place, member) in members.iter().enumerate() {
        let member = [member.clone()];
        let alone = Ensemble::new(&plan, &member).lanes(1).sums(&series);
        assert_eq!(together.row(place), alone.row(0), "member {place}");
    }
}

/// A scenario of the shipped inputs with a change that is written as in a file of a scenario.
fn changed(model: &Model, change: What) -> Scenario {
    let mut scenario = model.scenarios["canal-7.0"].clone();
    let written = scenario.changes[0].written.clone();
    scenario.changes.push(Change {
        what: change,
        written,
    });
    scenario
}

/// Other withdrawals, demands, capacities, canals out of service and a flood's water: all patches of one plan.
#[test]
fn plans_side_by_side_have_the_bits_of_each_alone() {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).expect("the shipped inputs are sound");
    let canal = || "Satpayev canal, head".to_owned();
    let irtysh = Pick {
        basin: Some("Irtysh".to_owned()),
        ..Pick::default()
    };
    let half = ByYear::new(vec![(2030, 1.0), (2050, 0.5)]);
    let scenarios = [
        model.scenarios["canal-7.0"].clone(),
        model.scenarios["canal-1.5"].clone(),
        model.scenarios["present-use"].clone(),
        changed(&model, What::Capacity(canal(), 12.0)),
        changed(&model, What::Switch(canal(), false)),
        changed(&model, What::DemandFactor(Pick::default(), half.clone())),
        changed(&model, What::InflowFactor(irtysh, Months::default(), half)),
    ];
    let plans = scenarios.map(|scenario| model.plan(inputs, &scenario).expect("a sound scenario"));
    let base = Base::of(plans[0].clone());
    let differences: Vec<Differences> = plans
        .iter()
        .map(|plan| base.beside(plan).expect("a plan that can run beside"))
        .collect();
    assert!(differences[0].is_empty());
    assert!(differences[1..].iter().all(|columns| !columns.is_empty()));
    let patches = Patches::of(base.plan(), &differences.iter().collect::<Vec<_>>(), &[]);
    let members: Vec<Member> = (0..plans.len())
        .map(|patch| Member {
            patch,
            ..Member::of(base.plan())
        })
        .collect();
    let series = Series::all(base.plan());
    for lanes in [1, 8, 64] {
        let ensemble = Ensemble::new(base.plan(), &members).patched(&patches);
        let together = ensemble.lanes(lanes).sums(&series);
        for (place, plan) in plans.iter().enumerate() {
            let member = [Member::of(plan)];
            let alone = Ensemble::new(plan, &member).lanes(1).sums(&series);
            // Adding 0 makes one zero of two.
            let bits = |sum: &f64| (sum + 0.0).to_bits();
            assert!(
                together
                    .row(place)
                    .iter()
                    .map(bits)
                    .eq(alone.row(0).iter().map(bits)),
                "plan {place}, {lanes} lanes"
            );
        }
    }
}

/// What is made anew is what a whole plan has.
#[test]
fn a_patched_plan_is_the_plan_of_its_scenario() {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).expect("the shipped inputs are sound");
    let base = &model.scenarios["present-use"];
    let (sites, climate) = (Sites::nowhere(&model.network), Factors::default());
    let patchable = model
        .patchable(inputs, base, (&sites, &climate))
        .expect("a sound scenario");
    let canal = || "Satpayev canal, head".to_owned();
    let half = ByYear::new(vec![(2030, 1.0), (2050, 0.5)]);
    let plant = model.network.plants[0].0.name.clone();
    let rule = RuleChange {
        reservoir: "Kapchagay".to_owned(),
        from: None,
        target: Some(Amount::Factor(0.8)),
        release: Some(Amount::Factor(1.5)),
        maximum_release_m3s: None,
        zone_factor: None,
    };
    let scenarios = [
        model.scenarios["canal-7.0"].clone(),
        changed(&model, What::Capacity(canal(), 12.0)),
        changed(&model, What::Switch(canal(), false)),
        changed(&model, What::DemandFactor(Pick::default(), half.clone())),
        changed(&model, What::Energy(plant, [20.0; 12])),
        changed(&model, What::Rule(rule)),
    ];
    let folder = Folder::new(inputs);
    for scenario in &scenarios {
        let changes = &scenario.changes;
        let differences = patchable
            .differences(&folder, &model.network, changes)
            .expect("numbers alone");
        let patched = patchable.patched(&differences);
        let whole = model.plan(inputs, scenario).expect("a sound scenario");
        assert!(whole.is_alike(&patched) && whole.differences(&patched).is_empty());
    }
    let wetter = What::InflowFactor(Pick::default(), Months::default(), half);
    let changes = changed(&model, wetter).changes;
    let differences = patchable.differences(&folder, &model.network, &changes);
    assert!(differences.is_none());
}

/// A plan with other losses of deltas and canals, returns, salt that sinks, weather and starts.
fn candidate(whole: &Plan, factor: f64) -> Plan {
    let mut plan = whole.clone();
    plan.evaporation_mm *= 1.1 - 0.1 * factor;
    for start in &mut plan.initial {
        *start *= factor;
    }
    for loss in plan.deltas.iter_mut().flat_map(|delta| &mut delta.loss_m3s) {
        *loss *= factor;
    }
    if let Some(salt) = &mut plan.carried.salt {
        salt.exchange *= factor;
        for sinks in &mut salt.sink_fractions {
            *sinks *= factor;
        }
    }
    for returns in &mut plan.return_fractions {
        *returns *= factor;
    }
    plan
}

/// As many as fill a pack of claims that compete, and some of another.
#[test]
fn candidates_have_the_bits_of_each_alone() {
    let mut wholes = vec![shipped("baseline")];
    for case in [
        "losses",
        "return-flow",
        "evaporation",
        "proportional-sharing",
        "class-rules",
    ] {
        let inputs = Path::new("tests/golden").join(case).join("inputs");
        let model = Model::load(&inputs, &[]).expect("sound inputs");
        let plan = model.plan(&inputs, &model.scenarios["baseline"]);
        wholes.push(plan.expect("a sound scenario"));
    }
    for whole in &wholes {
        let factors = (0..11).map(|place| 1.0 - 0.05 * f64::from(place));
        let candidates: Vec<Plan> = factors.map(|factor| candidate(whole, factor)).collect();
        let base = Base::of(candidates[0].clone());
        assert!(candidates.iter().all(|plan| base.beside(plan).is_some()));
        let records = run_each_of(&candidates, Quantity::ALL);
        for (record, plan) in records.iter().zip(&candidates) {
            assert_eq!(*record, run_plainly(plan));
        }
    }
}

/// Who returns nothing, or all that is taken, is served by another program than who returns a part.
#[test]
fn a_return_of_nothing_or_of_all_runs_by_itself() {
    let whole = shipped("baseline");
    let returning = (0..whole.return_fractions.len())
        .find(|user| whole.return_fractions[*user] > 0.0 && whole.return_lags[*user] == 0);
    let returning = returning.expect("a user that returns water");
    let base = Base::of(whole.clone());
    for returns in [0.0, 1.0] {
        let mut other = whole.clone();
        other.return_fractions[returning] = returns;
        assert!(base.beside(&other).is_none(), "{returns}");
        let records = run_each_of(&[whole.clone(), other.clone()], Quantity::ALL);
        assert_eq!(records[1], run_plainly(&other));
    }
}

/// Beside a plan with less room a start is too full that is not in its own: the program of both would spill.
#[test]
fn a_start_above_the_full_storage_of_the_base_runs_by_itself() {
    let inputs = Path::new("tests/golden/evaporation/inputs");
    let model = Model::load(inputs, &[]).expect("sound inputs");
    let whole = model
        .plan(inputs, &model.scenarios["baseline"])
        .expect("a sound scenario");
    let [small, large] = [1.0, 2.0].map(|factor| {
        let mut plan = whole.clone();
        plan.full.fill(100.0 * factor);
        plan.initial.fill(75.0 * factor);
        plan
    });
    assert!(Base::of(small.clone()).beside(&large).is_none());
    assert!(Base::of(large.clone()).beside(&small).is_some());
    let records = run_each_of(&[small.clone(), large.clone()], Quantity::ALL);
    assert_eq!(records[0], run_plainly(&small));
    assert_eq!(records[1], run_plainly(&large));
}

#[test]
fn a_plan_of_another_make_does_not_run_beside() {
    let base = Base::of(shipped("present-use"));
    // Another curve, no dams, other months.
    for other in ["nominal-curve", "natural", "baseline"] {
        assert!(base.beside(&shipped(other)).is_none(), "{other}");
    }
}
