use rivershare::{engine::*, model::Model};
use std::path::Path;
fn main() {
    let inputs = Path::new("/tmp/refnet");
    let model = Model::load(inputs, &[]).unwrap();
    let plan = model
        .plan(inputs, &model.scenarios[&model.default_scenario])
        .unwrap();
    let series: Vec<Series> = Series::all(&plan)
        .into_iter()
        .filter(|s| matches!(s.quantity, Quantity::Storage))
        .collect();
    dump(&plan, &series);
}
