//! The water of members, made once for all runs that follow one another, and kept no longer.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use crate::hydrology::generator::Values;

/// The water of some members in a row.
#[derive(Debug)]
pub struct MemberWater {
    first: usize,
    members: Vec<OnceLock<Values>>,
    next: AtomicUsize,
}

impl MemberWater {
    fn of(members: &Range<usize>) -> Self {
        Self {
            first: members.start,
            members: members.clone().map(|_| OnceLock::new()).collect(),
            next: AtomicUsize::new(0),
        }
    }

    fn is_of(&self, members: &Range<usize>) -> bool {
        self.first == members.start && self.members.len() == members.len()
    }

    /// Makes the water of all members that have none yet. Threads that come at the same time share the work.
    fn make(&self, make: &impl Fn(usize) -> Values) {
        let claimed = || self.next.fetch_add(1, Ordering::Relaxed);
        let claimed =
            std::iter::repeat_with(claimed).take_while(|place| *place < self.members.len());
        // Then those that other threads are still at.
        for place in claimed.chain(0..self.members.len()) {
            self.members[place].get_or_init(|| make(self.first + place));
        }
    }

    /// The water of each member in turn: sites × months.
    pub fn iter(&self) -> impl Iterator<Item = &Values> {
        self.members.iter().filter_map(OnceLock::get)
    }
}

/// The water that was made last, and that before it as long as somebody uses it.
#[derive(Debug, Default)]
pub struct AtHand(Mutex<(Option<Arc<MemberWater>>, Weak<MemberWater>)>);

impl AtHand {
    /// The water of some members, which `make` makes of each where it is not at hand.
    pub fn of(&self, members: &Range<usize>, make: &impl Fn(usize) -> Values) -> Arc<MemberWater> {
        let water = self.begun(members);
        water.make(make);
        water
    }

    /// Lets go of all of it.
    pub fn let_go(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (None, Weak::new());
    }

    fn begun(&self, members: &Range<usize>) -> Arc<MemberWater> {
        let mut at_hand = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, before) = &mut *at_hand;
        let known = [last.clone(), before.upgrade()].into_iter().flatten();
        if let Some(known) = known.into_iter().find(|water| water.is_of(members)) {
            return known;
        }
        let water = Arc::new(MemberWater::of(members));
        *before = last
            .replace(Arc::clone(&water))
            .map_or_else(Weak::new, |last| Arc::downgrade(&last));
        water
    }
}
