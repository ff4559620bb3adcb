//! The allocation beside a linear programme that knows only its definition, on random rivers.

mod support;

use proptest::prelude::*;
use support::case::cases;
use support::random::With;

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn e11_parts_and_flows_are_those_of_the_definition(case in cases(With::Everything)) {
        let checked = case.check(false);
        prop_assert!(checked.is_ok(), "{:?}", checked);
    }

    #[test]
    fn e63_canals_with_curves_too(case in cases(With::CurvedCanals)) {
        let checked = case.check(false);
        prop_assert!(checked.is_ok(), "{:?}", checked);
    }
}
