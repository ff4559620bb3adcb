//! The allocation beside a linear programme that knows only its definition, on random rivers.

mod support;

use proptest::prelude::*;
use support::case::cases;

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn e11_parts_and_flows_are_those_of_the_definition(case in cases()) {
        let checked = case.check(false);
        prop_assert!(checked.is_ok(), "{:?}", checked);
    }
}
