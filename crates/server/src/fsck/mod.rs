//! What has to be true of the records as a whole: whatever one names is there, addresses and names are had once, sealed values
//! open. Pure functions of the state; the store itself looks at single documents ([`store::Examination`]).

mod network;
mod references;
mod sealed;

pub(crate) use sealed::visit_broker;
pub use sealed::{SealedValue, sealed_values};

use store::MasterKey;
use store::seal::Sealed;
use store::state::State;

/// What is wrong with the records, one sentence each, and how many sealed values were opened. No sentence: all is well.
pub fn examine(state: &State, key: &MasterKey) -> (Vec<String>, usize) {
    let mut damage = Vec::new();
    for (id, account) in state.accounts() {
        references::check(id, account, &mut damage);
        network::check(id, account, &mut damage);
    }
    network::check_addresses(state, &mut damage);
    let values = sealed_values(state);
    for value in &values {
        let sealed = Sealed::from_text(value.sealed.as_str());
        if key.open(&sealed, &value.identity).is_err() {
            damage.push(format!("{}: it does not open", value.what));
        }
    }
    (damage, values.len())
}

/// Notes a sentence where something is not so.
fn expect(damage: &mut Vec<String>, is_so: bool, sentence: impl FnOnce() -> String) {
    if !is_so {
        damage.push(sentence());
    }
}
