//! The memory that a batch says it needs.

use rivershare::batch::memory::bytes;

use crate::bench::Bench;

/// Megabytes of 48 months of the small model on two threads, where the lists of members are all that grows: in two
/// runs of n members a pass holds two columns of each of its measures, and the intervals 1000 to 100 places a member.
fn megabytes(members: u32) -> f64 {
    let opened = Bench::large(members, 2).opened();
    bytes(&opened, 2) as f64 / 1e6
}

#[test]
fn memory_hardly_grows_with_members() {
    let (thousand, ten_thousand, most) = (megabytes(1000), megabytes(10_000), megabytes(100_000));
    assert!(thousand < ten_thousand && ten_thousand < most);
    // At most 4 Mi numbers of measures and 10 million places of 4 bytes, beside the program: 33.6 + 40 + 25.2.
    assert!(most < 99.0, "{most}");
    // Of 10 000 members: 21.3 beside the program. Ten times the members take some twice the memory.
    assert!(most < 2.2 * ten_thousand, "{ten_thousand} {most}");
}
