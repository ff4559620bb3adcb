//! The ledger finds each flux that is off by a millionth, and says where (equation E13).

mod support;

use ndarray::Array2;
use rivershare::engine::Record;
use rivershare::ledger::audit;
use support::{Ask, Dam, Outcome, Sketch, Water};

/// A river with every kind of flux: canal, user, return, delta, reservoir, loss, outlet.
fn run() -> Outcome {
    let mut water = Water::still(500.0);
    water.rain_mm = 100.0;
    water.evaporation_mm = 200.0;
    let dam = Dam {
        water,
        least: 50.0,
        ..Dam::holding(500.0)
    };
    let mut sketch = Sketch::new(2);
    sketch.inflow("source", 100.0).junction("head");
    sketch.junction("middle").reservoir("dam", &dam);
    sketch.delta("delta", &[(0.0, 0.0), (200.0, 50.0)]);
    sketch.outlet("mouth").canal("head", "field", None, 0.2);
    sketch.rivers(&["source", "head", "delta", "middle", "dam"]);
    sketch.losing_river("dam", "mouth", 0.1);
    let ask = Ask::of(40.0, "field", 1).returning(0.5, "middle");
    sketch.user("farm", &ask);
    sketch.run()
}

/// Where the ledger sees a record as broken.
fn place(run: &Outcome, record: &Record) -> String {
    match audit(&run.network, &run.plan, record) {
        Ok(_) => "nowhere".to_owned(),
        Err(imbalance) => format!("{} {}", imbalance.place, imbalance.month),
    }
}

/// Changes one flux of May by a millionth, then to what is no number; expects the ledger to name `wanted`.
fn breaks(wanted: &str, at: usize, flux: impl Fn(&mut Record) -> &mut Array2<f64>) {
    let run = run();
    let value = flux(&mut run.record.clone())[[1, at]];
    assert!(value > 1.0, "the flux of {wanted} is too small to be seen");
    let up = value * (1.0 + 1e-6);
    let down = value * (1.0 - 1e-6);
    for broken in [up, down, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut record = run.record.clone();
        flux(&mut record)[[1, at]] = broken;
        assert_eq!(
            place(&run, &record),
            format!("{wanted} 2001-05"),
            "{broken}"
        );
    }
}

#[test]
fn e13_an_unbroken_record_closes() {
    let run = run();
    assert_eq!(place(&run, &run.record), "nowhere");
}

#[test]
fn e13_a_broken_link_is_found_at_its_end() {
    let run = run();
    let river = run.link("dam", "mouth");
    breaks("`dam`", river, |record| &mut record.enters);
    breaks("`mouth`", river, |record| &mut record.leaves);
    let canal = run.link("head", "field");
    breaks("`head`", canal, |record| &mut record.enters);
    breaks("`field`", canal, |record| &mut record.leaves);
}

#[test]
fn e13_a_broken_user_is_found() {
    let farm = run().user("farm");
    breaks("`field`", farm, |record| &mut record.delivered);
    breaks("the user `farm`", farm, |record| &mut record.consumed);
    breaks("`middle`", farm, |record| &mut record.returned);
}

#[test]
fn e13_a_broken_storage_is_found() {
    let dam = run().store("dam");
    breaks("`dam`", dam, |record| &mut record.storage);
    breaks("`dam`", dam, |record| &mut record.rain);
    breaks("`dam`", dam, |record| &mut record.evaporation);
}

#[test]
fn e13_a_broken_delta_is_found() {
    let delta = run().node("delta");
    breaks("`delta`", delta, |record| &mut record.delta_loss);
}

#[test]
fn e13_a_broken_outlet_is_found() {
    let mouth = run().node("mouth");
    breaks("`mouth`", mouth, |record| &mut record.comes);
}
