//! Stories over real processes, and what is checked about the tree.

mod architecture;
mod bad_files;
mod bad_server;
mod bad_store;
mod between;
mod carried;
mod cli_shapes;
mod corrected;
mod display_rules;
mod failure_classes;
mod hand;
mod import_export;
mod joining_killed;
mod kill_nine;
mod kill_points;
mod line;
mod malicious;
mod neighbours;
mod paper;
mod reception;
mod security_page;
mod silent_server;
mod station;
mod story;
mod tidy;
mod wake;
