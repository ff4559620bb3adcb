use rivershare::{engine::*, model::Model};
use std::{path::Path, time::Instant};
fn main() {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).unwrap();
    for name in ["baseline", "natural", "canal-7.0"] {
        let t = Instant::now();
        let plan = model.plan(inputs, &model.scenarios[name]).unwrap();
        let planned = t.elapsed();
        for n in [1usize, 32, 256] {
            let members: Vec<Member> = (0..n)
                .map(|i| {
                    let mut m = Member::of(&plan);
                    let f = 0.7 + 0.6 * i as f64 / n as f64;
                    m.inflow.iter_mut().for_each(|x| *x = f);
                    m
                })
                .collect();
            let series: Vec<Series> = Series::all(&plan)
                .into_iter()
                .filter(|s| matches!(s.quantity, Quantity::Comes | Quantity::Storage))
                .collect();
            let t = Instant::now();
            let e = Ensemble::new(&plan, &members).lanes(if n == 1 { 1 } else { 32 });
            e.sums(&series);
            let dt = t.elapsed();
            println!(
                "{name} plan {planned:?} n={n} {dt:?} ns/node/step/member {}",
                dt.as_nanos() as f64 / (plan.places.len() * plan.steps() * n) as f64
            );
        }
        let t = Instant::now();
        run_plainly(&plan);
        println!("plainly {:?}", t.elapsed());
        let t = Instant::now();
        run(&plan);
        println!("run {:?}", t.elapsed());
        let t = Instant::now();
        bounds(&plan);
        println!("bounds {:?}", t.elapsed());
    }
}
