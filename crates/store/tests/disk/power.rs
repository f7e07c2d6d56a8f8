//! The power goes at calls that write: whatever was not synced is lost, and still nothing that was acknowledged.

use crate::rig::{self, Fault};
use crate::{Reads, calls_of_a_whole_life, check_but, child_with, setting};

#[test]
fn power_cuts_lose_nothing_that_was_acknowledged() {
    let calls = calls_of_a_whole_life();
    let cuts = setting("CUTS").map_or(40, |cuts| cuts.parse().unwrap());
    let cuts = calls.min(cuts);
    let (mut cut, mut acknowledged, mut recovered) = (0, 0, 0);
    for number in 0..cuts {
        let first = number * calls / cuts + 1;
        let fault = Fault {
            act: "kill",
            kinds: "",
            first,
            last: first,
        };
        let folder = rig::folder();
        let [data, kept, left] = ["data", "kept", "left"].map(|name| folder.path().join(name));
        let run = child_with(&data, &[rig::keep(&kept)], Some(fault));
        assert!(
            run.code.is_none_or(|code| code == 0),
            "{fault:?}: {}",
            run.message
        );
        rig::left_by_a_power_cut(&data, &kept, &left);
        cut += usize::from(run.code.is_none());
        acknowledged += run.after("made").count();
        recovered += check_but(&left, &run, Reads::Perhaps);
    }
    println!(
        "{cut} power cuts at {calls} calls that write: {acknowledged} changes acknowledged, {recovered} audit records recovered, \
         0 lost, 0 half done"
    );
    assert!(cut * 10 >= cuts * 9, "the child's life is too short");
}
