//! Months spread over their days (equation E28): whatever the method, the month keeps its volume.

use proptest::prelude::*;
use rivershare::scenario::Disaggregation;

const METHODS: [Disaggregation; 2] = [Disaggregation::Constant, Disaggregation::Smooth];

/// Means and lengths of some months in a row, dry ones among them.
fn months() -> impl Strategy<Value = Vec<(f64, u32)>> {
    let mean = prop_oneof![1 => Just(0.0), 4 => 0.0..5000.0_f64, 1 => 0.0..1e-3_f64];
    prop::collection::vec((mean, 28..=31_u32), 1..40)
}

proptest! {
    #[test]
    fn e28_every_month_keeps_its_volume_and_no_day_is_negative(months in months()) {
        for method in METHODS {
            let days = method.days(&months);
            let mut start = 0;
            for (mean, count) in &months {
                let own = &days[start..start + *count as usize];
                let sum: f64 = own.iter().sum();
                let volume = mean * f64::from(*count);
                // Sums of 31 numbers of the size of the mean.
                prop_assert!((sum - volume).abs() <= 1e-13 * volume, "{method:?}: {sum} {volume}");
                prop_assert!(own.iter().all(|day| *day >= 0.0));
                start += own.len();
            }
            prop_assert_eq!(start, days.len());
        }
    }

    #[test]
    fn e28_the_smooth_course_has_no_jump_between_months(months in months()) {
        let days = Disaggregation::Smooth.days(&months);
        let mut end = 0;
        for pair in months.windows(2) {
            end += pair[0].1 as usize;
            let lesser = pair[0].0.min(pair[1].0);
            let joint = (0.5 * (pair[0].0 + pair[1].0)).min(2.0 * lesser);
            // From the joint it goes to a middle between 0 and twice the mean in half a month, and in the
            // half of a day by one part of that in the number of days.
            for (day, mean) in [(days[end - 1], pair[0].0), (days[end], pair[1].0)] {
                prop_assert!((day - joint).abs() <= 2.0 * mean.max(joint) / 28.0 + 1e-9);
            }
        }
    }
}

#[test]
fn e28_months_that_rise_by_the_same_step_lie_on_one_line() {
    // With months of one length a straight rise is given back as it is.
    let months: Vec<(f64, u32)> = (0..6)
        .map(|month| (100.0 + 30.0 * f64::from(month), 30))
        .collect();
    let days = Disaggregation::Smooth.days(&months);
    for (place, day) in days.iter().enumerate().skip(30).take(120) {
        let expected = 85.0 + place as f64 + 0.5;
        assert!((day - expected).abs() < 1e-10, "{place}: {day}");
    }
}

#[test]
fn e28_a_flood_month_between_dry_ones_rises_and_falls_within_itself() {
    let days = Disaggregation::Smooth.days(&[(0.0, 31), (60.0, 30), (0.0, 31)]);
    let flood = &days[31..61];
    assert!(days[..31].iter().chain(&days[61..]).all(|day| *day == 0.0));
    // A triangle from 0 to twice the mean and back.
    assert!((flood[0] - 4.0).abs() < 1e-10);
    assert!((flood[14] - 116.0).abs() < 1e-10 && (flood[15] - 116.0).abs() < 1e-10);
    assert_eq!(Disaggregation::Constant.days(&[(7.0, 28)]), vec![7.0; 28]);
}
