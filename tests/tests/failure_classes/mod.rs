//! The classes of failure that other clinics' systems have shown, each as a test over the real
//! server's process and real stores.
//!
//! | class | test |
//! |---|---|
//! | 1 the same field, edited on two offline computers | `same_field::both_values_are_kept_and_flagged` |
//! | 2 a clock ten years wrong | `clocks::a_clock_ten_years_wrong_loses_no_edit` |
//! | 3 a backup thirty days old put back | `old_backup::it_converges_with_no_operator` |
//! | 4 the same patient and number made twice | `same_patient::both_are_kept_told_as_alike_and_no_number_is_used_twice` |
//! | 5 a computer wiped in the middle of an exchange | `wiped::it_joins_anew_and_what_was_acknowledged_is_there` |
//! | 6 the power cut at every write | `power::a_cut_before_any_write_loses_nothing_acknowledged`; where what was not synced is lost or torn, `power::replay::a_computer_whose_power_goes_loses_nothing_acknowledged_soak`, `power::replay::a_server_whose_power_goes_loses_nothing_acknowledged_soak`; what is damaged later, in `store`: `a_lost_or_damaged_log_is_told_and_never_silent`, `every_replayed_page_is_detected_or_changes_nothing` |
//! | 7 the server emptied or replaced | `emptied::it_is_told_and_nothing_is_lost`, `bad_server::another_server_is_not_trusted_and_told_nothing` |
//! | 8 a hundred computers that start cold together | `cold_start::a_hundred_computers_start_cold_together` |
//! | 9 a child before its parent | `orphans::a_child_that_comes_first_waits_and_breaks_nothing` |
//! | 10 removed with edits unsent | `revoked::a_revoked_computer_is_shut_out_and_keeps_its_work` |
//! | 11 older and newer programs side by side | `versions::what_a_newer_program_sealed_waits_and_holds_nothing_up`, `bad_store::newer_stores_are_left_as_they_are` |
//! | 12 two patients merged here while the loser is written to there | `two_charts::what_is_written_to_the_loser_meanwhile_is_seen_and_stays_its_own` |
//! | 13 a clinic of 10,001 documents | `many::ten_thousand_and_one_documents_travel` |
//! | 14 a slow line that loses a third | `slow::a_line_that_loses_a_third_goes_on_where_it_stopped`, `bad_line::a_line_that_loses_a_third_ends_with_everything_there_and_nothing_sent_again` |
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

mod clocks;
mod cold_start;
mod emptied;
mod many;
mod old_backup;
mod orphans;
mod power;
mod revoked;
mod same_field;
mod same_patient;
mod slow;
mod two_charts;
mod versions;
mod wiped;
