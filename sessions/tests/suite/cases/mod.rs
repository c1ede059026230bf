//! The promises that hold on every kind of Redis; `topologies` runs them again elsewhere.

mod accounts;
mod devices;
mod edges;
mod records;
mod round_trips;
mod visits;

/// Makes a test of its own of each case, and `run_all` to run them one by one on another fleet.
macro_rules! cases {
    ($($room:ident: $($name:ident),* $(,)?;)*) => {
        mod each {
            $(mod $room {
                use crate::support::Fleet;
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let fleet = Fleet::start().await;
                    crate::cases::$room::$name(&fleet).await;
                    fleet.sweep().await;
                })*
            })*
        }

        pub(crate) async fn run_all(fleet: &crate::support::Fleet) {
            $($(fleet.redis.empty();
            $room::$name(fleet).await;
            fleet.sweep().await;)*)*
        }
    };
}

cases! {
    visits:
        strangers_leave_no_trace,
        an_unknown_id_is_never_adopted,
        a_malformed_cookie_is_no_cookie,
        parallel_writes_of_different_fields_both_survive,
        a_session_deleted_before_its_save_stays_gone,
        a_failed_request_saves_nothing,
        the_cookie_has_the_same_attributes_set_and_removed,
    ;
    accounts:
        a_sign_in_on_one_node_holds_on_the_other,
        signing_in_changes_the_id_and_keeps_the_data,
        a_session_deleted_during_sign_in_leaves_no_orphan,
        signing_out_ends_it_everywhere_and_twice_is_the_same,
        a_second_account_in_one_browser_takes_over,
        a_new_password_leaves_only_this_session,
        clearing_a_session_signs_it_out_of_the_account,
    ;
    devices:
        devices_are_listed_and_ended_one_by_one,
        nobody_ends_somebody_elses_device,
    ;
    records:
        a_corrupt_record_is_dropped_and_harms_nobody_else,
        a_record_of_a_newer_version_is_neither_lost_nor_stripped,
        a_record_of_an_older_version_is_neither_lost_nor_stripped,
        no_key_or_value_reveals_a_cookie,
    ;
    round_trips:
        a_stranger_costs_no_command,
        a_page_that_does_not_look_costs_no_command,
        a_page_of_somebody_signed_in_costs_one_round_trip,
        a_change_costs_one_more_round_trip_and_an_equal_value_none,
        a_session_is_touched_once_in_a_minute,
    ;
    edges:
        an_end_followed_by_a_write_begins_a_stranger,
        saving_halfway_changes_nothing,
        a_change_of_mind_leaves_nothing,
        deleting_is_ending,
        a_late_request_does_not_overwrite_the_new_cookie,
        a_late_sign_in_still_counts,
    ;
}
